"""HTTP routes of the app beside its pages; every parameter is validated.

An endpoint imports what answers it at its first request, so that the server listens before the tables' libraries are
loaded.
"""

from typing import Final

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.server.frontend import SCRIPT_ROUTE, serve_document, serve_script
from app.server.gate import Gate
from app.server.metrics import Meter, serve_metrics
from app.server.rate_limit import RateLimit
from app.server.security import Guard
from app.server.snapshot import serve_kept_marks
from app.server.uploads import UploadLimit
from app.setup.assets import ASSETS_ROUTE, asset


async def serve_asset(request: Request) -> Response:
    """Serve a local script, style or image; names carry the version, so a browser may keep them for good."""
    name = request.path_params["name"]
    try:
        path = asset(name)
    except KeyError:
        return PlainTextResponse("没有这个脚本（no such script）", status_code=404)
    return FileResponse(path, headers={"Cache-Control": "public, max-age=31536000, immutable"})


def _resource(request: Request) -> Response:
    from app.server.openapi import serve_resource

    return serve_resource(request)


async def serve_alive(_request: Request) -> Response:
    """Answer ``ok``, from the loop that answers everybody: one that hangs does not."""
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


def _ready(request: Request) -> Response:
    from app.server.health import serve_ready

    return serve_ready(request)


def _tile(request: Request) -> Response:
    from app.server.tiles import serve_tile

    return serve_tile(request)


def _vector_tile(request: Request) -> Response:
    from app.server.tiles import serve_vector_tile

    return serve_vector_tile(request)


def _basemap_tile(request: Request) -> Response:
    from app.server.basemap_tiles import serve_basemap_tile

    return serve_basemap_tile(request)


def _marks(request: Request) -> Response:
    kept = serve_kept_marks(request)
    if kept:
        return kept
    from app.server.tiles import serve_marks

    return serve_marks(request)


def _places(request: Request) -> Response:
    from app.server.tiles import serve_places

    return serve_places(request)


def _at(request: Request) -> Response:
    from app.server.tiles import serve_at

    return serve_at(request)


def _extent(request: Request) -> Response:
    from app.server.tiles import serve_extent

    return serve_extent(request)


def _export(request: Request) -> Response:
    from app.server.downloads import serve_export

    return serve_export(request)


def _written(request: Request) -> Response:
    from app.server.prerender import serve_written

    return serve_written(request)


MIDDLEWARE: Final = [
    Middleware(Meter),
    Middleware(Guard),
    Middleware(RateLimit),
    Middleware(Gate),
    Middleware(UploadLimit),
]
ROUTES: Final = [
    Route(SCRIPT_ROUTE, serve_script),
    Route(f"{ASSETS_ROUTE}{{name}}", serve_asset),
    Route("/tiles/{set}/{z}/{x}/{y}.png", _tile),
    Route("/tiles/{set}/{z}/{x}/{y}.mvt", _vector_tile),
    Route("/basemaps/{name}/{z}/{x}/{y}", _basemap_tile),
    Route("/marks", _marks),
    Route("/places", _places),
    Route("/at", _at),
    Route("/extent", _extent),
    Route("/exports/{token}", _export),
    Route("/written/{name}", _written),
    Route("/api{path:path}", _resource),
    Route("/ogc{path:path}", _resource),
    Route("/healthz", serve_alive),
    Route("/readyz", _ready),
    Route("/metrics", serve_metrics),
    Route("/{page:page}", serve_document),
]
