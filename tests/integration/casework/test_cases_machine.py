"""Properties of the machine: no way to a penalty without a notice, no way around the police."""

from collections import deque

from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.kernel.casework import rules_cases as rules
from fangxin.kernel.casework.models import Case, CaseStep

Action, State = CaseStep.Action, Case.State
NOTICES = {Action.NOTIFIED, Action.TOLD_ON_SPOT}


def steps_from(state, held):
    """Each action possible in a state, and the states it may lead to."""
    for action, move in rules.MOVES.items():
        if state not in move.before:
            continue
        if action == Action.TRANSFER_REFUSED:
            yield action, held
        elif action == Action.RESUMED:
            yield from ((action, after) for after in (State.INVESTIGATING, State.CLUE))
        else:
            yield action, move.after or state


def reached(*, without=()):
    """Every state reachable from a clue, the actions named left out."""
    seen, waiting = set(), deque([(State.CLUE, "")])
    while waiting:
        state, held = waiting.popleft()
        if (state, held) in seen:
            continue
        seen.add((state, held))
        for action, after in steps_from(state, held):
            if action not in without:
                waiting.append((after, state if action == Action.CRIME_REPORTED else held))
    return {state for state, _held in seen}


def test_there_is_no_way_to_a_decision_without_a_notice():
    assert {State.DECIDED, State.SERVED} <= reached()
    assert not {State.DECIDED, State.SERVED, State.HEARING, State.HEARD, State.SENT_UP} & reached(without=NOTICES)


def test_there_is_no_way_to_the_ordinary_decision_without_a_legal_review():
    spot = {Action.TOLD_ON_SPOT}
    assert not {State.NOTIFIED, State.DECIDED, State.NO_PENALTY} & reached(without=spot | {Action.REVIEW_PASSED})


def test_there_is_no_way_to_the_police_without_the_head():
    assert not {State.TRANSFERRED, State.POLICE_FILED} & reached(without={Action.TRANSFER_APPROVED})


def test_every_state_is_reachable_and_every_open_one_can_end():
    assert reached() == set(State)
    ends = set(rules.ENDED_STATES)
    able, grown = set(ends), True
    while grown:
        more = {s for s in State for _a, after in steps_from(s, State.INVESTIGATING) if after in able} | able
        grown, able = more != able, more
    assert able == set(State)


def test_open_and_ended_states_part_all_states():
    assert set(rules.OPEN_STATES) | set(rules.ENDED_STATES) == set(State)
    assert not set(rules.OPEN_STATES) & set(rules.ENDED_STATES)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.integers(0, 10_000), max_size=40))
def test_on_every_walk_a_penalty_follows_a_notice_and_no_clock_is_started_twice(choices):
    """A random walk: a notice before each decision since the last investigation; what runs is not started anew."""
    state, held, told, filed, running = State.CLUE, "", False, False, {"DL04"}
    for choice in choices:
        # A filed case comes back to its investigation, a mere clue to its clue.
        back = State.INVESTIGATING if filed else State.CLUE
        options = [(a, after) for a, after in steps_from(state, held) if a != Action.RESUMED or after == back]
        if not options:
            return
        action, after = options[choice % len(options)]
        move = rules.MOVES[action]
        if action in (Action.DECIDED, Action.DECIDED_ON_SPOT):
            assert told
        told = action in NOTICES or (told and after not in (State.INVESTIGATING, State.CLUE))
        filed = filed or action == Action.FILED
        held = state if action == Action.CRIME_REPORTED else held
        running -= set(move.ends)
        if action not in (Action.POLICE_ASKED_MORE, Action.RECONSIDERATION_ASKED, Action.POLICE_UPHELD):
            assert not running & set(move.starts), action
        running |= set(move.starts)
        state = after
