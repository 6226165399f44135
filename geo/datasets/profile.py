"""Who is like an enterprise, who stands near it on the same chain, and which parks are near: by rules one can read.

Likeness is a sum of terms, each of which is shown: a common chain node, the common part of the GB/T 4754 code, the key
industry, the size and the district.  Nothing is learned and nothing is hidden; what is unknown counts nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.codes.chain_nodes import load_chains
from geo.codes.options import DOUBTFUL_EVIDENCE, options, say_money
from geo.datasets.dataset import Dataset
from geo.distance import distance_m
from geo.enterprises.schema import COLUMNS, Column
from geo.filters.attributes import size_of
from geo.filters.place import Points
from geo.index.encoded import Coded, coded
from geo.places.geocoding import POINT_PRECISIONS
from geo.text import Text

PROFILE_SECTIONS: Final = ("registered", "industry", "place", "doubt", "origin")
"""Sections of the profile; the facts of each are the columns of `geo.enterprises.schema.COLUMNS` that name it."""


class Fact(NamedTuple):
    """A fact of an enterprise in words: what it is called, what it says, and where it is known from."""

    column: str
    label: str
    value: str
    evidence: str = ""
    source: str = ""
    url: str = ""
    doubtful: bool = False


class Profile(NamedTuple):
    """What is known of an enterprise, in words: the same in the popup of the map, on its card and in a packet.

    `facts` are those of each section, what is unknown left out; `source` and `url` say where its place is known from.
    """

    enterprise_id: str
    name: str
    unverified: bool
    source: str
    url: str
    facts: dict[str, list[Fact]]


def profile_of(row: Mapping[str, Any] | pd.Series, lang: str = "zh", *, brief: bool = False) -> Profile:
    """Profile of a row of the table.

    Parameters
    ----------
    row : mapping or Series
        Canonical columns; those that are not there are not known.
    lang : {"zh", "en"}
    brief : bool
        Only the columns that are `brief`.

    Examples
    --------
    >>> from geo.enterprises.table import load_enterprises
    >>> profile = profile_of(load_enterprises().iloc[1])
    >>> profile.facts["registered"][0].label, profile.facts["place"][0].column, profile.unverified
    ('企业名称', 'district', False)
    """
    known = dict(row)
    facts = {
        section: [fact for column in columns if column.brief or not brief if (fact := _fact(column, known, lang)).value]
        for section, columns in _COLUMNS_OF.items()
    }
    title, source = (_text(known.get(name)) for name in ("district_source_title", "source_file"))
    url, name = _text(known.get("district_source_url")), _text(known.get("name"))
    return Profile(
        str(known["enterprise_id"]), name, known.get("evidence") in DOUBTFUL_EVIDENCE, title or source, url, facts
    )


UNKNOWN_YEAR: Final = Text("年份未知", "year unknown")


def recognitions_of(held: pd.DataFrame, lang: str = "zh") -> list[Fact]:
    """Recognitions that an enterprise holds (rows of `load_recognitions`), each with its year, batch and own source."""
    names, label = options("recognition"), COLUMNS["recognitions"].label.of(lang)
    return [
        Fact(
            *("recognitions", label),
            " · ".join(filter(None, [names[row.kind].of(lang), _text(row.year) or UNKNOWN_YEAR.of(lang), row.batch])),
            COLUMNS["evidence"].say(row.evidence, lang),
            *(row.source_title, row.source_url, row.evidence != "source"),
        )
        for row in held.itertuples()
    ]


def _fact(column: Column, row: Mapping[str, Any], lang: str) -> Fact:
    value = _COMPOSED[column.name](row, lang) if column.name in _COMPOSED else column.say(row.get(column.name), lang)
    evidence, title, url = (*column.sourced_by, "", "", "")[:3]
    return Fact(
        *(column.name, _LABELS.get(column.name, column.label).of(lang), value),
        COLUMNS[evidence].say(row.get(evidence), lang) if evidence else "",
        *(_text(row.get(title)), _text(row.get(url)), bool(evidence) and row.get(evidence) in DOUBTFUL_EVIDENCE),
    )


def _capital(row: Mapping[str, Any], lang: str) -> str:
    amount, currency = row.get("capital_amount"), _text(row.get("capital_currency"))
    if amount is None or pd.isna(amount):
        return ""
    return say_money(amount, currency, lang)


def _precision(row: Mapping[str, Any], lang: str) -> str:
    said = COLUMNS["location_precision"].say(row.get("location_precision"), lang)
    error = row.get("location_error_m")
    if error is None or pd.isna(error) or not error:
        return said
    km = f"{error / 1000:.1f} km"
    return said + Text(f"，预期误差约 {km}", f", expected error about {km}").of(lang)


def _degrees(lon: Any, lat: Any) -> str:
    return "" if pd.isna(lon) or pd.isna(lat) else f"{lon:.5f}, {lat:.5f}"


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


_COLUMNS_OF: Final = {
    section: [column for column in COLUMNS.values() if column.section == section] for section in PROFILE_SECTIONS
}
_DEDUCED: Final = ("postcode", "inferred")
"""Evidence by which a district was deduced: no register states it, whatever column it stands in."""

_COMPOSED: Final[dict[str, Callable[[Mapping[str, Any], str], str]]] = {
    "status": lambda row, lang: (
        "" if row.get("status") == "unknown" else COLUMNS["status"].say(row.get("status"), lang)
    ),
    "capital_amount": _capital,
    "uscc_valid": lambda row, lang: (
        COLUMNS["uscc_valid"].say(row.get("uscc_valid"), lang) if _text(row.get("uscc")) else ""
    ),
    "district_basis": lambda row, lang: (
        "" if row.get("evidence") in _DEDUCED else COLUMNS["district_basis"].say(row.get("district_basis"), lang)
    ),
    "registration": lambda row, lang: (
        COLUMNS["registration"].say(row.get("registration"), lang)
        if _text(row.get("address")) or row.get("location_precision") in POINT_PRECISIONS
        else ""
    ),
    "district": lambda row, lang: COLUMNS["adcode"].say(row.get("adcode"), lang) or _text(row.get("district")),
    "location_precision": _precision,
    "lon": lambda row, _: _degrees(row["lon"], row["lat"]) if row.get("location_precision") in POINT_PRECISIONS else "",
    "lon_raw": lambda row, _: _degrees(row.get("lon_raw"), row.get("lat_raw")),
    "source_file": lambda row, _: " · ".join(filter(None, map(_text, (row.get("source_file"), row.get("source_row"))))),
}
"""Facts made of several columns → what says them."""

_LABELS: Final = {
    "lon": Text("坐标（WGS-84）", "WGS-84"),
    "lon_raw": Text("搁置的原坐标", "Coordinates set aside"),
}
"""Facts that are called otherwise than their column."""


LIKENESS_TERMS: Final[dict[str, Text]] = {
    "node": Text("同一产业链节点", "Same chain node"),
    "class": Text("国标行业相近", "Like GB/T 4754 class"),
    "industry": Text("同一重点行业", "Same key industry"),
    "size": Text("规模相同", "Same size"),
    "district": Text("同区", "Same district"),
}
"""Terms of the likeness."""

NODE, INDUSTRY, SIZE, DISTRICT = 3.0, 1.0, 1.0, 1.0
CLASS: Final = {2: 1.0, 3: 1.5, 4: 2.0}
"""Points for the first digits of the code that two enterprises have in common: division, group, class."""


def similar(data: Dataset, position: int, most: int = 8) -> pd.DataFrame:
    """Enterprises most like one of the set.

    Parameters
    ----------
    data : Dataset
    position : int
        Row of the enterprise in `data.enterprises`.
    most : int
        Rows of the answer.

    Returns
    -------
    DataFrame
        Index `enterprise_id`, the most alike first, of those equally alike the nearest first as far as both have a
        point; the columns of `LIKENESS_TERMS` and `score`, their sum.  Only those that share a node, a class or a key industry are listed.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> found = similar(load_dataset(), 1)
    >>> bool((found[list(LIKENESS_TERMS)].sum(axis=1) == found["score"]).all())
    True
    """
    row = data.enterprises.iloc[position]
    node, industry_class = data.prepared("node"), data.prepared("gb4754")
    own_nodes = set(filter(None, node.values[node.codes[position]].split(";")))
    own_class, own_size = industry_class.values[industry_class.codes[position]], size_of(str(row["size"]))
    known_size = own_size not in ("none", "other")
    terms = {
        "node": _points(node, lambda value: NODE if own_nodes & set(value.split(";")) else 0.0),
        "class": _points(industry_class, lambda value: CLASS.get(_common(value, own_class), 0.0)),
        "industry": _equal(data, "industry", str(row["industry"]), INDUSTRY),
        "size": _points(
            data.prepared("size"), lambda value: SIZE if known_size and size_of(value) == own_size else 0.0
        ),
        "district": _equal(data, "adcode", str(row["adcode"]), DISTRICT),
    }
    score = np.sum([*terms.values()], axis=0)
    score[(terms["node"] == 0) & (terms["class"] == 0) & (terms["industry"] == 0)] = 0
    score[position] = 0
    best = _best(score, data.prepared("near"), position, most)
    table = pd.DataFrame({name: term[best] for name, term in terms.items()}, index=data.enterprises.index[best])
    return table.assign(score=score[best])


NEIGHBOURS_KM: Final = 15.0
"""What is farther is no neighbour, and no park nearby: about half an hour's drive within the city."""


def chain_neighbours(data: Dataset, position: int, most: int = 8) -> pd.DataFrame:
    """Enterprises of the same chains that stand nearest within `NEIGHBOURS_KM`, whatever their stage.

    Returns
    -------
    DataFrame
        Index `enterprise_id`, the nearest first; columns `node` (of the neighbour on the chain) and `distance_m`.
        Empty when the enterprise stands on no chain or has no point of its own; neighbours without one are left out.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> list(chain_neighbours(load_dataset(), 0).columns)
    ['node', 'distance_m']
    """
    chains = load_chains()["chain"].to_dict()
    node, points = data.prepared("node"), data.prepared("near")
    own = {chains.get(name) for name in node.values[node.codes[position]].split(";")} - {None}
    lon, lat = float(points.lon[position]), float(points.lat[position])
    on_chain = node.where(lambda value: bool(own & {chains.get(name) for name in value.split(";")}))
    on_chain[position] = False
    rows = np.flatnonzero(on_chain & np.isfinite(points.lon)) if np.isfinite(lon) else np.zeros(0, np.int64)
    far = distance_m(points.lon[rows], points.lat[rows], lon, lat)
    nearest = np.argsort(far, kind="stable")[:most]
    nearest = nearest[far[nearest] <= NEIGHBOURS_KM * 1000]
    rows, far = rows[nearest], far[nearest]
    names = [
        next(name for name in node.values[code].split(";") if chains.get(name) in own) for code in node.codes[rows]
    ]
    return pd.DataFrame({"node": names, "distance_m": far}, index=data.enterprises.index[rows])


def nearest_parks(data: Dataset, position: int, most: int = 3) -> pd.DataFrame:
    """Parks nearest to an enterprise with a point of its own, within `NEIGHBOURS_KM`; empty for any other.

    Returns
    -------
    DataFrame
        Index `park_id`; columns `name`, `category`, `distance_m` (to the park's point, which is approximate).

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> data = load_dataset()
    >>> placed = data.enterprises["location_precision"].isin(POINT_PRECISIONS).to_numpy().nonzero()[0]
    >>> len(nearest_parks(data, placed[0]))
    3
    """
    row = data.enterprises.iloc[position]
    parks = data.parks.dropna(subset="geometry")
    if row["location_precision"] not in POINT_PRECISIONS:
        parks = parks.iloc[:0]
    far = distance_m(parks.geometry.x, parks.geometry.y, row["lon"], row["lat"])
    table = pd.DataFrame({"name": parks["name"], "category": parks["category"], "distance_m": far})
    return table[far <= NEIGHBOURS_KM * 1000].sort_values("distance_m", kind="stable").head(most)


def _points(column: Coded, points: Callable[[str], float]) -> NDArray[np.float64]:
    each = np.array([points(value) for value in column.values], dtype=np.float64)
    return np.take(each, column.codes)


def _equal(data: Dataset, column: str, value: str, points: float) -> NDArray[np.float64]:
    same = coded(column)(data.enterprises).where(value.__eq__) if value else np.zeros(len(data.enterprises), np.bool_)
    return np.where(same, points, 0.0)


def _common(code: str, other: str) -> int:
    """Digits that two codes have in common from the first on."""
    same = 0
    for a, b in zip(code, other, strict=False):
        if a != b:
            break
        same += 1
    return same


def _best(score: NDArray[np.float64], points: Points, position: int, most: int) -> NDArray[np.int64]:
    """Positions of the largest positive scores, equal ones by distance, those without one last."""
    rows = np.flatnonzero(score > 0)
    if len(rows) > most:
        rows = rows[score[rows] >= np.partition(score[rows], -most)[-most]]
    far = distance_m(points.lon[rows], points.lat[rows], float(points.lon[position]), float(points.lat[position]))
    return rows[np.lexsort((np.nan_to_num(far, nan=np.inf), -score[rows]))][:most]
