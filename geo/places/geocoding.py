"""Where an enterprise lies: the evidence of its row weighed, the best of it taken, and what is known by area only."""

from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.catalog import read_table
from geo.distance import distance_m
from geo.places.districts import adcodes_of, around, attributes, load_outlines, locate, locate_around
from geo.places.gazetteer import MAX_ROAD_ERROR_M, AddressParts, on_core_road, place_on_road, read_address, town_points
from geo.places.land import on_land
from geo.places.parks import PARK_ERROR_M, park_points
from geo.places.towns import town_errors_m
from geo.places.zones import CORE, UNPLACED, assign_zone, core_label, core_towns, in_core, names_core, says_lingang
from geo.text import fold

PRECISIONS: Final = ("site", "road", "park", "town", "district", "none")
POINT_PRECISIONS: Final = ("site", "road")
"""Precisions fine enough for distances; the others are areas."""

CORE_HOSTS: Final = ("310115", "310120")
"""Districts that the core lies in with its roads and towns."""

MAX_POINT_ERROR_M: Final = MAX_ROAD_ERROR_M
"""Error [m] from which on a point that is given is too coarse to be a site."""

OUTSIDE: Final = "outside"
"""What `place` takes for the stated district of a row that states another city."""

SURE_ERROR_M: Final = 100.0
"""A point that is off by no more decides its district by where it lies: the outlines of districts are no finer."""

ACROSS: Final = "点位误差跨区界，没有据以定区"
CORE_OPEN: Final = "点位误差跨一核边界，没有据以定一核一带"


def place(rows: pd.DataFrame) -> pd.DataFrame:
    """Place rows by their location evidence.

    Parameters
    ----------
    rows : DataFrame
        Columns `stated` (adcode, `OUTSIDE`, `CORE` where Lingang stands for a district, or ``""``), `place` (town or
        park as written), `address` (as written), `lon`, `lat` (degrees WGS-84 of the site, NaN where none is given);
        `error_m`, where there is one, is the error to be expected of `lon`, `lat` [m];
        `core`, where there is one, tells whether Lingang is stated beside the district (bool).

    Returns
    -------
    DataFrame
        Index of `rows`; columns `adcode`, `district_basis` (``stated``, ``coordinates``, ``address`` or ``""``),
        `zone`, `town`, `park`, `lon`, `lat` [deg, WGS-84], `location_precision` (one of `PRECISIONS`),
        `location_error_m` (expected error [m], NaN where unknown), `location_conflict` (what disagrees, or ``""``),
        `location_note`, `lon_raw`, `lat_raw` (coordinates that a conflict set aside), `outside` (bool: another city),
        `point_adcode` (what the given point says: an adcode, `OUTSIDE`, or ``""``).

    Notes
    -----
    A point that may be off decides a district only where all within its error lies in one; else it agrees with the one
    that the row names, where that is among them, and says nothing where it is not.  Where its error reaches across the
    edge of the core, the zone stays unplaced.

    Examples
    --------
    >>> rows = pd.DataFrame({"stated": ["310117"], "place": [""], "address": ["新桥镇陈春公路999号"],
    ...                      "lon": [float("nan")], "lat": [float("nan")]})
    >>> place(rows).loc[0, ["adcode", "zone", "location_precision"]].tolist()
    ['310117', 'belt', 'road']
    """
    text = np.where(rows["address"].to_numpy(object) != "", rows["address"], rows["place"])
    lon, lat = rows["lon"].to_numpy(float), rows["lat"].to_numpy(float)
    point = locate(lon, lat)
    given = np.isfinite(lon) & np.isfinite(lat)
    error = np.nan_to_num(np.asarray(rows.get("error_m", np.zeros(len(rows))), float))
    point, settled = _settle(rows, text, point, error)
    at = np.where(given & (point == "") & (settled != ACROSS), OUTSIDE, point)
    keys = pd.DataFrame(
        {
            "stated": rows["stated"], "where": rows["place"], "text": text, "point": point, "given": given, "error": error,
            "settled": settled, "core": rows.get("core", False) | (rows["stated"] == CORE),
        }
    ).reset_index(drop=True)  # fmt: skip
    which = keys.groupby(list(keys.columns), sort=False).ngroup().to_numpy()
    firsts = np.unique(which, return_index=True)[1] if len(which) else np.zeros(0, np.int64)
    each = keys.iloc[firsts]
    walked = {name: each[name].to_numpy(object) for name in each}  # a Series of text is slow to walk
    parts = [
        _read(text, where, "" if stated in (OUTSIDE, CORE) else stated)
        for stated, text, where in zip(walked["stated"], walked["text"], walked["where"], strict=True)
    ]
    named_core = _named_core(each, parts)
    names = attributes()["name_zh"]
    placed = [
        _place_one("" if stated == CORE else stated, where, part, point, given, core, names, error_m, settled)
        for stated, where, part, point, given, core, error_m, settled in zip(
            walked["stated"],
            walked["where"],
            parts,
            walked["point"],
            walked["given"],
            named_core,
            walked["error"],
            walked["settled"],
            strict=True,
        )
    ]
    result = pd.DataFrame(placed, columns=list(_COLUMNS)).astype(
        {"lon": float, "lat": float, "location_error_m": float}
    )
    open_roads = pd.Series([part.doubt for part in parts], dtype=object)
    unsaid = (open_roads != "") & (result["location_precision"] != "road")
    result.loc[unsaid, "location_note"] = "英文路名可能是" + open_roads[unsaid] + "，分不清，未取"
    as_point = result["location_precision"].isin([*POINT_PRECISIONS, "park"]).to_numpy()
    inside = np.zeros(len(result), bool)
    inside[as_point] = _surely_in_core(*result.loc[as_point, ["lon", "lat", "location_error_m"]].to_numpy().T)
    named = named_core | result["town"].isin(core_towns()).to_numpy()
    result = _keep_named_core_together(result.assign(core=(named | inside) & ~result["outside"]), named_core)
    result = result.iloc[which].set_axis(rows.index)
    site = (result["location_precision"] == "site").to_numpy()
    off = np.flatnonzero(site & (error > 0))
    reaches = _reaches_core(lon[off], lat[off], error[off])
    afar = site & named_core[which] & ~in_core(lon, lat)
    afar[off] &= ~reaches
    result.loc[afar, "location_note"] = "登记在临港，但坐标不在推定范围内；按临港计"
    aside = given & ~site
    result.loc[site, "lon"], result.loc[site, "lat"] = lon[site], lat[site]
    result["lon_raw"], result["lat_raw"] = np.where(aside, lon, np.nan), np.where(aside, lat, np.nan)
    on_site = site & in_core(np.where(site, lon, np.nan), np.where(site, lat, np.nan))
    on_site[off] = _surely_in_core(lon[off], lat[off], error[off])
    core = result.pop("core").to_numpy(bool) | on_site
    open_zone = off[reaches & ~core[off]]
    zone = assign_zone(result["adcode"], core)
    zone.iloc[open_zone] = UNPLACED
    note = result.columns.get_loc("location_note")
    result.iloc[open_zone, note] = [f"{said}；{CORE_OPEN}".strip("；") for said in result.iloc[open_zone, note]]
    return result.assign(zone=zone, point_adcode=at)


def _settle(
    rows: pd.DataFrame, text: NDArray[Any], point: NDArray[np.str_], error_m: NDArray[np.float64]
) -> tuple[NDArray[np.str_], NDArray[Any]]:
    """Districts of points that may be off, and what settled them: ``said`` what the row names, or `ACROSS` nothing."""
    point, settled = point.copy(), np.full(len(point), "", dtype=object)
    lon, lat = rows["lon"].to_numpy(float), rows["lat"].to_numpy(float)
    off = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & (error_m > SURE_ERROR_M))
    if not len(off):
        return point, settled
    labels = locate_around(lon[off], lat[off], error_m[off])
    across = (labels != labels[:, :1]).any(axis=1)
    off, labels = off[across], labels[across]
    point[off], settled[off] = "", ACROSS
    for row, here in zip(off, labels, strict=True):
        stated, where = rows["stated"].iat[row], rows["place"].iat[row]
        stated = "" if stated in (OUTSIDE, CORE) else stated
        part = _read(text[row], where, stated)
        said = stated or part.adcode or part.hint_adcode
        if said and said in here:
            point[row], settled[row] = said, "said"
    return point, settled


def _reaches_core(
    lon: NDArray[np.float64], lat: NDArray[np.float64], error_m: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether a part of what lies within the errors of points is the core."""
    x, y = around(lon, lat, error_m)
    return np.asarray(in_core(x.ravel(), y.ravel()).reshape(x.shape).any(axis=1), dtype=np.bool_)


_COLUMNS: Final = (
    *("adcode", "district_basis", "town", "park", "lon", "lat", "location_precision", "location_error_m"),
    *("location_conflict", "location_note", "outside"),
)


def _read(text: str, where: str, stated: str) -> AddressParts:
    """What an address says; its district from the town or park beside it where it names none itself."""
    part = read_address(text, stated)
    if part.adcode or part.outside or not where or where == text:
        return part
    beside = read_address(where, stated)
    return part._replace(adcode=beside.adcode, hint_adcode=beside.hint_adcode or part.hint_adcode)


def _named_core(rows: pd.DataFrame, parts: list[AddressParts]) -> NDArray[np.bool_]:
    """Rows that say Lingang: beside a district, by its own name, by its roads, or in short where no other is named."""
    named = rows["core"] | names_core(rows["where"]) | names_core(rows["text"])
    here = np.array([not part.outside for part in parts], bool)
    adcode = pd.Series([part.adcode or part.hint_adcode for part in parts], index=rows.index, dtype=object)
    district = rows["stated"].where(~rows["stated"].isin(["", CORE]), adcode)
    short = says_lingang(rows["where"]) | says_lingang(rows["text"]) | rows["text"].map(on_core_road).astype(bool)
    return ((named | (short & district.isin(["", *CORE_HOSTS]))) & here).to_numpy(bool)


def _surely_in_core(
    lon: NDArray[np.float64], lat: NDArray[np.float64], error_m: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether the circles of the expected errors lie in the core, as far as they lie on land."""
    inside = in_core(lon, lat)
    x, y = around(lon[inside], lat[inside], error_m[inside])
    within = in_core(x.ravel(), y.ravel()) | ~on_land(x.ravel(), y.ravel())
    inside[inside] = within.reshape(x.shape).all(axis=1)
    return inside


def _place_one(  # type: ignore[no-untyped-def]
    stated: str,
    where: str,
    part: AddressParts,
    point: str,
    given: bool,
    core: bool,
    names,
    error_m: float,
    settled: str,
) -> tuple:
    """One row: district by its evidence, then the finest point within it; its own, `error_m` off, where none is finer."""
    note = ACROSS if settled == ACROSS and stated != OUTSIDE else ""
    given = given and settled != ACROSS
    nowhere_here = not (stated or part.adcode or point or core or part.hint_adcode)
    if stated == OUTSIDE or (part.outside and not stated) or (given and nowhere_here):
        conflict = _conflict({"stated": stated, "coordinates": point, "address": part.adcode}, names)
        return ("", "", "", "", np.nan, np.nan, "none", np.nan, conflict, "", True)
    evidence = {"stated": stated, "coordinates": "" if settled else point, "address": part.adcode}
    said = {basis: adcode for basis, adcode in evidence.items() if adcode}
    if given and not point:
        said["coordinates"] = OUTSIDE
    if part.outside:
        said["address"] = OUTSIDE
    conflict = _conflict(said, names)
    if not said:
        evidence["address"] = part.hint_adcode
    basis = next((basis for basis in ("stated", "coordinates", "address") if evidence[basis]), "")
    adcode = evidence.get(basis, "")
    town = part.town if adcode and part.adcode == adcode else ""
    town = town or _town_in(where, adcode)
    park, park_point = _park_in(where, adcode)
    if not park:
        park, park_point = _park_in(part.area, adcode)
    if given and point and point == adcode:
        finer = _finest(part, adcode, town, park_point, core) if error_m else ()
        if not finer or not finer[3] < error_m:
            return (adcode, basis, town, park, np.nan, np.nan, "site", error_m, conflict, "", False)
    return (adcode, basis, town, park, *_finest(part, adcode, town, park_point, core), conflict, note, False)


def _conflict(said: dict[str, str], names) -> str:  # type: ignore[no-untyped-def]
    """What the witnesses say, where they disagree."""
    said = {basis: adcode for basis, adcode in said.items() if adcode}
    if len(set(said.values())) < 2:
        return ""
    label = {"stated": "登记", "coordinates": "坐标", "address": "地址"}
    return "，".join(f"{label[basis]}：{names.get(adcode, '上海以外')}" for basis, adcode in said.items())


def _finest(
    part: AddressParts, adcode: str, town: str, park_point: tuple[float, float, float] | None, core: bool
) -> tuple[float, float, str, float]:
    """Point, precision and expected error [m] of the evidence within a district whose expected error is smallest."""
    found = []
    on_road = place_on_road(part.road, part.number, adcode) if adcode else None
    if on_road:
        found.append((on_road[2], *on_road[:2], "road"))
    if park_point:
        found.append((max(PARK_ERROR_M, park_point[2]), *park_point[:2], "park"))
    if town and (adcode, town) in town_points():
        found.append((town_errors_m()[adcode], *town_points()[adcode, town], "town"))
    if not found and core:
        found.append((_errors_m()[CORE], *core_label(adcode), "district"))
    if not found and adcode:
        found.append((_errors_m()[adcode], *_district_labels()[adcode], "district"))
    if not found:
        return np.nan, np.nan, "none", np.nan
    error, lon, lat, precision = min(found)
    return lon, lat, precision, error


def _keep_named_core_together(result: pd.DataFrame, named_core: np.ndarray) -> pd.DataFrame:
    """A row said to be in Lingang whose road, park, town or district lies elsewhere: it counts there, the doubt stays."""
    as_point = result["location_precision"].isin(["road", "park", "town"]).to_numpy()
    outside_core = ~in_core(result["lon"].to_numpy(), result["lat"].to_numpy())
    astray = named_core & as_point & outside_core & ~result["town"].isin(core_towns()).to_numpy()
    if astray.any():
        result.loc[astray, "location_note"] = "登记在临港，但地址所在道路、园区或街镇不在推定范围内；按临港计"
        result.loc[astray, ["lon", "lat"]] = [core_label(adcode) for adcode in result.loc[astray, "adcode"]]
        result.loc[astray, "location_precision"] = "district"
        result.loc[astray, "location_error_m"] = _errors_m()[CORE]
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


def _park_in(where: str, adcode: str) -> tuple[str, tuple[float, float, float] | None]:
    for word in [where, *where.split()]:
        found = park_points().get(fold(word))
        if found and found[1] == adcode:
            return found[0], found[2:]
    return "", None


@cache
def _district_labels() -> dict[str, tuple[float, float]]:
    outlines = load_outlines()
    return dict(zip(outlines.index, zip(outlines["label_lon"], outlines["label_lat"], strict=True), strict=True))


@cache
def _errors_m() -> dict[str, float]:
    """Error of knowing no more than a district or the core [m]: half of the addresses lie nearer to its label.

    The published addresses behind the roads stand for all, each at the median point of its road.
    """
    roads = read_table("roads", ["district", "n_points", "lon_wgs84", "lat_wgs84"])
    lon, lat = (roads[name].astype(float).to_numpy() for name in ("lon_wgs84", "lat_wgs84"))
    adcodes, times = adcodes_of(roads["district"]).to_numpy(), roads["n_points"].astype(int).to_numpy()
    core = np.flatnonzero(np.isin(adcodes, CORE_HOSTS))
    within = {adcode: np.flatnonzero(adcodes == adcode) for adcode in _district_labels()}
    within[CORE] = core[in_core(lon[core], lat[core])]
    labels = _district_labels() | {CORE: core_label()}
    return {
        name: float(np.median(np.repeat(distance_m(lon[here], lat[here], *labels[name]), times[here])))
        for name, here in within.items()
    }


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
    >>> int(areas.counts(np.ones(900, dtype=bool)).sum()) == len(areas.rows)
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
