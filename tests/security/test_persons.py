"""Persons planted wherever a list has room for them, looked for in everything that leaves: files, pages, reports, log."""

import io
import json
import logging
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest

from app.cli import main
from app.commands.import_ import account_lines
from app.documents import brief_bytes, map_html, packet_html
from app.records import shortlist
from app.records.database import open_database
from app.records.enterprises import enterprise_key
from app.views.shortlist.visit import plan_visit, visit_html, visit_xlsx
from geo.datasets.profile import profile_of
from geo.datasets.storage import open_dataset
from geo.export.selection import EXPORTERS, export
from geo.filters.filters import Filters
from geo.ingest.pipeline import import_files
from reports.brief_facts import make_brief

NAMES = [f"样例{word}机械有限公司" for word in "甲乙丙丁"]
PERSONS = ("张样三", "李样四", "王样五", "陈样六")
MOBILE, PHONE, MAIL = "13800000009", "021-58000009", "yang.san@example.com"
CARD = "310101199001010017"
SECRETS = (*PERSONS, MOBILE, PHONE, MAIL, CARD)
PLACES = ["上海市松江区文诚路1号", "上海市嘉定区博乐路2号", "上海市闵行区莘建路3号", "上海市宝山区月罗公路4号"]


def plant(folder):
    """A workbook, a web page under the name of one, and JSON, each with persons in its own places."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([f"制表人：{PERSONS[0]} {MOBILE}"])
    sheet.append(
        [
            "企业名称",
            "注册地址",
            "法定代表人",
            "老板",
            "operName",
            "身份证号",
            "备注",
            "经营范围",
            "纳税人识别号",
            "别的",
        ]
    )
    for name, place, person in zip(NAMES, PLACES, PERSONS, strict=True):
        row = [name, f"{place} {MOBILE}", person, person, person, CARD, f"电话{PHONE}", f"五金 {MAIL}", CARD, person]
        sheet.append(row)
    sheet.append(["", "", PERSONS[0], "", "", "", MOBILE])
    sheet.append([f"填报人：{PERSONS[1]} {MOBILE}"])
    sheet.append(["合计", "", PERSONS[2], "", "", CARD, MAIL])
    other = book.create_sheet("通讯录")
    other.append(["姓名", "手机"])
    other.append([PERSONS[3], MOBILE])
    book.save(folder / "a.xlsx")
    cells = "".join(
        f"<tr><td>样例{word}精密有限公司<td>{place}<td>{person}<td>{MOBILE}</tr>"
        for word, place, person in zip("戊己庚辛", PLACES, PERSONS, strict=True)
    )
    page = f"<table><tr><th>企业名称<th>地址<th>联系人<th>联系方式</tr>{cells}</table><p>{PERSONS[0]}"
    (folder / "b.xls").write_text(page, encoding="gb18030")
    records = [
        {"企业名称": f"样例{word}电子有限公司", "地址": place, "legalPerson": {"name": person, "idNo": CARD},
         "contacts": [{"name": person, "phone": MOBILE}], "简介": f"请找 {MAIL}"}
        for word, place, person in zip("壬癸子丑", PLACES, PERSONS, strict=True)
    ]  # fmt: skip
    (folder / "c.json").write_text(json.dumps({"data": {"items": records}, "contact": PERSONS[0]}), encoding="utf-8")
    return [folder / name for name in ("a.xlsx", "b.xls", "c.json")]


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """The folder of the import, and what the command said."""
    folder = tmp_path_factory.mktemp("persons")
    report = import_files(plant(folder), folder / "out", datum="wgs84")
    return folder / "out", "\n".join(account_lines(report))


@pytest.fixture(scope="module")
def data(imported):
    return open_dataset(imported[0])


def text_of(content):
    """All text of a file: of a packed one all that is in it."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def found(text):
    return [secret for secret in SECRETS if secret in text]


def test_what_is_planted_can_be_found(tmp_path):
    """The search itself: the files hold what is looked for."""
    book, page, records = plant(tmp_path)
    assert set(found(pd.read_excel(book, engine="openpyxl").to_csv())) == set(SECRETS)
    assert set(PERSONS) < set(found(page.read_text("gb18030")))
    assert {CARD, MOBILE, MAIL} <= set(found(records.read_text("utf-8")))


def test_the_import_writes_and_says_no_person(imported, data):
    folder, said = imported
    assert len(data.enterprises) == 12
    assert found(said) == []
    for file in folder.rglob("*"):
        if file.suffix in (".json", ".csv"):
            assert found(file.read_text("utf-8")) == [], file.name
    assert {"enterprises.parquet", "report.json", "rejected.csv", "merged.csv"} <= {
        file.name for file in folder.iterdir()
    }
    rejected = pd.read_csv(folder / "rejected.csv")
    assert len(rejected) == 3


@pytest.mark.parametrize("suffix", sorted(EXPORTERS))
@pytest.mark.parametrize("labels", [None, "zh"])
def test_no_export_holds_a_person(tmp_path, data, suffix, labels):
    out = tmp_path / f"a{suffix}"
    export(data.enterprises, out, labels=labels)
    if suffix == ".parquet":
        table = pd.DataFrame(gpd.read_parquet(out).drop(columns="geometry"))
        text = "\n".join([*map(str, table.columns), *map(str, np.ravel(table.to_numpy()))])
    else:
        text = text_of(out.read_bytes())
    assert NAMES[0] in text
    assert found(text) == []


def test_no_card_holds_a_person(data):
    for _, row in data.enterprises.iterrows():
        for lang in ("zh", "en"):
            assert found(str(profile_of(row, lang))) == []


def test_no_document_holds_a_person(data):
    everyone = Filters()
    documents = {
        "packet": packet_html(data, everyone), "map": map_html(data, everyone),
        "brief": text_of(brief_bytes(data, make_brief(data, "310117"))),
    }  # fmt: skip
    assert {name: found(text) for name, text in documents.items()} == {name: [] for name in documents}
    assert NAMES[0] in documents["packet"]


def test_no_visit_sheet_holds_a_person(tmp_path, data):
    db = open_database(f"sqlite:///{tmp_path / 'r.sqlite'}")
    shortlist.add(db, [enterprise_key(row, data.title) for _, row in data.enterprises.iterrows()], "用户")
    visit = plan_visit(shortlist.entries(db), data, "跟进")
    assert found(text_of(visit_xlsx(visit)) + visit_html(visit, "zh", "2026-11-30")) == []
    assert found((tmp_path / "r.sqlite").read_bytes().decode("utf-8", "replace")) == []


def test_a_failure_tells_no_person_to_the_log(tmp_path, monkeypatch, caplog, capsys):
    """A list without a column of names fails; neither the sentence nor the log quotes its cells."""
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["甲,乙", *(f"{person},{MOBILE} {CARD} {MAIL}" for person in PERSONS)]), encoding="utf-8")
    with caplog.at_level(logging.DEBUG):
        assert main(["import", str(path), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr()
    assert found(said.out + said.err + caplog.text) == []
