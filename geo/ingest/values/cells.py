"""Cells of text → values: status, dates, counts, former names, coordinates."""

import datetime as dt
import re
import unicodedata
import zoneinfo
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.text import UNSEEN

_NOTHING: Final = r"(?:-+|—+|－+|–+|\*+|/|\\N|n/?a|null|none|nan|nat|暂无|无数据|未公开|未公示)"

STATUSES: Final = (
    ("revoked", ("吊销", "撤销", "revoked")),
    ("deregistered", ("注销", "deregistered")),
    ("liquidating", ("清算", "liquidating")),
    ("suspended", ("停业", "歇业", "suspended")),
    ("moved_out", ("迁出", "moved_out")),
    ("active", ("存续", "在业", "开业", "在营", "在册", "迁入", "正常", "active")),
)
"""Status → words; the first that a cell contains counts, so that 吊销，未注销 is revoked."""

_STATUS_WORD: Final = "(?:吊销|撤销|注销|清算|停业|歇业|迁出|存续|在业|开业|在营|在册|迁入|正常)"
_NOT_SO: Final = re.compile(
    r"(?:未|没有?|不再|不|非|无|拟|将|待|准备|申请)+(?:办理|办结|依法|被|进行|申请|完成|实际|正式|真正|成功|予以?|能够?|需要?|必|得|许|可|准予?|同意"
    rf"|批准|通过|处于|属于|是|再|曾|在)*{_STATUS_WORD}"
    rf"|(?:将|拟|计划|预计|打算|准备|即将)[^,;。、已被()]{{0,10}}?{_STATUS_WORD}"
    rf"|(?:撤销|撤回|取消|终止|中止|停止|暂缓|驳回|恢复)了?(?:办理|申请|其)?(?:吊销|撤销|注销|清算|迁出|停业|歇业)(?:登记|申请|决定)?"
    rf"|(?:吊销|撤销|注销|迁出|清算|停业|歇业)(?:登记|申请|决定|手续)?(?:已经?|被|又)*(?:撤回|撤销|取消|终止|中止|驳回|恢复|失败|失效|未果|未成|未通过|未完成|未获)"
    r"|正在?(?:办理|申请|进行)*注销|(?:吊销|注销|撤销|迁出)(?:登记)?(?:公告|公示|申请|中)"
)
"""Words of a status that a cell says is not, or not yet, so."""

_DATE: Final = re.compile(
    r"(?P<y>\d{4})\s*[-/.年—–。、_~]\s*(?P<m>\d{1,2})\s*[-/.月—–。、_~]\s*(?P<d>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<yy>(?:1[89]|20)\d{2})(?P<mm>0[1-9]|1[0-2])(?P<dd>\d{2})(?=\d{6}(?!\d))"
    r"|(?<!\d)(?P<y3>\d{4}) (?P<m3>\d{1,2}) (?P<d3>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<y2>\d{4})(?P<m2>\d{2})(?P<d2>\d{2})(?!\d)"
)
_CLOCK: Final = re.compile(
    r"日?[t ]*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>\.\d+)?)?\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?"
)
_SPOKEN: Final = re.compile(
    r"[a-z]{3} (?P<month>[a-z]{3}) (?P<day>\d{1,2}) (?:(?P<year>\d{4}) )?(?P<clock>\d{2}:\d{2}:\d{2})"
    r" ?(?P<zone>gmt[+-]\d{4}|gmt|utc|cst)?(?: (?P<late>\d{4}))?"
)
_ENGLISH: Final = re.compile(
    r"(?:[a-z]{3,9},? )?(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?P<month>[a-z]{3,9})\.?,?[ -]"
    r"|(?P<month2>[a-z]{3,9})\.? (?P<day2>\d{1,2})(?:st|nd|rd|th)?,? )"
    r"(?P<year>\d{4})(?: (?P<clock>\d{2}:\d{2}:\d{2}) ?(?P<zone>gmt|utc|[+-]\d{4})?)?"
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SERIAL: Final = re.compile(r"\d{4,5}(?:\.\d+)?")
_EPOCH_STAMP: Final = re.compile(
    r"(?!(?:19|20)\d{2}(?:0[1-9]|1[0-2]))(?:(?P<ms>\d{12,13})|(?P<s>\d{9,10}))|(?P<before>-\d{9,13})|/date\((?P<date>-?\d{1,13})(?:[+-]\d{4})?\)/"
)
"""Time since 1970 in milliseconds or seconds; digits that begin like a year and a month (2019050110) are none."""

_CHINESE_DATE: Final = re.compile(
    r"([〇○零一二三四五六七八九]{4})年(十[一二]?|[一二三四五六七八九])月([二三]?十[一二三四五六七八九]?|[一二三四五六七八九])日"
)
_CHINESE_DIGITS: Final = {letter: value for value, letter in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0}
_FIRST_SERIAL, _LAST_SERIAL = 3_000, 73_050
"""Spreadsheet serials taken for dates: 1908 to the end of 2099."""
_EPOCH: Final = dt.date(1899, 12, 30)
DAYS_TO_1904: Final = 1462
"""What a serial of a workbook that counts from 1904 lacks [d]."""
_SHANGHAI: Final = zoneinfo.ZoneInfo("Asia/Shanghai")
_ALMOST_MIDNIGHT: Final = dt.timedelta(minutes=6)
"""Shanghai stood 5 min 43 s ahead of its zone until 1901, a spreadsheet's day zero: some writers lose that much."""
_END_OF_DAY: Final = dt.time(23, 59, 59)
"""What programs write for the end of a day: no slip, the day is the one written."""

_SLIPPED: Final = re.compile(r"[t ](?:16:00:00|15:00:00|1[45]:5[49]:17)(?:\.0+)?$", re.IGNORECASE)

BEFORE_MIDNIGHT: Final = "时刻只差几分钟到半夜，是写文件的程序造成的，按次日计"
ZONE_LOST: Final = "时刻都在下午四点，是北京时间零点写成了世界时，按次日计"


def clean_cells(cells: pd.Series) -> pd.Series:
    r"""Take off wrapping and outer spaces; cells that say nothing become missing.

    Examples
    --------
    >>> clean_cells(pd.Series(['="9131"', " -- ", "***", "ab\x00c", None], dtype="str")).fillna("").tolist()
    ['9131', '', '', 'abc', '']
    """
    text = cells.astype("str")
    if text.str.contains(f"[\x0b-\x1f{UNSEEN}]", regex=True).any():
        text = text.str.replace(f"[\x0b-\x1f{UNSEEN}]", "", regex=True)
    wrapped = text.str.startswith("=") & text.str.endswith('"')
    if wrapped.any():
        text = text.str.replace(r'^="(.*)"$', r"\1", regex=True)
    text = text.str.strip()
    nothing = text.str.fullmatch(rf"(?i:{_NOTHING})?", na=True)
    return text.mask(nothing.astype(bool))


def by_value(cells: pd.Series, read: Callable[[str], Any], missing: Any = None) -> list[Any]:
    """Apply a function to each distinct cell once; `missing` where the cell is.

    Examples
    --------
    >>> by_value(pd.Series(["a", None, "a"], dtype="str"), str.upper, "")
    ['A', '', 'A']
    """
    codes, values = pd.factorize(cells)
    answers = [*map(read, values), missing]
    return [answers[code] for code in codes]


def read_status(text: str) -> str:
    """Status of an enterprise.

    Examples
    --------
    >>> [read_status(word) for word in ("存续（在营、开业、在册）", "吊销，未注销", "迁出", "其他")]
    ['active', 'revoked', 'moved_out', 'unknown']
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    if "非正常" in folded:
        return "unknown"
    said = _NOT_SO.sub("", folded)
    return next((status for status, words in STATUSES if any(word in said for word in words)), "unknown")


def read_date(text: str, serial_days: int = 0, hours: int = 0) -> str:
    """Date as ISO 8601, the first one where a cell holds a span; ``""`` where it holds none.

    Parameters
    ----------
    text : str
        The cell.  A day is the day as written; a stamp with a zone is the day it was in Shanghai.
    serial_days : int
        Added to the serials of a spreadsheet, `DAYS_TO_1904` where it counts from 1904 [d].
    hours : int
        Added to stamps without a zone, see `lost_zone` [h].

    Examples
    --------
    >>> [read_date(cell) for cell in ("2001/5/8", "1997-01-28 至 无固定期限", "37019", "2001年", "2001-13-40")]
    ['2001-05-08', '1997-01-28', '2001-05-08', '', '']
    >>> [read_date(cell) for cell in ("2001-05-07T16:00:00Z", "2001-05-07 23:59:17", "989251200000")]
    ['2001-05-08', '2001-05-08', '2001-05-08']
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    try:
        if found := _DATE.search(plain):
            year, month, day = (int(part) for part in found.groups() if part)
            moment = dt.datetime(year, month, day)
            clock = _CLOCK.match(plain, found.end())
            if clock and clock["hour"] != "24":  # the end of the day that is written
                moment += dt.timedelta(hours=int(clock["hour"]), minutes=int(clock["minute"]))
                moment += dt.timedelta(seconds=int(clock["second"] or 0) + float(clock["fraction"] or 0))
                moment = _in_shanghai(moment, clock["zone"]) if clock["zone"] else moment + dt.timedelta(hours=hours)
            return _day(moment)
        if (spoken := _SPOKEN.match(plain)) and spoken["month"] in _MONTHS and (spoken["year"] or spoken["late"]):
            date = dt.date(
                int(spoken["year"] or spoken["late"]), _MONTHS.index(spoken["month"]) + 1, int(spoken["day"])
            )
            moment = dt.datetime.combine(date, dt.time.fromisoformat(spoken["clock"]))
            zone = (spoken["zone"] or "cst").removeprefix("gmt") or "z"
            return _day(moment if zone == "cst" else _in_shanghai(moment, zone))
        if _SERIAL.fullmatch(plain) and _FIRST_SERIAL <= float(plain) + serial_days <= _LAST_SERIAL:
            serial = dt.timedelta(days=float(plain) + serial_days)
            return _day(dt.datetime.combine(_EPOCH, dt.time()) + serial)
        if stamp := _EPOCH_STAMP.fullmatch(plain):
            seconds = int(stamp["s"]) if stamp["s"] else int(stamp["ms"] or stamp["before"] or stamp["date"]) / 1000
            return _day(dt.datetime.fromtimestamp(seconds, _SHANGHAI).replace(tzinfo=None))
        if (english := _ENGLISH.fullmatch(plain)) and (english["month"] or english["month2"])[:3] in _MONTHS:
            month = _MONTHS.index((english["month"] or english["month2"])[:3]) + 1
            moment = dt.datetime(int(english["year"]), month, int(english["day"] or english["day2"]))
            if english["clock"]:
                moment = dt.datetime.combine(moment, dt.time.fromisoformat(english["clock"]))
            return _day(_in_shanghai(moment, english["zone"]) if english["zone"] else moment)
        if written := _CHINESE_DATE.search(plain):
            year = int("".join(str(_CHINESE_DIGITS[letter]) for letter in written[1]))
            return _day(dt.datetime(year, _chinese(written[2]), _chinese(written[3])))
    except (ValueError, OverflowError, OSError):  # no such day, or beyond what the system's clock can tell
        return ""
    return ""


def _chinese(text: str) -> int:
    """Number below a hundred: 八, 十二, 二十八."""
    tens, ten, ones = text.rpartition("十")
    return (_CHINESE_DIGITS[tens] if tens else 1 if ten else 0) * 10 + (_CHINESE_DIGITS[ones] if ones else 0)


def _in_shanghai(moment: dt.datetime, zone: str) -> dt.datetime:
    sign = -1 if zone.startswith("-") else 1
    digits = re.sub(r"\D", "", zone) or "0000"
    offset = dt.timezone(sign * dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
    return moment.replace(tzinfo=offset).astimezone(_SHANGHAI).replace(tzinfo=None)


def _day(moment: dt.datetime) -> str:
    day = (moment if moment.time() == _END_OF_DAY else moment + _ALMOST_MIDNIGHT).date()
    return day.isoformat() if 1800 <= day.year <= 2100 else ""


def lost_zone(cells: pd.Series) -> bool:
    """Whether the stamps of a column are midnights of Shanghai written in universal time, without saying so.

    Examples
    --------
    >>> lost_zone(pd.Series(["2001-05-07 16:00:00", "1988-06-30 15:00:00"], dtype="str"))
    True
    """
    stamps = cells[cells.str.contains(r"\d[T ]\d{2}:\d{2}", regex=True, na=False)]
    return bool(len(stamps)) and bool(stamps.map(lambda cell: bool(_SLIPPED.search(cell))).all())


def near_midnight(cells: pd.Series) -> pd.Series:
    """Which cells hold a time of day so late that it stands for the next day.

    Examples
    --------
    >>> near_midnight(pd.Series(["2001-05-07 23:59:17", "37018.9995", "37019", None], dtype="str")).tolist()
    [True, True, False, False]
    """
    late = cells.str.contains(
        r"\d[T ]23:5(?:[4-8]:\d{2}|9:[0-4]\d|9:5[0-8]|9:59\.\d*[1-9]\d*)(?:\.\d+)?$|^\d{5}\.99[6-9]\d*$",
        regex=True,
        na=False,
    )
    return late.astype(bool)


def read_count(text: str) -> int | None:
    """Whole number of persons; None where there is none.

    Examples
    --------
    >>> read_count("1,234人"), read_count("56.0"), read_count("小于50人")
    (1234, 56, None)
    """
    plain = re.sub(r"[,\s]", "", unicodedata.normalize("NFKC", text))
    found = re.fullmatch(r"(\d{1,12})(?:\.0+)?(?:人|名)?", plain)
    return int(found.group(1)) if found else None


def read_former_names(text: str) -> str:
    """Former names, joined by ``;``.

    Examples
    --------
    >>> read_former_names("样例甲有限公司、样例乙有限公司（2001-02-03至2005-01-01）")
    '样例甲有限公司;样例乙有限公司'
    """
    plain = re.sub(r"[(（][^()（）]*\d{4}[^()（）]*[)）]", "", text)
    parts = (part.strip() for part in re.split(r"[;；、,，\n|]", plain))
    return ";".join(dict.fromkeys(part for part in parts if part))


LON_RANGE: Final = (73.0, 136.0)
LAT_RANGE: Final = (3.0, 54.0)
"""Where China lies [deg]; the two do not overlap, so that a swapped pair shows."""

SWAPPED: Final = "经度与纬度写反，已换回"
NOT_DEGREES: Final = "不是可用的经纬度"

LEAST_ROUNDING_M: Final = 300.0
"""Rounding [m] from which on it is told."""
ROUNDED: Final = "坐标只有两位小数，只准到约一千米"
COARSE_OUTSIDE: Final = "坐标只写到一位小数或整度，可差七千米以上，但都在上海以外"
TOO_COARSE: Final = "坐标只写到一位小数或整度，可差七千米以上，不当作厂址；以地址为准"

_NUMBER: Final = re.compile(r"(?<![\d.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
_HEMISPHERE: Final = re.compile(r"[NS]|E(?=\s*(?:\d{2,3}\.|1\d\d\b))|(?<=\d)E(?=[\s,;]|$)", re.IGNORECASE)
"""Letters of north and east beside a number; the E of a power of ten has other digits behind it."""

_SEXAGESIMAL: Final = re.compile(
    r"(\d{1,3}(?:\.\d+)?)[°度]\s*(?:(\d{1,2}(?:\.\d+)?)['′分]\s*)?(?:(\d{1,2}(?:\.\d+)?)[\"″'′秒]*)?"
)
_SIGNS: Final = str.maketrans(dict.fromkeys("º˚∘", "°") | dict.fromkeys("’‘`", "'") | dict.fromkeys("“”", '"'))
"""Signs that people type for degrees, minutes and seconds → the ones that are read."""


class Coordinates(NamedTuple):
    """Degrees, NaN where there are none; which rows came swapped, and which could not be read; the numbers as given."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    swapped: NDArray[np.bool_]
    unreadable: NDArray[np.bool_]
    x: NDArray[np.float64]
    y: NDArray[np.float64]


def read_coordinates(lon: pd.Series, lat: pd.Series) -> Coordinates:
    """Read two columns of coordinates; the same column twice, or one that holds pairs, is taken apart.

    Parameters
    ----------
    lon, lat : Series of str
        Cells, missing where empty.

    Returns
    -------
    Coordinates
        In the datum of the file.  A pair outside the range of China in both orders counts as unreadable, 0, 0 and
        infinities too; a pair with only one number is none.

    Examples
    --------
    >>> cells = pd.Series(["121.47,31.23", "31.2,121.5", "0,0", None], dtype="str")
    >>> read = read_coordinates(cells, cells)
    >>> read.lon.tolist(), read.swapped.tolist(), read.unreadable.tolist()
    ([121.47, 121.5, nan, nan], [False, True, False, False], [False, False, True, False])
    """
    given = (lon.notna() | lat.notna()).to_numpy()
    x = pd.to_numeric(lon, errors="coerce").to_numpy(np.float64, na_value=np.nan, copy=True)
    y = pd.to_numeric(lat, errors="coerce").to_numpy(np.float64, na_value=np.nan, copy=True)
    for row in np.flatnonzero(given & ~(np.isfinite(x) & np.isfinite(y))):
        x[row], y[row] = _read_pair(*("" if pd.isna(cell) else str(cell) for cell in (lon.iat[row], lat.iat[row])))
    numbers = x, y
    swapped = _between(x, LAT_RANGE) & _between(y, LON_RANGE)
    x, y = np.where(swapped, y, x), np.where(swapped, x, y)
    usable = _between(x, LON_RANGE) & _between(y, LAT_RANGE)
    return Coordinates(np.where(usable, x, np.nan), np.where(usable, y, np.nan), swapped, given & ~usable, *numbers)


_STEPS_DEG: Final = (1.0, 0.1, 1 / 60, 0.01, 0.001)
"""Steps [degrees] to which points are rounded: decimals, and whole minutes."""

_FINER_STEPS_DEG: Final = (1e-4, 1e-5, 1e-6, 1e-7)
"""Steps [degrees] that are no rounding worth telling; they say how likely a point is to lie on a coarser one by chance."""

_BY_CHANCE: Final = 0.05
"""Expected number [1] of points on a coarser step below which none is there by chance."""


def rounding_m(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far [m] points may lie from where they are written, because their degrees are rounded.

    Parameters
    ----------
    lon, lat : ndarray, shape (n,)
        Degrees, NaN where there is no point.

    Returns
    -------
    ndarray, shape (n,)
        Half the diagonal of the cell of `_STEPS_DEG` that both degrees lie on; 0 for finer ones.  Of n points on a step
        s, n (s/c)² lie on the coarser step c by chance: no more than that, and three times its square root, are so.

    Examples
    --------
    >>> rounding_m(np.array([121.47, 121.4, 121.473701]), np.array([31.23, 31.2, 31.230416])).round(-1).tolist()
    [730.0, 7320.0, 0.0]
    """
    known = np.isfinite(lon) & np.isfinite(lat)
    steps = (*_STEPS_DEG, *_FINER_STEPS_DEG)
    level = np.full(len(lon), len(steps) - 1)
    for number in reversed(range(len(steps) - 1)):
        on_step = known.copy()
        for degrees in (lon[known], lat[known]):
            off = degrees / steps[number]
            on_step[known] &= np.abs(off - np.round(off)) * steps[number] < 1e-5 * steps[number] + min(
                1e-7, 0.1 * steps[number]
            )
        level[on_step] = number
    for number in range(len(_STEPS_DEG)):
        here, finer = known & (level == number), known & (level > number)
        if here.any() and finer.any():
            usual = int(np.median(level[finer]))
            chance = (steps[usual] / steps[number]) ** 2 * (here | finer).sum()
            if chance > _BY_CHANCE and here.sum() <= chance + 3 * np.sqrt(chance):
                level[here] = usual
    step = np.array([*_STEPS_DEG, *(0.0 for _ in _FINER_STEPS_DEG)])[level]
    return 0.5 * 111_320.0 * step * np.hypot(1.0, np.cos(np.radians(np.where(known, lat, 0.0))))


def _read_pair(lon: str, lat: str) -> tuple[float, float]:
    first, second = _numbers(lon), _numbers(lat)
    if lon == lat or not second:
        both = first
    elif not first:
        both = second
    elif len(first) == len(second) == 1:
        both = [first[0], second[0]]
    else:
        return np.nan, np.nan
    return (both[0], both[1]) if len(both) in (2, 3) else (np.nan, np.nan)  # a third is a height


def _numbers(cell: str) -> list[float]:
    """Numbers in a cell, degrees with minutes and seconds as one each.

    Examples
    --------
    >>> _numbers("N31.23E121.47"), _numbers("东经121°30′ 北纬31°15′"), _numbers("121.47-31.23")
    ([31.23, 121.47], [121.5, 31.25], [121.47, 31.23])
    """
    plain = unicodedata.normalize("NFKC", cell.translate(_SIGNS))
    if re.search(r"[°度]\s*\d|[°度]\s*$", plain):
        found = _SEXAGESIMAL.findall(plain)
        return [float(d) + float(m or 0) / 60 + float(s or 0) / 3600 for d, m, s in found]
    return [float(number) for number in _NUMBER.findall(_HEMISPHERE.sub(" ", plain))]


def _between(values: NDArray[np.float64], bounds: tuple[float, float]) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return (values >= bounds[0]) & (values <= bounds[1])
