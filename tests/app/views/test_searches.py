"""Saved searches through the entry script: saved, opened again, and what is new after another release."""

import pytest

from app.records import searches
from app.records.database import open_database
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from tests.app.views.test_pages import open_app, own_workspace, selected_number  # noqa: F401  own_workspace is for every test

DATA = load_dataset()


def opened(**query):
    app = open_app(query, "enterprises")
    app.session_state["person_name"] = "李四"
    app.session_state["searches"] = True
    return app.run()


def test_a_search_is_saved_under_a_name_and_opened_again():
    app = opened(district="310117", near="121.3:31.0:12")
    count = selected_number(app)
    app.text_input(key="search_name").set_value("松江近处").run()
    app.button(key="search_save").click().run()
    assert not app.exception
    (held,) = searches.searches(open_database())
    assert (held.name, held.owner, held.seen_count) == ("松江近处", "李四", count)
    other = opened()
    assert selected_number(other) == len(DATA.enterprises)
    other.button(key=f"search_open_{held.id}").click().run()
    assert selected_number(other) == count
    assert "".join(other.query_params["near"]) == "121.3:31.0:12"
    other.button(key=f"search_remove_{held.id}").click().run()
    assert searches.searches(open_database()) == []
    other.button(key="search_undo").click().run()
    (again,) = searches.searches(open_database())
    assert (again.name, again.query, again.owner, again.seen_hash) == (
        held.name,
        held.query,
        held.owner,
        held.seen_hash,
    )
    assert "search_undo" not in [button.key for button in other.button]


def test_a_search_does_not_come_back_over_a_later_one_of_its_name():
    ids = DATA.enterprises.index
    first = searches.save(open_database(), "甲", "district=310117", "李四", "样本", ids)
    held = searches.remove(open_database(), first.id, "李四")
    searches.save(open_database(), "甲", "district=310115", "李四", "样本", ids)
    with pytest.raises(DataError, match="已有同名的收藏"):
        searches.restore(open_database(), held, "李四")
    assert [one.query for one in searches.searches(open_database())] == ["district=310115"]


def test_what_is_new_since_the_last_look_is_named_until_it_is_seen():
    filters = Filters(district=("310117",))
    ids = DATA.select(filters).index
    held = searches.save(
        open_database(), "松江", filters.to_query(), "李四", "上一版", ids[2:].append(ids[:0].insert(0, "Egone"))
    )
    app = opened()
    assert any("新增 2 家" in info.value and "不再符合的 1 家" in info.value for info in app.info)
    first = DATA.enterprises.at[ids[0], "name"]
    app.button(key=f"new_{held.id}_{ids[0]}").click().run()
    assert "".join(app.query_params["id"]) == ids[0]
    assert any(first in line.value.replace("\\", "") for line in app.subheader)
    app.button(key=f"search_look_{held.id}").click().run()
    assert not app.info
    (seen,) = searches.searches(open_database())
    assert seen.seen_count == len(ids)


def test_an_empty_name_is_said():
    app = opened()
    app.button(key="search_save").click().run()
    assert any("要有名称" in error.value for error in app.error)
