"""OGC API – Features, part 1: a collection for each dataset, its enterprises as GeoJSON in CRS84, for QGIS and others.

An enterprise without a place has no geometry and is in no `bbox`.  What a point is worth stands in its properties: most are
those of a road, park, town or district (`location_precision`), with the radius within which half of such places lie
(`location_error_m`).
"""

import re
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.server.datasets import NamedDataset, list_readable
from app.server.parameters import Parameter, RefusedError, number_of
from app.server.resource import (
    DEFAULT_PAGE_ROWS,
    DESCRIPTION_PATH,
    DESCRIPTION_TYPE,
    GEOJSON_TYPE,
    JSON_TYPE,
    LANGUAGE,
    MAX_PAGE_ROWS,
    OFFSET,
    OGC_ROOT,
    SCHEMA_TYPE,
    Question,
    Resource,
    page_of,
    position_of,
)
from app.server.sign_in import person_of_request
from geo.datasets.dataset import Dataset
from geo.enterprises.redact import PUBLIC
from geo.enterprises.schema import COLUMNS
from geo.export.rows import public_records
from geo.text import Text

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMANCE_CLASSES: Final = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "geojson")
)
_TITLE: Final = Text("上海“一核一带”智能制造企业", "Enterprises of Shanghai on one core, one belt")
_COLLECTIONS: Final = f"{OGC_ROOT}/collections"
_COLLECTION: Final = f"{_COLLECTIONS}/{{collection}}"
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?")
_KINDS: Final = {"number": "number", "count": "integer", "flag": "boolean"}
"""Kind of a column → its type.  Cells may be null beside it; of a list of types GDAL's driver would make text."""


def _landing(question: Question) -> Any:
    return {
        "title": _TITLE.zh,
        "description": _TITLE.en,
        "links": [
            _link(question, "self", OGC_ROOT, JSON_TYPE, "this document"),
            _link(question, "service-desc", DESCRIPTION_PATH, DESCRIPTION_TYPE, "the API"),
            _link(question, "conformance", f"{OGC_ROOT}/conformance", JSON_TYPE, "conformance classes"),
            _link(question, "data", _COLLECTIONS, JSON_TYPE, "collections"),
        ],
    }


def _conformance(_question: Question) -> Any:
    return {"conformsTo": [*CONFORMANCE_CLASSES]}


def _collections(question: Question) -> Any:
    return {
        "links": [_link(question, "self", _COLLECTIONS, JSON_TYPE, "this document")],
        "collections": [_described(question, one) for one in list_readable(person_of_request(question.request))],
    }


def _collection(question: Question) -> Any:
    name = question.parts["collection"]
    data = question.dataset(name)
    lon, lat = (data.enterprises[column].to_numpy(float) for column in ("lon", "lat"))
    placed = np.isfinite(lon)
    extent = {}
    if placed.any():
        box = [
            float(end) for end in (*_ends(lon[placed], lat[placed], np.min), *_ends(lon[placed], lat[placed], np.max))
        ]
        extent = {"extent": {"spatial": {"bbox": [box], "crs": CRS84}}}
    one = NamedDataset(name, data.title, data.date, len(data.enterprises), data.synthetic)
    return _described(question, one) | extent


def _ends(lon: NDArray[np.float64], lat: NDArray[np.float64], end: Any) -> tuple[float, float]:
    return end(lon), end(lat)


def _described(question: Question, one: NamedDataset) -> dict[str, Any]:
    path = f"{_COLLECTIONS}/{one.name}"
    made_up = "，合成数据（synthetic）" * one.synthetic
    return {
        "id": one.name,
        "title": one.title,
        "description": f"{one.rows:,} 家企业（enterprises），{one.date}{made_up}；点位精度见 location_precision 与 location_error_m",
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            _link(question, "self", path, JSON_TYPE, one.title),
            _link(question, "items", f"{path}/items", GEOJSON_TYPE, one.title),
            _link(question, "describedby", f"{path}/schema", SCHEMA_TYPE, "columns"),
        ],
    }


def _schema(question: Question) -> Any:
    question.dataset(question.parts["collection"])  # refused where there is none
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": question.address(str(question.request.scope["path"])),
        "type": "object",
        "properties": {
            "type": {"const": "Feature"},
            "id": {"type": "string"},
            "geometry": {"oneOf": [{"type": "null"}, {"$ref": "https://geojson.org/schema/Point.json"}]},
            "properties": {"type": "object", "properties": {name: _column_schema(name) for name in PUBLIC}},
        },
    }


def _column_schema(name: str) -> dict[str, Any]:
    column = COLUMNS[name]
    return {"title": column.label.zh, "description": column.meaning, "type": _KINDS.get(column.kind, "string")}


def _items(question: Question) -> Any:
    name, bbox = question.parts["collection"], question.values["bbox"]
    data = question.dataset(name)
    chosen = data.mask(question.filters)
    if bbox:
        chosen &= _within(data, bbox)
    rows = np.flatnonzero(chosen)
    page, beside = page_of(rows, question)
    path = f"{_COLLECTIONS}/{name}"
    links = [
        {
            "rel": "self",
            "type": GEOJSON_TYPE,
            "href": question.address(f"{path}/items", **dict(question.request.query_params)),
        },
        *({"rel": rel, "type": GEOJSON_TYPE, "href": href} for rel, href in beside.items()),
        _link(question, "collection", path, JSON_TYPE, data.title),
    ]
    return {
        "type": "FeatureCollection",
        "timeStamp": datetime.now().astimezone().isoformat(timespec="seconds"),
        "numberMatched": len(rows),
        "numberReturned": len(page),
        "links": links,
        "features": _features(data, page, question.values["lang"] or ""),
    }


def _item(question: Question) -> Any:
    name = question.parts["collection"]
    data = question.dataset(name)
    row = position_of(data, question.parts["feature"])
    path = f"{_COLLECTIONS}/{name}"
    (feature,) = _features(data, np.array([row]), question.values["lang"] or "")
    links = [
        _link(question, "self", f"{path}/items/{feature['id']}", GEOJSON_TYPE, feature["properties"]["name"]),
        _link(question, "collection", path, JSON_TYPE, data.title),
    ]
    return feature | {"links": links}


def _features(data: Dataset, rows: NDArray[np.int64], lang: str) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "id": record["enterprise_id"],
            "geometry": None
            if record["lon"] is None or record["lat"] is None
            else {"type": "Point", "coordinates": [record["lon"], record["lat"]]},
            "properties": record,
        }
        for record in public_records(data.enterprises.iloc[rows], lang)
    ]


def _within(data: Dataset, bbox: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    """Rows with a point in the box; one whose west lies east of its east reaches over the date line."""
    west, south, east, north = bbox
    lon, lat = (data.enterprises[column].to_numpy(float) for column in ("lon", "lat"))
    across = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    return np.asarray(across & (lat >= south) & (lat <= north), dtype=np.bool_)


def _link(question: Question, rel: str, path: str, media_type: str, title: str) -> dict[str, str]:
    return {"rel": rel, "type": media_type, "title": title, "href": question.address(path)}


def _read_bbox(text: str) -> tuple[float, float, float, float]:
    """West, south, east, north; heights, where a box has them, hold no enterprise off."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    west, south, east, north = numbers if len(numbers) == 4 else [np.nan] * 4
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise RefusedError(400, "bbox 应为 西,南,东,北（经纬度，CRS84）（bbox must be west,south,east,north）")
    return west, south, east, north


def _read_datetime(text: str) -> str:
    """An instant or interval of RFC 3339; enterprises have no time of their own, so all of them meet it."""
    ends = text.split("/")
    if len(ends) > 2 or not all(_INSTANT.fullmatch(end) or (len(ends) == 2 and end in ("", "..")) for end in ends):
        raise RefusedError(400, "datetime 应为 RFC 3339 的时刻或区间（datetime must be an instant or interval）")
    return text


BBOX: Final = Parameter(
    "bbox",
    {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
    Text("西,南,东,北；只有有点位的企业", "west,south,east,north; enterprises with a point alone"),
    _read_bbox,
)
DATETIME: Final = Parameter(
    "datetime",
    {"type": "string"},
    Text("企业没有时刻，都符合", "enterprises have no time: all of them meet it"),
    _read_datetime,
)
CUT_LIMIT: Final = number_of(
    "limit", 1, MAX_PAGE_ROWS, DEFAULT_PAGE_ROWS, Text("一页至多几家，更大的照最大的算", "features of a page; more is the most"),
    cut=True,
)  # fmt: skip

FEATURE_RESOURCES: Final = (
    Resource(OGC_ROOT, Text("OGC API 入口", "landing page of the OGC API"), _landing, "Landing"),
    Resource(f"{OGC_ROOT}/conformance", Text("符合的规范", "conformance classes"), _conformance, "Conformance"),
    Resource(_COLLECTIONS, Text("各数据集", "datasets as collections"), _collections, "Collections"),
    Resource(_COLLECTION, Text("一个数据集", "one dataset"), _collection, "Collection"),
    Resource(f"{_COLLECTION}/schema", Text("它的列", "its columns"), _schema, "ColumnSchema", media_type=SCHEMA_TYPE),
    Resource(
        f"{_COLLECTION}/items", Text("它的企业", "its enterprises"), _items, "FeatureCollection",
        (LANGUAGE, BBOX, DATETIME, CUT_LIMIT, OFFSET), filtered=True, media_type=GEOJSON_TYPE,
    ),
    Resource(
        f"{_COLLECTION}/items/{{feature}}", Text("一家企业", "one enterprise"), _item, "Feature", (LANGUAGE,),
        media_type=GEOJSON_TYPE,
    ),
)  # fmt: skip
"""Addresses of the OGC API, one entry each."""
