"""Adding is what the guide says: each kind of thing is added to a copy of the project, by its blocks, and used there."""

import re

import pandas as pd
import pytest

from geo.datasets.dataset import load_dataset
from tests.adding.guide import Copy, sections
from tests.imports import ROOT

APP = """
import json
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app/main.py", default_timeout=120)
"""
RUN = """
app.run()
assert not app.exception, app.exception
"""


@pytest.fixture(scope="module")
def enterprises():
    return load_dataset().enterprises


def test_the_guide_promises_the_number_of_files_and_lines_that_it_shows():
    shown = {
        title: (len({step.file for step in section.steps}), sum(step.added for step in section.steps))
        for title, section in sections().items()
    }
    assert shown == {title: (section.files, section.lines) for title, section in sections().items()}
    assert set(shown) == {
        "A filter",
        "A page",
        "A choice of a page",
        "An export format",
        "An indicator",
        "A table of records",
    }


def test_the_floor_plan_promises_the_same():
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    promised = dict(re.findall(r"^\| \*\*(an? .+?)\*\* \| (\d+) files?\b", table, re.MULTILINE))
    shown = {title.replace("A", "a", 1): str(section.files) for title, section in sections().items()}
    assert shown.items() <= promised.items()


def test_a_filter(tmp_path, enterprises):
    copy = Copy(tmp_path, "A filter")
    wanted = sorted(enterprises.index[enterprises["stock_code"] != ""])
    assert 0 < len(wanted) < len(enterprises)
    out = tmp_path / "out.csv"
    copy.run("-m", "app", "export", str(out), "--query", "listed=yes")
    assert sorted(pd.read_csv(out, dtype=str, encoding="utf-8-sig")["enterprise_id"]) == wanted
    seen = copy.answer(
        APP
        + "app.query_params['listed'] = 'yes'"
        + RUN
        + """
from geo.filters.filters import Filters
chosen = app.multiselect(key="filter_listed")
number = lambda: int(next(metric.value for metric in app.metric if metric.label == "所选企业").replace(",", ""))
seen = [chosen.label, chosen.value, chosen.options, number()]
chosen.set_value(["no"]).run()
print(json.dumps([
    *seen, number(), ''.join(app.query_params["listed"]),
    Filters(listed=("yes", "no")).sentence(3), Filters(listed=("perhaps",)).unknown(),
]))
"""
    )
    assert seen == [
        *("上市", ["yes"], ["已上市", "未上市"], len(wanted), len(enterprises) - len(wanted)),
        *("no", "已上市、未上市 · 3 家", {"listed": ["perhaps"]}),
    ]


def test_a_page(tmp_path, enterprises):
    copy = Copy(tmp_path, "A page")
    songjiang = enterprises[enterprises["adcode"] == "310117"]["town"].value_counts()
    seen = copy.answer(
        APP
        + "app.query_params['district'] = '310117'"
        + RUN
        + """
app.switch_page("views/towns.py").run()
assert not app.exception, app.exception
from app.i18n import word
from app.ui.page import PAGES
print(json.dumps([
    app.dataframe[0].value["count"].to_dict(), PAGES[-1].name, word("nav.towns", "zh"), word("nav.towns", "en")
]))
"""
    )
    assert seen == [songjiang.to_dict(), "towns", "街镇", "Towns"]


def test_a_choice_of_a_page(tmp_path):
    copy = Copy(tmp_path, "A choice of a page")
    seen = copy.answer(
        APP
        + "app.query_params['sources_brief'] = '1'"
        + RUN
        + """
app.switch_page("views/sources.py").run()
chosen = app.toggle(key="sources_brief")
seen = [chosen.value, "".join(app.query_params["sources_brief"])]
chosen.set_value(False).run()
print(json.dumps([*seen, "sources_brief" in app.query_params]))
"""
    )
    assert seen == [True, "1", False]


def test_an_export_format(tmp_path, enterprises):
    copy = Copy(tmp_path, "An export format")
    out = tmp_path / "out.jsonl"
    copy.run("-m", "app", "export", str(out), "--query", "district=310117")
    written = pd.read_json(out, lines=True, dtype=False)
    assert written["name"].tolist() == enterprises[enterprises["adcode"] == "310117"]["name"].tolist()
    assert not (tmp_path / "part.jsonl").exists()
    seen = copy.answer(
        APP
        + RUN
        + """
app.switch_page("views/enterprises/page.py").run()
assert not app.exception, app.exception
print(json.dumps([button.label for button in app.get("download_button")]))
"""
    )
    assert any("JSONL" in label for label in seen)


def test_an_indicator(tmp_path, enterprises):
    copy = Copy(tmp_path, "An indicator")
    out = tmp_path / "out.csv"
    copy.run("-m", "app", "indicators", str(out))
    written = pd.read_csv(out, dtype={"adcode": str}).set_index("adcode")["unknown_share"]
    placed = enterprises[enterprises["adcode"] != ""]
    right = (placed["industry"] == "").groupby(placed["adcode"]).mean()
    pd.testing.assert_series_equal(written[right.index], right, check_names=False)
    seen = copy.answer(
        APP
        + RUN
        + """
app.switch_page("views/districts/page.py").run()
assert not app.exception, app.exception
print(json.dumps([option for box in app.selectbox for option in box.options]))
"""
    )
    assert any("行业未知的占比" in option for option in seen)


def test_a_table_of_records(tmp_path, monkeypatch):
    from app.records import shortlist
    from app.records.database import open_database
    from app.records.enterprises import EnterpriseKey

    copy = Copy(tmp_path, "A table of records")
    workspace = tmp_path / "workspace"
    older = open_database(f"sqlite:///{workspace / 'records.sqlite'}")  # as this version writes it
    shortlist.add(older, [EnterpriseKey("样例甲有限公司")], "张三")
    older.dispose()
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(workspace))
    out = tmp_path / "backup.sqlite"
    seen = copy.answer(
        """
import json
from datetime import date
from app.records import log, shortlist, visits
from app.records.database import open_database
db = open_database()
visits.add(db, "样例甲有限公司", date(2026, 11, 3), "张三")
visits.add(db, "样例乙有限公司", date(2026, 11, 4), "李四")
print(json.dumps([
    [entry.firm.name for entry in shortlist.entries(db)],
    [[name, day.isoformat(), who] for name, day, who in visits.visits(db)],
    log.read(db, "visit")[["who", "action", "name"]].to_numpy().tolist(),
]))
"""
    )
    assert seen == [
        ["样例甲有限公司"],
        [["样例乙有限公司", "2026-11-04", "李四"], ["样例甲有限公司", "2026-11-03", "张三"]],
        [["李四", "add", "样例乙有限公司"], ["张三", "add", "样例甲有限公司"]],
    ]
    assert "走访 2" in copy.run("-m", "app", "backup", str(out))
    assert "restored" in copy.run("-m", "app", "restore", str(out))
