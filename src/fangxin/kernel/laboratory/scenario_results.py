"""The laboratory's half of the synthetic county: results of the samples taken, what failed, how it was followed up.

A month's samples are concluded on some weeks after its end, as `scenario` has loaded them; the follow-ups then go
through the same services as the screens.
"""

import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from fangxin.engines.deadlines import add_months
from fangxin.kernel.laboratory.data_results import Entry
from fangxin.kernel.laboratory.models import (
    Disposition,
    Notice,
    Purpose,
    RapidTest,
    Receipt,
    Report,
    Retest,
    Sample,
    SampleVerdict,
)
from fangxin.kernel.laboratory.services import disputes, follow_up, loading_results, quality, rapid
from fangxin.kernel.laboratory.services.loading_results import Measurement, Tested
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

# Item, unit, limit of detection, an everyday reading, and one beyond what is allowed.
Item = tuple[str, str, str, str, str]
PESTICIDES: Sequence[Item] = (
    ("毒死蜱", "mg/kg", "0.005", "", "0.46"),
    ("氧乐果", "mg/kg", "0.005", "", "0.21"),
    ("克百威", "mg/kg", "0.005", "", "0.093"),
    ("甲拌磷", "mg/kg", "0.005", "", "0.15"),
)
MEAT: Sequence[Item] = (
    ("恩诺沙星", "μg/kg", "2", "", "356"),
    ("氯霉素", "μg/kg", "0.1", "", "1.2"),
    ("土霉素", "μg/kg", "10", "", "980"),
)
ITEMS: Mapping[str, Sequence[Item]] = {
    "粮食加工品": (("黄曲霉毒素B1", "μg/kg", "0.3", "1.1", "34.6"), ("赭曲霉毒素A", "μg/kg", "0.3", "", "9.4"),
                 ("过氧化苯甲酰", "mg/kg", "0.5", "", "13")),
    "食用油、油脂及其制品": (("黄曲霉毒素B1", "μg/kg", "0.3", "2.4", "41.8"), ("特丁基对苯二酚", "mg/kg", "5", "36", "480")),
    "调味品": (("苯甲酸", "g/kg", "0.005", "0.31", "1.62"), ("山梨酸", "g/kg", "0.005", "0.12", "1.9"),
            ("糖精钠", "g/kg", "0.005", "", "0.4")),
    "肉制品": (("亚硝酸盐", "mg/kg", "1", "6.2", "66"), ("氯霉素", "μg/kg", "0.1", "", "0.9"), ("山梨酸", "g/kg", "0.005", "", "0.52")),
    "饮料": (("苯甲酸", "g/kg", "0.005", "0.11", "1.4"), ("糖精钠", "g/kg", "0.005", "", "0.3")),
    "酒类": (("糖精钠", "g/kg", "0.005", "", "0.09"), ("甜蜜素", "g/kg", "0.005", "", "0.34")),
    "蔬菜制品": (("苯甲酸", "g/kg", "0.005", "0.24", "1.7"), ("二氧化硫残留量", "g/kg", "0.005", "0.02", "0.46"),
             ("糖精钠", "g/kg", "0.005", "", "0.38")),
    "水果制品": (("二氧化硫残留量", "g/kg", "0.005", "0.04", "0.61"), ("甜蜜素", "g/kg", "0.005", "0.2", "2.3")),
    "糕点": (("铝的残留量", "mg/kg", "5", "21", "342"), ("脱氢乙酸", "g/kg", "0.005", "0.11", "0.87")),
    "餐饮食品": (("铝的残留量", "mg/kg", "5", "30", "411"), ("糖精钠", "g/kg", "0.005", "", "0.27")),
    "豆制品": (("苯甲酸", "g/kg", "0.005", "", "0.45"), ("山梨酸", "g/kg", "0.005", "", "1.8")),
    "淀粉及淀粉制品": (("铝的残留量", "mg/kg", "5", "44", "486"), ("二氧化硫残留量", "g/kg", "0.005", "", "0.21")),
    "蜂产品": (("氯霉素", "μg/kg", "0.1", "", "0.7"), ("诺氟沙星", "μg/kg", "2", "", "14")),
    "炒货食品及坚果制品": (("黄曲霉毒素B1", "μg/kg", "0.3", "0.8", "38"), ("糖精钠", "g/kg", "0.005", "", "1.9")),
}  # fmt: skip
OTHER: Sequence[Item] = (("苯甲酸", "g/kg", "0.005", "", "1.9"), ("糖精钠", "g/kg", "0.005", "", "0.5"))
# Names that the tables do not know for sure: somebody has yet to say which food is meant.
UNKNOWN = ("辣椒酱", "熏煮香肠火腿制品", "调味面制品", "维生素片", "鱼油软胶囊", "凉菜", "复用餐饮具")
ANIMALS = ("猪肉", "鸡肉", "鸡蛋", "鲫鱼", "草鱼")
# Of a thousand samples so many have one item beyond what is allowed.
FAILING = 24
# Planted in a county of ordinary size.
FAULTS: Mapping[str, int] = {
    "overdue_follow_up": 5,
    "unbalanced_goods": 4,
    "late_test_report": 8,
    "positive_not_followed": 4,
}
CONCLUDE_DAY = 25
REPORT_DAYS = (8, 17)
RAPID_A_MONTH = 5
# So many notices are written as papers; the others are loaded as told.
PAPERS = 4
RUNS_EVERY = 7


def live(stage: Any) -> None:
    course = _Course(stage)
    month = add_months(stage.begins.replace(day=1), 1)
    while month < stage.ends:
        day = min(add_months(month, 1) + timedelta(days=CONCLUDE_DAY - 1), stage.ends - timedelta(days=1))
        stage.at(datetime.combine(day, time(18)), partial(course.month, month))
        stage.at(
            datetime.combine(min(day + timedelta(days=12), stage.ends - timedelta(days=1)), time(19)), course.publish
        )
        month = add_months(month, 1)
    stage.at(datetime.combine(stage.workday(stage.begins, 20), time(10)), course.add_controls)
    day = stage.workday(stage.begins, 22)
    while day < stage.ends:
        stage.at(datetime.combine(day, time(11)), course.measure)
        day = stage.workday(day + timedelta(days=4 * RUNS_EVERY))


class _Course:
    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.rng = stage.rng("laboratory.results")
        share = min(1, float(stage.world.scale))
        self._left = {kind: max(1, round(count * share)) for kind, count in FAULTS.items()}
        self._rapid = max(2, round(RAPID_A_MONTH * share))
        self._controls: list[Any] = []
        self._retested = False
        self._papers = PAPERS
        self._seen = 0

    # --- results ------------------------------------------------------------------------------------------------------

    def month(self, first: date) -> None:
        # Earlier samples too: what came late in its month was not yet finished when that month was done.
        rows = Sample.objects.filter(
            people.under(self.stage.division_code), sampled_on__lt=add_months(first, 1), state=Sample.State.RECEIVED
        ).select_related("laboratory", "agency", "premises")
        samples = list(rows.order_by("number"))
        receipts = {r.sample_id: r for r in Receipt.objects.filter(sample__in=samples, undone_at=None)}
        tested = [one for s in samples if (one := self._tested(s, receipts[s.pk])) is not None]
        conclusions = loading_results.load_results(tested=tested, by=self.stage.user("lab"))
        failing = [one for one in conclusions if one.outcome == "nonconforming"]
        self._tell(failing)
        self._follow(failing)
        self._screen(first)

    def _own(self, sample: Sample, what: str) -> int:
        return zlib.crc32(f"{self.stage.world.seed}:{what}:{sample.number}".encode())

    def _tested(self, sample: Sample, receipt: Receipt) -> Tested | None:
        low, high = REPORT_DAYS
        on = self.stage.workday(receipt.received_on, low + self._own(sample, "day") % (high - low + 1))
        late = receipt.report_due_on
        if (
            late is not None
            and self._left["late_test_report"]
            and receipt.received_on.day < 6
            and late < ledger.clock.today()
        ):
            late_on = self.stage.workday(late, 2)
            if late_on < ledger.clock.today() and self._own(sample, "late") % 5 == 0:
                on = late_on
                self._left["late_test_report"] -= 1
                self.stage.plant("late_test_report", sample.number, sample.division_code, due_on=late.isoformat())
        if on > ledger.clock.today():
            return None
        account = "lab" if sample.laboratory == self.stage.agency("laboratory") else "lab_farm"
        return Tested(sample, self._measured(sample), on, f"{account}2", account)

    def _measured(self, sample: Sample) -> tuple[Measurement, ...]:
        items = _items(sample)
        fails = self._own(sample, "fails") % 1000 < FAILING
        bad = self._own(sample, "which") % len(items) if fails else -1
        return tuple(self._one(sample, item, place == bad) for place, item in enumerate(items))

    def _one(self, sample: Sample, item: Item, fails: bool) -> Measurement:
        analyte, unit, lod, usual, beyond = item
        text = beyond if fails else usual or "未检出"
        if not fails and usual:
            share = Decimal(60 + self._own(sample, analyte) % 80) / 100
            text = format((Decimal(usual) * share).quantize(Decimal(usual)), "f")
        return Measurement(analyte, (Entry(text, unit, lod=lod),))

    def publish(self) -> None:
        loading_results.publish_all(until=ledger.clock.today() - timedelta(days=7), by=self.stage.user("market"))

    # --- what failed --------------------------------------------------------------------------------------------------

    def _owner(self, row: Disposition) -> tuple[Any, Any]:
        key = "agriculture" if row.owner == self.stage.agency("agriculture") else "market"
        return self.stage.user(key), self.stage.user(f"{key}2")

    def _tell(self, failing: Sequence[SampleVerdict]) -> None:
        """The subject learns of it; one re-test of the whole life goes through to its end."""
        for conclusion in failing:
            sample = conclusion.sample
            if sample.purpose == Purpose.RISK_MONITORING:
                continue
            self._later(2, partial(self._notice, conclusion.pk))

    def _notice(self, pk: int) -> None:
        report = Report.objects.select_related("sample", "conclusion", "laboratory").get(conclusion=pk)
        by = self.stage.user("market")
        row = self._told(report, by)
        if not self._retested and disputes.why_no_retest(row, ledger.clock.today()) == "":
            self._retested = True
            items = "、".join(one["item"] for one in report.conclusion.failed)
            disputes.request_retest(notice=row, applicant=row.name, items=items, by=by)
            self._later(3, partial(self._retest, row.pk))

    def _told(self, report: Report, by: Any) -> Notice:
        name, today = report.sample.subject_name, ledger.clock.today()
        if not self._papers:
            return loading_results.load_notice(report=report, name=name, received_by="店主（虚构）", by=by)
        self._papers -= 1
        row = disputes.send_notice(report=report, to="subject", name=name, by=by)
        return disputes.record_receipt(notice=row, received_by="店主（虚构）", received_on=today, by=by)

    def _retest(self, notice: int) -> None:
        by = self.stage.user("market")
        retest = Retest.objects.select_related("sample").get(notice=notice)
        disputes.accept_retest(retest=retest, by=by)
        seed = self.rng.randbytes(32)
        disputes.draw_laboratory(retest=retest, seed=seed, salt=self.rng.randbytes(32), by=by)
        disputes.hand_over(retest=retest, by=by)
        self._later(6, partial(self._end_retest, retest.pk))

    def _end_retest(self, pk: int) -> None:
        by = self.stage.user("market")
        retest = Retest.objects.select_related("sample").get(pk=pk)
        disputes.conclude_retest(retest=retest, outcome="nonconforming", finding="复检结果仍超过限量（虚构）", by=by)
        disputes.tell_retest(retest=retest, by=by)

    def _later(self, workdays: int, act: Any) -> None:
        self.stage.at(datetime.combine(self.stage.workday(ledger.clock.today(), workdays), time(10)), act)

    def _follow(self, failing: Sequence[SampleVerdict]) -> None:
        numbers = [one.sample.number for one in failing]
        for row in (
            Disposition.objects.filter(sample__number__in=numbers)
            .select_related("sample", "owner")
            .order_by("sample__number")
        ):
            over = row.due_on is not None and row.due_on < self.stage.ends - timedelta(days=10)
            self._seen += over
            if over and self._left["overdue_follow_up"] and self._seen % 3 == 1:
                self._left["overdue_follow_up"] -= 1
                self.stage.plant("overdue_follow_up", row.sample.number, row.division_code, due_on=str(row.due_on))
                self._later(3, partial(self._control, row.pk, False))
                continue
            # The first that comes while there is time to write it down; a small county has few of them.
            off = bool(self._left["unbalanced_goods"]) and ledger.clock.today() < self.stage.ends - timedelta(days=30)
            if off:
                self._left["unbalanced_goods"] -= 1
                self.stage.plant("unbalanced_goods", row.sample.number, row.division_code)
            self._later(3, partial(self._control, row.pk, off))
            self._later(25, partial(self._explain, row.pk))
            self._later(40, partial(self._submit, row.pk))
            self._later(43, partial(self._close, row.pk))

    def _row(self, pk: int) -> Disposition:
        return Disposition.objects.select_related("sample", "owner").get(pk=pk)

    def _control(self, pk: int, off: bool) -> None:
        row = self._row(pk)
        by, _boss = self._owner(row)
        if row.serious and row.reported_at is None:
            follow_up.report_hazard(row=row, by=by)
        bought = 20 + self._own(row.sample, "bought") % 80
        stock, destroyed = bought // 5, bought // 10
        follow_up.record_controls(
            row=row, controls="封存剩余产品，下架停售，通知供货商（虚构）", controls_on=ledger.clock.today(), unit="kg",
            purchased=str(bought), stock=str(stock), sold=str(bought - stock - destroyed - (3 if off else 0)),
            returned="0", destroyed=str(destroyed), imbalance_reason="部分台账缺失，去向待查（虚构）" if off else "", by=by,
        )  # fmt: skip

    def _explain(self, pk: int) -> None:
        row = self._row(pk)
        if row.state != Disposition.State.OPEN:
            return
        by, _boss = self._owner(row)
        cause = "farming" if row.sample.food_class == "食用农产品" else "production"
        follow_up.record_cause(row=row, cause=cause, cause_text="追溯到上游供货单位，已通报所在地（虚构）", by=by)
        follow_up.record_penalty(row=row, penalty="履行进货查验义务，免予处罚（虚构）", by=by)
        follow_up.record_rectified(row=row, rectified="更换供货商，补齐索证索票（虚构）", by=by)

    def _submit(self, pk: int) -> None:
        row = self._row(pk)
        if row.state == Disposition.State.OPEN:
            follow_up.submit(row=row, by=self._owner(row)[0])

    def _close(self, pk: int) -> None:
        row = self._row(pk)
        if row.state == Disposition.State.SUBMITTED:
            follow_up.close(row=row, by=self._owner(row)[1])

    # --- rapid tests --------------------------------------------------------------------------------------------------

    def _screen(self, first: date) -> None:
        """Rapid tests of markets and supermarkets; a positive is followed, but for the planted ones."""
        kinds = ("produce_market", "food_sales")
        places = list(
            registry.Premises.objects.filter(
                people.under(self.stage.division_code), kind__in=kinds, status="operating", merged_into=None
            ).exclude(opened_on__gt=first).order_by("number")[:200]
        )  # fmt: skip
        for turn in range(self._rapid if places else 0):
            place = self.rng.choice(places)
            day = self.stage.workday(first + timedelta(days=self.rng.randrange(26)))
            if day >= ledger.clock.today():
                continue
            positive = self.rng.random() < 0.03 or (turn == 0 and self._left["positive_not_followed"] > 0)
            row = rapid.record_rapid_test(
                division_code=place.division_code, premises=place, food=self.rng.choice(("韭菜", "豇豆", "芹菜", "草鱼")),
                item="有机磷和氨基甲酸酯类农药残留", method="酶抑制率速测卡", result="positive" if positive else "negative",
                tested_at=datetime.combine(day, time(9, 30), tzinfo=ledger.clock.LOCAL), by=self.stage.user("market"),
            )  # fmt: skip
            if positive:
                self._positive(row, plant=turn == 0 and self._left["positive_not_followed"] > 0)

    def _positive(self, row: RapidTest, *, plant: bool) -> None:
        if plant:
            self._left["positive_not_followed"] -= 1
            self.stage.plant("positive_not_followed", row.number, row.division_code)
            return
        rapid.finish(row=row, handled="经营者自愿销毁，已送法定检验（虚构）", by=self.stage.user("market"))

    # --- quality ------------------------------------------------------------------------------------------------------

    def add_controls(self) -> None:
        for level, mean, sd in (("低", "0.0200", "0.0010"), ("高", "0.200", "0.008")):
            self._controls.append(
                quality.add_quality_sample(
                    laboratory=self.stage.agency("laboratory"),
                    analyte="毒死蜱",
                    level=level,
                    lot="2201",
                    unit="mg/kg",
                    mean=mean,
                    sd=sd,
                    found_from=24,
                    by=self.stage.user("lab"),
                )
            )

    def measure(self) -> None:
        """Once in a while a run is out of control, and is released with a word by the other."""
        shift = 3.4 if self.rng.random() < 0.05 else 0.0
        values = {
            control: f"{float(control.mean) + (self.rng.gauss(0, 0.8) + shift) * float(control.sd):.4f}"
            for control in self._controls
        }
        run = quality.measure_run(
            laboratory=self.stage.agency("laboratory"), analyte="毒死蜱", values=values, by=self.stage.user("lab2")
        )
        if run.blocks:
            quality.release(run=run, reason="进样针污染，更换后同批样品全部复测（虚构）", by=self.stage.user("lab"))


def _items(sample: Sample) -> Sequence[Item]:
    if sample.food in UNKNOWN:
        return OTHER[:1]
    if sample.food_class == "食用农产品":
        return MEAT if sample.food in ANIMALS else PESTICIDES
    return ITEMS.get(sample.food_class, OTHER)
