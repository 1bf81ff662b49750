"""`fangxin epcis …`: supply-chain events of GS1 EPCIS in files. Only `capture` needs a database, and loads it itself."""

import argparse
import shutil
import sys
from importlib import import_module
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from fangxin.engines.epcis import EpcisError, convert, event_hash, open_document, prehash, validate
from fangxin.surfaces.cli import MISUSE

DONE = 0
INVALID = 1
_IN_MEMORY = 16_000_000  # bytes of a converted document, or of standard input, kept before a temporary file is used


def register(commands: Any) -> None:
    parser = commands.add_parser("epcis", help="hash, check, convert and capture supply-chain events")
    steps = parser.add_subparsers(dest="step", metavar="STEP", required=True)
    for name, text in (
        ("hash", "print the event hash of every event, in document order"),
        ("validate", "say whether a document is valid, and if not, why"),
        ("convert", "write a document in the other format"),
        ("capture", "take the events into the database, each once"),
    ):
        step = steps.add_parser(name, help=text)
        step.add_argument("file", help="JSON-LD or XML; - is standard input")
        if name == "hash":
            step.add_argument("--prehash", action="store_true", help="print the string that is hashed instead")
        if name == "convert":
            step.add_argument("--to", choices=("json", "xml"), required=True, help="the format to write")
        if name == "capture":
            step.add_argument("options", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
        step.set_defaults(run=run, step=name)


def run(args: argparse.Namespace) -> int:
    if args.step == "capture":
        return int(import_module("fangxin.surfaces.cli.epcis_capture").main([args.file, *args.options]))
    try:
        with _opened(args.file) as file:
            return {"hash": _hash, "validate": _validate, "convert": _convert}[args.step](file, args)
    except EpcisError as error:
        print(f"fangxin epcis: {args.file}: {error}", file=sys.stderr)
        return INVALID
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        print(f"fangxin epcis: {args.file}: {error.strerror or error}", file=sys.stderr)
        return MISUSE


def _opened(name: str) -> IO[bytes]:
    """The file, or standard input put aside: documents are sometimes read twice."""
    if name != "-":
        return Path(name).open("rb")
    aside = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the caller closes it
    shutil.copyfileobj(sys.stdin.buffer, aside)
    aside.seek(0)
    return aside  # type: ignore[return-value]


def _hash(file: IO[bytes], args: argparse.Namespace) -> int:
    document = open_document(file)
    told = prehash if args.prehash else event_hash
    for event in document.events:
        print(told(event, ignored=document.head.ignored))
    return DONE


def _validate(file: IO[bytes], args: argparse.Namespace) -> int:
    faults = validate(file)
    for fault in faults:
        print(fault)
    print("valid" if not faults else "not valid")
    return INVALID if faults else DONE


def _convert(file: IO[bytes], args: argparse.Namespace) -> int:
    # Nothing reaches standard output before the whole document has been converted.
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as out:
        convert(file, out, to=args.to)  # type: ignore[arg-type]
        out.seek(0)
        shutil.copyfileobj(out, sys.stdout.buffer)
    sys.stdout.buffer.flush()
    return DONE
