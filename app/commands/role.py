"""`python -m app role`: who may what on an installation where people sign in; how the first administrator is made."""

import argparse

from app.log import record_event
from app.records.accounts import give, list_accounts
from app.records.database import open_database
from app.records.people import COMMAND_LINE
from app.records.permissions import ROLES, Person
from geo.errors import DataError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    parser.add_argument("action", choices=("give", "list"), help="给角色、列出（give, list）")
    parser.add_argument(
        "account", nargs="?", default="", metavar="ACCOUNT", help="给谁：登录的账号（sub）或代理送来的姓名"
    )
    parser.add_argument("role", nargs="?", default="", metavar="ROLE", help="、".join(ROLES))
    parser.add_argument(
        "--group", dest="groups", action="append", default=[], metavar="GROUP", help="在哪个组，可写几次（group）"
    )


def run(options: argparse.Namespace) -> int:
    """Do it, and say what was done.

    Raises
    ------
    DataError
        As for `app.records.accounts.give`.
    """
    if options.action == "list":
        for one in list_accounts():
            print("\t".join((one.account, one.name, one.role or "-", "、".join(one.groups), one.first_seen)))
        return 0
    if not (options.account and options.role):
        raise DataError("要写明给谁、什么角色（whose and which role）", expected="role give 账号 administrator")
    person = Person(COMMAND_LINE, proven=False)
    given = give(open_database(), options.account, options.role, options.groups, person)
    record_event("role", COMMAND_LINE, account=given.name, role=given.role)
    print(f"{given.account}\t{given.name}\t{given.role}")
    return 0
