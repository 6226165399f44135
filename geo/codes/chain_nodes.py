"""The nodes of the industry chains: six key industries and smart manufacturing itself, up, mid and down stream.

Sixteen nodes each: the project's own cut of published descriptions, named in every row.
"""

from functools import cache
from typing import Final, NamedTuple

import pandas as pd

from geo.catalog import dataset_path, read_table
from geo.errors import DataError
from geo.text import Text


class Chain(NamedTuple):
    """A chain: its names, and the key industry whose enterprises belong to it (``""``: any)."""

    zh: str
    en: str
    industry: str


CHAINS: Final[dict[str, Chain]] = {
    "AUTO": Chain("汽车", "Automotive", "auto"),
    "ELEC": Chain("电子信息", "Electronics and information", "electronics"),
    "AERO": Chain("民用航空", "Civil aviation", "aviation"),
    "BIO": Chain("生物医药", "Biomedicine", "biomedicine"),
    "EQP": Chain("高端装备", "High-end equipment", "equipment"),
    "CHEM": Chain("绿色化工及新材料", "Green chemicals and new materials", "materials"),
    "SMART": Chain("智能制造", "Smart manufacturing", ""),
}

CHAIN_STAGES: Final[dict[str, Text]] = {
    "up": Text("上游", "Upstream"),
    "mid": Text("中游", "Midstream"),
    "down": Text("下游", "Downstream"),
}

_STAGE_OF: Final = {zh: code for code, (zh, _) in CHAIN_STAGES.items()}


@cache
def load_chains() -> pd.DataFrame:
    """Load the nodes of the chains.

    Returns
    -------
    DataFrame, 112 rows
        Index `node_id`; columns `chain` (key of `CHAINS`), `stage` (key of `CHAIN_STAGES`), `name_zh`, `name_en`, `keywords`
        and `codes` (tuples of str; GB/T 4754-2017 of any level), `products`, `source_title`.

    Raises
    ------
    DataError
        When the file is missing or altered, or names a chain or stage that is not known.

    Examples
    --------
    >>> nodes = load_chains()
    >>> len(nodes), nodes.loc["EQP-M1", ["stage", "name_zh"]].tolist()
    (112, ['mid', '工业机器人'])
    """
    raw = read_table("industry_chains", ["chain_id", "stage", "node_id", "node_zh", "node_en", "keywords"])
    for column, known in (("chain_id", CHAINS), ("stage", _STAGE_OF)):
        wrong = ~raw[column].isin(known)
        if wrong.any():
            row = int(wrong.idxmax())
            value, file = raw.at[row, column], dataset_path("industry_chains")
            raise DataError("产业链节点表中有不能识别的值", file=file, row=row + 2, column=column, value=value)
    return pd.DataFrame(
        {
            "chain": raw["chain_id"],
            "stage": raw["stage"].map(_STAGE_OF),
            "name_zh": raw["node_zh"],
            "name_en": raw["node_en"],
            "keywords": raw["keywords"].map(_parts),
            "codes": raw["gb4754_codes"].map(_parts),
            "products": raw["example_products"],
            "source_title": raw["source_title"],
        }
    ).set_index(raw["node_id"].rename("node_id"))


def suppliers_of(node: str) -> list[str]:
    """Nodes of the same chain one stage up; none for an upstream node.

    The chains say no more than the stage: every node of a stage counts as a supplier of every node of the next.

    Examples
    --------
    >>> suppliers_of("EQP-M1"), suppliers_of("EQP-U1")
    (['EQP-U1', 'EQP-U2', 'EQP-U3'], [])
    """
    return _next_stage(node, -1)


def customers_of(node: str) -> list[str]:
    """Nodes of the same chain one stage down; none for a downstream node.

    Examples
    --------
    >>> customers_of("EQP-M1"), customers_of("EQP-D1")
    (['EQP-D1'], [])
    """
    return _next_stage(node, 1)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _next_stage(node: str, step: int) -> list[str]:
    table = load_chains()
    stages = list(CHAIN_STAGES)
    place = stages.index(table.at[node, "stage"]) + step
    if not 0 <= place < len(stages):
        return []
    return list(table.index[(table["chain"] == table.at[node, "chain"]) & (table["stage"] == stages[place])])
