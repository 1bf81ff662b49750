"""The tables of staff, census entries and dated facts: check against the register, then write."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fangxin.engines.identifiers import normalize
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry.data import NewCensusEntry, NewCertificate, NewFact, NewStaff
from fangxin.kernel.registry.importing.cells import BadCell
from fangxin.kernel.registry.importing.columns import in_tables
from fangxin.kernel.registry.importing.places import Places
from fangxin.kernel.registry.importing.plans import RowPlan, blame_invalid, chunks
from fangxin.kernel.registry.models import (
    CensusSurvey,
    Credential,
    ImportRow,
    Premises,
    Staff,
)
from fangxin.kernel.registry.services.loading import load
from fangxin.kernel.registry.services.subjects import plain_value


class Pointers:
    """Finds the premises that rows point to, in a few queries."""

    def __init__(self, plans: Sequence[RowPlan], places: Places) -> None:
        self.places = places
        rows = Premises.objects.filter(merged_into=None)
        self.by_number: dict[str, Premises] = {}
        self.by_paper: dict[str, set[int]] = {}
        self.by_name: dict[str, list[Premises]] = {}
        for piece in chunks(sorted({p.values["number"] for p in plans if "number" in p.values})):
            self.by_number.update({row.number: row for row in rows.filter(number__in=piece)})
        papers = sorted({normalize(p.values["credential_number"]) for p in plans if "credential_number" in p.values})
        for piece in chunks(papers):
            for number, pk in Credential.objects.filter(number__in=piece).values_list("number", "premises_id"):
                self.by_paper.setdefault(number, set()).add(pk)
        held = sorted({pk for keys in self.by_paper.values() for pk in keys})
        self.holders = {row.pk: row for piece in chunks(held) for row in rows.filter(pk__in=piece)}
        for piece in chunks(sorted({p.values["name"] for p in plans if "name" in p.values})):
            for row in rows.filter(name__in=piece):
                self.by_name.setdefault(row.name, []).append(row)

    def find(self, plan: RowPlan) -> Premises | None:
        """The premises of a row; what is wrong with the pointer is put on the row."""
        found = self._candidates(plan)
        inside = [row for row in found if any(row.division_code.startswith(p) for p in self.places.prefixes)]
        if len(inside) == 1:
            return inside[0]
        if len(inside) > 1:
            plan.blame("场所名称", _("底册中有 %(n)s 个同名场所") % {"n": len(inside)}, _("请改填底册编号。"))
        elif found:
            plan.blame("场所名称", _("这个场所不在您的管辖范围内"), _("请删去这一行，由当地导入。"))
        else:
            plan.blame(
                "场所名称", _("底册中没有找到这个场所"), _("请核对底册编号、证件编号或名称；新场所请先导入底册。")
            )
        return None

    def _candidates(self, plan: RowPlan) -> list[Premises]:
        values = plan.values
        if "number" in values:
            row = self.by_number.get(values["number"])
            return [row] if row else []
        if "credential_number" in values:
            keys = self.by_paper.get(normalize(values["credential_number"]), set())
            return [self.holders[pk] for pk in keys if pk in self.holders]
        rows = self.by_name.get(values.get("name", ""), [])
        if "township" in values or "division_code" in values:
            try:
                code = self.places.find(values)
            except BadCell as bad:
                plan.blame("乡镇", bad.what, bad.advice)
                return []
            rows = [row for row in rows if row.division_code.startswith(code[:9])]
        return rows


class StaffTable:
    def __init__(self, user: Any) -> None:
        self.places = Places(user, "registry.import")

    def check(self, plans: Sequence[RowPlan]) -> None:
        pointers = Pointers(plans, self.places)
        for plan in plans:
            if plan.sound:
                self._place(plan, pointers)
                _check_certificate(plan)
        self._compare([plan for plan in plans if plan.sound])

    def _place(self, plan: RowPlan, pointers: Pointers) -> None:
        values = plan.values
        values["premises"] = None
        if values["role"] == Staff.Role.VILLAGE_HELPER:
            try:
                values["place"] = self.places.find(values)
            except BadCell as bad:
                plan.blame("村", bad.what, bad.advice)
        elif (premises := pointers.find(plan)) is not None:
            values["premises"], values["place"] = premises.pk, premises.division_code
        if "left_on" in values and values["left_on"] < values["joined_on"]:
            plan.blame("离岗日期", _("离岗日期早于到岗日期"), _("请核对。"))

    def _compare(self, plans: Sequence[RowPlan]) -> None:
        """The same name in the same role at the same place is the same person."""
        known: dict[tuple[Any, ...], Staff] = {}
        for piece in chunks(sorted({plan.values["person"] for plan in plans})):
            for person in Staff.objects.filter(name__in=piece, left_on=None):
                known[person.name, person.role, person.premises_id, person.division_code] = person
        seen: dict[tuple[Any, ...], int] = {}
        for plan in plans:
            key = (plan.values["person"], plan.values["role"], plan.values["premises"], plan.values["place"])
            if key in seen:
                plan.blame("姓名", _("与第 %(row)s 行是同一个人") % {"row": seen[key]}, _("请删去重复的一行。"))
                continue
            seen[key] = plan.number
            plan.target = known.get(key)
            if plan.target is not None:
                plan.action = ImportRow.Action.UPDATE if _is_new_certificate(plan) else ImportRow.Action.SAME

    def write(self, plans: Sequence[RowPlan], *, by: Any) -> None:
        new = [plan for plan in plans if plan.action == ImportRow.Action.CREATE]
        changed = [plan for plan in plans if plan.action != ImportRow.Action.SAME]
        certified = [plan for plan in changed if "certificate_kind" in plan.values]
        loaded = load(
            by=by,
            staff=[_new_person(plan) for plan in new],
            certificates=[_new_certificate(plan) for plan in certified],
        )
        for plan in new:
            plan.made.append(["staff", loaded.staff[str(plan.number)]])
        for plan, pk in zip(certified, loaded.certificates, strict=True):
            plan.made.append(["certificate", pk])


def _check_certificate(plan: RowPlan) -> None:
    values = plan.values
    if "certificate_kind" in values and "passed_on" not in values:
        plan.blame("取得日期", _("有证明但没有取得日期"), _("请填写取得日期。"))
    elif "passed_on" in values and "certificate_kind" not in values:
        plan.blame("证明", _("有取得日期但没有写是什么证明"), _("请填写证明类型。"))
    elif "expires_on" in values and values["expires_on"] < values.get("passed_on", values["expires_on"]):
        plan.blame("有效期至", _("有效期早于取得日期"), _("请核对。"))
    if "score" in values and not 0 <= values["score"] < 1000:
        plan.blame("成绩", _("成绩超出范围"), _("请填 0 至 999。"))


def _is_new_certificate(plan: RowPlan) -> bool:
    if "certificate_kind" not in plan.values:
        return False
    rows = plan.target.certificates.filter(kind=plan.values["certificate_kind"], passed_on=plan.values["passed_on"])
    return not rows.exists()


def _new_person(plan: RowPlan) -> NewStaff:
    values = plan.values
    return NewStaff(
        key=str(plan.number),
        name=values["person"],
        role=values["role"],
        joined_on=values["joined_on"],
        left_on=values.get("left_on"),
        premises=values["premises"],
        division_code=values["place"],
        phone=values.get("phone", ""),
    )


def _new_certificate(plan: RowPlan) -> NewCertificate:
    values = plan.values
    return NewCertificate(
        staff=str(plan.number) if plan.target is None else int(plan.target.pk),
        kind=values["certificate_kind"],
        passed_on=values["passed_on"],
        expires_on=values.get("expires_on"),
        score=values.get("score"),
        channel=values.get("channel", ""),
        number=values.get("certificate_number", ""),
    )


class CensusTable:
    def __init__(self, user: Any, survey: CensusSurvey) -> None:
        self.places = Places(user, "registry.import")
        self.survey = survey

    def check(self, plans: Sequence[RowPlan]) -> None:
        known = set(self.survey.entries.values_list("name_seen", "address_seen", "division_code"))
        for plan in plans:
            if plan.sound:
                self._check(plan, known)

    def _check(self, plan: RowPlan, known: set[tuple[str, str, str]]) -> None:
        values = plan.values
        try:
            values["place"] = self.places.find(values)
        except BadCell as bad:
            plan.blame("乡镇", bad.what, bad.advice)
            return
        if not values["place"].startswith(self.survey.division_code):
            plan.blame("乡镇", _("这个地点不在普查范围内"), _("请核对地点，或另选普查。"))
        last = self.survey.finished_on or ledger.clock.today()
        if not self.survey.started_on <= values["seen_on"] <= last:
            plan.blame("查看日期", _("查看日期不在普查期间内"), _("请核对日期，或另选普查。"))
        key = (values["name"], values.get("address", ""), values["place"])
        if key in known:
            plan.action = ImportRow.Action.SAME
        known.add(key)

    def write(self, plans: Sequence[RowPlan], *, by: Any) -> None:
        new = [plan for plan in plans if plan.action == ImportRow.Action.CREATE]
        loaded = load(by=by, census=[self._entry(plan) for plan in new])
        for plan, pk in zip(new, loaded.census, strict=True):
            plan.made.append(["census", pk])

    def _entry(self, plan: RowPlan) -> NewCensusEntry:
        values = plan.values
        return NewCensusEntry(
            survey=self.survey.pk,
            name_seen=values["name"],
            kind_seen=values["kind"],
            division_code=values["place"],
            seen_on=values["seen_on"],
            address_seen=values.get("address", ""),
            phone_seen=values.get("phone", ""),
            latitude=None if values.get("latitude") is None else float(values["latitude"]),
            longitude=None if values.get("longitude") is None else float(values["longitude"]),
            operating=values.get("operating", True),
        )


class FactsTable:
    def __init__(self, user: Any) -> None:
        self.places = Places(user, "registry.import")

    def check(self, plans: Sequence[RowPlan]) -> None:
        pointers = Pointers(plans, self.places)
        attributes = {in_tables(a.label): a for a in contribute.attributes} | {a.name: a for a in contribute.attributes}
        for plan in plans:
            if plan.sound and (premises := pointers.find(plan)) is not None:
                plan.target = premises
                self._check(plan, attributes.get(plan.values["attribute"]))

    def _check(self, plan: RowPlan, attribute: Any) -> None:
        values = plan.values
        if attribute is None:
            plan.blame(
                "事项", _("没有“%(name)s”这个事项") % {"name": values["attribute"]}, _("请对照模板中的说明填写。")
            )
            return
        typed = values.get("value", "")
        stored = next((value for value, label in attribute.choices.items() if in_tables(label) == typed), typed)
        try:
            values["stored"] = plain_value(attribute.name, stored, plan.target.kind)
        except ValidationError as error:
            blame_invalid(plan, "取值", error)
        if "valid_to" in values and values["valid_to"] <= values["valid_from"]:
            plan.blame("至", _("截止日期应晚于起始日期"), _("请核对。"))
        values["fact"] = attribute.name

    def write(self, plans: Sequence[RowPlan], *, by: Any) -> None:
        loaded = load(by=by, facts=[_new_fact(plan) for plan in plans])
        for plan, pk in zip(plans, loaded.facts, strict=True):
            plan.made.append(["fact", pk])


def _new_fact(plan: RowPlan) -> NewFact:
    values = plan.values
    return NewFact(
        premises=int(plan.target.pk),
        name=values["fact"],
        value=values["stored"],
        valid_from=values["valid_from"],
        valid_to=values.get("valid_to"),
        note=values.get("note", ""),
    )
