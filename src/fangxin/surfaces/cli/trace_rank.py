"""`fangxin trace rank`: which lot is probably the common source of cases."""

import argparse
import csv
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from fangxin.engines.traceability.index_build import read_columns
from fangxin.engines.traceability.index_format import SEPARATOR
from fangxin.engines.traceability.ranking import Case, Flows, Options, Ranked, Ranking, rank_sources
from fangxin.engines.traceability.ranking.amounts import comparable_amounts
from fangxin.engines.traceability.reading import COLUMNS, Fault, Unreadable, read_quantity
from fangxin.engines.traceability.spans import read_span
from fangxin.surfaces.cli import MISUSE
from fangxin.surfaces.cli.trace import tell_faults
from fangxin.surfaces.cli.trace_files import text_of
from fangxin.surfaces.cli.trace_index import frame_of

DONE, REFUSED = 0, 1
DAY = 86_400
MOST_CASES = 10_000
HEADERS: Mapping[str, str] = {
    "case_id": "case_id", "id": "case_id", "lot": "lot", "premises": "premises", "onset_on": "onset_on",
    "eaten_on": "eaten_on", "weight": "weight", "病例编号": "case_id", "编号": "case_id", "批次": "lot", "场所": "premises",
    "发病日期": "onset_on", "进食日期": "eaten_on", "权重": "weight",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Network:
    """Links as flows, and the names behind the numbers."""

    flows: Flows
    lots: pl.Series
    places: list[str]

    def lot(self, name: str) -> int | None:
        at = self.lots.search_sorted(name)
        return int(at) if at < len(self.lots) and self.lots[int(at)] == name else None


def main(argv: Sequence[str]) -> int:
    """Rank the lots; 0 done, 1 no case can be used, 2 misuse."""
    args = _parser().parse_args(argv)
    try:
        network = network_of(Path(args.links))
        cases = read_cases(Path(args.cases), network)
    except (Unreadable, OSError) as error:
        print(f"fangxin trace rank: {error}", file=sys.stderr)
        return MISUSE
    if not cases:
        print("fangxin trace rank: the file of cases holds no case that can be used", file=sys.stderr)
        return REFUSED
    options = Options(window=args.window * DAY, noise=args.noise, lost=args.lost)
    ranking = rank_sources(network.flows, cases, options)
    if ranking.unplaced:
        print(f"no link is recorded for what was eaten by: {', '.join(ranking.unplaced[:20])}", file=sys.stderr)
    told = facts_of(ranking, network, len(cases), args.top)
    print(json.dumps(told, ensure_ascii=False, indent=1) if args.json else _table(told))
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fangxin trace rank", description=__doc__)
    parser.add_argument("--links", required=True, metavar="FILE", help="links: CSV (plain or .gz) or Parquet")
    parser.add_argument(
        "--cases", required=True, metavar="FILE",
        help="CSV with case_id, lot or premises, eaten_on or onset_on, weight; a household that ate together is one case",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="a JSON array; its last entry is the source not recorded")
    parser.add_argument("--top", type=_between(1, 1_000_000, int), default=100, metavar="N", help="how many lots")
    parser.add_argument(
        "--window", type=_between(0, 36_500, int), default=14, metavar="DAYS",
        help="how long before a case goods of a premises may have arrived there (default 14)",
    )  # fmt: skip
    parser.add_argument(
        "--noise",
        type=_between(0.001, 0.499, float),
        default=0.25,
        help="expected share of cases from elsewhere (default 0.25)",
    )
    parser.add_argument(
        "--lost", type=_between(0.0, 0.9, float), default=0.1, help="expected share of links not recorded (default 0.1)"
    )
    return parser


def _between(least: float, most: float, kind: Callable[[str], float]) -> Callable[[str], Any]:
    def read(text: str) -> float:
        value = kind(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not between {least} and {most}")
        return value

    read.__name__ = "number"
    return read


# --- reading ----------------------------------------------------------------------------------------------------------


def network_of(path: Path) -> Network:
    """The flows in a file of links. Raises Unreadable, OSError."""
    read = read_columns(frame_of(path))
    tell_faults(read.faults)
    columns = read.columns
    cells = _cells(columns.details[0] if columns.details else b"", len(columns.source))
    units = cells["unit"].unique().sort()
    places = [name for name in cells["premises"].unique().sort().to_list() if name]
    amount = comparable_amounts(
        _amounts(cells["quantity"]), units.search_sorted(cells["unit"]).to_numpy().astype(np.int64), units.to_list(),
        columns.source, len(columns.names),
    )  # fmt: skip
    known = pl.Series(places, dtype=pl.String)
    place = (
        known.search_sorted(cells["premises"]).to_numpy().astype(np.int64)
        if places
        else np.zeros(len(amount), np.int64)
    )
    place = np.where((cells["premises"] != "").to_numpy(), place, -1)
    flows = Flows(len(columns.names), columns.source, columns.target, columns.leaves, columns.arrives, amount, place)
    return Network(flows, columns.names, places)


def _cells(details: bytes, links: int) -> pl.DataFrame:
    names = COLUMNS[2:]
    if not links:
        return pl.DataFrame({name: pl.Series([], dtype=pl.String) for name in names})
    frame = pl.read_csv(
        io.BytesIO(details),
        separator=SEPARATOR,
        has_header=False,
        new_columns=list(names),
        infer_schema=False,
        quote_char=None,
    )
    return frame.fill_null("")


def _amounts(quantity: pl.Series) -> np.ndarray[Any, np.dtype[Any]]:
    plain = quantity.cast(pl.Float64, strict=False)
    odd = plain.is_null() & (quantity != "")
    if odd.any():
        known = {text: read_quantity(text) for text in quantity.filter(odd).unique()}
        values = [None if known[text] is None else float(known[text] or 0) for text in quantity.filter(odd)]
        plain = plain.scatter(odd.arg_true(), values)
    return np.asarray(plain.fill_null(np.nan).to_numpy())


def read_cases(path: Path, network: Network) -> list[Case]:
    """The cases; what cannot be read is told by row and column. Raises Unreadable, OSError."""
    with text_of(path) as file:
        try:
            rows = list(_rows(file))
        except csv.Error as error:
            raise Unreadable(f"the cases cannot be read: {error}") from error
    faults: list[Fault] = []
    places = {name: number for number, name in enumerate(network.places)}
    cases = [case for number, row in rows if (case := _case(number, row, network, places, faults)) is not None]
    tell_faults(faults)
    return cases


def _rows(file: Any) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(line.replace("\x00", "") for line in file)
    header = [HEADERS.get(cell.strip().lower(), "") for cell in next(reader, [])]
    if not {"lot", "premises"} & set(header):
        raise Unreadable("the file of cases has neither a column lot nor a column premises")
    for number, row in enumerate(reader, start=2):
        if number > MOST_CASES + 1:
            raise Unreadable(f"more than {MOST_CASES:,} cases")
        yield number, {name: cell.strip() for name, cell in zip(header, row, strict=False) if name}


def _case(
    row: int, cells: Mapping[str, str], network: Network, places: Mapping[str, int], faults: list[Fault]
) -> Case | None:
    if not any(cells.values()):
        return None
    if not cells.get("lot") and not cells.get("premises"):
        faults.append(Fault(row, "lot", "neither a lot nor a premises is named; the case is left out"))
        return None
    lot = network.lot(cells["lot"]) if cells.get("lot") else None
    place = None if cells.get("lot") else places.get(cells["premises"])
    return Case(
        cells.get("case_id") or f"row {row}", lot, place, _until(row, cells, faults), _weight(row, cells, faults)
    )


def _until(row: int, cells: Mapping[str, str], faults: list[Fault]) -> int | None:
    for column in ("eaten_on", "onset_on"):
        try:
            span = read_span(cells.get(column, ""))
        except ValueError as error:
            faults.append(Fault(row, column, f"{error}; taken as not known"))
        else:
            if span is not None:
                return span.last
    return None


def _weight(row: int, cells: Mapping[str, str], faults: list[Fault]) -> float:
    text = cells.get("weight", "")
    try:
        value = float(text or 1)
    except ValueError:
        value = -1.0
    if 0 < value <= 1_000_000:
        return value
    faults.append(Fault(row, "weight", f"{text!r} is not a number above 0; taken as 1"))
    return 1.0


# --- telling ----------------------------------------------------------------------------------------------------------


def facts_of(ranking: Ranking, network: Network, cases: int, top: int) -> list[dict[str, Any]]:
    """The ranking as the command's contract says; the last entry is what is left for a source that is not recorded."""
    told = [_fact(ranked, network, cases) for ranked in ranking.lots[:top]]
    rest = ranking.elsewhere
    reasons = ["no common source, or one whose links to the cases are not recorded"]
    if len(ranking.lots) > top:
        rest += sum(ranked.probability for ranked in ranking.lots[top:])
        reasons.append(f"and {len(ranking.lots) - top} more lots that can have led to a case")
    nothing = dict.fromkeys(("score_foodchain", "likelihood", "random_walk", "effective_distance"))
    return [*told, {"lot": None, "premises": None, "probability": rest, **nothing, "reasons": reasons}]


def _fact(ranked: Ranked, network: Network, cases: int) -> dict[str, Any]:
    return {
        "lot": network.lots[ranked.lot],
        "premises": None if ranked.place is None else network.places[ranked.place],
        "probability": ranked.probability,
        "score_foodchain": ranked.score,
        "likelihood": ranked.sales,
        "random_walk": ranked.walk,
        "effective_distance": ranked.distance,
        "reasons": _reasons(ranked, cases),
    }


def _reasons(ranked: Ranked, cases: int) -> list[str]:
    found = [f"its goods can have come to {len(ranked.reached)} of {cases} cases by the recorded links and dates"]
    if len(ranked.reached) < cases:
        shown = ", ".join(ranked.reached[:10]) + (" …" if len(ranked.reached) > 10 else "")
        found.append(f"those cases: {shown}")
    return found


def _table(told: Sequence[Mapping[str, Any]]) -> str:
    lines = ["probability  score  lot (premises)"]
    for fact in told[:-1]:
        place = f" ({fact['premises']})" if fact["premises"] else ""
        lines.append(f"{fact['probability']:11.4f}  {fact['score_foodchain']:5.2f}  {fact['lot']}{place}")
    lines.append(f"{told[-1]['probability']:11.4f}         not among these: {'; '.join(told[-1]['reasons'])}")
    return "\n".join(lines)
