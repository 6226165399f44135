"""Names of enterprises as lists write them: the number, mark, status or former name beside one is told apart from it."""

import re
from typing import Final, NamedTuple

import pandas as pd

from geo.ingest.values.cells import by_value, read_status

MARK_BEFORE_NAME: Final = "名称前的记号已去掉"
BESIDE_NAME: Final = "名称前后的序号、注号、状态或曾用名已与名称分开"
SEVERAL_NAMES: Final = "名称一格里像是有几家企业，按一家读入，请分行"

_LINE_BREAK: Final = re.compile(r"\s*[\r\n\t]+\s*")
_MARKS_BEFORE: Final = re.compile(r"^[※★☆●○◎◆◇■□▲△▼√✓✔→◉•·\s]+(?=\w)")
"""What a list puts before some of its names, as a sign of its own; the star of *ST is part of a name."""

_NUMBER_BEFORE: Final = re.compile(r"^(?:[（(]\d{1,3}[)）][、.]?|\d{1,3}[.、．)）]|[①-⑳])\s*(?=[\u4e00-\u9fff]{2})")
_NOTE_BEHIND: Final = re.compile(r"(?<=[\u4e00-\u9fff)）])\s*(?:[*＊※①-⑳△▲#]+|[\[【(（]注?\d{1,2}[\]】)）]|注\d{1,2})$")
_STATUS_BEHIND: Final = re.compile(
    r"\s*[（(\[【]((?:现|目前)?已?(?:注销|吊销|迁出|停业|歇业|清算|撤销)(?:[，,]?未注销|中)?|存续|在业|在营)[)）\]】]$"
)
_FORMER_BEHIND: Final = re.compile(
    r"\s*[（(\[【](?:原名?称?|曾用名称?|更名前|前身)(?:为|是|叫)?\s*[:：]?\s*"
    r"((?:[^()（）]|[(（][^()（）]*[)）])*(?:公司|厂|院|所|中心|合作社|店|集团))[)）\]】]$"
)
_CONTACT_BEHIND: Final = re.compile(
    r"(?<=[司厂院所店心])[\s(（,，;；]+(?:联系人|联系电话|电话|手机|法人(?:代表)?|法定代表人|负责人)\s*[:：].*$",
    re.DOTALL,
)
_SEVERAL: Final = re.compile(r"(?:公司|厂)\s*[/、,，;；\n]\s*(?!.{0,12}分公司).{3,}(?:公司|厂)\s*$", re.DOTALL)


class Name(NamedTuple):
    """A name, and what stood beside it: a former name, a status, ``""`` where none; what was done and whether it is several."""

    name: str
    former: str
    status: str
    problem: str
    several: bool


def read_name(text: str) -> Name:
    """The name in a cell, without what a list puts before or behind it.

    Examples
    --------
    >>> read_name("2、样例甲有限公司（已注销）")[:3], read_name("样例甲有限公司(原：样例乙有限公司)")[:2]
    (('样例甲有限公司', '', 'deregistered'), ('样例甲有限公司', '样例乙有限公司'))
    >>> read_name("样例甲有限公司、样例乙有限公司").several, read_name("21世纪样例（上海）有限公司").problem
    (True, '')
    """
    joined = _LINE_BREAK.sub("", text)
    plain = _MARKS_BEFORE.sub("", joined)
    name, former, status = _NUMBER_BEFORE.sub("", plain), "", ""
    while True:
        shorter = _NOTE_BEHIND.sub("", _CONTACT_BEHIND.sub("", name))
        if said := _STATUS_BEHIND.search(shorter):
            shorter, status = shorter[: said.start()], status or read_status(said[1])
        if said := _FORMER_BEHIND.search(shorter):
            shorter, former = shorter[: said.start()], former or said[1]
        if shorter == name or not shorter:
            break
        name = shorter
    problem = BESIDE_NAME if name != plain else MARK_BEFORE_NAME if plain != joined else ""
    return Name(name, former, status, problem, bool(_SEVERAL.search(text)))


def read_names(texts: pd.Series) -> pd.DataFrame:
    """As `read_name` of each cell; missing names stay missing.  Columns of `Name`, index of `texts`."""
    read = by_value(texts, read_name, Name("", "", "", "", False))
    table = pd.DataFrame(read, index=texts.index, columns=list(Name._fields))
    return table.assign(name=table["name"].astype("str").where(texts.notna(), None))
