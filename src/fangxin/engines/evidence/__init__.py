"""Evidence that can be checked by others: canonical form, digests, hash chain, signed checkpoints.

Method, guarantees and limits: docs/methods/ledger.md.
"""

from fangxin.engines.evidence.canonical import CanonicalError, canonical_bytes, canonical_json
from fangxin.engines.evidence.chain import (
    GENESIS,
    ChainEntry,
    ChainFault,
    ChainHead,
    ChainProblem,
    ChainReport,
    entry_digest,
    next_entry,
    verify_chain,
)
from fangxin.engines.evidence.checkpoints import (
    Checkpoint,
    CheckpointError,
    SigningKeyError,
    checkpoint_from_mapping,
    from_json,
    key_id,
    new_signing_key,
    public_key_of,
    sign,
    sign_checkpoint,
    to_json,
    verify_checkpoint,
    verify_signature,
)
from fangxin.engines.evidence.digests import (
    DEFAULT_ALGORITHM,
    UnknownAlgorithm,
    digest,
    list_algorithms,
    new_digest,
)

__all__ = [
    "DEFAULT_ALGORITHM",
    "GENESIS",
    "CanonicalError",
    "ChainEntry",
    "ChainFault",
    "ChainHead",
    "ChainProblem",
    "ChainReport",
    "Checkpoint",
    "CheckpointError",
    "SigningKeyError",
    "UnknownAlgorithm",
    "canonical_bytes",
    "canonical_json",
    "checkpoint_from_mapping",
    "digest",
    "entry_digest",
    "from_json",
    "key_id",
    "list_algorithms",
    "new_digest",
    "new_signing_key",
    "next_entry",
    "public_key_of",
    "sign",
    "sign_checkpoint",
    "to_json",
    "verify_chain",
    "verify_checkpoint",
    "verify_signature",
]
