"""The board's kept cells against a plain count of the same rows: the same numbers, and how much sooner."""

import time
from typing import Any


def compare(county: str, province: str) -> dict[str, Any]:
    """Seconds for: the first count of a day, reading it again, a change in one township, and counting the rows."""
    from fangxin.kernel.ledger import api as ledger  # noqa: PLC0415  (Django must have started)
    from fangxin.oversight.board import cells  # noqa: PLC0415
    from fangxin.oversight.board.definitions import definitions  # noqa: PLC0415

    today = ledger.clock.today()
    found = definitions(today)
    cells.Cell.objects.filter(as_of=today).delete()
    cells.CellState.objects.filter(as_of=today).delete()
    timed: dict[str, Any] = {}
    timed["first_count_s"] = _seconds(lambda: cells.refresh(today, found))
    timed["read_county_s"] = _seconds(lambda: cells.figures_under(county, today, found))
    timed["read_province_s"] = _seconds(lambda: cells.figures_under(province, today, found))
    _change_something(county)
    timed["after_a_change_s"] = _seconds(lambda: cells.refresh(today, found))
    for name, place in (("county", county), ("province", province)):
        counted: dict[str, Any] = {}
        timed[f"count_{name}_s"] = _seconds(lambda place=place, into=counted: into.update(plain(place, today, found)))
        kept = {
            code: (figure.numerator, figure.denominator)
            for code, figure in cells.figures_under(place, today, found).items()
        }
        timed[f"figures_{name}"] = len(counted)
        timed[f"equal_{name}"] = all(
            kept.get(code, (0, 0))[0] == n and kept.get(code, (0, 0))[1] in (d, None)
            for code, (n, d) in counted.items()
        )
    return timed


def plain(place: str, today: Any, found: Any) -> dict[str, tuple[Any, Any]]:
    """What counting the rows gives, one aggregate per fact table, without cells and without grouping."""
    from fangxin.kernel.contributing import api as contribute  # noqa: PLC0415
    from fangxin.kernel.people import api as people  # noqa: PLC0415
    from fangxin.oversight.board.subjects import countable, subject_rows  # noqa: PLC0415

    answer: dict[str, tuple[Any, Any]] = {}
    for name, counted in countable(found.values()).items():
        fields = {field for definition in counted for field in definition.fields}
        rows = subject_rows(contribute.subjects.get(name), today, fields).filter(people.under(place)).order_by()
        wanted: dict[str, Any] = {}
        for number, definition in enumerate(counted):
            wanted |= _aggregates(number, definition)
        row = rows.aggregate(**wanted)
        answer |= {d.code: (row[f"n{n}"] or 0, row[f"d{n}"] or 0) for n, d in enumerate(counted)}
    return answer


def _aggregates(number: int, definition: Any) -> dict[str, Any]:
    from django.db.models import Count, Sum  # noqa: PLC0415

    from fangxin.oversight.board.subjects import conditions  # noqa: PLC0415

    parts, whole = conditions(definition), definition.sum_of
    reached = definition.numerator_sum_of or whole
    if whole:
        return {
            f"n{number}": Sum(reached, filter=parts["numerator"]),
            f"d{number}": Sum(whole, filter=parts["denominator"]),
        }
    return {
        f"n{number}": Count("pk", filter=parts["numerator"]),
        f"d{number}": Count("pk", filter=parts["denominator"]),
    }


def _change_something(county: str) -> None:
    """One place of the county is closed, through the service."""
    from fangxin.kernel.ledger import api as ledger  # noqa: PLC0415
    from fangxin.kernel.people import api as people  # noqa: PLC0415
    from fangxin.kernel.registry import api as registry  # noqa: PLC0415

    clerk = people.User.objects.get(username="office")
    place = registry.list_premises(clerk).filter(status="operating").first()
    registry.close_premises(premises=place, closed_on=ledger.clock.today(), reason="经营者申请注销", by=clerk)


def _seconds(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
