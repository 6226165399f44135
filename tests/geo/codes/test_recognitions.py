"""Recognitions: each row a known kind, and the kinds of each enterprise."""

import shutil

import pandas as pd
import pytest

from geo import catalog
from geo.catalog import read_table
from geo.codes.recognitions import kinds_by_enterprise, load_kinds, load_recognitions
from geo.enterprises.table import load_enterprises
from geo.errors import DataError


def test_every_row_has_a_kind_and_the_type_of_its_kind():
    table, kinds = load_recognitions(), load_kinds()
    assert len(table) == len(read_table("recognitions"))
    assert set(kinds["type"]) == {"listed", "key_enterprise", "recognition"}
    assert table["kind"].isin(kinds.index).all()
    assert (table["type"] == table["kind"].map(kinds["type"])).all()
    assert str(table["year"].dtype) == "Int64"


def test_every_recognition_belongs_to_an_enterprise_of_the_sample():
    assert set(load_recognitions()["name"]) <= set(load_enterprises()["name"])


def test_the_enterprises_carry_each_of_their_recognitions_once():
    table, enterprises = load_recognitions(), load_enterprises()
    expected = table.groupby("name")["kind"].agg(set).to_dict()
    for name, held in zip(enterprises["name"], enterprises["recognitions"], strict=True):
        codes = held.split(";") if held else []
        assert len(codes) == len(set(codes))
        assert set(codes) == expected.get(name, set())


def test_kinds_stand_in_the_order_of_their_table():
    rows = pd.DataFrame({"name": ["a", "a", "a", "b"], "kind": ["lighthouse", "star-market", "lighthouse", "a-share"]})
    assert kinds_by_enterprise(rows).to_dict() == {"a": "star-market;lighthouse", "b": "a-share"}
    assert kinds_by_enterprise(rows.head(0)).empty


def test_codes_can_stand_in_a_url():
    assert all(code.replace("-", "").isascii() and code == code.lower() for code in load_kinds().index)


def test_an_unknown_recognition_is_named_with_its_row(tmp_path, monkeypatch):
    folder = shutil.copytree(catalog.ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("EXPLORER_DATA", str(folder))
    file = folder / "recognitions" / "recognitions.csv"
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    table.loc[2, "recognition"] = "奥斯卡"
    table.to_csv(file, index=False)
    catalog.update()
    with pytest.raises(DataError, match=r"recognitions\.csv，第 4 行，列 recognition，值 奥斯卡"):
        load_recognitions()
