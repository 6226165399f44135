"""The synthetic registry: what an import writes, marked as made up, the same for the same seed."""

import json

import geopandas as gpd
import pandas as pd
import pytest

from app.cli import main
from app.commands.check import broken_accounts
from geo.datasets.demo import DEMO_PIECE_ROWS, write_demo
from geo.datasets.storage import open_dataset
from geo.enterprises.schema import COLUMNS
from geo.errors import DataError
from geo.places.districts import locate

ROWS = 3000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo") / "set"
    write_demo(ROWS, out, compiled="2026-11-24")
    return out


@pytest.fixture(scope="module")
def table(folder):
    return gpd.read_parquet(folder / "enterprises.parquet")


def test_it_is_what_an_import_writes(folder, table):
    assert sorted(path.name for path in folder.iterdir()) == [
        "enterprises.parquet", "merged.csv", "rejected.csv", "report.json",
    ]  # fmt: skip
    assert [*table.columns] == [*COLUMNS, "geometry"]
    assert len(table) == ROWS
    assert table.crs.to_epsg() == 4326
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert report["synthetic"] is True
    assert report["imported"] == report["rows_in_file"] == ROWS
    assert sum(report["location"].values()) == ROWS
    assert report["location"] == table["location_precision"].value_counts().reindex(report["location"]).to_dict()
    assert pd.read_csv(folder / "rejected.csv").empty


def test_no_name_can_be_taken_for_a_real_enterprise(table):
    assert table["name"].str.match(r"^合成企业\d{6}（").all()
    assert table["enterprise_id"].is_unique
    assert set(table["evidence"]) == {"unverified", "none"}
    assert (table["source_file"] == "合成数据").all()


def test_districts_zones_and_points_agree(folder, table):
    assert broken_accounts(open_dataset(folder).enterprises) == []
    placed = table["location_precision"] != "none"
    assert (locate(table.loc[placed, "lon"], table.loc[placed, "lat"]) == table.loc[placed, "adcode"]).all()
    assert table.loc[~placed, ["lon", "lat", "geometry"]].isna().all(axis=None)
    assert (table.loc[~placed, "adcode"] == "").all()
    assert set(table["zone"]) == {"core", "belt", "other", "unplaced"}


def test_enterprises_stand_in_clusters(table):
    fine = table[table["location_precision"] == "site"]
    squares = (fine["lon"] // 0.02).astype(str) + (fine["lat"] // 0.02).astype(str)
    counts = squares.value_counts()
    assert counts.head(len(counts) // 10).sum() > 0.3 * len(fine)


def test_the_same_seed_gives_the_same_rows(tmp_path, folder):
    for name, seed in (("again", 2017), ("other", 1)):
        write_demo(ROWS, tmp_path / name, seed=seed, compiled="2026-11-24")
    made = (folder / "enterprises.parquet").read_bytes()
    assert (tmp_path / "again" / "enterprises.parquet").read_bytes() == made
    assert (tmp_path / "other" / "enterprises.parquet").read_bytes() != made


def test_more_rows_than_one_piece(tmp_path):
    seen = []
    report = write_demo(DEMO_PIECE_ROWS + 10, tmp_path / "set", progress=lambda done, total: seen.append((done, total)))
    assert seen == [(DEMO_PIECE_ROWS, DEMO_PIECE_ROWS + 10), (DEMO_PIECE_ROWS + 10, DEMO_PIECE_ROWS + 10)]
    assert report.imported == DEMO_PIECE_ROWS + 10
    last = pd.read_parquet(tmp_path / "set" / "enterprises.parquet", columns=["name", "source_row"]).iloc[-1]
    assert last["source_row"] == DEMO_PIECE_ROWS + 10
    assert last["name"].startswith(f"合成企业{DEMO_PIECE_ROWS + 10:06d}")


@pytest.mark.parametrize("rows", [0, -1, 10**9])
def test_a_wrong_number_of_rows_is_refused(tmp_path, rows):
    with pytest.raises(DataError, match="行数"):
        write_demo(rows, tmp_path / "set")
    assert not any(tmp_path.iterdir())


def test_a_run_that_stops_leaves_what_was_there(tmp_path):
    write_demo(10, tmp_path / "set")
    before = (tmp_path / "set" / "enterprises.parquet").read_bytes()

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_demo(20, tmp_path / "set", progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["set"]
    assert (tmp_path / "set" / "enterprises.parquet").read_bytes() == before


def test_the_command_writes_it_and_the_export_says_so(tmp_path, capsys):
    assert main(["demo", "--rows", "50", "--out", str(tmp_path / "set")]) == 0
    assert "50" in capsys.readouterr().out
    assert main(["export", str(tmp_path / "a.geojson"), "--set", str(tmp_path / "set")]) == 0
    assert "合成数据" in (tmp_path / "a.geojson").read_text(encoding="utf-8")
    assert main(["demo", "--rows", "0", "--out", str(tmp_path / "b")]) == 2
