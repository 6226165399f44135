"""`python -m app restore`: the records of a backup in the place of those that are there."""

import argparse
from pathlib import Path

from app.commands.backup import restore
from app.records.database import open_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    parser.add_argument("file", type=Path, help="backup 写出的文件（a file that backup wrote）")


def run(options: argparse.Namespace) -> int:
    """Restore a backup and say where the former records are."""
    former = restore(open_database(), options.file)
    print(
        "角色与组也是备份里的，之后收回的请再收回：role list（roles are the backup's too: take back what was taken since）"
    )
    print(
        "还在的载体清单，谁能看见照现在的；后来删除的也回来了，谁能看见是备份里的：请在“载体”页核对"
        "（premises lists: those still here keep who may see them; those deleted since are back as the backup has them）"
    )
    print(f"已恢复 {options.file.name}（restored）；原来的记录在 {former}")
    return 0
