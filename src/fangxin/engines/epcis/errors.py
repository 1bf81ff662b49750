"""What can be wrong with a document."""

from dataclasses import dataclass


class EpcisError(ValueError):
    """A document cannot be read, or a value cannot be written; the message says why, in English."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why a document is not valid EPCIS.

    `code` is stable and meant for programs; `where` is a JSON pointer, or an element path with its line in XML; `text`
    is English for a person at a command line.
    """

    code: str
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where or '/'}: {self.text} [{self.code}]"
