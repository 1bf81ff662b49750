"""The tables of limits as values: editions, flat frozen rows, bans, and the names they speak of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from fangxin.engines.limits import soil, water
from fangxin.engines.limits.analytes import Analytes
from fangxin.engines.limits.foods import FoodTree
from fangxin.engines.limits.units import Unit

FOREVER = date.max.toordinal()
# Limits as whole numbers of 1e-9 of the family's base unit, for kernels that must not carry decimals.
SCALE = Decimal(10) ** 9
CONFIDENCES = ("V", "M-high", "M-med", "low")
LIMIT_KINDS = ("contaminant", "mycotoxin", "pesticide", "veterinary", "additive", "microbiology", "sampling_rule")
BAN_KINDS = ("banned_pesticide", "banned_veterinary")
KINDS = (*LIMIT_KINDS, *BAN_KINDS, "soil", "water", "foods", "analytes")


class TableFault(ValueError):
    """A table cannot be used. Says the file, the row and the column, counting the header as row 1; `code` and `value`
    say what, for sentences in another language."""

    def __init__(self, file: str, code: str, value: object = "", *, row: int | None = None, column: str = "") -> None:
        self.file, self.code, self.value, self.row, self.column = file, code, str(value), row, column
        place = file + (f", row {row}" if row is not None else "") + (f", column {column}" if column else "")
        super().__init__(f"{place}: {_FAULTS[code].format(value)}")


_FAULTS = {
    "unreadable": "cannot be read: {}",
    "missing": "is missing",
    "kind_unknown": "{} is no kind of table",
    "table_missing": "the table {} is not there",
    "analyte_unknown": "{} is no analyte",
    "food_unknown": "{} is no food of the tree",
    "animal_unknown": "{} is no animal of the tree",
    "target_missing": "names neither a food nor an animal",
    "unit_unknown": "the unit {} is not known",
    "confidence_missing": "says nothing of its confidence",
    "limit_missing": "no limit is given",
    "not_a_number": "{} is no number",
    "not_a_limit": "{} is no limit",
    "not_a_day": "{} is no day",
    "same_case": "says the same case on the same day as {}",
    "editions_overlap": "overlaps {}",
    "editions_gap": "leaves a gap after {}",
    "edition_unknown": "builds on {}, which is not there",
    "edition_twice": "two editions have one id",
    "ends_early": "ends before it begins",
}


class Rule(StrEnum):
    """What a row asks of a result."""

    MAXIMUM = "maximum"
    NOT_DETECTED = "not_detected"
    NOT_USED = "not_used"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a standard, as its file's head declares it. Days are ordinals; the last day is included."""

    id: str
    name: str
    standard: str
    edition: str
    kind: str
    start: int
    end: int
    file: str
    source: str = ""
    confidence: str = ""
    follows: str = ""
    supplements: str = ""

    @property
    def title(self) -> str:
        """As papers cite it: GB 2763-2021, or a notice by its number alone."""
        return (
            f"{self.standard}-{self.edition}"
            if self.standard.startswith(("GB", "NY", "SC")) and self.edition
            else self.standard
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One limit for one food, or one animal and tissue. `food` and `animal` are numbers of the food tree, -1 for none."""

    number: int
    edition: int
    kind: str
    analyte: int
    component: str
    species: str
    food: int
    excluded: tuple[int, ...]
    animal: int
    tissue: str
    start: int
    end: int
    rule: Rule
    limit: Decimal | None
    unit: Unit
    scaled: int
    clause: str
    confidence: str
    file: str
    line: int
    dry_weight: bool = False
    condition: str = ""
    words: tuple[str, ...] = ()
    provisional: bool = False
    interval: Decimal | None = None
    n: int = 0
    c: int = 0
    m: Decimal = Decimal(0)
    most: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ban:
    """A substance that may not be used, on some foods or animals (none: on everything), from day to day."""

    analyte: int
    restriction: str
    foods: frozenset[int]
    animals: frozenset[int]
    everything: bool
    start: int
    end: int
    scope: str
    clause: str
    confidence: str
    kind: str

    @property
    def prohibits(self) -> bool:
        """Whether use is forbidden, not only its sale restricted."""
        return self.restriction.startswith("prohibited")


@dataclass(frozen=True, slots=True)
class Dated:
    """A table of soil or water with the days of its edition."""

    edition: Edition
    soil_table: soil.SoilTable | None = None
    water_table: water.WaterTable | None = None
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything a judge needs. Flat rows in file order; nothing in it is ever changed."""

    foods: FoodTree
    analytes: Analytes
    editions: tuple[Edition, ...]
    rows: tuple[Row, ...]
    bans: tuple[Ban, ...]
    dated: tuple[Dated, ...] = ()
    digest: str = ""
