"""Recognitions and listings of the enterprises: a sample with a source per row, not the official lists."""

import pandas as pd

from geo.catalog import dataset_path, read_table
from geo.errors import DataError


def load_kinds() -> pd.DataFrame:
    """Kinds of recognition: index `kind` (the code of URL and table), columns `name_zh`, `name_en`, `type`.

    Examples
    --------
    >>> load_kinds().loc["lighthouse", "name_zh"]
    'WEF灯塔工厂'
    """
    return read_table("recognition_kinds", ["kind", "name_zh", "name_en", "type"]).set_index("kind")


def load_recognitions() -> pd.DataFrame:
    """Load enterprise × recognition.

    Returns
    -------
    DataFrame
        Columns `name` (enterprise), `kind`, `type`, `level`, `year` (nullable integer), `batch`, `source_title`,
        `source_url`, `evidence`.

    Raises
    ------
    DataError
        When a row has a recognition that `kinds.csv` does not list.

    Examples
    --------
    >>> load_recognitions()["type"].value_counts()["listed"]
    np.int64(326)
    """
    columns = ["name", "recognition", "level", "year", "batch", "source_title", "source_url", "evidence", "type"]
    table = read_table("recognitions", columns)
    kinds = load_kinds()
    table["kind"] = table["recognition"].map(pd.Series(kinds.index, index=kinds["name_zh"]))
    unknown = table["kind"].isna()
    if unknown.any():
        row = int(unknown.idxmax())
        raise DataError(
            "称号不在称号种类表中",
            file=dataset_path("recognitions"),
            row=row + 2,
            column="recognition",
            value=table.at[row, "recognition"],
            expected="kinds.csv 的 name_zh 之一",
        )
    table["year"] = pd.to_numeric(table["year"], errors="coerce").astype("Int64")
    return table[["name", "kind", "type", "level", "year", "batch", "source_title", "source_url", "evidence"]]


def kinds_by_enterprise(recognitions: pd.DataFrame) -> pd.Series:
    """Kinds of each enterprise in the order of `kinds.csv`, joined by ``;``; indexed by enterprise name."""
    order = {kind: place for place, kind in enumerate(load_kinds().index)}
    return recognitions.groupby("name")["kind"].agg(lambda kinds: ";".join(sorted(set(kinds), key=order.__getitem__)))
