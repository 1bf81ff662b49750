"""The console's side: which phones there are, and what did not fit together."""

from collections.abc import Mapping
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.surfaces.field import access, selectors
from fangxin.surfaces.field.forms import DecisionForm, SignOutForm
from fangxin.surfaces.field.models import Conflict, Device
from fangxin.surfaces.field.services import devices, syncing
from fangxin.surfaces.field.showing import item_word, kind_word, payload_lines
from fangxin.surfaces.field.words import sentence

DEVICE_TONES = {"active": "good", "signed_out": "warn", "wiped": "plain"}
CONFLICT_TONES = {"open": "warn", "phone": "info", "server": "plain"}
_ONE_LINE = {"td": {"class": "text-nowrap"}}
# A phone whose clock is further off than this is pointed out.
_CLOCK_OFF_S = 300


class DeviceTable(tables.Table):
    user = tables.Column(linkify=("field:device", [tables.A("pk")]))
    contact_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=_ONE_LINE, default=gettext_lazy("从未联系"))
    pending = tables.Column(default="—")
    open_conflicts = tables.Column(verbose_name=gettext_lazy("待处理冲突"))
    state = tables.Column()

    class Meta:
        model = Device
        fields = ("user", "name", "enrolled_at", "contact_at", "pending", "open_conflicts", "state")

    def render_state(self, record: Device) -> SafeString:
        return badge(record.get_state_display(), DEVICE_TONES[record.state])

    def value_state(self, record: Device) -> str:
        return str(record.get_state_display())


class DeviceFilter(filters.FilterSet):
    q = filters.CharFilter(label=gettext_lazy("使用人、设备"), method="by_text", max_length=60)
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Device.State.choices)

    class Meta:
        model = Device
        fields: tuple[str, ...] = ()

    def by_text(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(Q(user__name__icontains=value.strip()) | Q(name__icontains=value.strip()))


class DeviceList(ListScreen):
    ability = "field.view"
    title = gettext_lazy("外勤设备")
    table_class = DeviceTable
    filter_class = DeviceFilter
    empty_text = gettext_lazy("还没有启用的手机。检查人员用手机登录后打开“外勤检查”即可启用。")

    def rows(self) -> "QuerySet[Device]":
        return selectors.list_devices(self.request.user)

    def more_context(self) -> dict[str, Any]:
        actions = [(_("手机同步冲突"), reverse("field:conflicts"), "git-merge")]
        if self.request.user.can("field.use"):  # type: ignore[union-attr]
            actions.append((_("打开外勤检查"), reverse("field:phone"), "device-mobile"))
        return {"actions": actions}


@require_http_methods(["GET", "POST"])
@needs("field.view")
def device(request: HttpRequest, pk: int) -> HttpResponse:
    """One phone; signing it out is the person's own business, or that of who keeps the phones."""
    found = access.get_device(request.user, pk)
    active = found.state == Device.State.ACTIVE
    form = SignOutForm(request.POST or None) if active else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            devices.sign_out(device=found, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已注销。这部手机下次联网时会清除全部外勤数据。"))
            return redirect("field:device", pk=found.pk)
    context = {
        "title": str(found), "device": found, "form": form, "tone": DEVICE_TONES[found.state],
        "clock_off": abs(found.clock_offset_s or 0) > _CLOCK_OFF_S, "clock_minutes": round((found.clock_offset_s or 0) / 60),
        "actions": [(_("返回列表"), reverse("field:devices"), "arrow-left")],
    }  # fmt: skip
    return render(request, "field/device.html", context)


class ConflictTable(tables.Table):
    about = tables.Column(linkify=True, empty_values=())
    kind = tables.Column(accessor="operation__kind", verbose_name=gettext_lazy("操作"))
    reason = tables.Column(accessor="operation__reason", verbose_name=gettext_lazy("原因"))
    user = tables.Column(accessor="operation__device__user", verbose_name=gettext_lazy("使用人"))
    made_at = tables.DateTimeColumn(
        accessor="operation__made_at", verbose_name=gettext_lazy("现场时间"), format="Y-m-d H:i", attrs=_ONE_LINE
    )
    state = tables.Column()

    class Meta:
        model = Conflict
        fields = ("about", "kind", "reason", "user", "made_at", "state")

    def render_about(self, record: Conflict) -> str:
        return record.about or _("（未写对象）")

    def render_kind(self, value: str) -> str:
        return kind_word(value)

    def render_reason(self, value: str) -> str:
        return sentence(value)

    def render_state(self, record: Conflict) -> SafeString:
        return badge(record.get_state_display(), CONFLICT_TONES[record.state])

    def value_state(self, record: Conflict) -> str:
        return str(record.get_state_display())


class ConflictFilter(filters.FilterSet):
    q = filters.CharFilter(label=gettext_lazy("检查对象、使用人"), method="by_text", max_length=60)
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Conflict.State.choices)

    class Meta:
        model = Conflict
        fields: tuple[str, ...] = ()

    def by_text(self, rows: Any, name: str, value: str) -> Any:
        text = value.strip()
        return rows.filter(Q(about__icontains=text) | Q(operation__device__user__name__icontains=text))


class ConflictList(ListScreen):
    ability = "field.view"
    title = gettext_lazy("手机同步冲突")
    table_class = ConflictTable
    filter_class = ConflictFilter
    empty_text = gettext_lazy("没有同步冲突。手机上的记录都已正常采用。")

    def rows(self) -> "QuerySet[Conflict]":
        return selectors.list_conflicts(self.request.user)


@require_http_methods(["GET", "POST"])
@needs("field.view")
def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Both versions side by side, and the choice between them for who keeps the phones."""
    found = access.get_conflict(request.user, pk)
    user: Any = request.user
    may = user.can("field.devices", found.division_code) and found.state == Conflict.State.OPEN
    form = DecisionForm(request.POST or None) if may else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied(_("这条冲突已经处理，或者您的岗位不能处理。请返回列表查看。"))
        if form.is_valid() and _decided(request, found, form):
            return redirect("field:conflicts")
    row = found.operation
    context: Mapping[str, Any] = {
        "title": found.about or _("手机同步冲突"), "conflict": found, "operation": row, "form": form,
        "kind": kind_word(row.kind), "reason": sentence(row.reason), "tone": CONFLICT_TONES[found.state],
        "lines": payload_lines(row), "platform": item_word(row, user), "files": selectors.files_of(row),
        "actions": [(_("返回列表"), reverse("field:conflicts"), "arrow-left")],
    }  # fmt: skip
    return render(request, "field/conflict.html", dict(context))


def _decided(request: HttpRequest, found: Conflict, form: DecisionForm) -> bool:
    try:
        syncing.decide(conflict=found, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("已处理，处理理由已留痕。"))
    return True
