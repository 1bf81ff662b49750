import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fangxin.engines.evidence import (
    CheckpointError,
    SigningKeyError,
    from_json,
    key_id,
    new_signing_key,
    public_key_of,
    sign_checkpoint,
    to_json,
    verify_checkpoint,
    verify_signature,
)

PRIVATE, PUBLIC = new_signing_key()
AT = datetime(2022, 6, 25, 8, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def checkpoint():
    return sign_checkpoint(PRIVATE, ledger_id="county-1", seq=120, digest="ab" * 32, at=AT)


def test_a_signed_checkpoint_verifies_after_travelling_as_text(checkpoint):
    arrived = from_json(to_json(checkpoint))
    assert arrived == checkpoint
    assert arrived.at == AT
    assert arrived.at.tzinfo is UTC
    assert verify_checkpoint(PUBLIC, arrived)


@pytest.mark.parametrize(
    "change",
    [
        {"ledger_id": "county-2"},
        {"seq": 121},
        {"digest": "ac" * 32},
        {"at": AT + timedelta(microseconds=1)},
        {"algorithm": "sm3"},
        {"key_id": "0" * 16},
        {"signature": "0" * 128},
        {"signature": ""},
        {"signature": "z" * 128},
    ],
)
def test_every_part_is_covered_by_the_signature(checkpoint, change):
    assert not verify_checkpoint(PUBLIC, replace(checkpoint, **change))


def test_another_key_does_not_verify_and_shows_by_its_name(checkpoint):
    _, other = new_signing_key()
    assert not verify_checkpoint(other, checkpoint)
    assert checkpoint.key_id == key_id(PUBLIC) != key_id(other)


def test_a_signature_has_one_spelling(checkpoint):
    upper = checkpoint.signature.upper()
    assert upper != checkpoint.signature
    assert not verify_signature(PUBLIC, b"", upper)


def test_a_locked_key_needs_its_passphrase():
    locked, public = new_signing_key(b"kitchen door")
    assert public_key_of(locked, b"kitchen door") == public
    for wrong in (None, b"window"):
        with pytest.raises(SigningKeyError):
            public_key_of(locked, wrong)


def test_other_kinds_of_keys_are_refused():
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for unusable in (pem, b"", b"not a key", PRIVATE):
        with pytest.raises(SigningKeyError):
            key_id(unusable)


def test_signing_needs_a_time_zone():
    with pytest.raises(CheckpointError):
        sign_checkpoint(PRIVATE, ledger_id="x", seq=1, digest="", at=datetime(2022, 6, 25))  # noqa: DTZ001


@pytest.mark.parametrize(
    "change",
    [
        {"seq": "120"},
        {"seq": True},
        {"seq": -1},
        {"digest": None},
        {"at": "yesterday"},
        {"at": "2022-06-25T08:00:00"},
        {"at": 5},
        {"extra": 1},
    ],
)
def test_text_that_is_no_checkpoint_is_refused(checkpoint, change):
    with pytest.raises(CheckpointError):
        from_json(json.dumps({**json.loads(to_json(checkpoint)), **change}))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", "[" * 100_000])
def test_text_of_any_other_kind_is_refused(text):
    with pytest.raises(CheckpointError):
        from_json(text)
