"""`fangxin trace`: what a lot came from and what it went into, from a file of links, an index of them, or the database.

The way from a file loads nothing but the standard library, so that a single trace starts at once."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fangxin.engines.traceability.closure import Traceable, UnknownLot, trace_lot
from fangxin.engines.traceability.index_format import DamagedIndex
from fangxin.engines.traceability.reading import Fault, Unreadable, near_lots
from fangxin.engines.traceability.spans import Span
from fangxin.engines.traceability.values import Direction, Link, Network, Reached, Trace
from fangxin.surfaces.cli import MISUSE
from fangxin.surfaces.cli.trace_files import is_index, links_of, rows_of

if TYPE_CHECKING:
    from fangxin.engines.traceability.inference import Stay

DONE = 0
PARTS = {
    "index": "make a file in which any lot of a big network is traced at once",
    "score": "FoodChain-Lab's own scores of a model",
    "rank": "rank the probable sources of cases",
}
FAULTS_SHOWN = 20
# Nobody said how often links go missing; that is not "complete".
NOT_CERTIFIED = {"level": None, "back": None, "forward": None}


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share < 1:
        raise ValueError
    return share


def _days(text: str) -> int:
    days = int(text)
    if not 0 <= days <= 100_000:
        raise ValueError
    return days


class _Handed(argparse.ArgumentParser):
    """Leaves all words behind it to the part's own `main`."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:  # type: ignore[override]
        namespace = namespace or argparse.Namespace()
        namespace.rest = list(args or ())
        return namespace, []


def register(commands: Any) -> None:
    parser = commands.add_parser("trace", help="what a lot came from and what it went into")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--links", metavar="FILE", help="links: CSV (plain or .gz), Parquet, or an index")
    source.add_argument("--db", action="store_true", help="the running database")
    parser.add_argument("--lot", metavar="ID")
    parser.add_argument("--direction", choices=[way.value for way in Direction], default=Direction.BOTH.value)
    parser.add_argument("--json", action="store_true", help="as one JSON object; without it as text")
    parser.add_argument(
        "--lots", metavar="FILE", help="lots at premises (CSV), to infer mixing where no link is recorded"
    )
    parser.add_argument("--shelf-life", metavar="DAYS", type=_days, help="for lots of --lots without a best-before day")
    parser.add_argument(
        "--missing",
        metavar="SHARE",
        type=_share,
        help="how often links go missing (0.2); tells how complete the trace is",
    )
    parts = parser.add_subparsers(dest="part", metavar="PART", parser_class=_Handed)
    for name, text in PARTS.items():
        parts.add_parser(name, help=text, add_help=False)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.part:
        return _part(args.part)(args.rest)
    if not args.lot or not (args.links or args.db):
        print("fangxin trace: say which --lot, and --links FILE or --db", file=sys.stderr)
        return MISUSE
    try:
        trace, left_out, certified = _trace(args)
    except UnknownLot as error:
        near = f"; spelled alike: {', '.join(error.args[1:])}" if error.args[1:] else ""
        print(f"fangxin trace: there is no lot {error.args[0]!r}{near}", file=sys.stderr)
        return MISUSE
    except (Unreadable, DamagedIndex, OSError) as error:
        print(f"fangxin trace: {error}", file=sys.stderr)
        return MISUSE
    told = facts_of(trace, left_out=left_out, certified=certified)
    print(json.dumps(told, ensure_ascii=False, indent=1) if args.json else text_of(trace, certified))
    return DONE


def _part(name: str) -> Callable[[Sequence[str]], int]:
    from importlib import import_module  # noqa: PLC0415

    return import_module(f"fangxin.surfaces.cli.trace_{name}").main  # type: ignore[no-any-return]


def _trace(args: argparse.Namespace) -> tuple[Trace, int, dict[str, Any]]:
    """The trace, how many rows were left out, and how complete it is where that can be said. Raises UnknownLot with the
    names spelled alike behind the lot."""
    direction = Direction(args.direction)
    if args.links and not is_index(Path(args.links)):
        return _trace_file(args, direction)
    if args.lots or args.missing is not None:
        raise Unreadable("--lots and --missing go with a file of links, not with an index or the database")
    if args.db:
        from fangxin.surfaces.cli.trace_database import trace_in_database  # noqa: PLC0415

        return trace_in_database(args.lot, direction), 0, {}
    from fangxin.engines.traceability.index_file import open_index  # noqa: PLC0415

    mapped = open_index(Path(args.links))
    return _traced(mapped, args.lot, direction, mapped.names_near), mapped.head.left_out, {}


def _trace_file(args: argparse.Namespace, direction: Direction) -> tuple[Trace, int, dict[str, Any]]:
    read = links_of(Path(args.links))
    tell_faults(read.faults)
    stays = _stays(args.lots) if args.lots else ()
    network = Network([*read.links, *(_inferred(args, stays, read.links) if stays else ())])
    trace = _traced(network, args.lot, direction, lambda lot: network.names)
    if args.missing is None:
        return trace, read.left_out, {}
    from fangxin.surfaces.cli.trace_certificate import certificates  # noqa: PLC0415

    return trace, read.left_out, certificates(network, args.lot, direction, missing=args.missing, stays=stays)


def _traced(network: Traceable, lot: str, direction: Direction, names: Callable[[str], Iterable[str]]) -> Trace:
    try:
        return trace_lot(network, lot, direction)
    except UnknownLot:
        raise UnknownLot(lot, *near_lots(lot, names(lot))) from None


def _stays(path: str) -> "Sequence[Stay]":
    from fangxin.engines.traceability.inference import read_stays  # noqa: PLC0415

    stays, faults = read_stays(rows_of(Path(path)))
    tell_faults(faults)
    return stays


def _inferred(args: argparse.Namespace, stays: "Sequence[Stay]", links: Sequence[Link]) -> tuple[Link, ...]:
    from fangxin.engines.traceability.inference import infer_links  # noqa: PLC0415

    days = None if args.shelf_life is None else timedelta(days=args.shelf_life)
    return infer_links(stays, links, shelf_life=days)


def tell_faults(faults: Sequence[Fault]) -> None:
    for fault in faults[:FAULTS_SHOWN]:
        print(f"row {fault.row}, {fault.column}: {fault.problem}", file=sys.stderr)
    if len(faults) > FAULTS_SHOWN:
        print(f"… and {len(faults) - FAULTS_SHOWN} more", file=sys.stderr)


# --- telling ----------------------------------------------------------------------------------------------------------


def facts_of(trace: Trace, *, left_out: int = 0, certified: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The trace as the command's contract says; nothing in it depends on the order of the rows."""
    return {
        "lot": trace.lot,
        "direction": trace.direction.value,
        "lots": list(trace.lots),
        "back": [_reached(lot, "until") for lot in trace.back],
        "forward": [_reached(lot, "from") for lot in trace.forward],
        "premises": list(trace.premises),
        "links": [_link(link) for link in trace.recorded],
        "inferred": [_link(link) for link in trace.inferred],
        "loops": [list(loop) for loop in trace.loops],
        "completeness": {**completeness_of(trace), "rows_left_out": left_out, **NOT_CERTIFIED, **(certified or {})},
    }


def completeness_of(trace: Trace) -> dict[str, int]:
    """What the records of this trace lack, counted."""
    return {
        "links": len(trace.recorded),
        "inferred": len(trace.inferred),
        "without_date": sum(not link.dated for link in trace.recorded),
        "without_quantity": sum(link.quantity is None for link in trace.recorded),
        "dates_contradict": sum(link.contradicts_itself for link in trace.recorded),
    }


def _reached(reached: Reached, limit: str) -> dict[str, Any]:
    return {"lot": reached.lot, "hops": reached.hops, limit: _second(reached)}


def _second(reached: Reached) -> str | None:
    return None if reached.second is None else Span(reached.second, reached.second).text


def _link(link: Link) -> dict[str, Any]:
    return {
        "from_lot": link.from_lot,
        "to_lot": link.to_lot,
        "sent_on": link.sent.text if link.sent else None,
        "received_on": link.received.text if link.received else None,
        "quantity": None if link.quantity is None else float(link.quantity),
        "unit": link.unit or None,
        "premises": link.premises or None,
        "dated": link.dated,
    }


def text_of(trace: Trace, certified: Mapping[str, Any] | None = None) -> str:
    """For people: what was found, the lots by distance, the links, the loops."""
    counts = completeness_of(trace)
    lines = [
        (
            f"lot {trace.lot}: {len(trace.back)} lots back, {len(trace.forward)} lots forward, {counts['links']} links"
            f" ({counts['without_date']} without a date), {counts['inferred']} inferred, {len(trace.loops)} loops"
        )
    ]
    for title, limit, found in (("back", "until", trace.back), ("forward", "from", trace.forward)):
        lines += ["", f"{title}:"] if found else []
        lines += [f"  {lot.hops:>3}  {lot.lot}  {limit} {_second(lot) or 'any time'}" for lot in found]
    lines += ["", "links:"] if trace.links else []
    lines += [_line(link) for link in trace.links]
    lines += ["", "loops (lots that lead to each other):"] if trace.loops else []
    lines += [f"  {', '.join(loop)}" for loop in trace.loops]
    return "\n".join([*lines, *_certified(certified or {})])


def _certified(certified: Mapping[str, Any]) -> list[str]:
    lines = []
    for way in (Direction.BACK.value, Direction.FORWARD.value):
        share = (certified.get(way) or {}).get("lots_share")
        if share:
            lines += ["", f"{way}: the trace holds {share['low']:.0%} to {share['high']:.0%} of the true lots"]
            lines += [
                f"  ask {ask['premises'] or 'who holds them'} ({', '.join(ask['lots'])}): {ask['gain']:.1f} lots more to be expected"
                for ask in certified[way]["ask"]
            ]
    return lines


def _line(link: Link) -> str:
    sent, received = (span.text if span else "?" for span in (link.sent, link.received))
    amount = "quantity unknown" if link.quantity is None else f"{link.quantity} {link.unit}".strip()
    marks = (
        "INFERRED" if link.inferred else "",
        "" if link.dated else "NO DATE",
        "DATES CONTRADICT" if link.contradicts_itself else "",
    )
    return "  ".join(
        ["", f"{link.from_lot} → {link.to_lot}", f"{sent} – {received}", amount, link.premises, *marks]
    ).rstrip()
