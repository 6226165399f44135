"""Made-up vendor files, written and imported; no enterprise in them exists."""

import json
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import pytest

from geo.ingest.pipeline import import_files

JIA, YI, BING = "样例甲(上海)有限公司", "样例乙智能装备(上海)有限公司", "样例丙材料(上海)股份有限公司"
CODES = ("91310000MAX0000017", "91310000MAX0000025", "91310000MAX0000033")


class Imported(NamedTuple):
    """What an import wrote."""

    report: dict
    table: gpd.GeoDataFrame
    rejected: pd.DataFrame
    folder: Path

    def row(self, name):
        """The only enterprise of a name."""
        found = self.table[self.table["name"] == name]
        assert len(found) == 1
        return found.iloc[0]


def balanced(report):
    return report["imported"] + report["rejected"] + report["duplicates_merged"] == report["rows_in_file"]


@pytest.fixture
def take(tmp_path):
    """Import files and read back what was written; the account has to balance."""

    def run(*paths, out="out", **options):
        folder = tmp_path / out
        import_files(paths, folder, **options)
        report = json.loads((folder / "report.json").read_text("utf-8"))
        table = gpd.read_parquet(folder / "enterprises.parquet")
        rejected = pd.read_csv(folder / "rejected.csv", dtype=str)
        assert balanced(report)
        assert all(balanced(entry) for entry in report["files"])
        assert report["imported"] == len(table)
        assert report["rejected"] == len(rejected)
        assert table["enterprise_id"].is_unique
        return Imported(report, table, rejected, folder)

    return run


@pytest.fixture
def take_rows(tmp_path, take):
    """Write rows of cells to a csv and import it."""

    def run(rows, encoding="utf-8", name="样例.csv", **options):
        path = tmp_path / name
        text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
        path.write_bytes(text.encode(encoding))
        return take(path, **options)

    return run
