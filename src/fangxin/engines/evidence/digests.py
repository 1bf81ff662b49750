"""The digest algorithms in use. Each stored digest names its own, so that another can follow."""

import hashlib
from typing import Protocol

DEFAULT_ALGORITHM = "sha256"
# SM3 is GB/T 32905-2016; OpenSSL offers it, some builds leave it out.
_KNOWN = ("sha256", "sm3")


class UnknownAlgorithm(ValueError):
    """No digest of that name is in use here, or this machine's OpenSSL does not offer it."""

    def __init__(self, algorithm: str) -> None:
        super().__init__(f"no digest algorithm named {algorithm!r} is available")
        self.algorithm = algorithm


class Digest(Protocol):
    """A digest under way, fed piece by piece."""

    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...

    def digest(self) -> bytes: ...


def new_digest(algorithm: str = DEFAULT_ALGORITHM) -> Digest:
    """Begin a digest, for data that comes in pieces."""
    if algorithm == "sha256":
        return hashlib.sha256()
    if algorithm not in _KNOWN:
        raise UnknownAlgorithm(algorithm)
    try:
        return hashlib.new(algorithm)
    except ValueError:
        raise UnknownAlgorithm(algorithm) from None


def digest(data: bytes, algorithm: str = DEFAULT_ALGORITHM) -> str:
    """Digest of the data in lower-case hexadecimal.

    >>> digest(b"abc")[:16]
    'ba7816bf8f01cfea'
    """
    running = new_digest(algorithm)
    running.update(data)
    return running.hexdigest()


def list_algorithms() -> tuple[str, ...]:
    """The algorithms this machine can compute, the default first."""
    available = []
    for algorithm in _KNOWN:
        try:
            new_digest(algorithm)
        except UnknownAlgorithm:
            continue
        available.append(algorithm)
    return tuple(available)
