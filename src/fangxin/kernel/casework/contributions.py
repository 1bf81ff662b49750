"""What casework offers to the rest of the house."""

from django.utils.translation import gettext_lazy as _

from fangxin.kernel.casework import offers, offers_cases, selectors, work_calendar
from fangxin.kernel.casework.models import CaseStep
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.api import EVERYBODY, EVERYONE_AT_WORK, STAFF

contribute.ability("matter.view", _("查看问题事项"), roles=EVERYBODY)
contribute.ability("matter.open", _("问题立账"), roles=STAFF)
contribute.ability("matter.work", _("办理整改"), roles=(*STAFF, "institution", "operator"))
contribute.ability("matter.close", _("验收、销号和回头看"), roles=("office", "department", "inspector"))
contribute.ability("matter.supervise", _("交办、督办和审批延期"), roles=("office",))
contribute.ability("matter.account", _("查看整改统计"), roles=EVERYONE_AT_WORK)
contribute.ability("case.view", _("查看处罚案件"), roles=STAFF)
contribute.ability("case.work", _("办理处罚案件"), roles=("inspector", "department"))
contribute.ability("case.review", _("处罚案件法制审核"), roles=("department",))
contribute.ability("case.decide", _("批准立案、决定处罚和移送"), roles=("department",))
contribute.ability("calendar.edit", _("维护工作日历"), roles=("office",))

contribute.menu(_("问题台账"), "casework:list", order=10, ability="matter.view", group="loop", icon="clipboard-list")
contribute.menu(_("催办督办"), "casework:escalations", order=11, ability="matter.account", group="loop", icon="bell")
contribute.menu(_("约谈"), "casework:interviews", order=12, ability="matter.account", group="loop", icon="messages")
contribute.menu(_("整改统计"), "casework:account", order=13, ability="matter.account", group="loop", icon="scale")
contribute.menu(_("处罚案件"), "casework:cases", order=14, ability="case.view", group="loop", icon="gavel")
contribute.menu(_("工作日历"), "casework:calendar", order=60, ability="calendar.edit", group="system", icon="calendar")

contribute.event("casework.matter.opened", _("问题立账"))
contribute.event("casework.matters.loaded", _("成批装入问题事项"))
contribute.event("casework.matter.assigned", _("交办问题"))
contribute.event("casework.matter.fixed", _("填写五定要求"))
contribute.event("casework.matter.started", _("开始整改"))
contribute.event("casework.matter.progressed", _("报告整改进展"))
contribute.event("casework.matter.evidence_added", _("上传事项证据"))
contribute.event("casework.matter.submitted", _("申请验收"))
contribute.event("casework.matter.returned", _("退回整改"))
contribute.event("casework.matter.closing_proposed", _("同意销号，待另一人批准"))
contribute.event("casework.matter.closed", _("销号"))
contribute.event("casework.matter.looked_back", _("回头看：保持良好"))
contribute.event("casework.matter.rebounded", _("回头看：已反弹"))
contribute.event("casework.matter.reopened", _("反弹后重新立账"))
contribute.event("casework.matter.withdrawal_asked", _("申请撤销立账"))
contribute.event("casework.matter.withdrawn", _("批准撤销立账"))
contribute.event("casework.matter.withdrawal_refused", _("不同意撤销立账"))
contribute.event("casework.matter.extension_asked", _("申请延期"))
contribute.event("casework.matter.extension_granted", _("同意延期"))
contribute.event("casework.matter.extension_refused", _("不同意延期"))
contribute.event("casework.matter.escalated", _("催办"))
contribute.event("casework.matter.paper_issued", _("制发公文"))
contribute.event("casework.matter.interview_proposed", _("提出约谈"))
contribute.event("casework.interview.approved", _("批准约谈"))
contribute.event("casework.interview.delivered", _("送达约谈通知"))
contribute.event("casework.interview.held", _("完成约谈"))
contribute.event("casework.interview.rectified", _("反馈约谈整改"))
contribute.event("casework.interview.assessed", _("评估约谈整改"))
contribute.event("casework.interview.archived", _("约谈归档"))
contribute.event("casework.calendar.days_set", _("调整工作日历"))
contribute.event("casework.calendar.year_set", _("确认年度工作日历"))
for action in CaseStep.Action:
    contribute.event(f"casework.case.{action.value}", action.label)

contribute.listen("casework.finding", "finding", offers.finding)
contribute.work_calendar("casework.calendar", work_calendar.calendar)
contribute.certificate_blocker("casework.cases", offers_cases.certificate_blockers)
contribute.work("casework.matters", offers.work)
contribute.work("casework.cases", offers_cases.work)
contribute.search("casework.matters", offers.search)
contribute.search("casework.cases", offers_cases.search)
contribute.timeline("casework.matters", offers.timeline)
contribute.timeline("casework.cases", offers_cases.timeline)
contribute.schedule("casework.daily", _("问题整改催办"), task="fangxin.kernel.casework.tasks.daily", cron="30 6 * * *")
contribute.schedule(
    "casework.cases_daily", _("处罚案件期限提醒"), task="fangxin.kernel.casework.tasks_cases.daily", cron="40 6 * * *"
)
contribute.subject(
    "matter",
    _("问题事项"),
    rows=selectors.rows_as_of,
    key="matter_id",
    list_url="casework:list",
    fields={
        "origin": _("来源"),
        "severity": _("严重程度"),
        "subject_type": _("对象类型"),
        "owner_agency": _("责任单位"),
        "state": _("当日状态"),
        "open": _("当日未销号"),
        "closed": _("当日已销号"),
        "opened_on": _("立账日期"),
        "closed_on": _("销号日期"),
        "due_on": _("当日的整改时限"),
        "due_reached": _("当日已到时限"),
        "overdue": _("当日逾期未销号"),
        "closed_on_time": _("按期销号"),
        "reopened": _("销号后反弹"),
        "is_reopening": _("由反弹立账"),
    },
)
