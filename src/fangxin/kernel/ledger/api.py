"""The door of the ledger."""

from fangxin.kernel.ledger import clock
from fangxin.kernel.ledger.constraints import told_together
from fangxin.kernel.ledger.data import SYSTEM, Actor, Verification
from fangxin.kernel.ledger.declarations import Declaration, Personal, append_only, editable
from fangxin.kernel.ledger.evidence_files import read_evidence, store_evidence
from fangxin.kernel.ledger.numbering import next_number, take_numbers
from fangxin.kernel.ledger.selectors import (
    changed_since,
    entries_of,
    entries_of_any,
    find_evidence,
    find_evidence_by_digest,
    list_entries,
)
from fangxin.kernel.ledger.services import UnknownEvent, build_entry, record, record_many, seal_pending
from fangxin.kernel.ledger.steps import MovedOn, Refused, insert, move, require, who
from fangxin.kernel.ledger.triggers import refuse_changes
from fangxin.kernel.ledger.verification import NoSigningKey, head_now, sign_head, signing_key, verify, write_checkpoint

__all__ = [
    "SYSTEM",
    "Actor",
    "Declaration",
    "MovedOn",
    "NoSigningKey",
    "Personal",
    "Refused",
    "UnknownEvent",
    "Verification",
    "append_only",
    "build_entry",
    "changed_since",
    "clock",
    "editable",
    "entries_of",
    "entries_of_any",
    "find_evidence",
    "find_evidence_by_digest",
    "head_now",
    "insert",
    "list_entries",
    "move",
    "next_number",
    "read_evidence",
    "record",
    "record_many",
    "refuse_changes",
    "require",
    "seal_pending",
    "sign_head",
    "signing_key",
    "store_evidence",
    "take_numbers",
    "told_together",
    "verify",
    "who",
    "write_checkpoint",
]
