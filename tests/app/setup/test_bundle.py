"""What the offline bundle holds; that it installs and runs without a network is proved by `make bundle-check`."""

import hashlib
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from app.setup.bundle import BundleError, members, write_bundle
from app.setup.sbom import bill_of_materials
from geo.build import BUILT
from geo.catalog import ROOT, catalogue

WHEEL = "some_package-1.0-py3-none-any.whl"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheels")
    (folder / WHEEL).write_bytes(b"wheel")
    return folder


@pytest.fixture(scope="module")
def archive(wheels, tmp_path_factory):
    out = tmp_path_factory.mktemp("bundle") / "a.zip"
    write_bundle(out, wheels, "linux_x86_64", "3.11")
    with zipfile.ZipFile(out) as opened:
        yield opened


@pytest.fixture(scope="module")
def contents(archive):
    return {name.removeprefix("yihe-yidai/"): archive.read(name) for name in archive.namelist()}


def test_it_holds_code_data_scripts_sea_wheels_and_how_to_start(contents):
    assert {"app/locale/zh.json", "pyproject.toml", "LICENSE", "README.en.md", "SECURITY.md"} <= set(contents)
    assert {"streamlit_app.py", "app/main.py", "app/ui/style.css", "layers/static/map.js", "geo/build.py"} <= set(
        contents
    )
    assert {"start.sh", "start.bat", "START.txt", "SHA256SUMS", f"wheels/{WHEEL}"} <= set(contents)
    assert {f"data/{entry.file}" for entry in catalogue().values() if not entry.built} <= set(contents)
    assert {f"app/static/{name}" for name in ("manifest.json", "leaflet-1.9.4.js")} <= set(contents)
    assert "node_modules/@geo-maps/earth-seas-10m/map.geo.json" in contents


def test_what_is_built_from_protected_borders_stays_out(contents):
    assert not {f"data/{catalogue()[name].file}" for name in BUILT} & set(contents)
    assert not [name for name in contents if name.endswith(".parquet") or "built.json" in name]


def test_nothing_private_or_needless_is_in_it(contents):
    assert not [name for name in contents if name.startswith(("tests/", "workspace/", ".git", ".venv"))]
    assert not [name for name in contents if "__pycache__" in name or "secrets" in name or "axe" in name]


def test_it_names_no_registry_and_no_place_of_this_machine(contents):
    home, texts = (
        str(Path.home()),
        {name: body for name, body in contents.items() if not name.endswith((".png", ".whl"))},
    )
    for name, body in texts.items():
        assert str(ROOT).encode() not in body, name
        assert len(home) < 6 or home.encode() not in body, name
        assert b"registry.npmjs" not in body, name
        assert b"pypi.org/simple" not in body, name


def test_hashes_of_all_files_and_locks_of_all_wheels_hold(contents):
    listed = dict(reversed(line.split("  ", 1)) for line in contents["SHA256SUMS"].decode().splitlines())
    assert listed.keys() == contents.keys() - {"SHA256SUMS"}
    assert all(hashlib.sha256(contents[name]).hexdigest() == value for name, value in listed.items())
    lock = contents["wheels/requirements.txt"].decode()
    assert lock == f"some-package==1.0 --hash=sha256:{hashlib.sha256(b'wheel').hexdigest()}\n"


def test_the_bill_of_materials_has_every_wheel_and_script_with_its_hash(contents):
    bill = json.loads(contents["sbom.cdx.json"])
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    found = {one["purl"]: one for one in bill["components"]}
    assert found["pkg:pypi/some-package@1.0"]["hashes"][0]["content"] == hashlib.sha256(b"wheel").hexdigest()
    assert found["pkg:npm/leaflet@1.9.4"]["licenses"] == [{"license": {"name": "BSD-2-Clause"}}]
    assert not [purl for purl in found if "axe" in purl]
    assert {one["hashes"][0]["alg"] for one in found.values()} == {"SHA-256", "SHA-512"}


METADATA = {
    "License-Expression: Apache-2.0\nClassifier: License :: OSI Approved :: MIT License": "Apache-2.0",
    "Classifier: License :: OSI Approved :: MIT License\nLicense: whatever": "MIT License",
    "Classifier: License :: OSI Approved\nLicense: BSD 3-Clause\n        Copyright": "BSD 3-Clause",
    "Name: x": "",
}


@pytest.mark.parametrize("said", METADATA)
def test_a_licence_is_what_the_wheel_says_of_itself(said, tmp_path):
    wheel = tmp_path / WHEEL
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("some_package-1.0.dist-info/METADATA", f"Metadata-Version: 2.4\n{said}\n")
    component = next(one for one in json.loads(bill_of_materials([wheel]))["components"] if "pypi" in one["purl"])
    assert component.get("licenses", [{"license": {"name": ""}}])[0]["license"]["name"] == METADATA[said]


def test_start_scripts_are_of_their_systems(contents, archive, tmp_path):
    script = tmp_path / "start.sh"
    script.write_bytes(contents["start.sh"])
    assert subprocess.run(["sh", "-n", script]).returncode == 0
    assert archive.getinfo("yihe-yidai/start.sh").external_attr >> 16 & 0o111
    assert contents["start.bat"].isascii()
    assert contents["start.bat"].count(b"\n") == contents["start.bat"].count(b"\r\n") > 10
    assert not any(b"@PLATFORM@" in contents[name] for name in ("start.sh", "start.bat", "START.txt"))


def test_the_same_inputs_give_the_same_bytes(archive, wheels, tmp_path):
    again = tmp_path / "b.zip"
    write_bundle(again, wheels, "linux_x86_64", "3.11")
    assert again.read_bytes() == Path(archive.filename).read_bytes()


def test_without_wheels_there_is_no_archive(tmp_path):
    with pytest.raises(BundleError, match="没有 wheel"):
        write_bundle(tmp_path / "a.zip", tmp_path, "linux_x86_64", "3.11")
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_for_another_system_says_so(wheels, tmp_path):
    (tmp_path / "start.sh").write_bytes(dict(members(wheels, "win_amd64", "3.11"))["start.sh"])
    result = subprocess.run(["sh", "start.sh"], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert (result.returncode, "start.bat" in result.stderr) == (1, True)
