"""Conditions on what the registers say: year, capital, status, size, class of industry, node of a chain."""

import re
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.chains.assignment import coded_nodes
from geo.codes.options import NONE, SIZE_LABELS, industry_tree, say_money
from geo.errors import DataError
from geo.filters.condition import Condition, Mask, any_of, listed
from geo.index.encoded import Coded, coded
from geo.text import Text

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


def _says_years(text: str) -> Text:
    span = years(text)
    if isinstance(span, str):
        return Text("成立年份未知", "Founding year unknown")
    first, last = span
    if first == last:
        return Text(f"{first} 年成立", f"Founded {first}")
    if not first:
        return Text(f"{last} 年及以前成立", f"Founded {last} or earlier")
    if last == 9999:
        return Text(f"{first} 年及以后成立", f"Founded {first} or later")
    return Text(f"{first}—{last} 年成立", f"Founded {first}–{last}")


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


def _says_capital(text: str) -> Text:
    wanted = capital_range(text)
    if isinstance(wanted, str):
        return Text("注册资本未知", "Capital unknown")
    currency, least, most = wanted
    low, high = say_money(least, currency, "zh"), say_money(most, currency, "zh")
    if least and most < np.inf:
        return Text(f"注册资本 {low}—{high}", f"Capital {currency} {least:,.10g}–{most:,.10g}")
    if most < np.inf:
        return Text(f"注册资本至多 {high}", f"Capital at most {currency} {most:,.10g}")
    return Text(f"注册资本至少 {low}", f"Capital at least {currency} {least:,.10g}")


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


def _industry_code(text: str) -> str:
    return text[1:] if re.fullmatch(r"[A-Z]\d{2,4}", text) else text


def _in_industry(value: str, wanted: str) -> bool:
    if wanted == NONE:
        return value == ""
    if wanted.isalpha():
        tree = industry_tree()
        return value == wanted or (value[:2] in tree.index and tree.at[value[:2], "section"] == wanted)
    return value.startswith(wanted)


def _on_node(value: str, wanted: str) -> bool:
    return wanted in value.split(";") if wanted != NONE else not value


REGISTERED: Final[dict[str, Condition]] = {
    "founded": Condition(coded("founded"), years, any_of(_founded_in), _says_years),
    "capital": Condition(_capital, capital_range, _has_capital, _says_capital),
    "status": listed("status", coded("status")),
    "size": listed("size", coded("size"), lambda value, wanted: size_of(value) == wanted),
    "origin": listed("origin", coded("origin")),
    "gb4754": listed("gb4754", coded("gb4754"), _in_industry, _industry_code),
    "node": listed("node", coded_nodes, _on_node),
}
"""Name → condition."""
