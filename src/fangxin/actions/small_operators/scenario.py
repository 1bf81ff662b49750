"""The small operators of the synthetic county: how they got their papers, who stands where, who shines, who is late.

The papers themselves come from the register; what led to them is loaded at the end of the life. Open applications,
zones, sites and the followed unregistered go through the same services as the screens.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any

from fangxin.actions.small_operators import rules
from fangxin.actions.small_operators.models import Application, Unregistered, Zone
from fangxin.actions.small_operators.services import (
    applications,
    deciding,
    loading,
    sites,
    unregistered,
    upgrades,
    zones,
)
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

PRODUCTS = {
    "small_workshop": ("手工粉条", "卤水豆腐", "石磨面粉", "红薯粉皮", "手工挂面", "小磨香油"),
    "small_shop": ("预包装食品", "散装食品", "糕点", "早餐", "凉皮", "副食"),
    "stall": ("凉皮", "煎饼", "胡辣汤", "烤红薯", "水果", "卤味"),
}
LATE = 0.06  # share of first visits made after their time
PLANTED_LATE = 6
# Stalls that were reported outside their zone in the last weeks.
OUTSIDE = 4
ZONE_HOURS = ((time(6), time(9, 30)), (time(16, 30), time(22)), None)
RETAIL_WORDS = ("早市", "夜市", "便民区")


def live(stage: Any) -> None:
    course = _Course(stage)
    last = stage.ends - timedelta(days=1)
    stage.at(datetime.combine(date(2022, 7, 4), time(9)), course.draw_zones)
    stage.at(datetime.combine(date(2024, 4, 8), time(9)), course.place_stalls)
    stage.at(datetime.combine(date(2024, 6, 3), time(9)), course.nominate)
    stage.at(datetime.combine(date(2024, 6, 17), time(15)), course.score)
    stage.at(datetime.combine(date(2024, 6, 24), time(15)), course.list_sites)
    stage.at(datetime.combine(date(2024, 7, 8), time(9)), course.begin_upgrades)
    stage.at(datetime.combine(date(2024, 9, 23), time(9)), course.follow)
    stage.at(datetime.combine(date(2024, 10, 14), time(9)), course.guide)
    stage.at(datetime.combine(last, time(10)), course.write_history)
    for number in range(12):
        day = stage.workday(stage.ends, -(1 + number % 6))
        stage.at(datetime.combine(day, time(9, 20 + number)), partial(course.apply, number))
    for number in range(OUTSIDE):
        day = stage.workday(stage.ends, -(3 + number * 2))
        stage.at(datetime.combine(day, time(18, 10 * number)), partial(course.find_outside, number))


@dataclass
class _Course:
    stage: Any

    def __post_init__(self) -> None:
        self.rng: Random = self.stage.rng("small_operators")
        self.market = self.stage.user("market")
        self.boss = self.stage.user("market2")
        self.towns = [town for town in self.stage.world.land.townships if town.latitude is not None]
        self.listed: list[Any] = []

    def _standing(self, kind: str, count: int) -> list[Any]:
        rows = registry.Premises.objects.filter(
            people.under(self.stage.division_code), kind=kind, status="operating", merged_into=None
        ).order_by("pk")
        found = list(rows)
        return self.rng.sample(found, min(count, len(found)))

    # --- zones --------------------------------------------------------------------------------------------------------

    def draw_zones(self) -> None:
        """Two in each township: a circle and a square."""
        for town in self.towns:
            for number, word in enumerate(RETAIL_WORDS[:2]):
                hours = ZONE_HOURS[number]
                lat = round(town.latitude + self.rng.uniform(-0.004, 0.004), 6)
                lng = round(town.longitude + self.rng.uniform(-0.004, 0.004), 6)
                half = 0.0006
                square = [
                    [lat - half, lng - half],
                    [lat - half, lng + half],
                    [lat + half, lng + half],
                    [lat + half, lng - half],
                ]
                zones.draw_zone(
                    name=f"{town.name}{word}", division_code=town.code, latitude=lat, longitude=lng, radius_m=90,
                    corners=square if number else [], opens_at=hours[0] if hours else None,
                    closes_at=hours[1] if hours else None, capacity=self.rng.randrange(12, 26), by=self.market,
                )  # fmt: skip

    def place_stalls(self) -> None:
        """Most stalls of each township get a place, until its zones are nearly full."""
        stalls = registry.Premises.objects.filter(
            people.under(self.stage.division_code), kind="stall", status="operating", merged_into=None
        ).order_by("pk")
        waiting: dict[str, list[Any]] = {}
        for stall in stalls:
            waiting.setdefault(stall.division_code[:9], []).append(stall)
        for zone in Zone.objects.filter(people.under(self.stage.division_code)).order_by("pk"):
            here = waiting.get(zone.division_code, [])
            taken = min(len(here), zone.capacity - 2)
            zones.place_many(zone=zone, stalls=here[:taken], by=self.market)
            waiting[zone.division_code] = here[taken:]

    def find_outside(self, number: int) -> None:
        """A stall seen far from its zone: a matter for the city management."""
        placed = list(
            registry.Premises.objects.filter(
                people.under(self.stage.division_code), small_placements__until=None, small_placements__isnull=False,
                status="operating",
            ).order_by("pk")[: OUTSIDE * 3]
        )  # fmt: skip
        if number >= len(placed):
            return
        stall = placed[number]
        zone = stall.small_placements.get(until=None).zone
        matter = zones.report_out_of_zone(
            division_code=stall.division_code, premises=stall, by=self.market,
            seen_at=datetime.combine(self.stage.ends - timedelta(days=3), time(18)),
            point=(zone.latitude + 0.004, zone.longitude), note="占道影响通行（虚构）",
        )  # fmt: skip
        self.stage.plant("stall_outside_zone", stall.name, stall.division_code, number=matter.number)

    # --- sites, upgrades ----------------------------------------------------------------------------------------------

    def nominate(self) -> None:
        for kind, wanted in (("small_workshop", 4), ("small_shop", 6)):
            found = [site for premises in self._standing(kind, wanted * 2) if (site := self._put_forward(premises))]
            self.listed += found[:wanted]

    def _put_forward(self, premises: Any) -> Any:
        try:
            return sites.nominate(
                premises=premises, level="demonstration", reason="证照齐全，群众评价好", by=self.market
            )
        except ledger.Refused:
            return None  # its paper is too young or has run out

    def score(self) -> None:
        criteria = rules.site_rules(date(2024, 6, 17)).criteria
        for number, site in enumerate(self.listed[:8]):
            points = {c.code: c.points if c.key or number % 4 else c.points - 6 for c in criteria}
            if number == 2:
                points["record"] = 0
            sites.score(
                site=site, visited_on=date(2024, 6, 17), scores=points, with_whom="监管所同行人", by=self.market
            )

    def list_sites(self) -> None:
        for number, site in enumerate(self.listed[:6]):
            site.refresh_from_db()
            try:
                sites.decide(site=site, accept=True, by=self.boss)
            except ledger.Refused:
                sites.decide(site=site, accept=False, note="关键项未达标", by=self.boss)
            if number == 5 and site.state == "listed":
                sites.remove(site=site, why="群众投诉属实，取消资格", by=self.boss)

    def begin_upgrades(self) -> None:
        for number, premises in enumerate(self._standing("small_workshop", 5)):
            row = upgrades.begin_upgrade(premises=premises, becomes="food_producer", by=self.market)
            for code, _label in upgrades.conditions(row)[: 2 + number * 2]:
                upgrades.check_item(upgrade=row, code=code, met=True, by=self.market)

    # --- the unregistered ---------------------------------------------------------------------------------------------

    def follow(self) -> None:
        """What the last census knows to be in no register is followed from the day it was over."""
        unregistered.take_from_census(prefix=self.stage.division_code, by=self.market)

    def guide(self) -> None:
        rows = list(Unregistered.objects.filter(people.under(self.stage.division_code), state="found").order_by("pk"))
        for number, row in enumerate(rows):
            if number % 3 == 0:
                unregistered.guide(
                    row=row, text="上门告知登记备案要求，发放材料清单", next_on=date(2024, 11, 11), by=self.market
                )
            elif number % 7 == 1:
                unregistered.end_shut(row=row, text="两次上门均已关门，邻居确认停业", by=self.market)

    # --- applications -------------------------------------------------------------------------------------------------

    def write_history(self) -> None:
        """How the papers issued in the plan's years came about, and the first visits they brought."""
        issued = (
            registry.Credential.objects.filter(
                people.under(self.stage.division_code), kind__in=rules.CREDENTIALS, renews=None,
                issued_on__gte=self.stage.begins, premises__opened_on__gte=self.stage.begins,
                premises__merged_into=None, small_application__isnull=True, small_first_visit__isnull=True,
            )
            .select_related("premises__operator")
            .order_by("issued_on", "pk")
        )  # fmt: skip
        first: dict[int, Any] = {}
        for credential in issued:
            first.setdefault(credential.premises_id, credential)
        rows = list(self._past(list(first.values())))
        loading.load(decided=rows, by=self.market)

    def _past(self, issued: list[Any]) -> Iterator[loading.Decided]:
        planted = 0
        for credential in issued:
            kind, on = credential.premises.kind, credential.issued_on
            due = rules.first_visit_due(kind, on, division_code=credential.division_code)
            ran_out = due < self.stage.ends - timedelta(days=20)
            visited: date | None = on + timedelta(days=self.rng.randrange(8, 55))
            if ran_out and planted < PLANTED_LATE and credential.premises.status == "operating":
                planted += 1
                visited = None
                self.stage.plant(
                    "late_first_visit", credential.premises.name, credential.division_code, due_on=due.isoformat()
                )
            elif ran_out and self.rng.random() < LATE:
                visited = due + timedelta(days=self.rng.randrange(1, 20))
            if visited is not None and visited >= self.stage.ends:
                visited = None
            problems = visited is not None and self.rng.random() < 0.12
            yield loading.Decided(
                credential=credential,
                submitted_on=on - timedelta(days=self.rng.randrange(0, 4)),
                decided_on=on,
                products="\n".join(self.rng.sample(PRODUCTS[kind], 2)),
                received=kind == "stall" and due < self.stage.ends,
                water="public" if kind == "small_workshop" else "",
                visited_on=visited,
                result="" if visited is None else "problems" if problems else "compliant",
                note="票据留存不全，已当场指导" if problems else "",
            )

    def apply(self, number: int) -> None:
        """What waits on the desks: one of each, in every state."""
        kind = ("small_shop", "stall", "small_workshop")[number % 3]
        town = self.towns[number % len(self.towns)]
        name = f"{town.name[:2]}{'石磨作坊' if kind == 'small_workshop' else '小吃铺'}{number + 1}号"
        products = "传统固态白酒" if number == 8 else "\n".join(self.rng.sample(PRODUCTS[kind], 2))
        row = applications.draft(
            purpose="new", kind=kind, division_code=town.code, holder_name=f"{name}（虚构）", sign_name=name,
            operator_kind="individual" if kind == "stall" else "self_employed", principal="经营者（虚构）",
            phone=f"154{self.rng.randrange(10**8):08d}", address=f"{town.name}新市路{number + 1}号（虚构）",
            products=products, water="public" if kind == "small_workshop" else "", by=self.market,
        )  # fmt: skip
        if number == 0:
            return
        for paper in applications.papers_of(row):
            if paper.given == "file" and not (number in (1, 7) and paper.code == "health_cards"):
                applications.add_paper(
                    application=row, document=paper.code, name=f"{paper.label}.txt",
                    content=f"{paper.label}（虚构，代替真实材料）\n".encode(), by=self.market,
                )  # fmt: skip
        applications.submit(application=row, by=self.market)
        self._carry_on(row, number)

    def _carry_on(self, row: Application, number: int) -> None:
        if number in (1, 7):
            deciding.tell_missing(application=row, missing=["health_cards"], note="请补健康证明", by=self.market)
        elif number in (3, 4, 8):
            deciding.accept(application=row, by=self.market)
        elif number in (5, 6):
            deciding.accept(application=row, by=self.market)
            deciding.review(application=row, opinion="grant", by=self.market)
        elif number in (9, 10):
            deciding.accept(application=row, by=self.market)
            deciding.issue_on_the_spot(application=row, by=self.market)
        elif number == 11:
            deciding.refuse(
                application=row, reason="经营场所与污染源距离不足", route="更换场所后可重新申请", by=self.boss
            )
