"""Unified social credit codes (GB 32100-2015): valid or not, recoverable or not, registered where."""

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from stdnum.cn import uscc

from geo.enterprises.redact import LEFT_OUT
from geo.ingest.values.cells import by_value
from geo.places.districts import adcodes_of

LOST_DIGITS: Final = "表格软件把代码变成了科学计数，末几位已经丢失，无法恢复"
PERSONS: Final = "是个人的号码，已略去"
WRONG: Final = "统一社会信用代码没有通过校验"

_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?e\+?1[5-9]", re.IGNORECASE)


_LETTER_CODE: Final = re.compile(r"[ANY][1-9]\d{6}[0-9A-HJ-NP-RTUW-Y]{10}")


_CODE_WITHIN: Final = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")

_CHARACTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_MASKED: Final = re.compile("^.{8}(?:" + "|".join(f"{one}{{9}}" for one in _CHARACTERS) + ")")
"""A code whose organisation is one character over and over: somebody has hidden it, and many rows may share it."""

_PLAIN_CODE: Final = f"^(?:[0-9]{{8}}|[ANY][1-9][0-9]{{6}})[{_CHARACTERS}]{{10}}$"
_CHARACTER_PLACES: Final = np.zeros(128, np.int64)
_CHARACTER_PLACES[np.frombuffer(_CHARACTERS.encode(), np.uint8)] = np.arange(len(_CHARACTERS))
_CHECK_WEIGHTS: Final = np.array([pow(3, place, 31) for place in range(17)])
"""Of the first 17 characters, modulo 31 (GB 32100-2015, 3^(i-1))."""


class Identifier(NamedTuple):
    """A code as it stands, whether it is valid, and what is wrong with it (``""`` when nothing is)."""

    code: str
    valid: bool
    problem: str


def read_uscc(text: str) -> Identifier:
    """Read a unified social credit code.

    Returns
    -------
    Identifier
        The code in capital letters without spaces; ``""`` when a spreadsheet has turned it into 9.13E+17.

    Examples
    --------
    >>> read_uscc("91310000132221347Q").valid, read_uscc("91330000123456789X").valid, read_uscc("9.1331E+17").code
    (False, False, '')
    >>> read_uscc("N2310117MA1J00014A").valid
    True
    """
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'`").upper()
    if _SCIENTIFIC.fullmatch(plain.replace(" ", "")):
        return Identifier("", False, LOST_DIGITS)
    if LEFT_OUT in text:
        return Identifier("", False, PERSONS)
    code = uscc.compact(plain)
    valid = _is_valid(code)
    within = [] if valid else _CODE_WITHIN.findall(plain)
    if len(within) == 1 and _is_valid(within[0]):  # with a label before it or a remark behind
        code, valid = within[0], True
    if not valid and re.fullmatch(r"\d{15}000", code):
        return Identifier("", False, LOST_DIGITS)
    return Identifier(code, valid, "" if valid else WRONG)


def _is_valid(code: str) -> bool:
    return code.isascii() and not _MASKED.match(code) and (bool(uscc.is_valid(code)) or _valid_letter(code))


def _valid_letter(code: str) -> bool:
    """Codes of the authorities that have a letter, of which stdnum knows none: the check character is the same.

    A 中央军委, N 农业农村, Y 其他 (GB 32100-2015 and its amendment).
    """
    return bool(_LETTER_CODE.fullmatch(code)) and uscc.calc_check_digit(code[:-1]) == code[-1]


def are_codes(texts: pd.Series) -> NDArray[np.bool_]:
    """Which texts are valid codes just as they stand, in capital letters without a space; as `read_uscc` judges them.

    Most cells of a list are; checked by arrays they take a thirtieth of the time.

    Parameters
    ----------
    texts : Series of str

    Returns
    -------
    ndarray of bool
        False also where a text is missing or would have to be read more closely.

    Examples
    --------
    >>> are_codes(pd.Series(["N2310117MA1J00014A", "91310000132221347Q", "n2310117ma1j00014a", None], dtype="str")).tolist()
    [True, False, False, False]
    """
    column = pa.array(texts, pa.large_string(), from_pandas=True)
    valid = pc.match_substring_regex(column, _PLAIN_CODE).fill_null(False).to_numpy(zero_copy_only=False).copy()
    valid &= ~pc.match_substring_regex(column, _MASKED.pattern).fill_null(False).to_numpy(zero_copy_only=False)
    joined = "".join(column.filter(pa.array(valid)).to_pylist())
    places = _CHARACTER_PLACES[np.frombuffer(joined.encode(), np.uint8).reshape(-1, 18)]
    valid[valid] = (places[:, :17] @ _CHECK_WEIGHTS + places[:, 17]) % 31 == 0
    return valid


def read_usccs(cells: pd.Series) -> pd.DataFrame:
    """Read a column of codes.

    Returns
    -------
    DataFrame
        Index of `cells`; `uscc` (text, missing where none), `uscc_valid` (missing where the cell is) and `problem`.

    Examples
    --------
    >>> read_usccs(pd.Series(["9.13E+17", None], dtype="str"))["uscc_valid"].isna().tolist()
    [False, True]
    """
    plain = are_codes(cells)
    rest = by_value(cells[~plain], read_uscc, Identifier("", False, ""))
    codes, valid, problems = cells.to_numpy(object).copy(), plain.copy(), np.full(len(cells), "", object)
    codes[~plain] = [one.code for one in rest]
    valid[~plain] = [one.valid for one in rest]
    problems[~plain] = [one.problem for one in rest]
    frame = pd.DataFrame({"uscc": codes, "uscc_valid": valid, "problem": problems}, index=cells.index)
    frame["uscc"] = frame["uscc"].astype("str").replace("", None)
    frame["uscc_valid"] = frame["uscc_valid"].astype("boolean").mask(cells.isna())
    return frame


def registration_adcodes(codes: pd.Series, valid: pd.Series) -> pd.Series:
    """District of the authority that registered each enterprise, from characters 3 to 8 of a valid code.

    Weak evidence: an enterprise keeps its code when it moves, and many are registered with the city (310000).

    Returns
    -------
    Series of str
        Adcode of today's district, ``""`` where the code is not valid or names none.
    """
    trusted = codes.where(valid.fillna(False).astype(bool))
    return pd.Series(by_value(trusted.str[2:8], _district, ""), index=codes.index, dtype="str")


@cache
def _district(code: str) -> str:
    return str(adcodes_of(pd.Series([code])).iloc[0])
