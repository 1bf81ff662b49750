"""Build the synthetic county: invent it, load it, live through the years of the plan, and write down the truth."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction

from fangxin.engines.places import Place, load_places
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.sim import truth as truths
from fangxin.sim.loading import load_agencies, load_divisions, load_people, plan_register
from fangxin.sim.password import PASSWORD
from fangxin.sim.places import Land, invented_counties
from fangxin.sim.rectifying import plan_matters
from fangxin.sim.register import make_register
from fangxin.sim.shapes import SHAPES
from fangxin.sim.stage import Stage
from fangxin.sim.values import BEGINS, ENDS, Fault, Register, World
from fangxin.sim.world import digest, make_world

OTHER_COUNTIES = 180
PROOF = "整改现场照片（虚构），代替真实照片存放。\n".encode()


def build(
    *,
    seed: int = 1,
    scale: float = 1,
    with_oversight: bool = True,
    told: Callable[[str], object] = lambda _text: None,
) -> truths.Truth:
    """Fill an empty, migrated database. The same seed and scale give the same county.

    Up to scale 1 there is one county, smaller or whole. Above it the first county is lived as at scale 1 and the
    registers of further counties are added, so that the province has `scale` times its premises. Without oversight
    there are registers, censuses and matters, but no plan, returns and snapshots: enough for many tests, and quick.
    """
    places = load_places(_first_county().read_text(encoding="utf-8"))
    world = make_world(places, seed=seed, scale=scale)
    # The world stays to the end; without it the collector need not walk over it again and again.
    gc.freeze()
    stage = Stage(world)
    told("people")
    with ledger.clock.held_at(datetime.combine(BEGINS, time(8))):
        _settle(stage)
    plan_register(stage)
    plan_matters(stage)
    offered = sorted(contribute.scenarios.items(), key=lambda item: item[1][0]) if with_oversight else []
    for _name, (_order, live) in offered:
        live(stage)
    stage.live(told)
    if scale > 1:
        load_province(world, scale, told)
    truth = _truth(stage)
    truths.write(truth, truth_path())
    return truth


def _first_county() -> Path:
    """The reviewed divisions the county is built on: the first file there is."""
    return min((Path(settings.STANDARDS_DIR) / "places").glob("*.toml"))


def truth_path() -> Path:
    return Path(settings.DATA_DIR) / "sim" / "truth.json"


@transaction.atomic
def _settle(stage: Stage) -> None:
    ledger.record(
        "sim.county.invented", of=None, by=None, data={"seed": stage.world.seed, "world": digest(stage.world)}
    )
    catalog.load_directory(path=settings.STANDARDS_DIR, by=None)
    load_divisions(stage.world.land.divisions)
    stage.agencies = load_agencies(stage.world.agencies)
    stage.users = load_people(stage.world.people, stage.agencies, password=PASSWORD)
    stage.evidence = ledger.store_evidence(name="整改现场.txt", content=PROOF, by=None)


def load_province(world: World, scale: float, told: Callable[[str], object]) -> None:
    """County after county, each forgotten once it is stored, so that memory does not grow with the province."""
    province: Place = world.land.superiors[0]
    whole = sum(shape.count for shape in SHAPES)
    lands: Iterator[Land] = invented_counties(province, seed=str(world.seed))
    share = (scale - 1) / OTHER_COUNTIES
    counties = OTHER_COUNTIES if share * whole >= len(SHAPES) else max(1, round((scale - 1) * whole / len(SHAPES)))
    for land in islice(lands, counties):
        told(land.county.name)
        with transaction.atomic(), ledger.clock.held_at(datetime.combine(ENDS, time(7))):
            load_divisions(land.divisions)
            _load_at_once(make_register(land, seed=str(world.seed), scale=(scale - 1) / counties))
        ledger.seal_pending()


def _load_at_once(register: Register) -> None:
    """The register of a county that is not lived: as it stands on the last day."""
    closed = {closure.premises: closure.on for batch in register.batches for closure in batch.closures}
    left = {departure.staff: departure.on for batch in register.batches for departure in batch.departures}
    everything = {
        kind: [value for batch in register.batches for value in getattr(batch, kind)]
        for kind in ("operators", "credentials", "certificates", "facts")
    }
    registry.load(
        premises=[replace(p, closed_on=closed.get(p.key)) for batch in register.batches for p in batch.premises],
        staff=[replace(s, left_on=left.get(s.key)) for batch in register.batches for s in batch.staff],
        by=None,
        **everything,
    )


def _truth(stage: Stage) -> truths.Truth:
    """Every planted fault, with the rows it lies in as the database numbers them."""
    faults = tuple(_rows_of(fault, stage) for fault in (*stage.world.faults, *stage.planted))
    return truths.Truth(stage.world.seed, stage.world.scale, digest(stage.world), faults)


def _rows_of(fault: Fault, stage: Stage) -> Fault:
    for name, rows in (("premises_id", stage.premises), ("staff_id", stage.staff), ("matter_id", stage.matters)):
        if fault.subject in rows:
            return replace(fault, facts={**fault.facts, name: rows[fault.subject]})
    return fault
