"""What is noticed at an import, in English: reports hold it in Chinese."""

import re
from typing import Final

_ENGLISH: Final = {
    "没有写单位，没有采用": "no unit, not used",
    "没有读懂，没有采用": "not understood as a whole, not used",
    "超出可信的范围，没有采用": "beyond what can be believed, not used",
    "写的是约数，按所写的数计": "an approximate number, taken as it is written",
    "没有写单位，按米计": "no unit, read as metres",
    "表头里的单位没有读懂，没有采用": "the unit in the heading is not understood, not used",
    "不认识的类型，没有采用": "unknown type, not used",
    "没有写明可办哪一级环评，照原文保留": "does not say which assessment is possible; kept as it is written",
    "只写到月，按月末计": "a month only, read as its last day",
    "认不出日期，没有采用": "no date that can be read, not used",
    "看不出是单位，可能是个人，已略去": "not seen to be an organisation, perhaps a person: left out",
    "不在上海": "not in Shanghai",
    "与前面的一行完全相同": "the same as an earlier row in everything",
    "这是模板里的样例行": "the sample row of the template",
    "认不出金额": "no amount that can be read",
    "大到不可能是注册资本，可能是别的号码，没有读入": "too much for a registered capital, perhaps another number: not read",
    "坐标只有两位小数，只准到约一千米": "coordinates of two decimals: no closer than about 1 km",
    "坐标只写到一位小数或整度，可差七千米以上，但都在上海以外": "coordinates of one decimal or none, 7 km off or more, but outside Shanghai in any case",
    "这一行写的坐标系没有可靠的换算（如西安80、北京54），坐标没有采用": "no reliable conversion of the datum that this row names (Xi'an 1980, Beijing 1954): "
    "its coordinates are not used",
    "坐标只写到一位小数或整度，可差七千米以上，不当作厂址；以地址为准": "coordinates of one decimal or none, 7 km off or more: no site, the address counts",
    "坐标系没有证据可核，照文件声明的 WGS-84 取用；若来自高德、腾讯或百度，点位可偏 0.5–1.1 千米，请写明坐标系": "no evidence of the datum; "
    "WGS-84 as the file declares: points of AMap, Tencent or Baidu would be 0.5 to 1.1 km off, name the datum then",
    "这一行没有写明坐标系，坐标没有采用": "this row names no datum: its coordinates are not used",
    "坐标系逐行按这一列所写": "datum of each row as this column says",
    "名称前的记号已去掉": "marks before the name, taken out",
    "是一个范围，没有取其中一个数": "a range; none of its numbers was taken",
    "有几个金额，不知道取哪一个": "several amounts; which one is meant is not known",
    "有几种货币的金额，取人民币的那一个": "amounts in several currencies; the one in yuan was taken",
    "认缴与实缴写在一格，取认缴的金额": "subscribed and paid-in capital in one cell; the subscribed one was taken",
    "没有写明单位是元还是万元，没有读入；请在表头写明，如 注册资本（万元）": "no unit (yuan or 10,000 yuan), not read; name it in the "
    "heading, as in 注册资本（万元）",
    "没有写明单位，数值都在十万以上，按元计": "no unit; all values are above 100,000 and were read as yuan",
    "金额与币种一列写的货币不同，没有读入": "the amount and the column of currencies name different ones, not read",
    "表头以外写明的单位，用于没有自带单位的数": "unit named outside the heading, used for numbers without one",
    "不认识的币种": "unknown currency",
    "时刻只差几分钟到半夜，是写文件的程序造成的，按次日计": "a few minutes before midnight, as some programs write it; read as the next day",
    "时刻都在下午四点，是北京时间零点写成了世界时，按次日计": "all times are 16:00, midnight in Beijing as universal time; read as the next day",
    "认不出日期": "no date that can be read",
    "认不出数目": "no number that can be read",
    "经度与纬度写反，已换回": "longitude and latitude were swapped, and are put right",
    "不是可用的经纬度": "no usable longitude and latitude",
    "许多不同地址共用的坐标，是默认点而不是厂址；以地址为准": "a point that many addresses share: a default, no site; the address counts",
    "像是以米计的坐标，但凭数字与地址判不出是哪一种格网；请在坐标旁写明，或另存为经纬度": "looks like metres, but which grid cannot be told from "
    "numbers and addresses; name it beside the coordinates, or save them as longitude and latitude",
    "坐标系未能判定，坐标原样留在 lon_raw、lat_raw": "the datum cannot be told; the coordinates are kept as they came",
    "文件里有个别字节不能解码，以 � 代替": "single bytes cannot be decoded and are shown as �",
    "统一社会信用代码没有通过校验": "the credit code fails its check",
    "表格软件把代码变成了科学计数，末几位已经丢失，无法恢复": "the spreadsheet wrote the code as a power of ten: its last digits are lost",
    "是个人的号码，已略去": "the number of a person, left out",
    "单元格里的电话、邮箱或身份号码已略去": "telephone, mailbox or identity number in the cell, left out",
    "单元格里的电话、邮箱或身份号码，连同前面的人名，已略去": "telephone, mailbox or identity number in the cell and the name before it, left out",
    "只凭地址判为外地企业，不计入上海；若不是，请写明所在区": "outside Shanghai by its address alone, not counted; name the district where it is not",
    "币种不清（表头或表上说有的是外币），没有读入；请另设币种一列": "which currency is not clear (the heading or a line above says that some are "
    "foreign): not read; give the currency in a column of its own",
    "同名，区、地址或成立日期不同，没有合并": "same name, but district, address or founding date differ: not merged",
    "同一信用代码的另一处地址，作为该企业的厂区，企业只计一次": "another address of the same credit code: a site of that enterprise, which counts once",
    "与合并到的那一行写的不同，取了那一行的": "differs from the row it was merged into, which was followed",
    "统一社会信用代码相同": "same credit code",
    "名称相同，代码不矛盾": "same name, no contradicting codes",
    "这个工作表没有读入": "this sheet was not read",
    "隐藏的工作表没有读入": "hidden sheet, not read",
    "只有隐藏的工作表有内容，请取消隐藏": "only hidden sheets hold anything: unhide them",
    "工作表太大，没有查看隐藏行、公式与数字格式": "the sheet is too large to look at hidden rows, formulas and number formats",
    "隐藏或被筛掉的行，照样读入": "hidden or filtered row, read all the same",
    "公式没有存下算好的值，请用 Excel 或 WPS 打开、保存一次再导入": "formula without a computed value: open and save the file in Excel or WPS, then import it",
    "单元格里是错误值，没有读入": "an error value, not read",
    "写的是同上，上面没有可取的值": "“as above”, but there is nothing above",
    "写的是同左或同右，没有读入": "“as beside”: not read",
    "没有匹配到企业，用原文件导入名称": "no enterprise matched; the name that was asked for is used",
    "小标题行": "sub-heading",
    "合计行": "total",
    "填报、制表等签署行": "signature",
    "说明文字，不是企业": "a remark, no enterprise",
    "重复的表头": "repeated heading",
    "没有企业名称": "no name",
    "名称里没有文字": "no letters in the name",
    "载体名称里没有文字，请写成“3号厂房”这样": "no letters in the name of the premises: write it like “Plant 3”",
    "没有载体名称": "no name of the premises",
    "名称里有看不见或改变书写方向的字符，已去掉": "characters in the name that nobody sees or that turn its direction, taken out",
    "名称混用形似的外文字母（mixed alphabets），请核对": "letters of several alphabets that look alike in the name: check it",
    "不是上海的区": "no district of Shanghai",
    "这一列有的格写的是临港，这些企业按一核计": "cells of this column say Lingang; these enterprises count to the core",
    "这一列有的格写的是临港，但表头说的不是企业现在的所在地，没有按一核计": "cells of this column say Lingang, but its heading does not "
    "say where the enterprise is now: not counted to the core",
    "这一列写的是临港，但同一行的区、街镇、园区或地址不在临港所在的区，没有按一核计": "this column says Lingang, but the district, town, "
    "park or address of the row is elsewhere: not counted to the core",
    "位置的证据不一致，以登记的区为准": "the location evidence disagrees; the stated district counts",
    "不认识的登记状态": "unknown status",
    "不是已知的国标行业名称": "no known name of GB/T 4754",
    "不是已知的国标行业代码": "no known code of GB/T 4754",
    "不是计划的产业，也不是国标行业": "neither an industry of the plan nor of GB/T 4754",
    "这个代码在国标 2011 版与 2017 版里不是同一行业，没有名称或版本可以断定，没有取行业": "the code means different classes in the editions of 2011 and "
    "2017, and no name or edition tells which: no industry was taken",
    "写了几个不同的行业，不知道取哪一个": "several industries; which one is meant is not known",
    "是国标 2011 版的代码，2017 版没有同名的行业，没有取行业": "a code of the edition of 2011 without a class of that name in 2017: no industry was taken",
    "不是国标的代码，可能丢了开头的零，没有取行业": "no code of GB/T 4754, perhaps without its leading zero: no industry was taken",
    "表里有并排的几张名单，逐张读入": "several lists side by side, read one after the other",
    "单元格比表头多": "more cells than headings",
    "单元格比表头少，缺的按空计": "fewer cells than headings; the missing ones are empty",
    "压缩文件里的这一图层没有读入": "this layer of the archive was not read",
    "这一图层没有读入": "this layer was not read",
}
_PATTERNS: Final = {
    r"还有“(.*)”也是这个意思，没有用，原样保留；要用哪一列请写明": r"“\1” mean the same, not used but kept; name the one that is meant",
    r"列数超过 ([\d,]+)，其后的列没有读入": r"more than \1 columns; those after them were not read",
    r"有单元格超过 ([\d,]+) 个字符": r"a cell of more than \1 characters",
    r"比表头多 ([\d,]+) 个单元格，各列无法对应": r"\1 cells more than headings: which is which cannot be told",
    r"指定的坐标系是 (\S+)，而证据指向 (\S+)": r"the datum given is \1, the evidence points to \2",
}


def in_english(problem: str) -> str:
    """What was noticed, in English; as it stands where that is not known.

    Examples
    --------
    >>> in_english("合计行"), in_english("列数超过 512，其后的列没有读入")
    ('total', 'more than 512 columns; those after them were not read')
    """
    if problem in _ENGLISH:
        return _ENGLISH[problem]
    for pattern, words in _PATTERNS.items():
        if re.fullmatch(pattern, problem):
            return re.sub(pattern, words, problem)
    return problem
