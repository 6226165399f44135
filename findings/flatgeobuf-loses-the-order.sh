#!/bin/sh
# pyogrio 0.13.0 (GDAL 3.12.4 in its wheel), a FlatGeobuf written and read back.
#
# One would expect the rows in the order in which they were written, as from GeoPackage, GeoJSON and GeoParquet.  The
# format keeps them along the Hilbert curve of its spatial index, which is written unless it is switched off; nothing
# of the first order is kept.  A row number means nothing in such a file.
#
# Seen:
#   with the index:    [0, 4, 2, 1, 5, 3]
#   without the index: [0, 1, 2, 3, 4, 5]
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyogrio==0.13.0 geopandas==1.2.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import geopandas

places = geopandas.points_from_xy([121.9, 121.1, 121.5, 121.2, 121.8, 121.4], [30.9, 31.4, 31.2, 31.0, 31.3, 31.1])
rows = geopandas.GeoDataFrame({"row": range(6)}, geometry=places, crs=4326)
rows.to_file("with.fgb")
rows.to_file("without.fgb", SPATIAL_INDEX="NO")
with_index, without = (geopandas.read_file(f"{name}.fgb")["row"].tolist() for name in ("with", "without"))
print("with the index:   ", with_index)
print("without the index:", without)
assert without == list(range(6)), "the order is lost without the index too now"
assert sorted(with_index) == without != with_index, "the order is kept now"
PYTHON
echo "still so"
