"""Amounts of products → grams of what is active in them (折百量)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Unit(StrEnum):
    """In what a product is weighed or measured."""

    GRAM = "g"
    KILOGRAM = "kg"
    MILLILITRE = "mL"
    LITRE = "L"


class Basis(StrEnum):
    """What a label's content refers to."""

    PERCENT = "%"  # grams in 100 grams of product
    GRAMS_PER_LITRE = "g/L"


class Unknown(StrEnum):
    """Why the grams cannot be told."""

    DENSITY = "density"  # the label counts by weight and the amount is a volume, or the other way round
    CONTENT = "content"  # no content is known


_THOUSAND, _HUNDRED = Decimal(1000), Decimal(100)
_MASS = {Unit.GRAM: Decimal(1), Unit.KILOGRAM: _THOUSAND}  # in grams
_VOLUME = {Unit.MILLILITRE: Decimal(1), Unit.LITRE: _THOUSAND}  # in millilitres


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of a product. Raises ValueError for a negative or unreal amount."""

    value: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value < 0:
            raise ValueError("an amount is a number of zero or more")


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One active ingredient as the label states it; `content` None where no content is known."""

    name: str
    content: Decimal | None
    basis: Basis = Basis.PERCENT

    def __post_init__(self) -> None:
        most = _HUNDRED if self.basis is Basis.PERCENT else Decimal(2000)
        if self.content is not None and not (self.content.is_finite() and 0 <= self.content <= most):
            raise ValueError("a content lies between nothing and everything")


def in_base_unit(amount: Amount) -> tuple[Decimal, Unit]:
    """The same amount in kilograms or litres, never one as the other.

    >>> in_base_unit(Amount(Decimal(250), Unit.MILLILITRE))
    (Decimal('0.25'), <Unit.LITRE: 'L'>)
    """
    if amount.unit in _MASS:
        return amount.value * _MASS[amount.unit] / _THOUSAND, Unit.KILOGRAM
    return amount.value * _VOLUME[amount.unit] / _THOUSAND, Unit.LITRE


def active_grams(amount: Amount, ingredient: Ingredient, *, density: Decimal | None = None) -> Decimal | Unknown:
    """Grams of one active ingredient in an amount of product. `density` in g/mL where the label or the maker states it.

    Weight times per cent, or volume times grams per litre. Where content and amount do not fit each other the density
    decides; without one the answer is that it is not known. Water's density is never taken in its place: emulsions lie
    between 0.87 and 1.1 and suspensions go up to 1.3, a difference of the size of the yearly targets.

    >>> active_grams(Amount(Decimal(2), Unit.KILOGRAM), Ingredient("吡虫啉", Decimal(10)))
    Decimal('200')
    >>> active_grams(Amount(Decimal(1), Unit.LITRE), Ingredient("毒死蜱", Decimal(480), Basis.GRAMS_PER_LITRE))
    Decimal('480')
    >>> active_grams(Amount(Decimal(1), Unit.LITRE), Ingredient("氯氰菊酯", Decimal(10)))
    <Unknown.DENSITY: 'density'>
    >>> active_grams(Amount(Decimal(1), Unit.LITRE), Ingredient("氯氰菊酯", Decimal(10)), density=Decimal("0.9"))
    Decimal('90.0')
    """
    if density is not None and not (density.is_finite() and density > 0):
        raise ValueError("a density is above zero")
    if ingredient.content is None:
        return Unknown.CONTENT
    by_weight = ingredient.basis is Basis.PERCENT
    measure = _mass(amount, density) if by_weight else _volume(amount, density)
    if measure is None:
        return Unknown.DENSITY
    return measure * ingredient.content / (_HUNDRED if by_weight else _THOUSAND)


def _mass(amount: Amount, density: Decimal | None) -> Decimal | None:
    """In grams."""
    if amount.unit in _MASS:
        return amount.value * _MASS[amount.unit]
    return None if density is None else amount.value * _VOLUME[amount.unit] * density


def _volume(amount: Amount, density: Decimal | None) -> Decimal | None:
    """In millilitres."""
    if amount.unit in _VOLUME:
        return amount.value * _VOLUME[amount.unit]
    return None if density is None else amount.value * _MASS[amount.unit] / density


@dataclass(frozen=True, slots=True)
class Total:
    """Grams of all that is known; `unknown` parts are missing from it, so it is a lower bound while there are any."""

    grams: Decimal = Decimal(0)
    known: int = 0
    unknown: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing is missing from the sum, and there is anything at all."""
        return self.unknown == 0 and self.known > 0

    def __add__(self, other: "Total") -> "Total":
        return Total(self.grams + other.grams, self.known + other.known, self.unknown + other.unknown)


def total_of(parts: Iterable[Decimal | Unknown]) -> Total:
    """The sum of what is known, and how many parts are not.

    >>> total_of([Decimal(200), Unknown.DENSITY, Decimal(50)])
    Total(grams=Decimal('250'), known=2, unknown=1)
    """
    grams, known, unknown = Decimal(0), 0, 0
    for part in parts:
        if isinstance(part, Unknown):
            unknown += 1
        else:
            grams, known = grams + part, known + 1
    return Total(grams, known, unknown)
