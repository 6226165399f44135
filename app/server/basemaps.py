"""The base map of a set, the same for every page that draws on it, and the tiles of one that stands in a file."""

import hashlib
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.cache import LruCache
from app.server.datasets import serve, starting_set
from app.server.parameters import RefusedError, read_integer
from app.server.prerender import PrerenderedMap, write
from app.server.tiles import CACHING, VECTOR_TILE_TYPE
from app.settings import Settings
from app.setup.assets import serve_folium_scripts
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from layers.base import Legend, View
from layers.map import base_map
from layers.tile_archive import media_type, open_archive
from layers.tile_source import DEEPEST_ZOOM, known_basemaps

MAX_CACHED_MAPS: Final = 32

_maps: Final[LruCache[tuple[str, View, Legend | None, bool], PrerenderedMap]] = LruCache(MAX_CACHED_MAPS)


def write_first() -> None:
    """Have the base map that a user sees who opens the app."""
    serve_folium_scripts()
    data = starting_set()
    written_base(serve(data), first_view("zh"), data)


def first_view(lang: str) -> View:
    """How a user sees the map who has not chosen a base map."""
    settings = Settings.from_environment()
    return View(lang, key=settings.tianditu_key, approval=settings.approval)


def written_base(
    set_id: str, view: View, data: Dataset, subject: Legend | None = None, *, small: bool = False, first: bool = False
) -> PrerenderedMap:
    """The base map of a set and view, drawn and written once for all users.

    Parameters
    ----------
    set_id : str
        Tells the sets apart, in the place of their tables.
    view : View
    subject : Legend, optional
        Legend of what a page draws in the place of the enterprises.
    small : bool
        A map beside a text: it neither remembers where the user was nor offers to follow an enterprise.
    first : bool
        The map of the map page, which does both whatever it shows.
    """
    of_enterprises = first or (subject is None and not small)
    follow = set_id if of_enterprises else ""
    return _maps.get_or_make(
        (set_id, view, subject, of_enterprises),
        lambda: write(base_map(data, view, remember=of_enterprises, follow=follow, subject=subject), data.key),
    )


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
