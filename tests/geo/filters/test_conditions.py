"""Conditions beside the facets: what each selects, and that every way to ask gives one set."""

import json
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import box
from shapely.geometry import Polygon

from geo.datasets.dataset import load_dataset
from geo.distance import distance_m
from geo.enterprises.table import as_enterprises
from geo.errors import DataError
from geo.filters.filters import BY_PLACE, CONDITIONS, Filters, options
from geo.filters.place import with_distances
from geo.ingest.areas import read_areas
from geo.places.drawn_areas import LINK_LIMIT, decode, encode, inside, load_areas, name_of, save_areas
from geo.places.parks import load_parks

LUJIAZUI = (121.5, 31.24)
ROWS = [
    # name, founded, capital, currency, status, size, gb4754, lon, lat, precision
    ("甲", "2015-03-02", 5e6, "CNY", "active", "L(大型)", "3491", 121.50, 31.24, "site"),
    ("乙", "1999-12-31", 5e6, "USD", "revoked", "小型", "34", 121.53, 31.24, "road"),  # 2.86 km east
    ("丙", "", np.nan, "", "unknown", "", "", 121.50, 31.24, "town"),  # the point of its town
    ("丁", "2020-01-01", 1e6, "CNY", "active", "小微企业", "3630", np.nan, np.nan, "none"),
]


@pytest.fixture(scope="module")
def data():
    columns = ["name", "founded", "capital_amount", "capital_currency", "status", "size", "gb4754"]
    table = pd.DataFrame(ROWS, columns=[*columns, "lon", "lat", "location_precision"])
    blank = dict.fromkeys(["zone", "adcode", "evidence", "location_conflict", "recognitions", "industry"], "")
    table = table.assign(**blank, enterprise_id=["E1", "E2", "E3", "E4"]).assign(zone="unplaced")
    return load_dataset().with_enterprises(as_enterprises(table))


@pytest.mark.parametrize(
    ("query", "selected"),
    [
        ("founded=2015", "甲"),
        ("founded=2000-", "甲丁"),
        ("founded=-2015", "甲乙"),
        ("founded=1999-2015", "甲乙"),
        ("founded=1990-1999,2020-", "乙丁"),
        ("founded=none", "丙"),
        ("capital=CNY:1000000-", "甲丁"),
        ("capital=CNY:-4999999.99", "丁"),
        ("capital=USD:5000000-5000000", "乙"),
        ("capital=USD:-,CNY:2000000-", "甲乙"),
        ("capital=none", "丙"),
        ("status=active", "甲丁"),
        ("size=large,other", "甲丁"),
        ("size=none", "丙"),
        ("gb4754=C", "甲乙丁"),
        ("gb4754=34", "甲乙"),
        ("gb4754=C3491", "甲"),
        ("gb4754=none", "丙"),
        ("near=121.5:31.24:2.8", "甲"),
        ("near=121.5:31.24:2.9", "甲乙"),
        (f"within={encode(box(121.49, 31.23, 121.51, 31.25))}", "甲"),
        ("near=121.5:31.24:9&founded=2000-", "甲"),
        ("near=121.5:31.24:9&q=乙", "乙"),
    ],
)
def test_what_a_condition_selects(data, query, selected):
    filters, ignored = Filters.from_query(query)
    assert not ignored
    assert not filters.unknown()
    assert "".join(data.select(filters)["name"]) == selected
    assert "".join(data.enterprises["name"][filters.mask(data.enterprises)]) == selected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("founded", value) for value in ["", "-", "20-15", "2020-2015", "两千", "20152016", "²⁰¹⁵"]),
        *(("capital", value) for value in ["5", "CNY:1e6-", "cny:1-", "CNY:5-1", "CNY:1"]),
        *(("status", value) for value in ["存续", "dead"]),
        *(("gb4754", value) for value in ["99999", "Z", "3"]),
        ("node", "AUTO"),
        *(("near", value) for value in ["SP22", "SP22:", "nowhere:5", "121:31:0", "121:31:nan", "0:0:5", "121:31:999"]),
        *(
            ("drive", value)
            for value in ["SP22", "SP22:", "nowhere:5", "121:31:0", "121:31:nan", "0:0:5", "121:31:121"]
        ),
        *(
            ("within", value)
            for value in ["x", "_ue|D_jcbV", "area-0123456789abcdef", "area-../../etc", "甲", "~" * 60]
        ),
    ],
)
def test_what_means_nothing_is_named_and_selects_nothing(data, name, value):
    filters = Filters(**{name: (value,)})  # type: ignore[arg-type]
    assert filters.unknown() == {name: [value]}
    assert data.count(filters) == 0
    assert not filters.mask(data.enterprises).any()
    assert value in filters.sentence(0)


def test_who_has_no_point_is_counted_apart(data):
    near = Filters(near=("121.5:31.24:9",))
    assert (data.count(near), data.left_out(near)) == (2, 2)
    assert data.left_out(Filters(near=near.near, status=("active",))) == 1
    assert data.left_out(Filters(status=("active",))) == 0


def test_the_sentence_says_the_conditions():
    filters, _ = Filters.from_query("founded=2015-2020&capital=CNY:1000000-&status=active&near=121.5:31.24:5")
    assert filters.sentence(2) == (
        "2015—2020 年成立 · 注册资本至少 100 万元 · 存续 · 距 121.5000, 31.2400 5 km 内 · 2 家"
    )
    assert "Founded 2015–2020 · Capital at least CNY 1,000,000 · Active" in filters.sentence(2, "en")


DATA = load_dataset()
PARK = next(str(park) for park in DATA.parks.dropna(subset="geometry").index)
VALUES = {
    "founded": ["2015-", "none", "19"],
    "capital": ["CNY:1-", "none", "x"],
    "status": ["active", "unknown", "x"],
    "size": ["large", "none"],
    "origin": [*options("origin"), "x"],
    "gb4754": ["C", "none"],
    "node": [*options("node"), "x"],
    "near": ["121.5:31.24:5", f"{PARK}:12.5", "x"],
    "near_park": ["2", "9.5", "x"],
    "drive": ["121.5:31.24:30", f"{PARK}:12.5", "x"],
    "within": [encode(box(121.3, 31.0, 121.6, 31.3)), encode(Polygon([(121, 31), (122, 31), (121.5, 31.5)])), "x"],
}
some_filters = st.builds(
    Filters,
    zone=st.lists(st.sampled_from([*options("zone")]), max_size=2, unique=True).map(tuple),
    recognition=st.lists(st.sampled_from(["any", "lighthouse", "star-market", "none"]), max_size=2, unique=True).map(
        tuple
    ),
    q=st.sampled_from(["", "上海", "机器人"]),
    **{
        name: st.one_of(st.just(()), st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple))
        for name, values in VALUES.items()
    },
)


@settings(max_examples=150, deadline=None)
@given(some_filters)
def test_store_table_and_link_are_one_set(filters):
    again, ignored = Filters.from_query(filters.to_query())
    assert (again, ignored) == (filters, [])
    mask = filters.mask(DATA.enterprises)
    assert np.array_equal(DATA.mask(filters), mask)
    assert DATA.count(filters) == mask.sum()
    assert DATA.count(filters, zone=["core"]) == (DATA.enterprises["zone"][mask] == "core").sum()
    expected = filters.facet_counts(DATA.enterprises)
    assert all(counts.equals(expected[name]) for name, counts in DATA.facet_counts(filters).items())
    if any(getattr(filters, name) for name in BY_PLACE):
        assert DATA.enterprises.loc[mask, "location_precision"].isin(["site", "road"]).all()


def test_every_condition_is_a_field_of_the_filters():
    assert set(CONDITIONS) == set(VALUES)
    assert set(CONDITIONS) < set(vars(Filters()))


@given(st.floats(120.9, 122.0), st.floats(30.7, 31.8), st.floats(120.9, 122.0), st.floats(30.7, 31.8))
def test_distances_are_those_of_the_geodesic(lon, lat, lon_0, lat_0):
    exact = Geod(ellps="WGS84").inv(lon, lat, lon_0, lat_0)[2]
    assert distance_m([lon], [lat], lon_0, lat_0)[0] == pytest.approx(exact, rel=1e-4, abs=0.01)


corners = st.lists(st.tuples(st.floats(120.9, 122.0), st.floats(30.7, 31.8)), min_size=3, max_size=12)


@settings(deadline=None)
@given(corners, st.integers(0, 2**32))
def test_an_area_comes_back_from_its_text_and_holds_what_shapely_says(pairs, seed):
    polygon = shapely.MultiPoint(pairs).convex_hull
    if not isinstance(polygon, Polygon) or polygon.area < 1e-6:
        return
    text = encode(polygon)
    again = decode(text)
    assert encode(again) == text
    assert abs(np.array(again.exterior.coords) - np.array(polygon.exterior.coords)).max() <= 0.6e-5
    lon, lat = np.random.default_rng(seed).uniform((120.9, 30.7), (122.0, 31.8), (500, 2)).T
    assert np.array_equal(inside(text, lon, lat), shapely.intersects_xy(again, lon, lat))


def test_a_hole_is_no_part_of_the_area():
    ring = box(121, 31, 122, 32).difference(box(121.4, 31.4, 121.6, 31.6))
    held = inside(encode(ring), np.array([121.2, 121.5, 121.4]), np.array([31.2, 31.5, 31.5]))
    assert held.tolist() == [True, False, True]


@pytest.fixture
def workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path))
    return tmp_path


def test_a_long_or_named_area_is_kept_under_its_hash(workspace):
    short, long = box(121, 31, 121.1, 31.1), shapely.Point(121.4, 31.2).buffer(0.2, quad_segs=200)
    assert save_areas([short]) == [encode(short)]
    (key,) = save_areas([long])
    assert len(encode(long)) > LINK_LIMIT
    assert decode(key).equals(decode(encode(long)))
    (named,) = save_areas([short], "  我的  片区 ")
    assert name_of(named) == "我的 片区"
    assert "我的 片区" in Filters(within=(named,)).sentence(1)
    file = workspace / "areas" / f"{named}.json"
    file.write_text(json.dumps({"name": "x", "area": encode(long)}), encoding="utf-8")
    with pytest.raises(DataError, match="被改动"):
        load_areas(named)
    assert name_of(named) == ""


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "zip"])
@pytest.mark.parametrize("crs", [4326, 32651])
def test_areas_are_read_from_files(tmp_path, suffix, crs):
    areas = gpd.GeoSeries([box(121, 31, 121.1, 31.1), box(121.2, 31, 121.3, 31.1)], crs=4326)
    frame = gpd.GeoDataFrame({"名": ["a", "b"]}, geometry=areas).to_crs(4326 if suffix == "geojson" else crs)
    path = tmp_path / f"areas.{suffix}"
    if suffix == "zip":
        (tmp_path / "shp").mkdir()
        frame.to_file(tmp_path / "shp" / "a.shp", encoding="utf-8")
        with zipfile.ZipFile(path, "w") as archive:
            for part in (tmp_path / "shp").iterdir():
                archive.write(part, part.name)
    else:
        frame.to_file(path)
    read = read_areas(path)
    assert [encode(shapely.normalize(area)) for area in read] == [encode(shapely.normalize(area)) for area in areas]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", '{"type":"Point","coordinates":[121,31]}'),
        ("a.geojson", "{"),
        ("a.geojson", '<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>'),
        ("a.gpkg", "SQLite format 3\0broken"),
        ("a.zip", "PK\3\4broken"),
        ("a.geojson", ""),
    ],
)
def test_a_file_without_areas_is_refused_in_one_sentence(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read_areas(path)
    assert "\n" not in str(refused.value)


def park_distances(lon, lat):
    """Geodesic distance [km] to every park with a point, by an independent library."""
    parks = load_parks().dropna(subset="geometry")
    ends = np.full(len(parks), lon), np.full(len(parks), lat)
    metres = Geod(ellps="WGS84").inv(*ends, parks.geometry.x.to_numpy(), parks.geometry.y.to_numpy())[2]
    return pd.Series(metres / 1000, index=parks["name"])


def test_near_any_park_is_the_distance_to_the_nearest_one(data):
    first, second = (park_distances(*row[7:9]) for row in ROWS[:2])
    found = with_distances(data.enterprises, ["121.50:31.24:1", "nowhere"])
    assert found["nearest_park"].tolist() == [first.idxmin(), second.idxmin(), "", ""]
    assert found["park_km"][:2].tolist() == pytest.approx([first.min(), second.min()], rel=1e-3)
    assert found["near_km"][:2].tolist() == pytest.approx([0, 2.86], abs=0.005)  # 0.03° · 95.3 km
    assert found[["park_km", "near_km"]][2:].isna().all(axis=None)  # the point of a town is nobody's own
    between = (first.min() + second.min()) / 2
    nearer = "甲" if first.min() < second.min() else "乙"
    for km, names in ((between, nearer), (max(first.min(), second.min()) + 0.01, "甲乙"), (0.001, "")):
        filters = Filters(near_park=(f"{km:.4f}",))
        assert "".join(data.select(filters)["name"]) == names
        assert data.left_out(filters) == 2
        assert data.count(filters) == len(names)
    assert data.sentence(Filters(near_park=("200",))) == "距任一园区 200 km 内 · 2 家，另有 2 家无法判断"
    assert data.sentence(Filters(near_park=("200",)), "en").endswith("2 enterprises, 2 more cannot be judged")


def test_at_the_point_of_a_park_the_distance_is_nothing(data):
    park = load_parks().loc["SP22"]
    there = data.enterprises.assign(lon=park.geometry.x, lat=park.geometry.y)
    found = with_distances(there)
    assert found["park_km"][:2].tolist() == [0, 0]
    assert found["nearest_park"].iloc[0] == park["name"]
    assert "near_km" not in found
    assert with_distances(there.iloc[:0])["park_km"].tolist() == []


@pytest.mark.parametrize("text", ["", "0", "-1", "nan", "inf", "201", "five", "5km"])
def test_a_distance_that_means_nothing_is_named_and_selects_nothing(data, text):
    filters = Filters(near_park=(text,))
    assert filters.unknown() == {"near_park": [text]}
    assert data.count(filters) == 0
