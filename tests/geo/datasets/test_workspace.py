import json

import pandas as pd
import pytest

from geo.datasets import workspace
from geo.datasets.dataset import load_dataset
from geo.datasets.diff import CHANGE_KINDS
from geo.enterprises.schema import COLUMNS
from geo.enterprises.table import load_enterprises
from geo.errors import DataError
from geo.filters.filters import Filters
from geo.ingest.pipeline import import_files

JIA, YI, BING = "样例甲(上海)有限公司", "样例乙智能装备(上海)有限公司", "样例丙材料(上海)股份有限公司"
CODES = ["91310000MAX000001M", "91310000MAX000002Q", "91310000MAX000003U"]
HEADER = "企业名称,统一社会信用代码,曾用名,登记状态,所属区县,企业地址"


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "工作区"))


@pytest.fixture
def imported(tmp_path):
    """Import made-up rows to a folder of a name."""

    def run(name, *rows):
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        import_files([path], tmp_path / name)
        return tmp_path / name

    return run


def test_a_set_comes_in_opens_and_goes(imported):
    folder = imported("甲", f"{JIA},{CODES[0]},,存续,松江区,", f"{YI},,,注销,嘉定区,")
    one = workspace.add(folder, "松江 2024")
    assert (one.title, one.rows, one.files[0][0]) == ("松江 2024", 2, "甲.csv")
    assert len(one.files[0][1]) == 64
    assert workspace.list_datasets() == [one]
    table = workspace.read_enterprises(one.key)
    assert list(table.columns[: len(COLUMNS)]) == list(COLUMNS)
    assert table.index.tolist() == table["enterprise_id"].tolist()
    assert Filters(district=("310117",)).mask(table).sum() == 1
    assert len(load_dataset().with_enterprises(table).select(Filters())) == 2
    assert workspace.read_report(one.key)["imported"] == 2
    assert (workspace.folder_of(one.key) / "rejected.csv").is_file()
    workspace.delete(one.key)
    assert workspace.list_datasets() == []
    assert list(workspace.workspace_dir().iterdir()) == []
    with pytest.raises(DataError, match="没有这个数据集"):
        workspace.read_enterprises(one.key)


def test_a_set_that_was_set_aside_comes_back_as_it_was_or_goes_for_good(imported):
    one = workspace.add(imported("甲", f"{JIA},{CODES[0]},,存续,松江区,"), "松江")
    before = workspace.read_enterprises(one.key)
    aside = workspace.set_aside(one.key)
    assert [*workspace.list_datasets(), *workspace.broken_datasets()] == []
    assert workspace.put_back(aside) == one.key
    assert workspace.list_datasets() == [one]
    pd.testing.assert_frame_equal(workspace.read_enterprises(one.key), before)
    workspace.clear_aside(aside)  # nothing is there any more
    assert workspace.list_datasets() == [one]
    aside = workspace.set_aside(one.key)
    workspace.clear_aside(aside)
    with pytest.raises(DataError, match="已彻底删除"):
        workspace.put_back(aside)
    assert list(workspace.workspace_dir().iterdir()) == []


def test_a_set_does_not_come_back_over_another_nor_after_the_app_was_started_anew(imported):
    one = workspace.add(imported("甲", f"{JIA},,,,,"), "松江")
    aside = workspace.set_aside(one.key)
    other = workspace.add(imported("乙", f"{YI},,,,,"), "松江")
    with pytest.raises(DataError, match="已有同名的数据集"):
        workspace.put_back(aside)
    assert workspace.read_enterprises(other.key)["name"].tolist() == [YI]
    workspace.recover()
    with pytest.raises(DataError, match="已彻底删除"):
        workspace.put_back(aside)
    assert workspace.list_datasets() == [other]
    for hostile in ("", "..", "松江", f".{other.key}.5.part"):
        with pytest.raises(DataError, match="已彻底删除"):
            workspace.put_back(hostile)


def test_titles_are_told_apart_and_taken_once(imported):
    folder = imported("甲", f"{JIA},,,,,")
    first, second = workspace.add(folder, "a/b"), workspace.add(folder, "a b")
    assert first.key != second.key
    with pytest.raises(DataError, match="同名"):
        workspace.add(folder, "a/b")
    workspace.add(imported("乙", f"{JIA},,,,,", f"{YI},,,,,"), "a/b", replace=True)
    assert {one.title: one.rows for one in workspace.list_datasets()} == {"a/b": 2, "a b": 1}


@pytest.mark.parametrize(
    "title", ["../../坏", "/etc/passwd", "C:\\x", ".隐", "a\0b", "CON", "x" * 500, "<script>", "..", "名\n称"]
)
def test_hostile_titles_stay_in_the_workspace(imported, title, tmp_path):
    one = workspace.add(imported("甲", f"{JIA},,,,,"), title)
    assert workspace.folder_of(one.key).parent == tmp_path / "工作区"
    assert [entry.name for entry in (tmp_path / "工作区").iterdir()] == [one.key]
    assert len(one.key) < 60
    assert not set(one.key) & set('/\\:*?"<>|.\0\n')
    assert workspace.list_datasets()[0].rows == 1


@pytest.mark.parametrize("key", ["", ".", "..", "../甲", "a/b", "没有"])
def test_keys_lead_nowhere_else(imported, key):
    imported("甲", f"{JIA},,,,,")
    for use in (workspace.read_enterprises, workspace.delete, workspace.read_report):
        with pytest.raises(DataError):
            use(key)


def test_no_title_and_no_import_are_refused(imported, tmp_path):
    with pytest.raises(DataError, match="名称"):
        workspace.add(imported("甲", f"{JIA},,,,,"), "  ")
    with pytest.raises(DataError):
        workspace.add(tmp_path / "无", "x")
    assert workspace.list_datasets() == []


def test_damage_is_noticed_and_halves_are_not_listed(imported):
    one = workspace.add(imported("甲", f"{JIA},,,,,"), "甲")
    file = workspace.folder_of(one.key) / "enterprises.parquet"
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DataError, match="损坏"):
        workspace.read_enterprises(one.key)
    (workspace.folder_of(one.key) / "set.json").write_text("{", encoding="utf-8")
    (workspace.workspace_dir() / ".x.1.part").mkdir()
    assert workspace.list_datasets() == []


def test_a_failed_add_leaves_the_older_set(imported, monkeypatch):
    folder = imported("甲", f"{JIA},,,,,")
    one = workspace.add(folder, "甲")
    with monkeypatch.context() as broken:
        broken.setattr(json, "dumps", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "满了")))
        with pytest.raises(DataError):
            workspace.add(folder, "甲", replace=True)
    assert workspace.list_datasets() == [one]
    assert len(workspace.read_enterprises(one.key)) == 1
    assert [entry.name for entry in workspace.workspace_dir().iterdir()] == [one.key]


def test_combined_with_the_built_in_set_the_imported_row_wins(imported):
    sample = load_enterprises()
    known = sample[(sample["recognitions"] != "") & (sample["district"] == "浦东新区")].iloc[0]
    one = workspace.add(imported("甲", f"{known['name']},,,存续,松江区,", f"{JIA},,,,松江区,"), "甲")
    both = workspace.combine(workspace.read_enterprises(one.key), sample)
    assert len(both) == len(sample) + 1
    assert both.index.is_unique
    row = both.loc[known["enterprise_id"]]
    assert (row["district"], row["recognitions"]) == ("松江区", known["recognitions"])
    assert both["zone"].isin(["core", "belt", "other", "unplaced"]).all()
    assert len(Filters(district=("310117",)).mask(both)) == len(both)
    assert both.geometry.notna().sum() > 400


def test_combined_by_a_former_name(imported):
    sample = load_enterprises()
    known = sample.iloc[10]
    one = workspace.add(imported("甲", f"{JIA},,{known['name']},,松江区,"), "甲")
    both = workspace.combine(workspace.read_enterprises(one.key), sample)
    assert len(both) == len(sample)
    assert known["enterprise_id"] not in both.index


def test_comparing_releases(imported):
    old = imported(
        "旧",
        f"{JIA},{CODES[0]},,存续,松江区,新桥镇陈春公路999号",
        f"{YI},{CODES[1]},,存续,嘉定区,马陆镇丰功路600号",
        f"{BING},,,存续,嘉定区,",
        "样例丁有限公司,,,存续,嘉定区,",
        "样例戊有限公司,,,存续,嘉定区,",
    )
    new = imported(
        "新",
        f"{JIA},{CODES[0]},,注销,松江区,新桥镇陈春公路1号",
        f"样例乙新名有限公司,{CODES[1]},,存续,宝山区,",
        f"样例丙新名有限公司,,{BING},存续,嘉定区,",
        "样例丁有限公司,,,存续,嘉定区,",
        "样例己有限公司,,,存续,宝山区,",
    )
    sets = [workspace.read_enterprises(workspace.add(folder, folder.name).key) for folder in (old, new)]
    changes = workspace.compare(*sets)
    assert changes.groupby("kind").size().to_dict() == {"new": 1, "gone": 1, "moved": 2, "renamed": 2, "changed": 1}
    assert changes["kind"].map(list(CHANGE_KINDS).index).is_monotonic_increasing
    of = {kind: rows.set_index("name") for kind, rows in changes.groupby("kind")}
    assert of["new"].loc["样例己有限公司", "district"] == "宝山区"
    assert of["gone"].loc["样例戊有限公司", ["district", "old_name"]].tolist() == ["嘉定区", "样例戊有限公司"]
    assert of["moved"].loc[JIA, "columns"] == "address"
    moved = of["moved"].loc["样例乙新名有限公司"]
    assert moved[["columns", "district", "old_district"]].tolist() == ["district", "宝山区", "嘉定区"]
    assert set(of["renamed"]["old_name"]) == {YI, BING}
    assert of["changed"].loc[JIA, "detail"] == "status：active → deregistered"
    assert workspace.compare(sets[0], sets[0]).empty


def test_comparing_with_nothing(imported):
    table = workspace.read_enterprises(workspace.add(imported("甲", f"{JIA},,,,,"), "甲").key)
    assert workspace.compare(table.head(0), table)["kind"].tolist() == ["new"]
    assert workspace.compare(table, table.head(0))["kind"].tolist() == ["gone"]
    assert isinstance(workspace.compare(table.head(0), table.head(0)), pd.DataFrame)


def test_what_was_given_by_hand_is_remembered_for_a_list_with_these_headers(tmp_path):
    file = tmp_path / "第一期.csv"
    file.write_text("company_name,qu\n样例甲有限公司,松江区\n", encoding="utf-8")
    given = {"name": "company_name", "district": "qu"}
    import_files([file], tmp_path / "out", mapping=given)
    entry = workspace.add(tmp_path / "out", "第一期")
    assert workspace.columns_given(entry.key) == given
    assert workspace.remembered_columns(["company_name", "qu", "备注"]) == ("第一期", given)
    assert workspace.remembered_columns(["company_name"]) == ("", {})
    assert workspace.named("第 一期") == entry
    assert workspace.another_title("第一期") == "第一期 (2)"


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"title": 5}'])
def test_a_set_whose_description_is_broken_is_named_and_can_be_deleted(tmp_path, text):
    file = tmp_path / "样例.csv"
    file.write_text("企业名称\n样例甲有限公司\n", encoding="utf-8")
    import_files([file], tmp_path / "out")
    entry = workspace.add(tmp_path / "out", "样例")
    record = workspace.workspace_dir() / entry.key / "set.json"
    if text is None:
        record.unlink()
    else:
        record.write_text(text, encoding="utf-8")
    (workspace.workspace_dir() / "别人的文件夹").mkdir()
    assert workspace.list_datasets() == []
    (left,) = workspace.broken_datasets()
    assert left.key == entry.key
    workspace.delete(left.key)
    assert workspace.broken_datasets() == []
    assert (workspace.workspace_dir() / "别人的文件夹").is_dir()
    assert workspace.add(tmp_path / "out", "样例").key == entry.key
