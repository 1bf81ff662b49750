from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.jurisdiction import under
from fangxin.kernel.people.models import Agency, AgencyName, Division, Post, User
from fangxin.kernel.people.models.divisions import LEVEL_LENGTHS
from fangxin.kernel.people.roles import ROLES

COUNTY_LENGTH, TOWNSHIP_LENGTH = 6, 9


def divisions_on(day: date) -> "QuerySet[Division]":
    """Divisions as they were on a day."""
    return Division.objects.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))


def list_divisions(prefix: str, *, length: int | None = None, day: date | None = None) -> "QuerySet[Division]":
    rows = divisions_on(day or ledger.clock.today()).filter(under(prefix, "code"))
    if length is not None:
        rows = rows.annotate(code_length=Length("code")).filter(code_length=length)
    return rows.order_by("code")


def townships(prefix: str, day: date | None = None) -> list[tuple[str, str]]:
    """(code, name) of the townships and streets below a division, as of a day."""
    rows = divisions_on(day or ledger.clock.today()).filter(under(prefix[:TOWNSHIP_LENGTH], "code"))
    found = rows.annotate(digits=Length("code")).filter(digits=TOWNSHIP_LENGTH)
    return list(found.order_by("code").values_list("code", "name"))


def division_name(code: str, day: date | None = None) -> str:
    """The name on a day; the code itself when the division is unknown."""
    row = divisions_on(day or ledger.clock.today()).filter(code=code).first()
    return row.name if row is not None else code


def division_names(codes: "set[str]", day: date | None = None) -> dict[str, str]:
    rows = divisions_on(day or ledger.clock.today()).filter(code__in=codes)
    return dict(rows.values_list("code", "name"))


def division_path(code: str, day: date | None = None) -> str:
    """County, township and village in one line."""
    parts = [code[:n] for n in LEVEL_LENGTHS if 6 <= n <= len(code)]
    names = division_names(set(parts), day)
    return "".join(names.get(part, "") for part in parts) or code


def county_of(user: Any) -> str:
    """The division of the person's first post, cut to the county: where their pages begin."""
    posts = user.posts_today
    return posts[0].division_code[:6] if posts else ""


def list_agencies(prefix: str) -> "QuerySet[Agency]":
    return Agency.objects.filter(under(prefix), active=True).order_by("pk")


def find_agency(printed: str, prefix: str) -> Agency | None:
    """The agency a document means by a printed name: exactly, by another name, or but for the division in front."""
    rows = Agency.objects.filter(under(prefix))
    exact = rows.filter(Q(name=printed) | Q(short_name=printed)).first()
    if exact is not None:
        return exact
    other = AgencyName.objects.filter(under(prefix, "agency__division_code"), name=printed).first()
    if other is not None:
        return other.agency
    above = _above(prefix)
    meant = _bare(printed, above)
    known = rows.values_list("pk", "name", "short_name")
    matches = [pk for pk, name, short in known if meant & (_bare(name, above) | _bare(short, above))]
    return rows.get(pk=matches[0]) if len(matches) == 1 else None


def first_agency(names: Iterable[str], division_code: str) -> Agency | None:
    """The first of the named agencies that the county of a division has."""
    county = division_code[:COUNTY_LENGTH]
    return next((found for name in names if (found := find_agency(name, county)) is not None), None)


def bare_names(name: str, prefix: str) -> set[str]:
    """A name without the names of the division and of those above it in front."""
    return _bare(name, _above(prefix))


def _above(prefix: str) -> list[str]:
    names = division_names({prefix[:n] for n in LEVEL_LENGTHS if n <= len(prefix)})
    return [names[code] for code in sorted(names)]


def _bare(name: str, above: Sequence[str]) -> set[str]:
    """Also without a bare 县, 市, 区 in front (which may be part of the name)."""
    for division in above:
        name = name.removeprefix(division)
    return {name, name[1:]} if len(name) > 3 and name[0] in "省市县区" else {name}


def administered(user: Any, ability: str) -> list[str]:
    """Division prefixes in which a person manages accounts or agencies; a role without business records may too."""
    return sorted({p.division_code for p in user.posts_today if ability in ROLES[p.role].abilities})


def _in_any(prefixes: list[str], field: str) -> Q:
    condition = Q(pk__in=[])
    for prefix in prefixes:
        condition |= under(prefix, field)
    return condition


def list_users(user: Any) -> "QuerySet[User]":
    """Accounts with a post in the divisions a person manages, and accounts without any post yet."""
    prefixes = administered(user, "people.manage")
    if not prefixes:
        return User.objects.none()
    posts = Post.objects.filter(_in_any(prefixes, "division_code"))
    return User.objects.filter(Q(pk__in=posts.values("user_id")) | ~Exists(Post.objects.filter(user=OuterRef("pk"))))


def list_manageable_agencies(user: Any) -> "QuerySet[Agency]":
    return Agency.objects.filter(_in_any(administered(user, "people.divisions"), "division_code"))


def list_manageable_divisions(user: Any) -> "QuerySet[Division]":
    return Division.objects.filter(_in_any(administered(user, "people.divisions"), "code"))


def users_of(agency: Agency, *, role: str | None = None, day: date | None = None) -> "QuerySet[User]":
    on = day or ledger.clock.today()
    posts = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), agency=agency, starts_on__lte=on)
    if role is not None:
        posts = posts.filter(role=role)
    return User.objects.filter(pk__in=posts.values("user_id"), is_active=True).order_by("pk")
