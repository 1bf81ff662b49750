"""Randomness that anyone can replay: a stream of bits from a committed seed and a value published by others.

Whoever keeps the seed commits to it before the public value exists, so nobody can choose the outcome alone:
not the keeper, who does not know the public value, nor its publisher, who does not know the seed.
"""

import struct
from collections.abc import Sequence
from typing import TypeVar

from fangxin.engines.evidence import digest, new_digest

SECRET_BYTES = 32  # of the seed and of the salt: fixed, so that one joined text cannot be parted in two ways
_DOMAIN = b"fangxin.draw.stream.v1\n"

T = TypeVar("T")


class CommitmentDiffers(ValueError):
    """Seed and salt are not those that were committed to."""


def commitment_of(seed: bytes, salt: bytes) -> str:
    """SHA-256 of seed and salt (32 bytes each), to be published before the public value exists.

    Raises ValueError when either has another length.

    >>> commitment_of(bytes(32), bytes(32))[:16]
    'f5a5fd42d16a2030'
    """
    if len(seed) != SECRET_BYTES or len(salt) != SECRET_BYTES:
        raise ValueError(f"seed and salt have {SECRET_BYTES} bytes each")
    return digest(seed + salt)


class Stream:
    """Independent uniform bits: SHA-256 over key, label and a counter.

    Every number is exact: no floating point, no remainder of a division that favours small results.

    >>> stream = Stream.of(bytes(32), "03 07 12 19 25 31 + 08")
    >>> [stream.below(6) for _ in range(8)]
    [5, 3, 1, 4, 4, 0, 3, 4]
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._counter = 0
        self._pool = 0
        self._bits = 0

    @classmethod
    def of(cls, seed: bytes, public: str) -> "Stream":
        """The stream of a seed and a public value."""
        value = public.encode()
        return cls(_hash(_DOMAIN + struct.pack(">Q", len(seed)) + seed + struct.pack(">Q", len(value)) + value))

    def child(self, *labels: str) -> "Stream":
        """A stream of its own for one part of the draw, whatever other parts consume."""
        parts = (label.encode() for label in labels)
        return Stream(_hash(self._key + b"child" + b"".join(struct.pack(">Q", len(p)) + p for p in parts)))

    def below(self, bound: int) -> int:
        """A whole number from 0 to bound − 1, each exactly as likely."""
        if bound < 1:
            raise ValueError("the bound is at least 1")
        width = (bound - 1).bit_length()
        while (value := self._take(width)) >= bound:
            pass
        return value

    def chance(self, numerator: int, denominator: int) -> bool:
        """True with a probability of exactly numerator ÷ denominator."""
        return self.below(denominator) < numerator

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in random order, every order as likely (Fisher–Yates)."""
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order

    def _take(self, width: int) -> int:
        while self._bits < width:
            block = _hash(self._key + b"block" + struct.pack(">Q", self._counter))
            self._counter += 1
            self._pool = self._pool << 256 | int.from_bytes(block, "big")
            self._bits += 256
        self._bits -= width
        value = self._pool >> self._bits
        self._pool &= (1 << self._bits) - 1
        return value


def _hash(data: bytes) -> bytes:
    running = new_digest()
    running.update(data)
    return running.digest()
