"""Statutes as data: which one holds for whom on which day, and what it says of an offence.

One reviewed TOML file a statute and edition (standards/statutes). The national law leaves small workshops, small
shops and stalls to the ordinance of their province (Food Safety Law, art. 127), so the kind of subject decides first.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """Whose law it is."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"


@dataclass(frozen=True, slots=True)
class Band:
    """A fine for goods worth from `goods_from` (included) to `goods_below` (not included), in yuan.

    `low` and `high` are yuan, or multiples of the goods value where `times` is set.
    """

    low: Decimal
    high: Decimal
    times: bool = False
    goods_from: Decimal = Decimal(0)
    goods_below: Decimal | None = None
    serious: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high:
            raise ValueError("a band runs from low to high")
        if self.goods_below is not None and self.goods_below <= self.goods_from:
            raise ValueError("a band holds for some goods value")

    def covers(self, goods_value: Decimal) -> bool:
        """Whether goods of this value fall into the band."""
        return self.goods_from <= goods_value and (self.goods_below is None or goods_value < self.goods_below)

    @property
    def by_value(self) -> bool:
        """Whether the goods value decides anything here."""
        return self.times or self.goods_from > 0 or self.goods_below is not None


@dataclass(frozen=True, slots=True)
class Provision:
    """One article: for which offences of whom, in which steps, how much.

    `only_after_refusal`: first an order or a warning, a fine only for whoever does not obey it.
    `measures` are what comes besides the fine, `serious_measures` what serious circumstances add.
    `detention`: serious circumstances may cost days in custody, which the police decide.
    """

    code: str
    law: str
    article: str
    offences: frozenset[str]
    bands: tuple[Band, ...]
    subjects: frozenset[str] = frozenset()
    only_after_refusal: bool = False
    forfeits: bool = False
    measures: tuple[str, ...] = ()
    serious_measures: tuple[str, ...] = ()
    detention: bool = False

    def concerns(self, subject_kind: str, offence: str) -> bool:
        """Whether the article speaks of this offence of this kind of subject."""
        return offence in self.offences and (not self.subjects or subject_kind in self.subjects)


@dataclass(frozen=True, slots=True)
class Statute:
    """One edition of a penal statute, in force from…to, both days included."""

    code: str
    law: str
    edition: str
    level: Level
    division: str
    subject_kinds: frozenset[str]
    leaves_to_province: frozenset[str]
    provisions: tuple[Provision, ...]
    in_force_from: date
    in_force_to: date = date.max
    source: str = ""
    confidence: str = ""

    def holds(self, on: date) -> bool:
        """Whether this edition is in force on a day."""
        return self.in_force_from <= on <= self.in_force_to

    def provision(self, code: str) -> Provision | None:
        """The article of that code; None if there is none."""
        return next((row for row in self.provisions if row.code == code), None)


class NoStatute(StrEnum):
    """Why no statute was chosen."""

    NONE_IN_FORCE = "none_in_force"  # no edition known here holds on that day
    NO_ORDINANCE = "no_ordinance"  # the national law leaves it to a province whose ordinance is not entered


@dataclass(frozen=True, slots=True)
class StatuteChoice:
    """The statute for a subject on a day, or why there is none. `subject_kind`, `division_code`, `on` are the inputs."""

    statute: Statute | None
    reason: NoStatute | None
    subject_kind: str
    division_code: str
    on: date


def load_statute(text: str) -> Statute:
    """Read one reviewed statute file. Raises `ValueError` naming what is wrong.

    >>> statute = load_statute('''
    ... code = "example"
    ... law = "Example Act"
    ... edition = "1"
    ... level = "national"
    ... in_force_from = 2020-01-01
    ... [[provision]]
    ... code = "9"
    ... article = "Art. 9"
    ... offences = ["late"]
    ... [[provision.band]]
    ... low = 10
    ... high = 20
    ... ''')
    >>> statute.provisions[0].bands[0].high
    Decimal('20')
    """
    values = tomllib.loads(text)
    missing = {"code", "law", "edition", "level", "in_force_from", "provision"} - values.keys()
    if missing:
        raise ValueError(f"statute {values.get('code', '?')}: {', '.join(sorted(missing))} missing")
    statute = Statute(
        code=values["code"],
        law=values["law"],
        edition=values["edition"],
        level=Level(values["level"]),
        division=values.get("division", ""),
        subject_kinds=frozenset(values.get("subject_kinds", ())),
        leaves_to_province=frozenset(values.get("leaves_to_province", ())),
        provisions=tuple(_provision(row, values["law"]) for row in values["provision"]),
        in_force_from=values["in_force_from"],
        in_force_to=values.get("in_force_to", date.max),
        source=values.get("source", ""),
        confidence=values.get("confidence", ""),
    )
    _check(statute)
    return statute


def choose_statute(statutes: Iterable[Statute], *, subject_kind: str, division_code: str, on: date) -> StatuteChoice:
    """The statute under which an act of `on` by this kind of subject is punished.

    A province's ordinance wins for the kinds it names; a kind that the national law leaves to the provinces is never
    judged by the national law instead.
    """
    in_force = [statute for statute in statutes if statute.holds(on)]
    for statute in in_force:
        local = statute.level is Level.PROVINCIAL and division_code.startswith(statute.division)
        if local and subject_kind in statute.subject_kinds:
            return StatuteChoice(statute, None, subject_kind, division_code, on)
    national = next((statute for statute in in_force if statute.level is Level.NATIONAL), None)
    if national is None:
        return StatuteChoice(None, NoStatute.NONE_IN_FORCE, subject_kind, division_code, on)
    if subject_kind in national.leaves_to_province:
        return StatuteChoice(None, NoStatute.NO_ORDINANCE, subject_kind, division_code, on)
    return StatuteChoice(national, None, subject_kind, division_code, on)


def find_provision(statute: Statute, *, subject_kind: str, offence: str) -> Provision | None:
    """The article of the statute for an offence; None where it has no row, which means: no penalty by this statute."""
    return next((row for row in statute.provisions if row.concerns(subject_kind, offence)), None)


def _provision(row: Mapping[str, Any], law: str) -> Provision:
    try:
        return Provision(
            code=row["code"],
            law=row.get("law", law),
            article=row["article"],
            offences=frozenset(row["offences"]),
            bands=tuple(_band(band) for band in row.get("band", ())),
            subjects=frozenset(row.get("subjects", ())),
            only_after_refusal=row.get("only_after_refusal", False),
            forfeits=row.get("forfeits", False),
            measures=tuple(row.get("measures", ())),
            serious_measures=tuple(row.get("serious_measures", ())),
            detention=row.get("detention", False),
        )
    except KeyError as missing:
        raise ValueError(f"provision {row.get('code', '?')}: {missing} missing") from missing


def _band(row: Mapping[str, Any]) -> Band:
    times = "low_times" in row
    suffix = "_times" if times else ""
    return Band(
        low=Decimal(str(row[f"low{suffix}"])),
        high=Decimal(str(row[f"high{suffix}"])),
        times=times,
        goods_from=Decimal(str(row.get("from", 0))),
        goods_below=Decimal(str(row["below"])) if "below" in row else None,
        serious=row.get("serious", False),
    )


def _check(statute: Statute) -> None:
    """An offence of a subject has one article, and an article one band for every goods value."""
    if (statute.level is Level.PROVINCIAL) != bool(statute.division):
        raise ValueError(f"statute {statute.code}: a provincial statute names its division, a national one does not")
    seen: set[tuple[str, str]] = set()
    for row in statute.provisions:
        for pair in {(offence, kind) for offence in row.offences for kind in row.subjects or {"*"}}:
            if pair in seen:
                raise ValueError(f"statute {statute.code}: two articles for {pair}")
            seen.add(pair)
        _check_bands(row)


def _check_bands(row: Provision) -> None:
    usual = sorted((band for band in row.bands if not band.serious), key=lambda band: band.goods_from)
    reached: Decimal | None = Decimal(0)
    for band in usual:
        if reached is None or band.goods_from != reached:
            raise ValueError(f"provision {row.code}: the bands do not join")
        reached = band.goods_below
    if usual and reached is not None:
        raise ValueError(f"provision {row.code}: the bands end at {reached}")
