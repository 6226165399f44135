"""`python -m app indicators`: the indicators of every district as a csv."""

from pathlib import Path

from geo.datasets.dataset import Dataset
from geo.errors import DataError
from geo.export.spreadsheet import table_bytes
from geo.filters.filters import Filters
from geo.indicators.counts import count_places
from geo.indicators.definitions import indicator_table


def write_indicators(data: Dataset, filters: Filters, out: Path) -> int:
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
