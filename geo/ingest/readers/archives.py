"""What may be unpacked: the real size of packed files, and names that do not leave their folder."""

import posixpath
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from geo.errors import DataError
from geo.ingest.readers.sheet import Limits

_READ_BYTES: Final = 2**20
_FAR_COLUMN: Final = re.compile(rb'<c r="([A-Z]{1,3})\d')
_ROW: Final = re.compile(rb'<row [^>]*?r="(\d+)"')
"""Columns up to ZZ; names of three letters are looked for in every file."""

_PARTS: Final = {
    "shapefile": (".shp", (".shx", ".dbf", ".prj", ".cpg")),
    "mapinfo": (".tab", (".dat", ".dbf", ".map", ".id", ".ind")),
    "mif": (".mif", (".mid",)),
    "geopackage": (".gpkg", ()),
    "kml": (".kml", ()),
    "flatgeobuf": (".fgb", ()),
    "geojson": (".geojson", ()),
    "geojsonseq": (".geojsonl", ()),
    "gpx": (".gpx", ()),
}  # fmt: skip
"""Kind of a layer → ending of its file, and of the files beside it that belong to it; in the order of preference."""

_KINDS: Final = ("filegdb", *_PARTS)
_GEODATABASE: Final = re.compile(r"(?:a[0-9a-f]{8}\.(?:gdb|fre)\w+|gdb|timestamps)", re.IGNORECASE)
LAYER_SUFFIXES: Final = (*(suffix for suffix, _ in _PARTS.values()), ".gdbtable")
"""Endings in a zip that make it one of layers."""

MAX_PACKED_LAYERS: Final = 64


class Source(NamedTuple):
    """A layer as it lies in our own folder, what it was called, and what it may name: layers of its archive."""

    label: str
    path: Path
    beside: frozenset[str] = frozenset()


def open_archive(path: Path) -> zipfile.ZipFile:
    """Open a zip file; a damaged one is a DataError."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise DataError("压缩文件打不开", file=path, cause="文件损坏或没有传完整") from error


def refuse_bomb(path: Path, limits: Limits) -> None:
    """Refuse a packed file that unpacks to more than the limits allow, or a sheet that spans too many cells.

    The members are unpacked block by block and counted; what the file itself says about its size is not relied on.

    Raises
    ------
    DataError
        When it is too large, damaged or protected by a password.
    """
    with open_archive(path) as archive:
        refuse_slip(archive, path)
        if sum(member.file_size for member in archive.infolist()) > limits.unpacked_bytes:
            raise _too_large(path, limits)
        left = limits.unpacked_bytes
        for member in archive.infolist():
            sheet = member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml")
            spanned = _Span()
            for block in _unpack(archive, member, path):
                left -= len(block)
                if left < 0:
                    raise _too_large(path, limits)
                if sheet:
                    spanned.see(block)
            if spanned.cells() > limits.sheet_cells:
                raise DataError(
                    f"工作表跨 {spanned.cells():,} 格，超过 {limits.sheet_cells:,} 格",
                    file=path,
                    cause="很远的单元格里有内容或格式，删去后另存",
                )


def refuse_slip(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse members whose names lead out of the folder they are unpacked to."""
    for name in archive.namelist():
        parts = PurePosixPath(name.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or re.match(r"[A-Za-z]:", name):
            raise DataError("压缩文件里有指向文件夹以外的路径，不予解压", file=path, value=name)


@contextmanager
def unpacked_layers(path: Path, limits: Limits) -> Iterator[tuple[str, list[Source], list[str]]]:
    """Unpack the layers of a zip to a temporary folder: those of one kind, under names of plain letters.

    Yields
    ------
    kind : str
        A key of `geo.ingest.readers.gdal.DRIVERS`.
    sources : list of Source
    others : list of str
        Layers that were not unpacked.
    """
    refuse_bomb(path, limits)
    with open_archive(path) as archive, TemporaryDirectory(prefix="intake-") as temporary:
        members = [_Member(member) for member in archive.infolist() if not member.is_dir()]
        members = [member for member in members if "__MACOSX" not in member.folder and member.name[:2] != "._"]
        found = {kind: layers for kind in _KINDS if (layers := _packed(kind, members, path.stem))}
        if not found:
            raise _no_layer(members, path)
        kind, chosen = next(iter(found.items()))
        if len(chosen) > MAX_PACKED_LAYERS:
            raise DataError(f"压缩文件里的图层超过 {MAX_PACKED_LAYERS} 个", file=path, value=len(chosen))
        sources = []
        for number, layer in enumerate(chosen):
            file = Path(temporary) / str(number) / layer.file
            folder = file if kind == "filegdb" else file.parent
            folder.mkdir(parents=True)
            for name, member in layer.parts.items():
                with archive.open(member.info) as packed, (folder / name).open("wb") as target:
                    shutil.copyfileobj(packed, target)
            if kind == "shapefile" and "layer.dbf" not in layer.parts:
                raise DataError("shapefile 缺少 .dbf，没有属性", file=path)
            sources.append(Source(layer.label, file, layer.beside))
        unread = [layer.label for other, layers in found.items() if other != kind for layer in layers]
        yield "mapinfo" if kind == "mif" else kind, sources, unread


class _Packed(NamedTuple):
    """A layer in a zip: what it is called, the file that stands for it, its parts under the names they get here."""

    label: str
    file: str
    parts: "dict[str, _Member]"
    beside: frozenset[str] = frozenset()


def _packed(kind: str, members: "list[_Member]", name: str) -> list[_Packed]:
    """Layers of a kind among the members of an archive called `name`."""
    if kind == "filegdb":
        folders = dict.fromkeys(member.folder for member in members if member.suffix == ".gdbtable")
        return [
            _Packed(
                PurePosixPath(folder).stem or name, "layer.gdb",
                {
                    member.name.lower(): member
                    for member in members
                    if member.folder == folder and _GEODATABASE.fullmatch(member.name)
                },
            )
            for folder in folders
        ]  # fmt: skip
    main, others = _PARTS[kind]
    found = [member for member in members if member.suffix == main]
    return [
        _Packed(
            layer.title, f"layer{main}",
            {
                f"layer{member.suffix}": member
                for member in members
                if (member.folder, member.stem) == (layer.folder, layer.stem) and member.suffix in (main, *others)
            },
            frozenset(other.path_from(layer.folder) for other in found if other is not layer),
        )
        for layer in found
    ]  # fmt: skip


class _Member:
    """A file in a zip, by the parts of its name."""

    def __init__(self, info: zipfile.ZipInfo) -> None:
        path = PurePosixPath(true_name(info).replace("\\", "/"))
        self.info, self.name, self.folder = info, path.name, str(path.parent) if path.parent.name else ""
        self.suffix, self.stem, self.title = path.suffix.lower(), path.stem.lower(), path.stem

    def path_from(self, folder: str) -> str:
        """Its path as a file in a folder of the archive names it."""
        return posixpath.relpath(f"/{self.folder}/{self.name}", f"/{folder}")


def true_name(info: zipfile.ZipInfo) -> str:
    """Name of a member; by the encoding its bytes are in where it is not marked, and without the hex that GDAL writes."""
    name = info.filename
    if not info.flag_bits & 0x800:
        for encoding in ("utf-8", "gb18030"):
            with suppress(UnicodeError):
                name = info.filename.encode("cp437").decode(encoding)
                break
    return re.sub(
        r"(?:0x[89A-F][0-9A-F])+",
        lambda hexes: bytes.fromhex(hexes[0].replace("0x", "")).decode("utf-8", "replace"),
        name,
    )


def _no_layer(members: list[_Member], path: Path) -> DataError:
    """What a zip without a layer is missing."""
    suffixes = {member.suffix for member in members}
    known = next((name for suffix, name in _NOT_READ.items() if suffix in suffixes), "")
    return DataError(
        "压缩文件里没有可读的图层" if suffixes else "压缩文件里没有文件，没有 shapefile",
        file=path,
        value="、".join(sorted(suffixes))[:80] or None,
        expected="含 .shp、.shx、.dbf（或 .tab、.mif、.gdb、.kml、.gpkg）的 zip",
        cause=known or None,
    )


_NOT_READ: Final = {
    ".udbx": "SuperMap：在 iDesktop 里把数据集导出为 GeoPackage 或 shapefile",
    ".udb": "SuperMap：在 iDesktop 里把数据集导出为 GeoPackage 或 shapefile",
    ".mdb": "个人地理数据库：在 ArcGIS 里导出为文件地理数据库（.gdb）或 shapefile",
    ".dwg": "CAD 图：在 GIS 软件里另存为 GeoPackage 或 shapefile",
    ".dxf": "CAD 图：在 GIS 软件里另存为 GeoPackage 或 shapefile",
    ".gml": "GML：在 QGIS 里另存为 GeoPackage",
    ".lyr": "只是样式，没有数据：请导出数据本身",
    ".qgs": "只是工程，没有数据：请导出图层本身",
}


class _Span:
    """Rows and columns that the XML of a sheet spans."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0
        self.tail = b""

    def see(self, block: bytes) -> None:
        text = self.tail + block
        rows = _ROW.findall(text)
        if rows:
            self.rows = max(self.rows, *(min(int(row), 2**20) for row in rows))
        far = re.findall(rb'<c r="([A-Z]{3})\d', text)
        if far or self.rows > 2**17:
            for name in set(_FAR_COLUMN.findall(text)):
                self.columns = max(self.columns, _column_number(name))
        self.tail = text[-64:]

    def cells(self) -> int:
        return self.rows * (self.columns or 1)


def _column_number(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> Iterator[bytes]:
    try:
        with archive.open(member) as packed:
            while block := packed.read(_READ_BYTES):
                yield block
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise DataError("压缩文件损坏", file=path, value=member.filename) from error
    except RuntimeError as error:
        raise DataError("文件有密码保护", file=path, cause="请去掉密码后另存") from error


def _too_large(path: Path, limits: Limits) -> DataError:
    return DataError(f"解开后超过 {limits.unpacked_bytes / 2**20:,.0f} MiB，不予读取", file=path)
