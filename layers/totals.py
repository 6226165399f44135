"""What the numbers on the map are parts of: totals of districts and core, where they stand, the account of a selection."""

from functools import cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.codes.options import options
from geo.datasets.dataset import Dataset
from geo.datasets.encoding import PRECISION
from geo.places.districts import load_outlines
from geo.places.geocoding import PRECISIONS
from geo.places.zones import BELT, CORE, core_label, load_zones
from geo.text import Text
from layers.base import View, shifted

SIGN_SPOTS: Final = 40
"""Points of a district at which the sign with its total may stand, about so many."""

ACCOUNT_LABELS: Final = {
    "site": Text("有坐标", "own coordinate"),
    "road": Text("到道路门牌", "road and number"),
    "park": Text("只到园区", "park only"),
    "town": Text("只到街镇", "town only"),
    "district": Text("只到区或片区", "district or area only"),
    "none": Text("没有位置", "no place known"),
}
"""How far a place is known → what the account of the map says of it."""

EDGE_DEGREES: Final = 0.001
"""Distance [degrees] that such a point keeps from the border."""


def cross_counts(data: Dataset, chosen: NDArray[np.bool_], facet: str) -> pd.DataFrame:
    """Enterprises by the values of a facet and by how precisely their place is known.

    Parameters
    ----------
    data : Dataset
    chosen : ndarray of bool, shape (n,)
        Which enterprises are counted.
    facet : str
        ``district`` or ``zone``.

    Returns
    -------
    DataFrame of int
        One row per value, one column per precision of `geo.places.geocoding.PRECISIONS`.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> data = load_dataset()
    >>> int(cross_counts(data, np.ones(900, dtype=bool), "zone").to_numpy().sum())
    900
    """
    store = data.facet_index
    names = list(store.dimensions)
    weights = np.bincount(store.row_codes[chosen], minlength=len(store.counts))
    places, precisions = (store.members[:, names.index(name)] for name in (facet, PRECISION))
    table = np.zeros((len(store.dimensions[facet].categories), len(PRECISIONS)), dtype=np.int64)
    np.add.at(table, (places, precisions), weights)
    return pd.DataFrame(table, index=list(store.dimensions[facet].categories), columns=list(PRECISIONS))


def area_totals(data: Dataset, chosen: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Total of each district and of the core in a selection, whatever the precision.

    Returns
    -------
    list of dict
        `code` (adcode, or ``core``), `n` enterprises there, as the filters count them; `by` how many of them for each
        precision that occurs; `sites` further sites of enterprises there, which have marks of their own and are not in
        `n`.  The core's are counted in their districts too.
    """
    counted = companies_in(data, chosen)
    table = _by_area(data, counted)
    sites = table.sum(axis=1) * 0 if data.companies is None else _by_area(data, chosen & ~counted).sum(axis=1)
    return [
        {
            "code": code,
            "n": int(row.sum()),
            "by": {name: int(n) for name, n in row.items() if n},
            "sites": int(sites[code]),
        }
        for code, row in table.iterrows()
        if row.sum() or sites[code]
    ]


def companies_in(data: Dataset, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Those of a selection that count as enterprises: all but further sites of one; shape (n,)."""
    return chosen if data.companies is None else chosen & data.companies


def _by_area(data: Dataset, chosen: NDArray[np.bool_]) -> pd.DataFrame:
    """Rows in each district and in the core by precision."""
    districts = cross_counts(data, chosen, "district").loc[lambda table: table.index.isin(load_outlines().index)]
    return pd.concat([districts, cross_counts(data, chosen, "zone").loc[[CORE]]])


def account(data: Dataset, chosen: NDArray[np.bool_]) -> dict[str, Any]:
    """How many of a selection lie in core and belt, and how many are known by point, road, park, town, district or not.

    Returns
    -------
    dict
        `n` enterprises, `zones` and `precisions`: value → count, each of which adds up to `n`, as in the header of the
        page; `sites` further sites of enterprises, which are not in `n` but have marks of their own.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> told = account(load_dataset(), np.ones(900, dtype=bool))
    >>> told["n"] == sum(told["zones"].values()) == sum(told["precisions"].values())
    True
    """
    counted = companies_in(data, chosen)
    table = cross_counts(data, counted, "zone")
    zones, precisions = table.sum(axis=1), table.sum(axis=0)
    return {
        "n": int(table.to_numpy().sum()),
        "zones": {str(name): int(n) for name, n in zones.items()},
        "precisions": {str(name): int(n) for name, n in precisions.items()},
        "sites": int(chosen.sum() - counted.sum()),
    }


def sign_places(view: View) -> dict[str, dict[str, Any]]:
    """Where the sign of each district and of the core may stand: points within it, the best one first.

    Returns
    -------
    dict
        adcode, or ``core`` → `name`, `belt` (whether the plan names the district), `spots` [lat, lon], `bounds`
        south-west and north-east; degrees in the datum of the base map.
    """
    outlines, belt = load_outlines(), load_zones().loc[BELT, "geometry"]
    datum = view.datum
    found = {}
    for code, spots in _spots().items():
        outline = load_zones().loc[CORE, "geometry"] if code == CORE else outlines.at[code, "geometry"]
        moved = shifted(gpd.GeoSeries([*map(shapely.Point, spots), outline.envelope], crs=outlines.crs), datum)
        west, south, east, north = moved.iloc[-1].bounds
        name = view.word("临港新片区", "Lingang") if code == CORE else options("district")[code].of(view.lang)
        found[code] = {
            "name": name,
            "belt": code != CORE and bool(belt.contains(outline.representative_point())),
            "spots": [[round(point.y, 5), round(point.x, 5)] for point in moved.iloc[:-1]],
            "bounds": [[round(south, 5), round(west, 5)], [round(north, 5), round(east, 5)]],
        }
    return found


@cache
def _spots() -> dict[str, list[tuple[float, float]]]:
    """Points of each district outside the core, and of the core, nearest to where its name stands first [deg, WGS-84]."""
    outlines, core = load_outlines(), load_zones().loc[CORE, "geometry"]
    labels = {str(row.Index): (row.label_lon, row.label_lat) for row in outlines.itertuples()}
    areas = {code: outlines.at[code, "geometry"].difference(core) for code in labels}
    return {
        code: _within(area, *label)
        for code, area, label in [
            *((code, areas[code], label) for code, label in labels.items()),
            (CORE, core, core_label()),
        ]
    }


def _within(area: BaseGeometry, lon: float, lat: float) -> list[tuple[float, float]]:
    """Points of a square grid within an area, the nearest to (lon, lat) first, which itself comes before all."""
    largest = max(getattr(area, "geoms", [area]), key=lambda part: part.area).buffer(-EDGE_DEGREES)
    west, south, east, north = largest.bounds
    step = np.sqrt(largest.area / SIGN_SPOTS)
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(west, east, step), np.arange(south, north, step)))
    here = shapely.contains_xy(largest, x, y)
    order = np.argsort(np.hypot(x[here] - lon, y[here] - lat), kind="stable")
    first = [(lon, lat)] if shapely.contains_xy(largest, lon, lat) else []
    return first + list(zip(x[here][order].tolist(), y[here][order].tolist(), strict=True))
