"""A code says what was signed, and nothing else passes for it."""

import base64
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines import certificates as engine
from fangxin.engines.certificates import Key, Outcome, Signer, Statement
from fangxin.engines.evidence import SigningKeyError, new_signing_key

PRIVATE, PUBLIC = new_signing_key()
_OTHER_PRIVATE, OTHER_PUBLIC = new_signing_key()
SIGNER = Signer(PRIVATE)
LEEK = Statement(
    number="990101-2023-0000123",
    producer="石门合作社",
    product="韭菜",
    quantity=Decimal(120),
    unit="kg",
    origin="990101100201",
    issued_on=date(2023, 3, 15),
    commitments=engine.COMMITMENTS,
    bases=("own_test",),
    digest="0f" * 12,
)
CODE = SIGNER.sign(LEEK)

words = st.text(st.characters(codec="utf-8", categories=("Lo", "Nd", "Lu", "Ll")), min_size=1, max_size=15)


def plain(text: str) -> bool:
    try:
        engine.compact(replace(LEEK, producer=text))
    except engine.StatementError:
        return False
    return True


statements = st.builds(
    Statement,
    number=st.builds(
        "{:06d}-{}-{:07d}".format,
        st.integers(0, 999_999),
        st.integers(2000, 2255),
        st.integers(0, 9_999_999_999),
    ),
    producer=words.filter(plain),
    product=words.filter(plain),
    quantity=st.integers(1, 10**12).map(lambda n: Decimal(n) / 1000),
    unit=st.sampled_from(engine.UNITS),
    origin=st.sampled_from((6, 9, 12)).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n)),
    issued_on=st.dates(date(2000, 1, 1), date(2099, 12, 30)),
    commitments=st.sets(st.sampled_from(engine.COMMITMENTS)).map(
        lambda found: tuple(word for word in engine.COMMITMENTS if word in found)
    ),
    bases=st.sets(st.sampled_from(engine.BASES)).map(
        lambda found: tuple(word for word in engine.BASES if word in found)
    ),
    digest=st.binary(min_size=12, max_size=12).map(bytes.hex),
)


@settings(max_examples=150, deadline=None)
@given(statements)
def test_every_statement_comes_back_as_it_was_signed(statement: Statement) -> None:
    verdict = engine.verify(SIGNER.sign(statement), [Key(OTHER_PUBLIC), Key(PUBLIC)])
    assert verdict.outcome is Outcome.GENUINE
    assert verdict.statement == statement


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_in_their_one_form_or_refused(content: bytes) -> None:
    try:
        statement = engine.expand(content)
    except engine.StatementError:
        return
    assert engine.compact(statement) == content


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    assert engine.verify(text, [Key(PUBLIC)]).outcome is not Outcome.GENUINE


def test_no_changed_bit_passes() -> None:
    content = base64.b32decode(CODE + "=" * (-len(CODE) % 8))
    for place in range(len(content) * 8):
        changed = bytearray(content)
        changed[place // 8] ^= 1 << place % 8
        code = base64.b32encode(bytes(changed)).decode().rstrip("=")
        assert engine.verify(code, [Key(PUBLIC)]).outcome is not Outcome.GENUINE


def test_no_changed_letter_passes() -> None:
    for place, letter in enumerate(CODE):
        changed = CODE[:place] + ("A" if letter != "A" else "B") + CODE[place + 1 :]
        assert engine.verify(changed, [Key(PUBLIC)]).outcome is not Outcome.GENUINE
    for code in (CODE[:-1], CODE + "A", CODE[1:], CODE + CODE):
        assert engine.verify(code, [Key(PUBLIC)]).outcome is not Outcome.GENUINE


def test_what_somebody_else_signed_is_told_apart_from_what_was_changed() -> None:
    assert engine.verify(CODE, [Key(OTHER_PUBLIC)]).outcome is Outcome.UNKNOWN_KEY
    assert engine.verify(CODE, []).outcome is Outcome.UNKNOWN_KEY
    # The signature of one certificate under the words of another.
    more = engine.compact(replace(LEEK, quantity=Decimal(1200)))
    content = base64.b32decode(CODE + "=" * (-len(CODE) % 8))
    forged = base64.b32encode(content[:5] + more + content[-64:]).decode().rstrip("=")
    verdict = engine.verify(forged, [Key(PUBLIC)])
    assert verdict.outcome is Outcome.FORGED
    assert verdict.statement == replace(LEEK, quantity=Decimal(1200))


def test_a_later_version_says_so_instead_of_calling_the_code_false() -> None:
    content = base64.b32decode(CODE + "=" * (-len(CODE) % 8))
    later = base64.b32encode(bytes([engine.VERSION + 1]) + content[1:]).decode().rstrip("=")
    assert engine.verify(later, [Key(PUBLIC)]).outcome is Outcome.NEWER_VERSION


@pytest.mark.parametrize(
    ("first", "last", "outcome"),
    [
        (date(2023, 3, 15), date(2023, 3, 15), Outcome.GENUINE),
        (date(2023, 3, 16), None, Outcome.OUTSIDE_VALIDITY),
        (None, date(2023, 3, 14), Outcome.OUTSIDE_VALIDITY),
        (None, None, Outcome.GENUINE),
    ],
)
def test_a_key_counts_on_the_days_of_its_use(first: date | None, last: date | None, outcome: Outcome) -> None:
    assert engine.verify(CODE, [Key(PUBLIC, first, last)]).outcome is outcome


def test_a_key_used_twice_counts_on_the_days_of_either_use() -> None:
    keys = [Key(PUBLIC, None, date(2022, 1, 1)), Key(PUBLIC, date(2023, 1, 1))]
    assert engine.verify(CODE, keys).outcome is Outcome.GENUINE


def test_keys_travel_as_a_file() -> None:
    keys = [Key(PUBLIC, date(2023, 1, 1), date(2023, 12, 31), "云桥县"), Key(OTHER_PUBLIC)]
    assert engine.keys_from_json(engine.keys_to_json(keys)) == keys
    for text in ("", "[]", "{}", '{"keys": 3}', '{"keys": [{}]}', '{"keys": [{"public_key": 1}]}'):
        with pytest.raises(engine.CodeError):
            engine.keys_from_json(text)


def test_a_damaged_key_is_told_not_swallowed() -> None:
    with pytest.raises(SigningKeyError):
        engine.verify(CODE, [Key(b"-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----\n")])


def test_the_code_is_found_in_what_a_scanner_gives() -> None:
    address = engine.address_of("https://food.example:8443/", CODE)
    assert address == address.upper()
    halves = f"{CODE[:50]}\r\n {CODE[50:].lower()}"
    for text in (address, address.lower(), f"{address}/", f"{address}?from=a", f"  {CODE}\n", halves):
        assert engine.code_in(text) == CODE


@pytest.mark.parametrize(
    "part",
    [
        {"number": "990101-2023-123"}, {"number": "990101-2023-00000123"}, {"number": "٩90101-2023-0000123"},
        {"quantity": Decimal(0)}, {"quantity": Decimal("1.0001")}, {"quantity": Decimal("NaN")}, {"quantity": Decimal("1e10")},
        {"unit": "ton"}, {"origin": "9901"}, {"origin": "99010110020x"}, {"issued_on": date(1999, 12, 31)},
        {"producer": ""}, {"producer": " 甲"}, {"producer": "甲\u202e乙"}, {"producer": "甲\n乙"}, {"producer": "\ud800"},
        {"producer": "甲" * 31}, {"product": "e\u0301"}, {"commitments": ("other",)}, {"bases": ("own_test", "own_test")},
        {"bases": ("own_test", "entrusted_test")}, {"digest": "0f"}, {"digest": "0F" * 12},
    ],
)  # fmt: skip
def test_what_cannot_stand_on_a_label_is_refused(part: dict[str, object]) -> None:
    with pytest.raises(engine.StatementError):
        SIGNER.sign(replace(LEEK, **part))  # type: ignore[arg-type]


def test_the_longest_code_still_prints_on_a_58_mm_label() -> None:
    # Such a printer has 384 dots in 48 mm; four dots a module is half a millimetre, which telephones read.
    longest = replace(
        LEEK, number="990101-2099-9999999999", producer="甲" * 30, product="乙" * 30, quantity=Decimal(10**9)
    )
    address = engine.address_of("https://foodsafety.county.gov.example", SIGNER.sign(longest))
    symbol = segno.make(address, error="m", boost_error=False)
    assert symbol.mode == "alphanumeric"
    assert symbol.symbol_size(border=4)[0] * 4 <= 384
    assert len(SIGNER.sign(longest)) <= engine.MOST_CODE
