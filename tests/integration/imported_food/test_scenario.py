"""What was planted among the synthetic county's imported food is found by plain questions, and nothing else is."""

from datetime import date, datetime, timedelta
from random import Random
from types import SimpleNamespace

import pytest

from fangxin.actions.imported_food import scenario
from fangxin.actions.imported_food.models import Alert, Clue, Consignment, Disposal
from fangxin.engines.deadlines import add_workdays, national_calendar, roll_forward
from fangxin.kernel.ledger import api as ledger

COUNTY, TOWN = "990101", "990101100"
ENDS = date(2024, 11, 25)


class Stage:
    """The little that the scenario needs of a stage."""

    def __init__(self, users, agencies):
        self.begins, self.ends, self.division_code = date(2022, 5, 20), ENDS, COUNTY
        self.user, self.agency = users.__getitem__, agencies.__getitem__
        self.world = SimpleNamespace(land=SimpleNamespace(townships=[SimpleNamespace(code=TOWN)]))
        self.acts, self.planted = [], []
        self.calendar = national_calendar(range(2022, 2026))

    def rng(self, name):
        return Random(f"7:{name}")

    def at(self, moment, act):
        self.acts.append((moment, len(self.acts), act))

    def workday(self, day, shift=0):
        return add_workdays(roll_forward(day, self.calendar), shift, self.calendar)

    def plant(self, kind, subject, division_code="", **facts):
        self.planted.append((kind, subject))

    def of(self, kind):
        return {subject for planted, subject in self.planted if planted == kind}


@pytest.fixture
def lived(premises, department, second_department, office, agencies):
    with ledger.clock.held_at(date(2022, 6, 1)):
        for serial in range(9):
            premises(f"进口店{serial}", serial=serial + 10)
    stage = Stage({"market": department, "market2": second_department, "office": office}, agencies)
    scenario.live(stage)
    for moment, _order, act in sorted(stage.acts, key=lambda entry: entry[:2]):
        with ledger.clock.held_at(moment.replace(tzinfo=ledger.clock.LOCAL)):
            act()
    with ledger.clock.held_at(datetime(2024, 11, 25, 9, tzinfo=ledger.clock.LOCAL)):
        yield stage


def numbers(rows):
    return set(rows.values_list("lot__number", flat=True))


def test_every_planted_fault_is_found_and_nothing_else(lived):
    shelf = Consignment.objects.filter(state="on_shelf")
    assert numbers(shelf.filter(key_paper_missing=True)) == lived.of("import_no_certificate") != set()
    assert numbers(shelf.filter(label="nonconforming")) == lived.of("import_label_wrong") != set()
    assert numbers(shelf.filter(lot__best_before_on__lt=ENDS)) == lived.of("import_expired_on_shelf") != set()
    unhandled = Disposal.objects.filter(cause="alert", state="open", stop_due_at__lt=ledger.clock.now())
    assert (
        set(unhandled.values_list("consignment__lot__number", flat=True)) == lived.of("import_alert_unhandled") != set()
    )
    waiting = Clue.objects.filter(state="approved", due_at__lt=ledger.clock.now())
    assert set(waiting.values_list("number", flat=True)) == lived.of("import_clue_not_handed_over") != set()


def test_what_was_handled_is_closed_and_in_time(lived):
    alert = Alert.objects.get(source="rasff")
    assert alert.state == "traced"
    assert alert.traced_at - alert.received_at < timedelta(hours=24)
    done = Disposal.objects.get(state="reported")
    assert done.disposed_on <= done.due_on
    assert set(Disposal.objects.exclude(pk=done.pk).values_list("state", flat=True)) == {"open"}
