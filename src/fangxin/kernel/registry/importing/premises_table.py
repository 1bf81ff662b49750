"""The table of premises with their operators and credentials: check against the register, then write."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fangxin.engines.identifiers import normalize
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry.data import NewCredential, NewOperator, NewPremises
from fangxin.kernel.registry.importing.cells import BadCell
from fangxin.kernel.registry.importing.places import Places
from fangxin.kernel.registry.importing.plans import RowPlan, blame_invalid, chunks
from fangxin.kernel.registry.models import Credential, ImportRow, Operator, Premises
from fangxin.kernel.registry.rules import require_credit_code, require_licence_number
from fangxin.kernel.registry.services.credentials import issue_credential
from fangxin.kernel.registry.services.loading import load
from fangxin.kernel.registry.services.subjects import change_premises

UPDATABLE = ("name", "kind", "address", "phone", "division_code", "rural", "longitude", "latitude", "area_m2", "seats")
# First digits of a credit code: who registered it and as what (GB 32100).
_OPERATOR_KINDS = {
    "91": "enterprise",
    "92": "self_employed",
    "93": "cooperative",
    "1": "institution",
    "5": "institution",
}


class PremisesTable:
    def __init__(self, user: Any) -> None:
        self.places = Places(user, "registry.import")

    def check(self, plans: Sequence[RowPlan]) -> None:
        for plan in plans:
            self._check_alone(plan)
        known = _Known(plans)
        seen: dict[tuple[Any, ...], int] = {}
        for plan in plans:
            if plan.sound:
                self._check_against(plan, known, seen)

    def _check_alone(self, plan: RowPlan) -> None:
        values = plan.values
        try:
            if "division_code" in values or "township" in values or "number" not in values:
                values["division_code"] = self.places.find(values)
        except BadCell as bad:
            plan.blame("区划代码", bad.what, bad.advice)
        values.setdefault("name", values.get("operator_name", ""))
        _check_numbers(plan)
        _check_point(plan)
        today = ledger.clock.today()
        for field, header in (("opened_on", "开业日期"), ("issued_on", "发证日期")):
            if field in values and values[field] > today:
                plan.blame(header, _("日期还没有到"), _("请核对年份。"))

    def _check_against(self, plan: RowPlan, known: "_Known", seen: dict[tuple[Any, ...], int]) -> None:
        plan.target = known.target(plan)
        if plan.target is None and "number" in plan.values:
            plan.blame("底册编号", _("底册中没有 %(n)s") % {"n": plan.values["number"]}, _("新场所请把底册编号留空。"))
            return
        key = known.identity(plan)
        if key in seen:
            plan.blame("", _("与第 %(row)s 行是同一个场所") % {"row": seen[key]}, _("请删去重复的一行。"))
            return
        seen[key] = plan.number
        if _paper_taken(plan, known, seen):
            return
        if plan.target is not None:
            self._compare(plan, known)

    def _compare(self, plan: RowPlan, known: "_Known") -> None:
        if not any(plan.target.division_code.startswith(prefix) for prefix in self.places.prefixes):
            plan.blame("", _("这个场所已在底册中，但不在您的管辖范围内"), _("请删去这一行，由当地更新。"))
            return
        plan.changes = {
            field: plan.values[field]
            for field in UPDATABLE
            if field in plan.values and _differs(getattr(plan.target, field), plan.values[field])
        }
        new_paper = "issued_on" in plan.values and known.is_new_paper(plan)
        plan.values["new_paper"] = new_paper
        plan.action = ImportRow.Action.UPDATE if plan.changes or new_paper else ImportRow.Action.SAME

    def write(self, plans: Sequence[RowPlan], *, by: Any) -> None:
        """Create what is new at once, update the rest one by one."""
        _create([plan for plan in plans if plan.action == ImportRow.Action.CREATE], by)
        for plan in plans:
            if plan.action == ImportRow.Action.UPDATE:
                _update(plan, by)


def _paper_taken(plan: RowPlan, known: "_Known", seen: dict[tuple[Any, ...], int]) -> bool:
    """One paper belongs to one place: neither twice in the table nor held by another row of the register."""
    number = plan.values.get("credential_number")
    if not number:
        return False
    key = ("paper", plan.values["credential_kind"], number)
    if key in seen:
        plan.blame(
            "证件编号", _("与第 %(row)s 行的证件编号相同") % {"row": seen[key]}, _("一个证件只能属于一个场所，请核对。")
        )
        return True
    seen[key] = plan.number
    target = None if plan.target is None else plan.target.pk
    if not known.is_new_paper(plan) and any(paper.premises_id != target for paper in known.papers[key[1:]]):
        plan.blame("证件编号", _("这个证件已登记在另一个场所"), _("请在底册中查看该证件，核对后再导入。"))
        return True
    return False


def _check_numbers(plan: RowPlan) -> None:
    values = plan.values
    if "uscc" in values:
        values["uscc"] = normalize(values["uscc"])
        try:
            require_credit_code(values["uscc"])
        except ValidationError as error:
            blame_invalid(plan, "统一社会信用代码", error)
    number = normalize(values.get("credential_number", ""))
    if number and "credential_kind" not in values:
        kind = {"SC": "production_licence", "JY": "business_licence"}.get(number[:2])
        if kind is None:
            plan.blame("证件", _("有编号但没有写是什么证件"), _("请填写证件类型。"))
            return
        values["credential_kind"] = kind
    if "credential_kind" in values:
        _check_paper(plan)


def _check_paper(plan: RowPlan) -> None:
    values = plan.values
    if "issued_on" not in values:
        plan.blame("发证日期", _("有证件但没有发证日期"), _("请对照原件填写。"))
    elif "expires_on" in values and values["expires_on"] < values["issued_on"]:
        plan.blame("有效期至", _("有效期早于发证日期"), _("请对照原件核对。"))
    try:
        values["credential_number"] = require_licence_number(
            values["credential_kind"],
            values.get("credential_number", ""),
            seen_on_paper=values.get("seen_on_paper", False),
        )
    except ValidationError as error:
        blame_invalid(plan, "证件编号", error)


def _check_point(plan: RowPlan) -> None:
    longitude, latitude = plan.values.get("longitude"), plan.values.get("latitude")
    if (longitude is None) != (latitude is None):
        plan.blame("经度", _("经度和纬度只填了一个"), _("请同时填写，或都留空。"))
    elif longitude is not None and latitude is not None:
        if abs(longitude) > 180 or abs(latitude) > 90:
            plan.blame("经度", _("经度或纬度超出范围"), _("请检查是否填反了。"))
        plan.values.update(longitude=float(longitude), latitude=float(latitude))
    if plan.values.get("area_m2", Decimal(0)) < 0:
        plan.blame("使用面积", _("面积不能是负数"), _("请核对。"))
    if plan.values.get("seats", 0) > 100_000:
        plan.blame("餐位数", _("餐位数过大"), _("请核对。"))


def _differs(old: Any, new: Any) -> bool:
    return bool(old != new)


class _Known:
    """What the register already holds of the table's rows, fetched in a few queries."""

    def __init__(self, plans: Sequence[RowPlan]) -> None:
        def asked(field: str) -> set[str]:
            return {plan.values[field] for plan in plans if plan.values.get(field)}

        self.by_number = self._premises("number", asked("number"))
        self.operators = {o.uscc: o for o in _fetch(Operator.objects.all(), "uscc", asked("uscc"))}
        self.papers: dict[tuple[str, str], list[Credential]] = {}
        for paper in _fetch(
            Credential.objects.select_related("premises__operator"), "number", asked("credential_number")
        ):
            self.papers.setdefault((paper.kind, paper.number), []).append(paper)
        self.by_name: dict[str, list[Premises]] = {}
        for row in _fetch(self._rows(), "name", asked("name")):
            self.by_name.setdefault(row.name, []).append(row)

    @staticmethod
    def _rows() -> Any:
        return Premises.objects.filter(merged_into=None).select_related("operator")

    def _premises(self, field: str, wanted: set[str]) -> dict[str, Premises]:
        return {getattr(row, field): row for row in _fetch(self._rows(), field, wanted)}

    def target(self, plan: RowPlan) -> Premises | None:
        """The row meant: by its number, by its licence, or by holder and name, or by name and address."""
        values = plan.values
        if "number" in values:
            return self.by_number.get(values["number"])
        papers = self.papers.get((values.get("credential_kind", ""), values.get("credential_number") or "-"), [])
        standing = [
            p.premises for p in papers if p.premises.merged_into_id is None and _same_holder(p.premises, values)
        ]
        if standing:
            return standing[-1]
        return next((row for row in self.by_name.get(values["name"], ()) if _same_place(row, values)), None)

    def identity(self, plan: RowPlan) -> tuple[Any, ...]:
        if plan.target is not None:
            return ("row", plan.target.pk)
        values = plan.values
        holder = values.get("uscc") or values["operator_name"]
        return (holder, values["name"], values["division_code"][:9], values.get("address", ""))

    def is_new_paper(self, plan: RowPlan) -> bool:
        values = plan.values
        key = (values["credential_kind"], values["credential_number"])
        return not any(paper.issued_on == values["issued_on"] for paper in self.papers.get(key, ()))


def _same_holder(row: Premises, values: dict[str, Any]) -> bool:
    """A licence number alone may be a slip of the pen: the holder's code, or a name, must agree with it."""
    if values.get("uscc") and row.operator.uscc:
        return bool(row.operator.uscc == values["uscc"])
    return values["name"] == row.name or values.get("operator_name") == row.operator.name


def _same_place(row: Premises, values: dict[str, Any]) -> bool:
    if row.division_code[:9] != values["division_code"][:9]:
        return False
    if values.get("uscc") and row.operator.uscc:
        return bool(row.operator.uscc == values["uscc"])
    return bool(values.get("address")) and row.address == values["address"]


def _fetch(rows: Any, field: str, wanted: set[str]) -> Any:
    for piece in chunks(sorted(wanted)):
        yield from rows.filter(**{f"{field}__in": piece}).order_by("pk")


def _create(plans: Sequence[RowPlan], by: Any) -> None:
    known = _Known(plans)
    operators: dict[str, NewOperator] = {}
    premises: list[NewPremises] = []
    credentials: list[NewCredential] = []
    for plan in plans:
        holder = _holder(plan, known, operators)
        premises.append(_new_premises(plan, holder))
        if "credential_kind" in plan.values:
            credentials.append(_new_credential(plan))
    loaded = load(by=by, operators=list(operators.values()), premises=premises, credentials=credentials)
    claimed: set[str] = set()
    for plan in plans:
        key = str(plan.number)
        plan.made.append(["premises", loaded.premises[key]])
        if key in loaded.credentials:
            plan.made.append(["credential", loaded.credentials[key]])
        holder_key = plan.values.get("holder_key", "")
        if holder_key in loaded.operators and holder_key not in claimed:
            claimed.add(holder_key)
            plan.made.append(["operator", loaded.operators[holder_key]])


def _holder(plan: RowPlan, known: _Known, operators: dict[str, NewOperator]) -> str | int:
    """The operator the register has under this code, or a new one; without a code each township has its own."""
    values = plan.values
    uscc = values.get("uscc", "")
    if uscc in known.operators:
        return int(known.operators[uscc].pk)
    key = uscc or f"{values['operator_name']} {values['division_code'][:9]}"
    values["holder_key"] = key
    operators.setdefault(
        key,
        NewOperator(
            key=key,
            name=values["operator_name"],
            kind=values.get("operator_kind") or _operator_kind(uscc),
            division_code=values["division_code"],
            uscc=uscc,
            legal_representative=values.get("legal_representative", ""),
            phone=values.get("phone", ""),
        ),
    )
    return key


def _operator_kind(uscc: str) -> str:
    return _OPERATOR_KINDS.get(uscc[:2]) or _OPERATOR_KINDS.get(uscc[:1]) or ("enterprise" if uscc else "individual")


def _new_premises(plan: RowPlan, holder: str | int) -> NewPremises:
    values = plan.values
    return NewPremises(
        key=str(plan.number),
        operator=holder,
        name=values["name"],
        kind=values["kind"],
        division_code=values["division_code"],
        address=values.get("address", ""),
        phone=values.get("phone", ""),
        rural=values.get("rural", False),
        latitude=values.get("latitude"),
        longitude=values.get("longitude"),
        area_m2=values.get("area_m2"),
        seats=values.get("seats"),
        opened_on=values.get("opened_on"),
    )


def _new_credential(plan: RowPlan) -> NewCredential:
    values = plan.values
    return NewCredential(
        key=str(plan.number),
        premises=str(plan.number),
        kind=values["credential_kind"],
        number=values["credential_number"],
        issued_on=values["issued_on"],
        expires_on=values.get("expires_on"),
        scope=values.get("scope", ""),
        issuer=values.get("issuer", ""),
        seen_on_paper=values.get("seen_on_paper", False),
    )


def _update(plan: RowPlan, by: Any) -> None:
    premises, changes = plan.target, plan.changes
    if changes:
        overwritten = {field: [_plain(getattr(premises, field)), _plain(value)] for field, value in changes.items()}
        plan.before.append(["premises", premises.pk, overwritten])
        change_premises(premises=premises, by=by, effective_on=ledger.clock.today(), **changes)
    if plan.values["new_paper"]:
        values = plan.values
        paper = issue_credential(
            premises=premises,
            kind=values["credential_kind"],
            number=values["credential_number"],
            issued_on=values["issued_on"],
            expires_on=values.get("expires_on"),
            scope=values.get("scope", ""),
            issuer=values.get("issuer", ""),
            seen_on_paper=values.get("seen_on_paper", False),
            by=by,
        )
        plan.made.append(["credential", paper.pk])


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
