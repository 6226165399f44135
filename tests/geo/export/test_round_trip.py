"""What leaves by our own exports comes back as it was, whatever was selected, in whichever language."""

import tempfile
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.datasets.diff import compare
from geo.enterprises.redact import PUBLIC
from geo.enterprises.table import as_enterprises, load_enterprises
from geo.export.selection import EXPORTERS, export
from geo.ingest.pipeline import import_files

NEW = {"source_file", "source_row", "uscc_valid"}
"""Columns that say where a row came from, and whether a code is valid: where there is none, it is not."""


def back(enterprises, suffix, labels):
    """Export and import again, in the order of the export."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"下载.{suffix}"
        export(enterprises, path, labels=labels)
        report = import_files([path], Path(folder) / "out")
        table = gpd.read_parquet(Path(folder) / "out" / "enterprises.parquet").set_index("enterprise_id", drop=False)
    assert (report.imported, report.rejected, report.duplicates_merged) == (len(enterprises), 0, 0)
    return table.loc[enterprises.index], report


def assert_same(enterprises, table):
    for column in set(PUBLIC) - NEW:
        before, after = enterprises[column], table[column]
        if pd.api.types.is_float_dtype(before):
            pd.testing.assert_series_equal(
                before, after, check_dtype=False, check_names=False, check_index=False, atol=1e-6
            )
        else:
            texts = [[str(value) if pd.notna(value) else "" for value in values] for values in (before, after)]
            assert texts[0] == texts[1], column


JIA, YI = "91310000MA1K000019", "91310000MA1K00002C"
HEADERS = ("企业名称", "统一社会信用代码", "注册资本", "所属区", "注册地址", "经度", "纬度", "备注", "地址", "简称")
ROWS = (
    ("样例同名有限公司", "", "", "宝山区", "", "", "", "", "", ""),
    ("样例同名有限公司", "", "", "苏州", "", "", "", "", "", ""),
    ("样例同名有限公司", "", "", "松江区", "松江区车峰路300号", "", "", "", "", ""),
    ("样例甲(上海)有限公司", JIA, "500万美元", "松江区", "松江区车峰路300号", "121.3", "31.01", "x", "手写", "样甲"),
    ("样例甲(上海)有限公司青浦分公司", JIA, "", "青浦区", "青浦区嘉松中路5710号", "", "", "", "", ""),
    ("样例甲(上海)有限公司", JIA, "500万美元", "嘉定区", "嘉定区墨玉南路888号", "", "", "", "", ""),
    ("样例乙有限公司", YI, "3亿8000万日元", "宝山区", "松江区车峰路300号", "121.4712", "31.2345", "", "", ""),
    ("样例己有限公司", "", "", "", "松江区车峰路300号", "121.47", "31.23", "", "", ""),
    ("样例丙有限公司", "", "1000-2000万", "", "苏州工业园区星湖街1号", "", "", "", "", ""),
    ("样例丁有限公司", "", "100万", "临港新片区", "", "", "", "", "", ""),
    ("样例戊有限公司", "", "100万", "", "", "", "", "", "", ""),
)
"""Namesakes, an enterprise with two sites, evidence that disagrees, another city, Lingang, nothing known; kept columns."""


@cache
def imported_list():
    """The made-up list, imported once."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "样例.csv"
        pd.DataFrame(ROWS, columns=list(HEADERS)).to_csv(file, index=False)
        import_files([file], Path(folder) / "out", datum="wgs84")
        return gpd.read_parquet(Path(folder) / "out" / "enterprises.parquet").set_index("enterprise_id", drop=False)


def test_the_made_up_list_has_all_that_could_be_lost():
    table = imported_list()
    assert len(table) == len(ROWS)
    assert (table["kind"] == "site").sum() == 2
    assert table.loc[table["name"] == "样例乙有限公司", "location_conflict"].item().count("：") == 3
    assert set(table["zone"]) == {"core", "belt", "other", "unplaced"}
    assert {"备注", "地址", "注册资本"} <= set(table.columns)


@given(
    st.data(),
    st.booleans(),
    st.sampled_from([suffix.removeprefix(".") for suffix in EXPORTERS]),
    st.sampled_from(["zh", "en", None]),
)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_selection_comes_back(data, ours, suffix, labels):
    table = load_enterprises() if ours else imported_list()
    rows = data.draw(st.lists(st.integers(0, len(table) - 1), min_size=1, max_size=40, unique=True))
    chosen = table.iloc[rows]
    again, _ = back(chosen, suffix, labels)
    assert_same(chosen, again)
    assert compare(chosen, again).empty


@pytest.mark.parametrize("labels", ["zh", "en"])
def test_currency_status_and_recognitions_come_back(labels):
    sample = load_enterprises().head(4).assign(
        capital_amount=[5e6, 3.8e8, 1e5, float("nan")], capital_currency=["USD", "JPY", "CNY", ""],
        status=["active", "revoked", "unknown", "moved_out"], founded=["2001-05-08", "", "1993-04-01", ""],
        gb4754=["3963", "", "36", "3491"],
    )  # fmt: skip
    enterprises = as_enterprises(pd.DataFrame(sample.drop(columns="geometry")))
    table, report = back(enterprises, "xlsx", labels)
    assert_same(enterprises, table)
    assert report.files[0].columns_mapped["name"] == {"zh": "企业名称", "en": "Enterprise"}[labels]


def test_a_district_that_an_address_gave_is_not_stated_afterwards():
    table = load_enterprises()
    derived = table[table["district_basis"] == "address"]
    assert len(derived) > 10
    again, _ = back(derived, "csv", "zh")
    assert (again["district_basis"] == "address").all()
    assert (again["adcode"] == derived["adcode"]).all()
