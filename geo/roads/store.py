"""The one network of roads that this workspace has: written whole with its hash, read once, removed whole."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from geo.errors import DataError
from geo.files import atomic_folder, write_json
from geo.installation import workspace_dir
from geo.roads.network import RoadNetwork
from geo.text import Text

ROAD_ATTRIBUTION: Final = "© OpenStreetMap contributors, ODbL"

ABOUT_DRIVING: Final = Text(
    "驾车时间按假定自由流车速，不含拥堵与信号灯；路网 {attribution}，文件日期 {date}",
    "Driving times assume free-flow speeds, without congestion or traffic lights; roads {attribution}, "
    "file dated {date}",
)
"""What has to stand beside every driving time."""

NO_NETWORK: Final = Text(
    "这里没有路网，驾车时间无从判断；请管理员按运行说明的“驾车时间”一节读入上海的 OpenStreetMap 摘录",
    "No road network here, so driving times are unknown; the operator can read an OpenStreetMap extract of Shanghai "
    "as the notes on operations say",
)

_ARRAYS: Final = "network.npz"
_RECORD: Final = "network.json"


@dataclass(frozen=True)
class RoadRecord:
    """What is known of a network: the file it was made of and its day, when it was built, and what it holds.

    `km` is the length of each class [km]; `kmh` the speed assumed for it; `extent` west, south, east, north [degrees];
    `left_out` vertices and edges that are not connected with the others; `sha256` the hash of the arrays.
    """

    file: str
    file_date: str
    built: str
    vertices: int
    edges: int
    km: Mapping[str, float]
    kmh: Mapping[str, float]
    extent: tuple[float, float, float, float]
    left_out: tuple[int, int]
    sha256: str = ""

    def about(self, lang: str = "zh") -> str:
        """What has to stand beside its driving times, in a sentence."""
        return ABOUT_DRIVING.of(lang).format(attribution=ROAD_ATTRIBUTION, date=self.file_date)


@dataclass(frozen=True, eq=False)
class Roads:
    """A network and what is known of it."""

    network: RoadNetwork
    record: RoadRecord

    @property
    def fingerprint(self) -> str:
        """Hash that tells it from any other."""
        return self.record.sha256


def roads_dir() -> Path:
    """Folder of the network in the workspace."""
    return workspace_dir() / "roads"


def describe(network: RoadNetwork, file: Path, kmh: Mapping[str, float]) -> RoadRecord:
    """What is to be known of a network that was made of a file with these speeds, in the order of its classes."""
    km = np.bincount(network.kinds, network.metres, len(kmh)) / 1000
    return RoadRecord(
        file=file.name,
        file_date=datetime.fromtimestamp(file.stat().st_mtime).astimezone().date().isoformat(),
        built=datetime.now().astimezone().isoformat(timespec="seconds"),
        vertices=len(network.vertices),
        edges=len(network.tails),
        km={kind: round(float(length), 1) for kind, length in zip(kmh, km, strict=True)},
        kmh=dict(kmh),
        extent=network.extent,
        left_out=(int(network.left_out[0]), int(network.left_out[1])),
    )


def keep_roads(network: RoadNetwork, record: RoadRecord) -> None:
    """Write a network to the workspace, whole or not at all; it takes the place of the one before.

    Raises
    ------
    DataError
        When it cannot be written.
    """
    workspace_dir().mkdir(parents=True, exist_ok=True)
    with atomic_folder(roads_dir()) as folder:
        network.save(folder / _ARRAYS)
        digest = hashlib.sha256((folder / _ARRAYS).read_bytes()).hexdigest()
        write_json(folder / _RECORD, asdict(record) | {"sha256": digest})


def remove_roads() -> bool:
    """Remove the network; whether there was one.

    Raises
    ------
    DataError
        When it cannot be removed.
    """
    if not roads_dir().is_dir():
        return False
    try:
        shutil.rmtree(roads_dir())
    except OSError as error:
        raise DataError("路网删不掉", file=roads_dir(), cause=error.strerror) from error
    return True


def load_roads() -> Roads | None:
    """The network of the workspace, read once; None where there is none.

    Raises
    ------
    DataError
        When it is damaged.
    """
    try:
        state = (roads_dir() / _RECORD).stat()
    except OSError:
        return None
    return _read(roads_dir(), state.st_mtime_ns, state.st_size)


def roads_or_none() -> Roads | None:
    """As `load_roads`; a damaged one is none."""
    try:
        return load_roads()
    except DataError:
        return None


def roads_fingerprint(asked: object) -> str:
    """Hash of the network where driving times are asked for; what was found on another network is looked for anew.

    Examples
    --------
    >>> roads_fingerprint(())
    ''
    """
    roads = roads_or_none() if asked else None
    return roads.fingerprint if roads else ""


@lru_cache(maxsize=1)
def _read(folder: Path, _changed: int, _size: int) -> Roads:
    try:
        content = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        record = RoadRecord(**content | {name: tuple(content[name]) for name in ("extent", "left_out")})
        digest = hashlib.sha256((folder / _ARRAYS).read_bytes()).hexdigest()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError("路网读不出来", file=folder / _RECORD, expected="再建一次：python -m app roads 文件") from error
    if digest != record.sha256:
        raise DataError("路网与校验值不符", file=folder / _ARRAYS, expected="再建一次：python -m app roads 文件")
    return Roads(RoadNetwork.read(folder / _ARRAYS), record)
