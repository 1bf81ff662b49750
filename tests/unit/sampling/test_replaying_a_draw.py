"""The published file lets anyone draw again, and a change anywhere in it is found."""

import json
from copy import deepcopy

import pytest
from tests.unit.sampling.invented import PUBLIC, SALT, SEED, plan, plan_values

from fangxin.engines.sampling import (
    CommitmentDiffers,
    Difference,
    NotAResult,
    draw,
    inclusion,
    is_public_value,
    plan_digest,
    plan_from,
    verify_result,
    write_result,
)

SMALL = {
    "quotas": [{"by": "grade", "counts": {"A": 2, "B": 1, "C": 1}}],
    "targets": 10,
    "inspectors": 5,
}


def drawn(**changes):
    return draw(plan(**(SMALL | changes)), seed=SEED, salt=SALT, public=PUBLIC)


@pytest.fixture(scope="module")
def published():
    return write_result(drawn())


def pack(values):
    return (json.dumps(values, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def leaves(value, path=()):
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list) and value:
        for place, item in enumerate(value):
            yield from leaves(item, (*path, place))
    else:
        yield path, value


def altered(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str) and value:
        other = "1" if value[-1] != "1" else "2"
        return value[:-1] + other
    return "x" if value is None or value == "" else ["x"]


def put(values, path, value):
    changed = deepcopy(values)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


def test_the_file_reproduces_the_draw(published):
    checked = verify_result(published, announced=drawn().plan_digest)
    assert checked.reproduced
    assert checked.result == drawn()


def test_the_same_plan_in_another_order_gives_the_same_bytes(published):
    values = plan_values(**SMALL)
    for key in ("targets", "inspectors"):
        values[key].reverse()
    assert write_result(draw(plan_from(values), seed=SEED, salt=SALT, public=PUBLIC)) == published


EXPECTED = [("T002", ("I00", "I01")), ("T008", ()), ("T003", ()), ("T001", ("I02", "I04"))]
EXPECTED_DIGEST = "75382b94c6ddbc50eceddb6088ba890397d758594f916122ed4bbcc1e5ee6cc5"


def test_the_draw_itself_never_changes_between_versions():
    """Whoever changes this outcome breaks the replay of every published draw: it needs another algorithm version."""
    result = drawn()
    assert [(t.id, t.team) for t in result.drawn] == EXPECTED
    assert result.plan_digest == EXPECTED_DIGEST


def test_every_single_field_altered_is_found(published):
    values = json.loads(published)
    fields = list(leaves(values))
    assert len(fields) > 150
    for path, value in fields:
        checked = verify_result(pack(put(values, path, altered(value))))
        assert not checked.reproduced, path


def test_every_single_byte_altered_is_found(published):
    for place in range(0, len(published), 7):
        changed = bytearray(published)
        changed[place] ^= 1 << place % 7
        try:
            reproduced = verify_result(bytes(changed)).reproduced
        except NotAResult:
            reproduced = False
        assert not reproduced, place


@pytest.mark.parametrize(
    ("path", "value", "pointer", "kind"),
    [
        (("format",), "fangxin-draw-2", "/format", Difference.VALUE),
        (("algorithm", "version"), 2, "/algorithm/version", Difference.VALUE),
        (("plan", "title"), "另一次", "/plan_digest", Difference.VALUE),
        (("plan", "commitment"), "0" * 64, "/revealed/seed", Difference.COMMITMENT),
        (("plan", "team_size"), 1, "/plan/team_size", Difference.PLAN_REFUSED),
        (("plan", "targets", 0, "weight"), "1.0", "/plan/targets/0/weight", Difference.VALUE),
        (("revealed", "seed"), "00", "/revealed/seed", Difference.VALUE),
        (("revealed", "seed"), "00" * 32, "/revealed/seed", Difference.COMMITMENT),
        (("revealed", "public_value"), "another", "/targets/", Difference.VALUE),
        (("revealed", "public_value"), " ", "/revealed/public_value", Difference.VALUE),
        (("targets", 3, "probability"), "1/2", "/targets/3/probability", Difference.VALUE),
        (("targets", 3, "team"), ["I00", "I01"], "/targets/3/team", Difference.SURPLUS),
        (("targets", 3, "note"), "x", "/targets/3/note", Difference.SURPLUS),
        (("strata", 0, "drawn"), True, "/strata/0/drawn", Difference.VALUE),
        (("digest",), "0" * 64, "/digest", Difference.VALUE),
    ],
)
def test_the_first_difference_is_named(published, path, value, pointer, kind):
    difference = verify_result(pack(put(json.loads(published), path, value))).difference
    assert difference.pointer.startswith(pointer)
    assert difference.kind is kind


def test_something_left_out_is_named(published):
    values = json.loads(published)
    del values["targets"][2]["order"]
    difference = verify_result(pack(values)).difference
    assert (difference.pointer, difference.kind) == ("/targets/2/order", Difference.MISSING)


def test_the_same_values_in_other_bytes_are_told_apart(published):
    for other in (json.dumps(json.loads(published)).encode(), published + b"\n", b"\xef\xbb\xbf" + published):
        assert verify_result(other).difference.kind is Difference.FORM


def test_a_whole_forgery_is_found_by_the_announced_digest():
    forged = write_result(drawn(title="事后改过的计划"))
    assert verify_result(forged).reproduced
    difference = verify_result(forged, announced=plan_digest(plan(**SMALL))).difference
    assert difference.kind is Difference.NOT_ANNOUNCED


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[]", b"3", b'{"a":', b"[" * 100_000, b'{"a": NaN}', b"9" * 9999])
def test_what_is_no_result_file_is_said_to_be_none(data):
    with pytest.raises(NotAResult):
        verify_result(data)


def test_a_seed_other_than_the_committed_one_draws_nothing():
    with pytest.raises(CommitmentDiffers):
        draw(plan(), seed=SALT, salt=SEED, public=PUBLIC)


@pytest.mark.parametrize("public", ["", " 03 07", "03 07\n", "03\t07"])
def test_a_public_value_that_copying_could_change_is_refused(public):
    assert not is_public_value(public)
    with pytest.raises(ValueError, match="public value"):
        draw(plan(), seed=SEED, salt=SALT, public=public)


def test_the_public_value_decides_too():
    others = {frozenset(t.id for t in draw(plan(), seed=SEED, salt=SALT, public=f"{n}").drawn) for n in range(10)}
    assert len(others) == 10


def test_every_drawn_target_has_a_place_and_its_stated_chance():
    result = draw(plan(), seed=SEED, salt=SALT, public=PUBLIC)
    assert [t.order for t in result.drawn] == list(range(1, 10))
    assert {t.id: t.probability for t in result.targets} == inclusion(plan()).probabilities
    assert all(not t.team for t in result.targets if not t.drawn)
