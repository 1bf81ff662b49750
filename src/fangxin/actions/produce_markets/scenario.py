"""The markets of the synthetic county: stalls, a year of goods and tests, grades, upgrades, and what went wrong.

The year's book is written twice: up to the day of the grading, which counts it, and on the last morning.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.core.files.base import ContentFile

from fangxin.actions.produce_markets import rules, tasks
from fangxin.actions.produce_markets.models import Entry, Market, Project, Referral, Stall, Tenancy
from fangxin.actions.produce_markets.services import (
    archive,
    checks,
    entries,
    grading,
    loading,
    projects,
    rapid,
    referrals,
    withdrawals,
)
from fangxin.actions.produce_markets.services.loading import PastEntry, PastStall, PastTest
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.fieldwork.data import GradeLife
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

OPENED = date(2023, 11, 6)
GRADED = date(2024, 10, 14)
PAST_GRADES = ((2022, 0.6), (2023, 0.9))
FOODS = (
    ("菠菜", "vegetable"), ("韭菜", "vegetable"), ("番茄", "vegetable"), ("苹果", "fruit"), ("香菇", "vegetable"),
    ("猪肉", "pork"), ("羊肉", "meat"), ("白条鸡", "poultry"), ("草鱼", "aquatic"), ("鸡蛋", "eggs"),
)  # fmt: skip
PROOFS = {
    "pork": ("quarantine", "meat_quality"), "meat": ("quarantine",), "poultry": ("quarantine",),
}  # fmt: skip
ITEM = "有机磷和氨基甲酸酯类农药残留"
SUPPLIERS = ("城关批发市场（虚构）", "河湾合作社（虚构）", "山前家庭农场（虚构）", "县屠宰有限公司（虚构）")
STALLS = (4, 9)
EVERY_DAYS = 8  # a stall takes goods in so often
WITHOUT_PROOF, NOT_GRADED = 3, 2


def live(stage: Any) -> None:
    course = _Course(stage)
    last = stage.ends - timedelta(days=1)
    for year, share in PAST_GRADES:
        stage.at(datetime.combine(date(year, 11, 18), time(10)), lambda y=year, s=share: course.grade_past(y, s))
    stage.at(datetime.combine(OPENED, time(9)), course.open_markets)
    stage.at(datetime.combine(date(2024, 1, 15), time(9)), course.begin_projects)
    stage.at(datetime.combine(date(2024, 5, 20), time(9)), course.carry_on)
    stage.at(datetime.combine(GRADED - timedelta(days=1), time(20)), lambda: course.write_books(OPENED, GRADED))
    stage.at(datetime.combine(GRADED, time(9)), course.score)
    stage.at(datetime.combine(GRADED + timedelta(days=2), time(9)), course.confirm)
    stage.at(datetime.combine(stage.workday(stage.ends, -12), time(10)), course.find_positive)
    stage.at(datetime.combine(stage.workday(stage.ends, -9), time(10)), course.take_up)
    stage.at(datetime.combine(stage.workday(stage.ends, -8), time(10)), course.leave_withdrawal)
    stage.at(datetime.combine(stage.workday(stage.ends, -5), time(16)), course.oversell)
    stage.at(datetime.combine(last, time(6)), lambda: course.write_books(GRADED, last))
    stage.at(datetime.combine(last, time(7)), course.plant)
    stage.at(datetime.combine(last, time(8)), tasks.daily)


@dataclass
class _Course:
    stage: Any

    def __post_init__(self) -> None:
        self.rng: Random = self.stage.rng("produce_markets")
        self.clerk, self.boss = self.stage.user("market"), self.stage.user("market2")
        self.holders: list[Tenancy] = []

    def _places(self) -> list[Any]:
        rows = registry.Premises.objects.filter(
            people.under(self.stage.division_code), kind="produce_market", status="operating", merged_into=None
        ).exclude(opened_on__gt=ledger.clock.today())
        return list(rows.select_related("operator").order_by("number"))

    def _markets(self) -> list[Market]:
        rows = Market.objects.filter(people.under(self.stage.division_code), premises__status="operating")
        return list(rows.select_related("premises__operator").order_by("premises__number"))

    # --- archive ------------------------------------------------------------------------------------------------------

    def open_markets(self) -> None:
        planned = []
        for turn, place in enumerate(self._places()):
            market = archive.open_market(
                premises=place, kind="wholesale" if turn == 1 else "retail", reported_on=place.opened_on,
                room="own" if turn % 4 else "contract", laboratory="" if turn % 4 else "县食品检测中心（虚构）",
                testers=1 + turn % 2, tests_per_day=1, by=self.clerk,
            )  # fmt: skip
            planned += list(self._stalls(market, with_login=place.operator.agency_id is not None))
            for item, text in (
                ("opener", "开办者和制度已上墙（虚构）"),
                ("staff", "食品安全管理员一名，电话见现场（虚构）"),
            ):
                archive.publish(market=market, item=item, text=text, by=self.clerk)
        self.holders = loading.load_stalls(planned, by=self.clerk)

    def _stalls(self, market: Market, *, with_login: bool) -> Iterator[PastStall]:
        for turn in range(self.rng.randrange(*STALLS)):
            code, goods = f"{'ABC'[turn // 4]}{turn % 4 + 1:02d}", FOODS[(turn * 3) % len(FOODS)][1]
            signs_in = with_login and turn == 0
            operator = registry.register_operator(
                name=f"{market.premises.name}{code}号摊主（虚构）", kind="individual",
                division_code=market.division_code, agency=self.stage.agency("stall_holder") if signs_in else None,
                by=self.clerk,
            )  # fmt: skip
            papers = ("licence", "agreement", "health_card") if signs_in or self.rng.random() < 0.9 else ("licence",)
            until = date(2024, 12, 31) if self.rng.random() < 0.8 else date(2024, 12, 5)
            yield PastStall(market, code, goods, operator, OPENED, until, papers)

    # --- the book of the year -----------------------------------------------------------------------------------------

    def write_books(self, since: date, until: date) -> None:
        standing = {market.pk for market in self._markets()}
        held = [tenancy for tenancy in self.holders if tenancy.stall.market_id in standing]
        rows = sorted(
            (row for tenancy in held for row in self._goods(tenancy, since, until)),
            key=lambda row: (row.at, row.tenancy.pk, row.food),
        )
        loading.load_entries(rows, by=self.clerk)
        for market in self._markets():
            loading.load_self_checks(list(self._rounds(market, since, until)), by=self.clerk)
        if until == GRADED:
            self._ask_stalls(held)

    def _goods(self, tenancy: Tenancy, since: date, until: date) -> Iterator[PastEntry]:
        day = since + timedelta(days=self.rng.randrange(EVERY_DAYS))
        foods = [food for food in FOODS if food[1] == tenancy.stall.goods]
        while day < until:
            food, goods = self.rng.choice(foods)
            at = datetime.combine(day, time(5, self.rng.randrange(60)), tzinfo=ledger.clock.LOCAL)
            kinds = PROOFS.get(goods, ("certificate",) if self.rng.random() < 0.75 else ())
            quantity = Decimal(self.rng.randrange(20, 300))
            # Goods without a paper wait for their test; the others are tested now and then.
            due = not kinds or self.rng.random() < 0.35
            yield PastEntry(
                tenancy, food, goods, quantity, self.rng.choice(SUPPLIERS), at,
                proofs={kind: f"{kind[:2].upper()}{day:%y%m%d}{self.rng.randrange(1000):03d}" for kind in kinds},
                sold=(quantity * self.rng.randrange(85, 100) / 100).quantize(Decimal(1)),
                test=PastTest(food, ITEM, "negative", at + timedelta(minutes=40)) if due else None,
            )  # fmt: skip
            day += timedelta(days=1 + self.rng.randrange(2 * EVERY_DAYS - 1))

    def _rounds(self, market: Market, since: date, until: date) -> Iterator[tuple[Market, str, date, str]]:
        """Weekly and monthly rounds with gaps here and there, the daily ones of the last two weeks."""
        seen = set()
        for shift in range((until - since).days):
            day = since + timedelta(days=shift)
            for cadence in ("weekly", "monthly", "daily"):
                period = rules.period_of(cadence, day)
                recent = cadence != "daily" or (self.stage.ends - day).days < 14
                if period >= since and recent and (cadence, period) not in seen:
                    seen.add((cadence, period))
                    if self.rng.random() < 0.95:
                        bad = {"weekly": "vouchers", "monthly": "training", "daily": "hygiene"}[cadence]
                        yield market, cadence, period, bad if self.rng.random() < 0.08 else ""

    def _ask_stalls(self, held: list[Tenancy]) -> None:
        for tenancy in self.rng.sample(held, min(40, len(held))):
            shown = self.rng.random() < 0.88
            checks.ask_stall(
                stall=tenancy.stall, food=self.rng.choice(FOODS)[0], shown=shown, purchase_book=shown or self.rng.random() < 0.5,
                note="" if shown else "已责令当场改正（虚构）", by=self.clerk,
            )  # fmt: skip

    # --- grades -------------------------------------------------------------------------------------------------------

    def grade_past(self, year: int, share: float) -> None:
        now = ledger.clock.now()
        places = [place for place in self._places() if self.rng.random() < share]
        lives = [
            GradeLife(
                premises_id=place.pk, year=year, scale="risk", static=Decimal(self.rng.randrange(12, 28)),
                dynamic=Decimal(self.rng.randrange(4, 34)), scored_at=now - timedelta(days=2),
                scored_by=self.clerk.username, confirmed_at=now, confirmed_by=self.boss.username,
            )
            for place in places
        ]  # fmt: skip
        fieldwork.load_grades(lives, premises={place.pk: place for place in places}, by=self.clerk)

    def score(self) -> None:
        """Every market but the planted ones."""
        form = fieldwork.static_form_for("produce_market", ledger.clock.today())
        markets = self._markets()
        for market in markets:
            if market in markets[-NOT_GRADED:]:
                self.stage.plant("market_not_graded", market.premises.number, market.division_code, year=GRADED.year)
                continue
            factors = (
                {f.code: f.minimum + self.rng.randrange(int(f.maximum - f.minimum) + 1) for f in form.factors}
                if form
                else {}
            )
            typed = {"facilities": Decimal(self.rng.randrange(0, 9))}
            grading.score(market=market, year=GRADED.year, factors=factors, typed=typed, by=self.clerk)

    def confirm(self) -> None:
        for market in self._markets():
            for sheet in market.grade_sheets.filter(grade__state="scored").select_related("grade__premises"):
                fieldwork.confirm_grade(grade=sheet.grade, by=self.boss)
                fieldwork.tell_grade(grade=sheet.grade, by=self.boss)

    # --- upgrades -----------------------------------------------------------------------------------------------------

    def begin_projects(self) -> None:
        kinds = ("renovate", "rebuild", "demonstration", "adjust")
        markets = self._markets()
        for turn, kind in enumerate(kinds if markets else ()):
            market = markets[turn % len(markets)]
            projects.begin(
                market=market, kind=kind, title=f"{market.premises.name}{Project.Kind(kind).label}（虚构）",
                starts_on=date(2024, 1, 15), due_on=date(2024, 11, 30), budget=Decimal(self.rng.randrange(20, 300)),
                by=self.clerk,
            )  # fmt: skip

    def carry_on(self) -> None:
        """One is finished early and accepted, one stands still, the others are on their way."""
        rows = Project.objects.filter(people.under(self.stage.division_code)).select_related("market__premises")
        for project in rows.order_by("kind"):
            if project.kind == Project.Kind.REBUILD:
                self.stage.plant(
                    "market_project_stalled", project.market.premises.number, project.division_code, title=project.title
                )
                continue
            milestones = list(project.milestones.order_by("due_on", "pk"))
            for milestone in milestones if project.kind == Project.Kind.DEMONSTRATION else milestones[:-1]:
                proof = ContentFile(f"{project.title}{milestone.name}现场照片（虚构）".encode(), name="现场照片.txt")
                projects.reach(milestone=milestone, reached_on=date(2024, 5, 10), file=proof, by=self.clerk)
            if project.kind == Project.Kind.DEMONSTRATION:
                projects.submit(project=project, by=self.clerk)
                projects.accept(project=project, accepted=True, opinion="现场验收合格（虚构）", by=self.boss)

    # --- what went wrong ----------------------------------------------------------------------------------------------

    def _bring(self, turn: int, **more: Any) -> Entry | None:
        markets = self._markets()
        stall = Stall.objects.filter(market=markets[turn % len(markets)]).order_by("code").last() if markets else None
        if stall is None:
            return None
        values: dict[str, Any] = {
            "food": "韭菜", "goods": "vegetable", "quantity": Decimal(80), "supplier": SUPPLIERS[1],
            "proofs": {"certificate": f"HG{ledger.clock.today():%y%m%d}{turn:03d}"},
        } | more  # fmt: skip
        return entries.record_entry(market=stall.market, stall=stall, by=self.clerk, **values)

    def _positive(self, entry: Entry) -> None:
        rapid.record_test(
            market=entry.market, entry=entry, food=entry.food, item=ITEM, method="酶抑制率速测卡", result="positive",
            by=self.clerk,
        )  # fmt: skip

    def find_positive(self) -> None:
        """As it should be: stopped, sampled, reported, disposed of; and meat without its stamps."""
        entry = self._bring(1)
        if entry is not None:
            self._positive(entry)
            entry.refresh_from_db()
            withdrawals.finish(
                row=entry.withdrawal,
                found=entry.withdrawal.expected,
                disposal="destroyed",
                note="全部销毁（虚构）",
                by=self.clerk,
            )
        meat = self._bring(
            2, food="猪肉", goods="pork", proofs={"quarantine": "QU24110001", "meat_quality": "ME24110001"}
        )
        if meat is not None:
            checks.record_meat(
                premises=meat.market.premises, entry=meat, slaughterer=SUPPLIERS[3], animal="pig", carcasses=2,
                quarantine_no="QU24110001", quality_no="ME24110001", quarantine_stamp=True, quality_stamp=True,
                drug="positive", by=self.clerk,
            )  # fmt: skip

    def take_up(self) -> None:
        waiting = Referral.objects.filter(people.under(self.stage.division_code), state="reported").order_by("number")
        for turn, row in enumerate(waiting[:2]):
            referrals.take_up(row=row, by=self.clerk)
            if turn == 1:
                referrals.make_case(row=row, text="现场核查属实，已控制货物（虚构）", by=self.clerk)

    def leave_withdrawal(self) -> None:
        """Stopped and then forgotten."""
        entry = self._bring(4, food="豇豆")
        if entry is not None:
            self._positive(entry)
            self.stage.plant("market_withdrawal_overdue", entry.number, entry.division_code)

    def oversell(self) -> None:
        entry = self._bring(5, food="土鸡蛋", goods="eggs", quantity=Decimal(100))
        if entry is not None:
            entries.sell(entry=entry, quantity=Decimal(140), by=self.clerk)
            self.stage.plant("market_oversold", entry.number, entry.division_code)

    def plant(self) -> None:
        """On sale with nothing to show, and on sale after a positive; and what waits for the market this morning."""
        today = ledger.clock.today()
        at = datetime.combine(today - timedelta(days=1), time(5, 30), tzinfo=ledger.clock.LOCAL)
        held = [t for t in self.holders if t.stall.market_id in {m.pk for m in self._markets()}]
        rows = [
            PastEntry(t, "白菜", "vegetable", Decimal(60), "", at + timedelta(minutes=n), let_through=True)
            for n, t in enumerate(held[: WITHOUT_PROOF * 5 : 5])
        ]
        positive = PastTest("韭菜", ITEM, "positive", at + timedelta(hours=3))
        rows.append(
            PastEntry(held[-1], "韭菜", "vegetable", Decimal(50), SUPPLIERS[1], at, proofs={"certificate": "HG24112999"},
                      test=positive, let_through=True)
        )  # fmt: skip
        made = loading.load_entries(rows, by=self.clerk)
        for entry in made[:-1]:
            self.stage.plant("market_entry_without_proof", entry.number, entry.division_code)
        self.stage.plant("market_positive_on_sale", made[-1].number, made[-1].division_code)
        morning = datetime.combine(today, time(5, 10), tzinfo=ledger.clock.LOCAL)
        mine = [t for t in held if t.operator.agency_id is not None] or held[:1]
        loading.load_entries(
            [
                PastEntry(t, food, "vegetable", Decimal(40), SUPPLIERS[0], morning + timedelta(minutes=n),
                          proofs={"certificate": f"HG2411300{n}"}, checked=False)
                for t in mine
                for n, food in enumerate(("菠菜", "香菇"))
            ],
            by=self.stage.users.get("holder", self.clerk),
        )  # fmt: skip
