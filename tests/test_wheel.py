"""A wheel in an environment of its own, in another folder: what it holds, and that its commands work there.

The libraries are those of this environment, reached by a path file, since fetching them anew would take minutes; that
the wheel names them all is checked by their versions.
"""

import os
import signal
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest
from packaging.requirements import Requirement

import geo
from app.setup.assets import asset_paths, ready
from geo.catalog import catalogue
from geo.installation import NAME, version
from tests.browser.conftest import Server, free_port, wait_until_healthy

ROOT = Path(__file__).resolve().parents[1]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
OF_AMAP = {"district_boundaries", "district_boundaries_coarse", "district_outlines", "zones"}
"""What follows from polygons that nobody may hand on."""

ASKED = {
    "/": b"<title>",
    "/assets/leaflet-1.9.4.js": b"Leaflet 1.9.4",
    "/tiles/builtin/10/857/418.png": b"\x89PNG",
    "/places?set=builtin": b'"n"',
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    assert ready(), "make setup comes first"
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([*PIP, "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def place(wheel, tmp_path_factory):
    """A folder with an environment that holds the wheel, a home, and a folder to work in."""
    place = tmp_path_factory.mktemp("elsewhere")
    venv.create(place / "venv", with_pip=False)
    (packages,) = (place / "venv").glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = place / "venv" / "bin" / "python"
    subprocess.run([*PIP, "--python", python, "install", "--quiet", "--no-deps", wheel], check=True)
    (place / "home").mkdir()
    (place / "work").mkdir()
    return place


def command(place, *arguments):
    """The command as a person has it who knows nothing of the checkout: its line, and folder and environment."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    line = [str(place / "venv" / "bin" / NAME), *arguments]
    return line, {"cwd": place / "work", "env": kept | {"HOME": str(place / "home")}}


def run(place, *arguments):
    line, where = command(place, *arguments)
    return subprocess.run(line, **where, capture_output=True, encoding="utf-8", check=False, timeout=300)


def test_it_holds_data_scripts_licences_styles_and_messages_but_no_district_border(wheel):
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    assert {name for name in names if name.startswith("app/static/")} == {
        f"app/static/{name}" for name in [*asset_paths(), "manifest.json"]
    }
    assert {"app/locale/zh.json", "app/ui/style.css", "layers/static/map.js", "reports/static/packet.css"} <= names
    assert {"app/static/leaflet-1.9.4-LICENSE.txt", "geo/py.typed", "app/setup/npm/package-lock.json"} <= names
    assert {f"geo/data/{entry.file}" for entry in catalogue().values() if entry.name not in OF_AMAP} <= names
    assert not {f"geo/data/{entry.file}" for entry in catalogue().values() if entry.name in OF_AMAP} & names
    assert not [
        name for name in names if name.startswith("tests") or "__pycache__" in name or name.endswith("built.json")
    ]


def test_its_metadata_name_what_it_needs(place):
    (packages,) = (place / "venv").glob("lib/python*/site-packages")
    (found,) = metadata.distributions(name=NAME, path=[str(packages)])
    needed = [one for one in map(Requirement, found.requires or []) if one.marker is None or one.marker.evaluate()]
    assert len(needed) > 20
    assert [str(one) for one in needed if not one.specifier.contains(metadata.version(one.name))] == []
    assert found.metadata["License-Expression"] == "MIT"
    assert (found.version, found.metadata["Requires-Python"]) == (version(), ">=3.11")


@pytest.mark.slow
def test_its_commands_work_in_another_folder(place):
    shown = run(place, "--version")
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, f"{NAME} {version()}\n", "")
    assert not list((place / "home").iterdir()), "nothing is built to say a version"

    checked = run(place, "check")
    assert (checked.returncode, checked.stdout) == (0, "数据文件、校验值与各项不变量均正常\n")
    assert "16区边界" in checked.stderr, "the first start builds what the wheel may not hold, and says so"
    built = place / "home" / ".local" / "share" / NAME / "workspace" / ".built" / version()
    assert (built / "data" / catalogue()["district_boundaries"].file).exists()

    exported = run(place, "export", "核.csv", "--query", "zone=core")
    assert (exported.returncode, exported.stderr) == (0, "")
    core = geo.load_dataset().select(geo.Filters(zone=("core",)))
    assert pd.read_csv(place / "work" / "核.csv")["name"].tolist() == core["name"].tolist()


@pytest.mark.slow
def test_it_imports_a_list_and_exports_it_again(place):
    (place / "work" / "名单.csv").write_text("企业名称,地址\n样例甲有限公司,上海市松江区新桥镇\n", encoding="utf-8")
    imported = run(place, "import", "名单.csv", "--out", "名单")
    assert imported.returncode == 0, imported.stderr
    exported = run(place, "export", "名单.csv", "--set", "名单", "--query", "district=310117")
    assert exported.returncode == 0, exported.stderr
    assert pd.read_csv(place / "work" / "名单.csv")["name"].tolist() == ["样例甲有限公司"]


@pytest.mark.slow
def test_it_serves_pages_scripts_and_tiles(place):
    url = f"http://127.0.0.1:{(port := free_port())}"
    line, where = command(place, "serve", "--port", str(port))
    where["env"]["EXPLORER_WORKSPACE"] = os.path.relpath(
        place / "home/.local/share" / NAME / "workspace", place / "work"
    )
    log = place / "server.log"
    with log.open("wb") as out, subprocess.Popen(line, **where, stdout=out, stderr=subprocess.STDOUT) as server:
        try:
            wait_until_healthy(Server(url, server, log))
            for path, expected in ASKED.items():
                with urllib.request.urlopen(url + path, timeout=120) as answer:
                    assert expected in answer.read(), path
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=60)
    assert server.returncode == 0
