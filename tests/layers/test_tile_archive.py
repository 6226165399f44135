"""Base maps in one file: what is read of them, where their tiles lie, and what is said of one that is none."""

import sqlite3

import pytest
from pmtiles.tile import TileType

from geo.errors import DataError
from layers.base import View
from layers.basemap import OnlineTiles, archive_of
from layers.tile_archive import open_archive
from layers.tile_source import Basemap
from tests.tile_files import BOUNDS, PIXEL, write_mbtiles, write_pmtiles


@pytest.fixture(params=["a.mbtiles", "a.pmtiles"])
def archive(request, tmp_path):
    told = "<a href='https://a.cn' onclick='x()'>© 市测绘院 &amp; B</a>"
    make = write_mbtiles if request.param.endswith("mbtiles") else write_pmtiles
    return open_archive(make(tmp_path / request.param, attribution=told))


def test_a_file_says_its_zooms_bounds_and_whom_it_is_from(archive):
    assert (archive.min_zoom, archive.max_zoom, archive.vector) == (8, 10, False)
    assert archive.bounds == pytest.approx(BOUNDS, abs=1e-6)
    assert archive.attribution == "© 市测绘院 & B"


def test_rows_are_counted_from_the_north(archive):
    """121.47 E, 31.23 N at zoom 10: column (121.47 + 180) / 360 · 1024 = 857.5, row 418.5 by the Mercator series."""
    assert archive.tile(10, 857, 418) == PIXEL
    assert archive.tile(10, 857, 1023 - 418) is None
    assert archive.tile(11, 1714, 836) is None


def test_vectors_are_told_from_pictures(tmp_path):
    layers = [{"id": "earth"}, {"id": "管线"}]
    found = open_archive(write_pmtiles(tmp_path / "v.pmtiles", b"\x1a\x00", TileType.MVT, vector_layers=layers))
    assert found.vector
    assert found.layers == ("earth", "管线")
    told = OnlineTiles(Basemap("甲", "A", file=str(found.path)), View()).told
    assert told["vector"] == ("earth", "管线")
    assert told["options"]["maxDataZoom"] == 10


def test_what_a_file_says_of_itself_is_bounded(tmp_path):
    told = open_archive(write_pmtiles(tmp_path / "v.pmtiles", b"\x1a\x00", TileType.MVT, attribution="<" * 200_000,
                                      vector_layers=[{"id": "长" * 5_000}]))  # fmt: skip
    assert len(told.attribution) <= 300
    assert len(told.layers[0]) <= 300


def test_a_length_that_a_file_only_claims_is_one_sentence(tmp_path):
    file = write_pmtiles(tmp_path / "a.pmtiles")
    content = bytearray(file.read_bytes())
    content[32:40] = (2**63).to_bytes(8, "little")  # the length of its metadata
    file.write_bytes(content)
    with pytest.raises(DataError, match="底图文件"):
        open_archive(file)


def broken(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("name", ["a.pmtiles", "a.mbtiles"])
@pytest.mark.parametrize("content", [b"", b"PMTiles\x03", b"SQLite format 3\x00" + b"\x00" * 200, b"x" * 500], ids=len)
def test_what_is_no_file_of_tiles_is_one_sentence(tmp_path, name, content):
    with pytest.raises(DataError, match=rf"底图文件.*{name}"):
        open_archive(broken(tmp_path, name, content))
    with pytest.raises(DataError, match="不在了"):
        open_archive(tmp_path / "none.pmtiles")


def test_a_file_that_is_cut_off_is_one_sentence(tmp_path):
    whole = write_pmtiles(tmp_path / "a.pmtiles").read_bytes()
    for length in (100, 127, 140, 200, len(whole) - 1):
        with pytest.raises(DataError, match=r"读不了|不完整"):
            open_archive(broken(tmp_path, f"{length}.pmtiles", whole[:length]))


@pytest.mark.parametrize(
    ("told", "said"),
    [({"bounds": "122,31,121,32"}, "范围"), ({"bounds": "a,b,c,d"}, "读不了"), ({"json": "{"}, "读不了")],
)
def test_metadata_that_cannot_be_is_one_sentence(tmp_path, told, said):
    with pytest.raises(DataError, match=said):
        open_archive(write_mbtiles(tmp_path / "a.mbtiles", **told))


def test_tiles_that_are_no_pictures_are_refused(tmp_path):
    file = write_mbtiles(tmp_path / "a.mbtiles")
    with sqlite3.connect(file) as made:
        made.execute("UPDATE tiles SET tile_data = ?", (b"<script>alert(1)</script>",))
    with pytest.raises(DataError, match="认不得"):
        open_archive(file)


def test_a_file_of_another_place_is_refused(tmp_path):
    elsewhere = write_mbtiles(tmp_path / "a.mbtiles", bounds="116,39,117,41")
    with pytest.raises(DataError, match="上海"):
        archive_of(Basemap("甲", "A", file=str(elsewhere)))
