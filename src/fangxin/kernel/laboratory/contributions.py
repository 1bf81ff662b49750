"""What sampling and laboratory offer to the rest of the house."""

from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.laboratory import offers, offers_results, scenario, selectors
from fangxin.kernel.laboratory.services import noticing
from fangxin.kernel.people.api import EVERYBODY, LABORATORY

# --- sampling -------------------------------------------------------------------------------------------------------

SAMPLING = ("inspector", "department")

contribute.ability("sample.view", _("查看抽样检验"), roles=(*EVERYBODY, LABORATORY.name))
contribute.ability("sample.take", _("抽样"), roles=SAMPLING)
contribute.ability("sample.plan", _("编制和批准抽检计划、派发抽样任务"), roles=("department", "office"))
contribute.ability("sample.receive", _("收样和派检"), roles=(LABORATORY.name,))

for name, label in {
    "laboratory.plan.made": _("编制年度抽检计划"),
    "laboratory.plan.line_changed": _("调整抽检批次"),
    "laboratory.plan.approved": _("批准年度抽检计划"),
    "laboratory.plan.withdrawn": _("撤回年度抽检计划"),
    "laboratory.draw.committed": _("封存抽样对象抽取方案和种子"),
    "laboratory.draw.drawn": _("抽取抽样对象"),
    "laboratory.draw.withdrawn": _("作废抽样对象抽取"),
    "laboratory.task.added": _("列入抽样任务"),
    "laboratory.task.assigned": _("派发抽样任务"),
    "laboratory.task.taken": _("完成抽样任务"),
    "laboratory.task.cancelled": _("取消抽样任务"),
    "laboratory.sample.taken": _("抽样"),
    "laboratory.sample.laboratory_named": _("确定承检机构"),
    "laboratory.sample.sent": _("样品送检"),
    "laboratory.sample.brought_back": _("样品退回抽样人员"),
    "laboratory.sample.received": _("检验机构接收样品"),
    "laboratory.sample.refused": _("检验机构拒收样品"),
    "laboratory.sample.receipt_undone": _("撤销收样记录"),
    "laboratory.sample.assigned": _("派检"),
    "laboratory.sample.cancelled": _("样品作废"),
    "laboratory.samples.loaded": _("成批装入抽样"),
    "laboratory.duplicate.keeping_told": _("确定备样保存期限"),
    "laboratory.duplicate.handed_over": _("备样移交复检"),
    "laboratory.duplicate.destroyed": _("备样处置"),
    "laboratory.irregularity.noticed": _("发现抽样不规范"),
    "laboratory.irregularity.closed": _("抽样不规范整改完成"),
}.items():
    contribute.event(name, label)
for name, label in {
    "laboratory.sample.photo_added": _("上传抽样照片"),
    "laboratory.custody.handed_over": _("交出样品"),
    "laboratory.custody.acknowledged": _("确认接收样品"),
    "laboratory.custody.taken_back": _("撤回样品交接"),
}.items():
    contribute.event(name, label, counted=False)

contribute.menu(_("抽样任务"), "laboratory:tasks", order=30, ability="sample.take", group="loop", icon="test-pipe")
contribute.menu(_("样品"), "laboratory:samples", order=31, ability="sample.view", group="loop", icon="bottle")
contribute.menu(_("抽检计划"), "laboratory:plans", order=32, ability="sample.plan", group="loop", icon="calendar-stats")
contribute.menu(
    _("抽样不规范"), "laboratory:irregularities", order=33, ability="sample.plan", group="loop", icon="alert-triangle"
)
contribute.menu(_("收样"), "laboratory:incoming", order=30, ability="sample.receive", group="loop", icon="inbox")
contribute.menu(_("检验清单"), "laboratory:work", order=32, ability="sample.receive", group="loop", icon="list-check")
contribute.menu(_("备样"), "laboratory:duplicates", order=34, ability="sample.view", group="loop", icon="archive")

contribute.listen("laboratory.irregularity_closed", "matter.closed", noticing.matter_closed)
contribute.listen("laboratory.irregularity_reopened", "matter.reopened", noticing.matter_reopened)
contribute.work("laboratory.sampling", offers.work)
contribute.search("laboratory.samples", offers.search)
contribute.timeline("laboratory.samples", offers.timeline)
contribute.evidence("laboratory.samples", offers.may_see)
contribute.schedule(
    "laboratory.daily", _("核对抽样规范"), task="fangxin.kernel.laboratory.tasks.daily", cron="20 6 * * *"
)
contribute.scenario("laboratory.sampling", order=16, live=scenario.live)

contribute.subject(
    "sampling_task",
    _("应抽样"),
    rows=selectors.task_rows,
    list_url="laboratory:tasks",
    fields={
        "purpose": _("任务类别"),
        "regime": _("适用规则"),
        "stage": _("环节"),
        "food_class": _("食品大类"),
        "due_on": _("最迟抽样日期"),
        "this_year": _("当年到期"),
        "due_reached": _("当日已到期限或者已抽"),
        "done": _("当日已抽样"),
        "on_time": _("按期抽样"),
        "overdue": _("当日逾期未抽"),
        "concluded": _("当日样品已有结论"),
    },
)
contribute.subject(
    "sampling_irregularity",
    _("抽样不规范"),
    rows=selectors.irregularity_rows,
    list_url="laboratory:irregularities",
    fields={"kind": _("情形"), "closed": _("当日已整改")},
)

# --- results --------------------------------------------------------------------------------------------------------

offers_results.offer()
