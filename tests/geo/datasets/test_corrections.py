"""Corrections laid over the table: what changes, what stays, and that the accounts still hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.commands.check import broken_accounts
from geo.datasets.corrections import CORRECTABLE_FIELDS, FieldCorrection, choices, corrected, read_value
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.export.selection import export
from geo.filters.filters import Filters

DATA = load_dataset()
TABLE = DATA.enterprises

VALUES = {
    "founded": ["2015", "2015-03-02", ""],
    "capital_amount": ["5,000,000", "", "0"],
    "capital_currency": ["CNY", "USD"],
    "size": ["大型", ""],
    "town": ["安亭镇", "新桥镇", ""],
    "park": ["莘庄工业区", ""],
    "address": ["嘉定区安亭镇墨玉南路888号", "新桥镇陈春公路999号", ""],
    "point": ["121.5, 31.2", "121.2，31.0", "121.92 30.9"],
    **{field: [*choices(field)][:20] for field in ("status", "adcode", "industry", "gb4754")},
}
fixes = st.lists(
    st.sampled_from(sorted(VALUES)).flatmap(
        lambda field: st.builds(
            FieldCorrection,
            st.integers(0, len(TABLE) - 1),
            st.just(field),
            st.sampled_from(VALUES[field]),
            st.just("更正：李四"),
        )
    ),
    max_size=6,
)


IN_LINGANG = int(np.flatnonzero((TABLE["park"] == "临港新片区") & (TABLE["adcode"] == ""))[0])


@settings(max_examples=40, deadline=None)
@given(fixes)
@example([FieldCorrection(IN_LINGANG, "adcode", "310113", "更正：李四")])  # a district that holds no part of Lingang
def test_only_what_is_put_right_changes_and_the_accounts_hold(given_fixes):
    before = TABLE.copy()
    table = corrected(TABLE, given_fixes)
    pd.testing.assert_frame_equal(TABLE, before)
    touched = {fix.position for fix in given_fixes}
    others = [row for row in range(len(TABLE)) if row not in touched]
    pd.testing.assert_frame_equal(table.iloc[others], TABLE.iloc[others])
    assert broken_accounts(table) == []
    for position in touched:
        fields = {fix.field: fix.value for fix in given_fixes if fix.position == position}
        assert set(table["corrected"].iloc[position].split(";")) == set(fields)
        for field, value in fields.items():
            if field not in ("town", "park", "point", "address"):
                assert table[field].iloc[position] == pytest.approx(read_value(field, value), nan_ok=True)
    assert set(CORRECTABLE_FIELDS) == set(VALUES)


@settings(max_examples=20, deadline=None)
@given(fixes)
def test_the_corrected_set_selects_as_its_table_says(given_fixes):
    data = DATA.with_corrections(given_fixes)
    for query in ("district=310117", "zone=core", "status=active", "founded=2015", "q=安亭", "industry=auto"):
        filters, _ = Filters.from_query(query)
        assert np.array_equal(data.mask(filters), filters.mask(data.enterprises))
    assert data.fingerprint != DATA.fingerprint


def test_a_district_put_right_moves_the_row_and_is_no_published_source():
    row = int(np.flatnonzero((TABLE["adcode"] == "310115") & (TABLE["zone"] == "belt"))[0])
    fixed = corrected(TABLE, [FieldCorrection(row, "adcode", "310117", "更正：李四 2026-11-24，依据：官网")]).iloc[row]
    assert (fixed["district"], fixed["zone"], fixed["evidence"]) == ("松江区", "belt", "unverified")
    assert fixed["district_source_title"] == "更正：李四 2026-11-24，依据：官网"


def test_a_point_put_right_is_the_best_witness():
    row = int(np.flatnonzero((TABLE["adcode"] == "310117") & (TABLE["location_precision"] == "town"))[0])
    fixed = corrected(TABLE, [FieldCorrection(row, "point", "121.25, 31.02")]).iloc[row]
    assert (fixed["location_precision"], fixed["lon"], fixed["lat"]) == ("site", 121.25, 31.02)
    assert (fixed.geometry.x, fixed.geometry.y) == (121.25, 31.02)


def test_the_later_of_two_corrections_holds():
    table = corrected(
        TABLE,
        [
            FieldCorrection(3, "status", "revoked"),
            FieldCorrection(3, "status", "active"),
            FieldCorrection(3, "status", "dead"),
        ],
    )
    assert table["status"].iloc[3] == "active"


def test_the_export_says_what_was_corrected(tmp_path):
    table = corrected(TABLE, [FieldCorrection(0, "status", "active"), FieldCorrection(0, "founded", "2001")])
    for labels, expected in ((None, "status;founded"), ("zh", "登记状态、成立日期")):
        export(table, tmp_path / "out.csv", labels=labels)
        written = pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
        assert written.iloc[0].iloc[-1] == expected
        assert (written.iloc[1:, -1] == "").all()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", "x"),
        ("status", "dead"),
        ("founded", "2015-13-01"),
        ("founded", "去年"),
        ("capital_amount", "-1"),
        ("capital_amount", "很多"),
        ("capital_currency", "人民币"),
        ("adcode", "310000"),
        ("point", "31.2, 121.5"),
        ("point", "121.5"),
        ("address", "长" * 201),
    ],
)
def test_what_is_no_value_is_refused(field, text):
    with pytest.raises(DataError):
        read_value(field, text)
