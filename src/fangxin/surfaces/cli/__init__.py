"""The `fangxin` command. Each sub-command is a module here; only the one that is called is loaded, so that a file
command needs no database, no settings and no secret."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = {
    "plan": "read an official plan document",
    "order": "order inspections to come by the risk of a serious finding",
    "judge": "judge laboratory results against the limits in force",
    "trace": "what a lot came from and what it went into",
    "epcis": "hash, check, convert and capture supply-chain events",
    "certificate": "check the signed code of a certificate of compliance",
    "detect": "find weeks with more cases than there should be",
    "scan": "find clusters of cases in place and time",
    "indicators": "check a proof file of published figures",
    "draw": "draw inspections at random, so that anyone can draw again",
    "ledger": "verify the ledger, make a signing key",
    "find-unregistered": "rank an outside list by probability of being unregistered",
    "init": "prepare the database, load the standards and a plan",
    "demo": "a synthetic county to look at",
    "serve": "run the platform",
    "jobs": "run the worker of the job queue",
    "backup": "write everything into one file",
    "restore": "bring back a backup into an empty place",
    "bench": "run one of the benchmarks",
}
MISUSE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 the answer is no, 2 misuse."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="fangxin", description="放心: a county runs its food safety")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    chosen = words[0] if words and words[0] in COMMANDS else None
    for name, text in COMMANDS.items():
        if name == chosen:
            import_module(f"fangxin.surfaces.cli.{name.replace('-', '_')}").register(commands)
        else:
            commands.add_parser(name, help=text)
    args = parser.parse_args(words)
    try:
        return int(args.run(args))
    except BrokenPipeError:
        return 0
