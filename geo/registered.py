"""Conditions on what the registers say: year, capital, status, size, class of industry, node of a chain."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.catalog import read_table
from geo.condition import Coded, Condition, Mask, Pair, any_of, coded
from geo.errors import DataError
from geo.nodes import load_nodes, nodes_of
from geo.options import NONE, SIZE_LABELS, STATUS_LABELS

_YEARS: Final = re.compile(r"(\d{4})?(-?)(\d{4})?")
_CAPITAL: Final = re.compile(r"([A-Z]{3}):(\d{1,15}(?:\.\d+)?)?-(\d{1,15}(?:\.\d+)?)?")


class Capital(NamedTuple):
    """Registered capital: amount [of the currency], NaN where unknown, and currency."""

    amount: NDArray[np.float64]
    currency: Coded

    @property
    def known(self) -> bool:
        """Whether any row has a value."""
        return bool(np.isfinite(self.amount).any())


def years(text: str) -> tuple[int, int] | str:
    """First and last year of ``2015-2020``, ``2015-``, ``-2020`` or ``2015``; `NONE` as it stands.

    Examples
    --------
    >>> years("2015-"), years("2015")
    ((2015, 9999), (2015, 2015))
    """
    found = _YEARS.fullmatch(text)
    if text == NONE:
        return NONE
    if not found or not (found[1] or found[3]) or (found[1] and found[3] and not found[2]):
        raise DataError("成立年份读不出来", value=text[:40], expected="如 2015-2020、2015-、-2020")
    first = int(found[1] or 0)
    last = int(found[3] or (9999 if found[2] else first))
    if first > last:
        raise DataError("起始年份晚于截止年份", value=text[:40])
    return first, last


def _founded_in(value: str, wanted: tuple[int, int] | str) -> bool:
    known = value[:4].isdecimal() and len(value) >= 4
    if isinstance(wanted, str):
        return not known
    return known and wanted[0] <= int(value[:4]) <= wanted[1]


def _says_years(text: str) -> Pair:
    span = years(text)
    if isinstance(span, str):
        return "成立年份未知", "Founding year unknown"
    first, last = span
    if first == last:
        return f"{first} 年成立", f"Founded {first}"
    if not first:
        return f"{last} 年及以前成立", f"Founded {last} or earlier"
    if last == 9999:
        return f"{first} 年及以后成立", f"Founded {first} or later"
    return f"{first}—{last} 年成立", f"Founded {first}–{last}"


def capital_range(text: str) -> tuple[str, float, float] | str:
    """Currency, least and most [of it] of ``CNY:1000000-5000000``; either end may be left out, `NONE` as it stands.

    Examples
    --------
    >>> capital_range("CNY:1000000-")
    ('CNY', 1000000.0, inf)
    """
    found = _CAPITAL.fullmatch(text)
    if text == NONE:
        return NONE
    if not found:
        raise DataError("注册资本读不出来", value=text[:40], expected="如 CNY:1000000-50000000，单位为元")
    least, most = float(found[2] or 0), float(found[3] or "inf")
    if least > most:
        raise DataError("注册资本的下限高于上限", value=text[:40])
    return found[1], least, most


def _capital(table: pd.DataFrame) -> Capital:
    amount = pd.to_numeric(table["capital_amount"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return Capital(amount, coded("capital_currency")(table))


def _has_capital(column: Capital, wanted: tuple[str, float, float] | str | None) -> Mask:
    if wanted is None:
        return np.zeros(len(column.amount), np.bool_)
    if isinstance(wanted, str):
        return np.isnan(column.amount)
    currency, least, most = wanted
    return column.currency.where(currency.__eq__) & (column.amount >= least) & (column.amount <= most)


def _says_capital(text: str) -> Pair:
    wanted = capital_range(text)
    if isinstance(wanted, str):
        return "注册资本未知", "Capital unknown"
    currency, least, most = wanted
    low, high = f"{least / 1e4:,.10g} 万", f"{most / 1e4:,.10g} 万"
    if least and most < np.inf:
        return f"注册资本 {low}—{high} {currency}", f"Capital {currency} {least:,.10g}–{most:,.10g}"
    if most < np.inf:
        return f"注册资本至多 {high} {currency}", f"Capital at most {currency} {most:,.10g}"
    return f"注册资本至少 {low} {currency}", f"Capital at least {currency} {least:,.10g}"


def _one_of(labels: dict[str, Pair], what: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in labels:
            raise DataError(f"没有这种{what}", value=text[:40], expected="、".join(labels))
        return text

    return read


def size_of(text: str) -> str:
    """Code of a size as the registries write it.

    Examples
    --------
    >>> size_of("L(大型)"), size_of("小型企业"), size_of("小微企业"), size_of("")
    ('large', 'small', 'other', 'none')
    """
    if not text.strip():
        return NONE
    return next((code for code, (zh, _) in SIZE_LABELS.items() if code not in (NONE, "other") and zh in text), "other")


@cache
def industry_tree() -> pd.DataFrame:
    """GB/T 4754-2017 as far as it is known here: index `code` in the order of the tree; `level`, `parent`, `name_zh`."""
    table = read_table("gb4754_2017", ["code", "level", "parent", "section", "name_zh"])
    order = table["section"] + table["code"].where(table["level"] != "section", "")
    return table.assign(order=order).sort_values("order", kind="stable").set_index("code")


def _gb4754(text: str) -> str:
    code = text[1:] if re.fullmatch(r"[A-Z]\d{2,4}", text) else text
    if code != NONE and code not in industry_tree().index:
        raise DataError("没有这个国标行业", value=text[:40], expected="GB/T 4754-2017 的门类、大类、中类或小类代码")
    return code


def _in_industry(value: str, wanted: str) -> bool:
    if wanted == NONE:
        return value == ""
    if wanted.isalpha():
        tree = industry_tree()
        return value == wanted or (value[:2] in tree.index and tree.at[value[:2], "section"] == wanted)
    return value.startswith(wanted)


def _says_industry(text: str) -> Pair:
    code = _gb4754(text)
    if code == NONE:
        return "国标行业未知", "GB/T 4754 unknown"
    return f"{code} {industry_tree().at[code, 'name_zh']}", f"GB/T {code} {industry_tree().at[code, 'name_zh']}"


def _node(text: str) -> str:
    if text != NONE and text not in load_nodes().index:
        raise DataError("没有这个产业链节点", value=text[:40])
    return text


def _says_node(text: str) -> Pair:
    if text == NONE:
        return "不在产业链节点上", "On no chain node"
    node = load_nodes().loc[text]
    return str(node["node_zh"]), str(node["node_en"])


REGISTERED: Final[dict[str, Condition]] = {
    "founded": Condition(coded("founded"), years, any_of(_founded_in), _says_years),
    "capital": Condition(_capital, capital_range, _has_capital, _says_capital),
    "status": Condition(
        coded("status"), _one_of(STATUS_LABELS, "登记状态"), any_of(str.__eq__), lambda text: STATUS_LABELS[text]
    ),
    "size": Condition(
        coded("size"),
        _one_of(SIZE_LABELS, "企业规模"),
        any_of(lambda value, wanted: size_of(value) == wanted),
        lambda text: SIZE_LABELS[text],
    ),
    "gb4754": Condition(coded("gb4754"), _gb4754, any_of(_in_industry), _says_industry),
    "node": Condition(
        lambda table: Coded(*nodes_of(table)),
        _node,
        any_of(lambda value, wanted: wanted in value.split(";") if wanted != NONE else not value),
        _says_node,
    ),
}
"""Name → condition."""
