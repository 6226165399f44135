"""Files that nobody would write, by the thousand: `make fuzz`, outside of the other tests.

Each is read as an upload is, in a process of its own; what comes back is a sheet or one sentence.  What is found is
added to the tests of its kind beside this file.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import Point

from geo.errors import DataError
from geo.ingest.areas import read_areas
from geo.ingest.pipeline import import_files
from geo.ingest.readers.read import read_file

TABLE = pd.DataFrame(
    {"企业名称": ["样例甲", "样例乙"] * 20, "地址": "上海市松江区新桥镇样例路1号", "成立日期": "2020-01-02"}
)
TOKENS = [
    b"\xff",
    b"\0",
    b'"',
    b"'",
    b"\n",
    b",",
    b"<",
    b"{",
    b"[",
    b"-1",
    b"1e999",
    b"\xef\xbb\xbf",
    b"=",
    b"PK",
    b"/",
]


def seeds(folder: Path) -> list[Path]:
    """One whole file of each kind."""
    layer = gpd.GeoDataFrame(TABLE, geometry=[Point(121.3, 31.1)] * len(TABLE), crs=4326)
    paths = [folder / f"a.{suffix}" for suffix in ("csv", "xlsx", "parquet", "geojson", "gpkg")]
    TABLE.to_csv(paths[0], index=False)
    TABLE.to_excel(paths[1], index=False)
    TABLE.to_parquet(paths[2])
    layer.to_file(paths[3])
    layer.to_file(paths[4])
    return paths


def damaged(content: bytes, choose: random.Random) -> bytes:
    """A file with some of its bytes flipped, cut, doubled or replaced."""
    held = bytearray(content)
    for _ in range(choose.choice([1, 1, 2, 4, 16, 64])):
        at = choose.randrange(len(held) + 1)
        match choose.randrange(5):
            case 0 if at < len(held):
                held[at] ^= 1 << choose.randrange(8)
            case 1:
                del held[at : at + choose.choice([1, 4, 64, 1024])]
            case 2:
                held[at:at] = held[at : at + choose.choice([1, 16, 256])]
            case 3:
                held[at : at + 8] = choose.choice(TOKENS)
            case _:
                held[at : at + 4] = choose.randbytes(4)
        if not held:
            return b"\0"
    return bytes(held)


def main() -> int:
    """Read damaged files until the time is up; 1 when one of them did what it must not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"), help="where files that did go")
    options = parser.parse_args()
    choose, found = random.Random(options.seed), 0
    ends: Counter[str] = Counter()
    print(f"seed {options.seed}")
    end = time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = [(path.suffix, path.read_bytes()) for path in seeds(folder)]
        while time.monotonic() < end:
            suffix, content = choose.choice(whole)
            path = folder / f"b{suffix}"
            path.write_bytes(damaged(content, choose))
            task: Any = choose.choice([read_file, read_areas, lambda file: import_files([file], folder / "out")])
            began = time.monotonic()
            try:
                task(path)
                ends["read"] += 1
            except DataError as error:
                ends[error.message[:24]] += 1
                wrong = "\n" in str(error) or str(folder) in str(error)
            except Exception as error:
                print(type(error).__name__, error)
                wrong = True
            else:
                wrong = False
            if wrong or time.monotonic() - began > 60:
                found += 1
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{options.seed}-{found}{suffix}").write_bytes(path.read_bytes())
    print(*(f"{count:>7} {kind}" for kind, count in ends.most_common()), sep="\n")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
