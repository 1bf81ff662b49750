"""Old files taken over at once, what comes round daily, and the synthetic county's inspections."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.conftest import COUNTY, TOWN

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.fieldwork import figures, offers, selectors, tasks
from fangxin.kernel.fieldwork.models import Finding, Inspection, PlannedVisit, PremisesGrade
from fangxin.kernel.ledger import api as ledger
from fangxin.sim.life import build

AT = datetime(2023, 1, 10, 10, 0, tzinfo=ledger.clock.LOCAL)


@pytest.fixture
def life(shop: Any, team: Any, agencies: dict[str, Any], signature: Any) -> Any:
    def make(**facts: Any) -> fieldwork.InspectionLife:
        values = {
            "key": "1", "premises_id": shop.pk, "kind": "routine", "agency_id": agencies["station"].pk,
            "officer_ids": tuple(user.pk for user in team), "started_at": AT, "by": "inspector", "by_name": "秦川",
            "failed": {"2.2": "correct_by"}, "operator_signer": "魏师傅", "signature_id": signature.pk,
        }  # fmt: skip
        return fieldwork.InspectionLife(**{**values, **facts})

    return make


def load(premises: Any, *lives: Any) -> dict[str, int]:
    return fieldwork.load(lives, premises={premises.pk: premises}, by=None)


class TestLoading:
    def test_a_loaded_inspection_is_as_it_would_have_been(self, shop: Any, life: Any, agencies: dict[str, Any]) -> None:
        key = load(shop, life())["1"]
        row = Inspection.objects.get(pk=key)
        assert (row.state, row.result, row.publish_due_on) == ("told", "mostly", date(2023, 2, 10))
        finding = row.findings.get()
        assert (finding.owner, finding.correct_by) == (agencies["shop"], date(2023, 2, 3))  # 01-28 and 01-29 are worked

    @pytest.mark.parametrize(
        "facts", [{"officer_ids": (1,)}, {"signature_id": None}, {"signature_id": None, "refusal_reason": "不愿"}]
    )
    def test_what_would_not_have_been_lawful_is_not_loaded(self, shop: Any, life: Any, facts: dict[str, Any]) -> None:
        with pytest.raises(fieldwork.Refused):
            load(shop, life(), life(key="2", **facts))
        assert not Inspection.objects.exists()

    def test_rows_of_the_board_tell_how_it_stood_on_a_day(self, shop: Any, life: Any) -> None:
        load(shop, life(published_at=AT + timedelta(days=50), closed_at=AT + timedelta(days=20)))
        row = figures.inspection_rows(date(2023, 2, 1)).get()
        assert (row.published, row.publish_late, row.closed, row.with_findings) == (False, False, True, True)
        assert figures.inspection_rows(date(2023, 2, 20)).get().publish_late
        later = figures.inspection_rows(date(2023, 3, 14)).get()
        assert (later.published, later.publish_late) == (True, True)
        assert not figures.inspection_rows(date(2023, 1, 9)).exists()
        finding = figures.finding_rows(date(2023, 1, 20)).get()
        assert (finding.closed, finding.late) == (False, False)

    def test_the_model_learns_nothing_of_who_inspected(self, shop: Any, life: Any) -> None:
        load(shop, life())
        row = next(fieldwork.history_rows(COUNTY, date(2023, 12, 31)))
        assert (row["general_failed"], row["serious"], row["township"]) == (1, 0, TOWN)
        assert not {"officers", "agency", "started_by", "judged_by"} & set(row)


class TestDaily:
    def test_rechecks_that_are_not_owed_yet_are_owed_once(self, shop: Any, told: Any) -> None:
        inspection = told(shop, {"2.2": {"outcome": "fail", "safety_affected": False}})
        PlannedVisit.objects.all().delete()
        assert tasks.daily(date(2023, 5, 2)) == 1
        assert tasks.daily(date(2023, 5, 2)) == 0
        visit = PlannedVisit.objects.get()
        assert (visit.rechecks, visit.due_on) == (inspection, date(2023, 5, 2))

    def test_what_is_done_is_closed(self, shop: Any, life: Any) -> None:
        load(shop, life(failed={}))
        assert tasks.daily(date(2023, 3, 15)) == 1
        assert Inspection.objects.get().state == "closed"


class TestOffers:
    def test_work_of_today_says_what_is_late(self, shop: Any, life: Any, inspector: Any, department: Any) -> None:
        load(shop, life())
        labels = [str(line.label) for line in contribute.counted(offers.work(inspector))]
        assert "1次检查结果公开已超期" in labels
        fieldwork.score_grade(premises=shop, year=2023, static=Decimal(10), dynamic=Decimal(10), by=inspector)
        labels = [str(line.label) for line in contribute.counted(offers.work(department))]
        assert "1项等级评定待您复核" in labels

    def test_the_life_of_a_place_tells_its_inspections_to_those_who_may_see(
        self, shop: Any, told: Any, vendor: Any, other_inspector: Any
    ) -> None:
        told(shop)
        assert [moment.kind for moment in offers.timeline(vendor, "registry.premises", str(shop.pk))]
        assert offers.timeline(other_inspector, "registry.premises", str(shop.pk)) == []
        assert offers.timeline(vendor, "registry.premises", "x") == []

    def test_a_signature_is_seen_by_those_who_see_the_inspection(
        self, shop: Any, told: Any, signature: Any, vendor: Any, outsider: Any
    ) -> None:
        told(shop)
        assert offers.may_see(vendor, signature.pk)
        assert not offers.may_see(outsider, signature.pk)


@pytest.fixture
def only_inspections(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"fieldwork": contribute.scenarios.get("fieldwork")}
    monkeypatch.setattr(contribute.scenarios, "_offers", kept)


def test_what_is_planted_in_the_synthetic_county_is_found(
    db: None, settings: Any, tmp_path: Any, only_inspections: None
) -> None:
    settings.DATA_DIR = tmp_path
    truth = build(seed=3, scale=0.03)
    last = datetime(2024, 11, 25, 9, 0, tzinfo=ledger.clock.LOCAL)
    with ledger.clock.held_at(last):
        late = set(selectors.published_late(Inspection.objects.all()).values_list("pk", flat=True))
        assert late == {fault.facts["inspection_id"] for fault in truth.of("late_publication")}
        refused = set(Inspection.objects.exclude(refusal_reason="").values_list("pk", flat=True))
        assert refused == {fault.facts["inspection_id"] for fault in truth.of("refused_signature")}
        old = set(selectors.outdated(PremisesGrade.objects.all(), last.date()).values_list("premises", flat=True))
        planted = {fault.facts["premises_id"] for fault in truth.of("outdated_grade")}
        assert planted
        assert planted == old
        never = {fault.facts["premises_id"] for fault in truth.of("missing_visit")}
        assert never
        assert not Inspection.objects.filter(premises__in=never).exists()
        owed = figures.visit_rows(last.date()).filter(premises__in=never)
        assert never == set(owed.values_list("premises", flat=True))
        assert not owed.filter(done=True).exists()
    assert Finding.objects.exists()
    assert late
    assert refused
