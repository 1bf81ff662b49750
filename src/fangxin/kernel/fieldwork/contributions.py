"""What fieldwork offers to the rest of the house."""

from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.fieldwork import figures, offers, offers_self_control, scenario
from fangxin.kernel.fieldwork.services import telling
from fangxin.kernel.people.api import EVERYBODY

INSPECTING = ("inspector", "department", "township")

contribute.ability("inspection.view", _("查看监督检查"), roles=EVERYBODY)
contribute.ability("inspection.work", _("开展监督检查"), roles=INSPECTING)
contribute.ability("inspection.plan", _("编制和批准检查计划、派发检查"), roles=("department", "office"))
contribute.ability("inspection.publish", _("公开检查结果"), roles=("department", "inspector"))
contribute.ability("grade.work", _("评定等级"), roles=INSPECTING)
contribute.ability("grade.confirm", _("复核和告知等级"), roles=("department",))
contribute.ability("draw.run", _("组织双随机抽取"), roles=("department", "office"))

contribute.menu(
    _("待办检查"), "fieldwork:visits", order=20, ability="inspection.work", group="loop", icon="calendar-event"
)
contribute.menu(
    _("监督检查"), "fieldwork:inspections", order=21, ability="inspection.view", group="loop", icon="clipboard-check"
)
contribute.menu(
    _("检查计划"), "fieldwork:plans", order=22, ability="inspection.plan", group="loop", icon="calendar-stats"
)
contribute.menu(_("双随机抽取"), "fieldwork:draws", order=23, ability="draw.run", group="loop", icon="arrows-shuffle")
contribute.menu(_("等级评定"), "fieldwork:grades", order=24, ability="grade.work", group="loop", icon="award")

for name, label in {
    "fieldwork.plan.made": _("编制年度检查计划"),
    "fieldwork.plan.approved": _("批准年度检查计划"),
    "fieldwork.plan.withdrawn": _("撤回年度检查计划"),
    "fieldwork.risks.learnt": _("学习风险次序"),
    "fieldwork.visit.added": _("列入待办检查"),
    "fieldwork.visit.assigned": _("派发检查"),
    "fieldwork.visit.rescheduled": _("调整检查日期"),
    "fieldwork.visit.cancelled": _("取消检查"),
    "fieldwork.draw.committed": _("封存抽取方案和种子"),
    "fieldwork.draw.drawn": _("双随机抽取"),
    "fieldwork.draw.published": _("公开抽取结果"),
    "fieldwork.draw.withdrawn": _("作废抽取"),
    "fieldwork.recusal.declared": _("登记回避"),
    "fieldwork.recusal.ended": _("解除回避"),
    "fieldwork.inspection.started": _("开始监督检查"),
    "fieldwork.inspection.judged": _("作出检查判定"),
    "fieldwork.inspection.findings_made": _("列出检查发现"),
    "fieldwork.inspection.revised": _("退回修改检查"),
    "fieldwork.inspection.told": _("告知检查结果"),
    "fieldwork.inspection.paper_issued": _("制作检查文书"),
    "fieldwork.inspection.published": _("公开检查结果"),
    "fieldwork.inspection.rechecked": _("复查"),
    "fieldwork.inspection.closed": _("检查办结"),
    "fieldwork.inspection.reopened": _("检查重新整改"),
    "fieldwork.inspection.cancelled": _("检查作废"),
    "fieldwork.inspections.loaded": _("成批装入监督检查"),
    "fieldwork.finding.closed": _("检查发现整改完成"),
    "fieldwork.finding.reopened": _("检查发现重新整改"),
    "fieldwork.grade.scored": _("等级评分"),
    "fieldwork.grade.confirmed": _("复核等级"),
    "fieldwork.grade.refused": _("退回等级评分"),
    "fieldwork.grade.told": _("告知等级"),
    "fieldwork.grade.replaced": _("重新评定等级"),
    "fieldwork.grades.loaded": _("成批装入等级评定"),
}.items():
    contribute.event(name, label)
# What goes on during a visit changes no figure before the result is told.
for name, label in {
    "fieldwork.inspection.items_recorded": _("记录检查项目"),
    "fieldwork.inspection.photo_added": _("上传现场照片"),
    "fieldwork.inspection.signed": _("检查人员签名"),
    "fieldwork.operation.applied": _("手机记录同步"),
}.items():
    contribute.event(name, label, counted=False)

contribute.listen("fieldwork.closed", "matter.closed", telling.matter_closed)
contribute.listen("fieldwork.reopened", "matter.reopened", telling.matter_reopened)
contribute.work("fieldwork.inspections", offers.work)
contribute.search("fieldwork.inspections", offers.search)
contribute.timeline("fieldwork.inspections", offers.timeline)
contribute.evidence("fieldwork.inspections", offers.may_see)
contribute.schedule(
    "fieldwork.daily", _("整改复查和检查办结"), task="fangxin.kernel.fieldwork.tasks.daily", cron="40 6 * * *"
)
contribute.schedule(
    "fieldwork.risks", _("学习风险次序"), task="fangxin.kernel.fieldwork.tasks.learn_all_risks", cron="20 3 1 * *"
)
contribute.scenario("fieldwork", order=15, live=scenario.live)

contribute.subject(
    "inspection",
    _("监督检查"),
    rows=figures.inspection_rows,
    key="inspection_id",
    list_url="fieldwork:inspections",
    fields={
        "kind": _("检查类型"),
        "premises_kind": _("对象类别"),
        "premises_id": _("检查对象"),
        "inspecting_agency": _("检查机关"),
        "inspected_on": _("检查日期"),
        "result": _("检查结果"),
        "with_findings": _("发现问题"),
        "refused_signature": _("拒绝签字"),
        "published": _("当日已公开"),
        "publish_due_on": _("公开时限"),
        "publish_late": _("公开超期"),
        "closed": _("当日已办结"),
    },
)
contribute.subject(
    "finding",
    _("检查发现"),
    rows=figures.finding_rows,
    list_url="fieldwork:findings",
    fields={
        "premises_kind": _("对象类别"),
        "key": _("重点项"),
        "measure": _("处理"),
        "owner_agency": _("整改责任单位"),
        "found_on": _("发现日期"),
        "correct_by": _("改正期限"),
        "closed": _("当日已整改"),
        "due_reached": _("当日已到期限"),
        "late": _("整改逾期"),
    },
)
contribute.subject(
    "visit",
    _("应检查"),
    rows=figures.visit_rows,
    list_url="fieldwork:visits",
    fields={
        "kind": _("检查类型"),
        "reason": _("缘由"),
        "premises_kind": _("对象类别"),
        "from_on": _("最早日期"),
        "due_on": _("最迟日期"),
        "done": _("当日已检查"),
        "due_reached": _("当日已到期限"),
        "overdue": _("当日逾期未检查"),
        "done_on_time": _("按期检查"),
    },
)
contribute.subject(
    "grade",
    _("等级评定"),
    rows=figures.grade_rows,
    list_url="fieldwork:grades",
    fields={
        "scale": _("等级制"),
        "grade": _("等级"),
        "year": _("年度"),
        "premises_kind": _("对象类别"),
        "key_supervision": _("重点监管"),
        "effective_from": _("适用自"),
        "current_year": _("当年评定"),
        "older_than_year": _("超过12个月"),
        "told": _("已告知"),
    },
)

offers_self_control.offer()
