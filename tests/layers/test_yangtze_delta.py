from geo.places.yangtze_delta import TIERS, load_cities, load_delta_land
from layers.base import View
from layers.yangtze_delta import CENTRAL, NO_VALUE_HATCHING, TIER_COLOURS, city_mark, delta_legend, draw_delta_map

CITIES = load_cities()


def test_a_city_without_a_published_value_has_the_hatch_and_no_colour():
    colours = {city["name_zh"]: city_mark(city, View())["colour"] for _, city in CITIES.iterrows()}
    assert colours["上海"] == TIER_COLOURS["1"]
    hatched = {name for name, colour in colours.items() if colour == NO_VALUE_HATCHING}
    assert hatched == set(CITIES.loc[CITIES["tier"] == "", "name_zh"])


def test_the_legend_has_the_colours_of_the_marks():
    swatches = " ".join(entry.swatch for entry in delta_legend(View()).entries)
    assert set(TIER_COLOURS) == set(TIERS)
    assert all(colour in swatches for colour in [*TIER_COLOURS.values(), NO_VALUE_HATCHING, CENTRAL])


def test_the_other_index_is_nowhere_on_the_map():
    page = draw_delta_map(CITIES, load_delta_land(), View(lang="en")).get_root().render()
    assert "Wuxi 142" in page
    assert "Wuxi 127" not in page
    assert "Nanjing 117" not in page


def test_text_of_a_city_stays_text():
    city = CITIES.iloc[0].copy()
    city["name_zh"], city["index_source"] = "<img src=x onerror=alert(1)>{{7*7}}`${1}", "</script>"
    cities = CITIES.copy()
    cities.iloc[0] = city
    page = draw_delta_map(cities, load_delta_land(), View()).get_root().render()
    assert "<img" not in page
    assert "49" not in page.split("onerror")[1][:30]
