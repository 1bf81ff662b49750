"""Single events of many senders, kept with one commit for as many as wait: each sender goes on when its event is durable."""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

from django.db import close_old_connections, connection

from fangxin.engines.epcis import Event
from fangxin.kernel.supply.services import deriving
from fangxin.kernel.supply.services.capturing import ready
from fangxin.kernel.supply.services.storing import Ready, Sender, from_sender, store

MOST_TOGETHER = 500
# A sender waits no longer; its event may be kept all the same, and sent again it is nothing new.
PATIENCE = 30.0
_IDLE = 2.0


class Writer:
    """One thread that commits. It begins with the first event and rests when nobody sends."""

    def __init__(self, after: "Callable[[], object] | None" = None) -> None:
        """`after` is done when nobody has sent for a moment; for the platform's own writer, a round of deriving."""
        self._after = after
        self._waiting: queue.SimpleQueue[tuple[Ready, Future[str]]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def keep(self, row: Ready) -> str:
        """The event's hash, once it is durable."""
        future: Future[str] = Future()
        with self._lock:
            self._waiting.put((row, future))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="event-writer", daemon=True)
                self._thread.start()
        return future.result(timeout=PATIENCE)

    def _run(self) -> None:
        close_old_connections()
        rested = True
        last = time.monotonic()
        while True:
            batch = self._batch()
            if batch:
                _store(batch)
                rested, last = False, time.monotonic()
                continue
            if not rested and self._after is not None:
                with suppress(Exception):  # the next round of the schedule does it
                    self._after()
            rested = True
            if time.monotonic() - last > _IDLE and self._rested():
                return

    def _batch(self) -> list[tuple[Ready, "Future[str]"]]:
        try:
            batch = [self._waiting.get(timeout=0.2)]
        except queue.Empty:
            return []
        while len(batch) < MOST_TOGETHER:
            try:
                batch.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        return batch

    def _rested(self) -> bool:
        with self._lock:
            if not self._waiting.empty():
                return False
            self._thread = None
        connection.close()
        return True


def _store(batch: list[tuple[Ready, "Future[str]"]]) -> None:
    """Together; where that fails each alone, so that one bad event fails for its own sender only."""
    try:
        store([row for row, _ in batch], sender=None)
    except Exception as error:  # noqa: BLE001  each sender is told its own reason
        connection.close()
        if len(batch) == 1:
            batch[0][1].set_exception(error)
            return
        for one in batch:
            _store([one])
        return
    for row, future in batch:
        future.set_result(row.hash)


def _derive_own() -> None:
    """Only what is as small as this writer's own batches: senders wait behind it, a large batch is left to the worker."""
    deriving.derive_some(largest=MOST_TOGETHER)


_writer = Writer(_derive_own)


def capture_one(event: Event, *, sender: Sender) -> str:
    """Keep one event durably and return its hash. Inside a caller's transaction it is kept with that."""
    row = from_sender(ready(event), sender)
    if connection.in_atomic_block:
        store([row], sender=sender)
        return row.hash
    return _writer.keep(row)
