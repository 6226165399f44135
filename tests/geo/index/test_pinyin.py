"""Search by sound: syllables, first letters, and the order of names."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.datasets.encoding import build_text_index
from geo.enterprises.table import as_enterprises, load_enterprises
from geo.filters.filters import Filters
from geo.index.pinyin import sound_keys, spelled_by
from geo.index.text import TextIndex

NAMES = [
    *(
        "中芯国际集成电路制造(上海)有限公司",
        "上海发那科机器人有限公司",
        "上海重型机器厂",
        "长兴海洋装备",
        "ABB工程(中国)",
    ),
    *("上海绿谷制药", "西门子开关(上海)", "先安科技"),
]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("jiqiren", [1]),
        ("zhongxin", [0]),
        ("ZhongXin", [0]),
        ("zxgj", [0]),
        ("fnkjqr", [1]),
        ("zhongxing", [2]),  # 重 is zhong
        ("changxing", [3]),  # 长 is chang
        ("zhangxing", [3]),  # and zhang
        ("lvgu", [5]),
        ("ximenzi", [6]),
        ("xianankeji", [7]),  # cut as xian an ke ji, not as xi an …
        ("abb", [4]),
        ("ji", []),
        ("jiqiren shanghai", [1]),
        ("机器 zhongxing", [2]),
        ("qirenji", []),
    ],
)
def test_what_letters_find(query, rows):
    assert np.flatnonzero(TextIndex.build([NAMES]).search(query)).tolist() == rows


def test_sound_does_not_run_from_one_row_or_column_into_the_next():
    index = TextIndex.build([["机", "器人"], ["器人", "机"]])
    assert not index.search("jiqiren").any()


@pytest.mark.parametrize("query", ["jiqiren", "zxgj", "shangqi 上海", "jqr"])
def test_the_filter_of_a_table_says_the_same_as_the_index(query):
    table = load_enterprises()
    assert Filters(q=query).mask(table).tolist() == build_text_index(table).search(query).tolist()


LISTED = pd.DataFrame(
    [
        (
            "上海样例机器人有限公司",
            "样例机",
            "Sample Robotics (Shanghai) Co., Ltd.",
            "91310000MA1K000019",
            "688000",
            "",
        ),
        ("中样国测集成电路有限公司", "", "", "91310000MA1K00002C", "", "上海旧名芯片厂"),
        ("上海樣例⻋⼚", "", "", "", "", ""),
    ],
    columns=["name", "short_name", "name_en", "uscc", "stock_code", "aliases"],
)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("jiqiren", [0]),
        ("zygc", [1]),
        ("样例机", [0]),
        ("yanglj", []),
        ("sample robotics", [0]),
        ("SHANGHAI）", [0]),
        ("91310000ma1k00002c", [1]),
        ("688000", [0]),
        ("旧名芯片", [1]),
        ("jmxp", [1]),
        ("样例车厂", [2]),
        ("ylcc", [2]),
    ],
)
def test_an_imported_list_is_found_by_all_its_names_and_codes(query, rows):
    table = as_enterprises(LISTED.assign(enterprise_id=["E1", "E2", "E3"], lon=float("nan"), lat=float("nan")))
    assert np.flatnonzero(Filters(q=query).mask(table)).tolist() == rows
    assert np.flatnonzero(build_text_index(table).search(query)).tolist() == rows


@pytest.mark.parametrize("word", ["abb", "123", "ji", "机器", "a-b", ""])
def test_words_that_are_no_sound(word):
    assert spelled_by(word) == ()


def test_names_in_the_order_of_their_sound():
    names = ["中芯", "安靠", "ABB", "上汽", "宝钢", "3M", "", "上", "宝"]
    keys = dict(zip(names, sound_keys(names).to_pylist(), strict=True))
    assert sorted(names, key=keys.__getitem__) == ["", "3M", "ABB", "安靠", "宝", "宝钢", "上", "上汽", "中芯"]


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6), max_size=6))
@settings(deadline=None)
def test_every_text_has_one_key_and_different_texts_have_different_ones(texts):
    keys = sound_keys(texts).to_pylist()
    assert len(keys) == len(texts)
    assert len(set(keys)) == len(set(texts))
