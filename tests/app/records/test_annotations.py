"""Annotations of the map: what is kept, what is refused, who sees them, and that each change is a line of the log."""

import pytest

from app.records import annotations, log
from app.records.permissions import Person
from geo.errors import DataError

POINT = {"type": "Point", "coordinates": [121.5, 31.2]}
LINE = {"type": "LineString", "coordinates": [[121.5, 31.2], [121.6, 31.3]]}
AREA = {"type": "Polygon", "coordinates": [[[121.5, 31.2], [121.6, 31.2], [121.6, 31.3], [121.5, 31.2]]]}
READER = Person("读者", proven=True, role="reader")


@pytest.mark.parametrize("drawn", [POINT, LINE, AREA], ids=lambda drawn: drawn["type"])
def test_what_is_drawn_is_kept_with_text_author_and_moment(db, drawn):
    made = annotations.add(db, "", " <b>修路</b>\n两期 ", drawn, "张三")
    assert (made.text, made.author, made.drawn.geom_type) == ("<b>修路</b>\n两期", "张三", drawn["type"])
    assert made.added[:2] == "20"
    assert annotations.annotations(db, "") == [made]
    assert annotations.annotations(db, "another") == []


def test_one_is_taken_away_and_put_back_and_the_log_says_so(db):
    made = annotations.add(db, "", "修路", POINT, "张三")
    later = annotations.add(db, "", "厂房", AREA, "李四")
    assert annotations.annotations(db, "") == [later, made]
    assert annotations.remove(db, made, "李四")
    assert not annotations.remove(db, made, "李四")  # somebody else came first
    assert annotations.annotations(db, "") == [later]
    assert annotations.restore(db, made, "李四") == made
    assert annotations.restore(db, made, "张三") == made  # somebody else put it back already
    lines = log.read(db, "annotation", made.id)
    assert lines[lines["field"] == "text"][["who", "action", "old", "new"]].to_numpy().tolist() == [
        ["李四", "undo", "", "修路"], ["李四", "remove", "修路", ""], ["张三", "add", "", "修路"],
    ]  # fmt: skip
    assert "POINT (121.5 31.2)" in set(lines["old"])


BOWTIE = {"type": "Polygon", "coordinates": [[[121, 31], [122, 32], [122, 31], [121, 32], [121, 31]]]}
WRONG = {
    "no text": ("  ", POINT, "一句话"),
    "nothing": ("a", {}, "重画"),
    "no shape": ("a", {"type": "Point", "coordinates": ["x", "y"]}, "重画"),
    "not a number": ("a", {"type": "Point", "coordinates": [float("nan"), 31.2]}, "重画|地图以外"),
    "elsewhere": ("a", {"type": "Point", "coordinates": [2.3, 48.8]}, "地图以外"),
    "crossing": ("a", BOWTIE, "不自相交"),
    "several": ("a", {"type": "MultiPoint", "coordinates": [[121.5, 31.2]]}, "一个点"),
    "too long": ("a", {"type": "LineString", "coordinates": [[121 + n / 1000, 31] for n in range(201)]}, "顶点太多"),
}


@pytest.mark.parametrize(("text", "drawn", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_one_sentence_and_nothing_is_kept(db, text, drawn, said):
    with pytest.raises(DataError, match=said):
        annotations.add(db, "", text, drawn, "张三")
    assert annotations.annotations(db, "") == []
    assert log.read(db, "annotation").empty


def test_who_may_only_look_writes_none_and_who_may_not_know_of_the_dataset_sees_none(db):
    made = annotations.add(db, "", "修路", POINT, "张三")
    for write in (
        lambda: annotations.add(db, "", "a", POINT, READER),
        lambda: annotations.remove(db, made, READER),
        lambda: annotations.restore(db, made, READER),
    ):
        with pytest.raises(DataError, match="只能查看"):
            write()
    assert annotations.annotations(db, "", READER) == [made]
    hidden = annotations.add(db, "set-of-others", "秘密", POINT, "张三")
    follower = Person("跟进人", proven=True, role="follower")
    assert annotations.annotations(db, "set-of-others", follower) == []
    with pytest.raises(DataError, match="没有这个数据集"):
        annotations.add(db, "set-of-others", "a", POINT, follower)
    annotations.remove(db, hidden, follower)
    assert annotations.annotations(db, "set-of-others") == [hidden]


def test_there_is_a_limit_for_a_dataset(db, monkeypatch):
    monkeypatch.setattr(annotations, "MAX_ANNOTATIONS", 2)
    for text in "ab":
        annotations.add(db, "", text, POINT, "张三")
    with pytest.raises(DataError, match="至多 2 条"):
        annotations.add(db, "", "c", POINT, "张三")
    annotations.add(db, "another", "c", POINT, "张三")
