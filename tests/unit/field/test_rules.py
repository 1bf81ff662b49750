from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.surfaces.field.rules import (
    Batch,
    Contact,
    Operation,
    Outcome,
    Reason,
    State,
    correct_time,
    take_in,
)
from fangxin.surfaces.field.simulation.world import MemoryStore

NOW = datetime(2023, 3, 15, 9, 0, tzinfo=UTC)
MADE = Operation("u1", 1, "item", "s", {"item": "1", "value": "pass", "seen": None}, (), NOW, "boot", 0.0)
CONTACT = Contact("d", "boot", NOW, 0.0, NOW)
APPLIED = Outcome(State.APPLIED)


def send(store, *operations, **options):
    batch = Batch(CONTACT, operations, options.pop("confirm", ()))
    return take_in(batch, store=store, apply=lambda o, _t: store.apply("d", o), **options)


def states(reply):
    return [(a.uuid, a.state, a.again) for a in reply.answers]


def test_an_operation_takes_effect_once_however_often_it_comes():
    store = MemoryStore()
    assert states(send(store, MADE, MADE)) == [("u1", State.APPLIED, False), ("u1", State.APPLIED, True)]
    assert states(send(store, MADE)) == [("u1", State.APPLIED, True)]
    assert store.memory.effects == ["u1"]


def test_operations_take_effect_in_the_order_of_their_numbers():
    store = MemoryStore()
    later = replace(MADE, uuid="u2", sequence=2, after="u1")
    assert states(send(store, later)) == [("u2", State.WAITING, False)]
    send(store, later, MADE)
    assert store.memory.effects == ["u1", "u2"]


def test_an_operation_waits_for_its_picture_and_all_after_it_wait_too():
    store = MemoryStore()
    pictured = replace(MADE, files=("a" * 64,))
    after = replace(MADE, uuid="u2", sequence=2, after="u1")
    assert [a.reason for a in send(store, pictured, after).answers] == [Reason.FILE_MISSING, Reason.BEFORE]
    store.memory.kept_files.add("a" * 64)
    assert {a.state for a in send(store, pictured, after).answers} == {State.APPLIED}


def test_a_picture_lost_on_the_phone_does_not_hold_the_rest_for_ever():
    store = MemoryStore()
    pictured = replace(MADE, files=("a" * 64,), lost=("a" * 64,))
    assert [(a.state, a.reason) for a in send(store, pictured).answers] == [(State.CONFLICT, Reason.FILE_LOST)]
    assert "u1" in store.memory.rows


def test_the_second_operation_of_a_number_is_kept_for_a_person():
    store = MemoryStore()
    send(store, MADE)
    answer = send(store, replace(MADE, uuid="u2")).answers[0]
    assert (answer.state, answer.reason) == (State.CONFLICT, Reason.SAME_SEQUENCE)
    assert store.memory.rows["u2"].held.sequence is None


def test_the_same_name_with_other_content_changes_nothing():
    store = MemoryStore()
    send(store, MADE)
    forged = replace(MADE, payload={"item": "1", "value": "fail", "seen": None})
    assert send(store, forged).answers[0].reason == Reason.SAME_NAME_OTHER_CONTENT
    assert store.memory.items["s", "1"][0] == "pass"


@pytest.mark.parametrize("why", [Reason.SIGNED_OUT, Reason.NO_POST])
def test_what_must_not_take_effect_is_kept_whole(why):
    store = MemoryStore()
    answer = send(store, MADE, refuse=why).answers[0]
    assert (answer.state, answer.reason) == (State.CONFLICT, why)
    assert not store.memory.effects
    assert store.memory.rows["u1"].operation == MADE


def test_only_what_is_held_is_confirmed():
    store = MemoryStore()
    send(store, MADE)
    assert send(store, confirm=["u1", "u9"]).confirmed == ("u1",)


def test_the_clock_of_the_phone_never_decides_over_taking():
    store = MemoryStore()
    ancient = replace(MADE, made_at=NOW - timedelta(days=20_000))
    assert send(store, ancient).answers[0].state is State.APPLIED


@settings(max_examples=60, deadline=None)
@given(
    skew=st.integers(-40_000_000, 40_000_000),
    ago=st.integers(0, 3_000_000),
    same_start=st.booleans(),
)
def test_a_clock_that_is_only_wrong_is_put_right_exactly(skew, ago, same_start):
    true = NOW - timedelta(seconds=ago)
    wrong = timedelta(seconds=skew)
    boot = "boot" if same_start else "earlier"
    made = replace(MADE, made_at=true + wrong, boot=boot, mono=0.0)
    contact = Contact("d", "boot", NOW + wrong, ago * 1000.0, NOW)
    time = correct_time(made, contact)
    assert time.corrected == true
    assert time.doubtful == (abs(skew) > 300)


@settings(max_examples=60, deadline=None)
@given(back=st.integers(3, 100_000), ago=st.integers(0, 100_000))
def test_a_clock_set_back_in_between_is_noticed_by_the_steady_one(back, ago):
    made = replace(MADE, made_at=NOW, mono=0.0)
    sent = NOW + timedelta(seconds=ago - back)
    received = NOW + timedelta(seconds=ago)
    time = correct_time(made, Contact("d", "boot", sent, ago * 1000.0, received))
    assert time == type(time)(NOW, True)


def test_nothing_is_made_later_than_it_arrives():
    made = replace(MADE, made_at=NOW + timedelta(hours=5), boot="earlier")
    assert correct_time(made, CONTACT).corrected == NOW
