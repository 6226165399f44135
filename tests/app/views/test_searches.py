"""Saved searches through the entry script: saved, opened again, and what is new after another release."""

from app.records import searches
from app.records.database import open_database
from geo.datasets.dataset import load_dataset
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
