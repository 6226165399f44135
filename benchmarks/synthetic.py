"""A synthetic registry: enterprises in clusters inside and around Shanghai, the same for the same seed."""

from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.places.districts import load_districts, locate_index

WEST, SOUTH, EAST, NORTH = (
    120.85,
    30.65,
    122.0,
    31.9,
)  # [degrees] Shanghai's mainland, Chongming, and some of the neighbours
ZONES = ["core", "belt", "other", "unplaced"]
INDUSTRIES = ["auto", "electronics", "aviation", "biomedicine", "equipment", "materials", "other", "none"]
EVIDENCE = ["source", "postcode", "inferred", "unverified", "none"]
MARKS = ["star", "a_share", "hk", "smart_factory", "little_giant", "champion", "lighthouse", "none"]
BRANDS = "华中联影特斯拉上汽宝钢振海核复星拓荣昌赛晶盛凯达鑫宏锐智云博创远景恒通瑞德安信新欣永泰"
TRADES = ["智能科技", "机器人", "新能源汽车", "集成电路", "生物医药", "精密机械", "航空材料", "贸易", "自动化设备"]
ROADS = ["张江路", "祖冲之路", "沪松公路", "环湖西二路", "中山东一路", "漕宝路", "宝安公路", "川沙路", "纪翟路"]


@cache
def points(n: int, seed: int = 20191) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes [degrees, WGS-84]: four of five points in 400 clusters of very different sizes."""
    rng = np.random.default_rng(seed)
    k = 400
    middles = np.column_stack([rng.normal(121.42, 0.2, k), rng.normal(31.18, 0.17, k)])
    weight = rng.pareto(1.3, k) + 0.1
    cluster = rng.choice(k, n, p=weight / weight.sum())
    spread = rng.uniform(0.002, 0.03, k)[cluster]
    lon = middles[cluster, 0] + rng.normal(0, 1, n) * spread
    lat = middles[cluster, 1] + rng.normal(0, 0.85, n) * spread
    scattered = rng.random(n) < 0.2
    lon[scattered] = rng.uniform(WEST, EAST, scattered.sum())
    lat[scattered] = rng.uniform(SOUTH, NORTH, scattered.sum())
    return lon, lat


@cache
def towns(count: int = 319, seed: int = 7) -> list[Any]:
    """Polygons as small as towns: Voronoi cells with ragged shared borders, without gaps or overlaps."""
    rng = np.random.default_rng(seed)
    frame = shapely.box(WEST, SOUTH, EAST, NORTH)
    seeds = shapely.multipoints(rng.uniform((WEST, SOUTH), (EAST, NORTH), (count, 2)))
    faces = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=frame)), frame)
    borders = []
    for line in shapely.get_parts(shapely.node(shapely.multilinestrings(shapely.get_exterior_ring(faces)))):
        xy = shapely.get_coordinates(shapely.segmentize(line, 0.002))
        xy[1:-1] += rng.normal(0, 0.0002, xy[1:-1].shape)
        borders.append(shapely.LineString(np.round(xy, 7)))
    return list(shapely.get_parts(shapely.polygonize(borders)))


@cache
def columns(n: int, seed: int = 20192) -> dict[str, tuple[NDArray[np.int64], list[str]]]:
    """Coded columns, name → (codes, categories); ``recognition`` holds bits, one row in thirty a real one."""
    rng = np.random.default_rng(seed)
    district = locate_index(*points(n)).astype(np.int64)
    codes = [*map(str, load_districts().index), "none"]
    belt = np.isin(district, rng.choice(16, 5, replace=False))
    zone = np.where(district < 0, 3, np.where(rng.random(n) < 0.06, 0, np.where(belt, 1, 2)))
    marks = np.where(rng.random(n) < 0.03, 1 << rng.integers(0, 7, n), 0)
    marks |= np.where(rng.random(n) < 0.003, 1 << rng.integers(0, 7, n), 0)
    return {
        "district": (np.where(district < 0, 16, district), codes),
        "zone": (zone, ZONES),
        "industry": (rng.choice(8, n, p=[0.08, 0.16, 0.03, 0.08, 0.18, 0.12, 0.25, 0.1]), INDUSTRIES),
        "evidence": (rng.choice(5, n, p=[0.3, 0.2, 0.1, 0.35, 0.05]), EVIDENCE),
        "recognition": (np.where(marks == 0, 128, marks), MARKS),
    }


@cache
def texts(n: int, seed: int = 20193) -> tuple[list[str], list[str]]:
    """Names and addresses as registers write them."""
    rng = np.random.default_rng(seed)
    brand = rng.choice(list(BRANDS), (n, 4))
    trade, road = rng.choice(TRADES, n), rng.choice(ROADS, n)
    number, block = rng.integers(1, 3000, n), rng.integers(1, 30, n)
    names = [f"上海{''.join(b)}{t}（中国）有限公司" for b, t in zip(brand, trade, strict=True)]
    places = [f"上海市浦东新区{r}{m}号{k}幢A{m}室" for r, m, k in zip(road, number, block, strict=True)]
    return names, places
