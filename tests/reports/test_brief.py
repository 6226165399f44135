"""The brief as a reader opens it: its words and numbers read back from the file, and what the command says."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from docx.oxml.ns import qn

from app.cli import main
from app.commands.brief import write_brief
from app.documents import brief_bytes
from geo.datasets.dataset import load_dataset
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.indicators.measures import detectable_quotient
from reports.brief_facts import make_brief
from reports.docx import WIDTH_CM

DATA = load_dataset()


@pytest.fixture(scope="module")
def jiading():
    return Document(io.BytesIO(brief_bytes(DATA, make_brief(DATA, "310114"))))


def cells(document, head):
    """Rows of the table whose header begins with some words."""
    for table in document.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if rows[0][: len(head)] == head:
            return rows[1:]
    raise AssertionError(head)


def words(document):
    parts = [paragraph.text for paragraph in document.paragraphs]
    return "\n".join([*parts, *(cell.text for table in document.tables for row in table.rows for cell in row.cells)])


def test_a_district_reads_as_counted_by_hand(jiading):
    rows = DATA.select(Filters(district=("310114",)))
    figures = {row[0]: row[1] for row in cells(jiading, ["数字", "数值"])}
    assert figures["企业数（家）"] == str(len(rows)) == "60"
    assert figures["有称号的企业（家）"] == "14"
    assert figures["密度（家/km²）"] == "0.129"
    industries = {row[0]: row[1:] for row in cells(jiading, ["行业"])}
    assert industries["汽车"][:2] == [str((rows["industry"] == "auto").sum()), "28.3%"] == ["17", "28.3%"]
    assert sum(int(row[0]) for row in industries.values()) == len(rows)
    assert industries["汽车"][-1] == "集中"  # 4.23, interval 2.62–6.13
    assert industries["电子信息"][-1] == "少于整体"  # 0.59, interval 0.36–0.91
    placed = DATA.enterprises[DATA.enterprises["adcode"] != ""]
    needed = detectable_quotient(int((placed["industry"] == "equipment").sum()), len(rows) / len(placed))
    assert industries["高端装备"][-1] == f"看不出差别（区位商到 {needed:.1f} 才看得出）"
    statistics = cells(jiading, ["指标", "年份", "数值", "来源"])
    assert ["地区生产总值", "2024 上半年", "1,312.1 亿元"] in [row[:3] for row in statistics]
    assert ["地区生产总值", "2024 全年", "突破 3,000 亿元"] in [row[:3] for row in statistics]
    assert next(row[3] for row in statistics if row[0] == "常住人口").endswith("待核实")
    targets = {row[0].split(" (")[0]: row for row in cells(jiading, ["指标", "目标"])}
    assert targets["示范性智能工厂"][1:] == ["2021：100 家", targets["示范性智能工厂"][2], "3"]
    assert targets["示范性智能工厂"][2].startswith("目标年之后公布达到; 2023: 177 家 (累计)")


def test_every_number_of_a_source_has_its_line(jiading):
    text = words(jiading)
    listed = set(re.findall(r"(\[\d+\]) ", text[text.index("七、来源") :].split("没有来源的")[0]))
    assert set(re.findall(r"\[\d+\]", text)) == listed
    assert len(listed) > 10
    for line in ("审图号：", "样本", "报道第 10 段", "© OpenStreetMap"):
        assert line in text


def test_finance_is_listed_with_its_kind_and_what_names_the_place_first():
    core = Document(io.BytesIO(brief_bytes(DATA, make_brief(DATA, "core"))))
    rows = cells(core, ["事实", "性质"])
    assert [row[1:] for row in rows[:2]] == [
        ["贴息", "23 家", "2020"],
        ["额度、授信（不是贷款）", "不低于 1,000 亿元", "2019"],
    ]
    assert len(rows) == 6
    english = Document(io.BytesIO(brief_bytes(DATA, make_brief(DATA, "310117"), "en")))
    first = cells(english, ["Fact", "What it is"])[0]
    assert first[0].startswith("Fixed-asset loan for a satellite factory")
    assert first[1:] == ["Loan", "–", "2025"]  # no amount published
    assert "https://jrj.sh.gov.cn/YX180/20250908/" in words(english)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("place", ["core", "belt"])
def test_core_and_belt_are_what_the_zones_hold(place, lang):
    document = Document(io.BytesIO(brief_bytes(DATA, make_brief(DATA, place), lang)))
    count = str(len(DATA.select(Filters(zone=(place,)))))
    head = ["数字", "数值"] if lang == "zh" else ["Figure", "Value"]
    assert cells(document, head)[0][1] == count
    text = words(document)
    assert ("按公开文字推定" if lang == "zh" else "inferred") in text or place == "belt"
    assert ("开放列举" if lang == "zh" else "open list") in text or place == "core"
    assert ("Map approval" in text) == (lang == "en")


def test_a_selection_of_nothing_is_said():
    document = Document(io.BytesIO(brief_bytes(DATA, make_brief(DATA, "310101", Filters(q="zzzz")))))
    text = words(document)
    assert "没有企业符合这些条件" in text
    assert "0.0%" not in text


def test_chinese_fonts_pictures_and_page_are_set(jiading):
    for name in ("Normal", "Heading 1", "Title"):
        fonts = jiading.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
    section = jiading.sections[0]
    assert round(section.page_width.cm, 1) == 21.0
    assert len(jiading.inline_shapes) == 2
    assert all(shape.width.cm <= WIDTH_CM for shape in jiading.inline_shapes)
    assert all(shape._inline.docPr.get("descr") for shape in jiading.inline_shapes)
    assert "PAGE" in section.footer._element.xml


def test_text_of_the_data_stays_text():
    rows = DATA.enterprises.copy()
    first = rows.index[(rows["adcode"] == "310114")][0]
    hostile = "<w:p/>&amp;\x00\x1b{{7*7}}$x$=cmd|'/c'" + "长" * 2000
    held = DATA.recognitions.copy()
    held.loc[0, ["name", "kind", "type", "source_title", "evidence"]] = [
        hostile, "lighthouse", "recognition", "]]>\x07来源", "source",
    ]  # fmt: skip
    rows.loc[first, ["name", "recognitions", "park"]] = [hostile, "lighthouse", hostile]
    data = replace(DATA.with_enterprises(rows), recognitions=held)
    content = brief_bytes(data, make_brief(data, "310114"))
    document = Document(io.BytesIO(content))
    text = words(document)
    assert "<w:p/>&amp;{{7*7}}$x$=cmd|'/c'" in text
    assert "长" * 601 not in text
    assert "]]>来源" in text
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None


def test_synthetic_data_is_marked_on_every_page(tmp_path):
    write_demo(500, tmp_path / "demo")
    data = open_dataset(tmp_path / "demo", DATA)
    document = Document(io.BytesIO(brief_bytes(data, make_brief(data, "belt"))))
    assert "合成数据" in document.sections[0].header.paragraphs[0].text
    assert "合成数据" in words(document)
    assert "按这份名单所载" in words(document)
    assert "取自样本" not in words(document)


def test_the_command_writes_and_says_what_is_in_it(tmp_path, capsys):
    out = tmp_path / "嘉定.docx"
    assert main(["brief", "310114", str(out), "--lang", "en", "--query", "industry=auto"]) == 0
    assert capsys.readouterr().out.startswith("Jiading · Automotive · 17 enterprises")
    assert cells(Document(out), ["Figure", "Value"])[0][1] == "17"


@pytest.mark.parametrize(
    "arguments", [["999999", "a.docx"], ["嘉定", "a.docx"], ["310114", "a.pdf"], ["core", "no/a.docx"]]
)
def test_what_cannot_be_is_said_in_one_sentence(arguments, tmp_path, capsys):
    place, name = arguments
    assert main(["brief", place, str(tmp_path / name)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "Traceback" not in error
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path):
    out = tmp_path / "a.docx"
    out.mkdir()
    (out / "kept").write_text("here")
    with pytest.raises(DataError, match="不能替换：这不是普通的文件"):
        write_brief(DATA, "310101", out)
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]
    assert (out / "kept").read_text() == "here"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice, which renders the file, is not installed")
@pytest.mark.parametrize(("place", "lang"), [("belt", "en"), ("310101", "zh")])
def test_it_opens_in_libreoffice_with_two_to_four_pages(place, lang, tmp_path):
    write_brief(DATA, place, tmp_path / "a.docx", lang)
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "a.docx")], check=True, timeout=120)
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "a.pdf").read_bytes())
    assert 2 <= len(pages) <= 4
