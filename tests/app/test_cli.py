"""The command line as a person meets it: another process, its exit code and what it says."""

import logging
import os
import shutil
import subprocess
import sys

import geopandas as gpd
import pandas as pd
import pytest

from app.cli import COMMANDS, main
from app.commands.check import broken_accounts
from geo import catalog
from geo.datasets.dataset import load_dataset
from geo.enterprises.schema import COLUMNS
from geo.export.selection import EXPORTERS
from geo.filters.filters import Filters

QUERY = "district=310117,310112&industry=equipment"
DATA = load_dataset()


def run(*arguments, **environment):
    """Run `python -m app` with some arguments; the result has returncode, stdout and stderr as text."""
    return subprocess.run(
        [sys.executable, "-m", "app", *map(str, arguments)],
        cwd=catalog.ROOT,
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def ids(query):
    return DATA.select(Filters.from_query(query)[0]).index.tolist()


def read(file):
    if file.suffix == ".csv":
        return pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    if file.suffix == ".xlsx":
        return pd.read_excel(file, dtype=str, keep_default_na=False, engine="openpyxl")
    return gpd.read_parquet(file) if file.suffix == ".parquet" else gpd.read_file(file)


def one_line(text):
    return text.count("\n") == 1 and text.endswith("\n") and "Traceback" not in text


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_export_writes_what_the_query_selects(tmp_path, suffix):
    out = tmp_path / f"松江{suffix}"
    result = run("export", out, "--query", QUERY)
    assert (result.returncode, result.stderr) == (0, "")
    assert str(len(ids(QUERY))) in result.stdout
    table = read(out)
    assert table["enterprise_id"].tolist() == ids(QUERY)
    assert list(table.columns.drop("geometry", errors="ignore")) == [*COLUMNS, "nearest_park", "park_km"]


@pytest.mark.parametrize(("labels", "header"), [("zh", "企业名称"), ("en", "Enterprise")])
def test_export_with_the_readers_labels(tmp_path, labels, header):
    assert run("export", tmp_path / "a.csv", "--labels", labels).returncode == 0
    assert len(read(tmp_path / "a.csv")[header]) == len(DATA.enterprises)


def test_a_link_of_the_page_is_a_query_too(tmp_path):
    result = run("export", tmp_path / "a.csv", "--query", f"http://127.0.0.1:8501/enterprises?{QUERY}&lang=en")
    assert (result.returncode, result.stderr) == (0, "")
    assert "Songjiang" in result.stdout
    assert read(tmp_path / "a.csv")["enterprise_id"].tolist() == ids(QUERY)


def test_unknown_values_are_named_line_by_line(tmp_path):
    query = "district=310117,999999,松江&zone=core,belt&lang=fr&recognition=oscar"
    result = run("export", tmp_path / "a.csv", "--query", query)
    assert result.returncode == 0
    lines = result.stderr.splitlines()
    assert len(lines) == 4
    for value in ("999999", "松江", "fr", "oscar"):
        assert sum(value in line for line in lines) == 1
    assert len(read(tmp_path / "a.csv")) == 0  # recognition consists of unknown values only


@pytest.mark.parametrize("command", ["export", "map", "packet", "indicators", "brief"])
def test_an_unknown_parameter_is_refused_in_one_sentence(command, tmp_path, capsys):
    """A filter that is misspelled would select everything."""
    out = tmp_path / {"export": "a.csv", "indicators": "a.csv", "brief": "a.docx"}.get(command, "a.html")
    place = ["310114"] if command == "brief" else []
    assert main([command, *place, str(out), "--query", "distrct=310117&zone=moon&farbe=rot"]) == 2
    said = capsys.readouterr().err
    assert one_line(said)
    assert "distrct、farbe" in said
    assert not out.exists()


def test_what_a_link_says_of_its_page_is_no_filter(tmp_path, capsys):
    assert main(["export", str(tmp_path / "a.csv"), "--query", f"{QUERY}&id=E001&lang=zh&clusters_unit=town"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["export", str(tmp_path / "a.csv"), "--query", f"{QUERY}&set=other"]) == 0
    assert "--set" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_a_facet_of_unknown_values_selects_nothing_and_gives_the_header(tmp_path, suffix):
    result = run("export", tmp_path / f"a{suffix}", "--query", "district=999999")
    assert result.returncode == 0
    assert "999999" in result.stderr
    assert one_line(result.stderr)
    table = read(tmp_path / f"a{suffix}")
    assert len(table) == 0
    if suffix != ".geojson":
        assert list(table.columns.drop("geometry", errors="ignore")) == [*COLUMNS, "nearest_park", "park_km"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "{}/a.foo"), "csv、xlsx、geojson、gpkg、parquet"),
        (("export", "{}/none/a.csv"), "文件夹不存在"),
        (("export", "{}/file/a.csv"), "文件夹不存在"),
        (("export", "{}/a.csv", "--set", "{}"), "enterprises.parquet"),
        (("export", "{}/a.csv", "--labels", "fr"), "fr"),
        (("export",), "out"),
        (("map", "{}/a.gif"), "html"),
        (("map", "{}/none/a.html"), "a.html"),
        (("frobnicate",), "frobnicate"),
        ((), "命令"),
        (("serve", "--port", "http"), "http"),
        (("serve", "--host", "no.such.host.invalid"), "no.such.host.invalid"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_one_sentence(tmp_path, arguments, said):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    result = run(*(argument.format(tmp_path) for argument in arguments))
    assert result.returncode == 2
    assert said in result.stderr
    assert one_line(result.stderr)
    assert {path.name for path in tmp_path.iterdir()} == {"file"}


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that nobody, not even root, can write to")
def test_a_folder_without_permission_is_one_sentence():
    result = run("export", "/proc/a.csv")
    assert result.returncode == 2
    assert "a.csv" in result.stderr
    assert one_line(result.stderr)


def test_nothing_depends_on_the_locale(tmp_path):
    out = tmp_path / "上海.csv"
    result = run("export", out, "--query", "q=上海&zone=月球", LC_ALL="C", LANG="C", PYTHONUTF8="0")
    assert result.returncode == 0
    assert "月球" in result.stderr
    assert "“上海”" in result.stdout
    assert run("check", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0").returncode == 0
    listed = run("--help", LC_ALL="POSIX", PYTHONUTF8="0")
    assert listed.returncode == 0
    assert all(name in listed.stdout for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    result = run(command, "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert "usage" in result.stdout


def test_map_writes_one_file_that_asks_nothing_from_outside(tmp_path):
    out = tmp_path / "地图.html"
    result = run("map", out, "--query", QUERY)
    assert (result.returncode, result.stderr) == (0, "")
    page = out.read_text(encoding="utf-8")
    assert "<html" in page
    for attribute in ('src="http', 'href="http', "src='http", "url(http", "@import"):
        assert attribute not in page.replace('href="https://leafletjs.com"', "")
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_check_is_content_with_the_data_as_it_is():
    result = run("check")
    assert (result.returncode, result.stderr) == (0, "")


def test_check_names_every_fault_and_update_records_the_change(tmp_path):
    folder = shutil.copytree(catalog.ROOT / "data", tmp_path / "data")
    aliases = folder / "parks" / "aliases.csv"
    aliases.write_text(aliases.read_text(encoding="utf-8") + "某园,上海紫竹科学园区,\n", encoding="utf-8")
    (folder / "terms" / "zh_en_terms.csv").unlink()
    broken = run("check", EXPLORER_DATA=str(folder))
    assert broken.returncode == 1
    assert len(broken.stdout.splitlines()) == 2
    assert "aliases.csv" in broken.stdout
    assert "zh_en_terms.csv" in broken.stdout
    shutil.copy(catalog.ROOT / "data" / "terms" / "zh_en_terms.csv", folder / "terms")
    updated = run("check", "--update", EXPLORER_DATA=str(folder))
    assert "park_aliases" in updated.stdout
    assert updated.returncode == 0


@pytest.mark.parametrize("command", [("export", "{}/a.csv"), ("map", "{}/a.html"), ("check",)])
def test_a_missing_data_file_is_one_sentence(tmp_path, command):
    folder = shutil.copytree(catalog.ROOT / "data", tmp_path / "data")
    (folder / "enterprises" / "enterprises.csv").unlink()
    result = run(*(part.format(tmp_path) for part in command), EXPLORER_DATA=str(folder))
    said = result.stdout if command == ("check",) else result.stderr
    assert result.returncode == (1 if command == ("check",) else 2)
    assert "enterprises.csv" in said
    assert one_line(said)


def test_a_set_that_import_wrote_is_exported_instead(tmp_path):
    columns = ["enterprise_id", "name", "adcode", "zone", "industry", "lon", "lat", "location_precision", "geometry"]
    DATA.enterprises.head(20)[columns].assign(法定代表人="张三").to_parquet(tmp_path / "enterprises.parquet")
    result = run("export", tmp_path / "a.csv", "--set", tmp_path, "--query", "zone=belt&recognition=none")
    assert (result.returncode, result.stderr) == (0, "")
    expected = DATA.enterprises.head(20)
    table = read(tmp_path / "a.csv")
    assert table["name"].tolist() == expected.loc[expected["zone"] == "belt", "name"].tolist()
    assert list(table.columns) == [*COLUMNS, "nearest_park", "park_km"]
    (tmp_path / "enterprises.parquet").write_bytes(b"PAR1")
    damaged = run("export", tmp_path / "b.csv", "--set", tmp_path)
    assert damaged.returncode == 2
    assert one_line(damaged.stderr)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"zone": "moon"}, "≠ 总数"),
        ({"adcode": "999999"}, "≠ 总数"),
        ({"adcode": "310151"}, "不在所在区内"),
        ({"lon": 121.0}, "不一致"),
    ],
)
def test_broken_accounts_are_named(change, said):
    sited = DATA.enterprises["location_precision"] == "site"
    row = DATA.enterprises.index[sited][0]
    table = DATA.enterprises.copy()
    table.loc[row, list(change)] = list(change.values())
    problems = broken_accounts(table)
    assert any(said in problem for problem in problems)
    assert broken_accounts(DATA.enterprises) == []
    assert broken_accounts(DATA.enterprises.head(0)) == []
    assert broken_accounts(pd.concat([DATA.enterprises, DATA.enterprises.head(1)]))


def test_what_nobody_thought_of_is_a_sentence_and_a_log_that_stays_small(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setattr("app.log.MAX_BYTES", 20_000)
    before = list(logging.getLogger().handlers)

    def fail(_):
        raise RuntimeError("x" * 3000)

    monkeypatch.setattr("app.commands.check.run", fail)
    try:
        for _ in range(30):
            assert main(["check"]) == 2
    finally:
        logging.getLogger().handlers[:] = before
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 30
    assert "RuntimeError" in said[0]
    assert "explorer.log" in said[0]
    logs = sorted((tmp_path / "workspace").iterdir())
    assert "Traceback" in logs[0].read_text(encoding="utf-8")
    assert sum(log.stat().st_size for log in logs) <= 4 * 20_000


def test_a_place_of_this_machine_is_named_by_its_last_part(tmp_path, monkeypatch, capsys):
    def fail(_):
        (tmp_path / "private" / "list.csv").read_bytes()

    monkeypatch.setattr("app.commands.check.run", fail)
    assert main(["check"]) == 2
    said = capsys.readouterr().err
    assert "list.csv" in said
    assert str(tmp_path) not in said
