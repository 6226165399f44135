import numpy as np
import pytest

from geo.datasets.dataset import load_dataset
from geo.places.districts import locate
from layers.base import View
from layers.map import base_map
from layers.reference import map_names

DATA = load_dataset()


def test_towns_parks_and_main_roads_are_named_at_their_points():
    names = map_names(DATA, View())
    kinds = [str(name[0]) for name in names]
    assert kinds == sorted(kinds, key=["town", "park", "road"].index)
    assert kinds.count("town") == DATA.towns.geometry.notna().sum()
    assert kinds.count("park") == DATA.parks.geometry.notna().sum()
    roads = {name[1] for name in names if name[0] == "road"}
    assert {"沪青平公路", "曹安公路", "浦东大道"} <= roads
    assert "丰庄西路" not in roads  # six addresses
    lat, lon = np.array([name[2:] for name in names], dtype=float).T
    assert (locate(lon, lat) != "").all()
    zhangjiang = DATA.towns.set_index("name").loc["张江镇", "geometry"]
    found = next(name for name in names if name[1] == "张江镇")
    assert found[2:] == pytest.approx([zhangjiang.y, zhangjiang.x], abs=1e-4)


def test_an_online_base_map_has_names_of_its_own():
    assert map_names(DATA, View(basemap="osm")) == []


@pytest.mark.parametrize(("lang", "words"), [("zh", "位置近似"), ("en", "approximate points")])
def test_the_map_says_that_names_are_approximate(lang, words):
    page = base_map(DATA, View(lang)).get_root().render()
    assert words in page or words.encode("unicode_escape").decode() in page
