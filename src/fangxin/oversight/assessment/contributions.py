from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.api import EVERYONE_AT_WORK
from fangxin.oversight.assessment import access, today

contribute.event("assessment.round.started", _("启动考核"))
contribute.event("assessment.round.computed", _("计算考核得分"))
contribute.event("assessment.round.self_check_opened", _("开始单位自查"))
contribute.event("assessment.round.scored", _("考核评分"))
contribute.event("assessment.round.reviewed", _("复核通过考核评分"))
contribute.event("assessment.round.returned", _("退回考核评分"))
contribute.event("assessment.round.published", _("公布考核结果"))
contribute.event("assessment.round.finished", _("考核定案"))
contribute.event("assessment.round.cancelled", _("撤销考核"))
contribute.event("assessment.round.exported", _("导出考核排名"))
contribute.event("assessment.self_check.said", _("提交自查意见"))
contribute.event("assessment.adjustment.proposed", _("提出考核加减分"))
contribute.event("assessment.adjustment.approved", _("同意考核加减分"))
contribute.event("assessment.adjustment.refused", _("不同意考核加减分"))
contribute.event("assessment.adjustment.withdrawn", _("撤销考核加减分"))
contribute.event("assessment.appeal.lodged", _("提出考核申诉"))
contribute.event("assessment.appeal.upheld", _("考核申诉成立"))
contribute.event("assessment.appeal.rejected", _("考核申诉不成立"))
contribute.event("assessment.bulletin.drafted", _("起草通报"))
contribute.event("assessment.bulletin.edited", _("修改通报"))
contribute.event("assessment.bulletin.sent", _("通报送核稿"))
contribute.event("assessment.bulletin.checked", _("通报核稿通过"))
contribute.event("assessment.bulletin.returned", _("退改通报"))
contribute.event("assessment.bulletin.issued", _("印发通报"))
contribute.event("assessment.bulletin.read", _("阅读通报"))
contribute.event("assessment.bulletin.discarded", _("删除通报草稿"))

contribute.ability("assessment.view", _("查看考核结果"), roles=EVERYONE_AT_WORK)
contribute.ability("assessment.details", _("查看所有单位的考核明细"), roles=("office", "reader"))
contribute.ability("assessment.run", _("组织考核"), roles=("office",))
contribute.ability("assessment.adjust", _("提出和审批考核加减分"), roles=("office",))
contribute.ability("assessment.review", _("复核评分、处理申诉"), roles=("office",))
contribute.ability("assessment.answer", _("自查和申诉"), roles=("department", "township"))
contribute.ability("bulletin.view", _("查看通报"), roles=EVERYONE_AT_WORK)
contribute.ability("bulletin.write", _("起草、核稿和印发通报"), roles=("office",))
contribute.ability("bulletin.receive", _("签收通报"), roles=("department", "township"))

contribute.menu(_("评议考核"), "assessment:rounds", order=60, ability="assessment.view", group="plan", icon="award")
contribute.menu(_("情况通报"), "assessment:bulletins", order=70, ability="bulletin.view", group="plan", icon="news")

contribute.work("assessment", today.work)
contribute.search("assessment", today.search)
contribute.evidence("assessment", access.may_see_evidence)
