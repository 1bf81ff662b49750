"""What signals and investigations show elsewhere: work of today, answers to a search."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import rules_outbreaks as rules
from fangxin.actions.monitoring import selectors_outbreaks as selectors
from fangxin.kernel.contributing.data import Hit, Waiting
from fangxin.kernel.ledger import api as ledger


def work(user: Any) -> Sequence[Waiting]:
    now, lines = ledger.clock.now(), []
    if user.can(rules.WORK):
        waiting = selectors.waiting_signals(selectors.list_signals(user))
        page, investigations = reverse("monitoring:outbreak_signals"), reverse("monitoring:investigations")
        duties = selectors.list_duties(user).filter(state="waiting")
        going_on = selectors.open_ones(selectors.list_investigations(user))
        lines += [
            Waiting("overdue", _("%(n)s 条聚集信号超过核实时限"), f"{page}?when=late", waiting.filter(due_at__lt=now)),
            Waiting("new", _("%(n)s 条聚集信号待核实"), f"{page}?when=open", waiting.filter(due_at__gte=now)),
            Waiting("overdue", _("%(n)s 项报告、通报超过时限"), f"{investigations}?when=duty_late", duties.filter(due_at__lt=now)),
            Waiting("due", _("%(n)s 项报告、通报待办"), f"{investigations}?when=duty", duties.filter(due_at__gte=now)),
            Waiting("overdue", _("%(n)s 项调查超过步骤时限"), f"{investigations}?when=late", going_on.filter(due_at__lt=now)),
        ]  # fmt: skip
    if user.can(rules.VIEW):
        told = selectors.list_duties(user).filter(state="told", agency__in=user.own_agencies(rules.VIEW))
        lines.append(
            Waiting("due", _("%(n)s 项食源性疾病报告、通报待您确认收到"), reverse("monitoring:investigations"), told)
        )
    return lines


def search(user: Any, text: str, limit: int) -> Sequence[Hit]:
    if not user.can(rules.VIEW):
        return []
    found = selectors.list_investigations(user).filter(Q(number__startswith=text) | Q(title__icontains=text))
    hits = [Hit(_("流行病学调查"), str(r), r.get_absolute_url(), str(r.get_state_display())) for r in found[:limit]]
    if user.can(rules.WORK):
        signals = selectors.list_signals(user).filter(Q(number__startswith=text) | Q(unit__icontains=text))
        hits += [
            Hit(_("聚集信号"), f"{r} {r.unit}", r.get_absolute_url(), str(r.get_state_display()))
            for r in signals[:limit]
        ]
    return hits


def may_see_evidence(user: Any, file_pk: int) -> bool:
    return bool(user.can(rules.VIEW)) and selectors.list_papers(user).filter(file=file_pk).exists()
