"""What a reader sees instead of names and codes: all of them, in both languages."""

import pandas as pd

from geo.crs import STORAGE_CRS
from geo.datasets.dataset import load_dataset
from geo.enterprises.schema import COLUMNS, labelled

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
