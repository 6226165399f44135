"""The route of the base maps that stand in a file: one tile at a time, to whom the pages are open."""

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.server.parameters import RefusedError, read_integer
from app.server.tiles import CACHING, VECTOR_TILE_TYPE
from geo.errors import DataError
from layers.tile_archive import media_type, open_archive
from layers.tile_source import DEEPEST_ZOOM, known_basemaps


def serve_basemap_tile(request: Request) -> Response:
    """One tile of a base map in a file: ``/basemaps/{name}/{z}/{x}/{y}``; 204 where the file has none."""
    try:
        return _basemap_tile(request)
    except RefusedError as refused:
        return PlainTextResponse(str(refused), refused.status, {"Cache-Control": "no-store"})
    except DataError as error:
        sentence = f"底图打不开：{error.message}（the base map cannot be opened）"
        return PlainTextResponse(sentence, 503, {"Cache-Control": "no-store"})


def _basemap_tile(request: Request) -> Response:
    name = str(request.path_params["name"])
    basemap = known_basemaps().get(name)
    z, x, y = (read_integer(part, str(request.path_params[part])) for part in ("z", "x", "y"))
    if basemap is None or not basemap.file:
        raise RefusedError(404, f"没有这个底图文件：{name[:40]}（no such base map）")
    if z > DEEPEST_ZOOM or not (x < 1 << z and y < 1 << z):
        raise RefusedError(404, f"没有这一瓦片：{z}/{x}/{y}（no such tile）")
    archive = open_archive(Path(basemap.file))
    tile = archive.tile(z, x, y) or b""
    kind = media_type(tile)
    headers = CACHING | {"ETag": f'"{hashlib.sha256(tile).hexdigest()[:24]}"'}
    if not tile or not (archive.vector or kind.startswith("image/")):
        return Response(status_code=204, headers=CACHING)
    if request.headers.get("if-none-match", "").removeprefix("W/") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if archive.vector and kind == "gzip":
        headers["Content-Encoding"] = "gzip"
    return Response(tile, media_type=VECTOR_TILE_TYPE if archive.vector else kind, headers=headers)
