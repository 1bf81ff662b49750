import json
from datetime import timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.traceability.slow_trace import links as any_link

from fangxin.engines.traceability import index_file
from fangxin.engines.traceability.closure import trace_lot
from fangxin.engines.traceability.index import MappedNetwork
from fangxin.engines.traceability.index_build import read_columns, write_index
from fangxin.engines.traceability.index_file import add_links, open_index, write_file
from fangxin.engines.traceability.index_format import HEAD_BYTES, DamagedIndex
from fangxin.engines.traceability.inference import Stay, infer_links, read_stays
from fangxin.engines.traceability.reading import COLUMNS, Unreadable, csv_rows, near_lots, read_links
from fangxin.engines.traceability.spans import Span, read_span
from fangxin.engines.traceability.values import Link, Network

HEADER = list(COLUMNS)


def table(*rows: list[str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict.fromkeys(HEADER, pl.String), orient="row")


# --- reading ----------------------------------------------------------------------------------------------------------


def test_faults_name_their_row_and_column_and_the_link_stays() -> None:
    read = read_links([HEADER, ["A", "B", "2023-02-30", "soon", "-1"], ["A", "B"], ["", "B"], [" ", ""], ["A", "  "]])
    assert [(fault.row, fault.column) for fault in read.faults] == [
        (2, "sent_on"),
        (2, "received_on"),
        (2, "quantity"),
        (4, "from_lot"),
        (6, "to_lot"),
    ]
    assert read.left_out == 2
    assert read.links == (Link("A", "B"), Link("A", "B"))


def test_columns_are_found_by_their_chinese_names_in_any_order() -> None:
    read = read_links([["数量", "去向批次", "来源批次", "备注"], ["3", "乙", "甲", "x"]])
    assert [(link.from_lot, link.to_lot, str(link.quantity)) for link in read.links] == [("甲", "乙", "3")]


@pytest.mark.parametrize("header", [[], ["from_lot"], ["from_lot", "to_lot", "来源批次"], ["a", "b"]])
def test_a_table_without_both_lots_is_refused(header: list[str]) -> None:
    with pytest.raises(Unreadable):
        read_links([header, ["A", "B"]])


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_table_in_text_may_part_its_cells_by_other_signs(sign: str) -> None:
    lines = [f"\ufefffrom_lot{sign}to_lot\n", f'"A{sign}1"{sign}B\x00\n']
    assert read_links(csv_rows(lines)).links == (Link(f"A{sign}1".strip() if sign != "\t" else "A 1", "B"),)


cells = st.sampled_from(["", " ", "A", "B", " A ", "x\ty", "\u3000批次", 'q"q', "L" * 501, "Z\x1f1", "5\n6"])
dates = st.sampled_from(
    [
        "",
        "2023-05-01",
        "2023-05",
        "20230501 ",
        "2023-02-30",
        "soon",
        "2023-05-01 08:30",
        "2022",
        "1969-01-01",
        "2100-12-31",
        "2101-01-01",
        "2023-05-01T24:00",
        "2023-05-01T08:30:59",
    ]
)
amounts = st.sampled_from(["", "1", "1.50", "-1", "1e3", "nan", "many", "0", "9" * 40, " 7"])
rows = st.tuples(cells, cells, dates, dates, amounts, cells, cells, st.sampled_from(["", "1", "是", "no"])).map(list)


@settings(max_examples=80, deadline=None)
@given(st.lists(rows, max_size=8))
def test_whole_columns_are_read_as_single_rows_are(rows: list[list[str]]) -> None:
    one_by_one = read_links([HEADER, *rows])
    at_once = read_columns(table(*rows))
    assert (at_once.left_out, sorted(at_once.faults, key=repr)) == (
        one_by_one.left_out,
        sorted(one_by_one.faults, key=repr),
    )
    file = BytesIO()
    write_index(file, at_once.columns)
    mapped, plain = MappedNetwork(file.getvalue()), Network(one_by_one.links)
    assert [mapped.name_of(n) for n in range(mapped.lots)] == list(plain.names)
    for lot in plain.names:
        assert trace_lot(mapped, lot) == trace_lot(plain, lot)


def test_names_spelled_alike_come_likest_first() -> None:
    assert near_lots("L-0012", ["M", "L-0013", "l-0012", "L-001"]) == ["l-0012", "L-001", "L-0013"]


# --- mixing inside premises -------------------------------------------------------------------------------------------


def day(number: int) -> Span | None:
    return read_span(f"2023-05-{number:02}")


def test_what_lay_there_in_time_may_have_gone_into_a_lot_from_nowhere() -> None:
    kept = {"premises": "mill", "product": "flour"}
    stays = [
        Stay("good", since=day(2), best_before=day(9), **kept),
        Stay("undated", **kept),
        Stay("too late", since=day(6), **kept),
        Stay("past its life", since=day(1), best_before=day(4), **kept),
        Stay("rice", "mill", "rice", day(2)),
        Stay("elsewhere", "other mill", "flour", day(2)),
        Stay("known origin", since=day(5), **kept),
        Stay("from nowhere", since=day(5), **kept),
        Stay("harvested", since=day(5), primary=True, **kept),
    ]
    recorded = [Link("farm", stay.lot) for stay in stays if stay.lot not in ("from nowhere", "harvested")]
    found = infer_links(stays, recorded)
    assert {(link.from_lot, link.to_lot) for link in found} == {
        (source, "from nowhere") for source in ("good", "undated", "known origin", "harvested")
    }
    assert all(link.inferred and link.quantity is None for link in found)
    short = infer_links(stays, recorded, shelf_life=timedelta(days=1))
    assert {link.from_lot for link in short} == {"good", "undated", "known origin", "harvested"}


def test_what_was_certainly_used_up_went_into_nothing_more() -> None:
    rows = [
        ["lot", "premises", "product", "since_on", "quantity", "unit"],
        ["used", "mill", "flour", "2023-05-01", "10", "kg"],
        ["half", "mill", "flour", "2023-05-01", "10", "kg"],
        ["new", "mill", "flour", "2023-05-05", "3", "kg"],
        ["", "mill", "flour"],
    ]
    stays, faults = read_stays(rows)
    assert [(fault.row, fault.column) for fault in faults] == [(5, "lot")]
    recorded = read_links(
        [
            HEADER,
            ["farm", "used"],
            ["farm", "half"],
            ["used", "sold", "2023-05-02", "", "10", "kg"],
            ["half", "sold", "2023-05-02", "", "9", "kg"],
            ["half", "sold too", "2023-05-07", "", "9", "kg"],
        ]
    ).links
    assert [link.from_lot for link in infer_links(stays, recorded)] == ["half"]


@settings(max_examples=50, deadline=None)
@given(st.lists(any_link(), max_size=8))
def test_recorded_origins_leave_nothing_to_infer(links: list[Link]) -> None:
    stays = [Stay(lot, "P", "food") for lot in "abcdefg"]
    fed = {link.to_lot for link in links}
    assert all(link.to_lot not in fed and link.from_lot in fed for link in infer_links(stays, links))


# --- the file ---------------------------------------------------------------------------------------------------------

ROWS = [[f"L{n:03}", f"L{(7 * n + 1) % 90:03}", "2023-05-01", "", str(n), "kg", "P", ""] for n in range(80)]


def built(folder: Path) -> Path:
    path = folder / "links.index"
    write_file(path, lambda file: write_index(file, read_columns(table(*ROWS)).columns))
    return path


def test_an_index_that_is_cut_anywhere_or_foreign_is_refused(tmp_path: Path) -> None:
    path = built(tmp_path)
    whole = path.read_bytes()
    for length in (0, 7, 20, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 100, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(DamagedIndex):
            open_index(path)
    for foreign in (b"x" * len(whole), b"SQLite format 3\x00" * 500, whole[:30] + b"\xff" + whole[31:]):
        path.write_bytes(foreign)
        with pytest.raises(DamagedIndex):
            open_index(path)


def test_a_changed_byte_is_found_by_reading_the_whole(tmp_path: Path) -> None:
    path = built(tmp_path)
    assert open_index(path).damaged() == []
    whole = bytearray(path.read_bytes())
    head = json.loads(whole[16:HEAD_BYTES].rstrip(b"\x00"))
    for name, (at, length, _) in head["sections"].items():
        changed = bytearray(whole)
        changed[at + length // 2] ^= 1
        path.write_bytes(changed)
        assert open_index(path).damaged() == [name]


def test_a_failed_build_leaves_the_old_file(tmp_path: Path) -> None:
    path = built(tmp_path)
    before = path.read_bytes()

    def fail(file) -> None:
        file.write(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_file(path, fail)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def add(path: Path, *rows: list[str]) -> int:
    whole = [[*row, *[""] * (len(HEADER) - len(row))] for row in rows]
    read = read_links([HEADER, *whole])
    return add_links(path, list(zip(read.links, [row[2:] for row in whole], strict=True)))


def test_links_that_come_later_are_there_at_once_and_survive(tmp_path: Path) -> None:
    path = built(tmp_path)
    old = open_index(path)
    later = [["L001", "new", "2023-05-02"], ["new", "newer", "", "2023-05-03", "2.5", "kg", "Q"], ["L002", "L003"]]
    assert add(path, later[0]) == 1
    assert add(path, *later[1:]) == 3
    plain = Network(read_links([HEADER, *ROWS, *later]).links)
    assert trace_lot(open_index(path), "L001") == trace_lot(plain, "L001")
    assert "new" not in old
    assert old.links == len(ROWS)


def test_a_batch_cut_short_by_a_crash_is_passed_over_and_replaced(tmp_path: Path) -> None:
    path = built(tmp_path)
    begins = path.stat().st_size
    add(path, ["L001", "kept"])
    kept = path.stat().st_size
    add(path, ["L001", "lost"])
    whole = path.read_bytes()
    for torn in (*(whole[:length] for length in range(kept, len(whole), 7)), whole[:kept] + bytes(len(whole) - kept)):
        path.write_bytes(torn)
        assert "kept" in open_index(path)
        assert "lost" not in open_index(path)
    add(path, ["L001", "third"])
    names = {reached.lot for reached in trace_lot(open_index(path), "L001").forward}
    assert {"kept", "third"} <= names
    assert "lost" not in names
    whole = bytearray(path.read_bytes())
    whole[begins + 30] ^= 1
    path.write_bytes(whole)
    with pytest.raises(DamagedIndex):
        open_index(path)


def test_links_are_not_added_to_a_file_that_was_replaced_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = built(tmp_path)
    lock = index_file.fcntl.flock
    monkeypatch.setattr(index_file.fcntl, "flock", lambda *args: (lock(*args), built(tmp_path)))
    with pytest.raises(DamagedIndex):
        add(path, ["A", "B"])


def test_names_are_found_by_bisection_in_any_script(tmp_path: Path) -> None:
    names = ["", "A", "a", "é", "批次", "批次1", "𠮷"]
    rows = [[one, other, *[""] * (len(HEADER) - 2)] for one, other in pairwise(names[1:])]
    path = tmp_path / "x"
    write_file(path, lambda file: write_index(file, read_columns(table(*rows)).columns))
    network = open_index(path)
    assert [network.name_of(network.number_of(name)) for name in names[1:]] == names[1:]  # type: ignore[arg-type]
    assert not any(name in network for name in ("", "B", "批", "zz", "\udcff"))
