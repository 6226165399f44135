"""Two releases compared: places, not the words for them."""

import geopandas as gpd
import pandas as pd
import pytest

from geo.datasets.diff import compare
from geo.enterprises.table import load_enterprises
from geo.ingest.pipeline import import_files

NAME = "样例甲有限公司"


@pytest.fixture
def kinds(tmp_path):
    """Import two lists of one enterprise and give the kinds of change between them."""

    def run(old, new):
        sets = []
        for label, (district, address) in (("old", old), ("new", new)):
            file = tmp_path / f"{label}.csv"
            pd.DataFrame({"企业名称": [NAME], "所属区": [district], "注册地址": [address]}).to_csv(file, index=False)
            import_files([file], tmp_path / label)
            sets.append(
                gpd.read_parquet(tmp_path / label / "enterprises.parquet").set_index("enterprise_id", drop=False)
            )
        return compare(*sets)["kind"].tolist()

    return run


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("崇明县", "上海市崇明县长兴镇江南大道1333号"), ("崇明区", "上海市崇明区长兴镇江南大道1333号")),
        (("南汇区", "上海市南汇区惠南镇人民东路1号"), ("浦东新区", "上海市浦东新区惠南镇人民东路1号")),
        (("闸北区", "上海市闸北区万荣路1188号"), ("静安区", "上海市静安区万荣路1188号")),
        (
            ("浦东新区", "上海市浦东新区富特西一路115号2号楼"),
            ("浦东新区", "中国（上海）自由贸易试验区富特西一路115号2号楼"),
        ),
        (("松江区", "上海市松江区车墩镇车峰路300号"), ("松江区", "上海市松江区车峰路300号")),
        (("青浦区", "青浦区赵巷镇垂姚村嘉松中路5710号"), ("青浦区", "上海市青浦区嘉松中路5710号3幢")),
        (("浦東新區", "浦東新區蔡倫路150號"), ("浦东新区", "上海张江高科技园区蔡伦路１５０号")),
        (("松江区", "上海市松江区车峰路300号"), ("", "上海市松江区车峰路300号")),
        (("卢湾区", "上海市卢湾区淮海中路381号"), ("黄浦区", "淮海中路381号")),
        (("浦东新区", "浦东新区泥城镇江山路5000号"), ("浦东新区", "中国（上海）自由贸易试验区临港新片区江山路5000号")),
        (("静安区", "静安区共和新路第3088弄2号"), ("静安区", "静安区共和新路3088弄2号楼")),
        (("松江区", "松江区沪松公路2511弄100号"), ("松江区", "九亭镇沪松公路2511弄")),
        (("普陀区", "普陀区中山北路3663号"), ("普陀区", "普陀区中山北路三千六百六十三号")),
        (("宝山区", "宝山区蕴川路5503号"), ("宝山区", "宝山区蕰川路5503号")),
        (("徐汇区", "徐汇区宜山路18-20号"), ("徐汇区", "地址：上海徐汇宜山路18号")),
        (("松江区", "松江区车墩镇"), ("松江区", "松江区车墩镇车峰路300号")),
        (("浦东新区", "浦东新区张江镇"), ("浦东新区", "浦东新区")),
    ],
)
def test_other_words_for_the_same_place_are_no_move(kinds, old, new):
    assert kinds(old, new) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("松江区", "上海市松江区车峰路300号"), ("松江区", "上海市松江区车峰路301号")),
        (("松江区", "上海市松江区车峰路300号"), ("松江区", "上海市松江区陈春公路300号")),
        (("松江区", "上海市松江区车峰路300号"), ("青浦区", "上海市青浦区嘉松中路5710号")),
        (("宝山区", "上海市宝山区样例一路1号"), ("宝山区", "上海市宝山区样例二路1号")),
        (("卢湾区", "卢湾区淮海中路381号"), ("黄浦区", "黄浦区南京东路300号")),
        (("松江区", "松江区千帆路288弄3号"), ("松江区", "松江区新桥镇千帆路288弄5号")),
        (("南汇区", "南汇区康桥路1100号"), ("浦东新区", "浦东新区康桥东路1100号")),
        (("浦东新区", "浦东新区康桥镇"), ("浦东新区", "浦东新区张江镇")),
        (("嘉定区", ""), ("青浦区", "")),
    ],
)
def test_another_house_is_a_move(kinds, old, new):
    assert kinds(old, new) == ["moved"]


def test_sites_of_one_code_are_each_found_again():
    """Head office and plants have name and code in common."""
    table = load_enterprises().iloc[[1, 1, 1]].assign(uscc="91310000MA1K000019", uscc_valid=True)
    table.index = table["enterprise_id"] = ["E1", "E2", "E3"]
    assert compare(table, table).empty
    assert compare(table, table.iloc[[2, 0]])["kind"].tolist() == ["gone"]
