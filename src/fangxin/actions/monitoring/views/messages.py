"""What the county tells people, and what it hears said."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages as notes
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.monitoring import access, publishing, selectors
from fangxin.actions.monitoring import forms_messages as own_forms
from fangxin.actions.monitoring.models import Message, Rumour
from fangxin.actions.monitoring.services import messages
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.acts import Act, act_on, acts_by_name, plain
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

TONES = {"draft": "plain", "submitted": "warn", "released": "good", "withdrawn": "bad"}
RUMOUR_TONES = {"open": "warn", "refuted": "good", "confirmed": "bad"}
State, Said = Message.State, Rumour.State
_EDITED = ("kind", "topic", "text", "audience", "channel", "authority")


def _kept(values: Mapping[str, Any], by: Any) -> dict[str, Any]:
    """The cleaned form with its file turned into evidence."""
    file = values.get("authority_file")
    return {
        **values,
        "authority_file": ledger.store_evidence(name=file.name, content=file.read(), by=by) if file else None,
    }


ACTS = acts_by_name(
    Act("submit", gettext_lazy("交审核"), "send", lambda row, by, _v: messages.submit(message=row, by=by)),
    Act("change", gettext_lazy("修改"), "pencil", lambda row, by, v: messages.change(message=row, by=by, **_kept(v, by)),
        lambda request, row, _user: own_forms.MessageForm(*posted(request), initial={name: getattr(row, name) for name in _EDITED})),
    Act("release", gettext_lazy("审核公布"), "speakerphone", lambda row, by, v: messages.release(message=row, by=by, **v),
        plain(own_forms.ReleaseForm), intro=gettext_lazy("公布以后人人可见。请逐字读过再公布。")),
    Act("hand_back", gettext_lazy("退回修改"), "arrow-back-up", lambda row, by, v: messages.hand_back(message=row, by=by, **v),
        plain(own_forms.ReasonForm), undoes=True),
    Act("reach", gettext_lazy("登记效果"), "chart-bar", lambda row, by, v: messages.record_reach(message=row, by=by, **v),
        lambda request, row, _user: own_forms.ReachForm(posted(request)[0], initial={"reach": row.reach, "feedback": row.feedback})),
    Act("withdraw", gettext_lazy("撤下"), "eye-off", lambda row, by, v: messages.withdraw(message=row, by=by, **v),
        plain(own_forms.ReasonForm), intro=gettext_lazy("撤下以后公众页面不再显示，记录保留。"), undoes=True),
)  # fmt: skip
_STEPS = {
    "draft": ["submit", "change"],
    "submitted": ["release", "hand_back"],
    "released": ["reach", "withdraw"],
    "withdrawn": ["reach"],
}

RUMOUR_ACTS = acts_by_name(
    Act("settle", gettext_lazy("登记核实结果"), "check",
        lambda row, by, v: messages.settle_rumour(rumour=row, true=v["answer"] == "yes", finding=v["finding"], by=by),
        plain(own_forms.SettleForm)),
    Act("answer", gettext_lazy("写澄清信息"), "pencil", lambda row, by, v: messages.answer_rumour(rumour=row, by=by, **v),
        plain(own_forms.WordsForm), intro=gettext_lazy("写好的是草稿，还要交审核，由另一位负责人公布。")),
    Act("reopen", gettext_lazy("退回重新核实"), "rotate", lambda row, by, _v: messages.reopen_rumour(rumour=row, by=by), undoes=True),
)  # fmt: skip


class MessageTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    written_at = DayColumn(accessor="written_at__date", order_by="written_at")
    released_at = DayColumn(accessor="released_at__date", order_by="released_at")

    class Meta:
        model = Message
        fields = ("number", "topic", "kind", "audience", "written_at", "released_at", "state")
        order_by = ()

    def render_kind(self, value: str) -> str:
        return publishing.kind_label(value)

    def render_state(self, value: str, record: Message) -> str:
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class MessageFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=gettext_lazy("编号、标题或内容"), method="by_text")
    kind = django_filters.ChoiceFilter(label=gettext_lazy("信息种类"))
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices)

    class Meta:
        model = Message
        fields = ("text", "kind", "state")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["kind"].extra["choices"] = [(k.code, k.label) for k in publishing.kinds().values()]

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(Q(number=value) | Q(topic__icontains=value) | Q(text__icontains=value))


class Messages(ListScreen):
    ability = selectors.VIEW
    title = gettext_lazy("风险交流")
    intro = gettext_lazy(
        "食品安全信息由一人起草、另一人审核公布。风险警示、重大事故和总体情况由省级以上公布，县级没有授权不能公布。"
    )
    table_class = MessageTable
    filter_class = MessageFilter
    empty_text = gettext_lazy("还没有风险交流信息。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_messages(self.request.user)

    def more_context(self) -> dict[str, Any]:
        actions = [(_("传闻"), reverse("monitoring:rumours"), "ear")]
        if self.request.user.can("risk.publish"):
            actions.insert(0, (_("起草信息"), reverse("monitoring:message_new"), "plus"))
        return {**super().more_context(), "actions": actions}


def allowed(user: Any, row: Message) -> list[str]:
    if not user.can("risk.publish", row.division_code):
        return []
    # Who wrote does not release; the button would only be refused.
    return [name for name in _STEPS[row.state] if name != "release" or row.written_by != user.username]


@needs("risk.publish")
def message_new(request: Request) -> HttpResponse:
    form = own_forms.NewMessageForm(*posted(request), user=request.user, ability="risk.publish")
    if request.method == "POST":
        made = saved(form, lambda: messages.write(by=request.user, **_kept(form.cleaned_data, request.user)))
        if made is not None:
            notes.success(request, _("草稿已保存。核对后请交审核。"))
            return redirect(made)
    return form_page(request, form, _("起草风险交流信息"), reverse("monitoring:messages"))


@needs(selectors.VIEW)
def message(request: Request, pk: int) -> HttpResponse:
    row = access.get_message(request.user, pk)
    kind = publishing.kinds().get(row.kind)
    context = {
        "title": row.topic, "row": row, "tone": TONES[row.state], "kind": publishing.kind_label(row.kind),
        "needs_authority": kind is not None and kind.needs_authority, "clause": kind.clause if kind else "",
        "waits": row.state == State.SUBMITTED and row.written_by == request.user.username,
        "rumours": row.answers.all(), "acts": [ACTS[name] for name in allowed(request.user, row)],
    }  # fmt: skip
    return render(request, "monitoring/message.html", context)


@needs("risk.publish")
def message_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_message(request.user, pk, "risk.publish")
    return act_on(request, row, ACTS, allowed(request.user, row), name)


# --- rumours ------------------------------------------------------------------------------------------------------------


class RumourTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    heard_on = DayColumn()
    answer = tables.Column(default="—", orderable=False)

    class Meta:
        model = Rumour
        fields = ("number", "text", "source", "heard_on", "answer", "state")
        order_by = ()

    def render_answer(self, value: Message) -> str:
        return str(value.get_state_display())

    def render_state(self, value: str, record: Rumour) -> str:
        return badge(value, RUMOUR_TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class RumourFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=gettext_lazy("说法"), field_name="text", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Said.choices)
    answered = django_filters.BooleanFilter(
        label=gettext_lazy("没有澄清信息"), field_name="answer", lookup_expr="isnull"
    )

    class Meta:
        model = Rumour
        fields = ("text", "state", "answered")


class Rumours(ListScreen):
    ability = selectors.VIEW
    title = gettext_lazy("传闻")
    intro = gettext_lazy("听到关于本县食品的说法，先核实，再澄清。属实的，按投诉举报和问题事项办理。")
    table_class = RumourTable
    filter_class = RumourFilter
    empty_text = gettext_lazy("没有登记传闻。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_rumours(self.request.user)

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can("risk.publish"):
            return super().more_context()
        return {**super().more_context(), "actions": [(_("登记传闻"), reverse("monitoring:rumour_new"), "plus")]}


def _rumour_allowed(user: Any, row: Rumour) -> list[str]:
    if not user.can("risk.publish", row.division_code):
        return []
    if row.state == Said.OPEN:
        return ["settle"]
    return [] if row.answer_id else ["answer", "reopen"]


@needs("risk.publish")
def rumour_new(request: Request) -> HttpResponse:
    form = own_forms.RumourForm(posted(request)[0], user=request.user, ability="risk.publish")
    if request.method == "POST":
        made = saved(form, lambda: messages.record_rumour(by=request.user, **form.cleaned_data))
        if made is not None:
            notes.success(request, _("已登记。请核实后写明结果。"))
            return redirect(made)
    return form_page(request, form, _("登记传闻"), reverse("monitoring:rumours"))


@needs(selectors.VIEW)
def rumour(request: Request, pk: int) -> HttpResponse:
    row = access.get_rumour(request.user, pk)
    context = {
        "title": row.number, "row": row, "tone": RUMOUR_TONES[row.state],
        "acts": [RUMOUR_ACTS[name] for name in _rumour_allowed(request.user, row)],
    }  # fmt: skip
    return render(request, "monitoring/rumour.html", context)


@needs("risk.publish")
def rumour_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_rumour(request.user, pk, "risk.publish")
    return act_on(request, row, RUMOUR_ACTS, _rumour_allowed(request.user, row), name)
