"""The brief as slides that compare one to four places: real tables, charts that can be edited, sources on every slide.

All figures are those of `reports.brief_tables`, which the Word brief says too.
"""

import io
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

import pandas as pd
from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from geo.codes.recognitions import load_kinds
from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.filters.filters import options
from layers.base import View
from layers.escape import plain
from reports.brief import draw_place
from reports.brief_facts import MAX_SLIDE_PLACES, Brief
from reports.brief_tables import BriefTable, BriefTables, Citations, mark_of
from reports.docx import FONT, LATIN
from reports.figure_frame import wrapped

_WIDTH_PT, _HEIGHT_PT, _SIDE_PT = 960, 540, 40
_BODY_TOP_PT, _BODY_PT = 84, 376
"""Where what a slide shows begins, and how high it may be [pt]."""

_INK, _GREY, _LINE, _HEAD = (RGBColor.from_string(code) for code in ("1F2933", "5B6470", "C4C9D0", "EEF1F4"))
_SERIES_COLOURS: Final = ("1F5AA6", "B3123B", "0F766E", "E69F00", "9AA3AF")
"""One for each place, and the last for the whole list."""

_TABLE_PT: Final = 10.5
_CITED: Final = re.compile(r"\[(\d{1,4})\]")
_MAX_CITED: Final = 12
"""Sources that have room at the foot of a slide."""

_CITED_CHARACTERS: Final = 70
"""Half characters of a source's title at the foot; the last slides have it whole."""


def write_slides(data: Dataset, briefs: Sequence[Brief], view: View, word: Callable[..., str]) -> bytes:
    """The slides as the bytes of a pptx file.

    Parameters
    ----------
    data : Dataset
    briefs : sequence of Brief
        One for each place, at most `MAX_SLIDE_PLACES`.
    view : View
    word : callable
        Gives the message of a key in the language of the view.

    Raises
    ------
    DataError
        When there is no place, a place twice, or too many; or no Chinese font for the maps is installed.
    """
    places = [brief.place for brief in briefs]
    if not 1 <= len(set(places)) == len(places) <= MAX_SLIDE_PLACES:
        raise DataError(
            "演示稿比较 1 到 4 个不同的地方（one to four different places）",
            value="、".join(places),
            expected="310114,310117",
        )
    out = io.BytesIO()
    _Deck(data, briefs, view, word).file.save(out)
    return out.getvalue()


class _Deck:
    """Slides being written, one after the other; every text is plain."""

    def __init__(self, data: Dataset, briefs: Sequence[Brief], view: View, word: Callable[..., str]) -> None:
        self.data, self.briefs, self.view, self.word = data, briefs, view, word
        self.citations = Citations(word)
        self.tables = [BriefTables(data, brief, view, word, self.citations) for brief in briefs]
        self.names = [table.name for table in self.tables]
        self.mark = mark_of(data, view)
        self.file = Presentation()
        self.file.slide_width, self.file.slide_height = Pt(_WIDTH_PT), Pt(_HEIGHT_PT)
        _set_theme_fonts(self.file)
        self.title = word("brief.title", name=" · ".join(self.names))
        self.file.core_properties.title, self.file.core_properties.author = plain(self.title), ""
        self.file.core_properties.language = "zh-CN" if view.lang == "zh" else "en"
        for part in (
            self.lead,
            self.maps,
            self.figures,
            self.industries,
            self.quotients,
            self.statistics,
            self.parks,
            self.recognised,
            self.targets,
            self.sources,
        ):
            part()

    def lead(self) -> None:
        """Say what is compared, and from which list."""
        slide = self.slide(self.title, [f"[1] {self.citations.titles[0]}"])
        lines = [self.mark, *(table.basis() for table in self.tables), *(table.standing() for table in self.tables)]
        self.say(slide, list(dict.fromkeys(line for line in lines if line)), 13)

    def maps(self) -> None:
        """A map of each place."""
        for brief, table in zip(self.briefs, self.tables, strict=True):
            title = self.word("brief.map", name=table.name)
            slide = self.slide(title)
            image = io.BytesIO(draw_place(self.data, brief, self.view, title))
            picture = slide.shapes.add_picture(image, Pt(0), Pt(_BODY_TOP_PT - 6), height=Pt(_BODY_PT + 8))
            picture.left = Emu((self.file.slide_width - picture.width) // 2)
            picture._element.nvPicPr.cNvPr.set("descr", plain(title))

    def figures(self) -> None:
        """The key figures side by side, as a table and as a chart."""
        found = [{row[0]: row[1] for row in table.figures().rows} for table in self.tables]
        title, rows = self.word("brief.figures.short"), list(dict.fromkeys(label for held in found for label in held))
        body = [(label, *(held.get(label, "–") for held in found)) for label in rows]
        note = self.word(f"brief.note.recognised.{'sample' if self.data.built_in else 'list'}")
        self.list_rows(title, BriefTable([self.word("brief.column.figure"), *self.names], body, self.widths(4)), note)
        parts = ("enterprises", "recognised", "listed", "sourced", "pointed")
        series = [(table.name, [getattr(brief, part) for part in parts]) for table, brief in self.pairs()]
        self.chart(title, [self.word(f"brief.figure.{part}") for part in parts], series, "#,##0", upright=True)

    def industries(self) -> None:
        """The shares of the industries beside those of the whole list, as a chart."""
        names = options("industry")
        codes = [
            code
            for code in self.briefs[0].industries.index
            if any(b.industries.at[code, "enterprises"] for b in self.briefs)
        ]
        if not codes:
            self.say(self.slide(self.word("brief.industries.short")), [self.word("brief.none")], 14)
            return
        series = [(table.name, brief.industries.loc[codes, "share"].tolist()) for table, brief in self.pairs()]
        series.append((self.word("slides.whole"), self.briefs[0].industries.loc[codes, "city_share"].tolist()))
        labels = [names[str(code)].of(self.view.lang) for code in codes]
        self.chart(self.word("slides.industries"), labels, series, "0%")

    def quotients(self) -> None:
        """Number and location quotient of each industry side by side."""
        found = [{row[0]: row for row in table.industries().rows} for table in self.tables]
        labels = dict.fromkeys(label for held in found for label in held)
        body = [(label, *(self.quotient(held.get(label)) for held in found)) for label in labels]
        heads = [self.word("brief.column.industry"), *self.names]
        note = self.word("brief.industries.note")
        self.list_rows(self.word("slides.quotients"), BriefTable(heads, body, self.widths(4)), note)

    def quotient(self, row: Sequence[str] | None) -> str:
        """Number, location quotient, interval and verdict of an industry in one cell."""
        if row is None:
            return "0"
        number, quotient, interval, verdict = row[1], row[4], row[5], row[6]
        said = self.view.word(f"{quotient}（{interval}）{verdict}", f"{quotient} ({interval}) {verdict}")
        return number if quotient == "–" else f"{number} · {said}"

    def statistics(self) -> None:
        """What is published of the places, the same indicator and period in one row."""
        found = [{row[:2]: f"{row[2]} {row[3]}" for row in table.statistics(None).rows} for table in self.tables]
        labels = dict.fromkeys(label for held in found for label in held)
        body = [(*label, *(held.get(label, "–") for held in found)) for label in labels]
        heads = [self.word("brief.column.indicator"), self.word("brief.column.year"), *self.names]
        note = "" if body else self.word("brief.statistics.none")
        self.list_rows(self.word("brief.statistics"), BriefTable(heads, body, (3, 2, *[3] * len(found))), note)

    def parks(self) -> None:
        """The parks of each place."""
        self.by_place("slides.parks", [table.parks() for table in self.tables], "brief.parks.none")

    def recognised(self) -> None:
        """How many recognitions of each kind the places have, then which."""
        kinds = load_kinds()[f"name_{self.view.lang}"]
        held = [brief.recognitions["kind"].value_counts() for brief in self.briefs]
        present = [kind for kind in kinds.index if any(counts.get(kind, 0) for counts in held)]
        title = self.word("slides.recognised")
        if present:
            series = [
                (name, [int(counts.get(kind, 0)) for kind in present])
                for name, counts in zip(self.names, held, strict=True)
            ]
            self.chart(title, [kinds[kind] for kind in present], series, "0")
        nothing = "brief.recognised.unsourced" if any(b.recognised for b in self.briefs) else "brief.recognised.none"
        self.by_place("slides.recognised", [table.recognised() for table in self.tables], nothing)

    def targets(self) -> None:
        """The targets that name a place or that its enterprises bear on."""
        self.by_place(
            "brief.targets.short",
            [table.targets() for table in self.tables],
            "brief.targets.none",
            "brief.targets.rule",
        )

    def sources(self) -> None:
        """Every source cited, and what holds for all of it."""
        rows = [(line,) for line in self.citations.lines()]
        heads = self.word("brief.sources.short")
        keys = ("brief.limits", "brief.borders", *(["brief.english"] if self.view.lang == "en" else []))
        self.list_rows(heads, BriefTable([heads], rows, (1,)), " ".join(self.word(key) for key in keys), cited=False)

    def by_place(self, key: str, tables: Sequence[BriefTable], nothing: str, rule: str = "") -> None:
        """A table of the rows of all places, each with its place first."""
        rows = [(name, *row) for name, table in zip(self.names, tables, strict=True) for row in table.rows]
        colon = self.view.word("：", ": ")
        left = [
            f"{name}{colon}{self.word('brief.rest', n=t.left)}"
            for name, t in zip(self.names, tables, strict=True)
            if t.left
        ]
        notes = [self.word(rule)] if rule else []
        notes += left if rows else [self.word(nothing)]
        heads, widths = [self.word("slides.place"), *tables[0].heads], (2, *tables[0].widths)
        self.list_rows(self.word(key), BriefTable(heads, rows, widths), " ".join(notes))

    def pairs(self) -> Any:
        """Tables and facts of each place."""
        return zip(self.tables, self.briefs, strict=True)

    def widths(self, first: float) -> tuple[float, ...]:
        """Widths of a table with one column per place."""
        return (first, *[12 / len(self.names)] * len(self.names))

    def slide(self, title: str, cited: Sequence[str] = ()) -> Any:
        """Add a slide with its title, and at its foot the list, its mark, the sources, the approval line and the day."""
        made = self.file.slides.add_slide(self.file.slide_layouts[5])
        head = made.shapes.title
        head.left, head.top, head.width, head.height = (Pt(n) for n in (_SIDE_PT, 24, _WIDTH_PT - 2 * _SIDE_PT, 48))
        head.text_frame.vertical_anchor, head.text_frame.word_wrap = MSO_ANCHOR.MIDDLE, True
        self._fill(head.text_frame, [title], 24 if len(title) < 36 else 17, bold=True)
        approval = self.view.approval or self.word("brief.approval.none")
        data = self.word("set.built_in") if self.data.built_in else self.data.title
        own = [
            self.mark,
            f"{data} {self.data.date}",
            f"{self.word('brief.approval')}{approval}",
            date.today().isoformat(),
        ]
        lines = [" · ".join(part for part in own if part)]
        if cited:
            short = [wrapped(plain(line), _CITED_CHARACTERS) for line in cited]
            lines.append(
                self.word("slides.cited") + " · ".join(said[0] + ("…" if len(said) > 1 else "") for said in short)
            )
        box = made.shapes.add_textbox(*(Pt(n) for n in (_SIDE_PT - 7, 472, _WIDTH_PT - 2 * _SIDE_PT + 14, 64)))
        box.name = "sources"
        self._fill(box.text_frame, lines, 7.5, colour=_GREY)
        return made

    def say(self, slide: Any, lines: Sequence[str], size: float, top_pt: float = _BODY_TOP_PT) -> None:
        """Add paragraphs below the title."""
        place = (_SIDE_PT - 7, top_pt, _WIDTH_PT - 2 * _SIDE_PT + 14, 40)
        self._fill(slide.shapes.add_textbox(*(Pt(n) for n in place)).text_frame, lines, size, after=6)

    def list_rows(self, title: str, listed: BriefTable, note: str = "", *, cited: bool = True) -> None:
        """Add a table, over as many slides as it needs; the note stands below the last part."""
        wide = _WIDTH_PT - 2 * _SIDE_PT
        widths = [wide * width / sum(listed.widths) for width in listed.widths]
        rows = [[plain(cell) for cell in row] for row in listed.rows]
        room = _BODY_PT - _height(listed.heads, widths) - 14 * len(wrapped(note, 190))
        parts: list[list[list[str]]] = [[]]
        used = 0.0
        for row in rows:
            high = _height(row, widths)
            cited_here = self._cited_in([*parts[-1], row])
            if parts[-1] and (used + high > room or (cited and len(cited_here) > _MAX_CITED)):
                parts.append([])
                used = 0
            parts[-1].append(row)
            used += high
        for number, part in enumerate(parts, 1):
            lines, of = self._cited_in(part), f"{number}/{len(parts)}"
            part_title = title + (self.view.word(f"（{of}）", f" ({of})") if len(parts) > 1 else "")
            slide = self.slide(part_title, lines if cited else ())
            below = float(_BODY_TOP_PT)
            if part:
                self._table(slide, listed.heads, part, widths)
                below += sum(_height(row, widths) for row in [listed.heads, *part]) + 4
            if note and number == len(parts):
                self.say(slide, [note], 9, min(below, _BODY_TOP_PT + _BODY_PT - 24))

    def _cited_in(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """Lines of the sources whose numbers stand in rows."""
        numbers = sorted({int(n) for row in rows for cell in row for n in _CITED.findall(cell)})
        return [f"[{n}] {self.citations.titles[n - 1]}" for n in numbers if 0 < n <= len(self.citations.titles)]

    def _table(self, slide: Any, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        frame = slide.shapes.add_table(
            len(rows) + 1, len(heads), *(Pt(n) for n in (_SIDE_PT, _BODY_TOP_PT, sum(widths), 20 * (len(rows) + 1)))
        )
        grid = frame.table
        grid.horz_banding = False
        frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = _PLAIN_GRID
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = Pt(width)
        for number, texts in enumerate([heads, *rows]):
            grid.rows[number].height = Pt(_height(texts, widths))
            for cell, text in zip(grid.rows[number].cells, texts, strict=True):
                cell.margin_left = cell.margin_right = Pt(4)
                cell.margin_top = cell.margin_bottom = Pt(2)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                if number == 0:
                    cell.fill.solid()
                    cell.fill.fore_color.rgb = _HEAD
                self._fill(cell.text_frame, [plain(text)], _TABLE_PT, bold=number == 0)

    def chart(
        self,
        title: str,
        labels: Sequence[str],
        series: Sequence[tuple[str, Sequence[float]]],
        form: str,
        *,
        upright: bool = False,
    ) -> None:
        """Add a chart that can be edited: its figures stand in a workbook of its own; a missing one is a gap, not 0."""
        slide = self.slide(title)
        data = CategoryChartData(number_format=form)
        order = slice(None, None, 1 if upright else -1)  # bars that lie are drawn from below
        data.categories = [plain(label) for label in labels[order]]
        for name, values in series[order]:
            data.add_series(plain(name), [None if pd.isna(value) else value for value in values[order]])
        kind = XL_CHART_TYPE.COLUMN_CLUSTERED if upright else XL_CHART_TYPE.BAR_CLUSTERED
        box = (Pt(n) for n in (_SIDE_PT, _BODY_TOP_PT, _WIDTH_PT - 2 * _SIDE_PT, _BODY_PT))
        frame = slide.shapes.add_chart(kind, *box, data)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", plain(title))
        chart = frame.chart
        chart.has_title = False
        chart.has_legend, chart.legend.position = True, XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
        chart.font.size, chart.font.color.rgb = Pt(11), _INK
        _set_fonts(chart._chartSpace.get_or_add_txPr().find(f".//{qn('a:defRPr')}"))
        chart.value_axis.has_major_gridlines = False
        chart.value_axis.visible = False
        chart.value_axis.minimum_scale = 0
        chart.category_axis.format.line.color.rgb = _LINE
        plot = chart.plots[0]
        plot.gap_width, plot.overlap, plot.has_data_labels = 60, -5, True
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = form, False
        plot.data_labels.font.size = Pt(9)
        places = {name: colour for (name, _), colour in zip(series, _SERIES_COLOURS, strict=False)}
        for one, (name, _) in zip(plot.series, series[order], strict=True):
            one.format.fill.solid()
            whole = name == self.word("slides.whole")
            one.format.fill.fore_color.rgb = RGBColor.from_string(_SERIES_COLOURS[-1] if whole else places[name])

    def _fill(
        self,
        frame: Any,
        lines: Sequence[str],
        size: float,
        *,
        bold: bool = False,
        colour: RGBColor = _INK,
        after: float = 0,
    ) -> None:
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(after)
            run = paragraph.add_run()
            run.text = plain(line)
            run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, colour
            properties = run._r.get_or_add_rPr()
            properties.set("lang", "zh-CN" if self.view.lang == "zh" else "en-GB")
            properties.set("altLang", "en-GB" if self.view.lang == "zh" else "zh-CN")
            _set_fonts(properties)


_PLAIN_GRID: Final = "{5940675A-B579-460E-94D1-54222C63F5DA}"
"""PowerPoint's own table style without colours, thin lines."""


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Height of a row of a table [pt], as the longest of its texts breaks."""
    lines = [len(wrapped(text, int((width - 8) / _TABLE_PT * 1.9))) for text, width in zip(texts, widths, strict=True)]
    return max(1, *lines) * _TABLE_PT * 1.28 + 5


def _set_fonts(properties: Any) -> None:
    """Set the Latin and the East Asian font of a run."""
    for tag, font in (("latin", LATIN), ("ea", FONT), ("cs", LATIN)):
        for old in properties.findall(qn(f"a:{tag}")):
            properties.remove(old)
        etree.SubElement(properties, qn(f"a:{tag}")).set("typeface", font)


def _set_theme_fonts(file: Any) -> None:
    """Set the fonts of the theme: what a user types anew has them too."""
    for relation in file.slide_master.part.rels.values():
        if relation.reltype.endswith("/theme"):
            part = relation.target_part
            theme = etree.fromstring(part.blob)
            for kind in ("majorFont", "minorFont"):
                for tag, font in (("latin", LATIN), ("ea", FONT)):
                    theme.find(f".//{qn(f'a:{kind}')}/{qn(f'a:{tag}')}").set("typeface", font)
            part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)
