"""Frozen values that the ledger takes and gives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something: a signed-in person, or a part of the platform named as such."""

    username: str
    name: str

    @classmethod
    def of(cls, by: Any) -> "Actor":
        if by is None:
            return SYSTEM
        if isinstance(by, Actor):
            return by
        return cls(by.username, by.name)


SYSTEM = Actor("", "系统")


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer to "does the ledger hold?"."""

    holds: bool
    sealed: int
    pending: int
    head: str
    problem: str = ""
    at: datetime | None = None
