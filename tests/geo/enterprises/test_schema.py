"""What a reader sees instead of names and codes: all of them, in both languages."""

import pandas as pd
import pytest

from geo.crs import STORAGE_CRS
from geo.datasets.dataset import load_dataset
from geo.enterprises.schema import COLUMNS, labelled
from geo.ingest.values.columns import COLUMN_ALIASES, heading

SAMPLE = load_dataset().enterprises


def test_labels_of_every_column_and_code():
    for lang in ("zh", "en"):
        table = labelled(SAMPLE, lang)
        assert table.columns.is_unique
        assert table.crs == STORAGE_CRS
        assert table.index.equals(SAMPLE.index)
        for column in ("zone", "status", "district_basis", "location_precision", "kind", "evidence", "industry"):
            shown = table[COLUMNS[column].label.of(lang)]
            assert (shown == "").equals(SAMPLE[column] == "")
            assert not set(shown) - {""} & set(SAMPLE[column])
    both = SAMPLE[SAMPLE["recognitions"].str.contains(";")].head(1)
    assert "、" in labelled(both)["称号与上市"].iloc[0]
    assert "; " in labelled(both, "en")["Recognitions and listings"].iloc[0]


def test_labels_leave_unknown_codes_and_other_columns_alone():
    table = pd.DataFrame({"zone": ["moon", ""], "status": [None, pd.NA], "备注": ["x", "y"]})
    assert labelled(table).to_dict("list") == {"一核一带": ["moon", ""], "登记状态": ["", ""], "备注": ["x", "y"]}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_kept_column_that_bears_the_title_of_ours_stands_beside_it(lang):
    labels = [column.label.of(lang) for column in COLUMNS.values()]
    table = SAMPLE.head(3).assign(**dict.fromkeys(labels, "原文"))
    shown = labelled(table, lang)
    assert shown.columns.is_unique
    assert shown[COLUMNS["name"].label.of(lang)].tolist() == SAMPLE["name"].head(3).tolist()
    assert (shown[f"{COLUMNS['name'].label.of(lang)}（原文）"] == "原文").all()


def test_columns_that_columns_name_are_there():
    for column in COLUMNS.values():
        assert {column.part_of, *column.sourced_by} - {""} <= set(COLUMNS)
        assert not (column.computed and column.spellings)
        assert column.codes is None or all(code and name.zh and name.en for code, name in column.codes().items())


def test_a_header_means_one_column():
    headers = [heading(spelling) for spellings in COLUMN_ALIASES.values() for spelling in {*map(heading, spellings)}]
    assert len(headers) == len(set(headers))
