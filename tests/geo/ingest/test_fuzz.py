"""Whatever stands in the cells, every row is imported, rejected or merged."""

import csv
import json
import tempfile
from pathlib import Path

import geopandas as gpd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from geo.ingest.pipeline import import_files
from geo.places.zones import ZONES

NAMES = st.one_of(
    st.sampled_from(
        ["样例甲(上海)有限公司", "样例甲（上海）有限公司", "样例乙", "", "-", "未匹配到相关企业", "合计", "=1+1"]
    ),
    st.text(max_size=12),
)
CELLS = {
    "企业名称": NAMES,
    "统一社会信用代码": st.sampled_from(
        ["91310000MAX000001M", "91310000MAX000002Q", "9.13E+17", "x", "", "91330000123456789X"]
    ),
    "注册资本": st.one_of(st.sampled_from(["万", "1e400万", "-1", "2.68亿"]), st.text(max_size=8)),
    "成立日期": st.one_of(st.sampled_from(["99999999", "0000-00-00", "37019"]), st.text(max_size=8)),
    "参保人数": st.text(max_size=6),
    "所属区县": st.one_of(st.sampled_from(["浦东", "普陀区", "舟山市普陀区", "宝山"]), st.text(max_size=6)),
    "企业地址": st.one_of(st.sampled_from(["上海市松江区新桥镇陈春公路999号", "宝山路450号"]), st.text(max_size=20)),
    "经度": st.sampled_from(["nan", "inf", "-inf", "0", "121.47", "31.23", "121.47,31.23", "1e999", "", "甲"]),
    "纬度": st.sampled_from(["nan", "inf", "0", "31.23", "121.47", "-90", "", "乙"]),
    "国标行业大类": st.one_of(st.sampled_from(["汽车制造业", "C36"]), st.text(max_size=6)),
    "别的": st.text(max_size=10),
}


@st.composite
def tables(draw):
    headers = ["企业名称", *draw(st.lists(st.sampled_from(list(CELLS)), max_size=8))]
    headers = draw(st.permutations(headers))
    count = draw(st.integers(0, 12))
    rows = [[draw(CELLS[header]) for header in headers] for _ in range(count)]
    for row in rows:
        extra = draw(st.integers(-2, 1))
        if extra < 0:
            del row[extra:]
        elif extra and draw(st.booleans()):
            row.append(draw(st.text(max_size=3)))
    return [*([["声明"]] * draw(st.integers(0, 3))), headers, *rows]


def attempt(path, out):
    """The report of an import, or the sentence with which it was refused."""
    try:
        return import_files([path], out)
    except DataError as error:
        return str(error)


@given(tables(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]), st.sampled_from([",", "\t", ";"]))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_account_balances(rows, encoding, separator):
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "样例.csv", Path(folder) / "out"
        with path.open("w", encoding=encoding, errors="replace", newline="") as file:
            csv.writer(file, delimiter=separator).writerows(rows)
        report = attempt(path, out)
        if isinstance(report, str):
            assert "\n" not in report
            assert [entry.name for entry in Path(folder).iterdir()] == ["样例.csv"]
            return
        assert report.imported + report.rejected + report.duplicates_merged == report.rows_in_file
        table = gpd.read_parquet(out / "enterprises.parquet")
        assert len(table) == report.imported == sum(report.location.values())
        assert table["enterprise_id"].is_unique
        assert set(table["zone"]) <= set(ZONES)
        assert (table["adcode"] != "").sum() + (table["adcode"] == "").sum() == len(table)
        assert json.loads((out / "report.json").read_text("utf-8"))["rows_in_file"] == report.rows_in_file
