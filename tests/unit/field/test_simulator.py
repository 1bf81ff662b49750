"""The real synchronisation under Node against the real rule, with everything going wrong in between."""

import pytest

from fangxin.surfaces.field.simulation.driver import Broken, Node, Schedule
from fangxin.surfaces.field.simulation.world import MemoryStore, NoTransactionStore, SequenceOnlyStore, Server

SCHEDULES = 200
# As many as each broken rule needs to be noticed for certain, with these seeds.
ENOUGH = 60


@pytest.fixture(scope="module")
def node():
    with Node() as running:
        yield running


def test_nothing_is_lost_or_doubled_whatever_goes_wrong(node):
    noted, faults, outcomes = 0, set(), set()
    for seed in range(SCHEDULES):
        schedule = Schedule(node, seed).run()
        noted += len(schedule.noted)
        faults |= set(schedule.faults_seen)
        outcomes |= {str(row.held.outcome.state) for row in schedule.server.store.memory.rows.values()}
    assert noted > SCHEDULES * 8
    assert faults == {
        "lost", "cut", "late", "twice", "answer lost", "answer cut", "killed inside", "killed after", "commit lost",
        "phone killed", "phone put back", "clock set",
    }  # fmt: skip
    assert outcomes == {"applied", "conflict"}


def _first_broken(node, *, client="honest", server=lambda: None):
    for seed in range(ENOUGH):
        try:
            Schedule(node, seed, client=client, server=server()).run()
        except Broken as broken:
            return str(broken)
    return ""


@pytest.mark.parametrize("client", ["forgets_when_sent", "forgets_when_answered"])
def test_a_phone_that_forgets_too_early_is_noticed(node, client):
    assert "left the phone" in _first_broken(node, client=client)


def test_a_server_that_knows_operations_by_number_only_is_noticed(node):
    assert _first_broken(node, server=lambda: Server(SequenceOnlyStore()))


def test_a_server_without_transactions_is_noticed(node):
    assert "took effect 2 times" in _first_broken(node, server=lambda: Server(NoTransactionStore()))


def test_a_server_that_ignores_the_order_is_noticed(node):
    assert "in conflict with its own phone" in _first_broken(
        node, server=lambda: Server(MemoryStore(), keeps_order=False)
    )


def test_the_same_seed_lives_the_same_life(node):
    lives = [Schedule(node, 7).run() for _ in range(2)]
    assert lives[0].server.store.memory == lives[1].server.store.memory
    assert lives[0].faults_seen == lives[1].faults_seen
