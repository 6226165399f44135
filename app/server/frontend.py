"""The page that a browser loads first: Streamlit's own, with a script that says Streamlit's words in the user's language.

Streamlit has no translations.  Its words stand in `app/locale` under ``streamlit.``, English as Streamlit says them;
`frontend.js` exchanges them where they appear, and gives the document its language.  `history.js` keeps one entry of the
browser's history for each thing that the user does, and `sign_in.js` the page that was asked for while somebody signs in.
"""

import hashlib
import importlib.util
import json
import re
from functools import cache
from pathlib import Path
from typing import Final

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from app.i18n import LANGS, MESSAGES, word

WORDS_PREFIX: Final = "streamlit."
SCRIPT_ROUTE: Final = "/assets/frontend.js"


class PagePath(Convertor[str]):
    """The part of an address that names a page, whether there is such a page or not; a file's name is none."""

    regex = "[a-z_]*"

    def convert(self, value: str) -> str:
        """The name as it stands in the address."""
        return value

    def to_string(self, value: str) -> str:
        """The name as it stands in an address."""
        return value


register_url_convertor("page", PagePath())


@cache
def script() -> str:
    """The words that are exchanged, English and Chinese, and the scripts that stand before Streamlit's own."""
    keys = [key for key in MESSAGES["en"] if key.startswith(WORDS_PREFIX)]
    pairs = [[MESSAGES["en"][key], MESSAGES["zh"][key]] for key in keys]
    words = json.dumps(pairs, ensure_ascii=False)
    parts = [
        Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8")
        for name in ("sign_in", "frontend", "history")
    ]
    return "\n".join([f"const STREAMLIT_WORDS = {words};", *parts])


@cache
def document(lang: str) -> str:
    """Streamlit's first page, with our script before all others.

    Examples
    --------
    >>> '<html lang="zh-CN">' in document("zh"), "<title>Streamlit</title>" in document("zh")
    (True, False)
    """
    package = importlib.util.find_spec("streamlit")
    assert package
    assert package.origin
    html = (Path(package.origin).parent / "static" / "index.html").read_text(encoding="utf-8")
    address = f"{SCRIPT_ROUTE}?{hashlib.sha256(script().encode()).hexdigest()[:12]}"
    title = f'<title>{word("app.title", lang)}</title>\n    <script src="{address}"></script>'
    html = html.replace("<title>Streamlit</title>", title)
    html = html.replace('<html lang="en">', f'<html lang="{"zh-CN" if lang == "zh" else lang}">')
    return re.sub(
        r"<noscript>.*?</noscript>", f"<noscript><p>{word('app.noscript', lang)}</p></noscript>", html, flags=re.S
    )


async def serve_document(request: Request) -> Response:
    """Serve the first page; the address may name a language."""
    asked = request.query_params.get("lang", "")
    return HTMLResponse(document(asked if asked in LANGS else "zh"), headers={"Cache-Control": "no-cache"})


async def serve_script(_request: Request) -> Response:
    """Serve the script; its address carries the hash of its content, so a browser may keep it for good."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return PlainTextResponse(script(), headers=headers, media_type="text/javascript")
