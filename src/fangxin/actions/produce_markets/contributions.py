from django.utils.translation import gettext_lazy as _

from fangxin.actions.produce_markets import offers, scenario, selectors
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.api import EVERYONE_AT_WORK, STAFF

contribute.ability("market.view", _("查看食用农产品市场"), roles=(*EVERYONE_AT_WORK, "operator"))
contribute.ability("market.lists", _("查看市场清单和首页"), roles=(*STAFF, "reader"))
contribute.ability("market.own", _("管理自己的市场、自己的摊位"), roles=("operator",))
contribute.ability("market.work", _("建市场档案、代市场登记"), roles=("department", "township", "inspector"))
contribute.ability("market.supervise", _("受理市场线索、抽查摊位、转立案"), roles=("department", "inspector"))
contribute.ability("market.grade", _("给市场评风险等级"), roles=("department", "inspector"))
contribute.ability("market.projects", _("管理市场升级改造"), roles=("office", "department", "township"))

contribute.menu(
    _("食用农产品市场"), "produce_markets:home", order=70, ability="market.lists", group="actions", icon="basket"
)
contribute.menu(
    _("我的市场、摊位"), "produce_markets:mine", order=71, ability="market.own", group="actions", icon="basket"
)

for name, label in {
    "produce_markets.market.opened": _("建立市场档案"),
    "produce_markets.market.changed": _("修改市场档案"),
    "produce_markets.stall.added": _("登记摊位"),
    "produce_markets.holder.admitted": _("销售者入场"),
    "produce_markets.holder.left": _("销售者退场"),
    "produce_markets.paper.added": _("上传入场材料"),
    "produce_markets.board.updated": _("更新市场公示"),
    "produce_markets.entry.recorded": _("登记货物入场"),
    "produce_markets.entry.checked": _("查验入场货物"),
    "produce_markets.entry.judged": _("重新判定入场货物"),
    "produce_markets.entry.proof_joined": _("补充入场凭证"),
    "produce_markets.entry.undone": _("撤销入场登记"),
    "produce_markets.goods.left": _("登记货物去向"),
    "produce_markets.goods.taken_back": _("冲销货物去向"),
    "produce_markets.goods.stopped": _("停止销售、退市"),
    "produce_markets.goods.withdrawn": _("退市货物处置"),
    "produce_markets.self_check.recorded": _("登记市场自查"),
    "produce_markets.meat.checked": _("查验肉品"),
    "produce_markets.stall.asked": _("抽查摊位索证"),
    "produce_markets.grade.scored": _("市场风险评分"),
    "produce_markets.project.begun": _("市场升级改造立项"),
    "produce_markets.project.milestone_reached": _("市场改造完成节点"),
    "produce_markets.project.submitted": _("市场改造提请验收"),
    "produce_markets.project.returned": _("市场改造验收不通过"),
    "produce_markets.project.accepted": _("市场改造通过验收"),
    "produce_markets.project.stopped": _("终止市场改造"),
    "produce_markets.referral.reported": _("市场向监管报告线索"),
    "produce_markets.referral.taken": _("监管受理市场线索"),
    "produce_markets.referral.made_case": _("市场线索转处罚案件"),
    "produce_markets.referral.ended": _("市场线索核查结束"),
    "produce_markets.file.taken": _("导入市场数据文件"),
    "produce_markets.loaded": _("成批载入市场记录"),
}.items():
    contribute.event(name, label)

contribute.work("produce_markets", offers.work)
contribute.search("produce_markets", offers.search)
contribute.timeline("produce_markets", offers.timeline)
contribute.evidence("produce_markets", offers.may_see_evidence)
contribute.listen("produce_markets.sample_failed", "finding", offers.finding)
contribute.schedule(
    "produce_markets.daily",
    _("核对市场查验、退市、自查、分级和改造"),
    task="fangxin.actions.produce_markets.tasks.daily",
    cron="10 7 * * *",
)
contribute.scenario("produce_markets", order=46, live=scenario.live)

contribute.subject(
    "produce_market",
    _("食用农产品市场"),
    rows=selectors.market_rows,
    list_url="produce_markets:markets",
    fields={
        "operating": _("在营"),
        "graded": _("当年风险等级已确认"),
        "archived": _("已建市场档案"),
        "test_room": _("有快检室或者委托检验"),
        "upgraded": _("升级改造已验收"),
    },
)
contribute.subject(
    "stall_proof_check",
    _("摊位索证抽查"),
    rows=selectors.stall_check_rows,
    list_url="produce_markets:stall_checks",
    fields={"shown": _("能出示有效凭证"), "purchase_book": _("有进货记录")},
)
contribute.subject(
    "market_referral",
    _("检监联动线索"),
    rows=selectors.referral_rows,
    list_url="produce_markets:referrals",
    fields={"source": _("线索"), "in_time": _("按时受理"), "crime": _("可能涉嫌犯罪")},
)
