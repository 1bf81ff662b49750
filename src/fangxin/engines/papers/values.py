"""What a paper is made of: frozen values that refuse what cannot be printed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fangxin.engines.papers.chinese import is_document_number

# Characters XML 1.0 cannot hold, and the direction marks with which a printed name could differ
# from the recorded one.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_LINE_BREAK = re.compile("[\r\n\x85\u2028\u2029]")


class Problem(StrEnum):
    """Why a value cannot become part of a paper."""

    UNPRINTABLE = "unprintable"
    LINE_BREAK = "line_break"
    EMPTY = "empty"
    DOCUMENT_NUMBER = "document_number"
    COPY_SERIAL = "copy_serial"
    HEADING_LEVEL = "heading_level"
    TABLE_SHAPE = "table_shape"
    SERIES_SHAPE = "series_shape"
    NUMBER = "number"
    REASON_MISSING = "reason_missing"


class PaperError(ValueError):
    """A value was refused: which problem, in which field, and the detail a form can show."""

    def __init__(self, problem: Problem, field: str, detail: str = "") -> None:
        super().__init__(f"{field}: {problem} {detail}".rstrip())
        self.problem = problem
        self.field = field
        self.detail = detail


def check_text(text: str, field: str, *, required: bool = False, lines: bool = False) -> None:
    """Refuse text that cannot be printed as it stands; nothing is ever dropped silently.

    >>> check_text("<b>&amp;{PAGE}</b>", "body")
    >>> check_text("a\\x0bb", "body")
    Traceback (most recent call last):
    ...
    fangxin.engines.papers.values.PaperError: body: unprintable U+000B at 1
    """
    found = _UNPRINTABLE.search(text)
    if found:
        raise PaperError(Problem.UNPRINTABLE, field, f"U+{ord(found[0]):04X} at {found.start()}")
    if not lines and _LINE_BREAK.search(text):
        raise PaperError(Problem.LINE_BREAK, field)
    if required and not text.strip():
        raise PaperError(Problem.EMPTY, field)


def check_texts(texts: Iterable[str], field: str, *, required: bool = True) -> None:
    """Apply :func:`check_text` to each of several one-line texts."""
    for text in texts:
        check_text(text, field, required=required)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text with a first-line indent of two characters; a line break stays a line break."""

    text: str

    def __post_init__(self) -> None:
        check_text(self.text, "paragraph", lines=True)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1–4; the renderer counts: 一、（一）1.（1）.

    ``follow`` is text that runs on in the same paragraph, as papers often have it at level 2 and below;
    with an empty ``text`` it makes a numbered paragraph.
    """

    level: int
    text: str = ""
    follow: str = ""

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3, 4):
            raise PaperError(Problem.HEADING_LEVEL, "heading", str(self.level))
        check_text(self.text, "heading", required=not self.follow.strip())
        check_text(self.follow, "heading", lines=True)


class Align(StrEnum):
    """How the cells of a column stand."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as wide as the type area; its header row repeats on every page.

    ``widths`` are proportions of the columns, ``align`` their alignment (left if not given).
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    widths: tuple[int, ...] = ()
    align: tuple[Align, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        columns = len(self.header)
        shapes = [columns, *map(len, self.rows), *(len(s) for s in (self.widths, self.align) if s)]
        if not columns or set(shapes) != {columns} or any(width <= 0 for width in self.widths):
            raise PaperError(Problem.TABLE_SHAPE, "table", f"columns {sorted(set(shapes))}")
        check_texts((self.title, self.note, *self.header), "table", required=False)
        for row in self.rows:
            for cell in row:
                check_text(cell, "table", lines=True)


@dataclass(frozen=True, slots=True)
class Series:
    """One row of a chart; ``None`` is unknown and draws nothing, which is not zero."""

    name: str
    values: tuple[Decimal | None, ...]

    def __post_init__(self) -> None:
        check_text(self.name, "chart", required=True)
        if any(value is not None and not value.is_finite() for value in self.values):
            raise PaperError(Problem.NUMBER, "chart", self.name)


@dataclass(frozen=True, slots=True)
class _Chart:
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""

    def __post_init__(self) -> None:
        check_text(self.title, "chart", required=True)
        check_text(self.unit, "chart")
        check_texts(self.categories, "chart")
        if not self.series or not self.categories:
            raise PaperError(Problem.SERIES_SHAPE, "chart", "no data")
        if any(len(series.values) != len(self.categories) for series in self.series):
            raise PaperError(Problem.SERIES_SHAPE, "chart", self.title)


@dataclass(frozen=True, slots=True)
class BarChart(_Chart):
    """A chart of upright bars that Word can edit; bars start at zero."""


@dataclass(frozen=True, slots=True)
class LineChart(_Chart):
    """A chart of lines over ordered categories that Word can edit; unknown points leave a gap."""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


Chart = BarChart | LineChart
Block = Paragraph | Heading | Table | BarChart | LineChart | PageBreak


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment named below the text; with a body it is printed on a page of its own, before the imprint."""

    title: str
    body: tuple[Block, ...] = ()

    def __post_init__(self) -> None:
        check_text(self.title, "attachment", required=True)


class Form(StrEnum):
    """General form (clause 7) or letter form (clause 10.1)."""

    DOCUMENT = "document"
    LETTER = "letter"


class Urgency(StrEnum):
    """紧急程度 as printed."""

    MOST_URGENT = "特急"
    URGENT = "加急"


@dataclass(frozen=True, slots=True)
class Paper:
    """One official paper (公文) with the elements of GB/T 9704-2012.

    agency_mark: 发文机关标志, e.g. name + 文件 (letters: the name alone) · document_number: empty for a draft
    signer: 签发人, printed only on papers to a higher level, its presence makes the paper one
    copy_serial: 份号, 1–999999 · recipients: 主送机关 · signature: 发文机关署名 · date: 成文日期
    sealed: leaves the date four characters from the edge for the seal, else the unsealed form of 7.3.5.2
    note: 附注 without its brackets · copy_to: 抄送 · printed_by, printed_on: 印发机关, 印发日期 (not in letters)

    Papers with state secrets do not belong on this platform, so there is no 密级.
    Raises PaperError for text that cannot be printed and for a malformed number.
    """

    agency_mark: str
    title: str
    body: tuple[Block, ...]
    signature: str
    date: datetime.date
    form: Form = Form.DOCUMENT
    document_number: str = ""
    recipients: tuple[str, ...] = ()
    signer: str = ""
    urgency: Urgency | None = None
    copy_serial: int | None = None
    attachments: tuple[Attachment, ...] = ()
    sealed: bool = True
    note: str = ""
    copy_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: datetime.date | None = None

    def __post_init__(self) -> None:
        for name in ("agency_mark", "signature"):
            check_text(getattr(self, name), name, required=True)
        check_text(self.title, "title", required=True, lines=True)
        for name in ("signer", "note", "printed_by", "document_number"):
            check_text(getattr(self, name), name)
        check_texts(self.recipients, "recipients")
        check_texts(self.copy_to, "copy_to")
        if self.document_number and not is_document_number(self.document_number):
            raise PaperError(Problem.DOCUMENT_NUMBER, "document_number", self.document_number)
        if self.copy_serial is not None and not 1 <= self.copy_serial <= 999_999:
            raise PaperError(Problem.COPY_SERIAL, "copy_serial", str(self.copy_serial))
