#!/bin/sh
# geopandas 1.2.0 with matplotlib 3.11.2, several layers plotted on one figure for a file.
#
# One would expect that plotting a layer adds it to the axes, and that the figure is rendered when it is saved: nobody
# looks at it before.  On a figure with an Agg canvas, which a server needs to measure texts, and which pyplot makes
# without a screen, every plot of a GeoSeries or GeoDataFrame renders the whole figure as it stands: twelve layers are
# rendered twelve times, each with all that came before.  The same layers added by Axes.plot are rendered once.
#
# Seen:
#   GeoSeries.plot, 12 layers:  12 renderings before saving
#   Axes.plot, 12 layers:        0 renderings before saving
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check geopandas==1.2.0 matplotlib==3.11.2
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import geopandas
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


def renderings(add) -> int:
    """How often a figure is rendered while twelve layers are added to it."""
    figure = Figure()
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    seen, draw = [], canvas.draw

    def counted() -> None:
        seen.append(1)
        draw()

    canvas.draw = counted
    for number in range(12):
        add(axes, number)
    return len(seen)


by_geopandas = renderings(
    lambda axes, n: geopandas.GeoSeries(geopandas.points_from_xy([n], [n]), crs=32651).plot(ax=axes, aspect=None)
)
by_matplotlib = renderings(lambda axes, n: axes.plot([n], [n], "o"))
print(f"GeoSeries.plot, 12 layers: {by_geopandas:3} renderings before saving")
print(f"Axes.plot, 12 layers:      {by_matplotlib:3} renderings before saving")
assert (by_geopandas, by_matplotlib) == (12, 0), "it is otherwise now"
PYTHON
echo "still so"
