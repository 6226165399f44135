"""Made-up vendor exports: rows like a batch export's over real roads, of enterprises that do not exist."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from stdnum.cn import uscc

from geo.catalog import read_table
from geo.crs import METRIC_CRS, STORAGE_CRS, Datum, from_wgs84, points
from geo.places.districts import adcodes_of, locate

HEADERS: Final = (
    *("原文件导入名称", "系统匹配企业名称", "登记状态", "法定代表人", "注册资本", "实缴资本", "成立日期"),
    *("统一社会信用代码", "企业地址", "所属省份", "所属城市", "所属区县", "电话", "更多电话", "邮箱", "更多邮箱"),
    *("企业（机构）类型", "纳税人识别号", "注册号", "组织机构代码", "参保人数", "参保人数所属年报", "营业期限"),
    *("国标行业门类", "国标行业大类", "国标行业中类", "国标行业小类", "企查查行业门类", "企查查行业大类"),
    *("企查查行业中类", "企查查行业小类", "企业规模", "曾用名", "英文名", "官网", "通信地址", "企业简介", "经营范围"),
    *("登记机关", "纳税人资质", "最新年报年份"),
)
"""The 41 columns of a batch export."""

ROAD_OFFSET_M: Final = 250.0
"""Standard deviation [m], east and north, of what the gazetteer's point of a road is made to be off."""

SITE_SPREAD_M: Final = 350.0
"""Standard deviation [m], east and north, of made-up sites from there: half lie within 0.5 km of the point."""


def rows(n: int, seed: int = 7) -> pd.DataFrame:
    """Rows of a batch export, all text, the same for the same seed; `road` picks them by `_roads`."""
    rng = np.random.default_rng(seed)
    road = _roads(n, seed)
    low, high = road["min_no"].astype(int), road["max_no"].astype(int)
    number = (low + rng.random(n) * (high - low + 1)).astype(int).astype(str)
    name = "样例" + pd.Series(np.arange(n)).astype(str) + "号智能装备（上海）有限公司"
    room = pd.Series(rng.integers(101, 2500, n)).astype(str)
    gb = read_table("gb4754_2017", ["level", "name_zh", "path"])
    classes = gb[(gb["level"] == "class") & gb["path"].str.startswith("制造业")]
    pick = classes.iloc[rng.integers(len(classes), size=n)].reset_index(drop=True)
    path = pick["path"].str.split(" > ", expand=True)
    founded = pd.Series(pd.Timestamp("1995-01-01") + pd.to_timedelta(rng.integers(0, 10000, n), unit="D"))
    filled = {
        "原文件导入名称": name,
        "系统匹配企业名称": name,
        "登记状态": rng.choice(
            ["存续（在营、开业、在册）", "在业", "注销", "吊销，未注销"], n, p=[0.7, 0.2, 0.08, 0.02]
        ),
        "法定代表人": "样例某",
        "注册资本": pd.Series(rng.integers(10, 99999, n)).map("{:,}万元".format),
        "成立日期": founded.dt.strftime("%Y-%m-%d"),
        "统一社会信用代码": codes(n),
        "企业地址": "上海市" + road["district"] + road["town_mode"] + road["road"] + number + "号" + room + "室",
        "所属省份": "上海市",
        "所属城市": "上海市",
        "所属区县": road["district"],
        "参保人数": pd.Series(rng.integers(0, 3000, n)).astype(str),
        "国标行业门类": "制造业",
        "国标行业大类": path[1],
        "国标行业中类": path[2],
        "国标行业小类": pick["name_zh"],
        "企业规模": rng.choice(["大型", "中型", "小型", "微型"], n),
        "企业简介": "这一行是为测量而编的，并无此企业。" * 3,
        "经营范围": "一般项目：" + pick["name_zh"] + "；智能机器人的研发；技术服务、技术开发、技术咨询；货物进出口。",
        "登记机关": road["district"] + "市场监督管理局",
        "最新年报年份": "2024",
    }
    return pd.DataFrame({header: filled.get(header, "-") for header in HEADERS})


def with_points(table: pd.DataFrame, datum: Datum, seed: int = 7) -> pd.DataFrame:
    """The rows of `rows` with 经度 and 纬度 in a datum, inside their district and around their road.

    A row whose road lies so near the edge that no site was found inside its district has none.
    """
    lon, lat = from_wgs84(*sites(len(table), seed), datum)
    cells = [["" if np.isnan(value) else f"{value:.6f}" for value in values] for values in (lon, lat)]
    return table.assign(经度=cells[0], 纬度=cells[1])


def sites(n: int, seed: int = 7) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sites [deg, WGS-84] of `rows` of the same number and seed."""
    road = _roads(n, seed)
    rng = np.random.default_rng(seed + 1)
    adcode = adcodes_of(road["district"]).to_numpy()
    at = points(road["lon_wgs84"].astype(float), road["lat_wgs84"].astype(float)).to_crs(METRIC_CRS)
    key, _ = pd.factorize(road["road"] + road["district"])
    offset = rng.normal(0, ROAD_OFFSET_M, (key.max() + 1, 2))[key]
    centre = np.column_stack([at.x, at.y]) + offset
    lon, lat = np.full(n, np.nan), np.full(n, np.nan)
    for _ in range(40):
        left = np.flatnonzero(np.isnan(lon))
        if not len(left):
            break
        tried = centre[left] + rng.normal(0, SITE_SPREAD_M, (len(left), 2))
        degrees = gpd.GeoSeries.from_xy(*tried.T, crs=METRIC_CRS).to_crs(STORAGE_CRS)
        x, y = degrees.x.to_numpy(), degrees.y.to_numpy()
        inside = locate(x, y) == adcode[left]
        lon[left[inside]], lat[left[inside]] = x[inside], y[inside]
    return lon, lat


def codes(n: int) -> list[str]:
    """Valid credit codes with organisation numbers that are counted up, of nobody."""
    stems = [f"91310000MAX{serial:06d}" for serial in range(n)]
    return [stem + uscc.calc_check_digit(stem) for stem in stems]


def _roads(n: int, seed: int) -> pd.DataFrame:
    columns = ["road", "district", "town_mode", "min_no", "max_no", "lon_wgs84", "lat_wgs84"]
    table = read_table("roads", columns)
    return table.iloc[np.random.default_rng(seed).integers(len(table), size=n)].reset_index(drop=True)
