"""The catalogue: one test per row, and one sentence for every way in which a file can be wrong."""

import json
import shutil
from datetime import date

import pytest

from geo import catalog
from geo.enterprises.table import load_enterprises
from geo.errors import DataError
from geo.files import write_json
from geo.places.districts import load_districts

DATASETS = catalog.catalogue()
EVERY = pytest.mark.parametrize("name", DATASETS)


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the data folder that the catalogue reads instead of the real one."""
    folder = shutil.copytree(catalog.ROOT / "data", tmp_path / "data")
    monkeypatch.setenv("EXPLORER_DATA", str(folder))
    return folder


@EVERY
def test_row_of_the_catalogue(name):
    dataset = DATASETS[name]
    assert dataset.path.is_file()
    assert catalog.dataset_path(name) == dataset.path
    assert catalog.count_rows(dataset.path) == dataset.rows > 0
    assert catalog.sha256(dataset.path) == dataset.sha256
    assert dataset.title_zh
    assert dataset.title_en
    assert dataset.source
    assert dataset.licence
    assert dataset.attribution
    assert dataset.evidence in {"source", "mixed", "derived", "judgement"}
    assert date.fromisoformat(dataset.retrieved) <= date.today()
    assert dataset.url == "" or dataset.url.startswith(("http://", "https://"))


def test_what_is_kept_of_a_file_is_a_copy_for_each_and_ends_with_its_bytes(copy):
    first = load_districts()
    first.loc["310117", "name_en"] = "changed"
    first.index.name = "changed"
    again = load_districts()
    assert again.loc["310117", "name_en"] == "Songjiang"
    assert again.index.name == "adcode"
    table = catalog.read_table("districts")
    table.loc[0, "name_en"] = "changed"
    file = copy / DATASETS["districts"].file
    file.write_text(file.read_text(encoding="utf-8").replace("Songjiang", "Sungkiang"), encoding="utf-8")
    with pytest.raises(DataError):
        load_districts()
    catalog.update()
    assert load_districts().loc["310117", "name_en"] == "Sungkiang"
    assert "changed" not in set(catalog.read_table("districts")["name_en"])


def test_nothing_is_wrong_with_the_data():
    assert catalog.check() == []


def test_built_files_are_not_committed_and_say_so():
    built = {name for name, dataset in DATASETS.items() if dataset.built}
    assert built == set(catalog.read_built())
    for name in built:
        assert DATASETS[name].file.endswith(".parquet")


@EVERY
def test_a_missing_file_is_named_with_its_remedy(copy, name):
    (copy / DATASETS[name].file).unlink()
    with pytest.raises(DataError) as caught:
        catalog.dataset_path(name)
    sentence = str(caught.value)
    assert DATASETS[name].path.name in sentence
    assert ("make setup" if DATASETS[name].built else "代码库") in sentence
    assert catalog.check() == [sentence]


@EVERY
def test_a_corrupted_file_is_named_with_its_remedy(copy, name):
    with (copy / DATASETS[name].file).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(DataError) as caught:
        catalog.dataset_path(name)
    sentence = str(caught.value)
    assert DATASETS[name].path.name in sentence
    assert ("make setup" if DATASETS[name].built else "python -m app check --update") in sentence
    assert catalog.check() == [sentence]


def test_loading_meets_the_same_sentence(copy):
    (copy / "enterprises" / "enterprises.csv").write_bytes(b"\xff\xfe\x00")
    (copy / "shanghai_districts" / "districts.parquet").unlink()
    with pytest.raises(DataError, match=r"enterprises\.csv"):
        load_enterprises()
    with pytest.raises(DataError, match=r"districts\.parquet.*make setup"):
        load_districts()


def test_a_missing_or_broken_catalogue(copy):
    (copy / "catalog.json").write_text("[{", encoding="utf-8")
    with pytest.raises(DataError, match=r"catalog\.json"):
        catalog.catalogue()
    (copy / "catalog.json").unlink()
    with pytest.raises(DataError, match=r"catalog\.json"):
        catalog.catalogue()


def test_all_missing_fields_of_an_entry_are_named(copy):
    entries = json.loads((copy / "catalog.json").read_text(encoding="utf-8"))
    del entries[2]["licence"], entries[2]["url"]
    write_json(copy / "catalog.json", entries)
    with pytest.raises(DataError, match=r"第 3 行，值 licence、url"):
        catalog.catalogue()


def test_without_the_record_of_the_build_nothing_built_is_trusted(copy):
    (copy / "built.json").unlink()
    with pytest.raises(DataError, match="未记录"):
        catalog.dataset_path("zones")


def test_a_file_that_no_entry_names_is_a_fault(copy):
    (copy / "parks" / "stray.csv").write_text("a\n1\n", encoding="utf-8")
    assert catalog.check() == ["parks/stray.csv：目录中没有这一文件"]


def test_update_records_rows_and_hash_of_what_was_changed(copy):
    file = copy / "parks" / "aliases.csv"
    file.write_text(file.read_text(encoding="utf-8") + "某园,上海紫竹科学园区,\n", encoding="utf-8")
    assert catalog.update() == ["park_aliases"]
    assert catalog.update() == []
    assert catalog.check() == []
    assert catalog.catalogue()["park_aliases"].rows == DATASETS["park_aliases"].rows + 1


def test_missing_columns_are_named():
    with pytest.raises(DataError, match=r"districts\.csv，值 nope、nada"):
        catalog.read_table("districts", ["adcode", "nope", "nada"])


def test_every_cell_is_text_and_never_missing():
    table = catalog.read_table("enterprises")
    assert not table.isna().any(axis=None)
    assert set(table.dtypes.astype(str)) == {"str"}
