"""What is about persons in a list: found by headers in Chinese, English and pinyin, and by what the cells hold."""

import re
from collections.abc import Iterable
from typing import Final

import pandas as pd

from geo.enterprises.redact import FIRMS, LEFT_OUT, SURNAMES, redact
from geo.ingest.values.columns import heading
from geo.places.towns import place_stems
from geo.text import fold

_SPOKEN: Final = re.compile(
    r"法定代表|法人(?!单位|机构|类型|性质|库|统一|代码|资格|股(?!东)|企业|组织|独资)|姓名|电话|手机|座机|邮箱|邮件|联系(?!地址|单位|部门)|联络(?!地址|单位|部门)|负责人|责任人|对接人"
    r"|经营者|投资人|出资人|发起人|合伙人|持股人|股东|董事|监事|高管|创始人|总经理|总裁|(?<!整车)厂长|经理$|主要人员|主要成员|老板|业主|户主"
    r"|实际控制人|实控人|受益人|受益所有人|自然人|委派代表|经办人|填报人|办税员|联办人|身份证|证件号|证件类型|护照|家庭住址|出生|性别|籍贯"
    r"|微信|qq|传真|银行账号|(?<!\w)phone|mobile|e-?mail|contact|legal.?rep|^fax|^tel$"
)
"""Chinese headers of columns about persons, folded."""

_WORD_TEXT: Final = """
phone phones tel telephone telephones mobile cellphone cell landline fax email emails mail wechat weixin qq contact contacts
linkman chairman chairperson chairwoman director directors supervisor shareholder shareholders stockholder ceo cfo founder
founders principal manager president representative idcard passport gender sex birthday birthdate person persons applicant
partner partners investor investors executive executives
faren fddbr fadingdaibiaoren fadingdaibiao farendaibiao farenxingming frdb frxm lianxiren lxr lianxidianhua lxdh lxfs
lianxifangshi dianhua shouji shoujihao sjh sjhm youxiang dzyx xingming xm fuzeren fzr gudong jingli zongjingli dongshi
dongshizhang jianshi zhengjianhao zjhm sfz sfzh shenfenzheng shenfenzhenghao chuanzhen jingyingzhe laoban weixinhao
touziren chuangshiren dianziyouxiang
"""
_JOINED_TEXT: Final = """
opername operatorname legalperson legalpersonname legalrep legalrepname legalrepresentative corporaterepresentative corplegal
artificialperson juridicalperson idnumber idno idcardno certno certificateno realname personname fullname ownername owner
linkphone phonenumber telno homeaddress actualcontroller beneficialowner beneficiary teammember keyperson keypersonnel
staffname employeename legalpersonid lerep legperson legperrep legpername artificialpersonname
"""
_WORDS: Final = frozenset(_WORD_TEXT.split())
"""English and pinyin words of such headers."""

_JOINED: Final = frozenset(_JOINED_TEXT.split())
"""Such headers of several words, joined."""

_SURNAME_TEXT: Final = """
wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin luo gao zheng liang xie song tang han feng deng cao
peng zeng xiao tian dong yuan pan cai jiang yu du ye cheng wei su lv lu ding ren shen yao cui zhong tan fan jin shi liao jia
xia fu fang bai zou meng xiong qin qiu hou yin xue yan duan lei qian tao gu mao hao gong shao wan
"""
_SURNAMES_IN_LETTERS: Final = frozenset(_SURNAME_TEXT.split())
_IN_LETTERS: Final = re.compile(r"([a-z]{2,6})[ ,]+([a-z]{2,6}(?:[ '-]?[a-z]{2,6})?)", re.IGNORECASE)
_CALLED: Final = re.compile(
    r"^([\u4e00-\u9fff]{2,4})(?:先生|女士|小姐|经理|总|工|专员|老师|主任|书记|处长|科长|局长|董事?|博士|教授)$"
)
"""A name with what its bearer is called by."""

_SILENT: Final = ("备用", "备注", "其他", "其它", "附注", "预留")
_SHORT_CALL: Final = re.compile(
    rf"[{''.join(sorted(SURNAMES))}](?:某某?|先生|女士|小姐|经理|总|工|专员|老师|主任|书记|处长|科长|局长|董|博士|教授)?"
)
"""A surname alone, or with what its bearer is called by: a person under a header that may be one's."""

_COMPOUND: Final = ("欧阳", "司马", "上官", "诸葛", "司徒", "东方", "尉迟", "公孙", "慕容", "令狐", "皇甫", "夏侯")
_NO_NAME: Final = re.compile(
    r"[区镇乡路街道园业市县村厂社院所级类型等号层楼家户人元年月日股份品料械件备机电器车船池材质造产销售务]$|[0-9a-zA-Z]|^(?:高[端新档级]|金属|石化|"
    r"安全|车[联路载规身用]|石[墨英油化材]|方[向程]|高[精性速温压频纯强]|全[流链自息]|车间|白名|金种|应急|康复|毛坯|左右|和[谐平]|全[国市部球资]|明[确细]|成[立长熟品]|时[间尚]|文[化教体]|应[用急]|单[位一]|易[制燃]|景[观点]|方[案便]|关[闭注键停]|简[易单]|古[典]|"
    r"边[缘]|解[决除]|连[续锁]|路[由灯]|米[制面]|包[装括含]|毛[利坯]|白[酒色]|黄[金色页])"
)
_SYLLABLE: Final = r"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?[aeiouüv]{1,3}(?:ng|n|r)?"

MIN_NAMES: Final = 3
"""Distinct cells from which a column is judged to hold names, whatever its header: fewer prove nothing without a hint."""

MIN_NAMES_AMONG_WORDS: Final = 8
"""The same under a header that is that of words."""

_PERHAPS: Final = re.compile(
    r"(?<!机器)(?<!无)人$|(?<!会)员$|(?<![周全增时特专成延边总波])(?<!整车厂)长$|(?<!合作)(?<!供应)(?<!提供)(?<!使用)(?<!消费)(?<!生产)(?<!制造)者$|姓$|^(?:姓|名)$|书记|主管$|代表$|经办|审核$|录入$|跟进$|对接$|签约$|主任|主席|总监|会计|出纳|管家|对口|归口|包保|挂钩|干部|院士|科学家|人才$|老师$|导师$|房东|出租方|产权人|教授$|博士$|专家$|顾问$|专员$|企业家$"
    r"|^(?:备用|备注|其[他它]|附注|预留)$"  # they say nothing of their own
    r"|(?<![a-z])(?:boss|staff|owner|manager|officer|head|keeper|pic|sales|agent|user|author|editor)"
)
"""Headers of columns that may be about persons: what they hold decides, in few cells too."""

_NOT_ABOUT_PERSONS: Final = re.compile(
    r"行业|产业|赛道|领域|方向|入库|名单|环节|工艺|材料|配套|用途|特色|[类型]|标签|板块|[区园镇街村地址]|品|牌|名称|简称|单位|部门|性质|状态|等级|来源|集团|企业|公司|客户|股|币|资质|荣誉|技术"
    r"|industry|sector|tag|type|category|brand|name|status|level|district|town|park"
)
"""Headers whose cells are words, even those that look like names (车联网, 高精尖), unless many different ones do."""


def is_personal_title(title: str) -> bool:
    """Whether a header is that of a column about persons.

    Examples
    --------
    >>> [is_personal_title(title) for title in ("企业法人", "operName", "LEGAL_REPRESENTATIVE", "faren", "姓 名", "联系电话")]
    [True, True, True, True, True, True]
    >>> [is_personal_title(title) for title in ("法人单位名称", "企业名称", "注册资本", "operationStatus", "参保人数")]
    [False, False, False, False, False]
    """
    if _SPOKEN.search(heading(title)):
        return True
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", title)
    words = re.findall(r"[a-z]+", spaced.lower())
    return bool(_WORDS & set(words)) or "".join(words) in _JOINED | _WORDS


def personal_columns(table: pd.DataFrame, mapped: Iterable[str]) -> list[str]:
    """Columns about persons: by their header, or because most of their cells are such numbers, mailboxes or names.

    Examples
    --------
    >>> personal_columns(pd.DataFrame({"法定代表人": ["某"], "备注": ["a@b.cn"], "园区": ["甲"]}), ["园区"])
    ['法定代表人', '备注']
    """
    kept = set(mapped)
    return [
        title
        for title in table.columns
        if title not in kept and (is_personal_title(title) or _holds_persons(table[title], heading(title)))
    ]


def _holds_persons(cells: pd.Series, title: str) -> bool:
    filled = cells.iloc[:2000]
    filled = filled[filled.notna() & (filled.str.strip() != "")]
    if not len(filled):
        return False
    redacted, where, _ = redact(filled)
    if where.mean() > 0.5 and (redacted.str.strip().str.len() <= len(LEFT_OUT) + 8).mean() > 0.5:
        return True
    words = filled.str.strip().unique()
    perhaps = _PERHAPS.search(title)
    names = [
        word
        for word in words
        if is_person_name(word) or (perhaps and title not in _SILENT and _SHORT_CALL.fullmatch(word))
    ]
    if len(names) < 0.8 * len(words):
        return len(words) == 1 and title == "姓"
    least = MIN_NAMES_AMONG_WORDS if _NOT_ABOUT_PERSONS.search(title) else MIN_NAMES
    return (len(words) >= least and len(words) >= len(filled) / 10) or bool(perhaps)


def is_person_name(text: str) -> bool:
    """Whether a cell reads like the name of a person: a surname and one or two more characters, several such, or pinyin.

    Examples
    --------
    >>> [is_person_name(text) for text in ("李四", "李四、王五", "Zhang San", "新桥镇")]
    [True, True, True, False]
    """
    text = _CALLED.sub(r"\1", text.strip())
    letters = _IN_LETTERS.fullmatch(text)
    if letters and (letters[1].lower() in _SURNAMES_IN_LETTERS or letters[2].lower() in _SURNAMES_IN_LETTERS):
        return all(_parts_of_pinyin(word) for word in letters.groups())
    parts = [part for part in re.split(r"[、,，;；/\s]", fold(text)) if part]
    return bool(parts) and all(
        re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", part) is not None
        and ((part[0] in SURNAMES and len(part) <= 3) or part.startswith(_COMPOUND))
        and not _NO_NAME.search(part)
        and part not in FIRMS
        and part not in place_stems()
        for part in parts
    )


def _parts_of_pinyin(word: str) -> bool:
    """Whether letters are one or two syllables of pinyin."""
    return bool(re.fullmatch(rf"(?:{_SYLLABLE}){{1,2}}", re.sub("[ '-]", "", word.lower())))
