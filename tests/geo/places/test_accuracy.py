"""How far the places lie from published addresses with points: the measurement behind docs/places.md."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.catalog import read_table
from geo.distance import distance_m
from geo.places.gazetteer import (
    CALIBRATED_SHARE,
    MAX_ROAD_ERROR_M,
    ROAD_SCALES,
    place_on_road,
    read_address,
    road_places,
)
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


@pytest.fixture(scope="module")
def candidates(published):
    """All places of each address on its road, its own number held out: what the fit of the expected errors sees."""
    rows = []
    for number, (address, lon, lat) in enumerate(
        published[["address", "lon_wgs84", "lat_wgs84"]].itertuples(index=False)
    ):
        parts = read_address(address)
        for found in (
            road_places(parts.road, parts.number, parts.adcode, held_out=True) if parts.road and parts.number else ()
        ):
            off = float(distance_m(found.lon, found.lat, lon, lat))
            rows.append((number, parts.road, found.basis, found.error_m / ROAD_SCALES[found.basis], off))
    return pd.DataFrame(rows, columns=["address", "road", "basis", "unscaled", "found"])


def fit(table):
    """Scale of each basis."""
    return (table["found"] / table["unscaled"]).groupby(table["basis"]).quantile(CALIBRATED_SHARE)


def best_of(table, scales):
    """The place that each address gets under some scales, with its expected error."""
    chosen = table.assign(expected=table["unscaled"] * table["basis"].map(scales)).sort_values(
        "expected", kind="stable"
    )
    chosen = chosen.groupby("address").first()
    return chosen[chosen["expected"] <= MAX_ROAD_ERROR_M]


def test_the_expected_errors_are_those_that_the_points_give(candidates):
    fitted = fit(candidates)
    assert set(fitted.index) == set(ROAD_SCALES)
    for basis, scale in ROAD_SCALES.items():
        assert scale == pytest.approx(fitted[basis], abs=0.01), basis


def test_the_calibration_holds_on_roads_that_were_left_out(candidates):
    """Ten folds of whole roads, the scales fitted on the other nine; dealt twenty times over."""
    within, four_times = [], []
    for seed in range(20):
        names = candidates["road"].unique()
        fold = candidates["road"].map(
            dict(zip(names, np.random.default_rng(seed).permutation(len(names)) % 10, strict=True))
        )
        parts = [best_of(candidates[fold == k], fit(candidates[fold != k])) for k in range(10)]
        left_out = pd.concat(parts)
        within.append(100 * (left_out["found"] <= left_out["expected"]).mean())
        four_times.append(100 * (left_out["found"] <= 4 * left_out["expected"]).mean())
    assert min(within) >= 50
    assert min(four_times) >= 95
    said = f"{np.mean(within):.0f}%（{min(within):.0f}–{max(within):.0f}%），四倍之内 {np.mean(four_times):.0f}%"
    assert said in DOCS.read_text(encoding="utf-8"), said


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
