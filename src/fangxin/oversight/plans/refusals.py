"""What the reader's refusals and the defects it names mean, said for a clerk."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.engines.plans import NotAPlan, UnreadableFile

REFUSALS: Mapping[str, Promise] = {
    "empty": gettext_lazy("文件里没有文字。"),
    "markup": gettext_lazy("这是一个网页或程序文件，不是公文正文。"),
    "other_document": gettext_lazy("这不像一份工作方案，可能是新闻、法规、通报或会议纪要。"),
    "other_subject": gettext_lazy("这是一份行动方案，但主题不是食品安全。"),
    "no_plan_title": gettext_lazy("没有找到“……工作方案”之类的标题。"),
    "inside_one_institution": gettext_lazy("这是单位内部的安排，没有分配给各部门。"),
    "no_actions": gettext_lazy("没有找到分条列出的行动或任务。"),
}
UNREADABLE: Mapping[str, Promise] = {
    "too_large": gettext_lazy("文件太大。"),
    "broken": gettext_lazy("文件已损坏，打不开。"),
    "not_text": gettext_lazy("文件里不是文字。"),
    "old_word": gettext_lazy("这是旧版 Word（.doc）文件，请另存为 .docx。"),
    "pdf": gettext_lazy("PDF 不能直接读取，请提供 Word 文件，或把文字复制到“粘贴文字”。"),
    "unknown_encoding": gettext_lazy("认不出文字编码，请另存为 UTF-8 文本。"),
}
DEFECTS: Mapping[str, Promise] = {
    "percent_above_hundred": gettext_lazy("写了“100%以上”，比例不会超过 100%，按“不低于 100%”计算"),
    "decline_without_base_year": gettext_lazy("要求下降，但没有写和哪一年比"),
    "contradictory_bound": gettext_lazy("同一目标的要求前后不一致"),
    "approximate_value": gettext_lazy("目标值是大约数"),
    "action_without_unit": gettext_lazy("这项行动没有写责任单位"),
    "several_leads": gettext_lazy("写了多个牵头单位，按排名第一的牵头"),
    "duplicate_agency": gettext_lazy("同一单位写了两次"),
    "duplicate_action_number": gettext_lazy("行动序号重复"),
    "missing_action_number": gettext_lazy("行动序号不连续"),
    "goal_count_differs": gettext_lazy("目标条数与行动条数不一致"),
    "goal_due_before_issue": gettext_lazy("目标期限早于发文日期"),
    "deadline_before_issue": gettext_lazy("时限早于发文日期"),
}


def refusal_words(refused: NotAPlan | UnreadableFile) -> str:
    """Why it was refused and what to do next."""
    words = REFUSALS if isinstance(refused, NotAPlan) else UNREADABLE
    known = words.get(str(refused.reason))
    why = str(known or _("读不出内容。"))
    return why + _("没有建立任何记录。请核对文件后重新上传，或粘贴方案正文。")


def defect_words(kind: str) -> str:
    return str(DEFECTS.get(kind, kind))
