"""The further conditions through the real entry script and the command line: fields, link and selection agree."""

import pandas as pd
import pytest
from shapely import box

from app.cli import main
from app.i18n import word
from geo.datasets.dataset import load_dataset
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.filters.filters import Filters
from geo.places.drawn_areas import encode
from tests.app.views.test_pages import open_app, own_workspace, script_of, selected_number  # noqa: F401  own_workspace is for every test

DATA = load_dataset()
AREA = encode(box(121.3, 31.0, 121.6, 31.3))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "set"
    write_demo(800, folder)
    return folder


def linked(app):
    held = {name: "".join(value) for name, value in app.query_params.items()}
    return Filters.from_query(held)[0]


def test_fields_make_the_link_and_the_selection(demo, monkeypatch):
    monkeypatch.setenv("EXPLORER_SET", str(demo))
    data = open_dataset(demo)
    app = open_app()
    app.number_input(key="founded_from").set_value(2010).run()
    app.number_input(key="founded_to").set_value(2019).run()
    app.number_input(key="capital_least").set_value(100.0).run()
    app.multiselect(key="filter_status").select("active").run()
    app.selectbox(key="near_place").set_value("point").run()
    app.number_input(key="near_lon").set_value(121.4).run()
    app.number_input(key="near_lat").set_value(31.2).run()
    app.number_input(key="near_km").set_value(20.0).run()
    assert not app.exception
    wanted = Filters(
        founded=("2010-2019",), capital=("CNY:1000000-",), status=("active",), near=("121.40000:31.20000:20",)
    )
    assert linked(app) == wanted
    assert selected_number(app) == len(data.select(wanted)) > 0
    assert any(f"{data.left_out(wanted):,}" in caption.value for caption in app.caption)
    app.number_input(key="founded_to").set_value(None).run()
    assert linked(app).founded == ("2010-",)
    app.selectbox(key="near_place").set_value("").run()
    assert linked(app).near == ()
    next(button for button in app.button if button.label == word("filter.reset", "zh")).click().run()
    assert linked(app) == Filters()
    assert app.number_input(key="founded_from").value is None
    assert selected_number(app) == 800


def test_a_link_fills_the_fields_and_they_stay_over_pages(demo, monkeypatch):
    monkeypatch.setenv("EXPLORER_SET", str(demo))
    park = str(DATA.parks.dropna(subset="geometry").index[0])
    wanted = Filters(founded=("-2015",), capital=("CNY:500000-2000000",), near=(f"{park}:15",), within=(AREA,))
    app = open_app(wanted.as_params())
    for view in ("enterprises", "plan", "map"):
        app.switch_page(script_of(view)).run()
        assert (app.number_input(key="founded_from").value, app.number_input(key="founded_to").value) == (None, 2015)
        assert (app.number_input(key="capital_least").value, app.number_input(key="capital_most").value) == (50, 200)
        assert (app.selectbox(key="near_place").value, app.number_input(key="near_km").value) == (park, 15)
        assert linked(app) == wanted
    app.button(key="lift_within_0").click().run()
    assert linked(app).within == ()
    app.button(key="area_undo").click().run()
    assert linked(app).within == (AREA,)
    app.button(key="lift_within_0").click().run()
    assert linked(app).within == ()
    assert linked(app).founded == ("-2015",)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_fields_cannot_say_is_shown_and_can_be_taken_away(lang):
    app = open_app({"founded": "1990-1999,2015-", "within": "nonsense", "lang": lang})
    assert selected_number(app) == 0
    assert "nonsense" in app.warning[0].value
    app.button(key="lift_founded_0").click().run()
    assert linked(app).founded == ("2015-",)
    app.button(key="lift_within_0").click().run()
    assert not app.exception
    assert linked(app) == Filters(founded=("2015-",))


def test_what_the_set_says_nothing_about_is_disabled_and_named():
    app = open_app()
    assert app.number_input(key="founded_from").disabled
    assert app.multiselect(key="filter_size").disabled
    assert not app.multiselect(key="filter_node").disabled
    reason = next(caption.value for caption in app.sidebar.caption if "没有这些资料" in caption.value)
    assert all(word(f"filter.{name}", "zh") in reason for name in ("founded", "capital", "status", "size", "gb4754"))


def test_the_command_line_takes_the_conditions(tmp_path, capsys):
    out = tmp_path / "out.csv"
    query = f"near=121.45:31.2:10&within={AREA}&node=none"
    assert main(["export", str(out), "--query", query]) == 0
    filters = Filters(near=("121.45:31.2:10",), within=(AREA,), node=("none",))
    assert pd.read_csv(out)["enterprise_id"].tolist() == DATA.select(filters).index.tolist()
    said = capsys.readouterr()
    assert f"{DATA.left_out(filters)}" in said.err
    assert main(["export", str(out), "--query", "near=here:5"]) == 0
    assert "near 没有这个值：here:5" in capsys.readouterr().err
    assert len(pd.read_csv(out)) == 0


def test_near_any_park_is_asked_shown_and_what_cannot_be_judged_stands_beside_the_count():
    app = open_app({"recognition": "any"}, "enterprises")
    app.number_input(key="near_park_km").set_value(5.0).run()
    wanted = Filters(recognition=("any",), near_park=("5",))
    assert not app.exception
    assert linked(app) == wanted
    assert selected_number(app) == DATA.count(wanted)
    undecided = next(metric for metric in app.metric if metric.label == word("kpi.undecided", "zh"))
    assert undecided.value == f"{DATA.left_out(wanted):,}"
    table = app.dataframe(key="table").value
    assert table.columns[:3].tolist() == ["企业名称", "距最近园区（km）", "最近的园区"]
    assert table["距最近园区（km）"].max() <= 5
    app.number_input(key="near_park_km").set_value(None).run()
    assert linked(app) == Filters(recognition=("any",))
    assert word("kpi.undecided", "zh") not in [metric.label for metric in app.metric]


def test_an_export_says_how_far_the_parks_are(tmp_path, capsys):
    out = tmp_path / "out.csv"
    assert main(["export", str(out), "--query", "near_park=5&near=SP22:30"]) == 0
    filters = Filters(near_park=("5",), near=("SP22:30",))
    table = pd.read_csv(out)
    assert len(table) == DATA.count(filters)
    assert (table["park_km"] <= 5).all()
    assert (table["near_km"] <= 30).all()
    assert f"另有 {DATA.left_out(filters)} 家无法判断" in capsys.readouterr().out
    assert main(["import", str(out), "--out", str(tmp_path / "set")]) == 0
    assert "park_km" not in open_dataset(tmp_path / "set").enterprises.columns  # computed for a selection, never read


def test_an_area_put_back_stands_beside_the_one_drawn_since():
    other = encode(box(121.7, 30.9, 121.8, 31.0))
    app = open_app({"within": AREA})
    app.button(key="lift_within_0").click().run()
    app.session_state["filter_within"] = [other]
    app.run()
    app.button(key="area_undo").click().run()
    assert linked(app).within == (AREA, other)
