"""The READMEs keep their promises: equal in both languages, every command runs, every path exists."""

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import COMMANDS, _parser
from geo.installation import version

ROOT = Path(__file__).resolve().parents[1]
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.en.md")}
README = TEXTS["README.md"]
TARGETS = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
EACH = pytest.mark.parametrize("name", TEXTS)
PYTHON = {".venv/bin/python", ".venv\\Scripts\\python"}
MADE = {"elsewhere/bin/pip", "elsewhere/bin/yihe-yidai"}


def dependencies(*files: str) -> list[str]:
    lines = [line for file in files for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
    return [line.split("==")[0] for line in lines if "==" in line and not line.startswith("#")]


def commands(name):
    """Lines of the blocks for a shell, as words."""
    for kind, block in re.findall(r"^```(sh|bat)\n(.*?)^```", TEXTS[name], re.MULTILINE | re.DOTALL):
        yield from (shlex.split(line, comments=True, posix=kind == "sh") for line in block.splitlines())


ALL_COMMANDS = [pytest.param(words, id=" ".join(words)) for name in TEXTS for words in commands(name)]


@pytest.mark.parametrize("package", dependencies("requirements.txt", "requirements-dev.txt"))
def test_every_dependency_has_its_reason(package):
    assert re.search(rf"^\| `{re.escape(package)}` \| \S.+ \|$", README, re.MULTILINE)


@pytest.mark.parametrize("package", dependencies("requirements.txt"))
def test_every_dependency_has_its_reason_in_english(package):
    assert re.search(rf"^\| `{re.escape(package)}` \| \S.+ \|$", TEXTS["README.en.md"], re.MULTILINE)


def test_every_direct_dependency_is_pinned():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    loose = [line for line in lines if line and not line.startswith("#") and "==" not in line]
    assert loose == []


def test_both_languages_are_equally_complete():
    for pattern in (r"^## ", r"^```", r"^- ", r"^\| `(?:/|EXPLORER)", r"python -m app \w+"):
        counts = {name: len(re.findall(pattern, text, re.MULTILINE)) for name, text in TEXTS.items()}
        assert len(set(counts.values())) == 1, (pattern, counts)
    shapes = [[[word for word in words if word.isascii()][:4] for words in commands(name)] for name in TEXTS]
    assert [len(shape) for shape in shapes] == [len(shapes[0])] * 2


@EACH
def test_it_says_how_long_set_up_takes_and_how_large_it_is(name):
    told = re.search(r"\d\.\d GB", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert told
    assert told.group() in TEXTS[name]
    assert re.search(r"90 (秒|seconds)", TEXTS[name])


@EACH
def test_every_link_leads_somewhere(name):
    targets = re.findall(r"\]\(([^)#:]+)\)", TEXTS[name])
    assert len(targets) > 10
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("words", ALL_COMMANDS)
def test_every_command_is_one_that_runs_as_written(words):
    program, *rest = words
    if program == "make":
        assert rest[0] in TARGETS
    elif (program in PYTHON and rest[1] == "app") or program.endswith("yihe-yidai"):
        arguments = rest[2:] if program in PYTHON else rest
        if arguments != ["--version"]:
            assert _parser(arguments).parse_args(arguments).command in COMMANDS
    elif program in PYTHON and rest[1] == "pip":
        assert "requirements.txt" in rest or rest[2] == "wheel"
    elif program in PYTHON:
        assert importlib.util.find_spec(rest[1])
    else:
        assert rest[:2] == ["-m", "venv"] or (program in MADE and f"-{version()}-" in rest[-1])


@EACH
def test_every_command_of_the_app_is_shown(name):
    assert {words[3] for words in commands(name) if words[1:3] == ["-m", "app"]} >= set(COMMANDS)


@pytest.mark.parametrize("command", ["export", "map", "indicators", "check"])
def test_commands_run_as_written(command, tmp_path):
    for words in commands("README.en.md"):
        if words[1:4] == ["-m", "app", command] and "FOLDER" not in words:
            line = [sys.executable, *words[1:4], *(str(tmp_path / words[4]) if words[4:] else "--help",)][:5]
            line = line[:4] if command == "check" else [*line, *words[5:]]
            done = subprocess.run(line, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
            assert (done.returncode, done.stderr) == (0, "")
            assert command == "check" or (tmp_path / words[4]).stat().st_size > 100


def test_the_lines_of_the_program_run(tmp_path, monkeypatch):
    (block,) = re.findall(r"^```python\n(.*?)^```", TEXTS["README.en.md"], re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text("企业名称,地址\n样例甲有限公司,上海市松江区\n", encoding="utf-8")
    names: dict = {}
    exec(compile(block, "README.en.md", "exec"), names)
    assert len(names["dataset"].enterprises) == 1


@EACH
def test_every_setting_named_is_read_by_the_code_and_every_one_read_is_named(name):
    code = "".join(path.read_text(encoding="utf-8") for part in ("app", "geo") for path in (ROOT / part).rglob("*.py"))
    named = set(re.findall(r"^\| `(EXPLORER_\w+)`", TEXTS[name], re.MULTILINE))
    assert named == set(re.findall(r"""["'](EXPLORER_\w+)["']""", code))
