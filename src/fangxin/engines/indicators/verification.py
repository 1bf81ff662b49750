"""Verifying a proof file without the platform: every figure counted again from the rows by the stated formulas.

A file that holds is consistent in itself. That the platform published it shows only against the platform's public
key, got by another way than this file; the key inside the file proves no more than that its parts belong together.
"""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, BinaryIO

from fangxin.engines.evidence import (
    Checkpoint,
    canonical_bytes,
    checkpoint_from_mapping,
    key_id,
    new_digest,
    verify_checkpoint,
    verify_signature,
)
from fangxin.engines.indicators.containers import MAX_BYTES, ContainerError, read_lines, unframe
from fangxin.engines.indicators.definitions import IndicatorDefinition, Kind
from fangxin.engines.indicators.figures import Figure, judge
from fangxin.engines.indicators.proofs import FORMAT, PublishedFigure, figure_values, proof_message
from fangxin.engines.indicators.reading import read_definitions
from fangxin.engines.indicators.tallies import Count, Row, Tallied, decode_field, fields_by_subject

MAX_FIGURES = 1_000_000

_NUMBER = re.compile(r"-?\d{1,60}(?:\.\d{1,60})?", re.ASCII)
_KEYS = {
    "header": {"format", "platform", "as_of", "divisions", "definitions", "checkpoint", "public_key"},
    "figure": {
        "code", "division", "numerator", "denominator", "verified", "value", "status", "formula", "rows", "inputs",
        "base", "evidence", "signed_by",
    },
    "row": {"subject", "id", "division", "fields"},
    "trailer": {"figures", "rows", "digest", "signature"},
}  # fmt: skip
# In this order a figure is compared, so that the cause is named before what follows from it.
_COMPARED = ("formula", "rows", "inputs", "numerator", "denominator", "verified", "value", "status")


class Authenticity(StrEnum):
    """What the signatures say."""

    CONFIRMED = "confirmed"  # signed with the key that was handed in
    EMBEDDED_KEY = "embedded_key"  # signed with the key inside the file, whoever that is
    UNSIGNED = "unsigned"


class ProofFault(StrEnum):
    CONTAINER = "container"  # the packing was damaged, or holds more than the proof
    CHANGED = "changed"  # a line is not what was written
    CUT_OFF = "cut_off"
    TOO_LARGE = "too_large"
    NOT_A_PROOF = "not_a_proof"
    WRONG_SHAPE = "wrong_shape"  # a line whose own check holds is no part of a proof
    OUT_OF_ORDER = "out_of_order"
    FIGURE_DIFFERS = "figure_differs"
    SUMS_DIFFER = "sums_differ"  # the trailer's counts or digest
    CHECKPOINT_INVALID = "checkpoint_invalid"
    SIGNATURE_INVALID = "signature_invalid"
    NOT_SIGNED = "not_signed"
    OTHER_KEY = "other_key"


@dataclass(frozen=True, slots=True)
class ProofProblem:
    """The first thing that does not hold. Empty parts do not apply."""

    fault: ProofFault
    line: int = 0
    code: str = ""
    division: str = ""
    part: str = ""
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class ProofReport:
    """What a verification saw."""

    platform: str
    as_of: date | None
    figures: int
    recounted: int  # figures counted again from rows; the others are signed figures and milestones
    rows: int
    digest: str
    authenticity: Authenticity
    checkpoint: Checkpoint | None
    problem: ProofProblem | None

    @property
    def ok(self) -> bool:
        return self.problem is None


class _Fails(Exception):
    def __init__(self, fault: ProofFault, **where: Any) -> None:
        super().__init__(fault)
        self.problem = ProofProblem(fault, **where)


def verify_proof(
    source: bytes | BinaryIO, public_key_pem: bytes | None = None, *, max_bytes: int = MAX_BYTES
) -> ProofReport:
    """Verify a proof file, plain or gzip, and stop at the first thing that does not hold.

    With `public_key_pem` the file must be signed with that key. Memory grows with the number of figures, not of
    rows. Any bytes give a report; only an unreadable key raises (SigningKeyError).
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    proof = _Proof(public_key_pem)
    try:
        for number, line in enumerate(read_lines(stream, max_bytes=max_bytes), start=1):
            proof.take(line, number)
        proof.require_complete()
    except _Fails as failure:
        return proof.report(failure.problem)
    except ContainerError as error:
        return proof.report(ProofProblem(_CONTAINER_FAULTS.get(error.reason, ProofFault.CONTAINER), error.line))
    return proof.report(None)


_CONTAINER_FAULTS = {
    "changed": ProofFault.CHANGED,
    "cut_off": ProofFault.CUT_OFF,
    "too_large": ProofFault.TOO_LARGE,
    "line_too_long": ProofFault.TOO_LARGE,
}


class _Proof:
    """The state of one verification: header, figures as published, rows counted, trailer."""

    def __init__(self, public_key_pem: bytes | None) -> None:
        self.given_key = public_key_pem
        if public_key_pem is not None:
            key_id(public_key_pem)
        self.key: bytes | None = public_key_pem
        self.stage = "start"
        self.line = 0
        self.platform = ""
        self.as_of: date | None = None
        self.checkpoint: Checkpoint | None = None
        self.divisions: Mapping[str, str] = {}
        self.definitions: dict[str, IndicatorDefinition] = {}
        self.names: dict[str, frozenset[str]] = {}
        self.published: dict[tuple[str, str], dict[str, Any]] = {}
        self.count = Count(())
        self.rows = 0
        self.last_row = ("", "")
        self.digest = new_digest()
        self.authenticity = Authenticity.UNSIGNED

    def take(self, line: bytes, number: int) -> None:
        self.line = number
        body = unframe(line, number)
        try:
            values = json.loads(body)
            kind = values.pop("kind")
            if canonical_bytes({**values, "kind": kind}) != body or set(values) != _KEYS[kind]:
                raise _Fails(ProofFault.WRONG_SHAPE, line=number)
            getattr(self, f"take_{kind}")(values)
        except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError) as error:
            fault = ProofFault.NOT_A_PROOF if self.stage == "start" else ProofFault.WRONG_SHAPE
            raise _Fails(fault, line=number, part=str(error)[:200]) from None
        if kind != "trailer":
            self.digest.update(line)

    def enter(self, stage: str, *after: str) -> None:
        if self.stage not in after:
            raise _Fails(ProofFault.OUT_OF_ORDER, line=self.line)
        self.stage = stage

    def take_header(self, values: Mapping[str, Any]) -> None:
        self.enter("header", "start")
        if values["format"] != FORMAT:
            raise _Fails(ProofFault.NOT_A_PROOF, line=1, part="format", expected=FORMAT, found=str(values["format"]))
        self.platform = _text(values["platform"])
        self.as_of = date.fromisoformat(_text(values["as_of"]))
        self.divisions = {_text(code): _text(name) for code, name in values["divisions"].items()}
        self.definitions = {definition.code: definition for definition in read_definitions(values["definitions"])}
        self.names = fields_by_subject(self.definitions.values())
        if values["checkpoint"] is not None:
            self.checkpoint = checkpoint_from_mapping(values["checkpoint"])
        self.check_keys(values["public_key"])

    def check_keys(self, embedded: str | None) -> None:
        if embedded is not None:
            pem = _text(embedded).encode("ascii")
            if self.given_key is not None and key_id(pem) != key_id(self.given_key):
                raise _Fails(ProofFault.OTHER_KEY, line=1, expected=key_id(self.given_key), found=key_id(pem))
            self.key = self.given_key or pem
        if self.checkpoint is not None and self.key is not None and not verify_checkpoint(self.key, self.checkpoint):
            raise _Fails(ProofFault.CHECKPOINT_INVALID, line=1)

    def take_figure(self, values: Mapping[str, Any]) -> None:
        self.enter("figures", "header", "figures")
        key = (_text(values["code"]), _text(values["division"]))
        if key in self.published or key[0] not in self.definitions or key[1] not in self.divisions:
            raise _Fails(ProofFault.WRONG_SHAPE, line=self.line, code=key[0], division=key[1])
        if len(self.published) >= MAX_FIGURES:
            raise _Fails(ProofFault.TOO_LARGE, line=self.line)
        self.published[key] = dict(values)

    def take_row(self, values: Mapping[str, Any]) -> None:
        if self.stage != "rows":
            self.enter("rows", "figures")
            self.start_counting()
        subject, fields = _text(values["subject"]), values["fields"]
        place = (subject, _text(values["id"]))
        if place <= self.last_row:
            raise _Fails(ProofFault.OUT_OF_ORDER, line=self.line)
        if fields.keys() != self.names[subject]:
            raise _Fails(ProofFault.WRONG_SHAPE, line=self.line, part="fields")
        decoded = {name: decode_field(value) for name, value in fields.items()}
        self.count.add(subject, Row(place[1], _text(values["division"]), decoded))
        self.last_row = place
        self.rows += 1

    def start_counting(self) -> None:
        self.count = Count(
            (self.definitions[code], division)
            for code, division in self.published
            if self.definitions[code].kind is Kind.COMPUTED
        )

    def take_trailer(self, values: Mapping[str, Any]) -> None:
        if self.stage == "figures":
            self.start_counting()
        self.enter("trailer", "header", "figures", "rows")
        counted = self.count.results()
        for key, published in self.published.items():
            self.compare(key, published, counted.get(key))
        sums = {"figures": len(self.published), "rows": self.rows, "digest": self.digest.hexdigest()}
        for part, expected in sums.items():
            if not _same(values[part], expected):
                raise _Fails(
                    ProofFault.SUMS_DIFFER, line=self.line, part=part, expected=str(expected), found=str(values[part])
                )
        self.check_signature(sums, values["signature"])

    def compare(self, key: tuple[str, str], published: Mapping[str, Any], counted: Tallied | None) -> None:
        definition = self.definitions[key[0]]
        evidence = tuple(_text(item) for item in published["evidence"])
        if counted is None:  # signed figures and milestones: their own numbers, worth what their evidence is
            stated = _figure(published)
            backed = Figure(stated.numerator, stated.denominator, verified=stated.verified and bool(evidence))
            counted = Tallied(backed, 0, "")
        base = None if published["base"] is None else _figure(published["base"])
        again = PublishedFigure(
            *key,
            counted.figure,
            judge(definition, counted.figure, base=base),
            definition.formula_version,
            counted.rows,
            counted.inputs,
        )
        expected = figure_values(again, definition)
        for part in _COMPARED:
            if not _same(published[part], expected[part]):
                raise _Fails(
                    ProofFault.FIGURE_DIFFERS, code=key[0], division=key[1], part=part,
                    expected=_show(expected[part]), found=_show(published[part]),
                )  # fmt: skip

    def check_signature(self, sums: Mapping[str, object], signature: object) -> None:
        if signature is None:
            if self.given_key is not None:
                raise _Fails(ProofFault.NOT_SIGNED, line=self.line)
            return
        if self.key is None or not verify_signature(self.key, proof_message(sums), _text(signature)):
            raise _Fails(ProofFault.SIGNATURE_INVALID, line=self.line)
        self.authenticity = Authenticity.EMBEDDED_KEY if self.given_key is None else Authenticity.CONFIRMED

    def require_complete(self) -> None:
        if self.stage != "trailer":
            raise _Fails(ProofFault.NOT_A_PROOF if self.stage == "start" else ProofFault.CUT_OFF, line=self.line)

    def report(self, problem: ProofProblem | None) -> ProofReport:
        recounted = sum(self.definitions[code].kind is Kind.COMPUTED for code, _ in self.published)
        return ProofReport(
            platform=self.platform,
            as_of=self.as_of,
            figures=len(self.published),
            recounted=recounted,
            rows=self.rows,
            digest=self.digest.hexdigest(),
            authenticity=self.authenticity,
            checkpoint=self.checkpoint,
            problem=problem,
        )


def _same(found: object, expected: object) -> bool:
    """Equal as written: in Python, though not in a file, False equals 0."""
    return canonical_bytes(found) == canonical_bytes(expected)


def _figure(values: Mapping[str, Any]) -> Figure:
    if type(values["verified"]) is not bool:
        raise TypeError
    return Figure(_number(values["numerator"]), _number(values["denominator"]), verified=values["verified"])


def _number(value: object) -> Decimal | None:
    if value is None:
        return None
    if not _NUMBER.fullmatch(_text(value)):
        raise ValueError
    return Decimal(str(value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _show(value: object) -> str:
    return "" if value is None else str(value)
