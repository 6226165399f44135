"""A Word document of ours: A4, Chinese fonts set for Chinese text, tables that break between rows, pages numbered."""

import io
from collections.abc import Sequence
from typing import Any, Final

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from layers.escape import plain

FONT: Final = "Microsoft YaHei"
LATIN: Final = "Arial"
TEXT_COLOUR: Final = RGBColor(0x1F, 0x29, 0x33)
GREY: Final = RGBColor(0x5B, 0x64, 0x70)
UNPARTED_ROWS: Final = 9
"""Rows up to which a table is not parted by the end of a page."""

WIDTH_CM: Final = 17.4
"""Width of the text [cm]."""


def new_paper(lang: str, *, title: str, head: str, foot: str) -> Paper:
    """Start a document; `head` stands on top of every page when there is any, `foot` with the page number below."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21 - WIDTH_CM) / 2)
    section.top_margin, section.bottom_margin = Cm(1.8), Cm(1.8)
    section.header_distance = section.footer_distance = Cm(0.8)
    for name, size in {"Normal": 10, "Title": 18, "Heading 1": 12.5, "Header": 8, "Footer": 8}.items():
        style = paper.styles[name]
        style.font.size, style.font.name = Pt(size), LATIN
        style.font.color.rgb = TEXT_COLOUR if name not in ("Header", "Footer") else GREY
        style.font.bold = name in ("Title", "Heading 1")
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script, font in {"ascii": LATIN, "hAnsi": LATIN, "eastAsia": FONT, "cs": LATIN}.items():
            fonts.set(qn(f"w:{script}"), font)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-GB")
        language.set(qn("w:eastAsia"), "zh-CN")
        style.element.get_or_add_rPr().append(language)
        spacing = style.paragraph_format
        spacing.space_before, spacing.space_after = Pt(9 if name == "Heading 1" else 0), Pt(3)
        spacing.line_spacing = 1.15
    for border in paper.styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
    paper.core_properties.title, paper.core_properties.author = plain(title), ""
    paper.core_properties.language = "zh-CN" if lang == "zh" else "en"
    if head:
        section.header.paragraphs[0].text = plain(head)
    _foot(section.footer.paragraphs[0], plain(foot))
    return paper


def heading(paper: Paper, text: str, level: int = 1) -> None:
    """Add a heading; it stays with what follows."""
    paper.add_heading(plain(text), level).paragraph_format.keep_with_next = True


def say(paper: Paper, text: str, *, small: bool = False, bold: bool = False) -> Paragraph:
    """Add a paragraph of plain text."""
    paragraph = paper.add_paragraph()
    run = paragraph.add_run(plain(text))
    run.bold = bold
    if small:
        run.font.size, run.font.color.rgb = Pt(8), GREY
    return paragraph


def list_(paper: Paper, items: Sequence[str]) -> None:
    """Add short items one after the other in small print."""
    paragraph = paper.add_paragraph()
    for item in items:
        run = paragraph.add_run(f"{plain(item)}　")
        run.font.size, run.font.color.rgb = Pt(8), GREY


def table(paper: Paper, header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
    """Add a table; its header repeats on every page, no row breaks between pages, a short one not at all.

    Parameters
    ----------
    header : sequence of str
    rows : sequence of sequences of str
        A cell that begins with a digit, a sign or a dash and is short stands to the right.
    widths : sequence of float
        Parts of the width of the text.
    """
    grid = paper.add_table(rows=0, cols=len(header))
    grid.style = "Table Grid"
    grid.autofit = False
    total = sum(widths)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Cm(WIDTH_CM * width / total)
    numbers = [all(_is_number(row[column]) for row in rows) for column in range(len(header))]
    for number, cells in enumerate([header, *rows]):
        row = grid.add_row()
        _mark(row, "w:cantSplit")
        if number == 0:
            _mark(row, "w:tblHeader")
        for column, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = Cm(WIDTH_CM * widths[column] / total)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.keep_with_next = number == 0 or (
                len(rows) <= UNPARTED_ROWS and number < len(rows)
            )
            run = paragraph.add_run(plain(text))
            run.font.size, run.bold = Pt(8.5), number == 0
            if numbers[column] and rows:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _quiet_borders(grid)
    paper.add_paragraph().paragraph_format.line_spacing = 0.5


def picture(paper: Paper, image: bytes, width_cm: float, description: str) -> None:
    """Add a picture with the words for who cannot see it."""
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = paragraph.add_run().add_picture(io.BytesIO(image), width=Cm(width_cm))
    shape._inline.docPr.set("descr", plain(description))


def as_bytes(paper: Paper) -> bytes:
    """The document as the bytes of a docx file."""
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _is_number(text: str) -> bool:
    return not text or (len(text) < 18 and (text[0].isdigit() or text in ("–", "-")) and "：" not in text)


def _mark(row: Any, tag: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(tag))


def _quiet_borders(grid: Any) -> None:
    """Thin grey lines between the rows, none between the columns."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH", "left", "right", "insideV"):
        line = OxmlElement(f"w:{side}")
        shown = side in ("top", "bottom", "insideH")
        line.set(qn("w:val"), "single" if shown else "nil")
        if shown:
            line.set(qn("w:sz"), "4")
            line.set(qn("w:color"), "C4C9D0")
        borders.append(line)
    grid._tbl.tblPr.append(borders)


def _foot(paragraph: Paragraph, text: str) -> None:
    paragraph.add_run(f"{text} · ")
    for kind, instruction in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            field = OxmlElement("w:fldChar")
            field.set(qn("w:fldCharType"), kind)
        else:
            field = OxmlElement("w:instrText")
            field.text = instruction
        run._r.append(field)
