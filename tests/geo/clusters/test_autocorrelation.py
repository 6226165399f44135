"""Moran and Getis-Ord: R's and esda's published figures, the correction for many tests, planted and random fields."""

import geopandas as gpd
import libpysal
import numpy as np
import pytest
from esda import Moran, Moran_Rate, fdr
from libpysal.graph import Graph
from scipy.stats import false_discovery_control

from geo.clusters.autocorrelation import eb_index, getis_ord, global_moran, hot_spots, local_moran, morans_i
from geo.clusters.eligibility import decided
from geo.clusters.lattice import gather_regions, grid
from geo.clusters.pattern import pattern_of


def example(name, column):
    table = gpd.read_file(libpysal.examples.get_path(f"{name}.shp"))
    return table[column].to_numpy(float), table


def planted(times, seed=3, size=9000):
    """Firms in uneven clusters on 30 km; the industry `times` as frequent within 3 km of (9, 9), a middle of one."""
    rng = np.random.default_rng(seed)
    middle = rng.uniform(0, 30_000, (60, 2))
    middle += 9000 - middle[0]
    cluster = rng.choice(60, size, p=np.r_[0.08, 0.92 * rng.dirichlet(np.full(59, 0.7))])
    x, y = (middle[cluster] + rng.normal(0, 2000, (size, 2))).T
    inside = np.hypot(x - 9000, y - 9000) < 3000
    return pattern_of(x, y, rng.random(size) < np.where(inside, 0.1 * times, 0.1))


def test_morans_i_is_that_of_r():
    """spdep::moran.test(columbus$CRIME), queen contiguity, style W: I = 0.500188557, z = 5.5894 (randomisation)."""
    crime, table = example("columbus", "CRIME")
    found = morans_i(crime, Graph.build_contiguity(table, rook=False), permutations=9999)
    assert found.statistic == pytest.approx(0.500188557, abs=1e-9)
    assert found.expected == pytest.approx(-0.020833333, abs=1e-9)
    assert found.z == pytest.approx(5.5894, abs=0.15)
    assert found.p == 0.0001


def test_morans_i_is_that_of_esda_on_its_own_example():
    """Homicide rates of St. Louis 1988–93, `stl.gal`: I = 0.24365582621771659."""
    rates, _ = example("stl_hom", "HR8893")
    weights = libpysal.io.open(libpysal.examples.get_path("stl.gal")).read()
    found = morans_i(rates, Graph.from_W(weights), permutations=999)
    assert found.statistic == pytest.approx(0.24365582621771659, abs=1e-12)
    np.random.seed(1)
    peer = Moran(rates, weights, permutations=999)
    assert found.z == pytest.approx(peer.z_sim, abs=0.3)


def test_the_moran_of_rates_is_that_of_esda_on_its_own_example():
    """Sudden infant deaths 1979–84, `sids2.gal`: I = 0.16622343552567395."""
    deaths, table = example("sids2", "SID79")
    births = table["BIR79"].to_numpy(float)
    weights = libpysal.io.open(libpysal.examples.get_path("sids2.gal")).read()
    found = morans_i(eb_index(deaths, births), Graph.from_W(weights), permutations=99)
    assert found.statistic == pytest.approx(0.16622343552567395, abs=1e-9)
    assert found.statistic == pytest.approx(Moran_Rate(deaths, births, weights, permutations=0).I)


def test_g_star_is_that_of_esda_on_its_own_example():
    points = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
    weights = libpysal.weights.DistanceBand(points, threshold=15)
    found = getis_ord([2, 3, 3.2, 5, 8, 7], Graph.from_W(weights), 999)
    published = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    assert found["statistic"].to_numpy() == pytest.approx(published)
    assert found["kind"].tolist() == ["cold", "cold", "hot", "cold", "hot", "hot"]


def test_quadrants_are_those_of_esda_on_its_own_example():
    """De Smith's grid: q = 4 4 4 2 3 3 1 4 3 3 with HH = 1, LH = 2, LL = 3, HL = 4."""
    weights = libpysal.io.open(libpysal.examples.get_path("desmith.gal")).read()
    z = np.array(libpysal.io.open(libpysal.examples.get_path("desmith.txt")).by_col["z"], float)
    names = {1: "hot", 2: "low_alone", 3: "cold", 4: "high_alone"}
    found = local_moran(z, Graph.from_W(weights), 99)
    assert found["kind"].tolist() == [names[q] for q in (4, 4, 4, 2, 3, 3, 1, 4, 3, 3)]


@pytest.mark.parametrize("method", [getis_ord, local_moran])
def test_a_seed_gives_the_same_figures_again_and_another_about_the_same(method):
    crime, table = example("columbus", "CRIME")
    graph = Graph.build_contiguity(table, rook=False)
    first = method(crime, graph, 4999, seed=1)
    assert first.equals(method(crime, graph, 4999, seed=1))
    other = method(crime, graph, 4999, seed=2)
    assert not first["p"].equals(other["p"])
    assert np.abs(first["p"] - other["p"]).max() < 0.06


def test_the_correction_agrees_with_that_of_esda():
    p = np.r_[np.full(12, 0.0004), np.linspace(0.002, 1, 188)]
    assert ((false_discovery_control(p) <= 0.05) == (p <= fdr(p, 0.05))).all()


@pytest.mark.parametrize("method", ["getis_ord", "moran"])
def test_a_planted_cluster_is_found_where_it_lies(method):
    lattice = grid(planted(4))
    spots = decided(hot_spots(lattice, method, permutations=4999))
    hot = lattice.table[(spots["kind"] == "hot").to_numpy()]
    assert decided(global_moran(lattice)).p == 0.001
    assert len(hot) >= 10
    assert (np.hypot(hot["x"] - 9000, hot["y"] - 9000) < 4500).all()
    regions = gather_regions(lattice, spots)
    assert regions.table["cases"].iloc[0] > 2 * regions.table["expected"].iloc[0]


def test_random_fields_hold_no_clusters():
    """Ten random labellings of unevenly spread firms: at most one field with any hot or cold square."""
    flagged = 0
    for seed in range(10):
        spots = decided(hot_spots(grid(planted(1, seed)), permutations=4999, seed=seed))
        flagged += bool((spots["kind"] != "none").any())
    assert flagged <= 1


def test_many_firms_alone_are_no_cluster():
    """A square with ten times the firms, the industry as frequent there as elsewhere, is no hot spot."""
    rng = np.random.default_rng(8)
    x, y = rng.uniform(0, 10_000, (2, 3000))
    x, y = np.r_[x, rng.uniform(4000, 5000, 3000)], np.r_[y, rng.uniform(4000, 5000, 3000)]
    spots = decided(hot_spots(grid(pattern_of(x, y, rng.random(6000) < 0.2)), permutations=999))
    assert (spots["kind"] == "none").all()
