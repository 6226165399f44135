import pytest

from geo.datasets.dataset import load_dataset
from geo.datasets.profile import profile_of
from layers.base import INDUSTRY_COLOURS, View
from layers.enterprises import card, draw_enterprises, enterprise_legend, gather

DATA = load_dataset()
LOCATED = DATA.enterprises[DATA.enterprises["location_precision"] != "none"]


@pytest.fixture(scope="module")
def marks():
    return gather(LOCATED, View())


def test_every_located_enterprise_stands_in_exactly_one_mark(marks):
    ids = [firm["id"] for mark in marks["mark"] for firm in mark["firms"]]
    assert sorted(ids) == sorted(LOCATED["enterprise_id"])


def test_the_number_on_a_mark_is_the_number_of_its_cards(marks):
    assert all(mark["n"] == len(mark["firms"]) for mark in marks["mark"])


def test_what_is_known_by_area_only_is_never_drawn_as_a_site(marks):
    by_area = [mark for mark in marks["mark"] if mark["precision"] in ("park", "town", "district")]
    assert by_area
    assert all(mark["kind"] == "badge" for mark in by_area)


def test_a_single_mark_has_the_colour_of_its_industry_in_the_legend(marks):
    legend = " ".join(entry.swatch for entry in enterprise_legend(View()).entries)
    for mark in marks["mark"]:
        if mark["kind"] == "firm":
            industry = LOCATED.loc[mark["firms"][0]["id"], "industry"]
            assert mark["colour"] == INDUSTRY_COLOURS[industry]
            assert mark["colour"] in legend


def test_an_unverified_district_is_said_on_card_and_mark(marks):
    unverified = set(LOCATED.loc[LOCATED["evidence"].isin(["unverified", "none"]), "enterprise_id"])
    for mark in marks["mark"]:
        assert all(firm["unverified"] == (firm["id"] in unverified) for firm in mark["firms"])
        assert mark["unverified"] == all(firm["id"] in unverified for firm in mark["firms"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_card_names_source_date_evidence_and_precision(lang):
    row = LOCATED[LOCATED["evidence"] == "source"].iloc[0]
    facts = card(row, View(lang=lang))
    said = dict(facts["rows"])
    date, precision, district, evidence = {
        "zh": ("编纂日期", "定位精度", "所在区", "来源可查"),
        "en": ("Compiled", "Location precision", "District", "Published source"),
    }[lang]
    assert said[date] == row["compiled"]
    assert said[district].endswith(f" · {evidence}")
    assert precision in said
    assert facts["source"] == row["district_source_title"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_popup_says_nothing_but_what_the_profile_says(lang):
    for row in LOCATED.drop(columns="geometry").to_dict("records"):
        profile = profile_of(row, lang)
        known = {fact.label: (fact.value, fact.evidence) for facts in profile.facts.values() for fact in facts}
        for label, text in card(row, View(lang=lang))["rows"]:
            assert text == " · ".join(filter(None, known[label]))


def test_an_empty_selection_draws_nothing_but_keeps_its_legend():
    drawn = draw_enterprises(DATA.with_enterprises(DATA.enterprises.iloc[:0]), View())
    assert not drawn.layer._children
    assert len(drawn.legend.entries) > 7
