"""Build what is not committed: boundaries, land, zones.  `python -m geo.build` does it once and then nothing."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from geo import catalog
from geo.errors import DataError
from geo.files import atomic_file, write_json

BUILT: Final = ("district_boundaries", "district_boundaries_coarse", "land", "district_outlines", "zones", "delta_land")
"""Built datasets in the order in which they depend on each other."""


def build_all(force: bool = False, progress: Callable[[str], None] = lambda _said: None) -> list[str]:
    """Build every dataset that is missing or altered, each written whole or not at all.

    Parameters
    ----------
    force : bool
        Build all of them anew.
    progress : callable
        Called before each dataset with what is built, for people to read.

    Returns
    -------
    list of str
        Names of the datasets that were built.
    """
    built_file = catalog.built_data_dir() / "built.json"
    done: list[str] = []
    for name in BUILT:
        dataset = catalog.catalogue()[name]
        intact = dataset.path.exists() and catalog.sha256(dataset.path) == dataset.sha256
        if intact and not done and not force:
            continue
        dataset.path.parent.mkdir(parents=True, exist_ok=True)
        progress(f"{len(done) + 1}. {dataset.title_zh}")
        packed = catalog.data_dir() / dataset.file
        with atomic_file(dataset.path) as partial:
            if packed != dataset.path and packed.exists():  # came ready-made in the wheel
                shutil.copyfile(packed, partial)
            else:
                _builder(name)(partial)
        record = catalog.read_built()
        record[name] = {"rows": catalog.count_rows(dataset.path), "sha256": catalog.sha256(dataset.path)}
        write_json(built_file, record)
        done.append(name)
    return done


def tell_step(said: str) -> None:
    """Say on stderr what is being built."""
    print(f"构建数据 {said}", file=sys.stderr, flush=True)


def _builder(name: str) -> Callable[[Path], object]:
    """What builds a dataset, loaded when it is needed: a check of what is there need not wait for it."""
    from geo.places.boundaries import build_boundaries, build_coarse_boundaries, build_outlines
    from geo.places.land import build_land
    from geo.places.yangtze_delta import build_delta_land
    from geo.places.zones import build_zones

    return {
        "district_boundaries": build_boundaries,
        "district_boundaries_coarse": build_coarse_boundaries,
        "land": build_land,
        "district_outlines": build_outlines,
        "zones": build_zones,
        "delta_land": build_delta_land,
    }[name]


def _refuse_unsupported() -> None:
    """Refuse data in which a row claims more than it brings: an enterprise its district, a park its point, a plan its place."""
    from geo.indicators.intentions import load_intentions
    from geo.ingest.contribution import unsupported
    from geo.places.parks import unsupported_points
    from geo.plan import load_finance

    load_intentions()
    load_finance()
    astray = unsupported_points()
    if astray:
        raise DataError(
            f"园区点位里有 {len(astray)} 处说得比证据多：{astray[0].said}",
            file=catalog.dataset_path("park_points"),
            row=astray[0].row,
        )

    problems = unsupported(catalog.read_table("enterprises"))
    if problems:
        first = problems[0]
        raise DataError(
            f"样本里有 {len(problems)} 处说得比证据多：{first.said}",
            file=catalog.dataset_path("enterprises"),
            row=first.row,
            column=first.column,
        )


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
        done = build_all(force="--force" in (sys.argv[1:] if arguments is None else arguments), progress=tell_step)
        if done:
            _refuse_unsupported()
            _compile_kernels()
    except (DataError, OSError) as error:
        print(f"数据构建失败：{error}", file=sys.stderr)
        return 2
    print("已构建：" + "、".join(done) if done else "数据已就绪")
    return 0


if __name__ == "__main__":
    sys.exit(main())
