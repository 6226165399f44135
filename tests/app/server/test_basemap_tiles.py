"""The route of base maps in files: what it gives, what it refuses, and who gets it."""

import gzip
import sqlite3

import pytest
from pmtiles.tile import TileType
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.server.asgi import ROUTES
from app.server.gate import is_open
from tests.tile_files import PIXEL, write_mbtiles, write_pmtiles


@pytest.fixture
def client(tmp_path, monkeypatch):
    write_mbtiles(tmp_path / "r.mbtiles")
    write_pmtiles(tmp_path / "v.pmtiles", gzip.compress(b"\x1a\x00", mtime=0), TileType.MVT)
    lines = [
        f"[[basemap]]\nname = '{name}'\nzh = '甲'\nen = 'A'\ndatum = 'cgcs2000'\n{where}\n"
        for name, where in (
            ("r", "file = 'r.mbtiles'"),
            ("v", "file = 'v.pmtiles'"),
            ("gone", "file = 'gone.pmtiles'"),
            ("online", "url = 'https://a.cn/{z}/{x}/{y}'\nattribution = '甲'"),
        )
    ]
    (tmp_path / "b.toml").write_text("".join(lines), encoding="utf-8")
    monkeypatch.setenv("EXPLORER_BASEMAPS", str(tmp_path / "b.toml"))
    return TestClient(Starlette(routes=ROUTES))


def test_a_tile_is_given_with_its_kind_and_kept_by_the_browser(client):
    got = client.get("/basemaps/r/10/857/418")
    assert (got.status_code, got.content, got.headers["content-type"]) == (200, PIXEL, "image/png")
    assert "private" in got.headers["cache-control"]
    assert client.get("/basemaps/r/10/857/418", headers={"if-none-match": got.headers["etag"]}).status_code == 304
    vector = client.get("/basemaps/v/10/857/418")
    assert vector.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert (vector.headers["content-encoding"], vector.content) == ("gzip", b"\x1a\x00")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("r/10/0/0", 204),  # the file has none there
        ("r/18/1/1", 204),
        ("r/10/1024/0", 404),
        ("r/10/0/1024", 404),
        ("r/23/0/0", 404),
        ("r/999999999/0/0", 404),
        ("r/-1/0/0", 400),
        ("r/1e1/0/0", 400),
        ("r/１０/0/0", 400),
        ("r/10/857/418.png", 400),
        ("none/10/857/418", 404),
        ("online/10/857/418", 404),
        ("offline/10/857/418", 404),
        ("..%2Fr/10/857/418", 404),
        ("r'%20OR%201=1/10/857/418", 404),
        ("gone/10/857/418", 503),
    ],
)
def test_what_is_not_there_is_one_sentence(client, path, status):
    got = client.get(f"/basemaps/{path}")
    assert got.status_code == status
    assert len(got.text.splitlines()) == (0 if status == 204 else 1)
    assert "/" not in got.text.replace("{z}/{x}/{y}", "") or status == 404


def test_what_is_no_picture_is_never_given(client, tmp_path):
    with sqlite3.connect(tmp_path / "r.mbtiles") as made:
        made.execute("UPDATE tiles SET tile_data = ? WHERE zoom_level = 10", (b"<script>alert(1)</script>",))
    assert client.get("/basemaps/r/10/857/418").status_code == 204


def test_who_has_not_signed_in_gets_none():
    assert not is_open("/basemaps/r/10/857/418")
