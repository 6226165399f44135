"""The map of a selection as one file to take along."""

from __future__ import annotations

from pathlib import Path

from app.assets import AssetError, inline, serve_folium_scripts
from app.settings import Settings
from geo.datasets import Datasets
from geo.errors import DataError
from geo.filters import Filters
from layers.document import render_html
from layers.view import View


def write_html(data: Datasets, filters: Filters, out: Path, lang: str = "zh") -> None:
    """Write the map of a selection as one self-contained HTML file, whole or not at all.

    Raises
    ------
    DataError
        When the file cannot be written, or the local scripts have not been set up.
    """
    write_whole(html_of(data, filters, lang), out)


def write_whole(text: str, out: Path) -> None:
    """Write a text to a file, whole or not at all.

    Raises
    ------
    DataError
        When the file cannot be written.
    """
    partial = out.with_name(f"{out.name}.part")
    try:
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(out)
    except OSError as error:
        raise DataError("文件无法写入", file=out, cause=error.strerror or str(error)) from error
    finally:
        if partial.parent.is_dir():
            partial.unlink(missing_ok=True)


def html_of(data: Datasets, filters: Filters, lang: str = "zh") -> str:
    """The document itself; arguments as in `write_html`."""
    serve_folium_scripts()
    view = View(lang=lang, approval=Settings.from_environment().approval)
    return render_html(data, filters, view, read_script)


def read_script(url: str) -> str:
    """Text of a local script or style.

    Raises
    ------
    DataError
        When the local scripts have not been set up.
    """
    try:
        return inline(url)
    except (KeyError, AssetError) as error:
        raise DataError("页面脚本缺失", value=error, cause="尚未安装，请运行 make setup") from error
