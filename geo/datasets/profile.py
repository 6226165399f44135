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
from geo.codes.options import options
from geo.datasets.dataset import Dataset
from geo.distance import distance_m
from geo.enterprises.schema import COLUMN_LABELS, EVIDENCE_LABELS, labelled
from geo.filters.attributes import size_of
from geo.filters.place import Points
from geo.index.encoded import Coded, coded
from geo.places.geocoding import POINT_PRECISIONS

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "registered": (
        *("name", "aliases", "kind", "uscc", "uscc_valid", "status", "founded", "capital", "insured", "size"),
        *("stock_code",),
    ),
    "industry": ("industry", "industry_detail", "gb4754", "business_scope", "recognitions"),
    "place": (
        *("district", "district_basis", "zone", "town", "park", "address", "registration"),
        *("location_precision", "location_error_m", "point"),
    ),
}
"""Section → facts, by the column that holds them; capital and point are made of two."""

_SOURCES: Final = {
    "name": ("name_evidence", "", ""),
    "address": ("address_evidence", "address_source_title", "address_source_url"),
    "district": ("evidence", "district_source_title", "district_source_url"),
}
"""Fact → columns of its evidence, source and link; all others come from the list itself."""


class Fact(NamedTuple):
    """A fact of an enterprise in words: what it is called, what it says, and where it is known from."""

    column: str
    label: str
    value: str
    evidence: str
    source: str
    url: str


def facts_of(row: pd.Series, lang: str = "zh") -> dict[str, list[Fact]]:
    """Facts of a row of the table, section → facts; what is unknown is left out.

    Examples
    --------
    >>> from geo.enterprises.table import load_enterprises
    >>> facts = facts_of(load_enterprises().iloc[1])
    >>> facts["registered"][0].label, facts["place"][0].column
    ('企业名称', 'district')
    """
    en = lang == "en"
    shown = labelled(pd.DataFrame([row]).drop(columns="geometry", errors="ignore"), lang).iloc[0]
    said: dict[str, Any] = {column: shown.get(pair[en], "") for column, pair in COLUMN_LABELS.items()}
    said["capital"] = _capital(row, lang)
    said["gb4754"] = options("gb4754").get(str(row["gb4754"]), (row["gb4754"],) * 2)[en]
    said["status"] = "" if row["status"] == "unknown" else said["status"]
    error = row["location_error_m"]
    said["location_error_m"] = f"{error:,.0f}" if pd.notna(error) and error else ""
    said["point"] = f"{row['lon']:.5f}, {row['lat']:.5f}" if row["location_precision"] in ("site", "road") else ""
    labels = {name: pair[en] for name, pair in COLUMN_LABELS.items()} | {
        "capital": COLUMN_LABELS["capital_amount"][en],
        "point": "WGS-84" if en else "坐标（WGS-84）",
    }
    return {
        section: [
            Fact(name, labels[name], text, *_source(name, row, lang)) for name in names if (text := _text(said[name]))
        ]
        for section, names in SECTIONS.items()
    }


def _source(name: str, row: pd.Series, lang: str) -> tuple[str, str, str]:
    evidence, title, url = _SOURCES.get(name, ("", "", ""))
    names: Mapping[str, tuple[str, str]] = options("evidence") if evidence == "evidence" else EVIDENCE_LABELS
    code = _text(row[evidence]) if evidence else ""
    said = names[code][lang == "en"] if code in names else code
    return said, _text(row[title]) if title else "", _text(row[url]) if url else ""


def _capital(row: pd.Series, lang: str) -> str:
    if pd.isna(row["capital_amount"]):
        return ""
    if lang == "en":
        return f"{row['capital_currency']} {row['capital_amount']:,.10g}"
    return f"{row['capital_amount'] / 1e4:,.10g} 万 {row['capital_currency']}"


def _text(value: Any) -> str:
    if value is None or pd.isna(value):
        return ""
    return f"{value:,.10g}" if isinstance(value, float) else str(value)


TERMS: Final[dict[str, tuple[str, str]]] = {
    "node": ("同一产业链节点", "Same chain node"),
    "class": ("国标行业相近", "Like GB/T 4754 class"),
    "industry": ("同一重点行业", "Same key industry"),
    "size": ("规模相同", "Same size"),
    "district": ("同区", "Same district"),
}
"""Terms of the likeness → (Chinese, English)."""

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
        point; the columns of `TERMS` and `score`, their sum.  Only those that share a node, a class or a key industry are listed.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> found = similar(load_dataset(), 1)
    >>> bool((found[list(TERMS)].sum(axis=1) == found["score"]).all())
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


def chain_neighbours(data: Dataset, position: int, most: int = 8) -> pd.DataFrame:
    """Enterprises of the same chains that stand nearest, whatever their stage.

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
    rows, far = rows[nearest], far[nearest]
    names = [
        next(name for name in node.values[code].split(";") if chains.get(name) in own) for code in node.codes[rows]
    ]
    return pd.DataFrame({"node": names, "distance_m": far}, index=data.enterprises.index[rows])


def nearest_parks(data: Dataset, position: int, most: int = 3) -> pd.DataFrame:
    """Parks nearest to an enterprise with a point of its own; empty for any other.

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
    return table.sort_values("distance_m", kind="stable").head(most)


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
