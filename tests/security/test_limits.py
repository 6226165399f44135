"""What is read costs by the cell; what is uploaded is limited in sum, read once, and gone with its session."""

import asyncio
import gc
import io
import json
import threading
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal

from app.server.uploads import MAX_PROCESS_BYTES, MAX_SESSION_BYTES, UploadLimit
from app.ui import uploads
from app.ui.uploads import Uploads
from geo.errors import DataError
from geo.ingest.pipeline import IMPORT_STAGES, MAX_PREVIEW_CHARACTERS, import_files, preview
from geo.ingest.readers.read import read_file, read_into
from geo.ingest.readers.sheet import MAX_LISTED_ISSUES, Limits
from geo.ingest.report import WRITTEN

TABLE = pd.DataFrame({"企业名称": ["样例甲", "样例乙", "样例丙", "样例丁"], "地址": "路", "备注": "无"})


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet", "gpkg", "geojson"])
def test_cells_are_limited_in_every_format(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    layer = gpd.GeoDataFrame(TABLE, geometry=gpd.points_from_xy([121] * 4, [31] * 4), crs=4326)
    write = {"csv": TABLE.to_csv, "xlsx": TABLE.to_excel, "parquet": TABLE.to_parquet}.get(suffix, layer.to_file)
    write(path, **({"index": False} if suffix in ("csv", "xlsx") else {}))
    assert len(read_file(path, Limits(cells=12)).table) == 4
    with pytest.raises(DataError, match="超过 11 格"):
        read_file(path, Limits(cells=11))


def test_issues_are_counted_and_not_kept_without_end(tmp_path):
    path = tmp_path / "a.csv"
    rows = 3 * MAX_LISTED_ISSUES
    path.write_text("企业名称,成立日期,地址\n" + "样例甲,某日\n" * rows, encoding="utf-8")
    sheet = read_file(path)
    assert len(sheet.issues) == MAX_LISTED_ISSUES
    report = import_files([path], tmp_path / "out").as_dict()
    assert report["issue_counts"]["单元格比表头少，缺的按空计"] == rows
    assert report["issue_counts"]["founded：认不出日期"] == rows
    assert len(report["issues"]) == 2 * MAX_LISTED_ISSUES


def test_every_rejected_row_comes_back(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("企业名称,地址\n" + "样例甲,路,多,余\n" * 5000, encoding="utf-8")
    assert [row.row for row in read_file(path).rejected] == list(range(2, 5002))


def test_tables_that_are_written_in_pieces_hold_every_row_once(tmp_path, monkeypatch):
    monkeypatch.setattr("geo.ingest.report.MAX_PIECE_ROWS", 7)
    path = tmp_path / "a.csv"
    path.write_text("企业名称,所属区县\n" + "样例甲,松江区\n" * 14 + ",松江区\n" * 22, encoding="utf-8")
    report = import_files([path], tmp_path / "out")
    assert (report.duplicates_merged, report.rejected) == (13, 22)
    for name, rows in (("merged.csv", range(3, 16)), ("rejected.csv", range(16, 38))):
        text = (tmp_path / "out" / name).read_text("utf-8")
        assert text.count("\ufeff") == 1
        assert pd.read_csv(tmp_path / "out" / name)["source_row"].tolist() == list(rows)


def upload(name, content=b"", size=None):
    """What Streamlit hands over for a file."""
    content = content or TABLE.to_csv(index=False).encode()
    size = len(content) if size is None else size
    return SimpleNamespace(
        file_id=f"{name}-{np.random.default_rng().integers(2**60)}", name=name, size=size,
        getbuffer=io.BytesIO(content).getbuffer,
    )  # fmt: skip


def counted_reads(monkeypatch):
    """Paths of the files that are read from now on."""
    reads = []

    def read(path, *others):
        reads.append(path)
        return read_into(path, *others)

    monkeypatch.setattr(uploads, "read_into", read)
    return reads


def test_preview_and_import_read_an_upload_once(tmp_path, monkeypatch):
    reads = counted_reads(monkeypatch)
    held = Uploads()
    file = upload("企业.csv")
    for _ in range(3):  # a page is drawn anew at every click
        (path,) = held.keep([file])
        seen = held.preview(path)
    expected = preview(path)
    assert seen[:-1] == expected[:-1]
    pd.testing.assert_frame_equal(seen.head, expected.head)
    for out in ("一", "二"):
        held.import_files([path], tmp_path / out)
    assert len(reads) == 1
    report = import_files([path], tmp_path / "三").as_dict()
    for out in ("一", "二"):
        assert json.loads((tmp_path / out / "report.json").read_text(encoding="utf-8")) == report
        assert {file.name for file in (tmp_path / out).iterdir()} == set(WRITTEN)
        for name in WRITTEN[2:]:
            assert (tmp_path / out / name).read_bytes() == (tmp_path / "三" / name).read_bytes()
        tables = [gpd.read_parquet(tmp_path / folder / WRITTEN[0]) for folder in (out, "三")]
        assert_geodataframe_equal(*tables)


def test_several_uploads_are_one_import(tmp_path):
    held = Uploads()
    paths = held.keep([upload("甲.csv"), upload("乙.csv", TABLE.to_csv(index=False, sep="\t").encode())])
    for path in paths:
        held.preview(path)
    stages = []
    held.import_files(
        paths, tmp_path / "out", mapping={"乙.csv": {"address": ""}}, progress=lambda *at: stages.append(at)
    )
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert (report["rows_in_file"], report["duplicates_merged"]) == (8, 4)
    assert {stage for stage, _, _ in stages} <= set(IMPORT_STAGES)


def test_what_is_shown_before_the_import_is_short():
    held = Uploads()
    (path,) = held.keep([upload("a.csv", f"企业名称,地址\n样例甲,{'路' * 30_000}\n".encode())])
    assert held.preview(path).head.iloc[0]["地址"] == "路" * MAX_PREVIEW_CHARACTERS


def test_a_file_that_cannot_be_read_is_tried_once(monkeypatch):
    reads = counted_reads(monkeypatch)
    held = Uploads()
    (path,) = held.keep([upload("a.xlsx", b"PK\x03\x04broken")])
    for _ in range(3):
        with pytest.raises(DataError, match="打不开"):
            held.preview(path)
    assert len(reads) == 1


def test_uploads_are_limited_in_sum(monkeypatch):
    held, other = Uploads(), Uploads()
    half = uploads.MAX_SESSION_BYTES // 2
    with pytest.raises(DataError, match="太多或太大"):
        held.keep([upload(f"{number}.csv", size=half + 1) for number in range(2)])
    with pytest.raises(DataError, match="太多或太大"):
        held.keep([upload(f"{number}.csv") for number in range(uploads.MAX_SESSION_FILES + 1)])
    monkeypatch.setattr(uploads, "MAX_PROCESS_BYTES", 3 * half)
    held.keep([upload("a.csv", size=2 * half)])
    with pytest.raises(DataError, match="别人"):
        other.keep([upload("b.csv", size=half + 1)])
    held.keep([])
    assert other.keep([upload("b.csv", size=half + 1)])


def test_uploads_go_when_they_are_taken_away_and_with_their_session():
    held = Uploads()
    one, two = upload("../../a.csv"), upload("a.csv")
    paths = held.keep([one, two])
    assert [path.name for path in paths] == ["a.csv", "a_.csv"]
    assert len({path.parent for path in paths}) == 1
    held.preview(paths[0])
    read = Path(paths[0].parent) / "read" / "a.csv"
    assert read.is_dir()
    held.keep([two])
    assert not read.exists()
    assert not paths[0].exists()
    assert paths[1].exists()
    folder = Path(paths[1].parent)
    del held
    gc.collect()
    assert not folder.exists()


def put(limit, session, length):
    """Status with which an upload of a length is answered."""
    answered = []

    async def send(message):
        answered.append(message.get("status"))

    headers = [] if length is None else [(b"content-length", str(length).encode())]
    path = f"/_stcore/upload_file/{session}/file"
    asyncio.run(limit({"type": "http", "method": "PUT", "path": path, "headers": headers}, None, send))
    return answered[0]


async def accepts(_scope, _receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})


def test_an_upload_is_refused_before_it_is_read_when_there_is_no_room():
    held = {"a": MAX_SESSION_BYTES - 10}
    limit = UploadLimit(accepts, lambda: held)
    assert put(limit, "a", 10) == 204
    assert put(limit, "a", 11) == 413
    assert put(limit, "b", 11) == 204
    held |= {f"other {number}": MAX_SESSION_BYTES for number in range(MAX_PROCESS_BYTES // MAX_SESSION_BYTES - 1)}
    assert put(limit, "b", 11) == 413
    assert put(limit, "b", None) == put(limit, "b", "1e9") == put(limit, "b", "-1") == 411


def test_uploads_on_their_way_count():
    seen = []

    async def asks_for_another(_scope, _receive, send):
        seen.append(put_beside(limit))
        await accepts(_scope, _receive, send)

    def put_beside(limit):
        status = []
        beside = threading.Thread(target=lambda: status.append(put(limit, "a", MAX_SESSION_BYTES // 2 + 1)))
        beside.start()
        beside.join()
        return status[0]

    limit = UploadLimit(asks_for_another, dict)
    assert put(limit, "a", MAX_SESSION_BYTES // 2) == 204
    assert seen == [413]
    assert not limit.coming
