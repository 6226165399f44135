"""The bill of materials of the offline bundle: every package in it with version, licence and hash, as CycloneDX 1.6."""

import base64
import hashlib
import json
import re
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path
from typing import Any, Final

from geo.installation import NAME, ROOT, version

SBOM_FILE: Final = "sbom.cdx.json"

_WHEEL_NAME: Final = re.compile(r"(?P<name>[^-]+)-(?P<version>[^-]+)-")


def bill_of_materials(wheels: Iterable[Path]) -> str:
    """The bill of the wheels and of the scripts from npm, the same for the same files.

    Parameters
    ----------
    wheels : iterable of Path
        A licence is what a wheel says of itself; one that says nothing has none here.
    """
    components = [*map(_of_wheel, wheels), *_of_npm(json.loads((ROOT / "package-lock.json").read_text("utf-8")))]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": NAME,
                "version": version(),
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": sorted(components, key=lambda one: str(one["purl"])),
    }
    return json.dumps(bill, ensure_ascii=False, indent=1) + "\n"


def _of_wheel(wheel: Path) -> dict[str, Any]:
    match = _WHEEL_NAME.match(wheel.name)
    name, number = (match["name"].replace("_", "-").lower(), match["version"]) if match else (wheel.stem, "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return _component("pypi", name, number, _licence_of(wheel), "SHA-256", digest)


def _licence_of(wheel: Path) -> str:
    """What a wheel says of its licence: the expression, else the classifiers, else the first line of its text."""
    with suppress(zipfile.BadZipFile, KeyError, StopIteration), zipfile.ZipFile(wheel) as archive:
        file = next(one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        said = message_from_bytes(archive.read(file))
        classified = [
            line.rpartition("::")[2].strip()
            for line in said.get_all("Classifier", [])
            if line.startswith("License ::") and not line.endswith("OSI Approved")
        ]
        free = str(said.get("License") or "").strip().partition("\n")[0]
        return str(said.get("License-Expression") or " / ".join(classified) or free)[:200]
    return ""


def _of_npm(lock: dict[str, Any]) -> list[dict[str, Any]]:
    """Packages of the lock that a user's browser or the build gets; those of the tests are not in the bundle."""
    found = []
    for path, entry in lock["packages"].items():
        if path and not entry.get("dev"):
            name = path.removeprefix("node_modules/")
            digest = base64.b64decode(entry["integrity"].removeprefix("sha512-")).hex()
            found.append(
                _component("npm", name.replace("@", "%40"), entry["version"], entry["license"], "SHA-512", digest)
            )
    return found


def _component(kind: str, name: str, number: str, licence: str, algorithm: str, digest: str) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "name": name.replace("%40", "@"),
        "version": number,
        "purl": f"pkg:{kind}/{name}@{number}",
        "hashes": [{"alg": algorithm, "content": digest}],
    }
    return component | ({"licenses": [{"license": {"name": licence}}]} if licence else {})
