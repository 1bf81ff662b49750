"""One agency of a round: every item with its reading, points, formula and records; its comments and appeals."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.permission import needs
from fangxin.oversight.assessment import access, presenting, rules, selectors
from fangxin.oversight.assessment.forms import AppealForm, SelfCheckForm, keep
from fangxin.oversight.assessment.models import Appeal, Participant, Round
from fangxin.oversight.assessment.services import appeals, rounds
from fangxin.oversight.assessment.views.common import act_page, bound


@require_safe
@needs("assessment.view")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    member = access.get_participant(user, pk)
    round_ = member.round
    everything = access.sees_all(user, round_)
    scores = list(member.scores.order_by("-pk"))
    frozen = rules.rules_of(round_)
    score = scores[0]
    context = {
        "title": f"{member.agency.name} · {round_}",
        "member": member,
        "round": round_,
        "tone": presenting.round_tone(round_),
        "score": score,
        "ranked": everything or round_.is_public,
        "grade": presenting.grade_words(score),
        "state": presenting.state_words(score),
        "rows": presenting.item_rows(score, frozen),
        "sum": presenting.sum_words(score),
        "events": presenting.event_rows(score, frozen),
        "bonus_cap": frozen.bonus_cap,
        "adjustments": selectors.list_adjustments(user).filter(participant=member),
        "self_checks": member.self_checks.select_related("said_by", "evidence"),
        "appeals": member.appeals.select_related("lodged_by", "decided_by", "evidence"),
        "history": scores,
        "may": _may(user, member),
    }
    return render(request, "assessment/participant.html", context)


def _may(user: Any, member: Participant) -> dict[str, bool]:
    """Which buttons this person gets now."""
    own = member.agency_id in user.own_agencies("assessment.answer")
    round_, today = member.round, ledger.clock.today()
    checking = round_.state == Round.State.SELF_CHECK and today <= (round_.self_check_until or today)
    published = round_.state in appeals.OPEN_FOR_APPEALS and today <= (round_.appeal_until or today)
    waiting = member.appeals.filter(state=Appeal.State.LODGED).exists()
    adjust = user.can("assessment.adjust", round_.division_code)
    return {
        "self_check": own and checking,
        "appeal": own and published and not waiting,
        "adjust": adjust and (round_.state in rounds.COMPUTABLE or waiting),
    }


@require_http_methods(["GET", "POST"])
@needs("assessment.answer")
def self_check(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    member = access.get_own_participant(user, pk)

    def perform(data: dict[str, Any]) -> Any:
        return rounds.say(participant=member, text=data["text"], evidence=keep(data["file"], by=user), by=user)

    return act_page(
        request,
        SelfCheckForm(*bound(request)),
        perform,
        title=_("自查意见 · %(round)s") % {"round": member.round},
        label=_("提交"),
        intro=_("%(agency)s，截止%(day)s。")
        % {"agency": member.agency.name, "day": member.round.self_check_until or "—"},
        back=member.get_absolute_url(),
        done=_("已提交自查意见。"),
    )


@require_http_methods(["GET", "POST"])
@needs("assessment.answer")
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    member = access.get_own_participant(user, pk)

    def perform(data: dict[str, Any]) -> Any:
        return appeals.lodge(participant=member, text=data["text"], evidence=keep(data["file"], by=user), by=user)

    return act_page(
        request,
        AppealForm(*bound(request)),
        perform,
        title=_("提出申诉 · %(round)s") % {"round": member.round},
        label=_("提出申诉"),
        intro=_("%(agency)s，申诉期到%(day)s为止。由评分人以外的人员处理，处理结果会写在本页。")
        % {"agency": member.agency.name, "day": member.round.appeal_until or "—"},
        back=member.get_absolute_url(),
        done=_("已提出申诉。"),
    )
