"""The packet: one HTML file of a selection to take along, map, charts, list, cards, parks and sources in it.

It asks nothing from outside and forbids itself to: its policy lets the scripts run whose hashes it names, and no
others.  It holds what `geo.public` lets leave, and the hash of its own text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast
from xml.etree.ElementTree import Element

import numpy as np
from branca.element import Figure

from geo.datasets import Datasets
from geo.errors import DataError
from geo.filters import Filters
from geo.public import public_rows
from layers.document import inlined
from layers.map import build_map
from layers.markup import html_of, node
from layers.packet_sections import (
    Contents,
    draw_cards,
    draw_figures,
    draw_head,
    draw_list,
    draw_parks,
    draw_sources,
    synthetic_mark,
)
from layers.tiles import is_large
from layers.view import View

MOST: Final = 200
"""Enterprises with a line and a card of their own; map and charts hold all that are selected."""

_STYLE: Final = Path(__file__).with_name("packet.css")
_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_RANDOM: Final = re.compile(r"(?<=_)[0-9a-f]{32}(?![0-9a-f])")
_HASH: Final = re.compile(r'(?<=<code id="packet-hash">)[0-9a-f]{64}(?=</code>)')
_NOT_YET: Final = "0" * 64


def render_packet(
    data: Datasets,
    filters: Filters,
    view: View,
    read_asset: Callable[[str], str],
    *,
    date: str,
    sentence: str = "",
) -> str:
    """The packet of a selection as one HTML document.

    Parameters
    ----------
    data : Datasets
        All tables; the filters are applied here, the order is that of the table.
    filters : Filters
    view : View
        An online base map is refused: the document would ask for it.
    read_asset : callable
        From the address of a script or style to its text.
    date : str
        Day on which the packet is made, ISO 8601.
    sentence : str
        The selection in words; that of the filters when not given.

    Returns
    -------
    str
        The same text for the same arguments.

    Raises
    ------
    DataError
        When the view has an online base map.
    """
    if view.basemap != "offline":
        raise DataError("资料包只能用离线底图", value=view.basemap, expected="offline")
    selected = np.flatnonzero(data.mask(filters))
    contents = Contents(
        data,
        filters,
        view,
        date,
        sentence or filters.sentence(len(selected), view.lang),
        len(selected),
        public_rows(data.enterprises.iloc[selected[:MOST]]),
    )
    head, place, script = _map(data, filters, view, read_asset)
    sections = [draw(contents) for draw in (draw_figures, draw_list, draw_cards, draw_parks, draw_sources)]
    body = "\n".join(
        [
            html_of(draw_head(contents)),
            html_of(_contents_list(contents)),
            "<main>",
            _map_section(contents, place),
            *map(html_of, sections),
            "</main>",
            html_of(_foot(contents)),
        ]
    )
    title = html_of(node("title", f"{view.word('一核一带', 'One core, one belt')} · {contents.sentence}"))
    lang = "en" if view.lang == "en" else "zh-CN"
    page = (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n{_policy(head + script)}\n'
        f"{title}\n{head}\n"
        f"<style>{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n{body}\n{script}\n</body>\n</html>\n"
    )
    return _HASH.sub(_digest(page), page)


def verify_packet(page: str) -> bool:
    """Whether a packet is, letter by letter, what was written.

    Raises
    ------
    DataError
        When the text is no packet.
    """
    found = _HASH.findall(page)
    if len(found) != 1:
        raise DataError("这不是资料包：找不到它的校验值", expected="python -m app packet 写出的 html 文件")
    return found[0] == _digest(_HASH.sub(_NOT_YET, page))


def _digest(page: str) -> str:
    return hashlib.sha256(page.encode("utf-8")).hexdigest()


def _map(data: Datasets, filters: Filters, view: View, read_asset: Callable[[str], str]) -> tuple[str, str, str]:
    """Head, place and script of the map; the random names that Folium gives are numbered instead."""
    if is_large(data, filters):
        chart = build_map(data, view, filters)
    else:
        chart = build_map(data.with_enterprises(public_rows(data.select(filters))), view)
    figure = cast(Figure, chart.get_root())
    figure.render()
    parts = [figure.header.render(), figure.html.render(), f"<script>{figure.script.render()}</script>"]
    numbers: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return numbers.setdefault(match[0], str(len(numbers) + 1))

    head, place, script = (_RANDOM.sub(number, part) for part in parts)
    return inlined(head, read_asset), place, script


def _policy(scripts: str) -> str:
    """The content security policy: nothing from outside, and no script but these."""
    hashes = [hashlib.sha256(text.encode("utf-8")).digest() for text in _SCRIPT.findall(scripts)]
    allowed = " ".join(f"'sha256-{base64.b64encode(value).decode()}'" for value in dict.fromkeys(hashes))
    rules = f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    return f'<meta http-equiv="Content-Security-Policy" content="{rules}">'


def _contents_list(contents: Contents) -> Element:
    word = contents.word
    parts = {
        "where": word("地图", "Map"),
        "charts": word("图", "Charts"),
        "list": word("名单", "List"),
        "cards": word("企业卡片", "Cards"),
        "parks": word("园区", "Parks"),
        "sources": word("来源", "Sources"),
    }
    links = [node("a", text, href=f"#{key}") for key, text in parts.items()]
    made = node("nav", *links)
    made.set("aria-label", word("目录", "Contents"))
    return made


def _map_section(contents: Contents, place: str) -> str:
    word = contents.word
    undrawn = contents.count(precision=["none"])
    note = word("上方为北；比例尺在图的下角。", "North is up; the scale bar is in a lower corner.")
    note += word(
        f"{undrawn:,} 家没有可用的位置，未画在图上。", f" {undrawn:,} have no usable location and are not drawn."
    )
    heading = html_of(node("h2", word("地图", "Map")))
    return f'<section id="where">{heading}<div class="map">{place}</div>{html_of(node("p", note, class_="note"))}</section>'


def _foot(contents: Contents) -> Element:
    word, view = contents.word, contents.view
    number = view.approval or word("示意图，未配置审图号", "schematic, no map approval number configured")
    check = word(
        "本文件的校验值（SHA-256，计算时此处为 64 个 0）；用 python -m app packet 文件 --verify 核对：",
        "Hash of this file (SHA-256, with 64 zeros in this place); verified by python -m app packet FILE --verify: ",
    )
    private = word(
        "不含个人信息：只收规范列，电话、邮箱与证件号码一律略去。",
        "No personal data: canonical columns only, without telephone numbers, mailboxes or identity numbers.",
    )
    return node(
        "footer",
        synthetic_mark(contents),
        node("p", word("审图号：", "Map approval: "), number),
        node("p", private),
        node("p", check, node("code", _NOT_YET, id="packet-hash")),
    )
