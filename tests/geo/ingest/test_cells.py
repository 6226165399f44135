import math

import pandas as pd
import pytest

from geo.ingest.cells import (
    clean_cells,
    read_capital,
    read_coordinates,
    read_count,
    read_date,
    read_former_names,
    read_status,
)
from geo.ingest.identifiers import LOST_DIGITS, read_uscc, registration_adcodes
from geo.ingest.sectors import code_of, plan_industry_of

GOOD = "91310115MAX000004U"


@pytest.mark.parametrize("cell", ["", " ", "-", "--", "——", "***", "*", "N/A", "null", '=""', '="-"', None])
def test_nothing(cell):
    assert clean_cells(pd.Series([cell, "甲"], dtype="str")).isna().tolist() == [True, False]


@pytest.mark.parametrize(("cell", "text"), [('="9131"', "9131"), (" 甲 ", "甲"), ("-1", "-1"), ("a*", "a*")])
def test_something(cell, text):
    assert clean_cells(pd.Series([cell], dtype="str")).tolist() == [text]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        *((word, "active") for word in ("存续", "在业", "开业", "在营", "正常", "存续（在营、开业、在册）", "迁入")),
        *((word, "revoked") for word in ("吊销", "吊销，未注销", "吊销,已注销", "撤销")),
        ("注销", "deregistered"), ("迁出", "moved_out"), ("清算", "liquidating"), ("停业", "suspended"), ("？", "unknown"),
    ],
)  # fmt: skip
def test_status(text, status):
    assert read_status(text) == status


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("13,400万元", 134_000_000, "CNY"),
        ("100万元人民币", 1_000_000, "CNY"),
        ("500万美元", 5_000_000, "USD"),
        ("2.68亿", 268_000_000, "CNY"),
        ("人民币5000万元", 50_000_000, "CNY"),
        ("１００万元", 1_000_000, "CNY"),
        ("500万(美元)", 5_000_000, "USD"),
        ("30 万 欧元", 300_000, "EUR"),
        ("1000万港元", 10_000_000, "HKD"),
        ("5000元", 5000, "CNY"),
        ("100万USD", 1_000_000, "USD"),
        ("0", 0, "CNY"),
    ],
)
def test_capital(text, amount, currency):
    assert read_capital(text) == (amount, currency)


@pytest.mark.parametrize("text", ["万元", "无", "-5万元", "美元"])
def test_no_capital(text):
    assert math.isnan(read_capital(text).amount)


def test_unknown_currency_is_not_taken_for_yuan():
    assert read_capital("100万贝壳") == (1_000_000, "")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2001-05-08", "2001-05-08"), ("2001/5/8", "2001-05-08"), ("2001年5月8日", "2001-05-08"), ("20010508", "2001-05-08"),
        ("2001-05-08 00:00:00", "2001-05-08"), ("37019", "2001-05-08"), ("37019.0", "2001-05-08"),
        ("1997-01-28 至 无固定期限", "1997-01-28"), ("2001-02-30", ""), ("2001", ""), ("很久以前", ""), ("99999", ""),
    ],
)  # fmt: skip
def test_date(text, date):
    assert read_date(text) == date


def test_count_and_former_names():
    assert [read_count(text) for text in ("12", "1,200人", "12.0", "-3", "若干")] == [12, 1200, 12, None, None]
    assert read_former_names("样例甲；样例乙;样例甲") == "样例甲;样例乙"


@pytest.mark.parametrize("cell", ["9.13E+17", "9.13101E+17", "9.131e17", "913101151322123000"])
def test_lost_digits_cannot_be_recovered(cell):
    assert read_uscc(cell) == ("", False, LOST_DIGITS)


def test_codes():
    assert read_uscc(GOOD).valid
    assert read_uscc(f" {GOOD.lower()} ").code == GOOD
    assert not read_uscc("91330000123456789X").valid
    assert not read_uscc(GOOD[:-1] + "0").valid


def test_registration_district_with_retired_code():
    codes = pd.Series([GOOD, "91310119MAX000005Q", "91310000MAX000001M", "91310115MAX0000040"])
    valid = pd.Series([True, True, True, False])
    assert registration_adcodes(codes, valid).tolist() == ["310115", "310115", "", ""]


@pytest.mark.parametrize(
    ("name", "level", "code", "industry"),
    [
        ("汽车制造业", "division", "36", "auto"),
        ("工业机器人制造", "class", "3491", "equipment"),
        ("电池制造", "group", "384", "equipment"),
        ("飞机制造", "class", "3741", "aviation"),
        ("医药制造业", "", "27", "biomedicine"),
        ("通信设备、计算机及其他电子设备制造业", "", "39", "electronics"),
        ("C36", "", "36", "auto"),
        ("C36 汽车制造业", "", "36", "auto"),
        ("交通运输设备制造业", "", "", ""),
        ("没有的行业", "", "", ""),
    ],
)
def test_industries(name, level, code, industry):
    assert code_of(name, level) == code
    assert plan_industry_of(code) == industry


def test_section_says_only_that_it_is_no_industry_of_the_plan():
    assert plan_industry_of("", "制造业") == ""
    assert plan_industry_of("", "批发和零售业") == "other"
    assert plan_industry_of("F") == "other"


@pytest.mark.parametrize(
    ("lon", "lat", "expected"),
    [
        ("121.47", "31.23", (121.47, 31.23)),
        ("31.23", "121.47", (121.47, 31.23)),
        ("121.47,31.23", None, (121.47, 31.23)),
        ("31.23，121.47", "31.23，121.47", (121.47, 31.23)),
        ("POINT (121.47 31.23)", None, (121.47, 31.23)),
        ("121°28′12″E", "31°13′48″N", (121.47, 31.23)),
        ("１２１．４７", "31.23", (121.47, 31.23)),
    ],
)
def test_coordinates(lon, lat, expected):
    read = read_coordinates(pd.Series([lon], dtype="str"), pd.Series([lat], dtype="str"))
    assert (read.lon[0], read.lat[0]) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("lon", "lat"), [("0", "0"), ("inf", "31"), ("nan", "nan"), ("2.35", "48.85"), ("甲", "乙"), ("121", None)]
)
def test_no_coordinates(lon, lat):
    read = read_coordinates(pd.Series([lon], dtype="str"), pd.Series([lat], dtype="str"))
    assert math.isnan(read.lon[0])
    assert read.unreadable[0]
