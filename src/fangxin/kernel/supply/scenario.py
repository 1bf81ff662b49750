"""Goods of the synthetic county's last year: from farms to markets, from markets to kitchens, into dishes; and what is
wrong with some of it. A month is loaded at once after its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from fangxin.engines.deadlines import add_months
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.supply.data import Load, NewLink, NewLot, NewOutflow, NewReceipt
from fangxin.kernel.supply.models import How, Source, Sureness
from fangxin.kernel.supply.services.loading import load

# Planted in a county of ordinary size.
FAULTS: Mapping[str, int] = {"supply_oversold": 6, "receipt_without_supplier": 9, "output_before_input": 5}
FARM_LOTS_A_WEEK = 10
MONTHS = 12
LEAST_A_WEEK = 2
FOODS: Sequence[tuple[str, str]] = (
    ("韭菜", "蔬菜"), ("菠菜", "蔬菜"), ("普通白菜", "蔬菜"), ("辣椒", "蔬菜"), ("黄瓜", "蔬菜"), ("番茄", "蔬菜"), ("豇豆", "蔬菜"),
    ("苹果", "水果"), ("梨", "水果"), ("鸡蛋", "鲜蛋"), ("猪肉", "畜禽肉"), ("鲫鱼", "水产品"), ("大米", "粮食"),
)  # fmt: skip
# What the invented farms sell, by the last word of their names; the others grow vegetables and grain.
SOLD_BY: Mapping[str, Sequence[str]] = {"渔场": ("水产品",), "养殖场": ("鲜蛋", "畜禽肉"), "果园": ("水果",)}
FIELD_CROPS = ("蔬菜", "粮食")
DISHES = ("素饺子", "炒时蔬", "番茄炒蛋", "青菜汤面", "红烧肉", "果盘")
MARKETS = ("produce_market", "food_sales", "small_shop")
KITCHENS = ("school_canteen", "restaurant", "canteen")
MOST_PLACES = {"farm": 60, "produce_market": 40, "school_canteen": 160}


def live(stage: Any) -> None:
    course = _Course(stage)
    month = add_months(stage.ends.replace(day=1), -MONTHS)
    for _n in range(MONTHS):
        end = add_months(month, 1)
        loaded = min(end + timedelta(days=1), stage.ends - timedelta(days=1))
        until = min(end, loaded)
        stage.at(datetime.combine(loaded, time(6, 50)), lambda m=month, e=until: course.month(m, e))
        month = end


@dataclass
class _Goods:
    """A month's load while it is put together."""

    lots: dict[str, NewLot] = field(default_factory=dict)
    links: list[NewLink] = field(default_factory=list)
    receipts: list[NewReceipt] = field(default_factory=list)
    outflows: list[NewOutflow] = field(default_factory=list)


class _Course:
    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.rng = stage.rng("supply")
        share = min(1, float(stage.world.scale))
        self._left = {kind: max(1, round(count * share)) for kind, count in FAULTS.items()}
        self._weekly = max(LEAST_A_WEEK, round(FARM_LOTS_A_WEEK * share))
        self._count = 0
        self._places: dict[tuple[str, ...], list[Any]] = {}

    def places(self, *kinds: str) -> list[Any]:
        """Operating places by their number, which is the same on every database."""
        if kinds not in self._places:
            rows = registry.Premises.objects.filter(kind__in=kinds, status="operating", merged_into=None)
            rows = rows.filter(division_code__startswith=self.stage.division_code, opened_on__lt=self.stage.begins)
            self._places[kinds] = list(rows.order_by("number")[: MOST_PLACES.get(kinds[0], 50)])
        return self._places[kinds]

    def month(self, begins: date, ends: date) -> None:
        if not all((self.places("farm"), self.places(*MARKETS), self.places(*KITCHENS))):
            return
        goods = _Goods()
        for day in range((ends - begins).days):
            if day % 7 < self._weekly:
                for _n in range(self._share_of_day(day)):
                    self._harvest(goods, begins + timedelta(days=day), ends)
        planted = self._plant(goods, begins)
        lots = load(
            Load(tuple(goods.lots.values()), tuple(goods.links), tuple(goods.receipts), tuple(goods.outflows)), by=None
        )
        for kind, key in planted:
            self.stage.plant(kind, lots[key].number, lots[key].division_code, food=lots[key].food)

    def _share_of_day(self, day: int) -> int:
        return self._weekly // 7 + (1 if day % 7 < self._weekly % 7 else 0)

    def _key(self) -> str:
        self._count += 1
        return f"s{self._count}"

    def _lot(self, goods: _Goods, place: Any, food: tuple[str, str], on: date, quantity: int, **more: Any) -> str:
        key = self._key()
        goods.lots[key] = NewLot(
            key=key, food=food[0], food_class=food[1], division_code=place.division_code, began_on=on,
            premises_id=place.pk, place_name=place.name[:120], quantity=Decimal(quantity), vouched_by=place.name[:120],
            **{"source": Source.RECEIPT, **more},
        )  # fmt: skip
        return key

    # --- the way of the goods -----------------------------------------------------------------------------------------

    def _harvest(self, goods: _Goods, day: date, ends: date) -> None:
        farm = self.rng.choice(self.places("farm"))
        food = self.rng.choice(foods_of(farm.name))
        quantity = self.rng.randrange(80, 600)
        key = self._lot(
            goods, farm, food, day, quantity, source=Source.TYPED, made_on=day, best_before_on=day + timedelta(days=20),
            maker_name=farm.name[:120],
        )  # fmt: skip
        left = quantity
        for _n in range(self.rng.choice((1, 1, 2))):
            taken = min(left, self.rng.randrange(30, 260))
            on = day + timedelta(days=self.rng.choice((0, 1)))
            if taken > 0 and on < ends:
                market = self.rng.choice(self.places(*MARKETS))
                self._sell(goods, self._moved(goods, key, market, taken, on, 6), taken, on, ends)
                left -= taken

    def _moved(self, goods: _Goods, key: str, place: Any, quantity: int, on: date, hour: int) -> str:
        came = goods.lots[key]
        how = self.rng.choice((How.SCAN, How.SCAN, How.PHOTO, How.TYPED))
        to = self._lot(
            goods, place, (came.food, came.food_class), on, quantity, made_on=came.made_on, best_before_on=came.best_before_on,
            maker_name=came.maker_name, sureness=Sureness.SCANNED if how == How.SCAN else Sureness.STATED,
        )  # fmt: skip
        goods.links.append(
            NewLink(key, to, received_at=_at(on, hour + self.rng.randrange(2)), quantity=Decimal(quantity), how=how)
        )
        return to

    def _sell(self, goods: _Goods, key: str, quantity: int, day: date, ends: date) -> None:
        left = quantity
        for _n in range(self.rng.randrange(1, 4)):
            taken, on = self.rng.randrange(5, 40), day + timedelta(days=self.rng.randrange(3))
            if taken <= left and on < ends:
                kitchen = self.rng.choice(self.places(*KITCHENS))
                bought = self._moved(goods, key, kitchen, taken, on, 8)
                left -= taken
                if self.rng.random() < 0.3:
                    self._cook(goods, bought, kitchen, taken, on)
        if left > 1:
            sold = Decimal(self.rng.randrange(1, left))
            goods.outflows.append(NewOutflow(key, goods.lots[key].food, _at(day, 17), sold))

    def _cook(self, goods: _Goods, key: str, kitchen: Any, quantity: int, on: date) -> str:
        dish = self._lot(
            goods, kitchen, (self.rng.choice(DISHES), "餐饮食品"), on, quantity, source=Source.TYPED, made_on=on,
            best_before_on=on + timedelta(days=1), maker_name=kitchen.name[:120],
        )  # fmt: skip
        used = Decimal(self.rng.randrange(1, quantity + 1))
        goods.links.append(NewLink(key, dish, sent_at=_at(on, 10), received_at=_at(on, 10), quantity=used))
        return dish

    # --- what is wrong ------------------------------------------------------------------------------------------------

    def _plant(self, goods: _Goods, month: date) -> list[tuple[str, str]]:
        """One of each a month, as long as there are any left to plant."""
        planted = []
        for kind, plant in (
            ("supply_oversold", self._oversell), ("receipt_without_supplier", self._buy_from_nobody),
            ("output_before_input", self._cook_too_early),
        ):  # fmt: skip
            if self._left[kind]:
                self._left[kind] -= 1
                planted.append((kind, plant(goods, month + timedelta(days=9))))
        return planted

    def _oversell(self, goods: _Goods, day: date) -> str:
        market, food = self.rng.choice(self.places(*MARKETS)), FOODS[0]
        key = self._lot(goods, market, food, day, 40)
        goods.receipts.append(NewReceipt(key, _at(day, 7), How.TYPED, supplier_name="外地客商", quantity=Decimal(40)))
        goods.outflows.append(NewOutflow(key, food[0], _at(day, 12), Decimal(35)))
        goods.outflows.append(NewOutflow(key, food[0], _at(day, 18), Decimal(38)))
        return key

    def _buy_from_nobody(self, goods: _Goods, day: date) -> str:
        kitchen = self.rng.choice(self.places(*KITCHENS))
        key = self._lot(goods, kitchen, self.rng.choice(FOODS), day, 15)
        goods.receipts.append(NewReceipt(key, _at(day, 7), How.TYPED, quantity=Decimal(15)))
        return key

    def _cook_too_early(self, goods: _Goods, day: date) -> str:
        kitchen = self.rng.choice(self.places(*KITCHENS))
        late = self._lot(goods, kitchen, self.rng.choice(FOODS), day + timedelta(days=3), 20)
        goods.receipts.append(
            NewReceipt(
                late, _at(day + timedelta(days=3), 7), How.TYPED, supplier_name="城关批发部", quantity=Decimal(20)
            )
        )
        return self._cook(goods, late, kitchen, 10, day)


def foods_of(farm: str) -> list[tuple[str, str]]:
    """What a farm of the synthetic county can sell."""
    classes = next((classes for word, classes in SOLD_BY.items() if farm.endswith(word)), FIELD_CROPS)
    return [food for food in FOODS if food[1] in classes]


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ledger.clock.LOCAL)
