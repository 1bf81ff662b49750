"""What a granted application does to the register."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fangxin.actions.small_operators import rules
from fangxin.actions.small_operators.models import Application, FirstVisit, Unregistered
from fangxin.actions.small_operators.services import unregistered, visits, zones
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

Purpose = Application.Purpose


def carry_out(application: Application, *, by: Any) -> None:
    """In the decision's transaction: all of it, or no decision."""
    act = {
        Purpose.NEW: _register,
        Purpose.RENEWAL: _renew,
        Purpose.CHANGE: _change,
        Purpose.CANCELLATION: _cancel,
    }[Purpose(application.purpose)]
    act(application, ledger.clock.today(), by)
    application.save(update_fields=["premises", "issued"])


def _register(application: Application, today: date, by: Any) -> None:
    premises = application.premises or _new_premises(application, today, by)
    application.premises = premises
    paper = application.issued = _issue(application, premises, today, by)
    _plan_first_visit(premises, paper, today, by)
    if application.zone_wish_id is not None and application.zone_wish is not None:
        zones.place_if_room(zone=application.zone_wish, premises=premises, by=by)
    for followed in Unregistered.objects.filter(application=application):
        unregistered.end_registered(row=followed, premises=premises, by=by)


def _new_premises(application: Application, today: date, by: Any) -> Any:
    return registry.register_premises(
        operator=_operator(application, by),
        name=application.sign_name,
        kind=application.kind,
        division_code=application.division_code,
        address=application.address,
        phone=application.phone,
        latitude=application.latitude,
        longitude=application.longitude,
        opened_on=today,
        by=by,
    )


def _operator(application: Application, by: Any) -> Any:
    """Who is known by the credit code is not entered again."""
    if application.uscc:
        known = registry.Operator.objects.filter(uscc=application.uscc).first()
        if known is not None:
            return known
    return registry.register_operator(
        name=application.holder_name,
        kind=application.operator_kind,
        division_code=application.division_code,
        uscc=application.uscc,
        legal_representative=application.principal,
        phone=application.phone,
        agency=application.agency,
        by=by,
    )


def _issue(application: Application, premises: Any, today: date, by: Any, **more: Any) -> Any:
    kind = rules.kind_rules(application.kind, application.division_code, today)
    return registry.issue_credential(
        premises=premises,
        kind=kind.credential,
        number=more.pop("number", None) or next_number(kind.number_prefix, application.division_code, today),
        issued_on=today,
        expires_on=more.pop("expires_on", None) or rules.expiry(kind, today),
        scope="、".join(rules.split_products(application.products))[:300],
        issuer=issuer(application.division_code),
        by=by,
        **more,
    )


def next_number(prefix: str, division_code: str, today: date) -> str:
    """Prefix, county, year and a serial number: one series a kind, county and year."""
    county = division_code[:6]
    serial = ledger.next_number(f"small_operators.{prefix}-{county}", today.year)
    return f"{prefix}{county}{today.year}{serial:05d}"


def issuer(division_code: str) -> str:
    """The office that the county's market regulator is called by; nothing where it has none."""
    found = people.first_agency(("市场监督管理局", "市场监管局"), division_code)
    return found.name if found is not None else ""


def _plan_first_visit(premises: Any, paper: Any, today: date, by: Any) -> None:
    visit = FirstVisit.objects.create(
        premises=premises,
        credential=paper,
        kind=premises.kind,
        division_code=premises.division_code,
        due_on=rules.first_visit_due(premises.kind, today, division_code=premises.division_code),
    )
    visits.owe(visit, by=by)


def _renew(application: Application, today: date, by: Any) -> None:
    """The same number, a new term from today."""
    old: Any = application.credential
    application.issued = _issue(application, old.premises, today, by, number=old.number, renews=old)


def _change(application: Application, today: date, by: Any) -> None:
    """The place as it is now, and a paper that says so, to the same last day."""
    old: Any = application.credential
    registry.change_premises(
        premises=old.premises,
        name=application.sign_name,
        address=application.address,
        latitude=application.latitude,
        longitude=application.longitude,
        division_code=application.division_code,
        by=by,
    )
    application.issued = _issue(
        application, old.premises, today, by, number=old.number, renews=old, expires_on=old.expires_on
    )


def _cancel(application: Application, today: date, by: Any) -> None:
    old: Any = application.credential
    registry.revoke_credential(credential=old, on=today, reason=_("经营者申请注销"), by=by)
    if application.shuts:
        zones.leave_all(premises=old.premises, why=_("已注销"), by=by)
        registry.close_premises(premises=old.premises, closed_on=today, reason=_("经营者申请注销"), by=by)
