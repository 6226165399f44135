"""Annotations through the real entry script: the list with author and moment, the link, taking away and putting back."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.records import annotations
from app.records.database import open_database

ENTRY = Path(__file__).resolve().parents[3] / "app" / "main.py"


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE", "EXPLORER_USER_HEADER"):
        monkeypatch.delenv(name, raising=False)


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.session_state["person_name"] = "张三"
    app.run()
    assert not app.exception
    return app


def texts(app: AppTest) -> list[str]:
    return [one.value for one in (*app.markdown, *app.info, *app.caption)]


def test_a_link_opens_the_map_with_an_annotation_that_is_taken_away_and_put_back():
    db = open_database()
    made = annotations.add(db, "", "**修路** <b>", {"type": "Point", "coordinates": [121.5, 31.2]}, "李四")
    app = opened(note=str(made.id), map="31.2000,121.5000,13")
    said = next(one.value for one in app.info if "修路" in one.value)
    assert "李四" in said
    assert made.added[:10].replace("-", r"\-") in said
    assert "**修路**" not in said
    app.button(key=f"note_remove_{made.id}").click().run()
    assert not app.exception
    assert annotations.annotations(db, "") == []
    assert any("没有了" in one.value for one in app.info)
    app.button(key="annotation_undo").click().run()
    assert annotations.annotations(db, "") == [made]


@pytest.mark.parametrize("note", ["9", "x", "-1", "99999999999999999999", "1;drop"])
def test_a_link_to_none_says_so(note):
    assert not [text for text in texts(opened(note=note)) if "修路" in text]
