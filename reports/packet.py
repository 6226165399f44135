"""The packet of a selection: one file to take along, offered in the app and written by the command line."""

import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast
from xml.etree.ElementTree import Element

import geopandas as gpd
import numpy as np
import pandas as pd
from branca.element import Figure

from geo.catalog import catalogue
from geo.codes.options import DOUBTFUL_EVIDENCE
from geo.datasets.dataset import Dataset
from geo.datasets.profile import Fact, profile_of, recognitions_of
from geo.enterprises.redact import public_rows
from geo.enterprises.schema import COLUMN_LABELS
from geo.errors import DataError
from geo.filters.drive import drive_note
from geo.filters.filters import Filters, options
from geo.text import Text
from layers.base import INDUSTRY_COLOURS, View
from layers.map import build_map
from layers.reference import BLUE, CRIMSON
from layers.remote import is_large
from reports.html import Bar, Child, Part, content_policy, draw_bars, html_of, inlined, link, node, table

OTHER_COLOUR: Final = "#6B7280"
_LISTED_COLUMNS: Final = ("zone", "district", "town", "park", "industry", "recognitions")
_USED: Final = ("parks", "district_boundaries", "land", "zones", "towns", "roads")


@dataclass
class Contents:
    """What a packet is about: the selection, the rows that get a card, and the sources they name so far."""

    data: Dataset
    filters: Filters
    view: View
    date: str
    sentence: str
    total: int
    listed: gpd.GeoDataFrame
    sources: dict[tuple[str, str], int] = field(default_factory=dict)

    def word(self, zh: str, en: str) -> str:
        """Pick the word of the packet's language."""
        return self.view.word(zh, en)

    def name(self, facet: str, code: str) -> str:
        """Name of a code of a facet."""
        return options(facet).get(code, Text(code, code)).of(self.view.lang) if code else ""

    def count(self, **values: Collection[str]) -> int:
        """Number of selected enterprises with one of the values in each facet."""
        return self.data.count(self.filters, **values)

    def cite(self, title: str, url: str) -> Element | None:
        """The number of a source as a link to the list at the end; None where there is no source."""
        if not title:
            return None
        number = self.sources.setdefault((title, url), len(self.sources) + 1)
        return node("a", f"[{number}]", href=f"#source-{number}", class_="cite")

    def evidence(self, fact: Fact) -> Child:
        """What a fact is known by, marked where that is nothing."""
        return self.doubt() if fact.doubtful else fact.evidence

    def doubt(self) -> Element:
        """The mark of what is not verified."""
        return node("em", self.word("待核实", "unverified"), class_="doubt")


def draw_head(contents: Contents) -> Element:
    """Title, selection in words, figures, and what the list behind it is."""
    word, data, total = contents.word, contents.data, contents.total
    sourced = contents.count(evidence=["source"])
    doubtful = contents.count(evidence=sorted(DOUBTFUL_EVIDENCE))
    listed, left_out = len(contents.listed), data.left_out(contents.filters)
    title = word(data.title, "built-in sample") if data.built_in else data.title
    facts = [
        (word("所选企业", "Selected"), f"{contents.count():,}"),
        (word("核：临港", "Core: Lingang"), f"{contents.count(zone=['core']):,}"),
        (word("带：近郊五区", "Belt: five districts"), f"{contents.count(zone=['belt']):,}"),
    ]
    if sourced or data.built_in:  # an imported list has no published source: its own name says where it is from
        facts.append((word("所在区来源可查", "District with a source"), f"{sourced:,}"))
    facts.append((word("所在区待核实或未知", "District unverified or unknown"), f"{doubtful:,}"))
    kind = "" if data.built_in else word("导入的名单 ", "imported list ")
    sample = word(
        f"数据：{kind}{title}，截至 {data.date}；本文件生成于 {contents.date}。",
        f"Data: {kind}{title}, as of {data.date}; this file was made on {contents.date}.",
    )
    if data.built_in:
        sample += word(
            "内置样本不是全部企业，也不是官方名单全集。",
            " The built-in sample holds neither all enterprises nor the full official lists.",
        )
    return node(
        "header",
        synthetic_mark(contents),
        node("h1", word("一核一带 · 企业资料", "One core, one belt · Enterprises")),
        node("p", contents.sentence, class_="sentence"),
        node("dl", *(node("div", node("dt", label), node("dd", value)) for label, value in facts), class_="figures"),
        node("p", sample),
        node("p", _how_many(contents, listed), class_="bound") if listed < total else None,
        node("p", _left_out(contents, left_out), class_="bound") if left_out else None,
        *(node("p", said, class_="bound") for said in drive_note(contents.filters.drive, contents.view.lang)),
        node("p", word("没有企业符合这一筛选。", "No enterprise matches these filters.")) if not total else None,
    )


def _how_many(contents: Contents, listed: int) -> str:
    return contents.word(
        f"共 {contents.total:,} 家，名单与卡片只收前 {listed:,} 家；地图与图表按全部 {contents.total:,} 家。"
        "要带走其余的，请缩小筛选。",
        f"{contents.total:,} are selected; list and cards hold the first {listed:,}, map and charts count all of them. "
        "Narrow the filters to take the others along.",
    )


def _left_out(contents: Contents, left_out: int) -> str:
    return contents.word(
        f"另有 {left_out:,} 家符合其余条件，但没有自己的点位，无法判断距离与范围，未计入。",
        f"{left_out:,} more meet the other conditions but have no point of their own: whether they lie within the distance "
        "or area cannot be judged, so they are not counted.",
    )


def synthetic_mark(contents: Contents) -> Element | None:
    """The mark of made-up data."""
    if not contents.data.synthetic:
        return None
    said = contents.word("合成数据：这些企业是虚构的", "Synthetic data: these enterprises are made up")
    return node("p", said, class_="synthetic")


def draw_figures(contents: Contents) -> Element:
    """Enterprises by district and by industry, all selected ones counted."""
    word, count = contents.word, contents.count
    districts = []
    for code, names in options("district").items():
        core, belt = count(district=[code], zone=["core"]), count(district=[code], zone=["belt"])
        rest = count(district=[code]) - core - belt
        if core + belt + rest:
            parts = (Part(core, CRIMSON, True), Part(belt, BLUE), Part(rest, OTHER_COLOUR))
            note = word(f"核内 {core:,}", f"{core:,} in core") if core else ""
            districts.append(Bar(names.of(contents.view.lang), parts, note))
    industries = [
        Bar(names.of(contents.view.lang), (Part(n, INDUSTRY_COLOURS.get(code, OTHER_COLOUR)),))
        for code, names in options("industry").items()
        if (n := count(industry=[code]))
    ]
    by_district = word("各区企业数（家）", "Enterprises by district")
    by_industry = word("各行业企业数（家）", "Enterprises by industry")
    nothing = word("没有内容。", "Nothing to show.")
    key = word(
        "斜纹红：核（临港）；蓝：带；灰：其他区与未定位。",
        "Hatched red: core (Lingang); blue: belt; grey: other districts and unplaced.",
    )
    return node(
        "section",
        node("h2", word("图", "Charts")),
        node("h3", by_district),
        draw_bars(by_district, districts, "district") if districts else nothing,
        node("p", key, class_="note"),
        node("h3", by_industry),
        draw_bars(by_industry, industries, "industry") if industries else nothing,
        id="charts",
    )


def draw_list(contents: Contents) -> Element:
    """The enterprises line by line, each leading to its card."""
    word, lang = contents.word, contents.view.lang
    rows: list[list[Child]] = []
    for number, row in enumerate(contents.listed.to_dict("records"), start=1):
        profile = profile_of(row, lang)
        said = {fact.column: fact for facts in profile.facts.values() for fact in facts}
        title = node("a", profile.name, href=f"#firm-{number}")
        cells = [said[name].value if name in said else "" for name in _LISTED_COLUMNS]
        district = said.get("district")
        evidence = contents.doubt() if profile.unverified else district and district.evidence
        rows.append([node("span", node("span", f"{number} ", class_="number"), title), *cells, evidence])
    head = [COLUMN_LABELS[name].of(lang) for name in ("name", *_LISTED_COLUMNS, "evidence")]
    caption = word(f"名单（{len(rows):,} 家）", f"List ({len(rows):,} enterprises)")
    return node("section", node("h2", word("名单", "List")), _or_nothing(contents, head, rows, caption), id="list")


def _or_nothing(contents: Contents, head: list[str], rows: list[list[Child]], caption: str) -> Element:
    return table(head, rows, caption) if rows else node("p", contents.word("没有内容。", "Nothing to list."))


def draw_cards(contents: Contents) -> Element:
    """A card of each listed enterprise: facts, recognitions, sources by their numbers."""
    recognitions = {str(name): rows for name, rows in contents.data.recognitions.groupby("name")}
    cards = [
        _draw_card(contents, number, row, recognitions.get(row["name"]))
        for number, row in enumerate(contents.listed.to_dict("records"), start=1)
    ]
    inside = cards or [node("p", contents.word("没有内容。", "Nothing to list."))]
    heading = node("h2", contents.word("企业卡片", "Cards"))
    return node("section", heading, node("div", *inside, class_="cards"), id="cards")


def _draw_card(contents: Contents, number: int, row: dict[str, Any], held: pd.DataFrame | None) -> Element:
    profile = profile_of(row, contents.view.lang)
    recognised = [] if held is None else recognitions_of(held, contents.view.lang)
    elsewhere = ("name", "recognitions") if recognised else ("name",)  # said in the heading, and one by one below
    facts = [fact for section in profile.facts.values() for fact in section if fact.column not in elsewhere]
    lines = [
        node(
            "div",
            node("dt", fact.label),
            node("dd", fact.value, " ", contents.evidence(fact), " ", contents.cite(fact.source, fact.url)),
        )
        for fact in [*facts, *recognised]
    ]
    return node(
        "article",
        node("h3", f"{number} ", profile.name, " ", contents.doubt() if profile.unverified else None),
        node("dl", *lines),
        id=f"firm-{number}",
    )


def draw_parks(contents: Contents) -> Element:
    """The parks of the districts that the selection touches."""
    word, parks = contents.word, contents.data.parks
    touched = [code for code in options("district") if contents.count(district=[code])]
    near = parks[parks["adcode"].isin(touched)]
    rows: list[list[Child]] = []
    for park in near.itertuples():
        area = f"{park.area_km2:,.2f}" if pd.notna(park.area_km2) else ""
        source = contents.cite(park.source_title, park.source_url)
        evidence = word("来源可查", "Published source") if park.evidence == "source" else contents.doubt()
        cited = node("span", evidence, " ", source)
        rows.append([park.name, contents.name("district", park.adcode), park.category, area, park.year_listed, cited])
    head = [word("园区", "Park"), word("区", "District"), word("类别", "Category")]
    head += [word("公布面积（km²）", "Published area (km²)"), word("列入年份", "Listed in"), word("证据", "Evidence")]
    caption = word(
        f"所选企业所在各区的园区（{len(rows)} 个，不是全部园区）",
        f"Parks of the districts selected ({len(rows)}, not all parks there)",
    )
    return node("section", node("h2", word("园区", "Parks")), _or_nothing(contents, head, rows, caption), id="parks")


def draw_sources(contents: Contents) -> Element:
    """Every source that was cited, by number, and the data behind map and list; after all other sections."""
    word, english = contents.word, contents.view.lang == "en"
    cited = [
        node("li", link(title, url), id=f"source-{number}", value=str(number))
        for (title, url), number in contents.sources.items()
    ]
    rows: list[list[Child]] = []
    if not contents.data.built_in:
        said = word("导入的名单，许可由提供者而定", "imported list; its provider says what is allowed")
        rows.append([contents.data.title, said, "", "", node("span", contents.data.date, class_="date")])
    recognised = (contents.listed["recognitions"].fillna("") != "").any()
    own = ("enterprises",) if contents.data.built_in else ()
    for entry in (catalogue()[name] for name in (*own, *(("recognitions",) if recognised else ()), *_USED)):
        source = link(entry.source, entry.url)
        title, day = entry.title_en if english else entry.title_zh, node("span", entry.retrieved, class_="date")
        rows.append([title, source, entry.licence, entry.attribution, day])
    head = [word("数据", "Data"), word("来源", "Source"), word("许可", "Licence"), word("署名", "Attribution")]
    head.append(word("取得日期", "Retrieved"))
    return node(
        "section",
        node("h2", word("来源", "Sources")),
        node("ol", *cited) if cited else node("p", word("没有引用来源。", "No source is cited.")),
        table(head, rows, word("所用数据", "Data used")),
        id="sources",
    )


MAX_CARDS: Final = 200
"""Enterprises with a line and a card of their own; map and charts hold all that are selected."""

_STYLE: Final = Path(__file__).with_name("static") / "packet.css"
_RANDOM: Final = re.compile(r"(?<=_)[0-9a-f]{32}(?![0-9a-f])")
_HASH: Final = re.compile(r'(?<=<code id="packet-hash">)[0-9a-f]{64}(?=</code>)')
_NOT_YET: Final = "0" * 64


def render_packet(
    data: Dataset,
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
    data : Dataset
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
        sentence or data.sentence(filters, view.lang),
        len(selected),
        public_rows(data.enterprises.iloc[selected[:MAX_CARDS]]),
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
        f'<!DOCTYPE html>\n<html lang="{lang}" class="x-paper">\n<head>\n<meta charset="utf-8">\n{content_policy(head + script)}\n'
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


def _map(data: Dataset, filters: Filters, view: View, read_asset: Callable[[str], str]) -> tuple[str, str, str]:
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
