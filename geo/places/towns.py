"""Towns and sub-districts: names and approximate points; no boundaries of them exist."""

import re
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.catalog import cached_frame, read_table
from geo.crs import STORAGE_CRS, points
from geo.places.districts import adcodes_of, attributes


@cached_frame("towns", "districts", "district_aliases")
def load_towns() -> gpd.GeoDataFrame:
    """Load the towns.

    Returns
    -------
    GeoDataFrame, 217 rows, EPSG:4326
        Columns `name`, `code` (statistical code), `adcode`, `n_points` (published addresses behind the point),
        `in_lingang_frac` (share of them inside the drawn core) and `geometry` (median point, approximate; missing
        for the towns without one).

    Examples
    --------
    >>> towns = load_towns()
    >>> len(towns), int(towns.geometry.isna().sum())
    (217, 3)
    """
    table = read_table("towns", ["name", "district", "code", "lon_wgs84", "lat_wgs84", "n_points", "in_lingang_frac"])
    lon = pd.to_numeric(table["lon_wgs84"], errors="coerce")
    lat = pd.to_numeric(table["lat_wgs84"], errors="coerce")
    return gpd.GeoDataFrame(
        {
            "name": table["name"],
            "code": table["code"],
            "adcode": adcodes_of(table["district"]),
            "n_points": pd.to_numeric(table["n_points"], errors="coerce").fillna(0).astype(int),
            "in_lingang_frac": pd.to_numeric(table["in_lingang_frac"], errors="coerce"),
        },
        geometry=points(lon, lat),
        crs=STORAGE_CRS,
    )


@cache
def place_stems() -> frozenset[str]:
    """Towns and districts by the short names that lists give them, full names too.

    Examples
    --------
    >>> {"张江", "徐汇", "江桥镇"} <= place_stems()
    True
    """
    names = {*load_towns()["name"], *attributes()["name_zh"]}
    return frozenset(names | {re.sub(r"(?:镇|街道|乡|新区|区)$", "", name) for name in names})


@cache
def town_spellings() -> dict[str, tuple[str, ...]]:
    """Each spelling of a town → the adcodes of the districts that have a town of that name.

    The full name always; the stem alone (张江 for 张江镇) where it has two characters or more and no district bears it.

    Examples
    --------
    >>> town_spellings()["安亭镇"]
    ('310114',)
    """
    spellings: dict[str, tuple[str, ...]] = {}
    for row in load_towns().itertuples():
        spellings[row.name] = (*spellings.get(row.name, ()), row.adcode)
    return spellings


@cache
def town_errors_m() -> dict[str, float]:
    """Expected error of a town's point [m] by the adcode of its district: half of its places lie within it.

    Three quarters of the radius of a circle as large as a town of the district is on the mean: the median distance
    within a circle is 0.71 of its radius, and the point need not be its middle.

    Examples
    --------
    >>> town_errors_m()["310120"] > town_errors_m()["310101"]
    True
    """
    areas = attributes()["area_km2"] / load_towns().groupby("adcode").size()
    return {adcode: float(0.75 * 1000.0 * np.sqrt(area / np.pi)) for adcode, area in areas.items()}


def typical_error_m() -> float:
    """Expected error [m] of the point of a town in a district of middling size."""
    return float(np.median(list(town_errors_m().values())))
