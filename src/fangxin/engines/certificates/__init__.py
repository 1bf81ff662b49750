"""Certificates that can be checked without a network: a signed code short enough for a label, and signs of copying.

Method, sizes, guarantees and limits: docs/methods/certificates.md.
"""

from fangxin.engines.certificates.codes import (
    MOST_CODE,
    VERSION,
    CodeError,
    Key,
    Outcome,
    Signed,
    Signer,
    Verdict,
    address_of,
    code_in,
    keys_from_json,
    keys_to_json,
    read,
    verify,
)
from fangxin.engines.certificates.copies import CopyRule, Excess, Sighting, Travel, distance_km, far_apart, too_many
from fangxin.engines.certificates.statements import (
    BASES,
    COMMITMENTS,
    UNITS,
    Statement,
    StatementError,
    compact,
    digest_of,
    expand,
)

__all__ = [
    "BASES",
    "COMMITMENTS",
    "MOST_CODE",
    "UNITS",
    "VERSION",
    "CodeError",
    "CopyRule",
    "Excess",
    "Key",
    "Outcome",
    "Sighting",
    "Signed",
    "Signer",
    "Statement",
    "StatementError",
    "Travel",
    "Verdict",
    "address_of",
    "code_in",
    "compact",
    "digest_of",
    "distance_km",
    "expand",
    "far_apart",
    "keys_from_json",
    "keys_to_json",
    "read",
    "too_many",
    "verify",
]
