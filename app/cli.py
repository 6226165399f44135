"""The command line: `python -m app export | map | packet | import | check | serve`.

Whatever fails says so in one sentence on stderr and ends with 2, never with a traceback.
"""

import argparse
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple, NoReturn

from app.log import FILE, log_to_file, logged, record_event
from app.setup import assets
from geo import build
from geo.errors import DataError
from geo.ingest.isolation import FOLDER_PREFIX
from geo.installation import INSTALLED, NAME, version
from geo.text import one_line

EXPORTING: Final = ("export", "map", "packet", "indicators", "brief", "atlas")
"""Commands that write a file of what a dataset holds."""

FAILED: Final = 2
STOPPED: Final = 130


class Command(NamedTuple):
    """A command: one line of help, and the module that has its `add_arguments` and `run`."""

    help: str
    module: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add its arguments to a parser."""
        import_module(self.module).add_arguments(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Run it; the exit code."""
        return int(import_module(self.module).run(options))


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : list of str, optional
        Those of the process when not given.

    Returns
    -------
    int
        0 done, 1 `check` found something, 2 failed with one sentence on stderr, 130 stopped by Ctrl+C.
    """
    _speak_utf8()
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        options = _parser(arguments).parse_args(arguments)
        with _temporary_folder(), logged():
            _first_start()
            return _told(options.command, COMMANDS[options.command].run(options))
    except DataError as error:
        said = str(error)
    except OSError as error:
        name = Path(os.fsdecode(error.filename)).name if isinstance(error.filename, str | bytes) else ""
        said = f"{error.strerror or type(error).__name__}：{name}".rstrip("：")
    except KeyboardInterrupt:
        print("已中止（stopped）", file=sys.stderr)
        return STOPPED
    except Exception as error:  # the last door: what nobody thought of ends in a sentence too
        log_to_file()
        logging.getLogger(__name__).exception("%s", " ".join(arguments[:1]))  # others may hold a password
        said = (
            f"没有办成，遇到没有料到的情况（{type(error).__name__}），详情在工作区的 {FILE}（unexpected, see the log）"
        )
    print(one_line(said), file=sys.stderr)
    return FAILED


def _told(command: str, code: int) -> int:
    """The exit code of a command; one that wrote what leaves the house is told in the log."""
    if command in EXPORTING:
        record_event("export", _program(), command=command)
    return code


@contextmanager
def _temporary_folder() -> Iterator[None]:
    """Have all that is written for a while in one folder: it goes when the command ends, or at the next start.

    Being told to end (SIGTERM) ends a command as Ctrl+C does, so that it goes then too.
    """
    outer = tempfile.tempdir
    former = None
    with suppress(ValueError):  # not in the main thread
        former = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with TemporaryDirectory(prefix=f"{FOLDER_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
            tempfile.tempdir = folder
            yield
    finally:
        tempfile.tempdir = outer
        if former is not None:
            signal.signal(signal.SIGTERM, former)


def _first_start() -> None:
    """Where a wheel installed the product, make what `make setup` makes in a checkout, unless it is there."""
    if INSTALLED:
        if not assets.ready():
            assets.fetch()
        build.build_all(progress=build.tell_step)


class _Parser(argparse.ArgumentParser):
    """A parser that fails in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(FAILED, one_line(f"命令有误：{message}；用法见 {_program()} --help（see --help）") + "\n")


def _program() -> str:
    """How the command line was called: by the command that a wheel installs, or as a module."""
    return NAME if Path(sys.argv[0]).stem == NAME else "python -m app"


def _parser(arguments: list[str]) -> argparse.ArgumentParser:
    parser = _Parser(prog=_program(), description="上海“一核一带”智能制造布局（one core, one belt）")
    parser.add_argument("--version", action="version", version=f"{NAME} {version()}", help="版本（version）")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    for name, command in COMMANDS.items():
        own = commands.add_parser(name, help=command.help, description=command.help)
        if name in arguments[:1]:  # import has to load a lot before it knows its arguments
            command.add_arguments(own)
    return parser


COMMANDS: Final[dict[str, Command]] = {
    "export": Command("导出企业：csv、xlsx、geojson、gpkg、parquet", "app.commands.export"),
    "map": Command("导出地图：一个可离线打开的 html 文件（offline map）", "app.commands.map"),
    "import": Command("读入企查查、天眼查等导出的企业表（import vendors' tables）", "app.commands.import_"),
    "refresh": Command(
        "再读一遍数据集的来源，有变化才替换（read the source of a dataset again）", "app.commands.refresh"
    ),
    "packet": Command("写出资料包：一个可离线打开的 html 文件（offline packet）", "app.commands.packet"),
    "indicators": Command("各区的指标写成 csv（indicators by district）", "app.commands.indicators"),
    "brief": Command("一个区、核或带的 Word 简报（brief of a place）", "app.commands.brief"),
    "atlas": Command("图集：每页一个区、核带或园区的 pdf（atlas, a page per place）", "app.commands.atlas"),
    "demo": Command("写出任意大小的合成企业表（synthetic registry）", "app.commands.demo"),
    "check": Command("核对数据文件、校验值与不变量（check the data）", "app.commands.check"),
    "data": Command("核对要加进样本的行（check rows meant for the sample）", "app.commands.data"),
    "roads": Command("读入道路摘录，供驾车时间用；列出、移除（roads to drive on）", "app.commands.roads"),
    "backup": Command("备份跟进、收藏、更正与操作记录（back up what people keep）", "app.commands.backup"),
    "restore": Command("恢复备份，原来的记录留在旁边（restore a backup）", "app.commands.restore"),
    "token": Command("给读取接口的令牌：给、列出、移除（tokens of the read API）", "app.commands.token"),
    "role": Command("给登录的人角色与组、列出（roles of who signs in）", "app.commands.role"),
    "notify": Command(
        "收藏的搜索有新增、跟进与项目有逾期时发通知（send what is new and overdue）", "app.commands.notify"
    ),
    "serve": Command("启动应用（start the app）", "app.commands.serve"),
}
"""Name → command; a command is one entry, and a module that is loaded when the command is asked for."""


def _speak_utf8() -> None:
    """Whatever the locale says, text goes out as UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and os.environ.get("PYTHONIOENCODING") is None:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
