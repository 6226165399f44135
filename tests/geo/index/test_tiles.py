"""Tiles read back with Pillow: what stands where, in which colour, and that no seam shows."""

import io

import numpy as np
import pytest
from PIL import Image

from geo.errors import DataError
from geo.index.facets import FacetIndex
from geo.index.morton import BITS
from geo.index.tiles import BLUES, DARK, DOTS, SIDE, Style, empty_tile, encode_tile, log_breaks, mark_zoom, write_png

COLOURS = {"auto": "#d55e00", "electronics": "#0072b2"}
INDUSTRIES = ["auto", "electronics", "odd"]
CENTRE = (10, 857, 418)  # the tile around 121.5, 31.2


def pixels(png):
    image = Image.open(io.BytesIO(png))
    assert image.size == (SIDE, SIDE)
    assert image.mode == "P"
    return np.array(image.convert("RGBA"))


def at(tile, column, row):
    """Longitude and latitude of the middle of a pixel of a tile."""
    z, x, y = tile
    east = (x + (column + 0.5) / SIDE) / 2**z
    south = (y + (row + 0.5) / SIDE) / 2**z
    return east * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * south))))


def store_of(places, industries, sites=None):
    lon, lat = np.array(places, dtype=float).reshape(-1, 2).T
    sites = np.zeros(len(lon), int) if sites is None else sites
    return FacetIndex.build(lon, lat, {"industry": (industries, INDUSTRIES), "precision": (sites, ["site", "road"])})


def rgba(colour, opacity=255):
    return [*(int(colour[k : k + 2], 16) for k in (1, 3, 5)), opacity]


MARKS = Style("industry", COLOURS, marks_from=0)
DOTTED = Style("industry", COLOURS, marks_from=0, dotted_by="precision", dotted=("road",))
DENSITY = Style("industry", COLOURS, marks_from=99, breaks=(1, 2, 5, 10, 100), square=1)


def test_a_mark_is_a_coloured_disc_of_six_pixels_with_a_white_rim():
    store = store_of([at(CENTRE, 100, 60)], [0])
    image = pixels(encode_tile(store, *CENTRE, store.lookup({}), MARKS))
    assert image[60, 100].tolist() == rgba("#d55e00")
    assert image[60, 98].tolist() == rgba("#d55e00")
    assert image[60, 102].tolist() == rgba("#d55e00")
    white = (image[..., :3] == 255).all(axis=-1) & (image[..., 3] > 0)
    assert white.any()
    rows, columns = np.nonzero(image[..., 3])
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (56, 64, 96, 104)
    np.testing.assert_array_equal(image[56:65, 96:105], image[56:65, 96:105].transpose(1, 0, 2))
    coloured = (image[..., 3] == 255) & ~white
    assert 24 <= coloured.sum() <= 45  # pi * 3**2 = 28, and the soft edge


def test_a_rim_is_dotted_where_the_style_says_so():
    plain, dotted = (
        pixels(encode_tile(store, *CENTRE, store.lookup({}), DOTTED))
        for store in (store_of([at(CENTRE, 100, 60)], [0], [kind]) for kind in (0, 1))
    )
    dark = (dotted[..., :3] == rgba(DARK)[:3]).all(axis=-1) & (dotted[..., 3] > 0)
    assert not (plain[..., :3] == rgba(DARK)[:3]).all(axis=-1).any()
    assert dark.sum() >= DOTS
    assert ((dotted[..., :3] == 255).all(axis=-1) & (dotted[..., 3] > 0)).any()  # between the dots
    np.testing.assert_array_equal(plain[~dark], dotted[~dark])
    np.testing.assert_array_equal(dark[56:65, 96:105], dark[56:65, 96:105].T)


def test_colours_follow_the_industry_and_others_are_grey():
    store = store_of([at(CENTRE, 50, 50), at(CENTRE, 100, 50), at(CENTRE, 150, 50)], [0, 1, 2])
    image = pixels(encode_tile(store, *CENTRE, store.lookup({}), MARKS))
    assert [image[50, c].tolist() for c in (50, 100, 150)] == [rgba("#d55e00"), rgba("#0072b2"), rgba("#6b7280")]
    image = pixels(encode_tile(store, *CENTRE, store.lookup({"industry": ["electronics"]}), MARKS))
    assert [image[50, c, 3] for c in (50, 100, 150)] == [0, 255, 0]


def test_places_known_by_the_road_are_half_transparent():
    store = store_of([at(CENTRE, 50, 50), at(CENTRE, 100, 50)], [0, 0], [0, 1])
    style = Style("industry", COLOURS, faint_by="precision", faint=("road",), marks_from=0)
    image = pixels(encode_tile(store, *CENTRE, store.lookup({}), style))
    assert [image[50, c].tolist() for c in (50, 100)] == [rgba("#d55e00"), rgba("#d55e00", 128)]


def drawn_by_hand(store, z, x, y, discs):
    """2 × 2 tiles from x, y on as one picture: the last point topmost, one mark in each 4 × 4 pixels."""
    picture = np.zeros((2 * SIDE + 20, 2 * SIDE + 20, 4), dtype=np.uint8)
    scale = 2.0 ** (z + 8 - BITS)
    taken = set()
    for place in reversed(range(store.placed)):
        column, row = (int(np.floor(v * scale)) for v in (store.x[place], store.y[place]))
        if (column // 4, row // 4) in taken:
            continue
        taken.add((column // 4, row // 4))
        disc = discs[store.members[store.codes[place], 0]]
        left, top = column - x * SIDE + 10 - 4, row - y * SIDE + 10 - 4
        if not (0 <= left < len(picture) - 9 and 0 <= top < len(picture) - 9):
            continue
        below = picture[top : top + 9, left : left + 9]
        soft = (below[..., 3] > 0) & (below[..., 3] < 255)
        free = (below[..., 3] == 0) & (disc[..., 3] > 0) | soft & (disc[..., 3] == 255)
        below[free] = disc[free]
    return picture[10:-10, 10:-10]


@pytest.mark.parametrize(("zoom", "spread", "n"), [(9, 40, 900), (14, 300, 900), (18, 60, 300), (20, 90, 300)])
def test_no_seam_between_tiles(zoom, spread, n):
    rng = np.random.default_rng(10)
    z, x, y = zoom, int(0.837 * 2**zoom), int(0.408 * 2**zoom)
    columns, rows = rng.integers(-spread, spread, (2, n))
    corner = (z, x + 1, y + 1)
    store = store_of([at(corner, c, r) for c, r in zip(columns, rows, strict=True)], rng.integers(0, 3, n))
    four = [[pixels(encode_tile(store, z, x + i, y + j, store.lookup({}), MARKS)) for i in (0, 1)] for j in (0, 1)]
    discs = []
    for industry in range(3):
        alone = store_of([at(CENTRE, 100, 60)], [industry])
        discs.append(pixels(encode_tile(alone, *CENTRE, alone.lookup({}), MARKS))[56:65, 96:105])
    np.testing.assert_array_equal(np.vstack([np.hstack(row) for row in four]), drawn_by_hand(store, z, x, y, discs))


def test_density_counts_into_five_classes():
    places, counts = [], {10: 1, 20: 2, 30: 5, 40: 10, 50: 100, 60: 4}
    for column, count in counts.items():
        places += [at(CENTRE, column, 7)] * count
    store = store_of(places, [0] * len(places))
    image = pixels(encode_tile(store, *CENTRE, store.lookup({}), DENSITY))
    classes = dict(zip((10, 20, 30, 40, 50, 60), (0, 1, 2, 3, 4, 1), strict=True))
    for column, value in classes.items():
        assert image[7, column].tolist() == rgba(BLUES[value]), column
    assert np.count_nonzero(image[..., 3]) == len(counts)


def test_density_squares_and_filters():
    store = store_of([at(CENTRE, 11, 6), at(CENTRE, 10, 7), at(CENTRE, 100, 100)], [0, 1, 1])
    style = Style("industry", COLOURS, marks_from=99, breaks=(1, 2, 5, 10, 100), square=2)
    image = pixels(encode_tile(store, *CENTRE, store.lookup({}), style))
    assert (image[6:8, 10:12] == rgba(BLUES[1])).all()
    assert np.count_nonzero(image[..., 3]) == 8
    image = pixels(encode_tile(store, *CENTRE, store.lookup({"industry": ["auto"]}), style))
    assert (image[6:8, 10:12] == rgba(BLUES[0])).all()
    assert np.count_nonzero(image[..., 3]) == 4
    keep = np.array([False, False, True])
    image = pixels(encode_tile(store, *CENTRE, store.lookup({}), style, keep))
    assert np.count_nonzero(image[..., 3]) == 4
    assert image[100, 100, 3] == 255


@pytest.mark.parametrize("share", [None, 0.5])
def test_what_density_counts_is_all_there_is(share):
    rng = np.random.default_rng(11)
    keep = None if share is None else rng.random(5000) < share
    kept = np.ones(5000, dtype=bool) if keep is None else keep
    columns, rows = rng.integers(0, 256, (2, 5000))
    store = store_of([at(CENTRE, c, r) for c, r in zip(columns, rows, strict=True)], rng.integers(0, 3, 5000))
    image = pixels(encode_tile(store, *CENTRE, store.lookup({}), DENSITY, keep))
    expected = np.zeros((256, 256), int)
    np.add.at(expected, (rows[kept], columns[kept]), 1)
    expected_class = np.searchsorted(DENSITY.breaks, expected, side="right")
    shown = np.zeros((256, 256), int)
    for k, colour in enumerate(BLUES):
        shown[(image == rgba(colour)).all(axis=-1)] = k + 1
    np.testing.assert_array_equal(shown, expected_class)


@pytest.mark.parametrize("style", [MARKS, DENSITY], ids=["marks", "density"])
def test_nothing_to_show_is_one_shared_tile(style):
    store = store_of([at(CENTRE, 100, 60)], [0])
    keep = np.zeros(1, dtype=bool)
    assert encode_tile(store, *CENTRE, store.lookup({"industry": ["odd"]}), style) is empty_tile()
    assert encode_tile(store, *CENTRE, store.lookup({}), style, keep) is empty_tile()
    assert encode_tile(store, 10, 0, 0, store.lookup({}), style) is empty_tile()
    nowhere = store_of([], [])
    assert encode_tile(nowhere, *CENTRE, nowhere.lookup({}), style) is empty_tile()
    assert not pixels(empty_tile())[..., 3].any()
    assert len(empty_tile()) < 400


def test_a_crowd_draws_the_same_however_often_it_is_asked():
    rng = np.random.default_rng(12)
    store = store_of(rng.normal((121.5, 31.2), 0.001, (20_000, 2)), rng.integers(0, 3, 20_000))
    first = encode_tile(store, 12, 3430, 1674, store.lookup({}), MARKS)
    assert first is not empty_tile()
    assert encode_tile(store, 12, 3430, 1674, store.lookup({}), MARKS) == first


def test_at_every_zoom_the_same_point_shows():
    lon, lat = 121.5, 31.2
    store = store_of([(lon, lat)], [0])
    for z in range(23):
        x, y = int(store.x[0]) >> (BITS - z), int(store.y[0]) >> (BITS - z)
        assert pixels(encode_tile(store, z, x, y, store.lookup({}), MARKS))[..., 3].any()


def test_the_zoom_of_the_first_marks_grows_with_the_crowd():
    rng = np.random.default_rng(13)
    zooms = []
    for n in (0, 100, 2_000, 40_000):
        places = rng.uniform((121.0, 31.0), (122.0, 31.5), (n, 2))
        zooms.append(mark_zoom(store_of(places, np.zeros(n, int))))
    assert zooms[:2] == [0, 0]
    assert 0 < zooms[2] < zooms[3] < 18


def test_breaks_rise_from_one_to_the_fullest_square():
    store = store_of([(121.5, 31.2)] * 100_000, np.zeros(100_000, int))
    assert log_breaks(store, 10) == (1, 10, 100, 1000, 10000)
    assert log_breaks(store_of([(121.5, 31.2)], [0]), 10) == (1, 2, 3, 4, 5)
    assert log_breaks(store_of([], []), 10) == (1, 2, 3, 4, 5)


@pytest.mark.parametrize("tile", [(-1, 0, 0), (23, 0, 0), (3, 8, 0), (3, 0, -1)])
def test_there_is_no_such_tile(tile):
    store = store_of([], [])
    z, x, y = tile
    with pytest.raises(DataError, match=f"{z}/{x}/{y}"):
        encode_tile(store, z, x, y, store.lookup({}), MARKS)


def test_a_style_or_a_filter_of_another_store_is_refused():
    store = store_of([at(CENTRE, 1, 1)], [0])
    with pytest.raises(DataError, match="colour"):
        encode_tile(store, *CENTRE, store.lookup({}), Style("colour", {}, marks_from=0))
    with pytest.raises(DataError, match="red"):
        encode_tile(store, *CENTRE, store.lookup({}), Style("industry", {"auto": "red"}, marks_from=0))
    with pytest.raises(DataError):
        encode_tile(store, *CENTRE, np.ones(7, dtype=np.uint8), MARKS)


@pytest.mark.parametrize("colours", [2, 16, 17, 256])
def test_any_image_comes_back_as_written(colours):
    rng = np.random.default_rng(colours)
    palette = rng.integers(0, 256, (colours, 4)).astype(np.uint8)
    image = rng.integers(0, colours, (40, 64)).astype(np.uint8)
    image[7:12] = image[6]
    read = np.array(Image.open(io.BytesIO(write_png(image, palette))).convert("RGBA"))
    np.testing.assert_array_equal(read, palette[image])
