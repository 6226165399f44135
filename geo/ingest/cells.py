"""Cells with coordinates → degrees: one column or two, in the right order or swapped."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_NOTHING: Final = r"(?:-+|—+|－+|–+|\*+|/|\\N|n/?a|null|none|nan|nat|#n/a|暂无|无数据|未公开|未公示)"

STATUSES: Final = (
    ("revoked", ("吊销", "撤销", "revoked")),
    ("deregistered", ("注销", "deregistered")),
    ("liquidating", ("清算", "liquidating")),
    ("suspended", ("停业", "歇业", "suspended")),
    ("moved_out", ("迁出", "moved_out")),
    ("active", ("存续", "在业", "开业", "在营", "在册", "迁入", "正常", "active")),
)
"""Status → words; the first that a cell contains counts, so that 吊销，未注销 is revoked."""

CURRENCIES: Final = {
    "人民币": "CNY", "美元": "USD", "美金": "USD", "港元": "HKD", "港币": "HKD", "欧元": "EUR", "日元": "JPY",
    "日圆": "JPY", "英镑": "GBP", "新台币": "TWD", "台币": "TWD", "韩元": "KRW", "韩圆": "KRW", "新加坡元": "SGD",
    "新加坡币": "SGD", "澳大利亚元": "AUD", "澳元": "AUD", "加拿大元": "CAD", "加元": "CAD", "瑞士法郎": "CHF",
    "瑞典克朗": "SEK", "丹麦克朗": "DKK", "挪威克朗": "NOK", "新西兰元": "NZD", "澳门元": "MOP", "泰铢": "THB",
    "马来西亚林吉特": "MYR", "德国马克": "DEM", "法国法郎": "FRF", "意大利里拉": "ITL", "荷兰盾": "NLG", "卢布": "RUB",
    "印度卢比": "INR",
}  # fmt: skip
"""Currency word → ISO 4217."""

_UNITS: Final = {
    "万亿": 10**12,
    "千亿": 10**11,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "万": 10**4,
    "千": 1000,
    "": 1,
}
_AMOUNT: Final = re.compile(r"([+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,2})?)(万亿|千亿|亿|千万|百万|万|千)?")
_DATE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)|(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_SERIAL: Final = re.compile(r"\d{4,5}(?:\.\d+)?")
_FIRST_SERIAL, _LAST_SERIAL = 3_000, 73_050
"""Spreadsheet serials taken for dates: 1908 to the end of 2099."""
_EPOCH: Final = dt.date(1899, 12, 30)


class Capital(NamedTuple):
    """Amount in the unit of the currency (元, not 万元) and ISO 4217 code; NaN and ``""`` where unreadable."""

    amount: float
    currency: str


def clean_cells(cells: pd.Series) -> pd.Series:
    r"""Take off wrapping and outer spaces; cells that say nothing become missing.

    Examples
    --------
    >>> clean_cells(pd.Series(['="9131"', " -- ", "***", "ab\x00c", None], dtype="str")).fillna("").tolist()
    ['9131', '', '', 'abc', '']
    """
    text = cells.astype("str")
    if text.str.contains(r"[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff]", regex=True).any():
        text = text.str.replace(r"[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff]", "", regex=True)
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
    return next((status for status, words in STATUSES if any(word in folded for word in words)), "unknown")


def read_capital(text: str, unit: int = 1) -> Capital:
    """Amount and currency of a capital.

    Parameters
    ----------
    text : str
        The cell.
    unit : int
        What a number without a unit of its own counts, as a header such as 注册资本(万元) says [currency].

    Returns
    -------
    Capital
        CNY where no currency is named; never converted.

    Examples
    --------
    >>> read_capital("13,400万元"), read_capital("500万美元").currency, read_capital("2.68亿").amount
    (Capital(amount=134000000.0, currency='CNY'), 'USD', 268000000.0)
    """
    plain = re.sub(r"[,\s]", "", unicodedata.normalize("NFKC", text))
    found = _AMOUNT.search(plain.lower())
    if not found:
        return Capital(np.nan, "")
    try:
        number = Decimal(found.group(1))
    except InvalidOperation:
        return Capital(np.nan, "")
    own = found.group(2) or ""
    rest = plain[: found.start()] + plain[found.end() :]
    currency = next((CURRENCIES[word] for word in sorted(CURRENCIES, key=len, reverse=True) if word in rest), "")
    code = re.search(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])", rest.upper())
    if not currency and code:
        currency = {"RMB": "CNY"}.get(code.group(), code.group())
    if not currency:
        currency = "CNY" if re.fullmatch(r"[()元整圆¥￥]*", rest) else ""
    if rest.startswith("$") and not code:
        currency = "USD"
    amount = float(number * (_UNITS[own] if own or "元" in rest else unit))
    return Capital(amount, currency) if amount >= 0 and np.isfinite(amount) else Capital(np.nan, "")


def unit_of_header(title: str) -> int:
    """What the numbers below a header of capital count.

    Examples
    --------
    >>> unit_of_header("注册资本(万元)"), unit_of_header("注册资本")
    (10000, 1)
    """
    found = re.search(r"[(（](亿|千万|百万|万|千)?", title)
    return _UNITS[found.group(1) or ""] if found else 1


def read_date(text: str) -> str:
    """Date as ISO 8601, the first one where a cell holds a span; ``""`` where it holds none.

    Examples
    --------
    >>> [read_date(cell) for cell in ("2001/5/8", "1997-01-28 至 无固定期限", "37019", "2001年", "2001-13-40")]
    ['2001-05-08', '1997-01-28', '2001-05-08', '', '']
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _DATE.search(plain)
    try:
        if found:
            year, month, day = (int(part) for part in found.groups() if part)
            return dt.date(year, month, day).isoformat() if 1800 <= year <= 2100 else ""
        if _SERIAL.fullmatch(plain) and _FIRST_SERIAL <= float(plain) <= _LAST_SERIAL:
            return (_EPOCH + dt.timedelta(days=int(float(plain)))).isoformat()
    except ValueError:
        return ""
    return ""


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

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
_SEXAGESIMAL: Final = re.compile(
    r"(\d{1,3})[°度]\s*(?:(\d{1,2}(?:\.\d+)?)['′分]\s*)?(?:(\d{1,2}(?:\.\d+)?)[\"″'′秒]*)?"
)


class Coordinates(NamedTuple):
    """Degrees, NaN where there are none; which rows came swapped, and which could not be read."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    swapped: NDArray[np.bool_]
    unreadable: NDArray[np.bool_]


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
    swapped = _between(x, LAT_RANGE) & _between(y, LON_RANGE)
    x, y = np.where(swapped, y, x), np.where(swapped, x, y)
    usable = _between(x, LON_RANGE) & _between(y, LAT_RANGE)
    return Coordinates(np.where(usable, x, np.nan), np.where(usable, y, np.nan), swapped, given & ~usable)


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
    return (both[0], both[1]) if len(both) == 2 else (np.nan, np.nan)


def _numbers(cell: str) -> list[float]:
    plain = unicodedata.normalize("NFKC", cell)
    if re.search(r"[°度]", plain):
        found = _SEXAGESIMAL.findall(plain)
        return [int(d) + float(m or 0) / 60 + float(s or 0) / 3600 for d, m, s in found]
    return [float(number) for number in _NUMBER.findall(plain)]


def _between(values: NDArray[np.float64], bounds: tuple[float, float]) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return (values >= bounds[0]) & (values <= bounds[1])
