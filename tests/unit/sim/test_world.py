"""The invented county as values: the same for the same seed, marked as invented, whole in itself."""

from collections import Counter
from pathlib import Path

import pytest

from fangxin.engines.identifiers import check_business_licence, check_credit_code, check_phone, check_production_licence
from fangxin.engines.places import Place, load_places
from fangxin.sim import names
from fangxin.sim.places import invented_counties
from fangxin.sim.register import make_register
from fangxin.sim.shapes import SHAPES
from fangxin.sim.values import BEGINS, ENDS, World
from fangxin.sim.world import digest, make_world

PLACES = load_places((Path(__file__).parents[3] / "standards/places/411224.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def county() -> World:
    return make_world(PLACES, seed=5)


@pytest.fixture(scope="module")
def hamlet() -> World:
    return make_world(PLACES, seed=5, scale=0.02)


def test_the_same_seed_gives_the_same_world(hamlet: World) -> None:
    assert digest(make_world(PLACES, seed=5, scale=0.02)) == digest(hamlet)


def test_another_seed_gives_another_world(hamlet: World) -> None:
    assert digest(make_world(PLACES, seed=6, scale=0.02)) != digest(hamlet)


def test_the_county_has_the_size_asked_for(county: World) -> None:
    staff = sum(len(batch.staff) for batch in county.register.batches)
    unregistered = county.faults_of("unregistered")
    assert len(county.land.townships) == 20
    assert 330 <= len(county.land.villages) <= 370
    assert len(county.register.premises) == 6000
    assert 8_000 <= staff <= 10_000
    assert len(county.stories) == 400
    assert len(unregistered) >= 60
    assert len(county.surveys) == 3


def test_every_kind_of_premises_is_there_even_in_a_small_county(hamlet: World) -> None:
    kinds = Counter(premises.kind for premises in hamlet.register.premises.values())
    assert set(kinds) == {shape.kind for shape in SHAPES}


def test_operators_villages_and_addresses_say_that_they_are_invented(county: World) -> None:
    operators = [operator for batch in county.register.batches for operator in batch.operators]
    assert all(names.MARK in operator.name for operator in operators)
    assert all(names.MARK in premises.address for premises in county.register.premises.values())
    assert all(village.note == names.SOURCE for village in county.land.villages)


def test_telephone_numbers_belong_to_no_carrier(county: World) -> None:
    phones = {operator.phone for batch in county.register.batches for operator in batch.operators}
    assert all(phone.startswith("154") and check_phone(phone).valid for phone in phones)


def test_numbers_carry_their_check_characters(county: World) -> None:
    operators = [operator for batch in county.register.batches for operator in batch.operators]
    credentials = [credential for batch in county.register.batches for credential in batch.credentials]
    assert all(check_credit_code(o.uscc).valid for o in operators if o.uscc)
    check = {"business_licence": check_business_licence, "production_licence": check_production_licence}
    assert all(check[c.kind](c.number).valid for c in credentials if c.kind in check)


def test_nothing_enters_the_register_before_it_happened(county: World) -> None:
    for batch in county.register.batches:
        day = batch.at.date()
        assert BEGINS <= day < ENDS
        assert all(p.opened_on and p.opened_on <= day for p in batch.premises)
        assert all(c.issued_on <= day for c in batch.credentials)
        assert all(s.joined_on <= day for s in batch.staff)
        assert all(c.passed_on <= day for c in batch.certificates)
        assert all(f.valid_from <= day for f in batch.facts)
        assert all(closure.on <= day for closure in batch.closures)


def test_steps_of_a_matter_follow_each_other_and_nobody_judges_his_own_work(county: World) -> None:
    for story in county.stories:
        moments = [step.at for step in story.steps]
        assert moments == sorted(moments)
        hands = {step.by for step in story.steps if step.verb in ("start", "progress", "submit")}
        judges = {step.by for step in story.steps if step.verb in ("close", "return", "look_back")}
        assert not hands & judges


def test_a_place_planted_as_expired_holds_no_later_paper(county: World) -> None:
    credentials = [c for batch in county.register.batches for c in batch.credentials]
    for fault in county.faults_of("expired_credential"):
        held = [c for c in credentials if c.premises == fault.subject]
        assert len(held) == 1
        assert held[0].expires_on is not None
        assert held[0].expires_on.isoformat() == fault.facts["expires_on"]


def test_other_counties_have_codes_that_no_real_county_has() -> None:
    province = Place("99", "云岭省", "province")
    codes = [land.code for land in invented_counties(province, seed="5")]
    assert len(codes) == len(set(codes)) == 180
    assert all(code[:4] >= "9951" for code in codes)


def test_another_county_is_a_register_of_its_own(hamlet: World) -> None:
    land = next(iter(invented_counties(Place("41", "河南省", "province"), seed="5")))
    register = make_register(land, seed="5", scale=0.02)
    assert all(p.division_code.startswith(land.code) for p in register.premises.values())
    assert not set(register.premises) & set(hamlet.register.premises)
