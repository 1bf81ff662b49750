"""Sessions of departments and customs; clues on their way to the police; the home of the action."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.imported_food import access, describing, selectors
from fangxin.actions.imported_food import forms_joint as own_forms
from fangxin.actions.imported_food.models import Alert, Clue, Session
from fangxin.actions.imported_food.services import joint
from fangxin.actions.imported_food.views.common import BANDS, AreaFilter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on, acts_by_name, plain
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

FEW = 8
SESSION_TONES = {"planned": "info", "held": "warn", "concluded": "good", "cancelled": "plain"}
CLUE_TONES = {
    "recorded": "warn", "reported": "warn", "approved": "bad", "handed_over": "info", "answered": "good", "dismissed": "plain",
}  # fmt: skip

SESSION_ACTS = acts_by_name(
    Act("hold", gettext_lazy("登记召开"), "users", lambda row, by, v: joint.hold(session=row, by=by, **v), plain(own_forms.HoldForm)),
    Act("decide", gettext_lazy("记录决定"), "gavel", lambda row, by, v: joint.decide(session=row, by=by, **v),
        lambda request, row, _user: own_forms.DecideForm(posted(request)[0], division_code=row.division_code),
        intro=gettext_lazy("每项决定立即成为问题事项，有责任单位、时限和第二人验收。")),
    Act("conclude", gettext_lazy("形成结论"), "check", lambda row, by, v: joint.conclude(session=row, by=by, **v), plain(own_forms.ConcludeForm)),
    Act("cancel", gettext_lazy("取消会商"), "x", lambda row, by, _v: joint.cancel(session=row, by=by),
        ask=gettext_lazy("确认取消这次会商？可以恢复。"), undoes=True),
    Act("restore", gettext_lazy("恢复会商"), "rotate", lambda row, by, _v: joint.restore(session=row, by=by), undoes=True),
)  # fmt: skip
_SESSION_STEPS = {
    "planned": ["hold", "cancel"],
    "held": ["decide", "conclude"],
    "concluded": [],
    "cancelled": ["restore"],
}


def _decide(row: Clue, by: Any, values: Mapping[str, Any]) -> Any:
    return joint.decide_clue(
        clue=row, approved=values["approved"] == "yes", receiver=values["receiver"], reason=values["reason"], by=by
    )


CLUE_ACTS = acts_by_name(
    Act("report", gettext_lazy("研判并报告负责人"), "arrow-up", lambda row, by, v: joint.report_clue(clue=row, by=by, **v), plain(own_forms.AssessForm)),
    Act("decide", gettext_lazy("决定是否移送"), "gavel", _decide, plain(own_forms.DecideClueForm),
        intro=gettext_lazy("由报告人以外的负责人在 3 日内决定。批准的，24 小时内移送。")),
    Act("hand_over", gettext_lazy("移送并生成移送函"), "send", lambda row, by, v: joint.hand_over(clue=row, by=by, **v), plain(own_forms.HandOverForm)),
    Act("reply", gettext_lazy("登记回复"), "mail", lambda row, by, v: joint.record_reply(clue=row, by=by, **v), plain(own_forms.ReplyForm)),
)  # fmt: skip
_CLUE_STEPS = {"recorded": "report", "reported": "decide", "approved": "hand_over", "handed_over": "reply"}


@needs("import.lists")
def home(request: Request) -> HttpResponse:
    user, today, now = request.user, ledger.clock.today(), ledger.clock.now()
    lots = selectors.list_consignments(user, "import.lists")
    shelf = lots.filter(state="on_shelf")
    alerts, disposals = selectors.list_alerts(user), selectors.list_disposals(user, "import.lists")
    lists, open_alerts = reverse("imported_food:consignments"), alerts.filter(state="open")
    tiles = [
        (_("在架批次"), shelf.count(), "package", f"{lists}?state=on_shelf", False),
        (_("其中高关注"), shelf.filter(band="high").count(), "alert-triangle", f"{lists}?state=on_shelf&band=high", True),
        (_("缺检验检疫证明"), shelf.filter(key_paper_missing=True).count(), "file-off", f"{lists}?when=no_certificate", True),
        (_("超过保质期仍在架"), selectors.expired(lots, today).count(), "calendar-x", f"{lists}?when=expired", True),
        (_("待核对的通报"), open_alerts.count(), "bell", reverse("imported_food:alerts") + "?state=open", False),
        (_("其中超过时限"), open_alerts.filter(trace_due_at__lt=now).count(), "alarm",
         reverse("imported_food:alerts") + "?when=late", True),
        (_("办理中的处置"), disposals.filter(state__in=("open", "stopped")).count(), "hand-stop",
         reverse("imported_food:disposals"), False),
    ]  # fmt: skip
    context = {
        "title": _("进口食品国门守护"), "tiles": tiles, "not_a_probability": describing.NOT_A_PROBABILITY,
        "high": [(row, BANDS[row.band], [describing.reason(said) for said in row.reasons[:3]]) for row in shelf[:FEW]],
        "alerts": alerts[:FEW], "sees_board": user.can("board.view"), "sees_clues": user.can("import.clues"),
        "may_alert": user.can("import.alerts"), "now": now, "open_state": Alert.State.OPEN,
    }  # fmt: skip
    return render(request, "imported_food/home.html", context)


# --- sessions -----------------------------------------------------------------------------------------------------------


class SessionTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    planned_on = DayColumn()
    held_on = DayColumn()

    class Meta:
        model = Session
        fields = ("number", "title", "planned_on", "held_on", "others", "state")
        order_by = ()

    def render_state(self, value: str, record: Session) -> Any:
        return badge(value, SESSION_TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class SessionFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Session.State.choices)

    class Meta:
        model = Session
        fields = ("state",)


class Sessions(ListScreen):
    ability = "import.lists"
    title = gettext_lazy("进口食品会商")
    table_class = SessionTable
    filter_class = SessionFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_sessions(self.request.user)

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can("import.consult"):
            return {}
        return {"actions": [(_("安排会商"), reverse("imported_food:session_new"), "plus")]}


def _session_allowed(user: Any, row: Session) -> list[str]:
    return _SESSION_STEPS[row.state] if user.can("import.consult", row.division_code) else []


@needs("import.consult")
def session_new(request: Request) -> HttpResponse:
    form = own_forms.ArrangeForm(posted(request)[0], user=request.user)
    if request.method == "POST":
        made = saved(form, lambda: joint.arrange(by=request.user, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("已安排会商。"))
            return redirect(made)
    return form_page(request, form, _("安排进口食品会商"), reverse("imported_food:sessions"))


@needs("import.lists")
def session(request: Request, pk: int) -> HttpResponse:
    row = access.get_session(request.user, pk)
    context = {
        "title": str(row), "row": row, "tone": SESSION_TONES[row.state], "agencies": row.agencies.order_by("pk"),
        "alerts": row.alerts.all(), "disposals": row.disposals.select_related("consignment__lot"),
        "decisions": row.decisions.select_related("owner", "matter"),
        "acts": [SESSION_ACTS[name] for name in _session_allowed(request.user, row)],
    }  # fmt: skip
    return render(request, "imported_food/session.html", context)


@needs("import.consult")
def session_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_session(request.user, pk, "import.consult")
    return act_on(request, row, SESSION_ACTS, _session_allowed(request.user, row), name)


# --- clues --------------------------------------------------------------------------------------------------------------


class ClueTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    township = TownshipColumn()
    found_on = DayColumn()

    class Meta:
        model = Clue
        fields = (
            "number",
            "origin",
            "township",
            "place",
            "found_on",
            "amount_yuan",
            "due_at",
            "receiver",
            "reply",
            "state",
        )
        order_by = ()

    def render_state(self, value: str, record: Clue) -> Any:
        if record.due_at is not None and record.due_at < ledger.clock.now():
            return badge(_("%(state)s，已超时") % {"state": value}, "bad")
        return badge(value, CLUE_TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class ClueFilter(AreaFilter):
    ability = "import.clues"
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Clue.State.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("办理"), choices=[("late", gettext_lazy("超过时限"))], method="by_when"
    )

    class Meta:
        model = Clue
        fields = ("township", "state", "when")

    def by_when(self, rows: "QuerySet[Any]", _name: str, _value: str) -> "QuerySet[Any]":
        return rows.filter(due_at__lt=ledger.clock.now())


class Clues(ListScreen):
    ability = "import.clues"
    title = gettext_lazy("走私和来源不明线索")
    table_class = ClueTable
    filter_class = ClueFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_clues(self.request.user)

    def more_context(self) -> dict[str, Any]:
        return {"actions": [(_("登记线索"), reverse("imported_food:clue_new"), "plus")]}


def _clue_allowed(user: Any, row: Clue) -> list[str]:
    step = _CLUE_STEPS.get(row.state)
    ability = "import.transfer" if step == "decide" else "import.clues"
    if step is None or not user.can(ability, row.division_code):
        return []
    # Who reported does not decide; the button would only be refused.
    return [] if step == "decide" and row.reported_by == user.username else [step]


@needs("import.clues")
def clue_new(request: Request) -> HttpResponse:
    """`?lot=` when it was found while a lot was looked at."""
    text = request.GET.get("lot", "")
    lot = (
        access.get_consignment(request.user, int(text), "import.lists")
        if text.isascii() and text.isdigit() and len(text) < 19
        else None
    )

    started = (
        {"origin": "lot", "place": str(lot.trader), "division_code": lot.division_code[:9]} if lot is not None else {}
    )
    form = own_forms.ClueForm(posted(request)[0], user=request.user, initial=started)

    def write() -> Clue:
        return joint.record_clue(consignment=lot, by=request.user, **form.cleaned_data)

    if request.method == "POST" and (made := saved(form, write)) is not None:
        messages.success(request, _("已登记线索，请在时限内研判报告。"))
        return redirect(made)
    return form_page(request, form, _("登记走私、来源不明线索"), reverse("imported_food:clues"))


@needs("import.clues")
def clue(request: Request, pk: int) -> HttpResponse:
    row = access.get_clue(request.user, pk)
    context = {
        "title": _("线索 %(number)s") % {"number": row.number}, "row": row, "tone": CLUE_TONES[row.state],
        "township": people.division_path(row.division_code), "late": row.due_at is not None and row.due_at < ledger.clock.now(),
        "acts": [CLUE_ACTS[name] for name in _clue_allowed(request.user, row)],
    }  # fmt: skip
    return render(request, "imported_food/clue.html", context)


@needs("import.clues")
def clue_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_clue(request.user, pk)
    return act_on(request, row, CLUE_ACTS, _clue_allowed(request.user, row), name)
