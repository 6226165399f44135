"""How far the places lie from published addresses with points: the measurement behind docs/places.md."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.catalog import read_table
from geo.distance import distance_m
from geo.places.gazetteer import place_on_road, read_address
from geo.places.geocoding import place

DOCS = Path(__file__).resolve().parents[3] / "docs" / "places.md"


@pytest.fixture(scope="module")
def published():
    """Public addresses with their points; none of them is behind the roads' median points."""
    table = read_table("road_points", ["address", "lon_wgs84", "lat_wgs84"])
    return table.astype({"lon_wgs84": float, "lat_wgs84": float})


@pytest.fixture(scope="module")
def by_road(published):
    """Error expected and distance found [m] of each address that its road places, its own number held out."""
    rows = []
    for address, lon, lat in published[["address", "lon_wgs84", "lat_wgs84"]].itertuples(index=False):
        parts = read_address(address)
        found = place_on_road(parts.road, parts.number, parts.adcode, held_out=True)
        if found:
            rows.append((found[2], float(distance_m(found[0], found[1], lon, lat))))
    return pd.DataFrame(rows, columns=["expected", "found"])


@pytest.fixture(scope="module")
def by_area(published):
    """The same of the addresses without their road: by their town where they name one, else by their district."""
    bare = published["address"].str.extract(r"^(上海市[^区]+区(?:[^路\d]*?(?:镇|街道))?)")[0]
    rows = pd.DataFrame({"stated": "", "place": "", "address": bare, "lon": np.nan, "lat": np.nan})
    placed = place(rows)
    found = [
        float(distance_m(*at))
        for at in zip(placed["lon"], placed["lat"], published["lon_wgs84"], published["lat_wgs84"], strict=True)
    ]
    return pd.DataFrame(
        {"precision": placed["location_precision"], "expected": placed["location_error_m"], "found": found}
    )


def figures(table):
    """Number, median and 9 of 10 [km], share within the expected error and within four times it [%]."""
    found, expected = table["found"], table["expected"]
    return (
        len(table),
        round(found.median() / 1000, 2),
        round(found.quantile(0.9) / 1000, 2),
        round(100 * (found <= expected).mean()),
        round(100 * (found <= 4 * expected).mean()),
    )


def test_roads_keep_what_is_promised(by_road):
    number, median, ninety, within, four_times = figures(by_road)
    assert number >= 250
    assert median <= 0.9
    assert ninety <= 4
    assert within >= 50
    assert four_times >= 95


@pytest.mark.parametrize(("precision", "least"), [("town", 40), ("district", 400)])
def test_areas_are_calibrated_too(by_area, precision, least):
    number, _, _, within, four_times = figures(by_area[by_area["precision"] == precision])
    assert number >= least
    assert 45 <= within <= 75
    assert four_times >= 95


def test_the_documentation_has_the_figures(by_road, by_area, published):
    text = DOCS.read_text(encoding="utf-8")
    for name, table in (
        ("road", by_road),
        ("town", by_area[by_area["precision"] == "town"]),
        ("district", by_area[by_area["precision"] == "district"]),
    ):
        row = re.search(rf"^\| `{name}` \|(.+)\|$", text, re.MULTILINE)
        assert row
        said = tuple(float(cell.strip(" km%")) for cell in row[1].split("|"))
        assert said == figures(table), name
    assert f"{len(published)} 个" in text


def test_a_road_that_alone_names_the_district_is_nearly_always_right(published):
    right = [
        (read_address(address.split("区", 1)[1]).hint_adcode, read_address(address).adcode)
        for address in published["address"].str.removeprefix("上海市")
        if not re.search("[镇道港城]|保税区|产业区", address.split("区", 1)[1].split("路")[0])
    ]
    hinted = [(hint, adcode) for hint, adcode in right if hint]
    assert len(hinted) > 200
    assert np.mean([hint == adcode for hint, adcode in hinted]) > 0.97
