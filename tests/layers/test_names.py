import numpy as np
import pytest

from geo.catalog import read_table
from geo.crs import from_wgs84
from geo.datasets.dataset import load_dataset
from geo.places.districts import adcodes_of, locate
from layers.base import View
from layers.map import base_map
from layers.reference import map_names

DATA = load_dataset()


def test_towns_parks_and_main_roads_are_named_at_their_points():
    names = map_names(DATA, View())
    kinds = [str(name[0]) for name in names]
    assert kinds == sorted(kinds, key=["town", "park", "road", "lane"].index)
    assert kinds.count("town") == DATA.towns.geometry.notna().sum()
    assert kinds.count("park") == DATA.parks.geometry.notna().sum()
    roads = {name[1] for name in names if name[0] == "road"}
    assert {"沪青平公路", "曹安公路", "浦东大道"} <= roads
    assert "丰庄西路" not in roads  # six addresses
    lat, lon = np.array([name[2:4] for name in names], dtype=float).T
    assert (locate(lon, lat) != "").all()
    zhangjiang = DATA.towns.set_index("name").loc["张江镇", "geometry"]
    found = next(name for name in names if name[1] == "张江镇")
    assert found[2:4] == pytest.approx([zhangjiang.y, zhangjiang.x], abs=1e-4)


def test_every_road_of_the_gazetteer_can_be_looked_for_with_its_district():
    roads = read_table("roads", ["road", "district"])
    names = [(name[1], name[4]) for name in map_names(DATA, View()) if name[0] in ("road", "lane")]
    assert sorted(names) == sorted(zip(roads["road"], adcodes_of(roads["district"]), strict=True))


def test_an_online_base_map_has_names_of_its_own_and_places_are_found_in_its_datum():
    page = base_map(DATA, View(basemap="amap")).get_root().render()
    assert '"named": false' in page
    here, there = (
        next(name[2:4] for name in map_names(DATA, View(basemap=name)) if name[1] == "张江镇")
        for name in ("offline", "amap")
    )
    lon, lat = from_wgs84(np.array([here[1]]), np.array([here[0]]), "gcj02")
    assert there == pytest.approx([lat[0], lon[0]], abs=2e-4)


@pytest.mark.parametrize(("lang", "words"), [("zh", "位置近似"), ("en", "approximate points")])
def test_the_map_says_that_names_are_approximate(lang, words):
    page = base_map(DATA, View(lang)).get_root().render()
    assert words in page or words.encode("unicode_escape").decode() in page
