"""After every record: the batch's locks are computed anew, and what is newly wrong becomes a finding and a matter."""

from datetime import date
from typing import Any

from fangxin.actions.farm_inputs import rules
from fangxin.actions.farm_inputs.data import BatchStanding
from fangxin.actions.farm_inputs.models import Application, Batch, Finding, Harvest
from fangxin.actions.farm_inputs.rules_inputs import route_of
from fangxin.actions.farm_inputs.selectors import STANDS, standing_applications, water_entries
from fangxin.actions.farm_inputs.services.routing import open_matter
from fangxin.engines import withholding
from fangxin.engines.withholding import HarvestOutcome, Standing
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import who


def name_of(row: Application) -> str:
    return row.product.name if row.product is not None else row.product_seen


def standing_of(batch: Batch, on: date, rows: list[Application]) -> Standing:
    return rules.standing_of(batch, rows, rules.water_of(water_entries([batch.pk])), on, rules.ban_finder())


def told(batch: Batch, on: date | None = None) -> BatchStanding:
    """The batch as it stands on a day, in words."""
    day = on or ledger.clock.today()
    rows = list(standing_applications([batch.pk]))
    return rules.told(batch, standing_of(batch, day, rows), {str(row.pk): name_of(row) for row in rows}, day)


def told_of_all(batches: list[Batch], on: date) -> dict[int, BatchStanding]:
    """Many batches in as few questions as one."""
    uses: dict[int, list[Application]] = {}
    water: dict[int, list[Any]] = {}
    keys = [batch.pk for batch in batches]
    for row in standing_applications(keys):
        uses.setdefault(row.batch_id, []).append(row)
    for entry in water_entries(keys):
        water.setdefault(entry.batch_id, []).append(entry)
    found, bans = {}, rules.ban_finder()
    for batch in batches:
        rows = uses.get(batch.pk, [])
        standing = rules.standing_of(batch, rows, rules.water_of(water.get(batch.pk, [])), on, bans)
        found[batch.pk] = rules.told(batch, standing, {str(row.pk): name_of(row) for row in rows}, on)
    return found


def refresh(batch: Batch, *, by: Any) -> Standing:
    """Write the lock into the row, and open findings for what is new. May be called as often as one likes."""
    rows = list(standing_applications([batch.pk]))
    today = ledger.clock.today()
    standing = standing_of(batch, today, rows)
    batch.locked_until, batch.lock_open = standing.earliest, bool(standing.open_locks)
    batch.save(update_fields=["locked_until", "lock_open"])
    _find_problems(batch, rows, standing, by)
    _find_harvests(batch, standing, rows, by)
    return standing


def _find_problems(batch: Batch, rows: list[Application], standing: Standing, by: Any) -> None:
    by_ref = {str(row.pk): row for row in rows}
    # A correction does not make the same finding anew.
    known = set(Finding.objects.filter(batch=batch, application__isnull=False).values_list("application", "code"))
    for problem in standing.problems:
        row = by_ref[problem.use.ref]
        if not rules.grave(problem, batch.produce) or known & {(pk, problem.code.value) for pk in _chain(row)}:
            continue
        text = rules.problem_text(problem, name_of(row), batch.food)
        find(batch, problem.code.value, text, application=row, by=by)


def _chain(row: Application) -> set[int]:
    """The record and those it took the place of."""
    found = {row.pk}
    while row.replaces_id is not None and row.replaces is not None:
        row = row.replaces
        found.add(row.pk)
    return found


def _find_harvests(batch: Batch, standing: Standing, rows: list[Application], by: Any) -> None:
    """A use written down later can show that a harvest of before lay within its interval."""
    if not rows:
        return
    known = set(Finding.objects.filter(batch=batch, code=rules.WITHIN).values_list("harvest", flat=True))
    for harvest in batch.harvests.filter(STANDS).exclude(pk__in=known):
        if withholding.judge_harvest(harvest.on, standing) in (HarvestOutcome.WITHIN, HarvestOutcome.BANNED):
            find_harvest(harvest, standing, {str(row.pk): name_of(row) for row in rows}, by=by)


def find_harvest(harvest: Harvest, standing: Standing, names: dict[str, str], *, by: Any) -> Finding:
    batch = harvest.batch
    held = rules.told(batch, standing, names, harvest.on)
    why = "；".join(line.text for line in held.lines)
    text = rules.harvest_text(batch, harvest, why)
    return find(batch, rules.WITHIN, text, harvest=harvest, by=by)


def find(batch: Batch, code: str, text: str, *, by: Any, application: Any = None, harvest: Any = None) -> Finding:
    """One finding, and the matter it becomes."""
    about = application or harvest or batch
    finding = Finding(
        farm_id=batch.farm_id, batch=batch, application=application, harvest=harvest, division_code=batch.division_code,
        code=code, text=text[:500], clause=route_of(code, ledger.clock.today()).clause[:300],
        found_on=ledger.clock.today(), recorded_at=ledger.clock.now(), recorded_by=who(by),
    )  # fmt: skip
    finding.matter = open_matter(
        code, hazard=f"{batch.farm}：{text}", division_code=batch.division_code, subject=batch.farm.premises,
        subject_name=batch.farm.premises.name, key=f"farm_inputs.{code}:{about._meta.model_name}:{about.pk}", by=by,
    )  # fmt: skip
    finding.save(force_insert=True)
    ledger.record("farm_inputs.problem.found", of=finding, by=by, data={"code": code, "matter": finding.matter.number})
    return finding
