"""Driving times through the real entry script: the fields, the link, the choice of the pages, and what is said without roads."""

import io
import itertools
from datetime import date

import openpyxl
import pandas as pd
import pytest

from app.i18n import word
from app.records import shortlist
from app.records.database import open_database
from app.records.enterprises import enterprise_key
from app.server.parameters import RefusedError, read_query
from app.views.shortlist.visit import MAX_DRIVEN_STOPS, count_stops, plan_visit, visit_html, visit_xlsx
from geo.chains.sites import Needs, fit_places, load_places
from geo.datasets.dataset import load_dataset
from geo.filters.drive import MAX_DRIVE_PLACES
from geo.filters.filters import Filters
from geo.places.geocoding import POINT_PRECISIONS
from geo.roads.store import NO_NETWORK, ROAD_ATTRIBUTION, load_roads
from tests.app.views.test_pages import open_app, own_workspace, selected_number  # noqa: F401  own_workspace is for every test
from tests.made_up_roads import NODES, bring_roads

DATA = load_dataset()


def captions(app):
    return " ".join(element.value.replace("\\", "") for element in [*app.caption, *app.markdown])


def test_without_roads_the_field_is_closed_and_a_link_is_told():
    app = open_app()
    assert app.selectbox(key="drive_place").disabled
    assert NO_NETWORK.zh in captions(app)
    app = open_app({"drive": "121.4:31.0:30"})
    assert not app.exception
    assert selected_number(app) == 0
    assert NO_NETWORK.zh in captions(app)
    assert not app.selectbox(key="drive_place").disabled


def test_fields_make_the_link_and_the_selection(tmp_path):
    bring_roads(tmp_path)
    app = open_app()
    app.selectbox(key="drive_place").set_value("point").run()
    app.number_input(key="drive_lon").set_value(NODES["b"][0]).run()
    app.number_input(key="drive_lat").set_value(NODES["b"][1]).run()
    app.number_input(key="drive_minutes").set_value(20.0).run()
    assert not app.exception
    assert "".join(app.query_params["drive"]) == "121.41000:31.00000:20"
    assert selected_number(app) == 0  # none of the sample stands in the made-up town
    said = captions(app)
    assert "不含拥堵与信号灯" in said
    assert ROAD_ATTRIBUTION in said
    assert "172 家有自己的点位，但 300 米内没有路网上的道路" in said
    app.selectbox(key="drive_place").set_value("").run()
    assert "drive" not in app.query_params
    assert selected_number(app) == 900


@pytest.fixture
def kept(tmp_path):
    """Four followed enterprises at a, e, f of the town, and one far from every road."""
    bring_roads(tmp_path)
    rows = DATA.enterprises.iloc[:4].copy()
    places = [NODES["a"], NODES["f"], NODES["e"], (121.60, 31.20)]
    db = open_database(f"sqlite:///{tmp_path / 'r.sqlite'}")
    keys = []
    for (_, row), (lon, lat), name in zip(rows.iterrows(), places, "甲乙丙丁", strict=True):
        made = row.copy()
        made["name"], made["uscc"], made["lon"], made["lat"], made["location_precision"] = name, "", lon, lat, "site"
        keys.append(enterprise_key(made, "样例"))
    shortlist.add(db, keys, "张三")
    return shortlist.entries(db)


def test_the_visit_goes_by_driving_time_and_tells_the_legs_without_one(kept):
    roads = load_roads()
    assert roads
    straight = plan_visit(kept, DATA, "跟进")
    assert "leg_minutes" not in straight.rows
    assert "按直线距离" in straight.notes["次序"]
    visit = plan_visit(kept, DATA, "跟进", roads=roads)
    assert "按驾车时间" in visit.notes["次序"]
    assert ROAD_ATTRIBUTION in visit.notes["次序"]
    assert "没有驾车时间的路段有 1 段" in visit.notes["次序"]
    stops = visit.rows.set_index("name")
    names = visit.rows["name"].tolist()
    assert "".join(names) in ("丁丙乙甲", "甲乙丙丁", "丙乙甲丁", "丁甲乙丙")  # e to f one way: 3 min, back 5
    for one, other in itertools.pairwise(names):
        at = stops.loc[[one, other]]
        seconds = roads.network.matrix(at["lon"], at["lat"])[0, 1]
        minutes = stops.at[other, "leg_minutes"]
        assert (pd.isna(minutes) and "丁" in (one, other)) or minutes == round(seconds / 60)
    book = openpyxl.load_workbook(io.BytesIO(visit_xlsx(visit)))
    assert "从上一站驾车（分钟）" in [cell.value for cell in book.worksheets[0][1]]
    page = visit_html(visit, "zh", str(date(2026, 12, 1)))
    assert "分钟（驾车）" in page
    assert f"驾车合计 {stops['leg_minutes'].sum():.0f} 分钟（另有 1 段不知）" in page
    assert "(1 leg unknown)" in visit_html(plan_visit(kept, DATA, "跟进", "en", roads), "en", "2026-12-01")


def test_minutes_of_which_none_is_known_make_no_total(kept):
    apart = [entry for entry in kept if entry.firm.name in "甲丁"]
    visit = plan_visit(apart, DATA, "跟进", roads=load_roads())
    assert "驾车时间不知（1 段）" in visit_html(visit, "zh", "2026-12-01")
    assert "driving time unknown (1 leg)" in visit_html(visit, "en", "2026-12-01")
    alone = visit_html(plan_visit(apart[:1], DATA, "跟进", roads=load_roads()), "zh", "2026-12-01")
    assert "驾车合计" not in alone
    assert "驾车时间不知" not in alone


def test_the_page_of_the_shortlist_says_by_what_the_visit_goes(tmp_path):
    points = DATA.enterprises[DATA.enterprises["location_precision"].isin(POINT_PRECISIONS)]
    areas = DATA.enterprises[DATA.enterprises["location_precision"] == "town"]
    rows = pd.concat([points.iloc[:MAX_DRIVEN_STOPS], areas.iloc[:2]])
    db = open_database()
    shortlist.add(db, [enterprise_key(row, DATA.title) for _, row in rows.iterrows()], "张三")
    shortlist.add(db, [enterprise_key(rows.iloc[0], DATA.title)], "李四", aware=True)
    app = open_app(view="shortlist")
    app.segmented_control(key="visit_by").set_value("drive").run()
    assert f"{NO_NETWORK.zh} 仍按直线。" in captions(app)
    bring_roads(tmp_path)
    app.run()
    too_many = word("visit.driven.many", "zh", n=MAX_DRIVEN_STOPS)
    assert "文件日期" in captions(app)
    assert too_many not in captions(app)  # sixty stops, though more entries
    followed = shortlist.entries(db)
    assert (len(followed), count_stops(followed, DATA)) == (MAX_DRIVEN_STOPS + 3, MAX_DRIVEN_STOPS)
    shortlist.add(db, [enterprise_key(points.iloc[MAX_DRIVEN_STOPS], DATA.title)], "张三")
    assert too_many in captions(app.run())
    assert count_stops(shortlist.entries(db), DATA) == MAX_DRIVEN_STOPS + 1
    visit = plan_visit(shortlist.entries(db), DATA, "跟进", roads=load_roads())
    assert visit.rows["stop"].nunique() == MAX_DRIVEN_STOPS + 1
    assert "leg_minutes" not in visit.rows
    app.segmented_control(key="visit_by").set_value("straight").run()
    assert "文件日期" not in captions(app)


def test_the_page_of_sites_goes_by_driving_time_where_that_is_chosen(tmp_path):
    firm = DATA.enterprises[DATA.enterprises["location_precision"] == "site"].iloc[0]
    place = load_places().loc[load_places()["kind"] == "park"].dropna(subset="geometry").iloc[0]
    nodes = {"a": (firm["lon"], firm["lat"]), "b": (place.geometry.x, place.geometry.y)}
    bring_roads(tmp_path, [("ab", {"highway": "primary"})], nodes)
    roads = load_roads()
    assert roads
    app = open_app(view="fit")
    app.text_input(key="fit_firm").set_value(firm["name"]).run()
    column = word("fit.firm_minutes", "zh")
    assert not any(column in table.value for table in app.dataframe)
    app.segmented_control(key="fit_by").set_value("drive").run()
    assert not app.exception
    table = next(table.value for table in app.dataframe if column in table.value)
    minutes = table.loc[table[word("fit.place", "zh")] == place["name"], column]
    assert minutes.dropna().tolist()[0] == pytest.approx(
        roads.network.matrix(*zip(*nodes.values(), strict=True))[1, 0] / 60, abs=0.06
    )
    assert table[column].isna().any()  # places without a road near by
    assert "文件日期" in captions(app)
    assert word("fit.by_road", "zh") in captions(app)


def test_a_link_of_more_places_than_are_driven_from_is_cut_and_said(tmp_path):
    bring_roads(tmp_path)
    places = [f"121.41:31.0:{minutes}" for minutes in range(1, MAX_DRIVE_PLACES + 2)]
    app = open_app({"drive": ",".join(places)})
    assert app.session_state["filter_drive"] == places[:-1]
    assert any(
        "drive 太长或值太多" in one.value and f"驾车时间 {MAX_DRIVE_PLACES} 个" in one.value for one in app.warning
    )
    filters, beyond = Filters.from_query({"drive": ",".join(places), "near": ",".join(places)})
    assert (len(filters.drive), len(filters.near), beyond) == (MAX_DRIVE_PLACES, MAX_DRIVE_PLACES + 1, ["drive"])
    with pytest.raises(RefusedError, match=f"drive {MAX_DRIVE_PLACES} 个"):
        read_query([("drive", ",".join(places))], (), filtered=True)


def test_a_site_is_near_by_the_time_from_it_to_the_enterprise(tmp_path):
    bring_roads(tmp_path)
    roads = load_roads()
    assert roads
    network = roads.network
    places = load_places().iloc[:3].copy()
    points = [NODES["e"], NODES["f"], (121.6, 31.2)]
    places["geometry"] = places.geometry.from_xy(*zip(*points, strict=True), crs=4326).to_numpy()
    needs = Needs("EQP-M1", firm=NODES["f"])
    terms, facts, _ = fit_places(places, needs, DATA.enterprises, DATA.nodes, roads=network)
    minutes = facts["firm_minutes"].tolist()
    assert minutes[:2] == pytest.approx([network.matrix(*zip(*points, strict=True))[0, 1] / 60, 0], abs=1e-3)
    assert pd.isna(minutes[2])
    assert terms["firm"].tolist()[:2] == pytest.approx([1 / (1 + minutes[0] / 20), 1], abs=1e-4)
    assert pd.isna(terms["firm"].iloc[2])
    assert facts["firm_km"].notna().all()
    by_line = fit_places(places, needs, DATA.enterprises, DATA.nodes)[1]
    assert "firm_minutes" not in by_line
