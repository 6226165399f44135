import pandas as pd
import shapely

from geo.places.yangtze_delta import EXTENT, PROVINCES, TIERS, load_cities, load_delta_land

CITIES = load_cities()


def test_only_what_is_published_is_there():
    indexed = CITIES[CITIES["index2023"].notna()]
    assert dict(zip(indexed["name_zh"], indexed["index2023"], strict=True)) == {
        "上海": 301, "苏州": 182, "杭州": 154, "无锡": 142,
    }  # fmt: skip
    assert (indexed["tier"] == "1").all()
    assert set(CITIES["tier"]) == {"", *TIERS}
    assert (CITIES["tier"] != "").sum() == 13
    assert CITIES["central"].sum() == 27
    assert set(CITIES["province"]) == set(PROVINCES)


def test_whatever_is_shown_has_its_source():
    assert (CITIES.loc[CITIES["tier"] != "", "index_source"] != "").all()
    assert (CITIES.loc[CITIES["jiangsu2022"].notna(), "jiangsu_source"] != "").all()


def test_the_index_of_jiangsu_never_fills_a_gap_of_the_delta_index():
    assert pd.isna(CITIES.set_index("name_zh").at["南京", "index2023"])
    assert CITIES.set_index("name_zh").at["南京", "jiangsu2022"] == 117


def test_every_city_lies_on_land_within_the_extent():
    land = load_delta_land().union_all()
    assert shapely.contains(land, CITIES.geometry.to_numpy()).all()
    assert shapely.contains(shapely.box(*EXTENT), CITIES.geometry.to_numpy()).all()
    assert not shapely.contains_xy(land, 123.5, 30.5)
