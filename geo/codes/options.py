"""The options of every facet and of every condition that has a list of them: code and names, in their order."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

import pandas as pd

from geo.catalog import read_table
from geo.codes.chain_nodes import CHAINS, STAGES, load_chains
from geo.codes.industries import INDUSTRIES
from geo.codes.recognitions import load_kinds
from geo.places.districts import attributes
from geo.places.zones import ZONES

NONE: Final = "none"
"""Value of a facet for the rows that have no value in it."""

EVIDENCE: Final = ("source", "postcode", "inferred", "unverified", "imported", "none")
"""Words of evidence for where an enterprise is, the strongest first."""

STATUS_LABELS: Final[dict[str, tuple[str, str]]] = {
    "active": ("存续", "Active"),
    "moved_out": ("迁出", "Moved out"),
    "deregistered": ("注销", "Deregistered"),
    "revoked": ("吊销", "Revoked"),
    "liquidating": ("清算", "In liquidation"),
    "suspended": ("停业", "Suspended"),
    "unknown": ("未知", "Unknown"),
}
SIZE_LABELS: Final[dict[str, tuple[str, str]]] = {
    "large": ("大型", "Large"),
    "medium": ("中型", "Medium"),
    "small": ("小型", "Small"),
    "micro": ("微型", "Micro"),
    "other": ("其他写法", "Written otherwise"),
    NONE: ("规模未知", "Size unknown"),
}
"""Size words of the registries; what is written otherwise is kept apart."""


@cache
def options(name: str) -> Mapping[str, tuple[str, str]]:
    """Options of a facet, or of a condition that is a list: code → (Chinese, English) name, in their order; read once.

    Examples
    --------
    >>> options("zone")["core"]
    ('核：临港', 'Core: Lingang')
    """
    return MappingProxyType(_OPTIONS[name]())


def _district_options() -> dict[str, tuple[str, str]]:
    table = attributes()
    belt_first = table.sort_values("belt", ascending=False, kind="stable")
    named = {str(code): (row["name_zh"], row["name_en"]) for code, row in belt_first.iterrows()}
    return named | {NONE: ("未定位", "No district known")}


def _zone_options() -> dict[str, tuple[str, str]]:
    names = (
        ("核：临港", "Core: Lingang"),
        ("带：近郊五区", "Belt: five districts"),
        ("其他区", "Other districts"),
        ("未定位", "Unplaced"),
    )
    return dict(zip(ZONES, names, strict=True))


def _industry_options() -> dict[str, tuple[str, str]]:
    return {code: (name.zh, name.en) for code, name in INDUSTRIES.items()} | {NONE: ("行业未知", "Industry unknown")}


def _recognition_options() -> dict[str, tuple[str, str]]:
    kinds = load_kinds()
    named = {str(kind): (row["name_zh"], row["name_en"]) for kind, row in kinds.iterrows()}
    return named | {NONE: ("样本中无称号", "None in this sample")}


def _evidence_options() -> dict[str, tuple[str, str]]:
    names = (
        ("来源可查", "Published source"),
        ("按邮编推定", "From the postcode"),
        ("按自贸区地址推定", "Inferred from the address"),
        ("待核实", "Unverified"),
        ("导入名单所载", "As the imported list says"),
        ("无所在区", "No district"),
    )
    return dict(zip(EVIDENCE, names, strict=True))


def _witnesses_options() -> dict[str, tuple[str, str]]:
    return {
        "agree": ("位置证据一致", "Location witnesses agree"),
        "conflict": ("位置证据矛盾", "Location witnesses disagree"),
    }


def _registration_options() -> dict[str, tuple[str, str]]:
    return {"own": ("非集中登记地", "Own address"), "shared": ("集中登记地", "Crowded registration address")}


@cache
def industry_tree() -> pd.DataFrame:
    """GB/T 4754-2017 as far as it is known here: index `code` in the order of the tree; `level`, `parent`, `name_zh`."""
    table = read_table("gb4754_2017", ["code", "level", "parent", "section", "name_zh"])
    order = table["section"] + table["code"].where(table["level"] != "section", "")
    return table.assign(order=order).sort_values("order", kind="stable").set_index("code")


def _gb4754_options() -> dict[str, tuple[str, str]]:
    names = industry_tree()["name_zh"].to_dict()
    return {code: (f"{code} {name}", f"GB/T {code} {name}") for code, name in names.items()} | {
        NONE: ("国标行业未知", "GB/T 4754 unknown")
    }


def _node_options() -> dict[str, tuple[str, str]]:
    names = {}
    for node, row in load_chains().iterrows():
        chain = CHAINS[row["chain"]]
        names[str(node)] = (
            f"{row['name_zh']}（{chain.zh}{STAGES[row['stage']][0]}）",
            f"{row['name_en']} ({chain.en}, {STAGES[row['stage']][1].lower()})",
        )
    return names | {NONE: ("不在产业链节点上", "On no chain node")}


_OPTIONS: Final[dict[str, Callable[[], dict[str, tuple[str, str]]]]] = {
    "district": _district_options,
    "zone": _zone_options,
    "industry": _industry_options,
    "recognition": _recognition_options,
    "evidence": _evidence_options,
    "witnesses": _witnesses_options,
    "registration": _registration_options,
    "status": lambda: STATUS_LABELS,
    "size": lambda: SIZE_LABELS,
    "gb4754": _gb4754_options,
    "node": _node_options,
}
