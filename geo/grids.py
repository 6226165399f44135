"""Grids of metres: Gauss–Krüger of the three Chinese geodetic datums, UTM and Web Mercator.

Metres without a declared CRS fit few grids: the digits of the easting tell zone and central meridian.  They never tell
the datum, because CGCS2000, Xian 1980 and Beijing 1954 differ by some 100 m at most; a word must name an older one.
"""

import re
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import pyproj
from numpy.typing import ArrayLike

from geo.crs import Coordinates

UNSHIFTED: Final = {
    "beijing1954": "北京 1954 到 WGS-84 的换算参数在上海没有公布，没有换算，点位可偏约 ±70 米",
    "xian1980": "西安 1980 到 WGS-84 的换算参数在上海没有公布，没有换算，点位可偏几十米",
}
"""Datum → what is said of its places: the shift to WGS-84 is not published for Shanghai, so none is made."""

UNSHIFTED_ERROR_M: Final = 70.0
"""Error [m] of such places."""

_AROUND: Final = (114.0, 27.0, 123.0, 36.0)
"""West, south, east, north [degrees] of the Yangtze delta: metres that lead elsewhere are of another grid."""

_LEAST_AROUND: Final = 0.8
"""Share [1] of the points that a grid must bring there."""

_ZONE_REACH_DEG: Final = 3.5
"""How far [degrees] from its central meridian a zone is used."""

_SAMPLE: Final = 2000
"""Points that are tried before all are brought to degrees."""

_BARE: Final = {
    "cgcs2000": (4528, 4529, 4499, 4549, 4550),
    "xian1980": (2364, 2365, 2335, 2385, 2386),
    "beijing1954": (2416, 2417, 21421, 2437, 2438),
}
"""Datum → its grids around Shanghai: zones 40 and 41 of 3°, 21 of 6°, then meridians 120° and 123° without a zone."""

_CODES: Final = {"cgcs2000": (4513, 4491, 4534), "xian1980": (2349, 2327, 2370), "beijing1954": (2401, 21413, 2422)}
"""Datum → EPSG code of zone 25 of 3°, of zone 13 of 6°, and of meridian 75° without a zone."""

_OTHERS: Final = (32651, 3857)
_NAMES: Final = {
    "beijing1954": r"(?:北京|beijing|bj)[\W_]*(?:19)?54|(?:19)?54年?[\W_]*北京|(?:^|\D)54坐标",
    "xian1980": r"(?:西安|xi'?an|国家)[\W_]*(?:19)?80|(?:19)?80年?[\W_]*(?:西安|国家)|(?:^|\D)80坐标",
    "cgcs2000": r"cgcs|(?:国家|大地)[\W_]*2000|2000[\W_]*(?:国家|大地|坐标)|china_?[\W_]?geodetic_?[\W_]?coordinate",
}


class Grid(NamedTuple):
    """A grid of metres: EPSG code (``"EPSG:4528"``; its name where it has none), name, datum as `datum_named` has it."""

    code: str
    name: str
    datum: str

    @property
    def label(self) -> str:
        """Code and name, as reports have them."""
        return f"{self.code} {self.name}" if self.code != self.name else self.name


def datum_named(text: str) -> str:
    """Geodetic datum that a text names: ``cgcs2000``, ``xian1980``, ``beijing1954`` or ``""``.

    Examples
    --------
    >>> datum_named("西安80_X"), datum_named("Beijing 1954 / 3-degree Gauss-Kruger CM 120E"), datum_named("X坐标")
    ('xian1980', 'beijing1954', '')
    """
    return next((datum for datum, pattern in _NAMES.items() if re.search(pattern, text, re.IGNORECASE)), "")


def grid_of(crs: Any) -> Grid:
    """The grid, or the geographic CRS, that a file declares; without a datum where it brings its own shift.

    Parameters
    ----------
    crs : pyproj.CRS or what makes one

    Examples
    --------
    >>> grid_of("EPSG:2437")
    Grid(code='EPSG:2437', name='Beijing 1954 / 3-degree Gauss-Kruger CM 120E', datum='beijing1954')
    """
    crs = pyproj.CRS(crs)
    own = crs.source_crs if crs.is_bound and crs.source_crs is not None else crs
    geodetic = own.geodetic_crs
    datum = datum_named(f"{own.name} {geodetic.name if geodetic else ''} {geodetic.datum if geodetic else ''}")
    number = _gauss_kruger(own, datum or "cgcs2000") or own.to_epsg()
    known = pyproj.CRS(number) if number else own
    name = "".join(filter(str.isprintable, known.name))[:80]
    datum = "" if crs.is_bound else datum or datum_named(name)
    return Grid(f"EPSG:{number}" if number else name, name, datum)


def declares_wgs84(crs: Any) -> bool:
    """Whether a CRS is degrees of WGS-84, as a file declares it.

    Examples
    --------
    >>> declares_wgs84("EPSG:4326"), declares_wgs84("EPSG:4490"), declares_wgs84("EPSG:3857"), declares_wgs84(None)
    (True, False, False, False)
    """
    if crs is None:
        return False
    known = pyproj.CRS(crs)
    return bool(known.is_geographic and not known.is_bound and "World Geodetic System 1984" in str(known.datum))


def _gauss_kruger(crs: pyproj.CRS, datum: str) -> int:
    """EPSG code of a Gauss–Krüger grid of China by its parameters, 0 for another; vendors name theirs as they like.

    A grid on WGS-84 has the numbers of CGCS2000.
    """
    if not crs.is_projected:
        return 0
    about = crs.to_cf()
    meridian, easting = about.get("longitude_of_central_meridian", 0.0), about.get("false_easting", 0.0)
    zone, rest = divmod(easting, 1_000_000)
    if (
        about.get("grid_mapping_name") != "transverse_mercator"
        or about.get("scale_factor_at_central_meridian") != 1
        or about.get("latitude_of_projection_origin") != 0
        or (rest, meridian % 3) != (500_000, 0)
        or not 75 <= meridian <= 135
        or crs.axis_info[0].unit_conversion_factor != 1
    ):
        return 0
    by_zone, by_wide_zone, by_meridian = _CODES[datum]
    if not zone:
        return by_meridian + int(meridian - 75) // 3
    if zone * 3 == meridian:
        return by_zone + int(zone) - 25
    return by_wide_zone + int(zone) - 13 if zone * 6 - 3 == meridian else 0


def unproject(x: ArrayLike, y: ArrayLike, crs: Any) -> Coordinates:
    """Degrees of metres, in the geodetic datum of their own grid; no shift between datums is made.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Easting and northing [m]; NaN stays NaN.
    crs : pyproj.CRS or what makes one
        One that brings its own shift (``TOWGS84``) is followed to WGS-84.

    Returns
    -------
    lon, lat : ndarray, shape (n,)
        Degrees; NaN where a point is out of reach.

    Examples
    --------
    >>> lon, lat = unproject([40638254.487], [3454916.614], 4528)
    >>> round(float(lon[0]), 3), round(float(lat[0]), 3)
    (121.451, 31.208)
    """
    crs = pyproj.CRS(crs)
    to = "EPSG:4326" if crs.is_bound else crs.to_2d().geodetic_crs
    transformer = _transformer(crs.to_wkt(), to if isinstance(to, str) else to.to_wkt())
    lon, lat = transformer.transform(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
    out = ~(np.isfinite(lon) & np.isfinite(lat))
    return np.where(out, np.nan, lon), np.where(out, np.nan, lat)


def grid_candidates(x: ArrayLike, y: ArrayLike, datum: str = "") -> dict[Grid, Coordinates]:
    """Grids that metres without a declared CRS can be of, and their degrees.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Easting and northing [m] in either order (surveyors call the northing X); NaN stays NaN.
    datum : {"", "cgcs2000", "xian1980", "beijing1954"}
        Geodetic datum that a header or the file names; CGCS2000, the one in force since 2008, when nothing does.

    Returns
    -------
    dict
        Grid → lon, lat [degrees, shape (n,)] taken as WGS-84; empty when the numbers are no metres around Shanghai.
        More than one where the numbers alone do not tell, as Gauss–Krüger and UTM about 123°: districts and roads
        separate those (`geo.ingest.datum.judge_metres`).

    Examples
    --------
    >>> found = grid_candidates([3454916.614, 3462051.088], [40638254.487, 40651675.678])
    >>> [(grid.code, lon.round(2).tolist()) for grid, (lon, _) in found.items()]
    [('EPSG:4528', [121.45, 121.59])]
    >>> grid_candidates([121.47], [31.23])
    {}
    """
    first, second = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    known = np.isfinite(first) & np.isfinite(second)
    if not known.any() or np.median(np.hypot(first[known], second[known])) < 1e6:
        return {}
    first, second = np.where(known, first, np.nan), np.where(known, second, np.nan)
    some = np.flatnonzero(known)[:_SAMPLE]
    found: dict[Grid, Coordinates] = {}
    for number in (*_BARE[datum or "cgcs2000"], *(() if datum else _OTHERS)):
        for east, north in ((first, second), (second, first)):
            lon, lat = unproject(east[some], north[some], number)
            west, south, limit_east, limit_north = _AROUND
            around = np.abs(lon - _meridian(number)) <= _ZONE_REACH_DEG
            around &= (lon >= west) & (lon <= limit_east) & (lat >= south) & (lat <= limit_north)
            if around.mean() >= _LEAST_AROUND:
                found[grid_of(number)] = unproject(east, north, number)
                break
    return found


@cache
def _meridian(number: int) -> float:
    """Central meridian of a grid [degrees]; for Web Mercator, which has none, the middle of the delta."""
    return float(pyproj.CRS(number).to_cf().get("longitude_of_central_meridian", 120.0))


@cache
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)
