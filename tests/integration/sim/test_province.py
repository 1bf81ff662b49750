"""A province is a lived county and registers beside it; the quick county has no plan."""

from pathlib import Path

import pytest
from django.conf import settings

from fangxin.engines.places import load_places
from fangxin.kernel.casework.models import Matter
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.oversight.plans.models import Plan
from fangxin.sim.life import build, load_province
from fangxin.sim.world import make_world

pytestmark = pytest.mark.django_db


def test_other_counties_are_registers_below_codes_of_their_own() -> None:
    places = load_places((Path(settings.STANDARDS_DIR) / "places/411224.toml").read_text(encoding="utf-8"))
    load_province(make_world(places, seed=3, scale=0.02), 1.02, lambda _text: None)
    counties = set(registry.Premises.objects.values_list("division_code", flat=True))
    assert len({code[:6] for code in counties}) == 6
    assert not registry.Premises.objects.filter(people.under("411224")).exists()
    assert registry.Credential.objects.exists()
    assert not registry.Premises.objects.filter(status="closed", closed_on=None).exists()


def test_without_oversight_there_are_registers_and_matters_only() -> None:
    truth = build(seed=3, scale=0.01, with_oversight=False)
    assert registry.Premises.objects.count() > 50
    assert Matter.objects.count() >= 4
    assert not Plan.objects.exists()
    assert not truth.of("late_return")
