"""The command line: `python -m app export | map | packet | import | check | serve`.

Whatever fails says so in one sentence on stderr and ends with 2, never with a traceback.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from app.commands.query import LANGUAGES, load, read_query, tell_left_out
from app.log import FILE, log_to_file
from app.setup import assets
from geo import build, catalog
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.export.selection import EXPORTERS, export
from geo.installation import INSTALLED, NAME, version
from geo.places.districts import load_districts, locate
from geo.places.zones import ZONES

FAILED: Final = 2
STOPPED: Final = 130


class Command(NamedTuple):
    """A command: one line of help, what adds its arguments, what runs it and gives the exit code."""

    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


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
        _first_start()
        return COMMANDS[options.command].run(options)
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
        logging.getLogger(__name__).exception("%s", " ".join(arguments))
        said = (
            f"没有办成，遇到没有料到的情况（{type(error).__name__}），详情在工作区的 {FILE}（unexpected, see the log）"
        )
    print(" ".join(said.split()), file=sys.stderr)
    return FAILED


def _first_start() -> None:
    """Where a wheel installed the product, make what `make setup` makes in a checkout, unless it is there."""
    if INSTALLED:
        if not assets.ready():
            assets.fetch()
        build.build_all(progress=build.tell_step)


class _Parser(argparse.ArgumentParser):
    """A parser that fails in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(FAILED, f"命令有误：{message}；用法见 {_program()} --help（see --help）\n")


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


def _selection_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("out", type=Path, help="要写的文件（file to write）")
    parser.add_argument("--query", default="", help="网址问号后的筛选，如 district=310117&industry=equipment")
    parser.add_argument("--set", type=Path, metavar="DIR", help="import 写出的文件夹，代替内置样本（imported set）")


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    _selection_arguments(parser)
    parser.add_argument("--labels", choices=LANGUAGES, help="表头与代码用用户的说法（labels instead of codes）")


def _export(options: argparse.Namespace) -> int:
    filters, lang = read_query(options.query)
    data = load(options.set)
    selected = data.select(filters)
    tell_left_out(data, filters)
    export(
        selected,
        options.out,
        labels=options.labels,
        sentence=filters.sentence(len(selected), options.labels or lang),
        date=data.date,
        synthetic=data.synthetic,
    )
    print(f"{filters.sentence(len(selected), lang)} → {options.out}")
    return 0


def _map(options: argparse.Namespace) -> int:
    from app.documents import write_html

    if options.out.suffix.lower() not in {".html", ".htm"}:
        raise DataError("地图只能写成 html 文件", value=options.out, expected="以 .html 结尾的文件名")
    filters, lang = read_query(options.query)
    data = load(options.set)
    tell_left_out(data, filters)
    write_html(data, filters, options.out, lang)
    print(f"{filters.sentence(len(data.select(filters)), lang)} → {options.out}")
    return 0


def _packet_arguments(parser: argparse.ArgumentParser) -> None:
    from app.commands import packet as packet_command

    _selection_arguments(parser)
    packet_command.add_arguments(parser)


def _packet(options: argparse.Namespace) -> int:
    from app.commands import packet as packet_command

    if options.verify:
        return packet_command.verify(options.out)
    filters, lang = read_query(options.query)
    return packet_command.run(load(options.set), filters, options.out, lang)


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--update", action="store_true", help="先把现有文件的行数与校验值记入目录（record them first）")


def _check(options: argparse.Namespace) -> int:
    if options.update:
        changed = catalog.update()
        print("目录已更新：" + "、".join(changed) if changed else "目录无需更新")
    problems = catalog.check()
    if not problems:
        problems = broken_accounts(load_dataset().enterprises)
    for problem in problems:
        print(problem)
    if not problems:
        print("数据文件、校验值与各项不变量均正常")
    return int(bool(problems))


def broken_accounts(enterprises: gpd.GeoDataFrame) -> list[str]:
    """Say what is wrong with the accounts of a set of enterprises; empty when all is well.

    Every enterprise has one known zone and one known district or none; districts and those without one add up to
    the total, so do the four zones; the point of every enterprise lies in its district, or its conflict or note
    says why not.

    Examples
    --------
    >>> broken_accounts(load_dataset().enterprises)
    []
    """
    total = len(enterprises)
    adcode, zone = enterprises["adcode"].fillna(""), enterprises["zone"].fillna("")
    problems = [f"企业编号重复：{name}" for name in enterprises.index[enterprises.index.duplicated()].unique()]
    by_district = adcode.value_counts().reindex(load_districts().index, fill_value=0)
    without = int((adcode == "").sum())
    if by_district.sum() + without != total:
        problems.append(f"各区之和 {by_district.sum()} + 未定位 {without} ≠ 总数 {total}")
    by_zone = zone.value_counts().reindex(list(ZONES), fill_value=0)
    if by_zone.sum() != total:
        problems.append(f"核、带、其他、未定位之和 {by_zone.sum()} ≠ 总数 {total}")
    lon, lat = enterprises["lon"].to_numpy(float), enterprises["lat"].to_numpy(float)
    moved = ~(_same(lon, enterprises.geometry.x) & _same(lat, enterprises.geometry.y))
    problems += [f"点位与经纬度不一致：{name}" for name in enterprises.loc[moved, "name"]]
    noted = (enterprises[["location_note", "location_conflict"]].fillna("") != "").any(axis=1)
    astray = enterprises.geometry.notna() & (adcode != "") & (locate(lon, lat) != adcode) & ~noted
    return problems + [f"点位不在所在区内：{name}" for name in enterprises.loc[astray, "name"]]


def _same(given: NDArray[np.float64], drawn: pd.Series) -> NDArray[np.bool_]:
    return (given == drawn.to_numpy()) | (np.isnan(given) & drawn.isna().to_numpy())


def _in_own_file(module: str, name: str) -> Callable[..., Any]:
    """A function of a command's own file, which is loaded when the command is asked for."""
    return lambda argument: getattr(import_module(module), name)(argument)


def _indicators(options: argparse.Namespace) -> int:
    from app.commands.indicators import write_indicators

    filters, lang = read_query(options.query)
    data = load(options.set)
    located = write_indicators(data, filters, options.out)
    print(
        f"{filters.sentence(data.count(filters), lang)}，其中 {located:,} 家有所在区（with a district）→ {options.out}"
    )
    return 0


def _brief(options: argparse.Namespace) -> int:
    from app.commands import brief as brief_command

    filters, _ = read_query(options.query)
    return brief_command.run(options, filters, load(options.set))


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, required=True, help="企业数（number of enterprises）")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="要写的文件夹（folder to write）")
    parser.add_argument("--seed", type=int, default=2017, help="同一种子得到同样的企业（random seed）")


def _demo(options: argparse.Namespace) -> int:
    from geo.datasets.demo import write_demo

    def tell(done: int, total: int) -> None:
        print(f"\r合成企业 {done:,} / {total:,}", end="", file=sys.stderr, flush=True)

    try:
        report = write_demo(options.rows, options.out, seed=options.seed, progress=tell)
    finally:
        print(file=sys.stderr)
    print(f"合成数据 {report.imported:,} 家（synthetic）→ {report.folder}")
    return 0


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    from app.server.run import add_arguments

    add_arguments(parser)


def _serve(options: argparse.Namespace) -> int:
    from app.server.run import serve

    return FAILED if serve(options.host, options.port) else 0


COMMANDS: Final[dict[str, Command]] = {
    "export": Command(
        "导出企业：" + "、".join(suffix.removeprefix(".") for suffix in EXPORTERS), _export_arguments, _export
    ),
    "map": Command("导出地图：一个可离线打开的 html 文件（offline map）", _selection_arguments, _map),
    "import": Command(
        "读入企查查、天眼查等导出的企业表（import vendors' tables）",
        _in_own_file("app.commands.import_", "add_arguments"),
        _in_own_file("app.commands.import_", "run"),
    ),
    "packet": Command("写出资料包：一个可离线打开的 html 文件（offline packet）", _packet_arguments, _packet),
    "indicators": Command("各区的指标写成 csv（indicators by district）", _selection_arguments, _indicators),
    "brief": Command(
        "一个区、核或带的 Word 简报（brief of a place）", _in_own_file("app.commands.brief", "add_arguments"), _brief
    ),
    "demo": Command("写出任意大小的合成企业表（synthetic registry）", _demo_arguments, _demo),
    "check": Command("核对数据文件、校验值与不变量（check the data）", _check_arguments, _check),
    "backup": Command(
        "备份跟进、收藏、更正与操作记录（back up what people keep）",
        _in_own_file("app.commands.backup", "add_backup_arguments"),
        _in_own_file("app.commands.backup", "run_backup"),
    ),
    "restore": Command(
        "恢复备份，原来的记录留在旁边（restore a backup）",
        _in_own_file("app.commands.backup", "add_restore_arguments"),
        _in_own_file("app.commands.backup", "run_restore"),
    ),
    "serve": Command("启动应用（start the app）", _serve_arguments, _serve),
}
"""Name → command; a command is one entry."""


def _speak_utf8() -> None:
    """Whatever the locale says, text goes out as UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and os.environ.get("PYTHONIOENCODING") is None:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
