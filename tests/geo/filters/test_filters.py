"""The three faces of the filters: query, mask, sentence."""

import pandas as pd
import pytest

from geo.enterprises.schema import COLUMNS
from geo.filters.filters import FACETS, NONE, Filters, options
from geo.places.zones import ZONES


@pytest.fixture
def table():
    rows = [
        (
            "甲机器人（上海）有限公司",
            "",
            "嘉定区安亭镇",
            "",
            "安亭镇",
            "310114",
            "belt",
            "equipment",
            "lighthouse",
            "source",
        ),
        ("乙汽车", "丙机器人", "", "临港", "", "310115", "core", "auto", "a-share;lighthouse", "postcode"),
        ("丁100%控股_X", "", "", "", "", "", "unplaced", "", "", "none"),
    ]
    columns = ["name", "aliases", "address", "park", "town", "adcode", "zone", "industry", "recognitions", "evidence"]
    others = dict.fromkeys(name for name, column in COLUMNS.items() if column.searched and name not in columns)
    table = pd.DataFrame(rows, columns=columns).assign(witnesses="agree", registration="own", **others)
    return table.fillna("")


@pytest.mark.parametrize(
    ("query", "selected"),
    [
        ("", [0, 1, 2]),
        ("district=310114", [0]),
        ("district=310114,310115", [0, 1]),
        ("district=none", [2]),
        ("zone=core,unplaced", [1, 2]),
        ("industry=none", [2]),
        ("recognition=lighthouse", [0, 1]),
        ("recognition=a-share", [1]),
        ("recognition=a-share,none", [1, 2]),
        ("recognition=any", [0, 1]),
        ("recognition=any,none", [0, 1, 2]),
        ("evidence=none", [2]),
        ("recognition=light", []),
        ("district=310114&zone=core", []),
        ("district=999999", []),
        ("district=999999,310114", [0]),
        ("q=机器人", [0, 1]),
        ("q=机器人+上海", [0]),
        ("q=(上海)", [0]),
        ("q=安亭", [0]),
        ("q=临港", [1]),
        ("q=100%25", [2]),
        ("q=控股_x", [2]),
        ("q=控股.X", []),
        ("q=%20%20", [0, 1, 2]),
        ("q=１００", [2]),
    ],
)
def test_the_mask(table, query, selected):
    filters, ignored = Filters.from_query(query)
    assert ignored == []
    assert filters.mask(table).nonzero()[0].tolist() == selected


@pytest.mark.parametrize(
    ("query", "filters", "ignored"),
    [
        ("?district=310117", Filters(district=("310117",)), []),
        ("district=310117&district=310112", Filters(district=("310117", "310112")), []),
        ("district=310117,310117", Filters(district=("310117",)), []),
        ("district=,%20,", Filters(), []),
        ("district", Filters(), []),
        ("q=a,b", Filters(q="a,b"), []),
        ("q=+x+", Filters(q="x"), []),
        ("q=%E6%9D%BE", Filters(q="松"), []),
        ("q=%ff", Filters(q="\ufffd"), []),
        ("lang=en&district=310117&utm=1", Filters(district=("310117",)), ["lang", "utm"]),
        ("District=310117", Filters(), ["District"]),
        ("&&=&", Filters(), [""]),
    ],
)
def test_the_query_is_read(query, filters, ignored):
    assert Filters.from_query(query) == (filters, ignored)


def test_any_recognition_is_no_listing_and_no_key_enterprise(table):
    table = table.assign(recognitions=["star-market", "key-enterprise;hk-listed", "lighthouse"])
    filters = Filters(recognition=("any",))
    assert filters.mask(table).tolist() == [False, False, True]
    assert filters.facet_counts(table)["recognition"]["any"] == 1
    assert filters.unknown() == {}
    assert filters.sentence(1) == "有称号（任一） · 1 家"


def test_the_query_is_written_short_and_readable():
    filters = Filters(zone=("core", "belt"), q="50% & more")
    assert filters.to_query() == "zone=core,belt&q=50%25+%26+more"
    assert Filters().to_query() == ""
    assert filters.as_params() == {"zone": "core,belt", "q": "50% & more"}


def test_the_sentence():
    filters = Filters(district=("310117", "none"), zone=("belt",), q="机器人")
    assert filters.sentence(1) == "松江区、未定位 · 带：近郊五区 · “机器人” · 1 家"
    assert filters.sentence(1, "en") == "Songjiang, No district known · Belt: five districts · “机器人” · 1 enterprise"
    assert Filters().sentence(1234) == "全市 · 1,234 家"
    assert Filters().sentence(0, "en") == "Shanghai · 0 enterprises"
    assert Filters(district=("x",)).sentence(0) == "x · 0 家"


def test_unknown_values_are_named():
    filters, _ = Filters.from_query("district=310117,1&zone=core&recognition=oscar")
    assert filters.unknown() == {"district": ["1"], "recognition": ["oscar"]}
    assert Filters().unknown() == {}


def test_lifting_one_filter():
    filters = Filters(district=("310117",), q="a")
    assert filters.without("district") == Filters(q="a")
    assert filters.without("q") == Filters(district=("310117",))


def test_counts_of_a_facet_ignore_its_own_filter(table):
    counts = Filters(district=("310114",), recognition=("lighthouse",)).facet_counts(table)
    assert counts["district"].loc[["310114", "310115", NONE]].tolist() == [1, 1, 0]
    assert counts["recognition"].loc[["lighthouse", "a-share", NONE]].tolist() == [1, 0, 0]
    assert counts["zone"].to_dict() == {"core": 0, "belt": 1, "other": 0, "unplaced": 0}


@pytest.mark.parametrize("facet", FACETS)
def test_every_option_has_a_name_in_both_languages(facet):
    for code, names in options(facet).items():
        assert code == code.strip() != ""
        assert not set(code) & set(",;&= ")
        assert len(names) == 2
        assert all(names)
    assert len(set(options(facet).values())) == len(options(facet))


def test_the_options_that_links_rely_on():
    assert tuple(options("zone")) == ZONES == ("core", "belt", "other", "unplaced")
    named = ("auto", "electronics", "aviation", "biomedicine", "equipment", "materials", "other")
    assert tuple(options("industry")) == (*named, NONE)
    assert len(options("district")) == 17
    assert list(options("district"))[:5] == ["310112", "310113", "310114", "310115", "310117"]


def test_missing_values_count_as_none():
    table = pd.DataFrame({column: pd.Series([pd.NA], dtype="string") for column in FACETS.values()})
    table = table.fillna("").assign(name="某", aliases="", address="", park="", town="")
    assert Filters(recognition=(NONE,)).mask(table).tolist() == [True]
    assert Filters(recognition=("lighthouse",)).mask(table).tolist() == [False]
