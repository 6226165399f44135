"""Fifty readers for minutes: ``python -m benchmarks.endurance --minutes 10``.

Filters, tiles, clicks, the read API, exports and imports go on at once against a server of its own; what failed, and what
memory, files, threads and connections the server holds before, after warming up and at the end, are told.
"""

import argparse
import itertools
import json
import os
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Final

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from benchmarks.browser import STARTUP, free_port, get, running
from benchmarks.load import QUERIES, run_page
from geo.datasets.demo import write_demo
from geo.index.morton import project

MAX_GROWTH: Final = 0.10
"""How much more memory the server may hold at the end than after warming up."""

SESSION_KEPT_SECONDS: Final = 125
"""How long Streamlit keeps a session whose browser has left, in case it comes back, and a little more."""

_PAGES: Final = ("", "enterprises", "districts", "clusters", "chains", "sources")
_LIST: Final = "企业名称,所属区县,地址,经度,纬度\n" + "".join(
    f"样例{number}有限公司,松江区,上海市松江区新桥镇莘砖公路{number}号,121.{30 + number % 9},31.0{number % 9}\n"
    for number in range(200)
)


class Visitor:
    """A page in no browser: a session over WebSocket, its widgets by their keys."""

    def __init__(self, address: str) -> None:
        self.address, self.session = address, ""
        self.ids: dict[str, str] = {}
        self.seen: set[str] = set()
        self.said = ""
        self.states: dict[str, Any] = {}
        self._ends = ExitStack()
        opened = connect(f"{address.replace('http', 'ws')}/_stcore/stream", max_size=None, open_timeout=60)
        self.socket = self._ends.enter_context(opened)

    def close(self) -> None:
        """Leave."""
        self._ends.close()

    def run(self, page: str = "", query: str = "", press: str = "") -> None:
        """Run a page once, as after a click on the button of a key; raises when it ends in an error."""
        message = BackMsg()
        message.rerun_script.page_name, message.rerun_script.query_string = page, query
        for key, state in self.states.items():
            if key in self.ids:
                widget = message.rerun_script.widget_states.widgets.add(id=self.ids[key])
                widget.file_uploader_state_value.uploaded_file_info.add(**state)
        if press:
            message.rerun_script.widget_states.widgets.add(id=self.ids[press], trigger_value=True)
        self.said, self.seen = "", set()
        self.socket.send(message.SerializeToString())
        while True:
            answer = self._answer()
            if answer.WhichOneof("type") == "script_finished" and answer.script_finished in (0, 1, 3):
                break

    def upload(self, key: str, name: str, content: bytes) -> None:
        """Put a file into the uploader of a key; it is there at the next run."""
        message = BackMsg()
        message.file_urls_request.request_id = name
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.session
        self.socket.send(message.SerializeToString())
        while (answer := self._answer()).WhichOneof("type") != "file_urls_response":
            pass
        (urls,) = answer.file_urls_response.file_urls
        self.states[key] = {"name": name, "size": len(content), "file_id": urls.file_id, "file_urls": urls}
        part = f'--part\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = part.encode() + content + b"\r\n--part--\r\n"
        asked = urllib.request.Request(self.address + urls.upload_url, body, method="PUT")
        asked.add_header("Content-Type", "multipart/form-data; boundary=part")
        with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=60) as given:
            cookie = SimpleCookie(given.headers["Set-Cookie"])["_streamlit_xsrf"]
        asked.add_header("Cookie", f"_streamlit_xsrf={cookie.value}")
        asked.add_header("X-Xsrftoken", cookie.value)
        with urllib.request.urlopen(asked, timeout=60):
            pass

    def _answer(self) -> ForwardMsg:
        data = self.socket.recv(timeout=STARTUP)
        answer = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
        kind = answer.WhichOneof("type")
        if kind == "new_session":
            self.session = answer.new_session.initialize.session_id or self.session
        if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
            element = answer.delta.new_element
            name = str(element.WhichOneof("type"))
            held = getattr(element, name)
            key = str(getattr(held, "id", "")).rpartition("-")[2]
            if key:
                self.ids[key] = held.id
                self.seen.add(key)
            if name == "exception":
                raise RuntimeError(f"{held.type}: {held.message}"[:300])
            if name == "alert" and held.format == 1:
                raise RuntimeError(held.body[:300])
            if "/exports/" in (link := str(getattr(held, "url", ""))):
                self.said = link
        return answer


class Tally:
    """What was done by all readers, and what of it failed."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.longest: dict[str, float] = {}
        self._lock = threading.Lock()

    @contextmanager
    def counted(self, kind: str) -> Iterator[None]:
        """Count a thing that is done; one that fails is told and takes nobody with it."""
        start = time.perf_counter()
        try:
            yield
        except Exception as error:
            with self._lock:
                self.failed[f"{kind}: {type(error).__name__} {error}"[:300]] += 1
            return
        with self._lock:
            self.done[kind] += 1
            self.longest[kind] = max(self.longest.get(kind, 0.0), time.perf_counter() - start)


def read(address: str, key: str, number: int, until: float, tally: Tally) -> None:
    """One reader: pans and zooms on filtered tiles, clicks, asks the API, and goes from page to page."""
    rng = np.random.default_rng(number)
    for turn in itertools.count():
        if time.monotonic() > until:
            break
        query = QUERIES[int(rng.integers(len(QUERIES)))]
        zoom = int(rng.integers(9, 17))
        lon, lat = float(rng.normal(121.45, 0.12)), float(rng.normal(31.2, 0.1))
        (x,), (y,) = project([lon], [lat])
        column, row = int(x) >> (26 - zoom), int(y) >> (26 - zoom)
        for dx, dy in itertools.product((0, 1), repeat=2):
            with tally.counted("tile"):
                get(f"{address}/tiles/{key}/{zoom}/{column + dx}/{row + dy}.png?{query}")
        with tally.counted("click"):
            get(f"{address}/at?set={key}&lon={lon}&lat={lat}&zoom={zoom}&{query}")
        if turn % 4 == 0:
            with tally.counted("page"):
                visitor = Visitor(address)
                try:
                    visitor.run(_PAGES[int(rng.integers(len(_PAGES)))], query)
                finally:
                    visitor.close()
        time.sleep(float(rng.uniform(0.2, 1.0)))


def export(address: str, until: float, tally: Tally) -> None:
    """One who exports what is filtered as csv and as Parquet, again and again."""
    for query, kind in itertools.cycle(itertools.product(QUERIES, ("csv", "parquet"))):
        if time.monotonic() > until:
            break
        with tally.counted("export"):
            visitor = Visitor(address)
            try:
                visitor.run("enterprises", query)
                visitor.run("enterprises", query, press=f"prepare_{kind}")
                get(address + visitor.said)
            finally:
                visitor.close()
        time.sleep(1)


def bring(address: str, until: float, tally: Tally) -> None:
    """One who uploads and imports lists on the page, again and again."""
    for number in itertools.count():
        if time.monotonic() > until:
            break
        with tally.counted("import"):
            visitor = Visitor(address)
            try:
                visitor.run("import")
                visitor.upload("import_files", f"list{number % 3}.csv", _LIST.encode())
                visitor.run("import")
                visitor.run("import", press="import_run")
                if "import_again" not in visitor.seen:
                    raise RuntimeError("nothing was imported")
            finally:
                visitor.close()
        time.sleep(1)


def held(address: str, pid: int) -> dict[str, float]:
    """What the server holds: memory [MB], files, threads, established connections, processes below it."""
    folder = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
    files = [str(Path.readlink(one)) for one in _there((folder / "fd").iterdir) if one.is_symlink()]
    below = 0
    for one in Path("/proc").glob("[0-9]*/stat"):
        for content in _there(one.read_text):
            below += content.rpartition(")")[2].split()[1] == str(pid)
            break
    metrics = get(f"{address}/metrics").decode()
    sessions = next(line for line in metrics.splitlines() if line.startswith("explorer_sessions"))
    return {
        "memory_mb": int(status["VmRSS"].split()[0]) / 1024,
        "files": sum(not name.startswith("socket:") for name in files),
        "sockets": sum(name.startswith("socket:") for name in files),
        "threads": int(status["Threads"]),
        "processes": below,
        "sessions": float(sessions.rpartition(" ")[2]),
    }


def _there(look: Callable[[], Any]) -> Iterator[Any]:
    """What is there of what may go while one looks."""
    try:
        found = look()
        yield from [found] if isinstance(found, str) else found
    except OSError:
        return


def settled(address: str, pid: int) -> dict[str, float]:
    """What the server holds once all have left and what it keeps of them has gone, but for one who looks in."""
    time.sleep(SESSION_KEPT_SECONDS)
    visitor = Visitor(address)  # sessions that are no longer kept go when another comes
    visitor.run()
    visitor.close()
    time.sleep(2)
    return held(address, pid)


def measure(minutes: float, readers: int, rows: int) -> dict[str, Any]:
    """Warm the server up for a third of the time, then measure over the rest."""
    with tempfile.TemporaryDirectory() as parent:
        write_demo(rows, Path(parent) / "set")
        environment = {"EXPLORER_WORKSPACE": str(Path(parent) / "workspace"), "EXPLORER_SET": str(Path(parent) / "set")}
        port = free_port()
        command = [sys.executable, "-m", "app.server.run", "--host", "127.0.0.1", "--port", str(port)]
        with running(command, port, **environment) as (address, pid):
            _, key = run_page(address)
            report: dict[str, Any] = {
                "readers": readers,
                "minutes": minutes,
                "rows": rows,
                "load_before": os.getloadavg(),
                "start": held(address, pid),
            }
            for name, share in (("warm", 1 / 3), ("end", 2 / 3)):
                tally = Tally()
                _all_at_once(address, key, readers, minutes * 60 * share, tally)
                report[name] = settled(address, pid)
                report[f"{name}_done"], report[f"{name}_failed"] = dict(tally.done), dict(tally.failed)
                report[f"{name}_longest_s"] = {kind: round(took, 1) for kind, took in tally.longest.items()}
            report["growth"] = report["end"]["memory_mb"] / report["warm"]["memory_mb"] - 1
            report["load_after"] = os.getloadavg()
            report["log"] = [
                line[:2000]
                for line in (Path(parent) / "workspace" / "explorer.log").read_text(encoding="utf-8").splitlines()
                if '"ERROR"' in line
            ][:5]
            return report


def _all_at_once(address: str, key: str, readers: int, seconds: float, tally: Tally) -> None:
    until = time.monotonic() + seconds
    people = [threading.Thread(target=read, args=(address, key, number, until, tally)) for number in range(readers)]
    people += [threading.Thread(target=work, args=(address, until, tally)) for work in (export, bring)]
    for one in people:
        one.start()
    for one in people:
        one.join()


def main(arguments: list[str] | None = None) -> int:
    """Measure, and tell; 1 when something failed or memory grew by more than `MAX_GROWTH`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.endurance", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--rows", type=int, default=60_000, help="enterprises in the synthetic registry")
    parser.add_argument("--json", type=Path, metavar="OUT")
    options = parser.parse_args(arguments)
    report = measure(options.minutes, options.readers, options.rows)
    text = json.dumps(report, ensure_ascii=False, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text, encoding="utf-8")
    return int(bool(report["warm_failed"] or report["end_failed"]) or report["growth"] > MAX_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
