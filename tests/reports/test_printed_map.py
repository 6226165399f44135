"""The printed map: paper, texts and figures read back from the file, and the picture looked at."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli import main
from app.documents import MapContent, print_bytes
from geo.datasets.dataset import load_dataset
from geo.datasets.demo import write_demo
from geo.datasets.storage import open_dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.indicators.timeline import Until, recognition_years
from reports.figure_frame import PAPERS, wrapped

DATA = load_dataset()
MM_PER_POINT = 25.4 / 72


def read(content):
    """Size [mm], words and picture of the one page of a pdf."""
    document = pypdfium2.PdfDocument(content)
    assert len(document) == 1
    page = document[0]
    words = "".join(page.get_textpage().get_text_bounded().split())
    return tuple(round(side * MM_PER_POINT) for side in page.get_size()), words, page.render(scale=0.5).to_numpy()


@pytest.mark.parametrize(
    ("paper", "size"),
    [("a4", (297, 210)), ("a4-portrait", (210, 297)), ("a3", (420, 297)), ("a3-portrait", (297, 420))],
)
def test_every_paper_has_title_selection_legend_scale_north_source_date_and_approval(paper, size, monkeypatch):
    monkeypatch.setenv("EXPLORER_MAP_APPROVAL", "GS(2026)0000号")
    filters = Filters(district=("310117",))
    found, words, picture = read(print_bytes(DATA, filters, paper=paper, title="松江 $x$ <b>"))
    rows = DATA.select(filters)
    points = rows["location_precision"].isin(["site", "road"]).sum()
    assert found == size
    wanted = ["松江$x$<b>", f"松江区·{len(rows)}家", "样本：不是全部企业", "km", "北", "内置样本", "制图：20"]
    wanted += [f"企业（{len(rows)}）", f"（{len(rows) - points}）", "审图号：GS(2026)0000号", "待核实"]
    assert [text for text in wanted if text not in words] == []
    share = (np.abs(picture.astype(int) - 255).sum(axis=2) > 0).mean()
    assert 0.4 < share < 0.98  # the map fills the paper, and a margin is left
    assert (picture[:10] == 255).all()


def test_without_an_approval_number_it_says_so_and_hexagons_and_year_are_printed_too(monkeypatch):
    monkeypatch.delenv("EXPLORER_MAP_APPROVAL", raising=False)
    content = MapContent(2000, until=Until("recognition", 2022))
    _, words, _ = read(print_bytes(DATA, Filters(), "en", content))
    assert [text for text in ("nomapapprovalnumber", "hexagonsof2km", "2022", "Hexagons2km") if text not in words] == []
    by_year = read(print_bytes(DATA, Filters(), "en", MapContent(until=Until("recognition", 2010))))[1]
    assert "Enterprises(900)" not in by_year
    years = recognition_years(DATA.enterprises["name"], DATA.recognitions)
    shown, missing = ((years > 0) & (years <= 2010)).sum(), (years == 0).sum()
    assert f"listing):{shown}enterprises;{missing}morewithoutayear" in by_year


def test_a_long_selection_goes_on_in_a_second_line_and_of_hexagons_the_legend_says_what_is_unverified():
    filters = Filters(district=tuple(DATA.districts.index))
    content = MapContent(5000, until=Until("recognition", 2022))
    _, words, _ = read(print_bytes(DATA, filters, content=content, paper="a4-portrait"))
    assert [text for text in ("家没有年份", "家所在区待核实") if text not in words] == []


def test_of_thousands_the_density_is_printed_and_every_figure_adds_up(tmp_path):
    write_demo(4000, tmp_path / "set")
    data = open_dataset(tmp_path / "set", DATA)
    _, words, _ = read(print_bytes(data, Filters()))
    precision = data.enterprises["location_precision"].value_counts()
    industries = data.enterprises[data.enterprises["location_precision"].isin(["site", "road"])]["industry"]
    area = precision.reindex(["park", "town", "district"]).fillna(0).sum()
    wanted = [
        "企业（4,000）",
        f"画成密度：{len(industries):,}家",
        f"汽车（{(industries == 'auto').sum():,}）",
        "合成数据",
    ]
    wanted += [f"按区合计（{area:,.0f}）" if area > 90 else f"（{area:,.0f}）", f"未画出：{precision['none']:,}家"]
    assert [text for text in wanted if text not in words] == []


def test_the_map_shows_where_the_selection_is_and_an_enterprise_counts_once():
    near = Filters(near=("121.47:31.23:5",))
    assert "2km" in read(print_bytes(DATA, near))[1]
    sites = pd.concat([DATA.enterprises, DATA.enterprises.iloc[:3].assign(parent_id=DATA.enterprises.index[:3])])
    sites.index = [f"row-{number}" for number in range(len(sites))]
    assert "企业（900）" in read(print_bytes(DATA.with_enterprises(sites), Filters()))[1]
    assert "企业（0）" in read(print_bytes(DATA, Filters(q="zzzz")))[1]


def test_the_command_prints_and_says_in_one_sentence_what_cannot_be(tmp_path, capsys):
    out = tmp_path / "核.png"
    assert main(["map", str(out), "--query", "zone=core", "--paper", "a3"]) == 0
    assert "49 家" in capsys.readouterr().out
    from PIL import Image

    assert Image.open(io.BytesIO(out.read_bytes())).size == (3307, 2338)
    assert main(["map", str(tmp_path / "a.gif")]) == 2
    assert "pdf" in capsys.readouterr().err
    assert main(["map", str(tmp_path / "a.html"), "--paper", "a3", "--title", "核"]) == 2
    assert "--paper a3 --title 核" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["核.png"]
    with pytest.raises(DataError, match="没有这种纸张"):
        print_bytes(DATA, Filters(), paper="a5")


def test_an_imported_list_is_no_sample():
    data = replace(DATA, built_in=False, title="松江 <b>名单</b>")
    words = read(print_bytes(data, Filters(district=("310117",))))[1]
    assert "样本" not in words
    assert "松江<b>名单</b>" in words
    assert set(PAPERS) == {"a4", "a4-portrait", "a3", "a3-portrait"}


@given(st.text("汽车 （）a1,.", max_size=60))
def test_a_text_is_broken_whole_and_a_number_never(text):
    lines = wrapped(text, 20)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert wrapped("生物医药（312,942）、汽车", 18)[-1].startswith("（312,942）")
