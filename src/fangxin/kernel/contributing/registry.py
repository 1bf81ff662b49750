"""A register of offers: in the order they came, each name once."""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class OfferedTwice(Exception):
    """Two apps offered the same name."""


class Offers(Generic[T]):
    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._offers: dict[str, T] = {}

    def add(self, name: str, offer: T) -> None:
        if name in self._offers:
            raise OfferedTwice(f"{self.kind} {name!r} is offered twice; give the second one its own name")
        self._offers[name] = offer

    def get(self, name: str) -> T:
        return self._offers[name]

    def __contains__(self, name: object) -> bool:
        return name in self._offers

    def __iter__(self) -> Iterator[T]:
        return iter(self._offers.values())

    def items(self) -> list[tuple[str, T]]:
        return list(self._offers.items())

    def __len__(self) -> int:
        return len(self._offers)
