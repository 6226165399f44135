"""A list of premises that is one person's: for every role, in records, on the pages and in the log, without a trace of it."""

import pytest
from streamlit.testing.v1 import AppTest

from app.records import log, premises
from app.records.accounts import admitted, give
from app.records.permissions import ANYBODY, ROLES, allows
from app.ui.page import PAGES
from app.ui.person import hold_person
from app.views.premises.asked import all_premises, known_lists
from geo.datasets.rights import DatasetRights
from geo.errors import DataError
from layers.base import View
from layers.premises import draw_premises

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


@pytest.mark.usefixtures("private")
@pytest.mark.parametrize("page", ["premises", "fit"])
def test_no_page_of_a_reader_says_a_word_of_it(page):
    script = next(one.script for one in PAGES if one.name == page)
    app = AppTest.from_file("app/main.py", default_timeout=120)
    app.run().switch_page(f"views/{script}").run()
    assert not app.exception
    assert "SECRET" not in str(app)


def test_what_a_list_says_is_text_on_the_map_and_no_more():
    from geo.premises.premises import premises_table

    table = premises_table([ROWS[0] | {"name": "<img src=x onerror=alert(1)>", "address": "</script><b>"}])
    drawn = draw_premises(table, View()).layer.get_root().render()
    assert "<img" not in drawn
    assert "</script><b>" not in drawn
