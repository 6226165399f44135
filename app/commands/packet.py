"""`python -m app packet`: the packet of a selection written, or one that was written verified."""

import argparse
import sys
from pathlib import Path
from typing import Final

from app.commands.query import add_selection, load, read_query
from app.documents import write_packet
from geo.errors import DataError

ALTERED: Final = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    add_selection(parser)
    parser.add_argument(
        "--verify", action="store_true", help="核对已有的文件，不写（verify a packet that was written）"
    )


def run(options: argparse.Namespace) -> int:
    """Write the packet of a selection, or verify one; the exit code is that of `verify`, or 0.

    Raises
    ------
    DataError
        When the name does not end in .html, or the file cannot be written.
    """
    out = options.out
    if options.verify:
        return verify(out)
    filters, lang = read_query(options.query)
    data = load(options.set)
    if out.suffix.lower() not in {".html", ".htm"}:
        raise DataError("资料包只能写成 html 文件", value=out, expected="以 .html 结尾的文件名")
    write_packet(data, filters, out, lang)
    left_out = data.left_out(filters)
    if left_out:
        note = f"警告：另有 {left_out:,} 家没有自己的点位，无法判断距离与范围，未计入（left out, as the packet says）"
        print(note, file=sys.stderr)
    print(f"{data.sentence(filters, lang)} → {out}")
    return 0


def verify(file: Path) -> int:
    """Say whether a packet is as it was written; the exit code is 0, or 1 when it was altered.

    Raises
    ------
    DataError
        When the file cannot be read, or is no packet.
    """
    from reports.packet import verify_packet

    try:
        page = file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError("资料包无法读取", file=file, cause=str(error)[:120]) from error
    intact = verify_packet(page)
    print(f"{file.name}：与写出时一致（intact）" if intact else f"{file.name}：写出之后有改动（altered）")
    return 0 if intact else ALTERED
