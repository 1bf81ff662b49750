"""Lists of tests, reports, re-tests, follow-ups, signals, sheets."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.laboratory import selectors_results as selectors
from fangxin.kernel.laboratory.models import Disposition, Report, ResultFile, Retest, RiskSignal, Test, Whole
from fangxin.kernel.laboratory.models.kinds import Purpose
from fangxin.kernel.laboratory.offers_results import SOON, beyond_term
from fangxin.kernel.laboratory.services.reports import waiting_for_publication
from fangxin.kernel.laboratory.views.common import ONE_LINE, TownFilter
from fangxin.kernel.laboratory.views.results import OUTCOME_TONES, STATE_TONES
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.templatetags.screens import badge

REPORT_TONES = {"drafted": "warn", "issued": "good", "withdrawn": "plain"}
DISPOSITION_TONES = {"open": "info", "submitted": "warn", "closed": "good", "overturned": "plain"}
RETEST_TONES = {"refused": "plain", "withdrawn": "plain", "told": "good", "concluded": "warn"}
FILE_TONES = {"checked": "warn", "applying": "info", "applied": "good", "discarded": "plain"}


class Toned(tables.Column):
    """A word with its tone; the export gets the word alone."""

    def __init__(self, tones: dict[str, str], **options: Any) -> None:
        super().__init__(**options)
        self.tones = tones

    def render(self, value: Any, record: Any) -> str:
        raw = tables.A(self.accessor).resolve(record, quiet=True) if self.accessor else ""
        return badge(value, self.tones.get(str(raw), "plain"))

    def value(self, value: Any) -> Any:
        return value


class ResultFilter(TownFilter):
    reach = "result.view"


def _numbered(name: str, label: Any) -> tables.Column:
    return tables.Column(accessor=name, verbose_name=label, linkify=True, attrs=ONE_LINE)


# --- tests --------------------------------------------------------------------------------------------------------------


class TestTable(tables.Table):
    __test__ = False

    sample = tables.Column(
        accessor="sample__number", verbose_name=gettext_lazy("抽样编号"), attrs=ONE_LINE,
        linkify=lambda record: reverse("laboratory:results", args=[record.sample_id]),
    )  # fmt: skip
    food = tables.Column(accessor="sample__food", verbose_name=gettext_lazy("食品名称"))
    state = Toned(STATE_TONES)
    run = tables.Column(accessor="run__number", verbose_name=gettext_lazy("分析批"), default="—")

    class Meta:
        model = Test
        fields = ("sample", "food", "analyte", "method", "replicates", "state", "run")
        order_by = ()


class TestFilter(ResultFilter):
    __test__ = False

    text = filters.CharFilter(label=gettext_lazy("抽样编号或者项目"), method="by_text", max_length=60)
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Test.State.choices)

    class Meta:
        model = Test
        fields = ("text", "state", "town")

    def by_text(self, rows: "QuerySet[Test]", _name: str, value: str) -> "QuerySet[Test]":
        return rows.filter(Q(sample__number__startswith=value.strip()) | Q(analyte__icontains=value.strip()))


class TestList(ListScreen):
    __test__ = False

    ability = "result.lists"
    title = gettext_lazy("检验项目")
    table_class = TestTable
    filter_class = TestFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_tests(self.request.user).order_by("-pk")

    def more_context(self) -> dict[str, Any]:
        return {"actions": _tabs(self.request.user)}


def _tabs(user: Any) -> list[tuple[str, str, str]]:
    """The other lists of the laboratory."""
    found = [
        (_("检验报告"), reverse("laboratory:reports"), "report-medical"),
        (_("检验项目"), reverse("laboratory:tests"), "list-check"),
        (_("质控图"), reverse("laboratory:quality"), "chart-line"),
    ]
    if user.can("result.enter"):
        found.append((_("导入结果"), reverse("laboratory:result_files"), "upload"))
    if user.prefixes("result.lists"):
        found += [
            (_("复检和异议"), reverse("laboratory:retests"), "refresh"),
            (_("风险信号"), reverse("laboratory:risk_signals"), "bell"),
            (_("换标准重判"), reverse("laboratory:rejudge"), "arrows-exchange"),
        ]
    return found


# --- reports ------------------------------------------------------------------------------------------------------------


class ReportTable(tables.Table):
    number = _numbered("number", gettext_lazy("报告编号"))
    food = tables.Column(accessor="sample__food", verbose_name=gettext_lazy("食品名称"))
    township = TownshipColumn()
    purpose = tables.Column(accessor="sample__purpose", verbose_name=gettext_lazy("任务类别"))
    outcome = Toned(OUTCOME_TONES, accessor="conclusion__outcome", verbose_name=gettext_lazy("结论"))
    state = Toned(REPORT_TONES)
    due_on = DayColumn()
    issued_on = DayColumn()
    published = tables.DateTimeColumn(
        accessor="published_at", verbose_name=gettext_lazy("公布日期"), format="Y-m-d", default="—", attrs=ONE_LINE
    )

    class Meta:
        model = Report
        fields = ("number", "food", "township", "purpose", "outcome", "state", "due_on", "issued_on", "published")
        order_by = ()

    def render_purpose(self, record: Report) -> str:
        return str(record.sample.get_purpose_display())

    def value_purpose(self, record: Report) -> str:
        return str(record.sample.get_purpose_display())


class ReportFilter(ResultFilter):
    text = filters.CharFilter(label=gettext_lazy("报告、抽样编号或者食品"), method="by_text", max_length=60)
    outcome = filters.ChoiceFilter(label=gettext_lazy("结论"), field_name="conclusion__outcome", choices=Whole.choices)
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Report.State.choices)
    purpose = filters.ChoiceFilter(
        label=gettext_lazy("任务类别"), field_name="sample__purpose", choices=Purpose.choices
    )
    when = filters.ChoiceFilter(
        label=gettext_lazy("待办"), method="by_when",
        choices=[("unsent", gettext_lazy("待报送")), ("unnoticed", gettext_lazy("不合格待告知")),
                 ("unpublished", gettext_lazy("待公布"))],
    )  # fmt: skip

    class Meta:
        model = Report
        fields = ("text", "outcome", "state", "purpose", "when", "town")

    def by_text(self, rows: "QuerySet[Report]", _name: str, value: str) -> "QuerySet[Report]":
        text = value.strip()
        found = Q(number__startswith=text) | Q(sample__number__startswith=text) | Q(sample__food__icontains=text)
        return rows.filter(found)

    def by_when(self, rows: "QuerySet[Report]", _name: str, value: str) -> "QuerySet[Report]":
        issued = rows.filter(state=Report.State.ISSUED)
        if value == "unsent":
            return issued.filter(sent_at=None)
        statutory = issued.exclude(sample__purpose=Purpose.RISK_MONITORING)
        if value == "unnoticed":
            return statutory.filter(conclusion__outcome=Whole.NONCONFORMING, notices=None)
        return statutory.filter(published_at=None, conclusion__outcome__in=["conforming", "nonconforming"])


class ReportList(ListScreen):
    ability = "result.lists"
    title = gettext_lazy("检验报告")
    table_class = ReportTable
    filter_class = ReportFilter
    template_name = "laboratory/results/reports.html"

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_reports(self.request.user).order_by("-pk")

    def more_context(self) -> dict[str, Any]:
        user = self.request.user
        waiting = people.within(waiting_for_publication(), user, "result.publish").count() if _publishes(user) else 0
        return {"actions": _tabs(user), "to_publish": waiting}


def _publishes(user: Any) -> bool:
    return bool(user.prefixes("result.publish"))


# --- re-tests -----------------------------------------------------------------------------------------------------------


class RetestTable(tables.Table):
    sample = tables.Column(
        accessor="sample__number", verbose_name=gettext_lazy("抽样编号"), attrs=ONE_LINE,
        linkify=lambda record: record.get_absolute_url(),
    )  # fmt: skip
    state = Toned(RETEST_TONES)
    requested_on = DayColumn()
    due_on = DayColumn()
    laboratory = tables.Column(default="—")

    class Meta:
        model = Retest
        fields = ("sample", "applicant", "items", "state", "refusal", "requested_on", "due_on", "laboratory", "outcome")
        order_by = ()

    def render_due_on(self, value: Any) -> Any:
        late = value < ledger.clock.today()
        return badge(_("%(day)s 已超期") % {"day": value}, "bad") if late else value.isoformat()

    def value_due_on(self, value: Any) -> Any:
        return value


class RetestFilter(ResultFilter):
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Retest.State.choices)
    when = filters.ChoiceFilter(
        label=gettext_lazy("待办"), method="by_when", choices=[("running", gettext_lazy("正在办理"))]
    )

    class Meta:
        model = Retest
        fields = ("state", "when", "town")

    def by_when(self, rows: "QuerySet[Retest]", _name: str, _value: str) -> "QuerySet[Retest]":
        return rows.filter(due_on__isnull=False)


class RetestList(ListScreen):
    ability = "result.lists"
    title = gettext_lazy("复检")
    table_class = RetestTable
    filter_class = RetestFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_retests(self.request.user).order_by("-pk")

    def more_context(self) -> dict[str, Any]:
        return {"actions": _tabs(self.request.user)}


# --- follow-up ----------------------------------------------------------------------------------------------------------


class DispositionTable(tables.Table):
    sample = tables.Column(
        accessor="sample__number", verbose_name=gettext_lazy("抽样编号"), attrs=ONE_LINE,
        linkify=lambda record: record.get_absolute_url(),
    )  # fmt: skip
    food = tables.Column(accessor="sample__food", verbose_name=gettext_lazy("食品名称"))
    township = TownshipColumn()
    owner = tables.Column(accessor="owner__short_name", verbose_name=gettext_lazy("核查处置单位"))
    serious = tables.Column()
    state = Toned(DISPOSITION_TONES)
    opened_on = DayColumn()
    due_on = DayColumn()

    class Meta:
        model = Disposition
        fields = ("sample", "food", "failed", "township", "owner", "serious", "state", "opened_on", "due_on")
        order_by = ()

    def render_serious(self, value: bool) -> str:
        return badge(_("严重"), "bad") if value else "—"

    def value_serious(self, value: bool) -> str:
        return str(_("严重")) if value else ""

    def render_due_on(self, record: Disposition) -> Any:
        last = record.extended_to or record.due_on
        if last is None:
            return "—"
        late = last < ledger.clock.today() and record.state in selectors.OPEN_DISPOSITIONS
        return badge(_("%(day)s 已逾期") % {"day": last}, "bad") if late else last.isoformat()

    def value_due_on(self, record: Disposition) -> Any:
        return record.extended_to or record.due_on


class DispositionFilter(ResultFilter):
    text = filters.CharFilter(label=gettext_lazy("抽样编号、食品或者项目"), method="by_text", max_length=60)
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Disposition.State.choices)
    when = filters.ChoiceFilter(
        label=gettext_lazy("期限"), method="by_when",
        choices=[("late", gettext_lazy("已逾期")), ("soon", gettext_lazy("一周内到期")),
                 ("unreported", gettext_lazy("严重危害未报告"))],
    )  # fmt: skip

    class Meta:
        model = Disposition
        fields = ("text", "state", "when", "town")

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        text = value.strip()
        found = Q(sample__number__startswith=text) | Q(sample__food__icontains=text) | Q(failed__icontains=text)
        return rows.filter(found)

    def by_when(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        today = ledger.clock.today()
        rows = rows.filter(state__in=selectors.OPEN_DISPOSITIONS)
        if value == "late":
            return rows.filter(beyond_term(today))
        if value == "soon":
            return rows.exclude(beyond_term(today)).filter(due_on__lte=today + SOON)
        return rows.filter(serious=True, reported_at=None)


class DispositionList(ListScreen):
    ability = "result.lists"
    title = gettext_lazy("核查处置")
    table_class = DispositionTable
    filter_class = DispositionFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_dispositions(self.request.user).order_by("due_on", "pk")


# --- signals ------------------------------------------------------------------------------------------------------------


class SignalTable(tables.Table):
    sample = tables.Column(
        accessor="sample__number", verbose_name=gettext_lazy("抽样编号"), attrs=ONE_LINE,
        linkify=lambda record: reverse("laboratory:results", args=[record.sample_id]),
    )  # fmt: skip
    township = TownshipColumn()
    raised_at = tables.DateTimeColumn(format="Y-m-d", attrs=ONE_LINE)
    answer = tables.Column(empty_values=(), linkify=False)

    class Meta:
        model = RiskSignal
        fields = ("sample", "text", "township", "raised_at", "answer")
        order_by = ()

    def render_answer(self, record: RiskSignal) -> Any:
        if record.answer:
            return record.answer
        url = reverse("laboratory:result_act", args=["signal", record.pk, "answer"])
        return format_html('<a href="{}">{}</a>', url, _("登记会商意见"))

    def value_answer(self, record: RiskSignal) -> str:
        return record.answer


class SignalFilter(ResultFilter):
    when = filters.ChoiceFilter(
        label=gettext_lazy("会商"), method="by_when",
        choices=[("open", gettext_lazy("待会商")), ("done", gettext_lazy("已会商"))],
    )  # fmt: skip

    class Meta:
        model = RiskSignal
        fields = ("when", "town")

    def by_when(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(answered_at__isnull=value == "open")


class SignalList(ListScreen):
    ability = "result.lists"
    title = gettext_lazy("风险信号")
    intro = gettext_lazy("风险监测发现的超限结果。只用于会商研判和预警，不作处罚依据。")
    table_class = SignalTable
    filter_class = SignalFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_risk_signals(self.request.user).order_by("-pk")


# --- sheets -------------------------------------------------------------------------------------------------------------


class FileTable(tables.Table):
    file_name = tables.Column(linkify=True)
    state = Toned(FILE_TONES)
    uploaded_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=ONE_LINE)

    class Meta:
        model = ResultFile
        fields = ("file_name", "total", "faulty", "state", "uploaded_at")
        order_by = ()


class FileList(ListScreen):
    ability = "result.enter"
    title = gettext_lazy("导入结果")
    intro = gettext_lazy("先检查，看清楚再写入；有一行不对，整个文件都不写入。")
    table_class = FileTable

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_result_files(self.request.user).order_by("-pk")

    def more_context(self) -> dict[str, Any]:
        actions = [
            (_("上传文件"), reverse("laboratory:result_upload"), "upload"),
            (_("下载模板"), reverse("laboratory:result_template"), "download"),
        ]
        return {**super().more_context(), "actions": actions}
