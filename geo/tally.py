"""Coded dimensions: the combinations of values that occur, and all cross-filtered counts in one pass over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.compiled import LITTLE, kernel
from geo.errors import DataError

_kernel = kernel(LITTLE)


@dataclass(frozen=True)
class Dimension:
    """A coded property of the rows: its name, its categories, and whether a row may have several."""

    name: str
    categories: tuple[str, ...]
    multiple: bool = False


def combine(
    kinds: Sequence[Dimension], coded: Sequence[NDArray[np.int64]], rows: int
) -> tuple[NDArray[np.unsignedinteger[Any]], NDArray[np.int64]]:
    """Number the combinations of values that occur.

    Parameters
    ----------
    kinds : sequence of Dimension
    coded : sequence of ndarray of int64, shape (n,)
        Positions of the category, or bits of the categories.
    rows : int
        n, which no column says when there is no dimension.

    Returns
    -------
    row_codes : ndarray of uint16 (uint32 beyond 65,536 combinations), shape (n,)
    members : ndarray of int64, shape (combinations, dimensions)

    Raises
    ------
    DataError
        If a code has no category.

    Examples
    --------
    >>> combine([Dimension("zone", ("core", "belt"))], [np.array([1, 1, 0])], 3)
    (array([1, 1, 0], dtype=uint16), array([[0],
           [1]]))
    """
    packed = np.zeros(rows, dtype=np.int64)
    span = 1
    for kind, codes in zip(kinds, coded, strict=True):
        size = len(kind.categories)
        limit = (1 << size) if kind.multiple else size
        if kind.multiple and size > 62:
            raise DataError("可多选的维度类别过多", column=kind.name, value=size, expected="不超过 62 类")
        bad = np.flatnonzero((codes < 0) | (codes >= limit))
        if len(bad):
            raise DataError("编码没有对应的类别", row=int(bad[0]) + 1, column=kind.name, value=int(codes[bad[0]]))
        if span * limit >= 1 << 62:  # only the combinations that occur: keep the numbers small
            packed, used = pd.factorize(packed)
            span = len(used)
        packed = packed * limit + codes
        span *= limit
    row_codes, combinations = pd.factorize(packed, sort=True)
    row_codes = row_codes.astype(np.uint16 if len(combinations) <= 1 << 16 else np.uint32)
    example = np.empty(len(combinations), dtype=np.int64)
    example[row_codes] = np.arange(rows)  # any row of each combination
    members = np.column_stack([np.zeros((len(example), 0), np.int64), *(codes[example] for codes in coded)])
    return row_codes, np.ascontiguousarray(members)


@_kernel
def tally(members, counts, bits, wanted, wanted_bits, first, totals):  # type: ignore[no-untyped-def]  # numba infers the types
    """Add each combination to the categories of every dimension whose *other* dimensions hold."""
    selected = 0
    restricted = np.flatnonzero(wanted_bits != -1)
    for k in range(len(counts)):
        failures, failed = 0, -1
        for r in range(len(restricted)):
            d = restricted[r]
            value = members[k, d]
            holds = (value & wanted_bits[d]) != 0 if bits[d] else wanted[first[d] + value]
            if not holds:
                failures += 1
                failed = d
                if failures == 2:
                    break
        if failures == 2:
            continue
        if failures == 0:
            selected += counts[k]
        for d in range(members.shape[1]):
            if failures == 0 or d == failed:
                if bits[d]:
                    for b in range(first[d + 1] - first[d]):
                        if members[k, d] >> b & 1:
                            totals[first[d] + b] += counts[k]
                else:
                    totals[first[d] + members[k, d]] += counts[k]
    return selected


@_kernel
def recount(row_codes, keep, counts):  # type: ignore[no-untyped-def]
    """Add the kept rows to the count of their combination."""
    for i in range(len(row_codes)):
        counts[row_codes[i]] += keep[i]
