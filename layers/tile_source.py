"""Where the tiles of a base map come from: built-in addresses, and those that the installation names in a file.

Nothing is loaded for it but the standard library: the guard before every page reads from here which hosts a map may ask.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from geo.errors import DataError
from geo.installation import variable

if TYPE_CHECKING:
    from geo.crs import Datum

MAX_BASEMAPS: Final = 20
MAX_BASEMAP_NAME_CHARACTERS: Final = 40
MAX_TILE_ADDRESS_CHARACTERS: Final = 2000
ARCHIVE_SUFFIXES: Final = (".pmtiles", ".mbtiles")
DEEPEST_ZOOM: Final = 22
MAX_ZOOM_OFFSET: Final = 5
MERCATOR_GRID: Final = "mercator"
DEGREE_GRID: Final = "degrees"
"""Grids of tiles: squares of web Mercator (EPSG:3857, Tianditu's ``w``), or of degrees (EPSG:4490 and 4326, its ``c``)."""

SOURCE_DATUMS: Final[dict[str, "Datum"]] = {
    "wgs84": "wgs84",
    "cgcs2000": "wgs84",
    "gcj02": "gcj02",
    "bd09": "bd09",
}
"""Datum as the file says it → as shapes are moved into it; CGCS2000 and WGS-84 lie within a metre of each other."""


@dataclass(frozen=True)
class Basemap:
    """A base map.

    Parameters
    ----------
    zh, en : str
        Its name.
    datum : {"wgs84", "gcj02", "bd09"}
        Of its tiles; everything on the map is moved into it.
    urls : tuple of str
        Addresses of tiles with ``{z}``, ``{x}``, ``{y}`` and ``{s}``, bottom to top; none for the built-in map.
    attribution : str
        Whom the map says it is from.
    subdomains : str
        Letters that take the place of ``{s}``.
    needs_key : bool
    grid : {"mercator", "degrees"}
    min_zoom, max_zoom : int
        Zooms that there are tiles of; closer, those of the last are enlarged.
    zoom_offset : int
        What is added to the map's zoom to say it in the address.
    file : str
        Path of a file of tiles (`layers.tile_archive`), in the place of addresses.
    """

    zh: str
    en: str
    datum: "Datum" = "wgs84"
    urls: tuple[str, ...] = ()
    attribution: str = ""
    subdomains: str = "abc"
    needs_key: bool = False
    grid: str = MERCATOR_GRID
    min_zoom: int = 0
    max_zoom: int = 18
    zoom_offset: int = 0
    file: str = ""

    @property
    def hosts(self) -> frozenset[str]:
        """Origins that a browser asks for its tiles."""
        letters = self.subdomains or "-"
        said = {url.replace("{s}", letter) for url in self.urls for letter in letters}
        parts = [urlsplit(url) for url in said]
        return frozenset(f"{part.scheme}://{part.netloc}" for part in parts)


_TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
)
_AMAP = "https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}"

BASEMAPS: Final[dict[str, Basemap]] = {
    "offline": Basemap("离线底图", "Built-in, offline"),
    "tianditu": Basemap(
        "天地图（联网，需密钥）",
        "Tianditu (online, key)",
        urls=(_TIANDITU.format(layer="vec"), _TIANDITU.format(layer="cva")),
        attribution="© 天地图",
        subdomains="01234567",
        needs_key=True,
    ),
    "osm": Basemap(
        "OpenStreetMap（联网）",
        "OpenStreetMap (online)",
        urls=("https://tile.openstreetmap.org/{z}/{x}/{y}.png",),
        attribution="© OpenStreetMap 贡献者",
    ),
    "amap": Basemap(
        "高德（联网，GCJ-02，图层随之偏移）",
        "AMap (online, GCJ-02, layers shift with it)",
        datum="gcj02",
        urls=(_AMAP,),
        attribution="© 高德地图",
        subdomains="1234",
    ),
}
"""Name → base map that comes with the product; the first one asks nobody for anything."""

_FIELDS: Final[dict[str, tuple[type, ...]]] = {
    **dict.fromkeys(("name", "zh", "en", "datum", "grid", "attribution", "subdomains", "file"), (str,)),
    **dict.fromkeys(("min_zoom", "max_zoom", "zoom_offset"), (int,)),
    "url": (str, list),
}
_OF_ADDRESSES: Final = ("url", "grid", "subdomains", "min_zoom", "max_zoom", "zoom_offset")
"""Fields that a file of tiles says itself."""

_NAME: Final = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{MAX_BASEMAP_NAME_CHARACTERS - 1}}}")
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", re.IGNORECASE)
_UNSAFE: Final = re.compile(r"[\s\"'`<>\\^|;,]|[^\x21-\x7e]")
_HOLE: Final = re.compile(r"\{([^{}]*)\}")
_OF_WMTS: Final = {"tilematrix": "{z}", "tilerow": "{y}", "tilecol": "{x}"}
_IN_DEGREES: Final = re.compile(
    r"tilematrixset=c(&|$)|_c/wmts|(epsg|crs)(:|%3a)+\d*(:|%3a)*(4326|4490|84)\b", re.IGNORECASE
)
_IN_MERCATOR: Final = re.compile(
    r"tilematrixset=w(&|$)|_w/wmts|epsg(:|%3a)+\d*(:|%3a)*(3857|900913)\b|googlemapscompatible", re.IGNORECASE
)
_KNOWN_DATUM: Final = {
    "gcj02": ("autonavi.com", "amap.com", "gtimg.com", "map.qq.com", "google.cn"),
    "wgs84": ("tianditu.gov.cn", "openstreetmap.org"),
}
"""Datum → hosts whose tiles are in it, whatever somebody may think."""

_OF_BAIDU: Final = ("baidu.com", "bdimg.com", "bdstatic.com")


def known_basemaps() -> dict[str, Basemap]:
    """All base maps that a person may choose: name → base map, those of the installation last.

    Raises
    ------
    DataError
        When the file that `EXPLORER_BASEMAPS` names is not as it has to be.

    Examples
    --------
    >>> next(iter(known_basemaps()))
    'offline'
    """
    file = variable("EXPLORER_BASEMAPS")
    return BASEMAPS | read_basemaps(file) if file else BASEMAPS


def basemap_of(name: str) -> Basemap:
    """A base map by its name.

    Raises
    ------
    KeyError
        When there is none of that name.

    Examples
    --------
    >>> basemap_of("amap").datum
    'gcj02'
    """
    return BASEMAPS[name] if name in BASEMAPS else known_basemaps()[name]


@lru_cache(maxsize=8)
def read_basemaps(file: str) -> dict[str, Basemap]:
    """Read the base maps of an installation, once for as long as the server runs.

    Parameters
    ----------
    file : str
        TOML with ``[[basemap]]`` tables.

    Raises
    ------
    DataError
        When it cannot be read, or one of them is not as it has to be.
    """
    path = Path(file)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError("EXPLORER_BASEMAPS 的文件读不了", value=path.name, cause=error.strerror) from error
    except ValueError as error:
        raise DataError("EXPLORER_BASEMAPS 的文件不是 TOML", value=path.name, cause=str(error)) from error
    given = content.get("basemap")
    if set(content) != {"basemap"} or not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise DataError("EXPLORER_BASEMAPS 的文件写得不对", value=path.name, expected="几个 [[basemap]]")
    if len(given) > MAX_BASEMAPS:
        raise DataError("EXPLORER_BASEMAPS 里的底图太多", value=len(given), expected=f"至多 {MAX_BASEMAPS} 个")
    found: dict[str, Basemap] = {}
    for number, one in enumerate(given, start=1):
        try:
            name, basemap = _read(one, path.parent)
        except DataError as error:
            raise DataError(
                f"EXPLORER_BASEMAPS 的第 {number} 个 [[basemap]]：{error.message}",
                value=error.value,
                expected=error.expected,
            ) from None
        if name in found or name in BASEMAPS:
            raise DataError(f"EXPLORER_BASEMAPS 的第 {number} 个 [[basemap]]：name 已经有了", value=name)
        found[name] = basemap
    return found


def _read(given: Mapping[str, Any], folder: Path) -> tuple[str, Basemap]:
    """Name and base map as one table of the file has them."""
    for field, value in given.items():
        if field not in _FIELDS:
            raise DataError("不认识的项", value=field[:MAX_BASEMAP_NAME_CHARACTERS], expected="、".join(_FIELDS))
        if not isinstance(value, _FIELDS[field]) or isinstance(value, bool):
            raise DataError(f"{field} 写得不对", value=value, expected="整数" if int in _FIELDS[field] else "文字")
    name = given.get("name", "")
    if not _NAME.fullmatch(name):
        raise DataError("name 写得不对", value=name, expected="小写字母、数字、连字符，如 zhengwu")
    labels = [given.get(field, "").strip() for field in ("zh", "en")]
    if not all(label and label.isprintable() and len(label) <= MAX_BASEMAP_NAME_CHARACTERS for label in labels):
        raise DataError("缺少中文名 zh 或英文名 en", value=name, expected=f"各 1 到 {MAX_BASEMAP_NAME_CHARACTERS} 个字")
    datum = given.get("datum", "")
    if datum not in SOURCE_DATUMS:
        raise DataError("没有写明坐标系 datum", value=datum, expected=" 或 ".join(SOURCE_DATUMS))
    attribution = given.get("attribution", "").strip()
    if "file" in given:
        beside = [field for field in _OF_ADDRESSES if field in given]
        printable = attribution.isprintable() and given["file"].isprintable()
        if beside or not given["file"].lower().endswith(ARCHIVE_SUFFIXES) or not printable:
            right = f"{' 或 '.join(ARCHIVE_SUFFIXES)} 文件，不再写 {'、'.join(beside or _OF_ADDRESSES)}"
            raise DataError("file 写得不对", value=Path(given["file"]).name, expected=right)
        own = SOURCE_DATUMS[datum]
        return name, Basemap(
            labels[0], labels[1], own, attribution=attribution, file=str((folder / given["file"]).resolve())
        )
    if not (attribution and attribution.isprintable()):
        raise DataError("没有写明来源 attribution", value=name, expected="印在图上的一行文字，如 © 市测绘院")
    zooms = [given.get("min_zoom", 0), given.get("max_zoom", 18)]
    if not 0 <= zooms[0] <= zooms[1] <= DEEPEST_ZOOM:
        raise DataError("min_zoom、max_zoom 不对", value=zooms, expected=f"0 到 {DEEPEST_ZOOM}，前小后大")
    offset = given.get("zoom_offset", 0)
    if abs(offset) > MAX_ZOOM_OFFSET:
        raise DataError("zoom_offset 不对", value=offset, expected=f"-{MAX_ZOOM_OFFSET} 到 {MAX_ZOOM_OFFSET}")
    subdomains = given.get("subdomains", "")
    if not re.fullmatch(r"[a-z0-9]{0,16}", subdomains):
        raise DataError("subdomains 写得不对", value=subdomains, expected="代替 {s} 的字母或数字，如 01234567")
    given_urls = given.get("url", [])
    urls = [given_urls] if isinstance(given_urls, str) else given_urls
    if not 1 <= len(urls) <= 4 or not all(isinstance(url, str) for url in urls):
        raise DataError("没有瓦片的网址 url", value=name, expected="一个网址，或由下到上的至多四个")
    grids = set()
    addresses = tuple(_address(url, datum, subdomains) for url in urls)
    for url in addresses:
        grids |= {DEGREE_GRID} if _IN_DEGREES.search(url) else {MERCATOR_GRID} if _IN_MERCATOR.search(url) else set()
    grid = given.get("grid", next(iter(grids), MERCATOR_GRID))
    if grid not in (MERCATOR_GRID, DEGREE_GRID):
        raise DataError(
            "grid 写得不对", value=grid, expected=f"{MERCATOR_GRID}（EPSG:3857）或 {DEGREE_GRID}（EPSG:4490）"
        )
    if grids - {grid}:
        right = "EPSG:4490 或 4326，天地图的 c，写 degrees；EPSG:3857，天地图的 w，写 mercator；几个网址要相同"
        raise DataError("网址里的瓦片格网与 grid 不合", value=grid, expected=right)
    if grid == DEGREE_GRID and any("{-y}" in url for url in addresses):
        raise DataError("经纬度格网的网址不能用 {-y}", value=name, expected="{y}")
    return name, Basemap(
        labels[0], labels[1], SOURCE_DATUMS[datum], addresses, attribution, subdomains,
        grid=grid, min_zoom=zooms[0], max_zoom=zooms[1], zoom_offset=offset,
    )  # fmt: skip


def _address(url: str, datum: str, subdomains: str) -> str:
    """An address of tiles as Leaflet reads it."""
    shown = re.sub("//[^/]*@", "//…@", url.partition("?")[0])[:80]  # neither a password nor a key
    url = _HOLE.sub(lambda hole: _OF_WMTS.get(hole[1].lower(), hole[0]), url)
    holes = set(_HOLE.findall(url))
    if len(url) > MAX_TILE_ADDRESS_CHARACTERS or _UNSAFE.search(url):
        raise DataError("网址里有不该有的字符，或太长", value=shown, expected="https://… ，空格与中文写成 %20 之类")
    if not {"z", "x"} <= holes or not holes & {"y", "-y"}:
        wanted = "网址里有 {z}、{x}、{y}；WMTS 写 TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
        raise DataError("网址没有写明瓦片的位置", value=shown, expected=wanted)
    if holes - {"z", "x", "y", "-y", "s"}:
        raise DataError("网址里有填不了的项", value=", ".join(sorted(holes - {"z", "x", "y", "-y", "s"})),
                        expected="只有 {z}、{x}、{y}、{s}，其余（图层、样式、格网）写成它的值")  # fmt: skip
    if ("s" in holes) != bool(subdomains):
        raise DataError("{s} 与 subdomains 要一起写", value=shown, expected='如 subdomains = "01234567"')
    try:
        parts = urlsplit(url.replace("{s}", subdomains[:1]))
        known_port = parts.port is None or parts.port > 0
    except ValueError:
        raise DataError("网址不对", value=shown, expected="https://主机名/…") from None
    if (
        not known_port
        or parts.scheme not in ("http", "https")
        or "@" in parts.netloc
        or not _HOST.fullmatch(parts.netloc)
    ):
        raise DataError("网址不对", value=shown, expected="https://主机名/…，不带用户名与密码")
    host = (parts.hostname or "").lower()
    if _is_of(host, _OF_BAIDU):
        right = "普通格网（XYZ、WMTS）的瓦片，如天地图"
        raise DataError("百度的瓦片用自己的格网，放不到图上正确的地方", value=shown, expected=right)
    for own, hosts in _KNOWN_DATUM.items():
        if _is_of(host, hosts) and SOURCE_DATUMS[datum] != own:
            raise DataError(f"{host} 的瓦片不是 {datum}", value=datum, expected=own)
    return url


def _is_of(host: str, names: tuple[str, ...]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)
