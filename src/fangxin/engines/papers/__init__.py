"""Official papers laid out as GB/T 9704-2012 asks: values in, the bytes of a .docx file out.

>>> from datetime import date
>>> paper = Paper(
...     agency_mark="某县食品安全委员会办公室文件", title="关于开展自查的通知", body=(Paragraph("请认真自查。"),),
...     signature="某县食品安全委员会办公室", date=date(2022, 5, 19), document_number="某食安办〔2022〕8号",
... )
>>> render(paper) == render(paper)
True
"""

from fangxin.engines.papers.chinese import (
    format_date_zh,
    format_document_number,
    format_time_zh,
    is_document_number,
    number_zh,
)
from fangxin.engines.papers.figures import (
    BoardFigure,
    Comparison,
    MatterBalance,
    Milestone,
    Status,
    Target,
    describe_figure,
    figures_chart,
    figures_table,
    format_value,
    judge_figure,
)
from fangxin.engines.papers.letters import (
    Contact,
    Dispatch,
    DueItem,
    FindingToRectify,
    Interview,
    Rectification,
    Remedies,
    Reminder,
    Supervision,
    dispatch_paper,
    interview_notice,
    rectification_order,
    reminder_letter,
    supervision_letter,
    text_blocks,
)
from fangxin.engines.papers.rendering import render
from fangxin.engines.papers.reports import (
    Bulletin,
    Practice,
    Progress,
    Shortcoming,
    WorkReport,
    bulletin,
    work_report,
)
from fangxin.engines.papers.values import (
    Align,
    Attachment,
    BarChart,
    Block,
    Chart,
    Form,
    Heading,
    LineChart,
    PageBreak,
    Paper,
    PaperError,
    Paragraph,
    Problem,
    Series,
    Table,
    Urgency,
)

__all__ = [
    "Align", "Attachment", "BarChart", "Block", "BoardFigure", "Bulletin", "Chart", "Comparison", "Contact",
    "Dispatch", "DueItem", "FindingToRectify", "Form", "Heading", "Interview", "LineChart", "MatterBalance",
    "Milestone", "PageBreak", "Paper", "PaperError", "Paragraph", "Practice", "Problem", "Progress",
    "Rectification", "Remedies", "Reminder", "Series", "Shortcoming", "Status", "Supervision", "Table", "Target",
    "Urgency", "WorkReport", "bulletin", "describe_figure", "dispatch_paper", "figures_chart", "figures_table",
    "format_date_zh", "format_document_number", "format_time_zh", "format_value", "interview_notice",
    "is_document_number", "judge_figure", "number_zh", "rectification_order", "reminder_letter", "render",
    "supervision_letter", "text_blocks", "work_report",
]  # fmt: skip
