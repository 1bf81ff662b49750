"""Bulletins: the list, drafting in one step, editing, checking, issuing, reading."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fangxin.engines import papers
from fangxin.engines.indicators import Status
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.oversight.assessment import access, selectors
from fangxin.oversight.assessment.bulletin_facts import is_declining
from fangxin.oversight.assessment.forms import (
    BulletinDecisionForm,
    BulletinForm,
    BulletinItems,
    BulletinReasonForm,
    ConfirmForm,
    MarkForm,
    NewBulletinForm,
    show,
)
from fangxin.oversight.assessment.models import Bulletin, BulletinItem
from fangxin.oversight.assessment.services import bulletins as services
from fangxin.oversight.assessment.views.common import act_page, bound
from fangxin.oversight.board import api as board
from fangxin.oversight.plans import api as plans

State = Bulletin.State
TONES = {"draft": "plain", "in_check": "warn", "checked": "info", "issued": "good"}
STATUS_TONES = {Status.MET: "good", Status.NOT_MET: "bad", Status.NO_BASE: "warn", Status.UNVERIFIED: "warn"}


class BulletinTable(tables.Table):
    period_name = tables.Column(linkify=True)
    issued_at = tables.DateTimeColumn(format="Y-m-d")

    class Meta:
        model = Bulletin
        fields = ("period_name", "document_number", "as_of", "state", "issued_at")

    def render_period_name(self, record: Bulletin) -> str:
        return str(record)

    def value_period_name(self, record: Bulletin) -> str:
        return str(record)

    def render_state(self, record: Bulletin) -> Any:
        return badge(record.get_state_display(), TONES[record.state])

    def value_state(self, record: Bulletin) -> str:
        return str(record.get_state_display())


class BulletinFilter(filters.FilterSet):
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices, empty_label=gettext_lazy("全部"))
    unread = filters.BooleanFilter(
        label=gettext_lazy("只看本单位未阅"), method="only_unread", widget=forms.CheckboxInput
    )

    class Meta:
        model = Bulletin
        fields = ("state", "unread")

    def only_unread(self, rows: Any, _name: str, value: bool) -> Any:
        return rows.filter(pk__in=selectors.unread(self.request.user).values("bulletin")) if value else rows


class BulletinList(ListScreen):
    ability = "bulletin.view"
    title = gettext_lazy("情况通报")
    table_class = BulletinTable
    filter_class = BulletinFilter
    empty_text = gettext_lazy("还没有可以查看的通报。")

    def rows(self) -> Any:
        return selectors.list_bulletins(self.request.user)

    def more_context(self) -> dict[str, Any]:
        may = self.request.user.can("bulletin.write")
        return {"actions": [(_("起草通报"), reverse("assessment:bulletin_new"), "plus")] if may else []}


@require_http_methods(["GET", "POST"])
@needs("bulletin.write")
def new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    division = user.prefixes("bulletin.write")[0]
    form = NewBulletinForm(bound(request)[0], plan=plans.current_plan(division))
    return act_page(
        request,
        form,
        lambda data: services.draft(division_code=division, by=user, **data),
        title=_("起草通报"),
        label=_("生成草稿"),
        intro=_("平台按记录生成全文：指标、报送情况、整改台账、典型做法和存在问题。文字可以修改，数字不能改。"),
        back=reverse("assessment:bulletins"),
        done=_("草稿已生成，请核对文字后送核稿。"),
        target=lambda made: made.get_absolute_url(),
    )


@require_safe
@needs("bulletin.view")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    bulletin = access.get_bulletin(user, pk)
    writes = user.can("bulletin.write", bulletin.division_code)
    items = [item for item in bulletin.items.all() if item.included or writes]
    reads = list(bulletin.reads.select_related("agency", "read_by").order_by("agency__kind", "agency"))
    own = set(user.own_agencies("bulletin.receive"))
    context = {
        "title": str(bulletin),
        "bulletin": bulletin,
        "tone": TONES[bulletin.state],
        "figures": [_figure_row(entry, bulletin.as_of) for entry in bulletin.figures],
        "practices": [item for item in items if item.kind == BulletinItem.Kind.PRACTICE],
        "problems": [item for item in items if item.kind == BulletinItem.Kind.PROBLEM],
        "writes": writes,
        # Records of the whole county open only to those whose posts reach it.
        "opens": all(user.can(ability, bulletin.division_code) for ability in ("board.view", "plans.view")),
        "reads": reads if writes else [],
        "read_count": sum(read.read_at is not None for read in reads),
        "to_confirm": any(read.agency_id in own and read.read_at is None for read in reads),
        "mine_read": [read for read in reads if read.agency_id in own and read.read_at],
        "buttons": _buttons(user, bulletin),
    }
    return render(request, "assessment/bulletin.html", context)


def _figure_row(entry: dict[str, Any], as_of: date) -> dict[str, Any]:
    status = Status(entry["status"])
    words, tone = board.STATUSES[status], STATUS_TONES.get(status, "plain")
    if status is Status.NOT_MET and (entry["due"] is None or as_of.isoformat() < entry["due"]):
        words, tone = _("尚未达成"), "warn"  # before its day a target is not missed, only not reached yet
    return entry | {
        "status_words": words,
        "tone": tone,
        "target_words": _target_words(entry),
        "shown": "—" if entry["value"] is None or entry["kind"] == "milestone" else f"{entry['value']}{entry['unit']}",
    }


def _target_words(entry: dict[str, Any]) -> str:
    if entry["kind"] == "milestone":
        return _("验收达成")
    if is_declining(entry):
        return _("比%(year)s年下降") % {"year": entry["base_year"] or "—"}
    signs = {">=": "≥", "<=": "≤"}
    return f"{signs.get(entry['comparison'], entry['comparison'])}{entry['target']}{entry['unit']}"


@require_http_methods(["GET", "POST"])
@needs("bulletin.write")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    bulletin = access.get_bulletin_to_write(request.user, pk)
    access.refuse_if(bulletin.state != State.DRAFT)
    data = bound(request)[0]
    form = BulletinForm(data, instance=bulletin)
    items = BulletinItems(data, queryset=bulletin.items.order_by("kind", "order", "pk"), prefix="items")
    # Both are asked, so that every mistake shows at once.
    if request.method == "POST" and all([form.is_valid(), items.is_valid()]):
        try:
            with transaction.atomic():
                services.edit(
                    bulletin=bulletin, texts=form.cleaned_data, items=items.save(commit=False), by=request.user
                )
        except ValidationError as error:
            show(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect(bulletin)
    context = {"title": _("修改通报"), "bulletin": bulletin, "form": form, "items": items}
    return render(request, "assessment/bulletin_edit.html", context)


@dataclass(frozen=True, slots=True)
class Act:
    """A step of a bulletin: when, with which form, through which service."""

    label: Any
    icon: str
    states: tuple[str, ...]
    form: type[forms.Form]
    perform: Callable[[Bulletin, dict[str, Any], Any], Any]
    intro: Any


ACTS: dict[str, Act] = {
    "send": Act(
        gettext_lazy("送核稿"), "send", (State.DRAFT,), ConfirmForm,
        lambda b, d, u: services.send_to_check(bulletin=b, by=u),
        gettext_lazy("由没有执笔的另一人核稿。通报发给所有单位，请确认没有个人姓名、电话等信息。"),
    ),
    "check": Act(
        gettext_lazy("核稿"), "checks", (State.IN_CHECK,), BulletinDecisionForm,
        lambda b, d, u: services.check(bulletin=b, by=u, **d),
        gettext_lazy("请核对文字与数字是否一致、点名是否准确。"),
    ),
    "issue": Act(
        gettext_lazy("编号印发"), "stamp", (State.CHECKED,), MarkForm,
        lambda b, d, u: services.issue(bulletin=b, by=u, **d),
        gettext_lazy("编发文字号，生成正式文件并存证，发给各部门和各乡镇（街道）。印发后不能修改。"),
    ),
    "return": Act(
        gettext_lazy("退改"), "arrow-back", (State.CHECKED,), BulletinReasonForm,
        lambda b, d, u: services.take_back(bulletin=b, by=u, **d),
        gettext_lazy("退回草稿，修改后须重新核稿。"),
    ),
    "discard": Act(
        gettext_lazy("删除草稿"), "trash", (State.DRAFT,), ConfirmForm,
        lambda b, d, u: services.discard(bulletin=b, by=u),
        gettext_lazy("草稿和修改过的文字会被删除，不能恢复；可以重新起草。"),
    ),
}  # fmt: skip


def _may(user: Any, bulletin: Bulletin, act: str) -> bool:
    if bulletin.state not in ACTS[act].states or not user.can("bulletin.write", bulletin.division_code):
        return False
    return act != "check" or not bulletin.writers.filter(pk=user.pk).exists()


def _buttons(user: Any, bulletin: Bulletin) -> list[tuple[str, Any, str]]:
    found = [
        (reverse("assessment:bulletin_do", args=[bulletin.pk, name]), act.label, act.icon)
        for name, act in ACTS.items()
        if _may(user, bulletin, name)
    ]
    if bulletin.state == State.DRAFT and user.can("bulletin.write", bulletin.division_code):
        found.insert(1, (reverse("assessment:bulletin_edit", args=[bulletin.pk]), _("修改文字"), "edit"))
    return found


@require_http_methods(["GET", "POST"])
@needs("bulletin.write")
def do(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404
    user: Any = request.user
    bulletin = access.get_bulletin_to_write(user, pk)
    access.refuse_if(not _may(user, bulletin, act))
    step = ACTS[act]
    form = step.form(bound(request)[0], initial={"mark": _last_mark(bulletin)})
    back = bulletin.get_absolute_url()
    return act_page(
        request,
        form,
        lambda data: step.perform(bulletin, data, user),
        title=f"{step.label} · {bulletin}",
        label=step.label,
        intro=step.intro,
        back=back,
        done=_("%(step)s已完成。") % {"step": step.label},
        target=lambda made: reverse("assessment:bulletins") if act == "discard" else back,
    )


def _last_mark(bulletin: Bulletin) -> str:
    """The code used last time, so that nobody types it twice."""
    rows = Bulletin.objects.filter(division_code=bulletin.division_code, state=State.ISSUED)
    number = rows.order_by("-issued_at").values_list("document_number", flat=True).first() or ""
    return number.split("〔")[0] if papers.is_document_number(number) else ""


@require_POST
@needs("bulletin.receive")
def confirm_read(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    bulletin = access.get_bulletin(user, pk)
    if services.confirm_read(bulletin=bulletin, agency_ids=user.own_agencies("bulletin.receive"), by=user):
        messages.success(request, _("已登记阅读。"))
    return redirect(bulletin)
