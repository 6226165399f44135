"""Rows between the enterprises: sub-headings, totals, signatures, remarks; and cells that mean the one above."""

import re
import unicodedata
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.enterprises.redact import LEFT_OUT
from geo.ingest.locate import stated_core, stated_districts
from geo.ingest.readers.sheet import REPEATED_HEADER, SHEET, Issue, Sheet
from geo.ingest.readers.workbook import ERROR, UNCOMPUTED
from geo.ingest.values.cells import by_value, clean_cells
from geo.ingest.values.columns import heading, known_headings
from geo.ingest.values.sectors import code_of, read_plan_industry
from geo.places.districts import adcodes_of, attributes
from geo.places.gazetteer import read_address
from geo.places.geocoding import CORE_HOSTS, OUTSIDE
from geo.places.zones import CORE, CORE_NAME
from geo.text import UNSEEN, mixed_scripts, visible

UNMATCHED: Final = "未匹配到相关企业"
"""What 企查查 writes where it knows no such enterprise."""

UNCOMPUTED_FORMULA: Final = "公式没有存下算好的值，请用 Excel 或 WPS 打开、保存一次再导入"
ERROR_CELL: Final = "单元格里是错误值，没有读入"
NOTHING_ABOVE: Final = "写的是同上，上面没有可取的值"
AS_BESIDE: Final = "写的是同左或同右，没有读入"

SUBHEADING: Final = "小标题行"
TOTAL: Final = "合计行"
SIGNATURE: Final = "填报、制表等签署行"
REMARK: Final = "说明文字，不是企业"

_SUM: Final = re.compile(
    r"(?:本页|本表|本区|本镇|本街道|全区|全市|全县|全部|累计|以上|分类|分项|各区|[\u4e00-\u9fff]{1,6}?)?"
    r"(?:合计|总计|小计|共计|累计|总和|汇总|总数|总户数)(?:数|金额|户数|家数)?"
    r"(?:\(?(?:共|计)?\d+(?:家|户|个|条|项)?(?:企业)?\)?|\((?:[十百千]?[万亿]?元|家|户|个|人|%)\))?[::]?\d*(?:家|户|个)?"
    r"|(?:total|sub-?total|grandtotal|sum|average|mean)s?[::]?|(?:共|总共|合计共)\d+(?:家|户|个|条)(?:企业)?"
    r"|(?:(?:同比|环比|年均)?(?:平均|均|中位|最大|最小|最高|最低)?(?:增长|增速|增幅|增减|占比|比重|比例|平均|值|数|率)+|同比|环比|标准差)(?:\(%\)|%)?[::]?"
)
_SIGNED: Final = re.compile(
    r"(?:填报|填表|制表|编制|报送|上报|填写|统计|审核|复核|核对|审批|经办|联系|负责|主管|单位负责|分管|报表|录入|校对|批准|打印|导出)"
    r"(?:单位|部门|机构|人员|人|日期|时间|者|领导)?(?:\(?(?:盖章|签字|签章|公章)\)?)?[::]"
    r"|(?:制表|填报|填表|审核|打印|导出|统计|截止|截至|更新|报送)(?:日期|时间)?[::]?\d{4}|(?:prepared|compiled|filledin|checked|approved|printed)(?:by|on):|(?:单位|部门|机构|企业)?(?:负责人|领导|经办人?)?\(?(?:盖章|签字|签章|公章)[)]?$"
)
_REMARKS: Final = re.compile(
    r"(?:数据来源|数据来自|资料来源|来源|以上数据|以上信息|免责声明|声明|备注|说明|附注|注|附|填表说明|填报说明)(?:\d*[::]|[12](?:[.、]|$))"
    r"|(?:数据来源|数据来自|资料来源|以上数据|免责声明)|(?:以下|下面)(?:空白|无正文|无内容|为空)|(?:此页|本页)?无正文"
    r"|(?:data)?sources?:|(?:foot)?notes?:|remarks?:|第\d+页|共\d+页|\d+/\d+页?$|续表|接上页|转下页|-+以下空白-+|(?:全文|本表)?(?:完|结束)$|end$|\(?本页无内容\)?"
    r"|\(?续(?:上表|上页|前表|前页|表|页)?\)?$|附[件表图录注]\d*(?:[一二三四五六七八九十]+)?[:.]?$|(?:备|附)?注$|(?:金额)?单位:.{0,3}元$"
    r"|\(?(?:其他|其它|其余|等等?|略|省略|余略|空|空白|示例|例|例如|此处填写.*|请填写.*)\)?$"
)
_NOTED: Final = re.compile(r"[※*]+(?!st)|.*[。;]$")
"""A footnote by its mark, or a sentence: no name of an enterprise, unless it ends like one."""

_DATE_ALONE: Final = re.compile(
    r"[\d二〇○零一三四五六七八九]{4}年(?:[\d一二三四五六七八九十]{1,2}月(?:[\d一二三四五六七八九十]{1,3}日)?)?[末底]?"
)
_LABELLED: Final = re.compile(r"[^:]{1,12}:.*", re.DOTALL)
"""A label and what is filled in behind it: no name of an enterprise has a colon."""

_ISSUED_BY: Final = re.compile(r"(?:局|委|办|政府|委员会|办公室|领导小组|一式.份)$")
"""Who signs a list, in the last rows."""

_LONGEST_SHORT_NAME: Final = 25
"""Characters from which on a lone text at the end that is named like no enterprise is a sentence."""

_COLUMN_NUMBER: Final = re.compile(r"[甲乙丙丁戊己庚辛壬癸子丑寅卯a-z]|\(?\d{1,2}\)?(?:\.0+)?|=?\d{1,2}[-+*/=]\d{1,2}")
"""What stands below the headers of statistical forms: 甲, 乙, 1, 2, 3=1+2."""

_NUMBERING: Final = re.compile(
    r"(?:(?P<chapter>第?[一二三四五六七八九十百]+(?:[、.:]|部分|批|类|章)[、:]?)|(?P<section>\([一二三四五六七八九十百]+\)[、.]?)"
    r"|(?P<item>[(]?\d{1,3}[、.)](?!\d))|(?P<roman>[ⅰ-ⅻivx]{1,4}[、.])|(?P<mark>[◆●■★▲※#*]+))"
)
_COUNT: Final = re.compile(r"[(:,]?(?:共|计|合计|共计)?\d+(?:家|户|个|条|项)(?:企业|单位)?\)?$")
_COMPANY: Final = re.compile(
    r"(?:公司|厂|社|所|院|店|部|集团|大学|学校|银行|事务所|经营户|合作社|工厂|工作室|中心|分公司|商行|企业\(.*\)|co|ltd|inc|llc|gmbh"
    r"|limited|company|corp|corporation|incorporated|plc|group|holdings?|partnership|institute|university|hospital|factory)"
    r"(?:\(.*\))?\.?$"
)
_SHORT_FORM: Final = re.compile(
    r"(?<![a-z])(?:ag|kg|kgaa|se|s\.?a|s\.?a\.?s|n\.?v|b\.?v|a\.?b|oyj?|a/s|s\.?p\.?a|s\.?r\.?l|sarl|k\.?k|l\.?l?\.?p"
    r"|pte|pty|bhd)\.?(?:\s*\(.*\))?$"
)
"""Legal forms of other countries that are also the end of words, in text with its spaces."""

_DITTO: Final = (
    r"(?i:[-—:(（]*(?:同上[行列格栏]?|同前|上同|如上|如前|〃+|[″”〞“]+|\"{1,2}|['’′＇]{2}|々|ditto|do\.|idem)[-—)）]*)"
)
"""Cells that mean the one above."""

_BESIDE: Final = r"[(（]?(?:同[左右]|如[左右])[)）]?"
"""Cells that mean the one beside them, which nobody can follow once columns have a meaning."""


_PASSED_ON: Final = {
    "district": "小标题的区", "town": "小标题的街镇", "park": "小标题的园区", "industry_detail": "小标题的行业",
}  # fmt: skip
"""Canonical column → title of the one that is made, where the list has none."""

_ELSEWHERE: Final = re.compile(
    r"(?:(?:其他|其它|其余)(?:地区|区域|区县|各?区|省市|省|市|街镇|园区|企业)?|[外跨]区|区外|市外|[外异]地|外省市?|不详|未知|未明确)(?:企业)?"
)
"""A sub-heading that only ends the one above it."""

_FIRM_BEFORE: Final = re.compile(
    r".{2,}?(?:公司|厂|院|所|中心|合作社|店|部|集团)(?:\([^():]*\))?"
    r"(?:[\s(\[,;、]*(?:原|曾用|前身|更名|现名|现更|简称|又名|注|备注|联系|电话|手机|法人|法定|负责人|地址|代码|网址)[^:]{0,8}:)"
)
"""An enterprise, and behind its name a label with something about it."""

HEADING_AGAINST: Final = "小标题或工作表名说的是别处，与这一行自己的区或地址不符，以这一行为准"


class _Heading(NamedTuple):
    """What a sub-heading says, and how deep it stands."""

    level: int
    text: str
    place: bool
    town: str
    industry: bool
    area: bool = False
    ends: bool = False
    adcode: str = ""


def report_unseen(sheet: Sheet, title: str) -> None:
    """Name the rows whose name holds what nobody sees, or letters of several alphabets that look alike."""
    names = sheet.table[title].astype("str")
    for row in np.flatnonzero(names.str.contains(f"[{UNSEEN}]", regex=True, na=False)):
        problem = "名称里有看不见或改变书写方向的字符，已去掉"
        sheet.issues.append(Issue(int(sheet.rows[row]), "name", visible(names.iloc[row])[:80], problem))
    foreign = names.str.contains("[\u0370-\u052f\u13a0-\u13ff]", regex=True, na=False)
    for row in np.flatnonzero(foreign):
        if mixed_scripts(names.iloc[row]):
            problem = "名称混用形似的外文字母（mixed alphabets），请核对"
            sheet.issues.append(Issue(int(sheet.rows[row]), "name", visible(names.iloc[row])[:80], problem))


def settle_cells(sheet: Sheet) -> None:
    """Empty the cells that hold an error or a formula without a value, and say so."""
    for title in sheet.table.columns:
        cells = sheet.table[title]
        wrong = cells.str.fullmatch(ERROR, na=False).astype(bool)
        if wrong.any():
            formula = (cells == UNCOMPUTED).fillna(False).astype(bool)
            sheet.note(formula.to_numpy(), title, cells.mask(formula, "公式"), UNCOMPUTED_FORMULA)
            sheet.note((wrong & ~formula).to_numpy(), title, cells, ERROR_CELL)
            sheet.table[title] = cells.mask(wrong)


def reject_interludes(sheet: Sheet, mapped: dict[str, str]) -> None:
    """Reject the rows that are no enterprise, each with its reason, and pass on what a sub-heading says.

    A sub-heading gives the rows below it, down to the next of its depth, the district or town it names (in `mapped`
    under ``district``), where they state none of their own; so does the name of a worksheet.  A row that 企查查 did not
    find comes in under the name that was asked for.
    """
    table = sheet.table
    uncomputed = _uncomputed_names(sheet, mapped["name"])
    settle_cells(sheet)
    name = table[mapped["name"]]
    unmatched = name.str.contains(UNMATCHED, regex=False, na=False).to_numpy(bool)
    if "imported_name" in mapped:
        asked = table[mapped["imported_name"]]
        asked = asked.mask(asked.str.contains(UNMATCHED, regex=False, na=False).astype(bool))
        fill = (unmatched | name.isna().to_numpy()) & asked.notna().to_numpy()
        table[mapped["name"]] = name = name.mask(fill, asked)
        sheet.note(fill, "name", asked, "没有匹配到企业，用原文件导入名称")
        unmatched = unmatched & ~fill
    reasons = np.full(len(table), "", dtype=object)
    nameless = name.isna().to_numpy(bool)
    reasons[nameless] = "没有企业名称"
    reasons[nameless & uncomputed] = UNCOMPUTED_FORMULA
    reasons[unmatched] = UNMATCHED
    texts = name.copy()
    headings: dict[int, _Heading] = {}
    found: _Heading | None
    own = {title: column for column, title in mapped.items()}
    tail = _tail(table)
    captions = _captions(sheet)
    suspects = np.flatnonzero((nameless | tail | captions | _suspicious(name, mapped["name"])) & (reasons != UNMATCHED))
    rows = table.iloc[suspects].drop(columns=[SHEET], errors="ignore").to_dict("records")
    for row, record in zip(suspects, rows, strict=True):
        cells = {str(title): cell for title, cell in record.items() if not pd.isna(cell)}
        if nameless[row]:
            words = [cell for cell in cells.values() if not re.fullmatch(r"[\d.,%]+", cell)]
            texts.iat[row] = words[0] if words else None
        text = "" if pd.isna(texts.iat[row]) else texts.iat[row]
        if captions[row]:
            said = _read_heading(_folded(text), 1, caption=True) or _Heading(0, "", False, "", False)
            reason, found = SUBHEADING, said._replace(level=0)
        else:
            lone = bool(nameless[row]) and not _opens_group(table, name, int(row), cells, own)
            reason, found = _interlude(text, cells, own, nameless=lone, tail=bool(tail[row]))
        if found is not None:
            headings[int(row)] = found
        if reason == SIGNATURE:  # a signature names a person
            texts.iat[row] = re.sub(r"([:：]).*|^[^:：]*$", rf"\1{LEFT_OUT}", text, flags=re.DOTALL)
        if reason and reasons[row] != UNCOMPUTED_FORMULA:
            reasons[row] = reason
    _pass_on(sheet, mapped, headings)
    sheet.reject(reasons != "", reasons, texts)
    _fill_dittos(sheet, mapped)


def _opens_group(table: pd.DataFrame, names: pd.Series, row: int, cells: dict[str, str], own: dict[str, str]) -> bool:
    """Whether a row has nothing but a district or town, which the enterprise below it leaves out."""
    title = next(iter(cells), "")
    if len(cells) != 1 or own.get(title) not in ("district", "town") or row + 1 == len(table):
        return False
    return pd.isna(table[title].iat[row + 1]) and not pd.isna(names.iat[row + 1])


def _tail(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows below the last that has more than its name, in a list most of whose rows have more."""
    filled = table.drop(columns=[SHEET], errors="ignore").notna().sum(axis=1).to_numpy()
    fuller = pd.Series(filled > 1)
    sheets = table[SHEET].reset_index(drop=True) if SHEET in table else pd.Series("", index=fuller.index)
    below = fuller[::-1].groupby(sheets[::-1]).cummax()[::-1]
    tail = ((filled == 1) & ~below).to_numpy(bool)
    return tail & (tail.sum() <= fuller.sum())


def _suspicious(names: pd.Series, title: str) -> NDArray[np.bool_]:
    """Names that may be none: short, or with a mark of a total, a signature or a sub-heading."""
    plain = names.fillna("").astype("str")
    company = plain.str.contains(r"(?:公司|厂|所|中心|院|合作社|分公司|事务所)\s*$", regex=True)
    marked = plain.str.contains(
        r"计|[:：]|\d\s*[家户个页]|空白|正文|^\W?[第（(]?[一二三四五六七八九十]+[、.．)）]|镇|区|^[*※＊]|[。；;]$",
        regex=True,
    )
    always = plain.str.contains("[:：]", regex=True) | (plain == title)
    return (always | (~company & (marked | (plain.str.len() <= 12)))).to_numpy(bool)


def _interlude(
    name: str, cells: dict[str, str], own: dict[str, str], *, nameless: bool, tail: bool
) -> tuple[str, _Heading | None]:
    """Why a row is no enterprise, ``""`` where it may be one; and the sub-heading that it is."""
    text = _folded(name)
    if not text:
        return "", None
    company = _is_company(name)
    folded = [_folded(cell) for cell in cells.values()]
    repeated = sum(heading(cell) == heading(title) for title, cell in cells.items())
    if (repeated and repeated * 2 >= len(cells)) or (not nameless and heading(text) in known_headings()):
        return REPEATED_HEADER, None
    if not nameless and numbers_rows(text):
        return REPEATED_HEADER, None
    if not nameless and len(cells) > 1 and all(map(_COLUMN_NUMBER.fullmatch, folded)) and text in folded:
        return REPEATED_HEADER, None
    if _SUM.fullmatch(text) or (not company and text.startswith("其中")):
        return TOTAL, None
    sums = [title for title, cell in cells.items() if _SUM.fullmatch(_folded(cell))]
    # an enterprise may have 共12家 branches; what is no name, or has 合计 for a number, has none
    if sums and not company and (nameless or _COUNT.fullmatch(text) or _is_place(text) or any(map(numbers_rows, sums))):
        return TOTAL, None
    if text.endswith(":") and (found := _read_heading(text, len(cells))) and found.place:
        return SUBHEADING, found
    if (signed := _SIGNED.match(text)) and (signed.group().endswith(":") or not company):
        return SIGNATURE, None
    if not company and any(one != text and one.endswith(":") and _SIGNED.match(one) for one in folded):
        return SIGNATURE, None
    if _DATE_ALONE.fullmatch(text):
        return SIGNATURE, None
    bare = text.strip("-—–_=~·.…*#()")
    found = None if nameless or company else _read_heading(text, len(cells))
    if found is not None and found.ends:
        return REMARK if _REMARKS.match(text) else SUBHEADING, found
    if (
        _REMARKS.match(text)
        or (_REMARKS.match(bare) and not company)
        or (_NOTED.match(text) and not _is_company(name.rstrip("。；;")))
    ):
        return REMARK, None
    rest = unicodedata.normalize("NFKC", name).partition(":")[2]
    about = len(cells) > 1 and _FIRM_BEFORE.match(unicodedata.normalize("NFKC", name))
    if _LABELLED.fullmatch(text) and not nameless and not about and not _is_company(rest):
        return SIGNATURE, None
    places = [own.get(title) in ("district", "town", "city", "province", "address", "park") for title in cells]
    found = None if nameless and all(places) else _read_heading(text, len(cells))
    if found is not None:
        return SUBHEADING, found
    if not nameless and not any(letter.isalpha() for letter in text.replace(_folded(LEFT_OUT), "")):
        return "名称里没有文字", None
    if tail and not company and (_ISSUED_BY.search(text) or len(text) > _LONGEST_SHORT_NAME):
        return REMARK, None
    return "", None


def numbers_rows(title: str) -> bool:
    """Whether a header is that of a column that counts the rows.

    Examples
    --------
    >>> numbers_rows("序 号"), numbers_rows("统计年度")
    (True, False)
    """
    return bool(re.fullmatch(r"序|序号|编号|行号|no\.?|#|id", _folded(title)))


def _is_company(name: str) -> bool:
    """Whether a text ends as names of enterprises do, Chinese, English or of the countries they invest from."""
    spaced = unicodedata.normalize("NFKC", name).casefold().strip()
    return bool(_COMPANY.search(_folded(name)) or _SHORT_FORM.search(spaced))


def _captions(sheet: Sheet) -> NDArray[np.bool_]:
    """Rows that are what stands above one of several lists side by side."""
    sheets = sheet.table[SHEET].fillna("") if SHEET in sheet.table else [""] * len(sheet.table)
    names = clean_cells(pd.Series([name for _, name in sheet.captions], dtype="str")).fillna("")
    own = set(zip((row for row, _ in sheet.captions), names, strict=True))
    return np.array([pair in own for pair in zip(sheet.rows.tolist(), sheets, strict=True)], dtype=bool)


def _read_heading(text: str, filled: int, *, caption: bool = False) -> _Heading | None:
    """A sub-heading such as 一、松江区（5家）, or None; a caption is one whatever it says."""
    if not caption and _COMPANY.search(_COUNT.sub("", text)):
        return None
    numbering = _NUMBERING.match(text)
    kind = (numbering.lastgroup or "") if numbering else ""
    body = text[numbering.end() :] if numbering else text
    counted = bool(_COUNT.search(body))
    body = _COUNT.sub("", body).strip(":()、,. ")
    if not body:
        return None
    ends = bool(_ELSEWHERE.fullmatch(body)) and filled <= 2
    area = not ends and _is_area(body)
    place = ends or area or _is_place(body) or (caption and bool(read_address(body).adcode))
    announced = kind in ("chapter", "section") or counted or caption
    if not (announced and (place or filled <= 2)) and not (place and filled == 1):
        return None
    parts = read_address(body if place else "")
    industry = not place and bool(read_plan_industry(body) or code_of(body))
    return _Heading(
        {"section": 2, "item": 3}.get(kind, 1), body, place, parts.town, industry, area, ends, parts.adcode
    )  # fmt: skip


def _is_area(body: str) -> bool:
    """Whether a text is the name of a park or zone, which is passed on as such, and no district or town."""
    parts = read_address(body)
    return bool(parts.area and not parts.adcode and not parts.town and len(body) <= len(parts.area) + 6) and not (
        body.startswith("临港") and not parts.hint_adcode
    )


def _is_place(body: str) -> bool:
    if adcodes_of(pd.Series([body])).iloc[0] or body.startswith("临港"):
        return True
    parts = read_address(body)
    return len(body) <= 10 and bool(parts.adcode or parts.town or parts.outside) and not re.search(r"路|号|弄", body)


def _pass_on(sheet: Sheet, mapped: dict[str, str], headings: dict[int, _Heading]) -> None:
    """Give the rows below a sub-heading, or on a worksheet named so, the place and industry that they do not state."""
    table = sheet.table
    sheets = table[SHEET] if SHEET in table else pd.Series("", index=table.index, dtype="str")
    said = {column: np.full(len(table), "", dtype=object) for column in _PASSED_ON}
    if SHEET in table:
        said["district"][:] = by_value(sheets, lambda name: name if _is_place(_folded(name)) else "", "")
    standing: dict[int, _Heading] = {} if SHEET in table else _standing_above(sheet.above)
    for row in range(len(table)) if headings or standing else ():
        if row and (sheets.iat[row] != sheets.iat[row - 1] or sheet.rows[row] < sheet.rows[row - 1]):
            standing = {}  # another worksheet, or the next of the lists side by side
        if row in headings:
            found = headings[row]
            standing = {
                level: other for level, other in standing.items() if level < found.level and not _ends_place(found, other)
            } | {found.level: found}  # fmt: skip
        above = [standing[level] for level in sorted(standing)]
        if any(other.place for other in above):
            said["district"][row] = "".join(
                other.text for other in above if other.place and not (other.area or other.ends)
            )
            said["town"][row] = next((other.town for other in reversed(above) if other.town), "")
            said["park"][row] = next((other.text for other in reversed(above) if other.area), "")
        said["industry_detail"][row] = next((other.text for other in reversed(above) if other.industry), "")
    _settle_places(sheet, mapped, said)
    for column, values in said.items():
        if not (values != "").any():
            continue
        given = pd.Series(values, index=table.index, dtype="str").replace("", None)
        title = mapped.setdefault(column, _PASSED_ON[column])
        table[title] = table[title].where(table[title].notna(), given) if title in table else given


def _standing_above(text: str) -> dict[int, _Heading]:
    """The one district that the lines above the header name as a sub-heading would."""
    lines = [line for line in map(_folded, text.split(" ")) if ":" not in line.rstrip(":")]
    read = [_read_heading(line, 1) for line in lines]
    places = [found for found in read if found is not None and found.place and not found.ends]
    return {places[0].level: places[0]} if len(places) == 1 else {}


def _ends_place(found: _Heading, above: _Heading) -> bool:
    """Whether a sub-heading ends the place of one above it: a district lies within no other, whatever its number says."""
    if not (found.place and above.place):
        return False
    return not found.town or bool(found.adcode and above.adcode and found.adcode != above.adcode)


def _settle_places(sheet: Sheet, mapped: dict[str, str], said: dict[str, NDArray[np.object_]]) -> None:
    """Compare what headings say with the district or address of each row: Lingang goes with a district that it lies in.

    Where the two contradict each other the row is right and it is told.
    """
    table = sheet.table
    places = np.where(said["district"] != "", said["district"], said["park"]).astype(object)
    if not (places != "").any():
        return
    own, address = (
        table[mapped[column]].fillna("") if column in mapped else pd.Series("", index=table.index, dtype="str")
        for column in ("district", "address")
    )
    codes = {text: stated_districts(pd.DataFrame({"district": [text]}))[0].iat[0] for text in {*places, *own} - {""}}
    core = {
        text for text in set(places) - {""} if stated_core(pd.DataFrame({"区": [text]}), {"district": "区"}).core.iat[0]
    }
    names = attributes()["name_zh"]
    against = np.zeros(len(table), dtype=bool)
    for row in np.flatnonzero(places != ""):
        place = places[row]
        code, mine = codes[place], codes.get(own.iat[row], "")
        parts = read_address(address.iat[row], "" if code in (CORE, OUTSIDE) else code)
        here = mine or (OUTSIDE if parts.outside else parts.adcode)
        if place in core and (not here or here in (CORE, *CORE_HOSTS)):
            if mine in CORE_HOSTS:
                table.iloc[row, table.columns.get_loc(mapped["district"])] = names[mine] + CORE_NAME
        elif here and code and here != code:
            against[row] = True
    sheet.note(against, "district", pd.Series(places, dtype="str"), HEADING_AGAINST)
    for column in ("district", "town", "park"):
        said[column][against] = ""


def _fill_dittos(sheet: Sheet, mapped: dict[str, str]) -> None:
    """Put the value of the cell above where a cell says 同上; one without any stays empty and is told."""
    sheets = sheet.table.get(SHEET)
    for title in sheet.table.columns:
        cells = sheet.table[title]
        beside = cells.str.fullmatch(_BESIDE, na=False).astype(bool)
        if beside.any():
            sheet.note(beside.to_numpy(), title, cells, AS_BESIDE)
            sheet.table[title] = cells = cells.mask(beside)
        ditto = cells.str.fullmatch(_DITTO, na=False).astype(bool)
        if not ditto.any():
            continue
        known = cells.mask(ditto)
        above = cells.where(~ditto, np.nan)
        run = (~ditto).cumsum() if sheets is None else (~ditto | (sheets != sheets.shift())).cumsum()
        first = known.groupby(run).transform("first")
        sheet.note((ditto & first.isna()).to_numpy(), title, cells, NOTHING_ABOVE)
        sheet.table[title] = above.where(~ditto, first).astype("str")
    name = sheet.table[mapped["name"]]
    if name.isna().any():
        missing = name.isna().to_numpy()
        sheet.reject(missing, np.full(len(missing), "没有企业名称", dtype=object))


def _uncomputed_names(sheet: Sheet, title: str) -> NDArray[np.bool_]:
    return np.asarray((sheet.table[title] == UNCOMPUTED).fillna(False), dtype=bool)


def _folded(text: str) -> str:
    """Half-width, lower case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
