"""Tokens with which programs read, one a person: the workspace holds their hashes, the token itself is said once."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from app.records.database import clean, now
from app.records.people import MAX_NAME_CHARACTERS
from geo.errors import DataError
from geo.files import write_json
from geo.installation import workspace_dir

TOKENS_FILE: Final = "tokens.json"
TOKEN_BYTES: Final = 32


@dataclass(frozen=True)
class Token:
    """A token that was given out: to whom, when, and the SHA-256 of what it says."""

    name: str
    made: str
    sha256: str


def list_tokens() -> list[Token]:
    """The tokens that were given out, the first one first.

    Raises
    ------
    DataError
        When what is kept of them cannot be read.
    """
    try:
        content = json.loads(_file().read_text(encoding="utf-8"))
        return [Token(str(one["name"]), str(one["made"]), str(one["sha256"])) for one in content]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DataError("令牌读不了（the tokens cannot be read）", file=_file()) from error


def add_token(name: str) -> str:
    """Give a person a token: what it says, which is kept nowhere.

    Raises
    ------
    DataError
        When there is no name, or the person has one already.
    """
    name = clean(name, MAX_NAME_CHARACTERS)
    held = list_tokens()
    if not name:
        raise DataError("令牌要写明给谁（a token has a name）")
    if any(one.name == name for one in held):
        raise DataError("已有这个名称的令牌，先移除再给新的（remove the former first）", value=name)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    _keep([*held, Token(name, now(), _hash(token))])
    return token


def remove_token(name: str) -> None:
    """Take a token back; it is refused from then on.

    Raises
    ------
    DataError
        When there is none of that name.
    """
    name = clean(name, MAX_NAME_CHARACTERS)
    held = list_tokens()
    left = [one for one in held if one.name != name]
    if len(left) == len(held):
        raise DataError("没有这个名称的令牌（no such token）", value=name)
    _keep(left)


def holder_of(token: str) -> str:
    """Name of the person whom a token was given to; empty where it is none.

    Raises
    ------
    DataError
        As for `list_tokens`.
    """
    digest = _hash(token)
    return next((one.name for one in list_tokens() if secrets.compare_digest(one.sha256, digest)), "")


def _keep(tokens: list[Token]) -> None:
    try:
        workspace_dir().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError("工作区写不了", value=workspace_dir().name, cause=error.strerror) from error
    write_json(_file(), [asdict(one) for one in tokens])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _file() -> Path:
    return workspace_dir() / TOKENS_FILE
