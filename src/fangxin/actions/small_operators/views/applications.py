"""Applications: the list, one from draft to paper, and every step on its way."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.actions.small_operators import access, rules, selectors
from fangxin.actions.small_operators import forms as own_forms
from fangxin.actions.small_operators.models import Application
from fangxin.actions.small_operators.models.fields import Kind
from fangxin.actions.small_operators.services import applications, deciding
from fangxin.actions.small_operators.views.common import AreaFilter
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, blame, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

State = Application.State
TONES = {
    "draft": "plain", "submitted": "info", "incomplete": "warn", "accepted": "info", "reviewed": "info", "issued": "good",
    "refused": "bad", "withdrawn": "plain",
}  # fmt: skip
OUTCOMES = {
    "ok": (gettext_lazy("可以"), "good"),
    "review": (gettext_lazy("须人工核对"), "warn"),
    "rejected": (gettext_lazy("不能办理"), "bad"),
}
MOST_STEPS = 100


def _missing_form(request: Any, row: Application, _user: Any) -> Any:
    return own_forms.MissingForm(
        request.POST or None, papers=applications.papers_of(row), lacking=applications.lacking(row)
    )


def _simple(form: Any) -> Any:
    return lambda request, _row, _user: form(request.POST or None)


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("submit", gettext_lazy("提交申请"), "send", lambda a, by, _v: applications.submit(application=a, by=by),
            done=gettext_lazy("已提交。办理结果会显示在本页。")),
        Act("accept", gettext_lazy("材料齐全，受理"), "check", lambda a, by, _v: deciding.accept(application=a, by=by)),
        Act("missing", gettext_lazy("一次告知需补材料"), "list-check",
            lambda a, by, v: deciding.tell_missing(application=a, missing=v["missing"], note=v["note"], by=by), _missing_form,
            intro=gettext_lazy("只能告知一次：没有勾选的，以后不能再要求。"), done=gettext_lazy("已告知申请人。")),
        Act("issue_on_the_spot", gettext_lazy("当场办结"), "certificate",
            lambda a, by, _v: deciding.issue_on_the_spot(application=a, by=by),
            ask=gettext_lazy("材料齐全、符合条件的可以当场办结。现在办结吗？"), done=gettext_lazy("已办结。")),
        Act("review", gettext_lazy("审查"), "eye-check",
            lambda a, by, v: deciding.review(application=a, by=by, **v), _simple(own_forms.ReviewForm)),
        Act("issue", gettext_lazy("同意办理"), "certificate", lambda a, by, _v: deciding.issue(application=a, by=by),
            ask=gettext_lazy("同意后立即办结并生成证件。继续吗？"), done=gettext_lazy("已办结。")),
        Act("refuse", gettext_lazy("不予办理"), "ban",
            lambda a, by, v: deciding.refuse(application=a, by=by, **v), _simple(own_forms.RefuseForm)),
        Act("reopen", gettext_lazy("重新办理"), "rotate",
            lambda a, by, v: deciding.reopen(application=a, by=by, **v), _simple(own_forms.ReasonForm)),
        Act("receive", gettext_lazy("乡镇签收"), "signature", lambda a, by, _v: deciding.receive_card(application=a, by=by),
            done=gettext_lazy("已签收。")),
        Act("withdraw", gettext_lazy("撤回申请"), "arrow-back-up",
            lambda a, by, _v: applications.withdraw(application=a, by=by),
            ask=gettext_lazy("撤回后可以再继续办理。现在撤回吗？"), done=gettext_lazy("已撤回。")),
        Act("resume", gettext_lazy("继续办理"), "player-play", lambda a, by, _v: applications.resume(application=a, by=by)),
    )
}  # fmt: skip


def allowed(user: Any, row: Application) -> list[str]:
    """What this person may do with the application now, in the order of the buttons."""
    found: list[str] = []
    place = row.division_code
    if access.may_fill(user, row):
        found += {"draft": ["submit"], "incomplete": ["submit"], "withdrawn": ["resume"]}.get(row.state, [])
    if user.can("small.review", place):
        found += {"submitted": ["accept", "missing"], "accepted": ["review"]}.get(row.state, [])
        if row.kind == Kind.STALL and row.purpose == "new" and row.state == "issued" and row.received_at is None:
            found.append("receive")
    if user.can("small.issue", place):
        spot = ["issue_on_the_spot"] if row.state == "accepted" and not deciding.doubtful(row) else []
        deciders = ["issue"] if row.state == "reviewed" and row.reviewed_by != user.username else []
        found += [*spot, *deciders]
        found += ["refuse"] if row.state in applications.UNDECIDED else []
        found += ["reopen"] if row.state == "refused" else []
    if access.may_fill(user, row) and row.state in applications.OPEN:
        found.append("withdraw")
    return found


class ApplicationTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    township = TownshipColumn()
    submitted_on = DayColumn()
    due_on = tables.Column()

    class Meta:
        model = Application
        fields = ("number", "sign_name", "kind", "purpose", "township", "state", "submitted_on", "due_on")
        order_by = ()

    def render_state(self, value: str, record: Application) -> str:
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value

    def render_due_on(self, value: Any, record: Application) -> Any:
        late = record.state in applications.UNDECIDED and value < ledger.clock.today()
        return badge(_("%(day)s 已超期") % {"day": value}, "bad") if late else value.isoformat()

    def value_due_on(self, value: Any) -> Any:
        return value


class ApplicationFilter(AreaFilter):
    text = django_filters.CharFilter(label=gettext_lazy("招牌或编号"), method="by_text", max_length=100)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类别"), choices=Kind.choices)
    purpose = django_filters.ChoiceFilter(label=gettext_lazy("事项"), choices=Application.Purpose.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("时限"), method="by_when",
        choices=[("late", gettext_lazy("已超期")), ("soon", gettext_lazy("三日内到期"))],
    )  # fmt: skip

    class Meta:
        model = Application
        fields = ("text", "township", "kind", "purpose", "state", "when")

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        text = value.strip()
        return rows.filter(Q(number__startswith=text) | Q(sign_name__icontains=text))

    def by_when(self, rows: Any, _name: str, value: str) -> Any:
        day = ledger.clock.today()
        rows = rows.filter(state__in=applications.UNDECIDED).exclude(state=State.INCOMPLETE)
        if value == "late":
            return rows.filter(due_on__lt=day)
        return rows.filter(due_on__gte=day, due_on__lte=day + selectors.SOON)


class ApplicationList(ListScreen):
    ability = "small.lists"
    title = gettext_lazy("“三小”申请")
    table_class = ApplicationTable
    filter_class = ApplicationFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_applications(self.request.user).order_by("-pk")

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can("small.apply"):
            return {}
        return {"actions": [(_("代填申请"), reverse("small_operators:apply"), "plus")]}


class CardTable(tables.Table):
    number = tables.Column(linkify=True)
    township = TownshipColumn()
    card = tables.Column(accessor="issued__number", verbose_name=gettext_lazy("备案卡号"))
    decided_on = DayColumn()

    class Meta:
        model = Application
        fields = ("number", "sign_name", "card", "township", "address", "decided_on")
        order_by = ()


class Cards(ListScreen):
    """Stall cards passed on to the townships, until they have signed for them."""

    ability = "small.lists"
    title = gettext_lazy("待乡镇签收的摊点备案卡")
    table_class = CardTable
    filter_class = AreaFilter
    empty_text = gettext_lazy("没有待签收的备案卡。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.cards_to_receive(self.request.user).order_by("decided_on", "pk")


@needs("small.apply")
def apply(request: Request) -> HttpResponse:
    """Which of the three it is, and what each needs."""
    places = own_forms.places_of(request.user, "small.apply")
    day, kinds = ledger.clock.today(), []
    for kind in Kind:
        try:
            known = rules.kind_rules(kind, places[0], day) if places else None
        except ledger.Refused as error:
            messages.warning(request, " ".join(error.messages))
            known = None
        if known is not None:
            kinds.append((kind, known))
    return render(request, "small_operators/apply.html", {"title": _("登记备案：选择类别"), "kinds": kinds})


@needs("small.apply")
def new(request: Request, kind: str) -> HttpResponse:
    if kind not in Kind.values:
        raise Http404
    user = request.user
    own = user.own_agencies("small.own")
    form = own_forms.ApplicationForm(
        request.POST or None, user=user, kind=kind, purpose="new", initial=_known(request, own)
    )
    made = None
    if request.method == "POST":
        agency = people.Agency.objects.filter(pk__in=own).first()
        made = saved(
            form,
            lambda: applications.draft(purpose="new", kind=kind, agency=agency, by=user, **form.cleaned_data),
        )
    if made is not None:
        messages.success(request, _("已保存为草稿。请上传材料，然后提交。"))
        return redirect(made)
    title = _("新办：%(kind)s") % {"kind": Kind(kind).label}
    return form_page(
        request, form, title, reverse("small_operators:apply"), submit_label=_("保存，下一步传材料"),
        intro=_("登记备案不收取任何费用。"),
    )  # fmt: skip


def _known(request: Request, own: list[int]) -> dict[str, Any]:
    """What the platform knows already need not be typed again."""
    agency = people.Agency.objects.filter(pk__in=own).first()
    if agency is None:
        return {}
    return {
        "sign_name": agency.short_name, "holder_name": agency.name, "principal": request.user.name,
        "phone": request.user.phone or agency.phone, "division_code": agency.division_code,
    }  # fmt: skip


@require_POST
@needs("small.apply")
def about(request: Request, pk: int, purpose: str) -> HttpResponse:
    """Begin a renewal, change or cancellation of a paper; one that was begun already is gone on with."""
    if purpose not in ("renewal", "change", "cancellation"):
        raise Http404
    credential = access.get_certificate(request.user, pk, "small.apply")
    open_ = Application.objects.filter(credential=credential, purpose=purpose, state__in=applications.OPEN).first()
    if open_ is not None:
        return redirect(open_)
    agency = people.Agency.objects.filter(pk__in=request.user.own_agencies("small.own")).first()
    try:
        made = applications.about(credential, purpose=purpose, agency=agency, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("small_operators:subject", pk=credential.premises_id)
    return redirect(made)


@needs("small.view")
def page(request: Request, pk: int) -> HttpResponse:
    """Everything about one application."""
    row = access.get_application(request.user, pk)
    acts = [ACTS[name] for name in allowed(request.user, row)]
    handed: dict[str, Any] = {}
    for paper in row.papers.select_related("file"):
        handed[paper.document] = paper
    may_fill = access.may_fill(request.user, row) and row.state in applications.CHANGEABLE
    context = {
        "title": row.sign_name,
        "row": row,
        "tone": TONES[row.state],
        "place": people.division_path(row.division_code),
        "acts": acts,
        "may_fill": may_fill,
        "papers": [(p, handed.get(p.code), p.code in row.missing) for p in _papers(request, row)],
        "screening": _screening(row),
        "late": row.due_on and row.state in applications.UNDECIDED and row.due_on < ledger.clock.today(),
        "personal": may_fill or request.user.can("registry.personal", row.division_code),
        "steps": _steps(row),
        "size_hint": own_forms.size_hint(),
        "premises_id": row.premises_id or (row.credential.premises_id if row.credential else None),
        "may_list": request.user.can("small.lists"),
    }
    return render(request, "small_operators/application.html", context)


def _papers(request: Request, row: Application) -> Any:
    try:
        return applications.papers_of(row)
    except ledger.Refused as error:
        messages.warning(request, " ".join(error.messages))
        return ()


def _screening(row: Application) -> list[Any]:
    """What the ordinance says of the products: as judged at submission, before that as of today."""
    found = row.screening
    if not found and row.state in applications.CHANGEABLE and row.purpose != "cancellation":
        try:
            verdicts = rules.screen_products(
                row.kind, rules.split_products(row.products)[: rules.MOST_PRODUCTS],
                division_code=row.division_code, on=ledger.clock.today(),
            )  # fmt: skip
        except ledger.Refused:
            return []
        found = [{"product": v.product, "outcome": v.outcome, "label": v.label, "clause": v.clause} for v in verdicts]
    return [(item, *OUTCOMES[item["outcome"]]) for item in found]


def _steps(row: Application) -> list[Any]:
    entries = ledger.entries_of(row._meta.label_lower, str(row.pk))[:MOST_STEPS]
    return [(e.at, contribute.events.get(e.event).label, e.actor_name) for e in entries]


@needs("small.apply")
def edit(request: Request, pk: int) -> HttpResponse:
    row = access.get_own_or_entered(request.user, pk)
    if row.state not in applications.CHANGEABLE:
        messages.error(request, _("申请已经提交，不能再改。需要修改的，请先撤回。"))
        return redirect(row)
    form = own_forms.ApplicationForm(
        request.POST or None, instance=row, user=request.user, kind=row.kind, purpose=row.purpose
    )
    if request.method == "POST" and form.is_valid():
        try:
            fresh = access.get_own_or_entered(request.user, pk)
            applications.change_draft(application=fresh, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect(row)
    return form_page(request, form, _("填写：%(what)s") % {"what": row}, row.get_absolute_url())


@require_POST
@needs("small.apply")
def add_paper(request: Request, pk: int) -> HttpResponse:
    row = access.get_own_or_entered(request.user, pk)
    form = own_forms.PaperForm(*posted(request))
    made = None
    if form.is_valid():
        file = form.cleaned_data["file"]
        made = saved(
            form,
            lambda: applications.add_paper(
                application=row, document=form.cleaned_data["document"], name=file.name, content=file.read(),
                by=request.user,
            ),
        )  # fmt: skip
    if made is None:
        messages.error(request, " ".join(str(m) for errors in form.errors.values() for m in errors))
    else:
        messages.success(request, _("已上传：%(name)s") % {"name": made.name})
    return redirect(row)


@needs("small.view")
def act(request: Request, pk: int, name: str) -> HttpResponse:
    if name not in ACTS:
        raise Http404
    row = access.get_application(request.user, pk)
    if ACTS[name].form is None and request.method != "POST":
        return redirect(row)
    return act_on(request, row, ACTS, allowed(request.user, row), name)
