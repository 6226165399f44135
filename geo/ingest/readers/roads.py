"""Roads of an OpenStreetMap extract (.osm, .osm.pbf), read by GDAL's driver for it in a process of its own."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from geo.errors import DataError
from geo.ingest.confinement import Allowance
from geo.ingest.isolation import read_apart
from geo.ingest.readers.gdal import load
from geo.roads.network import RoadNetwork
from geo.roads.ways import WAY_TAGS, build_network, drivable, join_ways

MAX_EXTRACT_BYTES: Final = 2**30
"""An extract of Shanghai has some 60 MB as .osm.pbf; whoever has more cuts his region out of it."""

_ALLOWED_SECONDS: Final = 3600
_MEMORY_BYTES: Final = 12 * 2**30
_BATCH_WAYS: Final = 50_000
_SUFFIXES: Final = (".osm", ".osm.pbf")
_CONFIGURATION: Final = (
    "closed_ways_are_polygons=\nattribute_name_laundering=no\nother_tags=no\n[points]\n[lines]\nosm_id=no\n"
    f"attributes={','.join(WAY_TAGS)}\n[multipolygons]\n[multilinestrings]\n[other_relations]\n"
)


def read_network(file: Path, kmh: Mapping[str, float], progress: Callable[..., None] = lambda *_: None) -> RoadNetwork:
    """Read an extract that the operator brings and make a network of it.

    The file is read in a process of its own that may read nothing else and reach no network (`geo.ingest.isolation`);
    it may take an hour and twelve gigabytes, since an extract is larger than a list.

    Parameters
    ----------
    file : Path
    kmh : mapping of str to float
        Class of road → assumed speed [km/h].
    progress : callable
        Called with the number of ways read so far.

    Raises
    ------
    DataError
        When it is no extract, is too large, or has no road.
    """
    if not file.is_file():
        raise DataError("没有这个文件", file=file)
    if not file.name.lower().endswith(_SUFFIXES):
        raise DataError("不是 OpenStreetMap 摘录", file=file, expected="以 .osm 或 .osm.pbf 结尾的文件")
    if file.stat().st_size > MAX_EXTRACT_BYTES:
        raise DataError(
            "摘录太大", file=file, expected=f"至多 {MAX_EXTRACT_BYTES // 2**20} MB，先裁出上海一带（osmium extract）"
        )
    usual = Allowance.of(file.stat().st_size)
    allowance = Allowance(max(usual.memory_bytes, _MEMORY_BYTES), _ALLOWED_SECONDS, _ALLOWED_SECONDS, 16 * 2**30)
    with read_apart("roads", file, {"kmh": dict(kmh)}, allowance=allowance, progress=progress) as (_, folder):
        return RoadNetwork.read(folder / "network.npz")


def roads_task(file: Path, arguments: Mapping[str, Any], folder: Path, progress: Callable[..., None]) -> int:
    """Read the ways of a file and leave the network in the working folder; the number of ways."""
    kmh = {str(name): float(value) for name, value in arguments["kmh"].items()}
    pyogrio = load("osm")
    (folder / "osm.ini").write_text(_CONFIGURATION, encoding="utf-8")
    parts, done = [], 0
    try:
        with pyogrio.open_arrow(
            file, layer="lines", columns=list(WAY_TAGS), batch_size=_BATCH_WAYS, use_pyarrow=True,
            CONFIG_FILE=str(folder / "osm.ini"),
        ) as (meta, reader):  # fmt: skip
            for batch in reader:
                table = batch.to_pandas()
                table = table[table["highway"].isin(list(kmh))]
                lines = shapely.from_wkb(table[meta["geometry_name"] or "wkb_geometry"].to_numpy(object))
                corners, way = shapely.get_coordinates(lines, return_index=True)
                tags = {name: table[name].fillna("").astype(str).tolist() for name in WAY_TAGS}
                if len(corners):
                    parts.append(drivable(tags, corners, np.asarray(way), kmh))
                done += len(table)
                progress(done)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError) as error:
        raise DataError(
            "摘录读不出来", file=file, cause="文件损坏，或不是 OpenStreetMap 的格式", expected=".osm 或 .osm.pbf"
        ) from error
    if not parts:
        raise DataError("文件里没有能开车的道路", file=file, expected="含道路（highway）的 OpenStreetMap 摘录")
    build_network(join_ways(parts), list(kmh)).save(folder / "network.npz")
    return done
