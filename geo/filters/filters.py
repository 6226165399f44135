"""The filters: one field list with three faces, the query of a URL, a mask over the table, a sentence for people."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final, Self
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.codes.options import ANY, NONE, options, spelled_out
from geo.enterprises.schema import COLUMNS
from geo.filters.attributes import REGISTERED
from geo.filters.condition import Condition
from geo.filters.drive import DRIVING, MAX_DRIVE_PLACES
from geo.filters.place import NEARBY
from geo.index.pinyin import spelled_by
from geo.index.text import TextIndex
from geo.places.drawn_areas import LINK_LIMIT
from geo.text import Text, plain

CONDITIONS: Final[dict[str, Condition]] = REGISTERED | NEARBY | DRIVING
"""Name, which is also the parameter of the link and the field of `Filters` → condition."""

BY_PLACE: Final = (*NEARBY, *DRIVING)
"""Conditions that an enterprise known by town or district only cannot meet."""


__all__ = ["FACETS", "FILTER_FIELDS", "NONE", "SEARCHED", "Filters", "options"]

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

FILTER_FIELDS: Final = (*FACETS, *CONDITIONS)
"""Fields of `Filters` that hold values, as their parameters in a link; the text stands beside them."""

MAX_VALUES: Final = 64
"""Values of one field: each costs a look at every row."""

_MAX_VALUES_OF: Final = {"drive": MAX_DRIVE_PLACES}
"""Field → fewer values, where each costs more."""

MAX_VALUE_CHARACTERS: Final = LINK_LIMIT
MAX_TEXT_CHARACTERS: Final = 200
"""Of the text: each of its words is looked for in every row."""


def max_values(name: str) -> int:
    """Values that a field may hold.

    Examples
    --------
    >>> max_values("near"), max_values("drive")
    (64, 8)
    """
    return _MAX_VALUES_OF.get(name, MAX_VALUES)


SEARCHED: Final = tuple(name for name, column in COLUMNS.items() if column.searched)
"""Columns that the text filter looks into."""


@dataclass(frozen=True)
class Filters:
    """A selection of enterprises.

    Within a facet or condition any of the values will do; facets, conditions and text all have to hold; an empty one
    holds for every row.
    A value that is not known stays, matches nothing, and is named by `unknown`.

    Parameters
    ----------
    district, zone, industry, recognition, evidence, witnesses, registration : tuple of str
        Codes; `NONE` stands for rows without a value.
    founded, capital, status, size, gb4754, node, near, near_park, within, drive : tuple of str
        Values of the conditions (`geo.filters.filters`), as they stand in a link.
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
    founded: tuple[str, ...] = ()
    capital: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    gb4754: tuple[str, ...] = ()
    node: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    near_park: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    drive: tuple[str, ...] = ()
    q: str = ""

    @classmethod
    def from_query(cls, query: str | Mapping[str, str]) -> tuple[Self, list[str]]:
        """Read the filters from a query string or its mapping, as far as `limited` lets them be.

        Second, the parameters that are no filter, and those that exceed the limits.
        """
        pairs = parse_qsl(query.lstrip("?"), keep_blank_values=True) if isinstance(query, str) else list(query.items())
        known = {field.name for field in fields(cls)}
        values: dict[str, dict[str, None]] = {name: {} for name in FILTER_FIELDS}
        q = ""
        for key, value in pairs:
            if key == "q":
                q = value.strip()
            elif key in known:
                values[key] |= dict.fromkeys(part.strip() for part in value.split(",") if part.strip())
        filters, beyond = cls(**{name: tuple(held) for name, held in values.items()}, q=q).limited()
        return filters, [key for key, _ in pairs if key not in known] + beyond

    def limited(self) -> tuple[Self, list[str]]:
        """The same filters within the limits that a link has; second, the fields that exceeded them.

        Values after the first `max_values` and text after `MAX_TEXT_CHARACTERS` are left out.  A value of more than
        `MAX_VALUE_CHARACTERS` is cut: it is no longer known, matches nothing, and is named by `unknown`.

        Examples
        --------
        >>> filters, beyond = Filters(district=("9" * 5000,), q="路" * 300).limited()
        >>> len(filters.district[0]), len(filters.q), beyond
        (41, 200, ['district', 'q'])
        """
        kept: dict[str, tuple[str, ...] | str] = {
            name: tuple(
                value if len(value) <= MAX_VALUE_CHARACTERS else f"{value[:40]}…"
                for value in getattr(self, name)[: max_values(name)]
            )
            for name in FILTER_FIELDS
        } | {"q": self.q[:MAX_TEXT_CHARACTERS].strip()}
        beyond = [name for name, held in kept.items() if held != getattr(self, name)]
        return (replace(self, **kept), beyond) if beyond else (self, [])  # type: ignore[arg-type]

    def to_query(self) -> str:
        """The query string, empty facets left out; `from_query` brings back the same filters."""
        return urlencode(self.as_params(), safe=",")

    def as_params(self) -> dict[str, str]:
        """The query as a mapping of parameter to text."""
        params = {name: ",".join(getattr(self, name)) for name in FILTER_FIELDS if getattr(self, name)}
        return params | ({"q": self.q} if self.q else {})

    def unknown(self) -> dict[str, list[str]]:
        """Values that no option of their facet has or that their condition cannot read; name → values."""
        found = {name: [v for v in getattr(self, name) if v not in options(name)] for name in FACETS}
        for name, condition in CONDITIONS.items():
            found[name] = [value for value in getattr(self, name) if not condition.can_read(value)]
        return {name: values for name, values in found.items() if values}

    def mask(self, table: pd.DataFrame) -> NDArray[np.bool_]:
        """Which rows of `table` (canonical columns) the filters select; shape (n,)."""
        return np.logical_and.reduce([self._rest_mask(table), *(self._facet_mask(table, name) for name in FACETS)])

    def facet_counts(self, table: pd.DataFrame) -> dict[str, pd.Series]:
        """Rows behind every option of every facet, each facet counted under the other filters.

        Returns
        -------
        dict of str to Series of int
            Facet → count per option, in the order of `options`; a row with two recognitions counts under both.
        """
        masks = {name: self._facet_mask(table, name) for name in FACETS}
        rest = self._rest_mask(table)
        counts = {}
        for name, column in FACETS.items():
            others = np.logical_and.reduce([rest, *(mask for other, mask in masks.items() if other != name)])
            values = table.loc[others, column].replace("", NONE)
            found = values.str.split(";").explode() if name == "recognition" else values
            count = found.value_counts()
            if name == "recognition":
                count[ANY] = int(_holds_any(values, spelled_out(name, [ANY])).sum())
            counts[name] = count.reindex(list(options(name)), fill_value=0).astype(int)
        return counts

    def sentence(self, count: int, lang: str = "zh", undecided: int = 0) -> str:
        """The selection in words, with its count, and the number of those that could not be judged, if any.

        Examples
        --------
        >>> Filters(district=("310117",), industry=("equipment",)).sentence(42)
        '松江区 · 高端装备 · 42 家'
        """
        words = ["、".join(options(name).get(v, Text(v, v)).of(lang) for v in getattr(self, name)) for name in FACETS]
        for name, condition in CONDITIONS.items():
            words.append("、".join(condition.words(value).of(lang) for value in getattr(self, name)))
        words.append(f"“{self.q}”" if self.q else "")
        chosen = [word if lang == "zh" else word.replace("、", ", ") for word in words if word]
        everything = "Shanghai" if lang == "en" else "全市"
        unit = f"{count:,} enterprise{'' if count == 1 else 's'}" if lang == "en" else f"{count:,} 家"
        if undecided:
            unit += f", {undecided:,} more cannot be judged" if lang == "en" else f"，另有 {undecided:,} 家无法判断"
        return " · ".join([*(chosen or [everything]), unit])

    def without(self, name: str) -> Self:
        """The same filters with one of them lifted."""
        return replace(self, q="") if name == "q" else replace(self, **{name: ()})  # type: ignore[arg-type]

    @property
    def rest(self) -> Self:
        """What the facets leave: the conditions and the text."""
        return replace(self, **dict.fromkeys(FACETS, ()))  # type: ignore[arg-type]

    def _rest_mask(self, table: pd.DataFrame) -> NDArray[np.bool_]:
        """Rows that meet the conditions and hold the text."""
        mask = self._text_mask(table)
        for name, condition in CONDITIONS.items():
            if getattr(self, name):
                mask &= condition.mask(condition.prepare(table), getattr(self, name))
        return mask

    def _facet_mask(self, table: pd.DataFrame, name: str) -> NDArray[np.bool_]:
        wanted = spelled_out(name, getattr(self, name))
        if not wanted:
            return np.ones(len(table), dtype=bool)
        values = table[FACETS[name]].replace("", NONE)
        if name != "recognition":
            return values.isin(wanted).to_numpy(dtype=bool)
        return _holds_any(values, wanted)

    def _text_mask(self, table: pd.DataFrame) -> NDArray[np.bool_]:
        words = plain(self.q).split()
        mask = np.ones(len(table), dtype=bool)
        if words:
            columns = [table[column].fillna("").astype(str) for column in SEARCHED]
            text = columns[0].str.cat(columns[1:], sep="\n").map(plain)
            for word in words:
                holds = text.str.contains(word, regex=False).to_numpy(dtype=bool)
                mask &= holds | TextIndex.build(columns).sounds_like(word) if spelled_by(word) else holds
        return mask


def _holds_any(texts: pd.Series, wanted: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which of the texts, lists joined by ``;``, hold one of the values."""
    return ~texts.str.split(";").map(set(wanted).isdisjoint).to_numpy(dtype=bool)
