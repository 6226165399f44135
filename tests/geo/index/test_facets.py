"""The store against plain pandas and plain arithmetic on small tables."""

import json

import numpy as np
import pandas as pd
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from geo.index.facets import FacetIndex
from geo.index.morton import BITS, keys, project, window_ranges

ZONES, INDUSTRIES, MARKS = ["core", "belt", "none"], ["auto", "materials"], ["star", "lighthouse", "plain"]


def sample(n=500, seed=4):
    """Rows in and around Shanghai, one in ten without a place; zone, industry, and a bitmask of marks."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "lon": rng.normal(121.5, 0.2, n),
            "lat": rng.normal(31.2, 0.2, n),
            "zone": rng.integers(0, 3, n),
            "industry": rng.integers(0, 2, n),
            "mark": rng.integers(0, 8, n),
        }
    )
    table.loc[rng.random(n) < 0.1, ["lon", "lat"]] = np.nan
    return table


def build(table, **options):
    dimensions = {
        "zone": (table["zone"], ZONES),
        "industry": (table["industry"], INDUSTRIES),
        "mark": (table["mark"], MARKS),
    }
    return FacetIndex.build(table["lon"], table["lat"], dimensions, multiple=["mark"], **options)


def plain_mask(table, selection):
    """What a selection means, spelled out."""
    mask = np.ones(len(table), dtype=bool)
    for name, wanted in selection.items():
        if not wanted:
            continue
        if name == "mark":
            mask &= np.array(
                [any(b >> k & 1 and MARKS[k] in wanted for k in range(3)) for b in table["mark"]], dtype=bool
            )
        else:
            names = ZONES if name == "zone" else INDUSTRIES
            mask &= np.array([names[code] in wanted for code in table[name]], dtype=bool)
    return mask


def plain_facets(table, selection, keep):
    counts = {}
    for name, names in (("zone", ZONES), ("industry", INDUSTRIES), ("mark", MARKS)):
        rows = table[plain_mask(table, {k: v for k, v in selection.items() if k != name}) & keep]
        if name == "mark":
            counts[name] = [int((rows["mark"].to_numpy() >> k & 1).sum()) for k in range(3)]
        else:
            counts[name] = [int((rows[name] == k).sum()) for k in range(len(names))]
    return counts


selections = st.fixed_dictionaries(
    {},
    optional={
        "zone": st.lists(st.sampled_from([*ZONES, "unheard of"]), max_size=3),
        "industry": st.lists(st.sampled_from([*INDUSTRIES, "unheard of"]), max_size=3),
        "mark": st.lists(st.sampled_from([*MARKS, "unheard of"]), max_size=3),
    },
)


@settings(deadline=None, max_examples=150)
@given(selections, st.integers(0, 60), st.booleans())
def test_counts_facets_and_masks_are_those_of_plain_pandas(selection, n, with_keep):
    table = sample(n, seed=n)
    store = build(table)
    keep = np.random.default_rng(n).random(n) < 0.5 if with_keep else None
    kept = np.ones(n, dtype=bool) if keep is None else keep
    mask = plain_mask(table, selection)
    np.testing.assert_array_equal(store.mask(selection), mask)
    assert store.count(selection, keep) == (mask & kept).sum()
    facets = store.facets(selection, keep)
    assert {name: counts.tolist() for name, counts in facets.items()} == plain_facets(table, selection, kept)


def test_counted_by_hand():
    # rows: core/auto/star, core/materials/-, belt/auto/star+lighthouse, none/auto/plain (no place)
    store = FacetIndex.build(
        [121.5, 121.6, 121.3, np.nan],
        [31.2, 31.0, 31.3, np.nan],
        {"zone": ([0, 0, 1, 2], ZONES), "industry": ([0, 1, 0, 0], INDUSTRIES), "mark": ([1, 0, 3, 4], MARKS)},
        multiple=["mark"],
    )
    assert (store.size, store.placed) == (4, 3)
    assert store.count({}) == 4
    assert store.count({"mark": ["star", "plain"]}) == 3
    facets = store.facets({"zone": ["core"], "industry": ["auto"]})
    assert facets["zone"].tolist() == [1, 1, 1]
    assert facets["industry"].tolist() == [1, 1]
    assert facets["mark"].tolist() == [1, 0, 0]


def test_a_selection_of_unknown_values_selects_nothing_and_an_unknown_dimension_is_refused():
    store = build(sample())
    assert store.count({"zone": ["atlantis"]}) == 0
    assert store.count({"mark": ["atlantis"]}) == 0
    assert store.count({"zone": []}) == 500
    with pytest.raises(DataError, match="colour"):
        store.count({"colour": ["red"]})


def test_every_zoom_is_a_partition_into_slices():
    store = build(sample())
    lon, lat = np.array([-179.9, 121.5, 121.5, 179.9]), np.array([85, 31.2, 31.2, -85])
    world = FacetIndex.build(lon, lat, {})
    for some, zooms in ((store, (0, 5, 9, 12)), (world, (0, 1, 2, 26))):
        for z in zooms:
            shift = BITS - z
            tiles = {(int(x) >> shift, int(y) >> shift) for x, y in zip(some.x, some.y, strict=True)}
            rows = [some.rows[some.tile_slice(z, x, y)] for x, y in tiles]
            assert sorted(np.concatenate(rows)) == sorted(some.rows)
            for (x, y), inside in zip(tiles, rows, strict=True):
                chosen = some.tile_slice(z, x, y)
                assert len(inside) == chosen.stop - chosen.start > 0
                assert set(some.x[chosen] >> np.uint32(shift)) == {x}
                assert set(some.y[chosen] >> np.uint32(shift)) == {y}
    empty = store.tile_slice(9, 0, 0)
    assert empty.start == empty.stop


@pytest.mark.parametrize("tile", [(-1, 0, 0), (27, 0, 0), (3, 8, 0), (3, 0, 8), (3, -1, 0)])
def test_there_is_no_such_tile(tile):
    with pytest.raises(DataError, match="/".join(map(str, tile))):
        build(sample(5)).tile_slice(*tile)


def test_projection_is_that_of_proj():
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(-180, 180, 1000), rng.uniform(-85, 85, 1000)
    east, north = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)
    half = np.pi * 6378137.0
    x, y = project(lon, lat)
    np.testing.assert_allclose(x + 0.5, (east + half) / (2 * half) * 2**BITS, atol=0.5001)
    np.testing.assert_allclose(y + 0.5, (half - north) / (2 * half) * 2**BITS, atol=0.5001)


def test_morton_numbers_interleave_bits():
    x, y = np.array([0b101, 1 << 25], dtype=np.uint32), np.array([0b011, 1 << 25], dtype=np.uint32)
    assert keys(x, y).tolist() == [0b011011, (1 << 50) | (1 << 51)]


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 2**26 - 1), st.integers(0, 2**26 - 1), st.integers(0, 2**24), st.integers(0, 2**24))
def test_a_window_reads_all_of_its_points_once_and_in_order(west, north, width, height):
    rng = np.random.default_rng(6)
    x, y = (rng.integers(0, 1 << BITS, 2000).astype(np.uint32) for _ in range(2))
    order = np.argsort(keys(x, y))
    x, y = x[order].astype(np.uint32), y[order].astype(np.uint32)
    runs = window_ranges(x, y, west, north, west + width, north + height)
    read = np.concatenate([np.arange(0), *(np.arange(a, b) for a, b in runs)])
    assert (np.diff(read) > 0).all()
    inside = np.flatnonzero((x >= west) & (x <= west + width) & (y >= north) & (y <= north + height))
    assert set(inside) <= set(read)
    half = max(width, height) // 2 + 1  # and little more than the window is read
    x, y = x.astype(np.int64), y.astype(np.int64)
    beyond_x = (x[read] + half < west) | (x[read] > west + width + half)
    beyond_y = (y[read] + half < north) | (y[read] > north + height + half)
    assert not (beyond_x | beyond_y).any()


def test_what_lies_under_a_click_nearest_first():
    table = sample(2000)
    store = build(table)
    lon, lat, zoom, radius = 121.52, 31.21, 10, 40
    x, y = project(table["lon"].fillna(0), table["lat"].fillna(0))
    (cx,), (cy,) = project([lon], [lat])
    pixels = np.hypot(x.astype(float) - float(cx), y.astype(float) - float(cy)) / 2 ** (18 - zoom)
    inside = plain_mask(table, {"zone": ["core", "belt"]}) & table["lon"].notna().to_numpy() & (pixels <= radius)
    found = store.near(lon, lat, radius, zoom, {"zone": ["core", "belt"]})
    assert len(found) > 3
    assert set(found) == set(np.flatnonzero(inside))
    assert (np.diff(pixels[found]) >= 0).all()
    keep = np.zeros(2000, dtype=bool)
    keep[found[1]] = True
    assert store.near(lon, lat, radius, zoom, {}, keep).tolist() == [found[1]]
    assert store.near(0.0, 0.0, radius, zoom, {}).tolist() == []
    assert set(store.near(lon, lat, 1e9, 0, {})) == set(store.rows)
    with pytest.raises(DataError):
        store.near(float("nan"), lat, radius, zoom, {})


def test_more_combinations_than_16_bits_hold():
    n = 70_000
    codes = np.arange(n)
    values = [str(k) for k in range(300)]
    store = FacetIndex.build(
        np.full(n, 121.5), np.full(n, 31.2), {"a": (codes // 300, values), "b": (codes % 300, values)}
    )
    assert store.codes.dtype == np.uint32
    assert store.count({"a": ["7"], "b": ["8", "9"]}) == 2
    assert store.facets({"a": ["7"]})["b"].tolist() == [1] * 300
    assert store.near(121.5, 31.2, 1, 18, {"a": ["7"], "b": ["8"]}).tolist() == [7 * 300 + 8]


def test_many_wide_dimensions_do_not_overflow():
    rng = np.random.default_rng(8)
    values = [str(k) for k in range(5000)]
    columns = {f"d{k}": (rng.integers(0, 5000, 40), values) for k in range(9)}
    bits = rng.integers(0, 1 << 62, 40)
    store = FacetIndex.build(
        np.full(40, 121.5), np.full(40, 31.2), {**columns, "m": (bits, values[:62])}, multiple=["m"]
    )
    for name, (codes, _) in columns.items():
        np.testing.assert_array_equal(store.facets({})[name], np.bincount(codes, minlength=5000))
    np.testing.assert_array_equal(store.facets({})["m"], [(bits >> k & 1).sum() for k in range(62)])


def test_the_store_takes_few_bytes_a_row():
    assert build(sample(100_000)).nbytes < 100_000 * 20


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"lon": [1.0, 2.0, 500.0]}, {"row": 3}),
        ({"lat": [1.0, 89.0, 3.0]}, {"row": 2}),
        ({"lat": [1.0, 2.0]}, {"column": "lat"}),
        ({"codes": [0, 1, 2]}, {"row": 3, "column": "zone"}),
        ({"codes": [0, -1, 1]}, {"row": 2, "column": "zone"}),
        ({"codes": [0]}, {"column": "zone"}),
    ],
)
def test_bad_input_is_refused_by_place(change, where):
    given_ = {"lon": [121.0, 121.1, 121.2], "lat": [31.0, 31.1, 31.2], "codes": [0, 1, 1]} | change
    with pytest.raises(DataError) as error:
        FacetIndex.build(given_["lon"], given_["lat"], {"zone": (given_["codes"], ["core", "belt"])})
    assert {name: getattr(error.value, name) for name in where} == where


def test_a_filter_of_another_table_is_refused():
    store = build(sample(5))
    for keep in (np.ones(4, dtype=bool), np.ones(5)):
        with pytest.raises(DataError):
            store.count({}, keep)


def test_there_and_back_on_disk(tmp_path):
    table = sample()
    store = build(table, fingerprint="abc")
    store.save(tmp_path / "a" / "store")
    again = FacetIndex.open(tmp_path / "a" / "store", fingerprint="abc")
    selection = {"zone": ["core"], "mark": ["star"]}
    np.testing.assert_array_equal(again.mask(selection), plain_mask(table, selection))
    assert again.dimensions == store.dimensions
    assert again.near(121.5, 31.2, 50, 10, {}).tolist() == store.near(121.5, 31.2, 50, 10, {}).tolist()


def test_saving_replaces_the_older_store_whole(tmp_path):
    build(sample(50)).save(tmp_path / "store")
    build(sample(60)).save(tmp_path / "store")
    assert FacetIndex.open(tmp_path / "store").size == 60
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


@pytest.mark.parametrize("damage", ["flip", "cut", "missing", "no head", "head", "version", "fingerprint"])
def test_a_damaged_store_says_so(tmp_path, damage):
    build(sample(), fingerprint="abc").save(tmp_path / "store")
    column, head = tmp_path / "store" / "codes.npy", tmp_path / "store" / "head.json"
    if damage == "flip":
        data = bytearray(column.read_bytes())
        data[-1] ^= 1
        column.write_bytes(data)
    elif damage == "cut":
        column.write_bytes(column.read_bytes()[:-8])
    elif damage == "missing":
        column.unlink()
    elif damage == "no head":
        head.unlink()
    elif damage == "head":
        head.write_text("[]")
    elif damage == "version":
        head.write_text(json.dumps(json.loads(head.read_text()) | {"format": 999}))
    with pytest.raises(DataError) as error:
        FacetIndex.open(tmp_path / "store", fingerprint="xyz" if damage == "fingerprint" else "abc")
    assert error.value.file == ("codes.npy" if damage in {"flip", "cut", "missing"} else "head.json")
