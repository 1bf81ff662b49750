"""What supply gives to others: frozen values."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Direction(StrEnum):
    BACK = "back"
    FORWARD = "forward"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class TracedLot:
    """A lot that a trace reached. `depth` is the fewest links from the asked lot, negative towards the source."""

    id: int
    number: str
    code: str
    food: str
    premises_id: int | None
    place_name: str
    division_code: str
    began_on: date
    made_on: date | None
    best_before_on: date | None
    quantity: Decimal | None
    unit: str
    source: str
    sureness: str
    state: str
    depth: int
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TracedLink:
    """Something of one lot came into another; unknown times and amounts stay None."""

    id: int
    from_lot: int
    to_lot: int
    sent_at: datetime | None
    received_at: datetime | None
    quantity: Decimal | None
    unit: str
    inferred: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """Every lot that may hold something of the asked lot, or of which it may hold something; and how."""

    lot_id: int
    direction: Direction
    lots: tuple[TracedLot, ...]
    links: tuple[TracedLink, ...]
    # More lots would have been found; a page shows no more than so many.
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """What should be left of a lot. `quantity` is None when something about it was never told."""

    quantity: Decimal | None
    unit: str
    came: Decimal | None
    gone: Decimal
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Portion:
    """An amount of a lot that goes into a product; None where nobody weighed it."""

    lot_id: int
    quantity: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class NewLot:
    """A lot for loading in bulk; `key` is how links of the same load call it."""

    key: str
    food: str
    division_code: str
    began_on: date
    source: str
    food_class: str = ""
    code: str = ""
    premises_id: int | None = None
    parcel_id: int | None = None
    place_name: str = ""
    maker_name: str = ""
    made_on: date | None = None
    best_before_on: date | None = None
    quantity: Decimal | None = None
    unit: str = "kg"
    vouched_by: str = ""
    sureness: str = "stated"


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link for loading in bulk. With `how` it is also a receipt of the receiving place."""

    from_key: str
    to_key: str
    sent_at: datetime | None = None
    received_at: datetime | None = None
    quantity: Decimal | None = None
    unit: str = "kg"
    inferred: bool = False
    how: str = ""


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """A receipt without a known lot of the supplier, for loading in bulk."""

    lot_key: str
    received_at: datetime
    how: str
    supplier_name: str = ""
    certificate_code: str = ""
    quantity: Decimal | None = None
    unit: str = "kg"


@dataclass(frozen=True, slots=True)
class NewOutflow:
    """What was sold over the counter, for loading in bulk."""

    lot_key: str
    food: str
    at: datetime
    quantity: Decimal
    unit: str = "kg"


@dataclass(frozen=True, slots=True)
class Load:
    """A whole load for `api.load`."""

    lots: tuple[NewLot, ...] = ()
    links: tuple[NewLink, ...] = ()
    receipts: tuple[NewReceipt, ...] = ()
    outflows: tuple[NewOutflow, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Captured:
    """What became of a batch of events: `fresh` were not known before."""

    job: str
    events: int
    fresh: int
