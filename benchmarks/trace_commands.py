"""One trace as one command, warm and cold; the index from a file of text; links added to it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import polars as pl

from benchmarks.supply_network import Made, random_lots
from benchmarks.tables import print_table
from benchmarks.trace_peers import BACK, FORWARD, MINUTE, Fangxin, Peer, Sqlite

TRIES = 9
ADDED = 1_000
MOST_AS_TEXT = 15_000_000


def one_shots(peers: Sequence[Peer], made: Made, folder: Path) -> None:
    by_name = {peer.name: peer for peer in peers}
    ours, sqlite = by_name["fangxin"], by_name.get("SQLite")
    if not isinstance(ours, Fangxin):
        return
    fangxin = [str(Path(sys.executable).parent / "fangxin"), "trace"]
    lots = random_lots(made, TRIES, seed=11).tolist()
    ways = {
        "fangxin trace, from the index": (
            ours.path,
            [[*fangxin, "--links", str(ours.path), "--json", "--lot", f"{lot:09}"] for lot in lots],
        )
    }
    if isinstance(sqlite, Sqlite) and shutil.which("sqlite3"):
        asks = ["; ".join(text.format(lot=lot) for text in (BACK, FORWARD)) for lot in lots]
        ways["sqlite3, counting only"] = (sqlite.path, [["sqlite3", str(sqlite.path), ask] for ask in asks])
    rows = []
    for name, (path, commands) in ways.items():
        warm = [_run(command) for command in commands * 2][len(commands) :]
        cold = [_run(command, forget=path) for command in commands]
        rows.append([name, *(f"{median(times) * 1e3:.0f}" for times in (warm, cold))])
    print_table(
        f"One command for one trace, {TRIES} random lots", ["command", "warm, median ms", "cold, median ms"], rows
    )
    _table_of_index(fangxin, made, folder, ours)


def _run(command: list[str], *, forget: Path | None = None) -> float:
    if forget is not None:
        with forget.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _table_of_index(fangxin: list[str], made: Made, folder: Path, ours: Fangxin) -> None:
    rows = []
    if len(made.source) <= MOST_AS_TEXT:
        text = folder / "links.csv"
        _write_text(made, text)
        took = _run([*fangxin, "index", str(text), "--out", str(folder / "text.index")])
        rows.append([f"index from a CSV file of {text.stat().st_size / 1e6:,.0f} MB", f"{took:.2f}"])
    later = folder / "later.csv"
    _write_text(Made(*(column[-ADDED:] for column in (made.source, made.target, made.minute)), made.stage), later)
    took = _run([*fangxin, "index", str(later), "--add-to", str(ours.path)])
    rows.append([f"{ADDED:,} links added, on the disk", f"{took:.2f}"])
    lot = f"{int(made.source[-1]):09}"
    took = _run([*fangxin, "--links", str(ours.path), "--json", "--lot", lot])
    rows.append(["one trace after that", f"{took:.2f}"])
    print_table("The index as commands", ["", "seconds"], rows)


def _write_text(made: Made, path: Path) -> None:
    lots = [pl.Series(column).cast(pl.String).str.zfill(9) for column in (made.source, made.target)]
    at = pl.Series(made.minute.astype("int64") * MINUTE).cast(pl.Int64)
    seconds = pl.select(pl.from_epoch(at + 1_640_995_200, time_unit="s").dt.strftime("%Y-%m-%dT%H:%M:%S")).to_series()
    pl.DataFrame({"from_lot": lots[0], "to_lot": lots[1], "sent_on": seconds}).write_csv(path)
