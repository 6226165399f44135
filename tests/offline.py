"""Prove that the offline bundle installs and runs without a network: `python -m tests.offline [ARCHIVE]`.

The archive is unpacked into an empty folder and started by its own script within a network namespace that has a
loopback and nothing else; where the system grants none, with every index disabled.  The app is then asked for its
page, a script, a tile, and the number of enterprises under a click.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from app.setup.bundle import archive_path, this_platform, this_python

ROOT = Path(__file__).resolve().parents[1]
INSIDE = "EXPLORER_WITHOUT_NETWORK"
SECONDS = 600
ASKED = {
    "/": b"<title>",
    "/assets/leaflet-1.9.4.js": b"Leaflet 1.9.4",
    "/tiles/builtin/10/857/418.png": b"\x89PNG",
    "/places?set=builtin": b'"n"',
}


def main() -> int:
    archive = Path(sys.argv[1]).resolve() if sys.argv[1:] else archive_path(this_platform(), this_python())
    namespace = ["unshare", "--user", "--map-root-user", "--net"]
    if INSIDE not in os.environ and subprocess.run([*namespace, "true"], capture_output=True).returncode == 0:
        inside = f'ip link set lo up && exec "{sys.executable}" -m tests.offline "{archive}"'
        return subprocess.run([*namespace, "sh", "-c", inside], cwd=ROOT, env=os.environ | {INSIDE: "1"}).returncode
    print("网络：" + ("只有本机的网络命名空间" if INSIDE in os.environ else "未隔离，只禁用了软件源"), flush=True)
    with tempfile.TemporaryDirectory(prefix="offline-") as folder:
        return prove(archive, Path(folder))


def prove(archive: Path, folder: Path) -> int:
    if INSIDE in os.environ:
        assert not reaches("1.1.1.1"), "the namespace has a network"
    shutil.unpack_archive(archive, folder)
    (place,) = folder.iterdir()
    port = free_port()
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    clean = kept | {"HOME": str(folder), "PIP_CONFIG_FILE": os.devnull, "PYTHON": sys.executable}
    started = time.monotonic()
    process = subprocess.Popen(["sh", "start.sh", "--port", str(port)], cwd=place, env=clean)
    try:
        wait_for(process, f"http://127.0.0.1:{port}/_stcore/health")
        print(f"安装并启动：{time.monotonic() - started:.0f} 秒", flush=True)
        for path, expected in ASKED.items():
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
                content = answer.read()
            assert expected in content, f"{path}: {content[:200]!r}"
            print(f"{path}：{len(content):,} 字节")
    finally:
        process.terminate()
        process.wait(20)
    checked = subprocess.run([".venv/bin/python", "-m", "app", "check"], cwd=place, env=clean)
    return checked.returncode


def reaches(host: str) -> bool:
    try:
        with socket.create_connection((host, 443), timeout=3):
            return True
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"ended with code {process.returncode}"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"not up after {SECONDS} s")


if __name__ == "__main__":
    sys.exit(main())
