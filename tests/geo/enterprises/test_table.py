"""The sample of enterprises: whole, typed, identified, and placed as far as known."""

import shutil

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo import catalog
from geo.catalog import read_table
from geo.codes.industries import INDUSTRIES
from geo.codes.options import EVIDENCE_LABELS
from geo.codes.recognitions import load_kinds
from geo.crs import STORAGE_CRS
from geo.enterprises.schema import COLUMNS
from geo.enterprises.table import as_enterprises, enterprise_ids, load_enterprises
from geo.errors import DataError
from geo.places.districts import attributes
from geo.places.geocoding import PRECISIONS
from geo.places.zones import ZONES


@pytest.fixture(scope="module")
def enterprises():
    return load_enterprises()


def test_every_row_of_the_file_is_there_in_its_order(enterprises):
    raw = read_table("enterprises")
    assert enterprises["name"].tolist() == raw["name"].tolist()
    assert enterprises["source_row"].tolist() == list(range(2, len(raw) + 2))
    assert enterprises["stock_code"].tolist() == raw["stock_code"].tolist()
    assert (enterprises["kind"] == "site").sum() == 6


def test_columns_and_index(enterprises):
    assert enterprises.columns.tolist()[: len(COLUMNS)] == list(COLUMNS)
    assert enterprises.crs == STORAGE_CRS
    assert enterprises.index.is_unique
    assert enterprises.index.tolist() == enterprises["enterprise_id"].tolist()


@pytest.mark.parametrize(
    ("column", "allowed"),
    [
        ("zone", set(ZONES)),
        ("industry", {"", *INDUSTRIES}),
        ("evidence", set(EVIDENCE_LABELS)),
        ("location_precision", set(PRECISIONS)),
        ("district_basis", {"", "stated", "coordinates", "address"}),
        ("kind", {"company", "site"}),
        ("adcode", {"", *attributes().index}),
        ("status", {"unknown"}),
    ],
)
def test_coded_columns_hold_their_codes_only(enterprises, column, allowed):
    assert set(enterprises[column]) <= allowed


def test_stated_districts_count(enterprises):
    raw = read_table("enterprises")
    stated = raw["district"].to_numpy() != ""
    assert (enterprises.loc[stated, "district"].to_numpy() == raw.loc[stated, "district"].to_numpy()).all()
    assert (enterprises["district"] == "").equals(enterprises["adcode"] == "")


def test_a_point_exactly_where_a_place_is_known(enterprises):
    located = enterprises["location_precision"] != "none"
    assert located.equals(enterprises.geometry.notna())
    assert (enterprises.loc[located, "location_error_m"] >= 0).all()
    assert enterprises.loc[~located, ["lon", "lat", "location_error_m"]].isna().all(axis=None)
    np.testing.assert_array_equal(enterprises.geometry.x, enterprises["lon"])
    np.testing.assert_array_equal(enterprises.geometry.y, enterprises["lat"])


def test_unplaced_means_neither_district_nor_place(enterprises):
    unplaced = enterprises["zone"] == "unplaced"
    assert unplaced.sum() > 0
    assert (enterprises.loc[unplaced, "location_precision"] == "none").all()
    assert (enterprises.loc[unplaced, "adcode"] == "").all()
    no_district = enterprises["adcode"] == ""
    assert set(enterprises.loc[no_district, "zone"]) == {"core", "unplaced"}


def test_recognitions_are_those_of_the_table(enterprises):
    held = enterprises["recognitions"].str.split(";").explode()
    assert set(held) - {""} <= set(load_kinds().index)
    assert not enterprises["recognitions"].str.startswith(";").any()
    robots = enterprises[enterprises["recognitions"].str.contains("lighthouse")]
    assert len(robots) >= 1


def test_the_same_name_has_the_same_id_everywhere():
    ids = enterprise_ids(pd.Series(["上海Ａ（集团）有限公司", "上海a(集团) 有限公司", "上海B有限公司"]))
    assert ids.nunique() == 2
    assert ids.str.fullmatch(r"E[0-9a-f]{12}").all()
    assert enterprise_ids(pd.Series(["三生国健药业(上海)股份有限公司"])).tolist() == ["Eaa6850068ad4"]


def test_a_foreign_table_gets_all_columns_and_keeps_its_own():
    table = pd.DataFrame(
        {"enterprise_id": ["E1", "E2"], "name": ["甲", "乙"], "lon": [121.5, None], "lat": [31.2, None]}
    )
    made = as_enterprises(table.assign(备注="x"))
    assert made.columns.tolist() == [*COLUMNS, "备注", "geometry"]
    assert made.geometry.isna().tolist() == [False, True]
    assert made["recognitions"].tolist() == ["", ""]
    assert isinstance(made, gpd.GeoDataFrame)
    empty = as_enterprises(table.head(0))
    assert empty.empty
    assert empty.crs == STORAGE_CRS


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("district", "昆山市", "16区"),
        ("industry", "魔法", "汽车"),
        ("lon_wgs84", "12.1", "经度"),
        ("lon_wgs84", "x", "经度"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_with_its_row(tmp_path, monkeypatch, column, value, expected):
    folder = shutil.copytree(catalog.ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("EXPLORER_DATA", str(folder))
    file = folder / "enterprises" / "enterprises.csv"
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    table.loc[4, column] = value
    table.to_csv(file, index=False)
    assert catalog.update() == ["enterprises"]
    with pytest.raises(DataError) as caught:
        load_enterprises()
    for part in ("enterprises.csv", "第 6 行", f"列 {column}", value, expected):
        assert part in str(caught.value)
