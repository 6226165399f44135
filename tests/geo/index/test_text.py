"""Text search against Python's own `in`."""

import errno
import io
import tempfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from geo.index.text import TextIndex, _folded_units
from geo.text import plain

NAMES = ["上海ＡＢＢ工程有限公司", "上海发那科机器人有限公司", "华为技术", "Straße ① 号", "𠮷野家（中国）", ""]
ADDRESSES = ["浦东新区康桥路 253 号", "宝山区富联路1500号", "", "①㎡ Cafe\u0301", "静安区", "上海"]


def by_hand(columns, query):
    rows = [plain("\n".join(texts)) for texts in zip(*columns, strict=True)]
    return [all(word in row for word in plain(query).split()) for row in rows]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("abb", [0]),
        ("ａｂｂ", [0]),
        ("上海 有限公司", [0, 1]),
        ("机器人　富联路", [1]),
        ("(中国)", [4]),
        ("𠮷", [4]),
        ("STRASSE", [3]),
        ("1m2", [3]),
        ("café", [3]),
        ("上海", [0, 1, 5]),
        ("公司浦东", []),
        ("没有", []),
        ("  ", [0, 1, 2, 3, 4, 5]),
        ("\0", [0, 1, 2, 3, 4, 5]),
        ("长" * 1000, []),
    ],
)
def test_what_a_query_finds(query, rows):
    index = TextIndex.build([NAMES, ADDRESSES])
    assert np.flatnonzero(index.search(query)).tolist() == rows


texts = st.lists(
    st.text(st.sampled_from("上海ab AＢ号1①é\u0301ß㎡ﾞｶ한ᄒ\u1161\u11a8\n𠮷\0"), max_size=12), min_size=0, max_size=40
)


@settings(deadline=None, max_examples=300)
@given(texts, st.text(st.sampled_from("上海ab ＡB号1éカ한𠮷"), max_size=4), st.integers(0, 100))
def test_random_texts_and_queries(names, query, spacing):
    names = [name.replace("\0", " ") + "空" * spacing for name in names]
    columns = [names, names[::-1]]
    assert TextIndex.build(columns).search(query).tolist() == by_hand(columns, query)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(max_size=20), max_size=20))
def test_any_text_folds_as_python_folds_it(names):
    names = [name.replace("\0", " ") for name in names]
    index = TextIndex.build([names])
    starts = np.concatenate([[0], index.ends[:-1] + 1])[: len(names)]
    got = [index.units[a:b].tobytes().decode("utf-16-le") for a, b in zip(starts, index.ends, strict=True)]
    assert got == [plain(name.encode("utf-16-le", "replace").decode("utf-16-le")) for name in names]


def test_each_unit_of_the_table_folds_as_python_folds_it():
    table = _folded_units()
    assert table[ord("Ａ")] == ord("a")
    assert table[ord("（")] == ord("(")
    assert table[ord("海")] == ord("海")
    for several_or_joining in "ß㎡½\u0301ﾞ\u1161\ud800":
        assert table[ord(several_or_joining)] == 0


def test_many_rows_in_threads_and_batches():
    rng = np.random.default_rng(9)
    letters = np.array(list("上海机器人浦东松江ab"))
    names = ["".join(row) for row in rng.choice(letters, (120_000, 7))]
    index = TextIndex.build([names])
    for query in ("机器", "人浦东", "a b", "海"):
        assert index.search(query).tolist() == by_hand([names], query)
    assert index.nbytes <= 120_000 * (8 * 2 + 8)


def test_a_later_word_is_found_wherever_it_stands_in_few_rows():
    names = ["丙丙丙"] * 100
    names[7], names[60], names[99] = "尾甲乙丁", "甲乙丁尾", "甲乙丁丁尾丁"
    index = TextIndex.build([names])
    assert np.flatnonzero(index.search("甲乙丁 尾")).tolist() == [7, 60, 99]
    assert np.flatnonzero(index.search("甲乙丁 丁尾")).tolist() == [60, 99]
    assert np.flatnonzero(index.search("甲乙丁 尾丙")).tolist() == []


def test_columns_must_fit():
    with pytest.raises(DataError):
        TextIndex.build([["a", "b"], ["c"]])
    with pytest.raises(DataError):
        TextIndex.build([np.array(["a", None])])


def test_without_rows():
    assert TextIndex.build([[]]).search("a").tolist() == []


def test_there_and_back_on_disk(tmp_path):
    TextIndex.build([NAMES, ADDRESSES], fingerprint="abc").save(tmp_path / "text")
    assert np.flatnonzero(TextIndex.open(tmp_path / "text", fingerprint="abc").search("机器人")).tolist() == [1]
    units = tmp_path / "text" / "units.npy"
    units.write_bytes(units.read_bytes()[:-2])
    with pytest.raises(DataError) as error:
        TextIndex.open(tmp_path / "text")
    assert error.value.file == "units.npy"


def test_no_room_for_temporary_files_is_one_sentence(monkeypatch):
    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", Full)
    with pytest.raises(DataError, match="检索的文字写不进临时文件夹"):
        TextIndex.build([["甲"]])
