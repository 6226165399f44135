#!/bin/sh
# pyogrio 0.13.0 (GDAL 3.12.4 in its wheel), a Shapefile with a Chinese column of four characters.
#
# Names in a .dbf have ten bytes, so one would expect a long name shortened and a warning, which comes.  In UTF-8, the
# encoding that is written unless another is asked for, a character has three: the name is cut in the middle of the
# fourth, and what was written cannot be read back by the same library, whatever the rest of the file is.  In GBK the
# same name has eight bytes and stays whole.
#
# Seen:
#   UTF-8: UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe6 in position 9: unexpected end of data
#   GBK:   注册资本
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyogrio==0.13.0 geopandas==1.2.0
cd "$folder"
PYTHONUTF8=1 "$folder/venv/bin/python" -W ignore - <<'PYTHON'
import geopandas

rows = geopandas.GeoDataFrame({"注册资本": [1.0]}, geometry=geopandas.points_from_xy([121.5], [31.2]), crs=4326)
said = {}
for encoding in ("UTF-8", "GBK"):
    rows.to_file(f"{encoding}.shp", encoding=encoding)
    try:
        said[encoding] = geopandas.read_file(f"{encoding}.shp").columns[0]
    except UnicodeDecodeError as error:
        said[encoding] = f"{type(error).__name__}: {error}"
    print(f"{encoding + ':':7}{said[encoding]}")
assert said["UTF-8"].startswith("UnicodeDecodeError"), "the cut name is read now"
assert said["GBK"] == "注册资本", "the name in GBK is no longer whole"
PYTHON
echo "still so"
