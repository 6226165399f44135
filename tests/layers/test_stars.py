import pytest

from geo.datasets.dataset import load_dataset
from geo.filters.filters import Filters
from layers.base import View
from layers.remote import MAX_NAMED_ENTERPRISES, draw_selection, followed_marks
from layers.tile_group import Tiles

DATA = load_dataset()
TABLE = DATA.enterprises


def rows(**values):
    chosen = TABLE
    for name, value in values.items():
        chosen = chosen[chosen[name] == value]
    return [TABLE.index.get_loc(one) for one in chosen.index]


def test_what_is_followed_has_one_star_a_place_with_its_names():
    known = rows(location_precision="site")[:1]
    area = rows(adcode="310114", location_precision="district")
    marks = followed_marks(DATA, Filters(), [*known, *area, *area[:1]], View())
    assert sorted((mark["n"], mark["precise"]) for mark in marks) == sorted([(1, True), (len(area), False)])
    many = next(mark for mark in marks if not mark["precise"])
    assert many["codes"] == ["310114"]
    assert many["tip"].endswith(f"等 {len(area)} 家")
    assert all(name in many["tip"] for name in TABLE["name"].iloc[area[:MAX_NAMED_ENTERPRISES]])
    one = TABLE.iloc[known[0]]
    alone = next(mark for mark in marks if mark["precise"])
    assert (alone["lon"], alone["lat"]) == pytest.approx((one["lon"], one["lat"]), abs=1e-6)


def test_only_what_the_filters_select_and_what_has_a_place_is_starred():
    nowhere = rows(location_precision="none")[:2]
    minhang = rows(adcode="310112")[:3]
    filters = Filters(district=("310114",))
    assert followed_marks(DATA, Filters(), nowhere, View()) == []
    assert followed_marks(DATA, filters, minhang, View()) == []
    assert sum(mark["n"] for mark in followed_marks(DATA, Filters(), [*nowhere, *minhang], View())) == 3


def test_the_group_names_stars_only_where_there_are_some():
    def settings(followed):
        (tiles,) = draw_selection(DATA, Filters(), View(), "abc", followed=followed).layer._children.values()
        assert isinstance(tiles, Tiles)
        return tiles.settings

    assert "followed" not in settings(())
    assert len(settings(rows(location_precision="site")[:1])["followed"]) == 1
