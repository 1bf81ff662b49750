"""The home of the risk consultation: what waits, the latest signals, the most pressing hazards."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import describing, ranking, rules, selectors
from fangxin.actions.monitoring.models import Consultation, Signal
from fangxin.actions.monitoring.views.assessments import concern_words
from fangxin.actions.monitoring.views.signals import TONES
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import needs

FEW = 6


@needs("risk.view")
def home(request: Request) -> HttpResponse:
    user, today = request.user, ledger.clock.today()
    signals = selectors.list_signals(user)
    raised = signals.filter(state=Signal.State.RAISED)
    page, talks = reverse("monitoring:signals"), selectors.list_consultations(user)
    tiles = [
        (_("待核实的信号"), raised.count(), "bell", f"{page}?state=raised", False),
        (_("其中超过时限"), raised.filter(due_on__lt=today).count(), "alarm", f"{page}?when=late", True),
        (_("已核实、未列入会商"), signals.filter(state=Signal.State.CONFIRMED, consultation=None).count(), "messages",
         f"{page}?when=waiting", False),
        (_("已安排或未结的会商"), talks.filter(state__in=(Consultation.State.PLANNED, Consultation.State.HELD)).count(),
         "users", reverse("monitoring:consultations"), False),
        (_("该回看效果的决定"), selectors.decisions_of(user).filter(outcome="", check_on__lte=today).count(), "eye-check",
         reverse("monitoring:decisions") + "?when=due", False),
    ]  # fmt: skip
    prefixes = sorted(user.prefixes("risk.view"))
    lines = ranking.rank(prefixes[0], today)[:FEW] if prefixes else []
    assessments = selectors.list_assessments(user).defer("inputs")[:FEW]
    context = {
        "title": _("污染物风险研判"), "tiles": tiles, "not_a_verdict": describing.NOT_A_VERDICT,
        "latest": [(s, TONES[s.state], rules.hazard_name(s.hazard)) for s in signals[:FEW]],
        "ranked": [
            (rules.food_name(x.ranked.food), rules.hazard_name(x.ranked.hazard), round(x.ranked.score, 1),
             "；".join(describing.factor(r) for r in x.ranked.reasons), x.ranked.provisional)
            for x in lines
        ],
        "assessments": [(a, rules.hazard_name(a.hazard), concern_words(a.concern), describing.statement(a)) for a in assessments],
        "may_assess": user.can("risk.assess"), "sees_board": user.can("board.view"),
    }  # fmt: skip
    return render(request, "monitoring/home.html", context)
