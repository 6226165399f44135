"""Classes, legend and figure: one object colours and explains; the figure says all that a report needs."""

import io
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.image import imread

from geo.datasets.dataset import load_dataset
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.indicators.counts import PLACE_LEVELS, count_places
from geo.indicators.definitions import measure
from layers.base import View
from layers.choropleth import choropleth_html
from layers.classes import SCHEMES, SHADES, Shading, classify
from reports.figure import areas_of, draw_figure, figure_bytes
from reports.figure_frame import metric

DATA = load_dataset()
SOME_VALUES = st.lists(st.one_of(st.just(math.nan), st.floats(0, 1e6)), max_size=40)


def shading(level: str, code: str, scheme: str = "natural") -> Shading:
    return Shading(level, code, classify(measure(count_places(DATA, level=level), code), scheme))


def texts(figure) -> str:
    return "\n".join(text.get_text() for axes in [figure, *figure.axes] for text in axes.texts)


@given(SOME_VALUES, st.sampled_from(list(SCHEMES)))
def test_every_value_is_in_its_class_and_no_data_in_none(values, scheme):
    classes = classify(pd.Series(values, dtype=float), scheme)
    known = [value for value in values if not math.isnan(value)]
    assert len(classes.breaks) <= 5
    assert list(classes.breaks) == sorted(set(classes.breaks))
    for value, position, colour in zip(values, classes.positions, classes.colours, strict=True):
        if math.isnan(value):
            assert (position, colour) == (-1, "")
        else:
            low = classes.breaks[position - 1] if position else -math.inf
            assert low < value <= classes.breaks[position]
            assert colour == classes.shades[position]
    assert sum(count for _, _, count in classes.ranges()) == len(known)


def test_breaks_by_hand():
    values = pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    assert classify(values, "equal").breaks == pytest.approx((2.8, 4.6, 6.4, 8.2, 10))
    assert classify(values, "quantiles").breaks == pytest.approx((2.8, 4.6, 6.4, 8.2, 10))
    clumps = pd.Series([0.0, 0, 0, 1, 1.1, 5, 5.2, 9, 9.1, 20])
    assert classify(clumps, "natural").breaks == (0, 1.1, 5.2, 9.1, 20)
    assert classify(pd.Series([1.0, 1, 1, 1, 16]), "head_tail").breaks == (4, 16)
    with pytest.raises(DataError):
        classify(values, "pretty")


def test_shades_darken_step_by_step_in_grey_too():
    for shades in SHADES.values():
        greys = [np.dot([int(shade[k : k + 2], 16) for k in (1, 3, 5)], [0.299, 0.587, 0.114]) for shade in shades]
        assert all(light - dark > 25 for light, dark in pairwise(greys))


def test_the_legend_counts_every_place_once():
    one = shading("town", "lq_electronics")
    legend = one.legend(View())
    counts = [int(entry.label.split("（")[1].strip("）")) for entry in legend.entries]
    assert sum(counts) == len(one.classes.values) == 217
    assert SCHEMES["natural"].zh in legend.note
    assert legend.entries[-1].label.startswith("无数据")


def test_what_chance_may_explain_is_hatched_and_said():
    one = replace(shading("district", "lq_equipment"), undecided=("310151", "310105"))
    assert one.legend(View("en")).entries[-1].label == "Interval holds 1: undecided (2)"
    assert "区间含 1，不能断言（2）" in texts(draw_figure(DATA, View(), title="", shading=one))
    page = choropleth_html(DATA, [(one, pd.Series("", index=one.classes.values.index))], View())
    assert page.count('"className": "x-open"') == 1
    assert 'pattern id="x-white"' in page


@pytest.mark.parametrize("level", PLACE_LEVELS)
def test_every_level_has_something_to_colour(level):
    areas = areas_of(DATA, level)
    assert len(areas)
    assert set(areas.index) <= set(count_places(DATA, level=level).places.index)
    assert not areas.is_empty.any()


def test_the_figure_says_title_selection_legend_scale_north_source_date_and_approval():
    one = shading("district", "lq_biomedicine", "quantiles")
    view = View(approval="GS(2026)0000号")
    figure = draw_figure(DATA, view, title="生物医药 $区位商$", subtitle="全市 436 家", shading=one, day="2026-11-24")
    said = texts(figure)
    wanted = ["生物医药 $区位商$", "全市 436 家", "km", "北", "内置样本", "高德", "GS(2026)0000号", "制图：2026-11-24"]
    wanted += [one.say(one.classes.values["310120"]), *(entry.label for entry in one.legend(view).entries)]
    assert [words for words in wanted if words not in said] == []
    assert "合成数据" not in said
    picture = imread(io.BytesIO(figure_bytes(figure, "png", dpi=60)))
    assert picture.shape[:2] == (432, 600)
    colours = {tuple(rgb) for rgb in (picture[..., :3] * 255).round().astype(int).reshape(-1, 3).tolist()}
    assert {tuple(int(shade[k : k + 2], 16) for k in (1, 3, 5)) for shade in SHADES[5]} <= colours


def test_an_area_of_its_own_with_its_enterprises_and_the_mark_of_made_up_ones():
    made_up = replace(DATA, synthetic=True)
    rows = DATA.select(Filters(zone=("core",)))
    figure = draw_figure(made_up, View("en"), title="Core", enterprises=rows, highlight="core", parks=True)
    said = texts(figure)
    assert "Synthetic data: these enterprises are made up" in said
    known = rows["location_precision"].isin(["site", "road"]).sum()
    assert f"Number: known by area only ({len(rows) - known})" in said.replace("\n", " ")
    assert figure_bytes(figure, "svg").startswith(b"<?xml")
    with pytest.raises(DataError):
        draw_figure(DATA, View(), title="", highlight="310999")
    with pytest.raises(DataError):
        figure_bytes(figure, "gif")


def test_of_thousands_the_density_is_drawn_and_adds_up(tmp_path):
    write_demo(6000, tmp_path / "set")
    rows = open_dataset(tmp_path / "set").enterprises
    figure = draw_figure(DATA, View("en"), title="Many", enterprises=rows)
    said = texts(figure)
    assert "Enterprises per cell" in said
    assert "Drawn as density" in said
    picture = np.asarray(figure.axes[0].images[0].get_array())
    west, east, south, north = figure.axes[0].images[0].get_extent()
    points = metric(rows.geometry[rows["location_precision"].isin(["site", "road"])])
    column = ((points.x - west) / (east - west) * picture.shape[1]).to_numpy(int)
    row = ((points.y - south) / (north - south) * picture.shape[0]).to_numpy(int)
    inside = (column >= 0) & (column < picture.shape[1]) & (row >= 0) & (row < picture.shape[0])
    assert (picture[row[inside], column[inside], 3] > 0).mean() > 0.97  # but for the 50 m of the fine grid


def test_nothing_selected_still_makes_a_figure():
    counts = count_places(DATA, Filters(q="zzzz"))
    empty = Shading("district", "HHI", classify(measure(counts, "hhi")))
    figure = draw_figure(DATA, View(), title="空", shading=empty, enterprises=DATA.enterprises.iloc[:0])
    assert "无数据（16）" in texts(figure)
    assert figure_bytes(figure, "png", dpi=40)[1:4] == b"PNG"
