from django.utils.translation import gettext_lazy as _

from fangxin.actions.origin import (
    offers,
    offers_emissions,
    scenario,
    scenario_emissions,
    selectors,
    selectors_emissions,
)
from fangxin.actions.origin.services import enterprises, produce
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.api import EVERYONE_AT_WORK

contribute.ability("origin.view", _("查看产地环境"), roles=EVERYONE_AT_WORK)
contribute.ability("origin.edit", _("登记产地环境点位、地块和监测数据"), roles=("department", "township"))
contribute.ability("origin.decide", _("确认产地环境类别、批准措施、销号"), roles=("department",))

contribute.menu(_("产地环境净化"), "origin:home", order=20, ability="origin.view", group="actions", icon="leaf")

# --- soil, parcels, quality class, measures -----------------------------------------------------------------------------

for name, label in {
    "origin.point.added": _("登记土壤点位"),
    "origin.point.changed": _("修改土壤点位"),
    "origin.sample.recorded": _("登记土壤检测结果"),
    "origin.sample.corrected": _("更正土壤检测结果"),
    "origin.produce.told": _("收到地块农产品检测结果"),
    "origin.unit.added": _("建立评价单元"),
    "origin.unit.joined": _("地块划入评价单元"),
    "origin.unit.left": _("地块移出评价单元"),
    "origin.class.proposed": _("提出耕地类别建议"),
    "origin.class.consulted": _("会商耕地类别"),
    "origin.class.confirmed": _("确认耕地类别"),
    "origin.class.submitted": _("耕地类别报批"),
    "origin.class.in_force": _("耕地类别生效"),
    "origin.class.returned": _("退回耕地类别"),
    "origin.measure.planned": _("登记耕地管控措施"),
    "origin.measure.approved": _("批准耕地管控措施"),
    "origin.measure.executed": _("耕地管控措施已实施"),
    "origin.measure.ended": _("耕地管控措施结束"),
    "origin.measure.withdrawn": _("取消耕地管控措施"),
}.items():
    contribute.event(name, label)

contribute.subject(
    "cultivated_parcel",
    _("耕地地块"),
    rows=selectors.parcel_rows,
    key="number",
    list_url="origin:parcels",
    fields={
        "kind": _("类别"),
        "area_mu": _("面积（亩）"),
        "soil_class": _("土壤环境质量类别"),
        "polluted": _("受污染"),
        "measured": _("适用措施已实施"),
        "produce": _("一年内农产品"),
    },
)
contribute.subject(
    "land_unit",
    _("耕地评价单元"),
    rows=selectors.unit_rows,
    key="number",
    list_url="origin:units",
    fields={
        "class_then": _("土壤环境质量类别"),
        "re_evaluated": _("当年复评"),
        "change": _("较上年"),
    },
)

contribute.listen("origin.produce", "verdict.told", produce.verdict_told)
contribute.certificate_blocker("origin", offers.certificate_blockers)
contribute.work("origin.land", offers.work)
contribute.search("origin.land", offers.search)
contribute.timeline("origin.land", offers.timeline)
contribute.evidence("origin.land", offers.may_see_evidence)
contribute.schedule(
    "origin.contradictions", _("核对耕地类别、作物和措施"), task="fangxin.actions.origin.tasks.daily", cron="50 5 * * *"
)
contribute.scenario("origin.land", order=36, live=scenario.live)

# --- enterprises, water, volatile organic compounds ---------------------------------------------------------------------

for name, label in {
    "origin.metal.surveyed": _("排查涉重金属企业"),
    "origin.metal.changed": _("修改涉重金属企业信息"),
    "origin.metal.listed": _("涉重金属企业列入整治清单"),
    "origin.metal.left_out": _("涉重金属企业排查后不列入"),
    "origin.metal.checked": _("检查涉重金属企业"),
    "origin.metal.monitored": _("登记涉重金属企业监测"),
    "origin.metal.problem_found": _("发现涉重金属企业问题"),
    "origin.metal.problem_closed": _("涉重金属企业问题销号"),
    "origin.metal.problem_reopened": _("涉重金属企业问题反弹"),
    "origin.metal.rectifying": _("涉重金属企业整治中"),
    "origin.metal.overdue": _("涉重金属企业整治逾期督办"),
    "origin.metal.submitted": _("涉重金属企业申请验收"),
    "origin.metal.accepted": _("涉重金属企业验收销号"),
    "origin.metal.sent_back": _("退回涉重金属企业验收申请"),
    "origin.metals.imported": _("导入涉重金属企业清单"),
    "origin.section.registered": _("登记水质断面"),
    "origin.section.changed": _("修改水质断面"),
    "origin.water.recorded": _("登记月度水质"),
    "origin.water.corrected": _("更正月度水质"),
    "origin.water.loaded": _("成批载入月度水质"),
    "origin.irrigation.told": _("告知灌溉水超标"),
    "origin.irrigation.acknowledged": _("签收灌溉水超标告知"),
    "origin.voc.registered": _("登记挥发性有机物企业"),
    "origin.voc.changed": _("修改挥发性有机物企业信息"),
    "origin.voc.checked": _("核查挥发性有机物企业"),
    "origin.voc.ldar_done": _("登记泄漏检测"),
    "origin.leak.found": _("发现泄漏点"),
    "origin.leak.tried": _("泄漏点修复未合格"),
    "origin.leak.postponed": _("泄漏点延迟修复"),
    "origin.leak.repaired": _("泄漏点已修复"),
}.items():
    contribute.event(name, label)

contribute.subject(
    "origin_metal",
    _("涉重金属企业"),
    rows=selectors_emissions.metal_rows,
    key="number",
    list_url="origin:metals",
    fields={
        "running": _("生产状态"),
        "industry": _("行业"),
        "checked_this_year": _("当年已检查"),
        "accepted": _("当日已验收销号"),
    },
)
contribute.subject(
    "origin_metal_problem",
    _("涉重金属企业问题"),
    rows=selectors_emissions.problem_rows,
    list_url="origin:metal_problems",
    fields={
        "kind": _("问题类别"),
        "due_on": _("完成时限"),
        "due_reached": _("当日已到期限"),
        "closed": _("当日已销号"),
        "closed_on_time": _("按期销号"),
    },
)
contribute.subject(
    "origin_voc",
    _("挥发性有机物企业"),
    rows=selectors_emissions.voc_rows,
    key="number",
    list_url="origin:voc_firms",
    fields={"running": _("在产"), "process": _("主要产污环节"), "last_outcome": _("最近一次核查结论")},
)
contribute.subject(
    "origin_water_month",
    _("断面月度水质"),
    rows=selectors_emissions.month_rows,
    list_url="origin:water_months",
    fields={
        "section_number": _("断面编号"),
        "month": _("月份"),
        "water_class": _("水质类别"),
        "judged": _("能判定"),
        "meets": _("达到目标"),
        "irrigates": _("灌溉取水"),
    },
)

contribute.listen("origin.problem_closed", "matter.closed", enterprises.matter_closed)
contribute.listen("origin.problem_reopened", "matter.reopened", enterprises.matter_reopened)
contribute.work("origin.emissions", offers_emissions.work)
contribute.search("origin.emissions", offers_emissions.search)
contribute.timeline("origin.emissions", offers_emissions.timeline)
contribute.evidence("origin.emissions", offers_emissions.may_see_evidence)
contribute.schedule(
    "origin.emissions", _("督办逾期的涉重金属企业、泄漏点"), task="fangxin.actions.origin.tasks.press",
    cron="50 6 * * *",
)  # fmt: skip
contribute.scenario("origin.emissions", order=26, live=scenario_emissions.live)
