"""Which datum the coordinates of a file are in: WGS-84, GCJ-02 or BD-09, or that the evidence cannot tell.

Two witnesses, each a log-likelihood per datum.  *Districts*: the share of points that lie in their stated district
and on land; only the points for which the datums differ, those near a border, separate them.  *Roads*: the offset of
the points from the points of the roads that their addresses name, one per road; GCJ-02 shifts all by about 0.5 km in
one direction, BD-09 by about 1.1 km.  A header that names a datum is a third.  The best datum is the verdict when its
odds against each other one exceed `ODDS`; a wrong verdict is worse than none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.crs import DATUMS, Coordinates, Datum, to_wgs84
from geo.grids import UNSHIFTED, Grid, datum_named, grid_candidates
from geo.ingest.values.columns import datum_of
from geo.places.districts import locate
from geo.places.gazetteer import AddressParts, roads
from geo.places.land import on_land
from geo.text import fold

ODDS: Final = 1000.0
"""Odds that the best datum must have against each other one."""

HEADER_ODDS: Final = 3000.0
"""What a header that names the datum is worth: enough alone, not against clear evidence."""

LIKELY: Final = 3.0
"""Odds of another datum from which on the evidence speaks against one."""

FORMAT_ODDS: Final = 30.0
"""What a format whose definition names the datum is worth: points copied from a map of another stand in it, too."""

MISPLACED: Final = 0.05
"""Least share [1] of points near a border taken to be stated in the district across it."""

LEAST_SCORE: Final = 0.8
"""Share [1] of points in their stated district below which no datum fits."""

DECLARED_ERROR_M: Final = 1100.0
"""Error [m] of points that a file declares WGS-84 and nothing tells otherwise: as far as BD-09 lies off in Shanghai."""

LEAST_ROADS: Final = 8
"""Fewer roads say nothing about an offset."""

ROAD_SPREAD_M: Final = 650.0
"""Least spread [m] taken for the offsets of single roads."""

LIKELY_OFFSET_M: Final = 250.0
"""Offset [m] from the roads that a right datum does not exceed."""

_DATUM_TITLE: Final = re.compile(
    r"(?:坐标|坐标点|经纬度|定位)?(?:的)?(?:坐标系统?|坐标类型|坐标基准|坐标体系|大地基准|基准面)(?:类型|名称)?|datum|crs|srs|coord(?:inate)?s?_?(?:type|sys(?:tem)?)"
)
"""Title of a column that names the datum of its row."""

DECLARED: Final = (
    "坐标系没有证据可核，照文件声明的 WGS-84 取用；若来自高德、腾讯或百度，点位可偏 0.5–1.1 千米，请写明坐标系"
)
BY_COLUMN: Final = "坐标系逐行按这一列所写"
NOT_NAMED: Final = "这一行没有写明坐标系，坐标没有采用"
NOT_CONVERTED: Final = "这一行写的坐标系没有可靠的换算（如西安80、北京54），坐标没有采用"
UNDETERMINED: Final = "undetermined"
DECLARED_DATUM: Final = "declared"
"""Verdict on points that count as the WGS-84 that their file declares, though nothing tells whether they are."""

NO_DATUM: Final = "none"
_DEGREE_M: Final = 111_320.0


@dataclass(frozen=True)
class Verdict:
    """The datum of a file and its evidence.

    `verdict` is one of `DATUMS`, ``declared``, ``undetermined`` or ``none``; `basis` one of ``evidence``, ``header``, ``given`` or
    ``""``; `scores` the share [1] of the `n` points with a known district that lie in it under each datum; `log_odds`
    the natural logarithm of each datum's likelihood against the best; `roads` the number of roads compared and
    `offset_m` the median offset [m] from them.  Points of metres have their grid in `grid`; where that is one of a
    national datum and the evidence does not say GCJ-02 or BD-09, `verdict` is its EPSG code.  `may_be_wgs84` tells, of
    points that remain undetermined, that nothing speaks against WGS-84.
    """

    verdict: str
    basis: str = ""
    scores: dict[str, float] = field(default_factory=dict)
    n: int = 0
    log_odds: dict[str, float] = field(default_factory=dict)
    roads: int = 0
    offset_m: dict[str, float] = field(default_factory=dict)
    warning: str = ""
    grid: str = ""
    may_be_wgs84: bool = False

    @property
    def datum(self) -> Datum | None:
        """Member of `DATUMS` that the degrees are in, None where that is not known."""
        if self.verdict in (UNDETERMINED, NO_DATUM):
            return None
        return next((datum for datum in DATUMS if datum == self.verdict), "wgs84")

    @property
    def label(self) -> str:
        """Verdict and grid in one, the grid by its name."""
        if not self.grid or self.grid.startswith(self.verdict):
            return self.grid or self.verdict
        return f"{self.verdict}（{self.grid}）"

    def as_dict(self) -> dict[str, Any]:
        """What JSON can hold."""
        return {
            "verdict": self.verdict, "basis": self.basis, "scores": self.scores, "n": self.n,
            "log_odds": self.log_odds, "roads": self.roads, "offset_m": self.offset_m, "warning": self.warning,
            "grid": self.grid,
        }  # fmt: skip


def judge(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    adcodes: NDArray[Any],
    parts: list[AddressParts] | None = None,
    *,
    header: str = "",
    given: str = "",
    grid: Grid | None = None,
    defined: str = "",
) -> Verdict:
    """Judge the datum of a file.

    Parameters
    ----------
    lon, lat : ndarray, shape (n,)
        Degrees as the file has them, NaN where it has none.
    adcodes : ndarray of str, shape (n,)
        District stated for each row, or named by its address; ``""`` where none.
    parts : list of AddressParts, length n, optional
        What the addresses say; without them the roads are no witness.
    header : str
        Datum that the headers name, or ``""``.
    given : str
        Datum that the operator has named, or ``""``; it is the verdict, whatever the evidence.
    grid : Grid, optional
        Grid of metres, or declared CRS, that the degrees come from: one of a national datum is worth a header.
    defined : str
        Datum that the definition of the file's format names, as WGS-84 for KML and GPX, or ``""``.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> judge(np.array([121.47]), np.array([31.23]), np.array(["310101"])).verdict
    'undetermined'
    """
    known = np.isfinite(lon) & np.isfinite(lat)
    if not known.any():
        return Verdict(NO_DATUM)
    surveyed = grid is not None and grid.datum != ""
    header = header or ("wgs84" if surveyed else "")
    converted = {datum: to_wgs84(lon[known], lat[known], datum) for datum in DATUMS}
    scores, n, likelihood, mixed = _districts(converted, adcodes[known].astype("U6"))
    compared, offsets, by_roads = _roads(converted, adcodes[known], _known_parts(parts, known))
    total = {datum: likelihood[datum] + by_roads[datum] for datum in DATUMS}
    weights = {
        datum: np.log(HEADER_ODDS if datum == header else FORMAT_ODDS if datum == defined else 1) for datum in DATUMS
    }
    supported = {datum: total[datum] + weights[datum] for datum in DATUMS}
    best = max(DATUMS, key=supported.__getitem__)
    margin = supported[best] - max(value for datum, value in supported.items() if datum != best)

    def fits(datum: str) -> bool:
        in_place = not n or scores[datum] >= LEAST_SCORE
        return in_place and (compared < LEAST_ROADS or offsets[datum] <= LIKELY_OFFSET_M) and not mixed[datum]

    decided = margin >= np.log(ODDS) and fits(best)
    alone = header == best and total[best] - max(v for d, v in total.items() if d != best) < np.log(ODDS)
    verdict, basis = (best, "header" if alone else "evidence") if decided else (UNDETERMINED, "")
    warning = ""
    if given:
        if verdict not in (given, UNDETERMINED):
            warning = f"指定的坐标系是 {given}，而证据指向 {verdict}"
        verdict, basis = given, "given"
    if grid is not None and surveyed and verdict == "wgs84":
        verdict = grid.code
        warning = warning or UNSHIFTED.get(grid.datum, "")
    return Verdict(
        verdict, basis, {datum: round(scores[datum], 4) for datum in DATUMS} if n else {}, n,
        {datum: round(float(supported[datum] - supported[best]), 2) for datum in DATUMS},
        compared, {datum: round(offsets[datum], 0) for datum in DATUMS} if compared else {}, warning,
        grid.label if grid is not None else "",
        fits("wgs84") and bool(total["wgs84"] > max(total.values()) - np.log(LIKELY)),
    )  # fmt: skip


def datums_of_rows(table: pd.DataFrame) -> pd.Series | None:
    """Datum that each row names in a column for it (坐标系, coord_type), ``""`` where it names none.

    Returns
    -------
    Series of str, or None
        Members of `DATUMS`, and what `geo.grids.datum_named` calls others; None where no column names any.

    Examples
    --------
    >>> datums_of_rows(pd.DataFrame({"坐标系": ["GCJ-02", "百度坐标", None]})).tolist(), datums_of_rows(pd.DataFrame({"x": ["1"]}))
    (['gcj02', 'bd09', ''], None)
    """
    for title in table.columns:
        if _DATUM_TITLE.fullmatch(fold(str(title))):
            named = table[title].fillna("").astype("str").map(_datum_written)
            if named.ne("").any():
                return named
    return None


def _datum_written(text: str) -> str:
    """Datum that a cell names, as `datum_of` has it; that of surveyors under its own name, CGCS2000 as the WGS-84 it is."""
    surveyed = datum_named(text)
    return datum_of(text) or ("wgs84" if surveyed == "cgcs2000" else surveyed)


def by_datum(lon: NDArray[np.float64], lat: NDArray[np.float64], named: pd.Series) -> Coordinates:
    """Degrees in WGS-84 of points each in its own datum, NaN where `named` has none."""
    x, y = np.full(len(lon), np.nan), np.full(len(lat), np.nan)
    for datum in DATUMS:
        rows = np.isfinite(lon) & (named == datum).to_numpy()
        x[rows], y[rows] = to_wgs84(lon[rows], lat[rows], datum)
    return x, y


def choose_grid(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    adcodes: NDArray[Any],
    parts: list[AddressParts] | None = None,
    *,
    named: str = "",
) -> tuple[Grid | None, Coordinates]:
    """Choose the grid of metres whose CRS nobody declared.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Easting and northing [m] in either order, NaN where the file has none.
    adcodes, parts
        As for `judge`: where the numbers fit several grids, the districts and roads decide with the odds of a datum.
    named : str
        Geodetic datum that headers name, see `geo.grids.datum_named`.

    Returns
    -------
    grid : Grid or None
        None where no grid fits, or the evidence does not tell which.
    lon, lat : ndarray, shape (n,)
        Degrees for `judge`, NaN without a grid.

    Examples
    --------
    >>> grid, (lon, lat) = choose_grid(np.array([3454916.6]), np.array([40638254.5]), np.array(["310104"]))
    >>> grid.code, round(float(lon[0]), 3)
    ('EPSG:4528', 121.451)
    """
    nowhere = np.full(len(x), np.nan)
    found = grid_candidates(x, y, named)
    if not found:
        return None, (nowhere, nowhere)
    best = next(iter(found))
    if len(found) > 1:
        known = np.isfinite(x) & np.isfinite(y)
        converted = {grid: (lon[known], lat[known]) for grid, (lon, lat) in found.items()}
        _, _, districts, _ = _districts(converted, adcodes[known].astype("U6"))
        _, _, by_roads = _roads(converted, adcodes[known], _known_parts(parts, known))
        total = {grid: districts[grid] + by_roads[grid] for grid in found}
        best, second = sorted(found, key=total.__getitem__, reverse=True)[:2]
        if total[best] - total[second] < np.log(ODDS):
            return None, (nowhere, nowhere)
    return best, found[best]


def _districts(
    converted: Mapping[Any, Coordinates], adcodes: NDArray[np.str_]
) -> tuple[dict[Any, float], int, dict[Any, float], dict[Any, bool]]:
    """Scores, number of points, log-likelihoods, and whether a datum loses too many points to another."""
    stated = adcodes != ""
    n = int(stated.sum())
    hits: dict[Any, NDArray[np.bool_]] = {}
    for datum, (x, y) in converted.items():
        hits[datum] = ((locate(x, y) == adcodes) & on_land(x, y))[stated]
    scores = {datum: float(hit.mean()) if n else 0.0 for datum, hit in hits.items()}
    miss = min(0.5, max(MISPLACED, 1 - max(scores.values())))
    worth = np.log((1 - miss) / miss)
    likelihood = {datum: float(hit.sum() * worth) for datum, hit in hits.items()}
    mixed: dict[Any, bool] = {}
    for datum in hits:
        lost = [int((hits[other] & ~hits[datum]).sum()) for other in hits if other != datum]
        won = [int((hits[datum] & ~hits[other]).sum()) for other in hits if other != datum]
        mixed[datum] = any(gone > 2 and gone > 0.3 * gain for gone, gain in zip(lost, won, strict=True))
    return scores, n, likelihood, mixed


def _roads(
    converted: Mapping[Any, Coordinates], adcodes: NDArray[Any], parts: list[AddressParts]
) -> tuple[int, dict[Any, float], dict[Any, float]]:
    """Roads compared, median offset [m] and log-likelihood per datum; by Student's t, a stray road counts little."""
    unknown: dict[Any, float] = dict.fromkeys(converted, np.nan)
    even: dict[Any, float] = dict.fromkeys(converted, 0.0)
    if not parts:
        return 0, unknown, even
    known = roads()
    rows, at = [], []
    for row, (part, adcode) in enumerate(zip(parts, adcodes, strict=True)):
        road = known.get(part.road, {}).get(adcode) if part.road and part.number else None
        if road and road.min_no <= part.number <= road.max_no:
            rows.append(row)
            at.append((road.lon, road.lat))
    if not rows:
        return 0, unknown, even
    keys = pd.MultiIndex.from_tuples(at)
    points = np.array(at)
    east_scale = _DEGREE_M * np.cos(np.radians(points[:, 1]))
    offsets: dict[Any, float] = {}
    likelihood: dict[Any, float] = {}
    compared = 0
    for datum, (x, y) in converted.items():
        east, north = (x[rows] - points[:, 0]) * east_scale, (y[rows] - points[:, 1]) * _DEGREE_M
        per_road = pd.DataFrame({"east": east, "north": north}).groupby(keys).median().to_numpy()
        per_road = per_road[np.hypot(*per_road.T) < 5000]
        compared = max(compared, len(per_road))
        if len(per_road) < LEAST_ROADS:
            return len(per_road), unknown, even
        centre = np.median(per_road, axis=0)
        spread = np.maximum(1.4826 * np.median(np.abs(per_road - centre), axis=0), ROAD_SPREAD_M)
        error = 1.2533 * spread / np.sqrt(len(per_road))
        offsets[datum] = float(np.hypot(*centre))
        likelihood[datum] = float(_log_t(centre / np.hypot(error, 60.0)).sum())
    return compared, offsets, likelihood


def _log_t(z: NDArray[np.float64], freedom: float = 6.0) -> NDArray[np.float64]:
    """Logarithm of Student's density, up to a constant."""
    return np.asarray(-(freedom + 1) / 2 * np.log1p(z**2 / freedom), dtype=np.float64)


def _known_parts(parts: list[AddressParts] | None, known: NDArray[np.bool_]) -> list[AddressParts]:
    return [part for part, keep in zip(parts, known, strict=True) if keep] if parts else []
