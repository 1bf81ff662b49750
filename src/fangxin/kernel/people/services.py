from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.models import Agency, AgencyName, Division, Post, User


@transaction.atomic
def add_division(*, by: Any, **fields: Any) -> Division:
    """A division's name and kind for a span of time; spans of one code never overlap."""
    division = Division(**fields)
    division.full_clean()
    clash = [d for d in Division.objects.filter(code=division.code) if _overlap(d, division)]
    if clash:
        raise ValidationError(_("这个代码在同一时段已有名称“%(name)s”，请先填写其停用日期。") % {"name": clash[0].name})
    division.save()
    ledger.record("people.division.added", of=division, by=by, division_code=division.code)
    return division


def _overlap(a: Division, b: Division) -> bool:
    first, last = date.min, date.max
    return (a.valid_from or first) < (b.valid_to or last) and (b.valid_from or first) < (a.valid_to or last)


@transaction.atomic
def add_divisions(divisions: Iterable[Division], *, by: Any) -> int:
    """Load a whole list, for set-up. The list is reviewed data; each code once per span."""
    rows = Division.objects.bulk_create(divisions, batch_size=500)
    codes = sorted({d.code[:6] for d in rows})
    for code in codes:
        ledger.record("people.division.loaded", of=None, by=by, division_code=code, data={"count": len(rows)})
    return len(rows)


@transaction.atomic
def end_division(*, division: Division, on: date, by: Any) -> Division:
    division.valid_to = on
    division.full_clean()
    division.save()
    ledger.record("people.division.ended", of=division, by=by, division_code=division.code, data={"on": on})
    return division


@transaction.atomic
def create_agency(
    *, name: str, short_name: str, kind: str, division_code: str, by: Any, parent: Agency | None = None, phone: str = ""
) -> Agency:
    agency = Agency(
        name=name, short_name=short_name, kind=kind, division_code=division_code, parent=parent, phone=phone
    )
    agency.full_clean()
    agency.save()
    ledger.record("people.agency.created", of=agency, by=by)
    return agency


@transaction.atomic
def change_agency(*, agency: Agency, by: Any, **changes: Any) -> Agency:
    for field, value in changes.items():
        setattr(agency, field, value)
    agency.full_clean()
    agency.save()
    ledger.record("people.agency.changed", of=agency, by=by, data={"fields": sorted(set(changes) - {"phone"})})
    return agency


@transaction.atomic
def add_agency_name(*, agency: Agency, name: str, by: Any) -> AgencyName:
    other, made = AgencyName.objects.get_or_create(agency=agency, name=name)
    if made:
        ledger.record("people.agency.named", of=agency, by=by, data={"name": name})
    return other


@transaction.atomic
def create_user(*, username: str, name: str, by: Any, password: str | None = None, phone: str = "") -> User:
    """An account. With a password it must be changed at first sign-in; without one nobody can sign in."""
    if User.objects.filter(username__iexact=username).exists():
        raise ValidationError({"username": _("这个账号已经有人使用，请换一个。")})
    user = User(username=username, name=name, phone=phone)
    if password is None:
        user.set_unusable_password()
    else:
        validate_password(password, user)
        user.set_password(password)
        user.must_change_password = True
    user.full_clean()
    user.save()
    ledger.record("people.user.created", of=user, by=by)
    return user


@transaction.atomic
def set_password(*, user: User, password: str, by: Any, must_change: bool = False) -> None:
    validate_password(password, user)
    user.set_password(password)
    user.password_changed_at = ledger.clock.now()
    user.must_change_password = must_change
    user.save()
    ledger.record("people.password.set", of=user, by=by)


@transaction.atomic
def change_user(*, user: User, by: Any, name: str, phone: str, is_active: bool) -> User:
    user.name, user.phone, user.is_active = name, phone, is_active
    user.full_clean()
    user.save()
    ledger.record("people.user.changed", of=user, by=by, data={"active": is_active})
    return user


@transaction.atomic
def give_post(
    *,
    user: User,
    agency: Agency,
    role: str,
    division_code: str,
    starts_on: date,
    by: Any,
    title: str = "",
    ends_on: date | None = None,
) -> Post:
    """Tie a person to an agency. Nobody gives a post to themselves."""
    if getattr(by, "pk", None) is not None and by.pk == user.pk:
        raise ValidationError(_("不能给自己安排岗位，请由另一位管理员办理。"))
    post = Post(
        user=user, agency=agency, role=role, division_code=division_code,
        starts_on=starts_on, ends_on=ends_on, title=title,
    )  # fmt: skip
    post.full_clean()
    post.save()
    ledger.record("people.post.given", of=post, by=by, data={"role": role, "agency": agency.pk, "user": user.pk})
    return post


@transaction.atomic
def end_post(*, post: Post, on: date, by: Any) -> Post:
    if on < post.starts_on:
        on = post.starts_on - timedelta(days=1)
    post.ends_on = on
    post.save()
    ledger.record("people.post.ended", of=post, by=by, data={"on": on})
    return post


@transaction.atomic
def record_personal_view(*, of: Any, what: str, purpose: str, by: Any) -> None:
    """Who looked at whose personal data, and why (Personal Information Protection Law, article 51)."""
    if len(purpose.strip()) < 2:
        raise ValidationError(_("请写明查看个人信息的用途。"))
    ledger.record("people.personal_data.viewed", of=of, by=by, data={"what": what, "purpose": purpose.strip()[:200]})
