"""Certificates: lists, the page of a farm or a buyer, one certificate, its label and sheet, signs of copying."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
import segno
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.engines import certificates as engine
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.kernel.supply import access_certificates as access
from fangxin.kernel.supply import rules_certificates as rules
from fangxin.kernel.supply import selectors_certificates as selectors
from fangxin.kernel.supply import standards_certificates as standards
from fangxin.kernel.supply.models import Certificate, Collection, CopyClue
from fangxin.kernel.supply.services import certificates as services
from fangxin.kernel.supply.templatetags.certificates import TONES

ONE_LINE = {"td": {"class": "text-nowrap"}}
LINK = '<a href="{}">{}</a>'
MOST_ENTRIES = 60
MOST_RECENT = 8
MOST_PLACES = 30


class PlainColumn(tables.Column):
    """A number without noughts behind the point."""

    def render(self, value: Any) -> str:
        return services.plain(value)

    def value(self, value: Any) -> Any:
        return value


class CertificateTable(tables.Table):
    number = tables.Column(linkify=True, attrs=ONE_LINE)
    food = tables.Column()
    quantity = PlainColumn(attrs={"td": {"class": "number"}})
    unit = tables.Column()
    producer = tables.Column(orderable=False)
    township = TownshipColumn()
    issued_on = DayColumn()
    state = tables.Column()

    class Meta:
        model = Certificate
        fields = ("number", "food", "quantity", "unit", "producer", "township", "made", "issued_on", "state")
        order_by = ()

    def render_state(self, value: str, record: Certificate) -> Any:
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class AreaFilter(filters.FilterSet):
    """Narrows a list to a township of the person's divisions."""

    town = filters.ChoiceFilter(label=gettext_lazy("乡镇（街道）"), method="by_town", empty_label=gettext_lazy("全部"))
    reach = "certificate.view"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        prefixes = self.request.user.prefixes(self.reach)
        if prefixes:
            self.filters["town"].extra["choices"] = [pair for prefix in prefixes for pair in people.townships(prefix)]
        else:
            del self.filters["town"]

    def by_town(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(people.under(value))


class CertificateFilter(AreaFilter):
    q = filters.CharFilter(label=gettext_lazy("编号、产品或开具主体"), method="by_text", max_length=60)
    state = filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=Certificate.State.choices, empty_label=gettext_lazy("全部")
    )
    made = filters.ChoiceFilter(
        label=gettext_lazy("开具方式"), choices=Certificate.Made.choices, empty_label=gettext_lazy("全部")
    )
    since = filters.DateFilter(label=gettext_lazy("开具日期从"), field_name="issued_on", lookup_expr="gte")
    until = filters.DateFilter(label=gettext_lazy("到"), field_name="issued_on", lookup_expr="lte")

    class Meta:
        model = Certificate
        fields = ("q", "state", "made", "town", "since", "until")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("since", "until"):
            self.form.fields[name].widget.input_type = "date"

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        text = value.strip()
        return rows.filter(Q(number=text) | Q(food__icontains=text) | Q(producer__icontains=text))


class CertificateList(ListScreen):
    request: Request
    ability = "certificate.view"
    title = gettext_lazy("合格证")
    table_class = CertificateTable
    filter_class = CertificateFilter
    sorts_when_long = ("issued_on",)
    empty_text = gettext_lazy("没有符合条件的合格证。")

    def rows(self) -> "QuerySet[Certificate]":
        return selectors.list_certificates(self.request.user).order_by("-issued_on", "-number")

    def more_context(self) -> dict[str, Any]:
        user, actions = self.request.user, []
        if user.prefixes("certificate.issue_for"):
            actions.append((_("代开合格证"), reverse("supply:certificates_for"), "file-plus"))
        if user.can("certificate.handle"):
            actions.append((_("收取合格证"), reverse("supply:certificate_collect"), "scan"))
        actions.append((_("收取记录"), reverse("supply:collections"), "inbox"))
        return {"actions": actions, "intro": _("承诺达标合格证：谁、在哪里、对哪一批货作了什么承诺，货去了哪里。")}


class CollectionTable(tables.Table):
    collected_at = tables.DateColumn(format="Y-m-d", attrs=ONE_LINE)
    premises = tables.Column(accessor="premises__name", orderable=False)
    certificate = tables.Column(accessor="certificate__number", verbose_name=gettext_lazy("合格证"), orderable=False)
    food = tables.Column(accessor="certificate__food", verbose_name=gettext_lazy("产品名称"), orderable=False)
    producer = tables.Column(accessor="certificate__producer", verbose_name=gettext_lazy("开具主体"), orderable=False)
    quantity = PlainColumn(attrs={"td": {"class": "number"}})
    unit = tables.Column(accessor="certificate__get_unit_display", verbose_name=gettext_lazy("单位"), orderable=False)
    standing = tables.Column(empty_values=(), verbose_name=gettext_lazy("情况"), orderable=False)

    actions = tables.Column(empty_values=(), verbose_name="", orderable=False)

    class Meta:
        model = Collection
        fields = (
            "collected_at",
            "premises",
            "certificate",
            "food",
            "producer",
            "quantity",
            "unit",
            "standing",
            "actions",
        )
        order_by = ()

    def render_standing(self, record: Collection) -> Any:
        text, tone = standing(record)
        return badge(text, tone)

    def value_standing(self, record: Collection) -> str:
        return standing(record)[0]

    def render_actions(self, record: Collection) -> Any:
        """What its own people, or the township for them, can still do with it."""
        if record.undone_at is not None or not self.request.user.can("certificate.handle"):
            return ""
        if record.told_at is not None and record.heeded_at is None:
            return format_html(LINK, reverse("supply:collection_heed", args=[record.pk]), _("写处理情况"))
        if record.used or record.told_at is not None:
            return ""
        return format_html(LINK, reverse("supply:collection_undo", args=[record.pk]), _("撤销"))


def standing(row: Collection) -> tuple[str, str]:
    if row.undone_at is not None:
        return _("已撤销收取"), "plain"
    if row.heeded_at is not None:
        return _("来源证已撤销，已处理：%(note)s") % {"note": row.heeded_note}, "info"
    if row.told_at is not None:
        return _("来源证已撤销，待处理"), "bad"
    return _("有效"), "good"


class CollectionFilter(AreaFilter):
    when = filters.ChoiceFilter(
        label=gettext_lazy("情况"), method="by_standing", empty_label=gettext_lazy("全部"),
        choices=[("told", gettext_lazy("来源证已撤销，待处理"))],
    )  # fmt: skip

    class Meta:
        model = Collection
        fields = ()

    def by_standing(self, rows: "QuerySet[Any]", _name: str, _value: str) -> "QuerySet[Any]":
        return rows.filter(told_at__isnull=False, heeded_at=None, undone_at=None)


class CollectionList(ListScreen):
    request: Request
    ability = "certificate.view"
    title = gettext_lazy("收取合格证记录")
    table_class = CollectionTable
    filter_class = CollectionFilter
    sorts_when_long = ("collected_at",)
    empty_text = gettext_lazy("还没有收取过合格证。进货时扫一下供货方的合格证，就有记录。")

    def rows(self) -> "QuerySet[Collection]":
        return selectors.list_collections(self.request.user).order_by("-collected_at", "-pk")


class ClueTable(tables.Table):
    found_at = tables.DateColumn(format="Y-m-d", attrs=ONE_LINE)
    certificate = tables.Column(
        accessor="certificate__number", linkify=("supply:certificate", [tables.A("certificate_id")])
    )
    kind = tables.Column()
    text = tables.Column(orderable=False)
    township = TownshipColumn()
    closed = tables.Column(accessor="closed_at", verbose_name=gettext_lazy("办理"), empty_values=())

    class Meta:
        model = CopyClue
        fields = ("found_at", "certificate", "kind", "text", "township", "closed")
        order_by = ()

    def render_closed(self, value: Any) -> Any:
        return badge(_("已办结"), "good") if value else badge(_("办理中"), "warn")

    def value_closed(self, value: Any) -> str:
        return _("已办结") if value else _("办理中")


class ClueFilter(AreaFilter):
    kind = filters.ChoiceFilter(
        label=gettext_lazy("情形"), choices=CopyClue.Kind.choices, empty_label=gettext_lazy("全部")
    )
    open = filters.ChoiceFilter(
        label=gettext_lazy("办理"), method="by_open", empty_label=gettext_lazy("全部"),
        choices=[("1", gettext_lazy("办理中"))],
    )  # fmt: skip

    class Meta:
        model = CopyClue
        fields = ("kind",)

    def by_open(self, rows: "QuerySet[Any]", _name: str, _value: str) -> "QuerySet[Any]":
        return rows.filter(closed_at=None)


class ClueList(ListScreen):
    request: Request
    ability = "certificate.clues"
    title = gettext_lazy("合格证复制线索")
    table_class = ClueTable
    filter_class = ClueFilter
    empty_text = gettext_lazy("没有复制或者假冒的线索。")

    def rows(self) -> "QuerySet[CopyClue]":
        return selectors.list_clues(self.request.user).order_by("-found_at", "-pk")

    def more_context(self) -> dict[str, Any]:
        return {"intro": _("线索不是定论：同一批货可能分几车运走。每条线索已转成问题事项，由市场监管部门核实。")}


# --- the page of a place ------------------------------------------------------------------------------------------------


@require_safe
@needs("certificate.own")
def mine(request: Request) -> HttpResponse:
    """Straight to the own place; with several, a choice."""
    rows = list(selectors.places_of(request.user).order_by("name", "pk")[: MOST_PLACES + 1])
    if len(rows) == 1:
        return redirect("supply:certificate_place", pk=rows[0].pk)
    context = {"title": _("我的合格证"), "places": rows[:MOST_PLACES]}
    return render(request, "supply/certificates/mine.html", context)


@require_http_methods(["GET"])
@needs("certificate.issue_for")
def for_others(request: Request) -> HttpResponse:
    """The township issues for a farmer: find the farm."""
    text = request.GET.get("q", "")[:60]
    rows = selectors.places_of(request.user).filter(kind="farm")
    if text.strip():
        rows = registry.find_premises(rows, text)
    context = {
        "title": _("代开合格证"), "q": text, "places": rows.order_by("division_code", "name", "pk")[:MOST_PLACES],
        "most": MOST_PLACES,
    }  # fmt: skip
    return render(request, "supply/certificates/for.html", context)


@require_safe
@needs("certificate.handle")
def place(request: Request, pk: int) -> HttpResponse:
    """What can be certified here, what is held, what was issued: the phone page of a farm or a buyer."""
    found = access.get_place(request.user, pk)
    today = ledger.clock.today()
    batches = [
        {"batch": batch, "left": left, "blockers": services.blockers_of(batch, today)}
        for batch in contribute.batches_at(found.pk)[:MOST_RECENT]
        if (left := services.left_of_batch(batch)) is None or left
    ]
    context = {
        "title": found.name, "place": found, "is_farm": found.kind == "farm", "batches": batches,
        "held": [row for row in selectors.held_at(found) if row[0].premises_id != found.pk][:MOST_PLACES],
        "recent": Certificate.objects.filter(premises=found).order_by("-issued_on", "-number")[:MOST_RECENT],
        "to_heed": Collection.objects.filter(premises=found, told_at__isnull=False, heeded_at=None, undone_at=None)
        .select_related("certificate"),
    }  # fmt: skip
    return render(request, "supply/certificates/place.html", context)


# --- one certificate ------------------------------------------------------------------------------------------------------


def address_of(request: Request, row: Certificate) -> str:
    """What the code on the label leads to: the signed code, or the number while there is no key."""
    return engine.address_of(request.build_absolute_uri("/"), row.code or row.number)


def picture_of(address: str, scale: int = 4) -> Any:
    drawn = segno.make(address, error="m", boost_error=False).svg_inline(scale=scale, omitsize=True)
    return mark_safe(drawn)  # noqa: S308  (made here from our own address)


@require_safe
@needs("certificate.view")
def certificate(request: Request, pk: int) -> HttpResponse:
    row = access.get_certificate(request.user, pk)
    user = request.user
    acts = selectors.may_act_for(user, row.premises)
    staff = user.can("certificate.view", row.division_code) and bool(user.prefixes("certificate.view"))
    told = acts or staff
    address = address_of(request, row)
    context = {
        "title": f"{row.food} {row.number}", "row": row, "tone": TONES[row.state], "picture": picture_of(address),
        "rule": standards.rules_on(row.issued_on), "public": selectors.public_certificate(row), "holds": rules.holds(row),
        "left": row.left, "address": address,
        "collections": row.collections.select_related("premises").order_by("-collected_at", "-pk") if told else [],
        "clues": row.clues.all() if user.can("certificate.clues", row.division_code) else [],
        "scans": row.scans.count(), "places": row.scans.exclude(longitude=None).count(),
        "life": _life(row) if staff else [],
        "may_withdraw": acts and services.may_withdraw(row),
        "may_print": acts,
        "may_revoke": row.state == "issued" and access.may_revoke(user, row),
    }  # fmt: skip
    return render(request, "supply/certificates/certificate.html", context)


def _life(row: Certificate) -> list[tuple[Any, Any, str]]:
    entries = ledger.entries_of(row._meta.label_lower, str(row.pk)).order_by("pk")[:MOST_ENTRIES]
    return [(e.at, contribute.events.get(e.event).label, e.actor_name) for e in entries if e.event in contribute.events]


def _to_print(request: Request, pk: int) -> Certificate:
    """Only what stands is printed, by those who issued it."""
    row = access.get_certificate(request.user, pk)
    access.require(selectors.may_act_for(request.user, row.premises))
    if row.state != Certificate.State.ISSUED:
        raise ValidationError(_("这张合格证已撤回或者撤销，不能再打印。"))
    return row


def _printed(request: Request, pk: int, template: str) -> HttpResponse:
    try:
        row = _to_print(request, pk)
    except ValidationError:
        return redirect("supply:certificate", pk=pk)
    context = {
        "title": _("打印合格证"), "row": row, "rule": standards.rules_on(row.issued_on),
        "public": selectors.public_certificate(row), "picture": picture_of(address_of(request, row), scale=3),
    }  # fmt: skip
    return render(request, template, context)


@require_safe
@needs("certificate.handle")
def label(request: Request, pk: int) -> HttpResponse:
    """For a label printer of 58 mm."""
    return _printed(request, pk, "supply/certificates/label.html")


@require_safe
@needs("certificate.handle")
def sheet(request: Request, pk: int) -> HttpResponse:
    """For A4."""
    return _printed(request, pk, "supply/certificates/sheet.html")
