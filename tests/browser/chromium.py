"""Find a Chromium for the browser tests, or install Debian's.

`python -m tests.browser.chromium` prints where it is; with `--install` it sees to it that there is one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
BUNDLES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
PROGRAM_FILES = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
PACKAGES = ("chromium", "fonts-noto-cjk")

MISSING = (
    "浏览器测试需要 Chromium：请安装（Debian/Ubuntu：sudo apt-get install chromium fonts-noto-cjk；"
    "其他系统装 Chrome 或 Edge 即可），或用环境变量 CHROMIUM 指明其路径"
    "（browser tests need Chromium; install it or set CHROMIUM to its path）"
)


class ChromiumError(RuntimeError):
    """There is no browser and none could be installed; one sentence says what to do."""


def find() -> Path | None:
    """Path of a Chromium, Chrome or Edge on this machine; the environment variable CHROMIUM goes first."""
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        return Path(found) if found else None
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    keys = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
    folders = [Path(os.environ[key]) for key in keys if key in os.environ]
    candidates = [*map(Path, BUNDLES), *(folder / name for folder in folders for name in PROGRAM_FILES)]
    return next((path for path in candidates if path.is_file()), None)


def has_chinese_fonts() -> bool:
    """Whether Chinese text would show; taken as given where fontconfig cannot be asked (Windows, macOS)."""
    if not shutil.which("fc-list"):
        return sys.platform != "linux"
    listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def privileged() -> list[str] | None:
    """Words to put before apt-get so that it may install: none for root, or sudo; None where it may not."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def install() -> Path:
    """Make sure there is a browser, installing Debian's and Chinese fonts where that is allowed.

    Returns
    -------
    Path
        Of the browser; installed anew only when there was none, or no Chinese fonts.

    Raises
    ------
    ChromiumError
        When there is no browser afterwards.
    """
    found = find()
    if found and has_chinese_fonts():
        return found
    if os.environ.get("CHROMIUM") and found is None:
        named = os.environ["CHROMIUM"]
        raise ChromiumError(f"环境变量 CHROMIUM 指向的浏览器不存在：{named}（CHROMIUM names no program）")
    prefix = privileged()
    trouble = ""
    if prefix is not None:
        there = (found, has_chinese_fonts())
        trouble = _apt_get(prefix, [name for name, known in zip(PACKAGES, there, strict=True) if not known])
        found = found or find()
    if found is None:
        raise ChromiumError(MISSING + (f"；apt-get：{trouble}" if trouble else ""))
    if not has_chinese_fonts():
        print("没有中文字体，截图中的汉字会显示为方框（no Chinese fonts found）", file=sys.stderr)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Print the path of the browser; exit 1 with one sentence when there is none."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.chromium")
    parser.add_argument("--install", action="store_true", help="install Chromium and Chinese fonts")
    if parser.parse_args(arguments).install:
        try:
            found: Path | None = install()
        except ChromiumError as error:
            print(error, file=sys.stderr)
            return 1
    else:
        found = find()
    print(found or MISSING, file=sys.stdout if found else sys.stderr)
    return 0 if found else 1


def _apt_get(prefix: list[str], packages: list[str]) -> str:
    """Install Debian packages without questions; the last line of the trouble, empty when all went well."""
    quiet = ["-qq", "-o", "DPkg::Lock::Timeout=300"]
    front = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *quiet]
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        print("apt-get " + " ".join(step), flush=True)
        done = subprocess.run(
            [*front, *step],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        # A stale package list often still installs, so only the second step decides.
        if done.returncode and step[0] == "install":
            lines = done.stdout.strip().splitlines()
            return lines[-1] if lines else f"exit {done.returncode}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
