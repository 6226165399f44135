"""Workbooks that are markup: ODS, SpreadsheetML, web pages and web archives; right values are worked out by hand."""

import base64
import zipfile
from pathlib import Path

import pytest

from geo.errors import DataError
from geo.ingest.readers.read import read_file
from geo.ingest.readers.sheet import HIDDEN, Limits

DATA = Path(__file__).parents[3] / "data"
JIA, YI, BING = "样例甲机械有限公司", "样例乙机械有限公司", "样例丙机械有限公司"
NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)


def ods(path, body, styles=""):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<?xml version='1.0'?><office:document-content {NAMESPACES}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    return path


def text_cell(text, more=""):
    return f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'


def number_cell(number, shown, more=""):
    return f'<table:table-cell office:value-type="float" office:value="{number}" {more}><text:p>{shown}</text:p></table:table-cell>'


def row(*cells, more=""):
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


HEAD = row(*map(text_cell, ("企业名称", "所属区", "注册资本", "成立日期")))


def test_ods_as_libreoffice_writes_it(tmp_path):
    date = '<table:table-cell office:value-type="date" office:date-value="2001-05-08"><text:p>01/5/8</text:p></table:table-cell>'
    body = (
        '<table:table table:name="去年" table:style-name="gone"><table:table-row>'
        f"{text_cell('企业名称')}</table:table-row>{row(text_cell('去年有限公司'))}</table:table>"
        '<table:table table:name="名单"><table:table-column table:number-columns-repeated="16384"/>'
        + HEAD
        + row(text_cell(JIA), text_cell("松江区", 'table:number-rows-spanned="2"'), number_cell(500, "500万元"), date)
        + row(
            text_cell(YI),
            "<table:covered-table-cell/>",
            number_cell(5000000, "500.00万元"),
            more='table:visibility="filter"',
        )
        + row(
            text_cell("样例丙<text:s/>机械<office:annotation><text:p>批注</text:p></office:annotation>"),
            text_cell("嘉定区"),
        )
        + row('<table:table-cell table:number-columns-repeated="16384"/>', more='table:number-rows-repeated="1048570"')
        + "</table:table>"
    )
    style = '<style:style style:name="gone" style:family="table"><style:table-properties table:display="false"/></style:style>'
    sheet = read_file(ods(tmp_path / "名单.ods", body, style))
    assert sheet.table.to_dict("list") == {
        "企业名称": [JIA, YI, "样例丙 机械"], "所属区": ["松江区", "松江区", "嘉定区"],
        "注册资本": ["500万元", "5000000元", ""], "成立日期": ["2001-05-08", "", ""],
    }  # fmt: skip
    assert sheet.rows.tolist() == [2, 3, 4]
    assert {(issue.row, issue.value, issue.problem) for issue in sheet.issues} == {
        (3, "", HIDDEN), (None, "去年", "隐藏的工作表没有读入"),
    }  # fmt: skip


def test_ods_as_sheetjs_writes_it():
    sheet = read_file(DATA / "sheetjs.ods")
    table = sheet.table[sheet.table["工作表"] == "名单"]
    assert table["企业名称"].tolist() == [JIA, YI, BING]
    assert table["所属区"].tolist() == ["松江区", "松江区", "嘉定区"]
    assert table["成立日期"].tolist() == ["37019", "32325", "40179"]


def test_formulas_without_value_and_errors_stay_visible(tmp_path):
    cells = '<table:table-cell table:formula="of:=A1"/>' + text_cell("#N/A", 'calcext:value-type="error"').replace(
        "calcext:", "table:"
    )
    body = f'<table:table table:name="a">{HEAD}{row(text_cell(JIA), cells)}</table:table>'
    assert read_file(ods(tmp_path / "a.ods", body)).table.iloc[0].tolist() == [JIA, "#未计算", "#N/A", ""]


@pytest.mark.parametrize(
    "cells",
    [
        row(text_cell("x", 'table:number-columns-repeated="16384"'), more='table:number-rows-repeated="1048576"'),
        row(text_cell("x", 'table:number-columns-spanned="16384" table:number-rows-spanned="1048576"')),
    ],
)
def test_a_sheet_of_repeated_cells_does_not_fill_the_memory(tmp_path, cells):
    path = ods(tmp_path / "a.ods", f'<table:table table:name="a">{HEAD}{cells}</table:table>')
    assert path.stat().st_size < 3000
    with pytest.raises(DataError, match="跨的格超过"):
        read_file(path, Limits(sheet_cells=1_000_000))


SPREADSHEETML = """<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
<x:ExcelWorkbook>{book}</x:ExcelWorkbook>
<Styles><Style ss:ID="day"><NumberFormat ss:Format="Short Date"/></Style>
<Style ss:ID="wan"><NumberFormat ss:Format="0&quot;万元&quot;"/></Style></Styles>
<Worksheet ss:Name="旧"><Table><Row><Cell><Data ss:Type="String">企业名称</Data></Cell></Row></Table>
<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>
<Worksheet ss:Name="名单"><Table><Row ss:Index="3"><Cell><Data ss:Type="String">企业名称</Data></Cell>
<Cell><Data ss:Type="String">所属区</Data></Cell><Cell><Data ss:Type="String">注册资本</Data></Cell>
<Cell><Data ss:Type="String">成立日期</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">样例甲<B xmlns="http://www.w3.org/TR/REC-html40">机械</B>有限公司</Data><Comment><Data>批注</Data></Comment></Cell>
<Cell ss:MergeDown="1"><Data ss:Type="String">松江区</Data></Cell><Cell ss:StyleID="wan"><Data ss:Type="Number">500</Data></Cell>
<Cell ss:StyleID="day"><Data ss:Type="Number">{serial}</Data></Cell></Row>
<Row ss:Hidden="1"><Cell><Data ss:Type="String">样例乙机械有限公司</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="DateTime">1988-07-01T00:00:00.000</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


@pytest.mark.parametrize(
    ("book", "serial", "encoding"), [("", 37019, "utf-8"), ("<x:Date1904/>", 37019 - 1462, "utf-16")]
)
def test_spreadsheetml(tmp_path, book, serial, encoding):
    path = tmp_path / "名单.xls"
    path.write_text(SPREADSHEETML.format(book=book, serial=serial, encoding=encoding), encoding=encoding)
    sheet = read_file(path)
    assert sheet.header_row == 3
    assert sheet.table.to_dict("list") == {
        "企业名称": [JIA, YI], "所属区": ["松江区", "松江区"], "注册资本": ["500万元", ""],
        "成立日期": ["2001-05-08", "1988-07-01"],
    }  # fmt: skip
    assert {(issue.row, issue.value) for issue in sheet.issues} == {(5, ""), (None, "旧")}


PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}">
<style>td {{mso-number-format:"\\@"}}</style><script>document.write("<table><tr><td>x</td></tr></table>")</script></head><body>
<table><tr><td>导航</td><td><table border=1>
<tr><th colspan=4>企业名单&nbsp;&mdash;&nbsp;样例</th></tr>
<tr><th>企业名称<th rowspan=1>所属区<th>注册资本（万元）<th>成立日期
<tr><td>样例甲<br>机械有限公司</td><td rowspan="2">松江区</td><td x:num="1234.5">1,235</td><td x:num="37019">5/8/01</td></tr>
<tr style="display: none"><td>样例乙机械有限公司<td>600<td>1988年7月1日</tr>
</table></td></tr></table></body></html>"""


def test_a_day_that_sheetjs_shows_shortened(tmp_path):
    path = tmp_path / "a.htm"
    day = 'data-t="d" data-v="Tue May 08 2001 00:00:00 GMT+0800 (China Standard Time)"'
    path.write_text(f"<table><tr><td>企业名称<td>成立日期<tr><td>{JIA}<td {day}>5/8/01</table>", "utf-8")
    assert read_file(path).table["成立日期"].tolist() == ["2001-05-08"]


def check_page(sheet):
    assert sheet.table["企业名称"].str.replace("\n", "").tolist() == [JIA, YI]
    assert sheet.table["所属区"].tolist() == ["松江区", "松江区"]
    assert sheet.table["注册资本（万元）"].tolist() == ["1234.5", "600"]
    assert sheet.table["成立日期"].tolist() == ["37019", "1988年7月1日"]
    assert sheet.header_row == 2
    assert [issue.row for issue in sheet.issues if issue.problem == HIDDEN] == [4]


@pytest.mark.parametrize(
    ("charset", "codec", "name"),
    [
        ("gb2312", "gb18030", "gb18030"),
        ("utf-8", "utf-8", "utf-8"),
        ("gbk", "utf-16", "utf-16"),
        ("utf-8", "gbk", "gb18030"),
    ],
)
def test_a_page_under_the_name_of_a_workbook(tmp_path, charset, codec, name):
    path = tmp_path / "导出.xls"
    path.write_bytes(PAGE.format(charset=charset).encode(codec))
    sheet = read_file(path)
    check_page(sheet)
    assert sheet.encoding == name


@pytest.mark.parametrize(("charset", "codec"), [("gb2312", "gb18030"), ("utf-8", "utf-8")])
def test_a_web_archive(tmp_path, charset, codec):
    page = base64.encodebytes(PAGE.format(charset=charset).encode(codec)).decode()
    path = tmp_path / "导出.mht"
    path.write_bytes(
        (
            'MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related;\r\n boundary="--x"\r\n\r\n'
            '----x\r\nContent-Location: file:///C:/a/book.htm\r\nContent-Type: text/html; charset="us-ascii"\r\n\r\n'
            '<html><frameset><frame src="sheet001.htm"></frameset></html>\r\n'
            "----x\r\nContent-Location: file:///C:/a/sheet001.htm\r\nContent-Transfer-Encoding: base64\r\n"
            f'Content-Type: text/html; charset="{charset}"\r\n\r\n{page}\r\n----x--\r\n'
        ).encode()
    )
    check_page(read_file(path))


def test_a_page_without_a_table_says_so(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text("<html><body><frameset><frame src='http://127.0.0.1/a.htm'></frameset></body></html>", "utf-8")
    with pytest.raises(DataError, match="网页里没有表格"):
        read_file(path)


@pytest.mark.parametrize("kind", ["spreadsheetml", "ods"])
def test_markup_with_a_document_type_is_refused(tmp_path, kind):
    """Entities come from a document type: neither one that grows nor one that names a file is looked at."""
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密", encoding="utf-8")
    entity = f'<!DOCTYPE a [<!ENTITY a SYSTEM "{secret.as_uri()}"><!ENTITY b "&a;&a;&a;">]>'
    if kind == "ods":
        path = ods(tmp_path / "a.ods", f'<table:table table:name="a">{HEAD}{row(text_cell("&a;"))}</table:table>')
        with zipfile.ZipFile(path) as archive:
            content = archive.read("content.xml").decode()
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("content.xml", content.replace("?>", f"?>{entity}", 1))
    else:
        path = tmp_path / "a.xml"
        text = SPREADSHEETML.format(book="", serial=1, encoding="utf-8").replace("样例乙机械有限公司", "&a;")
        path.write_text(text.replace("?>", f"?>{entity}", 1), encoding="utf-8")
    with pytest.raises(DataError, match="DOCTYPE"):
        read_file(path)


@pytest.mark.parametrize(
    "content", [b"<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'><Row>", b"<?xml version='1.0'?><a/>"]
)
def test_broken_or_foreign_xml_is_one_sentence(tmp_path, content):
    path = tmp_path / "a.xml"
    path.write_bytes(content)
    with pytest.raises(DataError):
        read_file(path)
