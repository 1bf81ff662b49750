"""A penalty case for the tests, led through its steps by the people of the tests."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.conftest import TOWN

from fangxin.kernel.casework.models import Case
from fangxin.kernel.casework.services import cases, cases_deciding, cases_transfer
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

# Everything cleared up, nothing found.
CLEAN = {
    **dict.fromkeys(
        ("toxic_material", "over_limit", "over_limit_seriously", "meat", "banned_food", "infant_nutrition", "minor_injury",
         "large_quantity", "special_food", "vulnerable_place", "prior_crime", "illegal_business", "health_food_fraud",
         "relabelled", "concealed", "refused_inspection", "after_criminal_penalty", "minor", "corrected", "harmed",
         "harm_minor", "first_time", "checked_goods", "names_source", "unaware"),
        False,
    ),
    **dict.fromkeys(("injured", "seriously_ill", "deaths", "ill"), 0),
}  # fmt: skip


def at(day: str, clock: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ledger.clock.LOCAL)


class World:
    """The officers 秦川 and 池鱼, the reviewer 韩梅, the head 罗成, and what they do with a case."""

    def __init__(self, agencies: dict[str, Any], inspector: Any, reviewer: Any, head: Any) -> None:
        self.agencies, self.officer, self.reviewer, self.head = agencies, inspector, reviewer, head
        self.second = people.User.objects.create(
            username="inspector2", name="石门所 池鱼", password_changed_at=ledger.clock.now()
        )
        people.give_post(
            user=self.second, agency=agencies["station"], role="inspector", division_code=TOWN,
            starts_on=date(2022, 1, 1), by=None,
        )  # fmt: skip

    def clue(self, **facts: Any) -> Case:
        values = {
            "source": "inspection", "party_kind": "organization", "party_name": "石门饭店", "subject_kind": "restaurant",
            "division_code": TOWN, "agency": self.agencies["market"], "offence": "expired_food",
            "facts": "后厨使用超过保质期的牛奶", "clue_on": ledger.clock.today(), "officers": [self.officer, self.second],
            "subject_type": "registry.premises", "subject_id": "7", "by": self.officer,
        }  # fmt: skip
        return cases.open_case(**(values | facts))

    def filed(self, **facts: Any) -> Case:
        return cases.file_case(case=self.clue(**facts), by=self.head)

    def investigated(
        self, *, found: dict[str, Any] | None = None, crime: dict[str, Any] | None = None, **facts: Any
    ) -> Case:
        case = self.filed(**facts)
        self.find(case, found or {})
        cases.screen(case=case, facts=CLEAN | (crime or {}), by=self.officer)
        return case

    def find(self, case: Case, found: dict[str, Any]) -> Case:
        values = {
            "began_on": date(2023, 3, 1), "ended_on": date(2023, 3, 10), "goods_value": Decimal(60),
            "illegal_gain": Decimal(20),
        }  # fmt: skip
        return cases.record_facts(case=case, by=self.officer, **(values | found))

    def reviewed(self, *, fine: int = 50_000, reason: str = "", **more: Any) -> Case:
        case = self.investigated(**more)
        cases.ask_review(
            case=case, proposed_fine=Decimal(fine), proposed_penalty="没收过期食品", fine_reason=reason, by=self.officer
        )
        return cases.pass_review(case=case, text="事实清楚，同意", by=self.reviewer)

    def notified(self, **more: Any) -> Case:
        return cases_deciding.notify(case=self.reviewed(**more), text="当面送达，负责人签收", by=self.officer)

    def decided(self, *, fine: int = 50_000, **more: Any) -> Case:
        case = self.notified(fine=fine, **more)
        cases_deciding.hear_statement(case=case, text="无异议", waived=True, by=self.officer)
        return cases_deciding.decide(case=case, fine=Decimal(fine), penalty="没收过期食品", by=self.head)

    def served(self, **more: Any) -> Case:
        return cases_deciding.serve(case=self.decided(**more), text="当面送达", by=self.officer)

    def handed_over(self, **more: Any) -> Case:
        case = self.investigated(crime={"toxic_material": True}, **more)
        cases_transfer.report_crime(case=case, text="检出西地那非", by=self.officer)
        cases_transfer.decide_transfer(case=case, approved=True, text="同意移送", by=self.head)
        return cases_transfer.hand_over(case=case, text="云桥县公安局接收", by=self.officer)


def clocks(case: Case, *, running: bool | None = None) -> dict[str, str]:
    """Code → due moment, of all clocks or of those that run."""
    rows = case.clocks.all()
    if running is not None:
        rows = rows.filter(ended_at__isnull=running)
    return {row.code: f"{row.due_at.astimezone(ledger.clock.LOCAL):%Y-%m-%d %H:%M}" for row in rows}
