import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.evidence import CanonicalError, canonical_bytes, canonical_json


class Grade(str, Enum):  # noqa: UP042 -- Django's TextChoices print like this one
    BEST = "A"


scalars = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
)


@given(values)
@settings(max_examples=150)
def test_the_form_reads_back_as_the_same_value_and_is_its_own_form(value):
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(), min_size=2), st.randoms())
@settings(max_examples=50)
def test_the_order_in_which_keys_were_written_does_not_matter(mapping, random):
    items = list(mapping.items())
    random.shuffle(items)
    assert canonical_bytes(dict(items)) == canonical_bytes(mapping)


def test_numbers_dates_and_moments_have_one_spelling():
    local = datetime(2022, 6, 24, 17, 0, tzinfo=timezone(timedelta(hours=8)))
    assert canonical_json(local) == canonical_json(local.astimezone(UTC)) == '"2022-06-24T09:00:00.000000+00:00"'
    assert canonical_json([Decimal("1E+2"), Decimal("0.50"), date(2022, 5, 19)]) == '["100","0.50","2022-05-19"]'


def test_a_member_of_a_text_enumeration_is_written_as_its_value():
    assert canonical_json({Grade.BEST: Grade.BEST}) == '{"A":"A"}'


@pytest.mark.parametrize(
    "value",
    [
        0.1,
        float("nan"),
        {"rate": [1, 0.5]},
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1E+1000000"),
        {1: "one"},
        datetime(2022, 6, 24, 17, 0),  # noqa: DTZ001 -- the missing zone is the point
        "\ud800",
        {"\udfff": 1},
        pytest.param(10**5000, id="too long to print"),
        b"bytes",
        {1, 2},
        object(),
    ],
)
def test_what_has_no_exact_form_is_refused(value):
    with pytest.raises(CanonicalError):
        canonical_json(value)


def test_a_circle_is_refused_instead_of_followed():
    circle = []
    circle.append(circle)
    with pytest.raises(CanonicalError, match="deeper"):
        canonical_json(circle)
