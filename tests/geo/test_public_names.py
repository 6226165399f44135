"""The names that other programs use: all there, those of their modules, and cheap until one is asked for."""

import ast
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest

import geo
from geo.datasets.demo import write_demo

PROMISED = [
    *("load_districts", "locate", "locate_index", "zone_of", "to_wgs84", "from_wgs84", "load_enterprises"),
    *("Filters", "Dataset", "open_dataset", "import_files"),
]
LIST = "企业名称,统一社会信用代码,注册地址,国标行业大类\n某某甲机器人有限公司,,上海市松江区新桥镇申港路3450号,通用设备制造业\n"


def test_every_promised_name_is_public():
    assert set(PROMISED) <= set(geo.__all__)
    assert len(geo.__all__) == len(set(geo.__all__)) == len(geo._MODULE_OF)
    assert set(geo.__all__) <= set(dir(geo))


@pytest.mark.parametrize("name", geo.__all__)
def test_a_name_is_that_of_its_module(name):
    value = getattr(geo, name)
    assert value.__module__ == geo._MODULE_OF[name]
    assert value.__doc__


def test_types_are_told_the_same_as_programs():
    block = next(node for node in ast.parse(Path(geo.__file__).read_text("utf-8")).body if isinstance(node, ast.If))
    told = {
        alias.name: node.module for node in ast.walk(block) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert told == geo._MODULE_OF


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'load_provinces'"):
        geo.load_provinces  # noqa: B018


def test_the_package_itself_loads_no_library_of_tables():
    code = "import sys, geo.errors; print(*{'numpy', 'pandas', 'geopandas', 'shapely'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == ""


def test_what_an_import_writes_is_opened_by_its_folder_alone(tmp_path):
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    report = geo.import_files([tmp_path / "list.csv"], tmp_path / "out")
    dataset = geo.open_dataset(tmp_path / "out")
    assert isinstance(dataset, geo.Dataset)
    assert (report.imported, dataset.title, dataset.built_in, dataset.synthetic) == (1, "out", False, False)
    row = dataset.select(geo.Filters(district=("310117",))).iloc[0]
    assert (row["name"], row["zone"]) == ("某某甲机器人有限公司", "belt")


def test_what_demo_writes_is_opened_by_its_folder_alone(tmp_path):
    write_demo(50, tmp_path / "demo", seed=1)
    dataset = geo.open_dataset(str(tmp_path / "demo"))
    assert (len(dataset.enterprises), dataset.synthetic) == (50, True)
    assert isinstance(dataset.enterprises, gpd.GeoDataFrame)
    assert dataset.enterprises.crs == "EPSG:4326"
