"""Shanghai's 16 districts: names, official areas, boundaries, and which district a point lies in."""

from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.catalog import cached_frame, read_shapes, read_table
from geo.crs import STORAGE_CRS
from geo.errors import DataError
from geo.index.point_in_polygon import PolygonIndex
from geo.text import fold

_PREFIXES = ("上海市", "上海")


@cached_frame("districts", "district_boundaries")
def load_districts() -> gpd.GeoDataFrame:
    """Load the districts with their boundaries.

    Returns
    -------
    GeoDataFrame, 16 rows, EPSG:4326
        Index `adcode`; columns `name_zh`, `name_en`, `area_km2` (official area [km²], never the area of the
        polygon, which contains sea at the coast), `belt` (bool) and `geometry`.

    Raises
    ------
    DataError
        When the boundaries have not been built, or a file is altered.

    Examples
    --------
    >>> load_districts().loc["310117", "name_en"]
    'Songjiang'
    """
    boundaries = read_shapes("district_boundaries").set_index("adcode")
    return gpd.GeoDataFrame(attributes().join(boundaries.geometry), geometry="geometry", crs=STORAGE_CRS)


@cached_frame("districts")
def attributes() -> pd.DataFrame:
    """Official attributes of the districts without geometry; index `adcode`, ascending.

    Examples
    --------
    >>> float(attributes()["area_km2"].sum().round(2))
    6340.5
    """
    table = read_table("districts", ["adcode", "name_zh", "name_en", "area_km2", "belt"]).set_index("adcode")
    try:
        return table.assign(area_km2=table["area_km2"].astype(float), belt=table["belt"] == "1")
    except ValueError as error:
        raise DataError("面积不是数字", file="districts.csv", column="area_km2", expected="平方公里数") from error


def locate_index(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int16]:
    """Position in `load_districts()` of the district each point lies in.

    Parameters
    ----------
    lon, lat : array_like, shape (n,)
        Degrees, WGS-84.

    Returns
    -------
    ndarray of int16, shape (n,)
        −1 outside all districts and for NaN.

    Examples
    --------
    >>> locate_index([121.2, 0.0], [31.03, 0.0]).tolist()
    [12, -1]
    """
    position = _index().locate_index(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    return position.astype(np.int16, copy=False)


def locate(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.str_]:
    """Adcode of the district each point lies in, ``""`` outside; arguments as in `locate_index`.

    Examples
    --------
    >>> locate([121.2, 0.0], [31.03, 0.0]).tolist()
    ['310117', '']
    """
    return _labels()[locate_index(lon, lat)]


def locate_around(lon: ArrayLike, lat: ArrayLike, error_m: ArrayLike) -> NDArray[np.str_]:
    """Adcodes of points and of what lies around them, as far as each may be off [m].

    Parameters
    ----------
    lon, lat, error_m : array_like, shape (n,)
        Degrees WGS-84, and metres.

    Returns
    -------
    ndarray of str, shape (n, 17)
        The point first, then 16 on its circle; ``""`` outside all districts.

    Examples
    --------
    >>> sorted(set(locate_around([121.40], [31.15], [733.0])[0].tolist()))
    ['310104', '310112']
    """
    x, y = around(lon, lat, error_m)
    return locate(x.ravel(), y.ravel()).reshape(x.shape)


def around(lon: ArrayLike, lat: ArrayLike, error_m: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points and 16 on the circle about each; arguments as in `locate_around`, two arrays of shape (n, 17) [deg].

    Examples
    --------
    >>> x, y = around([121.4], [31.15], [1113.2])
    >>> x.shape, round(float(y.max()), 3)
    ((1, 17), 31.16)
    """
    angle = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    x, y = (np.asarray(degrees, np.float64)[:, None] for degrees in (lon, lat))
    radius = np.asarray(error_m, np.float64)[:, None] / 111_320.0
    around_x = np.hstack([x, x + radius * np.cos(angle) / np.cos(np.radians(y))])
    return around_x, np.hstack([y, y + radius * np.sin(angle)])


def may_lie_within(lon: ArrayLike, lat: ArrayLike, error_m: ArrayLike) -> NDArray[np.bool_]:
    """Whether points that may be off by so much [m] may lie in Shanghai.

    Examples
    --------
    >>> may_lie_within([121.0, 120.6], [31.2, 31.3], [7000.0, 7000.0]).tolist()
    [True, False]
    """
    return np.asarray((locate_around(lon, lat, error_m) != "").any(axis=1), dtype=np.bool_)


def adcodes_of(names: pd.Series) -> pd.Series:
    """Adcode for each spelling of a district: full, short, English, former name, present or retired code.

    Parameters
    ----------
    names : Series of str

    Returns
    -------
    Series of str
        Same index; ``""`` where the spelling is not that of a district of Shanghai.

    Examples
    --------
    >>> adcodes_of(pd.Series(["浦东", "上海市浦东新区", "Pudong", "南汇", "310108", "舟山市普陀区"])).tolist()
    ['310115', '310115', '310115', '310115', '310106', '']
    """
    spellings = _spellings()
    return names.map(lambda name: spellings.get(fold(str(name)), "")).astype(str)


@cached_frame("district_outlines")
def load_outlines() -> gpd.GeoDataFrame:
    """Load the districts' outlines for drawing: on land only, simplified to about 50 m.

    Returns
    -------
    GeoDataFrame, 16 rows, EPSG:4326
        Index `adcode`; `label_lon`, `label_lat` [deg, WGS-84], the point of the land farthest from its edge, and
        `geometry`.  Counts and densities never use it.
    """
    return read_shapes("district_outlines").set_index("adcode")


def locate_coarse(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.str_]:
    """As `locate`, on the coarse independent boundaries: the cross-check of the fine ones."""
    coarse = read_shapes("district_boundaries_coarse")
    labels = np.append(coarse["adcode"].to_numpy(dtype="U6"), "")
    return labels[PolygonIndex(coarse.geometry.to_numpy()).locate_index(np.asarray(lon, float), np.asarray(lat, float))]


@cache
def _index() -> PolygonIndex:
    return PolygonIndex(load_districts().geometry.to_numpy())


@cache
def _labels() -> NDArray[np.str_]:
    return np.append(attributes().index.to_numpy(dtype="U6"), "")


@cache
def _spellings() -> dict[str, str]:
    spellings = {}
    for adcode, row in attributes().iterrows():
        stem = row["name_zh"].removesuffix("新区").removesuffix("区")
        for name in (row["name_zh"], stem, row["name_en"], f"{row['name_en']} District", str(adcode)):
            spellings[name] = str(adcode)
    for row in read_table("district_aliases", ["alias", "adcode"]).itertuples():
        for name in (row.alias, row.alias[:-1] if row.alias.endswith(("区", "县")) else row.alias):
            spellings.setdefault(name, row.adcode)
    with_city = {prefix + name: adcode for name, adcode in spellings.items() for prefix in _PREFIXES}
    return {fold(name): adcode for name, adcode in (spellings | with_city).items()}
