"""The invented matters: what was found, who put it right, who looked again, and where that was not done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from fangxin.engines.deadlines import WorkCalendar, add_workdays, national_calendar, roll_forward
from fangxin.kernel.registry.data import NewPremises
from fangxin.sim.courses import between, pick
from fangxin.sim.places import Land
from fangxin.sim.register import planted
from fangxin.sim.shapes import BY_KIND
from fangxin.sim.values import BEGINS, ENDS, Fault, Register, Story, StoryStep

MATTERS = 400
NOT_LOOKED_BACK = 8
REBOUNDS = 3

ORIGINS = {"inspection": 55, "sampling": 14, "report": 14, "census": 8, "superior": 5, "public_opinion": 4}
SEVERITIES = {"minor": 78, "major": 18, "critical": 4}
# Working days that the rule of these years gives, and after which somebody looks again.
DUE = {"minor": 15, "major": 10, "critical": 5}
LOOK_AGAIN = {"minor": 40, "major": 30, "critical": 20}
EXTENSION = {"minor": 10, "major": 7, "critical": 3}

HAZARDS: Mapping[str, Sequence[str]] = {
    "kitchen": (
        "后厨生熟刀具、案板混用，无明显区分标识",
        "冷藏柜内半成品未加盖，无标识日期",
        "餐饮具保洁柜内存放杂物，消毒记录缺 9 天",
        "从业人员健康证明过期仍在岗",
        "食品留样不足 125 克，留样记录不全",
        "加工间无防蝇设施，地面积水",
    ),
    "shop": (
        "货架上发现超过保质期的调味品 3 袋",
        "进货查验记录缺失，不能提供供货者资质",
        "散装食品容器上未标明名称和生产日期",
        "经营场所与登记证地址不一致",
        "食品与日化用品混放",
    ),
    "workshop": ("生产用水未见检测报告", "原料与成品同间存放", "产品标签缺少生产日期", "未建立出厂销售记录"),
    "farm": ("农药使用记录缺失，间隔期无法核实", "兽药存放处发现无批准文号的产品"),
    "health_institution": ("本季度未报告食源性疾病病例，也未作零报告",),
    "grain_depot": ("粮情测温记录中断 12 天", "熏蒸作业记录不完整"),
    "monitored_enterprise": ("废气收集设施未正常运行", "涉重金属原料台账不完整"),
    "produce_market": ("未公示当日抽检结果", "入场销售者档案不全"),
}
BASES: Mapping[str, str] = {
    "kitchen": "《食品安全法》第三十三条、第五十五条",
    "shop": "《食品安全法》第五十三条、第五十四条",
    "workshop": "省食品小作坊、小经营店和小摊点管理条例",
    "farm": "《农产品质量安全法》",
    "health_institution": "《食品安全法》第十四条",
    "grain_depot": "《粮食流通管理条例》",
    "monitored_enterprise": "《大气污染防治法》《土壤污染防治法》",
    "produce_market": "《食品安全法》第六十四条",
}
DONE = (
    "已按要求整改，现场照片附后",
    "问题食品已下架封存，记录已补全",
    "设施已更换，人员已重新培训",
    "已整改并接受现场核查",
)


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does what in one matter; whoever puts right never judges."""

    opener: str
    owner: str
    owner_agency: str
    judge: str
    second_judge: str


class _Writer:
    """Writes one story's steps on working days, in working hours, until the life pauses."""

    def __init__(self, opened_on: date, calendar: WorkCalendar, rng: Random) -> None:
        self.calendar, self.rng = calendar, rng
        self.opened_on = opened_on
        self.steps: list[StoryStep] = []
        self.last: datetime | None = None

    def after(self, workdays: int, verb: str, by: str, text: str = "") -> None:
        """The step on the so-many-th working day after the opening, later than the step before."""
        day = add_workdays(self.opened_on, workdays, self.calendar)
        at = datetime.combine(day, time(8 + self.rng.randrange(0, 9), self.rng.randrange(60)))
        if self.last is not None and at <= self.last:
            at = self.last + timedelta(minutes=self.rng.randrange(3, 40))
        self.last = at
        if at.date() < ENDS:
            self.steps.append(StoryStep(at, verb, by, text))


def make_stories(
    register: Register, land: Land, *, seed: str, scale: float
) -> tuple[tuple[Story, ...], tuple[Fault, ...]]:
    rng = Random(f"{seed}:matters")
    calendar = national_calendar(range(BEGINS.year, ENDS.year + 2))
    count = planted(MATTERS, scale)
    standing = [
        p for p in register.premises.values()
        if p.closed_on is None and p.opened_on is not None and p.opened_on < BEGINS and _hazard_kind(p.kind)
    ]  # fmt: skip
    forgotten = set(rng.sample(range(count), min(count, planted(NOT_LOOKED_BACK, scale))))
    rebounds = set(
        rng.sample(sorted(set(range(count)) - forgotten), min(count - len(forgotten), planted(REBOUNDS, scale)))
    )
    stories: list[Story] = []
    faults: list[Fault] = []
    for number in range(count):
        fate = "forgotten" if number in forgotten else "rebound" if number in rebounds else _fate(rng)
        story = _story(number, fate, rng.choice(standing), land, calendar, rng)
        stories.append(story)
        faults += _faults(story, fate)
    return tuple(sorted(stories, key=lambda story: story.steps[0].at)), tuple(faults)


def _fate(rng: Random) -> str:
    return pick({"on_time": 70, "late": 9, "returned": 8, "extended": 7, "withdrawn": 2, "stuck": 4}, rng)


def _faults(story: Story, fate: str) -> Iterator[Fault]:
    if fate == "forgotten":
        yield Fault("closed_without_look_back", story.key, story.division_code, {"hazard": story.hazard})
    if fate == "rebound":
        yield Fault("rebound", story.key, story.division_code, {"hazard": story.hazard})


def _hazard_kind(kind: str) -> str:
    if kind in HAZARDS:
        return kind
    if kind in ("restaurant", "canteen", "school_canteen", "group_meal", "central_kitchen", "off_campus_supplier"):
        return "kitchen"
    if kind in ("small_workshop", "food_producer"):
        return "workshop"
    return "shop" if kind in ("small_shop", "stall", "food_sales", "health_food_shop") else ""


def _hands(premises: NewPremises, land: Land, rng: Random) -> Hands:
    township = premises.division_code[:9]
    seat = max(land.townships, key=lambda place: place.weight).code
    short = "" if township == seat else township[-3:]
    lead = BY_KIND[premises.kind].lead
    if lead == "market" and rng.random() < 0.55:
        return Hands("office", f"inspector{short}", f"station:{township}", "market", "office2")
    if rng.random() < 0.3:
        return Hands("office", f"town{short}", f"town:{township}", "market2", "office2")
    return Hands("office2", lead, lead, "office", "office2")


def _story(number: int, fate: str, premises: NewPremises, land: Land, calendar: WorkCalendar, rng: Random) -> Story:
    opened_on = roll_forward(between(*_span(fate), rng), calendar)
    severity = "minor" if fate == "extended" else pick(SEVERITIES, rng)
    hands = _hands(premises, land, rng)
    writer = _Writer(opened_on, calendar, rng)
    kind = _hazard_kind(premises.kind)
    writer.after(0, "open", hands.opener)
    writer.after(0, "assign", "office", "请按时限整改")
    if fate == "withdrawn":
        writer.after(2, "withdraw", "office", "核查后属于重复立账")
        writer.after(3, "approve_withdrawal", "office2", "同意撤销")
    else:
        writer.after(1, "fix", hands.owner)
        writer.after(1, "start", hands.owner, "已到现场，责令整改")
        _FATES.get(fate, _on_time)(writer, hands, severity, rng)
    return Story(
        key=f"matter-{number:04d}",
        origin=pick(ORIGINS, rng),
        hazard=rng.choice(HAZARDS[kind]),
        severity=severity,
        division_code=premises.division_code,
        owner=hands.owner_agency,
        cooperating=("market",) if hands.owner_agency != "market" and rng.random() < 0.3 else (),
        legal_basis=BASES[kind],
        premises=premises.key,
        steps=tuple(writer.steps),
    )


def _span(fate: str) -> tuple[date, date]:
    """When a matter of this fate is opened: what is planted must have run its whole course by the last day."""
    if fate == "stuck":
        return ENDS - timedelta(days=150), ENDS - timedelta(days=10)
    return BEGINS + timedelta(days=12), ENDS - timedelta(days=240 if fate in ("forgotten", "rebound") else 5)


def _finish(writer: _Writer, hands: Hands, severity: str, submitted: int, rng: Random) -> int:
    """Proof, request, acceptance; a critical matter is accepted by two. Gives the day of closure."""
    writer.after(submitted, "submit", hands.owner, rng.choice(DONE))
    closed = submitted + rng.randrange(0, 2)
    if severity == "critical":
        writer.after(closed, "close", hands.second_judge if hands.judge == "office" else "office", "核查属实，同意销号")
    writer.after(
        closed,
        "close",
        hands.judge if hands.judge != "office" or severity != "critical" else "office",
        "现场复核通过，销号",
    )
    return closed


def _look_again(writer: _Writer, hands: Hands, severity: str, closed: int, rng: Random) -> None:
    days = closed + LOOK_AGAIN[severity] - rng.randrange(1, 8)
    writer.after(days, "look_back", hands.judge, "回头看：保持良好")


def _on_time(writer: _Writer, hands: Hands, severity: str, rng: Random) -> None:
    if rng.random() < 0.4 and severity == "minor":
        writer.after(4, "progress", hands.owner, "正在整改，预计按期完成")
    closed = _finish(writer, hands, severity, rng.randrange(2, DUE[severity] - 1), rng)
    _look_again(writer, hands, severity, closed, rng)


def _late(writer: _Writer, hands: Hands, severity: str, rng: Random) -> None:
    closed = _finish(writer, hands, severity, DUE[severity] + rng.randrange(1, 14), rng)
    _look_again(writer, hands, severity, closed, rng)


def _returned(writer: _Writer, hands: Hands, severity: str, rng: Random) -> None:
    writer.after(1, "submit", hands.owner, "已口头要求整改")
    writer.after(2, "return", hands.judge, "照片看不出整改效果，请补充")
    writer.after(2, "start", hands.owner, "重新整改")
    closed = _finish(writer, hands, severity, DUE[severity] - 2, rng)
    _look_again(writer, hands, severity, closed, rng)


def _extended(writer: _Writer, hands: Hands, severity: str, rng: Random) -> None:
    """Asked in time, for good reason; granted by the office, which never owns these matters."""
    due = DUE[severity]
    writer.after(due - 3, "ask_extension", hands.owner, "设备采购周期较长，申请延期")
    granted = rng.random() < 0.8
    writer.after(
        due - 2,
        "grant_extension" if granted else "refuse_extension",
        "office",
        "同意延期" if granted else "可先采取临时措施，不同意延期",
    )
    closed = _finish(writer, hands, severity, due + EXTENSION[severity] - 2 if granted else due - 1, rng)
    _look_again(writer, hands, severity, closed, rng)


def _forgotten(writer: _Writer, hands: Hands, severity: str, rng: Random) -> None:
    _finish(writer, hands, severity, rng.randrange(2, DUE[severity] - 1), rng)


def _rebound(writer: _Writer, hands: Hands, severity: str, rng: Random) -> None:
    closed = _finish(writer, hands, severity, rng.randrange(2, DUE[severity] - 1), rng)
    again = closed + LOOK_AGAIN[severity] - 3
    writer.after(again, "look_back_rebounded", hands.judge, "回头看时同一问题再次出现")
    writer.after(again, "assign", "office", "问题反弹，限期整改")
    writer.after(again + 1, "start", hands.owner, "再次整改")
    _finish(writer, hands, severity, again + 4, rng)


def _stuck(writer: _Writer, hands: Hands, severity: str, rng: Random) -> None:
    """Nobody asks for acceptance; the ladder climbs."""
    writer.after(DUE[severity] - 1, "progress", hands.owner, "经营者外出，正在联系")


_FATES = {
    "on_time": _on_time,
    "late": _late,
    "returned": _returned,
    "extended": _extended,
    "forgotten": _forgotten,
    "rebound": _rebound,
    "stuck": _stuck,
}
