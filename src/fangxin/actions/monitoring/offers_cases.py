"""What cases show elsewhere: work of today, answers to a search. Never a patient."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import selectors_cases as selectors
from fangxin.actions.monitoring.models import CaseReport
from fangxin.kernel.contributing.data import Hit, Waiting
from fangxin.kernel.ledger import api as ledger

State = CaseReport.State


def work(user: Any) -> Sequence[Waiting]:
    today, page, lines = ledger.clock.today(), reverse("monitoring:cases"), []
    if user.can(selectors.REPORT):
        own = selectors.list_cases(user, selectors.REPORT)
        lines += [
            Waiting(
                "overdue",
                _("%(n)s 个病例草稿超过报告期限"),
                f"{page}?when=draft_late",
                selectors.late_drafts(own, today),
            ),
            Waiting(
                "due",
                _("%(n)s 个病例草稿没有报告"),
                f"{page}?state=draft",
                own.filter(state=State.DRAFT, due_on__gte=today),
            ),
            Waiting("due", _("%(n)s 个病例退回待订正"), f"{page}?when=returned", own.filter(state=State.RETURNED)),
        ]
    if user.can(selectors.REVIEW):
        waiting = selectors.list_cases(user).filter(state=State.REPORTED)
        lines.append(Waiting("new", _("%(n)s 个病例待审核"), f"{page}?when=review", waiting))
    return lines


def search(user: Any, text: str, limit: int) -> Sequence[Hit]:
    if not user.can(selectors.VIEW):
        return []
    found = selectors.list_cases(user).filter(Q(number=text) | Q(exposures__food__icontains=text)).distinct()
    return [
        Hit(_("食源性疾病病例"), f"{row} {row.diagnosis}", row.get_absolute_url(), str(row.get_state_display()))
        for row in found[:limit]
    ]
