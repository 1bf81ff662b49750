"""From a draft to a paper: the clocks, the one list of what lacks, two persons, two at once."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from fangxin.actions.small_operators.models import Application, FirstVisit, Zone
from fangxin.actions.small_operators.services import applications, deciding, zones
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import MovedOn
from fangxin.kernel.registry import api as registry

pytestmark = pytest.mark.django_db


def test_papers_complete_on_the_day_start_the_clock(hand_in, department, township_clerk):
    with ledger.clock.held_at(date(2024, 2, 5)):
        row = hand_in(department)
    with ledger.clock.held_at(date(2024, 2, 19)):
        deciding.accept(application=row, by=township_clerk)
    assert (row.complete_on, row.due_on) == (date(2024, 2, 5), date(2024, 2, 20))


def test_a_complete_application_is_granted_on_the_spot(issued):
    row = issued()
    paper = row.issued
    assert row.state == "issued"
    assert row.on_the_spot
    assert (paper.kind, paper.issued_on, paper.expires_on) == (
        "small_shop_registration",
        date(2023, 3, 15),
        date(2026, 3, 14),
    )
    assert paper.number == "JYD990101202300001"
    assert registry.public_credential(paper.token).status == "valid"
    assert row.premises.kind == "small_shop"
    assert row.premises.operator.uscc == row.uscc
    visit = FirstVisit.objects.get(credential=paper)
    assert visit.due_on == date(2023, 5, 15)


def test_numbers_go_on_and_holders_are_not_entered_twice(issued):
    first, second = issued(), issued(sign_name="老魏二店")
    assert second.issued.number == "JYD990101202300002"
    assert first.premises.operator == second.premises.operator
    assert first.premises != second.premises


def test_what_lacks_is_told_once_and_in_one_list(hand_in, department, inspector):
    row = hand_in(department, without=("health_cards", "promise_letter"))
    with pytest.raises(ledger.Refused, match="健康证明"):
        deciding.accept(application=row, by=inspector)
    deciding.tell_missing(application=row, missing=["health_cards"], note="", by=inspector)
    assert row.state == "incomplete"
    assert row.due_on is None
    with pytest.raises(ledger.Refused, match="还缺"):
        applications.submit(application=row, by=department)
    applications.add_paper(
        application=row, document="health_cards", name="卡.pdf", content=b"%PDF-1.4\nx", by=department
    )
    applications.submit(application=row, by=department)
    with pytest.raises(ledger.Refused, match="一次告知"):
        deciding.tell_missing(application=row, missing=["promise_letter"], by=inspector)
    deciding.tell_missing(application=row, missing=["health_cards"], by=inspector)
    assert row.state == "incomplete"


@pytest.mark.parametrize("kind", ["enterprise", "cooperative"])
def test_a_company_is_shown_the_way_to_a_licence(values, department, kind):
    row = applications.draft(purpose="new", by=department, **values(operator_kind=kind))
    with pytest.raises(ledger.Refused, match="许可"):
        applications.submit(application=row, by=department)
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_banned_product_is_refused_with_its_clause_and_a_doubtful_one_looked_at(
    values, hand_in, department, inspector
):
    row = applications.draft(purpose="new", by=department, **values("small_workshop", products="粉条\n酸奶"))
    with pytest.raises(ledger.Refused, match=r"酸奶.*乳制品.*第二十三条"):
        applications.submit(application=row, by=department)
    doubtful = hand_in(department, "small_workshop", products="传统固态白酒")
    deciding.accept(application=doubtful, by=inspector)
    with pytest.raises(ledger.Refused, match="人工核对"):
        deciding.issue_on_the_spot(application=doubtful, by=inspector)
    with pytest.raises(ledger.Refused, match="写明"):
        deciding.review(application=doubtful, opinion="grant", note=" ", by=inspector)
    deciding.review(application=doubtful, opinion="grant", note="现场看过，传统固态酿造", by=inspector)
    deciding.issue(application=doubtful, by=department)
    assert doubtful.issued.number.startswith("ZF")


def test_reviewer_and_decider_are_two_persons(hand_in, department, inspector):
    row = hand_in(department)
    deciding.accept(application=row, by=inspector)
    deciding.review(application=row, opinion="grant", by=inspector)
    with pytest.raises(ledger.Refused, match="两个人"):
        deciding.issue(application=row, by=inspector)
    deciding.issue(application=row, by=department)
    assert row.state == "issued"


def test_the_second_decision_is_refused_kindly(hand_in, department, inspector):
    row = hand_in(department)
    deciding.accept(application=row, by=inspector)
    seen_by_two = Application.objects.get(pk=row.pk)
    deciding.issue_on_the_spot(application=row, by=department)
    with pytest.raises(MovedOn, match="已办结"):
        deciding.refuse(application=seen_by_two, reason="不符合", by=inspector)
    again = Application.objects.get(pk=row.pk)
    again.state = "accepted"
    with pytest.raises(MovedOn), transaction.atomic():
        deciding.issue_on_the_spot(application=again, by=inspector)
    assert registry.Credential.objects.count() == 1


def test_a_refusal_says_why_and_can_be_taken_back(hand_in, department, inspector):
    row = hand_in(department)
    with pytest.raises(ledger.Refused):
        deciding.refuse(application=row, reason=" ", by=inspector)
    deciding.refuse(application=row, reason="距污染源不足", route="换址再来", by=inspector)
    deciding.reopen(application=row, reason="复核后距离符合", by=department)
    assert (row.state, row.refusal_reason, row.decided_at) == ("submitted", "", None)


def test_taken_back_and_gone_on_with(hand_in, department):
    row = hand_in(department)
    applications.withdraw(application=row, by=department)
    with pytest.raises(ledger.Refused):
        applications.change_draft(application=row, sign_name="新招牌", by=department)
    applications.resume(application=row, by=department)
    applications.change_draft(application=row, sign_name="新招牌", by=department)
    applications.submit(application=row, by=department)
    assert (row.state, row.sign_name) == ("submitted", "新招牌")


def test_a_renewal_only_inside_its_window(issued, department):
    paper = issued().issued
    row = applications.about(paper, purpose="renewal", by=department)
    for day, said in ((date(2026, 1, 12), "2026-01-13"), (date(2026, 3, 15), "重新申请")):
        with ledger.clock.held_at(day), pytest.raises(ledger.Refused, match=said):
            applications.submit(application=row, by=department)
    with ledger.clock.held_at(date(2026, 2, 12)):
        _complete(row, department)
        applications.submit(application=row, by=department)
        deciding.accept(application=row, by=department)
        deciding.issue_on_the_spot(application=row, by=department)
    new = row.issued
    assert (new.renews, new.number, new.expires_on) == (paper, paper.number, date(2029, 2, 11))
    assert not FirstVisit.objects.filter(credential=new).exists()


def _complete(row, by):
    for paper in applications.papers_of(row):
        if paper.given == "file":
            applications.add_paper(
                application=row, document=paper.code, name="a.pdf", content=b"%PDF-1.4\n" + paper.code.encode(), by=by
            )


def test_one_open_application_of_a_kind_for_a_paper(issued, department):
    paper = issued().issued
    applications.about(paper, purpose="change", by=department)
    with pytest.raises(Exception, match="正在办理"):
        applications.about(paper, purpose="change", by=department)
    applications.about(paper, purpose="cancellation", by=department)


def test_a_change_keeps_number_and_last_day(issued, department):
    old = issued().issued
    row = applications.about(old, purpose="change", by=department)
    with ledger.clock.held_at(date(2023, 6, 1)):
        applications.change_draft(application=row, sign_name="老魏食品店", products="糕点", by=department)
        _complete(row, department)
        applications.submit(application=row, by=department)
        deciding.accept(application=row, by=department)
        deciding.issue_on_the_spot(application=row, by=department)
    assert (row.issued.number, row.issued.expires_on, row.issued.scope) == (old.number, old.expires_on, "糕点")
    assert registry.Premises.objects.get(pk=old.premises_id).name == "老魏食品店"


def test_a_cancellation_ends_the_paper_and_if_asked_the_place(issued, department):
    first = issued()
    row = applications.about(first.issued, purpose="cancellation", by=department)
    applications.change_draft(application=row, shuts=True, by=department)
    applications.submit(application=row, by=department)
    deciding.accept(application=row, by=department)
    deciding.issue_on_the_spot(application=row, by=department)
    first.issued.refresh_from_db()
    first.premises.refresh_from_db()
    assert first.issued.revoked_on == date(2023, 3, 15)
    assert first.premises.status == "closed"
    with pytest.raises(ledger.Refused):
        applications.about(first.issued, purpose="renewal", by=department)


def test_a_stall_gets_its_place_and_the_township_its_card(issued, department, township_clerk):
    zone = zones.draw_zone(
        name="早市", division_code="990101100", latitude=34.0, longitude=111.0, radius_m=80, capacity=1, by=department
    )
    row = issued("stall", zone_wish=zone)
    assert Zone.objects.get(pk=zone.pk).taken == 1
    assert row.issued.expires_on is None
    deciding.receive_card(application=row, by=township_clerk)
    with pytest.raises(ledger.Refused):
        deciding.receive_card(application=row, by=township_clerk)
    full = issued("stall", zone_wish=zone, sign_name="二号凉皮")
    assert full.state == "issued"
    assert not full.premises.small_placements.exists()


def test_every_step_stands_in_the_ledger(issued):
    row = issued()
    told = set(ledger.entries_of("small_operators.application", str(row.pk)).values_list("event", flat=True))
    assert {
        f"small_operators.application.{w}" for w in ("drafted", "paper_added", "submitted", "accepted", "issued")
    } <= told
    text = " ".join(ledger.entries_of("small_operators.application", str(row.pk)).values_list("data", flat=True))
    assert row.phone not in text
    assert row.principal not in text


def test_a_province_with_slower_offices_is_another_file(settings, tmp_path, invented_standards, hand_in, department):
    import shutil

    folder = tmp_path / "standards"
    shutil.copytree(invented_standards, folder)
    own = folder / "small_operators" / "cloud-ridge.toml"
    own.write_text(own.read_text("utf-8").replace("validity_years = 3", "validity_years = 5"), encoding="utf-8")
    clock = folder / "clocks" / "clocks.toml"
    text = clock.read_text("utf-8")
    begin = text.index('code = "DL23"')
    clock.write_text(text[:begin] + text[begin:].replace("length = 7", "length = 10", 1), encoding="utf-8")
    settings.STANDARDS_DIR = folder
    row = hand_in(department)
    assert row.due_on == date(2023, 3, 29)
    deciding.accept(application=row, by=department)
    deciding.issue_on_the_spot(application=row, by=department)
    assert row.issued.expires_on == date(2028, 3, 14)
    assert row.due_on - row.complete_on == timedelta(days=14)
