"""The filters: one field list with three faces, the query of a URL, a mask over the table, a sentence for people."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.districts import attributes
from geo.enterprises import EVIDENCE
from geo.industries import INDUSTRIES
from geo.recognitions import load_kinds
from geo.zones import ZONES

NONE: Final = "none"
"""Value of a facet for the rows that have no value in it."""

FACETS: Final[dict[str, str]] = {
    "district": "adcode",
    "zone": "zone",
    "industry": "industry",
    "recognition": "recognitions",
    "evidence": "evidence",
    "witnesses": "witnesses",
    "registration": "registration",
}
"""Facet of the URL → column of the table."""

SEARCHED: Final = ("name", "aliases", "address", "park", "town")
"""Columns that the text filter looks into."""


@dataclass(frozen=True)
class Filters:
    """A selection of enterprises.

    Within a facet any of the values will do; facets and text all have to hold; an empty facet holds for every row.
    A value that is not known stays, matches nothing, and is named by `unknown`.

    Parameters
    ----------
    district, zone, industry, recognition, evidence, witnesses, registration : tuple of str
        Codes; `NONE` stands for rows without a value.
    q : str
        Words that all have to stand in name, former names, address, park or town.

    Examples
    --------
    >>> filters, ignored = Filters.from_query("district=310117&industry=equipment,auto&q=机器人")
    >>> filters.industry, filters.q, ignored
    (('equipment', 'auto'), '机器人', [])
    >>> Filters.from_query(filters.to_query())[0] == filters
    True
    """

    district: tuple[str, ...] = ()
    zone: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    recognition: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    witnesses: tuple[str, ...] = ()
    registration: tuple[str, ...] = ()
    q: str = ""

    @classmethod
    def from_query(cls, query: str | Mapping[str, str]) -> tuple[Filters, list[str]]:
        """Read the filters from a query string or its mapping; second, the parameters that are no filter."""
        pairs = parse_qsl(query.lstrip("?"), keep_blank_values=True) if isinstance(query, str) else list(query.items())
        known = {field.name for field in fields(cls)}
        values: dict[str, tuple[str, ...] | str] = {}
        for key, value in pairs:
            if key == "q":
                values["q"] = value.strip()
            elif key in known:
                parts = [part.strip() for part in value.split(",") if part.strip()]
                values[key] = tuple(dict.fromkeys([*values.get(key, ()), *parts]))
        return cls(**values), [key for key, _ in pairs if key not in known]  # type: ignore[arg-type]

    def to_query(self) -> str:
        """The query string, empty facets left out; `from_query` brings back the same filters."""
        return urlencode(self.as_params(), safe=",")

    def as_params(self) -> dict[str, str]:
        """The query as a mapping of parameter to text."""
        params = {name: ",".join(getattr(self, name)) for name in FACETS if getattr(self, name)}
        return params | ({"q": self.q} if self.q else {})

    def unknown(self) -> dict[str, list[str]]:
        """Values that no option of their facet has; facet → values."""
        found = {name: [v for v in getattr(self, name) if v not in options(name)] for name in FACETS}
        return {name: values for name, values in found.items() if values}

    def mask(self, table: pd.DataFrame) -> NDArray[np.bool_]:
        """Which rows of `table` (canonical columns) the filters select; shape (n,)."""
        return np.logical_and.reduce([self._text_mask(table), *(self._facet_mask(table, name) for name in FACETS)])

    def facet_counts(self, table: pd.DataFrame) -> dict[str, pd.Series]:
        """Rows behind every option of every facet, each facet counted under the other filters.

        Returns
        -------
        dict of str to Series of int
            Facet → count per option, in the order of `options`; a row with two recognitions counts under both.
        """
        masks = {name: self._facet_mask(table, name) for name in FACETS}
        text = self._text_mask(table)
        counts = {}
        for name, column in FACETS.items():
            others = np.logical_and.reduce([text, *(mask for other, mask in masks.items() if other != name)])
            values = table.loc[others, column].replace("", NONE)
            if name == "recognition":
                values = values.str.split(";").explode()
            counts[name] = values.value_counts().reindex(list(options(name)), fill_value=0).astype(int)
        return counts

    def sentence(self, count: int, lang: str = "zh") -> str:
        """The selection in words, with its count.

        Examples
        --------
        >>> Filters(district=("310117",), industry=("equipment",)).sentence(42)
        '松江区 · 高端装备 · 42 家'
        """
        words = ["、".join(options(name).get(v, (v, v))[lang == "en"] for v in getattr(self, name)) for name in FACETS]
        words.append(f"“{self.q}”" if self.q else "")
        chosen = [word if lang == "zh" else word.replace("、", ", ") for word in words if word]
        everything = "Shanghai" if lang == "en" else "全市"
        unit = f"{count:,} enterprise{'' if count == 1 else 's'}" if lang == "en" else f"{count:,} 家"
        return " · ".join([*(chosen or [everything]), unit])

    def without(self, name: str) -> Filters:
        """The same filters with one of them lifted."""
        return replace(self, q="") if name == "q" else replace(self, **{name: ()})  # type: ignore[arg-type]

    def _facet_mask(self, table: pd.DataFrame, name: str) -> NDArray[np.bool_]:
        wanted = getattr(self, name)
        if not wanted:
            return np.ones(len(table), dtype=bool)
        values = table[FACETS[name]].replace("", NONE)
        if name != "recognition":
            return values.isin(wanted).to_numpy(dtype=bool)
        held = values.str.split(";").map(set(wanted).isdisjoint)
        return ~held.to_numpy(dtype=bool)

    def _text_mask(self, table: pd.DataFrame) -> NDArray[np.bool_]:
        words = _plain(self.q).split()
        mask = np.ones(len(table), dtype=bool)
        if words:
            columns = [table[column].fillna("").astype(str) for column in SEARCHED]
            text = columns[0].str.cat(columns[1:], sep="\n").map(_plain)
            for word in words:
                mask &= text.str.contains(word, regex=False).to_numpy(dtype=bool)
        return mask


@cache
def options(facet: str) -> Mapping[str, tuple[str, str]]:
    """Options of a facet: code → (Chinese, English) name, in the order in which they are shown; read once.

    Examples
    --------
    >>> options("zone")["core"]
    ('核：临港', 'Core: Lingang')
    """
    return MappingProxyType(_OPTIONS[facet]())


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


_OPTIONS: Final = {
    "district": _district_options,
    "zone": _zone_options,
    "industry": _industry_options,
    "recognition": _recognition_options,
    "evidence": _evidence_options,
    "witnesses": _witnesses_options,
    "registration": _registration_options,
}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
