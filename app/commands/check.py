"""`python -m app check`: catalogue, hashes and the invariants of the tables, and what was imported here."""

import argparse

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import catalog
from geo.datasets import workspace
from geo.datasets.dataset import load_dataset
from geo.indicators.intentions import load_intentions
from geo.ingest.contribution import unsupported
from geo.places import drawn_areas
from geo.places.districts import load_districts, locate
from geo.places.parks import unsupported_points
from geo.places.zones import ZONES
from geo.plan import load_finance


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    parser.add_argument("--update", action="store_true", help="先把现有文件的行数与校验值记入目录（record them first）")


def run(options: argparse.Namespace) -> int:
    """Say what is wrong; 1 when something is."""
    if options.update:
        changed = catalog.update()
        print("目录已更新：" + "、".join(changed) if changed else "目录无需更新")
    problems = catalog.check()
    if not problems:
        problems = broken_accounts(load_dataset().enterprises)
        claims = unsupported(catalog.read_table("enterprises"))
        problems += [f"enterprises.csv 第 {row} 行 {column}：{said}" for row, column, said in claims]
        problems += [f"park_points.csv 第 {row} 行：{said}" for row, said in unsupported_points()]
        load_intentions()
        load_finance()
    problems += workspace.damages() + drawn_areas.damages()
    for problem in problems:
        print(problem)
    if not problems:
        print("数据文件、校验值与各项不变量均正常")
    return int(bool(problems))


def broken_accounts(enterprises: gpd.GeoDataFrame) -> list[str]:
    """Say what is wrong with the accounts of a set of enterprises; empty when all is well.

    Every enterprise has one known zone and one known district or none; districts and those without one add up to
    the total, so do the four zones; the point of every enterprise lies in its district, or its conflict or note
    says why not.

    Examples
    --------
    >>> broken_accounts(load_dataset().enterprises)
    []
    """
    total = len(enterprises)
    adcode, zone = enterprises["adcode"].fillna(""), enterprises["zone"].fillna("")
    problems = [f"企业编号重复：{name}" for name in enterprises.index[enterprises.index.duplicated()].unique()]
    by_district = adcode.value_counts().reindex(load_districts().index, fill_value=0)
    without = int((adcode == "").sum())
    if by_district.sum() + without != total:
        problems.append(f"各区之和 {by_district.sum()} + 未定位 {without} ≠ 总数 {total}")
    by_zone = zone.value_counts().reindex(list(ZONES), fill_value=0)
    if by_zone.sum() != total:
        problems.append(f"核、带、其他、未定位之和 {by_zone.sum()} ≠ 总数 {total}")
    lon, lat = enterprises["lon"].to_numpy(float), enterprises["lat"].to_numpy(float)
    moved = ~(_same(lon, enterprises.geometry.x) & _same(lat, enterprises.geometry.y))
    problems += [f"点位与经纬度不一致：{name}" for name in enterprises.loc[moved, "name"]]
    noted = (enterprises[["location_note", "location_conflict"]].fillna("") != "").any(axis=1)
    astray = enterprises.geometry.notna() & (adcode != "") & (locate(lon, lat) != adcode) & ~noted
    return problems + [f"点位不在所在区内：{name}" for name in enterprises.loc[astray, "name"]]


def _same(given: NDArray[np.float64], drawn: pd.Series) -> NDArray[np.bool_]:
    return (given == drawn.to_numpy()) | (np.isnan(given) & drawn.isna().to_numpy())
