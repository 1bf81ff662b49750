"""Assessments and bulletins in the synthetic county: two rounds to their end, one appeal, three bulletins."""

from datetime import datetime, time
from typing import Any

from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.people import api as people
from fangxin.oversight.assessment import api, rules
from fangxin.oversight.plans import api as plans

YEARS = (2022, 2023)
BULLETINS = ("2022-ANNUAL", "2023-ANNUAL", "2024-Q3")
# Working days after a return date until the office has everything in hand.
DRAFTED = 8
# Working days into January of the next year, step by step.
STARTED, SCORED, REVIEWED, PUBLISHED, APPEALED, DECIDED, FINISHED = 4, 10, 11, 12, 14, 17, 20


def live(stage: Any) -> None:
    # The plan is confirmed on the first mornings; a month later its periods can be read.
    stage.at(stage.begins.replace(day=1, month=stage.begins.month + 1), lambda: _plan_bulletins(stage))
    for year in YEARS:
        first = rules.last_day(year)
        stage.at(_moment(stage, first, STARTED), lambda y=year: _Course(stage, y).begin())


def _moment(stage: Any, day: Any, shift: int, at: time = time(10, 20)) -> datetime:
    return datetime.combine(stage.workday(day, shift), at)


def _plan_bulletins(stage: Any) -> None:
    plan = plans.current_plan(stage.division_code)
    if plan is None:
        return
    for period in plan.periods.filter(code__in=BULLETINS):
        stage.at(_moment(stage, period.due_on, DRAFTED), lambda p=period: _bulletin(stage, p))


def _bulletin(stage: Any, period: Any) -> None:
    period.refresh_from_db()
    office, second = stage.user("office2"), stage.user("office")
    bulletin = api.draft(division_code=stage.division_code, period=period, by=office)
    api.send_to_check(bulletin=bulletin, by=office)
    api.check(bulletin=bulletin, approved=True, by=second)
    api.issue(bulletin=bulletin, mark=f"{people.division_name(stage.division_code)[:1]}食安办", by=office)
    for username in ("market", "health", "town"):
        person = stage.user(username)
        api.confirm_read(bulletin=bulletin, agency_ids=person.own_agencies("bulletin.receive"), by=person)


class _Course:
    """One round, each step on its own day and by its own person."""

    def __init__(self, stage: Any, year: int) -> None:
        self.stage, self.year = stage, year
        self.office, self.second = stage.user("office"), stage.user("office2")
        self.round: Any = None

    def begin(self) -> None:
        edition = next(iter(rules.editions_for(self.year)), None)
        if edition is None:
            return
        if edition.needs_confirmation:
            edition = catalog.confirm_edition(edition=edition, digest=edition.digest, by=self.second)
        self.round = api.start(division_code=self.stage.division_code, year=self.year, edition=edition, by=self.office)
        until = self.stage.workday(rules.last_day(self.year), SCORED - 1)
        api.open_self_check(round_=self.round, until=until, by=self.office)
        self._adjust("market", "commended", "受到市级书面表扬（虚构）。")
        self._adjust("environment", "figure_corrected", "一项填报数经核查不实（虚构）。")
        steps = ((SCORED, self._score), (REVIEWED, self._review), (PUBLISHED, self._publish), (APPEALED, self._appeal))
        for shift, step in (*steps, (FINISHED, self._finish)):
            self.stage.at(_moment(self.stage, rules.last_day(self.year), shift), step)

    def _adjust(self, agency: str, code: str, reason: str) -> None:
        member = self._member(agency)
        made = api.propose(
            participants=[member], code=code, reason=reason, evidence=self.stage.evidence, by=self.office
        )
        for item in made:
            api.decide_adjustment(adjustment=item, approved=True, by=self.second)

    def _member(self, agency: str) -> Any:
        return self.round.participants.select_related("round", "agency").get(agency=self.stage.agency(agency))

    def _score(self) -> None:
        api.score(round_=self.round, by=self.office)

    def _review(self) -> None:
        api.review(round_=self.round, approved=True, by=self.second)

    def _publish(self) -> None:
        api.publish(round_=self.round, notice="请各单位对照明细查找不足。", by=self.office)

    def _appeal(self) -> None:
        appeal = api.lodge(
            participant=self._member("environment"), text="填报数系笔误，已及时更正，请酌情考虑。",
            by=self.stage.user("environment"),
        )  # fmt: skip
        decided = _moment(self.stage, rules.last_day(self.year), DECIDED)
        self.stage.at(decided, lambda: self._decide(appeal))

    def _decide(self, appeal: Any) -> None:
        decision = "更正在核查之后，减分事实清楚，维持原结果。"
        api.decide_appeal(appeal=appeal, upheld=False, decision=decision, by=self.second)

    def _finish(self) -> None:
        self.round.refresh_from_db()
        api.finish(round_=self.round, by=self.office)
