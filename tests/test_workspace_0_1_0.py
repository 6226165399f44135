"""A workspace that version 0.1.0 wrote, with its records: opened, listed, shown, exported and kept by this version.

`tests/data/workspace_0_1_0` was written by 0.1.0 itself from a list of five made-up enterprises: imported, two followed,
two searches saved, an area drawn, one correction made and one taken back; `workspace_0_1_0.csv` is what its `export`
gave of it.
"""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app.records import corrections, log, searches, shortlist
from app.records.database import open_database
from app.records.overlay import with_corrections
from geo import Filters, open_dataset
from geo.datasets import workspace

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = ROOT / "tests" / "data" / "workspace_0_1_0"
KEY = "sample-2026-7ea10c65"
EXPORTED = pd.read_csv(WRITTEN.with_suffix(".csv"), dtype=str, keep_default_na=False, encoding="utf-8-sig")
BY_CORRECTED_PLACE = ["lon", "lat", "location_error_m"]
"""What follows from the district that a correction names, by what is known of districts today."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    copied = shutil.copytree(WRITTEN, tmp_path / "workspace")
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(copied))
    monkeypatch.delenv("EXPLORER_DATABASE", raising=False)
    return copied


@pytest.fixture
def db(folder):
    assert (folder / "records.sqlite").exists()
    opened = open_database()
    yield opened
    opened.dispose()


def test_the_dataset_is_listed_and_its_table_is_the_one_that_was_imported(folder):
    (entry,) = workspace.list_datasets()
    assert (entry.key, entry.title, entry.rows, entry.synthetic) == (KEY, "sample 2026", 5, False)
    assert entry.files[0][0] == "list.csv"
    assert workspace.verified(KEY) == folder / KEY
    assert workspace.read_report(KEY)["imported"] == 5


def test_it_opens_and_is_filtered_with_and_without_what_0_1_0_kept_beside_it(folder):
    kept = open_dataset(folder / KEY)
    shutil.rmtree(folder / f".{KEY}.columns")
    fresh = open_dataset(folder / KEY)
    for query in ("", "zone=belt", "zone=core&industry=electronics", "q=机器人", "district=310112"):
        filters, unknown = Filters.from_query(query)
        assert not unknown
        assert kept.select(filters).index.tolist() == fresh.select(filters).index.tolist()
    assert fresh.select(Filters(q="机器人"))["name"].tolist() == ["样例甲机器人（上海）有限公司"]
    assert fresh.enterprises["capital_amount"].tolist() == [5e6, 1.34e8, 2e6, 3e7, 1e6]


def test_its_export_is_the_one_that_0_1_0_gave(folder, tmp_path):
    command = [sys.executable, "-m", "app", "export", str(tmp_path / "out.csv"), "--set", str(folder / KEY)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    exported = pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert set(EXPORTED.columns) <= set(exported.columns)
    moved = EXPORTED["corrected"].str.contains("adcode")
    assert moved.sum() == 1
    for column in EXPORTED.columns:
        same = moved if column in BY_CORRECTED_PLACE else pd.Series(False, index=EXPORTED.index)
        assert exported[column][~same].tolist() == EXPORTED[column][~same].tolist(), column


def test_follow_ups_are_kept_and_can_be_changed(db):
    first, second = sorted(shortlist.entries(db), key=lambda entry: entry.id)
    assert (first.firm.name, first.stage, first.next_step) == ("样例甲机器人（上海）有限公司", "contacted", "送资料")
    assert (first.due, first.owner, first.version) == (date(2026, 12, 15), "规划员甲", 2)
    assert (second.firm.name, second.stage, second.firm.facts["industry"]) == (
        "样例乙汽车零部件有限公司",
        "to_visit",
        "auto",
    )
    outcome = shortlist.change(db, first, {"stage": "negotiating"}, "招商员乙")
    assert (outcome.entry.stage, outcome.entry.version, outcome.contested) == ("negotiating", 3, {})


def test_saved_searches_select_what_they_did_and_know_that_nothing_is_new(db, folder):
    data = open_dataset(folder / KEY)
    found = {search.name: search for search in searches.searches(db)}
    assert set(found) == {"带内松江北部", "核内电子"}
    for name, enterprise in (("带内松江北部", "样例甲机器人（上海）有限公司"), ("核内电子", "样例丙集成电路有限公司")):
        filters, unknown = Filters.from_query(found[name].query)
        selected = data.select(filters)
        assert (selected["name"].tolist(), unknown) == ([enterprise], [])
        assert not searches.news(db, found[name].id, selected.index).changed


def test_corrections_stand_those_taken_back_do_not(db, folder):
    (standing,) = corrections.corrections(db)
    assert (standing.field, standing.old, standing.new, standing.reason) == ("adcode", "310112", "310114", "电话核实")
    assert [one.field for one in corrections.corrections(db, undone=True)] == ["adcode", "industry"]
    data = with_corrections(open_dataset(folder / KEY))
    by_name = data.enterprises.set_index("name")
    assert by_name.loc["样例丁生物医药有限公司", "adcode"] == "310114"
    assert by_name.loc["样例乙汽车零部件有限公司", "industry"] == "auto"


def test_the_log_is_as_it_was(db):
    rows = log.read(db)
    assert len(rows) == 10
    assert set(rows["who"]) == {"规划员甲"}


@pytest.mark.usefixtures("folder")
def test_the_page_of_follow_ups_shows_them():
    page = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=120)
    page.session_state["person_name"] = "规划员甲"
    page.run().switch_page("views/shortlist/page.py").run()
    assert not page.exception
    shown = " ".join(frame.value.to_string() for frame in page.dataframe)
    assert "样例甲机器人（上海）有限公司" in shown
    assert "样例乙汽车零部件有限公司" in shown
