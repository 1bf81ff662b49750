"""Imported food in the synthetic county: traders and their lots over two years, notices handled and one that was not, a
session with customs, clues handed over and one that was not. Everything invented."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from django.db.models import Q

from fangxin.actions.imported_food import rules, tasks
from fangxin.actions.imported_food.data import NewConsignment
from fangxin.actions.imported_food.models import Consignment, Trader
from fangxin.actions.imported_food.services import alerts, consignments, disposals, joint, scoring, traders
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry


class Food(NamedTuple):
    name: str
    original: str
    origin: str
    maker: str
    storage: str = "ambient"
    days: int = 540


FOODS = (
    Food("原味开心果", "Roasted pistachios", "TR", "Anadolu Kuru Gida"),
    Food("夹心饼干", "Filled biscuits", "ID", "Nusantara Biskuit"),
    Food("特级初榨橄榄油", "Extra virgin olive oil", "ES", "Oleo del Sur"),
    Food("榴莲干", "Dried durian", "TH", "Siam Fruit House"),
    Food("黑巧克力", "Dark chocolate", "BE", "Maison du Cacao"),
    Food("全脂奶粉", "Whole milk powder", "NZ", "Southern Pastures Dairy"),
    Food("冷冻南美白虾", "Frozen vannamei shrimps", "EC", "Costa Mariscos", "frozen"),
    Food("冷冻牛腱", "Frozen beef shank", "BR", "Campo Verde Carnes", "frozen"),
    Food("挂耳咖啡", "Drip coffee", "VN", "Cao Nguyen Coffee"),
    Food("海苔", "Roasted seaweed", "KR", "Namhae Gim"),
    Food("干红葡萄酒", "Red wine", "CL", "Vina del Valle", days=1800),
    Food("腰果仁", "Cashew kernels", "VN", "Binh An Cashew"),
)
ARRIVALS = (date(2022, 10, 8), date(2023, 4, 10), date(2023, 10, 9), date(2024, 5, 8), date(2024, 10, 8))
FEWEST = 9
# Which trader's last lots carry a fault, by place in the order of numbers.
NO_CERTIFICATE, WRONG_LABEL, EXPIRED, ALERTED, WARNED = (1, 5), (2, 6), (3,), 0, 4


def live(stage: Any) -> None:
    course = _Course(stage)
    stage.at(datetime.combine(date(2022, 9, 6), time(10)), course.register)
    for number, day in enumerate(ARRIVALS):
        stage.at(datetime.combine(day, time(11)), lambda n=number, d=day: course.arrive(n, d))
        stage.at(datetime.combine(stage.workday(day, 3), time(10)), lambda n=number: course.check_labels(n))
    stage.at(datetime.combine(date(2023, 11, 7), time(9)), course.warned)
    stage.at(datetime.combine(date(2023, 11, 7), time(15)), course.stopped)
    stage.at(datetime.combine(date(2023, 11, 9), time(10)), course.arrange)
    stage.at(datetime.combine(date(2023, 11, 15), time(15)), course.meet)
    stage.at(datetime.combine(date(2023, 12, 1), time(10)), course.disposed)
    stage.at(datetime.combine(date(2024, 4, 9), time(10)), course.clue_found)
    stage.at(datetime.combine(date(2024, 4, 10), time(10)), course.clue_handed_over)
    stage.at(datetime.combine(date(2024, 11, 4), time(10)), course.alert_left)
    stage.at(datetime.combine(date(2024, 11, 11), time(10)), course.clue_left)
    stage.at(datetime.combine(stage.ends - timedelta(days=1), time(7)), course.end)


class _Course:
    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.rng: Random = stage.rng("imported_food")
        self.market, self.head, self.office = stage.user("market"), stage.user("market2"), stage.user("office")
        self.code = stage.division_code
        self.lots: dict[tuple[int, int], str] = {}
        self.talk: Any = None
        self.clue: Any = None

    def register(self) -> None:
        """The importers of the register, and what customs decided about most of them."""
        for number, premises in enumerate(self._places()):
            role = "importer" if number % 3 == 0 else "seller"
            trader = traders.register_trader(
                premises=premises,
                role=role,
                filing_number=f"4100{number:06d}" if role == "importer" else "",
                by=self.market,
            )
            if role == "importer":
                grade = "advanced" if number == 0 else "regular"
                traders.record_credit(
                    trader=trader, scheme="customs-2021", grade=grade, valid_from=date(2022, 3, 1),
                    source_text="海关企业信用公示（虚构）", by=self.market,
                )  # fmt: skip
        first = self._traders()[0] if self._traders() else None
        if first is not None:
            traders.change_coaching(
                trader=first, coaching="recommended", note="连续三年抽检合格，记录完整（虚构）", by=self.market
            )

    def _places(self) -> list[Any]:
        """The importers; in a small county also shops, so that there are enough of them."""
        standing = registry.Premises.objects.filter(people.under(self.code), merged_into=None, status="operating")
        standing = standing.filter(Q(opened_on=None) | Q(opened_on__lte=self.stage.begins)).select_related("operator")
        found = list(standing.filter(kind="importer").order_by("number"))
        return found + list(standing.filter(kind="food_sales").order_by("number")[: max(0, FEWEST - len(found))])

    def _traders(self) -> list[Trader]:
        rows = Trader.objects.filter(people.under(self.code)).select_related("premises__operator")
        return list(rows.order_by("premises__number"))

    # --- lots ---------------------------------------------------------------------------------------------------------

    def arrive(self, number: int, day: date) -> None:
        """A lot comes to every trader; the one before is sold, but for what is left to go bad on the shelf."""
        found = []
        for place, trader in enumerate(self._traders()):
            self._sell(place, number - 1)
            food = FOODS[(place + number) % len(FOODS)] if place not in (ALERTED, WARNED) else FOODS[place % 2 * 11]
            found.append(self._lot(place, number, trader, food, day))
        scoring.rescore(found)

    def _sell(self, place: int, number: int) -> None:
        kept = place in EXPIRED and number == len(ARRIVALS) - 2
        row = self._row(place, number)
        if row is not None and row.state == "on_shelf" and not kept:
            consignments.sold_out(consignment=row, by=self.market)

    def _row(self, place: int, number: int) -> Consignment | None:
        rows = Consignment.objects.select_related("lot", "trader__premises")
        return rows.filter(lot__number=self.lots.get((place, number), "")).first()

    def _lot(self, place: int, number: int, trader: Trader, food: Food, day: date) -> Consignment:
        made = day - timedelta(days=self.rng.randrange(60, 120))
        last = number == len(ARRIVALS) - 1
        short = place in EXPIRED and number == len(ARRIVALS) - 2
        best_before = date(2024, 11, 5) if short else made + timedelta(days=food.days)
        papers = {
            code: f"{code[:2].upper()}{day:%y%m}{place:03d}"
            for code in self._papers(trader, food, made + timedelta(days=40))
        }
        if last and place in NO_CERTIFICATE:
            del papers["quarantine_certificate"]
        new = NewConsignment(
            food=food.name, original_name=food.original, quantity=Decimal(self.rng.randrange(20, 200)), unit="千克",
            received_at=ledger.clock.now(), origin=food.origin, maker=food.maker, maker_number=f"C{food.origin}{place:04d}",
            lot_code=f"{food.origin}{made:%y%m%d}-{place:02d}", made_on=made, best_before_on=best_before,
            supplier="境外出口商（虚构），电话 00-0000", specification="500克/袋", port="青岛", entered_on=made + timedelta(days=40),
            storage=food.storage, papers=papers,
        )  # fmt: skip
        row = consignments.record_consignment(trader=trader, new=new, by=self.market, score=False)
        self.lots[place, number] = row.lot.number
        if last and place in NO_CERTIFICATE:
            self.stage.plant("import_no_certificate", row.lot.number, row.division_code)
        if short:
            self.stage.plant("import_expired_on_shelf", row.lot.number, row.division_code)
        return row

    def _papers(self, trader: Trader, food: Food, entered: date) -> list[str]:
        words = rules.vocabulary(entered)
        products = words.find_products(f"{food.name} {food.original}")
        kind = rules.risk.LotKind(trader.role, food.storage, words.class_of("", products), products, entered)
        return [duty.code for duty in rules.risk.required(rules.paper_duties(entered), kind)]

    def check_labels(self, number: int) -> None:
        """Two of three lots are looked at; those planted are wrong."""
        items = [item.code for item in rules.label_items(ledger.clock.today())[0]]
        found = []
        for place in range(len(self._traders())):
            row = self._row(place, number)
            wrong = number == len(ARRIVALS) - 1 and place in WRONG_LABEL
            if row is None or row.state != "on_shelf" or (place % 3 == 1 and not wrong):
                continue
            answers = dict.fromkeys(items, "right") | ({"chinese": "wrong", "agent": "wrong"} if wrong else {})
            consignments.check_label(consignment=row, answers=answers, by=self.market, score=False)
            found.append(row)
            if wrong:
                self.stage.plant("import_label_wrong", row.lot.number, row.division_code)
        scoring.rescore(found)

    # --- notices ------------------------------------------------------------------------------------------------------

    def warned(self) -> None:
        """A notice by name: a person confirms it on the same morning."""
        row = self._row(WARNED, 2)
        if row is None:
            return
        alert = alerts.record_alert(
            source="rasff", division_code=self.code, by=self.market,
            said={
                "reference": "2023.9001（虚构）", "published_on": "2023-11-06", "category": "nuts, nut products and seeds",
                "text": f"Aflatoxins in {row.original_name} from {rules.vocabulary(date(2023, 11, 6)).countries[row.origin][-1]}",
                "origin": row.origin, "hazard": "Aflatoxin B1", "risk": "serious",
            },
        )  # fmt: skip
        for match in alert.matches.filter(state="asked").order_by("consignment__lot__number"):
            if match.consignment_id == row.pk:
                alerts.confirm(match=match, why="包装批号与通报企业供货单一致（虚构）", by=self.market)
            else:
                alerts.dismiss(match=match, why="生产企业不同（虚构）", by=self.market)
        alerts.finish_trace(alert=alert, finding="逐店核对，一批涉及，其余不涉及（虚构）", by=self.market)

    def _case(self) -> Any:
        row = self._row(WARNED, 2)
        return row.disposals.first() if row is not None else None

    def stopped(self) -> None:
        case = self._case()
        if case is not None and case.state == "open":
            disposals.stop(disposal=case, on_hand=Decimal(12), by=self.market)

    def arrange(self) -> None:
        case = self._case()
        self.talk = joint.arrange(
            title="进口坚果真菌毒素风险会商", division_code=self.code, planned_on=date(2023, 11, 15), others="隶属海关（虚构）",
            agencies=[self.stage.agency(key) for key in ("market", "health")], by=self.office,
            disposals=[case] if case is not None else [], alerts=[case.match.alert] if case is not None and case.match else [],
        )  # fmt: skip

    def meet(self) -> None:
        joint.hold(session=self.talk, held_on=date(2023, 11, 15), chair="食安办负责人", by=self.office)
        joint.decide(
            session=self.talk, text="元旦前对全县在售进口坚果抽检一轮，结果通报商务部门。", owner=self.stage.agency("market"),
            due_on=date(2023, 12, 29), by=self.office,
        )  # fmt: skip
        joint.conclude(session=self.talk, conclusion="风险可控；加密抽检，督促进口商向境外出口商追溯。", by=self.office)

    def disposed(self) -> None:
        case = self._case()
        if case is None or case.state != "stopped":
            return
        for buyer in case.withdrawals.order_by("lot__number"):
            disposals.tell_buyer(withdrawal=buyer, by=self.market)
        case = disposals.dispose(
            disposal=case,
            outcome="destroyed",
            quantity=Decimal(12),
            text="填埋场监督销毁，两人在场（虚构）",
            by=self.market,
        )
        disposals.report(disposal=case, to="隶属海关（虚构）", by=self.market)

    def alert_left(self) -> None:
        """A notice with the very lot number: the platform stops nobody by itself, and nobody looks."""
        row = self._row(ALERTED, len(ARRIVALS) - 1)
        if row is None:
            return
        alert = alerts.record_alert(
            source="customs", division_code=self.code, by=self.market,
            said={
                "reference": "风险预警〔2024〕虚构12号", "published_on": "2024-11-04", "origin": row.origin, "hazard": "黄曲霉毒素B1",
                "text": f"{row.lot.food} 检出黄曲霉毒素B1 超过限量", "lots": row.lot.code, "risk": "严重",
            },
        )  # fmt: skip
        self.stage.plant("import_alert_unhandled", row.lot.number, row.division_code, alert=alert.reference)

    # --- clues --------------------------------------------------------------------------------------------------------

    def _clue(self, place: str, facts: str) -> Any:
        town = min(town.code for town in self.stage.world.land.townships)
        return joint.record_clue(
            origin="inspection", place=place, facts=facts, division_code=town, found_on=ledger.clock.today(),
            amount_yuan=Decimal(46000), by=self.market,
        )  # fmt: skip

    def clue_found(self) -> None:
        self.clue = self._clue(
            "集镇冷库（虚构）", "冻牛肉约 1.2 吨，外文包装，无中文标签、无入境货物检验检疫证明（虚构）。"
        )

    def clue_handed_over(self) -> None:
        clue = joint.report_clue(
            clue=self.clue, assessment="无任何来源凭证，价格明显低于市价（虚构）。", by=self.market
        )
        clue = joint.decide_clue(
            clue=clue, approved=True, receiver="customs", reason="涉嫌走私，移送（虚构）。", by=self.head
        )
        joint.hand_over(clue=clue, text="海关缉私分局；现场笔录、照片、查封清单（虚构）", by=self.market)

    def clue_left(self) -> None:
        """Approved, and never handed over."""
        clue = self._clue("便利店仓库（虚构）", "外文标签奶粉 300 罐，无中文标签，店主说由朋友带回（虚构）。")
        clue = joint.report_clue(clue=clue, assessment="数量明显超出自用（虚构）。", by=self.market)
        joint.decide_clue(clue=clue, approved=True, receiver="police", reason="移送（虚构）。", by=self.head)
        self.stage.plant("import_clue_not_handed_over", clue.number, clue.division_code)

    def end(self) -> None:
        tasks.daily()
