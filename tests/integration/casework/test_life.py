"""A matter's life: what may follow what, and by whom."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from tests.conftest import TOWN
from tests.integration.casework.conftest import PNG

from fangxin.kernel.casework import api as casework
from fangxin.kernel.casework.models import Matter, MatterStep
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger.models import Entry

pytestmark = pytest.mark.django_db


def test_a_matter_lives_from_opening_to_look_back(submitted, office, second_office, after):
    matter = submitted()
    assert matter.number == "2023-000001"
    assert matter.due_on == date(2023, 4, 6)  # 15 working days over the feast of 5 April
    with after(3):
        casework.close(matter=matter, by=office)
    assert matter.closed_on == date(2023, 3, 18)
    with after(30):
        casework.look_back(matter=matter, held=True, text="现场保持良好", by=second_office)
    assert matter.state == "looked_back"
    actions = list(matter.steps.values_list("action", "from_state", "state"))
    assert actions == [
        ("open", "", "opened"),
        ("assign", "opened", "assigned"),
        ("start", "assigned", "rectifying"),
        ("submit", "rectifying", "submitted"),
        ("close", "submitted", "closed"),
        ("look_back_held", "closed", "looked_back"),
    ]


def test_every_step_stands_in_the_ledger_with_its_place(closed):
    matter = closed()
    words = Entry.objects.filter(subject_type="casework.matter", subject_id=str(matter.pk))
    assert list(words.order_by("pk").values_list("event", flat=True)) == [
        "casework.matter.opened",
        "casework.matter.assigned",
        "casework.matter.started",
        "casework.matter.evidence_added",
        "casework.matter.submitted",
        "casework.matter.closed",
    ]
    assert set(words.values_list("division_code", flat=True)) == {TOWN}


def test_closing_needs_proof(rectifying, department):
    matter = rectifying()
    with pytest.raises(casework.Refused, match="没有整改证明"):
        casework.submit(matter=matter, text="已改", by=department)
    matter.refresh_from_db()
    assert matter.state == "rectifying"


def test_a_photo_of_the_hazard_is_no_proof_of_its_removal(rectifying, department):
    matter = rectifying()
    casework.add_evidence(matter=matter, kind="hazard", name="before.png", content=PNG, by=department)
    with pytest.raises(casework.Refused, match="没有整改证明"):
        casework.submit(matter=matter, text="已改", by=department)


def test_the_photo_of_the_hazard_is_refused_as_proof(rectifying, department):
    matter = rectifying()
    casework.add_evidence(matter=matter, kind="hazard", name="before.png", content=PNG, by=department)
    with pytest.raises(casework.Refused, match="同一个文件"):
        casework.add_evidence(matter=matter, kind="rectification", name="after.png", content=PNG, by=department)


def test_whoever_put_it_right_cannot_accept_it(submitted, department, second_department):
    matter = submitted()
    for judge in (casework.close, casework.return_):
        with pytest.raises(casework.Refused, match="另一名人员"):
            judge(matter=matter, text="看过", by=department)
    assert casework.close(matter=matter, by=second_department).state == "closed"


def test_whoever_only_started_it_cannot_accept_it_either(rectifying, department, second_department):
    matter = rectifying()
    casework.add_evidence(matter=matter, kind="rectification", name="a.png", content=PNG, by=department)
    casework.submit(matter=matter, text="已改", by=second_department)
    with pytest.raises(casework.Refused):
        casework.close(matter=matter, by=department)


def test_the_platform_itself_closes_nothing(submitted):
    with pytest.raises(casework.Refused, match="具体人员"):
        casework.close(matter=submitted(), by=None)


def test_a_critical_matter_is_closed_by_two_others(submitted, office, second_office):
    matter = submitted(severity="critical")
    casework.close(matter=matter, text="现场核查合格", by=office)
    assert matter.state == "submitted"
    with pytest.raises(casework.Refused, match="两人"):
        casework.close(matter=matter, by=office)
    casework.close(matter=matter, by=second_office)
    assert (matter.state, matter.closing_proposed_by, matter.closed_by) == ("closed", "office", "office2")


def test_a_return_takes_the_first_agreement_back(submitted, office, second_office, department):
    matter = submitted(severity="critical")
    casework.close(matter=matter, by=office)
    casework.return_(matter=matter, text="照片看不清", by=second_office)
    casework.submit(matter=matter, text="补了照片", by=department)
    assert casework.close(matter=matter, by=second_office).state == "submitted"


def test_two_people_press_the_same_button(submitted, office, second_office):
    matter = submitted()
    mine, theirs = Matter.objects.get(pk=matter.pk), Matter.objects.get(pk=matter.pk)
    casework.close(matter=mine, by=office)
    with pytest.raises(casework.MovedOn, match="刚刚已有人办理"):
        casework.close(matter=theirs, by=second_office)
    matter.refresh_from_db()
    assert matter.closed_by == "office"
    assert matter.steps.filter(action="close").count() == 1


def test_a_step_cannot_be_skipped(open_matter, department):
    matter = open_matter()
    with pytest.raises(casework.Refused, match="已立账"):
        casework.start(matter=matter, by=department)


def test_a_matter_that_came_back_is_a_new_one_that_points_to_the_old(closed, second_office, after):
    matter = closed()
    with after(40):
        again = casework.look_back(matter=matter, held=False, text="纱窗又破了", by=second_office)
    assert again.reopened_from == matter
    assert again.rebound
    assert (again.state, again.subject_id, again.owner) == ("opened", matter.subject_id, matter.owner)
    matter.refresh_from_db()
    assert matter.look_back_result == "rebounded"


def test_a_matter_comes_back_once(closed, office, second_office):
    matter = closed()
    casework.reopen(matter=matter, by=second_office)
    with pytest.raises(casework.Refused, match="已经重新立账"):
        casework.reopen(matter=matter, by=office)
    assert Matter.objects.count() == 2


def test_after_six_months_it_no_longer_counts_as_a_rebound(closed, second_office, after):
    soon, late = closed(), closed()
    with after(184):  # 15 September, six months to the day
        assert casework.reopen(matter=soon, by=second_office).rebound
    with after(185):
        assert not casework.reopen(matter=late, by=second_office).rebound


def test_a_matter_opened_in_error_is_withdrawn_by_two(open_matter, office, second_office):
    matter = open_matter()
    casework.withdraw(matter=matter, reason="同一问题立了两次", by=office)
    assert matter.state == "opened"
    with pytest.raises(casework.Refused, match="另一名人员"):
        casework.decide_withdrawal(matter=matter, approved=True, by=office)
    casework.decide_withdrawal(matter=matter, approved=True, by=second_office)
    assert matter.state == "withdrawn"


def test_a_refused_withdrawal_leaves_the_matter_where_it_was(open_matter, office, second_office):
    matter = open_matter()
    casework.withdraw(matter=matter, reason="像是重复", by=office)
    casework.decide_withdrawal(matter=matter, approved=False, text="不是同一处", by=second_office)
    assert (matter.state, matter.withdrawal_asked_by) == ("opened", "")


def test_the_owner_may_change_and_the_past_keeps_the_old_one(open_matter, agencies, office, after):
    matter = open_matter()
    with after(1):
        casework.assign(matter=matter, owner=agencies["health"], by=office)
    before = casework.matters_as_rows(date(2023, 3, 15)).get()
    now = casework.matters_as_rows(date(2023, 3, 16)).get()
    assert (before.owner_agency, now.owner_agency) == (agencies["market"].pk, agencies["health"].pk)
    assert (before.state, now.state) == ("opened", "assigned")


def test_the_due_date_is_fixed_with_the_first_hand_over(open_matter, office):
    matter = open_matter()
    casework.assign(matter=matter, due_on=date(2023, 5, 1), by=office)
    assert matter.due_on == date(2023, 5, 1)
    with pytest.raises(casework.Refused, match="延期"):
        casework.assign(matter=matter, due_on=date(2023, 6, 1), by=office)


def test_the_same_finding_opens_one_matter(open_matter):
    first, second = open_matter(opened_from="plans.return:12"), open_matter(opened_from="plans.return:12")
    assert first == second
    assert Matter.objects.count() == 1


def test_an_announced_finding_becomes_a_matter(agencies, department):
    found = Announcement(
        "finding", "plans.return", "12", "二季度总结", TOWN, "季度总结逾期未报",
        {"severity": "minor", "owner_agency_id": agencies["market"].pk, "origin": "overdue_return", "key": "return:12"},
    )  # fmt: skip
    contribute.announce(found, by=department)
    contribute.announce(found, by=department)
    matter = Matter.objects.get()
    assert (matter.origin, matter.owner, matter.hazard) == ("overdue_return", agencies["market"], "季度总结逾期未报")
    assert list(casework.open_matters_of("plans.return", "12")) == [matter]


def test_a_finding_without_owner_goes_to_the_office_of_the_county(agencies):
    contribute.announce(Announcement("finding", "x.y", "1", "某店", TOWN, "无证经营"), by=None)
    assert Matter.objects.get().owner == agencies["office"]


def test_a_refused_opening_writes_nothing(open_matter):
    for facts in ({"severity": "grave"}, {"origin": "dream"}, {"hazard": " "}, {"due_on": date(2023, 3, 14)},
                  {"due_on": date(2032, 4, 1)}):  # fmt: skip
        with pytest.raises(ValidationError), transaction.atomic():
            open_matter(**facts)
    assert not Matter.objects.exists()
    assert not MatterStep.objects.exists()


@pytest.mark.parametrize(("rows", "field"), [("steps", "text"), ("evidence", "note")])
def test_history_cannot_be_rewritten(closed, rows, field):
    history = getattr(closed(), rows).all()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        history.update(**{field: "nothing happened"})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        history._raw_delete(history.db)


def test_the_database_itself_refuses_a_closer_who_submitted(submitted):
    matter = submitted()
    with pytest.raises(DatabaseError), transaction.atomic():
        Matter.objects.filter(pk=matter.pk).update(
            state="closed", closed_on=date(2023, 3, 15), closed_at=matter.opened_at, closed_by="market"
        )
