"""The delta: cities of three provinces and Shanghai, with what is published of their smart-manufacturing index.

Two indices are published.  The delta index of 2023 has a value for four cities and a tier for thirteen; the Jiangsu
index of 2022 is another measure of three of them, and the two are never compared.
"""

from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geo.catalog import read_shapes, read_table
from geo.crs import STORAGE_CRS, points
from geo.errors import DataError
from geo.places.land import SEAS, land_within
from geo.text import Text

DELTA_LAND_BOUNDS: Final = (105.0, 24.0, 128.0, 39.0)
"""West, south, east, north of the built land [degrees, WGS-84]: the delta and what a wide map shows around it."""

EXTENT: Final = (115.5, 27.7, 122.6, 35.0)
"""West, south, east, north of the cities [degrees, WGS-84]."""

TIERS: Final[dict[str, Text]] = {
    "1": Text("第一梯队", "First tier"),
    "2": Text("第二梯队", "Second tier"),
    "3": Text("第三梯队", "Third tier"),
    "4": Text("第四梯队", "Fourth tier"),
}
"""Tier of the delta index → (Chinese as published, English)."""

PROVINCES: Final[dict[str, str]] = {"上海市": "Shanghai", "江苏省": "Jiangsu", "浙江省": "Zhejiang", "安徽省": "Anhui"}

_ISLET: Final = 0.0005  # [square degrees], about 5 km²
_TOLERANCE: Final = 0.008  # [degrees], about 0.8 km


def load_cities() -> gpd.GeoDataFrame:
    """Load the cities of the delta.

    Returns
    -------
    GeoDataFrame, 41 rows, EPSG:4326
        Index `adcode`; `name_zh`, `name_en`, `province`, `central` (bool: one of the 27 of the regional plan),
        `tier` (key of `TIERS`, ``""`` without one), `index2023` (published value of the delta index, NaN without),
        `band` (range published for the tier, ``""`` without), `index_source`, `jiangsu2022` (published value of the
        Jiangsu index, NaN without), `jiangsu_source`, `coord_source` and `geometry` (point).

    Raises
    ------
    DataError
        When a tier is not one of `TIERS`.

    Examples
    --------
    >>> cities = load_cities()
    >>> len(cities), int(cities["central"].sum()), int(cities["index2023"].notna().sum()), int((cities["tier"] != "").sum())
    (41, 27, 4, 13)
    """
    table = read_table("delta_cities", ["adcode", "name_zh", "name_en", "province", "centre27", "index2023"])
    table = table.set_index("adcode")
    tier_of = {zh: tier for tier, (zh, _) in TIERS.items()} | {"": ""}
    unknown = ~table["index2023_tier"].isin(list(tier_of))
    if unknown.any():
        value = table.loc[unknown, "index2023_tier"].iloc[0]
        expected = "、".join(zh for zh, _ in TIERS.values())
        raise DataError(
            "没有这一梯队", file="delta_cities.csv", column="index2023_tier", value=value, expected=expected
        )
    cities = pd.DataFrame(
        {
            "name_zh": table["name_zh"],
            "name_en": table["name_en"],
            "province": table["province"],
            "central": table["centre27"] == "True",
            "tier": table["index2023_tier"].map(tier_of),
            "index2023": pd.to_numeric(table["index2023"], errors="coerce"),
            "band": table["index2023_band"],
            "index_source": table["index_source_title"],
            "jiangsu2022": pd.to_numeric(table["jiangsu_index2022"], errors="coerce"),
            "jiangsu_source": table["jiangsu_source_title"],
            "coord_source": table["coord_source"],
        }
    )
    return gpd.GeoDataFrame(cities, geometry=points(table["lon"], table["lat"]), crs=STORAGE_CRS)


def load_delta_land() -> gpd.GeoDataFrame:
    """Load the land of the delta and around it, for drawing only: 1 row, EPSG:4326, within `DELTA_LAND_BOUNDS`.

    Raises
    ------
    DataError
        When it has not been built, or its file is altered.
    """
    return read_shapes("delta_land")


def build_delta_land(out: Path, seas: Path = SEAS) -> gpd.GeoDataFrame:
    """Build the land within `DELTA_LAND_BOUNDS`, without islets and simplified to about 0.8 km; arguments as `geo.places.land.build_land`.

    Raises
    ------
    DataError
        When the sea polygons are missing or unreadable, or a city of the delta is not on land.
    """
    parts = shapely.get_parts(land_within(DELTA_LAND_BOUNDS, seas))
    land = shapely.multipolygons(parts[shapely.area(parts) > _ISLET]).simplify(_TOLERANCE)
    cities = load_cities()
    wet = cities[~shapely.contains(land, cities.geometry.to_numpy())]
    if len(wet):
        value = "、".join(wet["name_zh"])
        raise DataError("海陆划分不符", file=seas, value=value, expected="长三角各城市都在陆地上")
    frame = gpd.GeoDataFrame({"name": ["land"]}, geometry=[land], crs=STORAGE_CRS)
    frame.to_parquet(out)
    return frame
