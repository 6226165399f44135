"""The options of every facet and of every condition that has a list of them: code and names, in their order."""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

import pandas as pd

from geo.catalog import read_table
from geo.codes.chain_nodes import CHAIN_STAGES, CHAINS, load_chains
from geo.codes.industries import INDUSTRIES
from geo.codes.recognitions import load_kinds
from geo.places.districts import attributes
from geo.places.zones import ZONES
from geo.text import Text

NONE: Final = "none"
"""Value of a facet for the rows that have no value in it."""

ANY: Final = "any"
"""Option of the recognitions that stands for every true one: no listing, no key enterprise."""

EVIDENCE_LABELS: Final[dict[str, Text]] = {
    "source": Text("来源可查", "Published source"),
    "postcode": Text("按邮编推定", "From the postcode"),
    "inferred": Text("按地址推定", "Inferred from the address"),
    "unverified": Text("待核实", "Unverified"),
    "imported": Text("导入名单所载", "As the imported list says"),
    NONE: Text("无所在区", "No district"),
}
"""Words of evidence for where an enterprise is, the strongest first."""

CURRENCY_NAMES: Final[dict[str, str]] = {
    "CNY": "元", "USD": "美元", "HKD": "港元", "EUR": "欧元", "JPY": "日元", "GBP": "英镑", "TWD": "新台币", "KRW": "韩元",
    "SGD": "新加坡元", "AUD": "澳大利亚元", "CAD": "加拿大元", "CHF": "瑞士法郎", "SEK": "瑞典克朗", "DKK": "丹麦克朗",
    "NOK": "挪威克朗", "NZD": "新西兰元", "MOP": "澳门元", "THB": "泰铢", "MYR": "林吉特", "DEM": "德国马克", "FRF": "法国法郎",
    "ITL": "意大利里拉", "NLG": "荷兰盾", "RUB": "卢布", "INR": "印度卢比", "BRL": "巴西雷亚尔", "ZAR": "南非兰特",
}  # fmt: skip
"""ISO 4217 → the currency's unit in Chinese; in English the code itself is said."""

DOUBTFUL_EVIDENCE: Final = ("unverified", NONE)
"""Evidence that is none: such an enterprise is marked as unverified."""

STATUS_LABELS: Final[dict[str, Text]] = {
    "active": Text("存续", "Active"),
    "moved_out": Text("迁出", "Moved out"),
    "deregistered": Text("注销", "Deregistered"),
    "revoked": Text("吊销", "Revoked"),
    "liquidating": Text("清算", "In liquidation"),
    "suspended": Text("停业", "Suspended"),
    "unknown": Text("未知", "Unknown"),
}
SIZE_LABELS: Final[dict[str, Text]] = {
    "large": Text("大型", "Large"),
    "medium": Text("中型", "Medium"),
    "small": Text("小型", "Small"),
    "micro": Text("微型", "Micro"),
    "other": Text("其他写法", "Written otherwise"),
    NONE: Text("规模未知", "Size unknown"),
}
"""Size words of the registries; what is written otherwise is kept apart."""

ORIGIN_LABELS: Final[dict[str, Text]] = {
    "exchange": Text("上市公司名单", "Exchange lists"),
    "published": Text("公示与报道", "Announcements and reports"),
    "mac-registry": Text("MAC 地址段登记", "Register of MAC blocks"),
    "brand-list": Text("品牌供应商名单", "Brands' supplier lists"),
    NONE: Text("未注明", "Not stated"),
}
"""Kinds of list that a row of the sample comes from: each sees other enterprises."""

_ZONE_LABELS: Final = (
    *(Text("核：临港", "Core: Lingang"), Text("带：近郊五区", "Belt: five districts")),
    *(Text("其他区", "Other districts"), Text("未定位", "Unplaced")),
)
_WITNESSES: Final = {
    "agree": Text("位置证据一致", "Location witnesses agree"),
    "conflict": Text("位置证据矛盾", "Location witnesses disagree"),
}
_REGISTRATION: Final = {
    "own": Text("非集中登记地", "Own address"),
    "shared": Text("集中登记地", "Crowded registration address"),
}


@cache
def options(name: str) -> Mapping[str, Text]:
    """Options of a facet, or of a condition that is a list: code → name, in their order; read once.

    Examples
    --------
    >>> options("zone")["core"]
    Text(zh='核：临港', en='Core: Lingang')
    """
    return MappingProxyType(_OPTIONS[name]())


@cache
def held_options(name: str) -> Mapping[str, Text]:
    """Those options that a row can hold: all but the one that stands for several.

    Examples
    --------
    >>> set(options("recognition")) - set(held_options("recognition"))
    {'any'}
    """
    return MappingProxyType({code: text for code, text in options(name).items() if (name, code) not in _STANDS_FOR})


def spelled_out(name: str, values: Collection[str]) -> tuple[str, ...]:
    """Values of a facet, with those it stands for in place of an option that stands for several.

    Examples
    --------
    >>> spelled_out("zone", ["core"]), "star-market" in spelled_out("recognition", [ANY])
    (('core',), False)
    """
    return tuple(held for value in values for held in (_STANDS_FOR.get((name, value), lambda value=value: (value,)))())


def _true_recognitions() -> tuple[str, ...]:
    kinds = load_kinds()
    return tuple(map(str, kinds.index[kinds["type"] == "recognition"]))


_STANDS_FOR: Final[dict[tuple[str, str], Callable[[], tuple[str, ...]]]] = {("recognition", ANY): _true_recognitions}
"""Facet and option → the values it stands for."""


def _district_options() -> dict[str, Text]:
    table = attributes()
    belt_first = table.sort_values("belt", ascending=False, kind="stable")
    named = {str(code): Text(row["name_zh"], row["name_en"]) for code, row in belt_first.iterrows()}
    return named | {NONE: Text("未定位", "No district known")}


def _industry_options() -> dict[str, Text]:
    return INDUSTRIES | {NONE: Text("行业未知", "Industry unknown")}


def _recognition_options() -> dict[str, Text]:
    kinds = load_kinds()
    named = {str(kind): Text(row["name_zh"], row["name_en"]) for kind, row in kinds.iterrows()}
    return (
        {ANY: Text("有称号（任一）", "Any recognition")} | named | {NONE: Text("样本中无称号", "None in this sample")}
    )


@cache
def industry_tree() -> pd.DataFrame:
    """GB/T 4754-2017 as far as it is known here: index `code` in the order of the tree; `level`, `parent`, `name_zh`."""
    table = read_table("gb4754_2017", ["code", "level", "parent", "section", "name_zh"])
    order = table["section"] + table["code"].where(table["level"] != "section", "")
    return table.assign(order=order).sort_values("order", kind="stable").set_index("code")


def _gb4754_options() -> dict[str, Text]:
    names = industry_tree()["name_zh"].to_dict()
    return {code: Text(f"{code} {name}", f"GB/T {code} {name}") for code, name in names.items()} | {
        NONE: Text("国标行业未知", "GB/T 4754 unknown")
    }


def _node_options() -> dict[str, Text]:
    names = {}
    for node, row in load_chains().iterrows():
        chain = CHAINS[row["chain"]]
        stage = CHAIN_STAGES[row["stage"]]
        names[str(node)] = Text(
            f"{row['name_zh']}（{chain.zh}{stage.zh}）", f"{row['name_en']} ({chain.en}, {stage.en.lower()})"
        )
    return names | {NONE: Text("不在产业链节点上", "On no chain node")}


_OPTIONS: Final[dict[str, Callable[[], dict[str, Text]]]] = {
    "district": _district_options,
    "zone": lambda: dict(zip(ZONES, _ZONE_LABELS, strict=True)),
    "industry": _industry_options,
    "recognition": _recognition_options,
    "evidence": lambda: EVIDENCE_LABELS,
    "witnesses": lambda: _WITNESSES,
    "registration": lambda: _REGISTRATION,
    "status": lambda: STATUS_LABELS,
    "size": lambda: SIZE_LABELS,
    "origin": lambda: ORIGIN_LABELS,
    "gb4754": _gb4754_options,
    "node": _node_options,
}


def say_money(amount: float, currency: str, lang: str) -> str:
    """An amount as it is said: in ten thousands in Chinese, with the code of its currency in English.

    Examples
    --------
    >>> say_money(12_500_000, "USD", "zh"), say_money(5_000_000, "CNY", "zh"), say_money(5e6, "CNY", "en")
    ('1,250 万美元', '500 万元', 'CNY 5,000,000')
    >>> say_money(5e6, "XAU", "zh")
    '500 万 XAU'
    """
    if lang == "en":
        return f"{currency} {amount:,.10g}"
    return f"{amount / 1e4:,.10g} 万{CURRENCY_NAMES.get(currency, f' {currency}')}"
