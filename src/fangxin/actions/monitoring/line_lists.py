"""The line list: what a cell says, and what is wrong with it. Cells stay as typed; only what can be read is counted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.monitoring.models import CaseDefinition
from fangxin.kernel.ledger import api as ledger

MOST_ROWS, MOST_FOODS, LONGEST_CELL = 2000, 60, 200
FOOD = "food:"

COLUMNS = {
    "id": gettext_lazy("编号"), "ill": gettext_lazy("发病"), "sex": gettext_lazy("性别"), "age": gettext_lazy("年龄"),
    "unit": gettext_lazy("班级或单位"), "meal_at": gettext_lazy("进餐时间"), "onset_at": gettext_lazy("发病时间"),
    "symptoms": gettext_lazy("症状"), "outcome": gettext_lazy("转归"), "lab": gettext_lazy("检验结果"),
}  # fmt: skip
YES, NO = {"是", "有", "1", "y", "yes", "√", "吃", "阳性", "发病"}, {"否", "无", "0", "n", "no", "×", "x", "没吃", "未吃", "阴性", "未发病"}  # fmt: skip
UNKNOWN = {"", "不详", "不知道", "未知", "?", "？", "-", "—", "记不清"}
SEXES = {"男": "male", "女": "female", "m": "male", "f": "female"}
OUTCOMES = {"": "", "轻": "", "门诊": "", "痊愈": "", "好转": "", "住院": "hospitalised", "死亡": "died"}
_MOMENT = re.compile(r"^(?:(\d{4})[-/年.])?(\d{1,2})[-/月.](\d{1,2})日?(?:[ T]+(\d{1,2})(?:[:：时](\d{1,2})?分?)?)?$")
_PARTS = re.compile(r"[、，,;；/ ]+")


@dataclass(frozen=True, slots=True)
class Person:
    """A row as far as it can be read. None: not known, which is not no."""

    id: str
    ill: bool | None
    sex: str
    age: int | None
    unit: str
    meal_at: datetime | None
    onset_at: datetime | None
    symptoms: tuple[str, ...]
    outcome: str
    lab: bool | None
    foods: Mapping[str, bool | None]
    added_on: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be read, or that cannot be with another one."""

    row: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadList:
    people: tuple[Person, ...]
    faults: tuple[Fault, ...]


def read(rows: Sequence[Mapping[str, Any]], foods: Sequence[str], year: int) -> ReadList:
    """Read every cell. A row with a faulty cell still counts with what can be read of it."""
    people: list[Person] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows):
        cells = row.get("cells", {})
        person = _person(number, cells, foods, str(row.get("added_on", "")), year, faults)
        if person.id and person.id in seen:
            faults.append(Fault(number, "id", _("与第 %(n)s 行编号相同，请改正。") % {"n": seen[person.id] + 1}))
        seen.setdefault(person.id, number)
        faults += _contradictions(number, person)
        people.append(person)
    return ReadList(tuple(people), tuple(faults))


def _person(
    number: int, cells: Mapping[str, str], foods: Sequence[str], added_on: str, year: int, faults: list[Fault]
) -> Person:
    def cell(column: str) -> str:
        return str(cells.get(column, "")).strip()

    def told(column: str, known: Mapping[str, Any], message: str) -> Any:
        text = cell(column).lower()
        if text in known:
            return known[text]
        faults.append(Fault(number, column, message % {"text": cell(column)}))
        return known.get("", None)

    def yes_no(column: str) -> bool | None:
        return told(column, _YES_NO, _("“%(text)s”请写“是”“否”，不知道的空着。"))  # type: ignore[no-any-return]

    def moment(column: str) -> datetime | None:
        text = cell(column)
        found = read_moment(text, year)
        if text not in UNKNOWN and found is None:
            faults.append(Fault(number, column, _("“%(text)s”不是时间，请写成 2023-03-15 18:30。") % {"text": text}))
        return found

    if not cell("id"):
        faults.append(Fault(number, "id", _("请填编号（不要写姓名）。")))
    return Person(
        id=cell("id"), ill=yes_no("ill"), sex=told("sex", {"": ""} | SEXES, _("“%(text)s”请写“男”或“女”。")),
        age=_age(number, cell("age"), faults), unit=cell("unit"), meal_at=moment("meal_at"), onset_at=moment("onset_at"),
        symptoms=tuple(split_parts(cell("symptoms"))),
        outcome=told("outcome", OUTCOMES, _("“%(text)s”请写“住院”“死亡”，其他空着。")), lab=yes_no("lab"),
        foods={food: yes_no(FOOD + food) for food in foods}, added_on=added_on,
    )  # fmt: skip


_YES_NO: Mapping[str, bool | None] = dict.fromkeys(YES, True) | dict.fromkeys(NO, False) | dict.fromkeys(UNKNOWN, None)


def _age(number: int, text: str, faults: list[Fault]) -> int | None:
    if text in UNKNOWN:
        return None
    digits = text.removesuffix("岁")
    if digits.isdecimal() and len(digits) < 4 and int(digits) <= 120:
        return int(digits)
    faults.append(Fault(number, "age", _("“%(text)s”不是 0 到 120 的年龄。") % {"text": text}))
    return None


def _contradictions(number: int, person: Person) -> list[Fault]:
    found = []
    if person.meal_at and person.onset_at and person.onset_at < person.meal_at:
        found.append(Fault(number, "onset_at", _("发病早于进餐，请核对两个时间。")))
    if person.ill is False and person.onset_at is not None:
        found.append(Fault(number, "ill", _("写了“否”又有发病时间，请核对。")))
    return found


def read_moment(text: str, year: int) -> datetime | None:
    """A local moment; without a year the one given. A day without an hour is not a moment."""
    match = _MOMENT.match(text.strip())
    if match is None or match[4] is None:
        return None
    try:
        found = datetime(
            int(match[1] or year), int(match[2]), int(match[3]), int(match[4]), int(match[5] or 0),
            tzinfo=ledger.clock.LOCAL,
        )  # fmt: skip
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2100 else None


def from_sheet(text: str, foods: Sequence[str]) -> tuple[list[str], list[dict[str, str]]]:
    """Tab-separated text with a header row → all foods, and cells by column. Unknown headers are foods that were asked
    about; nothing is thrown away."""
    lines = [line.split("\t") for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    if not lines:
        raise ledger.Refused(_("没有粘贴内容。请在表格软件里连同表头一起复制，再粘贴。"))
    by_label = {str(label): key for key, label in COLUMNS.items()}
    known, columns = list(foods), []
    for label in (cell.strip() for cell in lines[0]):
        if label not in by_label and label and label not in known:
            known.append(label)
        columns.append(by_label.get(label) or (FOOD + label if label else ""))
    if "id" not in columns:
        raise ledger.Refused(_("第一行没有“编号”这一列。请连同表头一起复制。"))
    return known, [
        {column: cell.strip() for column, cell in zip(columns, line, strict=False) if column} for line in lines[1:]
    ]


def checked(foods: Sequence[Any], rows: Sequence[Any]) -> tuple[list[str], list[dict[str, str]]]:
    """What came from a page, held within bounds. Raises Refused where it is no line list."""
    names = [str(food).strip() for food in foods]
    if len(names) > MOST_FOODS or any(not name or len(name) > 40 for name in names) or len(set(names)) != len(names):
        raise ledger.Refused(_("食品最多 %(n)s 种，名称不能空、不能重复、不超过 40 个字。") % {"n": MOST_FOODS})
    if len(rows) > MOST_ROWS:
        raise ledger.Refused(_("最多 %(n)s 行，请分成几次调查。") % {"n": MOST_ROWS})
    columns = [*COLUMNS, *(FOOD + name for name in names)]
    clean = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            raise ledger.Refused(_("第 %(n)s 行读不出来，没有保存。") % {"n": number})
        cells = {c: str(row.get(c) or "").strip() for c in columns}
        if any("\x00" in cell or len(cell) > LONGEST_CELL for cell in cells.values()):
            raise ledger.Refused(
                _("第 %(n)s 行有一格超过 %(most)s 个字或者有不能保存的字符，请改短后再保存。")
                % {"n": number, "most": LONGEST_CELL}
            )
        if any(cells.values()):
            clean.append({column: cell for column, cell in cells.items() if cell})
    return names, clean


def split_parts(text: str) -> list[str]:
    """What was typed with any of the usual marks between."""
    return [part for part in _PARTS.split(text.strip()) if part]


def latest_definition(investigation: Any) -> CaseDefinition | None:
    found: CaseDefinition | None = investigation.definitions.order_by("-version").first()
    return found
