"""The plan as the synthetic county lives through it: schemes, tasks, returns, some of them late or never.

Everything goes through the same services as the screens. What is planted on purpose is told to the stage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings

from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.board import api as board
from fangxin.oversight.plans import api, figures, reports
from fangxin.oversight.plans.models import Goal, Return, ReturnPeriod, SpecialPlan, Task

LATE_SCHEMES = {2: 4, 11: 9}  # action → calendar days late
MISSING_RETURNS = 3
LATE_RETURNS = 8
RETURNED = 7
# (action, period, indicator): what a department types above what the platform counts.
INFLATED: Sequence[tuple[int, str, str]] = (
    (10, "2022-ANNUAL", "I17"),
    (6, "2023-Q2", "M06-1"),
    (5, "2023-ANNUAL", "M05-1"),
    (8, "2024-Q2", "M08-1"),
)
# Share of a year's tasks finished in time, and of the others finished at all.
FINISHED = {2022: (0.84, 0.7), 2023: (0.91, 0.8), 2024: (0.62, 0.0)}
# Working days before the due date on which departments write and send; and after, on which the office decides.
WRITTEN, SENT, DECIDED = 6, 3, 2

# What the leads set themselves each year, by kind of action.
ANNUAL_WORK: Mapping[str, Sequence[str]] = {
    "monitoring": ("完成年度风险监测采样和上报", "组织乡镇卫生院食源性疾病报告培训", "开展一次部门风险会商"),
    "origin": ("更新涉重金属企业清单并逐户检查", "开展重点行业挥发性有机物核查", "完成受污染耕地安全利用年度核算"),
    "farm_inputs": ("开展农药兽药经营门店检查", "推广绿色防控示范片", "组织养殖场用药记录抽查"),
    "health_food": ("检查全部保健食品经营者", "开展老年人防骗科普进社区", "集中整治会议营销"),
    "rural_food": ("评定规范化农村食品经营店", "培训村级协管员", "开展农村集贸市场假冒食品清查"),
    "catering": ("完成餐饮量化分级年度评定", "组织从业人员抽查考核", "推进重点餐饮单位后厨联网"),
    "produce_markets": ("完成市场年度风险分级", "建立入场销售者档案", "建设快检室并公示结果"),
    "small_operators": ("开展未登记经营者清查", "完成“三小”年度监督检查", "评选示范单位"),
    "online_food": ("核查网店证照地址一致性", "完成平台和代理备案", "开展外卖封签推广"),
    "school_meals": ("开学前食堂全覆盖检查", "推进学校食堂后厨联网", "签订校长（园长）责任书"),
    "grain": ("升级改造低温仓", "接入粮情在线监测", "开展新收获粮食质量调查"),
    "imported_food": ("检查进口食品经营者进货查验", "开展进口食品抽检", "更新进口食品企业名录"),
}
PROGRESS = "本期按方案推进“{action}”：{measure}已完成阶段安排，重点对象已全部建档，发现的问题均已登记交办。"
PROBLEMS = (
    "个别乡镇推进不平衡，台账更新不及时。",
    "部分经营者主体责任意识不强，整改反复。",
    "基层力量不足，检查频次偏低。",
    "",
)
PRACTICE = ("推行“一户一档一码”，检查结果当场公示。", "组织片区互查，以查促改。", "", "", "")
NEXT = ("对照目标差距逐项补短板，月底前完成复查。", "加强培训和暗访，问题限期清零。")


def live(stage: Any) -> None:
    stage.at(datetime.combine(stage.begins, time(8, 30)), lambda: _Course(stage).begin())


@dataclass(frozen=True, slots=True)
class _Fate:
    """How one return comes in."""

    missing: bool = False
    days_late: int = 0
    returned: bool = False


class _Course:
    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.rng: Random = stage.rng("plans")
        self.plan: Any = None
        self.logins = {agency.pk: key for key, agency in stage.agencies.items()}

    def begin(self) -> None:
        """The reviewed facts of the plan become actions, tasks, schemes and return dates."""
        path = next(iter(sorted((Path(settings.STANDARDS_DIR) / "plans").glob("*.toml"))))
        self.plan = api.load_confirmed_plan(
            path.read_text(encoding="utf-8"), division_code=self.stage.division_code, by=self.stage.user("office")
        )
        self._annual_work()
        self._schemes()
        self._tasks()
        fates = self._fates()
        for period in ReturnPeriod.objects.filter(plan=self.plan).order_by("due_on"):
            self._period(period, fates)

    def _writer(self, agency: Any) -> Any:
        return self.stage.user(self.logins[agency.pk])

    def _head(self, agency: Any) -> Any:
        return self.stage.user(f"{self.logins[agency.pk]}2")

    def _schemes(self) -> None:
        for scheme in SpecialPlan.objects.filter(action__plan=self.plan).select_related("action", "agency"):
            number = scheme.action.number
            late = LATE_SCHEMES.get(number, 0)
            sent = scheme.due_on + timedelta(days=late) if late else self.stage.workday(scheme.due_on, -1)
            if late:
                self.stage.plant("late_special_plan", str(number), days_late=late, agency=str(scheme.agency))
            drafted = datetime.combine(self.stage.workday(self.plan.issued_on, 2), time(15, number))
            self.stage.at(drafted, partial(self._draft_scheme, scheme))
            self.stage.at(datetime.combine(sent, time(16, number)), partial(self._send_scheme, scheme))
            filed = datetime.combine(self.stage.workday(sent, 3), time(10, number))
            self.stage.at(filed, partial(self._file_scheme, scheme))

    def _draft_scheme(self, scheme: SpecialPlan) -> None:
        writer = self._writer(scheme.agency)
        texts = {
            "goals": "、".join(str(goal) for goal in Goal.objects.filter(action=scheme.action)) or str(scheme.action),
            "measures": "\n".join(measure.text for measure in scheme.action.measures.all()) or "按方案要求推进。",
            "division_of_labour": "本单位牵头，各配合单位按职责落实，各乡镇负责本辖区。",
            "timetable": "2022年全面部署，2023年攻坚提升，2024年巩固验收。",
            "safeguards": "专人负责、按季调度、年终考核。",
            "annual_tasks": "按年度任务清单执行。",
            "responsible_person": self._head(scheme.agency).name,
            "contact_officer": writer.name,
        }
        api.save_draft(special_plan=scheme, texts=texts, by=writer)
        api.send_to_countersign(special_plan=scheme, by=writer)

    def _send_scheme(self, scheme: SpecialPlan) -> None:
        scheme = _fresh(scheme)
        api.send_to_review(special_plan=scheme, by=self._writer(scheme.agency))
        api.approve(special_plan=scheme, by=self._head(scheme.agency))
        self._settle_overdue(scheme)

    def _file_scheme(self, scheme: SpecialPlan) -> None:
        api.file(special_plan=_fresh(scheme), by=self.stage.user("office2"))

    def _annual_work(self) -> None:
        for action in self.plan.actions.exclude(code="").select_related("plan", "lead"):
            for year in FINISHED:
                for title in ANNUAL_WORK[action.code]:
                    api.add_task(
                        action=action, title=f"{year}年：{title}", accountable=action.lead, due_on=date(year, 12, 20),
                        by=self._writer(action.lead),
                    )  # fmt: skip

    def _tasks(self) -> None:
        """Each year's tasks are finished in batches, a quarter at a time; the rest late or not at all."""
        for year, (in_time, afterwards) in FINISHED.items():
            batches: dict[date, list[int]] = {}
            for pk in (
                Task.objects.filter(action__plan=self.plan, year=year).order_by("pk").values_list("pk", flat=True)
            ):
                if self.rng.random() < in_time:
                    day = date(year, self.rng.choice((9, 11, 12) if year < self.stage.ends.year else (6, 9, 11)), 15)
                elif self.rng.random() < afterwards:
                    day = date(year + 1, 2, 20)
                else:
                    continue
                batches.setdefault(self.stage.workday(day), []).append(pk)
            for day, keys in sorted(batches.items()):
                at = datetime.combine(day, time(17))
                self.stage.at(at, partial(self._finish, keys, at))
        self.stage.at(self.stage.workday(date(2024, 3, 11)), self._split)

    def _finish(self, keys: list[int], at: datetime) -> None:
        at = at.replace(tzinfo=ledger.clock.LOCAL)
        by_agency: dict[int, list[Task]] = {}
        for task in Task.objects.filter(pk__in=keys).order_by("pk"):
            by_agency.setdefault(task.accountable_id, []).append(task)
        for agency, tasks in by_agency.items():
            by = self.stage.user(self.logins[agency])
            api.finish_tasks(tasks=tasks, at=at, progress="已按要求完成，材料已归档。", by=by)

    def _split(self) -> None:
        """Two tasks of the last year go to the townships; most have done their part by now."""
        open_goals = Task.objects.filter(
            action__plan=self.plan, action__townships=True, year=2024, goal__isnull=False, state=Task.State.OPEN
        )
        for task in open_goals.order_by("pk")[:2]:
            parts = api.split_to_townships(task=task, by=self.stage.user("office"))
            for part in parts:
                if self.rng.random() < 0.6:
                    day = self.stage.workday(date(2024, self.rng.randrange(5, 11), 10))
                    self.stage.at(day, partial(self._finish_part, part.pk))

    def _finish_part(self, pk: int) -> None:
        part = Task.objects.select_related("accountable").get(pk=pk)
        api.finish_task(task=part, progress="本辖区已完成。", by=self._writer_of_township(part))

    def _writer_of_township(self, part: Task) -> Any:
        return next(
            user
            for user in self.stage.users.values()
            if any(post.agency_id == part.accountable_id for post in user.posts_today)
        )

    def _fates(self) -> dict[tuple[str, int], _Fate]:
        """Which returns fail, chosen among those whose whole course lies before the last day."""
        periods = ReturnPeriod.objects.filter(plan=self.plan, due_on__lt=self.stage.ends - timedelta(days=40))
        numbers = list(self.plan.actions.values_list("number", flat=True))
        every = [(code, number) for code in periods.values_list("code", flat=True) for number in numbers]
        inflated = {(code, number) for number, code, _indicator in INFLATED}
        chosen = self.rng.sample(
            [key for key in every if key not in inflated], MISSING_RETURNS + LATE_RETURNS + RETURNED
        )
        fates = {}
        for index, key in enumerate(chosen):
            if index < MISSING_RETURNS:
                fates[key] = _Fate(missing=True)
                self.stage.plant("missing_return", f"{key[0]}/{key[1]}", period=key[0], action=key[1])
            elif index < MISSING_RETURNS + LATE_RETURNS:
                days = self.rng.randrange(1, 12)
                fates[key] = _Fate(days_late=days)
                self.stage.plant("late_return", f"{key[0]}/{key[1]}", period=key[0], action=key[1], days_late=days)
            else:
                fates[key] = _Fate(returned=True)
        return fates

    def _period(self, period: ReturnPeriod, fates: dict[tuple[str, int], _Fate]) -> None:
        stage, due = self.stage, period.due_on
        for offset in (15, 7, 3, 1):
            stage.at(datetime.combine(stage.workday(due, -offset), time(6, 10)), api.morning)
        stage.at(datetime.combine(stage.workday(due, -WRITTEN), time(14)), partial(self._write, period, fates))
        stage.at(datetime.combine(due, time(23, 40)), partial(self._freeze, period))
        stage.at(datetime.combine(due + timedelta(days=1), time(6, 10)), api.morning)
        stage.at(datetime.combine(stage.workday(due, 12), time(16)), partial(self._merge, period))

    def _write(self, period: ReturnPeriod, fates: dict[tuple[str, int], _Fate]) -> None:
        """All departments write on one afternoon, from the figures of that day."""
        unfinished = period.due_on >= self.stage.ends
        written = []
        for item in Return.objects.filter(period=period).select_related("period", "action", "agency"):
            fate = fates.get((period.code, item.action.number), _Fate())
            if not (fate.missing or (unfinished and item.action.number % 3 == 0)):
                # All figures before any text: every entry in the ledger would make the board count again.
                written.append((item, fate, figures.figures_for(item, self._typed(item))))
        for item, fate, computed in written:
            self._write_version(item, computed)
            if not (unfinished and item.action.number % 3 == 1):
                self._send_later(item, fate)

    def _send_later(self, item: Return, fate: _Fate) -> None:
        due = item.period.due_on
        sent = due + timedelta(days=fate.days_late) if fate.days_late else self.stage.workday(due, -SENT)
        self.stage.at(datetime.combine(sent, time(15, item.action.number)), partial(self._send, item, fate))

    def _write_version(self, item: Return, computed: list[dict[str, Any]]) -> None:
        measure = item.action.measures.first()
        api.write_version(
            item=item,
            progress=PROGRESS.format(action=item.action.title, measure=(measure.text if measure else "各项措施")[:60]),
            problems=self.rng.choice(PROBLEMS),
            practice=self.rng.choice(PRACTICE),
            next_steps=self.rng.choice(NEXT),
            figures=computed,
            by=self._writer(item.agency),
        )

    def _typed(self, item: Return) -> dict[str, figures.Typed]:
        """What the department types itself: mostly nothing, in the planted cases more than there is."""
        wanted = [
            code for number, period, code in INFLATED if (number, period) == (item.action.number, item.period.code)
        ]
        goals = {goal.indicator_code: goal for goal in Goal.objects.filter(action=item.action)}
        for code in wanted:
            if code in goals:
                return {str(goals[code].pk): self._inflate(item, code)}
        return {}

    def _inflate(self, item: Return, code: str) -> figures.Typed:
        found = board.figures(item.division_code, ledger.clock.today(), [code])[0]
        whole = found.denominator or Decimal(1)
        counted = found.numerator or Decimal(0)
        typed = min(whole, counted + max(Decimal(1), ((whole - counted) * 4 / 5).to_integral_value()))
        self.stage.plant(
            "inflated_figure", f"{item.period.code}/{code}", period=item.period.code, indicator=code,
            agency=item.agency.name, computed=[str(counted), str(whole)], typed=[str(typed), str(whole)],
        )  # fmt: skip
        return figures.Typed(typed, whole, "")

    def _send(self, item: Return, fate: _Fate) -> None:
        item = _fresh(item)
        api.submit(item=item, by=self._writer(item.agency))
        api.review(item=item, by=self._head(item.agency))
        self._settle_overdue(item)
        sent = ledger.clock.today()
        decided = self.stage.workday(max(item.period.due_on, sent), DECIDED)
        if item.period.due_on >= self.stage.ends:
            decided = self.stage.workday(sent, 1)
        at = datetime.combine(decided, time(9, 20 + item.action.number))
        self.stage.at(at, partial(self._decide, item, fate))

    def _decide(self, item: Return, fate: _Fate) -> None:
        item = _fresh(item)
        if fate.returned and item.returned_times == 0:
            api.return_back(item=item, reason="数据与台账对应不上，请核对后重报。", by=self.stage.user("office2"))
            again = datetime.combine(self.stage.workday(ledger.clock.today(), 1), time(11, item.action.number))
            self.stage.at(again, partial(self._send_again, item, fate))
            return
        quality = self.rng.choice(("full", "adequate", "adequate", "thin"))
        api.accept(item=item, quality=quality, by=self.stage.user("office2"))

    def _send_again(self, item: Return, fate: _Fate) -> None:
        self._write_version(_fresh(item), item.versions.latest("number").figures)
        self._send(item, fate)

    def _settle_overdue(self, item: Return | SpecialPlan) -> None:
        """What came at last: the matter that its lateness opened is put right and closed."""
        writer, office = self._writer(item.agency), self.stage.user("office2")
        for matter in casework.open_matters_of(item._meta.label_lower, str(item.pk)):
            casework.assign(matter=matter, text="请立即补报。", by=self.stage.user("office"))
            casework.start(matter=matter, by=writer)
            casework.attach_evidence(matter=matter, kind="rectification", file=self.stage.evidence, by=writer)
            casework.submit(matter=matter, text="已补报。", by=writer)
            casework.close(matter=matter, text="已收到，销号。", by=office)

    def _freeze(self, period: ReturnPeriod) -> None:
        """The evening of the due date; only the last two dates get a proof file, since each takes its time."""
        last = self.stage.ends - timedelta(days=180)
        board.freeze(
            period.code, as_of=period.due_on, division_code=period.plan.division_code, by=None,
            with_proof=period.due_on > last,
        )  # fmt: skip
        api.evening()

    def _merge(self, period: ReturnPeriod) -> None:
        reports.keep_report(period=_fresh(period), by=self.stage.user("office"))


def _fresh(row: Any) -> Any:
    row.refresh_from_db()
    return row
