from django.utils.translation import gettext_lazy as _

from fangxin.actions.monitoring import (
    contributions_cases,
    contributions_outbreaks,
    offers,
    scenario,
    scenario_standards,
    selectors,
)
from fangxin.actions.monitoring.services import importing, signals
from fangxin.kernel.contributing import api as contribute

CONSULTING = ("office", "department")

contribute.ability("risk.view", _("查看污染物风险监测和会商"), roles=(*CONSULTING, "reader"))
contribute.ability("risk.data", _("导入监测数据和膳食调查"), roles=CONSULTING)
contribute.ability("risk.assess", _("做膳食暴露评估、查找和核实风险信号"), roles=CONSULTING)
contribute.ability("risk.consult", _("安排会商、记录意见和决定、回看效果"), roles=CONSULTING)
contribute.ability("risk.publish", _("起草、审核和公布风险交流信息，登记传闻"), roles=CONSULTING)
contribute.ability("risk.standards", _("标准跟踪评价、培训和企业标准"), roles=CONSULTING)

contribute.menu(
    _("标准与风险监测"), "board:monitoring", order=10, ability="board.view", group="actions", icon="microscope"
)
contribute.menu(
    _("污染物风险研判"), "monitoring:home", order=11, ability="risk.view", group="actions", icon="chart-dots"
)
contribute.menu(
    _("风险交流"), "monitoring:messages", order=12, ability="risk.view", group="actions", icon="speakerphone"
)
contribute.menu(
    _("标准跟踪评价"),
    "monitoring:questionnaires",
    order=13,
    ability="risk.view",
    group="actions",
    icon="clipboard-text",
)
contribute.attribute(
    "monitoring.reporting",
    _("食源性疾病监测报告"),
    clause="三（一）",
    premises_kinds=("health_institution",),
    choices={
        "reporting": _("已开通且当期有报告或零报告"),
        "silent": _("已开通但当期无报告"),
        "no_account": _("未开通账号"),
    },
)

for name, label in {
    "monitoring.results.imported": _("导入监测数据"),
    "monitoring.results.withdrawn": _("撤回监测数据批次"),
    "monitoring.result.told": _("收到风险监测检测结果"),
    "monitoring.survey.imported": _("导入膳食调查"),
    "monitoring.survey.confirmed": _("确认膳食调查"),
    "monitoring.survey.withdrawn": _("停用膳食调查"),
    "monitoring.survey.restored": _("恢复膳食调查"),
    "monitoring.exposure.assessed": _("完成膳食暴露评估"),
    "monitoring.signal.raised": _("发出风险信号"),
    "monitoring.signal.confirmed": _("核实风险信号"),
    "monitoring.signal.dismissed": _("排除风险信号"),
    "monitoring.signal.reopened": _("重新核实风险信号"),
    "monitoring.signal.acted": _("对风险信号采取措施"),
    "monitoring.signal.put_on_agenda": _("风险信号列入会商"),
    "monitoring.signal.taken_off_agenda": _("风险信号移出会商"),
    "monitoring.consultation.arranged": _("安排风险会商"),
    "monitoring.consultation.prepared": _("会商列入暴露评估"),
    "monitoring.consultation.invited": _("增加会商单位"),
    "monitoring.consultation.opinion_recorded": _("记录会商意见"),
    "monitoring.consultation.held": _("召开风险会商"),
    "monitoring.consultation.cancelled": _("取消风险会商"),
    "monitoring.consultation.restored": _("恢复风险会商"),
    "monitoring.consultation.decided": _("会商作出决定"),
    "monitoring.consultation.concluded": _("会商形成结论"),
    "monitoring.consultation.dossier_made": _("制作会商材料"),
    "monitoring.decision.checked": _("回看会商决定的效果"),
    "monitoring.message.written": _("起草风险交流信息"),
    "monitoring.message.changed": _("修改风险交流信息"),
    "monitoring.message.submitted": _("风险交流信息交审核"),
    "monitoring.message.handed_back": _("退回风险交流信息"),
    "monitoring.message.released": _("公布风险交流信息"),
    "monitoring.message.withdrawn": _("撤下风险交流信息"),
    "monitoring.message.reached": _("登记风险交流效果"),
    "monitoring.rumour.recorded": _("登记传闻"),
    "monitoring.rumour.settled": _("登记传闻核实结果"),
    "monitoring.rumour.reopened": _("传闻退回核实"),
    "monitoring.rumour.answered": _("为传闻起草澄清信息"),
    "monitoring.questionnaire.assigned": _("下达标准跟踪评价问卷"),
    "monitoring.questionnaire.returned": _("收回标准跟踪评价问卷"),
    "monitoring.questionnaire.reviewed": _("审核标准跟踪评价问卷"),
    "monitoring.questionnaire.review_undone": _("撤回问卷审核"),
    "monitoring.questionnaire.reported": _("上报标准跟踪评价问卷"),
    "monitoring.questionnaire.outcome": _("登记标准意见采纳情况"),
    "monitoring.training.recorded": _("登记标准和监测培训"),
    "monitoring.training.taken_back": _("撤销培训登记"),
    "monitoring.own_standard.recorded": _("登记企业标准"),
    "monitoring.own_standard.withdrawn": _("停用企业标准"),
    "monitoring.own_standard.restored": _("恢复企业标准"),
}.items():
    contribute.event(name, label)

contribute.subject(
    "risk_signal",
    _("污染物风险信号"),
    rows=selectors.signal_rows,
    list_url="monitoring:signals",
    fields={
        "kind": _("类型"),
        "hazard": _("危害物"),
        "food_group": _("膳食分组"),
        "this_year": _("当年发出"),
        "raised_on": _("发出日期"),
        "settled": _("当日已核实"),
        "dismissed": _("当日已排除"),
        "acted": _("当日已采取措施"),
        "overdue": _("当日超期未核实"),
        "on_time": _("按期核实"),
    },
)
contribute.subject(
    "risk_consultation",
    _("风险会商"),
    rows=selectors.consultation_rows,
    list_url="monitoring:consultations",
    fields={"this_year": _("当年计划"), "planned_on": _("计划日期"), "state": _("状态"), "held": _("当日已召开")},
)
contribute.subject(
    "standards_questionnaire",
    _("标准跟踪评价问卷"),
    rows=selectors.questionnaire_rows,
    list_url="monitoring:questionnaires",
    fields={
        "standard_number": _("标准号"),
        "respondent_kind": _("单位类别"),
        "problem": _("问题类型"),
        "this_year": _("当年下达"),
        "valid": _("当日已审核有效"),
        "overdue": _("当日超期未收回"),
    },
)

contribute.listen("monitoring.results", "verdict.told", importing.verdict_told)
contribute.listen("monitoring.samples", "risk.signal", signals.sample_told)
contribute.work("monitoring", offers.work)
contribute.search("monitoring", offers.search)
contribute.evidence("monitoring.dossiers", offers.may_see_evidence)
contribute.schedule(
    "monitoring.signals", _("查找污染物风险信号"), task="fangxin.actions.monitoring.tasks.daily", cron="50 6 * * *"
)
contribute.scenario("monitoring", order=45, live=scenario.live)
contribute.scenario("monitoring.standards", order=46, live=scenario_standards.live)

__all__ = ["contributions_cases", "contributions_outbreaks"]
