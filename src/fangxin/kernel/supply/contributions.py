"""What supply offers to the rest of the house."""

from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.api import EVERYBODY
from fangxin.kernel.supply import offers, offers_certificates, scenario, scenario_recalls
from fangxin.kernel.supply.services import testing

# --- lots, receipts, events -----------------------------------------------------------------------------------------

contribute.ability("supply.view", _("查看来源去向"), roles=EVERYBODY)
contribute.ability(
    "supply.record", _("登记进货、加工和出货"), roles=("operator", "institution", "inspector", "township")
)
contribute.ability("supply.stop", _("停售和恢复批次"), roles=("inspector", "department", "office"))
contribute.ability("supply.recall", _("启动和跟踪召回"), roles=("inspector", "department", "office", "township"))
contribute.ability("supply.tokens", _("管理追溯接口密钥"), roles=("operator", "department", "office"))

for name, label in {
    "supply.product.added": _("登记产品"),
    "supply.lot.added": _("登记批次"),
    "supply.lot.made": _("登记加工产出"),
    "supply.lot.stopped": _("停售批次"),
    "supply.lot.released": _("恢复批次"),
    "supply.receipt.recorded": _("登记进货"),
    "supply.receipt.undone": _("撤销进货记录"),
    "supply.dispatch.recorded": _("登记出货"),
    "supply.dispatch.undone": _("撤销出货记录"),
    "supply.outflow.recorded": _("登记零售或损耗"),
    "supply.upload.read": _("导入进货表或电子秤文件"),
    "supply.upload.undone": _("撤销导入"),
    "supply.loaded": _("成批装入批次"),
    "supply.events.captured": _("收下追溯事件"),
    "supply.recall.started": _("启动召回"),
    "supply.recall.listed": _("列出召回清单"),
    "supply.recall.told": _("通知召回场所"),
    "supply.recall.answered": _("场所确认下架"),
    "supply.recall.returned": _("登记召回数量"),
    "supply.recall.return_undone": _("撤回召回数量"),
    "supply.recall.checks_drawn": _("抽取召回核查场所"),
    "supply.recall.checked": _("登记召回核查"),
    "supply.recall.counted": _("召回清点完毕"),
    "supply.recall.closed": _("结束召回"),
    "supply.recall.reopened": _("重新进行召回"),
    "supply.recall.cancelled": _("取消召回"),
}.items():
    contribute.event(name, label)
for name, label in {
    "supply.upload.checked": _("上传进货表或电子秤文件"),
    "supply.token.made": _("生成接口密钥"),
    "supply.token.revoked": _("停用接口密钥"),
    "supply.place.named": _("对应场所标识"),
    "supply.trace.exported": _("导出溯源表"),
    "supply.recall.exported": _("导出召回清单"),
}.items():
    contribute.event(name, label, counted=False)

contribute.menu(_("收货"), "supply:receive", order=34, ability="supply.record", group="loop", icon="scan")
contribute.menu(_("批次和溯源"), "supply:lots", order=35, ability="supply.view", group="loop", icon="sitemap")
contribute.menu(_("进货记录"), "supply:receipts", order=36, ability="supply.view", group="loop", icon="truck-delivery")

contribute.menu(_("召回"), "supply:recalls", order=38, ability="supply.recall", group="loop", icon="truck-return")
contribute.menu(_("追溯接口"), "supply:tokens", order=47, ability="supply.tokens", group="system", icon="api")

contribute.work("supply.goods", offers.work)
contribute.work("supply.recalls", offers.recall_work)
contribute.search("supply.lots", offers.search)
contribute.timeline("supply.lots", offers.timeline)
contribute.evidence("supply.receipts", offers.may_see)
contribute.listen("supply.tests", "verdict.told", testing.verdict_told)
contribute.schedule("supply.derive", _("推导流转"), task="fangxin.kernel.supply.tasks.derive", cron="* * * * *")
contribute.schedule(
    "supply.impossible",
    _("查找不可能的数量和先后"),
    task="fangxin.kernel.supply.tasks.tell_impossible",
    cron="40 3 * * *",
)
contribute.scenario("supply.goods", order=43, live=scenario.live)
contribute.scenario("supply.recalls", order=45, live=scenario_recalls.live)

# --- certificates ---------------------------------------------------------------------------------------------------

offers_certificates.offer()
