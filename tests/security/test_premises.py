"""A list of premises that is one person's: for every role, in records, on the pages and in the log, without a trace of it."""

from pathlib import Path

import folium
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.records import log, premises
from app.records.accounts import admitted, give
from app.records.permissions import ANYBODY, ROLES, allows
from app.ui.page import PAGES
from app.ui.person import hold_person
from app.views.premises.asked import all_premises, known_lists
from geo.datasets.rights import DatasetRights
from geo.errors import DataError
from geo.premises.premises import premises_table
from layers.base import View
from layers.premises import draw_premises

ENTRY = Path(__file__).resolve().parents[2] / "app" / "main.py"
ROWS = [{"name": "SECRETPLANT", "admitted": "动力电池", "district": "310117", "lon": 121.2, "lat": 31.0,
         "location_precision": "site"}]  # fmt: skip
OTHERS = [role for role in ROLES if role != "administrator"]


@pytest.fixture(autouse=True)
def proxy(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("EXPLORER_USER_HEADER", "X-Remote-User")
    monkeypatch.setenv("EXPLORER_DEFAULT_ROLE", "reader")
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE", "EXPLORER_PROXIES", "EXPLORER_SIGN_IN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def people(db):
    for role in ROLES:
        give(db, role, role, [], ANYBODY._replace(name="op"))
    give(db, "owner", "importer", ["SECRETGROUP"], ANYBODY._replace(name="op"))
    return {name: admitted(name, name) for name in (*ROLES, "owner")}


@pytest.fixture
def private(db, people):
    return premises.add(db, ROWS, "SECRETLIST", "SECRET.csv", people["owner"], rights=DatasetRights(seen_by="private"))


def test_only_who_may_import_brings_premises(db, people):
    for role in ROLES:
        if allows(role, "import"):
            premises.add(db, ROWS, role, "a.csv", people[role])
        else:
            with pytest.raises(DataError, match="只能查看"):
                premises.add(db, ROWS, role, "a.csv", people[role])
    titles = {one.title for one in premises.lists(db, people["reader"])}
    assert titles == {role for role in ROLES if allows(role, "import")}


@pytest.mark.parametrize("role", OTHERS)
def test_a_private_list_is_nobody_else_s(db, people, private, role):
    person = people[role]
    assert premises.lists(db, person) == []
    for act in (
        lambda: premises.rows_of(db, private.id, person),
        lambda: premises.remove(db, private, person),
        lambda: premises.add(db, ROWS, "", "b.csv", person, replaces=private),
        lambda: premises.change_rights(db, private, DatasetRights(person.account), person),
        lambda: premises.restore(db, private, ROWS, person),
    ):
        with pytest.raises(DataError) as refused:
            act()
        assert "SECRETPLANT" not in str(refused.value)
    assert "SECRET" not in log.read(db, person=person).to_string()
    assert premises.rows_of(db, private.id, people["owner"])[0]["name"] == "SECRETPLANT"
    assert premises.lists(db, people["administrator"]) == [private]


def test_the_title_of_a_list_that_one_does_not_know_is_free(db, people, private):
    made = premises.add(db, ROWS, private.title, "a.csv", people["importer"])
    assert [one.id for one in premises.lists(db, people["importer"])] == [made.id]


def test_rights_given_and_taken_hold_at_once(db, people, private):
    with pytest.raises(DataError, match="哪些组"):
        premises.change_rights(db, private, DatasetRights("owner", "groups"), people["owner"])
    premises.change_rights(db, private, DatasetRights("owner", "groups", ("SECRETGROUP",)), people["owner"])
    assert premises.lists(db, people["reader"]) == []
    (held,) = premises.lists(db, people["owner"])
    premises.change_rights(db, held, DatasetRights("owner", "all"), people["owner"])
    (shown,) = premises.lists(db, people["reader"])
    with pytest.raises(DataError, match="别人的"):
        premises.remove(db, shown, people["importer"])


@pytest.mark.usefixtures("private")
def test_a_table_that_another_has_read_is_not_handed_on(people):
    with hold_person(people["owner"]):
        assert all_premises(known_lists())["name"].tolist() == ["SECRETPLANT"]
    with hold_person(people["reader"]):
        assert known_lists() == []


def said(app):
    """All that a page sends to its browser."""

    def walk(block):
        yield str(getattr(block, "proto", ""))
        for child in getattr(block, "children", {}).values():
            yield from walk(child)

    return "\n".join(walk(app._tree))


@pytest.mark.usefixtures("private")
@pytest.mark.parametrize(("name", "told"), [("reader", False), ("importer", False), ("owner", True)])
def test_only_the_pages_of_its_owner_tell_of_it(monkeypatch, name, told):
    monkeypatch.setattr(type(st.context), "headers", property(lambda _: {"X-Remote-User": name}))
    app = AppTest.from_file(str(ENTRY), default_timeout=240).run()
    for page in PAGES:
        if page.name in ("premises", "fit", "shortlist"):
            app.switch_page(f"views/{page.script}").run()
            assert not app.exception
            if not told or page.name == "premises":
                assert ("SECRET" in said(app)) == told, page.name


def test_what_a_list_says_is_text_on_the_map_and_no_more():
    table = premises_table([ROWS[0] | {"name": "<img src=x onerror=alert(1)>", "address": "</script><b>{{ 7*7 }}"}])
    base = folium.Map()
    draw_premises(table, View()).layer.add_to(base)
    drawn = base.get_root().render()
    assert "onerror=alert(1)" in drawn
    assert "<img" not in drawn
    assert "</script><b>" not in drawn
    assert "7*7" in drawn
