import numpy as np
import pytest

from benchmarks.vendor import rows, with_points
from geo.crs import DATUMS, from_wgs84
from geo.ingest.datum import judge
from geo.places.districts import load_districts, locate
from geo.places.land import on_land


def scattered(n, seed=5):
    """Points all over Shanghai with the district they lie in, no address."""
    rng = np.random.default_rng(seed)
    west, south, east, north = load_districts().total_bounds
    lon, lat = rng.uniform(west, east, 6 * n), rng.uniform(south, north, 6 * n)
    inside = (locate(lon, lat) != "") & on_land(lon, lat)
    return lon[inside][:n], lat[inside][:n], locate(lon[inside][:n], lat[inside][:n])


@pytest.mark.parametrize("datum", DATUMS)
def test_districts_alone_tell_a_large_file(datum):
    lon, lat, adcodes = scattered(5000)
    verdict = judge(*from_wgs84(lon, lat, datum), adcodes)
    assert (verdict.verdict, verdict.basis, verdict.n) == (datum, "evidence", 5000)
    assert verdict.scores[datum] == max(verdict.scores.values()) == 1


@pytest.mark.parametrize("datum", DATUMS)
@pytest.mark.parametrize("n", [3, 10, 30, 100, 300])
@pytest.mark.parametrize("seed", range(5))
def test_a_small_file_is_told_rightly_or_not_at_all(datum, n, seed):
    lon, lat, adcodes = scattered(n, seed)
    assert judge(*from_wgs84(lon, lat, datum), adcodes).verdict in (datum, "undetermined")


def test_stated_districts_with_errors_do_not_mislead():
    lon, lat, adcodes = scattered(2000)
    rng = np.random.default_rng(1)
    wrong = rng.random(2000) < 0.05
    adcodes[wrong] = rng.choice(np.unique(adcodes), wrong.sum())
    assert judge(*from_wgs84(lon, lat, "gcj02"), adcodes).verdict == "gcj02"


def test_a_file_of_two_datums_is_undetermined():
    lon, lat, adcodes = scattered(4000)
    shifted = from_wgs84(lon[:2000], lat[:2000], "gcj02")
    mixed = np.concatenate([shifted[0], lon[2000:]]), np.concatenate([shifted[1], lat[2000:]])
    assert judge(*mixed, adcodes).verdict == "undetermined"


def test_points_that_are_nowhere_near_are_undetermined():
    lon, lat, adcodes = scattered(1000)
    assert judge(lon + 0.3, lat, adcodes).verdict == "undetermined"
    assert judge(np.full(9, 2.35), np.full(9, 48.85), np.full(9, "310115")).verdict == "undetermined"


def test_header_is_evidence_but_not_against_the_points():
    lon, lat, adcodes = scattered(3)
    few = judge(*from_wgs84(lon, lat, "bd09"), adcodes, header="bd09")
    assert (few.verdict, few.basis) == ("bd09", "header")
    lon, lat, adcodes = scattered(5000)
    assert judge(*from_wgs84(lon, lat, "gcj02"), adcodes, header="bd09").verdict != "bd09"


def test_what_a_format_is_defined_in_tips_a_balance_and_no_more():
    """Of these fifty points without addresses, those near a border tell the datum with odds of 360 : 1."""
    lon, lat, adcodes = scattered(50)
    assert judge(lon, lat, adcodes).verdict == "undetermined"
    assert judge(lon, lat, adcodes, defined="wgs84").verdict == "wgs84"
    for n in (3, 30, 100, 300):
        lon, lat, adcodes = scattered(n)
        assert judge(*from_wgs84(lon, lat, "gcj02"), adcodes, defined="wgs84").verdict in ("gcj02", "undetermined")


def test_given_datum_counts_and_a_contradiction_is_said():
    lon, lat, adcodes = scattered(5000)
    verdict = judge(*from_wgs84(lon, lat, "gcj02"), adcodes, given="wgs84")
    assert (verdict.verdict, verdict.basis) == ("wgs84", "given")
    assert "gcj02" in verdict.warning
    assert not judge(lon, lat, adcodes, given="wgs84").warning


def test_none_without_coordinates():
    assert judge(np.array([np.nan]), np.array([np.nan]), np.array([""])).verdict == "none"


@pytest.mark.parametrize("datum", DATUMS)
def test_addresses_tell_a_file_of_a_hundred(datum, tmp_path, take):
    path = tmp_path / "样例.csv"
    with_points(rows(100), datum).to_csv(path, index=False)
    verdict = take(path).report["datum"]
    assert verdict["verdict"] == datum
    assert verdict["roads"] > 50


@pytest.mark.parametrize("datum", DATUMS)
def test_simulated_exports_are_brought_to_wgs84(datum, tmp_path, take):
    table = rows(1000)
    true = with_points(table, "wgs84")
    path = tmp_path / "样例.csv"
    with_points(table, datum).to_csv(path, index=False)
    got = take(path).table.set_index("name")
    lon, lat = (got.loc[true["系统匹配企业名称"], name].to_numpy() for name in ("lon", "lat"))
    known = true["经度"].to_numpy() != ""
    assert np.abs(lon[known] - true["经度"].to_numpy()[known].astype(float)).max() < 2e-6
    assert np.abs(lat[known] - true["纬度"].to_numpy()[known].astype(float)).max() < 2e-6
