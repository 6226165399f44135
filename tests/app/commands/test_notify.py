"""Notices go once to each place of the operator's, tried again when a place is busy, and hold nothing personal."""

import base64
import hashlib
import hmac
import json
import signal
import ssl
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from email import message_from_string, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import httpx
import pandas as pd
import pytest

from app.cli import main
from app.commands import notify
from app.commands.backup import backup, restore
from app.records import projects, searches, shortlist
from app.records.database import open_database, writing
from app.records.enterprises import EnterpriseKey
from app.records.notices import claim, decide, notices, recorded, settle, unsettled
from app.records.tables import NOTICES
from geo.datasets.dataset import load_dataset
from geo.errors import DataError
from geo.installation import ROOT
from tests.records import server

__all__ = ["server"]

DATA = load_dataset()
TODAY = date.today()
LATE = TODAY - timedelta(days=9)
PERSONS = ("张三丰", "13800001111", "打电话给李经理", "王总的搜索", "机器人")
"""What people wrote, and who they are: none of it goes out."""


@pytest.fixture
def db(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_WORKSPACE", str(tmp_path / "workspace"))
    for name in ("EXPLORER_SET", "EXPLORER_DATABASE", "EXPLORER_USER_HEADER", "EXPLORER_SIGN_IN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(notify, "PAUSE_SECONDS", 0)
    monkeypatch.setattr("app.records.notices.load_dataset", lambda: DATA)  # reading it takes a second
    return filled(open_database())


def filled(db):
    """A search with two new results, an overdue follow-up, an overdue step of a project."""
    ids = pd.Index(DATA.enterprises.index)
    found = DATA.search("机器人")
    searches.save(db, "王总的搜索", "q=机器人", "张三丰", "一月", ids[found][2:])
    firm = EnterpriseKey("样例甲有限公司")
    entry = shortlist.add(db, [firm], "张三丰")[0].entry
    assert entry
    told = {"due": LATE, "next_step": "打电话给李经理", "notes": "13800001111"}
    shortlist.change(db, entry, told, "张三丰")
    made = projects.add(db, EnterpriseKey("样例乙有限公司"), "张三丰的项目", "张三丰")
    projects.change(db, made, {"signing_planned": LATE, "department": "打电话给李经理"}, "张三丰")
    return db


@contextmanager
def listening(*answers, at_each=None):
    """An HTTP server of this machine that answers in turn, the last answer for good; what it was sent."""
    got, left = [], list(answers)

    class Robot(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            got.append(SimpleNamespace(path=self.path, body=json.loads(self.rfile.read(length))))
            with suppress(ConnectionError):
                if at_each:
                    at_each()
                self.answer()

        def answer(self):
            status, content = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            self.wfile.write(content if isinstance(content, bytes) else json.dumps(content).encode())

        def log_message(self, *_given):
            pass

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Robot)) as port:
        yield f"http://127.0.0.1:{port}/robot/send?access_token=t0p", got


@contextmanager
def serving(server):
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def named(db, tmp_path, monkeypatch):
    """Write the operator's file, of an installation that has something to tell."""
    assert db

    def write(*recipients):
        file = tmp_path / "notify.toml"
        texts = [
            "[[recipient]]\n" + "\n".join(f"{name} = {json.dumps(value)}" for name, value in one.items())
            for one in recipients
        ]
        file.write_text("\n".join(texts), encoding="utf-8")
        monkeypatch.setenv("EXPLORER_NOTIFY", str(file))

    return write


OK = (200, {"errcode": 0, "errmsg": "ok"})


def shown(body):
    markdown = body.get("markdown", {})
    return markdown.get("content") or markdown.get("text") or "\n".join(body["lines"])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "json"])
def test_all_that_is_new_or_overdue_goes_once_and_nothing_personal(named, capsys, kind, lang):
    with listening(OK) as (url, got):
        named({"name": "招商群", "kind": kind, "url": url, "lang": lang})
        assert main(["notify"]) == 0
        assert main(["notify"]) == 0
    assert len(got) == 1
    assert got[0].body.get("msgtype") == (None if kind == "json" else "markdown")
    text = shown(got[0].body)
    for part in (
        "样例甲有限公司",
        "样例乙有限公司",
        *{"zh": ("新增 2 家", "逾期 9 天"), "en": ("2 new", "by 9 days")}[lang],
    ):
        assert part in text
    assert [person for person in PERSONS if person in text] == []
    assert capsys.readouterr().out.strip() == "已发 3 条到 招商群（sent）"


def test_what_comes_later_goes_alone(db, named):
    with listening(OK) as (url, got):
        named({"name": "a", "kind": "json", "url": url})
        main(["notify"])
        shortlist.change(db, shortlist.entries(db)[0], {"due": LATE + timedelta(days=1)}, "张三丰")
        main(["notify"])
        named({"name": "b", "kind": "json", "url": url})
        main(["notify"])
    assert [len(one.body["lines"]) for one in got] == [3, 1, 3]


@pytest.mark.parametrize("first", [(503, {}), (408, {}), (429, {}), (200, {"errcode": 45009}), (200, {"errcode": -1})])
def test_a_place_that_is_busy_is_asked_again(named, first):
    with listening(first, OK) as (url, got):
        named({"name": "a", "kind": "wecom", "url": url})
        assert main(["notify"]) == 0
    assert len(got) == 2


@pytest.mark.parametrize(
    ("answer", "times", "said"),
    [((404, {}), 1, "HTTP 404"), ((200, {"errcode": 93000}), 1, "errcode 93000"), ((503, {}), 3, "HTTP 503"),
     ((302, {}), 1, "HTTP 302")],
)  # fmt: skip
def test_what_was_not_sent_is_a_sentence_without_the_address_and_goes_at_the_next_run(
    db, named, capsys, answer, times, said
):
    with listening(*[answer] * times, OK) as (url, got):
        named({"name": "招商群", "kind": "wecom", "url": url}, {"name": "other", "kind": "json", "url": url})
        if answer[0] == 302 or times == 3:
            named({"name": "招商群", "kind": "wecom", "url": url})
        assert main(["notify"]) == 2
        told = capsys.readouterr().err
        assert told.count("\n") == 1
        assert said in told
        assert "招商群" in told
        assert "t0p" not in told
        assert recorded(db, hashlib.sha256("招商群".encode()).hexdigest()) == []
        assert main(["notify"]) == 0
    assert "样例甲有限公司" in shown(got[-1].body)


def test_a_place_that_does_not_answer_is_a_sentence(named, capsys):
    named({"name": "招商群", "kind": "json", "url": "http://127.0.0.1:1/t0p"})
    assert main(["notify"]) == 2
    assert (
        capsys.readouterr().err
        == "通知没有发到 招商群，下次再发（not sent, next run tries again）；可能的原因：ConnectError\n"
    )


def test_a_robot_of_dingtalk_is_sent_a_signature(named):
    with listening(OK) as (url, got):
        named({"name": "a", "kind": "dingtalk", "url": url, "secret": "SEC1+/="})
        main(["notify"])
    given = {name: values[0] for name, values in parse_qs(urlsplit(got[0].path).query).items()}
    right = hmac.new(b"SEC1+/=", f"{given['timestamp']}\nSEC1+/=".encode(), hashlib.sha256).digest()
    assert base64.b64decode(given["sign"]) == right
    assert given["access_token"] == "t0p"
    assert abs(int(given["timestamp"]) - time.time() * 1000) < 60_000
    assert str(httpx.URL(notify.signed("https://a/b?c=d", "s", 1)).params["c"]) == "d"


def test_a_long_message_fits_and_says_how_many_more_there_are(db, named):
    for number in range(60):
        firm = EnterpriseKey(f"样例{number}[点我](http://a.example) @all <@all> " + "长" * 60)
        entry = shortlist.add(db, [firm], "张三丰")[0].entry
        assert entry
        shortlist.change(db, entry, {"due": LATE}, "张三丰")
    with listening(OK) as (url, got):
        named({"name": "a", "kind": "wecom", "url": url})
        main(["notify"])
    content = got[0].body["markdown"]["content"]
    assert len(content.encode()) <= 4096
    lines = content.split("\n")
    assert f"另有 {63 - (len(lines) - 2)} 条" in lines[-1]
    assert not set("[]<>@") & set(content)
    assert "http://\u200ba.example" in content
    assert "http://a" not in content


@contextmanager
def mailing(refusals=0, code=451, *, hang_up=False, refused="", after=250):
    """A small SMTP server of this machine: the messages it took; a mailbox that is `refused` is so for good."""
    got, left = [], [refusals]

    class Mailbox(StreamRequestHandler):
        def handle(self):
            self.say(220, "ready")
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].upper()
                if verb == "DATA":
                    self.say(354, "go on")
                    rows = []
                    while (row := self.rfile.readline().decode()) != ".\r\n":
                        rows.append(row.removeprefix(".") if row.startswith("..") else row)
                    got.append("".join(rows))
                    if hang_up:
                        return
                    self.say(after, "taken")
                elif refused and verb == "RCPT" and refused in line:
                    self.say(code, "later")
                elif verb == "MAIL" and left[0] > 0:
                    left[0] -= 1
                    self.say(code, "later")
                else:
                    self.say(221 if verb == "QUIT" else 250, "fine")
                    if verb == "QUIT":
                        return

        def say(self, number, text):
            self.wfile.write(f"{number} {text}\r\n".encode())

    with serving(ThreadingTCPServer(("127.0.0.1", 0), Mailbox)) as port:
        yield {"kind": "mail", "host": "127.0.0.1", "port": port, "security": "none", "sender": "map@example.cn"}, got


@pytest.mark.parametrize(("refusals", "code", "ends"), [(0, 451, 0), (1, 451, 0), (1, 550, 2)])
def test_a_mailbox_gets_the_same_once(named, capsys, refusals, code, ends):
    with mailing(refusals, code) as (box, got):
        named({"name": "邮件", "to": ["office@example.cn", "b@example.cn"], **box})
        assert main(["notify"]) == ends
        assert main(["notify"]) == 0
    mails = [message_from_string(one, policy=policy.default) for one in got]
    assert sorted(mail["To"] for mail in mails) == ["b@example.cn", "office@example.cn"]
    for mail in mails:
        assert mail["Subject"] == "一核一带：新增与逾期"
        text = mail.get_content()
        assert "样例甲有限公司" in text
        assert [person for person in PERSONS if person in text] == []
    assert ("SMTP 550" in capsys.readouterr().err) == (ends == 2)


@pytest.mark.parametrize("code", [450, 550])
def test_of_several_mailboxes_the_one_that_is_refused_is_told_later_alone(named, capsys, code):
    boxes = {"name": "邮件", "to": ["office@example.cn", "b@example.cn", "c@example.cn"]}
    with mailing(code=code, refused="b@example.cn") as (box, got):
        named(boxes | box)
        for _ in range(2):
            assert main(["notify"]) == 2
            told = capsys.readouterr().err
            assert told.count("\n") == 1
            assert f"SMTP {code}；1 个邮箱" in told
            assert "example.cn" not in told
        assert len(got) == 2
    with mailing() as (box, got):
        named(boxes | box)
        assert main(["notify"]) == 0
    assert [message_from_string(one)["To"] for one in got] == ["b@example.cn"]


@pytest.mark.parametrize("outcome", ["sent", "unknown"])
def test_what_a_name_was_told_before_its_mailboxes_were_places_is_not_told_again(db, named, capsys, outcome):
    whole = hashlib.sha256("邮件".encode()).hexdigest()
    settle(db, whole, claim(db, whole, notices(db, TODAY)[0]), outcome)
    with mailing() as (box, got):
        named({"name": "邮件", "to": ["office@example.cn", "b@example.cn"], **box})
        assert main(["notify"]) == (0 if outcome == "sent" else 2)
        assert got == []
        assert ("不知 邮件 收到没有，3 条" in capsys.readouterr().err) == (outcome == "unknown")
        assert main(["notify", "--again", "邮件"]) == 0
    assert len(got) == (0 if outcome == "sent" else 2)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "读不了"),
        ("[[recipient", "读不了"),
        ("", "写得不对"),
        ('[[recipient]]\nname = "a"\nkind = "ftp"\nurl = "https://a"', "写得不对"),
        ('[[recipient]]\nname = "a"\nkind = "json"\nurl = "file:///etc/passwd"', "写得不对"),
        ('[[recipient]]\nname = "a"\nkind = "json"\nurl = "s3cret"\nadress = "x"', "写得不对"),
        ('[[recipient]]\nname = "a"\nkind = "mail"\nhost = "h"\nsender = "a@b"\nto = "x@y"', "写得不对"),
        (
            '[[recipient]]\nname = "a"\nkind = "mail"\nhost = "h"\nsender = "a@b"\nto = ["x@y"]\nsecurity = "none"',
            "写得不对",
        ),
        ('[[recipient]]\nname = "a"\nkind = "mail"\nhost = "h"\nsender = "a@b\\nBcc: c@d"\nto = ["x@y"]', "写得不对"),
        ('[[recipient]]\nname = "a"\nkind = "mail"\nhost = "h"\nsender = "a@b"\nto = ["x@y, z@y"]', "每项一个收件人"),
        ('[[recipient]]\nname = "a"\nkind = "json"\nurl = "https://a"\n' * 2, "同名"),
    ],
)
def test_a_file_that_is_not_right_is_one_sentence(tmp_path, monkeypatch, capsys, content, said):
    file = tmp_path / "notify.toml"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    monkeypatch.setenv("EXPLORER_NOTIFY", str(file))
    assert main(["notify"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert said in told
    assert "s3cret" not in told


def test_a_dry_run_sends_and_keeps_nothing(named, capsys):
    with listening(OK) as (url, got):
        named({"name": "a", "kind": "json", "url": url})
        assert main(["notify", "--dry-run"]) == 0
        assert "样例甲有限公司" in capsys.readouterr().out
        assert got == []
        for option in ("--again", "--arrived"):
            assert main(["notify", "--dry-run", option, "a"]) == 2
            assert capsys.readouterr().err.count("\n") == 1
        main(["notify"])
        assert len(got[0].body["lines"]) == 3
        capsys.readouterr()
        assert main(["notify", "--dry-run"]) == 0
        assert capsys.readouterr().out == "a\n"  # what was sent is not listed as to be sent


@pytest.mark.usefixtures("db")
def test_without_a_file_there_is_nothing_to_do(monkeypatch, capsys):
    monkeypatch.delenv("EXPLORER_NOTIFY", raising=False)
    assert notify.send_notices() is False
    assert main(["notify"]) == 2
    assert "EXPLORER_NOTIFY" in capsys.readouterr().err


def test_a_place_is_told_of_datasets_that_everybody_sees_or_that_the_operator_named(db, named, monkeypatch):
    monkeypatch.setenv(
        "EXPLORER_USER_HEADER", "X-User"
    )  # people sign in: of a dataset that nobody knows nobody is told
    hidden = EnterpriseKey("机密有限公司", dataset="secret-1234")
    monkeypatch.delenv("EXPLORER_USER_HEADER")
    entry = shortlist.add(db, [hidden], "张三丰")[0].entry
    assert entry
    shortlist.change(db, entry, {"due": LATE}, "张三丰")
    monkeypatch.setenv("EXPLORER_USER_HEADER", "X-User")
    with listening(OK) as (url, got):
        named(
            {"name": "a", "kind": "json", "url": url},
            {"name": "b", "kind": "json", "url": url, "datasets": ["secret-1234"]},
        )
        main(["notify"])
    assert ["机密有限公司" in shown(one.body) for one in got] == [False, True]


def test_a_search_last_looked_at_in_another_dataset_says_nothing(db):
    [held] = searches.searches(db)
    searches.look(db, held.id, "别的名单", DATA.enterprises.index[:3], "张三", "secret-1234")
    found, failures = notices(db, TODAY)
    assert not [one for one in found if one.key.startswith("search")]
    assert failures == []


def test_a_place_that_is_mistyped_keeps_no_other_from_being_told(named, capsys):
    with listening(OK) as (url, got):
        named({"name": "a", "kind": "json", "url": "https://a..b/t0p"}, {"name": "b", "kind": "json", "url": url})
        assert main(["notify"]) == 2
    assert len(got) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "t0p" not in said


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_servers_send_each_notice_once(db, kind, request):
    if kind == "postgresql":
        request.getfixturevalue("server")
        db = filled(open_database())
    found, _ = notices(db, TODAY)
    both = []
    threads = [threading.Thread(target=lambda: both.append(claim(db, "p", found))) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(map(len, both)) == [0, 3]
    settle(db, "p", found[:1], "sent")
    settle(db, "p", found[1:2], "not_sent")
    assert claim(db, "p", found) == found[1:2]
    assert unsettled(db, "p") == 0
    died(db)
    assert claim(db, "p", found) == []
    assert (unsettled(db, "p"), unsettled(db, "q")) == (2, 0)
    settle(db, "p", found[1:2], "sent")
    assert decide(db, "p", arrived=False) == 1
    assert claim(db, "p", found) == found[2:]
    settle(db, "p", found[2:], "unknown")
    assert decide(db, "p", arrived=True) == 1
    assert claim(db, "p", found) == []


def died(db):
    """Let the time pass that one who sends has for it."""
    with writing(db) as connection:
        connection.execute(NOTICES.update().values(claimed="2020-01-01T00:00:00+00:00"))


KILLED = """
import os, signal, sys
from app.cli import main
from app.commands import notify
if sys.argv[1] == "after its answer":
    notify.settle = lambda *_given: os.kill(os.getpid(), signal.SIGKILL)
main(["notify"])
"""


@pytest.mark.parametrize("when", ["before its answer", "after its answer"])
def test_a_sender_that_is_killed_sends_nothing_twice_unasked(db, named, capsys, when):
    """Whether the place took it is not known then: that is said, and a person says what is to be done."""
    senders: list[subprocess.Popen] = []

    def kill():
        if when == "before its answer" and len(got) == 1:
            senders[0].kill()

    with listening(OK, at_each=kill) as (url, got):
        named({"name": "招商群", "kind": "json", "url": url}, {"name": "other", "kind": "json", "url": url})
        senders.append(subprocess.Popen([sys.executable, "-c", KILLED, when], cwd=ROOT))
        assert senders[0].wait(60) == -signal.SIGKILL
        assert len(got) == 1
        died(db)
        for _ in range(2):
            assert main(["notify"]) == 2
            told = capsys.readouterr().err
            assert told.count("\n") == 1
            assert "不知 招商群 收到没有，3 条" in told
            assert "--again 招商群" in told
        assert len(got) == 2  # the other place has its own
        assert main(["notify", "--again", "no such place"]) == 2
        if when == "after its answer":
            assert main(["notify", "--arrived", "招商群"]) == 0
        else:
            assert main(["notify", "--again", "招商群"]) == 0
        assert main(["notify"]) == 0
    assert len(got) == (2 if when == "after its answer" else 3)


NO_ROBOT_S = [b"<html>ok</html>", b"", [], {}, {"errcode": None}, {"errcode": "0"}, {"errcode": False}, b"[" * 100_000]


@pytest.mark.parametrize(
    ("kind", "answer"),
    [("json", None), *(("json", (status, {})) for status in (500, 502, 504, 520)), ("dingtalk", (500, {"errcode": 0})),
     *(("wecom", (200, content)) for content in NO_ROBOT_S), ("dingtalk", (200, b"<html>"))],
)  # fmt: skip
def test_where_no_answer_of_the_place_comes_it_is_not_known_whether_it_arrived(named, capsys, kind, answer):
    def hang_up():
        raise ConnectionAbortedError

    with listening(answer or OK, at_each=None if answer else hang_up) as (url, got):
        named({"name": "招商群", "kind": kind, "url": url})
        for _ in range(2):
            assert main(["notify"]) == 2
            assert "不知 招商群 收到没有，3 条" in capsys.readouterr().err
    assert len(got) == 1


def test_webhooks_are_trusted_by_the_certificates_of_the_system(named, monkeypatch):
    with listening(OK) as (url, got):
        named({"name": "a", "kind": "json", "url": url}, {"name": "b", "kind": "json", "url": url})
        post, contexts = httpx.post, []

        def noted(*given, **by):
            contexts.append(by["verify"])
            return post(*given, **by)

        monkeypatch.setattr(httpx, "post", noted)
        assert main(["notify"]) == 0
    assert len(got) == 2
    assert isinstance(contexts[0], ssl.SSLContext)
    assert contexts[0] is contexts[1]
    assert contexts[0].get_ca_certs() == ssl.create_default_context().get_ca_certs()


@pytest.mark.parametrize("query", ["district=310117,请点 https://a.example 领取", "near=121.5:31.2:5,张三 138",
                                   "founded=none,请点", "industry=auto,auto2 请点 https://a.example"])  # fmt: skip
def test_what_a_saved_link_holds_that_no_filter_knows_is_not_told(db, query):
    searches.save(db, "一", query, "张三丰", "一月", pd.Index(["no such enterprise"]))
    said = [one.text for one in notices(db, TODAY)[0] if one.key.startswith("search:2:")]
    assert len(said) == 1
    for text in said[0]:
        assert not any(part in text for part in ("请点", "https", "a.example", "张三", "138"))
    assert "读不懂的条件" in said[0].zh


@pytest.mark.parametrize("how", [{"hang_up": True}, {"after": 251}, {"after": 199}])
def test_a_mail_server_that_hangs_up_has_perhaps_taken_the_mail(named, capsys, how):
    with mailing(**how) as (box, got):
        named({"name": "邮件", "to": ["office@example.cn"], **box})
        for _ in range(2):
            assert main(["notify"]) == 2
            assert "不知 邮件 收到没有，3 条" in capsys.readouterr().err
    assert len(got) == 1


def test_what_was_sent_is_not_sent_again_after_a_restore(db, named, tmp_path):
    backup(db, tmp_path / "a.sqlite")
    with listening(OK) as (url, got):
        named({"name": "a", "kind": "json", "url": url})
        main(["notify"])
        restore(db, tmp_path / "a.sqlite")
        assert main(["notify"]) == 0
    assert len(got) == 1


def test_a_search_that_cannot_be_looked_at_is_a_sentence_and_the_others_are_sent(named, monkeypatch, capsys):
    def refuse(*_given):
        raise DataError("没有打开")

    monkeypatch.setattr("app.records.notices._opened", refuse)
    with listening(OK) as (url, got):
        named({"name": "a", "kind": "json", "url": url})
        assert main(["notify"]) == 2
    assert len(got[0].body["lines"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_refresh_is_followed_by_what_is_to_be_told(named, capsys):
    with listening(OK) as (url, got):
        named({"name": "a", "kind": "json", "url": url})
        assert main(["refresh", "没有这个名单"]) == 2  # one that fails keeps nothing from being told
    assert len(got) == 1
    assert "没有这个数据集" in capsys.readouterr().err
