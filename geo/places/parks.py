"""Featured parks and development zones: what is published of them, and points where known."""

from functools import cache
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.catalog import cached_frame, read_table
from geo.crs import METRIC_CRS, STORAGE_CRS, points
from geo.places.districts import adcodes_of, load_districts, locate
from geo.places.gazetteer import place_on_road, read_address, town_points
from geo.places.towns import town_errors_m
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
        ``""``), `point_basis` (where the point comes from, ``""`` without one), `point_evidence` (as `evidence`),
        `location_error_m` (radius [m] within which the park is to be expected as often as not, NaN without a point),
        `listed` (bool: stands in the published catalogue) and `geometry` (point, approximate; missing where no point is known).

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
    inferred = parks["batch_basis"].str.endswith("推断")
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
            "batch": parks["batch"].where(~inferred, parks["batch"] + "（" + parks["batch_basis"] + "）"),
            "batch_source_title": parks["batch_source_title"],
            "batch_source_url": parks["batch_source_url"],
            "district_basis": parks["district_basis"],
            "listed": True,
        }
    ).join(own[_POINT_COLUMNS])
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
        }
    ).join(alone[_POINT_COLUMNS])
    table = pd.concat([listed, unlisted]).rename_axis("park_id")
    table[["point_basis", "point_evidence"]] = table[["point_basis", "point_evidence"]].fillna("")
    geometry = points(table.pop("lon"), table.pop("lat"))
    return gpd.GeoDataFrame(table, geometry=geometry, crs=STORAGE_CRS)


_POINT_COLUMNS: Final = ["lon", "lat", "point_basis", "point_evidence", "location_error_m"]

PARK_ERROR_M: Final = 1500.0
"""Least error taken for a published point of a park [m]: a judgement, they are unverified and parks are 1 to 30 km² large."""

POINT_BASES: Final = ("coordinates", "address", "town", "park")
"""What a point of a park can rest on: published coordinates, a house number, a town or another park that a source names."""

FEATURED_PARKS: Final = 53
"""Featured industrial parks (特色产业园区) that the city lists in its batches of 2020 to 2022."""


@cache
def park_points() -> dict[str, tuple[str, str, float, float, float]]:
    """Each spelling of a park with a point → (name, adcode, lon, lat, error) [deg, WGS-84; m].

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
        place = (row.name, row.adcode, row.geometry.x, row.geometry.y, row.location_error_m)
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


class PointProblem(NamedTuple):
    """A point that claims more than its evidence: its row as a spreadsheet shows it, and what is wrong."""

    row: int
    said: str


def unsupported_points(table: pd.DataFrame | None = None) -> list[PointProblem]:
    """Rows of the table of points that claim more than they bring: no basis, no place, no source, another district.

    Parameters
    ----------
    table : DataFrame of str, optional
        With the columns of ``park_points.csv``; that file when not given.

    Examples
    --------
    >>> unsupported_points()
    []
    >>> row = read_table("park_points").iloc[:1].assign(evidence="source")
    >>> unsupported_points(row)[0].said
    '说有来源而没有写明'
    """
    table = read_table("park_points") if table is None else table
    placed = _placed(table)
    near = gpd.GeoSeries(points(placed["lon"], placed["lat"]), crs=STORAGE_CRS).to_crs(METRIC_CRS)
    adcodes = adcodes_of(table["district"])
    shapes = load_districts().geometry.to_crs(METRIC_CRS)
    problems = []
    for number, (row, adcode, point, error) in enumerate(
        zip(table.itertuples(), adcodes, near, placed["location_error_m"], strict=True), start=2
    ):
        if row.basis not in ("", *POINT_BASES):
            problems.append(PointProblem(number, "点位没有这种依据"))
        elif bool(row.lon_wgs84) != (row.basis == "coordinates"):
            problems.append(PointProblem(number, "坐标与依据不符"))
        elif row.basis == "coordinates" and not row.quality:
            problems.append(PointProblem(number, "坐标没有写明质量"))
        if row.evidence == "source" and not row.source_title:
            problems.append(PointProblem(number, "说有来源而没有写明"))
        if row.basis == "town" and row.place.removesuffix("镇") not in row.address and row.evidence == "source":
            problems.append(PointProblem(number, "来源的原话没有写这个镇"))
        if row.basis in ("town", "park") and point is None:
            problems.append(PointProblem(number, "所写的镇或园区没有点位"))
        if point is not None and adcode and shapes[adcode].distance(point) > max(error, 2 * PARK_ERROR_M):
            problems.append(PointProblem(number, "点位离所在区太远"))
    return problems


def _points() -> pd.DataFrame:
    """Points of parks with their basis, evidence and error, as far as the table supports one."""
    return _placed(
        read_table("park_points", ["point_id", "name", "park_id", "district", "lon_wgs84", "basis", "place"])
    )


def _placed(table: pd.DataFrame) -> pd.DataFrame:
    lon = pd.to_numeric(table["lon_wgs84"], errors="coerce")
    lat = pd.to_numeric(table["lat_wgs84"], errors="coerce")
    given = table[lon.notna()].drop_duplicates("name").index
    hosts = {fold(table.at[row, "name"]): (lon[row], lat[row]) for row in given}
    error = pd.Series(np.where(lon.notna(), PARK_ERROR_M, np.nan), table.index)
    said = table["quality"].where(lon.notna(), "")
    for row, (basis, place, address, adcode) in enumerate(
        zip(table["basis"], table["place"], table["address"], adcodes_of(table["district"]), strict=True)
    ):
        index = table.index[row]
        if basis == "address":
            parts = read_address(address, adcode)
            road = place_on_road(parts.road, parts.number, adcode)
            if road:
                lon[index], lat[index], error[index] = road
                said[index] = f"按地址所在道路（{parts.road}）推定"
        elif basis == "town" and (adcode, place) in town_points():
            lon[index], lat[index] = town_points()[adcode, place]
            error[index], said[index] = town_errors_m()[adcode], f"按所在镇（{place}）推定"
        elif basis == "park" and fold(place) in hosts:
            lon[index], lat[index] = hosts[fold(place)]
            error[index], said[index] = 1.5 * PARK_ERROR_M, f"按所在园区（{place}）推定"
    evidence = table["evidence"].where(lon.notna(), "")
    return table.assign(lon=lon, lat=lat, point_basis=said, point_evidence=evidence, location_error_m=error)


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
