"""What is wrong with a table of limits, in the words of those who made the sheet."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.engines.limits import TableFault
from fangxin.kernel.catalog.sheets import COLUMNS

_FAULTS = {
    "analyte_unknown": gettext_lazy("“%(value)s”不是已登记的检测项目。请改用标准名称，或者先上传“检测项目名称”表"),
    "food_unknown": gettext_lazy("“%(value)s”不是已登记的食品或类别。请改用标准名称，或者先上传“食品名称”表"),
    "animal_unknown": gettext_lazy("“%(value)s”不是已登记的动物"),
    "target_missing": gettext_lazy("没有写食品，也没有写动物"),
    "unit_unknown": gettext_lazy("单位“%(value)s”不认识"),
    "confidence_missing": gettext_lazy("可信程度要写 V（已核对原文）、M-high、M-med 或 low"),
    "limit_missing": gettext_lazy("没有限量。不得检出的请写“不得检出”，不得使用的请写“不得使用”"),
    "not_a_number": gettext_lazy("“%(value)s”不是数"),
    "not_a_limit": gettext_lazy("“%(value)s”不能作限量"),
    "not_a_day": gettext_lazy("“%(value)s”不是日期，请写成 2024-05-01"),
    "same_case": gettext_lazy("同一项目、同一食品在同一天有两个限量，另一个在%(value)s"),
    "editions_overlap": gettext_lazy("施行日期与版本 %(value)s 重叠"),
    "editions_gap": gettext_lazy("与版本 %(value)s 之间有一段日期没有标准"),
    "edition_unknown": gettext_lazy("没有版本 %(value)s"),
    "edition_twice": gettext_lazy("这个版本已经有了"),
    "missing": gettext_lazy("没有填写"),
    "table_missing": gettext_lazy("缺少表 %(value)s"),
    "ends_early": gettext_lazy("最后一日早于施行日期"),
    "unreadable": gettext_lazy("读不出来：%(value)s"),
}


def fault_in_words(fault: TableFault, rows: Sequence[int] = ()) -> str:
    """One sentence with row and column; `rows` are the sheet's own numbers of the table's rows."""
    what = _(str(_FAULTS.get(fault.code, _FAULTS["unreadable"]))) % {"value": fault.value}
    place = fault.row - 2 if fault.row is not None else -1
    number = rows[place] if 0 <= place < len(rows) else fault.row
    if number is None:
        return what + _("。")
    column = COLUMNS.get(fault.column, (fault.column,))[0]
    return _("第 %(row)s 行“%(column)s”：%(what)s。") % {"row": number, "column": column, "what": what}
