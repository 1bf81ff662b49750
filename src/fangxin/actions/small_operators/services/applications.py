"""The applicant's side: draft, papers, submission, withdrawal."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.small_operators import rules
from fangxin.actions.small_operators.models import Application, Paper
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, move, who
from fangxin.kernel.registry import api as registry

State, Purpose = Application.State, Application.Purpose
SERIES = "small_operators.application"
CHANGEABLE = (State.DRAFT, State.INCOMPLETE)
UNDECIDED = (State.SUBMITTED, State.INCOMPLETE, State.ACCEPTED, State.REVIEWED)
OPEN = (State.DRAFT, *UNDECIDED)
# A draft may be half empty; what is handed in may not.
NEEDED = ("principal", "phone", "address", "products")
# What the applicant fills in.
FIELDS = (
    "kind", "division_code", "holder_name", "operator_kind", "uscc", "principal", "phone", "sign_name", "address",
    "latitude", "longitude", "products", "ready_to_eat", "water", "zone_wish", "hours_from", "hours_to", "note", "shuts",
)  # fmt: skip


@transaction.atomic
def draft(
    *, purpose: str, by: Any, agency: Any = None, premises: Any = None, credential: Any = None, **values: Any
) -> Application:
    """Begin an application. For anything but a new paper the credential says which one."""
    year = ledger.clock.today().year
    application = Application(
        purpose=purpose,
        agency=agency,
        premises=premises,
        credential=credential,
        entered_at=ledger.clock.now(),
        entered_by=who(by),
        **values,
    )
    application.full_clean(exclude=["number"])
    _check_again(application)
    county = application.division_code[:6]
    application.number = f"{county}-{year}-{ledger.next_number(f'{SERIES}-{county}', year):05d}"
    insert(application)
    ledger.record("small_operators.application.drafted", of=application, by=by, data={"purpose": purpose})
    return application


def about(credential: Any, *, purpose: str, by: Any, agency: Any = None) -> Application:
    """Begin a renewal, change or cancellation, filled in from what the register and the last application say."""
    premises = credential.premises
    operator = premises.operator
    last = Application.objects.filter(premises=premises).exclude(products="").order_by("-pk").first()
    return draft(
        purpose=purpose,
        agency=agency,
        premises=premises,
        credential=credential,
        kind=premises.kind,
        division_code=premises.division_code,
        holder_name=operator.name,
        operator_kind=operator.kind,
        uscc=operator.uscc,
        principal=operator.legal_representative,
        phone=operator.phone or premises.phone,
        sign_name=premises.name,
        address=premises.address,
        latitude=premises.latitude,
        longitude=premises.longitude,
        products=last.products if last else credential.scope,
        water=last.water if last else "",
        by=by,
    )


def _check_again(application: Application) -> None:
    """What a renewal, change or cancellation may speak of."""
    if application.credential is None:
        return
    if application.credential.kind not in rules.CREDENTIALS or application.credential.revoked_on is not None:
        raise ledger.Refused(_("这个证件不是有效的“三小”证件，不能办理。已失效的请重新申请登记。"))
    if registry.Credential.objects.filter(renews=application.credential).exists():
        raise ledger.Refused(_("这个证件已经延续或者换发过，请在新证上办理。"))


@transaction.atomic
def change_draft(*, application: Application, by: Any, **values: Any) -> Application:
    """Fill in or correct, until it is submitted; after a request for more papers also what was submitted."""
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise ValueError(f"change_draft does not change {sorted(unknown)}")
    if application.state not in CHANGEABLE:
        raise ledger.Refused(_("申请已经提交，不能再改。需要修改的，请先撤回。"))
    for field, value in values.items():
        setattr(application, field, value)
    application.full_clean()
    return move(  # type: ignore[no-any-return]
        application, (application.state,), application.state, "small_operators.application.changed", by=by,
        data={"fields": sorted(values)}, **values,
    )  # fmt: skip


@transaction.atomic
def add_paper(*, application: Application, document: str, name: str, content: bytes, by: Any) -> Paper:
    """Keep a file as one of the papers asked for."""
    known = {paper.code for paper in papers_of(application) if paper.given == "file"}
    if document not in known:
        raise ledger.Refused({"document": _("这类申请不需要这份材料，请从清单中选择。")})
    if application.state not in CHANGEABLE:
        raise ledger.Refused(_("申请已经提交，不能再换材料。需要更换的，请先撤回。"))
    file = ledger.store_evidence(name=name, content=content, by=by)
    paper: Paper = insert(
        Paper(
            application=application,
            document=document,
            file=file,
            name=name[:200],
            added_at=ledger.clock.now(),
            added_by=who(by),
        )
    )
    ledger.record("small_operators.application.paper_added", of=application, by=by, data={"document": document})
    return paper


def papers_of(application: Application) -> tuple[Any, ...]:
    """The papers this application needs, by the ordinance of its place. A cancellation needs none."""
    if application.purpose == Purpose.CANCELLATION:
        return ()
    return rules.documents_needed(
        application.kind,
        division_code=application.division_code,
        on=application.submitted_on or ledger.clock.today(),
        ready_to_eat=application.ready_to_eat,
    )


def lacking(application: Application) -> list[str]:
    """Codes of the papers that are not there yet."""
    handed = set(application.papers.values_list("document", flat=True))
    return [
        paper.code
        for paper in papers_of(application)
        if (paper.code not in handed if paper.given == "file" else not rules.split_products(application.products))
    ]


@transaction.atomic
def submit(*, application: Application, by: Any) -> Application:
    """Hand it in. What the ordinance rules out is said at once, with the clause and the way that is open instead.

    Papers may still lack at the first submission: then the office tells all of them in one list. What was told must be
    there at the second.
    """
    day = ledger.clock.today()
    found = check_substance(application)
    if application.missing_told_at is not None:
        still = [code for code in lacking(application) if code in application.missing]
        if still:
            labels = rules.labels_of(papers_of(application), still)
            raise ledger.Refused(_("告知需要补的材料还缺：%(labels)s。补齐后再提交。") % {"labels": labels})
    ordinance = rules.ordinance_for(application.division_code, day)
    return move(  # type: ignore[no-any-return]
        application, CHANGEABLE, State.SUBMITTED, "small_operators.application.submitted", by=by,
        data={"edition": ordinance.edition},
        screening=found, edition=ordinance.basis, submitted_at=ledger.clock.now(), submitted_by=who(by),
        submitted_on=day,
        due_on=rules.decision_due(application.kind, day, division_code=application.division_code),
    )  # fmt: skip


def check_substance(application: Application) -> list[Mapping[str, str]]:
    """Holder, term and products; refused with the reason, or what the screening said of each product."""
    day, place = ledger.clock.today(), application.division_code
    if application.purpose == Purpose.CANCELLATION:
        return []
    rules.check_holder(application.kind, application.operator_kind, division_code=place, on=day)
    empty = [str(_label(name)) for name in NEEDED if not getattr(application, name).strip()]
    if empty:
        raise ledger.Refused(_("请先填写：%(fields)s。") % {"fields": "、".join(empty)})
    kind = rules.kind_rules(application.kind, place, day)
    if kind.asks_water and not application.water:
        raise ledger.Refused({"water": _("请选择用水来源。")})
    if application.purpose == Purpose.RENEWAL:
        _check_window(application)
    products = rules.split_products(application.products)
    if len(products) > rules.MOST_PRODUCTS:
        raise ledger.Refused({"products": _("品种太多，请合并同类，最多 %(n)s 种。") % {"n": rules.MOST_PRODUCTS}})
    verdicts = rules.screen_products(application.kind, products, division_code=place, on=day)
    rejected = [v for v in verdicts if v.outcome == "rejected"]
    if rejected:
        said = "；".join(
            _("“%(product)s”属于%(label)s（%(clause)s）") % {"product": v.product, "label": v.label, "clause": v.clause}
            for v in rejected
        )
        raise ledger.Refused({"products": _("下列品种不能办理：%(said)s。请删去后再提交。") % {"said": said}})
    return [asdict(verdict) for verdict in verdicts]


def _label(name: str) -> Any:
    return next(field.verbose_name for field in Application._meta.fields if field.name == name)


def _check_window(application: Application) -> None:
    credential = application.credential
    window = rules.renewal_window(
        application.kind, credential.expires_on if credential else None, division_code=application.division_code
    )
    if window is None:
        raise ledger.Refused(_("这个证件没有固定期限，不需要延续。"))
    state = window.state(ledger.clock.today())
    if state == "before":
        raise ledger.Refused(_("还没有到延续的时间，%(day)s 起可以申请。") % {"day": window.opens_on})
    if state == "over":
        ordinance = rules.ordinance_for(application.division_code, ledger.clock.today())
        raise ledger.Refused(ordinance.late_renewal_route)


@transaction.atomic
def withdraw(*, application: Application, by: Any) -> Application:
    """The applicant may take it back as long as nothing is decided."""
    return move(  # type: ignore[no-any-return]
        application, OPEN, State.WITHDRAWN, "small_operators.application.withdrawn", by=by
    )


@transaction.atomic
def resume(*, application: Application, by: Any) -> Application:
    """Take a withdrawn application up again as a draft."""
    return move(  # type: ignore[no-any-return]
        application, (State.WITHDRAWN,), State.DRAFT, "small_operators.application.resumed", by=by,
        missing=[], missing_note="", missing_told_at=None, missing_told_by="", accepted_at=None, accepted_by="",
        reviewed_at=None, reviewed_by="", opinion="", opinion_note="", complete_on=None, due_on=None,
    )  # fmt: skip
