"""Routes of the map's enterprises: marks of a few, tiles and badges of many, and what lies under a click.

Every parameter is validated; what is wrong is said in one sentence, Chinese first.  The endpoints are plain
functions, so the server runs them beside its event loop; the kernels they call release the interpreter.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.cache import LruCache
from app.records.permissions import Person
from app.server.datasets import find, served
from app.server.parameters import RefusedError, read_filters, read_integer, read_number
from app.server.sign_in import person_of_request
from app.server.snapshot import map_stands
from geo.crs import Datum
from geo.datasets.dataset import Dataset
from geo.datasets.encoding import as_selection
from geo.enterprises.redact import public_rows
from geo.enterprises.schema import COLUMNS
from geo.errors import DataError
from geo.filters.filters import FILTER_FIELDS, Filters
from geo.index.facets import FacetIndex
from geo.index.tiles import MAX_ZOOM, encode_tile
from geo.index.vector_tiles import encode_points, tile_points
from geo.indicators.timeline import Until, known_until
from geo.roads.store import roads_fingerprint
from layers.base import View
from layers.enterprises import card
from layers.remote import (
    MARKS_LIMIT,
    MOST_CARDS,
    TILE_STYLE,
    area_badges,
    area_title,
    extent,
    is_large,
    marks,
    shifted_store,
)
from layers.tile_source import known_basemaps

RADIUS_PX: Final = 8.0
TILE_LANGS: Final = ("zh", "en")
CACHING: Final = {"Cache-Control": "private, max-age=3600"}
ASKING: Final = {"Cache-Control": "private, no-cache"}
"""For what a map asks at every start, so that the server knows that it stands (`app.server.snapshot`); mostly answered by 304."""

VECTOR_TILE_TYPE: Final = "application/vnd.mapbox-vector-tile"
VECTOR_TILE_COLUMNS: Final = (
    *("enterprise_id", "name", "industry", "zone", "adcode", "recognitions", "evidence"),
    *("location_precision", "location_error_m"),
)
"""What a vector tile says of each enterprise."""

ANSWER_FORMAT: Final = 2
"""Of the answers with marks: a browser that keeps one of another format is given it anew."""

_STYLE: Final = hashlib.sha256(repr(TILE_STYLE).encode()).hexdigest()[:8]


class TileRequest(NamedTuple):
    """What every route is asked: a set, filters, the datum of the base map, the user's language."""

    key: str
    data: Dataset
    filters: Filters
    datum: Datum
    lang: str
    until: Until | None = None

    @property
    def identity(self) -> tuple[Any, ...]:
        """What the answer depends on, without the tables themselves: a cache keeps none of them alive."""
        roads = roads_fingerprint(self.filters.drive)
        return self.data.fingerprint, roads, self.filters, self.datum, self.lang, self.until

    @property
    def view(self) -> View:
        """The view that a card or badge is made for."""
        basemap = next(name for name, basemap in known_basemaps().items() if basemap.datum == self.datum)
        return View(self.lang, basemap)


Prepared = tuple[FacetIndex, NDArray[np.uint8], NDArray[np.bool_] | None]


def _answers(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Turn what is refused into one sentence, and an answer that the browser still has into a 304."""

    @wraps(endpoint)
    def answer(request: Request) -> Response:
        try:
            return endpoint(request)
        except RefusedError as refused:
            headers = {"Cache-Control": "no-store"}
            return PlainTextResponse(str(refused), refused.status, headers)
        finally:
            map_stands()

    return answer


@_answers
def serve_tile(request: Request) -> Response:
    """One tile as PNG: ``/tiles/{set}/{z}/{x}/{y}.png?<filters>``."""
    z, x, y = _tile_of(request)
    asked = _asked(request, str(request.path_params["set"]), ())
    tag = _tag(asked, "tile", _STYLE, z, x, y)
    if _still_there(request, tag):
        return Response(status_code=304, headers=CACHING | {"ETag": tag})
    image = _tiles.get_or_make((*asked.identity, z, x, y), lambda: _draw(asked, z, x, y))
    return Response(image, media_type="image/png", headers=CACHING | {"ETag": tag})


@_answers
def serve_vector_tile(request: Request) -> Response:
    """One tile as vectors: ``/tiles/{set}/{z}/{x}/{y}.mvt?<filters>``, the enterprises with a point of their own."""
    z, x, y = _tile_of(request)
    asked = _asked(request, str(request.path_params["set"]), (), _with_corrections)
    tag = _tag(asked, "mvt", z, x, y)
    if _still_there(request, tag):
        return Response(status_code=304, headers=ASKING | {"ETag": tag})
    tile = _tiles.get_or_make((*asked.identity, "mvt", z, x, y), lambda: _encode(asked, z, x, y))
    return Response(tile, media_type=VECTOR_TILE_TYPE, headers=ASKING | {"ETag": tag})


def _with_corrections(name: str, person: Person) -> Dataset:
    """The dataset that other programs name, with its corrections; or one that the pages serve."""
    try:
        return find(name, person)
    except KeyError:
        return served(name, person)


def _tile_of(request: Request) -> tuple[int, int, int]:
    z, x, y = (read_integer(name, str(request.path_params[name])) for name in ("z", "x", "y"))
    if z > MAX_ZOOM or not (x < 1 << z and y < 1 << z):
        raise RefusedError(404, f"没有这一瓦片：{z}/{x}/{y}（no such tile）")
    return z, x, y


@_answers
def serve_places(request: Request) -> Response:
    """Badges of what is known by area, totals of the districts, account: ``/places?set=&<filters>``."""
    asked = _asked(request, None, ())
    headers = ASKING | {"ETag": _tag(asked, "places", ANSWER_FORMAT, asked.lang)}
    if _still_there(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    content = _contents.get_or_make(("places", *asked.identity), lambda: _as_json(area_badges, asked))
    return Response(content, media_type="application/json", headers=headers)


@_answers
def serve_marks(request: Request) -> Response:
    """The marks of a selection that is not too large for them, with their cards: ``/marks?set=&<filters>``."""
    asked = _asked(request, None, ())
    if is_large(asked.data, asked.filters):
        raise RefusedError(400, f"超过 {MARKS_LIMIT} 家，请用瓦片（more than marks are for, use the tiles）")
    headers = ASKING | {"ETag": _tag(asked, "marks", ANSWER_FORMAT, asked.lang)}
    if _still_there(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    content = _contents.get_or_make(("marks", *asked.identity), lambda: _as_json(marks, asked))
    return Response(content, media_type="application/json", headers=headers)


@_answers
def serve_extent(request: Request) -> Response:
    """Where a selection lies: ``/extent?set=&west=&south=&east=&north=&<filters>``, and how much outside that box."""
    sides = ("west", "south", "east", "north")
    asked = _asked(request, None, sides)
    params = request.query_params
    west, east = (read_number(params, name, -180, 180) for name in ("west", "east"))
    south, north = (read_number(params, name, -85.06, 85.06) for name in ("south", "north"))
    found = extent(asked.data, asked.filters, asked.view, (west, south, east, north), asked.until)
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


@_answers
def serve_at(request: Request) -> Response:
    """What lies under a click, nearest first: ``/at?set=&lon=&lat=&zoom=&<filters>``, or ``place=`` for a badge."""
    asked = _asked(request, None, ("lon", "lat", "zoom", "place"))
    params = request.query_params
    if "place" in params:
        place = read_integer("place", params["place"])
        if place >= len(asked.data.areas.places):
            raise RefusedError(404, f"没有这个地点：{place}（no such place）")
        there = known_until(asked.data, asked.until) if asked.until else True
        chosen = asked.data.mask(asked.filters) & there
        rows = asked.data.areas.at(place, chosen)
        title = area_title(asked.data, place, chosen, asked.view)
    else:
        title = ""
        lon, lat = read_number(params, "lon", -180, 180), read_number(params, "lat", -85.05, 85.05)
        zoom = read_number(params, "zoom", 0, MAX_ZOOM)
        store, _, keep = _prepared_for(asked)
        rows = store.near(lon, lat, RADIUS_PX, zoom, as_selection(asked.filters), keep)
    found = {"count": len(rows), "title": title, "cards": _cards(asked, rows[:MOST_CARDS])}
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


def _cards(asked: TileRequest, rows: NDArray[np.int64]) -> list[dict[str, Any]]:
    view = asked.view
    columns = {name: asked.data.enterprises[name].array for name in COLUMNS}  # cell by cell: a few of millions
    return [card({name: values[row] for name, values in columns.items()}, view) for row in rows]


def _asked(
    request: Request, key: str | None, own: tuple[str, ...], open_set: Callable[[str, Person], Dataset] = served
) -> TileRequest:
    params = request.query_params
    if len(params.multi_items()) > len(params):
        raise RefusedError(
            400, "同一个参数写了两次，几个值请用逗号分开（a parameter twice; separate values by commas）"
        )
    known = {*FILTER_FIELDS, "q", "datum", "lang", "until", *own, *(() if key is not None else ("set",))}
    for name in params:
        if name not in known:
            raise RefusedError(400, f"没有这个参数：{name[:40]}（unknown parameter）")
    key = params.get("set", "") if key is None else key
    try:
        data = open_set(key, person_of_request(request))
    except KeyError:
        raise RefusedError(404, f"没有这个数据集：{key[:40]}，请重新打开页面（no such set）") from None
    except DataError as error:
        raise RefusedError(503, f"数据集打不开：{error.message}（the set cannot be opened）") from None
    filters = read_filters(params)
    datums = {str(basemap.datum): basemap.datum for basemap in known_basemaps().values()}
    datum = datums.get(params.get("datum", "wgs84"))
    if datum is None:
        raise RefusedError(400, f"datum 应为 {'、'.join(datums)} 之一（unknown datum）")
    if params.get("lang", "zh") not in TILE_LANGS:
        raise RefusedError(400, "lang 应为 zh 或 en（unknown language）")
    try:
        until = Until.parse(params["until"]) if "until" in params else None
    except DataError as error:
        raise RefusedError(400, f"until {error}（unknown year）") from None
    return TileRequest(key, data, filters, datum, params.get("lang", "zh"), until)


def _tag(asked: TileRequest, *parts: object) -> str:
    roads = roads_fingerprint(asked.filters.drive)
    text = "|".join(
        map(str, (asked.data.fingerprint, roads, asked.datum, asked.filters.to_query(), asked.until, *parts))
    )
    return f'"{hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]}"'


def _still_there(request: Request, tag: str) -> bool:
    held = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    return tag in held or "*" in held


_stores: Final[LruCache[tuple[Any, ...], FacetIndex]] = LruCache(3)
_prepared: Final[LruCache[tuple[Any, ...], Prepared]] = LruCache(24)
_contents: Final[LruCache[tuple[Any, ...], bytes]] = LruCache(64)
_tiles: Final[LruCache[tuple[Any, ...], bytes]] = LruCache(2048)


def _prepare(asked: TileRequest) -> Prepared:
    data, datum = asked.data, asked.datum
    store = data.facet_index
    if datum != "wgs84":
        store = _stores.get_or_make((data.fingerprint, datum), lambda: shifted_store(data, datum))
    keep = data.keep(asked.filters)
    if asked.until:
        there = known_until(data, asked.until)
        keep = there if keep is None else keep & there
    return store, store.lookup(as_selection(asked.filters)), keep


def _prepared_for(asked: TileRequest) -> Prepared:
    return _prepared.get_or_make(asked.identity, lambda: _prepare(asked))


def _draw(asked: TileRequest, z: int, x: int, y: int) -> bytes:
    store, lut, keep = _prepared_for(asked)
    return encode_tile(store, z, x, y, lut, TILE_STYLE, keep)


def _encode(asked: TileRequest, z: int, x: int, y: int) -> bytes:
    """A vector tile: its enterprises, or in the layer of counts how many stand in each square."""
    store, lut, keep = _prepared_for(asked)
    points = tile_points(store, z, x, y, lut, keep)
    if len(points.counts):
        return encode_points("counts", points, {"count": points.counts.tolist()})
    table = asked.data.enterprises
    rows = public_rows(pd.DataFrame({name: table[name].array.take(points.rows) for name in VECTOR_TILE_COLUMNS}))
    properties = {
        name: [None if pd.isna(value) else value for value in rows[name].astype(object)] for name in rows.columns
    }
    return encode_points("enterprises", points, properties)


def _as_json(draw: Callable[..., dict[str, Any]], asked: TileRequest) -> bytes:
    return bytes(JSONResponse(draw(asked.data, asked.filters, asked.view, asked.until)).body)
