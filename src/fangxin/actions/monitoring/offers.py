"""What risk monitoring shows elsewhere: work of today, answers to a search."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import rules, selectors
from fangxin.actions.monitoring.models import Consultation, Message, Questionnaire, Rumour, Signal, Survey
from fangxin.kernel.contributing.data import Hit, Waiting
from fangxin.kernel.ledger import api as ledger

COUNTY_LENGTH = 6


def work(user: Any) -> Sequence[Waiting]:
    """Above the counties it is not work of the day but a figure of the board."""
    lines: list[Waiting] = []
    prefixes = user.prefixes("risk.assess")
    if not prefixes or any(len(prefix) < COUNTY_LENGTH for prefix in prefixes):
        return lines
    today = ledger.clock.today()
    signals = selectors.list_signals(user, "risk.assess")
    raised = signals.filter(state=Signal.State.RAISED)
    page = reverse("monitoring:signals")
    lines.append(
        Waiting("overdue", _("%(n)s 条风险信号超过核实时限"), f"{page}?when=late", raised.filter(due_on__lt=today))
    )
    lines.append(Waiting("new", _("%(n)s 条风险信号待核实"), f"{page}?when=open", raised.filter(due_on__gte=today)))
    waiting = signals.filter(state=Signal.State.CONFIRMED, consultation=None)
    lines.append(Waiting("due", _("%(n)s 条已核实的风险信号还没有列入会商"), f"{page}?when=waiting", waiting))
    drafts = selectors.list_surveys(user, "risk.data").filter(state=Survey.State.DRAFT)
    lines.append(
        Waiting(
            "new",
            _("%(n)s 份膳食调查待您核对确认"),
            reverse("monitoring:surveys"),
            drafts.exclude(imported_by=user.username),
        )
    )
    if user.can("risk.consult"):
        lines += _consulting(user)
    return [*lines, *_telling(user), *_standards(user)]


def _consulting(user: Any) -> list[Waiting]:
    today = ledger.clock.today()
    rows = selectors.list_consultations(user, "risk.consult")
    page = reverse("monitoring:consultations")
    late = rows.filter(state=Consultation.State.PLANNED, planned_on__lt=today)
    open_ones = rows.filter(state=Consultation.State.HELD)
    checks = selectors.decisions_of(user, "risk.consult").filter(outcome="", check_on__lte=today)
    return [
        Waiting("overdue", _("%(n)s 次会商过了计划日期没有召开"), f"{page}?when=late", late),
        Waiting("due", _("%(n)s 次会商已召开、没有形成结论"), f"{page}?state=held", open_ones),
        Waiting("due", _("%(n)s 项会商决定该回看效果"), reverse("monitoring:decisions") + "?when=due", checks),
    ]


def _telling(user: Any) -> list[Waiting]:
    page, rumours = reverse("monitoring:messages"), selectors.list_rumours(user, "risk.publish")
    submitted = selectors.list_messages(user, "risk.publish").filter(state=Message.State.SUBMITTED)
    open_ones = rumours.filter(state=Rumour.State.OPEN)
    unanswered = rumours.filter(state=Rumour.State.REFUTED, answer=None)
    page_of_rumours = reverse("monitoring:rumours")
    return [
        Waiting("due", _("%(n)s 条风险交流信息待您审核公布"), f"{page}?state=submitted", submitted.exclude(written_by=user.username)),
        Waiting("new", _("%(n)s 个传闻待核实"), f"{page_of_rumours}?state=open", open_ones),
        Waiting("due", _("%(n)s 个不属实的传闻还没有澄清"), f"{page_of_rumours}?state=refuted&answered=true", unanswered),
    ]  # fmt: skip


def _standards(user: Any) -> list[Waiting]:
    rows, page = selectors.list_questionnaires(user, "risk.standards"), reverse("monitoring:questionnaires")
    open_ones = rows.filter(state__in=(Questionnaire.State.ASSIGNED, Questionnaire.State.INVALID))
    return [
        Waiting("overdue", _("%(n)s 份标准跟踪评价问卷超过收回期限"), f"{page}?when=late",
                open_ones.filter(due_on__lt=ledger.clock.today())),
        Waiting("new", _("%(n)s 份标准跟踪评价问卷待审核"), f"{page}?state=returned",
                rows.filter(state=Questionnaire.State.RETURNED)),
    ]  # fmt: skip


def search(user: Any, text: str, limit: int) -> Sequence[Hit]:
    if not user.can("risk.view"):
        return []
    talks = selectors.list_consultations(user).filter(Q(number__startswith=text) | Q(title__icontains=text))
    hits = [Hit(_("风险会商"), str(r), r.get_absolute_url(), str(r.get_state_display())) for r in talks[:limit]]
    code = rules.hazard_of(text)
    about = Q(number__startswith=text) | (Q(hazard=code) if code else Q(pk__in=[]))
    found = selectors.list_signals(user).filter(about)
    hits += [
        Hit(
            _("风险信号"), f"{r.number} {rules.hazard_name(r.hazard)}", r.get_absolute_url(), str(r.get_state_display())
        )
        for r in found[:limit]
    ]
    told = selectors.list_messages(user).filter(Q(number=text) | Q(topic__icontains=text))
    hits += [Hit(_("风险交流"), str(r), r.get_absolute_url(), str(r.get_state_display())) for r in told[:limit]]
    asked = selectors.list_questionnaires(user).filter(Q(number=text) | Q(standard_number__istartswith=text))
    hits += [Hit(_("标准跟踪评价"), str(r), r.get_absolute_url(), r.respondent) for r in asked[:limit]]
    own = selectors.list_own_standards(user).filter(Q(number__icontains=text) | Q(name__icontains=text))
    hits += [Hit(_("企业标准"), str(r), r.get_absolute_url(), str(r.premises)) for r in own[:limit]]
    samples = selectors.list_measurements(user).filter(sample_no__startswith=text).order_by("sample_no", "analyte")
    page = reverse("monitoring:measurements")
    hits += [
        Hit(_("监测结果"), str(r), f"{page}?sample_no={r.sample_no}", f"{r.as_typed} {r.unit}") for r in samples[:limit]
    ]
    return hits


def may_see_evidence(user: Any, file_pk: int) -> bool:
    if not user.can("risk.view"):
        return False
    papers = (
        selectors.list_consultations(user).filter(dossier=file_pk),
        selectors.list_messages(user).filter(authority_file=file_pk),
        selectors.list_trainings(user).filter(file=file_pk),
    )
    return any(rows.exists() for rows in papers)
