"""The page of premises and the choice of a site, through the real entry script."""

import io
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app.i18n import word
from app.records import premises
from app.records.database import open_database
from app.records.location import nothing_kept
from app.records.permissions import ANYBODY
from app.ui.session import Session
from app.views.premises.page import file_of, shown_table
from geo.datasets.dataset import load_dataset
from geo.filters.filters import Filters
from geo.premises.premises import premises_table

ENTRY = Path(__file__).resolve().parents[3] / "app" / "main.py"
PAGE = "views/premises/page.py"
LIST = """名称,类型,区,可租面积（亩）,层高,租金（元/㎡/天）,环评,产业准入,可用日期
样例甲厂房,厂房,松江区,12,8米,1.5,可办报告表,动力电池,即可
样例乙地块,地块,嘉定区,30,,面议,,,2026-03-01
"""


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE", "EXPLORER_USER_HEADER"):
        monkeypatch.delenv(name, raising=False)


def opened(view=PAGE, **query):
    app = AppTest.from_file(str(ENTRY), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    app.run().switch_page(view).run()
    assert not app.exception
    return app


ROWS = [
    {"name": "样例甲厂房", "kind": "plant", "district": "310117", "zone": "belt", "available_m2": 8000.0, "height_m": 8.0,
     "rent": 1.5, "environment": "form", "admitted": "动力电池", "available_from": "now", "lon": 121.2, "lat": 31.0,
     "location_precision": "town", "location_error_m": 2500.0, "written": {"available_m2": "12 亩"}},
    {"name": "样例乙地块", "kind": "parcel", "district": "310114", "zone": "belt", "land_m2": 20_000.0},
]  # fmt: skip


@pytest.fixture
def kept():
    return premises.add(open_database(), ROWS, "样例清单", "a.csv", ANYBODY)


def table(app, heading):
    """The first table with a column of that name."""
    return next(one.value for one in app.dataframe if heading in one.value.columns)


def said(app):
    return " ".join(one.value for kind in (app.markdown, app.info, app.success, app.error, app.caption) for one in kind)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_premises_the_page_says_what_would_do_and_keeps_nothing(lang):
    app = opened(lang=lang)
    assert word("premises.empty", lang) in [one.value for one in app.info]
    assert {"premises_template_csv", "premises_template_xlsx"} <= {one.key for one in app.download_button}
    assert nothing_kept()


def test_a_file_is_imported_with_an_account_and_then_shown():
    app = opened()
    app.file_uploader(key="premises_file_0").set_value([("样例.csv", LIST.encode(), "text/csv")]).run()
    app.button(key="premises_import").click().run()
    assert not app.exception
    assert "文件共 2 行，导入 2 处，没有导入 0 行" in said(app)
    assert "没有读懂，没有采用" in table(app, "说明").to_string()
    assert table(app, "名称")["可租面积（㎡）"].tolist() == [8000.0, 20_000.0]


@pytest.mark.usefixtures("kept")
def test_filters_stand_in_the_link_and_unknown_meets_nothing():
    app = opened(premises_height_from="6")
    assert table(app, "名称")["名称"].tolist() == ["样例甲厂房"]
    assert word("premises.count", "zh", all="2", met="1") in said(app)
    assert word("premises.open", "zh", n="1") in said(app)
    assert "没有各项都符合" in said(opened(premises_height_from="9"))


@pytest.mark.usefixtures("kept")
def test_one_in_detail_shows_what_was_written_and_whom_to_ask():
    app = opened(premises_id=str(premises_table(ROWS).index[0]))
    detail = table(app, "清单所写")
    assert "8,000 ㎡（原文 12 亩）" in detail.to_string()
    assert "动力电池" in said(app)
    assert word("premises.coarse", "zh") in said(app)


@pytest.mark.usefixtures("kept")
def test_where_no_industry_is_known_nobody_is_named():
    app = opened(premises_id=str(premises_table(ROWS).index[1]))
    assert "说不出哪些企业可能需要" in said(app)
    assert not [one for one in app.dataframe if "产业关系" in one.value.columns]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("lang", "met", "open_"), [("zh", "合：8 m", "待核实：未写明"), ("en", "meets: 8 m", "to be checked: not stated")]
)
def test_a_need_is_compared_term_by_term(lang, met, open_):
    app = opened("views/fit.py", lang=lang, fit_area_from="5000", fit_height_from="6", fit_node="AUTO-U2")
    shown = table(app, word("match.result", lang))
    heights = shown[next(name for name in shown if "≥ 6 m" in name)].tolist()
    assert heights == [met, open_]
    assert word("match.count", lang, whole="1", open="1", failing="0") in said(app)
    app = opened("views/fit.py", lang=lang, fit_area_from="30000")
    assert word("match.none", lang) in said(app)


def test_the_choice_of_a_site_says_what_is_missing_without_a_list():
    assert word("match.empty", "zh") in said(opened("views/fit.py"))


def test_a_removed_list_can_be_put_back(kept):
    app = opened()
    app.button(key=f"premises_delete_{kept.id}").click().run()
    assert premises.lists(open_database(), ANYBODY) == []
    app.button(key="premises_undo").click().run()
    assert [one.title for one in premises.lists(open_database(), ANYBODY)] == ["样例清单"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_file_has_the_numbers_unrounded(lang):
    session = Session(lang, load_dataset(), Filters())
    table_ = premises_table([{"name": "甲", "rent": 0.9863013698630136}])
    back = pd.read_csv(io.BytesIO(file_of(table_, session, "csv")))
    assert 0.9863013698630136 in back.to_numpy().tolist()[0]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_what_is_free_and_was_not_read_leaves_as_it_came_and_the_page_shows_numbers(suffix):
    session = Session("zh", load_dataset(), Filters())
    unread = {"name": "乙", "area_m2": 8000.0, "written": {"available_m2": "500-1000"}}
    table_ = premises_table([{"name": "甲", "available_m2": 3000.0}, unread]).assign(list="样例清单")
    made = io.BytesIO(file_of(table_, session, suffix))
    back = pd.read_csv(made) if suffix == "csv" else pd.read_excel(made, engine="openpyxl")
    assert [str(one).removesuffix(".0") for one in back["可租面积（㎡）"]] == ["3000", "500-1000"]
    assert shown_table(table_, session)["可租面积（㎡）"].fillna(-1).tolist() == [3000.0, -1.0]
