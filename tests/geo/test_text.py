"""One form for every way in which the same text is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ingest.duplicates import name_key
from geo.text import fold, plain


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("⻄⻔⼦（上海）⻋⼚", "西门子(上海)车厂"),  # radicals from a PDF, of both blocks
        ("上海⾃动化仪表", "上海自动化仪表"),
        ("上海西門子開關有限公司", "上海西门子开关有限公司"),
        ("臺達電子企業管理（上海）有限公司", "台达电子企业管理(上海)有限公司"),
        ("浦東新區張江鎮龍東大道3000號", "浦东新区张江镇龙东大道3000号"),
        ("ＡＢＢ　工程", "abb工程"),
        ("㈱上海", "(株)上海"),
        ("ﾄﾖﾀ", "トヨタ"),
    ],
)
def test_radicals_traditional_characters_and_widths(written, form):
    assert fold(written) == form


@pytest.mark.parametrize("name", ["新昇", "乾元", "鑫喆", "堃霖", "著名"])
def test_characters_that_stay_in_names_are_left_alone(name):
    assert fold(name) == name


def test_spaces_stay_where_words_are_searched():
    assert plain("ＡＢＢ　機器人 Ｃｏ．") == "abb 机器人 co."


def test_two_spellings_of_a_name_are_one_enterprise():
    assert name_key("上海樣例電氣（集團）有限公司") == name_key("上海样例电气(集团)有限公司")


@given(st.text(st.characters(min_codepoint=0x2E80, max_codepoint=0x9FFF, categories=["Lo", "So"])))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
