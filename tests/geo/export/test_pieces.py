"""A large selection written in pieces is the file that is written at once."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.export.selection import export, export_pieces

DATA = load_dataset().enterprises


@pytest.mark.parametrize("labels", [None, "zh", "en"])
@pytest.mark.parametrize("piece", [1, 100, 150, 1000])
def test_csv_is_the_same_byte_by_byte(tmp_path, labels, piece):
    rows = np.arange(0, len(DATA), 6 if piece > 1 else 24)
    export(DATA.iloc[rows], tmp_path / "a.csv", labels=labels)
    export_pieces(DATA, rows, tmp_path / "b.csv", labels=labels, piece=piece)
    assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "a.csv").read_bytes()


@pytest.mark.parametrize("piece", [1, 100, 1000])
def test_parquet_has_the_same_rows_and_types(tmp_path, piece):
    rows = np.arange(50, 200 if piece > 1 else 90)
    export(DATA.iloc[rows], tmp_path / "a.parquet")
    export_pieces(DATA, rows, tmp_path / "b.parquet", piece=piece)
    at_once, in_pieces = (gpd.read_parquet(tmp_path / f"{name}.parquet") for name in "ab")
    pd.testing.assert_frame_equal(pd.DataFrame(at_once), pd.DataFrame(in_pieces))
    assert in_pieces.crs.to_epsg() == 4326
    assert (in_pieces.geometry.geom_equals(at_once.geometry) | at_once.geometry.isna()).all()


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_nothing_selected_gives_the_header_alone(tmp_path, suffix):
    export_pieces(DATA, np.arange(0), tmp_path / f"a.{suffix}")
    table = pd.read_csv(tmp_path / "a.csv") if suffix == "csv" else gpd.read_parquet(tmp_path / "a.parquet")
    assert len(table) == 0
    assert "enterprise_id" in table.columns


def test_progress_is_told_and_a_stop_leaves_nothing(tmp_path):
    seen = []
    export_pieces(DATA, np.arange(250), tmp_path / "a.csv", piece=100, progress=lambda *progress: seen.append(progress))
    assert seen == [(100, 250), (200, 250), (250, 250)]

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_pieces(DATA, np.arange(250), tmp_path / "b.csv", piece=100, progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_other_formats_and_folders_are_refused(tmp_path):
    with pytest.raises(DataError, match="分段"):
        export_pieces(DATA, np.arange(2), tmp_path / "a.xlsx")
    with pytest.raises(DataError):
        export_pieces(DATA, np.arange(2), tmp_path / "nowhere" / "a.csv")
