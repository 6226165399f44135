"""`python -m app import`: vendors' files from the command line."""

import argparse
import sys
from pathlib import Path
from typing import Final

from geo.errors import DataError
from geo.ingest.pipeline import SUFFIXES, import_files

FAILED: Final = 2
DATUMS: Final = ("auto", "wgs84", "gcj02", "bd09")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="企业表：" + "、".join(suffix[1:] for suffix in SUFFIXES)
    )
    parser.add_argument("--out", required=True, metavar="DIR", help="写出的文件夹，已有的会整个替换（folder）")
    parser.add_argument(
        "--datum", choices=DATUMS, default="auto", help="坐标系，默认按证据判定（datum of coordinates）"
    )
    parser.add_argument(
        "--keep-personal", action="store_true", help="保留法定代表人、电话等列（keep personal columns）"
    )


def run(args: argparse.Namespace) -> int:
    """Import and print the account.

    Parameters
    ----------
    args : Namespace
        `files`, `out`, `datum`, `keep_personal`.

    Returns
    -------
    int
        0 when something was imported, 2 when not, with one line on stderr that says why.
    """
    _speak_utf8()
    try:
        report = import_files(
            [Path(file) for file in args.files],
            Path(args.out),
            datum=args.datum,
            keep_personal=args.keep_personal,
        )
    except (DataError, OSError) as error:
        return _fail(str(error))
    except MemoryError:
        return _fail("内存不足，请把文件分成几份")
    except Exception as error:  # the last door: a file nobody thought of ends in a sentence too
        return _fail(f"导入没有完成，文件里有没有料到的内容（{type(error).__name__}：{str(error)[:160]}）")
    print(report.sentence())
    for file in report.files:
        notes = [f"表头第 {file.header_row} 行" if file.header_row else "", file.vendor, file.encoding or ""]
        notes += [f"坐标系 {file.datum.verdict}"]
        if file.personal_columns_dropped:
            notes.append("已略去 " + "、".join(file.personal_columns_dropped))
        print(f"{file.file}：{'，'.join(note for note in notes if note)}")
    print(f"→ {report.folder}")
    return 0


def _fail(sentence: str) -> int:
    readable = " ".join(sentence.split()).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    print(readable, file=sys.stderr)
    return FAILED


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
