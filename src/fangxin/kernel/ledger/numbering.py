"""One numbering for everything that carries a number: a series, a year, no gap that was given out twice."""

from django.db import transaction
from django.db.models import F

from fangxin.kernel.ledger.models import NumberSeries


def next_number(series: str, year: int) -> int:
    """The next number of the series in the year, starting at 1. The row stays held until the caller commits."""
    return take_numbers(series, year, 1)[0]


@transaction.atomic
def take_numbers(series: str, year: int, count: int) -> range:
    """The next `count` numbers of the series in the year, for imports."""
    NumberSeries.objects.get_or_create(series=series, year=year)
    NumberSeries.objects.filter(series=series, year=year).update(last=F("last") + count)
    last = NumberSeries.objects.get(series=series, year=year).last
    return range(last - count + 1, last + 1)
