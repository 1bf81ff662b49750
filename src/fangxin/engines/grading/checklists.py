"""Checklists as dated data: what is looked at, by which clause, how it is judged, and how much it weighs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fangxin.engines.grading.reading import Row, RuleHead, RuleMissing, RuleRefused, RuleSource, open_rule


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to look at.

    `weight` counts towards the dynamic score, `key` marks the items on which safety hangs, `label_defect`
    those whose failure is a flaw of the label that the law lets be put right without a case. `judge` says
    how it is looked at. `applies_to` are kinds of premises; never empty.
    """

    code: str
    group: str
    text: str
    clause: str
    judge: str
    weight: int
    key: bool
    label_defect: bool
    applies_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """One edition of a checklist. A visit keeps the edition it began with."""

    head: RuleHead
    applies_to: tuple[str, ...]
    items: tuple[ChecklistItem, ...]

    @property
    def name(self) -> str:
        return self.head.name

    @property
    def edition(self) -> str:
        return self.head.edition

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups in the order of the form."""
        return tuple(dict.fromkeys(item.group for item in self.items))

    def items_for(self, kind: str) -> tuple[ChecklistItem, ...]:
        """The items that concern premises of this kind, in the order of the form."""
        return tuple(item for item in self.items if kind in item.applies_to)

    def item(self, code: str) -> ChecklistItem:
        """The item `code`. Raises `LookupError` if this edition has none."""
        for item in self.items:
            if item.code == code:
                return item
        raise LookupError(f"checklist {self.head.code} of {self.edition} has no item {code}")


def load_checklist(source: RuleSource) -> Checklist:
    """Read one edition of a checklist. Raises `RuleRefused` naming row and field.

    >>> load_checklist('''
    ... code = "stall"
    ... name = "食品小摊点"
    ... edition = "2018"
    ... in_force_from = 2018-03-01
    ... source = "example"
    ... confidence = "V"
    ... applies_to = ["stall"]
    ... [[item]]
    ... code = "1.1"
    ... group = "公示"
    ... text = "亮出备案卡"
    ... clause = "第三十一条"
    ... judge = "看摊位"
    ... weight = 1
    ... ''').item("1.1").text
    '亮出备案卡'
    """
    row = open_rule(source, "checklist")
    head, applies_to = row.head(), row.texts("applies_to")
    if not applies_to:
        raise row.refuse("applies_to", "must name at least one kind of premises")
    items = tuple(_read_item(one, applies_to) for one in row.rows("item"))
    row.close()
    if not items:
        raise row.refuse("item", "is missing: a checklist without items")
    _refuse_duplicates(row, items)
    return Checklist(head, applies_to, items)


def checklist_for(checklists: Iterable[Checklist], kind: str, on: date) -> Checklist:
    """The checklist for premises of `kind` in force on `on`, the day the visit begins.

    Raises `RuleMissing` where there is none, `RuleRefused` where two claim the kind on that day.
    """
    found = [one for one in checklists if kind in one.applies_to and one.head.in_force(on)]
    if not found:
        raise RuleMissing(f"no checklist for {kind} in force on {on}")
    if len(found) > 1:
        names = ", ".join(f"{one.head.code} {one.edition}" for one in found)
        raise RuleRefused(f"several checklists for {kind} on {on}: {names}")
    return found[0]


def _read_item(row: Row, kinds: tuple[str, ...]) -> ChecklistItem:
    own = row.texts("applies_to")
    if stray := set(own) - set(kinds):
        raise row.refuse("applies_to", f"names {', '.join(sorted(stray))}, which the checklist does not")
    item = ChecklistItem(
        code=row.text("code"),
        group=row.text("group"),
        text=row.text("text"),
        clause=row.text("clause"),
        judge=row.text("judge"),
        weight=row.whole("weight", least=1),
        key=row.flag("key"),
        label_defect=row.flag("label_defect"),
        applies_to=own or kinds,
    )
    if item.key and item.label_defect:
        raise row.refuse("label_defect", "cannot stand on a key item")
    row.close()
    return item


def _refuse_duplicates(row: Row, items: tuple[ChecklistItem, ...]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.code in seen:
            raise row.refuse("item", f"has the code {item.code} twice")
        seen.add(item.code)
