import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.surfaces.field.reading import NotUnderstood, read_batch

NOW = datetime(2023, 3, 15, tzinfo=UTC)
UUID = "5b6f6a1e-6f0e-4a6e-9a39-0d0f7c1b2a3d"


def operation(**changes):
    return {
        "uuid": UUID, "sequence": 1, "kind": "item", "subject": "s", "payload": {"note": "好"}, "files": [],
        "made_at": "2023-03-15T01:00:00.000Z", "boot": "b", "mono": 1.5, "after": None, "lost": [], **changes,
    }  # fmt: skip


def batch(**changes):
    return {
        "protocol": 1, "device": UUID, "boot": "b", "sent_at": "2023-03-15T01:00:00.000Z", "mono": 2, "pending": 1,
        "confirm": [], "operations": [operation()], **changes,
    }  # fmt: skip


def read(value):
    return read_batch(json.dumps(value).encode(), received_at=NOW)


def test_a_batch_of_the_phone_is_read():
    found = read(batch()).operations[0]
    assert (found.uuid, found.sequence, found.payload, found.made_at.hour) == (UUID, 1, {"note": "好"}, 1)


def test_a_batch_cut_at_any_byte_is_not_taken():
    body = json.dumps(batch()).encode()
    for end in range(len(body)):
        with pytest.raises(NotUnderstood):
            read_batch(body[:end], received_at=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"uuid": "x"}, {"uuid": None}, {"uuid": 10**30}, {"sequence": 0}, {"sequence": True}, {"sequence": 10**30},
        {"sequence": 1.5}, {"kind": ""}, {"kind": "a\0b"}, {"kind": "x" * 41}, {"subject": "\ud800"}, {"payload": []},
        {"payload": {"note": "a\0b"}}, {"payload": {"\0": 1}}, {"payload": {"note": ["\ud800"]}}, {"payload": {"n": "x" * 30_000}},
        {"files": ["x"]}, {"files": "x"}, {"files": ["a" * 64] * 21}, {"made_at": "yesterday"}, {"made_at": "2023-02-30T00:00:00Z"},
        {"made_at": "2023-03-15T01:00:00"}, {"made_at": "9999-12-31T23:59:59Z"}, {"mono": -1}, {"mono": "1"}, {"mono": 1e300},
        {"after": "x"}, {"lost": [1]},
    ],
)  # fmt: skip
def test_nonsense_in_an_operation_is_refused(changes):
    with pytest.raises(NotUnderstood):
        read(batch(operations=[operation(**changes)]))


@pytest.mark.parametrize("body", [b"", b"\0", b"[]", b"null", b"{", b'{"protocol": NaN}', b"[" * 100_000, b"\xff"])
def test_what_is_no_batch_is_refused(body):
    with pytest.raises(NotUnderstood):
        read_batch(body, received_at=NOW)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(batch())), json_values)
def test_no_value_anywhere_does_more_than_be_refused(name, value):
    with suppress(NotUnderstood):
        read(batch(**{name: value}))
