"""What the number checks promise for every number, typed well or badly."""

import doctest
import importlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.identifiers import (
    Problem,
    check_business_licence,
    check_credit_code,
    check_gtin,
    check_organisation_code,
    check_phone,
    check_production_licence,
    make_business_licence,
    make_credit_code,
    make_gtin,
    make_organisation_code,
    make_production_licence,
    normalize,
)

few = settings(max_examples=60, deadline=None)
CHECKS = [
    check_business_licence,
    check_credit_code,
    check_gtin,
    check_organisation_code,
    check_phone,
    check_production_licence,
]
FULL_WIDTH = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})


def credit_code(serial):
    return make_credit_code(division="410101", serial=serial)


def production(serial):
    return make_production_licence(category="106", division="410101", serial=serial % 10_000)


def business(serial):
    return make_business_licence(business="2", division="410101", serial=serial % 1_000_000)


def item(serial):
    return make_gtin(f"690{serial:09d}")


MADE = [
    (credit_code, check_credit_code),
    (make_organisation_code, check_organisation_code),
    (production, check_production_licence),
    (business, check_business_licence),
    (item, check_gtin),
]


@pytest.mark.parametrize("name", ["results", "credit_code", "licences", "gtin", "phones"])
def test_examples_in_the_docstrings_run(name):
    failed, attempted = doctest.testmod(importlib.import_module(f"fangxin.engines.identifiers.{name}"))
    assert attempted
    assert not failed


@pytest.mark.parametrize(("make", "check"), MADE)
@few
@given(st.integers(0, 99_999_999))
def test_a_made_number_is_valid_and_always_the_same(make, check, serial):
    assert check(make(serial)).valid
    assert make(serial) == make(serial)


@pytest.mark.parametrize(("make", "check"), MADE)
@few
@given(st.integers(0, 9_999), st.integers(0, 40), st.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(make, check, serial, place, shift):
    number = make(serial)
    places = [index for index, character in enumerate(number) if character.isdigit()]
    index = places[place % len(places)]
    wrong = number[:index] + str((int(number[index]) + shift) % 10) + number[index + 1 :]
    assert not check(wrong).valid


@pytest.mark.parametrize(("make", "check"), MADE[:2])
@few
@given(st.integers(0, 99_999_999), st.integers(0, 40))
def test_two_neighbours_swapped_are_noticed_in_the_codes(make, check, serial, place):
    number = make(serial)
    index = place % (len(number) - 1)
    swapped = number[:index] + number[index + 1] + number[index] + number[index + 2 :]
    assert check(swapped).valid == (swapped == number)


@pytest.mark.parametrize(("make", "check"), MADE)
def test_width_case_blanks_and_hyphens_do_not_matter(make, check):
    number = make(4321)
    typed = " " + f"{number[:4]}-{number[4:8]}　{number[8:]}\u200b".lower().translate(FULL_WIDTH)
    assert check(typed).normalized == number
    assert check(typed).valid


@pytest.mark.parametrize("check", CHECKS)
@few
@given(st.text(max_size=24))
def test_any_text_gets_an_answer(check, text):
    answer = check(text)
    assert answer.valid == (answer.problem is None)


@few
@given(st.text("aZ09Ａｚ９－-　 \u200b有限（)", max_size=24))
def test_the_plain_form_is_final(text):
    assert normalize(normalize(text)) == normalize(text)


@pytest.mark.parametrize("check", CHECKS)
def test_nothing_typed_is_said_to_be_empty(check):
    assert check(" 　").problem is Problem.EMPTY


@pytest.mark.parametrize(
    ("check", "text", "problem"),
    [
        (check_credit_code, "91350100M000100Y4", Problem.LENGTH),
        (check_credit_code, "91350100M00O100Y43", Problem.CHARACTER),
        (check_credit_code, "91990100M000100Y43", Problem.DIVISION),
        (check_credit_code, "91350100M000100Y4３０", Problem.LENGTH),
        (check_organisation_code, "D2143569-0", Problem.CHECK_CHARACTER),
        (check_organisation_code, "D2143569", Problem.LENGTH),
        (check_production_licence, "QS410101010001", Problem.PREFIX),
        (check_production_licence, "11834020305037", Problem.PREFIX),
        (check_production_licence, "SC1183402030503", Problem.LENGTH),
        (check_production_licence, "SC1183402030503X", Problem.CHARACTER),
        (check_production_licence, "SC31834020305037", Problem.KIND),
        (check_business_licence, "JY43301080111719", Problem.KIND),
        (check_business_licence, "JY19901080111719", Problem.DIVISION),
        (check_business_licence, "JY13301080111718", Problem.CHECK_CHARACTER),
        (check_gtin, "69012345678", Problem.LENGTH),
        (check_gtin, "69012345678X2", Problem.CHARACTER),
        (check_phone, "1381234567", Problem.SHAPE),
        (check_phone, "12345", Problem.SHAPE),
        (check_phone, "138****0000", Problem.CHARACTER),
    ],
)
def test_the_first_thing_wrong_is_named(check, text, problem):
    assert check(text).problem is problem


def test_a_sound_code_around_a_broken_organisation_code_is_told_apart():
    from fangxin.engines.identifiers.credit_code import credit_check_character

    body = "92410101" + "000000071"
    assert check_credit_code(body + credit_check_character(body)).problem is Problem.EMBEDDED_CODE


def test_national_bodies_have_a_division_of_their_own():
    assert check_credit_code(make_credit_code(division="100000", serial=12, department="1", kind="1")).valid


@pytest.mark.parametrize(
    ("text", "kind", "normalized"),
    [
        ("138 0000 0000", "mobile", "13800000000"),
        ("+86-13800000000", "mobile", "13800000000"),
        ("8613800000000", "mobile", "13800000000"),
        ("０３９８－７８７００００", "landline", "03987870000"),
        ("010-60000000", "landline", "01060000000"),
        ("0086 0398 7870000", "landline", "03987870000"),
        ("400-000-0000", "service", "4000000000"),
        ("7870000", "local", "7870000"),
    ],
)
def test_telephone_shapes(text, kind, normalized):
    answer = check_phone(text)
    assert (answer.part("kind"), answer.normalized) == (kind, normalized)


@pytest.mark.parametrize(
    "make",
    [
        lambda: make_credit_code(division="4101", serial=1),
        lambda: make_organisation_code(100_000_000),
        lambda: make_organisation_code(-1),
        lambda: make_business_licence(business="2", division="410101", serial=1_000_000),
        lambda: make_production_licence(category="1A6", division="410101", serial=1),
        lambda: make_gtin("123"),
    ],
)
def test_a_number_that_cannot_be_made_is_refused(make):
    with pytest.raises(ValueError, match=r"\w"):
        make()
