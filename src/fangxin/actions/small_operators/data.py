"""Frozen values of the ordinance and of what it says about one case. They know no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Document:
    """A paper that an application needs: uploaded as a file, or typed as text."""

    code: str
    label: str
    given: str  # file | text
    needed: str  # always | ready_to_eat


@dataclass(frozen=True, slots=True)
class KindRules:
    """What holds for one kind of small operator."""

    kind: str
    credential: str
    entry: str
    clause: str
    holders: frozenset[str]
    decision_clock: str
    first_visit_clock: str
    number_prefix: str
    asks_water: bool
    documents: tuple[Document, ...]
    renewal_clock: str = ""
    renewal_opens_days: int = 0
    validity_years: int | None = None


@dataclass(frozen=True, slots=True)
class Ban:
    """A group of products or materials that some kinds may not make or sell, with the words for them."""

    code: str
    label: str
    clause: str
    kinds: frozenset[str]
    outcome: str  # rejected | review
    words: tuple[str, ...]
    outright: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    doubt: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ordinance:
    """One edition of a province's ordinance."""

    code: str
    name: str
    edition: str
    divisions: tuple[str, ...]
    in_force_from: date
    in_force_to: date
    source: str
    confidence: str
    company_route: str
    late_renewal_route: str
    kinds: Mapping[str, KindRules]
    bans: tuple[Ban, ...]

    @property
    def basis(self) -> str:
        return f"{self.name}（{self.edition}）"


@dataclass(frozen=True, slots=True)
class ProductVerdict:
    """What the ordinance says of one product: ok, review by a person, or rejected; with the clause and the word found."""

    product: str
    outcome: str
    label: str = ""
    clause: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Penalty:
    """What a statute holds against an offence of a kind of subject. Money in yuan."""

    law: str
    edition: str
    article: str
    label: str
    measures: tuple[str, ...]
    low: Decimal | None
    high: Decimal | None
    only_after_refusal: bool


@dataclass(frozen=True, slots=True)
class RenewalWindow:
    """From when a renewal may be applied for, and the last day to do so."""

    opens_on: date
    last_day: date
    expires_on: date

    def state(self, day: date) -> str:
        """before, open, late (may still apply, but is late) or over.

        >>> window = RenewalWindow(date(2026, 1, 13), date(2026, 2, 12), date(2026, 3, 14))
        >>> [window.state(date(2026, 1, 12)), window.state(date(2026, 2, 12)), window.state(date(2026, 2, 13))]
        ['before', 'open', 'late']
        """
        if day < self.opens_on:
            return "before"
        if day <= self.last_day:
            return "open"
        return "late" if day <= self.expires_on else "over"


@dataclass(frozen=True, slots=True)
class Level:
    code: str
    label: str
    pass_score: int
    visits: int
    months: int
    holds_years: int


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str
    label: str
    points: int
    key: bool


@dataclass(frozen=True, slots=True)
class SiteRules:
    """Levels and criteria of demonstration sites in one edition."""

    edition: str
    levels: Mapping[str, Level]
    criteria: tuple[Criterion, ...]

    @property
    def full_score(self) -> int:
        return sum(criterion.points for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class Path:
    """What a small operator may become, and by which licence."""

    kind: str
    becomes: tuple[str, ...]
    credential: str
    items: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Route:
    """Who owns a finding: names of agencies in the order of preference."""

    code: str
    label: str
    clause: str
    owners: tuple[str, ...]
    cooperating: tuple[str, ...]
    severity: str
