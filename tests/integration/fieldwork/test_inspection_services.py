"""An inspection from the first item to the closed findings."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from tests.integration.fieldwork.conftest import FAILED, PNG

from fangxin.kernel.casework import api as casework
from fangxin.kernel.casework.models import Matter
from fangxin.kernel.fieldwork import access, selectors
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.fieldwork.models import Finding, Inspection, PlannedVisit
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

GENERAL = "2.2"
KEY = "1.1"


def general(premises: Any, day: date | None = None) -> list[str]:
    """Codes of items on which no safety hangs."""
    edition = fieldwork.edition_for(premises.kind, day or ledger.clock.today())
    items = fieldwork.checklist_of(edition).items_for(premises.kind)
    return [item.code for item in items if not item.key and not item.label_defect]


def keys(premises: Any) -> list[str]:
    edition = fieldwork.edition_for(premises.kind, ledger.clock.today())
    return [item.code for item in fieldwork.checklist_of(edition).items_for(premises.kind) if item.key]


class TestStarting:
    def test_the_edition_of_the_day_and_what_stood_in_the_register_stay_with_the_inspection(
        self, shop: Any, begin: Any
    ) -> None:
        inspection = begin(shop)
        assert inspection.checklist.code == "catering"
        assert (inspection.premises_name, inspection.premises_kind) == (shop.name, "restaurant")
        assert inspection.number == "JC2023-000001"
        inspection.checklist.refresh_from_db()
        assert inspection.checklist.used_at is not None

    def test_the_same_client_key_gives_the_same_inspection_back(self, shop: Any, begin: Any) -> None:
        key = uuid4()
        assert begin(shop, client_key=key).pk == begin(shop, client_key=key).pk
        assert Inspection.objects.count() == 1

    def test_the_key_of_another_place_is_refused(self, shop: Any, producer: Any, begin: Any) -> None:
        key = uuid4()
        begin(shop, client_key=key)
        with pytest.raises(fieldwork.Refused, match="另一个对象"):
            begin(producer, client_key=key)

    def test_one_inspector_is_not_enough(self, shop: Any, begin: Any, inspector: Any) -> None:
        with pytest.raises(fieldwork.Refused, match="两名以上"):
            begin(shop, officers=[inspector, inspector])

    def test_the_inspector_of_another_township_cannot_go_along(
        self, shop: Any, begin: Any, inspector: Any, other_inspector: Any
    ) -> None:
        with pytest.raises(fieldwork.Refused, match="没有在这个辖区检查的岗位"):
            begin(shop, officers=[inspector, other_inspector])

    def test_whoever_must_stand_aside_is_refused_until_the_recusal_ends(
        self, shop: Any, begin: Any, second_inspector: Any, department: Any
    ) -> None:
        row = fieldwork.declare_recusal(user=second_inspector, premises=shop, reason="亲属", by=department)
        with pytest.raises(fieldwork.Refused, match="回避"):
            begin(shop)
        fieldwork.end_recusal(recusal=row, by=department)
        assert begin(shop).pk

    def test_who_begins_is_one_of_the_inspectors(self, shop: Any, begin: Any, department: Any) -> None:
        with pytest.raises(fieldwork.Refused, match="应是本次检查人员之一"):
            begin(shop, by=department)

    @pytest.mark.parametrize("shift", [timedelta(hours=2), timedelta(days=-200)])
    def test_a_start_in_the_future_or_long_ago_is_refused(self, shop: Any, begin: Any, shift: timedelta) -> None:
        with pytest.raises(fieldwork.Refused, match="开始时间"):
            begin(shop, started_at=ledger.clock.now() + shift)

    def test_a_kind_without_a_checklist_is_not_inspected(
        self, checklists: None, make_premises: Any, begin: Any
    ) -> None:
        with pytest.raises(fieldwork.Refused, match="检查表"):
            begin(make_premises("清泉合作社", kind="farm"))

    def test_an_edition_that_was_not_in_force_is_refused(self, producer: Any, begin: Any) -> None:
        old = fieldwork.edition_for("food_producer", date(2022, 3, 14))
        with pytest.raises(fieldwork.Refused, match="没有施行"):
            begin(producer, edition=old)

    def test_what_was_begun_under_an_edition_is_finished_under_it(
        self, producer: Any, begin: Any, fill: Any, team: Any
    ) -> None:
        with ledger.clock.held_at(datetime(2022, 3, 14, 15, 0, tzinfo=ledger.clock.LOCAL)):
            inspection = begin(producer)
            wrong = dict.fromkeys(general(producer)[:5], FAILED)
            fill(inspection, wrong)
        with ledger.clock.held_at(datetime(2022, 3, 16, 9, 0, tzinfo=ledger.clock.LOCAL)):
            assert fieldwork.edition_for("food_producer", date(2022, 3, 16)) != inspection.checklist
            fieldwork.judge(inspection=inspection, opinion="五项一般项不合格。", by=team[0])
        # By the form of 2016: no key item and at most eight general ones.
        assert (inspection.result, inspection.basis["edition"]) == ("mostly", "2016")
        assert inspection.general_failed == 5

    def test_a_visit_begun_by_another_is_not_begun_twice(self, shop: Any, begin: Any, department: Any) -> None:
        visit = owe(shop, department)
        again = PlannedVisit.objects.get(pk=visit.pk)
        assert begin(None, visit=visit).kind == "special"
        with pytest.raises(fieldwork.MovedOn, match="已由他人开始"):
            begin(None, visit=again)

    def test_a_cancelled_inspection_owes_its_visit_again(
        self, shop: Any, begin: Any, department: Any, inspector: Any
    ) -> None:
        visit = owe(shop, department)
        inspection = begin(None, visit=visit)
        fieldwork.cancel(inspection=inspection, reason="走错门", by=inspector)
        visit.refresh_from_db()
        assert (visit.state, inspection.state) == ("open", "cancelled")
        assert begin(None, visit=visit).visit == visit


def owe(premises: Any, by: Any, **facts: Any) -> PlannedVisit:
    today = ledger.clock.today()
    values = {"kind": "special", "reason": "special", "from_on": today, "due_on": today + timedelta(days=30)}
    return fieldwork.add_visit(premises=premises, by=by, **{**values, **facts})


class TestSuperiorStandstill:
    @pytest.fixture
    def superior(self, shop: Any, begin: Any, agencies: dict[str, Any]) -> Any:
        city = people.create_agency(
            name="云安市市场监督管理局", short_name="市局", kind="department", division_code="9901", by=None
        )
        with ledger.clock.held_at(datetime(2023, 1, 10, 10, 0, tzinfo=ledger.clock.LOCAL)):
            return begin(shop, agency=city)

    def test_the_same_items_rest_for_three_months(self, shop: Any, superior: Any, begin: Any) -> None:
        with pytest.raises(fieldwork.Refused, match="2023-04-10前不得重复检查"):
            begin(shop)
        assert begin(shop, suspicion="群众举报使用过期原料").suspicion

    def test_after_three_months_they_may_be_checked(self, shop: Any, superior: Any, begin: Any) -> None:
        with ledger.clock.held_at(datetime(2023, 4, 11, 9, 0, tzinfo=ledger.clock.LOCAL)):
            assert begin(shop).pk


class TestRecording:
    def test_an_item_may_be_corrected_until_the_result_is_formed(
        self, shop: Any, begin: Any, fill: Any, team: Any
    ) -> None:
        inspection = begin(shop)
        fill(inspection)
        code = general(shop)[0]
        fieldwork.record_item(
            inspection=inspection,
            answer=fieldwork.ItemAnswer(code, "fail", safety_affected=False, note="墙面脱落"),
            by=team[1],
        )
        item = inspection.items.get(code=code)
        assert (item.outcome, item.note, item.recorded_by) == ("fail", "墙面脱落", "inspector2")
        fieldwork.judge(inspection=inspection, opinion="已检查。", by=team[0])
        with pytest.raises(fieldwork.MovedOn):
            fieldwork.record_item(inspection=inspection, answer=fieldwork.ItemAnswer(code, "pass"), by=team[0])

    @pytest.mark.parametrize(
        "answer",
        [
            fieldwork.ItemAnswer("9.99", "pass"),
            fieldwork.ItemAnswer(KEY, "perhaps"),
            fieldwork.ItemAnswer(KEY, "pass", score=Decimal("10.1")),
            fieldwork.ItemAnswer(KEY, "pass", score=Decimal("NaN")),
            fieldwork.ItemAnswer(KEY, "fail", note="长" * 501),
        ],
    )
    def test_what_the_form_does_not_know_is_refused_and_nothing_is_written(
        self, shop: Any, begin: Any, team: Any, answer: Any
    ) -> None:
        inspection = begin(shop)
        good = fieldwork.ItemAnswer(general(shop)[0], "pass")
        with pytest.raises(ValidationError):
            fieldwork.record_items(inspection=inspection, answers=[good, answer], by=team[0])
        assert not inspection.items.exists()

    def test_only_those_who_are_there_record(self, shop: Any, begin: Any, department: Any) -> None:
        with pytest.raises(fieldwork.Refused, match="其他人员办理"):
            fieldwork.record_item(inspection=begin(shop), answer=fieldwork.ItemAnswer(KEY, "pass"), by=department)


class TestPhotos:
    def test_a_picture_without_place_or_time_is_doubtful(self, shop: Any, begin: Any, team: Any) -> None:
        photo = fieldwork.add_photo(inspection=begin(shop), code=KEY, name="门头.png", content=PNG, by=team[0])
        assert photo.doubts == ["no_place", "time"]

    @pytest.mark.parametrize(
        ("latitude", "doubts"), [(34.001, []), (34.05, ["far"]), (36.0, ["outside"])], ids=["near", "far", "outside"]
    )
    def test_a_place_is_compared_with_the_premises_and_the_county(
        self, shop: Any, begin: Any, team: Any, latitude: float, doubts: list[str]
    ) -> None:
        people.Division.objects.filter(code=shop.division_code).update(latitude=34.0, longitude=111.0)
        photo = fieldwork.add_photo(
            inspection=begin(shop),
            code=KEY,
            name="门头.png",
            content=PNG,
            taken_at=ledger.clock.now(),
            spot=fieldwork.Spot(latitude, 111.0),
            by=team[0],
        )
        assert photo.doubts == doubts

    def test_the_same_picture_of_the_same_item_is_kept_once(self, shop: Any, begin: Any, team: Any) -> None:
        inspection = begin(shop)
        one = fieldwork.add_photo(inspection=inspection, code=KEY, name="a.png", content=PNG, by=team[0])
        assert fieldwork.add_photo(inspection=inspection, code=KEY, name="b.png", content=PNG, by=team[0]).pk == one.pk

    @pytest.mark.parametrize(("name", "content"), [("a.png", b"MZ not a picture"), ("a.txt", "文字".encode())])
    def test_what_is_no_picture_is_refused(self, shop: Any, begin: Any, team: Any, name: str, content: bytes) -> None:
        inspection = begin(shop)
        with pytest.raises(ValidationError):
            fieldwork.add_photo(inspection=inspection, code=KEY, name=name, content=content, by=team[0])
        assert not inspection.photos.exists()


class TestJudging:
    def test_missing_items_are_named(self, shop: Any, begin: Any, fill: Any, team: Any) -> None:
        inspection = begin(shop)
        fill(inspection)
        inspection.items.filter(code=KEY).delete()
        with pytest.raises(fieldwork.Refused, match=r"还有1个项目没有记录：1\.1"):
            fieldwork.judge(inspection=inspection, opinion="已检查。", by=team[0])

    def test_everything_in_order_conforms_and_earns_a_face(self, shop: Any, begin: Any, fill: Any, team: Any) -> None:
        inspection = begin(shop)
        fill(inspection)
        fieldwork.judge(inspection=inspection, opinion="现场整洁。", by=team[0])
        assert (inspection.result, inspection.grade_scale, inspection.score) == ("conforming", "hygiene_visit", 10)
        assert inspection.basis["rule"] == "visit-result"

    def test_whether_safety_is_affected_must_be_said(self, shop: Any, begin: Any, fill: Any, team: Any) -> None:
        inspection = begin(shop)
        fill(inspection, {general(shop)[0]: {"outcome": "fail"}})
        with pytest.raises(fieldwork.Refused, match="是否影响食品安全"):
            fieldwork.judge(inspection=inspection, opinion="已检查。", by=team[0])

    def test_a_milder_result_than_the_findings_is_refused(self, shop: Any, begin: Any, fill: Any, team: Any) -> None:
        inspection = begin(shop)
        fill(inspection, {keys(shop)[0]: {"outcome": "fail", "safety_affected": True}})
        with pytest.raises(fieldwork.Refused, match="比检查发现的问题轻"):
            fieldwork.judge(inspection=inspection, opinion="已检查。", result="conforming", by=team[0])
        assert Inspection.objects.get(pk=inspection.pk).state == "started"

    def test_what_follows_each_failure_is_what_the_law_says(
        self, shop: Any, begin: Any, fill: Any, team: Any, agencies: dict[str, Any]
    ) -> None:
        key, first, second, third = keys(shop)[0], *general(shop)[:3]
        inspection = begin(shop)
        fill(
            inspection,
            {
                key: {"outcome": "fail", "safety_affected": True},
                first: FAILED,
                second: {**FAILED, "corrected_on_site": True},
                third: {"outcome": "fail", "accident_potential": True},
            },
        )
        fieldwork.judge(inspection=inspection, opinion="多项不合格。", by=team[0])
        measures = dict(inspection.findings.values_list("code", "measure"))
        assert measures == {key: "investigate", first: "correct_by", second: "correct_on_site", third: "stop"}
        assert inspection.findings.get(code=second).closed_at is not None
        assert inspection.findings.get(code=first).correct_by == date(2023, 4, 6)  # 15 working days, 04-05 is a feast
        assert inspection.findings.get(code=first).owner == agencies["shop"]
        assert inspection.result == "nonconforming"

    def test_before_anybody_is_told_it_may_be_corrected(self, shop: Any, begin: Any, fill: Any, team: Any) -> None:
        inspection = begin(shop)
        fill(inspection, {general(shop)[0]: FAILED})
        fieldwork.judge(inspection=inspection, opinion="已检查。", by=team[0])
        fieldwork.revise(inspection=inspection, reason="漏记一项", by=team[1])
        assert (inspection.state, inspection.result, inspection.findings.count()) == ("started", "", 0)
        fill(inspection)
        fieldwork.judge(inspection=inspection, opinion="已检查。", by=team[0])
        assert inspection.result == "conforming"

    def test_two_inspectors_judge_at_once_and_one_is_told(self, shop: Any, begin: Any, fill: Any, team: Any) -> None:
        inspection = begin(shop)
        fill(inspection)
        second = Inspection.objects.get(pk=inspection.pk)
        fieldwork.judge(inspection=inspection, opinion="符合要求。", by=team[0])
        with pytest.raises(fieldwork.MovedOn, match="可能刚刚已有人办理"):
            fieldwork.judge(inspection=second, opinion="我来判定。", by=team[1])
        assert Inspection.objects.get(pk=inspection.pk).opinion == "符合要求。"


class TestTelling:
    @pytest.fixture
    def judged(self, shop: Any, begin: Any, fill: Any, team: Any) -> Any:
        inspection = begin(shop)
        fill(inspection, {general(shop)[0]: FAILED})
        fieldwork.judge(inspection=inspection, opinion="一项不合格。", by=team[0])
        return inspection

    def test_all_inspectors_sign_first(self, judged: Any, team: Any, signature: Any) -> None:
        fieldwork.sign_officer(inspection=judged, user=team[0], signature=signature, by=team[0])
        with pytest.raises(fieldwork.Refused, match="石门所 柏青还没有签名"):
            fieldwork.tell(inspection=judged, operator_signer="魏师傅", operator_signature=signature, by=team[0])

    def test_a_refusal_needs_a_witness_or_a_recording(self, judged: Any, team: Any, sign_all: Any) -> None:
        sign_all(judged)
        with pytest.raises(fieldwork.Refused, match="见证人"):
            fieldwork.tell(inspection=judged, refusal_reason="不愿签字", by=team[0])
        fieldwork.tell(inspection=judged, refusal_reason="不愿签字", witness="村干部", by=team[0])
        assert judged.state == "told"

    def test_the_database_itself_refuses_an_unsigned_telling(self, judged: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Inspection.objects.filter(pk=judged.pk).update(state="told", told_at=ledger.clock.now(), told_by="x")

    def test_the_result_is_published_within_twenty_working_days(self, shop: Any, told: Any, team: Any) -> None:
        with ledger.clock.held_at(datetime(2023, 9, 20, 10, 0, tzinfo=ledger.clock.LOCAL)):
            inspection = told(shop)
        # The vector of the published example: 中秋 and 国庆 are not counted, two Saturdays are.
        assert inspection.publish_due_on == date(2023, 10, 24)
        with ledger.clock.held_at(datetime(2023, 10, 25, 9, 0, tzinfo=ledger.clock.LOCAL)):
            assert (
                selectors.unpublished(Inspection.objects.all()).filter(publish_due_on__lt=date(2023, 10, 25)).exists()
            )
            fieldwork.publish(inspection=inspection, by=team[0])
            assert selectors.published_late(Inspection.objects.all()).get() == inspection
            with pytest.raises(fieldwork.MovedOn, match="已经公开"):
                fieldwork.publish(inspection=inspection, by=team[0])

    def test_without_findings_it_closes_by_itself(self, shop: Any, told: Any) -> None:
        assert told(shop).state == "closed"

    def test_findings_become_matters_and_a_recheck_is_owed(
        self, shop: Any, told: Any, agencies: dict[str, Any]
    ) -> None:
        first, second = general(shop)[:2]
        inspection = told(shop, {first: FAILED, second: {**FAILED, "corrected_on_site": True}})
        matter = Matter.objects.get()
        finding = inspection.findings.get(code=first)
        assert matter.opened_from == finding.matter_key == f"fieldwork.finding:{finding.pk}"
        assert (matter.owner, matter.due_on, matter.origin) == (agencies["shop"], date(2023, 4, 6), "inspection")
        assert matter.legal_basis == finding.clause
        visit = PlannedVisit.objects.get()
        assert (visit.kind, visit.rechecks, visit.due_on) == ("recheck", inspection, date(2023, 4, 20))
        assert inspection.state == "told"


class TestClosing:
    @pytest.fixture
    def inspection(self, shop: Any, told: Any) -> Any:
        return told(shop, {general(shop)[0]: FAILED})

    def put_right(self, matter: Matter, vendor: Any, office: Any, department: Any) -> None:
        casework.assign(matter=matter, by=office)
        casework.start(matter=matter, by=vendor)
        casework.add_evidence(matter=matter, kind="rectification", name="整改.png", content=PNG, by=vendor)
        casework.submit(matter=matter, text="已修好", by=vendor)
        casework.close(matter=matter, by=department)

    def test_the_closed_matter_closes_the_finding_and_the_recheck_the_inspection(
        self, inspection: Any, begin: Any, fill: Any, sign_all: Any, signature: Any, team: Any, vendor: Any, office: Any,
        department: Any,
    ) -> None:  # fmt: skip
        self.put_right(Matter.objects.get(), vendor, office, department)
        finding = Finding.objects.get()
        assert (finding.closed_by, Inspection.objects.get(pk=inspection.pk).state) == ("market", "told")
        again = begin(None, visit=PlannedVisit.objects.get())
        assert again.chosen_items == [finding.code]
        fill(again)
        fieldwork.judge(inspection=again, opinion="已改正。", by=team[0])
        sign_all(again)
        fieldwork.tell(inspection=again, operator_signer="魏师傅", operator_signature=signature, by=team[0])
        assert Inspection.objects.get(pk=inspection.pk).state == "closed"

    def test_what_fails_again_at_the_recheck_opens_no_second_matter(
        self, inspection: Any, begin: Any, fill: Any, sign_all: Any, signature: Any, team: Any
    ) -> None:
        again = begin(None, visit=PlannedVisit.objects.get())
        fill(again, {again.chosen_items[0]: FAILED})
        fieldwork.judge(inspection=again, opinion="仍未改正。", by=team[0])
        sign_all(again)
        fieldwork.tell(inspection=again, operator_signer="魏师傅", operator_signature=signature, by=team[0])
        assert Matter.objects.count() == 1
        assert set(Finding.objects.values_list("matter_key", flat=True)) == {Matter.objects.get().opened_from}

    def test_a_matter_that_comes_back_opens_the_finding_again(
        self, inspection: Any, vendor: Any, office: Any, department: Any, team: Any
    ) -> None:
        matter = Matter.objects.get()
        self.put_right(matter, vendor, office, department)
        fieldwork.cancel_visit(visit=PlannedVisit.objects.get(), reason="整改已核实", by=department)
        assert Inspection.objects.get(pk=inspection.pk).state == "closed"
        again = casework.reopen(matter=matter, by=department)
        assert Finding.objects.get().closed_at is None
        assert Inspection.objects.get(pk=inspection.pk).state == "told"
        self.put_right(again, vendor, office, department)
        assert Finding.objects.get().closed_at is not None

    def test_a_matter_withdrawn_as_opened_in_error_leaves_nothing_to_put_right(
        self, inspection: Any, office: Any, second_office: Any
    ) -> None:
        matter = casework.withdraw(matter=Matter.objects.get(), reason="重复立账", by=office)
        casework.decide_withdrawal(matter=matter, approved=True, by=second_office)
        assert Finding.objects.get().closed_by == "office2"


class TestReach:
    def test_who_may_see_what(
        self, shop: Any, begin: Any, told: Any, other_inspector: Any, outsider: Any, vendor: Any, principal: Any,
        reader: Any, administrator: Any,
    ) -> None:  # fmt: skip
        running, done = begin(shop), told(shop)
        for user in (other_inspector, outsider, principal, administrator):
            for inspection in (running, done):
                with pytest.raises(Http404):
                    access.get_inspection(user, inspection.pk)
        assert access.get_inspection(reader, running.pk) == running
        assert access.get_inspection(vendor, done.pk) == done
        with pytest.raises(Http404):
            access.get_inspection(vendor, running.pk)

    def test_visits_are_not_announced_to_those_who_will_be_visited(
        self, shop: Any, department: Any, vendor: Any, outsider: Any, inspector: Any
    ) -> None:
        visit = owe(shop, department)
        assert access.get_visit(inspector, visit.pk) == visit
        for user in (vendor, outsider):
            with pytest.raises(Http404):
                access.get_visit(user, visit.pk)

    def test_keys_beyond_every_database_are_not_found(self, db: None, inspector: Any) -> None:
        for get in (access.get_inspection, access.get_visit, access.get_plan, access.get_draw, access.get_grade):
            with pytest.raises(Http404):
                get(inspector, 10**30)

    def test_the_public_sees_no_names_of_persons(self, shop: Any, told: Any, team: Any) -> None:
        inspection = told(shop, {general(shop)[0]: {**FAILED, "note": "找魏师傅处理"}})
        assert not fieldwork.public_results(ledger.clock.today()).exists()
        fieldwork.publish(inspection=inspection, by=team[0])
        result = fieldwork.public_result(fieldwork.public_results(ledger.clock.today()).get())
        assert "魏师傅" not in str(result)
        assert (result.result, len(result.failed)) == ("mostly", 1)


class TestPapers:
    @pytest.mark.parametrize("kind", ["record", "result_sheet", "correction_order"])
    def test_each_paper_is_kept_as_a_word_file(self, shop: Any, told: Any, team: Any, kind: str) -> None:
        inspection = told(shop, {general(shop)[0]: {**FAILED, "note": "墙面\n脱落"}})
        paper = fieldwork.issue_paper(inspection=inspection, kind=kind, by=team[0])
        assert paper.file.name.endswith(".docx")
        assert ledger.read_evidence(paper.file)[:2] == b"PK"

    def test_there_is_no_order_without_anything_to_correct(self, shop: Any, told: Any, team: Any) -> None:
        with pytest.raises(fieldwork.Refused, match="没有需要限期改正的问题"):
            fieldwork.issue_paper(inspection=told(shop), kind="correction_order", by=team[0])
