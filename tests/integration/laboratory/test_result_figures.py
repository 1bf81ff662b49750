"""The figures that results feed: what is counted, and what is left out of the denominator."""

from datetime import date

from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.laboratory import selectors_results as selectors
from fangxin.kernel.laboratory.models import Disposition
from fangxin.oversight.board import api as board

COUNTY = "990101"


def test_the_pass_rate_counts_conclusions_only(failed):
    row = selectors.sample_rows(date(2023, 3, 31)).get()
    assert (row.outcome, row.failed, row.conforming, row.statutory, row.this_year) == (
        "nonconforming", True, False, True, True,
    )  # fmt: skip
    before = selectors.sample_rows(date(2023, 3, 14))
    assert not before.exists(), "nothing was sampled before"


def test_a_follow_up_is_due_and_late_on_its_days(failed):
    assert not selectors.disposition_rows(date(2023, 6, 12)).get().due_reached
    assert selectors.disposition_rows(date(2023, 6, 14)).get().overdue
    Disposition.objects.update(extended_to=date(2023, 8, 1))
    assert not selectors.disposition_rows(date(2023, 6, 14)).get().overdue


def test_the_board_counts_them(failed, settings):
    catalog.load_directory(path=settings.STANDARDS_DIR, by=None)
    found = {one.code: one for one in board.figures(COUNTY, date(2023, 6, 20), ["X-1", "X-9"])}
    assert {code: (one.numerator, one.denominator) for code, one in found.items()} == {"X-1": (0, 1), "X-9": (0, 1)}
