"""Many phones at once against a running server: `fangxin bench field-devices [--phones 500] [--database sqlite]`.

Each phone comes back from a day without network: it uploads its four pictures, sends one whole inspection (begin, every
item of the checklist, photo, judgement, two signatures, telling) in batches of at most fifty, asks for the
confirmation, and fetches the next day's list. It waits a minute for an answer and comes again later, as the phone's own
script does. All begin at the same moment. The peer are a few phones, one for each 25, one after another, at the same
server. Ends with 1 when an operation is missing, doubled or not applied, or when the ledger's chain does not hold.
"""

import argparse
import hashlib
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.tables import percentile, print_table

PATIENCE_S, BATCH, PICTURE_BYTES = 60, 50, 60_000
# The phone asks again at the next beat of a minute.
COME_AGAIN_S = (1.0, 60.0)
MOST_ROUNDS, MOST_TRIES = 40, 60
PICTURES = ("photo", "first", "second", "operator")


class Phone:
    """Speaks the protocol over real HTTP and keeps each operation until the server has confirmed it."""

    def __init__(self, number: int, told: dict[str, Any], port: int, ahead_s: float) -> None:
        self.told, self.port = told, port
        self.ahead = timedelta(seconds=ahead_s)
        self.draw = random.Random(number)
        self.name = self._uuid()
        self.connection: http.client.HTTPConnection | None = None
        self.times: list[tuple[str, float]] = []
        self.failures: Counter[str] = Counter()
        self.sent = self.confirmed = 0
        self.whole_s = 0.0

    def _uuid(self) -> str:
        return str(UUID(int=self.draw.getrandbits(128), version=4))

    def ask(self, kind: str, method: str, path: str, body: bytes = b"") -> Any:
        """Until it is answered; a phone never gives up its work."""
        for _ in range(MOST_TRIES):
            started = time.perf_counter()
            try:
                answer = self._once(method, path, body)
                self.times.append((kind, 1000 * (time.perf_counter() - started)))
                return answer
            except (OSError, http.client.HTTPException) as error:
                self.failures[f"{kind}: {type(error).__name__} {error}"[:60]] += 1
                if self.connection is not None:
                    self.connection.close()
                self.connection = None
                time.sleep(self.draw.uniform(*COME_AGAIN_S))
        raise SystemExit("the server does not answer")

    def _once(self, method: str, path: str, body: bytes) -> Any:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        self.connection.request(method, path, body, {"Authorization": f"Device {self.told['token']}"})
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise http.client.HTTPException(f"{answer.status} {content[:30]!r}")
        return json.loads(content)

    def prepare(self) -> None:
        """In the morning, with network: the list and the checklists. The day's work is made from them."""
        snapshot = self.ask("before", "GET", "/field/snapshot")
        visit = next(v for v in snapshot["visits"] if v["premises"]["id"] == self.told["premises"])
        kind = visit["premises"]["kind"]
        items = [i["code"] for i in snapshot["checklists"][str(visit["checklist"])]["items"]
                 if not i["kinds"] or kind in i["kinds"]]  # fmt: skip
        self.pictures = {name: _picture(self.draw) for name in PICTURES}
        digest = {name: hashlib.sha256(content).hexdigest() for name, content in self.pictures.items()}
        officers = [self.told["user"], self.told["colleague"]]
        work: list[tuple[str, dict[str, Any], list[str]]] = [
            ("start", {"visit": visit["id"], "edition": visit["checklist"], "officers": officers}, []),
            *(("item", {"code": code, "outcome": "pass", "safety_affected": None, "seen": None}, []) for code in items),
            ("photo", {"code": items[0]}, [digest["photo"]]),
            ("judge", {"result": "", "opinion": "现场整洁"}, []),
            ("sign", {"officer": officers[0]}, [digest["first"]]),
            ("sign", {"officer": officers[1]}, [digest["second"]]),
            ("tell", {"signer": "负责人（虚构）"}, [digest["operator"]]),
        ]
        self.items = len(items)
        self.operations = list(self._chain(work))

    def _chain(self, work: Sequence[tuple[str, dict[str, Any], list[str]]]) -> Iterator[dict[str, Any]]:
        subject, after = self._uuid(), None
        at = datetime.now(UTC) + self.ahead
        for sequence, (kind, payload, files) in enumerate(work, start=1):
            uuid = self._uuid()
            yield {
                "uuid": uuid, "sequence": sequence, "kind": kind, "subject": subject, "payload": payload,
                "files": files, "made_at": (at + timedelta(milliseconds=sequence)).isoformat(), "boot": self.name,
                "mono": sequence, "after": after, "lost": [],
            }  # fmt: skip
            after = uuid

    def synchronise(self) -> None:
        started = time.perf_counter()
        for content in self.pictures.values():
            digest = hashlib.sha256(content).hexdigest()
            if not self.ask("ask for a picture", "GET", f"/field/upload/{digest}")["complete"]:
                path = f"/field/upload/{digest}?offset=0&size={len(content)}"
                self.ask("send a picture", "POST", path, content)
        open_ones = {o["uuid"]: o for o in self.operations}
        answered: set[str] = set()
        for _ in range(MOST_ROUNDS):
            if not open_ones:
                break
            pending = [o for u, o in open_ones.items() if u not in answered][:BATCH]
            answer = self.ask("send operations" if pending else "ask to confirm", "POST", "/field/sync",
                              self._body(pending, sorted(answered)))  # fmt: skip
            self.sent += len(pending)
            for uuid in answer["confirmed"]:
                open_ones.pop(uuid, None)
                answered.discard(uuid)
                self.confirmed += 1
            answered |= {a["uuid"] for a in answer["answers"] if a["state"] != "waiting"}
        self.ask("next list", "GET", "/field/snapshot")
        self.whole_s = time.perf_counter() - started

    def _body(self, pending: Sequence[dict[str, Any]], confirm: Sequence[str]) -> bytes:
        sent_at = (datetime.now(UTC) + self.ahead + timedelta(seconds=1)).isoformat()
        told = {
            "protocol": 1, "device": self.told["device"], "boot": self.name, "sent_at": sent_at, "mono": 1000,
            "pending": len(pending), "confirm": list(confirm), "operations": list(pending),
        }  # fmt: skip
        return json.dumps(told).encode()


def _picture(draw: random.Random) -> bytes:
    """The first bytes of a JPEG, and as many more as a shrunk photo has."""
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + draw.randbytes(PICTURE_BYTES)
        + b"\xff\xd9"
    )


@contextmanager
def _serving(env: dict[str, str], workers: int) -> Iterator[tuple[int, int]]:
    """A server of its own; gives its port and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "fangxin.surfaces.cli", "serve", "--port", str(port), "--workers", str(workers)]
    server = subprocess.Popen([*command, "--no-jobs"], env=env, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)


def _peak_mb(parent: int) -> float:
    """The highest memory of the largest process of the server."""
    most = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if parent in (int(lines["PPid"]), int(lines["Pid"])) and "VmHWM" in lines:
            most = max(most, int(lines["VmHWM"].split()[0]) / 1024)
    return most


def _together(phones: Sequence[Phone], do: str) -> float:
    gate = threading.Barrier(len(phones) + 1)

    def run(phone: Phone) -> None:
        gate.wait()
        getattr(phone, do)()

    threads = [threading.Thread(target=run, args=(phone,), daemon=True) for phone in phones]
    for thread in threads:
        thread.start()
    gate.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


def _measure(kind: str, count: int, workers: int) -> dict[str, Any]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        env = {
            **os.environ, "FANGXIN_TESTING": "1", "FANGXIN_DATA_DIR": folder, "FANGXIN_TODAY": "2024-11-25",
            "DJANGO_SETTINGS_MODULE": "fangxin.config.settings",
        }  # fmt: skip
        env.pop("FANGXIN_DATABASE_URL", None)
        if kind == "postgresql":
            from tests.postgresql import running  # noqa: PLC0415  (only where it is installed)

            env["FANGXIN_DATABASE_URL"] = stack.enter_context(running())
        _run(env, "django", "migrate", "-v0")
        alone = max(1, count // 25)
        made = json.loads(_run(env, "benchmarks.field_county", "make", "--phones", str(count + alone)).splitlines()[-1])
        port, server = stack.enter_context(_serving(env, workers))
        phones = [Phone(n, told, port, made["ahead_s"]) for n, told in enumerate(made["phones"])]
        for phone in phones:
            phone.prepare()
        singly = time.perf_counter()
        for phone in phones[count:]:
            phone.synchronise()
        singly = time.perf_counter() - singly
        took = _together(phones[:count], "synchronise")
        memory = _peak_mb(server)
        held = json.loads(_run(env, "benchmarks.field_county", "count").splitlines()[-1])
    return {"phones": phones, "count": count, "singly_s": singly, "took_s": took, "mb": memory, "held": held}


def _run(env: dict[str, str], module: str, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *options], env=env, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{module} ended with {done.returncode}; see above")
    return done.stdout


def _report(kind: str, found: dict[str, Any]) -> int:
    everybody, count, held = found["phones"], found["count"], found["held"]
    at_once, alone = everybody[:count], everybody[count:]
    rows = []
    for label, phones, took in (("at once", at_once, found["took_s"]), ("one by one", alone, found["singly_s"])):
        operations = sum(len(p.operations) for p in phones)
        whole = [p.whole_s for p in phones]
        rows.append([
            label, len(phones), operations, f"{took:.0f}", f"{operations / took:.0f}", f"{percentile(whole, 0.5):.1f}",
            f"{percentile(whole, 0.95):.1f}", f"{max(whole):.1f}", sum(sum(p.failures.values()) for p in phones),
        ])  # fmt: skip
    print_table(
        f"Phones at one server, {kind}, highest memory of a process {found['mb']:.0f} MB",
        ["", "phones", "operations", "seconds", "operations/s", "a phone p50, s", "p95, s", "last, s", "came again"],
        rows,
    )
    kinds = dict.fromkeys(kind for p in at_once for kind, _ms in p.times if kind != "before")
    times = {kind: [ms for p in at_once for k, ms in p.times if k == kind] for kind in kinds}
    print_table(
        f"Requests while all are there, {kind}",
        ["request", "count", "p50, s", "p95, s"],
        [
            [k, len(t), f"{percentile(t, 0.5) / 1000:.1f}", f"{percentile(t, 0.95) / 1000:.1f}"]
            for k, t in times.items()
        ],
    )
    print("failed requests:", dict(sum((p.failures for p in everybody), Counter())) or "none")
    operations = sum(len(p.operations) for p in everybody)
    expected = {
        "operations": operations, "applied": operations, "reasons": [], "conflicts": 0,
        "inspections_told": len(everybody), "answers": sum(p.items for p in everybody), "photos": len(everybody),
        "uploads": len(PICTURES) * len(everybody), "chain_holds": True,
    }  # fmt: skip
    print_table(
        f"What the platform holds, {kind}", ["", "sent", "held"], [[k, v, held[k]] for k, v in expected.items()]
    )
    whole = held == expected and all(p.confirmed == len(p.operations) for p in everybody)
    print("nothing lost, nothing doubled" if whole else "NOT as sent")
    return int(not whole)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=50)
    parser.add_argument("--workers", type=int, default=2, help="processes of the server")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    args = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if args.database == "both" else [args.database]
    return max(_report(kind, _measure(kind, args.phones, args.workers)) for kind in kinds)


if __name__ == "__main__":
    sys.exit(main())
