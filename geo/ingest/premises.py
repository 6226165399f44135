"""Reading lists of premises: parcels, plants and floors out of tables and layers, every row accounted for.

The file is read, placed and freed of what is about persons as a list of enterprises is, in a process of its own.
"""

import calendar
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.errors import DataError
from geo.ingest.isolation import read_apart
from geo.ingest.locate import locate_rows
from geo.ingest.readers.read import files_of, sheet_task
from geo.ingest.readers.sheet import Issue, Limits, Sheet, open_sheet
from geo.ingest.rows import read_rows
from geo.ingest.values.cells import read_date
from geo.ingest.values.columns import COLUMN_ALIASES, heading, map_columns
from geo.ingest.values.privacy import is_person_name
from geo.places.towns import place_stems
from geo.premises.premises import (
    AVAILABLE_NOW,
    ENVIRONMENT_CLASSES,
    MAX_PREMISES,
    PREMISES_COLUMNS,
    PREMISES_KINDS,
    checked_row,
    column_title,
)
from geo.premises.quantities import QUANTITIES, Title, Unit, flat, read_quantity, read_title
from geo.text import Text

PREMISES_LIMITS: Final = Limits(
    file_bytes=64 * 2**20, unpacked_bytes=256 * 2**20, rows=MAX_PREMISES, cells=MAX_PREMISES * 100
)
SAMPLE_ROW: Final = Text("样例行，导入前请删除", "Sample row, delete before the import")
"""Name of the row of the template that shows how cells are written; it is never imported."""

UNKNOWN_KIND: Final = "不认识的类型，没有采用"
UNKNOWN_CLASS: Final = "没有写明可办哪一级环评，照原文保留"
MONTH_ONLY: Final = "只写到月，按月末计"
NOTHING_FREE: Final = "暂无可租"
NO_LETTERS: Final = "名称里没有文字"
NAME_IN_WORDS: Final = "载体名称里没有文字，请写成“3号厂房”这样"
UNKNOWN_DAY: Final = "认不出日期，没有采用"
NO_ORGANISATION: Final = "看不出是单位，可能是个人，已略去"
NOT_SHANGHAI: Final = "不在上海"
TWICE: Final = "与前面的一行完全相同"

_TEXT_HEADINGS: Final[dict[str, str]] = {
    "name": "名称、载体名称、载体、项目名称、楼宇名称、厂房名称、地块名称、地块、房源名称、房源、楼宇、物业名称、园区载体、标题、"
    "name、premises、property、title",
    "kind": "类型、载体类型、物业类型、房源类型、载体性质、类别、用途类型、type、kind、category、propertytype",
    "environment": "环评类别、环评、环评等级、可办环评、环保、环评要求、环境准入、环保等级、environmentalclass、environment、eia",
    "admitted": "产业准入、准入产业、产业方向、产业定位、主导产业、准入行业、适合行业、适合产业、招商方向、适用行业、"
    "admittedindustries、industries、targetindustries",
    "available_from": "可用日期、可入驻时间、可入驻日期、入驻时间、交付时间、交付日期、可交付时间、可租日期、可用时间、空置时间、"
    "availablefrom、availabledate、availability、deliverydate",
    "organisation": "联系单位、单位、运营单位、运营方、权属单位、产权单位、出租单位、出租方、发布单位、管理单位、招商单位、"
    "organisation、organization、operator、landlord",
    "updated": "更新日期、更新时间、发布日期、发布时间、登记日期、updated、updatedat、published、listingdate",
}  # fmt: skip
_HEADINGS: Final = {flat(word): column for column, words in _TEXT_HEADINGS.items() for word in words.split("、")}
_PLACE: Final = ("province", "city", "district", "town", "park", "address", "lon", "lat")
"""Columns that are those of a list of enterprises."""

_ADDRESS_HEADINGS: Final = (
    "位置",
    "坐落",
    "座落",
    "地块位置",
    "载体地址",
    "项目地址",
    "具体位置",
    "location",
    "address",
)
_KIND_WORDS: Final = {
    "parcel": r"地块|土地|用地|净地|宗地|(?<![a-z])(?:parcels?|plots?|land)(?![a-z])",
    "plant": r"厂房|车间|工厂|(?<![a-z])(?:plants?|factor(?:y|ies)|workshops?)(?![a-z])",
    "floor": r"楼层|整层|单层|(?<![a-z])floors?(?![a-z])",
    "lab": r"研发|实验室|r ?& ?d|(?<![a-z])lab(?:s|orator(?:y|ies))?(?![a-z])",
    "warehouse": r"仓库|仓储|库房|(?<![a-z])(?:warehouses?|storage)(?![a-z])",
    "office": r"办公|写字楼|商务楼|(?<![a-z])offices?(?![a-z])",
}
_HARMLESS: Final = re.compile(
    r"(?:环评|环境影响(?:评价)?|eia)[::]?|编制|办理|可以|允许|支持|最高|均|都|可|能|做|办|类别|类|级|及以下|以及|[和及与、,;。()/+&\s]"
    r"|upto|possible|permitted|allowed|can|do|and|the|a"
)
"""What may stand beside the name of an assessment without taking anything from it."""

_NOW: Final = re.compile(
    r"即可(?:使用|入驻|交付)?|即时|随时(?:可?入驻)?|立即|空置|已空置|目前空置|now|immediate(?:ly)?|vacant|ready"
)
_ORGANISATION: Final = re.compile(
    r".*(?:公司|集团|中心|管委会?|委员会|办公室|政府|园区|基地|合作社|协会|学院|大学|研究院|研究所|街道|(?:开发|工业|保税|高新)区|(?:产业|科技|工业|创业|软件|物流|创意)园)"
    r"|(?:招商|管理|运营|物业|租赁|市场|投促|经发|商务|国资)[局部办处委]|.{3,}[局办院所厂社部处站会镇村委]",
)
"""A word that stands for an organisation, by its end; one character alone ends names of persons too (张会, 李办)."""

_OFFICE_END: Final = re.compile(
    r"(?:招商|运营|服务|管理|物业|租赁|投资促进)*(?:有限)?(?:公司|中心|部|处|办|办公室|局|园区|管委会|基地|开发区|[局办院所厂社部处站会委])$"
)
_SPOKEN_TO: Final = re.compile(
    r"(?i:\b(?:mrs?|ms|miss|dr|prof)\b)|经理|先生|女士|小姐|老师|主任|书记|总监|部长|主管|专员|助理|[\u4e00-\u9fff][总工姐哥](?=$|招商|园区|管)"
)
_ENGLISH_ORGANISATION: Final = re.compile(
    r"(?:.*\b)?(?:co|ltd|limited|inc|llc|corp|corporation|company|group|cent(?:re|er)|committee|office|bureau"
    r"|(?:industrial|science|technology|business|logistics|software|innovation) park"
    r"|authority|government|institute|university|department)\.?",
    re.IGNORECASE,
)
_FREE_FROM: Final = r"(?:自|从|于|available from|as from|from)?\s*"
_FREE_WORDS: Final = (
    r"\s*(?:起|开始|以后|之后|后)?\s*[,，]?\s*(?:即?可(?:以)?)?(?:正式)?"
    r"(?:入驻|交付|交房|使用|投用|入住|租赁|起租|空置|空出|腾空)?(?:使用)?\s*"
)
"""What may stand before and after the day from which premises are free, and says nothing else."""

_MONTH_NAME: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_WHOLE_DAY: Final = re.compile(
    r"\d{4}\s*(?:(?P<sign>[-/.])\s*\d{1,2}\s*(?P=sign)\s*\d{1,2}|年\s*\d{1,2}\s*月\s*\d{1,2}\s*日?)"
    r"(?:[t ]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:z|utc|gmt|[+-]\d{2}:?\d{2})?)?"
    r"|20\d{6}|\d{14}|[34567]\d{4}(?:\.\d+)?|\d{12,13}|/date\(-?\d{1,13}(?:[+-]\d{4})?\)/"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ -]{_MONTH_NAME},?[ -]\d{{4}}|{_MONTH_NAME} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    r"|[〇○零一二三四五六七八九]{4}年[十一二三四五六七八九]+月[十一二三四五六七八九]+日"
)
"""A cell that is one day and nothing else."""

_MONTH: Final = re.compile(r"(20\d\d)\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月份?)?(?:底|末)?")
_NUMBER_MONTH: Final = re.compile(r"20\d\d\.1")
"""2026.1 is what a cell of numbers makes of 2026.10: January or October."""


@dataclass(frozen=True)
class PremisesRead:
    """What was read of a file.

    `rows` as `geo.premises.premises.premises_table` takes them; `columns` our column → header of the file; `unread`
    headers that mean nothing here, `personal` those that are about persons and were dropped; `rejected` (row, reason);
    `issues` (row, column, value, what is told), the first of each kind; `counts` how many there are of each; `rows_in_file`
    is the sum of rows and rejected ones.
    """

    rows: list[dict[str, Any]]
    columns: dict[str, str]
    unread: list[str]
    personal: list[str]
    rejected: list[tuple[int, str]]
    issues: list[tuple[int | None, str, str, str]]
    counts: dict[str, int]
    rows_in_file: int
    verdict: str = ""
    datum: str = field(default="auto")


def read_premises(path: Path | str, label: str = "", *, datum: str = "auto") -> PremisesRead:
    """Read the premises of a file, in a process of its own.

    Parameters
    ----------
    path : Path
        Any file that an import of enterprises reads.
    label : str
        What to call the file; its name when not given.
    datum : {"auto", "wgs84", "gcj02", "bd09"}
        Of its coordinates.

    Raises
    ------
    DataError
        When it cannot be read, has no column of names, or none of its rows can be taken.
    """
    path = Path(path)
    files = files_of(path)
    if len(files) != 1 or path.is_dir():
        raise DataError("找不到文件" if not files else "请把这些文件放进一个 zip", file=path)
    if not path.stat().st_size:
        raise DataError("文件是空的", file=path)
    if path.stat().st_size > PREMISES_LIMITS.file_bytes:
        most = PREMISES_LIMITS.file_bytes / 2**20
        raise DataError(f"文件超过 {most:,.0f} MB", file=path, cause="请把文件分成几份")
    arguments = {"label": label or path.name, "datum": datum}
    with read_apart("premises", path, arguments) as (answer, _):
        told = {name: answer[name] for name in PremisesRead.__dataclass_fields__ if name in answer}
        return PremisesRead(
            **{
                **told,
                "rows": [checked_row(row) for row in answer["rows"]],
                "rejected": [(int(row), str(reason)[:200]) for row, reason in answer["rejected"]],
                "issues": [
                    (None if row is None else int(row), *(str(text)[:200] for text in rest))
                    for row, *rest in answer["issues"]
                ],
                "datum": datum,
            }
        )


def premises_task(
    file: Path, arguments: Mapping[str, Any], folder: Path, progress: Callable[..., None]
) -> dict[str, Any]:
    """Read the premises of a file here; see `read_premises`."""
    kept = folder / "sheet"
    kept.mkdir()
    sheet_task(file, {"limits": vars(PREMISES_LIMITS)}, kept, progress)
    return _read(file, open_sheet(kept), str(arguments["label"]), str(arguments["datum"]))


def _read(file: Path, sheet: Sheet, label: str, datum: str) -> dict[str, Any]:
    headers = list(sheet.table.columns)
    found = recognise_premises(headers)
    if "name" not in found:
        raise DataError(
            "找不到载体名称这一列", file=file, value="、".join(headers)[:80],
            expected="前10行内有“名称”之类的表头（name of the premises）",
        )  # fmt: skip
    titles = {header: title for header in headers if (title := read_title(header))}
    taken = {"name": found["name"]} | {column: found[column] for column in _PLACE if column in found}
    mapping = dict.fromkeys((name for name in COLUMN_ALIASES if name != "lonlat"), "") | taken
    if free := found.get("available_m2", ""):  # 暂无 says that nothing is free, not that nothing is said
        cells = sheet.table[free]
        sheet.table[free] = cells.mask(cells.str.fullmatch(r"\s*暂无\s*", na=False), NOTHING_FREE)
    rows, report = read_rows(
        file, label, datum=datum, keep_personal=False, mapping=mapping, limits=PREMISES_LIMITS,
        progress=lambda *_done: None, read=lambda *_: sheet,
    )  # fmt: skip
    personal, issues = report.personal_columns_dropped, report.issues
    placed = locate_rows(rows)
    clean = sheet.table  # freed of telephone numbers, mailboxes and names by `read_rows`, row by row as `rows`
    taken_rows: list[dict[str, Any]] = []
    rejected = [
        (row.row, NAME_IN_WORDS if row.reason == NO_LETTERS else row.reason.replace("企业名称", "载体名称"))
        for row in report.rejected_rows
    ]
    seen: set[str] = set()
    counting = {
        title for title in clean if flat(title).strip("*:.") in ("序号", "序", "行号", "no", "#", "fid", "objectid")
    }
    for position, (number, said) in enumerate(zip(map(int, rows["source_row"]), clean.to_dict("records"), strict=True)):
        own = {column: _text(said.get(header)) for column, header in found.items() if header in clean}
        name = _text(rows["name"].iat[position])
        if any(flat(name).startswith(flat(one)) for one in SAMPLE_ROW):
            rejected.append((number, "这是模板里的样例行"))
            continue
        row = _row(own, name, placed.iloc[position], found, titles, sheet.serial_days, issues, number)
        point = [_text(rows[axis].iat[position]) for axis in ("lon", "lat", "lon_raw", "lat_raw") if axis in rows]
        told = repr((sorted((title, _text(cell)) for title, cell in said.items() if title not in counting), point))
        if told in seen:
            rejected.append((number, TWICE))
            continue
        seen.add(told)
        if bool(placed["outside"].iat[position]):
            issues.append(Issue(number, "district", _text(rows["address"].iat[position])[:60], NOT_SHANGHAI))
        taken_rows.append(row | {"source_file": label, "source_row": number})
    if not taken_rows:
        reasons = "、".join(dict.fromkeys(reason for _, reason in rejected))
        raise DataError("没有一行可以导入", file=file, cause=reasons or "表头下面没有内容")
    known = set(found.values())
    return {
        "rows": taken_rows,
        "columns": {column: header for column, header in found.items() if header not in personal},
        "unread": [header for header in headers if header not in known and header not in personal],
        "personal": personal,
        "rejected": sorted(rejected),
        "issues": [(one.row, one.column, one.value, one.problem) for one in issues][:2000],
        "counts": report.issue_counts(),
        "rows_in_file": len(taken_rows) + len(rejected),
        "verdict": report.datum.verdict,
    }


def recognise_premises(headers: Sequence[str]) -> dict[str, str]:
    """Which header of a file is which column of premises.

    Examples
    --------
    >>> recognise_premises(["载体名称", "区", "可租面积（㎡）", "层高(m)", "备注"])
    {'name': '载体名称', 'available_m2': '可租面积（㎡）', 'height_m': '层高(m)', 'district': '区'}
    """
    found: dict[str, str] = {}
    for header in headers:
        column = _HEADINGS.get(flat(header).strip("*:"), "") or _HEADINGS.get(flat(heading(header)), "")
        if column:
            found.setdefault(column, header)
    for header in headers:
        title = read_title(header)
        if title is None or header in found.values():
            continue
        held = found.get(title.quantity)
        earlier = read_title(held) if held else None
        if earlier is None or (earlier.unit is None and title.unit is not None):
            found[title.quantity] = header
    left = [header for header in headers if header not in found.values()]
    places = map_columns(left)
    found |= {column: places[column] for column in _PLACE if column in places}
    if "address" not in found:
        by = {flat(header).strip("*:"): header for header in left if header not in found.values()}
        found |= (
            {"address": next(by[word] for word in _ADDRESS_HEADINGS if word in by)}
            if set(by) & set(_ADDRESS_HEADINGS)
            else {}
        )
    if "name" not in found and "name" in places:
        found["name"] = places["name"]
    return found


def _row(
    own: Mapping[str, str],
    name: str,
    placed: pd.Series,
    found: Mapping[str, str],
    titles: Mapping[str, Title],
    serial_days: int,
    issues: list[Issue],
    number: int,
) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "address": own.get("address", ""), "written": {}}

    def note(column: str, value: str, problem: str) -> None:
        issues.append(Issue(number, column, value[:80], problem))

    for code in QUANTITIES:
        text = own.get(code, "")
        if not text:
            continue
        unit = titles[found[code]].unit
        reading = read_quantity(text, code, unit)
        row[code] = reading.value
        if reading.problem:
            note(code, text, reading.problem)
        if reading.value is None and code == "available_m2":  # that it was said stands against the whole
            in_unit = _unit_of(found[code]) if unit else "?"
            row["written"][code] = f"{text} {in_unit}" if _bare(text) else text
        if reading.value is not None and _other_unit(text, unit, code):
            row["written"][code] = text if unit is None or not _bare(text) else f"{text} {_unit_of(found[code])}"
    row["kind"] = read_kind(own.get("kind", ""))
    if own.get("kind") and not row["kind"]:
        note("kind", own["kind"], UNKNOWN_KIND)
    row["environment"] = read_environment(own.get("environment", ""))
    if own.get("environment") and not row["environment"]:
        row["environment_text"] = own["environment"]
        note("environment", own["environment"], UNKNOWN_CLASS)
    row["admitted"] = own.get("admitted", "")
    for column in ("available_from", "updated"):
        text = own.get(column, "")
        day, problem = read_day(text, serial_days)
        row[column] = day if column == "available_from" or day != AVAILABLE_NOW else ""
        if problem:
            note(column, text, problem)
    organisation = own.get("organisation", "")
    if organisation and is_organisation(organisation):
        row["organisation"] = organisation
    elif organisation:
        note("organisation", "", NO_ORGANISATION)
    row["district"] = placed["adcode"]
    for column in ("zone", "town", "park", "location_precision", "location_conflict"):
        row[column] = _text(placed[column])
    for column in ("lon", "lat", "location_error_m"):
        row[column] = float(placed[column]) if np.isfinite(placed[column]) else None
    return row


def is_organisation(text: str) -> bool:
    """Whether every part of a text is the name of an organisation, and none that of a person.

    Examples
    --------
    >>> [is_organisation(text) for text in ("样例（上海）有限公司", "松江区经济委员会、招商中心", "Sample Park Co., Ltd.")]
    [True, True, True]
    >>> [is_organisation(text) for text in ("招商中心张三", "园区王经理", "张会", "张三（松江开发区）")]
    [False, False, False, False]
    """
    plain = unicodedata.normalize("NFKC", text).translate(str.maketrans("【】[]", "()()"))
    places = place_stems() | {
        "上海",
        "中国",
        "集团",
        "华东",
        "松江",
        "嘉定",
        "青浦",
        "金山",
        "奉贤",
        "闵行",
        "宝山",
        "临港",
        "浦东",
    }
    plain = re.sub(r"(?<=\w)\(([^()]+)\)(?=\w)", lambda found: found[1] if found[1] in places else found[0], plain)
    if not re.search(r"[\u4e00-\u9fff]", plain):
        parts = [part.strip() for part in re.split(r"[(),;/|:·]", plain) if part.strip()]
        return (
            bool(parts)
            and all(_ENGLISH_ORGANISATION.fullmatch(part) for part in parts)
            and not _SPOKEN_TO.search(plain)
        )
    parts = [part for part in re.split(r"[\s(),、。;/|:·_-]+", plain) if part]
    return bool(parts) and all(
        _ORGANISATION.fullmatch(part)
        and not _SPOKEN_TO.search(part)
        and not (len(part) <= 3 and not part.startswith("管委") and is_person_name(part))
        and not is_person_name(_OFFICE_END.sub("", part))
        for part in parts
    )


def read_kind(text: str) -> str:
    """Kind of premises; ``""`` where a text names none or several.

    Examples
    --------
    >>> [read_kind(text) for text in ("标准厂房", "工业用地", "研发办公", "Plant", "厂房/仓库", "其他")]
    ['plant', 'parcel', 'lab', 'plant', '', '']
    """
    plain = flat(text)
    exact = next((code for code, one in PREMISES_KINDS.items() if plain in (flat(one.zh), flat(one.en))), "")
    if exact:
        return exact
    spaced = unicodedata.normalize("NFKC", text).lower().replace("_", " ")
    if re.search(r"非(?!标)|不含|不是|除|(?<![a-z])(?:non|not?|except)(?![a-z])", spaced):
        return ""
    kinds = [code for code, words in _KIND_WORDS.items() if re.search(words, spaced)]
    if kinds == ["lab", "office"] and not re.search(r"[/、,;或和及]", plain):
        return "lab"  # 研发办公 is one kind of building
    return kinds[0] if len(kinds) == 1 else ""


def read_environment(text: str) -> str:
    """Highest environmental assessment that a text says is possible; ``""`` where it does not say.

    Examples
    --------
    >>> [read_environment(text) for text in ("可办报告表", "报告书、报告表", "不可环评", "登记表", "可环评", "报告书除外")]
    ['form', 'book', 'none', 'registration', '', '']
    """
    plain = flat(text)
    exact = next((code for code, one in ENVIRONMENT_CLASSES.items() if plain in (flat(one.zh), flat(one.en))), "")
    if exact:
        return exact
    grades = {"book": r"报告书|fullreport", "form": r"报告表|reportform", "registration": r"登记表|备案表|registration"}
    named = [code for code, words in grades.items() if re.search(words, plain)]
    if named:
        left = re.sub("|".join(grades.values()), "、", plain)
        return "" if "()" in plain or _HARMLESS.sub("", left) else named[0]
    refused = re.fullmatch(
        r"(?:不可|不能|无法|不得|不予|不支持|不接受|不)(?:做|办|办理|通过)?(?:环评|环境影响评价)(?:手续)?|noeia|noteia",
        plain,
    )
    return "none" if refused else ""


def read_day(text: str, serial_days: int = 0) -> tuple[str, str]:
    """Day from which premises are free: ISO 8601, `AVAILABLE_NOW` or ``""``, and what is to be told.

    Examples
    --------
    >>> read_day("2026/3/1"), read_day("即可"), read_day("2026年2月"), read_day("待定")
    (('2026-03-01', ''), ('now', ''), ('2026-02-28', '只写到月，按月末计'), ('', '认不出日期，没有采用'))
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    if not plain:
        return "", ""
    if _NOW.fullmatch(flat(text)):
        return AVAILABLE_NOW, ""
    framed = re.fullmatch(f"{_FREE_FROM}(?P<day>{_WHOLE_DAY.pattern}|{_MONTH.pattern}){_FREE_WORDS}", plain)
    if framed is None or _NUMBER_MONTH.fullmatch(plain):
        return "", UNKNOWN_DAY
    month = _MONTH.fullmatch(framed["day"])
    if month and 1 <= int(month[2]) <= 12:
        year, number = int(month[1]), int(month[2])
        return f"{year}-{number:02}-{calendar.monthrange(year, number)[1]}", MONTH_ONLY
    day = read_date(framed["day"], serial_days)
    return (day, "") if day else ("", UNKNOWN_DAY)


def _bare(text: str) -> bool:
    return bool(re.fullmatch(r"[\d.,\s]+", text))


def _other_unit(text: str, unit: tuple[Fraction, Unit] | None, code: str) -> bool:
    """Whether a number was written in another unit than ours, or with more than a number."""
    return not _bare(text) or unit is None or unit[0] * QUANTITIES[code].units[unit[1]] != 1


def _unit_of(header: str) -> str:
    """Unit of a heading as it is written there.

    Examples
    --------
    >>> _unit_of("面积（亩）"), _unit_of("月租金（元/㎡）")
    ('亩', '元/㎡')
    """
    found = re.search(r"[(（\[【]([^()（）]*)[)）\]】]", header)
    return found[1] if found else header


def _text(value: Any) -> str:
    return (
        "" if value is None or (isinstance(value, float) and np.isnan(value)) or pd.isna(value) else str(value).strip()
    )


def template(lang: str) -> pd.DataFrame:
    """An empty list with our headings, and one row that shows how cells are written and is never imported."""
    en = lang == "en"
    values: dict[str, Any] = {
        "name": SAMPLE_ROW.of(lang), "kind": PREMISES_KINDS["plant"].of(lang), "address": "", "district": "",
        "available_m2": "8000", "height_m": "8", "load_kg_m2": "2000", "rent": "1.2", "environment": ENVIRONMENT_CLASSES["form"].of(lang),
        "available_from": "now" if en else "即可",
    }  # fmt: skip
    kept = [
        name
        for name in PREMISES_COLUMNS
        if PREMISES_COLUMNS[name].kind != "code" or name in ("kind", "district", "environment")
    ]
    kept = [
        name
        for name in kept
        if name not in ("environment_text", "location_error_m", "location_conflict", "source_file", "source_row")
    ]
    return pd.DataFrame([{column_title(name, lang): values.get(name, "") for name in kept}])
