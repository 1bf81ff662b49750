"""Does the ledger hold? And: signed statements of its head, to be kept where its keeper cannot reach."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from fangxin.engines import evidence
from fangxin.kernel.ledger import clock
from fangxin.kernel.ledger.data import Verification
from fangxin.kernel.ledger.models import ChainHead, Entry, Seal, Waiting
from fangxin.kernel.ledger.services import COVERED, record, seal_pending


class NoSigningKey(Exception):
    """No key is set, so nothing can be signed. A key is never invented."""


def _chain() -> Iterator[evidence.ChainEntry]:
    columns = ("seq", "digest", "algorithm", "entry__at", "entry_id", *(f"entry__{name}" for name in COVERED))
    rows = Seal.objects.order_by("seq").values_list(*columns).iterator(chunk_size=5000)
    for seq, digest, algorithm, at, pk, *values in rows:
        covered = {"id": pk, **dict(zip(COVERED, values, strict=True)), "seq": seq, "at": at}
        yield evidence.ChainEntry(seq, at, covered, digest, algorithm)


def verify(checkpoints: list[evidence.Checkpoint] | None = None) -> Verification:
    """Walk the whole chain. `checkpoints` are those whose signature the caller has verified."""
    anchors = {c.seq: c.digest for c in checkpoints or []}
    head = ChainHead.objects.filter(pk=1).first()
    if head is not None and head.seq:
        anchors.setdefault(head.seq, head.digest)
    report = evidence.verify_chain(_chain(), anchors=anchors)
    problem = ""
    if report.problem is not None:
        found = report.problem
        problem = f"entry {found.seq}: {found.fault.value} (expected {found.expected}, found {found.found})"
    kept_out = Entry.objects.filter(seal=None, waiting=None).order_by("pk").first()
    if kept_out is not None and not problem:
        problem = f"entry with id {kept_out.pk} was kept out of the chain"
    return Verification(not problem, report.entries, Waiting.objects.count(), report.head.digest, problem)


def signing_key() -> bytes:
    if not settings.SIGNING_KEY_FILE:
        raise NoSigningKey("FANGXIN_SIGNING_KEY names no key file; make one with: fangxin ledger new-key FILE")
    return Path(settings.SIGNING_KEY_FILE).read_bytes()


def head_now() -> tuple[str, int, str]:
    """Ledger id, number and digest of the newest link."""
    seal_pending()
    head, _made = ChainHead.objects.get_or_create(pk=1)
    return head.ledger_id, head.seq, head.digest or evidence.GENESIS.digest


def sign_head() -> evidence.Checkpoint:
    ledger_id, seq, digest = head_now()
    return evidence.sign_checkpoint(signing_key(), ledger_id=ledger_id, seq=seq, digest=digest, at=clock.now())


def write_checkpoint() -> Path:
    """Sign the head and write it into the folder for checkpoints, which should lie on another machine's disk."""
    checkpoint = sign_head()
    settings.CHECKPOINT_DIR.mkdir(parents=True, exist_ok=True)
    path: Path = settings.CHECKPOINT_DIR / f"checkpoint-{checkpoint.seq:012d}.json"
    path.write_text(evidence.to_json(checkpoint) + "\n", encoding="utf-8")
    record("ledger.checkpoint.signed", of=None, by=None, data={"seq": checkpoint.seq, "digest": checkpoint.digest})
    return path
