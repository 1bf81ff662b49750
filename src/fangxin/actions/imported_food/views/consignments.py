"""Lots of imported food: list, page, record, papers, label, sampling."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.actions.imported_food import access, describing, rules, selectors
from fangxin.actions.imported_food import forms as own_forms
from fangxin.actions.imported_food.models import Consignment, Trader
from fangxin.actions.imported_food.services import consignments, disposals
from fangxin.actions.imported_food.views.common import BANDS, AreaFilter, kept, with_evidence
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on, acts_by_name, plain
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.kernel.supply import api as supply

State = Consignment.State
LABEL_TONES = {"": "plain", "incomplete": "plain", "conforming": "good", "flaw": "warn", "nonconforming": "bad"}
STATE_TONES = {"on_shelf": "info", "stopped": "bad", "disposed": "good", "sold_out": "plain"}
WHEN = [
    ("expired", gettext_lazy("超过保质期仍在架")),
    ("no_certificate", gettext_lazy("缺检验检疫证明")),
    ("label", gettext_lazy("中文标签不符合")),
    ("unchecked", gettext_lazy("中文标签没有核对")),
    ("unhandled", gettext_lazy("有问题、还没有处置")),
]


def _label_form(request: Any, row: Consignment, _user: Any) -> Any:
    return own_forms.LabelForm(*posted(request), consignment=row)


def _check_label(row: Consignment, by: Any, values: Mapping[str, Any]) -> Any:
    answers = {name[5:]: value for name, value in values.items() if name.startswith("item_") and value}
    return consignments.check_label(
        consignment=row, answers=answers, note=values["note"], evidence=kept(values["file"], by), by=by
    )


ACTS = acts_by_name(
    Act("paper", gettext_lazy("登记单证"), "file-plus",
        lambda row, by, v: consignments.add_paper(consignment=row, by=by, **with_evidence(v, by)),
        lambda request, row, _user: own_forms.PaperForm(*posted(request), consignment=row)),
    Act("label", gettext_lazy("核对中文标签"), "tag", _check_label, _label_form,
        intro=gettext_lazy("逐项对照包装。没有看的项留空，结论会写“没有核对完”。")),
    Act("sample", gettext_lazy("转抽样"), "flask",
        lambda row, by, v: consignments.ask_sampling(consignment=row, by=by, **v),
        lambda request, row, user: own_forms.SamplingForm(posted(request)[0], user=user, consignment=row)),
    Act("dispose", gettext_lazy("立案处置"), "hand-stop",
        lambda row, by, v: disposals.open_disposal(consignment=row, by=by, **v), plain(own_forms.OpenDisposalForm),
        intro=gettext_lazy("立案后 24 小时内停止销售、封存，并通知购货者。")),
    Act("record", gettext_lazy("记录不全立账"), "notebook",
        lambda row, by, _v: consignments.report_record(consignment=row, by=by)),
    Act("sold_out", gettext_lazy("已售完"), "package-off", lambda row, by, _v: consignments.sold_out(consignment=row, by=by),
        ask=gettext_lazy("确认这个批次已经售完？")),
    Act("back", gettext_lazy("还没有售完"), "rotate", lambda row, by, _v: consignments.back_on_shelf(consignment=row, by=by),
        undoes=True),
    Act("undo", gettext_lazy("撤销登记"), "arrow-back-up",
        lambda row, by, v: consignments.undo_consignment(consignment=row, by=by, **v), plain(own_forms.ReasonForm), undoes=True),
)  # fmt: skip


def allowed(user: Any, row: Consignment) -> list[str]:
    found = []
    held = row.state in selectors.HELD
    if access.may_record(user, row.trader):
        found += ["paper", "label"] if held else []
        found += ["sold_out"] if row.state == State.ON_SHELF else ["back"] if row.state == State.SOLD_OUT else []
        found += ["undo"] if row.state == State.ON_SHELF else []
    if user.prefixes("import.supervise") and user.can("import.supervise", row.division_code) and held:
        found += ["sample", "dispose"]
        found += ["record"] if rules.missing_fields(row) else []
    return [name for name in ACTS if name in found]


class ConsignmentTable(tables.Table):
    food = tables.Column(
        verbose_name=gettext_lazy("食品"), accessor="lot__food", linkify=lambda record: record.get_absolute_url()
    )
    trader = tables.Column(verbose_name=gettext_lazy("经营者"), accessor="trader__premises__name")
    township = TownshipColumn()
    code = tables.Column(verbose_name=gettext_lazy("生产批号"), accessor="lot__code", default="—")
    best_before = DayColumn(verbose_name=gettext_lazy("保质期至"), accessor="lot__best_before_on")
    keep_until = DayColumn()

    class Meta:
        model = Consignment
        fields = (
            "food", "origin", "trader", "township", "code", "best_before", "papers_missing", "label", "band", "points",
            "state", "keep_until",
        )  # fmt: skip
        order_by = ()

    def render_origin(self, value: str) -> str:
        return rules.country_name(value, ledger.clock.today())

    def render_papers_missing(self, value: int, record: Consignment) -> Any:
        if not value:
            return _("齐全")
        return badge(_("缺 %(n)s 种") % {"n": value}, "bad" if record.key_paper_missing else "warn")

    def value_papers_missing(self, value: int) -> int:
        return value

    def render_label(self, value: str, record: Consignment) -> Any:
        return badge(value, LABEL_TONES[record.label])

    def value_label(self, value: str) -> str:
        return value

    def render_band(self, value: str, record: Consignment) -> Any:
        return badge(value, BANDS[record.band])

    def value_band(self, value: str) -> str:
        return value

    def render_state(self, value: str, record: Consignment) -> Any:
        return badge(value, STATE_TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class ConsignmentFilter(AreaFilter):
    text = django_filters.CharFilter(label=gettext_lazy("食品、批号或者经营者"), method="by_text", max_length=100)
    origin = django_filters.ChoiceFilter(label=gettext_lazy("原产国（地区）"))
    food_class = django_filters.ChoiceFilter(label=gettext_lazy("食品类别"))
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=[c for c in State.choices if c[0] != "undone"]
    )
    band = django_filters.ChoiceFilter(label=gettext_lazy("关注程度"), choices=Consignment.Band.choices)
    when = django_filters.ChoiceFilter(label=gettext_lazy("问题"), choices=WHEN, method="by_when")

    class Meta:
        model = Consignment
        fields = ("text", "township", "origin", "food_class", "state", "band", "when")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        today = ledger.clock.today()
        self.filters["origin"].extra["choices"] = rules.country_choices(today)
        self.filters["food_class"].extra["choices"] = rules.class_choices(today)

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        value = value.strip()
        named = {"lot__food__icontains": value}, {"lot__code": value}, {"trader__premises__name__icontains": value}
        return rows.filter(
            pk__in=[pk for some in named for pk in rows.filter(**some).order_by().values_list("pk", flat=True)[:2000]]
        )

    def by_when(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return {
            "expired": selectors.expired(rows, ledger.clock.today()),
            "no_certificate": rows.filter(key_paper_missing=True, state=State.ON_SHELF),
            "label": rows.filter(label="nonconforming", state=State.ON_SHELF),
            "unchecked": rows.filter(label="", state=State.ON_SHELF),
            "unhandled": selectors.unhandled(rows),
        }[value]


class Consignments(ListScreen):
    ability = "import.lists"
    title = gettext_lazy("进口食品批次")
    table_class = ConsignmentTable
    filter_class = ConsignmentFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_consignments(self.request.user, "import.lists")

    def more_context(self) -> dict[str, Any]:
        return {"intro": f"{describing.NOT_A_PROBABILITY}{describing.history_note()}"}


@needs("import.record")
def new(request: Request, pk: int) -> HttpResponse:
    """A lot for a trader; `?like=` takes over what stays the same from an earlier lot."""
    trader = access.get_trader(request.user, pk)
    if not access.may_record(request.user, trader):
        raise PermissionDenied(_("这家的进货记录由经营者自己或者市场监管部门登记，您的岗位只能查看。"))
    form = own_forms.ConsignmentForm(*posted(request), initial=_like(request, trader))

    def write() -> Consignment:
        files = [file] if (file := kept(form.cleaned_data["photo"], request.user)) else []
        return consignments.record_consignment(trader=trader, new=form.new(), evidence=files, by=request.user)

    if request.method == "POST" and (made := saved(form, write)) is not None:
        messages.success(request, _("已登记。请核对单证和中文标签。"))
        return redirect(made)
    return form_page(
        request, form, _("登记进口食品：%(trader)s") % {"trader": trader}, trader.get_absolute_url(),
        intro=_("同一批到几家店的，各家分别登记。本县进口商已登记出货给这家店的，批号照抄，来源会自动对上。"),
    )  # fmt: skip


def _like(request: Request, trader: Trader) -> dict[str, Any]:
    text = request.GET.get("like", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return {}
    row = selectors.list_consignments(request.user).filter(trader=trader, pk=int(text)).first()
    if row is None:
        return {}
    names = (
        "original_name",
        "brand",
        "specification",
        "origin",
        "food_class",
        "supplier",
        "maker_number",
        "gtin",
        "port",
        "storage",
    )
    values = {name: getattr(row, name) for name in names}
    return {**values, "food": row.lot.food, "unit": row.lot.unit, "maker": row.lot.maker_name}


@needs("import.view")
def page(request: Request, pk: int) -> HttpResponse:
    row = access.get_consignment(request.user, pk)
    names = {duty.code: duty.name for duty in rules.paper_duties(rules.came_on(row))}
    papers = list(row.papers.select_related("evidence"))
    staff = request.user.can("import.lists")
    retention = rules.retention(row)
    context = {
        "title": row.lot.food, "row": row, "lot": row.lot, "place": people.division_path(row.division_code),
        "country": rules.country_name(row.origin, ledger.clock.today()),
        "food_class": dict(rules.class_choices(ledger.clock.today())).get(row.food_class, ""),
        "left": supply.left_of(row.lot), "state_tone": STATE_TONES[row.state], "band_tone": BANDS[row.band],
        "label_tone": LABEL_TONES[row.label], "label_check": row.label_checks.first(), "wrong": consignments.wrong_items(row),
        "papers": [(paper, names.get(paper.code, paper.code)) for paper in papers],
        "lacking": rules.missing_papers(row, [p.code for p in papers if p.undone_at is None]),
        "fields_lacking": rules.missing_fields(row),
        "retention": "；".join(article for article, _day in retention.applied),
        "reasons": [(describing.reason(said), said["points"]) for said in row.reasons],
        "look_for": describing.look_for(row), "not_a_probability": describing.NOT_A_PROBABILITY,
        "history_note": describing.history_note(),
        "matches": [(m, describing.tokens(m.reasons), describing.tokens(m.against)) for m in row.matches.select_related("alert")] if staff else [],
        "disposals": row.disposals.select_related("matter"),
        "acts": [ACTS[name] for name in allowed(request.user, row)], "staff": staff,
        "may_record": access.may_record(request.user, row.trader), "may_clue": request.user.can("import.clues", row.division_code),
        "late": row.lot.best_before_on is not None and row.lot.best_before_on < ledger.clock.today() and row.state == State.ON_SHELF,
    }  # fmt: skip
    return render(request, "imported_food/consignment.html", context)


@needs("import.view")
def act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_consignment(request.user, pk)
    return act_on(request, row, ACTS, allowed(request.user, row), name)


@require_POST
@needs("import.record")
def undo_paper(request: Request, pk: int, paper: int) -> HttpResponse:
    row = access.get_consignment(request.user, pk)
    found = row.papers.filter(pk=paper).first() if paper < 2**63 else None
    if found is None or not access.may_record(request.user, row.trader):
        raise Http404
    try:
        consignments.undo_paper(paper=found, by=request.user)
        messages.success(request, _("已撤回这份单证。"))
    except ledger.Refused as error:
        messages.error(request, " ".join(error.messages))
    return redirect(row)


@needs("import.own")
def mine(request: Request) -> HttpResponse:
    """The phone page of a trader: what is asked of which lot, one button to record the next."""
    today = ledger.clock.today()
    traders = list(selectors.list_traders(request.user, "import.own"))
    rows = selectors.list_consignments(request.user, "import.own").filter(state__in=selectors.HELD)
    rows = rows.order_by(F("lot__best_before_on").asc(nulls_last=True), "pk")[:100]
    context = {
        "title": _("我的进口食品"), "traders": traders, "today": today,
        "lots": [(row, _tasks(row, today), STATE_TONES[row.state]) for row in rows],
    }  # fmt: skip
    return render(request, "imported_food/mine.html", context)


def _tasks(row: Consignment, today: Any) -> list[tuple[str, str]]:
    """What the trader has to do about a lot, with tones."""
    found = []
    if row.state == State.STOPPED:
        found.append((_("已停止销售：封存，等候处置"), "bad"))
    elif row.lot.best_before_on is not None and row.lot.best_before_on < today:
        found.append((_("过了保质期：下架，不得销售"), "bad"))
    if row.key_paper_missing:
        found.append((_("补交检验检疫证明"), "bad"))
    elif row.papers_missing:
        found.append((_("缺单证 %(n)s 种") % {"n": row.papers_missing}, "warn"))
    if row.label == "nonconforming":
        found.append((_("中文标签不符合：不得销售"), "bad"))
    elif row.label in ("", "incomplete"):
        found.append((_("核对中文标签"), "warn"))
    return found
