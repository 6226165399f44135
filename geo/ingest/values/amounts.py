"""Amounts of money as people write them → number and currency, or the reason why the cell cannot be read whole."""

import re
import unicodedata
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

CURRENCIES: Final = {
    "人民币": "CNY", "美元": "USD", "美金": "USD", "港元": "HKD", "港币": "HKD", "欧元": "EUR", "日元": "JPY",
    "日币": "JPY", "英镑": "GBP", "新台币": "TWD", "台币": "TWD", "韩元": "KRW", "韩币": "KRW", "新加坡元": "SGD", "新加坡币": "SGD",
    "澳大利亚元": "AUD", "澳元": "AUD", "加拿大元": "CAD", "加元": "CAD", "瑞士法郎": "CHF", "瑞典克朗": "SEK",
    "丹麦克朗": "DKK", "挪威克朗": "NOK", "新西兰元": "NZD", "澳门元": "MOP", "澳门币": "MOP", "印尼盾": "IDR",
    "印度尼西亚盾": "IDR", "越南盾": "VND", "菲律宾比索": "PHP",
    "阿联酋迪拉姆": "AED", "迪拉姆": "AED", "円": "JPY", "英磅": "GBP", "瑞郎": "CHF", "新币": "SGD", "加币": "CAD",
    "泰铢": "THB", "马来西亚林吉特": "MYR",
    "林吉特": "MYR", "德国马克": "DEM", "法国法郎": "FRF", "意大利里拉": "ITL", "荷兰盾": "NLG", "卢布": "RUB",
    "俄罗斯卢布": "RUB", "印度卢比": "INR", "卢比": "INR", "巴西雷亚尔": "BRL", "南非兰特": "ZAR",
}  # fmt: skip
"""Currency word → ISO 4217."""

_NUMBERED_CURRENCIES: Final = {
    "156": "CNY", "840": "USD", "344": "HKD", "392": "JPY", "978": "EUR", "826": "GBP", "901": "TWD", "410": "KRW",
    "702": "SGD", "036": "AUD", "36": "AUD", "124": "CAD", "756": "CHF", "446": "MOP", "752": "SEK", "208": "DKK", "578": "NOK",
}  # fmt: skip
"""Numeric codes of ISO 4217, as registers write them."""

_SIGNS: Final = {
    "us$": "USD", "usd$": "USD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD", "a$": "AUD", "au$": "AUD", "c$": "CAD",
    "ca$": "CAD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "₩": "KRW", "rmb": "CNY", "cnh": "CNY",
    "yuan": "CNY", "dollars": "USD", "usdollars": "USD", "usdollar": "USD", "euros": "EUR",
}  # fmt: skip
"""Signs before or after a number.  ¥ is the yuan here: lists of Shanghai write 日元 for the yen."""

_CODES: Final = {code.lower(): code for code in CURRENCIES.values()}
_UNITS: Final = {
    "万亿": 10**12, "亿": 10**8, "万": 10**4, "千": 10**3, "百": 100, "十": 10, "w": 10**4, "k": 10**3,
    "thousand": 10**3, "million": 10**6, "millions": 10**6, "mln": 10**6, "mn": 10**6, "billion": 10**9, "bn": 10**9,
}  # fmt: skip
UNIT_WORDS: Final = {1: "", 10**3: "千", 10**4: "万", 10**6: "百万", 10**7: "千万", 10**8: "亿"}
"""Factor → word before the name of the currency."""

_FILLERS: Final = (
    *("注册资本", "注册资金", "认缴", "实缴", "实收", "注册", "出资额", "出资", "投资总额", "资本", "资金"),
    *("金额", "单位", "币种", "大写", "小写", "整", "正", ":"),
)
"""Words beside an amount that do not alter it."""

_SIMPLE: Final = str.maketrans(
    "萬億圓圆仟佰拾壹貳贰參叁肆伍陸陆柒捌玖兩两〇零幣臺歐韓鎊[]{}【】〔〕〈〉《》",
    "万亿元元千百十一二二三三四五六六七八九二二00币台欧韩镑()()()()()()",
)
_DIGITS: Final = {digit: value for value, digit in enumerate("0一二三四五六七八九")}
_CHINESE: Final = re.compile(r"[一二三四五六七八九十][0一二三四五六七八九十百千万亿]*")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d{1,2}(?!\d))?|\.\d+")
_GROUPED: Final = re.compile(r"(?<![\d.,])\d{1,4}(?:,\d{3})+(?![\d,])|(?<![\d.,])\d{1,4}(?:,\d{4})+(?![\d,])")
_WORDS: Final = sorted({*CURRENCIES, *_SIGNS, *_CODES, *_UNITS, *_FILLERS, "元"}, key=len, reverse=True)
_WORD: Final = re.compile("|".join(map(re.escape, _WORDS)))
_RANGE: Final = re.compile(r"[\d万亿元千百](?:[-~—–至到]|to)+[\d一二三四五六七八九]")
_PARTS: Final = re.compile(
    r"[;/、|\n]|(?<=[元币整\d万亿])(?:和|及|折合|,(?=\D)|\((?=[^)]*[\d一二三四五六七八九]))|(?<=.)(?=认缴|实缴|实收)"
)
_PAID_IN: Final = re.compile("实缴|实收")

MAX_CAPITAL: Final = 1e13
"""Beyond this no enterprise of the country has a capital, in whatever currency [units of the currency]."""

UNREADABLE: Final = "认不出金额"
TOO_MUCH: Final = "大到不可能是注册资本，可能是别的号码，没有读入"
RANGE: Final = "是一个范围，没有取其中一个数"
SEVERAL: Final = "有几个金额，不知道取哪一个"
SECOND_CURRENCY: Final = "有几种货币的金额，取人民币的那一个"
SUBSCRIBED: Final = "认缴与实缴写在一格，取认缴的金额"
NO_UNIT: Final = "没有写明单位是元还是万元，没有读入；请在表头写明，如 注册资本（万元）"
AS_YUAN: Final = "没有写明单位，数值都在十万以上，按元计"
CURRENCY_DOUBT: Final = "币种不清（表头或表上说有的是外币），没有读入；请另设币种一列"
TWO_CURRENCIES: Final = "金额与币种一列写的货币不同，没有读入"

_COMMON: Final = re.compile(
    r"(\d{1,15}(?:\.\d{1,10})?|\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,10})?)(万|亿)?(元)?(人民币|美元|港元|欧元)?"
)
_HAS_NUMBER: Final = re.compile(r"[\d一二三四五六七八九十]")
_COINS: Final = ("元", "镑", "郎", "$", "€", "£", "¥", "dollars", "euros")
_MONEY: Final = "|".join(map(re.escape, sorted({*CURRENCIES, *_SIGNS, *_CODES}, key=len, reverse=True)))
_SCALE: Final = "(?P<scale>万亿|[十百千]?亿|[十百千]?万|千|百)"
_SCALED: Final = re.compile(rf"(?P<before>{_MONEY})?{_SCALE}(?P<after>元?(?:{_MONEY})|元)")
_LONE: Final = re.compile(rf"[(/:_,、—–-](?P<before>{_MONEY})?{_SCALE}(?P<after>)(?=[)/;:,、]|$)")
_ENGLISH: Final = re.compile(rf"(?P<scale>10000|10k|wan|million|mn|thousand)(?P<after>{_MONEY})?(?![a-z])")
_PLAINLY: Final = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])|(?<=[万亿千百十元])|(?<=资本)|(?<=资金)|(?<=资额)|(?<=金额)|(?<=总额)|(?<=币种)|(?<=单位)"
    rf"|(?<![\u4e00-\u9fff])(?:以|按|均为|为|折合?))(?:{_MONEY})(?=$|[^\u4e00-\u9fff]|[万亿千百十元计])"
)
"""A currency that a title gives for all: it stands by itself, beside the unit, or in 以美元计; not 外资企业为美元."""

_FOREIGN: Final = re.compile("原币|外币(?!.{0,6}(?:折|换|兑))")
"""What tells that numbers are of several currencies."""

MIN_YUAN: Final = 100_000
"""Numbers without any unit are taken for yuan when most are at least this; below, 万元 is as likely [CNY]."""


class Capital(NamedTuple):
    """Amount in the unit of the currency (元, not 万元) and ISO 4217 code; NaN and ``""`` where not understood.

    `problem` says what was noticed, ``""`` when nothing was; `bare` that the number has no unit of its own;
    `currency_said` that the cell names its currency.
    """

    amount: float
    currency: str
    problem: str = ""
    bare: bool = False
    currency_said: bool = False


_NOT_READ: Final = Capital(np.nan, "", UNREADABLE)


class Unit(NamedTuple):
    """What a number without a unit of its own counts: `factor` (None where nobody said) and currency.

    `doubt` tells that some of the numbers are said to be of another currency.
    """

    factor: int | None
    currency: str = ""
    doubt: bool = False


NO_UNIT_SAID: Final = Unit(None)


def read_capital(text: str, unit: Unit = NO_UNIT_SAID) -> Capital:
    """Amount and currency of a capital, when the whole cell is understood.

    Parameters
    ----------
    text : str
        The cell.
    unit : Unit
        What a number without a unit of its own counts, as a header such as 注册资本(万元) says; the currency there
        is that of cells that name none.

    Returns
    -------
    Capital
        CNY where no currency is named; never converted.  A range, several amounts or any word that is not understood
        give no amount and say so.  Of 认缴 and 实缴 in one cell the first is the registered capital; of a sum in
        yuan beside one in another currency the yuan count, and `problem` says so.

    Examples
    --------
    >>> read_capital("13,400万元")[:2], read_capital("3亿8000万日元")[:2], read_capital("伍佰万元整")[:2]
    ((134000000.0, 'CNY'), (380000000.0, 'JPY'), (5000000.0, 'CNY'))
    >>> read_capital("1000-5000万").problem
    '是一个范围，没有取其中一个数'
    """
    if common := _COMMON.fullmatch(text):  # what nearly all cells of vendors look like
        number, scale, coin, name = common.groups()
        if coin or scale or not name:
            factor = {None: 1 if coin else unit.factor or 1, "万": 10**4, "亿": 10**8}[scale]
            currency = CURRENCIES[name] if name else "CNY" if coin else unit.currency or "CNY"
            amount = float(Decimal(number.replace(",", "")) * factor)
            if amount > MAX_CAPITAL:
                return Capital(np.nan, "", TOO_MUCH)
            return Capital(amount, currency, "", not (coin or scale), bool(name))
    plain = _plain(text)
    if re.match(r"\(\d", plain):  # a negative number, as accountants write it
        return _NOT_READ
    if _RANGE.search(plain):
        return Capital(np.nan, _currency_of(plain), RANGE)
    parts: list[str] = []
    for part in _PARTS.split(plain):
        if parts and not _HAS_NUMBER.search(part):  # 5000万元/人民币
            parts[-1] += part
        elif part.strip("()"):
            parts.append(part)
    readings = [_read_one(part, unit) for part in parts]
    if not readings or any(reading.problem for reading in readings):
        return readings[0] if len(readings) == 1 else Capital(np.nan, "", UNREADABLE)
    if all(reading[:2] == readings[0][:2] for reading in readings):
        return readings[0]
    registered = [reading for part, reading in zip(parts, readings, strict=True) if not _PAID_IN.search(part)]
    if len(registered) == 1 and (not registered[0].bare or all(reading.bare for reading in readings)):
        return registered[0]._replace(problem=SUBSCRIBED)
    yuan = [reading for reading in readings if reading.currency == "CNY" and not reading.bare]
    if len(yuan) == 1 and len({reading.currency for reading in readings}) == len(readings):
        return yuan[0]._replace(problem=SECOND_CURRENCY)
    return Capital(np.nan, "", SEVERAL)


def unit_of_title(title: str) -> Unit:
    """What the numbers below a header, or below a line such as 单位：万元, count.

    Examples
    --------
    >>> unit_of_title("注册资本（单位：万元）"), unit_of_title("注册资本")
    (Unit(factor=10000, currency='', doubt=False), Unit(factor=None, currency='', doubt=False))
    >>> unit_of_title("注册资本/万美元")
    Unit(factor=10000, currency='USD', doubt=False)
    >>> unit_of_title("单位：万元（外资企业为美元）")
    Unit(factor=10000, currency='', doubt=True)
    """
    plain = _plain(title)
    scales = {(found["scale"], found["before"] or found["after"].strip("元")) for found in _SCALED.finditer(plain)}
    if len(scales) > 1 or re.search(r"[(/]元[/、,]", plain):  # 万元/万美元: nobody knows which of them a number is
        return Unit(None, "", True)
    if found := _SCALED.search(plain) or _LONE.search(plain):
        factor = 1
        for word in re.findall("[亿万千百十]", found["scale"]):
            factor *= _UNITS[word]
        return _with_currency(factor, plain)
    if found := _ENGLISH.search(plain):
        factor = {"t": 10**3, "m": 10**6}.get(found["scale"][0], 10**4)
        return _with_currency(factor, plain)
    if found := re.search(rf"[(/:_-]((?:{_MONEY})?元|{_MONEY})(?=[)/;:,]|$)", plain):
        word = found.group(1)
        if _names_another(plain, _currency_of(word) if word != "元" else "CNY"):
            return Unit(1, "", True)
        return Unit(1 if word.endswith(_COINS) else None, "" if word == "元" else _currency_of(word))
    return Unit(None)


def _with_currency(factor: int, title: str) -> Unit:
    """Unit with the currency that the title names beside it (万元，美元); in doubt where it names several, or one of some."""
    named = {_currency_of(word) for word in re.findall(_MONEY, title)}
    if len(named) > 1:
        return Unit(factor, "", True)
    currency = named.pop() if named else ""
    plainly = currency in ("", "CNY") or len(_PLAINLY.findall(title)) == len(re.findall(_MONEY, title))
    return Unit(factor, currency) if plainly and not _FOREIGN.search(title) else Unit(factor, "", True)


def _names_another(title: str, currency: str) -> bool:
    """Whether a title names a currency beside the one that its unit is of."""
    return bool(_FOREIGN.search(title)) or any(_currency_of(word) != currency for word in re.findall(_MONEY, title))


def read_currency(text: str) -> str:
    """ISO 4217 code that a cell of a column of currencies names, ``""`` where it names none.

    Examples
    --------
    >>> read_currency("人民币"), read_currency("USD"), read_currency("万美元"), read_currency("贝壳")
    ('CNY', 'USD', 'USD', '')
    """
    plain = _plain(text)
    if re.fullmatch(r"\d+(?:\.0+)?", plain):
        return _NUMBERED_CURRENCIES.get(plain.split(".")[0], "")
    reading = _read_one(f"1{plain}", Unit(1))
    return "" if reading.problem else reading.currency


def _plain(text: str) -> str:
    """Half-width, small letters, simplified numerals, one kind of brackets, no spaces, no thousands separators."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_SIMPLE)
    plain = re.sub(r"(?<=\d)[^\S\n]+(?=\d{3}(?!\d))", "", plain)
    plain = re.sub(r"(?<=\d)[^\S\n]+(?=\d)", ";", plain)
    plain = re.sub(r"[^\S\n]+|[·*\"']", "", plain).strip("\n;,。")
    return _GROUPED.sub(lambda group: group.group().replace(",", ""), plain)


def _read_one(part: str, unit: Unit) -> Capital:
    """One amount: numbers and units in falling order, currency words, and nothing else."""
    text, at = re.sub("[()]", "", part), 0
    terms: list[tuple[Decimal, int]] = []
    currencies: set[str] = set()
    whole: int | None = None
    coins = False
    while at < len(text):
        if number := _NUMBER.match(text, at):
            terms.append((Decimal(number.group()), 1))
            at = number.end()
        elif chinese := _CHINESE.match(text, at):
            whole = _chinese_number(chinese.group())
            if whole is None or terms:
                return _NOT_READ
            terms.append((Decimal(whole), 1))
            at = chinese.end()
        elif word := _WORD.match(text, at):
            found, at = word.group(), word.end()
            if found in _UNITS:
                if not terms or whole is not None:
                    return _NOT_READ
                terms[-1] = (terms[-1][0], terms[-1][1] * _UNITS[found])
            elif found == "元":
                coins = True
            elif found not in _FILLERS:
                currencies.add(CURRENCIES.get(found) or _SIGNS.get(found) or _CODES[found])
                coins |= found.endswith(_COINS)
        else:
            return _NOT_READ
    factors = [factor for _, factor in terms]
    if any(above >= 10**8 and 1 < below < 10**4 for above, below in pairwise(factors)):  # 1亿5千 is said for 1.5 亿
        return _NOT_READ
    falling = all(above > below for above, below in pairwise(factors))
    if not terms or len(currencies) > 1 or not falling or (len(terms) > 1 and factors[-1] == 1 and not coins):
        return _NOT_READ
    own = coins or factors[0] > 1 or (whole is not None and whole >= 10_000)
    amount = float(sum(value * factor for value, factor in terms) * (1 if own else unit.factor or 1))
    if not amount <= MAX_CAPITAL:
        return Capital(np.nan, "", TOO_MUCH)
    currency = next(iter(currencies), "") or ("CNY" if coins else unit.currency) or "CNY"
    return Capital(amount, currency, "", not own, bool(currencies))


def _chinese_number(text: str) -> int | None:
    """Value of a whole number in Chinese numerals; None where it is none.

    Examples
    --------
    >>> _chinese_number("一亿二千万"), _chinese_number("五百0五"), _chinese_number("十"), _chinese_number("一二")
    (120000000, 505, 10, None)
    """
    for unit in ("亿", "万"):
        if unit in text:
            above, _, below = text.rpartition(unit)
            parts = _chinese_number(above), _chinese_number(below) if below else 0
            if None in parts or not parts[0] or (parts[1] or 0) >= _UNITS[unit]:
                return None
            if len(below) == 1 or (unit == "亿" and below and below[0] != "0" and "万" not in below):
                return None  # 一亿五 and 一亿五千 are said for 1.5 亿; 100005000 written out has a 零
            return (parts[0] or 0) * _UNITS[unit] + (parts[1] or 0)
    total, digit, last, zero = 0, None, 10**4, False
    for letter in text:
        if letter in _DIGITS:
            if digit:
                return None
            zero |= letter == "0"
            digit = _DIGITS[letter]
        else:
            unit_value = _UNITS[letter]
            if unit_value >= last or digit == 0 or (digit is None and unit_value > 10):
                return None
            total, digit, last, zero = total + (digit or 1) * unit_value, None, unit_value, False
    if digit and 10 < last < 10**4 and not zero:  # 一千二 is said for 1200, and written for 1002 by nobody
        return None
    return total + (digit or 0)


def _currency_of(text: str) -> str:
    found = {
        CURRENCIES.get(word) or _SIGNS.get(word) or _CODES[word]
        for word in _WORD.findall(text)
        if word not in _UNITS and word not in _FILLERS and word != "元"
    }
    return found.pop() if len(found) == 1 else ("" if found else "CNY")
