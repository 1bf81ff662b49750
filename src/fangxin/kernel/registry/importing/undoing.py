"""Taking an import back: only while nothing was built on it, and saying what stands in the way."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry.importing.plans import chunks
from fangxin.kernel.registry.models import (
    CensusEntry,
    Credential,
    ImportBatch,
    Operator,
    Premises,
    PremisesFact,
    Staff,
    StaffCertificate,
)
from fangxin.kernel.registry.rules import column
from fangxin.kernel.registry.services.subjects import change_premises

# In the order in which rows may be deleted: children before what they hang on.
MODELS: dict[str, type[models.Model]] = {
    "certificate": StaffCertificate,
    "staff": Staff,
    "credential": Credential,
    "census": CensusEntry,
    "premises": Premises,
    "operator": Operator,
}
MOST_OBSTACLES = 50


def obstacles(batch: ImportBatch, user: Any) -> list[str]:
    """What was built on the import since, in words; empty when it can be taken back."""
    found = []
    for obstacle in _obstacles(batch, user):
        found.append(obstacle)
        if len(found) == MOST_OBSTACLES:
            break
    return found


def _obstacles(batch: ImportBatch, user: Any) -> Iterator[str]:
    made = _made(batch)
    for name, model in MODELS.items():
        yield from _hanging_on(name, model, made)
    yield from _changed_since(batch, made)
    for row in batch.rows.exclude(before=[]).order_by("number"):
        for _name, pk, values in row.before:
            premises = Premises.objects.get(pk=pk)
            if any(_plain(getattr(premises, field)) != new for field, (_old, new) in values.items()):
                yield _("第 %(row)s 行：%(name)s 导入后又被修改") % {"row": row.number, "name": premises.name}
    yield from _told_elsewhere(made.get("premises", set()), user)


def _made(batch: ImportBatch) -> dict[str, set[int]]:
    made: defaultdict[str, set[int]] = defaultdict(set)
    for rows in batch.rows.exclude(made=[]).values_list("made", flat=True):
        for name, pk in rows:
            made[name].add(pk)
    return made


def _hanging_on(name: str, model: type[models.Model], made: dict[str, set[int]]) -> Iterator[str]:
    """Rows of any table that point to what the import made and were not made by it."""
    own = {other: made.get(key, set()) for key, other in MODELS.items()}
    for relation in model._meta.related_objects:
        other, field = relation.related_model, relation.field.name
        for piece in chunks(sorted(made.get(name, set()))):
            rows = other._base_manager.filter(**{f"{field}__in": piece})
            for pk, target in rows.values_list("pk", f"{field}_id" if not relation.many_to_many else field):
                if pk not in own.get(other, set()):
                    shown = {"thing": _named(model, target), "what": other._meta.verbose_name}
                    yield _("%(thing)s已有“%(what)s”") % shown


def _named(model: type[models.Model], pk: int) -> str:
    return str(model._base_manager.get(pk=pk))


def _changed_since(batch: ImportBatch, made: dict[str, set[int]]) -> Iterator[str]:
    """The ledger says whether a row that the import made was changed by somebody later."""
    for name in ("premises", "credential", "staff", "census", "operator"):
        model = MODELS[name]
        for pk in sorted(made.get(name, set())):
            later = ledger.entries_of(model._meta.label_lower, str(pk)).filter(at__gte=batch.applied_at)
            if entry := later.exclude(event__in=_BY_IMPORT).first():
                label = contribute.events.get(entry.event).label
                yield _("%(thing)s之后又有“%(what)s”") % {"thing": _named(model, pk), "what": label}


# What applying an import writes about single rows.
_BY_IMPORT = ("registry.credential.issued",)


def _told_elsewhere(premises: set[int], user: Any) -> Iterator[str]:
    """Other apps may know of a place without pointing to its row: their lines in its life say so."""
    for pk in sorted(premises):
        for name, provider in contribute.timelines.items():
            if name != "registry" and provider(user, Premises._meta.label_lower, str(pk)):
                yield _("%(thing)s已有后续工作记录") % {"thing": _named(Premises, pk)}


@transaction.atomic
def undo(*, batch: ImportBatch, by: Any) -> ImportBatch:
    in_the_way = obstacles(batch, by)
    if in_the_way:
        raise ValidationError([_("不能撤销，因为导入之后："), *in_the_way])
    undone = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.APPLIED).update(
        state=ImportBatch.State.UNDONE, undone_at=ledger.clock.now(), undone_by=by.username
    )
    if undone != 1:
        raise ValidationError(_("这次导入不在“已导入”状态，请刷新后查看。"))
    _restore(batch, by)
    made = _made(batch)
    _withdraw_facts(made.pop("fact", set()), by)
    divisions = _divisions(made)
    for name, model in MODELS.items():
        for piece in chunks(sorted(made.get(name, set()))):
            model._base_manager.filter(pk__in=piece).delete()
    batch.refresh_from_db()
    count = {name: len(keys) for name, keys in made.items()}
    for division in sorted(divisions):
        ledger.record("registry.import.undone", of=batch, by=by, division_code=division, data={"removed": count})
    return batch


def _divisions(made: dict[str, set[int]]) -> set[str]:
    """Townships whose figures change when the rows go."""
    found: set[str] = set()
    for name in ("staff", "credential", "census", "premises"):
        for piece in chunks(sorted(made.get(name, set()))):
            rows = MODELS[name]._base_manager.filter(pk__in=piece).order_by()
            found.update(code[:9] for code in rows.values_list("division_code", flat=True).distinct())
    for piece in chunks(sorted(made.get("certificate", set()))):
        rows = StaffCertificate.objects.filter(pk__in=piece).order_by()
        found.update(code[:9] for code in rows.values_list("staff__division_code", flat=True).distinct())
    return found


def _restore(batch: ImportBatch, by: Any) -> None:
    """Put back what was overwritten, as a correction: the imported value was never true."""
    for row in batch.rows.exclude(before=[]).order_by("-number"):
        for _name, pk, values in row.before:
            old = {field: column(Premises, field).to_python(pair[0]) for field, pair in values.items()}
            change_premises(premises=Premises.objects.get(pk=pk), by=by, **old)


def _withdraw_facts(keys: set[int], by: Any) -> None:
    """Facts are for ever; an empty value from the same day takes them back."""
    now, username = ledger.clock.now(), ledger.Actor.of(by).username
    for piece in chunks(sorted(keys)):
        facts = list(PremisesFact.objects.filter(pk__in=piece).select_related("premises").order_by("pk"))
        PremisesFact.objects.bulk_create(
            PremisesFact(
                premises=fact.premises,
                name=fact.name,
                value="",
                valid_from=fact.valid_from,
                valid_to=fact.valid_to,
                note=_("撤销导入"),
                recorded_at=now,
                recorded_by=username,
            )
            for fact in facts
        )
        for fact in facts:
            ledger.record("registry.fact.recorded", of=fact.premises, by=by, data={"name": fact.name, "value": ""})


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
