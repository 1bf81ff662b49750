"""An import from upload to undo: read, checked, applied as a whole, taken back as a whole."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxin.kernel.jobs import api as jobs
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry.importing.columns import SHEETS, column_map, is_header
from fangxin.kernel.registry.importing.other_tables import CensusTable, FactsTable, StaffTable
from fangxin.kernel.registry.importing.plans import RowPlan, read_row
from fangxin.kernel.registry.importing.premises_table import PremisesTable
from fangxin.kernel.registry.models import CensusSurvey, ImportBatch, ImportRow
from fangxin.kernel.screens.sheets import Unreadable, read_sheet

# More rows than this are written by a worker while the page shows the progress.
MOST_AT_ONCE = 5_000
TASK = "fangxin.kernel.registry.tasks.apply_import"


class Table(Protocol):
    def check(self, plans: list[RowPlan]) -> None: ...

    def write(self, plans: list[RowPlan], *, by: Any) -> None: ...


def table_for(kind: str, user: Any, survey: CensusSurvey | None) -> Table:
    if kind == ImportBatch.Kind.CENSUS:
        if survey is None:
            raise ValidationError({"survey": _("请选择这些记录属于哪次普查。")})
        return CensusTable(user, survey)
    made: dict[str, Any] = {
        ImportBatch.Kind.PREMISES: PremisesTable,
        ImportBatch.Kind.STAFF: StaffTable,
        ImportBatch.Kind.FACTS: FactsTable,
    }
    table: Table = made[kind](user)
    return table


def check_file(*, kind: str, name: str, content: bytes, by: Any, survey: CensusSurvey | None = None) -> ImportBatch:
    """Read and check; nothing is written to the register. Raises `Unreadable` for a file that cannot be used."""
    sheet = read_sheet(name, content, is_header=lambda headers: is_header(kind, headers))
    columns = column_map(kind, sheet.headers)
    missing = [c.header for c in SHEETS[kind] if c.required and c.field not in {f.field for f in columns.values()}]
    if missing:
        raise Unreadable(_("表中缺少这些列：%(names)s。请对照模板补上。") % {"names": "、".join(missing)})
    raw = [
        (number, {column.field: values[place] for place, column in columns.items() if place < len(values)})
        for number, values in sheet.lines
    ]
    ignored = [header for place, header in enumerate(sheet.headers) if header and place not in columns]
    plans = _checked(kind, raw, by, survey)
    return _keep(kind, plans, name=name, content=content, ignored=ignored, survey=survey, by=by)


def _checked(
    kind: str, raw: Iterable[tuple[int, Mapping[str, Any]]], user: Any, survey: CensusSurvey | None
) -> list[RowPlan]:
    plans = [read_row(kind, number, cells) for number, cells in raw]
    table_for(kind, user, survey).check(plans)
    for plan in plans:
        if not plan.sound:
            plan.action = ImportRow.Action.FAULTY
    return plans


@transaction.atomic
def _keep(
    kind: str,
    plans: list[RowPlan],
    *,
    name: str,
    content: bytes,
    ignored: list[str],
    survey: CensusSurvey | None,
    by: Any,
) -> ImportBatch:
    count = Counter(plan.action for plan in plans)
    batch = ImportBatch.objects.create(
        kind=kind,
        file_name=name.replace("\0", "")[-200:],
        digest=hashlib.sha256(content).hexdigest(),
        division_code=by.prefixes("registry.import")[0],
        survey=survey,
        total=len(plans),
        faulty=count[ImportRow.Action.FAULTY],
        to_create=count[ImportRow.Action.CREATE],
        to_update=count[ImportRow.Action.UPDATE],
        ignored_columns=ignored[:50],
        uploaded_at=ledger.clock.now(),
        uploaded_by=by,
    )
    ImportRow.objects.bulk_create(
        [ImportRow(batch=batch, number=p.number, cells=p.cells, problems=p.problems, action=p.action) for p in plans],
        batch_size=1000,
    )
    ledger.record(
        "registry.import.checked", of=batch, by=by, data={"kind": kind, "rows": len(plans), "digest": batch.digest}
    )
    return batch


@transaction.atomic
def ask_to_apply(*, batch: ImportBatch, by: Any) -> ImportBatch:
    """Apply now, or by a worker when the table is long."""
    if batch.faulty:
        raise ValidationError(
            _("还有 %(n)s 行有误。请在文件中改正后重新上传，整个文件一起导入。") % {"n": batch.faulty}
        )
    if batch.total <= MOST_AT_ONCE:
        return apply_batch(batch=batch, by=by)
    _move(batch, ImportBatch.State.CHECKED, ImportBatch.State.APPLYING)
    jobs.enqueue(
        TASK, label=_("导入 %(name)s") % {"name": batch.file_name}, arguments={"batch": batch.pk, "user": by.pk}, by=by
    )
    return batch


@transaction.atomic
def apply_batch(*, batch: ImportBatch, by: Any) -> ImportBatch:
    """Write every row or none. The register may have changed since the check, so the rows are checked again."""
    _move(batch, batch.state, ImportBatch.State.APPLIED, applied_at=ledger.clock.now(), applied_by=by.username)
    rows = list(batch.rows.order_by("number"))
    plans = _checked(batch.kind, ((row.number, row.cells) for row in rows), by, batch.survey)
    faulty = [plan for plan in plans if not plan.sound]
    if faulty:
        first = faulty[0]
        raise ValidationError(
            _("检查之后底册有了变化，第 %(row)s 行现在不能导入：%(what)s。没有写入任何内容，请重新上传检查。")
            % {"row": first.number, "what": first.problems[0]["what"]}
        )
    try:
        with transaction.atomic():
            table_for(batch.kind, by, batch.survey).write(plans, by=by)
    except IntegrityError as error:
        raise ValidationError(_("有行与底册中刚写入的内容冲突，没有写入任何内容。请重新上传检查。")) from error
    for row, plan in zip(rows, plans, strict=True):
        row.action, row.made, row.before = plan.action, plan.made, plan.before
    ImportRow.objects.bulk_update(rows, ["action", "made", "before"], batch_size=500)
    count = Counter(plan.action for plan in plans)
    ledger.record("registry.import.applied", of=batch, by=by, data={"rows": dict(count), "digest": batch.digest})
    return batch


@transaction.atomic
def discard(*, batch: ImportBatch, by: Any) -> ImportBatch:
    _move(batch, ImportBatch.State.CHECKED, ImportBatch.State.DISCARDED)
    ledger.record("registry.import.discarded", of=batch, by=by)
    return batch


def give_back(*, batch: ImportBatch) -> None:
    """A table that could not be applied waits again, so that it can be discarded or tried once more."""
    ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.APPLYING).update(state=ImportBatch.State.CHECKED)


def _move(batch: ImportBatch, expected: str, state: str, **more: Any) -> None:
    allowed = {ImportBatch.State.CHECKED, ImportBatch.State.APPLYING}
    moved = 0
    if expected in allowed:
        moved = ImportBatch.objects.filter(pk=batch.pk, state=expected).update(state=state, **more)
    if moved != 1:
        raise ValidationError(_("这次导入刚刚已被处理，请刷新后查看。"))
    batch.refresh_from_db()
