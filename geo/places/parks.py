"""Featured parks and development zones: what is published of them, and points where known."""

from functools import cache
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.catalog import cached_frame, read_table
from geo.crs import STORAGE_CRS, points
from geo.places.districts import adcodes_of, locate
from geo.places.gazetteer import place_on_road, read_address, town_points
from geo.text import fold


@cached_frame("parks", "park_points", "districts", "district_aliases", "roads", "towns")
def load_parks() -> gpd.GeoDataFrame:
    """Load parks and zones, catalogue entries and mere points together.

    Returns
    -------
    GeoDataFrame, EPSG:4326
        Index `park_id`; columns `name`, `category`, `leading` (leading industries as published), `adcode`, `area_km2`
        (published, NaN where not), `evidence` (``source``, ``inferred`` or ``unverified``), `source_title`,
        `source_url`, `year_listed`, `batch` (of the 53 featured parks, ``""`` where
        not verified as one of them), `batch_source_title`, `batch_source_url` (several parted by `` | ``),
        `district_basis` (of a verified one: ``原文`` where the source says the district, ``推定`` or ``存疑``; else
        ``""``), `point_basis` (where the point comes from, ``""`` without one), `listed` (bool:
        stands in the published catalogue) and `geometry` (point, approximate; missing where no point is known).

    Examples
    --------
    >>> parks = load_parks()
    >>> parks.loc["SP22", "geometry"].x > 121
    True
    """
    parks = read_table("parks", ["id", "name", "category", "area_km2", "district", "evidence"]).set_index("id")
    located = _points()
    own = located[located["park_id"] != ""].set_index("park_id")
    alone = located[located["park_id"] == ""].set_index("point_id")
    listed = pd.DataFrame(
        {
            "name": parks["name"],
            "category": parks["category"],
            "leading": parks["leading_industries"],
            "adcode": adcodes_of(parks["district"]),
            "area_km2": pd.to_numeric(parks["area_km2"], errors="coerce"),
            "evidence": parks["evidence"],
            "source_title": parks["source_title"],
            "source_url": parks["source_url"],
            "year_listed": parks["year_listed"],
            "batch": parks["batch"].where(parks["batch_basis"] != "按日期推断", parks["batch"] + "（按日期推断）"),
            "batch_source_title": parks["batch_source_title"],
            "batch_source_url": parks["batch_source_url"],
            "district_basis": parks["district_basis"],
            "listed": True,
        }
    ).join(own[["lon", "lat", "point_basis"]])
    unlisted = pd.DataFrame(
        {
            "name": alone["name"],
            "category": alone["kind"],
            "leading": "",
            "adcode": adcodes_of(alone["district"]),
            "area_km2": np.nan,
            "evidence": "unverified",
            "source_title": "",
            "source_url": "",
            "year_listed": "",
            "batch": "",
            "batch_source_title": "",
            "batch_source_url": "",
            "district_basis": "",
            "listed": False,
            "lon": alone["lon"],
            "lat": alone["lat"],
            "point_basis": alone["point_basis"],
        }
    )
    table = pd.concat([listed, unlisted]).rename_axis("park_id")
    table["point_basis"] = table["point_basis"].fillna("")
    geometry = points(table.pop("lon"), table.pop("lat"))
    return gpd.GeoDataFrame(table, geometry=geometry, crs=STORAGE_CRS)


FEATURED_PARKS: Final = 53
"""Featured industrial parks (特色产业园区) that the city lists in its batches of 2020 to 2022."""


@cache
def park_points() -> dict[str, tuple[str, str, float, float]]:
    """Each spelling of a park with a point → (name, adcode, lon, lat) [deg, WGS-84].

    A park is found under the name of its catalogue entry, of its point and under its short names; one whose point
    lies outside its stated district places nothing.

    Examples
    --------
    >>> park_points()["莘庄工业区"][1]
    '310112'
    """
    parks = load_parks()
    parks = parks.dropna(subset="geometry")
    parks = parks[locate(parks.geometry.x, parks.geometry.y) == parks["adcode"].to_numpy()]
    spellings = {}
    for row in parks.itertuples():
        place = (row.name, row.adcode, row.geometry.x, row.geometry.y)
        full = fold(row.name)
        spellings[full] = place
        spellings.setdefault(full.removeprefix("上海市").removeprefix("上海"), place)
    for row in _points().itertuples():
        if fold(parks["name"].get(row.park_id, "")) in spellings:
            spellings.setdefault(fold(row.name), spellings[fold(parks.at[row.park_id, "name"])])
    for row in read_table("park_aliases", ["alias", "name"]).itertuples():
        if fold(row.name) in spellings:
            spellings.setdefault(fold(row.alias), spellings[fold(row.name)])
    return {name: place for name, place in spellings.items() if len(name) >= 2}


def _points() -> pd.DataFrame:
    """Points of parks: published ones first, an address read through the gazetteer second."""
    points = read_table("park_points", ["point_id", "name", "park_id", "district", "lon_wgs84", "lat_wgs84", "address"])
    lon = pd.to_numeric(points["lon_wgs84"], errors="coerce")
    lat = pd.to_numeric(points["lat_wgs84"], errors="coerce")
    basis = points["quality"].where(lon.notna(), "")
    for row, (address, adcode) in enumerate(zip(points["address"], adcodes_of(points["district"]), strict=True)):
        if lon[row] == lon[row] or not address:
            continue
        parts = read_address(address, adcode)
        road = place_on_road(parts.road, parts.number, adcode)
        town = town_points().get((adcode, parts.town))
        if road:
            lon[row], lat[row], basis[row] = *road[:2], f"按地址所在道路（{parts.road}）推定"
        elif town:
            lon[row], lat[row], basis[row] = *town, f"按地址所在镇（{parts.town}）推定"
    return points.assign(lon=lon, lat=lat, point_basis=basis)


def place_codes(enterprises: pd.DataFrame, towns: pd.DataFrame, parks: pd.DataFrame) -> dict[str, NDArray[np.int32]]:
    """Position of each enterprise's town in `towns` and of its park in `parks`; −1 where the table knows none.

    A park counts when the enterprise's own text names it; a mere area such as 张江 is none.
    """
    known = pd.MultiIndex.from_arrays([towns["adcode"], towns["name"]])
    town = known.get_indexer(pd.MultiIndex.from_arrays([enterprises["adcode"], enterprises["town"]]))
    codes, texts = pd.factorize(enterprises["park"])
    spellings = _park_spellings()
    position = pd.Series(range(len(parks)), index=parks.index)
    park_of_text = [position.get(spellings.get(fold(str(text)), ""), -1) for text in texts]
    return {"town": town.astype(np.int32), "park": np.array([*park_of_text, -1], dtype=np.int32)[codes]}


@cache
def _park_spellings() -> dict[str, str]:
    spellings: dict[str, str] = {}
    for park, name in load_parks()["name"].items():
        full = fold(name)
        for spelling in (full, full.removeprefix("上海市").removeprefix("上海")):
            spellings.setdefault(spelling, str(park))
    for row in read_table("park_aliases", ["alias", "name"]).itertuples():
        if fold(row.name) in spellings:
            spellings.setdefault(fold(row.alias), spellings[fold(row.name)])
    return spellings
