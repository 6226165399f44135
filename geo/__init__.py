"""Tables, places and measures: GeoPandas, pandas and numpy, no map and no page.

What other programs use is named here and loaded when it is first asked for, so that `import geo.errors` stays cheap:

>>> import geo
>>> geo.locate([121.50], [31.24]).tolist(), len(geo.load_districts())
(['310115'], 16)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from geo.catalog import catalogue
    from geo.crs import from_wgs84, to_wgs84
    from geo.datasets.dataset import Dataset, load_dataset
    from geo.datasets.diff import compare
    from geo.datasets.storage import open_dataset
    from geo.enterprises.table import load_enterprises
    from geo.errors import DataError
    from geo.filters.filters import Filters
    from geo.indicators.counts import count_places
    from geo.indicators.definitions import indicator_table
    from geo.ingest.pipeline import import_files, preview
    from geo.installation import version
    from geo.places.districts import load_districts, locate, locate_index
    from geo.places.parks import load_parks
    from geo.places.towns import load_towns
    from geo.places.zones import load_zones, zone_of

__all__ = [
    "DataError", "Dataset", "Filters", "catalogue", "compare", "count_places", "from_wgs84", "import_files",
    "indicator_table", "load_dataset", "load_districts", "load_enterprises", "load_parks", "load_towns", "load_zones",
    "locate", "locate_index", "open_dataset", "preview", "to_wgs84", "version", "zone_of",
]  # fmt: skip

_MODULES: Final = {
    "geo.catalog": ("catalogue",),
    "geo.crs": ("from_wgs84", "to_wgs84"),
    "geo.datasets.dataset": ("Dataset", "load_dataset"),
    "geo.datasets.diff": ("compare",),
    "geo.datasets.storage": ("open_dataset",),
    "geo.enterprises.table": ("load_enterprises",),
    "geo.errors": ("DataError",),
    "geo.filters.filters": ("Filters",),
    "geo.indicators.counts": ("count_places",),
    "geo.indicators.definitions": ("indicator_table",),
    "geo.ingest.pipeline": ("import_files", "preview"),
    "geo.installation": ("version",),
    "geo.places.districts": ("load_districts", "locate", "locate_index"),
    "geo.places.parks": ("load_parks",),
    "geo.places.towns": ("load_towns",),
    "geo.places.zones": ("load_zones", "zone_of"),
}
_MODULE_OF: Final = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load a public name from its module when it is first asked for."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULE_OF[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
