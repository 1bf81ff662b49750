"""What a certificate states, in the one byte form that is signed.

Numbers are LEB128 without needless bytes, text is UTF-8 in NFC with its length in front. One statement has exactly one
form: bytes that would be written differently are refused when they are read.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from fangxin.engines.evidence import canonical_bytes, digest

# The position of a word in these tuples is its bit or number in the code: add at the end, never change.
COMMITMENTS = ("no_banned_substances", "residues_within_limits", "answers_for_truth")
BASES = ("entrusted_test", "own_test", "quality_control", "own_promise")
UNITS = ("kg", "head", "piece")

DIGEST_BYTES = 12
_NUMBER = re.compile(r"([0-9]{6})-(2[0-9]{3})-([0-9]{7,10})", re.ASCII)
_ORIGIN = re.compile(r"[0-9]{6}([0-9]{3}([0-9]{3})?)?", re.ASCII)
_EPOCH = date(2000, 1, 1)
_MOST_DAYS = 36_524  # to the end of 2099
_MOST_TEXT = 90  # bytes: thirty Chinese characters
_MOST_THOUSANDTHS = 10**12
_MOST_VARINT_BYTES = 8


class StatementError(ValueError):
    """The statement cannot be written, or the bytes are not one; the message says which part."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What the label says.

    `number` is county, year and serial ("990101-2023-0000123"), `quantity` counts `unit`, `origin` is a division code of 6, 9
    or 12 digits, `digest` the beginning of SHA-256 over the whole record (`digest_of`), as 24 hexadecimal digits.
    """

    number: str
    producer: str
    product: str
    quantity: Decimal
    unit: str
    origin: str
    issued_on: date
    commitments: tuple[str, ...]
    bases: tuple[str, ...]
    digest: str


def digest_of(record: Mapping[str, object]) -> str:
    """The first 96 bits of SHA-256 over the canonical form of the whole record, as 24 hexadecimal digits.

    >>> digest_of({"food": "韭菜"})
    'a264e1d36bb644c22079f213'
    """
    return digest(canonical_bytes(record))[: 2 * DIGEST_BYTES]


def compact(statement: Statement) -> bytes:
    """The one byte form of a statement. Raises StatementError when a part does not fit."""
    county, year, serial = _number_parts(statement.number)
    if not _ORIGIN.fullmatch(statement.origin):
        raise StatementError("origin is not a division code of 6, 9 or 12 digits")
    if statement.unit not in UNITS:
        raise StatementError(f"unit {statement.unit!r} is not known")
    return b"".join((
        _varint(county), bytes([year - 2000]), _varint(serial),
        _varint(_days(statement.issued_on)),
        bytes([len(statement.origin)]), _varint(int(statement.origin)),
        _varint(_thousandths(statement.quantity)), bytes([UNITS.index(statement.unit)]),
        bytes([_mask(statement.commitments, COMMITMENTS) | _mask(statement.bases, BASES) << 4]),
        _text(statement.producer), _text(statement.product),
        _digest_bytes(statement.digest),
    ))  # fmt: skip


def expand(content: bytes) -> Statement:
    """Read what `compact` wrote. Raises StatementError for anything that `compact` would not have written."""
    try:
        statement = _read(_Reader(content))
        again = compact(statement)
    except (IndexError, OverflowError, UnicodeDecodeError) as error:
        raise StatementError(f"the bytes are not a statement: {error}") from None
    if again != content:
        raise StatementError("the bytes are not in their one form")
    return statement


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def byte(self) -> int:
        value = self.content[self.at]
        self.at += 1
        return value

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.content):
            raise StatementError("the bytes end too early")
        self.at += count
        return self.content[self.at - count : self.at]

    def varint(self) -> int:
        value = 0
        for place in range(_MOST_VARINT_BYTES):
            byte = self.byte()
            value |= (byte & 0x7F) << 7 * place
            if byte < 0x80:
                return value
        raise StatementError("a number is too long")

    def text(self) -> str:
        return self.take(self.byte()).decode("utf-8")


def _read(reader: _Reader) -> Statement:
    county, year, serial = reader.varint(), reader.byte() + 2000, reader.varint()
    days = reader.varint()
    digits, origin = reader.byte(), reader.varint()
    quantity, unit, flags = reader.varint(), reader.byte(), reader.byte()
    if digits > 12 or days > _MOST_DAYS:
        raise StatementError("origin or date is out of range")
    return Statement(
        number=f"{county:06d}-{year}-{serial:07d}",
        issued_on=_EPOCH + timedelta(days=days),
        origin=str(origin).zfill(digits),
        quantity=_plain(quantity),
        unit=UNITS[unit],
        commitments=_words(flags & 0x0F, COMMITMENTS),
        bases=_words(flags >> 4, BASES),
        producer=reader.text(),
        product=reader.text(),
        digest=reader.take(DIGEST_BYTES).hex(),
    )


def _number_parts(number: str) -> tuple[int, int, int]:
    found = _NUMBER.fullmatch(number)
    if found is None or not 2000 <= int(found[2]) <= 2255:
        raise StatementError("number is not county-year-serial")
    county, year, serial = (int(part) for part in found.groups())
    if f"{serial:07d}" != found[3]:
        raise StatementError("number has needless noughts")
    return county, year, serial


def _days(day: date) -> int:
    days = (day - _EPOCH).days
    if not 0 <= days <= _MOST_DAYS:
        raise StatementError("the date of issue lies outside 2000 to 2099")
    return days


def _thousandths(quantity: Decimal) -> int:
    if not quantity.is_finite():
        raise StatementError("quantity is not a number")
    scaled = quantity * 1000
    if scaled != scaled.to_integral_value() or not 0 < scaled <= _MOST_THOUSANDTHS:
        raise StatementError("quantity must be above 0, at most 1,000,000,000 and have at most three decimals")
    return int(scaled)


def _plain(thousandths: int) -> Decimal:
    """3000 → 3, 3500 → 3.5: as people write it."""
    whole, rest = divmod(thousandths, 1000)
    return Decimal(f"{whole}.{rest:03d}".rstrip("0").rstrip("."))


def _mask(words: Sequence[str], known: Sequence[str]) -> int:
    unknown = set(words) - set(known)
    if unknown:
        raise StatementError(f"{min(unknown)!r} is not known")
    if list(words) != [word for word in known if word in words]:
        raise StatementError("commitments and bases stand once and in their order")
    return sum(1 << known.index(word) for word in words)


def _words(mask: int, known: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for place, word in enumerate(known) if mask >> place & 1)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _text(text: str) -> bytes:
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError:
        raise StatementError("text holds half a character") from None
    if not text or len(content) > _MOST_TEXT:
        raise StatementError(f"text must have 1 to {_MOST_TEXT} bytes")
    if text != text.strip() or unicodedata.normalize("NFC", text) != text:
        raise StatementError("text is not in its plain form")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") for sign in text):
        raise StatementError("text holds signs that cannot be seen")
    return bytes([len(content)]) + content


def _digest_bytes(text: str) -> bytes:
    if not re.fullmatch(rf"[0-9a-f]{{{2 * DIGEST_BYTES}}}", text):
        raise StatementError(f"digest must have {2 * DIGEST_BYTES} hexadecimal digits")
    return bytes.fromhex(text)
