import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from app.documents import packet_html
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from layers.base import View
from reports.packet import MAX_CARDS, render_packet, verify_packet

DATA = load_dataset()
CORE = Filters(zone=("core",))
HOSTILE = [
    "</script><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "{{7*7}}{% raw %}",
    "'\"><svg/onload=window.pwned=1>",
    '<code id="packet-hash">' + "a" * 64 + "</code>",
]
TEXTS = ["name", "address", "park", "town", "industry_detail", "location_note", "district_source_title", "stock_code"]


class Reader(HTMLParser):
    """Tags, attributes and text outside scripts and styles, as a browser would take them."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text, self._raw = [], [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self._raw = tag in ("script", "style")
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, _tag):
        self._raw = False

    def handle_data(self, data):
        if not self._raw:
            self.text.append(data)


def ids_on_the_map(page):
    return set(re.findall(r'"id":\s*"(E[0-9a-f]{12})"', page))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_map_list_and_cards_hold_exactly_the_selected_enterprises(lang):
    page = packet_html(DATA, CORE, lang)
    selected = DATA.select(CORE)
    assert ids_on_the_map(page) == set(selected[selected["location_precision"] != "none"].index)
    listed = re.findall(r'<a href="#firm-\d+">([^<]+)</a>', page)
    assert listed == selected["name"].tolist()
    assert page.count("<article") == len(selected)
    assert CORE.sentence(len(selected), lang) in page


def test_every_source_cited_stands_in_the_list_of_sources():
    reader = Reader(packet_html(DATA, CORE))
    held = {value for name, value in reader.attributes if name == "id"}
    cited = {value[1:] for name, value in reader.attributes if name == "href" and value.startswith("#")}
    assert cited <= held
    assert sum(name.startswith("source-") for name in cited) > 10


def test_what_is_unverified_is_marked_in_its_line_and_its_card():
    doubtful = Filters(evidence=("unverified", "none"))
    page = packet_html(DATA, doubtful)
    rows = page.split('<section id="list">')[1].split("</section>")[0].split("<tr>")[2:]
    assert len(rows) == DATA.count(doubtful)
    assert all('class="doubt">待核实' in row for row in rows)
    assert all('class="doubt">待核实' in card for card in page.split("<article")[1:])


def test_beyond_the_bound_it_says_how_many_are_left_out():
    page = packet_html(DATA, Filters())
    total = len(DATA.enterprises)
    assert total > MAX_CARDS
    assert page.count("<article") == MAX_CARDS
    assert f"共 {total} 家，名单与卡片只收前 {MAX_CARDS} 家" in page
    assert len(page.encode()) < 5_000_000
    assert "只收前" not in packet_html(DATA, CORE)


def test_who_cannot_be_measured_is_counted_in_words():
    near = Filters(near=("SP22:8",))
    left_out = DATA.left_out(near)
    assert left_out > 0
    assert f"另有 {left_out} 家符合其余条件" in packet_html(DATA, near)
    assert "另有" not in packet_html(DATA, CORE)


def test_an_empty_selection_gives_a_packet_that_says_so():
    page = packet_html(DATA, Filters(q="zzzz"), "en")
    assert "No enterprise matches these filters." in page
    assert "<article" not in page
    assert verify_packet(page)


def test_hostile_text_stays_text_and_forges_no_hash():
    rows = DATA.select(CORE).iloc[: len(HOSTILE)].copy()
    for column in TEXTS:
        rows[column] = HOSTILE
    rows["district_source_url"] = "javascript:window.pwned=1"
    recognitions = DATA.recognitions.head(len(HOSTILE)).assign(
        name=HOSTILE, batch=HOSTILE, source_title=HOSTILE, source_url="javascript:1"
    )
    data = replace(DATA, enterprises=rows, recognitions=recognitions, title=HOSTILE[0], built_in=False)
    page = packet_html(data, Filters(), sentence=HOSTILE[1])
    plain, reader = Reader(packet_html(DATA, CORE)), Reader(page)
    assert set(reader.tags) <= {*plain.tags, "p", "span"}
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert all(value.startswith(("#", "http")) for name, value in reader.attributes if name == "href")
    assert "".join(reader.text).count("{{7*7}}{% raw %}") >= len(TEXTS) - 2
    assert "49" not in re.findall(r'"name": "(.*?)"', page)
    assert verify_packet(page)


def test_only_its_own_scripts_may_run_and_nothing_may_be_asked():
    page = packet_html(DATA, CORE)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline" not in policy.split(";")[1]
    assert "unsafe-eval" not in policy
    reader = Reader(page)
    assert not [value for name, value in reader.attributes if name in ("src", "srcset", "data", "action")]
    assert "link" not in reader.tags


def test_columns_of_persons_stay_out():
    rows = DATA.select(CORE).assign(法定代表人="张三丰", 邮箱="a@b.cn", address="新元南路 600 号 联系 13800001111")
    page = packet_html(DATA.with_enterprises(rows), Filters())
    for personal in ("张三丰", "a@b.cn", "13800001111"):
        assert personal not in page


def test_made_up_data_is_marked_at_head_foot_and_on_the_map():
    page = packet_html(replace(DATA, synthetic=True, built_in=False), CORE)
    assert page.count("合成数据：这些企业是虚构的") == 2
    assert json.dumps("合成数据 · ")[1:-1] in page


def test_the_same_selection_gives_the_same_file_and_any_change_shows():
    page = packet_html(DATA, CORE)
    assert page == packet_html(DATA, CORE)
    assert verify_packet(page)
    assert not verify_packet(page.replace("核", "合", 1))
    with pytest.raises(DataError, match="不是资料包"):
        verify_packet("<html></html>")


def test_given_enterprises_keep_their_order():
    rows = DATA.enterprises.iloc[[7, 3, 5]]
    page = packet_html(DATA.with_enterprises(rows), Filters(), sentence="跟进清单 · 3 家")
    assert re.findall(r'<a href="#firm-\d+">([^<]+)</a>', page) == rows["name"].tolist()
    assert "跟进清单 · 3 家" in page


def test_an_online_base_map_is_refused():
    with pytest.raises(DataError, match="离线底图"):
        render_packet(DATA, Filters(), View(basemap="osm"), lambda _: "", date="2026-11-24")


def test_missing_values_leave_no_trace():
    rows = DATA.select(CORE).head(3).assign(location_error_m=float("nan"), stock_code=pd.NA)
    page = packet_html(DATA.with_enterprises(rows), Filters())
    assert not {"nan", "None", "NaT", "<NA>"} & set(Reader(page).text)


def test_the_packet_of_an_imported_list_says_which_list_and_no_share_of_sources():
    rows = DATA.enterprises.iloc[:3].assign(evidence="imported", recognitions="")
    mine = DATA.with_enterprises(rows).named("我的名单", "2026-02-03", synthetic=False)
    text = "".join(Reader(packet_html(mine, Filters())).text)
    assert "数据：导入的名单 我的名单，截至 2026-02-03" in text
    assert "所在区来源可查" not in text
    sources = text[text.index("所用数据") :]
    assert "我的名单" in sources
    assert "重点企业" not in sources.split("园区")[0]
