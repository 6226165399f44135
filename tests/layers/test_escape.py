import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.escape import LONGEST, plain, web_address


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
def test_a_missing_value_is_empty(missing):
    assert plain(missing) == ""
    assert web_address(missing) == ""


@given(st.text())
def test_text_is_bounded_and_without_control_characters(text):
    shown = plain(text)
    assert len(shown) <= LONGEST + 1
    assert all(character.isprintable() or character in "\n\t" for character in shown)


@pytest.mark.parametrize("text", ["<script>", "${7*7}", "`a`", "\"'", "{{7*7}}", "</script>"])
def test_markup_stays_as_it_was_written(text):
    assert plain(text) == text


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//x.y", "x", "vbscript:x"]
)
def test_only_web_addresses_become_links(address):
    assert web_address(address) == ""


def test_a_web_address_stays():
    assert web_address(" https://example.org/a?b=c ") == "https://example.org/a?b=c"
