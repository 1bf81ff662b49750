from django.utils.translation import gettext_lazy as _

from fangxin.actions.small_operators import offers, scenario
from fangxin.actions.small_operators.services import visits
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.api import EVERYONE_AT_WORK, STAFF

contribute.ability("small.view", _("查看“三小”治理"), roles=(*EVERYONE_AT_WORK, "operator"))
contribute.ability("small.lists", _("查看“三小”清单和地图"), roles=(*STAFF, "reader"))
contribute.ability("small.own", _("办理自己的“三小”登记备案"), roles=("operator",))
contribute.ability("small.apply", _("填写“三小”申请"), roles=("department", "township", "inspector", "operator"))
contribute.ability("small.review", _("核材料、受理和审查“三小”申请"), roles=("department", "township", "inspector"))
contribute.ability("small.issue", _("决定“三小”申请、发证"), roles=("department", "inspector"))
contribute.ability("small.supervise", _("首次检查、跟进未登记、推荐和升级"), roles=STAFF)
contribute.ability("small.zones", _("划定摊点区域、安排摊位"), roles=("department", "township"))
contribute.ability("small.list_sites", _("决定示范点、标杆点"), roles=("office", "department"))

contribute.menu(
    _("“三小”治理"), "small_operators:home", order=80, ability="small.lists", group="actions", icon="home-cog"
)
contribute.menu(
    _("我的登记备案"), "small_operators:mine", order=81, ability="small.own", group="actions", icon="home-cog"
)

contribute.attribute(
    "small_operators.inspection",
    _("“三小”年度监督检查"),
    clause="三（八）",
    premises_kinds=("small_workshop", "small_shop", "stall"),
    choices={
        "compliant": _("已检查，合规"),
        "problems": _("已检查，有问题"),
    },
)

for name, label in {
    "small_operators.application.drafted": _("填写“三小”申请"),
    "small_operators.application.changed": _("修改“三小”申请"),
    "small_operators.application.paper_added": _("上传“三小”申请材料"),
    "small_operators.application.submitted": _("提交“三小”申请"),
    "small_operators.application.missing_told": _("一次告知需补材料"),
    "small_operators.application.accepted": _("受理“三小”申请"),
    "small_operators.application.reviewed": _("审查“三小”申请"),
    "small_operators.application.issued": _("办结“三小”申请"),
    "small_operators.application.refused": _("不予办理“三小”申请"),
    "small_operators.application.reopened": _("重新办理“三小”申请"),
    "small_operators.application.withdrawn": _("撤回“三小”申请"),
    "small_operators.application.resumed": _("继续办理已撤回的“三小”申请"),
    "small_operators.applications.loaded": _("成批载入“三小”申请和首次检查"),
    "small_operators.card.received": _("乡镇签收摊点备案卡"),
    "small_operators.visit.recorded": _("登记“三小”首次检查"),
    "small_operators.visit.undone": _("撤销“三小”首次检查登记"),
    "small_operators.zone.drawn": _("划定摊点区域"),
    "small_operators.zone.redrawn": _("调整摊点区域"),
    "small_operators.zone.closed": _("停用摊点区域"),
    "small_operators.zone.reopened": _("恢复摊点区域"),
    "small_operators.stall.placed": _("安排摊位"),
    "small_operators.stall.left": _("摊点离开区域"),
    "small_operators.stall.out_of_zone": _("移交区域外经营问题"),
    "small_operators.site.nominated": _("推荐示范点、标杆点"),
    "small_operators.site.scored": _("示范点、标杆点评分"),
    "small_operators.site.listed": _("列入示范点、标杆点名单"),
    "small_operators.site.refused": _("未列入示范点、标杆点名单"),
    "small_operators.site.removed": _("移出示范点、标杆点名单"),
    "small_operators.unregistered.found": _("发现未登记经营者"),
    "small_operators.unregistered.guided": _("告知、帮办登记备案"),
    "small_operators.unregistered.ordered": _("责令限期登记"),
    "small_operators.unregistered.registered": _("未登记经营者已登记备案"),
    "small_operators.unregistered.shut": _("未登记经营者已停止经营"),
    "small_operators.unregistered.out_of_scope": _("认定不属“三小”"),
    "small_operators.unregistered.taken_up_again": _("重新跟进未登记经营者"),
    "small_operators.upgrade.begun": _("开始升级许可"),
    "small_operators.upgrade.checked": _("核对升级条件"),
    "small_operators.upgrade.applied": _("升级：已申请许可"),
    "small_operators.upgrade.licensed": _("升级：已取得许可"),
    "small_operators.upgrade.given_up": _("不再升级"),
    "small_operators.upgrade.taken_up_again": _("重新准备升级"),
}.items():
    contribute.event(name, label)

contribute.listen("small_operators.inspected", "inspection.told", visits.inspection_told)
contribute.work("small_operators", offers.work)
contribute.search("small_operators", offers.search)
contribute.timeline("small_operators", offers.timeline)
contribute.evidence("small_operators.papers", offers.may_see_evidence)
contribute.schedule(
    "small_operators.census", _("跟进普查发现的未登记“三小”"), task="fangxin.actions.small_operators.tasks.daily",
    cron="40 6 * * *",
)  # fmt: skip
contribute.scenario("small_operators", order=35, live=scenario.live)
