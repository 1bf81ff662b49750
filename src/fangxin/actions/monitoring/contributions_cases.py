from django.utils.translation import gettext_lazy as _

from fangxin.actions.monitoring import offers_cases as offers
from fangxin.actions.monitoring import scenario_cases as scenario
from fangxin.actions.monitoring import selectors_cases as selectors
from fangxin.kernel.contributing import api as contribute

contribute.ability("cases.view", _("查看食源性疾病病例（不含病人身份）"), roles=("epidemiologist", "institution"))
contribute.ability("cases.report", _("填报食源性疾病病例和零报告"), roles=("institution",))
contribute.ability("cases.review", _("审核食源性疾病病例"), roles=("epidemiologist",))

contribute.menu(
    _("食源性疾病病例"), "monitoring:cases", order=13, ability="cases.view", group="actions", icon="stethoscope"
)

for name, label in {
    "monitoring.case.written": _("填写病例"),
    "monitoring.case.corrected": _("修改病例"),
    "monitoring.case.reported": _("报告病例"),
    "monitoring.case.accepted": _("病例审核通过"),
    "monitoring.case.returned": _("病例退回订正"),
    "monitoring.case.finished": _("病例终审"),
    "monitoring.case.reopened": _("撤回病例终审"),
    "monitoring.case.deleted": _("删除病例"),
    "monitoring.case.restored": _("恢复病例"),
    "monitoring.case.specimen_added": _("补充生物标本"),
    "monitoring.zero.told": _("零报告"),
    "monitoring.zero.undone": _("撤销零报告"),
}.items():
    contribute.event(name, label)

contribute.subject(
    "case_report",
    _("食源性疾病病例"),
    rows=selectors.case_rows,
    list_url="monitoring:cases",
    fields={
        "this_year": _("当年报告"), "timely": _("按期报告"), "qualified": _("没有退回过"), "finished": _("当日已终审"),
    },
)  # fmt: skip
contribute.work("monitoring.cases", offers.work)
contribute.search("monitoring.cases", offers.search)
contribute.scenario("monitoring.cases", order=44, live=scenario.live)
