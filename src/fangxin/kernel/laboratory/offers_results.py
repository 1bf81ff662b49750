"""What the laboratory's results offer and show on other people's pages."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.engines.deadlines import add_months
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import BatchFacts, Blocker, Hit, Moment, Waiting
from fangxin.kernel.laboratory import scenario_results
from fangxin.kernel.laboratory import selectors_results as selectors
from fangxin.kernel.laboratory.models import (
    Disposition,
    DispositionStep,
    Notice,
    RecallOrder,
    Report,
    ResultFile,
    Retest,
    SampleVerdict,
    Test,
    Whole,
)
from fangxin.kernel.laboratory.services import follow_up
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.api import EVERYBODY, EVERYONE_AT_WORK, LABORATORY, STAFF

SOON = timedelta(days=7)
COUNTY_LENGTH = 6
MOST_MOMENTS = 40
# A failed test speaks against a batch so long, unless a later sample of the same food conforms.
FAILED_MONTHS = 12

EVENTS = {
    "laboratory.tests.ordered": gettext_lazy("下达检验项目"),
    "laboratory.test.cancelled": gettext_lazy("取消检验项目"),
    "laboratory.results.entered": gettext_lazy("录入检验结果"),
    "laboratory.result.corrected": gettext_lazy("更正检验结果"),
    "laboratory.results.verified": gettext_lazy("复核检验结果"),
    "laboratory.results.returned": gettext_lazy("退回检验结果"),
    "laboratory.results.loaded": gettext_lazy("成批装入检验结果"),
    "laboratory.result_file.checked": gettext_lazy("检查结果文件"),
    "laboratory.result_file.applied": gettext_lazy("导入结果文件"),
    "laboratory.result_file.discarded": gettext_lazy("放弃结果文件"),
    "laboratory.verdicts.made": gettext_lazy("作出项目判定"),
    "laboratory.sample.concluded": gettext_lazy("作出样品结论"),
    "laboratory.name.chosen": gettext_lazy("认定食品或者项目名称"),
    "laboratory.report.drafted": gettext_lazy("编制检验报告"),
    "laboratory.report.issued": gettext_lazy("签发检验报告"),
    "laboratory.report.withdrawn": gettext_lazy("收回检验报告"),
    "laboratory.report.sent": gettext_lazy("报送检验报告"),
    "laboratory.report.published": gettext_lazy("公布抽检结果"),
    "laboratory.reports.published": gettext_lazy("成批公布抽检结果"),
    "laboratory.notice.sent": gettext_lazy("告知不合格结果"),
    "laboratory.notice.received": gettext_lazy("签收不合格告知"),
    "laboratory.objection.filed": gettext_lazy("提出异议"),
    "laboratory.objection.decided": gettext_lazy("异议审核"),
    "laboratory.retest.requested": gettext_lazy("申请复检"),
    "laboratory.retest.accepted": gettext_lazy("受理复检"),
    "laboratory.retest.refused": gettext_lazy("不予复检"),
    "laboratory.retest.drawn": gettext_lazy("抽取复检机构"),
    "laboratory.retest.handed_over": gettext_lazy("移交备样复检"),
    "laboratory.retest.concluded": gettext_lazy("复检结论"),
    "laboratory.retest.told": gettext_lazy("告知复检结论"),
    "laboratory.retest.withdrawn": gettext_lazy("撤回复检申请"),
    "laboratory.disposition.opened": gettext_lazy("启动核查处置"),
    "laboratory.disposition.stepped": gettext_lazy("核查处置"),
    "laboratory.disposition.submitted": gettext_lazy("核查处置提请办结"),
    "laboratory.disposition.returned": gettext_lazy("核查处置退回补充"),
    "laboratory.disposition.closed": gettext_lazy("核查处置办结"),
    "laboratory.disposition.overturned": gettext_lazy("终止核查处置"),
    "laboratory.recall.ordered": gettext_lazy("责令召回"),
    "laboratory.recall.done": gettext_lazy("召回完成"),
    "laboratory.risk.signalled": gettext_lazy("发出风险信号"),
    "laboratory.risk.answered": gettext_lazy("风险信号会商"),
    "laboratory.quality_sample.added": gettext_lazy("登记质控样"),
    "laboratory.run.measured": gettext_lazy("登记分析批质控"),
    "laboratory.run.released": gettext_lazy("放行失控分析批"),
    "laboratory.rapid.recorded": gettext_lazy("登记快检"),
    "laboratory.rapid.loaded": gettext_lazy("成批载入快检"),
    "laboratory.rapid.told": gettext_lazy("告知快检结果"),
    "laboratory.rapid.disputed": gettext_lazy("快检异议"),
    "laboratory.rapid.retested": gettext_lazy("快检复测"),
    "laboratory.rapid.sample_asked": gettext_lazy("快检阳性安排法定检验"),
    "laboratory.rapid.finished": gettext_lazy("快检阳性办结"),
}
SAMPLE_FIELDS = {
    "purpose": gettext_lazy("任务类别"),
    "statutory": gettext_lazy("不是风险监测"),
    "stage": gettext_lazy("环节"),
    "food_class": gettext_lazy("食品大类"),
    "premises_id": gettext_lazy("抽样对象"),
    "sampled_on": gettext_lazy("抽样日期"),
    "this_year": gettext_lazy("当年抽样"),
    "concluded": gettext_lazy("当日已有结论"),
    "outcome": gettext_lazy("结论"),
    "conforming": gettext_lazy("合格"),
    "failed": gettext_lazy("不合格"),
}
DISPOSITION_FIELDS = {
    "stage": gettext_lazy("环节"),
    "food_class": gettext_lazy("食品大类"),
    "owner_agency": gettext_lazy("核查处置单位"),
    "opened_on": gettext_lazy("启动日期"),
    "latest_day": gettext_lazy("办结时限"),
    "this_year": gettext_lazy("当年启动"),
    "serious": gettext_lazy("严重危害"),
    "closed": gettext_lazy("当日已办结"),
    "due_reached": gettext_lazy("当日已到期限或者已办结"),
    "on_time": gettext_lazy("按期办结"),
    "overdue": gettext_lazy("逾期"),
}


def offer() -> None:
    """Everything this half offers, called once by the app's contributions."""
    lab = LABORATORY.name
    handling = ("office", "department", "inspector")
    contribute.ability("result.view", gettext_lazy("查看检验结果和报告"), roles=(*EVERYBODY, lab))
    contribute.ability("result.lists", gettext_lazy("查看检验报告和核查处置清单"), roles=(*EVERYONE_AT_WORK, lab))
    contribute.ability("result.enter", gettext_lazy("登记检验项目、录入和复核结果、编制报告"), roles=(lab,))
    contribute.ability("result.handle", gettext_lazy("告知不合格、办理异议和复检"), roles=("department", "inspector"))
    contribute.ability("result.publish", gettext_lazy("公布抽检结果"), roles=("department",))
    contribute.ability("result.dispose", gettext_lazy("核查处置不合格食品"), roles=handling)
    contribute.ability("rapid.view", gettext_lazy("查看快检"), roles=EVERYBODY)
    contribute.ability("rapid.work", gettext_lazy("登记快检"), roles=STAFF)
    contribute.menu(
        gettext_lazy("检验和报告"),
        "laboratory:reports",
        order=27,
        ability="result.lists",
        group="loop",
        icon="report-medical",
    )
    contribute.menu(
        gettext_lazy("核查处置"),
        "laboratory:dispositions",
        order=28,
        ability="result.dispose",
        group="loop",
        icon="recycle",
    )
    contribute.menu(
        gettext_lazy("快检"), "laboratory:rapid_tests", order=29, ability="rapid.view", group="loop", icon="flask"
    )
    for name, label in EVENTS.items():
        contribute.event(name, label)
    contribute.scenario("laboratory.results", order=17, live=scenario_results.live)
    contribute.listen("laboratory.follow_up", "matter.closed", follow_up.matter_closed)
    contribute.work("laboratory.results", work)
    contribute.search("laboratory.results", search)
    contribute.timeline("laboratory.results", timeline)
    contribute.certificate_blocker("laboratory.results", certificate_blockers)
    contribute.evidence("laboratory.results", may_see)
    contribute.subject(
        "sample", gettext_lazy("抽检样品"), rows=selectors.sample_rows, key="number", fields=SAMPLE_FIELDS,
        list_url="laboratory:reports",
    )  # fmt: skip
    contribute.subject(
        "disposition", gettext_lazy("核查处置"), rows=selectors.disposition_rows, key="matter_key",
        fields=DISPOSITION_FIELDS, list_url="laboratory:dispositions",
    )  # fmt: skip


# --- today ------------------------------------------------------------------------------------------------------------


def work(user: Any) -> Sequence[Waiting]:
    if user.can("result.enter") and not user.prefixes("result.view"):
        return _laboratory(user)
    if not user.prefixes("result.dispose") or any(len(p) < COUNTY_LENGTH for p in user.prefixes("result.dispose")):
        return []
    return [*_disposal(user), *_handling(user)]


def _line(kind: str, rows: "QuerySet[Any]", label: str, url_name: str, **query: str) -> Waiting:
    url = reverse(f"laboratory:{url_name}") + (f"?{urlencode(query)}" if query else "")
    return Waiting(kind, label, url, rows)


def _laboratory(user: Any) -> list[Waiting]:
    tests = selectors.list_tests(user)
    reports = selectors.list_reports(user)
    drafted = reports.filter(state=Report.State.DRAFTED).exclude(drafted_by=user.username)
    unsent = reports.filter(state=Report.State.ISSUED, sent_at=None)
    return [
        _line("due", tests.filter(state=Test.State.ORDERED), _("%(n)s个项目待检验"), "tests", state="ordered"),
        _line("due", tests.filter(state=Test.State.ENTERED), _("%(n)s个项目的结果待复核"), "tests", state="entered"),
        _line("due", drafted, _("%(n)s份检验报告待签发"), "reports", state="drafted"),
        _line("due", unsent, _("%(n)s份检验报告待报送"), "reports", when="unsent"),
    ]


def _disposal(user: Any) -> list[Waiting]:
    today = ledger.clock.today()
    rows = selectors.list_dispositions(user).filter(state__in=selectors.OPEN_DISPOSITIONS)
    own = rows.filter(owner__in=user.own_agencies("result.dispose"), state=Disposition.State.OPEN)
    late = own.filter(beyond_term(today))
    soon = own.exclude(beyond_term(today)).filter(due_on__lte=today + SOON)
    confirm = rows.filter(state=Disposition.State.SUBMITTED).exclude(submitted_by=user.username)
    unreported = own.filter(serious=True, reported_at=None)
    return [
        _line("overdue", late, _("%(n)s件核查处置已逾期"), "dispositions", when="late"),
        _line("due", unreported, _("%(n)s件严重危害须在24小时内报告"), "dispositions", when="unreported"),
        _line("due", soon, _("%(n)s件核查处置一周内到期"), "dispositions", when="soon"),
        _line("new", confirm, _("%(n)s件核查处置待确认办结"), "dispositions", state="submitted"),
    ]


def beyond_term(today: date) -> Q:
    """Beyond the term, or beyond its extension where there is one."""
    return Q(extended_to__lt=today) | Q(extended_to=None, due_on__lt=today)


def _handling(user: Any) -> list[Waiting]:
    if not user.prefixes("result.handle"):
        return []
    failing = selectors.list_reports(user).filter(
        state=Report.State.ISSUED, conclusion__outcome=Whole.NONCONFORMING, notices=None
    )
    retests = selectors.list_retests(user).filter(due_on__isnull=False)
    signals = selectors.list_risk_signals(user).filter(answered_at=None)
    return [
        _line(
            "due",
            failing.exclude(sample__purpose="risk_monitoring"),
            _("%(n)s份不合格报告待告知"),
            "reports",
            when="unnoticed",
        ),
        _line("due", retests, _("%(n)s件复检正在办理"), "retests", when="running"),
        _line("new", signals, _("%(n)s个风险信号待会商"), "risk_signals", when="open"),
    ]


# --- search, life, files ------------------------------------------------------------------------------------------------


def search(user: Any, text: str, limit: int) -> list[Hit]:
    if not user.can("result.view"):
        return []
    found = selectors.list_reports(user).filter(Q(number__startswith=text) | Q(sample__number__startswith=text))
    return [
        Hit(_("检验报告"), f"{row.number} {row.sample.food}", row.get_absolute_url(), str(row.get_state_display()))
        for row in found.order_by("-pk")[:limit]
    ]


def timeline(user: Any, subject_type: str, subject_id: str) -> list[Moment]:
    """Conclusions and follow-ups of the samples taken at a place."""
    if subject_type != "registry.premises" or not str(subject_id).isdigit() or not user.can("result.view"):
        return []
    samples = selectors.list_samples_of_results(user).filter(premises=int(subject_id)).order_by().values("pk")
    conclusions = SampleVerdict.objects.filter(sample__in=samples).select_related("sample").order_by("-pk")
    moments = [
        Moment(
            row.made_at, _("抽检结论"), f"{row.sample.food}：{row.get_outcome_display()}（{row.sample.number}）",
            reverse("laboratory:results", args=[row.sample_id]),
        )
        for row in conclusions[:MOST_MOMENTS]
    ]  # fmt: skip
    if user.prefixes("result.lists"):
        steps = DispositionStep.objects.filter(disposition__sample__in=samples).select_related("disposition")
        moments += [
            Moment(row.at, _("核查处置"), f"{row.label} {row.text}"[:120], row.disposition.get_absolute_url(), row.by)
            for row in steps.order_by("-pk")[:MOST_MOMENTS]
        ]
    rapid = selectors.list_rapid_tests(user).filter(premises=int(subject_id)) if user.can("rapid.view") else ()
    moments += [Moment(row.tested_at, _("快检"), str(row), row.get_absolute_url()) for row in rapid[:MOST_MOMENTS]]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[:MOST_MOMENTS]


def may_see(user: Any, file_pk: int) -> bool:
    """Whether a file belongs to a report, notice, draw, order or step that the person may see."""
    if not user.can("result.view"):
        return False
    samples = selectors.list_samples_of_results(user).order_by().values("pk")
    # A notice names whom it went to; a laboratory may not learn that of a blind sample.
    told = not user.can("result.enter") or bool(user.prefixes("result.view"))
    staff = user.prefixes("result.lists")
    return (
        Report.objects.filter(file=file_pk, sample__in=samples).exists()
        or (told and Notice.objects.filter(file=file_pk, sample__in=samples).exists())
        or Retest.objects.filter(draw_file=file_pk, sample__in=samples).exists()
        or (bool(staff) and RecallOrder.objects.filter(file=file_pk, disposition__sample__in=samples).exists())
        or (bool(staff) and DispositionStep.objects.filter(file=file_pk, disposition__sample__in=samples).exists())
        or ResultFile.objects.filter(file=file_pk, laboratory__in=user.own_agencies("result.enter")).exists()
    )


def certificate_blockers(batch: BatchFacts) -> list[Blocker]:
    """The newest test of this food of this producer, or of the land it grew on, failed within the year."""
    taken = Q(sample__parcel__in=batch.parcel_ids)
    if batch.premises_id is not None:
        taken |= Q(sample__premises=batch.premises_id)
    rows = SampleVerdict.objects.filter(taken, sample__food=batch.food, replaced_by=None)
    told = rows.filter(sample__sampled_on__lte=batch.on, outcome__in=(Whole.CONFORMING, Whole.NONCONFORMING))
    last = told.select_related("sample").order_by("-sample__sampled_on", "-sample__number").first()
    if last is None or last.outcome == Whole.CONFORMING:
        return []
    until = add_months(last.sample.sampled_on, FAILED_MONTHS)
    if until <= batch.on:
        return []
    text = _("%(food)s %(day)s 抽样检验不合格；整改后重新抽检合格才能开合格证") % {
        "food": batch.food, "day": last.sample.sampled_on,
    }  # fmt: skip
    return [Blocker("failed_test", text, until, "laboratory.sample", str(last.sample.pk))]
