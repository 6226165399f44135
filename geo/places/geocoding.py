"""The enterprises that are known by park, town or district only, gathered by place."""

from functools import cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.places.districts import attributes, load_districts, load_outlines, locate
from geo.places.gazetteer import AddressParts, on_core_road, read_address, road_of, town_points
from geo.places.parks import park_points
from geo.places.towns import typical_error_m
from geo.places.zones import CORE, assign_zone, core_label, core_towns, in_core, load_zones, names_core
from geo.text import fold

PRECISIONS: Final = ("site", "road", "park", "town", "district", "none")
POINT_PRECISIONS: Final = ("site", "road")
"""Precisions fine enough for distances; the others are areas."""

CORE_HOSTS: Final = ("310115", "310120")
"""Districts that the core lies in with its roads and towns."""

OUTSIDE: Final = "outside"
"""What `place` takes for the stated district of a row that states another city."""

_PARK_ERROR_M: Final = 1500.0
"""Error taken for a park's point [m]: a judgement, its points are unverified and parks are 1 to 30 km² large."""


def place(rows: pd.DataFrame) -> pd.DataFrame:
    """Place rows by their witnesses.

    Parameters
    ----------
    rows : DataFrame
        Columns `stated` (adcode, `OUTSIDE` or ``""``), `place` (town or park as written), `address` (as written),
        `lon`, `lat` (degrees WGS-84 of the site, NaN where none is given).

    Returns
    -------
    DataFrame
        Index of `rows`; columns `adcode`, `district_basis` (``stated``, ``coordinates``, ``address`` or ``""``),
        `zone`, `town`, `park`, `lon`, `lat` [deg, WGS-84], `location_precision` (one of `PRECISIONS`),
        `location_error_m` (expected error [m], NaN where unknown), `location_conflict` (what disagrees, or ``""``),
        `location_note`, `lon_raw`, `lat_raw` (coordinates that a conflict set aside), `outside` (bool: another city).

    Examples
    --------
    >>> rows = pd.DataFrame({"stated": ["310117"], "place": [""], "address": ["新桥镇陈春公路999号"],
    ...                      "lon": [float("nan")], "lat": [float("nan")]})
    >>> place(rows).loc[0, ["adcode", "zone", "location_precision"]].tolist()
    ['310117', 'belt', 'road']
    """
    parts = [
        read_address(f"{address}" if address else where, stated if stated != OUTSIDE else "")
        for address, where, stated in zip(rows["address"], rows["place"], rows["stated"], strict=True)
    ]
    by_point = locate(rows["lon"].to_numpy(float), rows["lat"].to_numpy(float))
    has_point = rows["lon"].notna().to_numpy() & rows["lat"].notna().to_numpy()
    names = attributes()["name_zh"]
    named_core = (names_core(rows["place"]) | names_core(rows["address"])).to_numpy()
    by_road = rows["address"].map(on_core_road).to_numpy(bool) & np.array([not part.outside for part in parts], bool)
    named_core = named_core | (by_road & rows["stated"].isin(["", *CORE_HOSTS]).to_numpy())
    placed = [
        _place_one(stated, where, part, lon, lat, point, given, core, names)
        for stated, where, part, lon, lat, point, given, core in zip(
            rows["stated"], rows["place"], parts, rows["lon"], rows["lat"], by_point, has_point, named_core, strict=True
        )
    ]
    columns = [
        *("adcode", "district_basis", "town", "park", "lon", "lat", "location_precision", "location_error_m"),
        *("location_conflict", "location_note", "lon_raw", "lat_raw", "outside"),
    ]
    result = pd.DataFrame(placed, columns=columns, index=rows.index)
    as_point = result["location_precision"].isin([*POINT_PRECISIONS, "park"]).to_numpy()
    inside = in_core(result["lon"].to_numpy(float), result["lat"].to_numpy(float)) & as_point
    core = (named_core | inside | result["town"].isin(core_towns()).to_numpy()) & ~result["outside"].to_numpy()
    return _keep_named_core_together(result.assign(zone=assign_zone(result["adcode"], core)), named_core)


def _place_one(  # type: ignore[no-untyped-def]
    stated: str, where: str, part: AddressParts, lon: float, lat: float, point: str, given: bool, core: bool, names
) -> tuple:
    """One row: district by its witnesses, then the finest point within it."""
    nowhere_here = not stated and not part.adcode and not point
    if stated == OUTSIDE or (part.outside and not stated) or (given and nowhere_here):
        conflict = _conflict({"stated": stated, "coordinates": point, "address": part.adcode}, names)
        raw = (lon, lat) if given else (np.nan, np.nan)
        return ("", "", "", "", np.nan, np.nan, "none", np.nan, conflict, "", *raw, True)
    witnesses = {"stated": stated, "coordinates": point, "address": part.adcode}
    said = {basis: adcode for basis, adcode in witnesses.items() if adcode}
    if given and not point:
        said["coordinates"] = OUTSIDE
    if part.outside:
        said["address"] = OUTSIDE
    conflict = _conflict(said, names)
    if not said:
        witnesses["address"] = part.road_adcode
    basis = next((basis for basis in ("stated", "coordinates", "address") if witnesses[basis]), "")
    adcode = witnesses.get(basis, "")
    town = part.town if adcode and part.adcode == adcode else ""
    town = town or _town_in(where, adcode)
    park, park_point = _park_in(where, adcode)
    if given and point and point == adcode:
        return (adcode, basis, town, park, lon, lat, "site", 0.0, conflict, "", np.nan, np.nan, False)
    raw = (lon, lat) if given else (np.nan, np.nan)
    x, y, precision, error = _finest(part, adcode, town, park_point, core)
    return (adcode, basis, town, park, x, y, precision, error, conflict, "", *raw, False)


def _conflict(said: dict[str, str], names) -> str:  # type: ignore[no-untyped-def]
    """What the witnesses say, where they disagree."""
    said = {basis: adcode for basis, adcode in said.items() if adcode}
    if len(set(said.values())) < 2:
        return ""
    label = {"stated": "登记", "coordinates": "坐标", "address": "地址"}
    return "，".join(f"{label[basis]}：{names.get(adcode, '上海以外')}" for basis, adcode in said.items())


def _finest(
    part: AddressParts, adcode: str, town: str, park_point: tuple[float, float] | None, core: bool
) -> tuple[float, float, str, float]:
    """Point, precision and expected error [m] of the witness within a district whose expected error is smallest."""
    witnesses = []
    road = road_of(part, adcode)
    if road:
        in_range = road.min_no <= part.number <= road.max_no
        witnesses.append((road.spread_m if in_range else road.max_spread_m, road.lon, road.lat, "road"))
    if park_point:
        witnesses.append((_PARK_ERROR_M, *park_point, "park"))
    if town and (adcode, town) in town_points():
        witnesses.append((typical_error_m(), *town_points()[adcode, town], "town"))
    if not witnesses and core:
        witnesses.append((_extent_m()[CORE], *core_label(adcode), "district"))
    if not witnesses and adcode:
        witnesses.append((_extent_m()[adcode], *_district_labels()[adcode], "district"))
    if not witnesses:
        return np.nan, np.nan, "none", np.nan
    error, lon, lat, precision = min(witnesses)
    return lon, lat, precision, error


def _keep_named_core_together(result: pd.DataFrame, named_core: np.ndarray) -> pd.DataFrame:
    """A row said to be in Lingang whose road, park, town or district lies elsewhere: it counts there, the doubt stays."""
    result = result.astype({"lon": float, "lat": float, "location_error_m": float})
    as_point = result["location_precision"].isin(["road", "park", "town"]).to_numpy()
    outside_core = ~in_core(result["lon"].to_numpy(), result["lat"].to_numpy())
    astray = named_core & as_point & outside_core & ~result["town"].isin(core_towns()).to_numpy()
    if astray.any():
        result.loc[astray, "location_note"] = "登记在临港，但地址所在道路、园区或街镇不在推定范围内；按临港计"
        result.loc[astray, ["lon", "lat"]] = [core_label(adcode) for adcode in result.loc[astray, "adcode"]]
        result.loc[astray, "location_precision"] = "district"
        result.loc[astray, "location_error_m"] = _extent_m()[CORE]
    mark = locate(result["lon"].to_numpy(), result["lat"].to_numpy())
    elsewhere = named_core & (mark != "") & (result["adcode"] != "") & (mark != result["adcode"])
    result.loc[elsewhere & ~astray, "location_note"] = "登记在临港，但所在区不含临港；归属与图上位置按临港计，区按所载"
    return result


def _town_in(where: str, adcode: str) -> str:
    """Town of a district that a place name names, by its full name or by its stem alone (张江 for 张江镇)."""
    for word in where.split():
        folded = fold(word)
        for suffix in ("", "镇", "街道", "乡"):
            if adcode and (adcode, folded + suffix) in town_points():
                return folded + suffix
    return ""


def _park_in(where: str, adcode: str) -> tuple[str, tuple[float, float] | None]:
    for word in [where, *where.split()]:
        found = park_points().get(fold(word))
        if found and found[1] == adcode:
            return found[0], (found[2], found[3])
    return "", None


@cache
def _district_labels() -> dict[str, tuple[float, float]]:
    outlines = load_outlines()
    return dict(zip(outlines.index, zip(outlines["label_lon"], outlines["label_lat"], strict=True), strict=True))


@cache
def _extent_m() -> dict[str, float]:
    """Radius [m] of the circle with the area of each district and of the core: the error of knowing no more."""
    areas = load_districts()["area_km2"].to_dict() | {CORE: float(load_zones().loc[CORE, "area_km2"])}
    return {name: float(np.sqrt(area / np.pi) * 1000) for name, area in areas.items()}


AREA_PRECISIONS: Final = ("park", "town", "district")
_NAMED_BY: Final = ["park", "town", "district", "adcode", "zone"]


class AreaGroups:
    """Places that stand for an area, and the rows of the table known by each.

    Attributes
    ----------
    places : DataFrame
        One row per place: `lon`, `lat` [degrees, WGS-84], `precision`, and `park`, `town`, `district`, `adcode`,
        `zone` of its first enterprise.
    rows : ndarray of int64
        Rows of the table that are known by an area only.
    place : ndarray of int64, shape of `rows`
        Position of each one's place.

    Examples
    --------
    >>> from geo.enterprises.table import load_enterprises
    >>> areas = AreaGroups(load_enterprises())
    >>> int(areas.counts(np.ones(436, dtype=bool)).sum()) == len(areas.rows)
    True
    """

    def __init__(self, enterprises: pd.DataFrame) -> None:
        precision = pd.Categorical(enterprises["location_precision"], categories=PRECISIONS).codes
        self.rows: Final = np.flatnonzero(np.isin(precision, [PRECISIONS.index(name) for name in AREA_PRECISIONS]))
        known = pd.DataFrame(enterprises[["lon", "lat", "location_precision", *_NAMED_BY]]).iloc[self.rows]
        known = known.rename(columns={"location_precision": "precision"})
        self.place: Final = known.groupby(["lon", "lat", "precision"], sort=True).ngroup().to_numpy(np.int64)
        order = np.argsort(self.place, kind="stable")
        first = order[np.searchsorted(self.place[order], np.arange(self.place.max(initial=-1) + 1))]
        self.places: Final = known.iloc[first].reset_index(drop=True)

    def counts(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Selected enterprises of each place; `mask` has one value per row of the table."""
        return np.bincount(self.place[mask[self.rows]], minlength=len(self.places)).astype(np.int64)

    def at(self, place: int, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Rows of the selected enterprises of one place, in the order of the table."""
        rows = self.rows[self.place == place]
        return rows[mask[rows]]
