"""The label raster under a join: which polygon fills each cell, and what is left to test in the others.

The raster has two levels. A coarse cell that no edge comes near holds its polygon's position, or -1; any
other is split into 8 × 8 fine cells. Of those, one that no edge comes near holds a position again, and one
that an edge comes near holds the polygons to test there, each with the few edges that matter inside the cell.
"""

from __future__ import annotations

import numpy as np

from geo.compiled import kernel
from geo.orientation import covers

MARGIN = 1e-6  # [fine cells] how near an edge is near; rounding moves a point by less than 1e-11 cells
BLOCK = 8  # fine cells along a coarse cell
BLOCK_BITS = 3

_kernel = kernel(error_model="numpy")


@_kernel
def spread(edges, owners, frame, cells):  # type: ignore[no-untyped-def]
    """Copy each edge into every raster row it comes near, with the columns it comes near there.

    Edges arrive in the order of their polygons, so each row's list is grouped by polygon.
    """
    x_low, y_low, _, _, x_scale, y_scale = frame
    rows = np.empty((len(edges), 2), np.int64)
    row_first = np.zeros(cells + 1, np.int64)
    for k in range(len(edges)):
        a, b = (edges[k, 1] - y_low) * y_scale, (edges[k, 3] - y_low) * y_scale
        rows[k, 0] = min(max(int(np.floor(min(a, b) - MARGIN)), 0), cells - 1)
        rows[k, 1] = min(max(int(np.floor(max(a, b) + MARGIN)), 0), cells - 1)
        for row in range(rows[k, 0], rows[k, 1] + 1):
            row_first[row + 1] += 1
    row_first = np.cumsum(row_first)
    row_edges = np.empty((row_first[-1], 4))
    row_owners = np.empty(row_first[-1], np.int64)
    columns = np.empty((row_first[-1], 2), np.int64)
    place = row_first.copy()
    for k in range(len(edges)):
        u0, v0 = (edges[k, 0] - x_low) * x_scale, (edges[k, 1] - y_low) * y_scale
        u1, v1 = (edges[k, 2] - x_low) * x_scale, (edges[k, 3] - y_low) * y_scale
        for row in range(rows[k, 0], rows[k, 1] + 1):
            ua, ub = u0, u1
            if v0 != v1:  # clip the edge to the row and its margin
                ta = min(max((row - MARGIN - v0) / (v1 - v0), 0.0), 1.0)
                tb = min(max((row + 1 + MARGIN - v0) / (v1 - v0), 0.0), 1.0)
                ua, ub = u0 + ta * (u1 - u0), u0 + tb * (u1 - u0)
            at = place[row]
            place[row] += 1
            row_edges[at] = edges[k]
            row_owners[at] = owners[k]
            columns[at, 0] = min(max(int(np.floor(min(ua, ub) - MARGIN)), 0), cells - 1)
            columns[at, 1] = min(max(int(np.floor(max(ua, ub) + MARGIN)), 0), cells - 1)
    return row_edges, row_owners, columns, row_first


@_kernel
def groups(row_owners, columns, row_first):  # type: ignore[no-untyped-def]
    """List the runs of edges of one polygon in one row: first edge, owner, columns; first run per row."""
    first = np.empty(len(row_owners) + 1, np.int64)
    owner = np.empty(len(row_owners), np.int64)
    reach = np.empty((len(row_owners), 2), np.int64)
    row_group = np.zeros(len(row_first), np.int64)
    n = 0
    for row in range(len(row_first) - 1):
        for k in range(row_first[row], row_first[row + 1]):
            if k == row_first[row] or row_owners[k] != row_owners[k - 1]:
                first[n], owner[n] = k, row_owners[k]
                reach[n] = columns[k]
                n += 1
            else:
                reach[n - 1, 0] = min(reach[n - 1, 0], columns[k, 0])
                reach[n - 1, 1] = max(reach[n - 1, 1], columns[k, 1])
        row_group[row + 1] = n
    first[n] = len(row_owners)
    return first[: n + 1].copy(), owner[:n].copy(), reach[:n].copy(), row_group


@_kernel
def split(columns, row_first):  # type: ignore[no-untyped-def]
    """Number the coarse cells that an edge comes near; -1 for the others."""
    side = (len(row_first) - 1) >> BLOCK_BITS
    block_of = np.full((side, side), -1, np.int32)
    blocks = 0
    for row in range(len(row_first) - 1):
        for k in range(row_first[row], row_first[row + 1]):
            for column in range(columns[k, 0] >> BLOCK_BITS, (columns[k, 1] >> BLOCK_BITS) + 1):
                if block_of[row >> BLOCK_BITS, column] < 0:
                    block_of[row >> BLOCK_BITS, column] = blocks
                    blocks += 1
    return block_of, blocks


@_kernel
def _label(edges, first, owner, reach, begin, end, column, x, y):  # type: ignore[no-untyped-def]
    """Owner of the first group that holds the point and the free cell around it, -1 for none."""
    for group in range(begin, end):
        if reach[group, 0] <= column <= reach[group, 1] and covers(edges, first[group], first[group + 1], x, y):
            return owner[group]
    return -1


@_kernel
def _close(local, n, odd, above, start, stop):  # type: ignore[no-untyped-def]
    """End a chain of edges that runs to the right of the cell: only its two ends matter there.

    ``above`` tells for each end whether it lies above (1) or below (-1) every point of the row, or within (0).
    """
    if above[0] * above[1] > 0:
        return n, odd
    if above[0] * above[1] < 0:
        return n, not odd
    local[n, 0], local[n, 1], local[n, 2], local[n, 3] = np.inf, start, np.inf, stop
    return n + 1, odd


@_kernel
def _side(y, row, cells, y_low, y_scale):  # type: ignore[no-untyped-def]
    """Whether a height lies above (1) or below (-1) every point of a row; exact, as rounding keeps the order."""
    height = (y - y_low) * y_scale
    if height < row:
        return -1
    return 1 if height >= row + 1 and row < cells - 1 else 0


@_kernel
def _near_edges(edges, columns, first, last, row, column, cells, y_low, y_scale, local):  # type: ignore[no-untyped-def]
    """Write the edges of one polygon that matter in one cell; returns how many, and how many come near it.

    The crossing number counts towards the right. So edges on the left never matter, and of a chain on the
    right only the heights of its ends: it becomes one edge far to the right.
    """
    n, near, odd, open_ = 0, 0, False, False
    start = stop = 0.0
    above = np.zeros(2, np.int64)
    for k in range(first, last):
        right = columns[k, 0] > column
        if open_ and not (right and edges[k, 0] == edges[k - 1, 2] and edges[k, 1] == edges[k - 1, 3]):
            above[1] = _side(stop, row, cells, y_low, y_scale)
            n, odd = _close(local, n, odd, above, start, stop)
            open_ = False
        if right:
            if not open_:
                open_, start = True, edges[k, 1]
                above[0] = _side(start, row, cells, y_low, y_scale)
            stop = edges[k, 3]
        elif columns[k, 1] >= column:
            local[n] = edges[k]
            n += 1
            near += 1
    if open_:
        above[1] = _side(stop, row, cells, y_low, y_scale)
        n, odd = _close(local, n, odd, above, start, stop)
    if odd:
        local[n, 0], local[n, 1], local[n, 2], local[n, 3] = np.inf, -np.inf, np.inf, np.inf
        n += 1
    return n, near


@_kernel
def _matches(edges, first, last, ax, ay, bx, by):  # type: ignore[no-untyped-def]
    """Count how often an edge, in either direction, is among some edges."""
    n = 0
    for k in range(first, last):
        n += edges[k, 0] == ax and edges[k, 1] == ay and edges[k, 2] == bx and edges[k, 3] == by
        n += edges[k, 0] == bx and edges[k, 1] == by and edges[k, 2] == ax and edges[k, 3] == ay
    return n


@_kernel
def _complement(edges, first, middle, last, x, y):  # type: ignore[no-untyped-def]
    """Whether two polygons share all their edges near a cell and so have every point of it between them."""
    for k in range(first, last):
        if edges[k, 0] < np.inf:
            begin, end = (middle, last) if k < middle else (first, middle)
            if _matches(edges, begin, end, edges[k, 0], edges[k, 1], edges[k, 2], edges[k, 3]) != 1:
                return False
    return covers(edges, first, middle, x, y) != covers(edges, middle, last, x, y)


@_kernel
def paint(edges, columns, row_first, grouped, blocked, frame):  # type: ignore[no-untyped-def]
    """Fill both levels, and list what is to be tested in each cell that an edge comes near.

    Returns
    -------
    coarse, fine : int32, shapes (side, side) and (blocks, 8, 8)
        A position, -1 for none, or -2 - number: of the block, of the cell.
    cell_first, owner, edge_first, near_edges
        Cell n tests the candidates ``cell_first[n] : cell_first[n + 1]`` in ascending order; each is an owner
        and its edges ``edge_first[c] : edge_first[c + 1]``, without any when it takes what is left of the cell.
    """
    cells = len(row_first) - 1
    group_first, group_owner, reach, row_group = grouped
    block_of, blocks = blocked
    x_low, y_low, _, _, x_scale, y_scale = frame
    coarse = np.full(block_of.shape, -1, np.int32)
    fine = np.full((blocks, BLOCK, BLOCK), -1, np.int32)
    bound = len(columns) + (columns[:, 1] - columns[:, 0]).sum()  # cells, and pairs of a cell and a polygon near
    cell_first = np.zeros(bound + 1, np.int64)
    owner = np.empty(2 * bound, np.int32)
    edge_first = np.zeros(2 * bound + 1, np.int64)
    near_edges = np.empty((4 * bound + 64, 4))
    marks = listed = used = 0
    marked = np.zeros(cells, np.bool_)
    for row in range(cells):
        begin, end = row_group[row], row_group[row + 1]
        y = y_low + ((row + 0.5) / y_scale if y_scale > 0.0 else 0.0)
        marked[:] = False
        for k in range(row_first[row], row_first[row + 1]):
            marked[columns[k, 0] : columns[k, 1] + 1] = True
        label, known = -1, False  # known: no edge since the last free cell, so the label still holds
        for wide in range(len(coarse)):
            block = block_of[row >> BLOCK_BITS, wide]
            if block < 0:
                if row & (BLOCK - 1) == 0:
                    if not known:
                        column = wide << BLOCK_BITS
                        x = x_low + ((column + 0.5) / x_scale if x_scale > 0.0 else 0.0)
                        label = _label(edges, group_first, group_owner, reach, begin, end, column, x, y)
                        known = True
                    coarse[row >> BLOCK_BITS, wide] = label
                continue
            coarse[row >> BLOCK_BITS, wide] = -2 - block
            for column in range(wide << BLOCK_BITS, (wide + 1) << BLOCK_BITS):
                x = x_low + ((column + 0.5) / x_scale if x_scale > 0.0 else 0.0)
                if not marked[column]:
                    if not known:
                        label = _label(edges, group_first, group_owner, reach, begin, end, column, x, y)
                        known = True
                    fine[block, row & (BLOCK - 1), column & (BLOCK - 1)] = label
                    continue
                known = False
                before = listed
                whole = -1
                for group in range(begin, end):
                    if column < reach[group, 0] or column > reach[group, 1]:
                        continue
                    first, last = group_first[group], group_first[group + 1]
                    while used + 2 * (last - first) + 2 > len(near_edges):
                        larger = np.empty((2 * len(near_edges), 4))
                        larger[:used] = near_edges[:used]
                        near_edges = larger
                    n, near = _near_edges(
                        edges, columns, first, last, row, column, cells, y_low, y_scale, near_edges[used:]
                    )
                    if near > 0:
                        owner[listed] = group_owner[group]
                        used += n
                        listed += 1
                        edge_first[listed] = used
                    elif covers(edges, first, last, x, y):
                        whole = group_owner[group]  # of the whole cell: no later polygon gets a point of it
                        break
                if whole >= 0:
                    owner[listed] = whole
                    listed += 1
                    edge_first[listed] = used
                elif listed == before + 2 and _complement(
                    near_edges, edge_first[before], edge_first[before + 1], used, x, y
                ):
                    used = edge_first[before + 1]
                    edge_first[listed] = used
                if whole >= 0 and listed == before + 1:
                    listed = before
                    fine[block, row & (BLOCK - 1), column & (BLOCK - 1)] = whole
                else:
                    fine[block, row & (BLOCK - 1), column & (BLOCK - 1)] = -2 - marks
                    marks += 1
                    cell_first[marks] = listed
    return (
        coarse,
        fine,
        cell_first[: marks + 1].copy(),
        owner[:listed].copy(),
        edge_first[: listed + 1].copy(),
        near_edges[:used].copy(),
    )
