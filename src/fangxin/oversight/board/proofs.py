"""Figures counted by the engine over the rows themselves, for snapshots and the files that prove them."""

import hmac
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256

from django.conf import settings

from fangxin.engines.evidence import Checkpoint, sign_checkpoint
from fangxin.engines.indicators import (
    Count,
    IndicatorDefinition,
    ProofHeader,
    PublishedFigure,
    Row,
    Tallied,
    seal_gzip,
    write_proof,
)
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.board.models import Snapshot
from fangxin.oversight.board.subjects import countable, subject_rows

PLATFORM = "fangxin"
Rows = dict[str, list[Row]]


def pseudonym(subject: str, key: object) -> str:
    """Stands for a row in files that leave the platform; only the platform can tell whose it is."""
    return hmac.new(settings.SECRET_KEY.encode(), f"proof:{subject}:{key}".encode(), sha256).hexdigest()[:20]


def read_rows(found: Iterable[IndicatorDefinition], division_code: str, as_of: date) -> Rows:
    """All rows of a division by fact table, only the fields the formulas look at, in the order of their ids."""
    rows: Rows = {}
    for name, counted in countable(found).items():
        subject = contribute.subjects.get(name)
        fields = sorted({field for definition in counted for field in definition.fields})
        source = subject_rows(subject, as_of, fields).filter(people.under(division_code)).order_by()
        values = source.values_list(subject.key, "division_code", *fields).iterator(chunk_size=2000)
        made = [
            Row(pseudonym(name, key), place, dict(zip(fields, numbers, strict=True))) for key, place, *numbers in values
        ]
        rows[name] = sorted(made, key=lambda row: row.id)
    return rows


def count_rows(
    found: Iterable[IndicatorDefinition], rows: Rows, divisions: Iterable[str]
) -> dict[tuple[str, str], Tallied]:
    """Figures by (code, division) of every indicator that can be counted."""
    divisions = list(divisions)
    able = [d for group in countable(found).values() for d in group]
    counting = Count((definition, division) for definition in able for division in divisions)
    for name, lines in rows.items():
        for row in lines:
            counting.add(name, row)
    return counting.results()


def private_key() -> bytes | None:
    try:
        return ledger.signing_key()
    except ledger.NoSigningKey:
        return None


def proof_file(
    snapshot: Snapshot,
    found: Iterable[IndicatorDefinition],
    figures: Iterable[PublishedFigure],
    rows: Rows,
    divisions: dict[str, str],
) -> tuple[bytes, bool]:
    """The packed proof of a snapshot, and whether it is signed. Without a key it stays unsigned and says so."""
    key = private_key()
    header = ProofHeader(PLATFORM, snapshot.as_of, divisions, tuple(found), _checkpoint(snapshot, key))
    lines: Iterator[bytes] = write_proof(header, figures, rows, private_key_pem=key)
    return b"".join(seal_gzip(lines)), key is not None


def _checkpoint(snapshot: Snapshot, key: bytes | None) -> Checkpoint | None:
    if key is None:
        return None
    return sign_checkpoint(
        key,
        ledger_id=snapshot.ledger_id,
        seq=snapshot.ledger_seq,
        digest=snapshot.ledger_digest,
        at=snapshot.taken_at,
    )
