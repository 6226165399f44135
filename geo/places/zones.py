"""One core, one belt: where they lie, and which of them an enterprise counts to.

The core is the Lin-gang Special Area as its published text bounds it: south of the Dazhi river, east of the Jinhui port,
and Xiaoyangshan; no geometry of it is published, so the outline is inferred.  The belt is Pudong, Minhang, Jiading,
Baoshan and Songjiang "and other areas": an open list.  They overlap in Pudong and touch in Minhang; in every account
the core wins.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.catalog import cached_frame, dataset_path, read_shapes, read_table
from geo.crs import METRIC_CRS, STORAGE_CRS
from geo.index.point_in_polygon import PolygonIndex
from geo.places.districts import attributes, load_districts, locate_index
from geo.places.land import load_land
from geo.text import fold

CORE: Final = "core"
BELT: Final = "belt"
OTHER_ZONE: Final = "other"
UNPLACED: Final = "unplaced"
ZONES: Final = (CORE, BELT, OTHER_ZONE, UNPLACED)

CORE_NAME = "临港新片区"
CORE_NAME_EN: Final = "Lin-gang Special Area"
"""As the city itself writes it."""
NOT_DRAWN: Final = (
    (
        "浦东国际机场南侧",
        "South of Pudong International Airport",
        "公开文字只有方位，没有四至；大飞机园一带不在推定范围内",
        "published as a direction only, without limits; the area around the aircraft park is not in the inferred outline",
    ),
)
"""Parts of the core that are not drawn: names (zh, en) and the reason (zh, en)."""

_LINGANG: Final = re.compile(
    r"临港(?![(·・,、/-]*(?:松江|集团|漕河泾|浦江|南桥|桃浦|嘉定|青浦|金山|宝山|虹桥|新业坊|控股|投资|公司|股份|大厦))"
    r"|滴水湖|lin-?gang(?!-?(?:group|songjiang|pujiang))"
)
_NOT_LINGANG: Final = re.compile(
    r"(?:非|不含|不包括|不包含|除去?|剔除|扣除)临港(?:新片区|片区|地区)?|临港(?:新片区|片区|地区)?(?:以外|之外|除外)"
)
"""Words that take Lingang out of what is said: 浦东新区（不含临港）."""

_CORE_ALONE: Final = re.compile(
    r"(?:中国)?\(?(?:上海市?)?\)?(?:市辖区)?(?:浦东新区|浦东|奉贤区|奉贤)?(?:中国)?\(?(?:上海)?\)?(?:自由贸易试验区|自贸试验区|自贸区)?"
    r"\(?临港(?:新片区|片区|地区|新城|产业区|奉贤园区|主城区)?(?:管委会|管理委员会)?\)?"
    r"|(?:shanghai)?lin-?gang(?:specialarea|newarea|area)?(?:shanghai)?"
)
"""A cell that says nothing but where: Lingang, with the city, the district or the free-trade zone it lies in."""

_HOST_DISTRICTS = ["310112", "310115", "310120"]
_XIAOYANGSHAN_BOX = shapely.box(122.0, 30.60, 122.115, 30.68)  # the islands whose middle lies in it


@cached_frame("zones")
def load_zones() -> gpd.GeoDataFrame:
    """Load the outlines of core and belt.

    Returns
    -------
    GeoDataFrame, 2 rows, EPSG:4326
        Index `zone` (``core``, ``belt``); columns `name_zh`, `name_en`, `area_km2` (of the drawn outline for the core,
        official for the belt) [km²], `inferred` (bool: the outline follows a text, no published geometry), `note`.

    Examples
    --------
    >>> load_zones().index.tolist()
    ['core', 'belt']
    """
    return read_shapes("zones").set_index("zone")


def in_core(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Whether each WGS-84 point lies inside the drawn core; False for NaN.

    Examples
    --------
    >>> in_core([121.92, 121.47], [30.90, 31.23]).tolist()
    [True, False]
    """
    return _core_index().locate_index(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)) == 0


def names_core(places: pd.Series) -> pd.Series:
    """Whether a place name or an address names the Lin-gang Special Area itself, or a town that lies in it.

    Towns count when at least half of their published addresses lie in the drawn core.

    Examples
    --------
    >>> names_core(pd.Series(["临港新片区 生命蓝湾", "书院镇", "临港集团松江科技城", ""])).tolist()
    [True, True, False, False]
    """
    return places.map(lambda text: bool(_core_names().search(_without_exceptions(text))) if text else False).astype(
        bool
    )


def is_core_alone(text: str) -> bool:
    """Whether a cell is the name of Lingang and nothing else, whatever column it stands in.

    Examples
    --------
    >>> is_core_alone("上海自贸区临港新片区"), is_core_alone("浦东新区（临港）"), is_core_alone("已迁出临港新片区")
    (True, True, False)
    """
    return bool(_CORE_ALONE.fullmatch(re.sub(r"[·・,、;/|>_\s-]", "", fold(text))))


def _without_exceptions(text: str) -> str:
    """Folded text without what it leaves out."""
    return _NOT_LINGANG.sub("", fold(str(text)))


@cache
def _core_names() -> re.Pattern[str]:
    names = (
        CORE_NAME,
        "洋山特殊综合保税区",
        "洋山特殊综保区",
        "洋山保税港区",
        "临港片区",
        "临港产业区",
        "临港装备",
        "临港奉贤园区",
        "南汇新城",
        "东方芯港",
        "生命蓝湾",
    )
    return re.compile("|".join([*map(fold, (*names, *core_towns())), r"lin-?gang(?:special|new)area"]))


def says_lingang(places: pd.Series) -> pd.Series:
    """Whether a text says Lingang in any other way: the area, unless another district is named beside it.

    What the Lingang Group runs elsewhere (临港松江科技城, 临港浦江国际科技城) is not it, nor what a text leaves out
    (浦东新区，不含临港).

    Examples
    --------
    >>> says_lingang(pd.Series(["临港", "临港海洋一路333号", "临港松江科技城", "松江临港科技园", "Lingang"])).tolist()
    [True, True, False, True, True]
    """
    return places.map(lambda text: bool(_LINGANG.search(_without_exceptions(text))) if text else False).astype(bool)


@cache
def core_towns() -> tuple[str, ...]:
    """Names of the towns that lie in the core by at least half of their addresses."""
    towns = read_table("towns", ["name", "in_lingang_frac"])
    share = pd.to_numeric(towns["in_lingang_frac"], errors="coerce")
    return tuple(towns.loc[share >= 0.5, "name"])


def zone_of(lon: ArrayLike, lat: ArrayLike, town: ArrayLike | None = None) -> NDArray[np.str_]:
    """Zone of each place: a town or park named as Lingang first, the polygons second.

    Parameters
    ----------
    lon, lat : array_like, shape (n,)
        Degrees, WGS-84; NaN where no point is known.
    town : array_like of str, shape (n,), optional
        Town, park or address text; ``""`` where none is known.

    Returns
    -------
    ndarray of str, shape (n,)
        ``core``, ``belt``, ``other``, or ``unplaced`` where neither name nor point says anything.

    Examples
    --------
    >>> zone_of([121.92, 121.2, 121.1, float("nan")], [30.90, 31.03, 31.15, float("nan")]).tolist()
    ['core', 'belt', 'other', 'unplaced']
    >>> zone_of([float("nan")], [float("nan")], ["泥城镇"]).tolist()
    ['core']
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    districts = attributes().index.to_numpy()
    position = locate_index(x, y)
    adcodes = pd.Series(np.where(position >= 0, districts[position], ""))
    named = (
        names_core(pd.Series(np.asarray(town).astype(str))).to_numpy() if town is not None else np.zeros(x.shape, bool)
    )
    return assign_zone(adcodes, in_core(x, y) | named).to_numpy(dtype="U8")


def assign_zone(adcodes: pd.Series, core: ArrayLike) -> pd.Series:
    """Zone from district and core membership, the rule behind every account.

    Parameters
    ----------
    adcodes : Series of str
        ``""`` where no district is known.
    core : array_like of bool, same length

    Returns
    -------
    Series of str
        Index of `adcodes`; exactly one of `ZONES` per row.

    Examples
    --------
    >>> assign_zone(pd.Series(["310115", "310115", "310120", ""]), [True, False, False, False]).tolist()
    ['core', 'belt', 'other', 'unplaced']
    """
    belt = adcodes.isin(belt_districts())
    zone = np.select([np.asarray(core, dtype=bool), belt, adcodes != ""], [CORE, BELT, OTHER_ZONE], UNPLACED)
    return pd.Series(zone, index=adcodes.index, dtype=str)


@cache
def belt_districts() -> tuple[str, ...]:
    """Adcodes of the five districts the plan names for the belt."""
    table = attributes()
    return tuple(table.index[table["belt"]])


@cache
def core_label(adcode: str = "") -> tuple[float, float]:
    """Point farthest from the edge of the core, or of the part of it in one district: (lon, lat) [deg, WGS-84].

    Examples
    --------
    >>> bool(in_core(*([value] for value in core_label("310115")))[0])
    True
    """
    core = load_zones().loc[CORE, "geometry"]
    part = shapely.intersection(core, load_districts().loc[adcode, "geometry"]) if adcode else core
    core = part if part.area else core
    largest = max(getattr(core, "geoms", [core]), key=lambda part: part.area)
    lon, lat = gpd.GeoSeries([largest]).maximum_inscribed_circle().iloc[0].coords[0]
    return float(lon), float(lat)


def build_zones(out: Path) -> gpd.GeoDataFrame:
    """Build the outlines of core and belt from districts, land and the two limit lines.

    The core is the land of Pudong, Fengxian and Minhang south of the Dazhi river (its line carried on to the sea) and
    east of the Jinhui port, with the land of Xiaoyangshan added; areas in EPSG:32651.
    """
    districts, land = load_districts(), load_land().union_all()
    limits = gpd.read_file(dataset_path("lingang_limits")).set_index("id").geometry
    host = shapely.intersection(districts.loc[_HOST_DISTRICTS].union_all(), land)
    mainland = shapely.intersection(host, _side_of(limits["dazhi_river"], limits["jinhui_port"]))
    pieces = shapely.get_parts(land)
    islands = shapely.union_all(pieces[shapely.contains(_XIAOYANGSHAN_BOX, shapely.centroid(pieces))])
    core = shapely.union_all([_polygons(mainland), _polygons(islands)])
    belt = districts.loc[districts["belt"]].union_all()
    metric = gpd.GeoSeries([core], crs=STORAGE_CRS).to_crs(METRIC_CRS).area.iloc[0] / 1e6
    zones = gpd.GeoDataFrame(
        {
            "zone": [CORE, BELT],
            "name_zh": [CORE_NAME, "近郊产业带"],
            "name_en": [CORE_NAME_EN, "Near-suburban belt"],
            "area_km2": [metric, districts.loc[districts["belt"], "area_km2"].sum()],
            "inferred": [True, False],
            "note": [
                "按公开文字范围推定；公布总面积 873 km²，未画出浦东机场南侧",
                "浦东、闵行、嘉定、宝山、松江“等区域”，开放列举",
            ],
        },
        geometry=[core, belt],
        crs=STORAGE_CRS,
    )
    zones.to_parquet(out)
    return zones


@cache
def _core_index() -> PolygonIndex:
    return PolygonIndex(load_zones().loc[[CORE]].geometry.to_numpy())


def _side_of(river: shapely.LineString, canal: shapely.LineString) -> shapely.Polygon:
    """Everything south of the river and east of the canal, both carried on straight to the edge of the area."""
    (x0, y0), (x1, y1) = river.coords[-2], river.coords[-1]
    east = (122.6, y1 + (122.6 - x1) * (y1 - y0) / (x1 - x0))
    (cx0, cy0), (cx1, cy1) = canal.coords[0], canal.coords[-1]
    south = (cx1 + (30.4 - cy1) * (cx1 - cx0) / (cy1 - cy0), 30.4)
    crossing_y = np.interp(cx0, *np.array(river.coords).T)
    crossing = (cx0 + (crossing_y - cy0) * (cx1 - cx0) / (cy1 - cy0), crossing_y)
    northern_edge = [point for point in river.coords if point[0] > crossing[0]]
    return shapely.Polygon([crossing, *northern_edge, east, (122.6, 30.4), south, canal.coords[-1]])


def _polygons(geometry: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(geometry)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
