"""A round from its start to its end: what is read, who is asked, who signs, what an appeal changes."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from tests.integration.assessment.conftest import COUNTY, on

from fangxin.kernel.casework import api as casework
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.assessment import api as assessment
from fangxin.oversight.assessment.data import Refused
from fangxin.oversight.assessment.models import Adjustment
from fangxin.oversight.board import api as board
from fangxin.oversight.plans import api as plans

pytestmark = pytest.mark.django_db
LATE_2022 = datetime(2022, 12, 1, 10, tzinfo=ledger.clock.LOCAL)


def give_tasks(plan, agency, done, total, year=2022):
    action = plan.actions.order_by("number").first()
    plans.Task.objects.bulk_create(
        plans.Task(
            action=action, year=year, title=f"任务{n}", accountable=agency, division_code=agency.division_code,
            due_on=date(year, 11, 30), state="done" if n < done else "open", done_at=LATE_2022 if n < done else None,
        )
        for n in range(total)
    )  # fmt: skip


def approved(members, code, proof, office, second_office, **more):
    made = assessment.propose(participants=members, code=code, reason="见附件", evidence=proof, by=office, **more)
    for item in made:
        assessment.decide_adjustment(adjustment=item, approved=True, by=second_office)
    return made


def readings(score):
    return {reading["code"]: reading for reading in score.readings}


def test_a_veto_gives_grade_d_though_84_9_is_second_of_nineteen(
    start, simple_rules, plan, agencies, office, second_office, proof, member, score_of
):
    """The published vector: base 86.4, bonus 3, deduction 4.5 → 84.9; a veto caps the grade whatever the rank."""
    towns = [agencies["town"], agencies["other_town"]]
    towns += [
        people.create_agency(name=f"第{n}镇", short_name=f"第{n}镇", kind="township", division_code=COUNTY, by=None)
        for n in range(17)
    ]
    give_tasks(plan, towns[0], 108, 125)  # 86.4 %
    give_tasks(plan, towns[1], 10, 10)
    for town in towns[2:]:
        give_tasks(plan, town, 1, 2)
    round_ = start(simple_rules)
    mine = [member(round_, towns[0])]
    approved(mine, "commended", proof, office, second_office)
    for _n in range(3):
        approved(mine, "summoned", proof, office, second_office)
    before = score_of(round_, towns[0])
    assert (before.base, before.bonus, before.deduction, before.total) == tuple(
        map(Decimal, ("86.40", "3.00", "4.50", "84.90"))
    )
    assert (before.rank, before.of, before.grade) == (2, 19, "A")
    approved(mine, "concealed", proof, office, second_office)
    vetoed = score_of(round_, towns[0])
    assert (vetoed.total, vetoed.rank, vetoed.of, vetoed.grade) == (Decimal("84.90"), 2, 19, "D")
    assert vetoed.previous_id == before.pk


def test_equal_totals_share_a_rank_and_groups_are_ranked_apart(start, simple_rules, plan, agencies, score_of):
    give_tasks(plan, agencies["town"], 4, 5)
    give_tasks(plan, agencies["other_town"], 8, 10)
    round_ = start(simple_rules)
    found = {s.participant.agency: (s.rank, s.of, s.participant.group) for s in assessment.current_scores(round_)}
    assert found[agencies["town"]] == found[agencies["other_town"]] == (1, 2, "township")
    assert {group for _rank, of, group in found.values() if of == 3} == {"lead"}


def test_every_number_opens_to_its_records(start, county_rules, plan, agencies, score_of):
    plans.Return.objects.filter(period__code="2022-Q2", agency=agencies["market"]).update(
        submitted_at=datetime(2022, 6, 24, 17, tzinfo=ledger.clock.LOCAL), state="submitted"
    )
    score = score_of(start(county_rules), agencies["market"])
    for reading in score.readings:
        counted = [record["counted"] for record in reading["records"]]
        if reading["denominator"] is not None:
            assert counted.count(True) == int(reading["numerator"]), reading["code"]
            assert counted.count(True) + counted.count(False) == int(reading["denominator"]), reading["code"]
    timeliness = readings(score)["return_timeliness"]
    ratio = plans.return_timeliness(plan=plan, agency=agencies["market"], year=2022, as_of=date(2022, 12, 31))
    assert (timeliness["numerator"], timeliness["denominator"]) == (str(ratio.numerator), str(ratio.denominator))
    assert (ratio.numerator, ratio.denominator) == (2, 6)
    assert {r["note"] for r in timeliness["records"]} == {"按时", "截至2022-12-31未报"}


def test_readings_agree_with_what_the_plan_counts(start, county_rules, plan, agencies, score_of):
    give_tasks(plan, agencies["farm"], 3, 4)
    round_ = start(county_rules)
    for agency in (agencies["farm"], agencies["market"], agencies["health"]):
        found = readings(score_of(round_, agency))
        tasks = plans.task_completion(agency=agency, year=2022, as_of=date(2022, 12, 31), plan=plan)
        special = plans.special_plan_timeliness(plan=plan, agency=agency, as_of=date(2022, 12, 31))
        assert (int(found["task_completion"]["numerator"]), int(found["task_completion"]["denominator"])) == tasks
        assert found["special_plan_timeliness"]["denominator"] == str(special.denominator)


def test_what_the_plan_does_not_ask_leaves_the_sum_and_what_is_missing_is_never_full_marks(
    start, county_rules, plan, agencies, score_of
):
    round_ = start(county_rules)
    town = score_of(round_, agencies["town"])
    outcomes = {item["code"]: item["outcome"] for item in town.items}
    asked_nothing = {code for code, outcome in outcomes.items() if outcome == "not_applicable"}
    assert asked_nothing == {"special_plan_timeliness", "return_timeliness", "return_quality", "goal_attainment"}
    assert all(readings(town)[code]["evidence"] == [f"plans.plan:{plan.pk}"] for code in asked_nothing)
    assert set(town.undetermined) == {"task_completion", "matters_on_time"}  # nothing split to it, nothing due
    assert (town.total, town.grade, town.provisional) == (Decimal(0), "", True)
    assert town.total_at_best == Decimal(100)


def test_goals_count_in_the_year_in_which_their_day_comes(start, county_rules, plan, agencies, score_of, office):
    leads = list(plan.goals.filter(action__lead=agencies["market"]).order_by("order"))
    leads[0].indicator_code, leads[1].indicator_code = "X1", "X2"
    type(leads[0]).objects.bulk_update(leads, ["indicator_code"])
    with on("2024-12-31"):
        taken = board.Snapshot.objects.create(
            label="2024-FINAL", kind="report", as_of=date(2024, 12, 31), division_code=COUNTY, ledger_id="x",
            ledger_seq=0, ledger_digest="x", taken_at=ledger.clock.now(),
        )  # fmt: skip
        for place, first, second in ((COUNTY, "met", "not_met"), ("990101100", "met", "no_subjects")):
            for code, status in (("X1", first), ("X2", second)):
                board.SnapshotFigure.objects.create(
                    snapshot=taken, code=code, division_code=place, status=status, formula_version="1"
                )
    assert readings(score_of(start(county_rules, 2022), agencies["market"]))["goal_attainment"]["not_applicable"]
    with on("2025-01-10"):
        round_ = start(county_rules, 2024)
    market = readings(score_of(round_, agencies["market"]))["goal_attainment"]
    assert (market["numerator"], market["denominator"]) == ("1", "2")
    # The township answers for goals of actions laid on townships; what has no object there is counted nowhere.
    town = readings(score_of(round_, agencies["town"]))["goal_attainment"]
    assert [(r["id"], r["counted"]) for r in town["records"]] == [("X2", None)]
    assert "goal_attainment" in score_of(round_, agencies["town"]).undetermined
    other = readings(score_of(round_, agencies["other_town"]))["goal_attainment"]
    assert other["records"] == []


def test_matters_of_a_station_count_for_the_bureau_above_it(start, county_rules, agencies, office, score_of):
    people.Agency.objects.filter(pk=agencies["station"].pk).update(parent=agencies["market"])
    with on("2022-06-01"):
        for owner in ("market", "station", "town"):
            casework.open_matter(
                origin="inspection", hazard="无防蝇设施", subject_type="", subject_id="", subject_name="某店",
                division_code="990101100", severity="minor", owner=agencies[owner], due_on=date(2022, 6, 20), by=office,
            )  # fmt: skip
    round_ = start(county_rules)
    assert readings(score_of(round_, agencies["market"]))["matters_on_time"]["denominator"] == "2"
    assert readings(score_of(round_, agencies["town"]))["matters_on_time"]["denominator"] == "1"


def test_computed_again_it_is_a_new_row_only_where_something_changed(round_, plan, agencies, office, score_of):
    first = score_of(round_, agencies["town"])
    assert assessment.recompute(round_=round_, by=office) == []
    give_tasks(plan, agencies["town"], 1, 1)
    changed = assessment.recompute(round_=round_, by=office)
    # The other township falls to second place; the departments are another group, and nothing of theirs changed.
    assert {s.participant.agency for s in changed} == {agencies["town"], agencies["other_town"]}
    second = score_of(round_, agencies["town"])
    assert (second.previous_id, first.total, second.total) == (first.pk, Decimal(0), Decimal(100))


def test_nobody_approves_what_they_proposed(round_, office, second_office, member, agencies, proof):
    (item,) = assessment.propose(
        participants=[member(round_, agencies["town"])], code="commended", reason="表扬", evidence=proof, by=office
    )
    with pytest.raises(Refused, match="提出人不能审批"):
        assessment.decide_adjustment(adjustment=item, approved=True, by=office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adjustment.objects.filter(pk=item.pk).update(decided_by=office, decided_at=ledger.clock.now(), state="approved")
    assessment.decide_adjustment(adjustment=item, approved=True, by=second_office)
    assert item.state == "approved"
    with pytest.raises(Refused, match="审批人不能自己撤销"):
        assessment.withdraw(adjustment=item, reason="误", by=second_office)


def test_without_evidence_no_point_is_added(round_, office, member, agencies):
    with pytest.raises(ValidationError, match="证据"):
        assessment.propose(
            participants=[member(round_, agencies["town"])], code="commended", reason="x", evidence=None, by=office
        )
    assert not Adjustment.objects.exists()


def test_the_office_settles_what_could_not_be_determined_but_never_what_was_computed(
    start, county_rules, plan, agencies, office, second_office, proof, member, score_of
):
    give_tasks(plan, agencies["town"], 3, 4)
    round_ = start(county_rules)
    town = member(round_, agencies["town"])
    with pytest.raises(Refused, match="已有平台计算的结果"):
        assessment.propose(
            participants=[town], code="task_completion", ruling="stated", reason="x", evidence=proof, by=office,
            numerator=Decimal(4), denominator=Decimal(4),
        )  # fmt: skip
    both = [town, member(round_, agencies["other_town"])]
    approved(both, "matters_on_time", proof, office, second_office, ruling="not_applicable")
    settled = score_of(round_, agencies["town"])
    assert (settled.undetermined, settled.grade) == ([], "D")  # 75 % done, half of the way from 50 to 100 %
    assert settled.total == Decimal(50)
    other = score_of(round_, agencies["other_town"])
    assert other.undetermined == ["task_completion"]
    approved(
        [member(round_, agencies["other_town"])], "task_completion", proof, office, second_office,
        ruling="stated", numerator=Decimal(9), denominator=Decimal(10),
    )  # fmt: skip
    other = score_of(round_, agencies["other_town"])
    assert (other.total, other.grade) == (Decimal(80), "B")


def test_the_scorer_does_not_review_and_a_returned_score_can_be_mended(checking, office, second_office):
    assessment.score(round_=checking, by=office)
    with pytest.raises(Refused, match="评分人不能复核"):
        assessment.review(round_=checking, approved=True, by=office)
    with pytest.raises(Refused, match="请写明"):
        assessment.review(round_=checking, approved=False, by=second_office)
    assessment.review(round_=checking, approved=False, text="核对石门镇任务", by=second_office)
    assert checking.state == "department_self_check"
    assessment.score(round_=checking, by=second_office)
    assessment.review(round_=checking, approved=True, by=office)
    assert checking.state == "reviewed"


def test_a_pending_proposal_stops_the_scoring(checking, office, member, agencies, proof):
    assessment.propose(
        participants=[member(checking, agencies["town"])], code="commended", reason="x", evidence=proof, by=office
    )
    with pytest.raises(Refused, match="待审批"):
        assessment.score(round_=checking, by=office)


def test_rules_nobody_has_confirmed_are_not_published_by(start, county_rules, office, second_office):
    round_ = start(county_rules)
    assessment.open_self_check(round_=round_, until=date(2023, 3, 20), by=office)
    assessment.score(round_=round_, by=office)
    assessment.review(round_=round_, approved=True, by=second_office)
    with pytest.raises(Refused, match="还没有确认"):
        assessment.publish(round_=round_, by=office)
    catalog.confirm_edition(edition=round_.edition, digest=round_.edition.digest, by=second_office)
    assessment.publish(round_=round_, by=office)
    assert round_.appeal_until == date(2023, 3, 22)


def test_appeals_are_heard_until_the_end_of_the_fifth_working_day(published, member, agencies, township_clerk):
    town = member(published, agencies["town"])
    with on("2023-03-23", 0), pytest.raises(Refused, match="申诉期已于2023-03-22届满"):
        assessment.lodge(participant=town, text="任务已完成", by=township_clerk)
    town.refresh_from_db()
    assert not town.appeals.exists()
    with on("2023-03-22", 23):
        assessment.lodge(participant=town, text="任务已完成", by=township_clerk)
    with on("2023-03-22", 23), pytest.raises(ValidationError, match="正在处理"):
        assessment.lodge(participant=member(published, agencies["town"]), text="再次申诉", by=township_clerk)


def test_an_upheld_appeal_scores_again_as_of_the_same_day_and_keeps_both_scores(
    checking, plan, agencies, office, second_office, township_clerk, member, score_of, proof
):
    town = member(checking, agencies["town"])
    give_tasks(plan, agencies["town"], 1, 2)
    (deduction,) = approved([town], "summoned", proof, office, second_office)
    assessment.score(round_=checking, by=office)
    assessment.review(round_=checking, approved=True, by=second_office)
    assessment.publish(round_=checking, by=office)
    appeal = assessment.lodge(participant=member(checking, agencies["town"]), text="没有被约谈", by=township_clerk)
    checking.refresh_from_db()
    assert checking.state == "appealing"
    with pytest.raises(Refused, match="不能处理这件申诉"):
        assessment.decide_appeal(appeal=appeal, upheld=True, decision="核实", by=office)
    assessment.withdraw(adjustment=Adjustment.objects.get(pk=deduction.pk), reason="系误记", by=office)
    with on("2023-03-29"):
        appeal.refresh_from_db()
        assessment.decide_appeal(appeal=appeal, upheld=True, decision="核实属误记，撤销减分。", by=second_office)
    assert (appeal.score_before.total, appeal.score_after.total) == (Decimal("48.50"), Decimal("50.00"))
    assert appeal.score_after.as_of == appeal.score_before.as_of
    checking.refresh_from_db()
    assert checking.state == "published"


def test_a_result_stands_only_after_the_time_for_appeals(
    published, office, second_office, member, agencies, township_clerk
):
    with pytest.raises(Refused, match="期满后"):
        assessment.finish(round_=published, by=office)
    appeal = assessment.lodge(participant=member(published, agencies["town"]), text="异议", by=township_clerk)
    with on("2023-03-23"):
        published.refresh_from_db()
        with pytest.raises(Refused, match="还有申诉"):
            assessment.finish(round_=published, by=office)
        assessment.decide_appeal(appeal=appeal, upheld=False, decision="记录无误。", by=second_office)
        published.refresh_from_db()
        assessment.finish(round_=published, by=office)
    assert published.state == "final"
    with on("2023-03-22"), pytest.raises(Refused):
        assessment.lodge(participant=member(published, agencies["town"]), text="再申诉", by=township_clerk)


def test_after_publication_only_the_appellants_points_may_be_touched(
    published, member, agencies, office, township_clerk, proof
):
    def propose(agency):
        return assessment.propose(
            participants=[member(published, agency)], code="commended", reason="x", evidence=proof, by=office
        )

    with pytest.raises(Refused, match="公布后"):
        propose(agencies["town"])
    assessment.lodge(participant=member(published, agencies["town"]), text="漏记表扬", by=township_clerk)
    assert propose(agencies["town"])
    with pytest.raises(Refused, match="公布后"):
        propose(agencies["other_town"])


def test_self_check_is_a_comment_and_closes_on_its_day(checking, member, agencies, township_clerk, score_of):
    town = member(checking, agencies["town"])
    before = score_of(checking, agencies["town"]).pk
    assessment.say(participant=town, text="任务3已完成", by=township_clerk)
    assert score_of(checking, agencies["town"]).pk == before
    with on("2023-03-21"), pytest.raises(Refused, match="截止"):
        assessment.say(participant=town, text="迟了", by=township_clerk)


def test_one_round_a_year_unless_it_was_cancelled(start, round_, simple_rules, office):
    with pytest.raises(ValidationError, match="已经启动"):
        start(simple_rules)
    from fangxin.oversight.assessment.services.rounds import cancel

    cancel(round_=round_, reason="规则选错", by=office)
    assert start(simple_rules).state == "draft"


def test_a_year_outside_the_plan_or_the_rules_is_refused(start, simple_rules, plan):
    with pytest.raises(Refused, match="还没有开始"):
        start(simple_rules, 2024)
    with pytest.raises(Refused, match="实施期"):
        start(simple_rules, 2021)


def test_rules_changed_behind_its_back_stop_the_round(round_, office):
    type(round_.edition).objects.filter(pk=round_.edition_id).update(body="code = 'other'")
    round_.refresh_from_db()
    with pytest.raises(Refused, match="不一致"):
        assessment.recompute(round_=round_, by=office)


def test_two_who_press_at_once_move_the_round_only_once(checking, office, second_office):
    seen_by_other = assessment.Round.objects.get(pk=checking.pk)
    assessment.score(round_=checking, by=office)
    with pytest.raises(Refused, match="刚被别人办理过"):
        assessment.score(round_=seen_by_other, by=second_office)
