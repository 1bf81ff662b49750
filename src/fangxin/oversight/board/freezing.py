"""Freezing the board on a day, so that what was reported stays what it was."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines.evidence import digest
from fangxin.engines.indicators import Figure, IndicatorDefinition, Kind, PublishedFigure, judge, publish
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.board.data import TypedValue
from fangxin.oversight.board.definitions import definitions, editions_used
from fangxin.oversight.board.models import Snapshot, SnapshotFigure, SnapshotProof
from fangxin.oversight.board.proofs import Rows, count_rows, proof_file, read_rows
from fangxin.oversight.board.selectors import typed_values


@transaction.atomic
def freeze(
    label: str,
    *,
    as_of: date,
    division_code: str,
    by: Any,
    kind: str = Snapshot.Kind.REPORT,
    with_proof: bool = True,
) -> Snapshot:
    """Freeze every figure of a division and its townships under a name; asked twice, the first one stays."""
    label = label.strip()
    if not label:
        raise ValidationError({"label": _("请给这份快照起一个名称。")})
    existing = Snapshot.objects.filter(label=label, division_code=division_code, corrects=None).first()
    if existing is not None:
        return existing
    return _take(
        Snapshot(label=label, kind=kind, as_of=as_of, division_code=division_code), by=by, with_proof=with_proof
    )


@transaction.atomic
def correct(*, snapshot: Snapshot, reason: str, by: Any) -> Snapshot:
    """Freeze the same day again, with what is known now. The old snapshot stays, and points nowhere new."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明更正原因。")})
    if Snapshot.objects.filter(corrects=snapshot).exists():
        raise ValidationError(_("这份快照已经更正过，请在最新的一份上更正。"))
    fresh = Snapshot(
        label=snapshot.label, kind=snapshot.kind, as_of=snapshot.as_of, division_code=snapshot.division_code,
        corrects=snapshot, reason=reason.strip(),
    )  # fmt: skip
    return _take(fresh, by=by, with_proof=True)


def _take(snapshot: Snapshot, *, by: Any, with_proof: bool) -> Snapshot:
    if snapshot.as_of > ledger.clock.today():
        raise ValidationError({"as_of": _("不能冻结还没有到的日子。")})
    snapshot.ledger_id, snapshot.ledger_seq, snapshot.ledger_digest = ledger.head_now()
    snapshot.taken_at, snapshot.taken_by = ledger.clock.now(), ledger.Actor.of(by).username
    snapshot.full_clean(validate_constraints=False)
    snapshot.save(force_insert=True)
    found = list(definitions(snapshot.as_of).values())
    catalog.mark_used(editions_used(snapshot.as_of))
    divisions = _divisions(snapshot)
    rows = read_rows(found, snapshot.division_code, snapshot.as_of)
    published = list(_publish(snapshot, found, rows, divisions))
    SnapshotFigure.objects.bulk_create(
        [_figure(snapshot, figure, typed) for figure, typed in published], batch_size=500
    )
    if with_proof:
        content, signed = proof_file(snapshot, found, (figure for figure, _typed in published), rows, divisions)
        SnapshotProof.objects.create(snapshot=snapshot, content=content, digest=digest(content), signed=signed)
    ledger.record(
        "board.snapshot.taken" if snapshot.corrects_id is None else "board.snapshot.corrected",
        of=snapshot, by=by, data={"label": snapshot.label, "as_of": snapshot.as_of, "division": snapshot.division_code},
    )  # fmt: skip
    return snapshot


def _divisions(snapshot: Snapshot) -> dict[str, str]:
    """The division itself and its townships, with their names of the day."""
    code = snapshot.division_code
    names = {code: people.division_name(code, snapshot.as_of)}
    return names | dict(people.townships(code, snapshot.as_of))


def _publish(
    snapshot: Snapshot, found: Iterable[IndicatorDefinition], rows: Rows, divisions: dict[str, str]
) -> Iterable[tuple[PublishedFigure, int | None]]:
    """Each figure ready to be published, with the typed figure it rests on where it is a signed one."""
    found = list(found)
    tallies = count_rows(found, rows, divisions)
    by_code = {definition.code: definition for definition in found}
    for division in divisions:
        typed, bases = typed_values(division, snapshot.as_of, by_code)
        for definition in found:
            tallied, base = tallies.get((definition.code, division)), bases.get(definition.code)
            if tallied is not None:
                yield publish(definition, division, tallied, base=base), None
            elif division == snapshot.division_code or definition.code in typed:
                signed = typed.get(definition.code) if definition.kind is not Kind.COMPUTED else None
                yield _signed(definition, division, signed, base), signed.pk if signed else None


def _signed(
    definition: IndicatorDefinition, division: str, signed: TypedValue | None, base: Figure | None
) -> PublishedFigure:
    """What somebody signed for; nothing, and known as such, where nobody did."""
    figure = signed.figure if signed else Figure(None, verified=False)
    return PublishedFigure(
        code=definition.code,
        division=division,
        figure=figure,
        status=judge(definition, figure, base=base),
        formula=definition.formula_version,
        base=base,
        evidence=signed.evidence if signed else (),
        signed_by=signed.agency if signed else "",
    )


def _figure(snapshot: Snapshot, published: PublishedFigure, typed: int | None) -> SnapshotFigure:
    return SnapshotFigure(
        snapshot=snapshot,
        code=published.code,
        division_code=published.division,
        numerator=published.figure.numerator,
        denominator=published.figure.denominator,
        verified=published.figure.verified,
        status=published.status,
        formula_version=published.formula,
        rows=published.rows,
        inputs_hash=published.inputs,
        typed_id=typed,
    )
