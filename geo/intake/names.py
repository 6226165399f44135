"""Which rows are enterprises: those with a name; the others are rejected, each with its reason."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pandas as pd

from geo.intake.columns import heading
from geo.intake.sheet import Rejected, Sheet

UNMATCHED: Final = "未匹配到相关企业"
"""What 企查查 writes where it knows no such enterprise."""

_SUMS: Final = frozenset(["合计", "总计", "小计", "共计"])
_REMARK: Final = re.compile(r"^(数据来源|数据来自|以上数据|免责声明|声明[:：]|备注[:：]|说明[:：]|注[:：])")


def reject_nameless(sheet: Sheet, mapped: dict[str, str]) -> None:
    """Reject rows without a name; one that 企查查 did not find comes in under the name that was asked for."""
    table = sheet.table
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
    reasons[name.isna().to_numpy()] = "没有企业名称"
    reasons[unmatched] = UNMATCHED
    header = heading(mapped["name"])
    for row in np.flatnonzero(reasons == ""):
        text = name.iat[row]
        if len(text) <= 12 or _REMARK.match(text):
            reasons[row] = _not_a_name(text, header)
    wrong = reasons != ""
    sheet.rejected += [
        Rejected(int(row), reason, "" if pd.isna(cell) else str(cell)[:200])
        for row, reason, cell in zip(sheet.rows[wrong], reasons[wrong], name[wrong], strict=True)
    ]
    sheet.keep(~wrong)


def _not_a_name(text: str, header: str) -> str:
    if heading(text) == header:
        return "重复的表头"
    if text in _SUMS:
        return "合计行"
    if _REMARK.match(text):
        return "说明文字，不是企业"
    return "" if any(letter.isalpha() for letter in text) else "名称里没有文字"
