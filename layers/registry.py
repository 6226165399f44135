"""The one table of layers: a new layer is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from geo.datasets import Datasets
from layers.basemap import draw_land
from layers.districts import draw_districts
from layers.enterprises import draw_enterprises
from layers.parks import draw_parks
from layers.towns import draw_towns
from layers.view import Drawn, View
from layers.zones import draw_belt, draw_core


class Layer(NamedTuple):
    """A layer: how it is drawn, and whether it shows at first."""

    draw: Callable[[Datasets, View], Drawn]
    on: bool = True


LAYERS: Final[dict[str, Layer]] = {
    "land": Layer(draw_land),
    "districts": Layer(draw_districts),
    "belt": Layer(draw_belt),
    "core": Layer(draw_core),
    "towns": Layer(draw_towns, on=False),
    "parks": Layer(draw_parks),
    "enterprises": Layer(draw_enterprises),
}
"""Name, which is also the pane and the switch → layer; bottom to top."""
