"""Nodes of the enterprises of a set: kept beside it as columns, and joined to one value a row for the filters."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.catalog import catalogue, read_table
from geo.codes.chain_nodes import CHAIN_STAGES, CHAINS, Chain, customers_of, load_chains, suppliers_of
from geo.enterprises.table import enterprise_ids
from geo.index.columns import open_columns, save_columns
from geo.index.encoded import Coded
from geo.index.keywords import Keywords
from geo.text import Text

__all__ = [
    "CHAINS",
    "CHAIN_STAGES",
    "FACTORY_NODE",
    "NODE_BASES",
    "NODE_COLUMNS",
    "Chain",
    "categories",
    "customers_of",
    "load_chains",
    "nodes_of",
    "on_node",
    "suppliers_of",
]

NODE_BASES: Final[dict[str, Text]] = {
    "detail": Text("产品描述中的关键词", "Keyword in its description"),
    "name": Text("名称中的关键词", "Keyword in its name"),
    "recognition": Text("称号（智能工厂类）", "Recognition as a smart factory"),
    "code": Text("国标行业代码", "Industry code"),
    "scope": Text("经营范围中的关键词（弱）", "Keyword in its business scope (weak)"),
    "unverified": Text("人工归入，待核实", "Placed by hand, unverified"),
}
"""What places an enterprise on a node → (Chinese, English)."""

NODE_COLUMNS: Final = ("node", "node_2", "node_3")
FACTORY_NODE: Final = "SMART-D1"
FACTORY_KINDS: Final = (
    *("lighthouse", "smart-factory-leading", "smart-factory-advanced", "smart-factory-city"),
    *("smart-factory-city-benchmark", "smart-factory-unspecified", "demonstration-factory"),
)
"""Recognitions whose holders run a smart factory, and so stand on `FACTORY_NODE` too."""

READ_ROWS: Final = 200_000  # [rows] read at once

_INDUSTRIES: Final = [*(chain.industry for chain in CHAINS.values() if chain.industry), "other", ""]
_OWN, _SHARED, _FOREIGN = 3, 2, 1


def nodes_of(enterprises: pd.DataFrame, progress: Callable[[int, int], None] | None = None) -> pd.DataFrame:
    """Nodes of each enterprise, and what places it there.

    Parameters
    ----------
    enterprises : DataFrame
        Canonical columns (`geo.enterprises.table.COLUMNS`), of any number of rows.
    progress : callable, optional
        Called with rows done and rows in all; what it raises ends the work.

    Returns
    -------
    DataFrame
        Index of `enterprises`; categorical columns `node` and `node_2` (node ids, missing where none is suggested),
        `basis` (key of `NODE_BASES`: what `node` rests on), `keyword` (the word found) and `node_3` (`FACTORY_NODE` for who
        holds a recognition as a smart factory).

    Notes
    -----
    In this order: placed by hand (the built-in sample, found by name in any set); name; description; industry code;
    business scope.  Of several keywords in a text one of the enterprise's own key industry wins over one of smart
    manufacturing, then over others; then the longest; then the first.  Codes and scopes suggest nodes of the own key
    industry only, and a code only if one node has it.

    Examples
    --------
    >>> from geo.enterprises.table import load_enterprises
    >>> nodes_of(load_enterprises())["node"].value_counts()["EQP-M11"]
    np.int64(12)
    """
    pieces = [_piece(enterprises.iloc[:0])]
    for first in range(0, len(enterprises), READ_ROWS):
        pieces.append(_piece(enterprises.iloc[first : first + READ_ROWS]))
        if progress:
            progress(min(first + READ_ROWS, len(enterprises)), len(enterprises))
    columns = {
        name: pd.Categorical.from_codes(np.concatenate(parts), categories=values)
        for (name, values), parts in zip(categories().items(), zip(*pieces, strict=True), strict=True)
    }
    return pd.DataFrame(columns, index=enterprises.index)


def categories() -> dict[str, list[str]]:
    """Columns of `nodes_of`, each with the values that it may have."""
    nodes = list(load_chains().index)
    return {**dict.fromkeys(NODE_COLUMNS, nodes), "basis": list(NODE_BASES), "keyword": list(_words())}


def on_node(nodes: pd.DataFrame, *wanted: str) -> NDArray[np.bool_]:
    """Which rows of `nodes_of` stand on one of some nodes, in whatever column; shape (n,).

    Examples
    --------
    >>> from geo.enterprises.table import load_enterprises
    >>> int(on_node(nodes_of(load_enterprises()), "EQP-M1", "SMART-M1").sum()) >= 7
    True
    """
    positions = load_chains().index.get_indexer(list(wanted))
    return np.logical_or.reduce(
        [np.isin(nodes[column].cat.codes, positions[positions >= 0]) for column in NODE_COLUMNS]
    )


@cache
def _keywords() -> Keywords:
    table, chains = load_chains(), list(CHAINS)
    words, subjects, groups = [], [], []
    for position, (chain, own) in enumerate(zip(table["chain"], table["keywords"], strict=True)):
        words += own
        subjects += [position] * len(own)
        groups += [chains.index(chain)] * len(own)
    return Keywords.build(words, subjects, groups)


@cache
def _words() -> dict[str, int]:
    """Each keyword → its number among the different ones."""
    return {word: number for number, word in enumerate(dict.fromkeys(_keywords().words))}


def _preference(*, own_only: bool) -> list[list[int]]:
    """Weight of the keywords of each chain for the enterprises of each of `_INDUSTRIES`."""
    foreign = 0 if own_only else _FOREIGN
    rows = []
    for industry in _INDUSTRIES:
        if industry in ("", "other"):
            rows.append([_FOREIGN if industry == "" else foreign] * len(CHAINS))
        else:
            own = [chain.industry == industry for chain in CHAINS.values()]
            rows.append(
                [
                    _OWN if mine else foreign if chain.industry else _SHARED
                    for mine, chain in zip(own, CHAINS.values(), strict=True)
                ]
            )
    return rows


def _piece(rows: pd.DataFrame) -> tuple[NDArray[np.int16], ...]:
    """Codes of the five columns of `nodes_of` for some rows, −1 where missing."""
    industry = pd.Categorical(rows["industry"], categories=_INDUSTRIES).codes.astype(np.int64)
    industry[industry < 0] = len(_INDUSTRIES) - 1
    found = np.full((5, len(rows)), -1, dtype=np.int16)
    node, node_2, node_3, basis, keyword = found
    judged = _by_hand(rows, found)
    keywords, numbers = _keywords(), np.array([_words()[word] for word in _keywords().words], dtype=np.int16)
    for column, mark in (
        ("name", "name"),
        ("industry_detail", "detail"),
        ("gb4754", "code"),
        ("business_scope", "scope"),
    ):
        open_ = np.flatnonzero((node < 0) & ~judged & (rows[column] != "").to_numpy(bool))
        texts, wanted = rows[column].iloc[open_], industry[open_]
        if mark == "code":
            alone = _by_code(texts, wanted)
            node[open_] = alone
            open_ = open_[alone >= 0]
        else:
            best, second = _find(texts, wanted, own_only=mark == "scope")
            open_, best, second = open_[best >= 0], best[best >= 0], second[best >= 0]
            node[open_], keyword[open_] = keywords.subject[best], numbers[best]
            if mark != "scope":
                node_2[open_[second >= 0]] = keywords.subject[second[second >= 0]]
        basis[open_] = list(NODE_BASES).index(mark)
    factories = rows["recognitions"].str.contains("|".join(FACTORY_KINDS), regex=True).to_numpy(bool)
    factory = load_chains().index.get_loc(FACTORY_NODE)
    node_3[factories & (node != factory) & (node_2 != factory)] = factory
    return node, node_2, node_3, basis, keyword


def _find(
    texts: pd.Series, industry: NDArray[np.int64], *, own_only: bool
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Best and second keyword of each text, each different text read once."""
    codes, different = pd.factorize(texts)
    both, pairs = pd.factorize(codes * len(_INDUSTRIES) + industry)
    read = pa.array(different, pa.large_string()).take(pa.array(pairs // len(_INDUSTRIES)))
    best, second = _keywords().find(read, pairs % len(_INDUSTRIES), _preference(own_only=own_only))
    return best[both], second[both]


def _by_hand(rows: pd.DataFrame, found: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Enter what was placed by hand; which rows somebody has judged, to belong somewhere or nowhere."""
    table = _hand_table()
    at = pc.index_in(pa.array(rows["enterprise_id"], pa.large_string()), pa.array(table.index, pa.large_string()))
    at = at.fill_null(-1).to_numpy()
    judged = at >= 0
    for column, codes in zip((0, 1, 3, 4), table.to_numpy().T, strict=True):
        found[column][judged] = codes[at[judged]]
    return judged


@cache
def _hand_table() -> pd.DataFrame:
    """Codes of `node`, `node_2`, `basis` and `keyword` of who was placed by hand; indexed by enterprise id."""
    raw = read_table("enterprise_chain", ["name", "node_id", "node_id_2", "evidence", "matched_keyword"])
    nodes = load_chains().index
    return pd.DataFrame(
        {
            "node": nodes.get_indexer(raw["node_id"]),
            "node_2": nodes.get_indexer(raw["node_id_2"]),
            "basis": pd.Index(NODE_BASES).get_indexer(raw["evidence"]),
            "keyword": raw["matched_keyword"].map(_words()).fillna(-1).astype(int),
        }
    ).set_index(enterprise_ids(raw["name"]))


def _by_code(codes: pd.Series, industry: NDArray[np.int64]) -> NDArray[np.int16]:
    """Node that alone has the finest code which each code lies in; −1 where none or several have it."""
    known, different = pd.factorize(codes)
    both, pairs = pd.factorize(known * len(_INDUSTRIES) + industry)
    each = [
        _node_of_code(str(different[pair // len(_INDUSTRIES)]), _INDUSTRIES[pair % len(_INDUSTRIES)]) for pair in pairs
    ]
    return np.array(each, dtype=np.int16)[both]


def _node_of_code(code: str, industry: str) -> int:
    table = load_chains()
    own = [chain for chain, about in CHAINS.items() if about.industry in ("", industry)]
    best: list[int] = []
    length = 0
    for position, (chain, codes) in enumerate(zip(table["chain"], table["codes"], strict=True)):
        for wanted in codes if chain in own else ():
            if code.startswith(wanted) and len(wanted) >= max(length, 2):
                best = [position] if len(wanted) > length else [*best, position]
                length = len(wanted)
    return best[0] if len(best) == 1 else -1


NODES_FORMAT: Final = 1
SOURCES: Final = ("industry_chains", "enterprise_chain")


def coded_nodes(table: pd.DataFrame) -> Coded:
    """Nodes of each enterprise joined by ``;``, ``""`` for none.

    Parameters
    ----------
    table : DataFrame
        What `geo.chains.assignment.nodes_of` gives, or enterprises (canonical columns), of which it is then asked.

    Examples
    --------
    >>> from geo.enterprises.table import load_enterprises
    >>> node = coded_nodes(load_enterprises())
    >>> node.values[node.codes[4]]
    'EQP-M1;SMART-M1'
    """
    nodes = table if NODE_COLUMNS[0] in table.columns else nodes_of(table)
    ids = ["", *nodes[NODE_COLUMNS[0]].cat.categories]
    packed = np.zeros(len(nodes), dtype=np.int64)
    for column in NODE_COLUMNS:
        packed = packed * len(ids) + nodes[column].cat.codes.to_numpy().astype(np.int64) + 1
    codes, different = pd.factorize(packed)
    values = [";".join(filter(None, _unpacked(int(value), ids))) for value in different]
    return Coded(codes.astype(np.int32), values)


def save_nodes(nodes: pd.DataFrame, path: Path, fingerprint: str) -> None:
    """Write nodes to a directory; `fingerprint` tells the table of enterprises from others."""
    arrays = {str(column): nodes[column].cat.codes.to_numpy().astype(np.int16) for column in nodes.columns}
    save_columns(path, {"format": NODES_FORMAT, "fingerprint": _stamp(fingerprint)}, arrays)


def open_nodes(path: Path, fingerprint: str, index: pd.Index) -> pd.DataFrame:
    """Open what `save_nodes` wrote, for the enterprises of `index`.

    Raises
    ------
    DataError
        If a file is missing, damaged, of another version or table, or the nodes or their keywords have changed since.
    """
    _, arrays = open_columns(path, NODES_FORMAT, list(categories()), _stamp(fingerprint))
    columns = {
        name: pd.Categorical.from_codes(arrays[name], categories=values) for name, values in categories().items()
    }
    return pd.DataFrame(columns, index=index)


def _unpacked(value: int, ids: list[str]) -> list[str]:
    digits = []
    for _ in NODE_COLUMNS:
        value, digit = divmod(value, len(ids))
        digits.append(ids[digit])
    return digits[::-1]


def _stamp(fingerprint: str) -> str:
    return "-".join([fingerprint, *(catalogue()[name].sha256[:12] for name in SOURCES)])
