"""What a check answers, and how a typed number is brought into its plain form."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

# Blanks, hyphens and dashes of every width, and the invisible marks that copying from the web brings along.
_DECORATION = re.compile(r"[\s\-_.·\u2010-\u2015\u2212\ufe63\u200b-\u200d\u2060\ufeff]+")


class Problem(StrEnum):
    """The first thing found wrong with a number."""

    EMPTY = "empty"
    PREFIX = "prefix"
    LENGTH = "length"
    CHARACTER = "character"
    KIND = "kind"
    DIVISION = "division"
    CHECK_CHARACTER = "check_character"
    EMBEDDED_CODE = "embedded_code"
    SHAPE = "shape"


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer of a check: the number in plain form, its parts if it has the right shape, and what is wrong."""

    normalized: str
    problem: Problem | None = None
    parts: tuple[tuple[str, str], ...] = ()

    @property
    def valid(self) -> bool:
        """Whether nothing was found wrong."""
        return self.problem is None

    def part(self, name: str) -> str:
        """One part by name. Raises `KeyError` if the number has no such part."""
        return dict(self.parts)[name]


def normalize(text: str) -> str:
    """Half-width, upper case, without blanks, hyphens and invisible marks. No letter is ever replaced.

    >>> normalize("ｓｃ 106-4101 0100014")
    'SC10641010100014'
    """
    return _DECORATION.sub("", unicodedata.normalize("NFKC", text)).upper()


def cut(text: str, *lengths: tuple[str, int]) -> tuple[tuple[str, str], ...]:
    """Cut a number of known shape into its named parts, from left to right."""
    parts = []
    for name, length in lengths:
        parts.append((name, text[:length]))
        text = text[length:]
    return tuple(parts)
