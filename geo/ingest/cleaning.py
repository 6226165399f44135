"""Cells of a file made clean, piece by piece: wrapping off, nothing where nothing is said, telephone numbers left out."""

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geo.enterprises.redact import LEFT_OUT, OWN_NAMES, redact
from geo.ingest.engines import Engine, in_pieces, joined
from geo.ingest.readers.sheet import Sheet
from geo.ingest.values.cells import clean_cells

REDACTED: Final = "单元格里的电话、邮箱或身份号码已略去"
UNNAMED: Final = "单元格里的电话、邮箱或身份号码，连同前面的人名，已略去"


class Cleaned(NamedTuple):
    """A piece of a table, clean; per column that had any, in which cells something was left out, and a name with it."""

    table: pa.Table
    left_out: dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]]


def clean_piece(table: pd.DataFrame, *, names: frozenset[str], personal: bool) -> Cleaned:
    """Clean a piece of a table of text.

    Parameters
    ----------
    table : DataFrame of str
    names : frozenset of str
        Columns of what enterprises are called, where a word before the telephone of an office is no person's name.
    personal : bool
        Leave what is about persons as it is.

    Examples
    --------
    >>> cleaned = clean_piece(pd.DataFrame({"地址": [" 新桥镇1号 138-0000-0000", "--"]}), names=frozenset(), personal=False)
    >>> cleaned.table.to_pylist(), [where.tolist() for where, _ in cleaned.left_out.values()]
    ([{'地址': '新桥镇1号 （已略去）'}, {'地址': None}], [[True, False]])
    """
    cells, left_out = {}, {}
    for title in table.columns:
        cells[title] = clean_cells(table[title])
        if not personal:
            cells[title], where, unnamed = redact(cells[title], names=title not in names)
            if where.any():
                left_out[title] = (where, unnamed)
    # each in one run of memory, so that what is shipped is what is here
    columns = [pa.array(texts, type=pa.large_string(), from_pandas=True) for texts in cells.values()]
    return Cleaned(pa.table(columns, names=list(cells)), left_out)


def clean_sheet(
    sheet: Sheet,
    mapped: dict[str, str],
    *,
    keep_personal: bool,
    engine: Engine,
    progress: Callable[[int], None] = lambda _done: None,
) -> None:
    """Clean the cells of a sheet, on an engine, and note where a telephone number, mailbox or identity number was left out.

    Parameters
    ----------
    sheet : Sheet
        In place.
    mapped : dict
        Canonical column → header.
    keep_personal : bool
        Leave nothing out.
    engine : Engine
    progress : callable
        Called with the rows done.
    """
    called = frozenset(mapped[name] for name in OWN_NAMES if name in mapped)
    clean = partial(clean_piece, names=called, personal=keep_personal)
    tables: list[pa.Table] = []
    left_out: dict[str, list[tuple[int, NDArray[np.bool_], NDArray[np.bool_]]]] = {}
    done, titles = 0, sheet.table.columns
    for piece in engine.map(clean, in_pieces(sheet.table, engine.piece_rows)):
        for title, marks in piece.left_out.items():
            left_out.setdefault(title, []).append((done, *marks))
        tables.append(piece.table)
        done += piece.table.num_rows
        progress(done)
    sheet.table = joined(tables)
    for title in titles:
        if title not in left_out:
            continue
        where, unnamed = np.zeros(done, dtype=bool), np.zeros(done, dtype=bool)
        for start, some, names in left_out[title]:
            where[start : start + len(some)], unnamed[start : start + len(some)] = some, names
        said = sheet.table[title].mask(where, LEFT_OUT)
        sheet.note(where & ~unnamed, title, said, REDACTED)
        sheet.note(unnamed, title, said, UNNAMED)
