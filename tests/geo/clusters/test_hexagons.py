"""Hexagons: every point in the one that holds it, every enterprise counted once or said to be left out."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.clusters.hexagons import count_hexagons, hexagon_middles, hexagon_outlines
from geo.clusters.pattern import to_metres
from geo.crs import METRIC_CRS
from geo.datasets.dataset import Dataset, load_dataset
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.indicators.timeline import Until, growth, undated

metres = st.floats(-50_000, 50_000)


@given(st.lists(st.tuples(metres, metres), min_size=1, max_size=30), st.sampled_from([500.0, 1000.0, 5000.0]))
def test_a_point_lies_in_its_hexagon(points: list[tuple[float, float]], size_m: float) -> None:
    x, y = np.array(points).T
    outlines = hexagon_outlines(hexagon_middles(x, y, size_m), size_m)
    assert (shapely.distance(outlines.to_numpy(), shapely.points(x, y)) < 1e-6).all()
    assert outlines.area.to_numpy() == pytest.approx(np.sqrt(3) / 2 * size_m**2)


def test_the_lattice_is_the_one_that_geopandas_draws() -> None:
    area = gpd.GeoSeries([shapely.box(0, 0, 9000, 9000)], crs=METRIC_CRS)
    drawn = gpd.make_grid(area, 1000, grid_type="hexagon", feature_type="centers", intersect=False)
    x, y = drawn.x.to_numpy() - drawn.x.iloc[0], drawn.y.to_numpy() - drawn.y.iloc[0]
    middles = hexagon_middles(x, y, 1000)
    np.testing.assert_allclose(middles * (500, 1000 * np.sqrt(3) / 2), np.column_stack([x, y]), atol=1e-6)


def made(lon: list[float], **columns: object) -> Dataset:
    """The sample's first rows at points of their own, one metre sure."""
    data = load_dataset()
    rows = data.enterprises.iloc[: len(lon)].copy()
    rows["lon"], rows["lat"], rows["location_error_m"] = lon, 31.2, 1.0
    rows["insured"] = rows["insured"].astype("Float64")
    for name, values in columns.items():
        rows[name] = values
    return data.with_enterprises(rows)


def test_figures_by_hand() -> None:
    """Three enterprises at one point and one ten kilometres away, staff known of three of them."""
    data = made([121.4, 121.4, 121.4, 121.5], insured=[10, 30, None, None])
    found = count_hexagons(data, size_m=2000)
    assert sorted(found.cells["enterprises"]) == sorted(found.cells["value"]) == [1, 3]
    with_staff = made([121.4, 121.4, 121.4, 121.5], insured=[10, 30, None, 7])
    cells = count_hexagons(with_staff, size_m=2000, weight="insured").cells.sort_values("enterprises")
    assert cells[["enterprises", "known", "value"]].to_numpy().tolist() == [[1, 1, 7], [3, 2, 40]]
    alone = made([121.4, 121.4, 121.4, 121.5], insured=[None, 30, None, 7])
    cells = count_hexagons(alone, size_m=2000, weight="insured").cells.sort_values("enterprises")
    assert cells["known"].tolist() == [1, 1]
    assert cells["value"].isna().tolist() == [False, True]  # of three one is known: too few to add up


def test_a_weight_known_of_few_is_refused() -> None:
    with pytest.raises(DataError, match="4 家中只有 1 家"):
        count_hexagons(made([121.4] * 4, insured=[5, None, None, None]), weight="insured")
    with pytest.raises(DataError, match="没有这个权重"):
        count_hexagons(load_dataset(), weight="nothing")


def test_what_may_lie_elsewhere_is_in_no_hexagon() -> None:
    """Half of 2,000 m is as far as a place may be off."""
    found = count_hexagons(made([121.4, 121.4, 121.5], location_error_m=[1000.0, 1001.0, None]), size_m=2000)
    assert (found.cells["enterprises"].tolist(), found.vague) == ([1], 2)
    assert count_hexagons(load_dataset().with_enterprises(load_dataset().enterprises.iloc[:0])).cells.empty


@pytest.mark.parametrize("until", [None, Until("recognition", 2020)])
@pytest.mark.parametrize("query", ["", "district=310115,310112", "industry=electronics", "q=机器人"])
def test_every_selected_enterprise_is_accounted_for(query: str, until: Until | None) -> None:
    data, (filters, _) = load_dataset(), Filters.from_query(query)
    found = count_hexagons(data, filters, 5000, until=until)
    inside = int(found.cells["enterprises"].sum())
    assert inside == len(found.rows) == len(found.cell)
    assert inside + found.vague + found.later + found.undated == data.count(filters)
    if until:
        assert found.undated == undated(data, filters, until.basis)
        there = int(growth(data, filters, until.basis).loc[until.year].sum())
        assert inside + found.vague == there
    x, y = to_metres(*(data.enterprises[name].to_numpy(float)[found.rows] for name in ("lon", "lat")))
    outlines = found.cells.geometry.to_crs(METRIC_CRS).to_numpy()[found.cell]
    assert (shapely.distance(outlines, shapely.points(x, y)) < 0.5).all()
