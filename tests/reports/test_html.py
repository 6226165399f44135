import json
import re

import pytest

from app.documents import MapContent, map_html, write_html
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.indicators.timeline import Until, undated
from layers.base import View
from reports.html import render_html

DATA = load_dataset()


def test_the_document_holds_all_its_scripts_and_styles():
    html = map_html(DATA, Filters(zone=("core",)))
    assert "<script src=" not in html
    assert 'rel="stylesheet"' not in html
    assert "@import" not in html


def test_the_document_holds_exactly_the_selected_enterprises():
    filters = Filters(district=("310109",))
    html = map_html(DATA, filters)
    ids = set(re.findall(r'"id":\s*"(E[0-9a-f]{12})"', html))
    assert ids == set(DATA.select(filters)["enterprise_id"])


def test_the_sentence_of_the_selection_is_the_escaped_title():
    html = map_html(DATA, Filters(q="<script>alert(1)</script>"))
    assert "<title>一核一带 · “&lt;script&gt;alert(1)&lt;/script&gt;” · 0 家</title>" in html


def test_data_cannot_close_the_script():
    hostile = DATA.enterprises.iloc[:1].assign(
        name="</script><script>window.pwned=1</script>", location_precision="district"
    )
    hostile = hostile.assign(lon=121.5, lat=31.2)
    html = map_html(DATA.with_enterprises(hostile), Filters())
    assert "<script>window.pwned" not in html


def test_an_online_base_map_is_refused():
    with pytest.raises(DataError, match="离线底图"):
        render_html(DATA, Filters(), View(basemap="osm"), lambda _: "")


def test_a_folder_that_does_not_exist_gets_one_sentence_and_leaves_nothing(tmp_path):
    with pytest.raises(DataError, match="无法写入"):
        write_html(DATA, Filters(), tmp_path / "没有" / "a.html")
    assert list(tmp_path.iterdir()) == []


def test_it_is_light_whatever_the_system():
    """The style sheet of a dark system leaves a page alone that says it is paper."""
    html = map_html(DATA, Filters())
    assert '<html lang="zh-CN" class="x-paper">' in html
    assert ":root:not(.x-paper)" in html


def test_hexagons_and_a_year_go_with_it():
    content = MapContent(5000, until=Until("recognition", 2020))
    html = map_html(DATA, Filters(), content=content)
    assert "六边形 5 千米：企业数（家） · 截至 2020 年（首次获得称号或上市的年份）：" in html
    assert f"{undated(DATA, Filters(), 'recognition')} 家没有年份</title>" in html
    found = content.count(DATA, Filters())
    assert json.dumps(f"{found.vague} 家不入格")[1:-1] in html
    with pytest.raises(DataError, match="只有 0 家"):
        map_html(DATA, Filters(), content=MapContent(5000, "insured"))
