"""Inspections in the synthetic county: some two and a half years of visits, grades and results, with planted faults.

Months are loaded at once some weeks after their end, when what had to be published has been; the plan of the last
year is made and approved as offices make it, and its visits are what is inspected.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from fangxin.engines.deadlines import add_months
from fangxin.kernel.fieldwork import rules, standards
from fangxin.kernel.fieldwork.data import GradeLife, InspectionLife
from fangxin.kernel.fieldwork.models import Finding, Inspection, PlannedVisit, RiskOrder
from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.fieldwork.services import grades, plans, risks, telling
from fangxin.kernel.fieldwork.services.loading import load
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

PLANNED_YEAR = 2024
GRADED_YEARS = (2022, 2023, 2024)
# Planted in a county of ordinary size.
LATE_PUBLICATION, MISSING_VISIT, REFUSED_SIGNATURE, OUTDATED_GRADE = 14, 20, 12, 15
# Of a hundred places of these kinds so many are visited every year, the others every other year.
SELDOM = {"stall": 62, "small_shop": 62}
LOAD_AFTER_DAYS = 45
TOWNSHIP_LENGTH = 9
DONE_OF_PLAN = 0.94
OPINIONS = ("现场总体整洁，台账齐全", "问题已当面说明，要求按期改正", "个别项目需要改进，已指导")
_GRAVE = 0.05
# How many items fail at a visit: where care is taken, and where it is not.
_CAREFUL, _CARELESS = (0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2), (0, 1, 1, 2, 3, 4)


def live(stage: Any) -> None:
    course = _Course(stage)
    for year in GRADED_YEARS:
        day = stage.begins + timedelta(days=40) if year == stage.begins.year else date(year, 3, 4)
        stage.at(_moment(stage.workday(day), 15), lambda y=year: course.grade(y))
    month = stage.begins.replace(day=1)
    while month.year < PLANNED_YEAR:
        stage.at(_moment(add_months(month, 1) + timedelta(days=LOAD_AFTER_DAYS), 7), lambda m=month: course.month(m))
        month = add_months(month, 1)
    stage.at(_moment(stage.workday(date(PLANNED_YEAR, 1, 4)), 10), course.plan)
    for number in range(1, 13):
        first = date(PLANNED_YEAR, number, 1)
        day = min(add_months(first, 1) + timedelta(days=LOAD_AFTER_DAYS), stage.ends - timedelta(days=1))
        stage.at(_moment(day, 7), lambda m=first: course.planned_month(m))


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour))


def signature() -> bytes:
    """The smallest picture that stands for a signature."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", 8, 2, 1, 0, 0, 0, 0)
    lines = zlib.compress(b"\0\xaa" + b"\0\x55")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


class _Course:
    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.rng = stage.rng("fieldwork")
        self._signature: Any = None
        self._left = {
            "late_publication": self._count(LATE_PUBLICATION),
            "refused_signature": self._count(REFUSED_SIGNATURE),
        }
        self._items: dict[tuple[str, date], Sequence[Any]] = {}
        self._never: set[int] | None = None
        self._stale: set[int] | None = None

    def _count(self, whole: int) -> int:
        return max(1, round(whole * min(1, float(self.stage.world.scale))))

    # --- who and where --------------------------------------------------------------------------------------------

    def _places(self, on: date) -> Any:
        """Places of the county that are inspected and operate on the day."""
        rows = registry.Premises.objects.filter(
            people.under(self.stage.division_code), kind__in=standards.codes_by_kind(on), merged_into=None
        )
        return rows.exclude(closed_on__lte=on).exclude(opened_on__gt=on).order_by("pk")

    def _choose_never(self, places: Any) -> set[int]:
        """Those that nobody visits: open before the first day, and still there."""
        if self._never is None:
            old = list(places.filter(opened_on__lt=self.stage.begins, status="operating"))
            chosen = self.rng.sample(old, min(len(old), self._count(MISSING_VISIT)))
            self._never = {place.pk for place in chosen}
            for place in sorted(chosen, key=lambda p: p.pk):
                self.stage.plant(
                    "missing_visit", place.number, place.division_code, premises_id=place.pk, name=place.name
                )
        return self._never

    def _team(self, place: Any) -> tuple[Any, tuple[int, ...], int]:
        """Who goes: the station's inspector with the township's clerk."""
        township = place.division_code[:TOWNSHIP_LENGTH]
        seat = max(self.stage.world.land.townships, key=lambda land: land.weight).code
        short = "" if township == seat else township[-3:]
        first, second = self.stage.user(f"inspector{short}"), self.stage.user(f"town{short}")
        return first, (first.pk, second.pk), self.stage.agency(f"station:{township}").pk

    def _signed(self) -> Any:
        if self._signature is None:
            self._signature = ledger.store_evidence(name="签名（虚构）.png", content=signature(), by=None)
        return self._signature

    # --- visits -----------------------------------------------------------------------------------------------------

    def month(self, first: date) -> None:
        """The visits of a month before there was a plan here: each place about once a year, in a month of its own."""
        last = add_months(first, 1) - timedelta(days=1)
        places = self._places(first)
        never = self._choose_never(places)
        turns = places.values_list("pk", "number", "kind")
        due = [pk for pk, number, kind in turns if pk not in never and self._turn(number, kind, first)]
        rows = places.filter(pk__in=due).select_related("operator")
        self._load([(place, self._day(first, last, place), None) for place in rows])

    def _turn(self, number: str, kind: str, first: date) -> bool:
        """The place's own month; kinds seldom visited skip years, but never two running."""
        own = zlib.crc32(f"{self.stage.world.seed}:{number}".encode())
        if own % 12 + 1 != first.month:
            return False
        skips = own // 12 % 100 >= SELDOM.get(kind, 100)
        return not (skips and first.year == 2023)

    def _day(self, first: date, last: date, place: Any) -> date:
        earliest = max(first, self.stage.begins, place.opened_on or first)
        day: date = self.stage.workday(min(earliest + timedelta(days=self.rng.randrange(28)), last))
        return day

    def plan(self) -> None:
        """The plan of the last year, made by one and approved by another; in the order learnt, if that is any good."""
        made = plans.make_plan(
            year=PLANNED_YEAR,
            agency=self.stage.agency("market"),
            division_code=self.stage.division_code,
            risk_order=self._learnt(),
            by=self.stage.user("market"),
        )
        plans.approve_plan(plan=made, by=self.stage.user("market2"))

    def _learnt(self) -> RiskOrder | None:
        try:
            order = risks.learn(division_code=self.stage.division_code, by=self.stage.user("market"))
        except rules.Refused:
            return None
        return order if order.usable else None

    def planned_month(self, first: date) -> None:
        """The visits whose last day lies in the month: nearly all made in time, the rest stay owed."""
        last = add_months(first, 1) - timedelta(days=1)
        rows = PlannedVisit.objects.filter(
            plan__year=PLANNED_YEAR, plan__state="approved", state=PlannedVisit.State.OPEN, due_on__range=(first, last)
        )
        visits = rows.select_related("premises__operator").order_by("pk")
        never = self._never or set()
        made: list[tuple[Any, date, int | None]] = []
        today = ledger.clock.today()
        for visit in visits:
            place = visit.premises
            day = max(visit.from_on, visit.due_on - timedelta(days=self.rng.randrange(1, 12)))
            day = self.stage.workday(day) if self.stage.workday(day) <= visit.due_on else visit.due_on
            stands = place.closed_on is None or day < place.closed_on
            if place.pk not in never and stands and self.rng.random() < DONE_OF_PLAN and day < today:
                made.append((place, day, visit.pk))
        self._load(made)

    def _load(self, visits: Sequence[tuple[Any, date, int | None]]) -> None:
        premises = {place.pk: place for place, _day, _visit in visits}
        lives = [self._life(place, day, visit, number) for number, (place, day, visit) in enumerate(visits)]
        keys = load(lives, premises=premises, by=self.stage.user("market"))
        for life in lives:
            self._plant(life, premises[life.premises_id], keys[life.key])

    def _life(self, place: Any, day: date, visit: int | None, number: int) -> InspectionLife:
        person, officers, agency = self._team(place)
        at = datetime.combine(day, time(9 + self.rng.randrange(7), self.rng.randrange(60)), tzinfo=ledger.clock.LOCAL)
        failed = self._failed(place, day)
        refused = self._takes("refused_signature", day, 60)
        late = not refused and self._takes("late_publication", day, 45)
        now = ledger.clock.now()
        published = at + timedelta(days=self.rng.randrange(1, 24))
        closed = at + timedelta(days=self.rng.randrange(4, 26) if failed else 0)
        return InspectionLife(
            key=f"{place.pk}:{day}:{number}", premises_id=place.pk, kind=InspectionKind.ROUTINE, agency_id=agency,
            officer_ids=officers, started_at=at, by=person.username, by_name=person.name, failed=failed,
            opinion=self.rng.choice(OPINIONS), operator_signer="" if refused else "现场负责人（虚构）",
            signature_id=None if refused else self._signed().pk,
            refusal_reason="负责人看过笔录后不愿签字" if refused else "", witness="村干部（虚构）" if refused else "",
            published_at=None if late or published >= now else published, closed_at=closed if closed < now else None,
            visit_id=visit,
        )  # fmt: skip

    def _failed(self, place: Any, day: date) -> Mapping[str, str]:
        items = self._items_of(place.kind, day)
        count = self.rng.choice(_CARELESS if self._careless(place) else _CAREFUL)
        chosen = self.rng.sample(items, min(len(items), count))
        return {item.code: self._measure(item) for item in chosen}

    def _careless(self, place: Any) -> bool:
        """For ever, and in some townships more often than in others."""
        township = zlib.crc32(f"{self.stage.world.seed}:care:{place.division_code[:TOWNSHIP_LENGTH]}".encode())
        own = zlib.crc32(f"{self.stage.world.seed}:care:{place.number}".encode())
        return own % 100 < township % 60

    def _items_of(self, kind: str, day: date) -> Sequence[Any]:
        """Asked for once a month: in these years no edition changes within one."""
        asked = (kind, day.replace(day=1))
        if asked not in self._items:
            edition = standards.edition_for(kind, day)
            self._items[asked] = standards.checklist_of(edition).items_for(kind) if edition is not None else ()
        return self._items[asked]

    def _measure(self, item: Any) -> str:
        if item.label_defect:
            return Finding.Measure.CORRECT_LABEL
        if self.rng.random() < _GRAVE:
            return Finding.Measure.INVESTIGATE
        on_site = not item.key and self.rng.random() < 0.4
        return Finding.Measure.CORRECT_ON_SITE if on_site else Finding.Measure.CORRECT_BY

    # --- faults -----------------------------------------------------------------------------------------------------

    def _takes(self, kind: str, day: date, room: int) -> bool:
        """Whether one of the planted faults falls here; early enough for its whole course."""
        if not self._left[kind] or day > self.stage.ends - timedelta(days=room + 30):
            return False
        if self.rng.random() >= self._chance():
            return False
        self._left[kind] -= 1
        return True

    def _chance(self) -> float:
        return 0.02 if self.stage.world.scale < 0.5 else 0.004

    def _plant(self, life: InspectionLife, place: Any, key: int) -> None:
        facts = {"inspection_id": key, "premises_id": place.pk, "on": str(life.started_at.date())}
        if life.refusal_reason:
            self.stage.plant("refused_signature", place.number, place.division_code, **facts)
        elif life.published_at is None and life.started_at < ledger.clock.now() - timedelta(days=LOAD_AFTER_DAYS - 1):
            self.stage.plant("late_publication", place.number, place.division_code, **facts)
            day = self.stage.workday(ledger.clock.today() + timedelta(days=self.rng.randrange(1, 12)))
            self.stage.at(_moment(day, 16), lambda: self._publish(key, life.by))

    def _publish(self, key: int, username: str) -> None:
        inspection = Inspection.objects.get(pk=key)
        if inspection.published_at is None and inspection.state in rules.TOLD_STATES:
            telling.publish(inspection=inspection, by=self.stage.user(username))

    # --- grades -----------------------------------------------------------------------------------------------------

    def grade(self, year: int) -> None:
        """Every place with a form for its kind, by one person and confirmed by another; some are forgotten."""
        today = ledger.clock.today()
        # Markets are scored from their own records, by their action.
        kinds = {kind for form in standards.static_forms(today) for kind in form.applies_to} - {"produce_market"}
        places = list(self._places(today).filter(kind__in=kinds, status="operating"))
        stale = self._choose_stale(places)
        chosen = [place for place in places if not (year == GRADED_YEARS[-1] and place.pk in stale)]
        lives = list(self._grade_lives(chosen, year))
        grades.load_grades(lives, premises={p.pk: p for p in chosen}, by=self.stage.user("market"))

    def _choose_stale(self, places: Sequence[Any]) -> set[int]:
        """Graded two years running, then forgotten, though they stay open."""
        if self._stale is None:
            old = [p for p in places if p.opened_on and p.opened_on < self.stage.begins]
            chosen = self.rng.sample(old, min(len(old), self._count(OUTDATED_GRADE)))
            self._stale = {place.pk for place in chosen}
            for place in sorted(chosen, key=lambda p: p.pk):
                self.stage.plant("outdated_grade", place.number, place.division_code, premises_id=place.pk)
        return self._stale

    def _grade_lives(self, places: Sequence[Any], year: int) -> Iterator[GradeLife]:
        now = ledger.clock.now()
        scorer, second = self.stage.user("market").username, self.stage.user("market2").username
        for place in places:
            own = self.stage.rng(f"fieldwork:grade:{place.number}:{year}")
            yield GradeLife(
                premises_id=place.pk, year=year, scale=grades.RISK,
                static=Decimal(own.randrange(120, 320)) / 10, dynamic=Decimal(own.randrange(0, 320)) / 10,
                scored_at=now - timedelta(days=2), scored_by=scorer, confirmed_at=now, confirmed_by=second,
            )  # fmt: skip
