"""Actions drawn up as a table: 序号 · 行动名称 · 工作内容 · 牵头单位 · 配合单位."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from .actions import ActionDraft, split_sentences, trim
from .manuscript import Gap, Manuscript, Piece
from .numerals import CHINESE_NUMBER, read_number
from .paragraphs import Paragraph
from .units import read_cell, settle_lists

_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("join", re.compile(r"配合|协办|参与|协同|协作|参加|协助")),
    ("lead", re.compile(r"牵头|主办|主责")),
    ("list", re.compile(r"责任|承办|负责(?:单位|部门)|落实单位")),
    ("aims", re.compile(r"目标")),
    ("number", re.compile(r"序号|编号|^号$")),
    ("title", re.compile(r"名称|项目|行动|^任务$|工作任务|重点任务|专项|类别")),
    ("measures", re.compile(r"内容|措施|举措|要求|任务")),
    ("due", re.compile(r"时限|时间|期限")),
)
_EMPTY = re.compile(r"[—\-/无]*")


@dataclass(slots=True)
class _Row:
    """The cells of one action, gathered over the rows that continue it."""

    number: str = ""
    cells: dict[str, list[Piece]] = field(default_factory=dict)


def read_tables(m: Manuscript, paragraphs: tuple[Paragraph, ...], own: str) -> list[ActionDraft]:
    """The actions of every table whose header names both the action and who answers for it."""
    drafts: list[ActionDraft] = []
    columns: list[str | None] = []
    rows: list[_Row] = []
    for paragraph in paragraphs:
        if not paragraph.row:
            continue
        cells = _cells(m, paragraph)
        if header := _header(cells):
            columns = header
        elif columns and abs(len(cells) - len(columns)) <= 1:
            _gather(rows, columns, cells)
    for position, row in enumerate(rows, 1):
        drafts.append(_draft(m, row, position, own))
    return drafts


def _cells(m: Manuscript, paragraph: Paragraph) -> list[Piece]:
    edges = [paragraph.start]
    edges += [i for i in range(paragraph.start + 1, paragraph.end) if m.gaps[i] == Gap.CELL]
    return [m.piece(a, b) for a, b in zip(edges, [*edges[1:], paragraph.end], strict=True)]


def _header(cells: list[Piece]) -> list[str | None] | None:
    if any(len(c.text) > 14 for c in cells):
        return None
    columns: list[str | None] = []
    for cell in cells:
        free = [name for name, pattern in _COLUMNS if pattern.search(cell.text) and name not in columns]
        columns.append(free[0] if free else None)
    if "title" not in columns and "measures" in columns:
        columns[columns.index("measures")] = "title"
    answers = {"lead", "list"} & set(columns)
    return columns if "title" in columns and answers else None


def _gather(rows: list[_Row], columns: list[str | None], cells: list[Piece]) -> None:
    by_name = {
        name: cell for name, cell in zip(columns, cells, strict=False) if name and not _EMPTY.fullmatch(cell.text)
    }
    title = by_name.get("title")
    if rows and (title is None or title.text == rows[-1].cells["title"][0].text):
        row = rows[-1]
    elif title is None:
        return
    else:
        row = _Row(number=by_name["number"].text if "number" in by_name else "")
        rows.append(row)
    for name, cell in by_name.items():
        known = row.cells.setdefault(name, [])
        if all(cell.text != other.text for other in known):
            known.append(cell)


def _draft(m: Manuscript, row: _Row, position: int, own: str) -> ActionDraft:
    def units(name: str) -> list[Piece]:
        return [unit for cell in row.cells.get(name, []) for unit in read_cell(m, cell.start, cell.end)]

    printed = re.fullmatch(rf"（?({CHINESE_NUMBER}|\d{{1,2}})）?[、.]?", row.number)
    title = row.cells["title"][0]
    spans = [cell for cells in row.cells.values() for cell in cells]
    number = read_number(printed[1]) if printed else position
    draft = ActionDraft(
        number,
        trim(m, title) or title,
        min(c.start for c in spans),
        max(c.end for c in spans),
        settle_lists(units("lead"), units("list"), units("join"), own),
        printed=number if printed else None,
    )
    draft.aims = [s for cell in row.cells.get("aims", []) for s in split_sentences(m, cell.start, cell.end)]
    sentences = [s for cell in row.cells.get("measures", []) for s in _points(m, cell)]
    draft.measures = [tidy for s in sentences if (tidy := trim(m, s)) is not None]
    return draft


def _points(m: Manuscript, cell: Piece) -> list[Piece]:
    """The points of a cell: its lines, each split into sentences, without their ordinals."""
    edges = [cell.start, *(i for i in range(cell.start + 1, cell.end) if m.gaps[i] == Gap.LINE), cell.end]
    points = []
    for a, b in itertools.pairwise(edges):
        points += split_sentences(m, a, b)
    return points


def fill_units(drafts: list[ActionDraft], table: list[ActionDraft]) -> None:
    """Give actions without units those of the table row with the same name."""
    for draft in drafts:
        if draft.units.named:
            continue
        twin = next((t for t in table if _core(t.title.text) == _core(draft.title.text)), None)
        if twin is None and len(drafts) == len(table):
            twin = next((t for t in table if t.number == draft.number), None)
        if twin is not None:
            spans, draft.units = draft.units.spans, twin.units
            draft.units.spans = spans


def _core(title: str) -> str:
    return re.sub(r"^(?:实施|开展|推进|深化)|(?:专项)?行动$|[“”（）]", "", title)
