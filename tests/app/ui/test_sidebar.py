"""The sidebar through the real entry script: filters one after another, their counts, language and unknown values."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.i18n import LANGS, word
from geo.datasets.dataset import load_dataset
from geo.filters.filters import FACETS, Filters, options

ENTRY = Path(__file__).resolve().parents[3] / "app" / "main.py"
DATA = load_dataset()


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("EXPLORER_SET", raising=False)


def opened(filters: Filters, **params: str) -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    for key, value in (filters.as_params() | params).items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def number(app: AppTest) -> int:
    labels = {word("kpi.selected", lang) for lang in LANGS}
    return int(next(metric.value for metric in app.metric if metric.label in labels).replace(",", ""))


def linked(app: AppTest) -> Filters:
    """The filters that the address holds."""
    held = {key: value if isinstance(value, str) else value[0] for key, value in app.query_params.items()}
    return Filters.from_query(held)[0]


def test_choosing_one_facet_after_another_keeps_the_first() -> None:
    app = opened(Filters())
    chosen: dict[str, tuple[str, ...]] = {}
    counts = []
    for facet, code in [("district", "310112"), ("industry", "equipment"), ("evidence", "source"), ("zone", "belt")]:
        app.multiselect(key=f"filter_{facet}").select(code).run()
        assert not app.exception
        chosen[facet] = (code,)
        counts.append(number(app))
        assert counts[-1] == len(DATA.select(Filters(**chosen)))  # type: ignore[arg-type]
        assert linked(app) == Filters(**chosen)  # type: ignore[arg-type]
    assert counts[0] > counts[1] > counts[2] >= counts[3] > 0
    app.text_input(key="filter_q").set_value("路").run()
    assert number(app) == len(DATA.select(Filters(**chosen, q="路")))
    next(button for button in app.button if button.label == word("filter.reset", "zh")).click().run()
    assert number(app) == len(DATA.enterprises)
    assert linked(app) == Filters()


@pytest.mark.parametrize("held", [["闵行区 · 58"], ["Minhang · 3", "310112"], ["310112"], ["nowhere (unknown)"]])
def test_words_of_an_option_count_as_its_code(held: list[str]) -> None:
    app = opened(Filters())
    app.session_state["filter_district"] = held
    app.run()
    code = "nowhere" if "nowhere" in held[0] else "310112"
    assert linked(app) == Filters(district=(code,))
    assert number(app) == len(DATA.select(Filters(district=(code,))))


def test_no_two_options_of_a_facet_have_one_name() -> None:
    for facet in FACETS:
        for place in range(2):
            names = [pair[place] for pair in options(facet).values()]
            assert len(names) == len(set(names)), facet


@pytest.mark.parametrize("lang", LANGS)
def test_counts_stand_beside_every_option(lang: str) -> None:
    filters = Filters(industry=("auto",))
    counts = filters.facet_counts(DATA.enterprises)
    app = opened(filters, lang=lang)
    for facet in ("district", "zone", "industry", "evidence"):
        names = {code: pair[lang == "en"] for code, pair in options(facet).items()}
        shown = app.multiselect(key=f"filter_{facet}").options
        assert shown == [f"{names[code]} · {count:,}" for code, count in counts[facet].items()]


@pytest.mark.parametrize("lang", LANGS)
def test_what_a_link_holds_and_nobody_knows_is_named_as_text(lang: str) -> None:
    app = opened(Filters(district=("nowhere", "310117"), zone=("![x](y)",)), lang=lang, colour="red")
    assert number(app) == 0
    values, params = (warning.value for warning in app.warning)
    assert "nowhere" in values
    assert r"\!\[x\]\(y\)" in values
    assert "colour" in params


def test_an_unknown_language_is_named_and_chinese_taken() -> None:
    app = opened(Filters(), lang="fr")
    assert number(app) == len(DATA.enterprises)
    assert "lang=fr" in app.warning[0].value
    assert app.text_input(key="filter_q").label == word("filter.q", "zh")


def test_the_language_changes_and_the_filters_stay() -> None:
    app = opened(Filters(district=("310117",), evidence=("source",)))
    before = number(app)
    for lang in ("en", "zh"):
        app.segmented_control(key="lang").set_value(lang).run()
        assert not app.exception
        assert app.text_input(key="filter_q").label == word("filter.q", lang)
        assert number(app) == before
        assert linked(app) == Filters(district=("310117",), evidence=("source",))
