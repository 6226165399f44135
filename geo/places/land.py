"""Land and sea around Shanghai, for the base map and for cutting the sea off coastal districts.

The sea comes from the npm package `@geo-maps/earth-seas-10m` (OpenStreetMap, ODbL), which
`python -m app.setup.assets` fetches.  It has no inland water, and it ends at the mouth of the Yangtze near
121.1° E: upstream of that, outside Shanghai, the river counts as land.
"""

from functools import cache
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.catalog import cached_frame, read_shapes
from geo.crs import STORAGE_CRS
from geo.errors import DataError
from geo.index.point_in_polygon import PolygonIndex
from geo.installation import built_dir

Bounds = tuple[float, float, float, float]

LAND_BOUNDS: Final[Bounds] = (119.0, 29.6, 124.0, 32.8)
"""West, south, east, north of the built land [degrees, WGS-84]."""

SEAS: Final = built_dir() / "node_modules" / "@geo-maps" / "earth-seas-10m" / "map.geo.json"
"""Every sea of the earth as one GeoJSON geometry collection, 37 MB."""

_KNOWN_LAND: Final = {
    "崇明": (121.50, 31.65),
    "长兴": (121.68, 31.40),
    "横沙": (121.84, 31.34),
    "临港": (121.90, 30.90),
    "小洋山": (122.075, 30.625),
    "人民广场": (121.47, 31.23),
}
_KNOWN_SEA: Final = {"东海": (122.40, 31.20), "杭州湾": (121.50, 30.70), "长江口": (122.10, 31.40)}


@cached_frame("land")
def load_land() -> gpd.GeoDataFrame:
    """Load the land within `LAND_BOUNDS`.

    Returns
    -------
    GeoDataFrame, 1 row, EPSG:4326
        Columns `name` (``"land"``) and `geometry` (MultiPolygon).

    Raises
    ------
    DataError
        When the land has not been built, or its file is altered.

    Examples
    --------
    >>> land = load_land().union_all()
    >>> bool(shapely.contains_xy(land, 121.47, 31.23)), bool(shapely.contains_xy(land, 122.4, 31.2))
    (True, False)
    """
    return read_shapes("land")


def on_land(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each WGS-84 point lies on land; rivers and lakes count as land.

    Examples
    --------
    >>> on_land(np.array([121.47, 122.4]), np.array([31.23, 31.2])).tolist()
    [True, False]
    """
    return np.asarray(_index().locate_index(lon, lat) >= 0)


@cache
def _index() -> PolygonIndex:
    return PolygonIndex(load_land().geometry.to_numpy())


def build_land(out: Path, seas: Path = SEAS) -> gpd.GeoDataFrame:
    """Build the land within `LAND_BOUNDS`: the box without the sea.

    Parameters
    ----------
    out : Path
        GeoParquet file to write, in an existing folder.
    seas : Path
        GeoJSON geometry collection of sea polygons, WGS-84.

    Returns
    -------
    GeoDataFrame, 1 row, EPSG:4326
        What `load_land` gives.

    Raises
    ------
    DataError
        When the sea polygons are missing or unreadable, or a known island, coast or sea is on the wrong side.
    """
    land = land_within(LAND_BOUNDS, seas)
    _check_known_places(land, seas)
    frame = gpd.GeoDataFrame({"name": ["land"]}, geometry=[land], crs=STORAGE_CRS)
    frame.to_parquet(out)
    return frame


def land_within(bounds: Bounds, seas: Path = SEAS) -> shapely.MultiPolygon:
    """A box without the sea; `bounds` are west, south, east, north [degrees, WGS-84].

    Raises
    ------
    DataError
        When the sea polygons are missing or unreadable.
    """
    sea = shapely.union_all(_sea_in_bounds(bounds, seas))
    rest = shapely.get_parts(shapely.box(*bounds).difference(sea))
    return shapely.multipolygons(rest[shapely.area(rest) > 0])


def _sea_in_bounds(bounds: Bounds, seas: Path) -> list[shapely.Geometry]:
    try:
        collection = shapely.from_geojson(seas.read_bytes())
    except FileNotFoundError as error:
        cause = "脚本包尚未安装，请运行 python -m app.setup.assets"
        raise DataError("海域数据缺失", file=seas, cause=cause) from error
    except shapely.GEOSException as error:
        raise DataError("海域数据不是有效的 GeoJSON", file=seas, cause=str(error)[:120]) from error
    polygons = shapely.get_parts(shapely.get_parts(collection))
    near = polygons[shapely.intersects(shapely.envelope(polygons), shapely.box(*bounds))]
    # Cut first, repair after: the ocean is one polygon with 60,000 islands, repairing it whole takes minutes.
    return [shapely.make_valid(shapely.clip_by_rect(polygon, *bounds)) for polygon in near]


def _check_known_places(land: shapely.MultiPolygon, seas: Path) -> None:
    wrong = [name for name, (lon, lat) in _KNOWN_LAND.items() if not shapely.contains_xy(land, lon, lat)]
    wrong += [name for name, (lon, lat) in _KNOWN_SEA.items() if shapely.contains_xy(land, lon, lat)]
    if wrong:
        raise DataError("海陆划分不符", file=seas, value="、".join(wrong), expected="已知的岛和海各在其位")
