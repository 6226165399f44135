#!/bin/sh
# geopandas 1.2.0, pyogrio 0.13.0 (GDAL 3.12.4 in its wheel), driver GPX.
#
# Points with a column such as 注册资本（万元） are written as GPX with extensions.  One would expect brackets to be
# escaped, replaced or refused.  The column's name becomes the name of an element as it stands; full-width brackets are
# no letters of a name in XML, and the same library refuses its own file.
#
# Seen:
#   XML parsing of GPX file failed : not well-formed (invalid token) at line 9, column 13
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check geopandas==1.2.0 pyogrio==0.13.0
cd "$folder"
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import geopandas as gpd
from pyogrio.errors import DataSourceError
from shapely import Point

layer = gpd.GeoDataFrame({"name": ["样例甲"], "注册资本（万元）": [100]}, geometry=[Point(121.3, 31.1)], crs=4326)
layer.to_file("a.gpx", driver="GPX", GPX_USE_EXTENSIONS="YES")
try:
    gpd.read_file("a.gpx", layer="waypoints")
except DataSourceError as error:
    print(error)
    assert "not well-formed" in str(error)
else:
    raise SystemExit("the file is read back now")
PYTHON
echo "still so"
