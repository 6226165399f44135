"""Base maps that an installation names in a file: what is read, and the one sentence for what is not."""

import re

import pytest

from app.server.security import rules_of
from geo.crs import from_wgs84
from geo.errors import DataError
from layers.base import View
from layers.tile_source import BASEMAPS, known_basemaps, read_basemaps

GOOD = {
    "name": "zhengwu",
    "zh": "政务底图",
    "en": "Government map",
    "url": "https://map{s}.example.cn/wmts?LAYER=vec&TILEMATRIXSET=c&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
    "subdomains": "01",
    "datum": "cgcs2000",
    "attribution": "© 市测绘院",
}


def written(folder, *basemaps):
    lines = []
    for one in basemaps:
        lines.append("[[basemap]]")
        for name, value in one.items():
            lines.append(f"{name} = {value!r}" if not isinstance(value, bool) else f"{name} = {str(value).lower()}")
    file = folder / "basemaps.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    return str(file)


def test_a_base_map_of_the_installation_stands_after_those_of_the_product(tmp_path, monkeypatch):
    plain = GOOD | {"name": "plain", "url": "http://10.0.0.5:8080/{z}/{x}/{y}.png", "datum": "bd09", "subdomains": ""}
    monkeypatch.setenv("EXPLORER_BASEMAPS", written(tmp_path, GOOD, plain))
    assert list(known_basemaps()) == [*BASEMAPS, "zhengwu", "plain"]
    own = known_basemaps()["zhengwu"]
    assert (own.datum, own.grid, own.max_zoom) == ("wgs84", "degrees", 18)  # CGCS2000 is WGS-84 within a metre
    assert View(basemap="plain").datum == "bd09"
    allowed = re.search(r"img-src ([^;]+)", rules_of("/component/x")["Content-Security-Policy"])
    assert allowed
    hosts = {"https://map0.example.cn", "https://map1.example.cn", "http://10.0.0.5:8080"}
    assert hosts < set(allowed[1].split())
    assert "example.cn" not in rules_of("/")["Content-Security-Policy"]
    monkeypatch.delenv("EXPLORER_BASEMAPS")
    assert list(known_basemaps()) == list(BASEMAPS)
    assert "example.cn" not in rules_of("/component/x")["Content-Security-Policy"]


WRONG = {
    "no datum": ({"datum": ""}, "datum"),
    "unknown datum": ({"datum": "beijing54"}, "cgcs2000"),
    "name": ({"name": "政务"}, "name"),
    "name of the product": ({"name": "offline"}, "name 已经有了"),
    "english": ({"en": ""}, "en"),
    "nothing said": ({"attribution": " "}, "attribution"),
    "a field": ({"key": "x"}, "key"),
    "a number": ({"max_zoom": "18"}, "max_zoom"),
    "a truth": ({"max_zoom": True}, "max_zoom"),
    "zooms": ({"min_zoom": 12, "max_zoom": 8}, "min_zoom"),
    "offset": ({"zoom_offset": 9}, "zoom_offset"),
    "no tiles": ({"url": []}, "url"),
    "a host that is none": ({"url": "http://[a/{z}/{x}/{y}.png", "subdomains": ""}, "网址不对"),
    "a port": ({"url": "https://a.cn:99999/{z}/{x}/{y}.png", "subdomains": ""}, "网址不对"),
    "capabilities": ({"url": "https://a.cn/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"}, "{z}"),
    "a hole": ({"url": "https://a.cn/{Style}/{z}/{x}/{y}"}, "Style"),
    "letters": ({"subdomains": ""}, "subdomains"),
    "a script": ({"url": "javascript:alert({z}{x}{y}{s})"}, "网址不对"),
    "a password": ({"url": "https://u:p@a{s}.cn/{z}/{x}/{y}"}, "密码"),
    "another rule": ({"url": "https://a{s}.cn; script-src */{z}/{x}/{y}"}, "不该有的字符"),
    "the place in the host": ({"url": "https://{z}.a{s}.cn/{x}/{y}"}, "网址不对"),
    "the other grid": ({"grid": "mercator"}, "EPSG:4490"),
    "two grids": ({"url": ["https://a{s}.cn/vec_c/wmts/{z}/{x}/{y}", "https://a{s}.cn/cva_w/wmts/{z}/{x}/{y}"]}, "格网"),
    "a datum that is known better": ({"url": "https://wprd0{s}.is.autonavi.com/{z}/{x}/{y}"}, "gcj02"),
    "a grid of its own": ({"url": "https://maponline{s}.bdimg.com/tile/{z}/{x}/{y}", "datum": "bd09"}, "百度"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_one_sentence_and_none_is_read(tmp_path, change, said):
    with pytest.raises(DataError) as told:
        read_basemaps(written(tmp_path, GOOD | {"name": "right"}, GOOD | change))
    assert said in str(told.value)
    assert "第 2 个" in str(told.value)
    assert "\n" not in str(told.value)


def test_neither_a_password_nor_a_key_is_said(tmp_path):
    url = "https://reader:GEHEIM@map.example.cn/{z}/{x}/{y}.png?tk=GEHEIM"
    with pytest.raises(DataError) as told:
        read_basemaps(written(tmp_path, GOOD | {"url": url, "subdomains": ""}))
    assert "GEHEIM" not in str(told.value)
    assert "map.example.cn" in str(told.value)


@pytest.mark.parametrize(
    ("url", "grid", "became"),
    [
        ("https://a.cn/wmts/EPSG:4490/{TileMatrix}/{TileRow}/{TileCol}", "degrees", "/{z}/{y}/{x}"),
        ("https://a.cn/wmts/EPSG%3A3857/{TileMatrix}/{TileRow}/{TileCol}", "mercator", "/{z}/{y}/{x}"),
        ("https://a.cn/?tilematrixset=urn:ogc:def:crs:EPSG::4326&z={z}&x={x}&y={y}", "degrees", "&y={y}"),
        ("https://a.cn/?tilematrixset=w&z={z}&x={x}&y={-y}", "mercator", "&y={-y}"),
        ("https://a.cn/v1/{z}/{x}/{y}.png", "mercator", "/{y}.png"),
    ],
)
def test_the_grid_is_read_from_the_address(tmp_path, url, grid, became):
    (found,) = read_basemaps(written(tmp_path, GOOD | {"url": url, "subdomains": ""})).values()
    assert found.grid == grid
    assert found.urls[0].endswith(became)


@pytest.mark.parametrize("text", ["no toml", "[basemap]\nname = 'a'", "x = 1", "basemap = [1]"])
def test_a_file_that_is_none_is_one_sentence(tmp_path, text):
    file = tmp_path / "basemaps.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"EXPLORER_BASEMAPS 的文件"):
        read_basemaps(str(file))
    with pytest.raises(DataError, match=r"读不了"):
        read_basemaps(str(tmp_path / "none.toml"))


def test_bd09_is_shifted_by_the_published_offsets():
    """People's Square: the shift of BD-09 against GCJ-02 is (0.0065, 0.0060) degrees and a turn of some hundred metres."""
    gcj = from_wgs84([121.4692], [31.2323], "gcj02")
    bd = from_wgs84([121.4692], [31.2323], "bd09")
    assert abs(bd[0][0] - gcj[0][0] - 0.0065) < 2e-4
    assert abs(bd[1][0] - gcj[1][0] - 0.0060) < 2e-4
