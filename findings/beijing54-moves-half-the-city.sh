#!/bin/sh
# pyproj 3.7.2 (PROJ 9.5.1 in its wheel), EPSG:2437 (Beijing 1954 / 3-degree Gauss-Kruger CM 120E) to EPSG:4326.
#
# One transformer, all points within Shanghai.  One would expect one shift for all of them, or none.  PROJ chooses an
# operation for each point by the area of use of what it knows: "Beijing 1954 to WGS 84 (2)" ends at 31.23 degrees
# north, in the middle of the city; south of it there is only a "ballpark" offset of nothing.  Neither is an error.
#
# Seen:
#   31.20 N moved   0.0 m by Ballpark geographic offset from Beijing 1954 to WGS 84
#   31.22 N moved   0.0 m by Ballpark geographic offset from Beijing 1954 to WGS 84
#   31.24 N moved  71.1 m by Beijing 1954 to WGS 84 (2)
#   31.26 N moved  71.1 m by Beijing 1954 to WGS 84 (2)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyproj==3.7.2
"$folder/venv/bin/python" - <<'PYTHON'
from pyproj import Geod, Proj, Transformer

LON = 121.47
to_grid, to_wgs84 = Proj("EPSG:2437"), Transformer.from_crs(2437, 4326, always_xy=True)
moved = {}
for lat in (31.20, 31.22, 31.24, 31.26):
    there = to_wgs84.transform(*to_grid(LON, lat))
    moved[lat] = Geod(ellps="WGS84").inv(LON, lat, *there)[2]
    operation = to_wgs84.get_last_used_operation().description.split(" + ")[2]
    print(f"{lat:.2f} N moved {moved[lat]:5.1f} m by {operation}")
assert all(moved[lat] < 0.01 for lat in (31.20, 31.22)), "points in the south are moved now"
assert all(65 < moved[lat] < 80 for lat in (31.24, 31.26)), "points in the north are moved otherwise now"
PYTHON
echo "still so"
