"""Signed figures in the synthetic county: most honest, one agency that always reports everything done."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from fangxin.engines.indicators import Form, Kind
from fangxin.oversight.board import api

# The return dates on which figures are signed for; the last lies behind the last day lived.
DATES = (
    ("2022-Q2", date(2022, 6, 25)),
    ("2022-Q3", date(2022, 9, 25)),
    ("2022-ANNUAL", date(2022, 11, 30)),
    ("2023-Q1", date(2023, 3, 25)),
    ("2023-Q2", date(2023, 6, 25)),
    ("2023-Q3", date(2023, 9, 25)),
    ("2023-ANNUAL", date(2023, 11, 30)),
    ("2024-Q1", date(2024, 3, 25)),
    ("2024-Q2", date(2024, 6, 25)),
    ("2024-Q3", date(2024, 9, 25)),
)
# Who leads an action; whoever is not named here is led by the market regulator.
LEADS = {1: "health", 2: "environment", 3: "agriculture", 11: "development"}
ALWAYS_HUNDRED = ("development", 11)
# A department signs for so many of its indicators that the platform cannot count.
SHARE = 0.6
# What should be rare: the share falls instead of rising.
SCARCE = ("检出率", "超标率", "不合格率")
NOTE = "依据本单位台账（虚构）"


def live(stage: Any) -> None:
    course = _Course(stage)
    for number, (period, day) in enumerate(DATES):
        signed = datetime.combine(stage.workday(day, -3), time(16, 30))
        stage.at(signed, partial(course.sign, number, period, day))


class _Course:
    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.rng: Random = stage.rng("board")
        self.told = False

    def sign(self, number: int, period: str, day: date) -> None:
        """One department after the other signs for what the platform cannot count."""
        for definition in api.definitions(day):
            if definition.kind is Kind.SIGNED and definition.action == ALWAYS_HUNDRED[1]:
                self._everything_done(definition, period, day)
            elif definition.kind is Kind.SIGNED and self._signs(definition.code):
                self._honest(definition, LEADS.get(definition.action or 0, "market"), number, period, day)

    def _signs(self, code: str) -> bool:
        return self.stage.rng(f"board:{code}").random() < SHARE

    def _honest(self, definition: Any, agency: str, number: int, period: str, day: date) -> None:
        rng = self.stage.rng(f"board:{definition.code}")
        whole = Decimal(rng.randrange(20, 400))
        share = Decimal(str(round(0.55 + 0.42 * (number + 1) / len(DATES) + rng.uniform(-0.1, 0.02), 3)))
        if any(word in definition.name for word in SCARCE):
            share = (1 - share) / 10
        done = min(whole, (whole * share).to_integral_value())
        total = definition.form is Form.TOTAL
        figure = api.record_typed_figure(
            code=definition.code, division_code=self.stage.division_code, as_of=day, agency=self.stage.agency(agency),
            numerator=done, denominator=None if total else whole, text=NOTE, evidence=self.stage.evidence,
            period=period, by=self.stage.user(agency),
        )  # fmt: skip
        if self.rng.random() < 0.8:
            api.verify_figure(figure=figure, accepted=True, by=self.stage.user("office2"))

    def _everything_done(self, definition: Any, period: str, day: date) -> None:
        """Always all of it, and never a file that shows it."""
        agency = self.stage.agency(ALWAYS_HUNDRED[0])
        whole = Decimal(self.stage.rng(f"board:{definition.code}").randrange(5, 60))
        total = definition.form is Form.TOTAL
        api.record_typed_figure(
            code=definition.code, division_code=self.stage.division_code, as_of=day, agency=agency,
            numerator=whole, denominator=None if total else whole, text="全部完成", period=period,
            by=self.stage.user(ALWAYS_HUNDRED[0]),
        )  # fmt: skip
        if not self.told:
            self.told = True
            self.stage.plant("always_hundred", agency.name, self.stage.division_code, action=ALWAYS_HUNDRED[1])
