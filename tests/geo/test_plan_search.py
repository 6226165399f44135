import pytest

from geo.plan import PARTS, load_finance, load_plan, load_progress, load_search_entries, load_targets, search_plan

PASSAGES = load_search_entries()


def test_every_paragraph_of_the_report_is_found():
    assert {number for passage in PASSAGES for number in passage.paragraphs} >= {
        1,
        2,
        3,
        4,
        5,
        6,
        8,
        9,
        10,
        *range(11, 17),
    }


def test_every_action_industry_target_and_figure_is_a_passage():
    count = {part: sum(passage.part == part for passage in PASSAGES) for part in PARTS}
    assert (count["actions"], count["industries"], count["goals"]) == (6, 6, 4)
    assert count["targets"] + count["successors"] == len(load_targets())
    assert count["progress"] == len(load_progress())
    assert count["finance"] == len(load_finance()) == 13


@pytest.mark.parametrize(
    ("query", "part", "paragraph"),
    [("一核一带", "actions", 10), ("等区域", "layout", 10), ("互访 标准", "delta", 6), ("生物医药", "industries", 9),
     ("５Ｇ", "actions", 12), ("other areas", "layout", 10), ("FREE-TRADE", "actions", 13), ("资源投入", "closing", 14)],
)  # fmt: skip
def test_a_word_in_either_language_finds_its_paragraph(query, part, paragraph):
    assert any(p.part == part and paragraph in p.paragraphs for p in search_plan(query, PASSAGES))


def test_all_words_have_to_be_in_one_passage():
    assert search_plan("标杆 长三角协同 五区", PASSAGES) == []
    assert search_plan("  ", PASSAGES) == []


def test_every_passage_of_the_plan_says_something_in_both_languages():
    assert all(passage.zh.strip() and passage.en.strip() for passage in PASSAGES)
    mine = [p for p in PASSAGES if p.paragraphs]
    assert not [p.en for p in mine if any("\u4e00" <= c <= "\u9fff" for c in p.en)]
    assert {p.source for p in mine} >= {load_plan()["source"]["title"]}
