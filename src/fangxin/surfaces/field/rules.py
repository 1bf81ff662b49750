"""The server's side of synchronisation, as a rule over a store: no Django, no clock, no network.

The rule promises, whatever is cut, repeated, reordered or sent by two windows at once:

1. an operation takes effect at most once, and its outcome is kept in the same transaction as its effect;
2. what cannot take effect is kept whole, with the reason, for a person to decide;
3. operations of one subject on one device take effect in the order in which the person made them;
4. nothing is turned away because a clock is wrong.

What an operation does is handed in (`apply`). The database and the simulator's memory give the same `Store`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from json import dumps
from typing import Any, Protocol

PROTOCOL = 1
# A month offline is some thousands of operations; a batch is a slice of it.
MOST_OPERATIONS = 200
MOST_CONFIRMED = 5000
# Beyond this the phone's clock is said to be wrong; below, it is the network's delay.
DOUBTFUL_OFFSET = timedelta(minutes=5)


class State(StrEnum):
    """What became of an operation. `WAITING` alone is not final: the phone sends it again."""

    APPLIED = "applied"
    CONFLICT = "conflict"
    REFUSED = "refused"
    WAITING = "waiting"


class Reason(StrEnum):
    """Why an operation did not take effect, where the rule itself says so; handlers add their own sentences."""

    SAME_NAME_OTHER_CONTENT = "same_name_other_content"
    SAME_SEQUENCE = "same_sequence"
    OVERTAKEN = "overtaken"
    SIGNED_OUT = "signed_out"
    NO_POST = "no_post"
    FILE_LOST = "file_lost"
    FILE_REFUSED = "file_refused"
    BEFORE = "before"
    FILE_MISSING = "file_missing"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing a person did on a phone. `made_at` is what the phone's clock said, aware."""

    uuid: str
    sequence: int
    kind: str
    subject: str
    payload: Mapping[str, Any]
    files: tuple[str, ...]
    made_at: datetime
    boot: str
    mono: float
    after: str | None = None
    lost: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """What makes it the same operation: everything the person did, nothing that changes from sending to sending."""
        told = [self.uuid, self.sequence, self.kind, self.subject, self.payload, self.files, self.made_at.isoformat()]
        return sha256(dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Contact:
    """The moment of a batch, by the phone and by the server."""

    device: str
    boot: str
    sent_at: datetime
    mono: float
    received_at: datetime

    @property
    def offset(self) -> timedelta:
        """Server minus phone."""
        return self.received_at - self.sent_at


@dataclass(frozen=True, slots=True)
class Time:
    """When an operation was made, as well as can be known."""

    corrected: datetime
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """An operation as the store has it."""

    uuid: str
    sequence: int | None
    fingerprint: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Answer:
    uuid: str
    state: State
    reason: str
    again: bool = False  # it had arrived before


@dataclass(frozen=True, slots=True)
class Batch:
    contact: Contact
    operations: Sequence[Operation]
    confirm: Sequence[str] = ()
    pending: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    answers: tuple[Answer, ...]
    confirmed: tuple[str, ...]
    counts: Mapping[str, int] = field(default_factory=dict)


class Taken(Exception):
    """Somebody kept the same operation, or one with its sequence number, a moment earlier."""


class Store(Protocol):
    """Where operations are kept. Everything inside `transaction()` is kept together or not at all."""

    def transaction(self) -> AbstractContextManager[Any]: ...

    def by_uuid(self, device: str, uuid: str) -> Held | None: ...

    def by_sequence(self, device: str, sequence: int) -> Held | None: ...

    def last_sequence(self, device: str, subject: str) -> int:
        """The highest number kept for the subject from this device; 0 when there is none."""

    def keep(
        self, device: str, operation: Operation, *, sequence: int | None, outcome: Outcome, time: Time, contact: Contact
    ) -> None:
        """Keep it with its outcome; `Taken` when the uuid or the sequence is there already."""

    def file_state(self, digest: str) -> str:
        """`kept`, `refused` or `missing`."""


Apply = Callable[[Operation, Time], Outcome]


def correct_time(operation: Operation, contact: Contact) -> Time:
    """When the operation was made, on the server's clock.

    The phone's clock is shifted by the offset seen at this contact. If page and operation are of one start, the
    steady clock checks it: less wall time than steady time means that the clock was set back in between, and the
    steady clock decides. More wall time may be sleep, which the steady clock does not always count. Nothing is made
    later than it arrives.

    >>> from datetime import datetime, timezone, timedelta
    >>> at = lambda m: datetime(2023, 3, 15, 9, m, tzinfo=timezone.utc)
    >>> made = Operation("u", 1, "item", "s", {}, (), at(10), "boot", 60_000.0)
    >>> correct_time(made, Contact("d", "boot", at(12), 180_000.0, at(32))).corrected.minute
    30
    """
    corrected = operation.made_at + contact.offset
    doubtful = abs(contact.offset) > DOUBTFUL_OFFSET
    if operation.boot == contact.boot:
        steady = timedelta(milliseconds=contact.mono - operation.mono)
        wall = contact.sent_at - operation.made_at
        if wall < steady - timedelta(seconds=2):
            corrected, doubtful = contact.received_at - steady, True
    if corrected > contact.received_at:
        corrected, doubtful = contact.received_at, True
    return Time(corrected, doubtful)


def take_in(batch: Batch, *, store: Store, apply: Apply, refuse: Reason | None = None) -> Reply:
    """Take one batch. With `refuse` nothing takes effect and everything is kept for a person, for that reason."""
    contact = batch.contact
    ordered = sorted(batch.operations, key=lambda o: (o.sequence, o.uuid))
    answers = tuple(_take_one(o, contact, store=store, apply=apply, refuse=refuse) for o in ordered)
    confirmed = tuple(u for u in batch.confirm if store.by_uuid(contact.device, u) is not None)
    counts = {str(s): sum(a.state is s for a in answers) for s in State}
    return Reply(answers, confirmed, counts)


def _take_one(operation: Operation, contact: Contact, *, store: Store, apply: Apply, refuse: Reason | None) -> Answer:
    """Twice at most: whoever loses a race finds the winner's row on the second look."""
    for _attempt in range(2):
        try:
            with store.transaction():
                return _decide(operation, contact, store=store, apply=apply, refuse=refuse)
        except Taken:
            continue
    return Answer(operation.uuid, State.WAITING, Reason.TROUBLE)


def _decide(operation: Operation, contact: Contact, *, store: Store, apply: Apply, refuse: Reason | None) -> Answer:
    device = contact.device
    held = store.by_uuid(device, operation.uuid)
    if held is not None:
        return _again(operation, held)
    waits = _waits_for(operation, device, store)
    if waits is not None and refuse is None:
        return Answer(operation.uuid, State.WAITING, waits)
    time = correct_time(operation, contact)
    # Two operations of one number: the phone was copied or put back. Both are kept, the second for a person.
    clash = store.by_sequence(device, operation.sequence) is not None
    if refuse is None:
        refuse = _doubt(operation, device, clash=clash, store=store)
    outcome = Outcome(State.CONFLICT, refuse) if refuse is not None else apply(operation, time)
    sequence = None if clash else operation.sequence
    store.keep(device, operation, sequence=sequence, outcome=outcome, time=time, contact=contact)
    return Answer(operation.uuid, outcome.state, outcome.reason)


def _again(operation: Operation, held: Held) -> Answer:
    if held.fingerprint != operation.fingerprint:
        return Answer(operation.uuid, State.REFUSED, Reason.SAME_NAME_OTHER_CONTENT, again=True)
    return Answer(operation.uuid, held.outcome.state, held.outcome.reason, again=True)


def _waits_for(operation: Operation, device: str, store: Store) -> Reason | None:
    if operation.after is not None and store.by_uuid(device, operation.after) is None:
        return Reason.BEFORE
    here = (d for d in operation.files if d not in operation.lost)
    if any(store.file_state(digest) == "missing" for digest in here):
        return Reason.FILE_MISSING
    return None


def _doubt(operation: Operation, device: str, *, clash: bool, store: Store) -> Reason | None:
    """Why a person must look before this takes effect."""
    if clash:
        return Reason.SAME_SEQUENCE
    # Only a phone that was put back can be overtaken by itself: what it had sent arrives after what it did since.
    if store.last_sequence(device, operation.subject) > operation.sequence:
        return Reason.OVERTAKEN
    if operation.lost:
        return Reason.FILE_LOST
    if any(store.file_state(digest) == "refused" for digest in operation.files):
        return Reason.FILE_REFUSED
    return None
