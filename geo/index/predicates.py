"""On which side of an edge a point lies, and inside which ring: without rounding errors.

The sign is computed in floating point and kept where an error bound proves it; in the doubtful cases,
a few in a million, it is computed again with expansions, whose sum is exact. Absolute coordinates must
lie within 1e-140 … 1e140, or be 0. Source: J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic
and Fast Robust Geometric Predicates", Discrete & Computational Geometry 18 (1997), 305-363.
"""

import numpy as np

from geo.index.jit import PLAIN_PYTHON_ELEMENTS, kernel

FILTER = 3.3306690738754716e-16  # (3 + 16 u) u with u = 2**-53: bound A of orient2d


@kernel(PLAIN_PYTHON_ELEMENTS, error_model="numpy")
def exact_sign(ax, ay, bx, by, px, py):  # type: ignore[no-untyped-def]  # numba infers the types
    """Sign of (a - p) x (b - p) by Shewchuk's expansions: no rounding at all."""
    left = np.array([ax, -ax, -px, -ay, ay, py])
    right = np.array([by, py, by, bx, px, bx])
    sums = np.zeros(13)  # a growing expansion, components by increasing magnitude
    length = 0
    for k in range(6):
        product = left[k] * right[k]  # Dekker's two-product
        c = 134217729.0 * left[k]
        left_high = c - (c - left[k])
        left_low = left[k] - left_high
        c = 134217729.0 * right[k]
        right_high = c - (c - right[k])
        right_low = right[k] - right_high
        error = left_low * right_low - (
            ((product - left_high * right_high) - left_low * right_high) - left_high * right_low
        )
        for term in (error, product):
            carry = term
            for i in range(length):  # Knuth's two-sum
                total = carry + sums[i]
                virtual = total - carry
                sums[i] = (carry - (total - virtual)) + (sums[i] - virtual)
                carry = total
            sums[length] = carry
            length += 1
    for i in range(length - 1, -1, -1):
        if sums[i] != 0.0:
            return 1 if sums[i] > 0.0 else -1
    return 0


@kernel(PLAIN_PYTHON_ELEMENTS, error_model="numpy")
def orientation(ax, ay, bx, by, px, py):  # type: ignore[no-untyped-def]
    """1 if p lies left of a -> b, -1 if right, 0 if exactly on the line."""
    first = (ax - px) * (by - py)
    second = (ay - py) * (bx - px)
    determinant = first - second
    bound = FILTER * (abs(first) + abs(second))
    if determinant > bound:
        return 1
    if determinant < -bound:
        return -1
    return exact_sign(ax, ay, bx, by, px, py)


@kernel(PLAIN_PYTHON_ELEMENTS, error_model="numpy")
def covers(edges, first, last, x, y):  # type: ignore[no-untyped-def]
    """Whether the polygon with these edges in the row of y holds (x, y), border included."""
    inside = False
    for k in range(first, last):
        ax, ay, bx, by = edges[k, 0], edges[k, 1], edges[k, 2], edges[k, 3]
        if (ay > y) != (by > y):
            if x < ax and x < bx:
                inside = not inside
            elif x <= ax or x <= bx:
                side = orientation(ax, ay, bx, by, x, y)
                if side == 0:
                    return True
                if (side > 0) == (by > ay):
                    inside = not inside
        elif ay == y and (ax == x or (by == y and min(ax, bx) <= x <= max(ax, bx))):
            return True
    return inside
