"""What penalty cases show on other people's pages."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.kernel.casework import selectors_cases as selectors
from fangxin.kernel.casework.models import Case, CaseStep
from fangxin.kernel.casework.rules_cases import OPEN_STATES
from fangxin.kernel.casework.standards_cases import offences
from fangxin.kernel.contributing.data import BatchFacts, Blocker, Hit, Moment, Waiting

Action = CaseStep.Action
COUNTY_LENGTH = 6
_PLACE = "registry.premises"
# What a subject's life tells of its cases.
_TOLD = (
    Action.FILED, Action.NOT_FILED, Action.DECIDED, Action.DECIDED_ON_SPOT, Action.SPARED, Action.HANDED_OVER,
    Action.POLICE_FILED, Action.CLOSED, Action.WITHDRAWN, Action.ANNULLED,
)  # fmt: skip


def work(user: Any) -> Sequence[Waiting]:
    """Lines of the person's work of today: what is late, what ends soon, what waits for this person alone."""
    lines: list[Waiting] = []
    if user.can("case.work"):
        mine = selectors.working_cases(user)
        lines += [
            _line(
                "overdue", selectors.with_clock(mine, "late"), _("%(n)s件处罚案件有期限已超期"), mine="1", clock="late"
            ),
            _line(
                "due", selectors.with_clock(mine, "soon"), _("%(n)s件处罚案件有期限三日内到期"), mine="1", clock="soon"
            ),
        ]
    if user.can("case.review"):
        lines.append(_line("due", selectors.reviewing_cases(user), _("%(n)s件处罚案件等您法制审核"), waiting="review"))
    if user.can("case.decide"):
        lines.append(_line("due", selectors.deciding_cases(user), _("%(n)s件处罚案件等您决定"), waiting="decide"))
    return lines


def _line(kind: str, rows: Any, label: str, **query: str) -> Waiting:
    return Waiting(kind, label, reverse("casework:cases") + "?" + urlencode(query), rows)


def search(user: Any, text: str, limit: int) -> Sequence[Hit]:
    if not user.can("case.view"):
        return []
    found = selectors.list_cases(user).filter(Q(number__icontains=text) | Q(party_name__icontains=text))
    return [
        Hit(_("处罚案件"), f"{case.number} {case.party_name}", case.get_absolute_url(), str(case.get_state_display()))
        for case in found.order_by("-pk")[:limit]
    ]


def timeline(user: Any, subject_type: str, subject_id: str) -> Sequence[Moment]:
    """The turning points of the cases about a subject; the subject itself does not read them here."""
    if not user.can("case.view"):
        return []
    about = selectors.list_cases(user).filter(subject_type=subject_type, subject_id=str(subject_id))
    steps = CaseStep.objects.filter(case__in=about.values("pk"), action__in=_TOLD).select_related("case")
    return [
        Moment(step.at, _("处罚案件"), _told(step), step.case.get_absolute_url(), step.by_name)
        for step in steps.order_by("-at", "-pk")[:100]
    ]


def _told(step: CaseStep) -> str:
    case: Case = step.case
    return f"{step.get_action_display()}：{offences().get(case.offence, case.offence)}（{case.number}）"


def certificate_blockers(batch: BatchFacts) -> list[Blocker]:
    """A filed case against the producer. A clue that nobody has looked into yet stays unsaid."""
    if batch.premises_id is None:
        return []
    about = Q(subject_type=_PLACE, subject_id=str(batch.premises_id))
    about |= Q(matter__subject_type=_PLACE, matter__subject_id=str(batch.premises_id))
    rows = Case.objects.filter(
        about, state__in=OPEN_STATES, division_code__startswith=batch.division_code[:COUNTY_LENGTH]
    )
    if not rows.exclude(state=Case.State.CLUE).exists():
        return []
    text = _("这家有还没有办结的案件，办结以前不能开合格证。请联系办案机关。")
    return [Blocker("open_case", text, None, _PLACE, str(batch.premises_id))]
