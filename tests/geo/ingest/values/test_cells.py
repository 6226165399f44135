import datetime as dt
import math
import zoneinfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from geo.ingest.values.amounts import (
    MAX_CAPITAL,
    RANGE,
    SECOND_CURRENCY,
    SEVERAL,
    SUBSCRIBED,
    TOO_MUCH,
    UNREADABLE,
    Unit,
    read_capital,
    read_currency,
    unit_of_title,
)
from geo.ingest.values.cells import (
    DAYS_TO_1904,
    clean_cells,
    lost_zone,
    read_coordinates,
    read_count,
    read_date,
    read_former_names,
    read_status,
    rounding_m,
)
from geo.ingest.values.identifiers import LOST_DIGITS, read_uscc, read_usccs, registration_adcodes
from geo.ingest.values.sectors import (
    SEVERAL_INDUSTRIES,
    code_of,
    edition_of,
    finer_code,
    plan_industry_of,
    read_industry,
)

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
        *((word, "unknown") for word in ("未注销", "拟注销", "注销公告", "不再存续", "未吊销", "正在办理注销", "非正常户")),
        *((word, "unknown") for word in ("将于2026年注销", "尚未完成注销", "未能注销", "无需注销", "不予注销", "计划注销", "注销已撤回")),
        *((word, "unknown") for word in ("未实际开业", "不是存续企业", "撤销注销登记")),
        ("未年报已吊销", "revoked"), ("未开业已注销", "deregistered"), ("未按期年报被吊销", "revoked"),
        ("存续，未注销", "active"), ("正在清算", "liquidating"), ("吊销未注销", "revoked"),
    ],
)  # fmt: skip
def test_status(text, status):
    assert read_status(text) == status


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("13,400万元", 134_000_000, "CNY"), ("100万元人民币", 1_000_000, "CNY"), ("500万美元", 5_000_000, "USD"),
        ("2.68亿", 268_000_000, "CNY"), ("人民币5000万元", 50_000_000, "CNY"), ("１００万元", 1_000_000, "CNY"),
        ("500万(美元)", 5_000_000, "USD"), ("30 万 欧元", 300_000, "EUR"), ("1000万港元", 10_000_000, "HKD"),
        ("5000元", 5000, "CNY"), ("100万USD", 1_000_000, "USD"), ("0", 0, "CNY"), ("3亿8000万日元", 380_000_000, "JPY"),
        ("1亿2千万元", 120_000_000, "CNY"), ("5000(万元)", 50_000_000, "CNY"), ("5000（万元人民币）", 50_000_000, "CNY"),
        ("50(万美元)", 500_000, "USD"), ("500萬美元", 5_000_000, "USD"), ("10 million USD", 10_000_000, "USD"),
        ("US$5,000,000", 5_000_000, "USD"), ("HK$1,000,000", 1_000_000, "HKD"), ("￥500万", 5_000_000, "CNY"),
        ("500w", 5_000_000, "CNY"), ("RMB 500W", 5_000_000, "CNY"), ("伍佰万元整", 5_000_000, "CNY"),
        ("人民币壹仟贰佰万圆整", 12_000_000, "CNY"), ("一亿二千万", 120_000_000, "CNY"), ("五百零五万元", 5_050_000, "CNY"),
        ("十万元", 100_000, "CNY"), ("一千万美元", 10_000_000, "USD"), ("50萬港幣", 500_000, "HKD"),
        ("5,0000,0000元", 500_000_000, "CNY"), ("5 000 000元", 5_000_000, "CNY"), ("500.000000万人民币", 5_000_000, "CNY"),
        ("1.5 billion yuan", 1_500_000_000, "CNY"), ("5000万元/人民币", 50_000_000, "CNY"), ("一千零二元", 1002, "CNY"),
        ("5000万円", 50_000_000, "JPY"), ("100万澳门币", 1_000_000, "MOP"), ("US Dollar 100万", 1_000_000, "USD"),
        ("大写：伍佰万元整", 5_000_000, "CNY"), ("一百零八万", 1_080_000, "CNY"), ("三千万零五百元", 30_000_500, "CNY"),
    ],
)  # fmt: skip
def test_capital(text, amount, currency):
    assert read_capital(text)[:3] == (amount, currency, "")


@pytest.mark.parametrize(
    "text",
    [
        *("万元", "无", "-5万元", "美元", "3亿8000", "1亿2", "500,5万", "约500万元", "500万元以上", "100万贝壳", "1.2.3万"),
        *("不低于500万", "一二三万", "500万元（其中货币300）", "一亿五", "一千二", "一百八万", "两万五元"),
    ],
)  # fmt: skip
def test_what_is_not_understood_whole_gives_no_capital(text):
    reading = read_capital(text)
    assert math.isnan(reading.amount)
    assert reading.problem == UNREADABLE


@pytest.mark.parametrize(
    ("text", "amount", "problem"),
    [
        ("310115199001011234", math.nan, TOO_MUCH), ("500000亿元", math.nan, TOO_MUCH),
        ("1000-5000万", math.nan, RANGE), ("1000万元至5000万元", math.nan, RANGE), ("100万~200万", math.nan, RANGE),
        ("100万元;200万元", math.nan, SEVERAL), ("5000万元;500万美元", 50_000_000, SECOND_CURRENCY),
        ("5000万元（500万美元）", 50_000_000, SECOND_CURRENCY), ("实缴500万元/认缴1000万元", 10_000_000, SUBSCRIBED),
        ("认缴1000万元实缴500万元", 10_000_000, SUBSCRIBED), ("1000万(实缴500万)", 10_000_000, SUBSCRIBED),
        ("1000万元/1000万元", 10_000_000, ""), ("1000（实缴500）万元", math.nan, SEVERAL), ("(500)万元", math.nan, UNREADABLE),
    ],
)  # fmt: skip
def test_ranges_and_double_amounts_are_told(text, amount, problem):
    reading = read_capital(text)
    assert reading.amount == pytest.approx(amount, nan_ok=True)
    assert reading.problem == problem


@pytest.mark.parametrize("text", ["一亿五千元", "人民币一亿五千元", "1亿5千", "一亿二千", "1亿5千元", "一亿五"])
def test_half_a_hundred_million_left_unsaid_is_no_amount(text):
    assert math.isnan(read_capital(text).amount)


def test_a_hundred_million_written_out():
    amounts = [read_capital(text).amount for text in ("一亿零五千元", "一亿五千万元", "1亿5千万元", "一亿五百万元")]
    assert amounts == [100_005_000, 150_000_000, 150_000_000, 105_000_000]


@given(
    st.integers(1, 10**7), st.sampled_from([("元", 1), ("万元", 10**4), ("亿元", 10**8)]),
    st.sampled_from([("", "CNY"), ("人民币", "CNY"), ("US$", "USD"), ("港币", "HKD")]), st.booleans(),
)  # fmt: skip
def test_what_is_written_is_what_is_read(number, unit, currency, grouped):
    text = f"{currency[0]}{number:,}{unit[0]}" if grouped else f"{currency[0]}{number}{unit[0]}"
    reading = read_capital(text, Unit(10**4))
    amount = number * unit[1]
    assert reading[:3] == (amount, currency[1], "") if amount <= MAX_CAPITAL else reading.problem == TOO_MUCH


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        *((f"注册资本{caption}", (10**4, "")) for caption in ("（万元）", "【万元】", "/万元", "万元", "-万元", "_万元", "(万)")),
        *((f"注册资本{caption}", (10**4, "")) for caption in ("（单位：万元）", "：万元", "（万 元）", "，万元", "「万元」")),
        *((f"注册资本{caption}", (10**4, "USD")) for caption in ("（美元，万元）", "（万元，美元）", "（万元）（美元）", "_美元_万")),
        *((f"注册资本{caption}", (10**4, "", True)) for caption in ("（万元人民币/美元）", "万元(人民币或美元)")),
        *((f"注册资本{caption}", (10**4, "", True)) for caption in ("(万元)（外资企业为美元）", "（万元，含美元折算）")),
        *((f"{title}）", (10**4, "", True)) for title in ("单位：万元（外资企业为美元", "（金额单位：万元；美元企业另注", "（万元，原币")),
        ("注册资本（元，外资企业为美元）", (None, "", True)), ("注册资本（万元，外币按汇率折算）", (10**4, "")),
        ("注册资本（万元，以美元计）", (10**4, "USD")),
        ("注册资本（万元，外资企业按汇率折人民币）", (10**4, "CNY")),
        ("注册资本（亿元）", (10**8, "")), ("注册资本(元)", (1, "")), ("注册资本(美元)", (1, "USD")), ("注册资本", (None, "")),
        ("注册资本（万美元）", (10**4, "USD")), ("注册资本(万元人民币)", (10**4, "CNY")), ("注册资本（百万元）", (10**6, "")),
        ("注册资本（万元/万美元）", (None, "", True)), ("注册资本（元/万元）", (None, "", True)),
        ("金额单位：人民币元", (1, "CNY")), ("单位：家、万元", (10**4, "")), ("单位：人", (None, "")),
        ("Capital (million USD)", (10**6, "USD")), ("Registered capital (10,000 CNY)", (10**4, "CNY")),
    ],
)  # fmt: skip
def test_units_of_titles(title, unit):
    assert unit_of_title(title) == Unit(*unit)


def test_currencies():
    assert [read_currency(cell) for cell in ("人民币", "USD", "万美元", "港币", "贝壳")] == [
        "CNY",
        "USD",
        "USD",
        "HKD",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2001-05-08", "2001-05-08"), ("2001/5/8", "2001-05-08"), ("2001年5月8日", "2001-05-08"), ("20010508", "2001-05-08"),
        ("2001-05-08 00:00:00", "2001-05-08"), ("37019", "2001-05-08"), ("37019.0", "2001-05-08"),
        ("1997-01-28 至 无固定期限", "1997-01-28"), ("2001-02-30", ""), ("2001", ""), ("很久以前", ""), ("99999", ""),
        ("2001-05-07 23:59:17", "2001-05-08"), ("37018.99950231481", "2001-05-08"), ("2001-05-08 18:00:00", "2001-05-08"),
        ("2001-05-07T16:00:00.000Z", "2001-05-08"), ("2001-05-07 16:00:00+00:00", "2001-05-08"),
        ("2001-05-08T00:00:00+08:00", "2001-05-08"), ("1988-06-30T15:00:00Z", "1988-07-01"), ("989251200000", "2001-05-08"),
        ("Tue May 08 2001 00:00:00 GMT+0800 (中国标准时间)", "2001-05-08"), ("Tue May 08 00:00:00 CST 2001", "2001-05-08"),
        ("05/08/2001", ""), ("08-May-01", ""), ("May 8, 2001", "2001-05-08"), ("8 May 2001", "2001-05-08"), ("08-May-2001", "2001-05-08"),
        ("Mon, 07 May 2001 16:00:00 GMT", "2001-05-08"), ("二〇〇一年五月八日", "2001-05-08"), ("二○○一年十二月二十八日", "2001-12-28"),
        ("2001 年 5 月 8 日", "2001-05-08"), ("989251200", "2001-05-08"), ("/Date(989251200000+0800)/", "2001-05-08"),
        *((text, "") for text in ("二〇二四年一二月三一日", "二〇二四年十十月一日", "二〇二四年二月三十日", "二〇二四年一月十〇日")),
        *((text, "") for text in ("2019050110", "201905011", "200812310", "201905011030", "2019050110301")),
        ("/Date(200812310000)/", "1976-05-13"), ("1557244800", "2019-05-08"),
        *((text, "2001-05-08") for text in ("2001 05 08", "2001—05—08", "2001、5、8", "20010508093000", "2001-05-08 24:00:00")),
        ("二〇二四年十月二十日", "2024-10-20"), ("二〇二四年二月十九日", "2024-02-19"),
        ("-189417600000", "1964-01-01"), ("2001-05-08 23:59:59", "2001-05-08"), ("2001-05-07 23:59:59.999", "2001-05-08"),
    ],
)  # fmt: skip
def test_date(text, date):
    assert read_date(text) == date


@given(
    st.one_of(
        st.builds(
            "{}年{}月{}日".format,
            *(st.text("〇○零一二三四五六七八九十廿初", min_size=low, max_size=4) for low in (4, 1, 1)),
        ),
        st.text("0123456789〇一二十年月日-/.: +tzTZ()dateutcgm", max_size=30),
        st.text(max_size=30),
    )
)
def test_whatever_a_cell_holds_is_a_day_or_none(text):
    read = read_date(text)
    assert read == "" or dt.date.fromisoformat(read).isoformat() == read


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), st.integers(0, 99_999), st.integers(1, 5))
def test_digits_that_begin_like_a_day_are_that_day_or_none(day, rest, digits):
    assert read_date(f"{day:%Y%m%d}{rest:05d}"[: 8 + digits]) == ""
    assert read_date(f"{day:%Y%m%d}") == day.isoformat()


def test_dates_of_a_column():
    """Serials from 1904, and midnights of Shanghai that were written in universal time."""
    assert read_date("35557", serial_days=DAYS_TO_1904) == "2001-05-08"
    assert lost_zone(pd.Series(["2001-05-07 16:00:00", "2001-05-08"], dtype="str"))
    assert not lost_zone(pd.Series(["2001-05-07 16:00:00", "2001-05-07 09:30:00"], dtype="str"))
    assert read_date("2001-05-07 16:00:00", hours=9) == "2001-05-08"


@given(st.dates(dt.date(1908, 3, 20), dt.date(2099, 12, 31)), st.integers(0, 23), st.integers(0, 53))
def test_a_date_is_a_date(day, hour, minute):
    """However it is written, serial, stamp or text, the day stays."""
    serial = (day - dt.date(1899, 12, 30)).days
    stamp = dt.datetime.combine(day, dt.time(hour, minute))
    zoned = stamp.replace(tzinfo=zoneinfo.ZoneInfo("Asia/Shanghai"))
    written = [
        f"{day:%Y/%m/%d}",
        f"{day:%Y年%m月%d日}",
        f"{day:%Y%m%d}",
        str(stamp),
        str(serial),
        str(serial - 43 / 86_400),
    ]
    if day.year > 1941 and hour > 2:  # before, and at the hour of its change, the zone itself jumps
        written += [zoned.isoformat(), zoned.astimezone(dt.UTC).isoformat()]
    assert {read_date(text) for text in written} == {day.isoformat()}
    assert read_date(str(serial - DAYS_TO_1904), serial_days=DAYS_TO_1904) == day.isoformat() or serial - 1462 < 1000


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


@pytest.mark.parametrize("text", [f"统一社会信用代码：{GOOD}", f"{GOOD}（三证合一）", f"{GOOD}/310115000012345"])
def test_a_code_among_words(text):
    assert read_uscc(text) == (GOOD, True, "")
    assert not read_uscc(f"{GOOD} 91310000MAX0000017").valid


def test_codes_of_every_authority():
    """The check character is that of the standard's formula; stdnum, which knows digits alone, agrees on those."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for code in ("N2310117MA1J00014A", "N1310117MA1J00014D", "A1310117MA1J00014R", "Y1310117MA1J000145"):
        total = sum(alphabet.index(letter) * 3**place for place, letter in enumerate(code[:17]))
        assert alphabet[-total % 31] == code[-1]
        assert read_uscc(code) == (code, True, "")
        wrong = alphabet[(alphabet.index(code[-1]) + 1) % 31]
        assert not read_uscc(code[:17] + wrong).valid
    assert not read_uscc("I1310117MA1J00014R").valid


_BODY = st.from_regex(r"(?:[0-9]{8}|[ANYIOZ][0-9]{7})[0-9A-Z]{9}", fullmatch=True)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(_BODY, st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXYO"), st.booleans(), st.booleans())))
def test_codes_by_arrays_are_those_one_by_one(parts):
    """With the right check character by python-stdnum, or with any; in small letters too."""
    codes = []
    for body, last, right, small in parts:
        known = all(letter in "0123456789ABCDEFGHJKLMNPQRTUWXY" for letter in body)
        code = body + (uscc.calc_check_digit(body) if right and known else last)
        codes.append(code.lower() if small else code)
    cells = pd.Series([*codes, "9.13E+17", None], dtype="str", index=[0] * (len(codes) + 2))
    frame = read_usccs(cells)
    expected = [read_uscc(code) for code in codes]
    assert frame["uscc"].fillna("").tolist() == [*(one.code for one in expected), "", ""]
    assert frame["uscc_valid"].iloc[:-1].tolist() == [*(one.valid for one in expected), False]
    assert frame["problem"].tolist() == [*(one.problem for one in expected), LOST_DIGITS, ""]
    for code, one in zip(codes, expected, strict=True):
        assert (
            one.valid == uscc.is_valid(code) or code[:1].upper() in "ANY" or len(set(code.strip()[8:17].upper())) == 1
        )


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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("制造业-汽车制造业", "36"), ("【C36】汽车制造业", "36"), ("汽车制造业(36)", "36"), ("制造业→医药制造业", "27"),
        ("制造业 > 汽车制造业", "36"), ("C-36-汽车制造业", "36"), ("36汽车制造业", "36"), ("制造业：汽车制造业", "36"),
        ("制造业/汽车制造业/汽车零部件及配件制造", "367"), ("[C36]", "36"), ("制造业、汽车制造业", "36"), ("制造业，汽车制造业", "36"),
        ("制造业（汽车制造业）", "36"), ("制造业;汽车制造业", "36"), ("GB/T4754-2017 C36", "36"), ("计算机通信和其他电子设备制造业", "39"),
    ],
)  # fmt: skip
def test_paths_and_brackets_of_industries(text, code):
    assert code_of(text, edition="") == code


@pytest.mark.parametrize(
    "text",
    [
        *("汽车制造业;医药制造业", "医药制造业/汽车制造业", "制造业-汽车制造业|制造业-医药制造业", "汽车制造业-医药制造业"),
        *("3612;2710", "C3612；C2710", "3612/2710", "36;66", "3612、2710", "3612 2710", "3612，2710", "36-2710", "3612.0;2710.0"),
        *("汽车制造业;货币金融服务", "货币金融服务/汽车制造业", "制造业;货币金融服务", "批发和零售业;汽车制造业", "2710;汽车制造业"),
        *("J;36", "3612/36", "66;汽车制造业"),
    ],
)  # fmt: skip
def test_several_industries_in_a_cell_give_none_and_are_told(text):
    assert read_industry(text, edition="2017") == ("", SEVERAL_INDUSTRIES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("36/3612", "3612"), ("C/36/3612", "3612"), ("36;36", "36"), ("C3612；C3612", "3612"), ("36、3612", "3612"), ("J;66", "66"),
        ("3612;汽车制造业", "36"), ("3963/集成电路制造", "3973"), ("制造业/汽车制造业/新能源", "36"), ("第二产业/制造业/汽车制造业", "36"),
        ("C36;", "36"), ("批发和零售业/批发业/别的批发", "51"), ("99", ""), ("00;00", ""),
    ],
)  # fmt: skip
def test_one_path_of_codes_is_one_industry(text, code):
    assert code_of(text) == code


@pytest.mark.parametrize(
    ("code", "edition", "read"),
    [
        ("3963", "2011", "3973"), ("3963", "2017", "3963"), ("3963", "", ""), ("C3660.0", "2011", "3670"), ("366", "", ""),
        ("3489", "", "3489"), ("3973", "", "3973"), ("1310", "", ""), ("111", "", ""), ("0111", "", "01"), ("6510", "", "65"),
    ],
)  # fmt: skip
def test_bare_codes_whose_meaning_changed(code, edition, read):
    """集成电路 was 3963 in 2011; in 2017 that is 智能无人飞行器, and 3973 集成电路."""
    assert code_of(code, edition=edition) == read


@pytest.mark.parametrize(
    ("codes", "said", "edition"),
    [
        (["3660", "3973"], "", "2017"), (["3660", "1440"], "", "2011"), (["3660", "3973", "6510"], "", ""), (["3660"], "", ""),
        (["3973"], "行业代码（GB/T 4754-2011）", "2011"), (["3660"], "按2017版国标", "2017"),
    ],
)  # fmt: skip
def test_the_edition_is_that_of_the_other_codes(codes, said, edition):
    """制造 3973 is new in 2017; 1440 and 6510 were classes of 2011 alone."""
    assert edition_of(codes, said) == edition


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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C 制造业 39 计算机、通信和其他电子设备制造业 397 电子器件制造 3973 集成电路制造", "3973"), ("制造业\n汽车制造业", "36"),
        ("互联网和相关服务", "64"), ("商务服务业", "72"), ("农、林、牧、渔专业及辅助性活动", "05"), ("水泥、石灰和石膏制造", "301"),
        ("计算机、通信和其他电子设备制造业", "39"),
    ],
)  # fmt: skip
def test_names_of_industries_with_marks_between(text, code):
    assert read_industry(text) == (code, "")


@pytest.mark.parametrize("text", ["汽车制造业\n医药制造业", "汽车制造业、医药制造业", "汽车制造业；医药制造业"])
def test_two_industries_are_told_however_they_are_parted(text):
    assert read_industry(text) == ("", SEVERAL_INDUSTRIES)


@pytest.mark.parametrize(
    ("by_name", "cell", "code"),
    [
        ("367", "3670", "3670"),
        ("36", "C3670", "3670"),
        ("36", "3660", ""),
        ("27", "3670", ""),
        ("36", "36", ""),
        ("36", "", ""),
    ],
)
def test_a_bare_code_within_the_named_industry_is_finer(by_name, cell, code):
    """3660 was parts of cars in 2011 and is bodies of cars since 2017: both are in 36, nobody knows which."""
    assert finer_code(by_name, cell) == code


@pytest.mark.parametrize(
    ("cell", "code"), [("156", "CNY"), ("840", "USD"), ("344.0", "HKD"), ("036", "AUD"), ("999", ""), ("12", "")]
)
def test_registers_number_their_currencies(cell, code):
    assert read_currency(cell) == code


def test_a_coarse_point_among_fine_ones_is_coarse():
    fine = np.arange(24) / 24 + 0.0123457
    off = rounding_m(np.r_[121.5, 121 + fine.round(6)], np.r_[31.2, 31 + fine.round(6)])
    assert off[0] == pytest.approx(7320, abs=10)
    assert not off[1:].any()


def test_a_share_of_points_of_three_decimals_ends_in_a_zero_by_chance():
    lon, lat = (axis.ravel() / 1000 for axis in np.meshgrid(np.arange(121_001, 121_041), np.arange(31_001, 31_041)))
    assert np.unique(rounding_m(lon, lat).round(-1)).tolist() == [70.0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("汽车零部件及\n配件制造", "367"),
        ("软件和信息技术\n服务业", "65"),
        ("通用设备\r\n制造业", "34"),
        ("汽车制造业\n金属制品业", ""),
    ],
)
def test_an_industry_that_its_line_broke_is_one(text, code):
    assert code_of(text) == code


@pytest.mark.parametrize("cell", ["91310000XXXXXXXXXX", "913101150000000000", "911111111111111111"])
def test_a_code_whose_organisation_is_hidden_is_none(cell):
    assert not read_uscc(cell).valid
