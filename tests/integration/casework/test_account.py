"""The account: its identity, its rates, and the rows behind each term."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import settings as budget
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from tests.conftest import COUNTY, OTHER_COUNTY, TOWN

from fangxin.engines.indicators import display_percent
from fangxin.kernel.casework import api as casework
from fangxin.kernel.casework import tasks
from fangxin.kernel.casework.models import Matter, MatterStep
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

START, END = date(2023, 4, 1), date(2023, 6, 30)
TERMS = ["opening", "new", "reopened", "closed", "open", "due", "on_time", "rebounded", "opened_to_date",
         "closed_to_date", "withdrawn"]  # fmt: skip


def moment(day, hour=10):
    return datetime(day.year, day.month, day.day, hour, tzinfo=ledger.clock.LOCAL)


def life(key, opened, due, closed=None, *, reopened_from="", owner, evidence, code=TOWN):
    """A matter lived from one date to another."""
    steps = [("assign", opened, "office")]
    if closed is not None:
        steps += [("start", opened, "market"), ("submit", closed, "market"), ("close", closed, "office")]
    return casework.MatterLife(
        key=key,
        origin="inspection",
        hazard=f"问题{key}",
        severity="minor",
        division_code=code,
        owner_id=owner.pk,
        opened_at=moment(opened, 8),
        opened_by="office",
        opened_by_name="沈静",
        due_on=due,
        evidence_id=evidence.pk if closed else None,
        reopened_from=reopened_from,
        steps=tuple(casework.LifeStep(a, moment(day, 10 + n), who, who) for n, (a, day, who) in enumerate(steps)),
    )


@pytest.fixture
def the_quarter(agencies, office):
    """Opening 12, new 20, closed 25 (22 by the deadline of the 24 due), one of them back again."""
    proof = ledger.store_evidence(name="a.txt", content="已整改".encode(), by=office)
    common = {"owner": agencies["market"], "evidence": proof}
    before, inside, after = date(2023, 3, 1), date(2023, 4, 10), date(2023, 7, 20)
    in_time, late, due = date(2023, 5, 1), date(2023, 5, 20), date(2023, 5, 10)
    lives = [life(f"a{n}", before, due, in_time, **common) for n in range(12)]  # 12 closed in time
    lives += [life(f"b{n}", inside, due, in_time, **common) for n in range(10)]  # 10 closed in time
    lives += [life(f"c{n}", inside, due, late, **common) for n in range(2)]  # 2 closed late
    lives += [life("d", inside, after, late, **common)]  # closed, not due yet
    lives += [life(f"e{n}", inside, after, **common) for n in range(7)]  # open, not due yet
    lives += [life("f", date(2023, 6, 1), after, reopened_from="a0", **common)]
    casework.load(lives, by=office)


@pytest.mark.django_db
def test_the_account_of_the_quarter(the_quarter):
    found = casework.figures(COUNTY, START, END)
    assert (found.opening, found.new, found.closed, found.reopened, found.open) == (12, 20, 25, 1, 8)
    assert found.balance.holds
    assert (found.on_time, found.due) == (22, 24)
    assert display_percent(found.on_time_rate) == Decimal("91.67")
    assert (found.rebound_rate.numerator, found.rebound_rate.denominator) == (1, 25)
    assert (found.closure_rate.numerator, found.closure_rate.denominator) == (25, 33)


@pytest.mark.django_db
def test_every_term_opens_down_to_its_rows(the_quarter):
    found = casework.figures(COUNTY, START, END)
    for term in TERMS:
        assert casework.matters_of_term(COUNTY, term, START, END).count() == getattr(found, term), term


@pytest.mark.django_db
def test_an_owner_has_an_own_account_and_its_rungs(the_quarter, agencies):
    market, health = agencies["market"].pk, agencies["health"].pk
    assert casework.figures(COUNTY, START, END, owner_id=market) == casework.figures(COUNTY, START, END)
    assert casework.figures(COUNTY, START, END, owner_id=health).due == 0
    tasks.daily(date(2023, 7, 31))  # the eight that are open are due on 20 July
    assert casework.rungs_reached(COUNTY, START, END, owner_id=market) == {}
    july = casework.rungs_reached(COUNTY, END, date(2023, 7, 31), owner_id=market)
    assert july == {"reminder": 8, "overdue": 8, "supervision": 8, "interview": 1}


@pytest.mark.django_db
def test_the_neighbour_has_its_own_account(the_quarter):
    found = casework.figures(OTHER_COUNTY, START, END)
    assert found.opened_to_date == 0
    assert found.on_time_rate.value() is None  # nothing due is not all in time


@pytest.mark.django_db
def test_a_matter_opened_in_error_leaves_the_account_and_is_shown(open_matter, office, second_office, after):
    matter = open_matter()
    with after(10):
        casework.withdraw(matter=matter, reason="重复", by=office)
        casework.decide_withdrawal(matter=matter, approved=True, by=second_office)
    before = casework.figures(COUNTY, date(2023, 3, 1), date(2023, 3, 20))
    now = casework.figures(COUNTY, date(2023, 3, 1), date(2023, 3, 31))
    assert (before.open, before.withdrawn) == (1, 0)
    assert (now.open, now.new, now.withdrawn) == (0, 0, 1)


@pytest.mark.django_db
def test_loaded_lives_keep_the_rules(agencies, office):
    proof = ledger.store_evidence(name="a.txt", content="已整改".encode(), by=office)
    good = life("x", START, END, END, owner=agencies["market"], evidence=proof)
    own_hand = (*good.steps[:-1], casework.LifeStep("close", moment(END, 20), "market", "韩梅"))
    bad = [
        {"evidence_id": None},
        {"steps": own_hand},
        {"severity": "critical"},
        {"steps": good.steps[1:]},
        {"reopened_from": "nobody"},
    ]
    for change in bad:
        with pytest.raises(casework.Refused):
            casework.load([good, casework.MatterLife(**(_facts(good) | change | {"key": "y"}))], by=office)
    assert not Matter.objects.exists()


def _facts(value):
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


@pytest.mark.django_db
def test_a_loaded_life_and_a_lived_one_are_the_same(agencies, office, department, closed):
    lived = closed()
    proof = lived.evidence.get().file
    steps = [casework.LifeStep(s.action, s.at, s.by, s.by_name, s.text) for s in lived.steps.all()[1:]]
    keys = casework.load(
        [casework.MatterLife(
            key="x", origin=lived.origin, hazard=lived.hazard, severity=lived.severity, owner_id=lived.owner_id,
            division_code=lived.division_code, subject_type=lived.subject_type, subject_id=lived.subject_id,
            subject_name=lived.subject_name, opened_at=lived.opened_at, opened_by=lived.opened_by,
            opened_by_name=lived.steps.first().by_name, steps=tuple(steps), evidence_id=proof.pk,
        )],
        by=office,
    )  # fmt: skip
    loaded = Matter.objects.get(pk=keys["x"])
    own = {"id", "number"}
    plain = [f.attname for f in Matter._meta.concrete_fields if f.name not in own]
    assert [getattr(loaded, f) for f in plain] == [getattr(lived, f) for f in plain]
    own = {"id", "matter"}
    plain = [f.attname for f in MatterStep._meta.concrete_fields if f.name not in own]
    assert list(loaded.steps.values_list(*plain)) == list(lived.steps.values_list(*plain))


class Account(RuleBasedStateMachine):
    """People work on matters at random; the account is compared with a model that counts by hand."""

    def __init__(self):
        super().__init__()
        self.run = transaction.atomic()
        self.run.__enter__()
        self.day = date(2023, 3, 1)
        agency = {"kind": "department", "division_code": COUNTY, "by": None}
        self.owner = people.create_agency(name="云桥县市场监督管理局", short_name="市场监管局", **agency)
        self.people = [ledger.Actor(name, name) for name in ("shen", "gao", "han")]
        self.proof = ledger.store_evidence(name="a.txt", content="改".encode(), by=None)
        self.opened, self.closed, self.gone = {}, {}, {}
        self.again, self.back = set(), set()

    def teardown(self):
        transaction.set_rollback(True)
        self.run.__exit__(None, None, None)

    def at(self):
        return ledger.clock.held_at(self.day)

    @rule(days=st.integers(1, 40))
    def time_passes(self, days):
        self.day += timedelta(days=days)

    @rule(severity=st.sampled_from(["minor", "major", "critical"]))
    def open(self, severity):
        with self.at():
            matter = casework.open_matter(
                origin="other",
                hazard="问题",
                division_code=TOWN,
                severity=severity,
                owner=self.owner,
                by=self.people[0],
            )
        self.opened[matter.pk] = self.day

    def standing(self):
        return [pk for pk in self.opened if pk not in self.closed and pk not in self.gone]

    @precondition(lambda self: self.standing())
    @rule(data=st.data())
    def put_right(self, data):
        matter = Matter.objects.get(pk=data.draw(st.sampled_from(self.standing())))
        shen, gao, han = self.people
        with self.at():
            if matter.state == "opened":
                casework.assign(matter=matter, by=shen)
                casework.start(matter=matter, by=han)
            elif matter.state in ("rectifying", "returned"):
                casework.attach_evidence(matter=matter, kind="rectification", file=self.proof, by=han)
                casework.submit(matter=matter, text="已改", by=han)
            elif data.draw(st.booleans()):
                casework.return_(matter=matter, text="再改", by=shen)
            else:
                first = matter.closing_proposed_by
                casework.close(matter=matter, by=gao if first == "shen" else shen)
                if matter.state == "closed":
                    self.closed[matter.pk] = self.day

    @precondition(lambda self: self.standing())
    @rule(data=st.data())
    def withdraw(self, data):
        matter = Matter.objects.get(pk=data.draw(st.sampled_from(self.standing())))
        with self.at():
            casework.withdraw(matter=matter, reason="重复", by=self.people[0])
            casework.decide_withdrawal(matter=matter, approved=True, by=self.people[1])
        self.gone[matter.pk] = self.day

    @precondition(lambda self: set(self.closed) - self.again)
    @rule(data=st.data())
    def comes_back(self, data):
        pk = data.draw(st.sampled_from(sorted(set(self.closed) - self.again)))
        with self.at():
            back = casework.reopen(matter=Matter.objects.get(pk=pk), by=self.people[1])
        self.again.add(pk)
        self.opened[back.pk] = self.day
        self.back.add(back.pk)

    @invariant()
    def the_account_balances(self):
        for start in (self.day, self.day - timedelta(days=45)):
            found = casework.figures(COUNTY, start, self.day)
            kept = {pk: day for pk, day in self.opened.items() if pk not in self.gone}
            assert found.balance.holds
            assert found.open == len(self.standing())
            assert found.closed == sum(day >= start for day in self.closed.values())
            assert found.new == sum(day >= start and pk not in self.back for pk, day in kept.items())
            assert found.reopened == sum(day >= start and pk in self.back for pk, day in kept.items())
            assert found.withdrawn == sum(day >= start for day in self.gone.values())


@pytest.mark.django_db
def test_the_account_balances_whatever_people_do():
    run_state_machine_as_test(Account, settings=budget(max_examples=8, stateful_step_count=14, deadline=None))
