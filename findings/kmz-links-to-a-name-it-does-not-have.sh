#!/bin/sh
# pyogrio 0.13.0 (GDAL 3.12.4 in its wheel), driver LIBKML.
#
# A layer with a Chinese name is written as KMZ.  One would expect to read it back.  The first document of the archive
# links to layers/企业.kml, but the member is called layers/0xE40xBC0x81...: who follows the link finds nothing, GDAL
# itself sees a file without layers, and no error is raised on either side.
#
# Seen:
#   link   layers/企业.kml
#   member layers/0xE40xBC0x810xE40xB80x9A.kml
#   layers read back: 0
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyogrio==0.13.0 geopandas==1.2.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import re
import zipfile

import geopandas
import pyogrio
from shapely import Point

layer = geopandas.GeoDataFrame({"name": ["A"]}, geometry=[Point(121.5, 31.2)], crs=4326)
pyogrio.write_dataframe(layer, "a.kmz", driver="LIBKML", layer="企业")
with zipfile.ZipFile("a.kmz") as archive:
    link = re.search("<href>(.*?)</href>", archive.read("doc.kml").decode())[1]
    members = [name for name in archive.namelist() if name.startswith("layers/") and name.endswith(".kml")]
print("link  ", link)
print("member", *members)
print("layers read back:", len(pyogrio.list_layers("a.kmz")))
assert link == "layers/企业.kml"
assert members and link not in members, "the link leads to the layer now"
assert len(pyogrio.list_layers("a.kmz")) == 0, "it is read back now"
PYTHON
echo "still so"
