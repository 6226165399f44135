"""`python -m app token`: give tokens to the people whose programs read, list them, take them back."""

import argparse

from app.log import record_event
from app.records.database import clean
from app.records.people import COMMAND_LINE, MAX_NAME_CHARACTERS
from app.records.tokens import add_token, list_tokens, remove_token
from geo.errors import DataError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    parser.add_argument("action", choices=("add", "list", "remove"), help="给一个、列出、移除（give, list, take back）")
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help="给谁（to whom）")


def run(options: argparse.Namespace) -> int:
    """Do it, and say what was done; a new token alone stands on its line, and is never said again.

    Raises
    ------
    DataError
        As for `app.records.tokens`.
    """
    if options.action == "list":
        for one in list_tokens():
            print(f"{one.name}\t{one.made}")
        return 0
    if not options.name:
        raise DataError("要写明给谁（whose token）", expected="token add 姓名")
    if options.action == "add":
        token = add_token(options.name)
        record_event("token", COMMAND_LINE, action="add", holder=clean(options.name, MAX_NAME_CHARACTERS))
        print(token)
    else:
        remove_token(options.name)
        record_event("token", COMMAND_LINE, action="remove", holder=clean(options.name, MAX_NAME_CHARACTERS))
        print(f"已移除 {options.name} 的令牌（removed）")
    return 0
