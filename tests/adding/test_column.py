"""A further column of the import is one entry of the table of columns: it is added to a copy of the project and used."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENTRY = """\
    Column("website", Text("官网", "Website"), "企业的网站", section="registered", compared=True, correctable=True,
           spellings="官网、官网网址、website"),
    Column("annual_report", Text("年报日期", "Annual report"), "最近年报的日期", kind="date", spellings="最新年报日期"),
    Column("patents", Text("专利数", "Patents"), "有效发明专利 [件]", kind="count", spellings="专利数", brief=True,
           section="industry", public=False),
"""
BEFORE = '    Column("address",'
FIRST = (
    "公司名称,官网,最新年报日期,专利数,注册地址\n样例甲有限公司,https://a.example,2025年6月30日,12,上海市松江区新桥镇\n"
)
LATER = FIRST.replace("a.example", "b.example")
USE = """
import json, sys
from pathlib import Path
import pandas as pd
from geo.datasets.corrections import FieldCorrection, corrected
from geo.datasets.demo import write_demo
from geo.datasets.diff import compare
from geo.datasets.profile import profile_of
from geo.datasets.storage import open_dataset
from geo.enterprises.redact import public_rows
from geo.export.selection import export
from geo.ingest.pipeline import import_files
from layers.base import View
from layers.enterprises import card

folder = Path(sys.argv[1])
tables = {}
for name in ("first", "later"):
    report = import_files([folder / f"{name}.csv"], folder / name)
    tables[name] = open_dataset(folder / name).enterprises
table = tables["first"]
export(table, folder / "plain.csv")
export(table, folder / "named.csv", labels="en")
row = table.iloc[0]
print(json.dumps({
    "mapped": report.files[0].columns_mapped,
    "row": [row["website"], row["annual_report"], int(row["patents"])],
    "plain": pd.read_csv(folder / "plain.csv", dtype=str).iloc[0].dropna().to_dict(),
    "named": pd.read_csv(folder / "named.csv", dtype=str).iloc[0].dropna().to_dict(),
    "card": {fact.label: fact.value for facts in profile_of(row).facts.values() for fact in facts},
    "popup": dict(card(row, View())["rows"]),
    "changes": compare(table, tables["later"])["detail"].tolist(),
    "corrected": corrected(table, [FieldCorrection(0, "website", "https://c.example")]).iloc[0]["website"],
    "public": list(public_rows(table).columns),
    "demo": write_demo(5, folder / "demo").imported,
    "demo_columns": list(open_dataset(folder / "demo").enterprises.columns),
}))
"""


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """What a copy of the project with the entry makes of a small list."""
    copy = tmp_path_factory.mktemp("copy")
    for package in ("geo", "layers"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    schema = copy / "geo/enterprises/schema.py"
    text = schema.read_text(encoding="utf-8")
    assert text.count(BEFORE) == 1
    schema.write_text(text.replace(BEFORE, ENTRY + BEFORE), encoding="utf-8")
    (copy / "first.csv").write_text(FIRST, encoding="utf-8")
    (copy / "later.csv").write_text(LATER, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(copy), "EXPLORER_DATA": str(ROOT / "data")}
    done = subprocess.run(
        [sys.executable, "-c", USE, str(copy)], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_import_knows_its_headers_and_reads_its_kind(used):
    assert used["mapped"]["website"] == "官网"
    assert used["row"] == ["https://a.example", "2025-06-30", 12]


def test_exports_carry_it_under_both_names_and_packets_unless_it_stays_in_the_house(used):
    assert used["plain"]["website"] == used["named"]["Website"] == "https://a.example"
    assert used["plain"]["annual_report"] == used["named"]["Annual report"] == "2025-06-30"
    assert {"website", "annual_report"} <= set(used["public"])
    assert "patents" not in used["public"]


def test_card_and_popup_show_it_where_the_entry_says(used):
    assert used["card"]["官网"] == "https://a.example"
    assert used["card"]["专利数"] == used["popup"]["专利数"] == "12"
    assert "官网" not in used["popup"]
    assert "年报日期" not in used["card"]


def test_releases_are_compared_by_it_and_a_person_may_put_it_right(used):
    assert used["changes"] == ["website：https://a.example → https://b.example"]
    assert used["corrected"] == "https://c.example"


def test_the_synthetic_registry_has_it_too(used):
    assert used["demo"] == 5
    assert {"website", "annual_report", "patents"} <= set(used["demo_columns"])
