"""Quantities of premises: conversions by hand, headings that name a unit, and what is not read."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.premises.quantities import (
    BEYOND,
    IN_METRES,
    NO_QUANTITY_UNIT,
    NOT_WHOLE,
    QUANTITIES,
    SAID_ABOUT,
    UNREAD_UNIT,
    read_quantity,
    read_title,
    read_unit,
)

AREAS = (
    *(("12亩", 8000.0), ("1亩", 2000 / 3), ("1.2万㎡", 12_000.0), ("8,000.5 平方米", 8000.5), ("2公顷", 20_000.0)),
    *(("1000 sq ft", 92.90304), ("3000 sqm", 3000.0), ("0.5平方公里", 500_000.0), ("１２００㎡", 1200.0)),
)


@pytest.mark.parametrize(("text", "square_metres"), AREAS)
def test_areas_are_square_metres(text, square_metres):
    assert read_quantity(text, "area_m2").value == square_metres


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("2吨/㎡", "load_kg_m2", 2000.0),
        ("1.5 t/m2", "load_kg_m2", 1500.0),
        ("500kg/㎡", "load_kg_m2", 500.0),
        ("9.80665kN/㎡", "load_kg_m2", 1000.0),
        ("8.1米", "height_m", 8.1),
        ("8100mm", "height_m", 8.1),
        ("1.5元/㎡/天", "rent", 1.5),
        ("1.5元/天·平方米", "rent", 1.5),
        ("45.625元/平米/月", "rent", 1.5),  # × 12 / 365
        ("547.5元/㎡/年", "rent", 1.5),
        ("365000元/亩/年", "rent", 1.5),  # ÷ 365 ÷ 2000/3
        ("80万元/亩", "price", 1200.0),  # 800 000 ÷ 2000/3
        ("1.2万元/㎡", "price", 12_000.0),
        ("3500万元", "total_price", 35_000_000.0),
        ("1.2亿元", "total_price", 120_000_000.0),
    ],
)
def test_units_of_a_cell_are_converted_exactly(text, name, value):
    assert read_quantity(text, name) == (value, "")


@pytest.mark.parametrize(
    ("heading", "cell", "name", "value"),
    [
        ("建筑面积（万平方米）", "1.5", "area_m2", 15_000.0),
        ("占地面积/亩", "30", "land_m2", 20_000.0),
        ("可租面积㎡", "1,200", "available_m2", 1200.0),
        ("层高m", "6", "height_m", 6.0),
        ("楼面荷载（kN/m²）", "9.80665", "load_kg_m2", 1000.0),
        ("月租金（元/㎡）", "45.625", "rent", 1.5),
        ("租金 元/㎡/天", "1.5元", "rent", 1.5),
        ("售价（万元/亩）", "80", "price", 1200.0),
        ("售价（万元）", "3500", "total_price", 35_000_000.0),
        ("Floor load (t/m2)", "2", "load_kg_m2", 2000.0),
        ("rent_cny_m2_day", "1.5", "rent", 1.5),
    ],
)
def test_a_heading_names_the_quantity_and_the_unit_of_bare_numbers(heading, cell, name, value):
    title = read_title(heading)
    assert title is not None
    assert title.quantity == name
    assert read_quantity(cell, name, title.unit).value == value


def test_the_unit_of_the_cell_comes_before_that_of_the_heading():
    assert read_quantity("12亩", "area_m2", read_unit("㎡")).value == 8000.0
    assert (
        read_quantity("1.2万", "area_m2", read_unit("万㎡")).value == 12_000.0
    )  # the same ten thousand, written twice


@pytest.mark.parametrize(
    ("text", "name", "problem"),
    [
        ("8000", "area_m2", NO_QUANTITY_UNIT),
        ("2吨", "load_kg_m2", NO_QUANTITY_UNIT),
        ("1.5元", "rent", NO_QUANTITY_UNIT),
        ("面议", "rent", NOT_WHOLE),
        ("1000-3000㎡", "area_m2", NOT_WHOLE),
        ("1000㎡起", "area_m2", NOT_WHOLE),
        ("首层2吨/㎡，二层1吨/㎡", "load_kg_m2", NOT_WHOLE),
        ("-5㎡", "area_m2", NOT_WHOLE),
        ("0㎡", "area_m2", BEYOND),
        ("8000m", "height_m", BEYOND),
        ("1000\n2000㎡", "area_m2", NOT_WHOLE),
        ("3000 2500㎡", "area_m2", NOT_WHOLE),
        ("1 000㎡", "area_m2", NOT_WHOLE),
        ("300, 250㎡", "area_m2", NOT_WHOLE),
        ("300，250㎡", "area_m2", NOT_WHOLE),
        ("①3000㎡", "area_m2", NOT_WHOLE),
        ("8 5.5", "height_m", NOT_WHOLE),
        ("8½m", "height_m", NOT_WHOLE),
        ("3500\t4200万元", "total_price", NOT_WHOLE),
        ("10k㎡", "area_m2", NOT_WHOLE),
        ("10K ㎡", "area_m2", NOT_WHOLE),
        ("10k m2", "area_m2", NOT_WHOLE),
        ("10k平", "area_m2", NOT_WHOLE),
        ("0.5㎡", "available_m2", BEYOND),
    ],
)
def test_what_is_not_read_whole_gives_nothing_and_says_so(text, name, problem):
    assert read_quantity(text, name) == (None, problem)


def test_an_approximate_number_and_a_height_without_unit_are_told():
    assert read_quantity("约5000㎡", "area_m2") == (5000.0, SAID_ABOUT)
    assert read_quantity("5.5", "height_m") == (5.5, IN_METRES)


def test_a_heading_of_something_else_is_no_quantity():
    assert [read_title(title) for title in ("名称", "联系电话", "面积说明", "备注（㎡）")] == [None] * 4


@given(
    name=st.sampled_from(sorted(QUANTITIES)),
    value=st.floats(min_value=10, max_value=99, allow_nan=False).map(lambda number: round(number, 6)),
)
def test_our_own_unit_is_read_to_the_same_number(name, value):
    for lang in ("zh", "en"):
        unit = read_unit(QUANTITIES[name].unit.of(lang))
        assert unit is not None
        assert unit[0] * QUANTITIES[name].units[unit[1]] == Fraction(1)
        reading = read_quantity(repr(value), name, unit)
        assert reading.value == (value if QUANTITIES[name].least <= value <= QUANTITIES[name].most else None)


@pytest.mark.parametrize("text", ["2km2", "2㎢", "2 km²", "2平方公里"])
def test_square_kilometres_stay(text):
    assert read_quantity(text, "area_m2").value == 2e6


@pytest.mark.parametrize(
    ("heading", "cell", "expected"),
    [
        ("Clear height (ft)", "26", (7.9248, "")),  # × 0.3048
        ("层高（英尺）", "26", (7.9248, "")),
        ("层高", "26ft", (7.9248, "")),
        ("层高（首层）", "8", (8.0, IN_METRES)),
        ("层高（首层，m）", "8", (8.0, "")),
        ("层高（1F）", "8", (8.0, IN_METRES)),
        ("层高（尺）", "24", (None, UNREAD_UNIT)),
        ("Height (yd)", "9", (None, UNREAD_UNIT)),
        ("层高（尺）", "8米", (8.0, "")),
    ],
)
def test_a_height_is_in_the_unit_of_its_heading_or_not_read(heading, cell, expected):
    title = read_title(heading)
    assert title is not None
    assert read_quantity(cell, title.quantity, title.unit) == expected


@pytest.mark.parametrize(
    ("heading", "name"), [("单价（元/㎡/天）", "rent"), ("单价（元/㎡·月）", "rent"), ("单价（元/㎡）", "price")]
)
def test_a_price_for_a_time_is_a_rent(heading, name):
    title = read_title(heading)
    assert title is not None
    assert title.quantity == name


def test_nothing_free_is_a_number_and_an_area_of_nothing_is_none():
    assert read_quantity("0", "available_m2", read_unit("㎡")) == (0.0, "")
    assert read_title("面积（k㎡）") == ("area_m2", None)
