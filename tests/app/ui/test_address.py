"""The address holds what a page shows: whatever is chosen, a new session that opens the address shows the same."""

from __future__ import annotations

import ast
from pathlib import Path
from random import Random
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from app.i18n import word
from app.ui.address import MAX_CHOICE_CHARACTERS, PARAMETERS
from app.ui.page import PAGES
from geo.datasets import workspace
from geo.datasets.dataset import load_dataset
from geo.indicators.scenario import Scenario, plant_at
from geo.ingest.pipeline import import_files

ENTRY = Path(__file__).resolve().parents[3] / "app" / "main.py"
DATA = load_dataset()
FILTERS = {"district": "310115,310117", "evidence": "source"}


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("EXPLORER_SET", raising=False)


def opened(page: str, params: dict[str, str]) -> AppTest:
    """A new session on a page, as a link opens it."""
    app = AppTest.from_file(str(ENTRY), default_timeout=120)
    if page != PAGES[0].name:
        app._page_hash = calc_hash(page)  # as the browser names it that opens the page first
    for name, text in params.items():
        app.query_params[name] = text
    app.run()
    assert not app.exception
    return app


def address_of(app: AppTest) -> dict[str, str]:
    return {name: text if isinstance(text, str) else text[0] for name, text in app.query_params.items()}


def warnings(app: AppTest) -> str:
    return " ".join(one.value for one in app.warning)


PLANTS = (plant_at("equipment", 2, 50, adcode="310114", name="安亭镇"), plant_at("auto", -1, lon=121.512345, lat=31.2))

CHOICES: dict[str, list[dict[str, str]]] = {
    "map": [
        {"basemap": "osm"},
        {"map_content": "hexagons", "map_hexagon": "5000", "map_weight": "insured"},
        {"map_basis": "recognition", "map_year": "2020"},
    ],
    "enterprises": [{"id": str(DATA.enterprises.index[5]), "table_columns": "name,town"}, {"table_print": "1"}],
    "districts": [
        {"districts_level": "town", "districts_indicator": "hhi", "districts_scheme": "equal", "brief_place": "belt"},
        {"districts_second": "diversity", "districts_places": "310117,310112"},
        {"districts_places": ""},
    ],
    "clusters": [
        {"clusters_industry": "auto", "clusters_question": "hotspots", "clusters_unit": "town", "clusters_size": "500"},
        {"clusters_question": "outlines", "clusters_simulations": "99", "clusters_seed": "7"},
    ],
    "plan": [{"plan_section": "targets"}, {"plan_q": "机器人"}, {"plan_section": "replay", "plan_year": "2005"}],
    "whatif": [
        {"whatif_steps": str(Scenario(PLANTS)), "whatif_level": "zone", "whatif_tick": "1"},
        {"whatif_kind": "point", "whatif_lon": "121.51234", "whatif_lat": "31.1", "whatif_number": "3"},
        {"whatif_kind": "town", "whatif_district": "310114", "whatif_industry": "auto", "whatif_staff": "150"},
    ],
    "chains": [
        {"chain_area": "core", "suggestion_only": "1", "suggestion_weight_fit": "2.5"},
        {"chain": "AERO", "gap_weight_related": "0"},
    ],
    "fit": [
        {"fit_radius": "7", "fit_top": "5", "fit_kinds": "park", "fit_zone": "core,belt", "fit_district": "310114"}
    ],
    "shortlist": [],
    "import": [],
}
"""Page → what may be chosen on it, and is not what it opens with."""


@pytest.mark.parametrize(("page", "chosen"), [(page, one) for page, many in CHOICES.items() for one in many])
def test_a_link_is_the_state_of_the_page(page: str, chosen: dict[str, str]) -> None:
    """What a link holds is taken whole, and written again as it came: no choice is lost, none is added."""
    app = opened(page, FILTERS | chosen)
    assert address_of(app) == FILTERS | chosen
    assert not any(name in warnings(app) for name in ("链接", *chosen))


KINDS = ("selectbox", "multiselect", "button_group", "toggle", "checkbox", "slider", "number_input", "text_input")
LEFT_OUT = (
    "map_print_title",  # of one print
    "filter_",
    "search_",
    "person",
    "pick",
    "correct_",
    "card_choice",
    "near_",
    "founded_",
    "capital_",
    "import",
)
"""Keys of widgets that hold no choice of the page, or filters, which have tests of their own."""


def widgets_of(app: AppTest, kind: str) -> list[Any]:
    return list(app.get(kind))


def held(app: AppTest) -> dict[str, Any]:
    """What the widgets of the page hold."""
    return {
        str(widget.key): widget.value
        for kind in KINDS
        for widget in widgets_of(app, kind)
        if widget.key and not str(widget.key).startswith(LEFT_OUT)
    }


def change(widget: Any, kind: str, random: Random) -> None:
    """Choose something else, as a user might."""
    if kind in ("selectbox", "button_group", "multiselect"):
        options = list(widget.options)
        several = isinstance(widget.value, list)
        picked = random.sample(range(len(options)), min(len(options), random.randint(0, 3) if several else 1))
        values = [options[one] for one in picked]
        widget.set_value(values if several else values[0])
    elif kind in ("toggle", "checkbox"):
        widget.set_value(not widget.value)
    elif kind == "text_input":
        widget.set_value(random.choice(["机器人", "a,b%2C", "临港 新"]))
    else:
        step = widget.step or 1
        most = int((widget.max - widget.min) / step)
        widget.set_value(type(widget.value)(widget.min + step * random.randint(0, min(most, 400))))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_whatever_is_chosen_the_address_opens_the_same(page: str, seed: int) -> None:
    random = Random(seed)
    app = opened(page, {})
    for _ in range(3):
        widgets = [
            (widget, kind)
            for kind in KINDS
            for widget in widgets_of(app, kind)
            if str(widget.key) in held(app) and not widget.disabled
        ]
        for widget, kind in random.sample(widgets, min(2, len(widgets))):
            change(widget, kind, random)
        app.run()
        assert not app.exception
    again = opened(page, address_of(app))
    assert held(again) == held(app)
    assert address_of(again) == address_of(app)


def test_every_choice_of_the_code_has_its_parameter() -> None:
    files = [*(ENTRY.parent / "ui").glob("*.py"), *(ENTRY.parent / "views").rglob("*.py")]
    place = {"choose": 1, "enter": 1, "switch": 0, "write_text": 0, "bind": 0}
    missing = []
    for file in files:
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in place:
                continue
            more = {one.arg: one.value for one in call.keywords}
            if "in_address" in more or not call.args:
                continue
            key = more.get("name", call.args[place[call.func.id]])  # type: ignore[attr-defined]
            if isinstance(key, ast.Constant) and str(key.value).replace(".", "_") not in PARAMETERS:
                missing.append((file.name, key.value))
    assert missing == []


@pytest.mark.parametrize(
    ("page", "name", "text"),
    [
        ("districts", "districts_indicator", "nothing"),
        ("fit", "fit_radius", "1e9"),
        ("fit", "fit_radius", "nan"),
        ("whatif", "whatif_steps", "equipment:1:0::999999:nowhere"),
        ("whatif", "whatif_steps", "x"),
        ("map", "map", "0,0,99"),
        ("map", "layers", "core,<b>"),
    ],
)
def test_what_the_address_says_and_nobody_knows_is_named_and_left_out(page: str, name: str, text: str) -> None:
    app = opened(page, {name: text})
    assert name in warnings(app).replace("\\", "")
    assert name not in address_of(app)


def test_a_choice_beyond_its_length_is_named_and_left_out() -> None:
    app = opened("plan", {"plan_names": "x" * (MAX_CHOICE_CHARACTERS + 1)})
    assert "plan" in warnings(app)
    assert "plan_names" not in address_of(app)


def test_the_address_names_the_dataset_in_use_and_says_when_it_is_gone(tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("企业名称,地址\n样例甲有限公司,上海市松江区样例路1号\n", encoding="utf-8")
    import_files([table], tmp_path / "out")
    added = workspace.add(tmp_path / "out", "样例名单")
    for name in (added.key, "样例名单"):
        app = opened("enterprises", {"set": name})
        assert next(one.value for one in app.metric if one.label == word("kpi.selected", "zh")) == "1"
        assert address_of(app) == {"set": added.key}
    workspace.delete(added.key)
    app.run()
    assert "样例名单" in warnings(app)
    assert "样例名单" in warnings(opened("map", {"set": added.key}))
