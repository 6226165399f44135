"""`python -m app indicators`: the indicators of every district as a csv."""

from __future__ import annotations

from pathlib import Path

from geo.counts import count_places
from geo.datasets import Datasets
from geo.errors import DataError
from geo.filters import Filters
from geo.indicators import indicator_table
from geo.sheets import table_bytes


def write_indicators(data: Datasets, filters: Filters, out: Path) -> int:
    """Write one row per district with the canonical columns, whole or not at all; how many enterprises have a district.

    Raises
    ------
    DataError
        When the file is no csv or cannot be written.
    """
    if out.suffix.lower() != ".csv":
        raise DataError("指标只能写成 csv", value=out, expected="以 .csv 结尾的文件名")
    counts = count_places(data, filters)
    table = indicator_table(counts).rename_axis("adcode").reset_index()
    partial = out.with_name(f"{out.name}.part")
    try:
        partial.write_bytes(table_bytes(table, "csv"))
        partial.replace(out)
    except OSError as error:
        raise DataError("文件无法写入", file=out, cause=error.strerror or str(error)) from error
    finally:
        if partial.parent.is_dir():
            partial.unlink(missing_ok=True)
    return int(counts.enterprises.sum())
