"""Vector tiles, read back by GDAL's own driver: where the points lie, what they say, and that no tile grows too large."""

import json
import subprocess
import sys

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.server import datasets as served
from app.server.asgi import ROUTES
from app.server.tiles import VECTOR_TILE_COLUMNS
from geo.datasets.dataset import load_dataset
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.filters.filters import Filters
from geo.index.morton import BITS
from geo.index.vector_tiles import GRID_BITS, MAX_TILE_POINTS

ROWS = 6000
READER = """
import json, sys
import geopandas, pyogrio

file, found = sys.argv[1], {}  # z/x/y.mvt: the driver takes the place of the tile from its path
for layer in pyogrio.list_layers(file)[:, 0].tolist():
    frame = pyogrio.read_dataframe(file, layer=layer, CLIP="NO").to_crs(4326)
    rows = frame.drop(columns="geometry").astype(object).where(frame.drop(columns="geometry").notna(), None)
    points = frame.geometry.explode()
    found[layer] = {"rows": rows.to_dict("records"), "lon": points.x.tolist(), "lat": points.y.tolist()}
json.dump(found, sys.stdout)
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "set"
    write_demo(ROWS, folder)
    return open_dataset(folder)


@pytest.fixture(scope="module")
def client():
    return TestClient(Starlette(routes=ROUTES))


@pytest.fixture
def read(client, tmp_path):
    """Gives the layers of a tile as GDAL reads them, in a process of its own: the product leaves it a few drivers only."""

    def read(key, z, x, y, **query):
        answer = client.get(f"/tiles/{key}/{z}/{x}/{y}.mvt", params=query)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/vnd.mapbox-vector-tile")
        file = tmp_path / str(z) / str(x) / f"{y}.mvt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(answer.content)
        command = [sys.executable, "-c", READER, str(file)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return read


def tiles_at(store, z):
    """Occupied tiles of a zoom, and how many points each holds."""
    shift = np.uint32(BITS - z)
    return np.unique(np.stack([store.x >> shift, store.y >> shift], axis=1), axis=0, return_counts=True)


def fullest_tile(store, z):
    """The tile of a zoom that holds most points, and how many."""
    tiles, counts = tiles_at(store, z)
    return tiles[counts.argmax()].tolist(), counts.max()


def test_a_tile_of_few_holds_each_at_its_place_with_its_properties(data, read):
    key = served.serve(data)
    tiles, counts = tiles_at(data.facet_index, 13)
    x, y = map(int, tiles[np.argmax(np.where(counts <= MAX_TILE_POINTS, counts, 0))])
    found = read(key, 13, x, y)
    assert set(found) == {"enterprises"}
    rows = {row["enterprise_id"]: row for row in found["enterprises"]["rows"]}
    table = data.enterprises.loc[list(rows)]
    assert len(rows) == counts.max()
    assert table["location_precision"].isin(["site", "road"]).all()
    tolerance = 360 / 2**13 / 4096  # a unit of the tile, in degrees
    assert np.allclose(found["enterprises"]["lon"], table["lon"], atol=tolerance)
    assert np.allclose(found["enterprises"]["lat"], table["lat"], atol=tolerance)
    for name in ("name", "industry", "zone", "adcode", "location_precision"):
        assert [row[name] or "" for row in rows.values()] == table[name].tolist()
    assert {name for row in rows.values() for name in row} <= {*VECTOR_TILE_COLUMNS, "mvt_id"}


def test_every_point_is_in_exactly_one_tile_at_every_zoom(client, data):
    key, store = served.serve(data), data.facet_index
    for z in (5, 9, 14, 17, 22):
        tiles, counts = tiles_at(store, z)
        for (x, y), n in list(zip(tiles.tolist(), counts.tolist(), strict=True))[:20]:
            tile = client.get(f"/tiles/{key}/{z}/{x}/{y}.mvt").content
            assert (b"enterprises" in tile) == (n <= MAX_TILE_POINTS)
            assert (b"counts" in tile) == (n > MAX_TILE_POINTS)


def test_a_tile_of_many_counts_them_in_a_bounded_number_of_squares(data, read):
    key, store = served.serve(data), data.facet_index
    (x, y), inside = fullest_tile(store, 8)
    assert inside > MAX_TILE_POINTS
    found = read(key, 8, x, y)
    assert set(found) == {"counts"}
    counted = [row["count"] for row in found["counts"]["rows"]]
    assert sum(counted) == inside
    assert len(counted) <= (1 << GRID_BITS) ** 2
    middle = np.average(found["counts"]["lon"], weights=counted), np.average(found["counts"]["lat"], weights=counted)
    fine = data.enterprises[data.enterprises["location_precision"].isin(["site", "road"])]
    assert middle == pytest.approx((fine["lon"].mean(), fine["lat"].mean()), abs=360 / 2**8 / (1 << GRID_BITS))


def test_filters_select_what_a_tile_holds(data, read):
    key = served.serve(data)
    (x, y), _ = fullest_tile(data.facet_index, 8)
    filters = Filters(industry=("aviation",), district=("310115",))
    fine = data.select(filters)
    wanted = [*fine.index[fine["location_precision"].isin(["site", "road"])]]
    assert 0 < len(wanted) <= MAX_TILE_POINTS
    found = read(key, 8, x, y, industry="aviation", district="310115")
    assert sorted(row["enterprise_id"] for row in found["enterprises"]["rows"]) == sorted(wanted)


def test_the_sample_is_never_counted_and_an_empty_tile_is_empty(client, read):
    found = read("builtin", 0, 0, 0)
    fine = load_dataset().enterprises["location_precision"].isin(["site", "road"]).sum()
    assert len(found["enterprises"]["rows"]) == fine
    empty = client.get("/tiles/builtin/10/0/0.mvt")
    assert (empty.status_code, empty.content) == (200, b"")


def test_what_the_browser_has_is_not_sent_again_and_what_is_wrong_is_refused(client):
    answer = client.get("/tiles/builtin/9/428/209.mvt")
    again = client.get("/tiles/builtin/9/428/209.mvt", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert answer.headers["etag"] != client.get("/tiles/builtin/9/428/209.png").headers["etag"]
    for path, status in {
        "/tiles/builtin/23/0/0.mvt": 404,
        "/tiles/builtin/1/2/0.mvt": 404,
        "/tiles/builtin/x/2/0.mvt": 400,
        "/tiles/nothing/1/1/0.mvt": 404,
        "/tiles/builtin/1/1/0.mvt?district=999999": 400,
        "/tiles/builtin/1/1/0.mvt?unknown=1": 400,
    }.items():
        assert client.get(path).status_code == status, path
