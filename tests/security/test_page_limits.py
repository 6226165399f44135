"""Links and widgets beyond the limits: pages, routes and commands cut them the same way, say so once, and stay quick."""

import time
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from app.commands.query import read_query
from app.server.asgi import ROUTES
from app.ui.address import MAX_CHOICE_CHARACTERS, MAX_ID_CHARACTERS, PARAMETERS
from app.ui.page import PAGES
from geo.datasets.dataset import load_dataset
from geo.filters.filters import FILTER_FIELDS, MAX_TEXT_CHARACTERS, MAX_VALUE_CHARACTERS, MAX_VALUES, Filters

ENTRY = Path(__file__).resolve().parents[2] / "app" / "main.py"
DATA = load_dataset()
LETTERS = 40_000
MAX_SECONDS = 15
"""More for a page with a link of `LETTERS`; without limits some of them kept a core busy for minutes."""

MANY = {
    "near": ",".join(f"121.{number:04}:31.2:5" for number in range(LETTERS // 16)),
    "within": ",".join(["_ue|D_jcbV_pR??~oR~oR?"[: 10 + number % 12] + "A" * (number % 7) for number in range(2000)]),
    "founded": ",".join(str(1800 + number % 200) + "-" + str(2000 + number // 200) for number in range(4000)),
    "node": ",".join(f"node{number}" for number in range(4000)),
    "district": ",".join(map(str, range(310000, 316000))),
}
LONG = {"q": "路 " * (LETTERS // 2), "within": "_ue|D_jcbV" + "_pR??~oR" * (LETTERS // 8), "near": "1" * LETTERS}


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("EXPLORER_SET", raising=False)


def opened(params: dict[str, str], page: str = "") -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=180)
    for key, value in params.items():
        app.query_params[key] = value
    app.run()
    if page:
        app.switch_page(page).run()
    assert not app.exception
    return app


def selected(app: AppTest) -> int:
    return int(next(one.value for one in app.metric if one.label == "所选企业").replace(",", ""))


def said(app: AppTest) -> list[str]:
    return [warning.value for warning in app.warning if "超出限度" in warning.value]


@pytest.mark.parametrize("name", MANY)
def test_a_link_of_many_values_is_cut_and_said_once(name: str) -> None:
    app = opened({name: MANY[name]})
    values = tuple(dict.fromkeys(MANY[name].split(",")))[:MAX_VALUES]
    assert selected(app) == DATA.count(Filters(**{name: values}))  # type: ignore[arg-type]
    assert len(said(app)) == 1
    assert name in said(app)[0]
    assert len(app.session_state[f"filter_{name}"]) == MAX_VALUES


@pytest.mark.parametrize("name", LONG)
def test_a_link_of_one_long_value_is_cut_and_said_once(name: str) -> None:
    app = opened({name: LONG[name]})
    assert len(said(app)) == 1
    assert name in said(app)[0]
    assert all(len(warning.value) < 2000 for warning in app.warning)
    if name != "q":  # it is no longer a value that is known, so it selects nothing, never everything
        assert selected(app) == 0


@pytest.mark.parametrize("page", [page.script for page in PAGES])
def test_every_page_opens_quickly_with_a_long_link(page: str) -> None:
    opened({}, f"views/{page}")  # what is loaded once is loaded
    started = time.monotonic()
    opened({"near": MANY["near"], "q": LONG["q"], "node": MANY["node"]}, f"views/{page}")
    assert time.monotonic() - started < MAX_SECONDS


@pytest.mark.parametrize("name", ["id", "add", "set", "lang"])
def test_other_parameters_have_a_limit_too(name: str) -> None:
    app = opened({name: "x" * LETTERS})
    assert name in said(app)[0]
    assert selected(app) == len(DATA.enterprises)
    assert not opened({name: "x" * MAX_ID_CHARACTERS}).exception


LIKELY = (",".join("a" * 9 for _ in range(LETTERS // 10)), "1" * LETTERS, "路，" * (LETTERS // 2))


@pytest.mark.parametrize("page", [page.script for page in PAGES])
def test_every_choice_of_a_page_has_a_limit(page: str) -> None:
    """All at once: those that are too long are not read, those at the limit are named when they are not known."""
    path = page.split("/")[0].removesuffix(".py").strip("_")
    own = [name for name, parameter in PARAMETERS.items() if path in parameter.pages]
    opened({}, f"views/{page}")  # what is loaded once is loaded
    for length in (MAX_CHOICE_CHARACTERS + 1, MAX_CHOICE_CHARACTERS):  # more in sum, and Streamlit reads none of it
        started = time.process_time()  # of the processor: others may be at work beside
        names = [*own, "set", "lang", "map", "layers"]
        app = opened({name: text[:length] for name, text in zip(names, cycle(LIKELY), strict=False)})
        assert all(len(warning.value) < 3000 for warning in app.warning)
        if length > MAX_CHOICE_CHARACTERS:
            assert all(name in said(app)[0].replace("\\", "") for name in own)
        app.switch_page(f"views/{page}").run()
        assert not app.exception
        assert time.process_time() - started < MAX_SECONDS


def test_names_of_many_unknown_parameters_are_cut() -> None:
    app = opened({f"parameter{number}": "1" for number in range(500)} | {"p" * LETTERS: "1"})
    assert max(len(warning.value) for warning in app.warning) < 1000


def test_what_the_browser_sends_beyond_the_limits_of_a_widget_is_cut() -> None:
    app = opened({})
    app.session_state["filter_q"] = "路" * LETTERS
    app.run()
    assert app.session_state["filter_q"] == "路" * MAX_TEXT_CHARACTERS
    app.session_state["filter_near"] = MANY["near"].split(",")
    app.run()
    assert app.session_state["filter_near"] == MANY["near"].split(",")[:MAX_VALUES]
    assert len(said(app)) == 1


@pytest.mark.parametrize("params", [{name: text} for name, text in MANY.items()] + [{"q": LONG["q"][:400]}])
def test_routes_refuse_what_pages_cut(params: dict[str, str]) -> None:
    with TestClient(Starlette(routes=ROUTES)) as client:
        answer = client.get(f"/marks?{urlencode({'set': 'builtin'} | params)}")
    assert answer.status_code == 400
    assert "太长" in answer.text
    assert len(answer.text) < 200


QUERIED = ("/marks", "/places", "/at", "/tiles/builtin/10/857/418.png")
SENT = ("set", "q", "near", "within", "datum", "lang", "until", "lon", "lat", "zoom", "place", "p" * 10_000)
NAMED = ("/exports/{}", "/written/{}.html", "/assets/{}", "/tiles/{}/10/857/418.png", "/tiles/builtin/{}/1/1.png")


@pytest.mark.parametrize("text", ["路" * 4_000, "1" * LETTERS, ",".join("1" * 12_000)], ids=["text", "digits", "list"])
def test_every_route_answers_whatever_is_too_long_with_a_short_sentence(text: str) -> None:
    with TestClient(Starlette(routes=ROUTES)) as client:
        asked = [
            f"{path}?{urlencode(({} if name == 'set' or 'tiles' in path else {'set': 'builtin'}) | {name: text})}"
            for path in QUERIED
            for name in SENT
        ]
        for url in asked + [path.format(text) for path in NAMED]:
            answer = client.get(url)
            assert answer.status_code in {400, 404}, url[:60]
            assert len(answer.text) < 300, url[:60]
            assert "\n" not in answer.text


@pytest.mark.parametrize("params", [{name: text} for name, text in MANY.items()] + [{"q": LONG["q"]}])
def test_commands_cut_what_pages_cut(params: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    filters, _ = read_query(urlencode(params))
    assert filters == Filters.from_query(params)[0]
    assert filters.limited() == (filters, [])
    assert f"{next(iter(params))} 太长" in capsys.readouterr().err


words = st.text(st.characters(exclude_characters=", ", exclude_categories=["Cs", "Z", "Cc"]), min_size=1, max_size=40)


@given(st.fixed_dictionaries({name: st.lists(words, max_size=3, unique=True).map(tuple) for name in FILTER_FIELDS}))
def test_filters_within_the_limits_are_left_as_they_are(values: dict[str, tuple[str, ...]]) -> None:
    filters = Filters(**values)  # type: ignore[arg-type]
    assert filters.limited() == (filters, [])
    assert Filters.from_query(filters.as_params()) == (filters, [])


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=200), st.integers(0, 500))
def test_filters_of_any_size_come_within_the_limits(lengths: list[int], letters: int) -> None:
    values = tuple(f"{number}".ljust(length, "v") for number, length in enumerate(lengths))
    filters, beyond = Filters(near=values, q="q" * letters).limited()
    assert len(filters.near) == min(len(values), MAX_VALUES)
    assert max(map(len, filters.near)) <= MAX_VALUE_CHARACTERS
    assert len(filters.q) == min(letters, MAX_TEXT_CHARACTERS)
    assert ("q" in beyond) == (letters > MAX_TEXT_CHARACTERS)
    assert ("near" in beyond) == (len(values) > MAX_VALUES or max(lengths[:MAX_VALUES]) > MAX_VALUE_CHARACTERS)
