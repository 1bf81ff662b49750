"""`fangxin certificate verify CODE --key FILE [--json]`: is the code on a label genuine? Needs no network and no database."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from fangxin.engines import certificates as engine
from fangxin.engines.evidence import SigningKeyError
from fangxin.surfaces.cli import MISUSE

MOST_BYTES = 1_000_000


def register(commands: Any) -> None:
    parser = commands.add_parser("certificate", help="check the signed code of a certificate of compliance")
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("verify", help="0 genuine, 1 not")
    check.add_argument("code", help="the code, or the address it stands in; - reads it from standard input")
    check.add_argument(
        "--key", action="append", required=True, metavar="FILE",
        help="a public key (PEM), or the platform's file of public keys (JSON, from /c/keys/); may be repeated",
    )  # fmt: skip
    check.add_argument("--json", action="store_true", help="print the outcome and what the code states as JSON")
    check.set_defaults(run=verify)


def verify(args: argparse.Namespace) -> int:
    try:
        text = sys.stdin.read(engine.MOST_CODE * 2) if args.code == "-" else args.code
        verdict = engine.verify(text, [key for name in args.key for key in _keys(Path(name))])
    except (OSError, UnicodeDecodeError, engine.CodeError, SigningKeyError) as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return MISUSE
    print(_as_json(verdict) if args.json else _as_lines(verdict))
    return 0 if verdict.outcome is engine.Outcome.GENUINE else 1


def _keys(path: Path) -> list[engine.Key]:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES)
    if content.lstrip().startswith(b"-----BEGIN"):
        return [engine.Key(content)]
    return engine.keys_from_json(content.decode("utf-8"))


def _as_json(verdict: engine.Verdict) -> str:
    return json.dumps({"outcome": verdict.outcome, "reason": verdict.reason, **_stated(verdict)}, ensure_ascii=False)


def _stated(verdict: engine.Verdict) -> dict[str, Any]:
    said = verdict.statement
    if said is None:
        return {"statement": None}
    return {
        "statement": {
            "number": said.number, "producer": said.producer, "product": said.product, "quantity": f"{said.quantity:f}",
            "unit": said.unit, "origin": said.origin, "issued_on": said.issued_on.isoformat(),
            "commitments": list(said.commitments), "bases": list(said.bases), "digest": said.digest,
        }
    }  # fmt: skip


def _as_lines(verdict: engine.Verdict) -> str:
    lines = [f"{verdict.outcome}: {verdict.reason}"]
    stated = _stated(verdict)["statement"] or {}
    for name, value in stated.items():
        lines.append(f"{name}: {', '.join(value) if isinstance(value, list) else value}")
    return "\n".join(lines)
