"""The limits this installation judges by: the standards folder and the sheets that were put in use."""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from fangxin.engines import limits as engine
from fangxin.kernel.catalog import limits
from fangxin.kernel.catalog.models import LimitTable

_Sheets = tuple[tuple[int, str], ...]


def the_judge() -> engine.Judge:
    """The judge of this installation; cheap to ask for again."""
    folder, sheets = Path(settings.STANDARDS_DIR), _in_use()
    return _with_sheets(limits.stamp(folder), sheets) if sheets else limits.the_judge(folder)


def files_in_use() -> Mapping[str, bytes]:
    """Heads and tables of the folder and of the sheets in use, by name."""
    return _files(_in_use())


def files_of(table: LimitTable) -> dict[str, bytes]:
    """The two files that a sheet stands for."""
    name = name_of(table)
    return {f"{name}.toml": _head(table), f"{name}.csv": table.body.encode()}


def name_of(table: LimitTable) -> str:
    return f"sheet-{table.pk or 'new'}"


def editions() -> list[tuple[str, str, date]]:
    """Id, title and first day of every edition in use that holds limits."""
    tables = the_judge().tables
    held = {row.edition for row in tables.rows}
    return [(one.id, one.title, date.fromordinal(one.start)) for n, one in enumerate(tables.editions) if n in held]


def compare_editions(one: str, other: str) -> list[engine.Difference]:
    """What changes from one edition to another, by their ids."""
    tables = the_judge().tables
    return engine.differences(tables, engine.rows_of(tables, one), tables, engine.rows_of(tables, other))


def differences_of(table: LimitTable) -> list[engine.Difference]:
    """What a sheet changes: its rows beside the edition that they extend, or that stood the day before theirs."""
    before = the_judge().tables
    after = engine.read_tables({**files_in_use(), **files_of(table)})
    file = f"{name_of(table)}.csv"
    day = table.in_force_from.toordinal() - (0 if table.extends else 1)
    own = [row for row in after.rows if row.file == file]
    standing = [
        row for row in before.rows
        if row.file != file and row.kind == table.kind and row.start <= day <= row.end
        and before.editions[row.edition].standard == table.standard
    ]  # fmt: skip
    found = engine.differences(before, standing, after, own)
    return [one for one in found if not (table.extends and one.change is engine.Change.REMOVED)]


def _head(table: LimitTable) -> bytes:
    facts = {
        "id": name_of(table), "name": table.name, "standard": table.standard, "edition": table.edition,
        "kind": table.kind, "in_force_from": table.in_force_from.isoformat(), "source": table.source,
        "in_force_to": table.in_force_to.isoformat() if table.in_force_to else "", "extends": table.extends,
        "ends_previous": "" if table.extends else "yes",
        "confidence": "V", "entered_by": table.uploaded_by, "checked_by": table.decided_by,
        "table": f"{name_of(table)}.csv",
    }  # fmt: skip
    return "".join(f"{key} = {json.dumps(text, ensure_ascii=False)}\n" for key, text in facts.items()).encode()


def _in_use() -> _Sheets:
    rows = LimitTable.objects.filter(state=LimitTable.State.IN_USE).order_by("pk")
    return tuple(rows.values_list("pk", "digest"))


def _files(sheets: _Sheets) -> Mapping[str, bytes]:
    found = dict(limits.read_files(Path(settings.STANDARDS_DIR)))
    for table in LimitTable.objects.filter(pk__in=[pk for pk, _digest in sheets]):
        found |= files_of(table)
    return found


@lru_cache(maxsize=4)
def _with_sheets(_stamp: limits.Stamp, sheets: _Sheets) -> engine.Judge:
    return engine.Judge(engine.read_tables(_files(sheets)))
