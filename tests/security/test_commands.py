"""Whatever stands behind a command, it ends with a code and at most one sentence, and nothing but its own file is written."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.cli import COMMANDS, FAILED, main
from geo.datasets.demo import write_demo

UNEXPECTED = "没有料到"
"""What the last door says of a fault that nobody thought of."""

NEVER_ENDING = {"serve"}
READING = {"import", "restore", "refresh", "data", "source"}

TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "-",
            "..",
            "/",
            "a/../..",
            "CON",
            "名单",
            "=1+1",
            "\u202e名",
            "a" * 300,
            "310114",
            "core",
            "999999",
            "%00",
            "&&",
        ]
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
)
QUERIES = st.one_of(
    st.tuples(
        st.sampled_from(["district", "zone", "q", "near", "within", "near_park", "founded", "capital", "x"]), TEXTS
    ).map("=".join),
    TEXTS,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A desk with things that are no good answer: a folder, a link, bytes, a set of made-up enterprises."""
    desk = tmp_path_factory.mktemp("desk")
    (desk / "folder").mkdir()
    (desk / "bytes.csv").write_bytes(bytes(range(256)) * 4)
    (desk / "empty.xlsx").write_bytes(b"")
    (desk / "kept.txt").write_text("是我的", encoding="utf-8")
    (desk / "link.csv").symlink_to(desk / "kept.txt")
    write_demo(50, desk / "set", seed=1)
    return desk


def files_in(desk: Path) -> dict[str, bytes]:
    """What stands on the desk, but for the columns that are kept beside a set that was opened."""
    files = (path for path in sorted(desk.rglob("*")) if path.is_file() and ".set.columns" not in path.parts)
    return {str(path): path.read_bytes() for path in files}


def arguments_of(desk: Path) -> st.SearchStrategy[list[str]]:
    """A command with arguments that fit it more or less."""
    inside = st.sampled_from(["folder", "bytes.csv", "empty.xlsx", "link.csv", "none.csv", "none/none.csv", "set"])
    files = st.one_of(inside.map(lambda name: str(desk / name)), TEXTS.filter(lambda text: "/" not in text))
    outs = inside.filter(lambda name: name != "none.csv").map(lambda name: str(desk / name))
    query = QUERIES.map(lambda text: [f"--query={text}"])
    given_set = files.map(lambda name: [f"--set={name}"])
    options = st.lists(st.one_of(query, given_set, TEXTS.map(lambda text: [text])), max_size=2).map(
        lambda each: [one for few in each for one in few]
    )
    known: dict[str, Callable[[], st.SearchStrategy[list[str]]]] = {
        "brief": lambda: st.tuples(TEXTS, outs).map(list),
        "data": lambda: files.map(lambda name: ["check", name]),
        "demo": lambda: st.tuples(
            TEXTS.filter(lambda text: not text.isdigit()).map("--rows={}".format), outs.map("--out={}".format)
        ).map(list),
        "import": lambda: st.tuples(files, outs.map("--out={}".format)).map(list),
    }
    names = st.sampled_from(sorted(set(COMMANDS) - NEVER_ENDING))

    def whole(name: str) -> st.SearchStrategy[list[str]]:
        own = known.get(name, lambda: (files if name in READING else outs).map(lambda one: [one]))()
        return st.tuples(own, options).map(lambda parts: [name, *parts[0], *parts[1]])

    return names.flatmap(whole)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.data())
def test_a_command_ends_with_one_sentence(folder, monkeypatch, capsys, draw):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(folder.parent / "workspace"))
    monkeypatch.chdir(folder)
    arguments = draw.draw(arguments_of(folder))
    before = files_in(folder)
    try:
        code = main(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr().err
    assert code in {0, 1, FAILED}, arguments
    assert UNEXPECTED not in said, arguments
    assert "Traceback" not in said, arguments
    assert not [letter for letter in said if unicodedata.category(letter) == "Cc" and letter != "\n"], arguments
    if code == FAILED:
        sentences = [line for line in said.strip().splitlines() if not line.startswith("警告：")]
        most = len(arguments) - 1 if arguments[0] == "refresh" else 1  # refresh says one of every name
        assert 1 <= len(sentences) <= max(most, 1), (arguments, said)
        assert files_in(folder) == before, arguments
