"""Build what is not committed: boundaries, land, zones.  `python -m geo.build` does it once and then nothing."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from geo import catalog
from geo.errors import DataError

BUILDERS: Final[dict[str, str]] = {
    "district_boundaries": "geo.places.boundaries:build_boundaries",
    "district_boundaries_coarse": "geo.places.boundaries:build_coarse_boundaries",
    "land": "geo.places.land:build_land",
    "district_outlines": "geo.places.boundaries:build_outlines",
    "zones": "geo.places.zones:build_zones",
    "delta_land": "geo.places.yangtze_delta:build_delta_land",
}
"""Built datasets in the order in which they depend on each other, and what builds them, loaded when it is needed."""


def build_all(force: bool = False) -> list[str]:
    """Build every dataset that is missing or altered, each written whole or not at all.

    Parameters
    ----------
    force : bool
        Build all of them anew.

    Returns
    -------
    list of str
        Names of the datasets that were built.
    """
    built_file = catalog.data_dir() / "built.json"
    done: list[str] = []
    for name, where in BUILDERS.items():
        dataset = catalog.catalogue()[name]
        intact = dataset.path.exists() and catalog.sha256(dataset.path) == dataset.sha256
        if intact and not done and not force:
            continue
        dataset.path.parent.mkdir(parents=True, exist_ok=True)
        partial = dataset.path.with_name(f"part-{dataset.path.name}")
        try:
            _builder(where)(partial)
            partial.replace(dataset.path)
        finally:
            partial.unlink(missing_ok=True)
        record = catalog.read_built()
        record[name] = {"rows": catalog.count_rows(dataset.path), "sha256": catalog.sha256(dataset.path)}
        catalog.write_json(built_file, record)
        done.append(name)
    return done


def _builder(where: str) -> Callable[[Path], object]:
    module, _, name = where.partition(":")
    builder: Callable[[Path], object] = getattr(importlib.import_module(module), name)
    return builder


def _compile_kernels() -> None:
    """Make all kernels ready; a check of what is there need not wait for the libraries that they load."""
    from geo.clusters import autocorrelation, concentration
    from geo.index import facets, jit, point_in_polygon, text, tiles

    modules = (point_in_polygon, facets, text, tiles, autocorrelation, concentration)
    jit.load(*(module.warm for module in modules))


def main(arguments: list[str] | None = None) -> int:
    """Command line: `python -m geo.build [--force]`; exit 2 with one sentence when something cannot be built.

    With the data the kernels are compiled, so that no user waits for it.
    """
    try:
        done = build_all(force="--force" in (sys.argv[1:] if arguments is None else arguments))
        if done:
            _compile_kernels()
    except (DataError, OSError) as error:
        print(f"数据构建失败：{error}", file=sys.stderr)
        return 2
    print("已构建：" + "、".join(done) if done else "数据已就绪")
    return 0


if __name__ == "__main__":
    sys.exit(main())
