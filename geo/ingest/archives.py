"""What may be unpacked: the real size of packed files, and names that do not leave their folder."""

import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from geo.errors import DataError
from geo.ingest.sheet import Limits

_READ_BYTES: Final = 2**20
_FAR_COLUMN: Final = re.compile(rb'<c r="([A-Z]{1,3})\d')
_ROW: Final = re.compile(rb'<row [^>]*?r="(\d+)"')
"""Columns up to ZZ; names of three letters are looked for in every file."""

LAYER_SUFFIXES: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")


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
def unpacked_layer(path: Path, limits: Limits) -> Iterator[tuple[Path, list[str]]]:
    """Unpack the first shapefile of a zip to a temporary folder.

    Yields
    ------
    shp : Path
        The layer, under a name of plain letters.
    others : list of str
        Layers that were not unpacked.
    """
    refuse_bomb(path, limits)
    with open_archive(path) as archive, TemporaryDirectory(prefix="intake-") as folder:
        layers = [name for name in archive.namelist() if name.lower().endswith(".shp") and "__MACOSX" not in name]
        if not layers:
            raise DataError("压缩文件里没有 shapefile", file=path, expected="含 .shp、.shx、.dbf 的 zip")
        stem = layers[0][:-4]
        for member in archive.infolist():
            suffix = PurePosixPath(member.filename).suffix.lower()
            if member.filename[: len(stem)] == stem and suffix in LAYER_SUFFIXES:
                if PurePosixPath(member.filename).stem != PurePosixPath(layers[0]).stem:
                    continue
                with archive.open(member) as packed, (Path(folder) / f"layer{suffix}").open("wb") as target:
                    shutil.copyfileobj(packed, target)
        if not (Path(folder) / "layer.dbf").exists():
            raise DataError("shapefile 缺少 .dbf，没有属性", file=path)
        yield Path(folder) / "layer.shp", layers[1:]


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
