"""Signed checkpoints: what the ledger's head was at a moment, kept where the ledger's keeper cannot reach.

Signatures are Ed25519 (RFC 8032), which needs no randomness to sign. Keys travel as PEM.
"""

import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fangxin.engines.evidence.canonical import canonical_bytes, canonical_json
from fangxin.engines.evidence.digests import DEFAULT_ALGORITHM, digest

_DOMAIN = b"fangxin.checkpoint.v1\n"
_HEX = re.compile(r"[0-9a-f]*")
_TEXT_FIELDS = ("ledger_id", "digest", "algorithm", "key_id", "signature")


class SigningKeyError(ValueError):
    """The key cannot be read, is locked, or is not an Ed25519 key."""


class CheckpointError(ValueError):
    """The text is not a checkpoint; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of one ledger at one moment, signed."""

    ledger_id: str
    seq: int
    digest: str
    at: datetime  # aware; kept in UTC
    algorithm: str
    key_id: str
    signature: str  # Ed25519, 128 hexadecimal digits


def new_signing_key(passphrase: bytes | None = None) -> tuple[bytes, bytes]:
    """Make a key pair: private PEM (locked when a passphrase is given), public PEM.

    The one function here that draws on the system's randomness.
    """
    private = Ed25519PrivateKey.generate()
    lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        lock = serialization.BestAvailableEncryption(passphrase)
    pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    return pem, _public_pem(private.public_key())


def public_key_of(private_key_pem: bytes, passphrase: bytes | None = None) -> bytes:
    """The public PEM that belongs to a private one."""
    return _public_pem(_private(private_key_pem, passphrase).public_key())


def key_id(public_key_pem: bytes) -> str:
    """A short name for a public key: the first 16 hexadecimal digits of SHA-256 over its 32 bytes."""
    raw = _public(public_key_pem).public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return digest(raw)[:16]


def sign(private_key_pem: bytes, message: bytes, passphrase: bytes | None = None) -> str:
    """Sign a message; 128 hexadecimal digits."""
    return _private(private_key_pem, passphrase).sign(message).hex()


def verify_signature(public_key_pem: bytes, message: bytes, signature: str) -> bool:
    """True when the holder of the key signed exactly this message."""
    if len(signature) != 128 or not _HEX.fullmatch(signature):
        return False
    try:
        _public(public_key_pem).verify(bytes.fromhex(signature), message)
    except InvalidSignature:
        return False
    return True


def sign_checkpoint(
    private_key_pem: bytes,
    *,
    ledger_id: str,
    seq: int,
    digest: str,
    at: datetime,
    algorithm: str = DEFAULT_ALGORITHM,
    passphrase: bytes | None = None,
) -> Checkpoint:
    """Sign the head of a ledger. `algorithm` is that of the head's digest."""
    if at.tzinfo is None:
        raise CheckpointError("the time of a checkpoint needs a time zone")
    signer = key_id(public_key_of(private_key_pem, passphrase))
    bare = Checkpoint(ledger_id, seq, digest, at.astimezone(UTC), algorithm, signer, "")
    return replace(bare, signature=sign(private_key_pem, _message(bare), passphrase))


def verify_checkpoint(public_key_pem: bytes, checkpoint: Checkpoint) -> bool:
    """True when this key signed this checkpoint.

    When False, compare `checkpoint.key_id` with `key_id(public_key_pem)` to tell another key's
    checkpoint from a changed one. Raises SigningKeyError when the key itself is unreadable.
    """
    if checkpoint.key_id != key_id(public_key_pem):
        return False
    return verify_signature(public_key_pem, _message(checkpoint), checkpoint.signature)


def to_json(checkpoint: Checkpoint) -> str:
    """One line of canonical JSON."""
    return canonical_json(asdict(checkpoint))


def from_json(text: str) -> Checkpoint:
    """Read what `to_json` wrote. Says nothing about the signature. Raises CheckpointError."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise CheckpointError("not JSON") from None
    return checkpoint_from_mapping(values)


def checkpoint_from_mapping(values: object) -> Checkpoint:
    """Read a checkpoint from decoded JSON. Raises CheckpointError."""
    if not isinstance(values, dict) or set(values) != {*_TEXT_FIELDS, "seq", "at"}:
        raise CheckpointError("a checkpoint has exactly the fields of a checkpoint")
    for name in _TEXT_FIELDS:
        if not isinstance(values[name], str):
            raise CheckpointError(f"{name} is not text")
    if type(values["seq"]) is not int or values["seq"] < 0:
        raise CheckpointError("seq is not a whole number from 0")
    return Checkpoint(**{**values, "at": _moment(values["at"])})


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise CheckpointError("at is not a moment") from None
    if moment.tzinfo is None:
        raise CheckpointError("at lacks a time zone")
    return moment.astimezone(UTC)


def _message(checkpoint: Checkpoint) -> bytes:
    values = asdict(checkpoint)
    del values["signature"]
    return _DOMAIN + canonical_bytes(values)


def _private(pem: bytes, passphrase: bytes | None) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SigningKeyError("the private key cannot be read or unlocked") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyError("the private key is not an Ed25519 key")
    return key


def _public(pem: bytes) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SigningKeyError("the public key cannot be read") from None
    if not isinstance(key, Ed25519PublicKey):
        raise SigningKeyError("the public key is not an Ed25519 key")
    return key


def _public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
