"""Where an investor would fit: parks and towns ranked by what he needs, criterion by criterion.

Parks and towns are known by approximate points; no boundary of them is published.  What is not known of a place is
missing in its score, not bad.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from geo.chains.assignment import customers_of, load_chains, on_node, suppliers_of
from geo.crs import to_metres
from geo.places.geocoding import POINT_PRECISIONS
from geo.places.parks import load_parks
from geo.places.towns import load_towns
from geo.places.zones import zone_of
from geo.roads.network import RoadNetwork
from geo.text import Text

CRITERIA: Final[dict[str, Text]] = {
    "district": Text("在所选区或核带", "In a chosen district or zone"),
    "type": Text("园区公布的产业", "Published industries"),
    "suppliers": Text("周边上游企业", "Suppliers near by"),
    "customers": Text("周边下游企业", "Customers near by"),
    "peers": Text("周边同环节企业", "Peers near by"),
    "firm": Text("距指定企业", "Near the given enterprise"),
}
"""Criteria → (Chinese, English)."""

SITE_WEIGHTS: Final = {"district": 3.0, "type": 3.0, "suppliers": 3.0, "customers": 2.0, "peers": 2.0, "firm": 3.0}
"""Weights that the page starts with: a judgement."""

LEAST_KNOWN: Final = 0.25
"""A place of which less of the weights is known ranks after all others."""

NEAR_KM: Final = 10.0
"""Distance [km] from the given enterprise at which the criterion is one half."""

NEAR_MINUTES: Final = 20.0
"""Driving time [minutes] to it at which the criterion is one half, where it goes by driving time."""

TYPE_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "AUTO": ("汽车",),
    "ELEC": ("集成电路", "电子信息", "软件"),
    "AERO": ("航空",),
    "BIO": ("生物医药", "医药", "医疗器械"),
    "EQP": ("高端装备", "装备制造", "机器人", "机电", "海洋"),
    "CHEM": ("先进材料", "新材料", "石化", "绿色材料"),
    "SMART": ("智能制造", "机器人", "人工智能"),
}
"""Chain → words of a park's published category and industries that mean it: the project's reading."""


@dataclass(frozen=True)
class Needs:
    """What an investor asks of a place.

    Parameters
    ----------
    node : str
        Node of the chain that he works on.
    districts, zones : tuple of str
        Adcodes, and ``core`` or ``belt``; either will do, none means no wish.
    radius_km : float
        How far suppliers, customers and peers are near by [km].
    firm : tuple of float, optional
        Point of the enterprise that he wants to be near (lon, lat) [degrees, WGS-84].
    """

    node: str
    districts: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    radius_km: float = 5.0
    firm: tuple[float, float] | None = None


@cache
def load_places() -> gpd.GeoDataFrame:
    """Parks and towns as places for a site.

    Returns
    -------
    GeoDataFrame, EPSG:4326
        Index `place_id`; `kind` (``park`` or ``town``), `name`, `adcode`, `zone`, `published` (category and leading
        industries of a listed park, ``""`` where none are published), `geometry` (approximate point, missing where none
        is known).

    Examples
    --------
    >>> load_places()["kind"].value_counts().to_dict()
    {'town': 217, 'park': 88}
    """
    parks, towns = load_parks(), load_towns()
    published = (parks["category"] + " " + parks["leading"]).str.strip().where(parks["listed"], "")
    columns = ["kind", "name", "adcode", "town", "published", "geometry"]
    park = parks.assign(kind="park", town=parks["name"], published=published)[columns]
    town = towns.assign(kind="town", town=towns["name"], published="")[columns].set_index("T" + towns["code"])
    places = gpd.GeoDataFrame(pd.concat([park, town]), crs=parks.crs).rename_axis("place_id")
    places["zone"] = zone_of(places.geometry.x, places.geometry.y, places.pop("town"))
    return places


def fit_places(
    places: gpd.GeoDataFrame,
    needs: Needs,
    enterprises: pd.DataFrame,
    nodes: pd.DataFrame,
    keep: NDArray[np.bool_] | None = None,
    roads: RoadNetwork | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Measure places by the needs.

    Parameters
    ----------
    places : GeoDataFrame
        As `load_places` gives it.
    needs : Needs
    enterprises, nodes : DataFrame
        Canonical columns, and `geo.chains.assignment.nodes_of` of them.
    keep : ndarray of bool, optional
        Enterprises that count.
    roads : RoadNetwork, optional
        When given, the given enterprise is near by driving time on it, and not by the straight line.

    Returns
    -------
    terms : DataFrame
        Index of `places`; those of `CRITERIA` that the needs ask for, 0 to 1, NaN where unknown for the place.
    facts : DataFrame
        What stands behind them: `suppliers`, `customers`, `peers` (enterprises within the radius), `firm_km` [km],
        and by driving time `firm_minutes`.
    placed : Series
        Enterprises with a point of their own on the nodes of suppliers, customers and peers.

    Notes
    -----
    - `district`: 1 in a chosen district or zone, 0 elsewhere; left out when nothing is chosen.
    - `type`: 1 where the published industries hold a keyword of the node, 0.8 where they name its chain
      (`TYPE_WORDS`), 0 where they name others; unknown where nothing is published, as for every town.
    - `suppliers`, `customers`, `peers`: ln(1 + n) over that of the best place, n the enterprises with a point of their
      own within the radius on nodes one stage up, one stage down, and on the node; unknown where the chain has no such
      stage, or no such enterprise has a point.
    - `firm`: 1 / (1 + d / 10 km), by driving time 1 / (1 + t / 20 min), t from the place to the enterprise, unknown
      where no road is near by; left out when no enterprise is given.
    """
    fine = enterprises["location_precision"].isin(POINT_PRECISIONS).to_numpy()
    fine = fine if keep is None else fine & keep
    at = to_metres(places.geometry.x, places.geometry.y)
    here = np.isfinite(at).all(axis=1)
    terms, facts = pd.DataFrame(index=places.index), pd.DataFrame(index=places.index)
    if needs.districts or needs.zones:
        wanted = places["adcode"].isin(needs.districts) | places["zone"].isin(needs.zones)
        terms["district"] = wanted.astype(float).where(places["adcode"] != "")
    terms["type"] = places["published"].map(lambda text: _type_of(text, needs.node))
    groups = {"suppliers": suppliers_of(needs.node), "customers": customers_of(needs.node), "peers": [needs.node]}
    placed = {}
    for name, wanted_nodes in groups.items():
        rows = np.flatnonzero(fine & on_node(nodes, *wanted_nodes))
        placed[name] = len(rows)
        near = np.full(len(places), np.nan)
        if len(rows):
            points = to_metres(enterprises["lon"].iloc[rows], enterprises["lat"].iloc[rows])
            near[here] = scipy.spatial.cKDTree(points).query_ball_point(
                at[here], needs.radius_km * 1000, return_length=True
            )
        facts[name] = near
        most = np.nanmax(near, initial=0)
        terms[name] = np.log1p(near) / np.log1p(most) if most else near
    facts["firm_km"] = np.nan
    if needs.firm:
        facts["firm_km"] = np.hypot(*(at - to_metres([needs.firm[0]], [needs.firm[1]])).T) / 1000
        if roads is None:
            terms["firm"] = 1 / (1 + facts["firm_km"] / NEAR_KM)
        else:
            standing = roads.snap(places.geometry.x, places.geometry.y)
            seconds = roads.times(*needs.firm, standing, towards=True)
            facts["firm_minutes"] = np.where(np.isfinite(seconds), seconds / 60, np.nan)
            terms["firm"] = 1 / (1 + facts["firm_minutes"] / NEAR_MINUTES)
    return terms, facts, pd.Series(placed)


def _type_of(published: str, node: str) -> float:
    if not published:
        return np.nan
    about = load_chains().loc[node]
    if any(word in published for word in about["keywords"]):
        return 1.0
    return 0.8 if any(word in published for word in TYPE_WORDS[about["chain"]]) else 0.0
