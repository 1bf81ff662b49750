from django.utils.translation import gettext_lazy as _

from fangxin.actions.monitoring import offers_outbreaks as offers
from fangxin.actions.monitoring import scenario_outbreaks as scenario
from fangxin.actions.monitoring import selectors_outbreaks as selectors
from fangxin.kernel.contributing import api as contribute

contribute.ability("outbreak.work", _("核实聚集信号、流行病学调查"), roles=("epidemiologist",))
contribute.ability(
    "outbreak.view", _("查看共享给本单位的流行病学调查"), roles=("epidemiologist", "office", "department")
)

contribute.menu(
    _("今日疫情"), "monitoring:morning", order=14, ability="outbreak.work", group="actions", icon="virus-search"
)
contribute.menu(
    _("每日风险态势"), "monitoring:picture", order=14, ability="outbreak.view", group="actions", icon="map-heart"
)
contribute.menu(
    _("流行病学调查"),
    "monitoring:investigations",
    order=15,
    ability="outbreak.view",
    group="actions",
    icon="microscope",
)

for name, label in {
    "monitoring.outbreak_signal.raised": _("发出聚集信号"),
    "monitoring.outbreak_signal.taken": _("开始核实聚集信号"),
    "monitoring.outbreak_signal.excluded": _("排除聚集信号"),
    "monitoring.outbreak_signal.reopened": _("重新打开聚集信号"),
    "monitoring.outbreak_signal.confirmed": _("确认聚集"),
    "monitoring.alarm_budget.set": _("设定每月预警条数"),
    "monitoring.investigation.opened": _("开始流行病学调查"),
    "monitoring.investigation.corrected": _("更正调查情况"),
    "monitoring.investigation.not_food": _("判断非食品原因"),
    "monitoring.investigation.outbreak": _("确认暴发"),
    "monitoring.investigation.grade": _("提出事故分级"),
    "monitoring.investigation.respond": _("启动应急响应"),
    "monitoring.investigation.handled": _("处置完毕"),
    "monitoring.investigation.report": _("提交流行病学调查报告"),
    "monitoring.investigation.close": _("调查结案"),
    "monitoring.investigation.undone": _("撤回调查步骤"),
    "monitoring.investigation.shared": _("共享调查"),
    "monitoring.duty.began": _("报告责任开始计时"),
    "monitoring.duty.told": _("登记已报告、通报"),
    "monitoring.duty.acknowledged": _("确认收到报告"),
    "monitoring.case_definition.made": _("制定病例定义"),
    "monitoring.line_list.saved": _("保存个案一览表"),
    "monitoring.measure.drafted": _("拟定控制措施"),
    "monitoring.measure.confirmed": _("确认控制措施"),
    "monitoring.measure.dropped": _("不采取控制措施"),
    "monitoring.outbreak_paper.made": _("制作调查文书"),
}.items():
    contribute.event(name, label)

contribute.subject(
    "outbreak_signal",
    _("聚集信号"),
    rows=selectors.signal_rows,
    list_url="monitoring:outbreak_signals",
    fields={
        "kind": _("类型"), "this_year": _("当年发出"), "settled": _("当日已核实"), "on_time": _("按期核实"),
    },
)  # fmt: skip
contribute.subject(
    "investigation",
    _("流行病学调查"),
    rows=selectors.investigation_rows,
    list_url="monitoring:investigations",
    fields={
        "setting": _("场所类型"), "this_year": _("当年立项"), "reported": _("当日已提交流调报告"), "closed": _("当日已结案"),
    },
)  # fmt: skip
contribute.work("monitoring.outbreaks", offers.work)
contribute.search("monitoring.outbreaks", offers.search)
contribute.evidence("monitoring.outbreaks", offers.may_see_evidence)
contribute.schedule(
    "monitoring.outbreaks",
    _("追查超时的聚集信号和调查"),
    task="fangxin.actions.monitoring.tasks.late_outbreaks",
    cron="15 * * * *",
)
contribute.schedule(
    "monitoring.detection",
    _("从病例中查找聚集信号"),
    task="fangxin.actions.monitoring.tasks.look_for_outbreaks",
    cron="30 6 * * *",
)
contribute.scenario("monitoring.outbreaks", order=47, live=scenario.live)
