"""Kill a writer at a moment drawn by a seed, and see what is left. Used by a short test and by the long benchmark."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

WRITER = """
import sys
import django; django.setup()
from django.db import transaction
from fangxin.kernel.ledger import api as ledger
print("ready", flush=True)
while True:
    with transaction.atomic():
        number = ledger.next_number("crash", 2023)
        ledger.record("ledger.verified", of=None, by=None, data={"n": number})
    print(number, flush=True)
"""
LOOK = """
import json
import django; django.setup()
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.models import Entry, NumberSeries
found = sorted(json.loads(d)["n"] for d in Entry.objects.filter(event="ledger.verified").values_list("data", flat=True))
ledger.seal_pending()
answer = ledger.verify()
last = NumberSeries.objects.filter(series="crash").values_list("last", flat=True).first() or 0
print(json.dumps({"found": found, "last": last, "holds": answer.holds, "problem": answer.problem}))
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one kill left behind."""

    acknowledged: int
    found: int
    lost: int
    doubled: int
    torn: bool
    chain_holds: bool

    @property
    def whole(self) -> bool:
        return not (self.lost or self.doubled or self.torn) and self.chain_holds


def write_and_kill(env: dict[str, str], seed: int) -> list[int]:
    """Let a writer run, kill it without warning, return the numbers it had acknowledged."""
    wait = random.Random(seed).uniform(0.02, 0.6)
    with subprocess.Popen([sys.executable, "-c", WRITER], env=env, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        if writer.stdout.readline().strip() != "ready":
            raise RuntimeError("the writer did not start")
        time.sleep(wait)
        os.kill(writer.pid, signal.SIGKILL)
        return [int(line) for line in writer.stdout.read().split("\n")[:-1] if line]


def look(env: dict[str, str], acknowledged: set[int]) -> Outcome:
    done = subprocess.run([sys.executable, "-c", LOOK], env=env, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    found = seen["found"]
    return Outcome(
        acknowledged=len(acknowledged),
        found=len(found),
        lost=len(acknowledged - set(found)),
        doubled=len(found) - len(set(found)),
        torn=found != list(range(1, seen["last"] + 1)),
        chain_holds=seen["holds"],
    )
