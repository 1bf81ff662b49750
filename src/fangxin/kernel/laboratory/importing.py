"""Sheets of results: read as a whole, every fault told by row and column, written whole or not at all."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxin.kernel.jobs import api as jobs
from fangxin.kernel.laboratory import rules_results as rules
from fangxin.kernel.laboratory.data_results import Entry
from fangxin.kernel.laboratory.models import Receipt, Result, ResultFile, Test
from fangxin.kernel.laboratory.rules import MovedOn, Refused
from fangxin.kernel.laboratory.services.results import IN_LABORATORY
from fangxin.kernel.laboratory.services.steps import named
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.sheets import Formula, Unreadable, as_text, read_sheet

MOST_ROWS = 200_000
# More rows than this are written by a worker while the page shows the progress.
MOST_AT_ONCE = 5_000
MOST_SHOWN = 200
BATCH = 1000
TASK = "fangxin.kernel.laboratory.tasks_results.apply_file"

# What a column may be called: on our own template, and on what instruments write.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "sample": ("样品编号", "抽样编号", "样品受理编号", "受理编号", "sampleid", "sample", "samplename"),
    "analyte": ("检验项目", "项目", "analyte", "compound", "element", "component"),
    "text": ("结果", "检验结果", "测定值", "result", "value", "conc", "concentration", "conc."),
    "unit": ("单位", "unit", "units"),
    "lod": ("检出限", "lod", "mdl"),
    "loq": ("定量限", "loq"),
    "replicate": ("平行号", "平行", "replicate", "rep"),
    "method": ("检验方法", "方法", "method"),
    "dry_basis": ("以干重计", "干基", "drybasis"),
    "moisture": ("水分", "moisture"),
}
REQUIRED = ("sample", "analyte", "text")
LABELS = {name: headers[0] for name, headers in HEADERS.items()}
_YES, _NO = {"是", "1", "Y", "y", "yes", "TRUE"}, {"", "否", "0", "N", "n", "no", "FALSE"}
_BY_HEADER = {header: name for name, headers in HEADERS.items() for header in headers}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in which cell, and what to do."""

    row: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """One sound row and the test it belongs to."""

    row: int
    test_id: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Sheet:
    total: int
    rows: Sequence[Read]
    faults: Sequence[Fault]
    ignored: Sequence[str]


def _field(header: str) -> str | None:
    return _BY_HEADER.get(header.lower())


def _is_header(headers: list[str]) -> bool:
    return {"sample", "analyte", "text"} <= {_field(header) for header in headers}


# --- reading ----------------------------------------------------------------------------------------------------------


def read(name: str, content: bytes, laboratory: Any) -> Sheet:
    """Every row of the file against the tests that wait for results. Raises `Unreadable`."""
    sheet = read_sheet(name, content, is_header=_is_header, most_rows=MOST_ROWS)
    columns: dict[int, str] = {}
    for place, header in enumerate(sheet.headers):
        field = _field(header)
        if field is not None and field not in columns.values():
            columns[place] = field
    ignored = [header for place, header in enumerate(sheet.headers) if header and place not in columns]
    if len(sheet.lines) > MOST_ROWS:
        raise Unreadable(_("表格超过 %(most)s 行，请拆成几个文件。") % {"most": MOST_ROWS})
    tests = _waiting(laboratory)
    rows: list[Read] = []
    faults: list[Fault] = []
    for number, values in sheet.lines:
        cells = {field: values[place] for place, field in columns.items() if place < len(values)}
        found = _row(number, cells, tests)
        (rows if isinstance(found, Read) else faults).append(found)  # type: ignore[arg-type]
    faults += _whole(rows, tests)
    return Sheet(len(sheet.lines), rows, sorted(faults, key=lambda f: f.row), ignored)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The laboratory's tests: by sample number and item, with the state they are in."""

    by_name: Mapping[tuple[str, str], Sequence[tuple[int, str, str]]]  # → (test, method, state)
    samples: Mapping[str, str]  # any number of a sample → its own
    replicates: Mapping[int, int]


def _waiting(laboratory: Any) -> _Waiting:
    names: dict[tuple[str, str], list[tuple[int, str, str]]] = {}
    replicates: dict[int, int] = {}
    samples: dict[str, str] = {}
    tests = Test.objects.filter(laboratory=laboratory, sample__state__in=IN_LABORATORY)
    columns = ("pk", "sample__number", "analyte", "method", "state", "replicates")
    for pk, number, analyte, method, state, count in tests.exclude(state=Test.State.CANCELLED).values_list(*columns):
        names.setdefault((number, analyte), []).append((pk, method, state))
        replicates[pk] = count
        samples[number] = number
    received = Receipt.objects.filter(laboratory=laboratory, undone_at=None, sample__state__in=IN_LABORATORY)
    samples |= {
        lab: number for lab, number in received.values_list("lab_number", "sample__number") if number in samples
    }
    return _Waiting(names, samples, replicates)


def _row(number: int, cells: Mapping[str, Any], tests: _Waiting) -> Read | Fault:
    formula = next((field for field, value in cells.items() if isinstance(value, Formula)), None)
    if formula is not None:
        return Fault(number, LABELS[formula], _("单元格里是公式，请粘贴为数值后再上传。"))
    texts = {field: as_text(value).strip() for field, value in cells.items()}
    empty = next((field for field in REQUIRED if not texts.get(field)), None)
    if empty is not None:
        return Fault(number, LABELS[empty], _("没有填写。"))
    if hasattr(cells["text"], "isoformat"):
        return Fault(number, LABELS["text"], _("结果是日期，可能被表格软件改写了。请改回数值。"))
    test = _find_test(number, texts, tests)
    if isinstance(test, Fault):
        return test
    return _entry(number, test, texts)


def _find_test(number: int, texts: Mapping[str, str], tests: _Waiting) -> int | Fault:
    sample = tests.samples.get(texts["sample"])
    if sample is None:
        return Fault(number, LABELS["sample"], _("没有在检的样品“%(name)s”。") % {"name": texts["sample"][:40]})
    found = tests.by_name.get((sample, texts["analyte"]), ())
    if texts.get("method"):
        found = [one for one in found if one[1] == texts["method"]]
    if not found:
        return Fault(
            number, LABELS["analyte"], _("这份样品没有下达“%(name)s”，请先下达项目。") % {"name": texts["analyte"][:40]}
        )
    if len(found) > 1:
        return Fault(number, LABELS["method"], _("同一项目有几种方法，请填写检验方法。"))
    pk, _method, state = found[0]
    if state != Test.State.ORDERED:
        return Fault(number, LABELS["text"], _("这个项目已有结果。需要修改的，请在样品页面办理更正。"))
    return pk


def _entry(number: int, test_id: int, texts: Mapping[str, str]) -> Read | Fault:
    replicate = texts.get("replicate") or "1"
    if not replicate.isascii() or not replicate.isdigit() or not 1 <= int(replicate[:4]) <= 999:
        return Fault(number, LABELS["replicate"], _("平行号应是1、2、3……"))
    dry = texts.get("dry_basis", "")
    if dry not in _YES | _NO:
        return Fault(number, LABELS["dry_basis"], _("请填“是”或“否”。"))
    if len(texts.get("unit", "")) > 30:
        return Fault(number, LABELS["unit"], _("单位太长，最多30个字。"))
    entry = Entry(
        text=texts["text"], unit=texts.get("unit", ""), replicate=int(replicate), lod=texts.get("lod", ""),
        loq=texts.get("loq", ""), dry_basis=True if dry in _YES else None, moisture=texts.get("moisture", ""),
    )  # fmt: skip
    try:
        return Read(number, test_id, rules.checked(entry))
    except Refused as error:
        field, messages = next(iter(error.message_dict.items()))
        return Fault(number, LABELS.get(field, field), messages[0])


def _whole(rows: Sequence[Read], tests: _Waiting) -> Iterator[Fault]:
    """The same replicate twice, or a test whose replicates are not all there."""
    seen: dict[int, dict[int, int]] = {}
    for one in rows:
        own = seen.setdefault(one.test_id, {})
        if one.entry.replicate in own:
            first = own[one.entry.replicate]
            yield Fault(one.row, LABELS["replicate"], _("与第%(row)s行是同一样品、项目和平行号。") % {"row": first})
        own.setdefault(one.entry.replicate, one.row)
    for test_id, own in seen.items():
        wanted = tests.replicates[test_id]
        if sorted(own) != list(range(1, wanted + 1)):
            row = min(own.values())
            yield Fault(row, LABELS["replicate"], _("这个项目要%(n)s个平行结果，平行号1至%(n)s。") % {"n": wanted})


# --- from upload to writing -------------------------------------------------------------------------------------------


def check_file(*, laboratory: Any, name: str, content: bytes, instrument: bool = False, by: Any) -> ResultFile:
    """Read and check; no result is written. Raises `Unreadable` for a file that cannot be used."""
    digest = hashlib.sha256(content).hexdigest()
    applied = (ResultFile.State.APPLYING, ResultFile.State.APPLIED)
    if ResultFile.objects.filter(laboratory=laboratory, digest=digest, state__in=applied).exists():
        raise Refused({"file": _("这个文件已经导入过，没有再次读取。请确认选对了文件。")})
    sheet = read(name, content, laboratory)
    with transaction.atomic():
        return _keep(sheet, laboratory, name, content, digest, instrument, by)


def _keep(
    sheet: Sheet, laboratory: Any, name: str, content: bytes, digest: str, instrument: bool, by: Any
) -> ResultFile:
    faulty = {fault.row for fault in sheet.faults}
    row = ResultFile.objects.create(
        laboratory=laboratory, file=ledger.store_evidence(name=name, content=content, by=by),
        file_name=name.replace("\0", "")[-200:], digest=digest, instrument=instrument, total=sheet.total,
        faulty=len(faulty), preview=[_shown(one) for one in sheet.rows[:MOST_SHOWN]],
        faults=[[f.row, str(f.column), f.text] for f in sheet.faults[:MOST_SHOWN]],
        ignored_columns=list(sheet.ignored)[:50], uploaded_at=ledger.clock.now(), uploaded_by=named(by),
    )  # fmt: skip
    ledger.record(
        "laboratory.result_file.checked",
        of=row,
        by=by,
        data={"rows": sheet.total, "faulty": len(faulty), "digest": digest},
    )
    return row


def _shown(one: Read) -> dict[str, Any]:
    entry = one.entry
    return {"row": one.row, "test": one.test_id, "replicate": entry.replicate, "text": entry.text, "unit": entry.unit,
            "lod": entry.lod, "loq": entry.loq}  # fmt: skip


@transaction.atomic
def ask_to_apply(*, row: ResultFile, by: Any) -> ResultFile:
    """Now, or by a worker when the sheet is long."""
    if row.faulty:
        raise Refused(_("还有%(n)s行有误。请在文件中改正后重新上传，整个文件一起导入。") % {"n": row.faulty})
    if row.total <= MOST_AT_ONCE:
        return apply_file(row=row, by=by)
    _move(row, (ResultFile.State.CHECKED,), ResultFile.State.APPLYING)
    label = _("导入 %(name)s") % {"name": row.file_name}
    jobs.enqueue(TASK, label=label, arguments={"file": row.pk, "user": by.pk}, by=by)
    return row


@transaction.atomic
def apply_file(*, row: ResultFile, by: Any) -> ResultFile:
    """Write every row or none. Things may have changed since the check, so the file is read again."""
    username, now = named(by), ledger.clock.now()
    live = (ResultFile.State.CHECKED, ResultFile.State.APPLYING)
    try:
        with transaction.atomic():
            _move(row, live, ResultFile.State.APPLIED, applied_at=now, applied_by=username)
    except IntegrityError as error:
        raise Refused(_("这个文件已经导入过。")) from error
    sheet = read(row.file_name, ledger.read_evidence(row.file), row.laboratory)
    if sheet.faults:
        first = sheet.faults[0]
        raise Refused(
            _("检查之后情况有了变化，第%(row)s行现在不能导入：%(what)s没有写入任何内容，请重新上传检查。")
            % {"row": first.row, "what": first.text}
        )
    _write(row, sheet.rows, username)
    ledger.record("laboratory.result_file.applied", of=row, by=by, data={"rows": len(sheet.rows), "digest": row.digest})
    return row


def _write(row: ResultFile, rows: Sequence[Read], username: str) -> None:
    now = ledger.clock.now()
    source = Result.Source.INSTRUMENT if row.instrument else Result.Source.FILE
    keys = list(dict.fromkeys(one.test_id for one in rows))
    for part in _parts(keys):
        waiting = Test.objects.filter(pk__in=part, state=Test.State.ORDERED)
        if waiting.update(state=Test.State.ENTERED) != len(part):
            raise MovedOn(_("有项目刚刚已由他人录入结果，没有写入任何内容。请重新上传检查。"))
    Result.objects.bulk_create(
        (
            Result(
                test_id=one.test_id, replicate=one.entry.replicate, text=one.entry.text,
                number=rules.number_in(one.entry.text), unit=one.entry.unit, lod=one.entry.lod, loq=one.entry.loq,
                dry_basis=one.entry.dry_basis, moisture=one.entry.moisture, source=source, result_file=row,
                entered_at=now, entered_by=username,
            )
            for one in rows
        ),
        batch_size=BATCH,
    )  # fmt: skip


def _parts(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    return (keys[start : start + 500] for start in range(0, len(keys), 500))


@transaction.atomic
def discard(*, row: ResultFile, by: Any) -> ResultFile:
    _move(row, (ResultFile.State.CHECKED,), ResultFile.State.DISCARDED)
    ledger.record("laboratory.result_file.discarded", of=row, by=by)
    return row


def give_back(*, row: ResultFile) -> None:
    """A sheet that could not be written waits again."""
    ResultFile.objects.filter(pk=row.pk, state=ResultFile.State.APPLYING).update(state=ResultFile.State.CHECKED)


def _move(row: ResultFile, since: Sequence[str], to: str, **changes: Any) -> None:
    if ResultFile.objects.filter(pk=row.pk, state__in=since).update(state=to, **changes) != 1:
        raise ValidationError(_("这次导入刚刚已被处理，请刷新后查看。"))
    row.refresh_from_db()
