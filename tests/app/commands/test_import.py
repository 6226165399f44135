"""`python -m app import` as a process: exit codes, one sentence, any locale, Chinese paths."""

import json
import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest

from geo.catalog import ROOT
from geo.ingest.pipeline import import_files

JIA = "样例甲(上海)有限公司"


def run(*arguments, **environment):
    """Run the command in a locale that knows ASCII alone."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONUTF8"))}
    return subprocess.run(
        [sys.executable, "-m", "app", "import", *map(str, arguments)],
        cwd=ROOT,
        env=plain | {"LC_ALL": "C"} | environment,
        capture_output=True,
        check=False,
    )


def one_line(done):
    text = done.stderr.decode("utf-8")
    assert text.count("\n") == 1
    assert "Traceback" not in text
    return text


@pytest.fixture
def vendor_file(tmp_path):
    path = tmp_path / "样 例（一）.csv"
    path.write_text(f"企业名称,法定代表人,所属区县\n{JIA},某,松江区\n,某,松江区\n", encoding="gb18030")
    return path


def test_import(vendor_file, tmp_path):
    out = tmp_path / "导 出"
    done = run(vendor_file, "--out", out)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode("utf-8")
    assert "共 2 行 = 导入 1 + 合并 0 + 未导入 1" in text
    assert "已略去 法定代表人" in text
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["files"][0]["file"] == vendor_file.name
    assert "法定代表人" not in gpd.read_parquet(out / "enterprises.parquet").columns


def test_the_page_uses_the_same_function(vendor_file, tmp_path):
    run(vendor_file, "--out", tmp_path / "一", "--keep-personal", "--datum", "gcj02")
    import_files([vendor_file], tmp_path / "二", keep_personal=True, datum="gcj02")
    reports = [(tmp_path / name / "report.json").read_text("utf-8") for name in ("一", "二")]
    assert reports[0] == reports[1]


@pytest.mark.parametrize("environment", [{}, {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_what_cannot_be_read_ends_with_2_and_one_sentence(tmp_path, environment):
    bad = tmp_path / "坏.csv"
    bad.write_text("甲,乙\n1,2\n", encoding="utf-8")
    empty = tmp_path / "空夹"
    empty.mkdir()
    for file, message in ((bad, "找不到企业名称"), (tmp_path / "无.xlsx", "找不到文件"), (empty, "文件夹里没有")):
        done = run(file, "--out", tmp_path / "out", **environment)
        assert (done.returncode, done.stdout) == (2, b"")
        assert message in one_line(done)
    assert {entry.name for entry in tmp_path.iterdir()} == {"坏.csv", "空夹"}


def test_wrong_arguments_end_with_2_and_one_line(vendor_file, tmp_path):
    for arguments in ([vendor_file], [vendor_file, "--out", tmp_path / "o", "--datum", "x"], ["--out", tmp_path / "o"]):
        done = run(*arguments)
        assert done.returncode == 2
        one_line(done)


def test_folder_that_cannot_be_written(vendor_file):
    done = run(vendor_file, "--out", Path("/proc/样例"))
    assert done.returncode == 2
    one_line(done)


def test_what_is_printed_tells_whether_to_trust_it(tmp_path):
    path = tmp_path / "名单.csv"
    path.write_text(
        f"企业名称,注册资本,注册地址,所属区,企业法人\n{JIA},1000-5000万,,松江区,某\n样例乙有限公司,500,,,某\n合计,1,,,\n",
        encoding="utf-8",
    )
    lines = run(path, "--out", tmp_path / "out").stdout.decode("utf-8").splitlines()
    assert lines[0] == "共 3 行 = 导入 2 + 合并 0 + 未导入 1"
    assert lines[1].startswith("定位：区或片区 1、未定位 1；位置矛盾 0")
    assert "注册资本 → capital_amount 0/2、注册地址 → address 0/2、所属区 → district 1/2" in lines[3]
    assert "  已略去 企业法人" in lines
    assert "  未导入：合计行 1" in lines
    assert "  说明：capital_amount：是一个范围，没有取其中一个数（1 次）" in lines


def test_into_the_workspace(vendor_file, tmp_path):
    workspace = {"EXPLORER_WORKSPACE": str(tmp_path / "区")}
    done = run(vendor_file, "--as", "松江 名单", **workspace)
    assert (done.returncode, done.stderr) == (0, b"")
    (folder,) = (path for path in (tmp_path / "区").iterdir() if path.is_dir() and not path.name.startswith("."))
    assert f"set={folder.name}" in done.stdout.decode("utf-8")
    again = run(vendor_file, "--as", "松江 名单", **workspace)
    assert again.returncode == 2
    assert "已有同名" in one_line(again)
    assert run(vendor_file, "--as", "松江 名单", "--replace", **workspace).returncode == 0
    assert "--out" in one_line(run(vendor_file, **workspace))


def test_folders_and_patterns_of_parts(tmp_path):
    parts = tmp_path / "份"
    parts.mkdir()
    for number in (2, 1):
        (parts / f"p{number}.csv").write_text(f"企业名称\n样例{number}有限公司\n", encoding="utf-8")
    (parts / "~$p1.xlsx").write_bytes(b"x")
    (parts / "说明.docx").write_bytes(b"x")
    for given in (parts, parts / "p*.csv"):
        assert run(given, "--out", tmp_path / "out").returncode == 0
        table = gpd.read_parquet(tmp_path / "out" / "enterprises.parquet")
        assert table["source_file"].tolist() == ["p1.csv", "p2.csv"]
    assert "没有这样的文件" in one_line(run(parts / "x*.csv", "--out", tmp_path / "no"))


def test_columns_by_hand_are_carried_and_remembered(tmp_path):
    path, workspace = tmp_path / "手工.csv", {"EXPLORER_WORKSPACE": str(tmp_path / "区")}
    path.write_text("company_name,qu\n样例甲有限公司,松江区\n", encoding="utf-8")
    assert "--column" in one_line(run(path, "--as", "名单", **workspace))
    twice = run(path, "--as", "名单", "--column", "company_name=name", "--column", "qu=企业名称", **workspace)
    assert "用哪一列" in one_line(twice)
    columns = ("--column", "company_name=name", "--column", "qu=所在区")
    done = run(path, "--as", "名单", *columns, **workspace).stdout.decode("utf-8")
    assert "company_name → name（手工指定） 1/1、qu → district（手工指定） 1/1" in done
    again = run(path, "--as", "名单", "--replace", "--lang", "en", **workspace).stdout.decode("utf-8").splitlines()
    assert again[0] == "1 rows = imported 1 + merged 0 + not imported 0"
    assert again[1].startswith("Located: District or area 1; conflicting locations 0")
    assert "company_name → name (as at the last release) 1/1" in again[3]
