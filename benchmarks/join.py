"""Which polygon holds each point: `geo.index.point_in_polygon` beside GeoPandas, Shapely, SedonaDB and DuckDB."""

import tracemalloc
from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks import MISSING, Line, peer, timed
from benchmarks.synthetic import points, towns
from geo.index.point_in_polygon import PolygonIndex, warm
from geo.places.districts import load_districts

PEER_ROWS = 1_000_000  # the peers' number of points, for which the bounds are stated
DISTRICT_BOUNDS = {"geopandas sjoin within": 300, "geopandas sjoin default": 1000, "sedonadb": 20}
TOWN_BOUNDS = {"geopandas sjoin within": 100, "geopandas sjoin default": 100}


def by_shapely(shapes: list[Any], lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
    """Locate by a loop over prepared polygons, each asked only for the points in its box."""
    answer = np.full(len(lon), -1)
    for position in reversed(range(len(shapes))):
        west, south, east, north = shapes[position].bounds
        near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        shapely.prepare(shapes[position])
        answer[near[shapely.intersects_xy(shapes[position], lon[near], lat[near])]] = position
    return answer


def by_geopandas(frame: gpd.GeoDataFrame, polygons: gpd.GeoDataFrame, predicate: str) -> gpd.GeoDataFrame:
    """Join with GeoPandas."""
    return gpd.sjoin(frame, polygons, predicate=predicate)


def by_sedona(frame: gpd.GeoDataFrame, polygons: gpd.GeoDataFrame) -> float | str:
    """Time of SedonaDB's join over a view of points."""
    sedonadb = peer("sedonadb")
    if sedonadb is None:
        return MISSING
    session = sedonadb.connect()
    session.create_data_frame(frame).to_view("points")
    session.create_data_frame(polygons).to_view("polygons")
    query = "SELECT p.i, d.j FROM points p JOIN polygons d ON ST_Intersects(d.geometry, p.geometry)"
    return timed(lambda: session.sql(query).to_memtable(), repeat=3)


def by_duckdb(lon: NDArray[np.float64], lat: NDArray[np.float64], polygons: gpd.GeoDataFrame) -> float | str:
    """Time of DuckDB's join, where its spatial extension can be loaded."""
    duckdb = peer("duckdb")
    if duckdb is None:
        return MISSING
    connection = duckdb.connect()
    try:
        connection.install_extension("spatial")
        connection.load_extension("spatial")
    except duckdb.Error:
        return "extension not installed"
    connection.register("xy", {"x": lon, "y": lat})
    connection.register("wkb", polygons.assign(wkb=polygons.geometry.to_wkb())[["j", "wkb"]])
    connection.execute("CREATE TABLE points AS SELECT ST_Point(x, y) AS g FROM xy")
    connection.execute("CREATE TABLE polygons AS SELECT j, ST_GeomFromWKB(wkb) AS g FROM wkb")
    query = "SELECT d.j FROM points p JOIN polygons d ON ST_Intersects(d.g, p.g)"
    return timed(lambda: connection.execute(query).fetchnumpy(), repeat=1, warm=False)


def built(shapes: list[Any]) -> PolygonIndex:
    """The index with its raster, which is otherwise built with the first call that has many points."""
    return PolygonIndex(shapes).build()


def measure(rows: int) -> Iterator[Line]:
    """Measure 16 districts and 319 town-like polygons."""
    warm()
    n = min(rows, PEER_ROWS)
    lon, lat = points(n)
    everyone = points(rows)
    frame = gpd.GeoDataFrame({"i": np.arange(n)}, geometry=gpd.points_from_xy(lon, lat), crs=4326)
    for shapes, name, bounds in (
        (list(load_districts().geometry), "districts", DISTRICT_BOUNDS),
        (towns(), "town-like polygons", TOWN_BOUNDS),
    ):
        polygons = gpd.GeoDataFrame({"j": np.arange(len(shapes))}, geometry=shapes, crs=4326)
        index = built(shapes)
        what = f"point → polygon, {n:,} points, {len(shapes)} {name}"
        yield Line(
            what,
            timed(index.locate_index, lon, lat, repeat=51),
            peers={
                "geopandas sjoin within": timed(by_geopandas, frame, polygons, "within", repeat=3, warm=False),
                "geopandas sjoin default": timed(by_geopandas, frame, polygons, "intersects", repeat=1, warm=False),
                "shapely prepared loop": timed(by_shapely, shapes, lon, lat, repeat=3),
                "sedonadb": by_sedona(frame, polygons),
                "duckdb spatial": by_duckdb(lon, lat, polygons),
            },
            at_least={} if n < PEER_ROWS else bounds,
        )
        wrong = np.count_nonzero(index.locate_index(*everyone) != by_shapely(shapes, *everyone))
        yield Line(f"… answers unlike shapely's, {rows:,} points, {name}", float(wrong), "points", at_most=0)
        yield Line(f"… building the index, {name}", timed(built, shapes, repeat=3))
        tracemalloc.start()
        answer = index.locate_index(*everyone)
        beside = (tracemalloc.get_traced_memory()[1] - answer.nbytes) / 1e6
        tracemalloc.stop()
        yield Line(f"… memory beside the answer, {rows:,} points, {name}", beside, "MB", at_most=1)
