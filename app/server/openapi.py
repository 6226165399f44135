"""The table of the addresses for other programs, how they are answered, and their description in OpenAPI 3.1."""

import json
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.server.api import API_RESOURCES
from app.server.features import FEATURE_RESOURCES
from app.server.parameters import RefusedError, filter_meaning, filter_schema, read_query
from app.server.resource import DESCRIPTION_PATH, DESCRIPTION_TYPE, PROBLEM_TYPE, Question, Resource
from geo.enterprises.redact import PUBLIC
from geo.enterprises.schema import COLUMNS
from geo.errors import DataError
from geo.filters.filters import FILTER_FIELDS
from geo.installation import version
from geo.text import Text

_HEADERS: Final = {"Cache-Control": "private, no-cache"}


def serve_resource(request: Request) -> Response:
    """Answer a request of another program; what is refused is a problem of RFC 9457 with one sentence."""
    path = str(request.scope["path"])
    try:
        for resource in RESOURCES:
            match = resource.pattern.fullmatch(path)
            if match:
                pairs = request.query_params.multi_items()
                values = read_query(pairs, resource.parameters, filtered=resource.filtered)
                content = resource.answer(Question(request, match.groupdict(), values))
                return _json(content, 200, resource.media_type)
        if path.endswith("/") and len(path) > 1:
            return RedirectResponse(
                f"{quote(path.rstrip('/'))}{f'?{request.url.query}' * bool(request.url.query)}", 307
            )
        raise RefusedError(404, "没有这个地址（no such address）")
    except RefusedError as refused:
        status, sentence = refused.status, str(refused)
    except DataError as error:
        status, sentence = 503, f"{error.message}（the data cannot be read）"
    problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
    return _json(problem, status, PROBLEM_TYPE)


def _json(content: Any, status: int, media_type: str) -> Response:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "replace"), status, _HEADERS, media_type)


def describe() -> dict[str, Any]:
    """The description of all addresses for other programs, as OpenAPI 3.1.

    Examples
    --------
    >>> describe()["openapi"], "/ogc/collections/{collection}/items" in describe()["paths"]
    ('3.1.0', True)
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "一核一带 · One core, one belt",
            "version": version(),
            "description": "Read only. Enterprises of Shanghai's smart manufacturing with place, precision and source.",
        },
        "servers": [{"url": "/"}],
        "paths": {one.path: {"get": _operation(one)} for one in RESOURCES},
        "components": {"schemas": SCHEMAS},
    }


def _operation(resource: Resource) -> dict[str, Any]:
    parts = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in resource.pattern.groupindex
    ]
    known = [_said(one.name, dict(one.schema), one.meaning.en) for one in resource.parameters]
    filters = [_said(name, filter_schema(name), filter_meaning(name)) for name in (*FILTER_FIELDS, "q")]
    problem = {"content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    answer = {"schema": {"$ref": f"#/components/schemas/{resource.schema}"}}
    refused = {"400": {"description": "a parameter is unknown, repeated or not readable", **problem}}
    missing = {"404": {"description": "there is no such dataset or enterprise", **problem}}
    return {
        "operationId": resource.path.strip("/").replace("/", "_").replace("{", "").replace("}", ""),
        "summary": resource.summary.en,
        "parameters": [*parts, *known, *(filters if resource.filtered else [])],
        "responses": {
            "200": {"description": resource.summary.en, "content": {resource.media_type: answer}},
            **refused,
            **missing,
            "401": {"description": "the installation asks for a token, and none was brought", **problem},
            "429": {"description": "too many requests; Retry-After says when to come again", **problem},
            "503": {"description": "the data cannot be read", **problem},
        },
    }


def _said(name: str, schema: dict[str, Any], meaning: str) -> dict[str, Any]:
    said = {"name": name, "in": "query", "description": meaning, "schema": schema}
    return said | ({"style": "form", "explode": False} if schema["type"] == "array" else {})


def _object(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": [*required], "properties": properties}


def _list(of: Any) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer", "minimum": 0}
_LINK: Final = {"type": ["string", "null"]}
_OPEN: Final = {"type": "object"}
_KINDS: Final = {"number": ["number", "null"], "count": ["integer", "null"], "flag": ["boolean", "null"]}
_HEAD: Final = {"dataset": _TEXT, "date": _TEXT, "synthetic": {"type": "boolean"}, "sentence": _TEXT, "matched": _COUNT}
_POINT: Final = _object(
    ("type", "coordinates"),
    type={"const": "Point"},
    coordinates={"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
)

SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "Problem": _object(
        ("type", "title", "status", "detail"), type=_TEXT, title=_TEXT, status={"type": "integer"}, detail=_TEXT
    ),
    "Description": _OPEN,
    "Datasets": _object(
        ("datasets",),
        version=_TEXT,
        datasets=_list(
            _object(
                ("set", "title", "enterprises"),
                set=_TEXT,
                title=_TEXT,
                date=_TEXT,
                enterprises=_COUNT,
                synthetic={"type": "boolean"},
                collection=_TEXT,
            )
        ),
    ),
    "Enterprise": {
        "type": "object",
        "required": [*PUBLIC],
        "additionalProperties": False,
        "properties": {
            name: {"type": _KINDS.get(COLUMNS[name].kind, "string"), "description": COLUMNS[name].meaning}
            for name in PUBLIC
        },
    },
    "Enterprises": _object(
        ("matched", "counted", "returned", "enterprises"),
        **_HEAD,
        counted=_COUNT,
        returned=_COUNT,
        next=_LINK,
        prev=_LINK,
        enterprises=_list(_reference("Enterprise")),
    ),
    "Facets": _object(
        ("matched", "facets"),
        **_HEAD,
        facets={
            "type": "object",
            "additionalProperties": _list(_object(("code", "label", "count"), code=_TEXT, label=_TEXT, count=_COUNT)),
        },
    ),
    "Districts": _object(("districts",), districts=_list(_object(("adcode",), adcode=_TEXT))),
    "Indicators": _object(("districts",), **_HEAD, districts=_list(_object(("adcode",), adcode=_TEXT))),
    "Parks": _object(("parks",), parks=_list(_object(("park_id", "name"), park_id=_TEXT, name=_TEXT))),
    "Sources": _object(
        ("sources",), version=_TEXT, sources=_list(_object(("name", "licence"), name=_TEXT, licence=_TEXT))
    ),
    "Landing": _object(("links",), title=_TEXT, description=_TEXT, links=_list(_reference("Link"))),
    "Link": _object(("href", "rel"), href=_TEXT, rel=_TEXT, type=_TEXT, title=_TEXT),
    "Conformance": _object(("conformsTo",), conformsTo=_list(_TEXT)),
    "Collections": _object(
        ("links", "collections"), links=_list(_reference("Link")), collections=_list(_reference("Collection"))
    ),
    "Collection": _object(
        ("id", "links"),
        id=_TEXT,
        title=_TEXT,
        description=_TEXT,
        itemType=_TEXT,
        crs=_list(_TEXT),
        extent=_OPEN,
        links=_list(_reference("Link")),
    ),
    "ColumnSchema": _OPEN,
    "Feature": _object(
        ("type", "id", "geometry", "properties"),
        type={"const": "Feature"},
        id=_TEXT,
        geometry={"oneOf": [{"type": "null"}, _POINT]},
        properties=_reference("Enterprise"),
        links=_list(_reference("Link")),
    ),
    "FeatureCollection": _object(
        ("type", "features", "numberMatched", "numberReturned"),
        type={"const": "FeatureCollection"},
        timeStamp=_TEXT,
        numberMatched=_COUNT,
        numberReturned=_COUNT,
        links=_list(_reference("Link")),
        features=_list(_reference("Feature")),
    ),
}
"""Schemas of the answers, by their names in `Resource.schema`."""

RESOURCES: Final[tuple[Resource, ...]] = (
    Resource(
        DESCRIPTION_PATH,
        Text("本说明", "this description"),
        lambda _: describe(),
        "Description",
        media_type=DESCRIPTION_TYPE,
    ),
    *API_RESOURCES,
    *FEATURE_RESOURCES,
)
"""Every address for other programs, one entry each."""
