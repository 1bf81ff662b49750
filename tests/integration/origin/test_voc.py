"""Volatile organic compounds: checks judged by rules, two clocks for each leak, rounds that come round."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from fangxin.actions.origin import selectors_emissions as selectors
from fangxin.actions.origin import tasks
from fangxin.actions.origin.models import Leak, VocCheck
from fangxin.actions.origin.services import voc
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger

GOOD = {
    "initial_rate": Decimal(5), "outlet_rate": Decimal("0.5"), "stack_height": Decimal(20),
    "hood_velocity": Decimal("0.4"),
}  # fmt: skip


def leak_of(firm: Any, by: Any, **more: Any) -> Leak:
    values = {"tag": "P-101", "medium": "gas_or_light", "reading": Decimal(6000), "found_on": date(2023, 3, 10)}
    return voc.report_leak(firm=firm, by=by, **values | more)


def test_a_check_is_judged_rule_by_rule_and_failing_it_is_a_matter(firm: Callable[..., Any], environment: Any) -> None:
    row = firm()
    good = voc.record_check(firm=row, checked_on=date(2023, 3, 1), by=environment, **GOOD)
    assert (good.outcome, casework.open_matters_of("origin.vocfirm", row.pk).count()) == ("met", 0)
    bad = voc.record_check(
        firm=row, checked_on=date(2023, 3, 10), by=environment, **GOOD | {"outlet_rate": Decimal("1.5")}
    )
    assert bad.outcome == "not_met"
    assert [j["code"] for j in bad.judgements if j["outcome"] == "not_met"] == ["treatment"]
    assert "治理效率" in casework.open_matters_of("origin.vocfirm", row.pk).get().hazard
    assert [r.last_outcome for r in selectors.voc_rows(date(2023, 3, 15))] == ["not_met"]


def test_what_was_not_measured_gives_no_verdict_and_no_collection_none_but_not_met(
    firm: Callable[..., Any], environment: Any
) -> None:
    unknown = voc.record_check(firm=firm(), checked_on=date(2023, 3, 1), by=environment)
    none = voc.record_check(firm=firm(name="露天喷涂", collection="none"), checked_on=date(2023, 3, 1), by=environment)
    assert (unknown.outcome, none.outcome) == ("unknown", "not_met")


def test_rates_the_wrong_way_round_are_refused(firm: Callable[..., Any], environment: Any) -> None:
    with pytest.raises(ValidationError, match="填反"):
        voc.record_check(
            firm=firm(), checked_on=date(2023, 3, 1), by=environment, initial_rate=Decimal(1), outlet_rate=Decimal(2)
        )
    assert VocCheck.objects.count() == 0


def test_a_leak_has_five_days_for_the_first_attempt_and_fifteen_to_be_repaired(
    firm: Callable[..., Any], environment: Any
) -> None:
    leak = leak_of(firm(), environment)
    assert (leak.threshold, leak.first_due_on, leak.due_on) == (5000, date(2023, 3, 15), date(2023, 3, 25))
    voc.try_repair(leak=leak, tried_on=date(2023, 3, 14), reading_after=Decimal(5000), by=environment)
    assert (leak.first_tried_on, leak.repaired_on) == (date(2023, 3, 14), None)
    voc.try_repair(leak=leak, tried_on=date(2023, 3, 15), reading_after=Decimal(90), by=environment)
    assert (leak.first_tried_on, leak.repaired_on) == (date(2023, 3, 14), date(2023, 3, 15))
    with pytest.raises(ValidationError, match="已登记修复"):
        voc.try_repair(leak=leak, tried_on=date(2023, 3, 15), reading_after=Decimal(90), by=environment)


def test_what_lies_below_the_threshold_is_no_leak_and_special_limits_are_lower(
    firm: Callable[..., Any], environment: Any
) -> None:
    with pytest.raises(ValidationError, match="不算泄漏"):
        leak_of(firm(), environment, reading=Decimal(4999))
    special = firm(name="特别限值厂", special_limits=True)
    assert leak_of(special, environment, reading=Decimal(4999)).threshold == 2000
    with pytest.raises(ValidationError, match="没修好"):
        leak_of(special, environment)


def test_a_leak_beyond_its_time_is_one_matter_unless_it_was_postponed(
    firm: Callable[..., Any], environment: Any
) -> None:
    row = firm(sealing_points=10)
    late, waits = leak_of(row, environment), leak_of(row, environment, tag="V-7")
    voc.postpone(leak=waits, until=date(2023, 5, 1), why="须停车", by=environment)
    for _again in range(2):
        with ledger.clock.held_at(date(2023, 3, 26)):
            tasks.press()
    late.refresh_from_db()
    waits.refresh_from_db()
    assert late.matter is not None
    assert waits.matter is None
    assert casework.open_matters_of("origin.vocfirm", row.pk).count() == 1
    with ledger.clock.held_at(date(2023, 5, 2)):
        tasks.press()
    waits.refresh_from_db()
    assert waits.matter is not None


def test_rounds_come_round_after_six_and_twelve_months(firm: Callable[..., Any], environment: Any) -> None:
    row, small = firm(), firm(name="小厂", sealing_points=1999)
    voc.record_round(firm=row, parts="moving", done_on=date(2022, 9, 15), points=1200, by=environment)
    assert voc.ldar_due(row, row.rounds.all()) == {"moving": date(2023, 3, 15), "flanges": date(2023, 6, 1)}
    assert list(selectors.waiting(environment)["ldar"]) == []
    with ledger.clock.held_at(date(2023, 3, 16)):
        assert list(selectors.waiting(environment)["ldar"]) == [row]
        tasks.press()
        tasks.press()
    assert casework.open_matters_of("origin.vocfirm", row.pk).count() == 1
    assert casework.open_matters_of("origin.vocfirm", small.pk).count() == 0
