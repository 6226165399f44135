"""The visit sheet: a way through the points, areas after it, hostile text escaped, nothing asked from outside."""

import io
import re
from datetime import date

import openpyxl
import pytest

from app.documents import packet_html
from app.records import shortlist
from app.records.database import open_database
from app.records.enterprises import EnterpriseKey, enterprise_key
from app.views.shortlist.visit import VISIT_COLUMNS, plan_visit, visit_html, visit_xlsx
from geo.datasets.dataset import load_dataset
from geo.filters.filters import Filters
from geo.places.geocoding import POINT_PRECISIONS
from geo.routing import legs

DATA = load_dataset()
TABLE = DATA.enterprises
EVIL = '=cmd|"/C calc"!A0 <script>alert(1)</script> <img src=x onerror=alert(1)> "\' {{7*7}}'


@pytest.fixture
def kept(tmp_path):
    """Entries of a dozen points, three areas, one enterprise without a place, one that the set no longer holds."""
    points = TABLE[TABLE["location_precision"].isin(POINT_PRECISIONS)].iloc[:12]
    areas = TABLE[TABLE["location_precision"].isin(["park", "town", "district"])].iloc[:3]
    nowhere = TABLE[TABLE["location_precision"] == "none"].iloc[:1]
    rows = [row for part in (areas, points, nowhere) for _, row in part.iterrows()]
    gone = EnterpriseKey(EVIL, "", {"adcode": "310117", "district": "松江区", "lon": 121.2, "lat": 31.0,
                           "location_precision": "site", "synthetic": True, "address": EVIL}, "旧名单")  # fmt: skip
    db = open_database(f"sqlite:///{tmp_path / 'r.sqlite'}")
    shortlist.add(db, [*(enterprise_key(row, DATA.title) for row in rows), gone], "张三")
    held = next(entry for entry in shortlist.entries(db) if entry.firm.name == EVIL)
    shortlist.change(db, held, {"notes": EVIL, "due": date(2026, 12, 1)}, "张三")
    return shortlist.entries(db)


def test_points_come_in_the_order_of_a_short_way_and_areas_after_them_by_name(kept):
    rows = plan_visit(kept, DATA, "跟进").rows
    assert sorted(rows["name"]) == sorted(entry.firm.name for entry in kept)
    stops = rows[rows["stop"].notna()]
    assert stops["stop"].tolist() == list(range(1, 14))
    assert rows["stop"].notna().tolist() == [True] * 13 + [False] * 4
    assert set(stops["group"]) == {"按路线"}
    way = legs(stops["lon"], stops["lat"])
    assert stops["leg_km"].iloc[1:].tolist() == pytest.approx((way / 1000).round(1).tolist())
    in_given_order = [entry.firm.facts for entry in kept if entry.firm.facts["location_precision"] in POINT_PRECISIONS]
    assert way.sum() <= legs([one["lon"] for one in in_given_order], [one["lat"] for one in in_given_order]).sum()
    areas = rows[rows["stop"].isna()]
    assert areas["leg_km"].isna().all()
    assert all("只知区域" in group or group == "没有可用的位置" for group in areas["group"])
    assert "没有可用的位置" in set(areas["group"])


def test_two_people_who_follow_one_enterprise_make_one_stop(tmp_path):
    db = open_database(f"sqlite:///{tmp_path / 'r.sqlite'}")
    firms = [enterprise_key(row) for _, row in TABLE[TABLE["location_precision"] == "road"].iloc[:4].iterrows()]
    shortlist.add(db, firms, "张三")
    shortlist.add(db, firms[1:3], "李四", aware=True)
    rows = plan_visit(shortlist.entries(db), DATA, "跟进").rows
    assert sorted(rows["stop"]) == sorted([1, 2, 3, 4, *rows["stop"][rows["owner"] == "李四"].tolist()])
    assert rows.groupby("stop")["name"].nunique().tolist() == [1, 1, 1, 1]
    assert rows["leg_km"].notna().sum() == 3


def test_an_enterprise_the_set_no_longer_holds_keeps_its_facts_and_its_set(kept):
    row = plan_visit(kept, DATA, "跟进", "en").rows.set_index("name").loc[EVIL]
    assert (row["set"], row["district"], row["lon"]) == ("旧名单 (synthetic data)", "Songjiang", 121.2)


def test_the_workbook_is_typed_and_says_where_it_is_from(kept):
    book = openpyxl.load_workbook(io.BytesIO(visit_xlsx(plan_visit(kept, DATA, "跟进 · 17 条"))))
    sheet, about = book["走访单"], dict(book["说明"].iter_rows(values_only=True))
    headers = [cell.value for cell in sheet[1]]
    assert headers == [pair[0] for name, pair in VISIT_COLUMNS.items() if name not in ("contact", "leg_minutes")]
    assert sheet.max_row == len(kept) + 1
    evil = next(row for row in sheet.iter_rows(min_row=2) if row[headers.index("企业名称")].value == EVIL)
    assert evil[headers.index("企业名称")].data_type == "s"
    assert evil[headers.index("期限")].is_date
    assert evil[headers.index("次序")].data_type == evil[headers.index("经度")].data_type == "n"
    assert not any(cell.data_type == "f" or cell.hyperlink for row in sheet.iter_rows() for cell in row)
    assert about["选择"] == "跟进 · 17 条"
    assert "2-opt" in about["次序"]
    assert "虚构" in about["注意"]
    assert any(key.startswith("许可") for key in about)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_to_print_escapes_everything_and_asks_for_nothing(kept, lang):
    page = visit_html(plan_visit(kept, DATA, EVIL, lang), lang, "2026-11-24")
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3  # sentence, name, address, notes
    assert not re.search(r"(?:src|href|action)\s*=|url\(|@import|https?://(?!www\.w3\.org)", page.replace("onerror=", "")
                         .replace("src=x", ""))  # fmt: skip
    assert "default-src 'none'" in page
    assert ("Synthetic data" if lang == "en" else "合成数据") in page
    assert len(re.findall(r'<div class="number">\d+</div>', page)) == 13


def test_an_empty_list_is_an_empty_sheet():
    visit = plan_visit([], DATA, "跟进 · 0 条")
    assert visit.rows.empty
    assert openpyxl.load_workbook(io.BytesIO(visit_xlsx(visit)))["走访单"].max_row == 1
    assert "<li>" not in visit_html(visit, "zh", "2026-11-24")


def test_contacts_stand_on_the_sheet_only_where_an_import_kept_them_and_never_in_the_packet(tmp_path):
    rows = TABLE.iloc[:2].assign(capital_amount=5e7, capital_currency="CNY", founded="2011-05-06")
    plain, kept = DATA.with_enterprises(rows), DATA.with_enterprises(rows.assign(联系电话=["021-00000000", ""]))
    db = open_database(f"sqlite:///{tmp_path / 'r.sqlite'}")
    shortlist.add(db, [enterprise_key(row, DATA.title) for _, row in rows.iterrows()], "张三")
    entries = shortlist.entries(db)
    without = plan_visit(entries, plain, "跟进").rows
    assert "contact" not in without.columns
    assert set(without["capital"]) == {"5,000 万元"}
    assert set(without["founded"]) == {"2011-05-06"}
    visit = plan_visit(entries, kept, "跟进")
    assert sorted(visit.rows["contact"]) == ["", "联系电话 021-00000000"]
    assert "021-00000000" in visit_html(visit, "zh", "2026-11-24")
    assert "021-00000000" not in packet_html(kept, Filters())


def test_the_sheet_of_an_imported_list_names_that_list_and_no_other_source(tmp_path):
    mine = DATA.with_enterprises(TABLE.iloc[:2]).named("我的名单", "2026-02-03", synthetic=False)
    db = open_database(f"sqlite:///{tmp_path / 'r.sqlite'}")
    shortlist.add(db, [enterprise_key(row, "我的名单") for _, row in mine.enterprises.iterrows()], "张三")
    notes = plan_visit(shortlist.entries(db), mine, "跟进").notes
    assert notes["来源"] == "导入的名单“我的名单”"
    assert not any("企业" in key for key in notes if key.startswith("许可"))
