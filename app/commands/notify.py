"""`python -m app notify`: what is new and what is overdue goes to the places that the operator named, once to each.

The places stand in a file of the operator's, named by `EXPLORER_NOTIFY`: no page and no user of one has a say in it.  A
place is a robot of 企业微信 or 钉钉, any address that takes JSON, or mailboxes by SMTP.  What could not be sent is one
sentence, and is sent at the next run.  What may have been sent is never sent again unasked: the intention is kept before
anything goes out, and where no answer came, or the sender died, a person says whether it arrived.
"""

import argparse
import base64
import hashlib
import hmac
import smtplib
import ssl
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import date
from email.message import EmailMessage
from email.utils import formatdate, getaddresses, make_msgid
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Self
from urllib.parse import urlsplit

import httpx
from sqlalchemy import Engine

from app.log import record_event
from app.records.database import open_database
from app.records.notices import Notice, Outcome, claim, decide, keys_of, may_be_told, notices, settle, unsettled, untold
from app.records.people import COMMAND_LINE
from app.settings import Settings
from geo.errors import DataError
from geo.text import Text, one_line

KINDS: Final = ("wecom", "dingtalk", "json", "mail")
ATTEMPTS: Final = 3
PAUSE_SECONDS: Final = 2.0
"""Before the second attempt; twice that before the third."""

ANSWER_WITHIN_SECONDS: Final = 10
MAX_LINES: Final = 20
MAX_WECOM_BYTES: Final = 4096
"""Of the text of a message of 企业微信."""

_TITLE: Final = Text("一核一带：新增与逾期", "One core, one belt: new and overdue")
_MORE: Final = Text("另有 {n} 条，见“跟进”与“企业名录”页", "{n} more, see the pages Shortlist and Enterprises")
_BUSY: Final = (408, 425, 429, 503)
"""Answers that say: later, and that nothing was taken.  Any other from 500 on may come after the message was."""

_NOT_REACHED: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
"""What ends a request before the place has seen any of it."""


@dataclass(frozen=True)
class Recipient:
    """A place that notices go to.

    Parameters
    ----------
    name : str
        As the operator calls it; what was sent is kept under it.
    kind : {"wecom", "dingtalk", "json", "mail"}
    url : str
        Address of a webhook.
    secret : str
        With which a robot of 钉钉 wants messages signed.
    lang : {"zh", "en"}
    datasets : tuple of str
        Titles or keys of datasets that not everybody may see and this place may be told of.
    host, port, user, password, sender : str or int
        The mail server, and who writes.
    security : {"starttls", "tls", "none"}
        How it is spoken to; without encryption only on this machine.
    to : tuple of str
        Mailboxes, each a place of its own: one that is refused is told at the next run, alone.
    """

    name: str
    kind: Literal["wecom", "dingtalk", "json", "mail"]
    url: str = ""
    secret: str = ""
    lang: str = "zh"
    datasets: tuple[str, ...] = ()
    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    sender: str = ""
    security: str = "starttls"
    to: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, Any], number: int) -> Self:
        """A place as the file has it.

        Raises
        ------
        DataError
            When something is missing or not known; the value is not said, it may be a secret.
        """
        known = {field.name: field for field in fields(cls)}
        kinds: dict[str, type] = {"datasets": list, "to": list, "port": int}
        for name, value in given.items():
            if name not in known or not isinstance(value, kinds.get(name, str)):
                raise _wrong(number, name[:40], "、".join(known))
            if isinstance(value, list) and not all(isinstance(one, str) for one in value):
                raise _wrong(number, name, "几个字符串")
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
        }
        if not values.get("name") or values.get("kind") not in KINDS:
            raise _wrong(number, "name、kind", "、".join(KINDS))
        made = cls(**values)
        if made.lang not in ("zh", "en"):
            raise _wrong(number, "lang", "zh、en")
        if made.kind != "mail" and not _is_address(made.url):
            raise _wrong(number, "url", "https://…")
        if made.kind == "mail":
            if not (made.host and made.sender and made.to) or any(
                c in "\r\n" for c in "".join((made.sender, *made.to))
            ):
                raise _wrong(number, "host、sender、to", "邮件服务器、发件人、收件人")
            if not all(map(_address, made.to)):
                raise _wrong(number, "to", "每项一个收件人")
            if made.security not in ("starttls", "tls", "none"):
                raise _wrong(number, "security", "starttls、tls、none")
            if made.security == "none" and made.host not in ("127.0.0.1", "localhost", "::1"):
                raise _wrong(number, "security", "starttls 或 tls；不加密只对本机")
        return made

    def apart(self) -> "list[Recipient]":
        """The places that it stands for: one for each mailbox."""
        if self.kind != "mail":
            return [self]
        return [replace(self, to=(one,)) for one in {_address(one): one for one in self.to}.values()]

    @property
    def place(self) -> str:
        """What tells this place from others, whatever becomes of the address of a webhook."""
        own = [_address(one) for one in self.to] if self.kind == "mail" else []
        return hashlib.sha256("\0".join([self.name, *own]).encode()).hexdigest()

    @property
    def whole(self) -> str:
        """What told all mailboxes of the name from others before each was a place; what it was told, each was."""
        return hashlib.sha256(self.name.encode()).hexdigest()

    @property
    def places(self) -> tuple[str, ...]:
        """All under which something of it is kept."""
        return (self.whole, *(one.place for one in self.apart()))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to a parser."""
    parser.add_argument("--dry-run", action="store_true", help="只列出会发什么，不发也不记（list only, send nothing）")
    for name, meaning in {
        "--arrived": "不知发到没有的，那里收到了，不再发（what is in doubt has arrived there）",
        "--again": "不知发到没有的，那里没有收到，再发一次（what is in doubt is sent there again）",
    }.items():
        parser.add_argument(name, action="append", default=[], metavar="NAME", help=meaning)


def run(options: argparse.Namespace) -> int:
    """Send what is to be told, or list it.

    Raises
    ------
    DataError
        When no file names a place, or it is not right.
    """
    if not Settings.from_environment().notify:
        raise DataError(
            "没有写明通知发往哪里（no places named）", expected="EXPLORER_NOTIFY=文件，写法见 docs/operations.md"
        )
    recipients = {one.name: one for one in read_recipients()}
    asked = [(name, True) for name in options.arrived] + [(name, False) for name in options.again]
    for name, _ in asked:
        if name not in recipients:
            raise DataError("没有这个收通知的地方（no such place）", value=name, expected="、".join(recipients))
    if options.dry_run:
        if asked:
            raise DataError("--dry-run 什么也不记，不能与 --arrived、--again 同用（not together）", expected="其中之一")
        db = open_database()
        found, failures = notices(db, date.today())
        for recipient in recipients.values():
            left = {one: None for box in recipient.apart() for one in untold(db, box.place, _for(db, box, found))}
            print("\n".join([recipient.name, *(f"  {one.text.of(recipient.lang)}" for one in left)]))
        _tell(failures)
        return 2 if failures else 0
    for name, arrived in asked:
        number = decide(open_database(), *recipients[name].places, arrived=arrived)
        print(f"{name}：{number} 条{'算已发（kept as sent）' if arrived else '再发（sent again）'}")
    return 2 if send_notices() else 0


def send_notices() -> bool:
    """Send to each place what it was not told yet; says each failure on stderr; no-op where no file names a place.

    Returns
    -------
    bool
        Whether something failed, which is tried again at the next run, or is in doubt.
    """
    if not Settings.from_environment().notify:
        return False
    try:
        recipients, db = read_recipients(), open_database()
        found, failures = notices(db, date.today())
    except DataError as error:
        _tell([str(error)])
        return True
    for recipient in recipients:
        cause, said = None, Counter[str]()
        boxes = recipient.apart()
        for box in boxes:
            try:
                cause = _tell_place(db, box, found) or cause
            except Exception as error:  # one place keeps no other from being told
                said[_failure(recipient, error)] += 1
                record_event("notify", COMMAND_LINE, failed=True, recipient=recipient.name)
        try:
            if number := unsettled(db, *recipient.places):
                failures.append(_doubt(recipient, number, cause))
        except Exception as error:
            failures.append(_failure(recipient, error))
        several = "；{} 个邮箱（mailboxes）" if len(boxes) > 1 else ""
        failures.extend(f"{sentence}{several.format(times)}" for sentence, times in said.items())
    _tell(failures)
    return bool(failures)


def _failure(recipient: Recipient, error: Exception) -> str:
    said = str(error) if isinstance(error, DataError) else type(error).__name__  # another's text may hold a secret
    return said if recipient.name in said else f"{recipient.name} 的通知没有办成（failed）：{said}"


def _tell_place(db: Engine, recipient: Recipient, found: Sequence[Notice]) -> str | None:
    """Send a place what it was not told yet, and keep what came of it; where nobody knows that, why."""
    mine = claim(db, recipient.place, _for(db, recipient, found))
    if not mine:
        return None
    outcome: Outcome = "unknown"  # also of one that is told to end in the middle
    try:
        _send(recipient, mine)
        outcome = "sent"
    except _UnknownError as error:
        return str(error)
    except Exception:
        outcome = "not_sent"
        raise
    finally:
        settle(db, recipient.place, mine, outcome)
    record_event("notify", COMMAND_LINE, recipient=recipient.name, notices=len(mine))
    print(f"已发 {len(mine)} 条到 {recipient.name}（sent）")
    return None


def _doubt(recipient: Recipient, number: int, cause: str | None) -> str:
    asked = f"请到那里看：收到了，notify --arrived {recipient.name}；没有，notify --again {recipient.name}"
    return str(
        DataError(
            f"不知 {recipient.name} 收到没有，{number} 条不再自动发（may have arrived, not sent again unasked）；{asked}",
            cause=cause or "发送时进程中断",
        )
    )


def read_recipients() -> list[Recipient]:
    """The places that the operator's file names.

    Raises
    ------
    DataError
        When it cannot be read, or names a place that is not whole; two places cannot have one name.
    """
    file = Path(Settings.from_environment().notify)
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise DataError("EXPLORER_NOTIFY 的文件读不了", value=file.name, cause=reason) from error
    listed = content.get("recipient")
    if (
        not isinstance(listed, list)
        or set(content) != {"recipient"}
        or not all(isinstance(one, dict) for one in listed)
    ):
        raise DataError("EXPLORER_NOTIFY 的文件写得不对", value=file.name, expected="几个 [[recipient]]")
    recipients = [Recipient.of(one, number) for number, one in enumerate(listed, start=1)]
    if len({one.name for one in recipients}) < len(recipients):
        raise DataError("EXPLORER_NOTIFY 的文件里有两处同名", value=file.name, expected="每个 [[recipient]] 各有 name")
    return recipients


def _for(db: Engine, recipient: Recipient, found: Sequence[Notice]) -> list[Notice]:
    keys = keys_of(recipient.datasets)
    mine = [one for one in found if may_be_told(one, keys)]
    return mine if recipient.place == recipient.whole else untold(db, recipient.whole, mine)


def _send(recipient: Recipient, mine: Sequence[Notice]) -> None:
    """Send one message; an address that does not answer is asked up to `ATTEMPTS` times."""
    lines = [one.text.of(recipient.lang) for one in mine]
    message = _mail(recipient, lines) if recipient.kind == "mail" else None  # one Message-ID, however often it is tried
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _post(recipient, lines) if message is None else _deliver(recipient, message)
        except _LaterError as error:
            if attempt == ATTEMPTS:
                raise DataError(
                    f"通知没有发到 {recipient.name}，下次再发（not sent, next run tries again）", cause=str(error)
                ) from None
        time.sleep(PAUSE_SECONDS * attempt)


class _LaterError(Exception):
    """It may work in a moment."""


class _UnknownError(Exception):
    """The place may have taken the message, and has not said so."""


def _post(recipient: Recipient, lines: Sequence[str]) -> None:
    url = recipient.url
    if recipient.kind == "dingtalk" and recipient.secret:
        url = signed(url, recipient.secret, round(time.time() * 1000))
    try:
        answer = httpx.post(
            url,
            json=_body(recipient, lines),
            timeout=ANSWER_WITHIN_SECONDS,
            follow_redirects=False,
            verify=_certificates(),
        )
    except _NOT_REACHED as error:  # its text may hold the address, which is a secret
        raise _LaterError(type(error).__name__) from None
    except httpx.HTTPError as error:
        raise _UnknownError(type(error).__name__) from None
    if answer.status_code in _BUSY:
        raise _LaterError(f"HTTP {answer.status_code}")
    if answer.status_code >= 500:
        raise _UnknownError(f"HTTP {answer.status_code}")
    if not answer.is_success:
        raise _refused(recipient, f"HTTP {answer.status_code}")
    if recipient.kind != "json":
        try:
            code = answer.json()["errcode"]
        except (ValueError, TypeError, KeyError, RecursionError):
            code = None
        if type(code) is not int:  # not the robot's answer: of one before it, or a page
            raise _UnknownError(f"HTTP {answer.status_code}，没有 errcode")
        if code in (-1, 45009, 130101):  # busy, or more messages than a minute may have
            raise _LaterError(f"errcode {code}")
        if code != 0:
            raise _refused(recipient, f"errcode {code}")


@cache
def _certificates() -> ssl.SSLContext:
    """The certificates that this machine trusts, an authority of the organisation's own among them."""
    return ssl.create_default_context()


def signed(url: str, secret: str, milliseconds: int) -> str:
    """An address of a robot of 钉钉 with the moment and its signature, HMAC-SHA256 of both in base 64.

    Source: 钉钉开放平台, 自定义机器人安全设置, 加签.

    Examples
    --------
    >>> signed("https://oapi.dingtalk.com/robot/send?access_token=a", "SEC", 1700000000000).count("&")
    2
    """
    digest = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    return str(
        httpx.URL(url).copy_merge_params({"timestamp": str(milliseconds), "sign": base64.b64encode(digest).decode()})
    )


def _body(recipient: Recipient, lines: Sequence[str]) -> dict[str, Any]:
    title = _TITLE.of(recipient.lang)
    match recipient.kind:
        case "wecom":
            return {"msgtype": "markdown", "markdown": {"content": _markdown(recipient, lines, MAX_WECOM_BYTES)}}
        case "dingtalk":
            text = _markdown(recipient, lines, 16_000)
            return {"msgtype": "markdown", "markdown": {"title": title, "text": text}}
    return {"title": title, "lines": list(lines)}


def _markdown(recipient: Recipient, lines: Sequence[str], most_bytes: int) -> str:
    """A title and a line each, as many as there is room for; says how many more there are."""
    shown: list[str] = []
    for line in lines[:MAX_LINES]:
        text = _message(recipient, [*shown, line], len(lines) - len(shown) - 1)
        if len(text.encode()) > most_bytes:
            break
        shown.append(line)
    return _message(recipient, shown, len(lines) - len(shown))


def _message(recipient: Recipient, shown: Sequence[str], more: int) -> str:
    parts = [f"**{_TITLE.of(recipient.lang)}**", *(f"- {_escaped(line)}" for line in shown)]
    return "\n".join(parts + [f"- {_MORE.of(recipient.lang).format(n=more)}"] * bool(more))


def _escaped(line: str) -> str:
    """A line as text: no name of an enterprise is a link, a mention or a heading."""
    return line.translate(str.maketrans("<>[]@*`", "＜＞［］＠＊｀")).replace("://", "://\u200b")


def _mail(recipient: Recipient, lines: Sequence[str]) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = (
        _TITLE.of(recipient.lang),
        recipient.sender,
        ", ".join(recipient.to),
    )
    message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid()
    message.set_content("\n".join(lines) + "\n")
    return message


def _deliver(recipient: Recipient, message: EmailMessage) -> None:
    context = ssl.create_default_context()  # one of HTTP says so to a mail server
    handing_over = False
    try:
        tls = recipient.security == "tls"
        server = (
            smtplib.SMTP_SSL(recipient.host, recipient.port, timeout=ANSWER_WITHIN_SECONDS, context=context)
            if tls
            else smtplib.SMTP(recipient.host, recipient.port, timeout=ANSWER_WITHIN_SECONDS)
        )
        try:
            if recipient.security == "starttls":
                server.starttls(context=context)
            if recipient.user:
                server.login(recipient.user, recipient.password)
            handing_over = True
            server.send_message(message)
        finally:
            with suppress(smtplib.SMTPException, OSError):  # a farewell that fails takes no message back
                server.quit()
            server.close()
    except smtplib.SMTPResponseException as error:
        if 400 <= error.smtp_code < 500:
            raise _LaterError(f"SMTP {error.smtp_code}") from None
        if handing_over and not 500 <= error.smtp_code < 600:  # no refusal, or no answer that could be read
            raise _UnknownError(f"SMTP {error.smtp_code}") from None
        raise _refused(recipient, f"SMTP {error.smtp_code}") from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _ in error.recipients.values()})
        if all(code < 500 for code in codes):
            raise _LaterError(f"SMTP {codes[0]}") from None
        raise _refused(recipient, f"SMTP {codes[-1]}") from None
    except (smtplib.SMTPException, OSError) as error:
        raise (_UnknownError if handing_over else _LaterError)(type(error).__name__) from None


def _refused(recipient: Recipient, said: str) -> DataError:
    return DataError(f"{recipient.name} 不收通知，下次再发（refused, next run tries again）", cause=said)


def _wrong(number: int, name: str, expected: str) -> DataError:
    return DataError(f"EXPLORER_NOTIFY 的第 {number} 个 [[recipient]] 写得不对", value=name, expected=expected)


def _address(mailbox: str) -> str:
    """The address in what stands for a mailbox; empty where that is not one."""
    found = getaddresses([mailbox])
    return found[0][1].lower() if len(found) == 1 else ""


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _tell(failures: Sequence[str]) -> None:
    for said in failures:
        print(one_line(said), file=sys.stderr)
