"""What was planted lies in the database: each fault is found by a plain query."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import F

from fangxin.actions.farm_inputs.models import Farm
from fangxin.engines.deadlines import add_months
from fangxin.kernel.casework import api as casework
from fangxin.kernel.casework.models import Escalation, Extension, Matter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.oversight.board.models import Snapshot, TypedFigure
from fangxin.oversight.plans.models import Plan, Return, ReturnPeriod, SpecialPlan, Task
from fangxin.sim import truth as truths
from fangxin.sim.life import truth_path
from fangxin.sim.names import MARK
from fangxin.sim.password import PASSWORD
from fangxin.sim.values import BEGINS, ENDS

COUNTY = "411224"
pytestmark = pytest.mark.django_db


def test_every_kind_of_fault_was_planted(truth: truths.Truth) -> None:
    planted = {fault.kind for fault in truth.faults}
    ponds = Farm.objects.filter(kind=Farm.Kind.AQUATIC).exists()
    # Only a county without a fish farm may lack the fault that needs one.
    assert planted == set(truths.KINDS) - (set() if ponds else {"fish_records_missing"})


def test_the_truth_can_be_read_again_from_its_file(truth: truths.Truth) -> None:
    written = truths.read(truth_path())
    assert (written.seed, written.world, len(written.faults)) == (truth.seed, truth.world, len(truth.faults))


def test_unregistered_places_were_seen_and_are_in_no_register(truth: truths.Truth) -> None:
    for fault in truth.of("unregistered"):
        seen = registry.CensusEntry.objects.filter(name_seen=fault.subject, operating=True)
        assert seen.exists()
        assert not seen.filter(premises__isnull=False).exists()
        assert not registry.Premises.objects.filter(name=fault.subject).exists()


def test_lookalikes_wait_for_a_person(truth: truths.Truth) -> None:
    for fault in truth.of("near_duplicate"):
        assert registry.CensusEntry.objects.filter(name_seen=fault.facts["seen"], match="unmatched").exists()
        assert registry.Premises.objects.filter(pk=fault.facts["premises_id"], name=fault.facts["registered"]).exists()


def test_expired_papers_have_expired_while_the_place_operates(truth: truths.Truth) -> None:
    for fault in truth.of("expired_credential"):
        place = registry.Premises.objects.get(pk=fault.facts["premises_id"])
        assert place.status == "operating"
        assert not place.credentials.filter(expires_on__gte=ENDS).exists()


def test_closed_places_were_seen_open(truth: truths.Truth) -> None:
    for fault in truth.of("closed_still_operating"):
        place = registry.Premises.objects.get(pk=fault.facts["premises_id"], status="closed")
        assert registry.CensusEntry.objects.filter(premises=place, operating=True, seen_on__gt=place.closed_on).exists()


def test_uncertified_staff_work_without_an_exam(truth: truths.Truth) -> None:
    for fault in truth.of("uncertified_staff"):
        person = registry.Staff.objects.get(pk=fault.facts["staff_id"], left_on=None)
        assert not person.certificates.filter(kind="training_exam").exists()


def test_forgotten_matters_are_closed_and_their_look_back_is_overdue(truth: truths.Truth) -> None:
    for fault in truth.of("closed_without_look_back"):
        assert Matter.objects.filter(
            pk=fault.facts["matter_id"], state="closed", looked_back_at=None, look_back_due_on__lt=ENDS
        ).exists()


def test_rebounds_point_to_the_matter_they_came_back_from(truth: truths.Truth) -> None:
    for fault in truth.of("rebound"):
        assert Matter.objects.filter(reopened_from=fault.facts["matter_id"], rebound=True).exists()


def test_late_and_missing_returns_are_exactly_those_planted(truth: truths.Truth) -> None:
    due = Return.objects.filter(period__due_on__lt=ENDS).select_related("period", "action")
    late = {
        f"{r.period.code}/{r.action.number}": r.days_late(ENDS) for r in due if r.submitted_at and r.days_late(ENDS)
    }
    missing = {f"{r.period.code}/{r.action.number}" for r in due if r.submitted_at is None}
    assert late == {fault.subject: fault.facts["days_late"] for fault in truth.of("late_return")}
    assert missing == {fault.subject for fault in truth.of("missing_return")}


def test_late_special_plans_are_exactly_those_planted(truth: truths.Truth) -> None:
    late = {str(s.action.number): s.days_late(ENDS) for s in SpecialPlan.objects.all() if s.days_late(ENDS)}
    assert late == {fault.subject: fault.facts["days_late"] for fault in truth.of("late_special_plan")}


def test_inflated_figures_stand_beside_the_computed_ones(truth: truths.Truth) -> None:
    for fault in truth.of("inflated_figure"):
        typed = TypedFigure.objects.get(code=fault.facts["indicator"], period=fault.facts["period"])
        assert typed.numerator is not None
        assert typed.computed_numerator is not None
        assert typed.numerator == Decimal(str(fault.facts["typed"][0]))  # type: ignore[index]
        assert typed.numerator >= typed.computed_numerator


def test_one_agency_types_everything_done_each_time(truth: truths.Truth) -> None:
    for fault in truth.of("always_hundred"):
        typed = TypedFigure.objects.filter(agency__name=fault.subject, denominator__isnull=False)
        assert typed.count() > 0
        assert not typed.exclude(numerator=F("denominator")).exists()
        assert not typed.exclude(evidence=None).exists()


def test_all_returns_of_all_periods_exist_and_every_past_period_is_frozen(truth: truths.Truth) -> None:
    plan = Plan.objects.get(state="confirmed")
    periods = ReturnPeriod.objects.filter(plan=plan)
    assert (plan.actions.count(), periods.count(), Return.objects.count()) == (12, 11, 132)
    past = periods.filter(due_on__lt=ENDS)
    assert not past.filter(snapshot=None).exists()
    assert set(Snapshot.objects.values_list("as_of", flat=True)) >= set(past.values_list("due_on", flat=True))
    assert set(Return.objects.filter(period__due_on__gt=ENDS).values_list("state", flat=True)) >= {
        "not_started",
        "drafting",
    }
    assert set(Task.objects.values_list("state", flat=True)) == {"open", "done"}


def test_the_account_of_matters_holds_in_every_month(truth: truths.Truth) -> None:
    month = date(BEGINS.year, BEGINS.month, 1)
    opening = 0
    while month < ENDS:
        following = add_months(month, 1)
        account = casework.figures(COUNTY, month, following - timedelta(days=1))
        assert account.balance.holds, month
        assert account.opening == opening, month
        opening, month = account.open, following
    assert Extension.objects.count() + Escalation.objects.count() > 0


def test_everybody_on_the_list_of_logins_can_sign_in(truth: truths.Truth) -> None:
    for username in ("office", "market", "health", "town", "inspector", "school", "shop", "reader", "admin"):
        user = people.User.objects.get(username=username)
        assert user.check_password(PASSWORD)
        assert user.posts_on(ENDS).exists()


def test_every_operator_is_marked_as_invented(truth: truths.Truth) -> None:
    assert not registry.Operator.objects.exclude(name__contains=MARK).exists()


def test_the_ledger_of_the_years_verifies(truth: truths.Truth) -> None:
    answer = ledger.verify()
    assert answer.holds
    assert answer.pending == 0


@pytest.mark.parametrize("role", ["office", "department", "township", "inspector", "institution", "operator", "reader"])
def test_every_role_has_somebody(truth: truths.Truth, role: str) -> None:
    assert people.Post.objects.filter(role=role).exists()
