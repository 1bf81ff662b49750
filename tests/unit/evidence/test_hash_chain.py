from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.evidence import (
    GENESIS,
    ChainFault,
    ChainHead,
    UnknownAlgorithm,
    digest,
    entry_digest,
    list_algorithms,
    next_entry,
    verify_chain,
)

MORNING = datetime(2022, 6, 24, 0, 30, tzinfo=UTC)


def make_chain(length, algorithms=("sha256",)):
    head, entries = GENESIS, []
    for number in range(length):
        payload = {"event": "casework.matter.opened", "actor": "inspector", "data": {"matter": number}}
        algorithm = algorithms[number % len(algorithms)]
        entry = next_entry(head, at=MORNING + timedelta(minutes=number), payload=payload, algorithm=algorithm)
        head = ChainHead(entry.seq, entry.digest)
        entries.append(entry)
    return entries


def bare(entries):
    """As a store gives them that keeps no previous digest."""
    return [replace(entry, prev=None) for entry in entries]


def change_event(entries, place):
    payload = {**entries[place].payload, "event": "casework.matter.closed"}
    return [*entries[:place], replace(entries[place], payload=payload), *entries[place + 1 :]]


def remove(entries, place):
    return entries[:place] + entries[place + 1 :]


def repeat(entries, place):
    return entries[: place + 1] + entries[place:]


def swap(entries, place):
    entries = list(entries)
    entries[place], entries[place - 1] = entries[place - 1], entries[place]
    return entries


def insert(entries, place):
    before = ChainHead(entries[place].seq - 1, entries[place - 1].digest if place else "")
    forged = next_entry(before, at=MORNING, payload={"event": "forged"})
    return [*entries[:place], forged, *entries[place:]]


def change_digest(entries, place):
    return [*entries[:place], replace(entries[place], digest=digest(b"other")), *entries[place + 1 :]]


@pytest.mark.parametrize("keep_prev", [True, False])
@pytest.mark.parametrize("tamper", [change_event, remove, repeat, swap, insert, change_digest])
@given(length=st.integers(3, 12), data=st.data())
@settings(max_examples=25)
def test_any_tampering_before_the_end_is_found_at_its_place(tamper, keep_prev, length, data):
    entries = make_chain(length)
    if not keep_prev:
        entries = bare(entries)
    place = data.draw(st.integers(1, length - 2))
    report = verify_chain(tamper(entries, place))
    assert not report.ok
    assert place <= report.problem.seq <= place + 2
    assert report.head.seq == report.problem.seq - 1


@given(length=st.integers(0, 10), start=st.integers(0, 10))
@settings(max_examples=25)
def test_an_untouched_chain_holds_from_any_trusted_entry_on(length, start):
    entries = make_chain(length)
    start = min(start, length)
    head = ChainHead(start, entries[start - 1].digest) if start else GENESIS
    report = verify_chain(entries[start:], head)
    assert report.ok
    assert report.entries == length - start
    assert report.head == ChainHead(length, entries[-1].digest if entries else "")


def test_the_faults_have_their_names():
    entries = make_chain(4)
    assert verify_chain(change_event(entries, 2)).problem.fault is ChainFault.WRONG_DIGEST
    assert verify_chain(remove(entries, 2)).problem.fault is ChainFault.GAP
    unknown = [*entries[:1], replace(entries[1], algorithm="md5"), *entries[2:]]
    assert verify_chain(unknown).problem.fault is ChainFault.UNKNOWN_ALGORITHM
    elsewhere = [*entries[:1], replace(entries[1], prev="0" * 64)]
    assert verify_chain(elsewhere).problem.fault is ChainFault.WRONG_PREV
    floats = [replace(entries[0], payload={**entries[0].payload, "data": 0.5})]
    assert verify_chain(floats).problem.fault is ChainFault.UNREADABLE


def test_cutting_off_the_end_shows_only_against_a_checkpoint():
    entries = make_chain(6)
    anchors = {3: entries[2].digest, 6: entries[5].digest}
    assert verify_chain(entries, anchors=anchors).ok
    assert verify_chain(entries[:5]).ok
    problem = verify_chain(entries[:5], anchors=anchors).problem
    assert (problem.fault, problem.seq) == (ChainFault.CUT_OFF, 6)


def test_a_chain_rewritten_as_a_whole_differs_from_its_checkpoint():
    entries = make_chain(5)
    anchors = {4: entries[3].digest}
    head, rewritten = GENESIS, []
    for entry in entries:
        rewritten.append(next_entry(head, at=entry.at, payload={"event": "rewritten"}))
        head = ChainHead(rewritten[-1].seq, rewritten[-1].digest)
    assert verify_chain(rewritten).ok
    problem = verify_chain(rewritten, anchors=anchors).problem
    assert (problem.fault, problem.seq) == (ChainFault.ANCHOR_DIFFERS, 4)


def test_a_clock_set_back_is_told_but_breaks_nothing():
    first = next_entry(GENESIS, at=MORNING, payload={})
    second = next_entry(ChainHead(1, first.digest), at=MORNING - timedelta(days=1), payload={})
    report = verify_chain([first, second])
    assert report.ok
    assert (report.clock_set_back, report.first_set_back) == (1, 2)


@pytest.mark.skipif("sm3" not in list_algorithms(), reason="this machine's OpenSSL does not offer SM3")
def test_algorithms_may_change_within_one_chain():
    entries = make_chain(6, ("sha256", "sm3"))
    assert verify_chain(entries).ok
    relabelled = [replace(entries[0], algorithm="sm3"), *entries[1:]]
    assert verify_chain(relabelled).problem.fault is ChainFault.WRONG_DIGEST


def test_weak_or_unknown_algorithms_cannot_be_asked_for():
    with pytest.raises(UnknownAlgorithm):
        entry_digest({}, "", "sha1")
