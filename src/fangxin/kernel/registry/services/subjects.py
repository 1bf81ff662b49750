from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry.models import Credential, Operator, Premises, PremisesFact, Staff
from fangxin.kernel.registry.rules import column, size_of

# What indicators count by date. The row holds the value of today; a change keeps the earlier one as a dated fact.
DATED_FIELDS = ("kind", "rural", "size_class", "status")
CHANGEABLE = frozenset(
    {
        "operator", "name", "kind", "address", "phone", "division_code", "rural", "latitude", "longitude",
        "area_m2", "seats", "status", "opened_on",
    }
)  # fmt: skip
# Never written into the ledger.
PERSONAL = frozenset({"phone", "legal_representative"})
# From before anything that could have been recorded.
BEGINNING = date(1900, 1, 1)


def who(by: Any) -> str:
    return ledger.Actor.of(by).username


@transaction.atomic
def register_operator(
    *,
    name: str,
    kind: str,
    division_code: str,
    by: Any,
    uscc: str = "",
    legal_representative: str = "",
    phone: str = "",
    agency: Any = None,
) -> Operator:
    operator = Operator(
        name=name.strip(),
        kind=kind,
        division_code=division_code,
        uscc=uscc,
        legal_representative=legal_representative,
        phone=phone,
        agency=agency,
        recorded_at=ledger.clock.now(),
        recorded_by=who(by),
    )
    _identify(operator)
    operator.full_clean()
    operator.save()
    ledger.record("registry.operator.registered", of=operator, by=by)
    return operator


@transaction.atomic
def change_operator(*, operator: Operator, by: Any, **changes: Any) -> Operator:
    before = {field: getattr(operator, field) for field in changes}
    for field, value in changes.items():
        setattr(operator, field, value)
    _identify(operator)
    operator.full_clean()
    operator.save()
    ledger.record("registry.operator.changed", of=operator, by=by, data={"changes": _told(before, changes)})
    return operator


def _identify(operator: Operator) -> None:
    has_code = bool(operator.uscc.strip())
    kinds = Operator.IdentityKind
    operator.identity_kind = kinds.CREDIT_CODE if has_code else kinds.NONE
    operator.uscc = operator.uscc.strip()


@transaction.atomic
def register_premises(
    *,
    operator: Operator,
    name: str,
    kind: str,
    division_code: str,
    by: Any,
    address: str = "",
    phone: str = "",
    rural: bool = False,
    latitude: float | None = None,
    longitude: float | None = None,
    area_m2: Decimal | None = None,
    seats: int | None = None,
    opened_on: date | None = None,
) -> Premises:
    premises = Premises(
        operator=operator,
        name=name.strip(),
        kind=kind,
        division_code=division_code,
        address=address,
        phone=phone,
        rural=rural,
        latitude=latitude,
        longitude=longitude,
        area_m2=area_m2,
        seats=seats,
        size_class=size_of(kind, area_m2, seats),
        opened_on=opened_on,
        recorded_at=ledger.clock.now(),
        recorded_by=who(by),
    )
    _refuse_future(opened_on, "opened_on")
    premises.full_clean(exclude=["number"])
    premises.number = next_premises_number(division_code)
    premises.save()
    ledger.record("registry.premises.registered", of=premises, by=by, data={"kind": kind, "number": premises.number})
    return premises


def next_premises_number(division_code: str) -> str:
    county, year = division_code[:6], ledger.clock.today().year
    return premises_number(county, year, ledger.next_number(f"premises-{county}", year))


def premises_number(county: str, year: int, serial: int) -> str:
    return f"{county}-{year}-{serial:06d}"


@transaction.atomic
def change_premises(*, premises: Premises, by: Any, effective_on: date | None = None, **changes: Any) -> Premises:
    """Change the row. With a date, kind, rural, size and status are kept as they were before that day;
    without one the change is a correction: what stood was never true."""
    unknown = set(changes) - CHANGEABLE
    if unknown or changes.get("status") == Premises.Status.CLOSED:
        raise ValueError(f"change_premises does not change {sorted(unknown) or 'to closed; use close_premises'}")
    if premises.closed_on is not None and "status" in changes:
        raise ValidationError(_("这个场所已注销。如又开业，请用“恢复在营”。"))
    _refuse_future(effective_on, "effective_on")
    changes = {field: value for field, value in changes.items() if getattr(premises, field) != value}
    if not changes:
        return premises
    before = {field: getattr(premises, field) for field in {*changes, *DATED_FIELDS}}
    for field, value in changes.items():
        setattr(premises, field, value)
    premises.size_class = size_of(premises.kind, premises.area_m2, premises.seats)
    premises.full_clean()
    for field in DATED_FIELDS:
        _keep_earlier(premises, field, before[field], getattr(premises, field), effective_on=effective_on, by=by)
    premises.save(update_fields=sorted({*changes, "size_class", "has_history"}))
    _carry_division(premises, before.get("division_code", premises.division_code), by)
    told = _told({f: before[f] for f in changes}, changes)
    ledger.record("registry.premises.changed", of=premises, by=by, data={"changes": told, "effective_on": effective_on})
    return premises


def _keep_earlier(premises: Premises, field: str, old: Any, new: Any, *, effective_on: date | None, by: Any) -> None:
    if old == new:
        return
    name = f"registry.{field}"
    rows = PremisesFact.objects.filter(premises=premises, name=name)
    latest = rows.order_by("-valid_from", "-pk").first()
    if effective_on is None:
        if latest is not None:
            _write_own_fact(premises, name, new, latest.valid_from, by)
        return
    if latest is None:
        _write_own_fact(premises, name, old, BEGINNING, by)
    elif effective_on < latest.valid_from:
        raise ValidationError(
            _("%(what)s在 %(day)s 之后还有变更，不能从更早的日期改起。请填该日或之后的日期。")
            % {"what": column(Premises, field).verbose_name, "day": latest.valid_from}
        )
    _write_own_fact(premises, name, new, effective_on, by)
    premises.has_history = True


def _write_own_fact(premises: Premises, name: str, value: Any, valid_from: date, by: Any) -> None:
    text = str(int(value)) if isinstance(value, bool) else str(value)
    PremisesFact.objects.create(
        premises=premises,
        name=name,
        value=text,
        valid_from=valid_from,
        recorded_at=ledger.clock.now(),
        recorded_by=who(by),
    )


def _carry_division(premises: Premises, old_code: str, by: Any) -> None:
    """Credentials and staff lie where their premises lie; the division left behind has changed too."""
    if premises.division_code == old_code:
        return
    for model in (Credential, Staff):
        model._default_manager.filter(premises=premises).update(division_code=premises.division_code)
    ledger.record(
        "registry.premises.moved", of=premises, by=by, division_code=old_code, data={"to": premises.division_code}
    )


def _told(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[str]]:
    return {field: ["", ""] if field in PERSONAL else [_text(before[field]), _text(after[field])] for field in after}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _refuse_future(day: date | None, field: str) -> None:
    if day is not None and day > ledger.clock.today():
        raise ValidationError({field: _("日期还没有到，请填今天或以前的日期。")})


@transaction.atomic
def close_premises(*, premises: Premises, closed_on: date, by: Any, reason: str = "") -> Premises:
    _refuse_future(closed_on, "closed_on")
    if premises.opened_on is not None and closed_on < premises.opened_on:
        raise ValidationError({"closed_on": _("注销日期早于开业日期，请核对。")})
    _keep_earlier(premises, "status", premises.status, Premises.Status.CLOSED, effective_on=closed_on, by=by)
    closed = Premises.objects.filter(pk=premises.pk, closed_on=None).update(
        status=Premises.Status.CLOSED, closed_on=closed_on, has_history=True
    )
    if closed != 1:
        raise ValidationError(_("这个场所刚刚已被注销，请刷新后查看。"))
    premises.refresh_from_db()
    ledger.record("registry.premises.closed", of=premises, by=by, data={"on": closed_on, "reason": reason[:200]})
    return premises


@transaction.atomic
def reopen_premises(*, premises: Premises, on: date, by: Any) -> Premises:
    _refuse_future(on, "on")
    if premises.closed_on is None:
        raise ValidationError(_("这个场所没有注销，不必恢复。"))
    if on < premises.closed_on:
        raise ValidationError({"on": _("恢复日期早于注销日期，请核对。")})
    if not PremisesFact.objects.filter(premises=premises, name="registry.status").exists():
        # Loaded as closed: until then it operated.
        _write_own_fact(premises, "registry.status", Premises.Status.OPERATING, BEGINNING, by)
        _write_own_fact(premises, "registry.status", Premises.Status.CLOSED, premises.closed_on, by)
    _keep_earlier(premises, "status", premises.status, Premises.Status.OPERATING, effective_on=on, by=by)
    reopened = Premises.objects.filter(pk=premises.pk, closed_on=premises.closed_on).update(
        status=Premises.Status.OPERATING, closed_on=None, has_history=True
    )
    if reopened != 1:
        raise ValidationError(_("这个场所刚刚已被他人恢复，请刷新后查看。"))
    premises.refresh_from_db()
    ledger.record("registry.premises.reopened", of=premises, by=by, data={"on": on})
    return premises


@transaction.atomic
def record_fact(
    *,
    premises: Premises,
    name: str,
    value: Any,
    valid_from: date,
    by: Any,
    valid_to: date | None = None,
    evidence: Any = None,
    note: str = "",
) -> PremisesFact:
    """A dated value of an attribute that an action offers; an empty value withdraws what stood."""
    fact = PremisesFact(
        premises=premises,
        name=name,
        value=plain_value(name, value, premises.kind),
        valid_from=valid_from,
        valid_to=valid_to,
        evidence=evidence,
        note=note,
        recorded_at=ledger.clock.now(),
        recorded_by=who(by),
    )
    fact.full_clean()
    fact.save(force_insert=True)
    data = {"name": name, "value": fact.value, "valid_from": valid_from, "valid_to": valid_to}
    ledger.record("registry.fact.recorded", of=premises, by=by, data=data)
    return fact


_TEXT = models.CharField(max_length=200)
_READ_AS: "dict[str, models.Field[Any, Any]]" = {
    "number": models.DecimalField(max_digits=16, decimal_places=4),
    "date": models.DateField(),
}


def plain_value(name: str, value: Any, premises_kind: str) -> str:
    """The stored text of an attribute's value, or a plain word about what is wrong with it."""
    if name not in contribute.attributes:
        raise ValidationError({"name": _("没有“%(name)s”这个事项。") % {"name": name}})
    attribute = contribute.attributes.get(name)
    if attribute.premises_kinds and premises_kind not in attribute.premises_kinds:
        raise ValidationError({"name": _("“%(label)s”不适用于这类场所。") % {"label": attribute.label}})
    text = _text(value).strip()
    if text == "":
        return ""
    if attribute.choices:
        if text not in attribute.choices:
            known = "、".join(str(label) for label in attribute.choices.values())
            raise ValidationError({"value": _("取值应为下列之一：%(known)s。") % {"known": known}})
        return text
    return str(_READ_AS.get(attribute.kind, _TEXT).clean(text, None))
