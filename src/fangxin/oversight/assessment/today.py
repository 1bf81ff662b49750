"""Lines of the assessment in other places: a person's work of today, and answers to a search."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.kernel.contributing.data import Hit, Waiting, WorkItem
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.assessment import selectors
from fangxin.oversight.assessment.models import Adjustment, Appeal, Bulletin, Participant, Round


def work(user: Any) -> Sequence[WorkItem | Waiting]:
    lines: list[WorkItem | Waiting] = []
    if user.can("assessment.answer"):
        lines += _agencys(user)
    if user.can("assessment.run"):
        lines += _offices(user)
    if user.can("bulletin.write"):
        lines += _writers(user)
    if user.can("bulletin.receive"):
        unread = Bulletin.objects.filter(pk__in=selectors.unread(user).values("bulletin"))
        lines.append(Waiting("new", _("新收到的通报"), reverse("assessment:bulletins") + "?unread=true", unread))
    return lines


def _agencys(user: Any) -> list[WorkItem]:
    """What a round asks of the person's own agency: to check itself, and to take note of its result."""
    today = ledger.clock.today()
    open_now = Q(round__state=Round.State.SELF_CHECK, round__self_check_until__gte=today, self_checks=None)
    told = Q(round__state__in=[Round.State.PUBLISHED, Round.State.APPEALING], round__appeal_until__gte=today)
    mine = Participant.objects.filter(agency__in=user.own_agencies("assessment.answer")).select_related("round")
    lines = []
    for member in mine.filter(open_now | told):
        published = member.round.is_public
        label = (
            _("%(round)s结果已公布，可在期限内申诉") if published else _("%(round)s：请核对本单位得分并提交自查意见")
        )
        due = member.round.appeal_until if published else member.round.self_check_until
        kind = "new" if published else "due"
        lines.append(WorkItem(kind, label % {"round": member.round}, member.get_absolute_url(), due))
    return lines


def _offices(user: Any) -> list[Waiting]:
    """What waits for another person of the office than the one who did the step before."""
    field = "participant__round__division_code"
    proposed = people.within(Adjustment.objects.filter(state="proposed"), user, "assessment.adjust", field=field)
    appeals = people.within(Appeal.objects.filter(state="lodged"), user, "assessment.review", field=field)
    scored = people.within(Round.objects.filter(state=Round.State.SCORED), user, "assessment.review")
    over = people.within(
        Round.objects.filter(state=Round.State.PUBLISHED, appeal_until__lt=ledger.clock.today()), user, "assessment.run"
    )
    rounds, lodged = reverse("assessment:rounds"), reverse("assessment:appeals") + "?state=lodged"
    adjustments = reverse("assessment:adjustments") + "?state=proposed"
    return [
        Waiting("due", _("待审批的考核加减分"), adjustments, proposed.exclude(proposed_by=user)),
        Waiting("due", _("待处理的考核申诉"), lodged, appeals),
        Waiting("due", _("待复核的考核评分"), rounds + "?state=scored", scored.exclude(scored_by=user)),
        Waiting("due", _("申诉期已满、可以定案的考核"), rounds + "?state=published", over),
    ]


def _writers(user: Any) -> list[Waiting]:
    mine = people.within(Bulletin.objects.all(), user, "bulletin.write")
    url = reverse("assessment:bulletins")
    to_check = mine.filter(state=Bulletin.State.IN_CHECK).exclude(writers=user)
    to_issue = mine.filter(state=Bulletin.State.CHECKED)
    returned = mine.filter(state=Bulletin.State.DRAFT, writers=user).exclude(returned_reason="")
    return [
        Waiting("due", _("待核稿的通报"), url + "?state=in_check", to_check),
        Waiting("due", _("已核稿、待印发的通报"), url + "?state=checked", to_issue),
        Waiting("due", _("被退改的通报"), url + "?state=draft", returned),
    ]


def search(user: Any, text: str, limit: int) -> Sequence[Hit]:
    if not user.can("bulletin.view"):
        return []
    rows = selectors.list_bulletins(user).filter(
        Q(document_number__icontains=text) | Q(period_name__icontains=text) | Q(subject__icontains=text)
    )
    return [
        Hit(_("通报"), str(row), row.get_absolute_url(), row.document_number or str(row.get_state_display()))
        for row in rows[:limit]
    ]
