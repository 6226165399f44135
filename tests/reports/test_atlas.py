"""The atlas read back from its PDF: a page per place, contents, marks on every page, hostile text as text."""

from dataclasses import replace

import numpy as np
import pypdfium2
import pytest

from app.cli import main
from app.documents import atlas_bytes
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.filters.filters import Filters, options
from reports import atlas

DATA = load_dataset()
HOSTILE = '#panic("x") $y$ *b* _i_ `c` @ref <l> // [z] \\" = #read("/etc/passwd") {{7*7}}'


def pages_of(content):
    """Words of each page, and the document."""
    document = pypdfium2.PdfDocument(content)
    return ["".join(page.get_textpage().get_text_bounded().split()) for page in document], document


def test_a_district_has_a_page_with_its_figures_and_the_contents_say_where(monkeypatch):
    monkeypatch.setenv("EXPLORER_MAP_APPROVAL", "GS(2026)0000号")
    pages, document = pages_of(atlas_bytes(DATA, Filters(district=("310114", "310101")), "district"))
    assert len(pages) == 3
    assert "目录嘉定区" in pages[0]
    for page in pages:
        assert [mark for mark in ("样本：不是全部企业", "审图号：GS(2026)0000号", "内置样本") if mark not in page] == []
    assert pages[1].startswith("样本：不是全部企业嘉定区")
    assert [
        text
        for text in ("企业数（家）60", "汽车1728.3%", "4.23", "集中", "企业（60）", "待核实")
        if text not in pages[1]
    ] == []
    picture = document[1].render(scale=0.5).to_numpy()
    assert (picture[:210].reshape(-1, 3).std(axis=0) > 15).all()  # a map is drawn in the upper half
    links = [item.get_title() for item in document.get_toc()]
    assert links == ["嘉定区", "黄浦区"]


def test_core_and_belt_in_english_and_without_an_approval_number(monkeypatch):
    monkeypatch.delenv("EXPLORER_MAP_APPROVAL", raising=False)
    pages, _ = pages_of(atlas_bytes(DATA, Filters(), "zone", "en"))
    assert len(pages) == 3
    assert all("nomapapprovalnumberconfigured" in page and "Asample" in page for page in pages)
    assert "Core:Lin-gangSpecialArea" in pages[1]


def test_text_of_the_data_is_never_markup_and_a_made_up_set_says_so_on_every_page():
    rows, parks = DATA.enterprises.copy(), DATA.parks.copy()
    own = np.flatnonzero(parks["adcode"] == "310117")
    parks.iloc[own[1:], parks.columns.get_loc("adcode")] = "310151"
    placed = own[:1]
    parks.iloc[placed, parks.columns.get_loc("name")] = HOSTILE
    parks.iloc[placed, parks.columns.get_loc("source_title")] = HOSTILE
    rows.loc[rows.index[:3], ["park", "adcode"]] = [HOSTILE, "310117"]
    data = replace(DATA.with_enterprises(rows), parks=parks, title=HOSTILE, built_in=False, synthetic=True)
    pages, _ = pages_of(atlas_bytes(data, Filters(district=("310117",)), "park"))
    assert len(pages) == 2
    assert all("合成数据" in page and "".join(HOSTILE.split()) in page for page in pages)
    assert "root:" not in "".join(pages)
    assert "企业数（家）3" in pages[1]


@pytest.mark.parametrize(
    ("level", "query", "count", "names"),
    [
        ("zone", Filters(district=("310117",)), 900, ["一核：临港新片区", "一带：近郊产业带"]),
        ("zone", Filters(zone=("core",), district=("310117",)), 49, ["一核：临港新片区"]),
        ("district", Filters(zone=("core",), district=("310114",)), 60, ["嘉定区"]),
    ],
)
def test_the_cover_states_the_selection_that_the_pages_count(level, query, count, names):
    pages, document = pages_of(atlas_bytes(DATA, query, level))
    assert f"·{count}家" in pages[0]
    assert [item.get_title() for item in document.get_toc()] == names


def test_a_park_marks_its_district_where_no_source_says_it_and_cites_the_year():
    parks = DATA.parks.iloc[[1]].assign(district_basis="推定", year_listed="2020")
    data = replace(DATA, parks=parks)
    page = pages_of(atlas_bytes(data, Filters(district=tuple(parks["adcode"])), "park"))[0][1]
    district = options("district")[parks["adcode"].iloc[0]].zh
    assert f"所在区{district}[1]待核实" in page
    assert "列入年份2020[1]" in page
    assert "推定" not in page
    data = replace(DATA, parks=parks.assign(year_listed=""))
    assert "列入年份–企业数" in pages_of(atlas_bytes(data, Filters(district=tuple(parks["adcode"])), "park"))[0][1]


def test_every_park_of_a_district_has_a_page_with_or_without_a_point():
    parks = DATA.parks[DATA.parks["adcode"] == "310114"]
    pages, _ = pages_of(atlas_bytes(DATA, Filters(district=("310114",)), "park"))
    assert len(pages) == 1 + len(parks)
    assert sum("不画图" in page for page in pages) == parks.geometry.isna().sum()


def test_what_cannot_be_is_said_in_one_sentence(tmp_path, capsys, monkeypatch):
    assert main(["atlas", str(tmp_path / "a.docx")]) == 2
    assert "pdf" in capsys.readouterr().err
    with pytest.raises(DataError, match="没有可排的页"):
        atlas_bytes(DATA, Filters(q="zzzz"), "park")
    with pytest.raises(DataError, match="没有可排的页"):
        atlas_bytes(DATA, Filters(zone=("other",)), "zone")
    with pytest.raises(DataError, match="没有这种分页"):
        atlas_bytes(DATA, Filters(), "town")
    monkeypatch.setattr(atlas, "FONTS", ("No Such Font",))
    atlas._fonts.cache_clear()
    with pytest.raises(DataError, match="没有中文字体"):
        atlas_bytes(DATA, Filters(), "zone")
    atlas._fonts.cache_clear()
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_it(tmp_path, capsys):
    assert main(["atlas", str(tmp_path / "核.pdf"), "--level", "zone", "--query", "zone=core"]) == 0
    assert "49 家" in capsys.readouterr().out
    assert len(pypdfium2.PdfDocument(tmp_path / "核.pdf")) == 2
