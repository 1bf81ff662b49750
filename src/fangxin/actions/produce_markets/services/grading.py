"""The yearly risk grade of a market: dynamic points from the records, static factors and facilities by the assessor."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from fangxin.actions.produce_markets import rules, selectors, standards
from fangxin.actions.produce_markets.models import GradeSheet, Market
from fangxin.engines.grading import Occurred
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, who


def dynamic_lines(market: Market, typed: Mapping[str, Decimal]) -> tuple[str, list[rules.Line]]:
    """The edition and every line of the dynamic score, by what is known today."""
    today = ledger.clock.today()
    edition, factors = standards.dynamic_factors(today)
    known = selectors.dynamic_counts(market, today)
    lines = [
        rules.score_typed(factor, typed.get(factor.code, Decimal(-1)))
        if factor.typed
        else rules.score_factor(factor, *known[factor.code])
        for factor in factors
    ]
    return edition, lines


@transaction.atomic
def score(
    *, market: Market, year: int, factors: Mapping[str, Decimal], typed: Mapping[str, Decimal],
    triggers: Iterable[Occurred] = (), note: str = "", by: Any,
) -> GradeSheet:  # fmt: skip
    """Propose the grade of a year; another person confirms it among the grades."""
    edition, lines = dynamic_lines(market, typed)
    grade = fieldwork.score_grade(
        premises=market.premises, year=year, factors=factors, dynamic=sum((line.points for line in lines), Decimal(0)),
        triggers=triggers, note=note, by=by,
    )  # fmt: skip
    sheet: GradeSheet = insert(
        GradeSheet(
            market=market, grade=grade, year=year, factors={code: str(value) for code, value in factors.items()},
            lines=[line.as_row() for line in lines], edition=edition, recorded_at=ledger.clock.now(),
            recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record(
        "produce_markets.grade.scored", of=sheet, by=by, division_code=market.division_code,
        data={"year": year, "grade": grade.grade},
    )  # fmt: skip
    return sheet
