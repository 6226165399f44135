"""A set opened from its folder: its columns kept beside it, made anew when the table or a facet changes."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal

import geo.datasets.storage
from geo.datasets.corrections import FieldCorrection
from geo.datasets.dataset import load_dataset
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.enterprises.table import as_enterprises, with_points
from geo.errors import DataError
from geo.export.selection import export_pieces
from geo.filters.filters import Filters
from layers.base import View
from layers.enterprises import draw_enterprises
from layers.remote import marks, shifted_store

FILTERS = [
    Filters(),
    Filters(zone=("core",), q="机器人"),
    Filters(industry=("auto", "none"), q="合成路1"),
    Filters(recognition=("lighthouse",)),
    Filters(district=("999999",)),
    Filters(q="没有的词"),
]


@pytest.fixture
def folder(tmp_path):
    write_demo(2000, tmp_path / "set", compiled="2026-11-24")
    return tmp_path / "set"


def test_title_date_and_mark(folder):
    data = open_dataset(folder)
    assert (data.title, data.date, data.synthetic, data.built_in) == ("set", "2026-11-24", True, False)
    assert not load_dataset().synthetic


@pytest.mark.parametrize("filters", FILTERS)
def test_counts_and_masks_are_those_of_the_table(folder, filters):
    data = open_dataset(folder)
    expected = filters.mask(data.enterprises)
    assert (data.mask(filters) == expected).all()
    assert data.count(filters) == expected.sum()
    zones = data.enterprises["zone"].to_numpy()
    assert data.count(filters, zone=["core"]) == (expected & (zones == "core")).sum()
    precise = np.isin(data.enterprises["location_precision"], ["site", "road"])
    assert data.count(filters, precision=["site", "road"]) == (expected & precise).sum()


def test_columns_are_read_the_second_time(folder, monkeypatch):
    first = open_dataset(folder)
    assert (folder.parent / ".set.columns" / "store" / "head.json").is_file()
    monkeypatch.setattr(geo.datasets.storage, "build_facet_index", lambda *_: pytest.fail("built anew"))
    monkeypatch.setattr(geo.datasets.storage, "build_text_index", lambda *_: pytest.fail("built anew"))
    again = open_dataset(folder)
    assert again.fingerprint == first.fingerprint
    assert again.facet_counts(Filters(q="机器人"))["zone"].equals(first.facet_counts(Filters(q="机器人"))["zone"])


def test_columns_of_another_table_or_damaged_ones_are_not_used(folder):
    old = open_dataset(folder)
    write_demo(2000, folder, seed=5)
    new = open_dataset(folder)
    assert new.fingerprint != old.fingerprint
    assert (new.facet_index.row_codes == open_dataset(folder).facet_index.row_codes).all()
    (folder.parent / ".set.columns" / "store" / "x.npy").write_bytes(b"")
    assert open_dataset(folder).count(Filters()) == 2000


def test_columns_with_other_categories_are_made_anew(folder, monkeypatch):
    open_dataset(folder)
    expected = geo.datasets.storage._expected() | {"zone": ("another",)}
    monkeypatch.setattr(geo.datasets.storage, "_expected", lambda: expected)
    built = []
    original = geo.datasets.storage.build_facet_index

    def counted(*given):
        built.append(1)
        return original(*given)

    monkeypatch.setattr(geo.datasets.storage, "build_facet_index", counted)
    assert open_dataset(folder).count(Filters()) == 2000
    assert built == [1]


def test_a_folder_that_cannot_be_written_beside_opens_all_the_same(folder, monkeypatch):
    def refuse(*_):
        raise PermissionError("read-only")

    monkeypatch.setattr("geo.index.facets.FacetIndex.save", refuse)
    monkeypatch.setattr("geo.index.text.TextIndex.save", refuse)
    assert open_dataset(folder).count(Filters()) == 2000


def test_what_is_no_set_is_refused(tmp_path, folder):
    with pytest.raises(DataError, match="没有导入的企业表"):
        open_dataset(tmp_path / "nothing")
    (folder / "enterprises.parquet").write_bytes(b"no parquet")
    with pytest.raises(DataError, match="无法读取"):
        open_dataset(folder)


def test_a_report_that_is_missing_or_broken_marks_nothing(folder):
    (folder / "report.json").write_text("[]", encoding="utf-8")
    assert not open_dataset(folder).synthetic
    (folder / "report.json").unlink()
    assert not open_dataset(folder).synthetic


def test_a_set_moved_elsewhere_opens(folder, tmp_path):
    open_dataset(folder)
    shutil.move(folder, tmp_path / "elsewhere")
    data = open_dataset(tmp_path / "elsewhere")
    assert data.title == "elsewhere"
    assert json.loads((tmp_path / "elsewhere" / "report.json").read_text(encoding="utf-8"))["imported"] == 2000


@pytest.fixture
def large(folder, monkeypatch):
    """The same folder, taken for one whose table stays on disk."""
    monkeypatch.setattr(geo.datasets.storage, "DISK_BACKED_ROWS", 1000)
    monkeypatch.setattr(geo.datasets.storage, "load", lambda *_kernels: None)
    return folder


def test_a_large_table_is_that_of_its_file(folder, large):
    enterprises = open_dataset(large).enterprises
    assert (large.parent / ".set.columns" / "table" / "head.json").is_file()
    expected = as_enterprises(pd.read_parquet(folder / "enterprises.parquet").drop(columns="geometry"))
    assert_geodataframe_equal(with_points(enterprises), expected)
    assert_geodataframe_equal(with_points(open_dataset(large).enterprises), expected)


def test_what_is_made_of_a_large_set_is_what_is_made_of_a_small_one(folder, monkeypatch):
    small, core = open_dataset(folder), Filters(zone=("core",))
    monkeypatch.setattr(geo.datasets.storage, "DISK_BACKED_ROWS", 1000)
    large = open_dataset(folder)
    assert "geometry" in small.enterprises
    assert "geometry" not in large.enterprises
    assert_geodataframe_equal(large.select(core), small.select(core))
    fix = [FieldCorrection(int(np.flatnonzero(small.mask(core))[0]), "adcode", "310117")]
    assert_geodataframe_equal(
        large.with_corrections(fix).select(Filters()), small.with_corrections(fix).select(Filters()), check_like=True
    )
    made = []
    for data in (small, large):
        out = folder.parent / "out.parquet"
        export_pieces(data.enterprises, np.flatnonzero(data.mask(core)), out, piece=100)
        drawn = draw_enterprises(data.with_enterprises(data.enterprises.loc[data.select(core).index]), View())
        few = data.with_enterprises(data.enterprises.iloc[:50])
        made.append((out.read_bytes(), len(drawn.layer._children), marks(few, Filters(), View())))
        assert shifted_store(data, "gcj02").count({}) == 2000
    assert made[0] == made[1]


def test_a_large_table_is_read_once(large, monkeypatch):
    open_dataset(large)
    monkeypatch.setattr(geo.datasets.storage, "groups_of", lambda *_: pytest.fail("read anew"))
    monkeypatch.setattr(geo.datasets.storage, "write_table", lambda *_: pytest.fail("written anew"))
    assert open_dataset(large).count(Filters()) == 2000


def test_a_large_table_can_be_changed_in_memory(large):
    enterprises = open_dataset(large).enterprises
    changed = enterprises.copy()
    changed.loc[changed.index[0], ["lon", "name"]] = [121.0, "改过"]
    assert enterprises["name"].iloc[0] != "改过"
    assert open_dataset(large).enterprises["lon"].iloc[0] == enterprises["lon"].iloc[0] != 121.0


@pytest.mark.parametrize("damage", [lambda whole: whole[: len(whole) // 2], lambda _: b"no arrow", lambda _: b""])
@pytest.mark.parametrize("file", ["0.arrow", "head.json"])
def test_a_damaged_or_older_table_is_written_anew(large, damage, file):
    kept = large.parent / ".set.columns" / "table" / file
    names = open_dataset(large).enterprises["name"].tolist()
    kept.write_bytes(damage(kept.read_bytes()))
    assert open_dataset(large).enterprises["name"].tolist() == names
    write_demo(2000, large, seed=5)
    assert open_dataset(large).enterprises["name"].tolist() != names


def test_a_large_table_that_cannot_be_kept_opens_all_the_same(large):
    (large.parent / ".set.columns").write_text("in the way", encoding="utf-8")
    assert open_dataset(large).count(Filters()) == 2000
    assert sorted(path.name for path in large.parent.iterdir()) == [".set.columns", "set"]


def test_columns_that_a_file_lacks_are_empty_in_a_large_table(large):
    file = large / "enterprises.parquet"
    pd.read_parquet(file).drop(columns=["town", "insured"]).assign(备注="x").to_parquet(file)
    enterprises = open_dataset(large).enterprises
    assert set(enterprises["town"]) == {""}
    assert enterprises["insured"].isna().all()
    assert enterprises.columns[-1] == "备注"


def test_columns_kept_by_the_first_version_are_removed(large):
    former = large.parent / ".set.columns" / "table.arrow"
    former.parent.mkdir()
    former.write_bytes(b"columns of 0.1.0")
    assert open_dataset(large).count(Filters()) == 2000
    assert not former.exists()


def test_an_id_that_is_not_there_is_no_row(folder):
    data = open_dataset(folder)
    held = data.enterprises.index
    assert data.positions([held[5], "E000000000000", held[0], held[5]]).tolist() == [5, -1, 0, 5]
    assert data.rows_of([held[5], held[0]])["name"].tolist() == data.enterprises["name"].iloc[[5, 0]].tolist()
    assert data.rows_of([]).empty
    with pytest.raises(KeyError, match="E000000000000"):
        data.rows_of([held[5], "E000000000000"])
