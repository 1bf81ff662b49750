"""`fangxin trace score MODEL`: FoodChain-Lab's scores of a model, by FoodChain-Lab's own rule."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from fangxin.engines.traceability.foodchain import (
    Model,
    ModelFault,
    Network,
    Scores,
    Settings,
    StationTrace,
    Tracer,
    read_model,
    score,
    settings_in,
    settings_of,
)

DONE, REFUSED, MISUSE = 0, 1, 2
MOST_SHOWN = 30


def main(argv: Sequence[str]) -> int:
    """Score a model; 0 done, 1 the model or the input is refused, 2 misuse."""
    args = _parser().parse_args(argv)
    try:
        content = Path(args.model).read_bytes()
        asked = Path(args.input).read_bytes() if args.input else b""
    except OSError as error:
        print(f"fangxin trace score: {error}", file=sys.stderr)
        return MISUSE
    try:
        answer = _answer(read_model(content), asked, args.trace_from)
    except ModelFault as error:
        print(f"fangxin trace score: {error}", file=sys.stderr)
        return REFUSED
    print(json.dumps(answer, ensure_ascii=False) if args.json else _table(answer))
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fangxin trace score", description=__doc__)
    parser.add_argument("model", metavar="MODEL", help="a FoodChain-Lab model: JSON or xlsx, plain or .gz")
    parser.add_argument(
        "--input", metavar="INPUT.json", help="outbreak, mixing and kill steps; default: the model's own"
    )
    parser.add_argument(
        "--trace-from", default="", metavar="STATION",
        help="the station to trace from; default: traceFromStation of the input, else the first of the highest score",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    return parser


def _answer(model: Model, asked: bytes, trace_from: str) -> dict[str, Any]:
    settings = settings_of(_json(asked)) if asked else settings_in(model)
    settings = replace(settings, trace_from=trace_from or settings.trace_from)
    network = Network(model)
    scores = score(network, settings)
    station = settings.trace_from or _most(scores, settings)
    trace = Tracer(network, settings).trace(station) if station else None
    return {
        "stationScores": dict(scores.stations),
        "deliveryScores": dict(scores.deliveries),
        "commonLinks": list(scores.common),
        "droppedRelations": scores.dropped,
        "traceFromStation": _told(trace) if trace else None,
    }


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ModelFault(f"the input is not JSON: {error}") from None


def _most(scores: Scores, settings: Settings) -> str | None:
    """The first station of the highest score that is not itself of the outbreak, if there is one."""
    others = {name: value for name, value in scores.stations.items() if name not in settings.outbreak_stations}
    found = others or dict(scores.stations)
    return max(found, key=found.__getitem__, default=None)


def _told(trace: StationTrace) -> dict[str, Any]:
    return {
        "station": trace.station,
        "forwardStations": list(trace.forward_stations),
        "backwardStations": list(trace.backward_stations),
        "forwardDeliveries": list(trace.forward_deliveries),
        "backwardDeliveries": list(trace.backward_deliveries),
    }


def _table(answer: dict[str, Any]) -> str:
    ranked = sorted(answer["stationScores"].items(), key=lambda entry: -entry[1])
    lines = [f"{value:8.4f}  {name}" for name, value in ranked[:MOST_SHOWN]]
    more = len(ranked) - len(lines)
    lines += [f"… {more} more stations with a score"] if more > 0 else []
    lines.append(f"common links: {', '.join(answer['commonLinks']) or 'none'}")
    if answer["droppedRelations"]:
        lines.append(f"relations left out because they do not hold: {answer['droppedRelations']}")
    return "\n".join(lines)
