"""The proof file: published figures together with the rows, formulas and signatures that let anyone check them.

One JSON object a line: a header, the figures, the rows (pseudonymous, only the fields the formulas look at),
a trailer with the digest of all before it and, where the platform has a key, its signature.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal

from fangxin.engines.evidence import Checkpoint, canonical_bytes, new_digest, public_key_of, sign
from fangxin.engines.evidence.canonical import format_decimal
from fangxin.engines.indicators.containers import frame
from fangxin.engines.indicators.definitions import IndicatorDefinition
from fangxin.engines.indicators.expressions import RecordError
from fangxin.engines.indicators.figures import Figure, Status, judge, round_for_display, value_in_unit
from fangxin.engines.indicators.tallies import Row, Tallied, encode_field, fields_by_subject

FORMAT = "fangxin-proof-1"
_DOMAIN = b"fangxin.proof.v1\n"


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure as it was published for a division (a prefix of division codes; "" is everything)."""

    code: str
    division: str
    figure: Figure
    status: Status
    formula: str  # formula version of the definition
    rows: int = 0
    inputs: str = ""  # digest over the rows; empty for a signed figure or a milestone
    base: Figure | None = None
    evidence: tuple[str, ...] = ()  # digests of evidence files
    signed_by: str = ""  # the post that signed, never a person


@dataclass(frozen=True, slots=True)
class ProofHeader:
    """What the figures are about. `divisions` maps the codes of the figures to their names."""

    platform: str
    as_of: date
    divisions: Mapping[str, str]
    definitions: tuple[IndicatorDefinition, ...]
    checkpoint: Checkpoint | None = None
    public_key_pem: bytes | None = field(default=None)  # taken from the private key when one signs


def publish(
    definition: IndicatorDefinition, division: str, tallied: Tallied, *, base: Figure | None = None
) -> PublishedFigure:
    """Judge a counted figure and make it ready to be published."""
    return PublishedFigure(
        code=definition.code,
        division=division,
        figure=tallied.figure,
        status=judge(definition, tallied.figure, base=base),
        formula=definition.formula_version,
        rows=tallied.rows,
        inputs=tallied.inputs,
        base=base,
    )


def publish_signed(
    definition: IndicatorDefinition, division: str, figure: Figure, *, evidence: tuple[str, ...], signed_by: str
) -> PublishedFigure:
    """Make a signed figure or milestone ready; without evidence it stays unverified."""
    backed = Figure(figure.numerator, figure.denominator, verified=figure.verified and bool(evidence))
    return PublishedFigure(
        code=definition.code,
        division=division,
        figure=backed,
        status=judge(definition, backed),
        formula=definition.formula_version,
        evidence=evidence,
        signed_by=signed_by,
    )


def write_proof(
    header: ProofHeader,
    figures: Iterable[PublishedFigure],
    rows: Mapping[str, Iterable[Row]],
    *,
    private_key_pem: bytes | None = None,
    passphrase: bytes | None = None,
) -> Iterator[bytes]:
    """Write a proof line by line; the same values give the same bytes. Pack with `seal_gzip`.

    `rows` holds, by subject, all rows in the divisions of the figures, ids ascending within a subject. Whether
    figures and rows agree is for `verify_proof` to say: run it on what was written before giving it out.
    Raises RecordError when a row lacks a field or rows are out of order.
    """
    if private_key_pem is not None:
        header = ProofHeader(
            header.platform, header.as_of, header.divisions, header.definitions, header.checkpoint,
            public_key_of(private_key_pem, passphrase),
        )  # fmt: skip
    running, counts = new_digest(), {"figures": 0, "rows": 0}
    for kind, values in _body(header, figures, rows):
        line = frame(canonical_bytes({**values, "kind": kind}))
        running.update(line)
        if kind != "header":
            counts["figures" if kind == "figure" else "rows"] += 1
        yield line
    sums = {**counts, "digest": running.hexdigest()}
    signature = None if private_key_pem is None else sign(private_key_pem, proof_message(sums), passphrase)
    yield frame(canonical_bytes({**sums, "kind": "trailer", "signature": signature}))


def _body(
    header: ProofHeader, figures: Iterable[PublishedFigure], rows: Mapping[str, Iterable[Row]]
) -> Iterator[tuple[str, dict[str, object]]]:
    definitions = {definition.code: definition for definition in header.definitions}
    yield "header", header_values(header)
    for published in figures:
        yield "figure", figure_values(published, definitions[published.code])
    for subject, names in sorted(fields_by_subject(header.definitions).items()):
        last_id = ""
        for row in rows.get(subject, ()):
            if row.id <= last_id:
                raise RecordError(f"row {row.id!r} of {subject} comes after {last_id!r}; ids must ascend")
            last_id = row.id
            yield "row", row_values(subject, row, names)


def proof_message(sums: Mapping[str, object]) -> bytes:
    """What the trailer's signature is over."""
    return _DOMAIN + canonical_bytes(sums)


def header_values(header: ProofHeader) -> dict[str, object]:
    return {
        "format": FORMAT,
        "platform": header.platform,
        "as_of": header.as_of,
        "divisions": header.divisions,
        "definitions": [definition.to_mapping() for definition in header.definitions],
        "checkpoint": None if header.checkpoint is None else asdict(header.checkpoint),
        "public_key": None if header.public_key_pem is None else header.public_key_pem.decode("ascii"),
    }


def figure_values(published: PublishedFigure, definition: IndicatorDefinition) -> dict[str, object]:
    value = round_for_display(value_in_unit(definition, published.figure))
    return {
        "code": published.code,
        "division": published.division,
        "numerator": plain_number(published.figure.numerator),
        "denominator": plain_number(published.figure.denominator),
        "verified": published.figure.verified,
        "value": None if value is None else format_decimal(value),
        "status": published.status,
        "formula": published.formula,
        "rows": published.rows,
        "inputs": published.inputs,
        "base": None if published.base is None else _base_values(published.base),
        "evidence": list(published.evidence),
        "signed_by": published.signed_by,
    }


def _base_values(base: Figure) -> dict[str, object]:
    return {
        "numerator": plain_number(base.numerator),
        "denominator": plain_number(base.denominator),
        "verified": base.verified,
    }


def row_values(subject: str, row: Row, names: Iterable[str]) -> dict[str, object]:
    fields = {name: encode_field(row, name) for name in names}
    return {"subject": subject, "id": row.id, "division": row.division, "fields": fields}


def plain_number(value: Decimal | None) -> str | None:
    """A number without trailing zeros behind the point."""
    if value is None:
        return None
    text = format_decimal(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
