"""The code on a label: version, hint of the key, statement, signature; Base32, since a QR symbol packs it tightly.

Signatures are Ed25519 (RFC 8032) over a fixed prefix, the version, the hint and the statement.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fangxin.engines.certificates.statements import Statement, StatementError, compact, expand
from fangxin.engines.evidence import SigningKeyError, key_id, public_key_of, verify_signature

VERSION = 1
MOST_CODE = 600  # characters; the longest statement makes fewer
_DOMAIN = b"fangxin.certificate\n"
_HINT_BYTES = 4
_SIGNATURE_BYTES = 64
_BLANKS = re.compile(r"[\s-]+")
_CODE = re.compile(r"[A-Z2-7]+", re.ASCII)
_HEAD = re.compile(r"[a-zA-Z]{2,8}:", re.ASCII)


class CodeError(ValueError):
    """The text is not the code of a certificate; the message says why."""


class Outcome(StrEnum):
    """What a check without network can say. Whether a certificate was revoked since only the platform knows."""

    GENUINE = "genuine"
    FORGED = "forged"  # names a key that we know, and that key did not sign it
    UNKNOWN_KEY = "unknown_key"  # signed by nobody whom we know
    OUTSIDE_VALIDITY = "outside_validity"  # the key signed it, but was not in use on that day
    UNREADABLE = "unreadable"
    NEWER_VERSION = "newer_version"


@dataclass(frozen=True, slots=True)
class Key:
    """A public key (PEM) and the days on which it signed, both included; None is open. `holder` says whose it is."""

    pem: bytes
    valid_from: date | None = None
    valid_to: date | None = None
    holder: str = ""

    def covers(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Signed:
    """A code taken apart. Says nothing about the signature."""

    statement: Statement
    key_hint: str  # the first 8 hexadecimal digits of `evidence.key_id`
    signature: bytes
    message: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, what the code states (None when it cannot be read), the key that signed, and why."""

    outcome: Outcome
    statement: Statement | None
    key: Key | None
    reason: str


class Signer:
    """A private key, read once.

    >>> from decimal import Decimal
    >>> from fangxin.engines.evidence import new_signing_key
    >>> private, public = new_signing_key()
    >>> leek = Statement("990101-2023-0000001", "石门合作社", "韭菜", Decimal(120), "kg", "990101100201",
    ...                  date(2023, 3, 15), ("no_banned_substances",), ("own_test",), "00" * 12)
    >>> verify(Signer(private).sign(leek), [Key(public)]).outcome.value
    'genuine'
    """

    def __init__(self, private_key_pem: bytes, passphrase: bytes | None = None) -> None:
        self.public_pem = public_key_of(private_key_pem, passphrase)  # refuses what is no Ed25519 key
        self.key_id = key_id(self.public_pem)
        loaded = serialization.load_pem_private_key(private_key_pem, passphrase)
        if not isinstance(loaded, Ed25519PrivateKey):
            raise SigningKeyError("the private key is not an Ed25519 key")
        self._private = loaded

    def sign(self, statement: Statement) -> str:
        """The code of a statement. Raises StatementError when it cannot be written."""
        body = bytes([VERSION]) + bytes.fromhex(self.key_id)[:_HINT_BYTES] + compact(statement)
        return _to_text(body + self._private.sign(_DOMAIN + body))


def _to_text(content: bytes) -> str:
    return base64.b32encode(content).decode("ascii").rstrip("=")


def code_in(text: str) -> str:
    """The code in what was scanned or typed: an address, a code, one broken over lines, in small letters."""
    text = text.strip()
    if _HEAD.match(text) or "/" in text:
        text = text.split("?", 1)[0].split("#", 1)[0].rstrip("/").rsplit("/", 1)[-1]
    return _BLANKS.sub("", text).upper()


def address_of(root: str, code: str) -> str:
    """The address on a label. In capitals throughout, which a QR symbol packs into five and a half bits a character.

    >>> address_of("https://food.example/", "MFRA")
    'HTTPS://FOOD.EXAMPLE/C/MFRA'
    """
    return f"{root.rstrip('/')}/c/{code}".upper()


def read(code: str) -> Signed:
    """Take a code apart. Raises CodeError; with `NewerVersion` when it was made by a later version of this software."""
    content = _bytes_of(code_in(code))
    if content[0] != VERSION:
        raise NewerVersion(f"version {content[0]} of the code is not known here")
    if len(content) <= 1 + _HINT_BYTES + _SIGNATURE_BYTES:
        raise CodeError("the code is too short")
    body, signature = content[:-_SIGNATURE_BYTES], content[-_SIGNATURE_BYTES:]
    try:
        statement = expand(body[1 + _HINT_BYTES :])
    except StatementError as error:
        raise CodeError(str(error)) from None
    return Signed(statement, body[1 : 1 + _HINT_BYTES].hex(), signature, _DOMAIN + body)


class NewerVersion(CodeError):
    """The code was made by a later version of this software."""


def _bytes_of(code: str) -> bytes:
    if not code or len(code) > MOST_CODE or not _CODE.fullmatch(code):
        raise CodeError("the text is not a code of letters and of the digits 2 to 7")
    try:
        content = base64.b32decode(code + "=" * (-len(code) % 8))
    except binascii.Error:
        raise CodeError("the code was cut or has a letter too many") from None
    if not content or _to_text(content) != code:
        raise CodeError("the code is not in its one form")
    return content


def verify(code: str, keys: Iterable[Key]) -> Verdict:
    """Whether one of the keys signed the code while it was in use. Never raises for a bad code.

    Raises SigningKeyError when one of the keys cannot be read.
    """
    try:
        signed = read(code)
    except NewerVersion as error:
        return Verdict(Outcome.NEWER_VERSION, None, None, str(error))
    except CodeError as error:
        return Verdict(Outcome.UNREADABLE, None, None, str(error))
    named = [key for key in keys if key_id(key.pem).startswith(signed.key_hint)]
    if not named:
        return Verdict(Outcome.UNKNOWN_KEY, signed.statement, None, f"no key here begins with {signed.key_hint}")
    signers = [key for key in named if verify_signature(key.pem, signed.message, signed.signature.hex())]
    if not signers:
        return Verdict(Outcome.FORGED, signed.statement, None, "the signature does not fit what the code states")
    day = signed.statement.issued_on
    for key in signers:
        if key.covers(day):
            return Verdict(Outcome.GENUINE, signed.statement, key, "signed by a key in use on that day")
    reason = f"the key was not in use on {day.isoformat()}"
    return Verdict(Outcome.OUTSIDE_VALIDITY, signed.statement, signers[0], reason)


def keys_to_json(keys: Sequence[Key]) -> str:
    """Public keys as one document, to be handed to whoever checks without a network."""
    rows = [
        {
            "key_id": key_id(key.pem),
            "holder": key.holder,
            "public_key": key.pem.decode("ascii"),
            "valid_from": key.valid_from.isoformat() if key.valid_from else None,
            "valid_to": key.valid_to.isoformat() if key.valid_to else None,
        }
        for key in keys
    ]
    return json.dumps({"kind": "fangxin.certificate-keys", "version": 1, "keys": rows}, ensure_ascii=False, indent=1)


def keys_from_json(text: str) -> list[Key]:
    """Read what `keys_to_json` wrote. Raises CodeError."""
    try:
        rows = json.loads(text)["keys"]
        return [
            Key(row["public_key"].encode("ascii"), _day(row["valid_from"]), _day(row["valid_to"]), str(row["holder"]))
            for row in rows
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise CodeError("not a file of public keys") from None


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
