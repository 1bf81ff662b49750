"""What the three forms call the fields that a trace needs, and how a row goes from one form to another.

A name that is not in these tables belongs to the file; it travels along as it is.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from fangxin.engines.traceability.foodchain.values import Form, Json, text_of


class Kind(Enum):
    STATIONS = "station"
    DELIVERIES = "delivery"
    RELATIONS = "relation"


DEPARTURE, ARRIVAL = "Delivery Date Departure", "Delivery Date Arrival"
PARTS: Final = ("Day", "Month", "Year")

NAMES: Final[Mapping[Form, Mapping[Kind, Mapping[str, str]]]] = {
    Form.TABLES: {
        Kind.STATIONS: {"id": "ID", "name": "Name", "latitude": "Latitude", "longitude": "Longitude"},
        Kind.DELIVERIES: {
            "id": "ID", "source": "from", "target": "to", "name": "Name", "lot": "Lot Number",
            "sent": "Date Delivery", "received": "Date Delivery Arrival",
        },
        Kind.RELATIONS: {"source": "from", "target": "to"},
    },
    Form.FLAT: {
        Kind.STATIONS: {"id": "id", "name": "name", "latitude": "lat", "longitude": "lon"},
        Kind.DELIVERIES: {
            "id": "id", "source": "source", "target": "target", "name": "name", "lot": "lot",
            "sent": "date", "received": "dateIn",
        },
        Kind.RELATIONS: {"source": "source", "target": "target"},
    },
    Form.SHEETS: {
        Kind.STATIONS: {"id": "Company_ID", "name": "Name", "latitude": "Latitude", "longitude": "Longitude"},
        Kind.DELIVERIES: {
            "id": "DeliveryID", "source": "Station", "target": "Recipient", "name": "Product Name", "lot": "Lot Number",
            "sent": DEPARTURE, "received": ARRIVAL,
        },
        Kind.RELATIONS: {"source": "From DeliveryID", "target": "Into DeliveryID"},
    },
}  # fmt: skip
# What else a field is called: by other versions of the same programs.
_OTHERWISE: Final[Mapping[tuple[Form, Kind], Mapping[str, tuple[str, ...]]]] = {
    (Form.TABLES, Kind.RELATIONS): {"source": ("ID",), "target": ("Next",)},
    (Form.TABLES, Kind.DELIVERIES): {"lot": ("Lot ID",)},
    (Form.FLAT, Kind.DELIVERIES): {"sent": ("dateOut",)},
}


def find(kind: Kind, form: Form, cells: Mapping[str, Json]) -> dict[str, str]:
    """The known fields of a row as text; "" where there is none. An exact name goes before one in other letters.

    >>> find(Kind.RELATIONS, Form.TABLES, {"From": 1, "to": "b"})
    {'source': '1', 'target': 'b'}
    """
    found = {}
    for ours, theirs in NAMES[form][kind].items():
        if theirs in cells:
            found[ours] = text_of(cells[theirs])
        elif form is Form.SHEETS and ours in ("sent", "received"):
            found[ours] = day_of_parts([cells.get(f"{theirs} / {part}") for part in PARTS])
        else:
            name = _other_name(kind, form, ours, theirs, cells)
            found[ours] = text_of(cells[name]) if name is not None else ""
    return found


def _other_name(kind: Kind, form: Form, ours: str, theirs: str, cells: Mapping[str, Json]) -> str | None:
    wanted = theirs.lower()
    found = next((name for name in cells if name.lower() == wanted), None)
    others = _OTHERWISE.get((form, kind), {}).get(ours, ())
    return found if found is not None else next((name for name in others if name in cells), None)


def day_of_parts(parts: list[Json]) -> str:
    """A day from day, month and year; as much of it as is known.

    >>> day_of_parts([4, 1, 2016]), day_of_parts([None, 1, 2016]), day_of_parts([4, None, None])
    ('2016-01-04', '2016-01', '')
    """
    day, month, year = (_whole(part) for part in parts)
    if year is None or not 1000 <= year <= 9999:
        return ""
    if month is None or not 1 <= month <= 12:
        return f"{year:04}"
    return f"{year:04}-{month:02}" + (f"-{day:02}" if day is not None and 1 <= day <= 31 else "")


def parts_of_day(text: str) -> list[int | None]:
    """Day, month and year of a day, ISO (as much of it as there is) or 10.06.2020; None for what it lacks.

    >>> parts_of_day("2016-01"), parts_of_day("10.06.2020"), parts_of_day("soon")
    ([None, 1, 2016], [10, 6, 2020], [None, None, None])
    """
    pieces = text.split("-") if "-" in text or "." not in text else text.split(".")[::-1]
    if not all(piece.isdecimal() for piece in pieces) or len(pieces) > 3 or len(pieces[0]) != 4:
        return [None, None, None]
    numbers: list[int | None] = [int(piece) for piece in pieces]
    return [*reversed(numbers + [None] * (3 - len(numbers)))]


def rename(kind: Kind, cells: Mapping[str, Json], old: Form, new: Form) -> dict[str, Json]:
    """The row under the new form's names; a field the new form writes in parts is taken apart, or put together."""
    row = _join_days(cells) if old is Form.SHEETS and kind is Kind.DELIVERIES else dict(cells)
    known = _known_names(kind, old, row)
    ours = {NAMES[new][kind][known[name]] for name in known}
    renamed = {}
    for name, value in row.items():
        # A column of the file that has the name of a known one of the new form keeps its value under another.
        free = f"{name} ({old.value})" if name in ours else name
        renamed[NAMES[new][kind][known[name]] if name in known else free] = value
    return _part_days(renamed) if new is Form.SHEETS and kind is Kind.DELIVERIES else renamed


def _known_names(kind: Kind, form: Form, row: Mapping[str, Json]) -> dict[str, str]:
    known = {}
    for ours, theirs in NAMES[form][kind].items():
        name = theirs if theirs in row else _other_name(kind, form, ours, theirs, row)
        if name is not None:
            known[name] = ours
    return known


def _join_days(cells: Mapping[str, Json]) -> dict[str, Json]:
    row = dict(cells)
    for name in (DEPARTURE, ARRIVAL):
        parts = [row.pop(f"{name} / {part}", None) for part in PARTS]
        if any(part is not None for part in parts):
            row[name] = day_of_parts(parts)
    return row


def _part_days(cells: Mapping[str, Json]) -> dict[str, Json]:
    row: dict[str, Json] = {}
    for name, value in cells.items():
        parts = parts_of_day(value) if name in (DEPARTURE, ARRIVAL) and isinstance(value, str) else []
        if any(part is not None for part in parts):
            row |= {f"{name} / {label}": part for label, part in zip(PARTS, parts, strict=True)}
        else:
            row[name] = value
    return row


def _whole(value: Json) -> int | None:
    try:
        return int(float(value)) if value is not None and not isinstance(value, bool) else None
    except (TypeError, ValueError, OverflowError):
        return None


CellsOf = Callable[[Json, str], dict[str, Json]]
