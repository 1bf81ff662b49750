"""The two responsibilities in the synthetic county: two businesses with a login, and an official in each township."""

from datetime import date, datetime, time, timedelta
from typing import Any

from fangxin.engines.grading.self_control import month_of
from fangxin.kernel.fieldwork import selectors_self_control as selectors
from fangxin.kernel.fieldwork import standards_self_control as standards
from fangxin.kernel.fieldwork.services import guarantees, self_control
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

KEEPERS = ("school", "shop")
DAYS, GAPS, LATE, PROBLEMS = 75, 4, 2, 5
HELD_BY_ONE, NOT_VISITED = 8, 0.08
FOUND = ("生熟刀具混放", "冷藏柜温度偏高", "纱窗破损", "留样标签不全", "地面有积水")


def live(stage: Any) -> None:
    """The last weeks of two businesses' own checks, and officials' visits of the last two quarters."""
    rng = stage.rng("self_control")
    for username in KEEPERS:
        if username in stage.users:
            _keep(stage, username, rng)
    start = stage.workday(date(stage.ends.year, 7, 3))
    stage.at(datetime.combine(start, time(10)), lambda: _assign(stage, rng))


def _keep(stage: Any, username: str, rng: Any) -> None:
    first = stage.ends - timedelta(DAYS)
    off = rng.sample(range(5, DAYS - 10), GAPS + LATE)
    found = set(rng.sample([n for n in range(DAYS) if n not in off], PROBLEMS))
    for n in range(DAYS):
        day = first + timedelta(n)
        if n not in off:
            text = rng.choice(FOUND) if n in found else ""
            moment = datetime.combine(day, time(17, rng.randrange(60)))
            stage.at(moment, lambda d=day, seen=text: _record(stage, username, d, seen))
    for n in off[GAPS:]:
        day = first + timedelta(n)
        stage.at(datetime.combine(day + timedelta(2), time(18)), lambda d=day: _record(stage, username, d, ""))
    _weeks_and_months(stage, username, first)


def _weeks_and_months(stage: Any, username: str, first: date) -> None:
    stage.at(datetime.combine(first, time(8)), lambda: _appoint(stage, username))
    day = first
    while day < stage.ends:
        if day.isoweekday() == 7:
            stage.at(datetime.combine(day, time(19)), lambda d=day: _report(stage, username, d))
        if day == month_of(day)[1] - timedelta(1):
            stage.at(datetime.combine(day, time(16)), lambda d=day: _meet(stage, username, d))
        day += timedelta(1)


def _place(stage: Any, username: str) -> Any:
    return selectors.list_places(stage.user(username), "selfcontrol.record").order_by("pk").first()


def _record(stage: Any, username: str, day: date, problem: str) -> None:
    place, by = _place(stage, username), stage.user(username)
    if place is None:
        return
    code = standards.risk_lists(day)[place.kind].items[2][0]
    record = self_control.record_day(premises=place, day=day, problems={code: problem} if problem else {}, by=by)
    for row in record.found.all():
        later = datetime.combine(day + timedelta(3), time(11))
        stage.at(later, lambda r=row: self_control.close_problem(problem=r, remedy="已整改，照片留存", by=by))


def _appoint(stage: Any, username: str) -> None:
    place, by = _place(stage, username), stage.user(username)
    if place is not None:
        today = ledger.clock.today()
        for role in ("principal", "safety_officer"):
            self_control.appoint(premises=place, role=role, name=by.name, starts_on=today, by=by)


def _report(stage: Any, username: str, sunday: date) -> None:
    place, by = _place(stage, username), stage.user(username)
    if place is None:
        return
    carried = {problem.pk: "正在整改" for problem in selectors.open_problems(place)}
    monday = sunday - timedelta(6)
    self_control.report_week(premises=place, monday=monday, measures="逐项排查，问题已安排整改", carried=carried, by=by)


def _meet(stage: Any, username: str, day: date) -> None:
    place, by = _place(stage, username), stage.user(username)
    if place is not None:
        facts = {"chair": by.name, "attendees": "全体食品安全管理人员", "summary": "本月经营平稳，问题均已整改",
                 "decisions": "下月重点检查冷藏设施和留样"}  # fmt: skip
        self_control.hold_meeting(premises=place, month=day, held_on=day, by=by, **facts)


def _assign(stage: Any, rng: Any) -> None:
    """In each township one official with some places; in each of two quarters nearly all are visited."""
    office = stage.user("office")
    for code, name in people.townships(stage.division_code):
        clerk = people.User.objects.filter(posts__division_code=code, posts__role="township").order_by("pk").first()
        places = list(selectors.list_places(office).filter(people.under(code)).order_by("pk")[:HELD_BY_ONE])
        if clerk is None or not places:
            continue
        cadre = guarantees.register_cadre(
            division_code=code, tier="C", name=clerk.name, title=f"{name}包保干部", user=clerk, by=office
        )
        guarantees.assign(cadre=cadre, premises=places, by=office)
        _plan_visits(stage, cadre, clerk, rng)


def _plan_visits(stage: Any, cadre: Any, clerk: Any, rng: Any) -> None:
    for held in cadre.guarantees.select_related("premises").order_by("pk"):
        for month in (7, 10):
            day = stage.workday(date(stage.ends.year, month, 8) + timedelta(rng.randrange(40)))
            if rng.random() < NOT_VISITED:
                continue
            stage.at(
                datetime.combine(day, time(9 + rng.randrange(7))),
                lambda h=held, d=day, m=month: guarantees.record_visit(
                    guarantee=h, visited_on=d, mode="on_site", seen="自查记录齐全，当面提醒按时填写",
                    client_key=f"sim-{h.pk}-{m}", by=clerk,
                ),
            )  # fmt: skip
