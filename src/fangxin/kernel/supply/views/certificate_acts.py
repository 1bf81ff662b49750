"""What is done with certificates: issued, issued anew, taken back, revoked, collected."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import SourceBatch
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.pages import Request, blame, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.supply import access_certificates as access
from fangxin.kernel.supply import selectors_certificates as selectors
from fangxin.kernel.supply.forms import certificates as own_forms
from fangxin.kernel.supply.models import Certificate
from fangxin.kernel.supply.services import certificates as services
from fangxin.kernel.supply.services import reissuing, scans

Form = Any


def _back(pk: int) -> str:
    return reverse("supply:certificate_place", args=[pk])


def _for_them(request: Request, premises: Any) -> bool:
    """Whether somebody else than the place's own people acts."""
    return premises.operator.agency_id not in request.user.own_agencies("certificate.handle")


def _batch_of(premises: Any, kind: str, key: str) -> SourceBatch:
    for batch in contribute.batches_at(premises.pk):
        if (batch.facts.subject_type, batch.facts.subject_id) == (kind, key):
            return batch
    raise Http404


@require_http_methods(["GET", "POST"])
@needs("certificate.handle")
def new_of_batch(request: Request, pk: int, kind: str, key: str) -> HttpResponse:
    """One thumb: the quantity, the basis, the promise."""
    premises = access.get_place(request.user, pk)
    batch = _batch_of(premises, kind, key)
    left = services.left_of_batch(batch)
    form = own_forms.IssueForm(posted(request)[0], initial={"quantity": services.plain(left) if left else None})

    def write() -> Certificate:
        given = form.cleaned_data
        return services.issue(
            premises=premises, food=batch.facts.food, unit=batch.unit, batch=batch, by=request.user,
            for_them=_for_them(request, premises), **given,
        )  # fmt: skip

    page = {"batch": batch, "left": left, "blockers": services.blockers_of(batch, ledger.clock.today())}
    return _issue_page(request, premises, form, write, **page)


@require_http_methods(["GET", "POST"])
@needs("certificate.handle")
def new_typed(request: Request, pk: int) -> HttpResponse:
    """For goods whose production is not recorded here."""
    premises = access.get_place(request.user, pk)
    form = own_forms.TypedIssueForm(posted(request)[0], premises=premises)

    def write() -> Certificate:
        given = dict(form.cleaned_data)
        given["parcels"] = list(given.get("parcels", ()))
        return services.issue(premises=premises, by=request.user, for_them=_for_them(request, premises), **given)

    return _issue_page(request, premises, form, write)


def _issue_page(
    request: Request, premises: Any, form: Form, write: Callable[[], Certificate], **page: Any
) -> HttpResponse:
    if request.method == "POST":
        row = saved(form, write)
        if row is not None:
            messages.success(request, _("已开具合格证 %(number)s，可以打印标签。") % {"number": row.number})
            return redirect(row)
    context = {"title": _("开具合格证"), "form": form, "place": premises, "back_url": _back(premises.pk), **page}
    return render(request, "supply/certificates/issue.html", context)


@require_http_methods(["GET", "POST"])
@needs("certificate.handle")
def again(request: Request, pk: int) -> HttpResponse:
    """Mixed, divided or written anew: a certificate out of those the place holds."""
    premises = access.get_place(request.user, pk)
    held = selectors.held_at(premises)[: reissuing.MOST_PARTS]
    form = own_forms.ReissueForm(posted(request)[0], held=held)

    def write() -> list[Certificate]:
        given = form.cleaned_data
        return reissuing.reissue(
            premises=premises, parts=form.parts(), outputs=form.wanted(), bases=given["bases"],
            promised=given["promised"], basis_note=given["basis_note"], for_them=_for_them(request, premises),
            by=request.user,
        )  # fmt: skip

    if request.method == "POST":
        made = saved(form, write)
        if made:
            numbers = "、".join(row.number for row in made)
            messages.success(request, _("已重新开具 %(n)s 张：%(numbers)s。") % {"n": len(made), "numbers": numbers})
            return redirect(made[0] if len(made) == 1 else _back(premises.pk))
    intro = _(
        "收来的货混装或者分装后再卖，要重新开合格证。在下面写每张原证用去多少；新证会带上全部原证，扫码能看到每个产地。"
    )
    if not held:
        messages.info(request, _("“%(name)s”现在没有可以重新开具的合格证。") % {"name": premises.name})
        return redirect(_back(premises.pk))
    return form_page(
        request, form, _("重新开具（混装、分装）"), _back(premises.pk), intro=intro, submit_label=_("开具")
    )


@require_POST
@needs("certificate.handle")
def withdraw(request: Request, pk: int) -> HttpResponse:
    row = access.get_certificate(request.user, pk)
    access.require(selectors.may_act_for(request.user, row.premises))
    try:
        services.withdraw(certificate=row, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已撤回，这批货可以重新开证。已经打印的标签请销毁。"))
    return redirect(row)


@require_http_methods(["GET", "POST"])
@needs("certificate.view")
def revoke(request: Request, pk: int) -> HttpResponse:
    row = access.get_certificate(request.user, pk)
    access.require(access.may_revoke(request.user, row))
    form = own_forms.RevokeForm(posted(request)[0])

    def write() -> Certificate:
        return services.revoke(certificate=row, by=request.user, **form.cleaned_data)

    if request.method == "POST" and saved(form, write) is not None:
        messages.success(request, _("已撤销。从现在起扫码会显示“已撤销”，收过货的单位已收到通知。"))
        return redirect(row)
    return form_page(
        request,
        form,
        _("撤销合格证 %(number)s") % {"number": row.number},
        row.get_absolute_url(),
        submit_label=_("撤销"),
    )


# --- the buyer --------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@needs("certificate.handle")
def collect(request: Request) -> HttpResponse:
    """Scan or type a certificate, see whether it is good, take the goods over."""
    user = request.user
    text = (request.POST if request.method == "POST" else request.GET).get("code", "")[:800]
    context: dict[str, Any] = {"title": _("收取合格证"), "code": text}
    context["code_form"] = own_forms.CodeForm({"code": text} if text else None)
    if text.strip():
        outcome, row, _claimed = scans.look_up(text)
        context |= {"outcome": outcome, "row": row}
        if row is not None and outcome in (scans.Outcome.GENUINE, scans.Outcome.UNSIGNED):
            form = _collect_form(request, row)
            context |= {"form": form, "public": selectors.public_certificate(row), "left": row.left}
            if request.method == "POST" and _collected(request, form, row, outcome):
                return redirect("supply:certificate_place", pk=form.cleaned_data["premises"].pk)
        elif request.method == "GET":
            scans.record_scan(certificate=row, outcome=outcome, claimed=_claimed, by=user)
    return render(request, "supply/certificates/collect.html", context)


def _collect_form(request: Request, row: Certificate) -> Form:
    places = selectors.places_of(request.user)
    kind = own_forms.NumberedCollectForm if request.user.prefixes("certificate.handle") else own_forms.CollectForm
    return kind(posted(request)[0], places=places, initial={"quantity": services.plain(row.left) if row.left else None})


def _collected(request: Request, form: Form, row: Certificate, outcome: str) -> bool:
    if not form.is_valid():
        return False
    premises = form.cleaned_data["premises"]
    scans.record_scan(certificate=row, outcome=outcome, claimed=row.number, premises=premises, by=request.user)
    try:
        services.collect(certificate=row, premises=premises, quantity=form.cleaned_data["quantity"], by=request.user)
    except ValidationError as error:
        blame(form, error)
        return False
    messages.success(
        request, _("已收取，并记了一笔进货：%(food)s %(maker)s。") % {"food": row.food, "maker": row.producer}
    )
    return True


@require_http_methods(["GET", "POST"])
@needs("certificate.handle")
def undo_collection(request: Request, pk: int) -> HttpResponse:
    row = access.get_collection(request.user, pk)
    access.require(selectors.may_act_for(request.user, row.premises))
    form = own_forms.UndoForm(posted(request)[0])
    if request.method == "POST" and saved(
        form, lambda: services.undo_collection(collection=row, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已撤销收取和对应的进货记录。"))
        return redirect("supply:certificate_place", pk=row.premises_id)
    return form_page(request, form, _("撤销收取"), _back(row.premises_id), submit_label=_("撤销"))


@require_http_methods(["GET", "POST"])
@needs("certificate.handle")
def heed(request: Request, pk: int) -> HttpResponse:
    row = access.get_collection(request.user, pk)
    access.require(selectors.may_act_for(request.user, row.premises))
    form = own_forms.HeedForm(posted(request)[0])
    if request.method == "POST" and saved(
        form, lambda: services.heed(collection=row, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已记下处理情况，监管人员能看到。"))
        return redirect("supply:certificate_place", pk=row.premises_id)
    source = services.revoked_source(row.certificate)
    intro = _("合格证 %(number)s 已撤销：%(why)s。请停止销售剩下的货，写下处理情况。") % {
        "number": source.number if source else row.certificate.number, "why": source.ended_reason if source else "",
    }  # fmt: skip
    return form_page(request, form, _("处理已撤销的合格证"), _back(row.premises_id), intro=intro)
