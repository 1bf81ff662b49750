import gzip
import io
import json
import random
import tracemalloc
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.evidence import SigningKeyError, canonical_bytes, digest, new_signing_key, sign_checkpoint
from fangxin.engines.indicators import (
    Authenticity,
    Count,
    Figure,
    Kind,
    ProofFault,
    ProofHeader,
    RecordError,
    Row,
    publish,
    publish_signed,
    seal_gzip,
    verify_proof,
    write_proof,
)
from fangxin.engines.indicators.containers import frame, read_lines
from fangxin.engines.indicators.reading import read_definitions

PRIVATE, PUBLIC = new_signing_key()
STRANGER_PRIVATE, STRANGER = new_signing_key()
DEFINITIONS = read_definitions(
    [
        {
            "code": "A",
            "name": "规范化达标率",
            "subject": "shop",
            "denominator": "operating",
            "numerator": "score >= 80",
            "comparison": ">",
            "target": 80,
        },
        {
            "code": "B",
            "name": "绿色防控面积占比",
            "subject": "parcel",
            "denominator": "True",
            "numerator": "green",
            "sum_of": "area",
            "comparison": ">=",
            "target": 50,
        },
        {
            "code": "C",
            "name": "样品完成率",
            "kind": "signed",
            "reason": "尚未接入",
            "comparison": "=",
            "target": 100,
        },
        {
            "code": "D",
            "name": "农药使用量",
            "subject": "use",
            "form": "total",
            "numerator": "True",
            "sum_of": "kg",
            "unit": "千克",
            "comparison": "decline",
            "base_year": 2021,
        },
    ]
)
COMPUTED = [definition for definition in DEFINITIONS if definition.kind is Kind.COMPUTED]
DIVISIONS = {"990101": "安平县", "990101100": "城关镇"}
TOWNS = ("990101100001", "990101200001")
SHOPS = [
    Row(f"s{n:03}", TOWNS[n % 2], {"operating": n % 5 != 0, "score": None if n == 3 else 75 + n, "unseen": n})
    for n in range(1, 13)
]
PARCELS = [Row(f"p{n}", TOWNS[n % 2], {"green": n > 1, "area": Decimal(n) / 4}) for n in range(1, 5)]
USES = [Row("u1", TOWNS[0], {"kg": Decimal("12.50")}), Row("u2", TOWNS[1], {"kg": 7})]
ROWS = {"shop": SHOPS, "parcel": PARCELS, "use": USES}
CHECKPOINT = sign_checkpoint(
    PRIVATE, ledger_id="county-1", seq=9, digest="ab" * 32, at=datetime(2024, 9, 25, 1, 0, tzinfo=UTC)
)


def make_header(**change):
    return ProofHeader(**{
        "platform": "安平县食品安全平台",
        "as_of": date(2024, 9, 25),
        "divisions": DIVISIONS,
        "definitions": DEFINITIONS,
        "checkpoint": CHECKPOINT,
        **change,
    })  # fmt: skip


def make_figures(rows=ROWS):
    count = Count((definition, division) for definition in COMPUTED for division in DIVISIONS)
    for subject, found in rows.items():
        for row in found:
            count.add(subject, row)
    base = {"D": Figure(Decimal(25))}
    figures = [
        publish(definition, division, count.results()[definition.code, division], base=base.get(definition.code))
        for definition in COMPUTED
        for division in DIVISIONS
    ]
    signed = publish_signed(
        DEFINITIONS[2], "990101", Figure(Decimal(40), Decimal(40)), evidence=(digest(b"scan"),), signed_by="卫健委"
    )
    return [*figures, signed]


FIGURES = make_figures()


def make_proof(figures=FIGURES, rows=ROWS, key=PRIVATE, **change):
    return b"".join(write_proof(make_header(**change), figures, rows, private_key_pem=key))


PROOF = make_proof()
SEALED = b"".join(seal_gzip([PROOF]))


def faults(data, key=None):
    report = verify_proof(data, key)
    assert report.ok is (report.problem is None)
    return report.problem.fault if report.problem else None


def test_a_proof_holds_and_says_what_was_checked():
    report = verify_proof(PROOF, PUBLIC)
    assert report.ok
    assert (report.figures, report.recounted, report.rows) == (7, 6, 18)
    assert (report.platform, report.as_of) == ("安平县食品安全平台", date(2024, 9, 25))
    assert report.authenticity is Authenticity.CONFIRMED
    assert report.checkpoint == CHECKPOINT


def test_the_same_values_give_the_same_bytes_and_any_packing_is_read():
    assert make_proof() == PROOF
    assert gzip.decompress(SEALED) == PROOF
    plain_report = verify_proof(PROOF, PUBLIC)
    assert verify_proof(io.BytesIO(SEALED), PUBLIC) == plain_report
    assert verify_proof(gzip.compress(PROOF), PUBLIC) == plain_report


def test_only_the_fields_the_formulas_use_leave_the_house():
    assert b"unseen" not in PROOF


def test_the_published_numbers_are_in_the_file():
    figures = [json.loads(line) for line in PROOF.splitlines() if b'"kind":"figure"' in line]
    county_shops = figures[0]
    assert [county_shops[key] for key in ("numerator", "denominator", "value", "status")] == [
        "6",
        "10",
        "60.00",
        "not_met",
    ]
    assert [figures[2][key] for key in ("numerator", "denominator", "value")] == ["2.25", "2.5", "90.00"]
    assert [figures[4][key] for key in ("numerator", "denominator", "status")] == ["19.5", None, "met"]


def test_any_changed_byte_of_the_text_is_found():
    for place in range(len(PROOF)):
        damaged = bytearray(PROOF)
        damaged[place] ^= 1 << place % 8
        assert not verify_proof(bytes(damaged)).ok, place


def test_any_changed_bit_of_a_small_sealed_file_is_found():
    for place in range(len(SEALED) * 8):
        damaged = bytearray(SEALED)
        damaged[place // 8] ^= 1 << place % 8
        assert not verify_proof(bytes(damaged)).ok, place


@given(st.data())
@settings(max_examples=150)
def test_any_removed_repeated_or_swapped_part_is_found(data):
    lines = PROOF.splitlines(keepends=True)
    place = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.integers(0, len(lines) - 1))
    changed = list(lines)
    action = data.draw(st.sampled_from(["remove", "repeat", "swap", "cut"]))
    if action == "remove":
        del changed[place]
    elif action == "repeat":
        changed.insert(other, changed[place])
    elif action == "swap":
        changed[place], changed[other] = changed[other], changed[place]
    else:
        changed = [b"".join(lines)[: data.draw(st.integers(0, len(PROOF) - 1))]]
    if changed != lines:
        assert not verify_proof(b"".join(changed)).ok


@pytest.mark.parametrize("tail", [b"\n", b" ", b"x", b"{}\n", PROOF])
def test_nothing_may_follow(tail):
    assert not verify_proof(PROOF + tail).ok
    assert not verify_proof(SEALED + tail).ok
    assert not verify_proof(gzip.compress(PROOF) + tail).ok


def test_a_damaged_row_is_named_by_its_line():
    damaged = PROOF.replace(b'"operating":true,"score":76', b'"operating":true,"score":96')
    problem = verify_proof(damaged).problem
    assert problem.fault is ProofFault.CHANGED
    assert b'"score":76' in PROOF.splitlines()[problem.line - 1]


def resign(lines, key=PRIVATE):
    """What someone does who changes a file and makes every check in it fit again; `key` None leaves it unsigned."""
    from fangxin.engines.evidence import sign
    from fangxin.engines.indicators.proofs import proof_message

    body = b"".join(frame(canonical_bytes(values)) for values in lines)
    kinds = [values["kind"] for values in lines]
    sums = {"figures": kinds.count("figure"), "rows": kinds.count("row"), "digest": digest(body)}
    signature = sign(key, proof_message(sums)) if key else None
    return body + frame(canonical_bytes({**sums, "kind": "trailer", "signature": signature}))


def opened():
    lines = [json.loads(line) for line in PROOF.splitlines()]
    for values in lines:
        del values["_check"]
    return lines[:-1]


def test_the_forger_of_these_tests_writes_the_same_file_when_changing_nothing():
    assert resign(opened()) == PROOF


def change_row(lines):
    row = next(values for values in lines if values["kind"] == "row" and values["subject"] == "shop")
    row["fields"]["score"] = 99


def move_row(lines):
    row = next(values for values in lines if values["kind"] == "row" and values["subject"] == "shop")
    row["division"] = "990101100009"


def drop_row(lines):
    lines.remove(next(values for values in lines if values["kind"] == "row" and values["subject"] == "shop"))


def raise_figure(lines):
    lines[1]["numerator"] = "9"


def polish_value(lines):
    lines[1]["value"] = "80.01"


def call_it_met(lines):
    lines[1]["status"] = "met"


def lower_the_bar(lines):
    lines[0]["definitions"][0]["numerator"] = "score >= 60"


def drop_evidence(lines):
    lines[7]["evidence"] = []


@pytest.mark.parametrize(
    ("forge", "code", "part"),
    [
        (change_row, "A", "inputs"),
        (move_row, "A", "inputs"),
        (drop_row, "A", "rows"),
        (raise_figure, "A", "numerator"),
        (polish_value, "A", "value"),
        (call_it_met, "A", "status"),
        (lower_the_bar, "A", "formula"),
        (drop_evidence, "C", "verified"),
    ],
)
def test_a_forger_who_repairs_every_check_is_caught_by_counting_again(forge, code, part):
    lines = opened()
    forge(lines)
    problem = verify_proof(resign(lines)).problem
    assert (problem.fault, problem.code, problem.part) == (ProofFault.FIGURE_DIFFERS, code, part)
    assert problem.expected != problem.found


def test_a_whole_county_invented_anew_fails_only_against_the_key():
    rows = {**ROWS, "shop": [replace(row, fields={**row.fields, "score": 100}) for row in SHOPS]}
    invented = make_proof(make_figures(rows), rows, STRANGER_PRIVATE, checkpoint=None)
    report = verify_proof(invented)
    assert report.ok
    assert report.authenticity is Authenticity.EMBEDDED_KEY
    assert faults(invented, PUBLIC) is ProofFault.OTHER_KEY


def test_a_signature_or_checkpoint_of_another_key_is_not_accepted():
    assert faults(resign(opened(), STRANGER_PRIVATE)) is ProofFault.SIGNATURE_INVALID
    assert faults(make_proof(key=STRANGER_PRIVATE)) is ProofFault.CHECKPOINT_INVALID
    assert faults(resign(opened(), None), PUBLIC) is ProofFault.NOT_SIGNED


def test_an_unsigned_proof_shows_consistency_only():
    unsigned = make_proof(key=None, checkpoint=None)
    report = verify_proof(unsigned)
    assert report.ok
    assert report.authenticity is Authenticity.UNSIGNED
    assert faults(unsigned, PUBLIC) is ProofFault.NOT_SIGNED


def test_an_unreadable_key_is_told_as_such():
    with pytest.raises(SigningKeyError):
        verify_proof(PROOF, b"no key")


def test_writing_refuses_rows_out_of_order_or_without_a_field():
    with pytest.raises(RecordError, match="ascend"):
        make_proof(rows={**ROWS, "shop": SHOPS[::-1]})
    with pytest.raises(RecordError, match="no field"):
        make_proof(rows={**ROWS, "shop": [Row("s", TOWNS[0], {"operating": True})]})


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"{}\n", b"hello\n", b"\x1f\x8b", b"\x1f", bytes(300), b"[" * 10**6 + b"\n"]
)
def test_other_files_are_refused(data):
    assert not verify_proof(data).ok


@given(st.binary(max_size=200), st.integers(0, len(PROOF)))
@settings(max_examples=100)
def test_arbitrary_bytes_give_a_report_and_nothing_else(noise, place):
    assert not verify_proof(noise).ok
    assert verify_proof(PROOF[:place] + noise + PROOF[place:]).ok is (noise == b"")


json_values = st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.lists(st.integers(), max_size=2)


@given(st.data())
@settings(max_examples=200)
def test_a_file_of_the_right_form_with_wrong_values_gives_a_report_and_nothing_else(data):
    lines = opened()
    values = data.draw(st.sampled_from(lines))
    if values["kind"] == "row" and data.draw(st.booleans()):
        values = values["fields"]
    key = data.draw(st.sampled_from(sorted(values)))
    before, values[key] = values[key], data.draw(json_values | st.dictionaries(st.just("decimal"), json_values))
    report = verify_proof(resign(lines), PUBLIC)
    # Names of the platform, of divisions and of those who signed are not counted from anything: only a key binds them.
    free = key in ("platform", "as_of", "divisions", "signed_by", "evidence", "base", "checkpoint", "public_key")
    assert free or report.ok is (values[key] == before and type(values[key]) is type(before))


def test_a_small_file_cannot_fill_the_memory():
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(2**20)) for _ in range(60)) + packer.flush()
    tracemalloc.start()
    assert faults(bomb) is ProofFault.TOO_LARGE
    assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    tracemalloc.stop()


def test_the_sum_of_all_lines_is_bounded_too():
    assert verify_proof(SEALED, max_bytes=len(PROOF)).ok
    assert verify_proof(SEALED, max_bytes=len(PROOF) - 1).problem.fault is ProofFault.TOO_LARGE


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
def test_lines_of_any_size_come_back_from_any_packing(size):
    text = b"x" * size + b"\n" + bytes(random.Random(size).choices(b"abc", k=size)) + b"\n"
    for packed in (text, gzip.compress(text), b"".join(seal_gzip([text])), b"".join(seal_gzip([text[:7], text[7:]]))):
        assert b"".join(read_lines(io.BytesIO(packed))) == text


def test_a_larger_file_packed_in_pieces_verifies_in_any_packing():
    rows = {"shop": [Row(f"{n:06}", TOWNS[n % 2], {"operating": True, "score": n % 100}) for n in range(1500)]}
    text = make_proof(make_figures(rows), rows)
    sealed = b"".join(seal_gzip(text[start : start + 10_000] for start in range(0, len(text), 10_000)))
    assert verify_proof(sealed, PUBLIC).rows == 1500
    assert verify_proof(sealed, PUBLIC).ok
    random.seed(20220519)
    for place in random.sample(range(len(sealed)), 40):
        damaged = bytearray(sealed)
        damaged[place] ^= 1 << random.randrange(8)
        assert not verify_proof(bytes(damaged)).ok, place
