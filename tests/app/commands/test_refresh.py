"""`python -m app refresh`: what has changed takes the place of the former, which stays as a release; else nothing is written."""

import json
import sqlite3

import pytest
from sqlalchemy.exc import ArgumentError

from app.cli import main
from app.commands.source import Source
from app.log import FILE
from geo.datasets import workspace
from geo.errors import DataError
from geo.ingest.readers.sheet import Limits

HEAD = "企业名称,所属区县\n"
FIRST = f"{HEAD}样例甲有限公司,松江区\n样例乙有限公司,嘉定区\n"
LATER = f"{HEAD}样例甲有限公司,闵行区\n样例丙有限公司,嘉定区\n"


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE"):
        monkeypatch.delenv(name, raising=False)


def held(title):
    """The dataset of a title."""
    found = workspace.named(title)
    assert found
    return found


def kept(tmp_path):
    """Every file of the workspace that is part of a dataset, with its content."""
    files = (tmp_path / "workspace").glob("*/*")
    return {
        str(file.relative_to(tmp_path)): file.read_bytes() for file in files if not file.parent.name.startswith(".")
    }


def one_line(capsys):
    text = capsys.readouterr().err
    assert text.count("\n") == 1
    return text


@pytest.fixture
def file(tmp_path, capsys):
    path = tmp_path / "list.csv"
    path.write_text(FIRST, encoding="utf-8")
    assert main(["import", str(path), "--as", "松江"]) == 0
    capsys.readouterr()
    return path


def test_a_changed_file_takes_the_place_and_the_former_is_a_release(file, capsys, tmp_path):
    before = held("松江")
    file.write_text(LATER, encoding="utf-8")
    assert main(["refresh", "松江"]) == 0
    said = capsys.readouterr().out
    assert "新增 1，消失 1，迁移 1" in said
    assert "迁移 · 样例甲有限公司 · 闵行区 · 所在区：松江区 → 闵行区" in said
    now, release = held("松江"), held(f"松江 {before.added[:10]}")
    assert release.enterprises_sha256 == before.enterprises_sha256
    assert f"原来的留作：{release.title}" in said
    assert workspace.read_enterprises(now.key)["name"].tolist() == ["样例甲有限公司", "样例丙有限公司"]
    assert workspace.read_source(now.key) == Source((str(file),), columns={}).as_json() | {"files": [str(file)]}
    told = [json.loads(line) for line in (tmp_path / "workspace" / FILE).read_text("utf-8").splitlines()]
    assert [line["changes"] for line in told if line["event"] == "refresh"] == ["new 1, gone 1, moved 1"]
    assert "样例" not in json.dumps(told, ensure_ascii=False)
    assert main(["refresh", "松江"]) == 0
    assert "没有变化" in capsys.readouterr().out
    assert len(workspace.list_datasets()) == 2


def test_what_was_not_changed_is_not_written(file, capsys, tmp_path):
    before = kept(tmp_path)
    assert main(["refresh", "松江", "--lang", "en"]) == 0
    assert "nothing has changed, still 2 enterprises" in capsys.readouterr().out
    file.write_text("\n".join([HEAD.strip(), *reversed(FIRST.splitlines()[1:])]), encoding="utf-8")  # in another order
    assert main(["refresh", "松江"]) == 0
    assert "没有变化" in capsys.readouterr().out
    assert kept(tmp_path) == before


@pytest.mark.parametrize("content", [None, "", "甲,乙\n1,2\n", HEAD])
def test_a_source_that_is_gone_or_spoilt_is_one_sentence_and_the_dataset_stays(file, capsys, tmp_path, content):
    before = kept(tmp_path)
    if content is None:
        file.unlink()
    else:
        file.write_text(content, encoding="utf-8")
    assert main(["refresh", "松江"]) == 2
    assert "list.csv" in one_line(capsys)
    assert kept(tmp_path) == before
    assert '"outcome": "failed"' in (tmp_path / "workspace" / FILE).read_text("utf-8")


def test_a_folder_and_what_a_person_said_of_it_are_remembered(tmp_path, capsys):
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "a.csv").write_text("who,where\n样例甲有限公司,松江区\n", encoding="utf-8")
    columns = ["--column", "who=name", "--column", "where=district"]
    assert main(["import", str(folder), "--as", "分册", *columns, "--datum", "gcj02"]) == 0
    (folder / "b.csv").write_text("who,where\n样例乙有限公司,青浦区\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["refresh", "分册"]) == 0
    assert "1 家 → 2 家：新增 1" in capsys.readouterr().out
    source = workspace.read_source(held("分册").key)
    assert source
    assert source["datum"] == "gcj02"


@pytest.fixture
def database(tmp_path):
    file = tmp_path / "firms.db"
    with sqlite3.connect(file) as db:
        db.execute('CREATE TABLE firms ("企业名称" TEXT, "所属区县" TEXT, "注册资本(万元)" REAL)')
        db.execute("INSERT INTO firms VALUES ('样例甲有限公司', '松江区', 500), ('样例乙有限公司', '嘉定区', NULL)")
    db.close()
    return file


@pytest.mark.parametrize("how", [["--table", "firms"], ["--sql", "SELECT * FROM firms WHERE \"所属区县\" <> ''"]])
def test_a_database_is_a_source(database, capsys, how):
    assert main(["import", f"sqlite:///{database}", *how, "--as", "库"]) == 0
    capsys.readouterr()
    assert workspace.read_enterprises(held("库").key)["capital_amount"].tolist()[0] == 5_000_000
    assert main(["refresh", "库"]) == 0
    assert "没有变化" in capsys.readouterr().out
    with sqlite3.connect(database) as db:
        db.execute("UPDATE firms SET \"企业名称\" = '样例丁有限公司' WHERE \"所属区县\" = '嘉定区'")
    db.close()
    assert main(["refresh", "库"]) == 0
    assert "新增 1，消失 1" in capsys.readouterr().out
    database.unlink()
    assert main(["refresh", "库"]) == 2
    assert "找不到文件" in one_line(capsys)
    assert not database.exists()


def test_a_query_that_writes_changes_nothing(database, capsys):
    assert main(["import", f"sqlite:///{database}", "--sql", "DELETE FROM firms", "--as", "库"]) == 2
    one_line(capsys)
    with sqlite3.connect(database) as db:
        assert db.execute("SELECT count(*) FROM firms").fetchone() == (2,)
    db.close()


REFUSED = {
    "postgresql://reader:secret@host/db": "不要写密码",
    "mysql+pymysql://reader:x${NAME}@host/db": "不要写密码",
    "postgresql://host/db?password=secret": "不要写密码",
    "postgresql://reader:${SURELY_NOT_SET}@host/db": "没有这个环境变量",
    "nothing://host/db": "驱动",
    "postgresql://reader@127.0.0.1:1/db?PWD=secret": "不要写密码",
    "snowflake://reader@account/db?token=secret": "不要写密码",
    "postgresql://host/db?apikey=${NAME}&apikey=secret": "不要写密码",
    "mssql+pyodbc:///?odbc_connect=DRIVER%3D{x}%3BUID%3Dr%3BPwd%20%3D%20secret": "不要写密码",
    "mssql+pyodbc:///?odbc_connect=UID%253Dr%253BPWD%253Dsecret": "不要写密码",
}


@pytest.mark.parametrize("url", REFUSED)
def test_a_password_never_stands_in_a_url(url, capsys, tmp_path):
    assert main(["import", url, "--table", "firms", "--as", "库"]) == 2
    said = one_line(capsys)
    assert REFUSED[url] in said
    assert "secret" not in said
    assert kept(tmp_path) == {}


def test_a_password_is_kept_and_said_by_the_name_of_its_variable(monkeypatch, capsys):
    monkeypatch.setenv("SOURCE_PASSWORD", "geheim")
    url = "postgresql+psycopg://reader:${SOURCE_PASSWORD}@127.0.0.1:1/db"
    assert json.dumps(Source.of([url], None, "firms").as_json()).count("geheim") == 0
    assert main(["import", url, "--table", "firms", "--as", "库"]) == 2
    said = one_line(capsys)
    assert "reader:***@127.0.0.1:1/db" in said
    assert "geheim" not in said


def test_a_sentence_about_a_database_has_no_parameter_of_its_url(capsys):
    url = "postgresql+psycopg://reader@127.0.0.1:1/db?application_name=hushhush"
    assert main(["import", url, "--table", "firms", "--as", "库"]) == 2
    said = one_line(capsys)
    assert "reader@127.0.0.1:1/db" in said
    assert "hushhush" not in said


@pytest.mark.parametrize(
    ("url", "driver", "query"),
    [
        ("postgresql://h/db?host=a&host=b", "postgresql+psycopg", {"host": ("a", "b")}),
        ("postgres://h/db", "postgresql+psycopg", {}),
        ("mysql://h/db?token=${NAME}&x=1", "mysql", {"token": "geheim", "x": "1"}),
        ("mssql+pyodbc:///?odbc_connect=UID%3Dr%3BPWD%3D${NAME}", "mssql+pyodbc", {"odbc_connect": "UID=r;PWD=geheim"}),
    ],
)
def test_a_driver_is_given_the_whole_address(url, driver, query, monkeypatch):
    given = []

    def refuse(address, **_):
        given.append(address)
        raise ArgumentError

    monkeypatch.setenv("NAME", "geheim")
    monkeypatch.setattr("app.commands.fetch.create_engine", refuse)
    assert main(["import", url, "--table", "firms", "--as", "库"]) == 2
    assert [(one.drivername, dict(one.query)) for one in given] == [(driver, query)]


@pytest.mark.parametrize("limits", [Limits(rows=5000), Limits(file_bytes=2**20)])
def test_a_query_that_never_ends_is_one_sentence(limits, database, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("app.commands.fetch.SOURCE_LIMITS", limits)
    sql = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS "企业名称" FROM n'
    assert main(["import", f"sqlite:///{database}", "--sql", sql, "--as", "库"]) == 2
    assert "太多" in one_line(capsys)
    assert kept(tmp_path) == {}


def test_a_view_reaches_only_the_tables_of_its_file(database, capsys):
    with sqlite3.connect(database) as db:
        db.execute("CREATE VIEW beyond AS SELECT name AS \"企业名称\" FROM pragma_table_info('firms')")
    db.close()
    assert main(["import", f"sqlite:///{database}", "--table", "beyond", "--as", "库"]) == 2
    assert "unsafe use" in one_line(capsys)


def test_a_query_goes_to_the_database_as_it_is_written(database):
    sql = 'SELECT "企业名称", \'张江 :路1%号\' AS "地址" FROM firms WHERE "所属区县" LIKE \'松%\''
    assert main(["import", f"sqlite:///{database}", "--sql", sql, "--as", "库"]) == 0
    assert workspace.read_enterprises(held("库").key)["name"].tolist() == ["样例甲有限公司"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["sqlite:///a.db", "--as", "x"],
        ["sqlite:///a.db", "--as", "x", "--sql", "SELECT 1", "--table", "t"],
        ["sqlite:///a.db", "b.csv", "--as", "x", "--table", "t"],
        ["b.csv", "--as", "x", "--table", "t"],
        ["://", "--as", "x", "--table", "t"],
    ],
)
def test_what_is_no_source_is_said(arguments, capsys):
    assert main(["import", *arguments]) == 2
    one_line(capsys)


@pytest.mark.usefixtures("file")
def test_a_dataset_without_a_source_or_name_is_said(capsys):
    assert main(["refresh", "没有"]) == 2
    assert "no such dataset" in one_line(capsys)
    workspace.add(workspace.folder_of(held("松江").key), "松江", replace=True)  # as one that was uploaded
    assert main(["refresh", "松江"]) == 2
    assert "没有记下来源" in one_line(capsys)


def test_a_source_of_a_later_version_is_read_as_far_as_it_is_known():
    source = Source.of(["list.csv"], None, None)
    assert Source.read(source.as_json() | {"schedule": "daily"}) == source
    with pytest.raises(DataError):
        Source.of(["sqlite:///a.db"], None, None)


def test_a_refresh_that_was_cut_off_keeps_the_former_once(file):
    """The release was kept, the dataset not yet replaced: the next refresh finishes it."""
    before = held("松江")
    workspace.add(workspace.verified(before.key), f"松江 {before.added[:10]}")
    file.write_text(LATER, encoding="utf-8")
    assert main(["refresh", "松江"]) == 0
    assert len(workspace.list_datasets()) == 2


def test_another_dataset_of_the_same_rows_is_not_the_release(file, capsys):
    assert main(["import", str(file), "--as", "别人的"]) == 0
    before = held("松江")
    file.write_text(LATER, encoding="utf-8")
    capsys.readouterr()
    assert main(["refresh", "松江"]) == 0
    title = f"松江 {before.added[:10]}"
    assert f"原来的留作：{title}" in capsys.readouterr().out
    assert held(title).enterprises_sha256 == before.enterprises_sha256


def test_the_longest_title_is_refreshed(file):
    title = "长" * 120
    assert main(["import", str(file), "--as", title]) == 0
    before = held(title)
    file.write_text(LATER, encoding="utf-8")
    assert main(["refresh", title]) == 0
    assert held(title).enterprises_sha256 != before.enterprises_sha256
    assert held(f"{'长' * 100} {before.added[:10]}").enterprises_sha256 == before.enterprises_sha256


def test_one_that_cannot_be_read_does_not_stop_the_others(file, capsys):
    gone = file.with_name("gone.csv")
    gone.write_text(FIRST.replace("甲", "戊"), encoding="utf-8")
    assert main(["import", str(gone), "--as", "没了"]) == 0
    gone.unlink()
    file.write_text(LATER, encoding="utf-8")
    capsys.readouterr()
    assert main(["refresh", "没有", "没了", "松江"]) == 2
    said = capsys.readouterr()
    assert [line.partition("：")[0] for line in said.err.splitlines()] == ["没有", "没了"]
    assert "gone.csv" in said.err
    assert "新增 1" in said.out


def test_the_log_of_an_unexpected_fault_has_no_argument(file, monkeypatch, tmp_path, capsys):
    def fail(*_, **_how):
        raise RuntimeError

    monkeypatch.setattr("app.commands.source.import_files", fail)
    assert main(["import", str(file), "--as", "secret"]) == 2
    one_line(capsys)
    log = (tmp_path / "workspace" / FILE).read_text("utf-8")
    assert "RuntimeError" in log
    assert "secret" not in log
