"""The slides read back: tables and charts are native, say the same figures as the Word brief, fit, and cite on each slide."""

import io
import re
from dataclasses import replace
from functools import partial

import pytest
from docx import Document
from pptx import Presentation
from pptx.oxml.ns import qn

from app.cli import main
from app.documents import brief_bytes, slides_bytes
from app.i18n import word
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from layers.base import View
from reports.brief_facts import make_brief
from reports.brief_tables import MOST_STATISTICS, BriefTables
from reports.slides import _Deck

DATA = load_dataset()
PLACES = ("310114", "310117", "core")


def deck(data=DATA, places=PLACES, lang="zh", filters=None):
    return Presentation(io.BytesIO(slides_bytes(data, [make_brief(data, place, filters) for place in places], lang)))


@pytest.fixture(scope="module")
def compared():
    return deck()


def tables(file):
    """Rows of every table, by the title of its slide without the number of the part."""
    found: dict[str, list[list[str]]] = {}
    for slide in file.slides:
        for shape in slide.shapes:
            if shape.has_table:
                rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
                title = re.sub(r"（\d+/\d+）$", "", slide.shapes.title.text)
                found.setdefault(title, rows[:1]).extend(rows[1:])
    return found


def charts(file):
    return [shape.chart for slide in file.slides for shape in slide.shapes if shape.has_chart]


def words(slide):
    parts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    parts += [cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return "\n".join(parts)


def test_figures_are_those_of_the_word_brief(compared):
    rows = {row[0]: row[1:] for row in tables(compared)["主要数字"]}
    assert rows["企业数（家）"] == ["60", "85", "49"]
    quotients = {row[0]: row[1:] for row in tables(compared)["各行业的家数、区位商（95% 区间）与判断"]}
    for column, place in list(enumerate(PLACES))[:1]:
        document = Document(io.BytesIO(brief_bytes(DATA, make_brief(DATA, place))))
        said = {row.cells[0].text: [cell.text for cell in row.cells] for table in document.tables for row in table.rows}
        assert rows["有称号的企业（家）"][column] == said["有称号的企业（家）"][1]
        _, number, _, _, quotient, interval, verdict = said["汽车"]
        cell = quotients["汽车"][column]
        assert cell == f"{number} · {quotient}（{interval}）{verdict}"


def test_charts_are_native_and_hold_the_shares(compared):
    bars = next(chart for chart in charts(compared) if "名单整体" in [series.name for series in chart.plots[0].series])
    labels = list(bars.plots[0].categories)
    values = {series.name: dict(zip(labels, series.values, strict=True)) for series in bars.plots[0].series}
    assert values["嘉定区"]["汽车"] == pytest.approx(17 / 60)
    assert {"嘉定区", "松江区", "名单整体"} < set(values)
    assert bars.part.chart_workbook.xlsx_part.blob[:2] == b"PK"


def test_every_slide_says_list_sources_approval_and_day_and_nothing_leaves_it(compared):
    for slide in compared.slides:
        foot = next(shape for shape in slide.shapes if shape.name == "sources").text_frame.text
        assert [text for text in ("样本：不是全部企业", "内置样本", "审图号：", "20") if text not in foot] == []
        cited = set(re.findall(r"\[\d+\]", words(slide)))
        if not slide.shapes.title.text.startswith("来源与说明"):
            assert cited <= set(re.findall(r"\[\d+\]", foot))
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= compared.slide_width
            assert shape.top + shape.height <= compared.slide_height


def test_chinese_fonts_are_set_for_runs_theme_and_charts(compared):
    runs = [run for slide in compared.slides for run in slide.element.iter(qn("a:rPr"))]
    assert {run.find(qn("a:ea")).get("typeface") for run in runs} == {"Microsoft YaHei"}
    theme = next(rel.target_part for rel in compared.slide_master.part.rels.values() if rel.reltype.endswith("/theme"))
    assert theme.blob.count(b'ea typeface="Microsoft YaHei"') == 2
    assert all(b"Microsoft YaHei" in chart.part.blob for chart in charts(compared))


def test_hostile_text_stays_text_and_made_up_data_are_marked_on_every_slide():
    hostile = "<a:t>&amp;\x00\x1b{{7*7}}=cmd|'/c' [999]" + "长" * 2000
    rows, held = DATA.enterprises.copy(), DATA.recognitions.copy()
    first = rows.index[rows["adcode"] == "310114"][0]
    rows.loc[first, ["name", "recognitions"]] = [hostile, "lighthouse"]
    held.loc[0, ["name", "kind", "type", "source_title"]] = [hostile, "lighthouse", "recognition", hostile]
    data = replace(DATA.with_enterprises(rows), recognitions=held, synthetic=True, built_in=False, title=hostile)
    file = deck(data, ("310114",))
    assert all("合成数据" in words(slide) for slide in file.slides)
    assert any("<a:t>&amp;{{7*7}}=cmd|'/c'" in words(slide) for slide in file.slides)


def test_in_english_and_of_an_empty_selection():
    file = deck(places=("core", "belt"), lang="en")
    assert "Core" in words(file.slides[0])
    assert "A sample" in words(file.slides[1])
    assert not any(re.search("[（）：，。]", said) for said in (slide.shapes.title.text for slide in file.slides))
    cells = [cell for rows in tables(file).values() for row in rows for cell in row if " · " in cell]
    assert any(re.fullmatch(r"\d+ · [\d.]+ \([\d.]+–[\d.]+\) .+", cell) for cell in cells)
    assert not any("（" in cell for cell in cells)
    empty = deck(places=("310101",), filters=Filters(q="zzzz"))
    assert any("没有企业符合这些条件" in words(slide) for slide in empty.slides)
    assert not any("0.0%" in words(slide) for slide in empty.slides)


def test_every_published_figure_of_a_place_is_compared_and_none_is_a_gap_where_there_is_one(monkeypatch):
    """Jiading has more figures than the Word brief shows; beside others none of them is left out."""
    briefs = [make_brief(DATA, place) for place in ("310114", "310112")]
    slides = _Deck.__new__(_Deck)
    slides.tables = [BriefTables(DATA, brief, View(), partial(word, lang="zh")) for brief in briefs]
    slides.names, slides.word = ["甲", "乙"], partial(word, lang="zh")
    found: list[list[tuple[str, ...]]] = []
    monkeypatch.setattr(_Deck, "list_rows", lambda _self, _title, listed, _note: found.append(listed.rows))
    slides.statistics()
    assert len(briefs[0].statistics) > MOST_STATISTICS
    for column, brief in enumerate(briefs, 2):
        assert sum(row[column] != "–" for row in found[0]) == len(brief.statistics)


def test_recognitions_without_year_and_source_are_not_said_to_be_none():
    data = replace(DATA, recognitions=DATA.recognitions.iloc[:0])
    said = "".join(words(slide) for slide in deck(data, ("310114",)).slides)
    assert "名单自带的称号没有年份与来源" in said
    assert "所选企业中没有样本所载的称号" not in said


@pytest.mark.parametrize("places", [(), ("310114",) * 2, ("310101", "310114", "310117", "core", "belt")])
def test_too_few_too_many_or_the_same_are_refused(places):
    with pytest.raises(DataError, match="1 到 4 个"):
        slides_bytes(DATA, [make_brief(DATA, place) for place in places])


def test_the_command_writes_slides_and_refuses_a_word_file_of_several(tmp_path, capsys):
    assert main(["brief", "310114", str(tmp_path / "a.pptx")]) == 0
    assert "嘉定区 · 60 家" in capsys.readouterr().out
    assert main(["brief", "310114,core", str(tmp_path / "a.docx")]) == 2
    assert "pptx" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["a.pptx"]
