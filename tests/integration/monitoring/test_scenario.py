"""What was planted in the synthetic county is found by plain queries."""

from datetime import date

import pytest

from fangxin.actions.monitoring import scenario
from fangxin.actions.monitoring.models import Assessment, Consultation, Measurement, Signal
from fangxin.kernel.contributing import api as contribute
from fangxin.sim.life import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def truth(monkeypatch):
    """The county with this part of its life alone."""
    monkeypatch.setattr(contribute, "scenarios", {"monitoring": (45, scenario.live)})
    return build(seed=3, scale=0.01)


def test_the_rising_hazard_and_the_township_are_found_and_nothing_else(truth):
    (rising,), (township,) = truth.of("rising_hazard"), truth.of("township_above")
    series = Signal.objects.filter(kind="concentration")
    assert set(series.values_list("hazard", "food_group")) == {(rising.facts["hazard"], rising.facts["food"])}
    first = series.order_by("number").first()
    since = next(d for d, value, limit, *_rest in first.facts["points"] if d >= rising.facts["since"] and value > limit)
    assert (date.fromisoformat(since) - date.fromisoformat(rising.facts["since"])).days <= 60
    places = set(Signal.objects.filter(kind="township").values_list("division_code", "hazard"))
    assert places == {(township.division_code, township.facts["hazard"])}
    over = Measurement.objects.filter(hazard="Pb", food="菠菜", over_limit="yes")
    assert over.filter(division_code=township.division_code).count() > over.count() / 2
    _closed_once_and_open_at_the_end()


def _closed_once_and_open_at_the_end():
    talk = Consultation.objects.get(state="concluded")
    assert {d.matter.origin for d in talk.decisions.select_related("matter")} == {"other"}
    assert talk.signals.filter(state="acted").exists()
    assert talk.dossier is not None
    assert Consultation.objects.filter(state="planned").count() == 1
    assert Signal.objects.filter(state="raised").exists()
    assert Assessment.objects.count() == 5
