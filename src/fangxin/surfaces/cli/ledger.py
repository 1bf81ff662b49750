"""`fangxin ledger verify [--checkpoint FILE] [--key PUBLIC]` · `fangxin ledger new-key FILE`"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from fangxin.engines import evidence
from fangxin.surfaces.cli import MISUSE
from fangxin.surfaces.cli.platform import start_django


def register(commands: Any) -> None:
    parser = commands.add_parser("ledger", help="verify the ledger, make a signing key")
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("verify", help="walk the whole chain; 0 holds, 1 does not")
    check.add_argument("--checkpoint", action="append", default=[], metavar="FILE", help="a signed checkpoint")
    check.add_argument("--key", metavar="PUBLIC", help="the public key (PEM) the checkpoints must be signed with")
    check.set_defaults(run=verify)
    key = verbs.add_parser("new-key", help="make a key pair: FILE (private) and FILE.pub")
    key.add_argument("file")
    key.set_defaults(run=new_key)


def verify(args: argparse.Namespace) -> int:
    start_django()
    try:
        checkpoints = [evidence.from_json(Path(name).read_text(encoding="utf-8")) for name in args.checkpoint]
        public = Path(args.key).read_bytes() if args.key else None
    except (OSError, UnicodeDecodeError, evidence.CheckpointError) as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return MISUSE
    if checkpoints and public is None:
        print("a checkpoint needs --key, the public key it was signed with", file=sys.stderr)
        return MISUSE
    try:
        false = [c.seq for c in checkpoints if public and not evidence.verify_checkpoint(public, c)]
    except evidence.SigningKeyError as error:
        print(error, file=sys.stderr)
        return MISUSE
    if false:
        print(f"checkpoint {false[0]}: not signed by this key")
        return 1
    return _answer(checkpoints)


def _answer(checkpoints: list[evidence.Checkpoint]) -> int:
    from fangxin.kernel.ledger import api as ledger  # noqa: PLC0415  (Django must be started first)

    answer = ledger.verify(checkpoints)
    if answer.holds:
        print(f"holds: {answer.sealed} entries, {answer.pending} not chained yet, head {answer.head}")
        return 0
    print(f"does not hold: {answer.problem}")
    return 1


def new_key(args: argparse.Namespace) -> int:
    path = Path(args.file)
    private, public = evidence.new_signing_key()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(private)
        Path(f"{path}.pub").write_bytes(public)
    except OSError as error:
        print(f"cannot write the key: {error}", file=sys.stderr)
        return MISUSE
    print(f"private key: {path}\npublic key: {path}.pub\nset FANGXIN_SIGNING_KEY={path}")
    return 0
