"""The simulator's server: the real rule over a store in memory, and a small stand-in for inspections."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from fangxin.surfaces.field import rules
from fangxin.surfaces.field.reading import read_batch
from fangxin.surfaces.field.rules import Contact, Held, Operation, Outcome, State, Time
from fangxin.surfaces.field.uploads import Progress, receive


class Crash(Exception):
    """The server's process ends here; what was not committed is gone."""


@dataclass(frozen=True, slots=True)
class Row:
    device: str
    held: Held
    operation: Operation
    time: Time


@dataclass
class Memory:
    """Everything a commit makes durable. Copied before a transaction, put back when it fails."""

    rows: dict[str, Row] = field(default_factory=dict)
    numbers: dict[tuple[str, int], str] = field(default_factory=dict)
    items: dict[tuple[str, str], tuple[str, str, str]] = field(default_factory=dict)  # value, uuid, device
    finished: dict[str, str] = field(default_factory=dict)
    effects: list[str] = field(default_factory=list)
    kept_files: set[str] = field(default_factory=set)

    def copied(self) -> "Memory":
        return Memory(*(copy(getattr(self, name)) for name in self.__dataclass_fields__))


class MemoryStore:
    """A `rules.Store`. `crash_in` counts down; when it reaches zero inside a transaction the server dies there."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.crash_in = -1

    @contextmanager
    def transaction(self) -> Iterator[None]:
        before = self.memory.copied()
        try:
            yield
        except BaseException:
            self.memory = before
            raise

    def by_uuid(self, device: str, uuid: str) -> Held | None:
        row = self.memory.rows.get(uuid)
        return row.held if row is not None and row.device == device else None

    def by_sequence(self, device: str, sequence: int) -> Held | None:
        uuid = self.memory.numbers.get((device, sequence))
        return self.memory.rows[uuid].held if uuid is not None else None

    def last_sequence(self, device: str, subject: str) -> int:
        return max((n for (d, n), u in self.memory.numbers.items()
                    if d == device and self.memory.rows[u].operation.subject == subject), default=0)  # fmt: skip

    def keep(
        self, device: str, operation: Operation, *, sequence: int | None, outcome: Outcome, time: Time, contact: Contact
    ) -> None:
        self.crash_in -= 1
        if self.crash_in == 0:
            raise Crash
        if operation.uuid in self.memory.rows or (sequence and (device, sequence) in self.memory.numbers):
            raise rules.Taken
        held = Held(operation.uuid, sequence, operation.fingerprint, outcome)
        self.memory.rows[operation.uuid] = Row(device, held, operation, time)
        if sequence is not None:
            self.memory.numbers[device, sequence] = operation.uuid

    def file_state(self, digest: str) -> str:
        return "kept" if digest in self.memory.kept_files else "missing"

    def apply(self, device: str, operation: Operation) -> Outcome:
        """An item is somebody's as soon as it is noted; another phone changes it only having seen that note."""
        payload: Any = operation.payload
        if operation.subject in self.memory.finished:
            return Outcome(State.CONFLICT, "finished")
        if operation.kind == "finish":
            self.memory.finished[operation.subject] = operation.uuid
        elif operation.kind == "item":
            key = (operation.subject, payload["item"])
            now = self.memory.items.get(key)
            if now is not None and now[2] != device and now[1] != payload["seen"]:
                return Outcome(State.CONFLICT, "other")
            self.memory.items[key] = (payload["value"], operation.uuid, device)
        else:
            return Outcome(State.REFUSED, "unknown")
        self.memory.effects.append(operation.uuid)
        return Outcome(State.APPLIED)


class SequenceOnlyStore(MemoryStore):
    """Broken on purpose: takes an operation for known when its number is."""

    def by_uuid(self, device: str, uuid: str) -> Held | None:
        row = self.memory.rows.get(uuid)
        return row.held if row is not None else None

    def known(self, device: str, operation: Operation) -> Held | None:
        return self.by_sequence(device, operation.sequence)


class NoTransactionStore(MemoryStore):
    """Broken on purpose: what an operation does stays when its row is lost."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        yield


class Parts:
    """Unfinished uploads, which survive a crash of the server as files do."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}

    def size(self, digest: str) -> int:
        return len(self.parts.get(digest, b""))

    def write(self, digest: str, offset: int, data: bytes) -> None:
        have = self.parts.get(digest, b"")
        self.parts[digest] = have[:offset] + data + have[offset + len(data) :]

    def read(self, digest: str) -> bytes:
        return self.parts[digest]

    def drop(self, digest: str) -> None:
        self.parts.pop(digest, None)


class Server:
    """What a phone can ask of the platform."""

    def __init__(self, store: MemoryStore, *, keeps_order: bool = True) -> None:
        self.store = store
        self.parts = Parts()
        self.keeps_order = keeps_order

    def send(self, body: bytes, now: datetime) -> dict[str, Any]:
        batch = read_batch(body, received_at=now)
        device = batch.contact.device
        operations, answers = list(batch.operations), []
        if isinstance(self.store, SequenceOnlyStore):
            known = {o.uuid: self.store.known(device, o) for o in operations}
            answers = [{"uuid": u, "state": str(h.outcome.state), "reason": ""} for u, h in known.items() if h]
            operations = [o for o in operations if not known[o.uuid]]
        if not self.keeps_order:
            operations = [_without_order(o) for o in operations]
        batch = rules.Batch(batch.contact, operations, batch.confirm, batch.pending)
        reply = rules.take_in(batch, store=self.store, apply=lambda o, _time: self.store.apply(device, o))
        confirmed = list(batch.confirm) if isinstance(self.store, SequenceOnlyStore) else list(reply.confirmed)
        answers += [{"uuid": a.uuid, "state": str(a.state), "reason": a.reason} for a in reply.answers]
        return {"protocol": rules.PROTOCOL, "answers": answers, "confirmed": confirmed, "wipe": False}

    def upload_state(self, digest: str) -> dict[str, Any]:
        return {"received": self.parts.size(digest), "complete": digest in self.store.memory.kept_files}

    def upload_chunk(self, digest: str, offset: int, size: int, data: bytes) -> dict[str, Any]:
        if digest in self.store.memory.kept_files:
            return {"received": size, "complete": True}
        progress: Progress = receive(self.parts, digest, offset=offset, size=size, data=data)
        if progress.whole:
            self.store.memory.kept_files.add(digest)
        return {"received": progress.received, "complete": progress.whole}

    def snapshot(self) -> dict[str, Any]:
        memory = self.store.memory
        items = {f"{s}/{i}": {"value": v, "uuid": u} for (s, i), (v, u, _device) in sorted(memory.items.items())}
        return {"items": items, "finished": dict(sorted(memory.finished.items()))}


def _without_order(operation: Operation) -> Operation:
    return Operation(**{n: getattr(operation, n) for n in Operation.__dataclass_fields__ if n != "after"}, after=None)


EPOCH = datetime.fromisoformat("2023-03-15T09:00:00+08:00")


def at(milliseconds: float) -> datetime:
    return EPOCH + timedelta(milliseconds=milliseconds)
