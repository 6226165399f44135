"""The app's HTTP routes beside the pages; every parameter is validated."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from app import exports, tiles
from app.assets import ROUTE, asset


async def serve_asset(request: Request) -> Response:
    """Serve a local script, style or image; names carry the version, so a browser may keep them for good."""
    name = request.path_params["name"]
    try:
        path = asset(name)
    except KeyError:
        return PlainTextResponse("没有这个脚本（no such script）", status_code=404)
    return FileResponse(path, headers={"Cache-Control": "public, max-age=31536000, immutable"})


ROUTES: Final = [Route(f"{ROUTE}{{name}}", serve_asset), *tiles.ROUTES, *exports.ROUTES]
