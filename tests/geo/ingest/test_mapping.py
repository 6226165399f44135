"""Which column is which, by hand: given, refused, told, remembered for the next release."""

import pytest

from geo.errors import DataError
from geo.ingest.pipeline import import_files, preview
from geo.ingest.values.columns import read_columns

HAND = [["company_name", "qu", "登记地"], ["样例甲有限公司", "松江区", "松江区车峰路300号"], ["样例乙有限公司", "", ""]]


def test_columns_that_were_not_understood_are_named_by_hand(take_rows):
    with pytest.raises(DataError, match="找不到企业名称"):
        take_rows(HAND)
    done = take_rows(HAND, mapping=read_columns(["company_name=name", "qu=所在区", "登记地=Address"]))
    assert done.row("样例甲有限公司")["adcode"] == "310117"
    (entry,) = done.report["files"]
    assert entry["columns_mapped"] == {"name": "company_name", "district": "qu", "address": "登记地"}
    assert entry["columns_by"] == dict.fromkeys(entry["columns_mapped"], "hand")
    assert entry["columns_given"] == entry["columns_mapped"]
    assert entry["filled"] == {"name": 2, "district": 1, "address": 1}


def test_what_was_given_serves_the_next_release(take_rows):
    first = take_rows(HAND, mapping={"name": "company_name", "district": "qu"})
    again = take_rows(HAND, name="下一期.csv", remembered=first.report["files"][0]["columns_given"])
    assert again.report["files"][0]["columns_by"] == {"name": "remembered", "district": "remembered"}
    assert again.report["files"][0]["columns_given"] == first.report["files"][0]["columns_given"]
    other = [["企业名称", "qu"], ["样例甲有限公司", "松江区"]]
    by = take_rows(other, name="另一份.csv", remembered={"name": "company_name", "district": "qu"})
    assert by.report["files"][0]["columns_by"] == {"name": "heading", "district": "remembered"}


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        (["a=name", "b=企业名称"], "用哪一列（值 a、b"),
        (["a=moon"], "没有这个规范列"),
        (["a"], "没有写明哪一列"),
    ],
)
def test_pairs_that_cannot_be_meant(pairs, said):
    with pytest.raises(DataError, match=said):
        read_columns(pairs)


def test_a_header_that_is_not_there_is_said(take_rows, tmp_path):
    with pytest.raises(DataError, match="没有这一列"):
        take_rows(HAND, mapping={"name": "compny"})
    for name, header in (("a", "company_name"), ("b", "企业名称")):
        (tmp_path / f"{name}.csv").write_text(f"{header}\n样例{name}有限公司\n", encoding="utf-8")
    both = [tmp_path / "a.csv", tmp_path / "b.csv"]
    assert import_files(both, tmp_path / "o", mapping={"name": "company_name"}).imported == 2
    with pytest.raises(DataError, match=r"找不到企业名称|没有一份文件"):
        import_files(both, tmp_path / "o", mapping={"name": "compny"})
    with pytest.raises(DataError, match="没有一份文件"):
        import_files(both, tmp_path / "o", mapping={"name": "company_name", "address": "nowhere"})


def test_several_columns_of_one_meaning_are_told_where_they_differ(take_rows):
    rows = [["企业名称", "注册地址", "经营地址"], ["样例甲有限公司", "松江区车峰路300号", "青浦区嘉松中路5710号"]]
    told = [issue for issue in take_rows(rows).report["issues"] if issue["column"] == "address"]
    assert [(issue["value"], issue["row"]) for issue in told] == [("经营地址", None)]
    rows[1][2] = rows[1][1]
    assert take_rows(rows).report["issues"] == []
    done = take_rows(rows, mapping={"address": "经营地址"})
    assert done.report["files"][0]["columns_mapped"]["address"] == "经营地址"
    twice = [["企业名称", "地址", "地址"], ["样例甲有限公司", "松江区车峰路300号", "青浦区嘉松中路5710号"]]
    assert take_rows(twice).report["issues"][0]["value"] == "地址 (2)"


def test_every_column_says_how_far_it_is_filled(take_rows):
    rows = [["企业名称", "地址", "备注"], ["样例甲有限公司", "", "x"], ["样例乙有限公司", "", ""]]
    (entry,) = take_rows(rows).report["files"]
    assert (entry["filled"], entry["kept_filled"]) == ({"name": 2, "address": 0}, {"备注": 1})


def test_the_preview_says_the_same_as_the_import(take_rows, tmp_path):
    rows = [["企业名称", "注册地址", "经营地址", "qu"], ["样例甲有限公司", "松江区车峰路300号", "x", "松江区"]]
    done = take_rows(rows, remembered={"district": "qu"})
    seen = preview(tmp_path / "样例.csv", remembered={"district": "qu"})
    (entry,) = done.report["files"]
    assert (seen.columns_mapped, seen.columns_by) == (entry["columns_mapped"], entry["columns_by"])
    assert (seen.alternatives, seen.remembered) == ({"address": ["经营地址"]}, {"district": "qu"})


def test_progress_tells_rows_done_of_rows_in_all(tmp_path):
    path = tmp_path / "样例.csv"
    path.write_text("企业名称\n" + "\n".join(f"样例{n}有限公司" for n in range(40)), encoding="utf-8")
    told = []
    import_files([path], tmp_path / "o", progress=lambda *said: told.append(said))
    for stage in ("clean", "locate", "write"):
        done = [(rows, total) for name, rows, total in told if name == stage]
        assert done[-1] == (40, 40)
        assert done == sorted(done)


def test_who_stops_an_import_leaves_what_was_there(tmp_path):
    path, out = tmp_path / "样例.csv", tmp_path / "o"
    path.write_text("企业名称\n样例甲有限公司\n", encoding="utf-8")
    import_files([path], out)
    before = {file.name: file.read_bytes() for file in out.iterdir()}

    def stop(stage, _done, _total):
        if stage == "write":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_files([path], out, datum="gcj02", progress=stop)
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before
    assert {entry.name for entry in tmp_path.iterdir()} == {"样例.csv", "o"}
