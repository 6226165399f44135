"""The pipeline through the real entry script: from a follow-up that landed to a project that pays tax."""

import io
import json
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app.i18n import LANGS, word
from app.records import projects, shortlist
from app.records.database import open_database
from app.records.enterprises import EnterpriseKey
from app.records.permissions import ANYBODY
from app.ui.session import Session
from app.views.shortlist import pipeline
from geo.datasets.dataset import load_dataset
from geo.filters.filters import Filters

ENTRY = Path(__file__).resolve().parents[3] / "app" / "main.py"
TODAY = date.today()
LATE = TODAY - timedelta(days=9)


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE", "EXPLORER_USER_HEADER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def db():
    return open_database()


def landed(db, name, adcode="310117", who="张三"):
    firm = EnterpriseKey(name, "", {"adcode": adcode}, "样例名单")
    entry = shortlist.add(db, [firm], who)[0].entry
    assert entry
    return shortlist.change(db, entry, {"stage": "landed"}, who).entry


def opened(**query) -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    for name, value in {"shortlist_view": "projects", **query}.items():
        app.query_params[name] = value
    app.session_state["person_name"] = "张三"
    app.run().switch_page("views/shortlist/page.py").run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(one.value for kind in (app.success, app.warning, app.info, app.error) for one in kind)


def table(app, key):
    return next(one.value for one in app.dataframe if one.proto.id.endswith(key))


@pytest.mark.parametrize("lang", LANGS)
def test_without_projects_it_says_how_to_begin_one(lang):
    assert word("pipeline.empty", lang) in said(opened(lang=lang))


def test_a_landed_follow_up_becomes_a_project_and_what_is_written_of_it_is_kept(db):
    entry = landed(db, "样例甲有限公司")
    app = opened()
    app.selectbox(key="project_of").set_value(entry.id).run()
    app.button(key="project_add").click().run()
    (made,) = projects.projects(db)
    assert app.selectbox(key="project_id").value == made.id
    assert (made.title, made.adcode, made.owner) == ("样例甲有限公司", "310117", "张三")
    own = f"{made.id}_{made.version}"
    app.number_input(key=f"project_amount_{own}").set_value(2.5)
    app.selectbox(key=f"project_unit_{own}").set_value("yi")
    app.date_input(key=f"project_signing_actual_{own}").set_value(LATE)
    app.date_input(key=f"project_start_planned_{own}").set_value(LATE)
    app.text_area(key=f"project_files_{own}").set_value("https://files.example.cn/a.pdf\njavascript:alert(1)")
    app.button(key="project_save").click().run()
    assert not app.exception
    (saved,) = projects.projects(db)
    assert (saved.amount, saved.unit, saved.reached, saved.overdue(TODAY)) == (2.5, "yi", "signing", ["start"])
    links = [json.loads(json.dumps(one.proto.url)) for one in app.get("link_button")]
    assert links == ["https://files.example.cn/a.pdf"]
    assert "javascript:alert(1)" in [one.value for one in app.text]
    assert "开工 9 天" in " ".join(frame.value.to_string() for frame in app.dataframe)


def test_what_was_written_stays_when_somebody_else_changed_the_same_field(db):
    landed(db, "样例甲有限公司")
    made = projects.add(db, EnterpriseKey("样例甲有限公司"), "一期", "张三")
    app = opened(project_id=str(made.id))
    app.text_input(key=f"project_department_{made.id}_1").set_value("投促办").run()
    app.number_input(key=f"project_land_mu_{made.id}_1").set_value(30.0).run()
    projects.change(db, made, {"department": "经委", "owner": "李四"}, "李四")
    app.button(key="project_save").click().run()
    assert "李四 刚改了同一项" in said(app)
    assert projects.projects(db)[0].department == "经委"
    assert app.text_input(key=f"project_department_{made.id}_2").value == "投促办"
    app.button(key="project_save").click().run()
    (saved,) = projects.projects(db)
    assert (saved.department, saved.owner, saved.land_mu) == ("投促办", "李四", 30.0)


def filled(db):
    for number, (adcode, owner, unit, amount, done) in enumerate(
        [
            ("310117", "张三", "yi", 1.5, ("signing", "start")),
            ("310117", "李四", "wan", 5000, ()),
            ("", "李四", "wan", None, ("signing", "start", "production", "tax")),
        ]
    ):
        made = projects.add(db, EnterpriseKey(f"样例{number}"), f"项目{number}", owner)
        wanted = {"adcode": adcode, "unit": unit, "amount": amount, "production_planned": LATE}
        projects.change(db, made, wanted | {f"{step}_actual": LATE for step in done}, owner)
    return projects.projects(db)


@pytest.mark.parametrize("lang", LANGS)
def test_funnel_and_board_add_up(db, lang):
    held = filled(db)
    session = Session(lang, load_dataset(), Filters())
    funnel = pipeline.funnel(held, session)
    assert funnel.iloc[:, 1].tolist() == [3, 2, 2, 1, 1]
    assert funnel.iloc[0, 3] == {"zh": "2 亿人民币（2 个写了金额）", "en": "CNY 200 million (2 with an amount)"}[lang]
    by_district = pipeline.board(held, "district", TODAY, session)
    assert by_district.iloc[:, 1].tolist() == [2, 1]
    assert by_district.iloc[:, -2].tolist() == [2, 0]  # one of the three is in production
    by_owner = pipeline.board(held, "owner", TODAY, session)
    assert by_owner.iloc[:, :2].to_numpy().tolist() == [["李四", 2], ["张三", 1]]
    app = opened(lang=lang, pipeline_by="owner", pipeline_overdue="1")
    shown = [one.value for one in app.dataframe]
    assert sorted(len(one) for one in shown[:3]) == [2, 2, 5]  # board, list of the late, funnel of all


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_file_holds_numbers_and_days(db, suffix, monkeypatch):
    held = filled(db)
    monkeypatch.setattr(pipeline, "person_now", lambda: ANYBODY)
    content = pipeline._file(Session("zh", load_dataset(), Filters()), db, [one.id for one in held[:2]], suffix)
    read = (
        pd.read_csv(io.BytesIO(content)) if suffix == "csv" else pd.read_excel(io.BytesIO(content), engine="calamine")
    )
    assert len(read) == 2
    assert read["投资额"].dropna().tolist() == [5000]
    assert pd.to_datetime(read["计划投产"]).dt.date.tolist() == [LATE, LATE]
