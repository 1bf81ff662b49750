"""Values and words of the assessment, free of the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.casework.api import Refused


class MovedOn(Refused):
    """Somebody else was first."""

    def __init__(self) -> None:
        super().__init__(_("这一项刚被别人办理过，状态已经变化。请刷新页面，看清现在的状态再办。"))


@dataclass(frozen=True, slots=True)
class Record:
    """One record behind a reading. `counted` says whether it is in the numerator; None: in neither part."""

    type: str
    id: str
    name: str
    counted: bool | None
    note: str = ""
    query: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "type": self.type, "id": self.id, "name": self.name, "counted": self.counted, "note": self.note,
            "query": self.query,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """What the platform counted for one indicator of one agency, with every record that made it.

    `not_asked` names the record by which the plan asks nothing of the agency in the year; then the indicator
    leaves the sum. It is empty where something is asked and merely not due, or not known.
    """

    records: tuple[Record, ...] = ()
    known: bool = True
    note: str = ""
    not_asked: str = ""

    @property
    def numerator(self) -> Decimal | None:
        return Decimal(sum(1 for record in self.records if record.counted)) if self.known else None

    @property
    def denominator(self) -> Decimal | None:
        return Decimal(sum(1 for record in self.records if record.counted is not None)) if self.known else None


# What each automatic reading counts, said for the person who is assessed.
READINGS: Mapping[str, Promise] = {
    "special_plan_timeliness": _("按时报送的专项方案 ÷ 本年度到期的专项方案"),
    "return_timeliness": _("按时报送的工作总结 ÷ 本年度到期的工作总结"),
    "return_quality": _("未经退回即受理的工作总结 ÷ 已受理或被退回的工作总结"),
    "task_completion": _("已完成的任务 ÷ 本年度到期的任务"),
    "goal_attainment": _("已达成的目标 ÷ 本年度到期的目标，取年内最后一份数据快照"),
    "matters_on_time": _("按期销号的问题 ÷ 本年度到期的问题，含下属监管所"),
}
