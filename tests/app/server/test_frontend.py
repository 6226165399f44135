"""The first page is Streamlit's, in the user's language, with the one script that exchanges Streamlit's words."""

import json
import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.i18n import MESSAGES
from app.server.asgi import ROUTES
from app.server.frontend import WORDS_PREFIX

CLIENT = TestClient(Starlette(routes=ROUTES))


@pytest.mark.parametrize(
    ("query", "lang"), [("", "zh-CN"), ("?lang=en", "en"), ("?lang=zh", "zh-CN"), ("?lang=<b>", "zh-CN")]
)
@pytest.mark.parametrize("path", ["/", "/plan", "/nosuch"])
def test_every_page_begins_with_the_document_in_its_language(path: str, query: str, lang: str) -> None:
    html = CLIENT.get(path + query).text
    assert f'<html lang="{lang}">' in html
    assert "<title>Streamlit" not in html
    assert 'src="./static/js/index.' in html


def test_the_script_it_names_holds_the_words_of_both_languages() -> None:
    address = re.findall(r'<script src="([^"]+)"></script>', CLIENT.get("/").text)
    assert len(address) == 1
    answer = CLIENT.get(address[0])
    assert answer.headers["content-type"].startswith("text/javascript")
    words = json.loads(re.findall(r"const STREAMLIT_WORDS = (.+);\n", answer.text)[0])
    assert ["No results", "没有相符的选项"] in words
    assert len(words) == sum(key.startswith(WORDS_PREFIX) for key in MESSAGES["zh"])


@pytest.mark.parametrize("name", ["favicon.png", "nosuch.js", "plan/more"])
def test_a_file_is_not_answered_with_a_page(name: str) -> None:
    assert CLIENT.get(f"/{name}").status_code == 404
