from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.api import EVERYONE_AT_WORK
from fangxin.oversight.plans import scenario, selectors, today

contribute.event("plans.plan.read", _("读取方案"))
contribute.event("plans.plan.corrected", _("更正方案内容"))
contribute.event("plans.plan.confirmed", _("确认方案"))
contribute.event("plans.plan.unconfirmed", _("撤回方案确认"))
contribute.event("plans.plan.superseded", _("停用方案"))
contribute.event("plans.plan.discarded", _("作废方案草稿"))
contribute.event("plans.lead.changed", _("调整牵头单位"))
contribute.event("plans.duty.changed", _("调整职责分工"))
contribute.event("plans.task.added", _("新增任务"))
contribute.event("plans.task.split", _("任务分解到各乡镇"))
contribute.event("plans.task.changed", _("调整任务"))
contribute.event("plans.task.progressed", _("填报任务进展"))
contribute.event("plans.task.done", _("任务完成"))
contribute.event("plans.task.reopened", _("任务恢复办理"))
contribute.event("plans.task.cancelled", _("取消任务"))
contribute.event("plans.special_plan.drafted", _("起草专项方案"))
contribute.event("plans.special_plan.sent_to_countersign", _("专项方案送会签"))
contribute.event("plans.special_plan.countersigned", _("会签专项方案"))
contribute.event("plans.special_plan.sent_to_review", _("专项方案送审定"))
contribute.event("plans.special_plan.approved", _("审定并报送专项方案"))
contribute.event("plans.special_plan.filed", _("专项方案备案"))
contribute.event("plans.special_plan.returned", _("退回专项方案"))
contribute.event("plans.special_plan.overdue", _("专项方案逾期未报"))
contribute.event("plans.return.started", _("开始起草工作总结"))
contribute.event("plans.return.written", _("填写工作总结"))
contribute.event("plans.return.submitted", _("工作总结提交部门审核"))
contribute.event("plans.return.refused", _("部门退改工作总结"))
contribute.event("plans.return.reviewed", _("报送工作总结"))
contribute.event("plans.return.returned", _("退回工作总结"))
contribute.event("plans.return.accepted", _("受理工作总结"))
contribute.event("plans.return.merged", _("工作总结纳入汇总"))
contribute.event("plans.return.reminded", _("提醒报送工作总结"))
contribute.event("plans.return.overdue", _("工作总结逾期未报"))
contribute.event("plans.period.frozen", _("冻结期次数据"))
contribute.event("plans.period.merged", _("生成汇总报告"))

contribute.ability("plans.view", _("查看方案、任务和报送情况"), roles=EVERYONE_AT_WORK)
contribute.ability("plans.edit", _("录入、确认方案，调整分工"), roles=("office",))
contribute.ability("plans.task.work", _("办理任务"), roles=("office", "department", "township", "inspector"))
contribute.ability("plans.return.write", _("起草专项方案和工作总结"), roles=("office", "department", "township"))
contribute.ability("plans.return.review", _("审核本部门的报送材料"), roles=("office", "department", "township"))
contribute.ability("plans.return.accept", _("受理、退回和汇总报送材料"), roles=("office",))

contribute.menu(_("三年方案"), "plans:current", order=10, ability="plans.view", group="plan", icon="flag")
contribute.menu(_("责任分工"), "plans:assignments", order=20, ability="plans.view", group="plan", icon="sitemap")
contribute.menu(_("年度任务"), "plans:tasks", order=30, ability="plans.view", group="plan", icon="checklist")
contribute.menu(_("专项方案"), "plans:special_plans", order=40, ability="plans.view", group="plan", icon="file-text")
contribute.menu(_("工作总结"), "plans:returns", order=50, ability="plans.view", group="plan", icon="send")

contribute.subject(
    "task",
    _("任务"),
    rows=selectors.tasks_on,
    fields={
        "action_number": _("行动序号"),
        "action_code": _("行动类别"),
        "year": _("年度"),
        "state_on": _("状态"),
        "due_reached": _("已到期"),
        "done_on_time": _("按期完成"),
        "accountable_agency": _("责任单位"),
        "is_goal": _("目标任务"),
    },
    list_url="plans:tasks",
)
contribute.subject(
    "return",
    _("工作总结"),
    rows=selectors.returns_on,
    fields={
        "period_code": _("期次"),
        "year": _("年度"),
        "due_reached": _("已到期"),
        "submitted": _("已报送"),
        "submitted_on_time": _("按时报送"),
        "accepted": _("已受理"),
        "action_number": _("行动序号"),
        "owner_agency": _("报送单位"),
    },
    list_url="plans:returns",
)

contribute.schedule(
    "plans.morning", _("提醒报送、逾期立账"), task="fangxin.oversight.plans.tasks.morning", cron="10 6 * * *"
)
contribute.schedule(
    "plans.evening", _("报送日冻结数据"), task="fangxin.oversight.plans.tasks.evening", cron="40 23 * * *"
)
contribute.work("plans", today.work)
contribute.search("plans", today.search)
contribute.timeline("plans", today.timeline)
contribute.scenario("plans", order=20, live=scenario.live)
contribute.leads("plans", selectors.leads_of)
