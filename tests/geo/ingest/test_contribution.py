"""Rows that a contributor brings: each fault is told with its row, a row that has none may join."""

import pandas as pd
import pytest

from app.cli import main
from geo.catalog import read_table
from geo.ingest.contribution import REQUIRED, problems_of, unsupported

GOOD = {
    "name": "上海样例阀门有限公司", "district": "松江区", "district_evidence": "source", "district_words": "位于松江区新桥镇",
    "district_source_title": "某招股书（2024）", "district_source_url": "", "address": "松江区新桥镇陈春公路999号",
    "address_source_title": "某招股书（2024）", "industry": "高端装备", "origin": "published", "licence": "事实数据",
}  # fmt: skip
SAMPLE = pd.DataFrame({"name": ["上海旧例(集团)有限公司"], "name_en": ["Old Sample Co., Ltd."]})


def faults(**changed):
    return [(problem.row, problem.column) for problem in problems_of(pd.DataFrame([GOOD | changed]), SAMPLE)]


def test_a_good_row_has_none():
    assert set(GOOD) == set(REQUIRED)
    assert faults() == []
    assert faults(lon_wgs84="121.31", lat_wgs84="31.06") == []
    assert faults(district_words="1158 Zhongxin Road, Songjiang district, Shanghai") == []


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"name": " "}, "name"),
        ({"name": "上海旧例（集团）有限公司"}, "name"),
        ({"name": "Old Sample Co., Ltd."}, "name"),
        ({"district": "昆山市"}, "district"),
        ({"district_evidence": ""}, "district_evidence"),
        ({"district_evidence": "certain"}, "district_evidence"),
        ({"district_words": ""}, "district_words"),
        ({"district_words": "位于上海张江"}, "district_words"),
        ({"district_source_title": ""}, "district_source_title"),
        ({"district_evidence": "postcode"}, "address"),
        ({"address": "上海市嘉定区马陆镇丰功路600号"}, "address"),
        ({"address": "昆山市玉山镇1号", "district": "", "district_evidence": ""}, "address"),
        ({"address_source_title": ""}, "address_source_title"),
        ({"industry": "阀门"}, "industry"),
        ({"origin": "friend"}, "origin"),
        ({"licence": ""}, "licence"),
        ({"lon_wgs84": "31.06", "lat_wgs84": "121.31"}, "lon_wgs84"),
        ({"lon_wgs84": "121.47", "lat_wgs84": "31.23"}, "lon_wgs84"),
        ({"lon_wgs84": "121", "lat_wgs84": "x"}, "lon_wgs84"),
        ({"address": "松江区新桥镇陈春公路999号 138-0000-0000"}, "address"),
    ],
)
def test_every_fault_is_told_with_its_row(changed, column):
    assert (2, column) in faults(**changed)


def test_doubles_and_titles():
    twice = problems_of(pd.DataFrame([GOOD, GOOD | {"name": "上海样例阀门有限公司 "}]), SAMPLE)
    assert [(problem.row, problem.column) for problem in twice] == [(3, "name")]
    assert problems_of(pd.DataFrame([GOOD | {"法定代表人": "甲"}]), SAMPLE)[0][:2] == (1, "法定代表人")
    assert problems_of(pd.DataFrame([{"name": "甲"}]), SAMPLE)[0].row == 1


def test_the_sample_claims_no_more_than_its_evidence():
    sample = read_table("enterprises")
    assert unsupported(sample) == []
    stated = sample["district_evidence"] == "source"
    sample.loc[stated.idxmax(), "district_source_title"] = ""
    assert [problem.row for problem in unsupported(sample)] == [int(stated.idxmax()) + 2]


def test_the_command(tmp_path, capsys):
    file = tmp_path / "new.csv"
    pd.DataFrame([GOOD]).to_csv(file, index=False)
    assert main(["data", "check", str(file)]) == 0
    pd.DataFrame([GOOD | {"licence": ""}]).to_csv(file, index=False)
    assert main(["data", "check", str(file)]) == 1
    assert "第 2 行，licence" in capsys.readouterr().out
    assert main(["data", "check", str(tmp_path / "none.csv")]) == 2
    file.write_bytes(b"\xff\xfe\x00broken")
    assert main(["data", "check", str(file)]) == 2
