"""The invented register of one county: who answers, where, with which papers, since when."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from fangxin.engines.deadlines import add_months
from fangxin.engines.identifiers import make_business_licence, make_credit_code, make_production_licence
from fangxin.engines.places import Place
from fangxin.kernel.registry.data import (
    NewCertificate,
    NewCredential,
    NewFact,
    NewOperator,
    NewPremises,
    NewStaff,
)
from fangxin.sim import names
from fangxin.sim.courses import between, facts_of
from fangxin.sim.places import Land
from fangxin.sim.shapes import CATERING, SHAPES, THREE_SMALL, Shape
from fangxin.sim.values import BEGINS, ENDS, Batch, Closure, Departure, Fault, Register

# Planted in a county of ordinary size; a smaller one gets its share, at least one.
EXPIRED = 45
STILL_OPEN = 18
NEVER_CERTIFIED = 30
FOUND_LATER = 140

ENTERED = time(16, 30)


def planted(count: int, scale: float) -> int:
    return max(1, round(count * min(1, scale)))


@dataclass(slots=True)
class _Draft:
    """What is being made; frozen at the end."""

    operators: list[NewOperator] = field(default_factory=list)
    premises: list[NewPremises] = field(default_factory=list)
    credentials: list[NewCredential] = field(default_factory=list)
    staff: list[NewStaff] = field(default_factory=list)
    certificates: list[NewCertificate] = field(default_factory=list)
    facts: list[NewFact] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class _Maker:
    def __init__(self, land: Land, *, seed: str, scale: float) -> None:
        self.land, self.scale = land, scale
        self.rng = Random(f"{seed}:register:{land.code}")
        self.draft = _Draft()
        self.used: set[str] = set()
        self.serial = 0
        self.places: dict[str, list[Place]] = defaultdict(list)
        for village in land.villages:
            self.places[village.code[:9]].append(village)

    def make(self) -> None:
        for shape in SHAPES:
            for index, township in enumerate(self._townships(shape)):
                self._place(shape, index, township)
        self._plant()
        self._helpers()

    def _townships(self, shape: Shape) -> list[Place]:
        count = max(1, round(shape.count * self.scale))
        every = list(self.land.townships[:count]) if shape.each_township else []
        weights = [township.weight for township in self.land.townships]
        return every + self.rng.choices(self.land.townships, weights=weights, k=count - len(every))

    def _place(self, shape: Shape, index: int, township: Place) -> None:
        self.serial += 1
        key = f"{self.land.code}/{shape.kind}/{index}"
        rural = township.kind != "street" and self.rng.random() < shape.rural
        village = self._village(township, rural)
        name = self._name(shape, village, township)
        self._operator(shape, key, name, township)
        premises = self._premises(shape, key, name, village, rural)
        self.draft.premises.append(premises)
        self._credentials(shape, premises)
        self._staff(shape, premises)
        self.draft.facts += facts_of(premises, ENDS, self.rng)

    def _village(self, township: Place, rural: bool) -> Place:
        wanted = "village" if rural else "community"
        near = [place for place in self.places[township.code] if place.kind == wanted]
        return self.rng.choice(near or self.places[township.code])

    def _name(self, shape: Shape, village: Place, township: Place) -> str:
        town = township.name.rstrip("镇乡街道")
        name = names.sign(shape.kind, town if shape.each_township else village.name[:2], self.rng)
        if name in self.used:
            name = f"{village.name[:2]}{name}"
        while name in self.used:
            name += self.rng.choice("东西南北中")
        self.used.add(name)
        return name

    def _operator(self, shape: Shape, key: str, name: str, township: Place) -> None:
        individual = shape.operator_kind == "individual"
        department, kind = ("1", "2") if shape.operator_kind == "institution" else ("9", "2")
        code = make_credit_code(division=self.land.code, serial=self.serial, department=department, kind=kind)
        self.draft.operators.append(
            NewOperator(
                key=key,
                name=names.operator(name, shape.operator_kind),
                kind=shape.operator_kind,
                division_code=township.code,
                uscc="" if individual else code,
                legal_representative=names.person(self.rng),
                phone=names.phone(self.rng),
            )
        )

    def _premises(self, shape: Shape, key: str, name: str, village: Place, rural: bool) -> NewPremises:
        opened = self._opened()
        area, seats = self._size(shape)
        point = self._point(village)
        return NewPremises(
            key=key,
            operator=key,
            name=name,
            kind=shape.kind,
            division_code=village.code,
            address=names.address(village.name, self.rng),
            phone=names.phone(self.rng),
            rural=rural,
            latitude=point[0],
            longitude=point[1],
            area_m2=area,
            seats=seats,
            opened_on=opened,
            closed_on=self._closed(shape, opened),
        )

    def _opened(self) -> date:
        if self.rng.random() < 0.86:
            return between(date(2014, 1, 1), BEGINS, self.rng)
        return between(BEGINS + timedelta(days=10), ENDS - timedelta(days=15), self.rng)

    def _closed(self, shape: Shape, opened: date) -> date | None:
        if shape.each_township or shape.operator_kind == "institution" or self.rng.random() > 0.045:
            return None
        earliest = max(opened, BEGINS) + timedelta(days=60)
        return between(earliest, ENDS, self.rng) if earliest < ENDS else None

    def _size(self, shape: Shape) -> tuple[Decimal | None, int | None]:
        if shape.area is None:
            return None, None
        if shape.large and self.rng.random() < shape.large:
            return Decimal(self.rng.randrange(510, 2400)), self.rng.randrange(180, 700)
        area = Decimal(self.rng.randrange(*shape.area))
        return area, None if shape.seats is None else self.rng.randrange(*shape.seats)

    def _point(self, village: Place) -> tuple[float | None, float | None]:
        if village.latitude is None or village.longitude is None:
            return None, None
        return (
            round(village.latitude + self.rng.uniform(-0.01, 0.01), 6),
            round(village.longitude + self.rng.uniform(-0.01, 0.01), 6),
        )

    def _credentials(self, shape: Shape, premises: NewPremises) -> None:
        if not shape.credential or premises.opened_on is None:
            return
        issued, number = self._first_issue(shape, premises.opened_on), self._number(shape)
        while True:
            expires = None if shape.term_years is None else add_months(issued, 12 * shape.term_years) - timedelta(1)
            if expires is None or expires >= BEGINS - timedelta(days=90):
                self.draft.credentials.append(
                    NewCredential(
                        premises.key, shape.credential, issued, number, expires,
                        scope=SCOPES.get(shape.kind, ""), issuer=f"{self.land.county.name}市场监督管理局",
                    )
                )  # fmt: skip
            if expires is None or expires > ENDS + timedelta(days=15):
                return
            issued = expires - timedelta(days=self.rng.randrange(1, 40))
            if issued >= min(ENDS, premises.closed_on or ENDS):
                return

    def _first_issue(self, shape: Shape, opened: date) -> date:
        """The issue that leads to today's paper: terms follow each other from the opening on."""
        if shape.term_years is None:
            return opened
        issued = opened
        while add_months(issued, 12 * shape.term_years) < BEGINS - timedelta(days=60):
            issued = add_months(issued, 12 * shape.term_years) - timedelta(days=self.rng.randrange(1, 40))
        return issued

    def _number(self, shape: Shape) -> str:
        if shape.credential == "production_licence":
            return make_production_licence(
                category=shape.licence_digits, division=self.land.code, serial=self.serial % 10_000
            )
        if shape.credential == "business_licence":
            return make_business_licence(
                business=shape.licence_digits, division=self.land.code, serial=self.serial % 1_000_000
            )
        return f"{PREFIXES[shape.credential]}{self.land.code}{self.serial:06d}"

    def _staff(self, shape: Shape, premises: NewPremises) -> None:
        roles = [*shape.staff, *["employee"] * self.rng.randint(*shape.employees)]
        for number, role in enumerate(roles):
            joined = premises.opened_on or BEGINS
            if role == "employee" and self.rng.random() < 0.3:
                joined = between(joined, min(ENDS, premises.closed_on or ENDS), self.rng)
            person = NewStaff(
                key=f"{premises.key}#{number}",
                name=names.person(self.rng),
                role=role,
                joined_on=joined,
                premises=premises.key,
                phone=names.phone(self.rng),
            )
            self.draft.staff.append(person)
            leaves = role == "employee" and self.rng.random() < 0.08
            left = between(max(joined, BEGINS) + timedelta(days=30), ENDS, self.rng) if leaves else None
            if left is not None and left < (premises.closed_on or ENDS):
                self.draft.departures.append(Departure(person.key, left))
            if premises.kind in CATERING or premises.kind in ("food_producer", "food_sales"):
                self._exams(person, left or premises.closed_on or ENDS)

    def _exams(self, person: NewStaff, until: date) -> None:
        first = max(person.joined_on, date(2021, 6, 1))
        soon = self.rng.random() < 0.82
        passed = between(first, first + timedelta(days=300 if soon else 640), self.rng)
        while passed < until:
            self.draft.certificates.append(
                NewCertificate(
                    person.key, "training_exam", passed, score=Decimal(self.rng.randrange(60, 100)),
                    channel=self.rng.choice(("在线考核", "集中考核")),
                )
            )  # fmt: skip
            passed += timedelta(days=self.rng.randrange(335, 385))

    def _helpers(self) -> None:
        """Every village has its helper; most, not all, are trained by the end."""
        for village in self.land.villages:
            person = NewStaff(
                key=f"{village.code}#helper",
                name=names.person(self.rng),
                role="village_helper",
                joined_on=between(date(2019, 1, 1), BEGINS, self.rng),
                division_code=village.code,
                phone=names.phone(self.rng),
            )
            self.draft.staff.append(person)
            if self.rng.random() < 0.975:
                trained = between(date(2021, 3, 1), date(2024, 9, 1), self.rng)
                self.draft.certificates.append(
                    NewCertificate(person.key, "helper_training", trained, channel="集中培训")
                )

    def _plant(self) -> None:
        self._plant_expired()
        self._plant_still_open()
        self._plant_never_certified()

    def _standing(self, kinds: Iterable[str]) -> list[NewPremises]:
        wanted = frozenset(kinds)
        return [
            p for p in self.draft.premises
            if p.kind in wanted and p.closed_on is None and p.opened_on is not None and p.opened_on < BEGINS
        ]  # fmt: skip

    def _plant_expired(self) -> None:
        """Papers that ran out and were not renewed, while the shop went on."""
        chosen = self.rng.sample(
            self._standing(("small_workshop", "small_shop", "food_sales", "restaurant")), planted(EXPIRED, self.scale)
        )
        keys = {premises.key: premises for premises in chosen}
        last: dict[str, NewCredential] = {}
        for credential in self.draft.credentials:
            if credential.premises in keys:
                last[str(credential.premises)] = credential
        for key, credential in last.items():
            expired_on = between(date(2023, 2, 1), date(2024, 9, 1), self.rng)
            years = next(shape.term_years for shape in SHAPES if shape.kind == keys[key].kind) or 5
            issued = max(keys[key].opened_on or expired_on, add_months(expired_on, -12 * years) + timedelta(days=1))
            last[key] = replace(credential, issued_on=issued, expires_on=expired_on)
            self.draft.faults.append(
                Fault(
                    "expired_credential", key, keys[key].division_code,
                    {"name": keys[key].name, "number": credential.number, "expires_on": expired_on.isoformat()},
                )
            )  # fmt: skip
        others = [c for c in self.draft.credentials if c.premises not in last]
        self.draft.credentials = others + list(last.values())

    def _plant_still_open(self) -> None:
        """Closed in the register, and open when the last survey came by."""
        gone = [p for p in self.draft.premises if p.closed_on and p.kind in THREE_SMALL and p.closed_on.year < 2024]
        count = planted(STILL_OPEN, self.scale)
        for premises in self.rng.sample(gone, count) if len(gone) >= count else self._close_some(count):
            facts = {"name": premises.name, "closed_on": str(premises.closed_on)}
            self.draft.faults.append(Fault("closed_still_operating", premises.key, premises.division_code, facts))

    def _close_some(self, count: int) -> list[NewPremises]:
        """In a county so small that nobody gave up by chance, somebody does."""
        failed = {str(fault.subject) for fault in self.draft.faults}
        chosen = self.rng.sample([p for p in self._standing(THREE_SMALL) if p.key not in failed], count)
        closed = {p.key: replace(p, closed_on=between(date(2023, 3, 1), date(2023, 12, 1), self.rng)) for p in chosen}
        self.draft.premises = [closed.get(p.key, p) for p in self.draft.premises]
        return list(closed.values())

    def _plant_never_certified(self) -> None:
        kitchens = {p.key: p for p in self._standing(CATERING)}
        leaving = {departure.staff for departure in self.draft.departures}
        working = [s for s in self.draft.staff if s.premises in kitchens and s.key not in leaving]
        chosen = self.rng.sample(working, min(len(working), planted(NEVER_CERTIFIED, self.scale)))
        without = {person.key for person in chosen}
        self.draft.certificates = [c for c in self.draft.certificates if c.staff not in without]
        for person in chosen:
            place = kitchens[str(person.premises)]
            self.draft.faults.append(
                Fault("uncertified_staff", person.key, place.division_code, {"premises": place.name})
            )


SCOPES = {
    "food_producer": "按许可品种明细表",
    "food_sales": "预包装食品销售，散装食品销售",
    "restaurant": "热食类食品制售",
    "canteen": "热食类食品制售",
    "school_canteen": "热食类食品制售",
    "group_meal": "热食类食品制售",
    "central_kitchen": "热食类食品制售，冷食类食品制售",
    "off_campus_supplier": "热食类食品制售",
    "health_food_shop": "保健食品销售",
}
PREFIXES: Mapping[str, str] = {
    "small_workshop_registration": "ZF",
    "small_shop_registration": "JYD",
    "stall_card": "TD",
    "market_report": "SC",
    "platform_filing": "WP",
    "importer_filing": "JK",
}


def make_register(land: Land, *, seed: str, scale: float = 1) -> Register:
    """The register of a county, complete from the first day to the last, cut into what became known when."""
    maker = _Maker(land, seed=seed, scale=scale)
    maker.make()
    draft = maker.draft
    return Register(
        land=land,
        batches=tuple(_batches(draft)),
        premises={premises.key: premises for premises in draft.premises},
        faults=tuple(draft.faults),
    )


def _batches(draft: _Draft) -> Iterator[Batch]:
    """By month: what is dated before the life begins enters on its first day."""
    known = {premises.key: _month(premises.opened_on) for premises in draft.premises}
    joined = {
        person.key: max(_month(person.joined_on), known.get(str(person.premises), FIRST)) for person in draft.staff
    }
    months: dict[date, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))

    def put(kind: str, values: Sequence[object], when: Iterable[date]) -> None:
        for value, month in zip(values, when, strict=True):
            months[month][kind].append(value)

    put("operators", draft.operators, (known[o.key] for o in draft.operators))
    put("premises", [replace(p, closed_on=None) for p in draft.premises], (known[p.key] for p in draft.premises))
    put("credentials", draft.credentials, (max(_month(c.issued_on), known[str(c.premises)]) for c in draft.credentials))
    put("staff", draft.staff, (joined[s.key] for s in draft.staff))
    put(
        "certificates", draft.certificates, (max(_month(c.passed_on), joined[str(c.staff)]) for c in draft.certificates)
    )
    put("facts", draft.facts, (max(_month(f.valid_from), known[str(f.premises)]) for f in draft.facts))
    gone = [Closure(p.key, p.closed_on) for p in draft.premises if p.closed_on is not None]
    put("closures", gone, (_month(c.on) for c in gone))
    put("departures", draft.departures, (_month(d.on) for d in draft.departures))
    for month in sorted(months):
        at = datetime.combine(_entered_on(month), ENTERED)
        yield Batch(at=at, **{kind: tuple(values) for kind, values in months[month].items()})  # type: ignore[arg-type]


FIRST = date(2022, 5, 1)


def _month(day: date | None) -> date:
    """The month in which something enters; what began in the rest of the first month enters with the next."""
    if day is None or day <= BEGINS:
        return FIRST
    return max(day.replace(day=1), add_months(FIRST, 1))


def _entered_on(month: date) -> date:
    """The first day of the life for what was there before; else the last day of the month, or of the life."""
    if month == FIRST:
        return BEGINS
    return min(add_months(month, 1) - timedelta(days=1), ENDS - timedelta(days=1))
