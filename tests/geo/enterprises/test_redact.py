import geopandas as gpd
import pytest

from geo.datasets.dataset import load_dataset
from geo.enterprises.redact import LEFT_OUT, PUBLIC, public_rows

DATA = load_dataset()


@pytest.mark.parametrize(
    "personal",
    [
        "13812345678",
        "138-1234-5678",
        "+86 13812345678",
        "021-58001234",
        "(021)58001234",
        "a.b@firm.com.cn",
        "310115198001011234",
    ],
)
def test_telephones_mailboxes_and_identity_numbers_stay(personal):
    frame = gpd.GeoDataFrame({"name": [f"甲公司{personal}"], "address": [f"川沙路1号，{personal}（张三）"]})
    assert public_rows(frame).to_dict("records") == [
        {"name": f"甲公司{LEFT_OUT}", "address": f"川沙路1号，{LEFT_OUT}（张三）"}
    ]


@pytest.mark.parametrize(
    "text", ["川沙路5800号", "91310000132204312T", "2026-11-24", "688336", "1号楼1201-1205室", "上证 600000"]
)
def test_other_figures_stay_as_they_are(text):
    assert public_rows(gpd.GeoDataFrame({"address": [text]}))["address"].tolist() == [text]


def test_no_column_beside_the_canonical_ones_leaves_and_the_sample_is_as_it_was():
    kept = public_rows(DATA.enterprises.assign(法定代表人="张三", 电话="1", business_scope="x"))
    assert set(kept.columns) == {*PUBLIC, "geometry"}
    same = [column for column in PUBLIC if column != "enterprise_id"]
    assert kept[same].equals(DATA.enterprises[same])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("徐汇区 021-64381234", f"徐汇区 {LEFT_OUT}"),
        ("金桥 13812345678", f"金桥 {LEFT_OUT}"),
        ("上海市 闵行区 021-64381234", f"上海市 闵行区 {LEFT_OUT}"),
        ("江桥镇 021-59141234", f"江桥镇 {LEFT_OUT}"),
        ("张江 021-50801234", f"张江 {LEFT_OUT}"),
        ("金桥路 张三 13812345678", f"金桥路 {LEFT_OUT}"),
        ("李经理 13812345678", LEFT_OUT),
        ("联系人：王小明 13812345678", f"联系人：{LEFT_OUT}"),
    ],
)
def test_a_name_before_a_number_goes_and_a_place_stays(text, left):
    assert public_rows(gpd.GeoDataFrame({"address": [text]}))["address"].tolist() == [left]


def test_nothing_goes_from_the_name_of_an_enterprise_but_the_number():
    rows = public_rows(gpd.GeoDataFrame({"name": ["华虹 021-38829999"]}))
    assert rows["name"].tolist() == [f"华虹 {LEFT_OUT}"]
