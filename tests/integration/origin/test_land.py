"""Soil points, evaluation units, measures, contradictions: the services and what they refuse."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from fangxin.actions.origin import accounts, balance, offers, rules, selectors
from fangxin.actions.origin.models import ClassDecision, ProduceResult, SoilSample
from fangxin.actions.origin.services import classes, contradictions, measures, produce, soil
from fangxin.kernel.casework.models import Matter
from fangxin.kernel.contributing.data import Announcement, BatchFacts
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

TOWN, OTHER_TOWN = "990101100", "990101200"
TODAY = date(2023, 3, 15)
pytestmark = pytest.mark.django_db


@pytest.fixture
def second_agriculture(agencies: dict[str, people.Agency]) -> people.User:
    user = people.User.objects.create(
        username="agriculture2", name="农业农村局 方正", password_changed_at=ledger.clock.now()
    )
    people.give_post(
        user=user, agency=agencies["farm"], role="department", division_code="990101", starts_on=date(2022, 1, 1),
        by=None,
    )  # fmt: skip
    return user


@pytest.fixture
def parcel(agriculture: people.User) -> Callable[..., Any]:
    def make(number: str = "", **more: Any) -> Any:
        values: dict[str, Any] = {
            "name": f"{number or '一'}号地", "kind": "field", "division_code": TOWN, "area_mu": Decimal(10),
            "crop": "玉米", "land_use": "dry",
        }  # fmt: skip
        return registry.add_parcel(number=number, by=agriculture, **values | more)

    return make


@pytest.fixture
def sampled(agriculture: people.User) -> Callable[..., SoilSample]:
    """A result of a parcel's own point."""

    def make(
        of: Any, cadmium: str = "0.12", *, on: date = date(2022, 7, 1), ph: str | None = "7.0", **more: str
    ) -> Any:
        point = of.soil_points.first() or soil.add_point(division_code=TOWN, land_use="dry", parcel=of, by=agriculture)
        readings = {"Cd": cadmium, "Hg": "0.05", "As": "9", "Pb": "20", "Cr": "50"} | more
        value = soil.NewSample(point=point, sampled_on=on, readings=readings, ph=Decimal(ph) if ph else None)
        return soil.record_sample(value=value, by=agriculture)

    return make


@pytest.fixture
def classed(
    parcel: Any, sampled: Any, agriculture: people.User, second_agriculture: people.User
) -> Callable[..., ClassDecision]:
    """A unit of three parcels whose class has come into force."""

    def make(cadmium: str, decided: str, **more: Any) -> ClassDecision:
        fields = [parcel(**more) for _ in range(3)]
        for one in fields:
            sampled(one, cadmium)
        unit = classes.add_unit(name="河东片", division_code=TOWN, parcels=fields, by=agriculture)
        return carry_through(classes.propose(unit=unit, by=agriculture), decided, agriculture, second_agriculture)

    return make


def carry_through(decision: ClassDecision, decided: str, one: Any, other: Any, on: date = TODAY) -> ClassDecision:
    classes.consult(decision=decision, consultation="同意", participants="三部门", by=one)
    why = "" if decided == decision.proposed else "历年结果"
    classes.confirm(decision=decision, decided=decided, why_other=why, by=other)
    classes.submit(decision=decision, submitted_on=on, by=one)
    return classes.put_in_force(decision=decision, approval_number="政农〔2023〕1号", effective_on=on, by=one)


def treated(parcel: Any, kind: str, one: Any, other: Any) -> Any:
    row = measures.plan(parcel=parcel, kind=kind, starts_on=date(2023, 3, 1), ends_on=date(2023, 12, 31), by=one)
    measures.approve(measure=row, by=other)
    proof = ledger.store_evidence(name="实施.txt", content=b"seed lists handed out", by=one)
    return measures.carry_out(measure=row, executed_on=date(2023, 3, 10), evidence=proof, by=one)


# --- soil ---------------------------------------------------------------------------------------------------------


def test_a_result_keeps_limit_clause_and_edition(parcel: Any, sampled: Any) -> None:
    row = sampled(parcel(), "0.52")
    assert (row.zone, row.standard, row.worst) == ("between", "GB 15618-2018", "Cd")
    cadmium = next(metal for metal in row.judged if metal["element"] == "Cd")
    assert (cadmium["screening"], cadmium["control"], cadmium["clause"]) == ("0.3", "3", "表1")
    assert cadmium["comparison"] == "0.52 > 0.3"
    assert (row.point.zone, row.point.sampled_on) == ("between", row.sampled_on)


def test_before_the_standard_was_in_force_nothing_is_judged_by_it(parcel: Any, sampled: Any) -> None:
    with pytest.raises(Refused, match="没有施行中的规则"):
        sampled(parcel(), on=date(2018, 7, 31))


def test_without_ph_a_result_is_kept_and_not_judged(parcel: Any, sampled: Any) -> None:
    row = sampled(parcel(), "0.12", ph=None)
    assert row.zone == "undetermined"
    assert {metal["reason"] for metal in row.judged} == {"ph_missing"}


def test_what_is_no_value_is_refused_in_plain_words(parcel: Any, sampled: Any) -> None:
    for text, words in (("未检出", "检出限"), ("很高", "不是测定值"), ("-1", "不是测定值"), ("1e9", "不是测定值")):
        with pytest.raises(Refused, match=words):
            sampled(parcel(), text)


def test_a_result_is_never_changed_only_replaced(parcel: Any, sampled: Any, agriculture: people.User) -> None:
    row = sampled(parcel(), "3.9")
    value = soil.NewSample(point=row.point, sampled_on=row.sampled_on, readings={"Cd": "0.39"}, ph=Decimal(7))
    with pytest.raises(Refused, match="更正的原因"):
        soil.correct_sample(sample=row, value=value, reason=" ", by=agriculture)
    fresh = soil.correct_sample(sample=row, value=value, reason="小数点抄错，见原始记录", by=agriculture)
    with pytest.raises(Refused, match="已被更正"):
        soil.correct_sample(sample=row, value=value, reason="再来一次", by=agriculture)
    assert (row.zone, fresh.zone, fresh.point.zone) == ("above", "between", "between")
    assert list(selectors.list_samples(agriculture)) == [fresh]
    with pytest.raises(DatabaseError), transaction.atomic():
        SoilSample.objects.filter(pk=row.pk).update(zone="low")


def test_the_same_day_and_depth_of_a_point_is_entered_once(parcel: Any, sampled: Any) -> None:
    one = parcel()
    sampled(one)
    with pytest.raises(ValidationError, match="已有"):
        sampled(one)


# --- class --------------------------------------------------------------------------------------------------------


def test_a_class_goes_from_proposal_to_force_with_two_people(classed: Any) -> None:
    decision = classed("0.52", "safe_use")
    unit = decision.unit
    assert (unit.soil_class, unit.class_since) == ("safe_use", TODAY)
    assert (decision.before, decision.area_before, decision.area_after) == ("", None, Decimal(30))
    assert decision.evidence["points"] == 3
    assert decision.made_by != decision.confirmed_by
    words = [entry.event for entry in ledger.entries_of("origin.classdecision", str(decision.pk))]
    assert set(words) == {f"origin.class.{w}" for w in ("proposed", "consulted", "confirmed", "submitted", "in_force")}


def test_who_proposed_cannot_confirm(classed: Any, agriculture: people.User) -> None:
    unit = classed("0.52", "safe_use").unit
    decision = classes.propose(unit=unit, by=agriculture)
    classes.consult(decision=decision, consultation="同意", participants="三部门", by=agriculture)
    with pytest.raises(Refused, match="两个人"):
        classes.confirm(decision=decision, decided="safe_use", by=agriculture)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassDecision.objects.filter(pk=decision.pk).update(
            confirmed_by=agriculture.username, confirmed_at=ledger.clock.now(), decided="safe_use"
        )


def test_another_class_than_proposed_needs_a_reason(
    classed: Any, agriculture: people.User, second_agriculture: people.User
) -> None:
    unit = classed("0.52", "safe_use").unit
    decision = classes.propose(unit=unit, by=agriculture)
    classes.consult(decision=decision, consultation="同意", participants="三部门", by=agriculture)
    with pytest.raises(Refused, match="理由"):
        classes.confirm(decision=decision, decided="strict", by=second_agriculture)
    with pytest.raises(Refused, match="请选择"):
        classes.confirm(decision=decision, decided="green", by=second_agriculture)


def test_steps_are_taken_in_order_and_once(classed: Any, agriculture: people.User, second_agriculture: Any) -> None:
    unit = classed("0.52", "safe_use").unit
    decision = classes.propose(unit=unit, by=agriculture)
    with pytest.raises(Refused, match="正在办理"):
        classes.propose(unit=unit, by=agriculture)
    with pytest.raises(Refused, match="刚刚已由他人"):
        classes.submit(decision=decision, submitted_on=TODAY, by=agriculture)
    classes.send_back(decision=decision, why="点位太少", by=second_agriculture)
    assert classes.propose(unit=unit, by=agriculture).state == "proposed"


def test_a_year_later_the_adjustment_keeps_what_was(
    classed: Any, agriculture: people.User, second_agriculture: people.User
) -> None:
    unit = classed("0.52", "safe_use").unit
    with ledger.clock.held_at(date(2024, 4, 1)):
        again = classes.propose(unit=unit, by=agriculture)
        carry_through(again, "strict", agriculture, second_agriculture, date(2024, 4, 1))
        found = balance.of_year(selectors.list_units(agriculture), 2024, date(2024, 4, 1))
    assert (again.before, again.area_before) == ("safe_use", Decimal(30))
    assert unit.decisions.filter(state="replaced").count() == 1
    assert (found["compared"], found["improved"], found["worse"]) == (1, 0, 1)
    assert found["moved"][0][1:] == ("安全利用类", "严格管控类", "worse")
    before, after = selectors.unit_rows(date(2023, 12, 31)).get(), selectors.unit_rows(date(2024, 4, 1)).get()
    assert (before.class_then, before.re_evaluated) == ("safe_use", False)
    assert (after.class_then, after.re_evaluated, after.change) == ("strict", True, "worse")


def test_a_parcel_lies_in_one_unit_and_in_its_own_county(parcel: Any, agriculture: people.User) -> None:
    one = parcel()
    unit = classes.add_unit(name="甲", division_code=TOWN, parcels=[one], by=agriculture)
    with pytest.raises(Refused, match="已在别的评价单元"):
        classes.add_unit(name="乙", division_code=TOWN, parcels=[one], by=agriculture)
    with pytest.raises(Refused, match="不在本县"):
        classes.join(unit=unit, parcels=[parcel(division_code="990102100")], by=agriculture)
    classes.leave(member=unit.members.get(), by=agriculture)
    classes.add_unit(name="丙", division_code=TOWN, parcels=[one], by=agriculture)


# --- measures and the account --------------------------------------------------------------------------------------


def test_a_measure_counts_only_when_approved_by_another_and_shown(
    parcel: Any, agriculture: people.User, second_agriculture: people.User
) -> None:
    row = measures.plan(
        parcel=parcel(), kind="liming", starts_on=date(2023, 3, 1), ends_on=date(2023, 12, 31), by=agriculture
    )
    with pytest.raises(Refused, match="两个人"):
        measures.approve(measure=row, by=agriculture)
    measures.approve(measure=row, by=second_agriculture)
    with pytest.raises(Refused, match="证据"):
        measures.carry_out(measure=row, executed_on=TODAY, evidence=None, by=agriculture)
    proof = ledger.store_evidence(name="照片.txt", content=b"lime spread", by=agriculture)
    with pytest.raises(Refused, match="之间"):
        measures.carry_out(measure=row, executed_on=date(2023, 2, 1), evidence=proof, by=agriculture)
    with pytest.raises(Refused, match="还没有到"):
        measures.carry_out(measure=row, executed_on=date(2023, 4, 1), evidence=proof, by=agriculture)
    assert measures.carry_out(measure=row, executed_on=TODAY, evidence=proof, by=agriculture).state == "executed"


def standing(one: Any, on: date = TODAY) -> Any:
    return selectors.with_standing(registry.Parcel.objects.filter(pk=one.pk), on).get()


def test_a_measure_fits_one_class_and_not_the_other(
    classed: Any, agriculture: people.User, second_agriculture: people.User
) -> None:
    strict = classed("3.9", "strict").unit.members.order_by("parcel__number").first().parcel
    treated(strict, "liming", agriculture, second_agriculture)
    assert standing(strict).measured is False
    treated(strict, "no_edible_crops", agriculture, second_agriculture)
    assert standing(strict).measured is True
    assert standing(strict, date(2024, 1, 1)).measured is False  # its time is over


def test_without_a_produce_result_land_is_not_used_safely(
    classed: Any, agriculture: people.User, second_agriculture: people.User
) -> None:
    parcels = [m.parcel for m in classed("0.75", "safe_use").unit.members.order_by("parcel__number")]
    for one in parcels:
        treated(one, "liming", agriculture, second_agriculture)
    produce.load_produce(
        [produce_of(parcels[0], "conforming"), produce_of(parcels[1], "nonconforming")], by=agriculture
    )
    rows = selectors.list_parcels(agriculture)
    found = accounts.safe_use(rows, TODAY)
    assert (found.account.safe_use, found.account.polluted) == (Decimal(10), Decimal(30))
    reasons = {one.number: why for one, why in found.outside}
    assert reasons == {parcels[1].number: "produce_above", parcels[2].number: "produce_not_tested"}


def produce_of(parcel: Any, outcome: str) -> produce.NewProduce:
    value = Decimal("0.05") if outcome == "conforming" else Decimal("0.15")
    return produce.NewProduce(
        parcel=parcel, sample_number=f"N-{parcel.number}", food="玉米", analyte="镉", element="Cd",
        expression=f"{value}", unit="mg/kg", outcome=outcome, sampled_on=date(2022, 9, 1), value=value, limit=Decimal("0.1"),
    )  # fmt: skip


def test_a_corrected_verdict_takes_the_place_of_the_earlier_one(parcel: Any, agriculture: people.User) -> None:
    one = parcel()
    produce.load_produce([produce_of(one, "nonconforming")], by=agriculture)
    assert standing(one).produce == "above"
    produce.load_produce([produce_of(one, "conforming")], by=agriculture)
    assert standing(one).produce == "within"
    assert ProduceResult.objects.count() == 2


# --- what does not fit together ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("crop", "kind", "codes"),
    [
        ("玉米", "", ["edible_on_strict"]),
        ("苗木", "", ["strict_without_measure"]),
        ("", "", ["crop_unknown"]),
        ("玉米", "no_edible_crops", []),
    ],
)
def test_crop_and_measure_on_strict_land(
    classed: Any, agriculture: people.User, second_agriculture: people.User, crop: str, kind: str, codes: list[str]
) -> None:
    one = classed("3.9", "strict", crop=crop).unit.members.order_by("parcel__number").first().parcel
    if kind:
        treated(one, kind, agriculture, second_agriculture)
    assert contradictions.codes_of(standing(one), TODAY) == codes
    rows = selectors.with_standing(registry.Parcel.objects.filter(pk=one.pk), TODAY)
    by_query = [code for code in contradictions.conditions(TODAY) if contradictions.contradicting(rows, TODAY, code)]
    assert by_query == codes


def test_a_contradiction_becomes_one_matter_of_agriculture(classed: Any, agriculture: people.User) -> None:
    classed("0.52", "safe_use")
    for _ in range(2):
        contradictions.tell_all(prefix="990101", by=agriculture)
    found = Matter.objects.all()
    assert found.count() == 3
    assert {matter.owner.short_name for matter in found} == {"农业农村局"}
    assert all("第五十三条" in matter.legal_basis for matter in found)


def test_a_told_verdict_of_a_metal_is_kept_beside_the_parcel(
    parcel: Any, agriculture: people.User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(produce.rules, "produce_limit", lambda _facts: (Decimal("0.1"), "GB 2762 2022 表2"))
    one = parcel()
    facts = {
        "sample_no": "C-1", "purpose": "risk_monitoring", "food": "玉米", "food_class": "", "analyte": "镉（以Cd计）",
        "value": Decimal("0.25"), "expression": "0.25", "unit": "mg/kg", "lod": None, "loq": None, "sampled_on": TODAY,
        "division_code": TOWN, "outcome": "nonconforming", "parcel_id": one.pk, "premises_id": None,
    }  # fmt: skip

    def told(**more: Any) -> None:
        announcement = Announcement("verdict.told", "laboratory.sample", "1", "", TOWN, "", {**facts, **more})
        produce.verdict_told(announcement, by=agriculture)

    told()
    told(analyte="毒死蜱", sample_no="C-2")
    told(food="土壤", sample_no="C-3")
    told(parcel_id=None, sample_no="C-4")
    row = ProduceResult.objects.get()
    assert (row.parcel, row.element, row.multiple, row.limit) == (one, "Cd", Decimal("2.5"), Decimal("0.1"))


@pytest.mark.usefixtures("county")
def test_the_limit_beside_a_result_is_the_judges_in_the_unit_of_the_result() -> None:
    facts = {"sample_no": "C-1", "food": "玉米", "food_class": "", "analyte": "镉", "expression": "0.25", "unit": "mg/kg",
             "lod": None, "loq": None, "sampled_on": TODAY}  # fmt: skip
    limit, standard = rules.produce_limit(facts)
    assert limit == Decimal("0.1")
    assert standard.startswith("GB 2762")


def test_strict_land_and_land_with_failed_produce_get_no_certificate(
    classed: Any, parcel: Any, agriculture: people.User
) -> None:
    strict = classed("3.9", "strict").unit.members.order_by("parcel__number").first().parcel
    failed, clean = parcel(), parcel()
    produce.load_produce([produce_of(failed, "nonconforming")], by=agriculture)

    def kinds(*parcels: Any) -> list[str]:
        batch = BatchFacts("farm_inputs.batch", "1", "玉米", TOWN, TODAY, parcel_ids=tuple(p.pk for p in parcels))
        return [blocker.kind for blocker in offers.certificate_blockers(batch)]

    assert kinds(strict, failed, clean) == ["origin.strict_land", "origin.produce_above"]
    assert kinds(clean) == []
    batch = BatchFacts("x", "1", "玉米", TOWN, TODAY, parcel_ids=(failed.pk,))
    assert offers.certificate_blockers(batch)[0].until == date(2023, 9, 1)
