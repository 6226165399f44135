"""A synthetic registry of any size: made-up enterprises in clusters around the real towns and parks of Shanghai.

It is written as an import writes its set, marked as synthetic, in pieces, so memory does not grow with the rows.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyproj
from numpy.typing import ArrayLike, NDArray

from geo.codes.industries import INDUSTRIES
from geo.codes.recognitions import load_kinds
from geo.crs import STORAGE_CRS
from geo.enterprises.schema import COLUMNS
from geo.enterprises.table import enterprise_ids
from geo.errors import DataError
from geo.files import atomic_folder, check_target
from geo.ingest.datum import NO_DATUM as NO_DATUM
from geo.ingest.datum import Verdict
from geo.ingest.report import WRITTEN, FileReport, Report, write_report
from geo.places.districts import load_districts, load_outlines, locate_index
from geo.places.geocoding import PRECISIONS
from geo.places.parks import load_parks
from geo.places.towns import load_towns, typical_error_m
from geo.places.zones import assign_zone, core_towns, in_core

DEMO_SEED: Final = 2017
DEMO_PIECE_ROWS: Final = 250_000  # [rows] made and written at once
MAX_DEMO_ROWS: Final = 200_000_000
SOURCE: Final = "合成数据"

_SHARES: Final = {"site": 0.80, "road": 0.10, "park": 0.03, "town": 0.04, "district": 0.02, "none": 0.01}
_TRADES: Final[dict[str, tuple[str, ...]]] = {
    "auto": ("整车", "零部件", "动力电池"),
    "electronics": ("集成电路", "显示", "软件"),
    "aviation": ("航空发动机", "航电"),
    "biomedicine": ("制药", "医疗器械"),
    "equipment": ("机器人", "机床", "电站设备"),
    "materials": ("化工", "特种钢"),
    "other": ("贸易", "物流", "食品"),
}
_ARROW: Final = {"number": pa.float64(), "count": pa.int64(), "flag": pa.bool_()}
_TYPES: Final = {name: _ARROW.get(column.kind, pa.string()) for name, column in COLUMNS.items()}
_KM: Final = (1 / 95.5, 1 / 111.0)  # [degrees] of longitude and latitude in Shanghai


@dataclass(frozen=True)
class _Clusters:
    """Where clusters lie, how large and wide they are, and the industry that leads each."""

    names: NDArray[np.object_]
    park: NDArray[np.bool_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    share: NDArray[np.float64]
    spread_km: NDArray[np.float64]
    lead: NDArray[np.int64]


def write_demo(
    rows: int,
    out: Path | str,
    *,
    seed: int = DEMO_SEED,
    compiled: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Write a synthetic registry to a folder, whole or not at all.

    Parameters
    ----------
    rows : int
        1 to `MAX_DEMO_ROWS`.
    out : Path
        Folder for `enterprises.parquet`, `report.json`, `rejected.csv` and `merged.csv`.
    seed : int
        The same rows and seed give the same enterprises.
    compiled : str
        The date they carry, ISO 8601; today's when empty.
    progress : callable, optional
        Called with rows done and rows in all.

    Returns
    -------
    Report
        With `synthetic` set, as the pages and exports read it.

    Raises
    ------
    DataError
        When the number is out of range or the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     report = write_demo(50, Path(folder) / "demo")
    >>> report.imported, report.synthetic
    (50, True)
    """
    if not 1 <= rows <= MAX_DEMO_ROWS:
        raise DataError("行数不在范围内", value=rows, expected=f"1 到 {MAX_DEMO_ROWS:,}")
    target = check_target(Path(out), WRITTEN)
    compiled = compiled or date.today().isoformat()
    rng = np.random.default_rng(seed)
    clusters = _clusters(rng)
    counts = np.zeros(len(PRECISIONS), dtype=np.int64)
    schema = _schema()
    with atomic_folder(target) as folder:
        with pq.ParquetWriter(folder / "enterprises.parquet", schema) as writer:
            for first in range(0, rows, DEMO_PIECE_ROWS):
                size = min(DEMO_PIECE_ROWS, rows - first)
                columns, precision = _piece(first, size, compiled, clusters, rng)
                counts += np.bincount(precision, minlength=len(PRECISIONS))
                writer.write_table(pa.table(columns, schema=schema))
                if progress:
                    progress(first + size, rows)
        file = FileReport(SOURCE, "", rows, None, "demo", None, Verdict(NO_DATUM), {}, [], [], [], [])
        location = {name: int(count) for name, count in zip(PRECISIONS, counts, strict=True)}
        report = Report([file], location=location, synthetic=True)
        merged = ["source_file", "source_row", "name", "enterprise_id", "merged_into", "merged_into_row", "rule"]
        write_report(report, pd.DataFrame(columns=merged), folder)
    report.folder = target
    return report


def _clusters(rng: np.random.Generator) -> _Clusters:
    towns, parks = load_towns().dropna(subset="geometry"), load_parks().dropna(subset="geometry")
    places = pd.concat([towns.geometry, parks.geometry])
    size = len(places)
    weight = np.concatenate([towns["n_points"].to_numpy(float) + 10, np.full(len(parks), 150.0)])
    weight *= rng.pareto(2.0, size) + 0.3
    return _Clusters(
        names=np.concatenate([towns["name"], parks["name"]]).astype(object),
        park=np.arange(size) >= len(towns),
        lon=places.x.to_numpy(),
        lat=places.y.to_numpy(),
        share=weight / weight.sum(),
        spread_km=rng.uniform(0.3, 2.5, size),
        lead=rng.choice(len(INDUSTRIES), size, p=[0.16, 0.22, 0.06, 0.12, 0.18, 0.1, 0.16]),
    )


def _piece(
    first: int, size: int, compiled: str, clusters: _Clusters, rng: np.random.Generator
) -> tuple[dict[str, pa.Array], NDArray[np.int64]]:
    """Columns of some rows, and the position of each row's precision."""
    cluster = rng.choice(len(clusters.share), size, p=clusters.share)
    precision = rng.choice(len(PRECISIONS), size, p=[_SHARES[name] for name in PRECISIONS])
    in_park = clusters.park[cluster]
    precision[(precision == _at("park")) & ~in_park] = _at("town")
    precision[(precision == _at("town")) & in_park] = _at("park")
    fine = precision <= _at("road")
    spread = np.where(fine, clusters.spread_km[cluster], 0.0)
    lon = np.round(clusters.lon[cluster] + rng.normal(0, 1, size) * spread * _KM[0], 6)
    lat = np.round(clusters.lat[cluster] + rng.normal(0, 1, size) * spread * _KM[1], 6)
    district = locate_index(lon, lat).astype(np.int64)
    precision[district < 0] = _at("none")  # in the sea or beyond the border: nothing is known of them
    district[precision == _at("none")] = -1
    table = load_districts()
    labels = load_outlines().loc[table.index, ["label_lon", "label_lat"]].to_numpy(float)
    whole = precision == _at("district")
    lon[whole], lat[whole] = labels[district[whole]].T
    lon[precision == _at("none")] = lat[precision == _at("none")] = np.nan

    adcodes = [*map(str, table.index), ""]
    known = np.where(district < 0, len(table), district)
    named = (precision < _at("district")) & (district >= 0)
    place = np.where(named, cluster, len(clusters.names))
    towns = [*np.where(clusters.park, "", clusters.names), ""]
    parks = [*np.where(clusters.park, clusters.names, ""), ""]
    as_point = precision <= _at("park")
    core = (in_core(lon, lat) & as_point) | np.isin(towns, core_towns())[place]
    adcode = _pick(adcodes, known)
    zone = assign_zone(adcode.to_pandas(), core)
    kind = np.where(rng.random(size) < 0.55, clusters.lead[cluster], rng.integers(0, len(INDUSTRIES), size))
    trades = [*_TRADES]
    detail = _pick([word for words in _TRADES.values() for word in words], _detail(kind, rng))
    number = pa.array(np.arange(first + 1, first + size + 1))
    name = _joined("合成企业", pc.utf8_lpad(pc.cast(number, pa.string()), 6, "0"), "（", detail, "）")
    street = _joined("合成路", pc.cast(pa.array(rng.integers(1, 3000, size)), pa.string()), "号")
    where = _joined(_pick(towns, place), _pick(parks, place))
    columns: dict[str, Any] = {
        "enterprise_id": enterprise_ids(name.to_pandas()),
        "name": name,
        "status": _pick(["active", "deregistered", "moved_out"], rng.choice(3, size, p=[0.9, 0.08, 0.02])),
        "founded": pc.strftime(pa.array(rng.integers(8_400, 20_400, size).astype(np.int32), pa.date32()), "%Y-%m-%d"),
        "capital_amount": np.round(10 ** rng.normal(6.5, 0.8, size), -4),
        "capital_currency": "CNY",
        "insured": np.floor(10 ** rng.normal(1.2, 0.6, size)).astype(np.int64),
        "address": pc.if_else(pa.array(fine & (district >= 0)), _joined(where, street), where),
        "adcode": adcode,
        "district": _pick([*table["name_zh"], ""], known),
        "district_basis": _pick(["coordinates", ""], (district < 0).astype(np.int64)),
        "town": _pick(towns, place),
        "park": _pick(parks, place),
        "zone": zone,
        "industry": _pick(trades, kind),
        "industry_detail": detail,
        "recognitions": _pick(*_recognitions(size, rng)),
        "evidence": _pick(["unverified", "none"], (district < 0).astype(np.int64)),
        "name_evidence": "unverified",
        "witnesses": "agree",
        "registration": "own",
        "kind": "company",
        "compiled": compiled,
        "lon": lon,
        "lat": lat,
        "location_precision": _pick(PRECISIONS, precision),
        "location_error_m": np.array([*_errors_m(), np.nan])[precision],
        "source_file": SOURCE,
        "source_row": number,
    }
    arrays = {column: _array(columns.get(column), kind, size) for column, kind in _TYPES.items()}
    return arrays | {"geometry": _wkb(lon, lat)}, precision


def _at(precision: str) -> int:
    return PRECISIONS.index(precision)


@cache
def _errors_m() -> tuple[float, ...]:
    return 0.0, 250.0, 1500.0, typical_error_m(), 10_000.0


def _detail(kind: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    sizes = np.array([len(words) for words in _TRADES.values()])
    first = np.cumsum([0, *sizes[:-1]])
    return first[kind] + (rng.random(len(kind)) * sizes[kind]).astype(np.int64)


def _recognitions(size: int, rng: np.random.Generator) -> tuple[list[str], NDArray[np.int64]]:
    """What a row may hold, and which of it each row holds: one in thirty something, one in three hundred two."""
    kinds = list(load_kinds().index)
    held = ["", *kinds, *(f"{kinds[k]};{kinds[k + 1]}" for k in range(len(kinds) - 1))]
    draw = rng.random(size)
    one = 1 + rng.integers(0, len(kinds), size)
    two = 1 + len(kinds) + rng.integers(0, len(kinds) - 1, size)
    return held, np.where(draw < 0.03, one, np.where(draw < 0.033, two, 0))


def _pick(texts: Sequence[str], positions: NDArray[np.int64]) -> pa.Array:
    return pa.array(texts, pa.string()).take(pa.array(positions))


def _joined(*parts: str | pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _array(values: ArrayLike | str | pa.Array | None, kind: pa.DataType, size: int) -> pa.Array:
    if values is None:
        values = pa.nulls(size, kind) if kind != pa.string() else ""
    if isinstance(values, str):
        return pa.repeat(pa.scalar(values, kind), size)
    return values if isinstance(values, pa.Array) else pa.array(values, kind, from_pandas=True)


def _wkb(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> pa.Array:
    """Points as well-known binary, missing where there is no coordinate."""
    there = np.isfinite(lon)
    points = np.zeros(int(there.sum()), dtype=[("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
    points["order"], points["kind"], points["x"], points["y"] = 1, 1, lon[there], lat[there]
    ends = np.concatenate([[0], np.cumsum(there) * points.itemsize]).astype(np.int32)
    buffers = [pa.py_buffer(np.packbits(there, bitorder="little")), pa.py_buffer(ends), pa.py_buffer(points.tobytes())]
    return pa.Array.from_buffers(pa.binary(), len(lon), buffers)


def _schema() -> pa.Schema:
    fields = [pa.field(column, kind) for column, kind in _TYPES.items()]
    described = {
        "encoding": "WKB",
        "geometry_types": ["Point"],
        "crs": pyproj.CRS(STORAGE_CRS).to_json_dict(),
    }
    head = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": described}}
    return pa.schema([*fields, pa.field("geometry", pa.binary())], metadata={"geo": json.dumps(head)})
