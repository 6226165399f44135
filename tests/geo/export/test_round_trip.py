"""What leaves by our own exports comes back as it was, whatever was selected, in whichever language."""

import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.enterprises.redact import PUBLIC
from geo.enterprises.table import as_enterprises, load_enterprises
from geo.export.selection import export
from geo.ingest.pipeline import import_files

NEW = {"source_file", "source_row", "uscc_valid"}
"""Columns that say where a row came from, and whether a code is valid: where there is none, it is not."""


def back(enterprises, suffix, labels):
    """Export and import again, in the order of the export."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"下载.{suffix}"
        export(enterprises, path, labels=labels)
        report = import_files([path], Path(folder) / "out")
        table = gpd.read_parquet(Path(folder) / "out" / "enterprises.parquet").set_index("enterprise_id", drop=False)
    assert (report.imported, report.rejected, report.duplicates_merged) == (len(enterprises), 0, 0)
    return table.loc[enterprises.index], report


def assert_same(enterprises, table):
    for column in set(PUBLIC) - NEW:
        before, after = enterprises[column], table[column]
        if pd.api.types.is_float_dtype(before):
            pd.testing.assert_series_equal(
                before, after, check_dtype=False, check_names=False, check_index=False, atol=1e-6
            )
        else:
            texts = [[str(value) if pd.notna(value) else "" for value in values] for values in (before, after)]
            assert texts[0] == texts[1], column


@given(
    st.data(),
    st.sampled_from([("xlsx", "zh"), ("csv", "zh"), ("csv", "en"), ("xlsx", "en"), ("csv", None), ("geojson", None)]),
)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_selection_comes_back(data, kind):
    sample = load_enterprises()
    rows = data.draw(st.lists(st.integers(0, len(sample) - 1), min_size=1, max_size=40, unique=True))
    chosen = sample.iloc[rows]
    table, _ = back(chosen, *kind)
    assert_same(chosen, table)


@pytest.mark.parametrize("labels", ["zh", "en"])
def test_currency_status_and_recognitions_come_back(labels):
    sample = load_enterprises().head(4).assign(
        capital_amount=[5e6, 3.8e8, 1e5, float("nan")], capital_currency=["USD", "JPY", "CNY", ""],
        status=["active", "revoked", "unknown", "moved_out"], founded=["2001-05-08", "", "1993-04-01", ""],
        gb4754=["3963", "", "36", "3491"],
    )  # fmt: skip
    enterprises = as_enterprises(pd.DataFrame(sample.drop(columns="geometry")))
    table, report = back(enterprises, "xlsx", labels)
    assert_same(enterprises, table)
    assert report.files[0].columns_mapped["name"] == {"zh": "企业名称", "en": "Enterprise"}[labels]
