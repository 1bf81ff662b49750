"""Mixing inside premises where no link is recorded: what may have gone into a lot that seems to come from nowhere.

A lot that nothing is recorded to have come into, and that was not grown or caught, came from something that lay at the same
premises: the same product, there before it, not past its shelf life, and not used up. Each such lot gives one inferred link.
The links say what is possible, not what happened; they carry no quantity and are told apart wherever they are shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from fangxin.engines.traceability.reading import TRUE, CellReader, Fault, Unreadable, clean_cell
from fangxin.engines.traceability.spans import LEAST, MOST, Span
from fangxin.engines.traceability.values import Link

STAY_COLUMNS = ("lot", "premises", "product", "since_on", "best_before_on", "quantity", "unit", "primary")
STAY_HEADERS: Mapping[str, str] = {
    **{name: name for name in STAY_COLUMNS},
    "批次": "lot", "场所": "premises", "产品": "product", "食品": "product", "入库日期": "since_on", "生产日期": "since_on",
    "保质期至": "best_before_on", "数量": "quantity", "单位": "unit", "初级产品": "primary",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stay:
    """A lot at premises. `since`: when it arrived or was made there; `best_before`: after it, it was not used; `quantity`
    in `unit`: how much there was; `primary`: it was grown, raised or caught, and comes from no other lot. None: not known."""

    lot: str
    premises: str
    product: str
    since: Span | None = None
    best_before: Span | None = None
    quantity: Decimal | None = None
    unit: str = ""
    primary: bool = False


def infer_links(
    stays: Iterable[Stay], links: Iterable[Link], *, shelf_life: timedelta | None = None
) -> tuple[Link, ...]:
    """Inferred links into the lots that lack an origin. `shelf_life` counts where a lot has no `best_before`; None:
    it may have lain there for ever.

    >>> from fangxin.engines.traceability.spans import read_span
    >>> flour = Stay("F1", "mill", "flour", read_span("2023-05-01"))
    >>> links = [Link("farm", "F1"), Link("F2", "baker")]
    >>> [(link.from_lot, link.to_lot) for link in infer_links([flour, Stay("F2", "mill", "flour")], links)]
    [('F1', 'F2')]
    """
    recorded = tuple(links)
    fed = {link.to_lot for link in recorded}
    used = _uses(recorded)
    shelves: dict[tuple[str, str], list[Stay]] = defaultdict(list)
    for stay in stays:
        if stay.premises and stay.product:
            shelves[stay.premises, stay.product].append(stay)
    found = [
        Link(source.lot, lot.lot, lot.since, lot.since, premises=lot.premises, inferred=True)
        for shelf in shelves.values()
        for lot in shelf
        if lot.lot not in fed and not lot.primary
        for source in shelf
        if source.lot != lot.lot and (source.primary or source.lot in fed)
        if _may_have_gone_into(source, lot, used.get(source.lot, ()), shelf_life)
    ]
    return tuple(sorted(set(found), key=lambda link: link.order))


def _uses(links: Iterable[Link]) -> Mapping[str, Sequence[Link]]:
    used: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        used[link.from_lot].append(link)
    return used


def _may_have_gone_into(source: Stay, lot: Stay, used: Sequence[Link], shelf_life: timedelta | None) -> bool:
    begins, ends = lot.since or Span(LEAST, MOST)
    if source.since is not None and source.since.first > ends:
        return False
    last_use = _last_use(source, shelf_life)
    return last_use >= begins and not _used_up(source, used, begins)


def _last_use(source: Stay, shelf_life: timedelta | None) -> int:
    if source.best_before is not None:
        return source.best_before.last
    if source.since is None or shelf_life is None:
        return MOST
    return source.since.last + int(shelf_life.total_seconds())


def _used_up(source: Stay, used: Sequence[Link], before: int) -> bool:
    """Whether all of it had certainly left before a second. An unknown quantity or day proves nothing."""
    if source.quantity is None:
        return False
    gone = (link.quantity for link in used if link.unit == source.unit and link.quantity and link.window[0] < before)
    return sum(gone, Decimal(0)) >= source.quantity


def read_stays(rows: Iterable[Sequence[str]]) -> tuple[tuple[Stay, ...], tuple[Fault, ...]]:
    """Lots at premises from a header row and rows of cells; what cannot be read becomes unknown and is told."""
    source = iter(rows)
    header = [STAY_HEADERS.get(clean_cell(cell).lower()) for cell in next(source, ())]
    missing = [name for name in ("lot", "premises", "product") if name not in header]
    if missing:
        raise Unreadable(f"the file of lots has no column {' and no column '.join(missing)}")
    reader = CellReader()
    stays = []
    for number, row in enumerate(source, start=2):
        cells = {name: clean_cell(cell) for name, cell in zip(header, row, strict=False) if name}
        if cells.get("lot"):
            stays.append(_stay(reader, number, cells))
        elif any(cells.values()):
            reader.faults.append(Fault(number, "lot", "no lot is named; the row is left out"))
    return tuple(stays), tuple(reader.faults)


def _stay(reader: CellReader, row: int, told: Mapping[str, str]) -> Stay:
    cells = {**dict.fromkeys(STAY_COLUMNS, ""), **told}
    return Stay(
        cells["lot"],
        cells["premises"],
        cells["product"],
        reader.span(row, "since_on", cells["since_on"]),
        reader.span(row, "best_before_on", cells["best_before_on"]),
        reader.quantity(row, cells["quantity"]),
        cells["unit"],
        cells["primary"].lower() in TRUE,
    )
