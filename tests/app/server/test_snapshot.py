"""The first map comes before the tables are read, is the one that stands after it, and is never an old one."""

import json
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from app.i18n import LANGS
from app.records import corrections
from app.records.database import open_database
from app.records.enterprises import EnterpriseKey
from app.records.location import nothing_corrected
from app.server import snapshot as opening
from app.server.asgi import ROUTES
from app.server.snapshot import reading
from app.ui.maps import draw_first_map
from geo.datasets.demo import write_demo
from tests.app.views.test_pages import DATA, open_app, selected_number


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE", "EXPLORER_MAP_APPROVAL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def kept_maps():
    opening.keep_snapshots()
    reading.set()
    yield {lang: opening.load_snapshot(lang) for lang in LANGS}
    reading.clear()


def sent(app: AppTest):
    """What the page sends to the map's frame."""
    [frame] = app.get("component_instance")
    return frame.proto.id, json.loads(frame.proto.json_args)


@pytest.fixture
def drawn_by_the_page(monkeypatch):
    """Called when the page draws its map itself."""
    draw = Mock(wraps=draw_first_map)
    monkeypatch.setattr("app.ui.map_tools.draw_first_map", draw)
    return draw


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_map_is_the_one_that_stands_after_it(kept_maps, drawn_by_the_page, lang):
    app = open_app({"lang": lang})
    assert not drawn_by_the_page.called
    assert selected_number(app) == len(DATA.enterprises)
    first = sent(app)
    assert kept_maps[lang].written.name in first[1]["script"]
    assert f"/marks?set=builtin&lang={lang}" in first[1]["feature_group"].replace("\\u0026", "&")
    app.run()
    assert drawn_by_the_page.call_count == 1
    assert sent(app) == first


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_kept_marks_are_those_of_the_tables(kept_maps, lang):
    client = TestClient(Starlette(routes=ROUTES))
    address = kept_maps[lang].enterprises["places"]
    first = client.get(address)
    assert "no-store" in first.headers["cache-control"]
    assert sum(mark["n"] for mark in first.json()["marks"]) == (DATA.enterprises["location_precision"] != "none").sum()
    filtered = client.get(f"{address}&district=310115").json()
    assert 0 < len(filtered["marks"]) < len(first.json()["marks"])
    reading.clear()
    again = client.get(address)
    assert "etag" in again.headers
    assert again.json() == first.json()


@pytest.mark.usefixtures("kept_maps")
def test_filters_work_from_the_first_map_on():
    app = open_app()
    app.multiselect(key="filter_district").set_value(["310115"]).run()
    assert selected_number(app) == int((DATA.enterprises["adcode"] == "310115").sum())
    assert "district=310115" in sent(app)[1]["feature_group"]


def correct_something(*_):
    firm = EnterpriseKey(DATA.enterprises["name"].iloc[0])
    corrections.correct(open_database(), firm, "address", "a", "b", "官网", "张三")


def start_with_another(monkeypatch, tmp_path):
    write_demo(300, tmp_path / "set")
    monkeypatch.setenv("EXPLORER_SET", str(tmp_path / "set"))


OTHERWISE = {
    "no other question": None,
    "a filter": None,
    "the tables are there": lambda *_: reading.clear(),
    "another set": start_with_another,
    "other settings": lambda monkeypatch, _: monkeypatch.setenv("EXPLORER_MAP_APPROVAL", "GS(2026)1号"),
    "other code": lambda monkeypatch, _: monkeypatch.setattr(opening, "ROOT", Path("elsewhere")),
    "another library": lambda monkeypatch, _: monkeypatch.setattr(opening, "version", str.upper),
    "a broken file": lambda _, tmp_path: (tmp_path / "workspace" / opening.SNAPSHOT_FILE.format(lang="zh")).write_text(
        "[{"
    ),
    "a file of something else": lambda _, tmp_path: (
        tmp_path / "workspace" / opening.SNAPSHOT_FILE.format(lang="zh")
    ).write_text("[]"),
    "a correction": correct_something,
}


@pytest.mark.usefixtures("kept_maps")
@pytest.mark.parametrize("otherwise", OTHERWISE)
def test_the_page_draws_its_map_itself_where_that_may_be_another(drawn_by_the_page, monkeypatch, tmp_path, otherwise):
    change = OTHERWISE[otherwise]
    if change:
        change(monkeypatch, tmp_path)
    app = open_app({"district": "310115"} if otherwise == "a filter" else {})
    assert drawn_by_the_page.called == (otherwise != "no other question")
    assert len(app.get("component_instance")) == 1


def test_every_file_that_draws_counts(monkeypatch, tmp_path):
    (tmp_path / "layers").mkdir()
    monkeypatch.setattr(opening, "ROOT", tmp_path)
    seen = {opening.fingerprint()}
    for name, text in (("map.py", "a"), ("map.py", "b"), ("map.js", "b"), ("map.css", "b")):
        (tmp_path / "layers" / name).write_text(text)
        seen.add(opening.fingerprint())
    assert len(seen) == 5


def test_where_nothing_can_be_written_nothing_is_kept(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "file"))
    opening.keep_snapshots()
    assert opening.load_snapshot("zh") is None


def test_whether_something_was_corrected_is_known_without_the_records(monkeypatch, tmp_path):
    assert nothing_corrected()
    open_database()
    assert nothing_corrected()
    correct_something()
    assert not nothing_corrected()
    (tmp_path / "workspace" / "records.sqlite").write_bytes(b"no database")
    assert not nothing_corrected()
    monkeypatch.setenv("EXPLORER_DATABASE", "postgresql://nowhere/x")
    assert not nothing_corrected()


def test_the_first_map_waits_for_nothing_that_reads_tables():
    code = "import sys, app.ui.first_map, app.ui.page; print([*sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    loaded = run.stdout
    assert "'folium'" in loaded
    assert not [
        name for name in ("geopandas", "geo.datasets.dataset", "layers.map", "sqlalchemy") if f"'{name}'" in loaded
    ]


def test_the_pages_load_nothing_that_only_statistics_and_documents_need():
    """Each of these takes from half a second to several on a quiet machine, before the first page can be drawn."""
    code = "import sys, app.ui.layout; print([*sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8").stdout
    heavy = ("scipy.stats", "sklearn", "mapclassify", "matplotlib", "docx", "pptx", "typst", "alembic")
    assert [name for name in heavy if f"'{name}'" in loaded] == []
