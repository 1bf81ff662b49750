"""What a county may publish by itself, and for what it needs the document of a higher authority."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

OWN_LEVEL = "county"


@dataclass(frozen=True, slots=True)
class PublishedKind:
    code: str
    label: str
    level: str
    clause: str
    words: tuple[str, ...] = ()

    @property
    def needs_authority(self) -> bool:
        return self.level != OWN_LEVEL


def kinds() -> dict[str, PublishedKind]:
    return _read(Path(settings.STANDARDS_DIR) / "monitoring" / "publishing.toml")


@cache
def _read(path: Path) -> dict[str, PublishedKind]:
    rows = tomllib.loads(path.read_text("utf-8"))["kind"]
    return {row["code"]: PublishedKind(**{**row, "words": tuple(row.get("words", ()))}) for row in rows}


def kind_label(code: str) -> str:
    found = kinds().get(code)
    return found.label if found else code


def words_of_higher_kinds(code: str, text: str) -> dict[str, PublishedKind]:
    """Words that belong to information which only a higher level publishes, in a text that is said to be of another kind."""
    if kinds()[code].needs_authority:
        return {}
    return {word: kind for kind in kinds().values() if kind.needs_authority for word in kind.words if word in text}
