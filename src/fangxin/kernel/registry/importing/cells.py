"""One cell → the value of its column, or a plain word about what is wrong and what to do."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from fangxin.kernel.registry.importing.columns import Column
from fangxin.kernel.screens.sheets import Formula

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2}(:\d{2})?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YES, _NO = {"是", "有", "1", "Y", "YES", "TRUE", "√", "在营"}, {"否", "无", "0", "N", "NO", "FALSE", "×", "停业"}
# How spreadsheets count days, and the days that can stand in a register.
_EPOCH, _FIRST_SERIAL, _LAST_SERIAL = date(1899, 12, 30), 18_264, 73_050


class BadCell(Exception):
    """What is wrong with a cell, and what to do."""

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(what)
        self.what, self.advice = what, advice


def read_cell(column: Column, raw: Any) -> Any:
    """The value; None for an empty cell. Raises `BadCell`."""
    if isinstance(raw, Formula):
        raise BadCell(_("单元格里是公式"), _("请复制后“选择性粘贴”为数值，再重新上传。"))
    text = _clean(raw)
    if text == "":
        if column.required:
            raise BadCell(_("没有填写"), _("这一列必须填写。"))
        return None
    value = _READERS[column.reads](column, raw, text)
    if isinstance(value, str) and len(value) > column.most:
        raise BadCell(_("内容过长"), _("最多 %(most)s 个字，请缩短。") % {"most": column.most})
    return value


def _clean(raw: Any) -> str:
    text = "" if raw is None else str(raw)
    kept = (c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs") or c in "\t\n")
    return re.sub(r"\s+", " ", "".join(kept)).strip()


def _text(column: Column, _raw: Any, text: str) -> str:
    return text


def _date(column: Column, raw: Any, text: str) -> date:
    if isinstance(raw, date):
        return raw
    if isinstance(raw, int) and _FIRST_SERIAL <= raw <= _LAST_SERIAL:
        return _EPOCH + timedelta(days=raw)
    plain = unicodedata.normalize("NFKC", text)
    found = _DATE.fullmatch(plain) or _COMPACT.fullmatch(plain)
    try:
        if found:
            year, month, day = (int(part) for part in found.groups()[:3])
            if 1900 <= year <= 2200:
                return date(year, month, day)
    except ValueError:
        pass
    raise BadCell(_("“%(text)s”不是日期") % {"text": text[:40]}, _("请写成 2023-03-15 的样子。"))


def _number(column: Column, _raw: Any, text: str) -> Decimal:
    try:
        value = Decimal(unicodedata.normalize("NFKC", text).replace(",", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= 10**9:
        raise BadCell(_("“%(text)s”不是数") % {"text": text[:40]}, _("请只填数字，不带单位。"))
    return value


def _whole(column: Column, raw: Any, text: str) -> int:
    value = _number(column, raw, text)
    if value != int(value) or value < 0:
        raise BadCell(_("“%(text)s”不是整数") % {"text": text[:40]}, _("请填 0 或更大的整数。"))
    return int(value)


def _flag(column: Column, _raw: Any, text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text).upper()
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise BadCell(_("“%(text)s”看不出是或否") % {"text": text[:40]}, _("请填“是”或“否”。"))


def _choice(column: Column, _raw: Any, text: str) -> str:
    choices = {value: str(label) for value, label in column.choices().items()}
    if text in choices:
        return text
    for value, label in choices.items():
        if _bare(label) == _bare(text):
            return value
    known = "、".join(choices.values())
    raise BadCell(_("“%(text)s”不在可选范围内") % {"text": text[:40]}, _("可填：%(known)s。") % {"known": known})


def _bare(text: str) -> str:
    return re.sub(r"[\s（）()]", "", unicodedata.normalize("NFKC", text))


_READERS = {"text": _text, "date": _date, "number": _number, "whole": _whole, "flag": _flag, "choice": _choice}
