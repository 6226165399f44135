"""Towns and sub-districts: names and approximate points; no boundaries of them exist."""

from functools import cache

import geopandas as gpd
import pandas as pd

from geo.catalog import cached_frame, read_table
from geo.crs import METRIC_CRS, STORAGE_CRS, points
from geo.places.districts import adcodes_of


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
def typical_error_m() -> float:
    """Expected error of a town's point [m]: median distance of the roads of a town from the town's point."""
    towns = load_towns()
    towns = towns.dropna(subset="geometry").to_crs(METRIC_CRS).set_index(["adcode", "name"]).geometry
    roads = read_table("roads", ["district", "town_mode", "lon_wgs84", "lat_wgs84"])
    points = gpd.GeoSeries.from_xy(roads["lon_wgs84"].astype(float), roads["lat_wgs84"].astype(float), crs=STORAGE_CRS)
    keys = pd.MultiIndex.from_arrays([adcodes_of(roads["district"]), roads["town_mode"]])
    matched = gpd.GeoSeries(towns.reindex(keys).to_numpy(), crs=METRIC_CRS)
    return float(points.to_crs(METRIC_CRS).distance(matched).median())
