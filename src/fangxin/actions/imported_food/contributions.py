from django.utils.translation import gettext_lazy as _

from fangxin.actions.imported_food import offers, scenario, selectors
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.api import EVERYONE_AT_WORK, STAFF

contribute.ability("import.view", _("查看进口食品"), roles=(*EVERYONE_AT_WORK, "operator"))
contribute.ability("import.lists", _("查看进口食品清单和风险通报"), roles=(*STAFF, "reader"))
contribute.ability("import.own", _("登记自己的进口食品"), roles=("operator",))
contribute.ability("import.record", _("登记进口食品和单证"), roles=("operator", "inspector", "department"))
contribute.ability("import.supervise", _("监管进口食品经营者和批次"), roles=("inspector", "department"))
contribute.ability("import.alerts", _("登记、核对风险通报"), roles=("office", "department"))
contribute.ability("import.consult", _("安排进口食品会商"), roles=("office", "department"))
contribute.ability("import.clues", _("登记、移送走私和来源不明线索"), roles=("inspector", "department"))
contribute.ability("import.transfer", _("决定走私和来源不明线索是否移送"), roles=("department",))

contribute.menu(_("进口食品守护"), "board:imported_food", order=120, ability="board.view", group="actions", icon="ship")
contribute.menu(
    _("进口食品批次和通报"),
    "imported_food:home",
    order=121,
    ability="import.lists",
    group="actions",
    icon="package-import",
)
contribute.menu(_("我的进口食品"), "imported_food:mine", order=122, ability="import.own", group="actions", icon="ship")
contribute.attribute(
    "imported_food.purchase_check",
    _("进口食品进货查验年度检查"),
    clause="三（十二）",
    premises_kinds=("importer", "food_sales"),
    choices={
        "compliant": _("合规"),
        "problems": _("有问题"),
    },
)

for name, label in {
    "imported_food.trader.registered": _("登记进口食品经营者"),
    "imported_food.trader.changed": _("修改进口食品经营者"),
    "imported_food.trader.coached": _("更新海关信用培育"),
    "imported_food.credit.recorded": _("录入海关信用等级"),
    "imported_food.consignment.recorded": _("登记进口食品批次"),
    "imported_food.consignment.undone": _("撤销进口食品批次登记"),
    "imported_food.consignment.sold_out": _("进口食品批次已售完"),
    "imported_food.consignment.back": _("进口食品批次恢复在架"),
    "imported_food.paper.added": _("登记进口食品单证"),
    "imported_food.paper.undone": _("撤回进口食品单证"),
    "imported_food.label.checked": _("核对中文标签"),
    "imported_food.sampling.asked": _("进口食品转抽样"),
    "imported_food.alert.received": _("收到风险通报"),
    "imported_food.alert.traced": _("结束风险通报核对"),
    "imported_food.alerts.taken_in": _("导入风险通报"),
    "imported_food.match.confirmed": _("确认风险通报涉及批次"),
    "imported_food.match.dismissed": _("排除风险通报涉及批次"),
    "imported_food.disposal.opened": _("立案处置进口食品"),
    "imported_food.disposal.stopped": _("停止销售进口食品"),
    "imported_food.disposal.buyers_listed": _("列出购货者"),
    "imported_food.disposal.disposed": _("处置进口食品"),
    "imported_food.disposal.reported": _("报告进口食品处置结果"),
    "imported_food.withdrawal.told": _("通知购货者"),
    "imported_food.withdrawal.returned": _("登记追回数量"),
    "imported_food.session.arranged": _("安排进口食品会商"),
    "imported_food.session.held": _("召开进口食品会商"),
    "imported_food.session.cancelled": _("取消进口食品会商"),
    "imported_food.session.restored": _("恢复进口食品会商"),
    "imported_food.session.decided": _("进口食品会商作出决定"),
    "imported_food.session.concluded": _("进口食品会商形成结论"),
    "imported_food.clue.recorded": _("登记走私、来源不明线索"),
    "imported_food.clue.reported": _("报告走私、来源不明线索"),
    "imported_food.clue.approved": _("批准移送线索"),
    "imported_food.clue.dismissed": _("决定不移送线索"),
    "imported_food.clue.handed_over": _("移送线索"),
    "imported_food.clue.answered": _("登记线索移送回复"),
}.items():
    contribute.event(name, label)

contribute.subject(
    "import_disposal",
    _("进口食品处置"),
    rows=selectors.disposal_rows,
    key="number",
    list_url="imported_food:disposals",
    fields={
        "cause": _("缘由"),
        "this_year": _("当年到期"),
        "due_on": _("处置时限"),
        "settled": _("当日已处置或者已到期"),
        "on_time": _("按期处置"),
        "overdue": _("当日超期未处置"),
    },
)
contribute.subject(
    "import_alert",
    _("进口食品风险通报"),
    rows=selectors.alert_rows,
    list_url="imported_food:alerts",
    fields={
        "source": _("来源"),
        "this_year": _("当年收到"),
        "traced": _("当日已核对"),
        "on_time": _("24 小时内核对"),
    },
)
contribute.subject(
    "import_lot",
    _("进口食品批次"),
    rows=selectors.consignment_rows,
    list_url="imported_food:consignments",
    fields={
        "held": _("在店"),
        "papers_whole": _("单证齐全"),
        "label": _("中文标签"),
        "band": _("关注程度"),
        "origin": _("原产国（地区）"),
    },
)

contribute.listen("imported_food.results", "verdict.told", offers.verdict_told)
contribute.work("imported_food", offers.work)
contribute.search("imported_food", offers.search)
contribute.timeline("imported_food", offers.timeline)
contribute.evidence("imported_food.papers", offers.may_see_evidence)
contribute.schedule(
    "imported_food.daily", _("核对进口食品单证、标签和保质期"), task="fangxin.actions.imported_food.tasks.daily",
    cron="20 6 * * *",
)  # fmt: skip
contribute.schedule(
    "imported_food.hourly", _("查找超时的进口食品通报、处置和线索"), task="fangxin.actions.imported_food.tasks.hourly",
    cron="10 * * * *",
)  # fmt: skip
contribute.scenario("imported_food", order=60, live=scenario.live)
