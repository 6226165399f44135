"""Totals of districts and core, where their signs may stand, and the account of a selection."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from geo.crs import Datum, to_wgs84
from geo.datasets.dataset import load_dataset
from geo.filters.filters import Filters
from geo.places.districts import load_outlines, locate
from geo.places.zones import CORE, in_core
from layers.base import View
from layers.remote import marks
from layers.totals import account, area_totals, sign_places

DATA = load_dataset()


@pytest.mark.parametrize(
    "filters", [Filters(), Filters(zone=("core",)), Filters(industry=("auto",)), Filters(q="zzzz")]
)
def test_totals_are_the_counts_of_the_store(filters):
    chosen = DATA.mask(filters)
    totals = {total["code"]: total["n"] for total in area_totals(DATA, chosen)}
    counts = {code: DATA.count(filters, district=[code]) for code in load_outlines().index}
    counts[CORE] = DATA.count(filters, zone=[CORE])
    assert totals == {code: n for code, n in counts.items() if n}
    told = account(DATA, chosen)
    assert told["n"] == DATA.count(filters)
    assert told["precisions"] == {name: DATA.count(filters, precision=[name]) for name in told["precisions"]}
    assert told["zones"] == {name: DATA.count(filters, zone=[name]) for name in told["zones"]}


def test_a_further_site_is_not_counted_in_the_account():
    table = DATA.enterprises.copy()
    table["parent_id"] = ""
    table.iloc[0, table.columns.get_loc("parent_id")] = table.index[1]
    data = replace(DATA.with_enterprises(table))
    told = account(data, np.ones(len(table), dtype=bool))
    assert told["n"] == data.count(Filters()) == len(table) - 1
    assert sum(told["zones"].values()) == sum(told["precisions"].values()) == told["n"]
    assert told["sites"] == 1


def test_a_sign_counts_as_the_filters_do_and_names_further_sites_beside_it():
    table = DATA.enterprises.copy()
    table["parent_id"] = ""
    of_songjiang = np.flatnonzero(table["adcode"] == "310117")[:3]
    table.iloc[of_songjiang, table.columns.get_loc("parent_id")] = table.index[-1]
    data = DATA.with_enterprises(table)
    totals = {total["code"]: total for total in area_totals(data, np.ones(len(table), dtype=bool))}
    before = {total["code"]: total for total in area_totals(DATA, np.ones(len(table), dtype=bool))}
    assert totals["310117"]["n"] == data.count(Filters(district=("310117",))) == before["310117"]["n"] - 3
    assert totals["310117"]["n"] == sum(totals["310117"]["by"].values())
    assert totals["310117"]["sites"] == 3
    assert before["310117"]["sites"] == 0
    assert {code: total for code, total in totals.items() if code != "310117"} == {
        code: total for code, total in before.items() if code != "310117"
    }


@pytest.mark.parametrize("view", [View(), View("en", "amap")])
def test_a_sign_may_stand_in_its_own_district_only(view):
    places = sign_places(view)
    assert places.keys() == {*load_outlines().index, CORE}
    datum: Datum = "gcj02" if view.basemap == "amap" else "wgs84"
    for code, about in places.items():
        lat, lon = np.array(about["spots"]).T
        lon, lat = to_wgs84(lon, lat, datum)
        assert len(lon) > 20
        assert (in_core(lon, lat) == (code == CORE)).all(), about["name"]
        if code != CORE:
            assert set(locate(lon, lat)) == {code}
            assert shapely.contains_xy(load_outlines().at[code, "geometry"].buffer(1e-3), lon, lat).all()
    assert {about["name"] for about in places.values() if about["belt"]} == (
        {"Pudong", "Minhang", "Jiading", "Baoshan", "Songjiang"}
        if view.lang == "en"
        else {"浦东新区", "闵行区", "嘉定区", "宝山区", "松江区"}
    )


def test_the_mark_of_an_area_tells_its_rest_from_its_total():
    said = {mark["tip"] for mark in marks(DATA, Filters(), View())["marks"] if mark.get("code")}
    table = DATA.enterprises
    rest = int(((table["adcode"] == "310114") & (table["location_precision"] == "district")).sum())
    assert f"只知在嘉定区 {rest}（全区 {(table['adcode'] == '310114').sum()}）" in said
    lingang = table[
        (table["zone"] == CORE) & (table["location_precision"] == "district") & (table["adcode"] == "310115")
    ]
    assert f"只知在临港新片区浦东新区部分 {len(lingang)}（全片区 {(table['zone'] == CORE).sum()}）" in said
    zhangjiang = table[(table["town"] == "张江镇") & (table["adcode"] == "310115")]
    alone = int((zhangjiang["location_precision"] == "town").sum())
    assert f"只知在张江镇 {alone}（全镇 {len(zhangjiang)}）" in said
    fewer = {mark["tip"] for mark in marks(DATA, Filters(industry=("auto",)), View("en"))["marks"] if mark.get("code")}
    cars = table[(table["industry"] == "auto") & (table["adcode"] == "310114")]
    rest = int((cars["location_precision"] == "district").sum())
    assert any(
        tip.startswith(f"known only to be in Jiading {rest} ({len(cars)} in the whole district)") for tip in fewer
    )
