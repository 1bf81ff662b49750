"""Three censuses of everything that operates: the register's places, and those the register does not know."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from fangxin.engines.places import Place
from fangxin.kernel.registry.data import NewCensusEntry, NewPremises
from fangxin.sim import names
from fangxin.sim.courses import between
from fangxin.sim.places import Land
from fangxin.sim.register import FOUND_LATER, planted
from fangxin.sim.shapes import BY_KIND, THREE_SMALL
from fangxin.sim.values import Fault, Register, SurveyValue

# Planted in a county of ordinary size.
UNREGISTERED = 64
LOOKALIKES = 40
SEEN = 0.985  # share of what operates that a surveyor finds

ROUNDS: Sequence[tuple[str, date, date]] = (
    ("2022年食品经营主体普查", date(2022, 6, 6), date(2022, 7, 20)),
    ("2023年食品经营主体普查", date(2023, 5, 8), date(2023, 6, 21)),
    ("2024年食品经营主体普查", date(2024, 8, 5), date(2024, 9, 20)),
)
LAST = len(ROUNDS) - 1
# So many of the unregistered of the last census have been decided; the rest waits on the matching screen.
DECIDED = 0.4


@dataclass(frozen=True, slots=True)
class _Stranger:
    """A place that operates without being in any register, from the first census that saw it."""

    name: str
    kind: str
    village: Place
    address: str
    phone: str
    first_round: int


def make_surveys(register: Register, *, seed: str, scale: float) -> tuple[tuple[SurveyValue, ...], tuple[Fault, ...]]:
    """The censuses and what was planted in them."""
    rng = Random(f"{seed}:surveys")
    strangers = list(_strangers(register.land, planted(UNREGISTERED, scale), rng))
    still_open = {fault.subject for fault in register.faults if fault.kind == "closed_still_operating"}
    found_later = _found_later(register, planted(FOUND_LATER, scale), rng)
    lookalikes = _lookalikes(register, planted(LOOKALIKES, scale), rng)
    surveys = []
    for number, (name, started, finished) in enumerate(ROUNDS):
        entries = [
            *_registered(register, number, still_open, lookalikes, rng),
            *_not_yet(found_later, number, rng),
            *_unknown(strangers, number, rng),
        ]
        surveys.append(SurveyValue(name, started, finished, tuple(entries)))
    faults = [*(_unregistered_fault(s) for s in strangers), *_lookalike_faults(register, lookalikes)]
    return tuple(surveys), tuple(faults)


def _strangers(land: Land, count: int, rng: Random) -> Iterator[_Stranger]:
    kinds = rng.choices(["small_shop", "stall", "small_workshop", "restaurant"], weights=[28, 22, 10, 4], k=count)
    kinds[0] = "online_platform"
    for number, kind in enumerate(kinds):
        village = rng.choice(land.villages)
        yield _Stranger(
            name=f"{village.name[:2]}{names.sign(kind, village.name[:2], rng)}无照{number + 1}",
            kind=kind,
            village=village,
            address=names.address(village.name, rng),
            phone=names.phone(rng),
            first_round=rng.choice((0, 0, 1, 2)),
        )


def _found_later(register: Register, count: int, rng: Random) -> list[NewPremises]:
    """Places that were registered only after a census had found them."""
    first, last = ROUNDS[0][2], date(2024, 6, 30)
    late = [
        p for p in register.premises.values() if p.kind in THREE_SMALL and p.opened_on and first < p.opened_on < last
    ]
    return rng.sample(late, min(len(late), count))


def _lookalikes(register: Register, count: int, rng: Random) -> frozenset[str]:
    """Places whose sign the last census wrote down differently."""
    before = ROUNDS[0][1]
    standing = [
        p.key for p in register.premises.values()
        if p.kind in THREE_SMALL and p.closed_on is None and p.opened_on and p.opened_on < before
    ]  # fmt: skip
    return frozenset(rng.sample(standing, min(len(standing), count)))


def _registered(
    register: Register, number: int, still_open: set[str], lookalikes: frozenset[str], rng: Random
) -> Iterator[NewCensusEntry]:
    _name, started, finished = ROUNDS[number]
    for premises in register.premises.values():
        if (
            not BY_KIND[premises.kind].surveyed
            or premises.opened_on is None
            or premises.opened_on >= _entered_before(started)
        ):
            continue
        closed = premises.closed_on is not None and premises.closed_on <= finished
        planted_open = premises.key in still_open and number == LAST
        if (closed and not planted_open) or (rng.random() > SEEN and not planted_open):
            continue
        entry = _entry(number, premises, between(started, finished, rng))
        if number == LAST and premises.key in lookalikes:
            entry = replace(entry, name_seen=names.lookalike(premises.name), match="unmatched", premises=None)
        yield entry


def _entered_before(started: date) -> date:
    """What opened in the month of the census is not in the register yet."""
    return started.replace(day=1)


def _entry(number: int, premises: NewPremises, seen_on: date) -> NewCensusEntry:
    return NewCensusEntry(
        survey=number,
        name_seen=premises.name,
        kind_seen=premises.kind,
        division_code=premises.division_code,
        seen_on=seen_on,
        address_seen=premises.address,
        phone_seen=premises.phone,
        latitude=premises.latitude,
        longitude=premises.longitude,
        match="matched",
        premises=premises.key,
    )


def _not_yet(found_later: Sequence[NewPremises], number: int, rng: Random) -> Iterator[NewCensusEntry]:
    _name, started, finished = ROUNDS[number]
    for premises in found_later:
        if premises.opened_on and premises.opened_on > finished:
            entry = _entry(number, premises, between(started, finished, rng))
            yield replace(entry, match="not_registered", premises=None)


def _unknown(strangers: Sequence[_Stranger], number: int, rng: Random) -> Iterator[NewCensusEntry]:
    _name, started, finished = ROUNDS[number]
    for stranger in strangers:
        if stranger.first_round <= number:
            decided = number < LAST or rng.random() < DECIDED
            yield NewCensusEntry(
                survey=number,
                name_seen=stranger.name,
                kind_seen=stranger.kind,
                division_code=stranger.village.code,
                seen_on=between(started, finished, rng),
                address_seen=stranger.address,
                phone_seen=stranger.phone,
                latitude=stranger.village.latitude,
                longitude=stranger.village.longitude,
                match="not_registered" if decided else "unmatched",
            )


def _unregistered_fault(stranger: _Stranger) -> Fault:
    return Fault("unregistered", stranger.name, stranger.village.code, {"kind": stranger.kind})


def _lookalike_faults(register: Register, lookalikes: frozenset[str]) -> Iterator[Fault]:
    for key in sorted(lookalikes):
        premises = register.premises[key]
        facts = {"seen": names.lookalike(premises.name), "registered": premises.name}
        yield Fault("near_duplicate", key, premises.division_code, facts)


def last_day() -> date:
    return ROUNDS[LAST][2] + timedelta(days=1)
