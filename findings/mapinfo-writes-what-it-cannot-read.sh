#!/bin/sh
# geopandas 1.2.0, pyogrio 0.13.0 (GDAL 3.12.4 in its wheel), driver MapInfo File.
#
# A layer with Chinese column names is written as TAB.  One would expect the file to hold them, or the writing to fail.
# Each name is cut within its first character, the warning about it is not text either, and the same library cannot
# list the fields of its own file.  With ENCODING=UTF-8 both go well.
#
# Seen:
#   written, then: 'utf-8' codec can't decode byte 0xe4 in position 0: invalid continuation byte
#   with ENCODING: ['企业名称', '街镇', 'geometry']
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check geopandas==1.2.0 pyogrio==0.13.0
cd "$folder"
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import geopandas as gpd
from shapely import Point

layer = gpd.GeoDataFrame({"企业名称": ["样例甲"], "街镇": ["新桥镇"]}, geometry=[Point(121.3, 31.1)], crs=4326)
layer.to_file("plain.tab", driver="MapInfo File")
try:
    gpd.read_file("plain.tab")
except UnicodeDecodeError as error:
    print("written, then:", error)
else:
    raise SystemExit("the file is read back now")
layer.to_file("utf8.tab", driver="MapInfo File", ENCODING="UTF-8")
names = list(gpd.read_file("utf8.tab").columns)
print("with ENCODING:", names)
assert names == ["企业名称", "街镇", "geometry"]
PYTHON
echo "still so"
