import random
import sqlite3
from io import BytesIO

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.traceability.slow_trace import FIRST, LAST, mirrored, networks, possible_seconds, slow_forward

from fangxin.engines.traceability.closure import UnknownLot, loops_of, trace_lot, walk
from fangxin.engines.traceability.index import MappedNetwork
from fangxin.engines.traceability.index_build import Columns, write_index
from fangxin.engines.traceability.index_format import pack_batch
from fangxin.engines.traceability.many import ManyTraces
from fangxin.engines.traceability.reading import COLUMNS
from fangxin.engines.traceability.spans import LEAST, MOST, read_span, window
from fangxin.engines.traceability.sql import index_sql, recursive_sql
from fangxin.engines.traceability.values import Direction, Link, Network
from fangxin.surfaces.cli.trace import facts_of


def forward(network: Network, lot: str) -> set[str]:
    return {reached.lot for reached in trace_lot(network, lot, Direction.FORWARD).forward}


def back(network: Network, lot: str) -> set[str]:
    return {reached.lot for reached in trace_lot(network, lot, Direction.BACK).back}


# --- the rule ---------------------------------------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(networks())
def test_forward_and_back_are_what_trying_every_second_gives(links: list[Link]) -> None:
    network = Network(links)
    for lot in network.names:
        trace = trace_lot(network, lot)
        for found, source in ((trace.forward, links), (trace.back, [mirrored(link) for link in links])):
            seconds, hops = slow_forward(source, lot)
            assert {r.lot: r.hops for r in found} == {name: n for name, n in hops.items() if name != lot}
            for reached in found:
                clock = reached.second
                if clock is not None and found is trace.back:
                    clock = FIRST + LAST - clock
                assert (FIRST if clock is None else clock) == seconds[reached.lot]


@settings(max_examples=50, deadline=None)
@given(networks())
def test_a_lot_lies_ahead_exactly_where_the_other_lies_behind(links: list[Link]) -> None:
    network = Network(links)
    ahead = {(lot, other) for lot in network.names for other in forward(network, lot)}
    behind = {(other, lot) for lot in network.names for other in back(network, lot)}
    assert ahead == behind


@settings(max_examples=50, deadline=None)
@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(links: list[Link], rng: random.Random) -> None:
    shuffled = rng.sample(links, len(links))
    for lot in {link.from_lot for link in links}:
        assert facts_of(trace_lot(Network(links), lot)) == facts_of(trace_lot(Network(shuffled), lot))


@settings(max_examples=50, deadline=None)
@given(networks())
def test_the_links_of_a_trace_are_those_that_goods_of_the_lot_can_have_gone_over(links: list[Link]) -> None:
    network = Network(links)
    for lot in network.names:
        seconds, _ = slow_forward(links, lot)
        expected = sorted(
            (
                link
                for link in links
                if link.from_lot in seconds
                and any(left >= seconds[link.from_lot] for left, _ in possible_seconds(link))
            ),
            key=lambda link: link.order,
        )
        assert list(trace_lot(network, lot, Direction.FORWARD).links) == expected


def test_an_output_contains_only_what_had_arrived() -> None:
    day = [read_span(f"2023-05-{n:02}") for n in range(1, 9)]
    network = Network(
        [
            Link("farm", "mill", day[0], day[2]),
            Link("mill", "before", day[1], day[1]),
            Link("mill", "same day", day[2], day[2]),
            Link("mill", "after", day[3], day[4]),
        ]
    )
    assert forward(network, "farm") == {"mill", "same day", "after"}
    assert back(network, "before") == {"mill"}


def test_a_link_without_dates_keeps_the_time_of_what_goes_over_it() -> None:
    network = Network(
        [
            Link("farm", "mill", read_span("2023-05-03"), read_span("2023-05-03")),
            Link("mill", "baker"),
            Link("baker", "early", read_span("2023-05-01")),
            Link("baker", "late", read_span("2023-05")),
        ]
    )
    assert forward(network, "farm") == {"mill", "baker", "late"}
    assert [link.dated for link in trace_lot(network, "mill", Direction.FORWARD).links] == [True, True, False]


def test_dates_that_contradict_each_other_do_not_cut_a_trace() -> None:
    link = Link("a", "b", read_span("2023-05-09"), read_span("2023-05-01"))
    assert link.contradicts_itself
    network = Network([Link("x", "a", None, read_span("2023-05-05")), link, Link("b", "c", read_span("2023-05-06"))])
    assert forward(network, "x") == {"a", "b", "c"}


def test_a_lot_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UnknownLot):
        trace_lot(Network([Link("a", "b")]), "c")


def test_a_long_chain_and_a_long_loop_need_no_recursion() -> None:
    chain = [Link(f"{n:05}", f"{n + 1:05}") for n in range(5_000)]
    assert len(forward(Network(chain), "00000")) == 5_000
    loop = trace_lot(Network([*chain, Link("05000", "00000")]), "00007", Direction.FORWARD)
    assert [len(lots) for lots in loop.loops] == [5_001]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=15))
def test_loops_are_the_lots_that_lead_to_each_other(pairs: list[tuple[str, str]]) -> None:
    ahead = {(a, b) for a, b in pairs}
    for _ in range(6):
        ahead |= {(a, d) for a, b in ahead for c, d in ahead if b == c}
    lots = {lot for pair in pairs for lot in pair}
    groups = {tuple(sorted(o for o in lots if (lot, o) in ahead and (o, lot) in ahead)) for lot in lots}
    assert loops_of(pairs) == tuple(sorted(group for group in groups if group))


# --- the same answers from the mapped file and from the database ------------------------------------------------------


def mapped(links: list[Link], later: list[Link] = []) -> MappedNetwork:  # noqa: B006
    """An index of links with seconds alone, and links added afterwards."""
    names = sorted({lot for link in links for lot in (link.from_lot, link.to_lot)})
    number = {name: n for n, name in enumerate(names)}
    column = lambda values: pl.Series(list(values), dtype=pl.UInt32).to_numpy()  # noqa: E731
    file = BytesIO()
    write_index(
        file,
        Columns(
            pl.Series(names, dtype=pl.String),
            column(number[link.from_lot] for link in links),
            column(number[link.to_lot] for link in links),
            column(link.window[0] for link in links),
            column(link.window[1] for link in links),
        ),
    )
    built = MappedNetwork(file.getvalue())
    for part in (later[:2], later[2:]):
        batch = MappedNetwork(file.getvalue()).batch_of((link, [""] * (len(COLUMNS) - 2)) for link in part)
        file.seek(0, 2)
        file.write(pack_batch(batch))
    return MappedNetwork(file.getvalue()) if later else built


@settings(max_examples=50, deadline=None)
@given(networks(), st.lists(st.nothing(), max_size=0) | networks())
def test_the_mapped_network_walks_as_the_plain_one(links: list[Link], later: list[Link]) -> None:
    plain, file = Network([*links, *later]), mapped(links, later)
    many = ManyTraces(file)
    assert (file.links, file.lots) == (len(plain.links), len(plain.names))
    for lot in plain.names:
        number = file.number_of(lot)
        assert number is not None
        for way in (True, False):
            clocks, hops = walk(plain, plain.numbers[lot], back=way)
            found, steps = walk(file, number, back=way)
            assert {file.name_of(n): at for n, at in found.items()} == {plain.name_of(n): c for n, c in clocks.items()}
            assert {file.name_of(n): at for n, at in steps.items()} == {plain.name_of(n): c for n, c in hops.items()}
            quick = {file.name_of(n) for n in many.reached(number, back=way).tolist()}
            assert quick == {plain.name_of(n) for n in clocks} - {lot}
            assert many.counts([number], back=way).tolist() == [len(quick)]


@settings(max_examples=50, deadline=None)
@given(networks())
def test_the_query_of_the_database_walks_as_the_engine(links: list[Link]) -> None:
    network = Network(links)
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE link (from_lot_id bigint, to_lot_id bigint, leaves INTEGER, arrives INTEGER)")
    numbers = network.numbers
    rows = [(numbers[link.from_lot], numbers[link.to_lot], *link.window) for link in links]
    database.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", rows)
    for text in index_sql(table="link"):
        database.execute(text)
    for lot in range(len(network.names)):
        for way, direction in ((False, Direction.FORWARD), (True, Direction.BACK)):
            query = recursive_sql(direction, table="link", parameter="?")
            clocks, _ = walk(network, lot, back=way)
            expected = {other: MOST - at if way else at for other, at in clocks.items()}
            assert dict(database.execute(query, [lot])) == expected
    database.close()


def test_the_query_reads_its_covering_indexes_alone() -> None:
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE TABLE link (from_lot_id bigint, to_lot_id bigint, leaves INTEGER, arrives INTEGER, more TEXT)"
    )
    for text in index_sql(table="link"):
        database.execute(text)
    for direction, index in ((Direction.FORWARD, "link_forward"), (Direction.BACK, "link_back")):
        query = recursive_sql(direction, table="link", parameter="?")
        plan = " ".join(row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {query}", [1]))
        assert f"USING COVERING INDEX {index}" in plan
    database.close()


@pytest.mark.parametrize("name", ["link; DROP TABLE x", "", "1a", "a.b", 'a"b'])
def test_the_query_takes_plain_names_only(name: str) -> None:
    with pytest.raises(ValueError, match="plain name"):
        recursive_sql(Direction.BACK, table=name)


# --- seconds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2023", "2023"),
        ("2023年", "2023"),
        ("2023-5", "2023-05"),
        ("2023年5月", "2023-05"),
        ("20230501", "2023-05-01"),
        ("2023.5.1", "2023-05-01"),
        ("2023年5月1日", "2023-05-01"),
        ("2023-05-01 9:05", "2023-05-01T09:05"),
        ("2023-05-01T08:30:07.25", "2023-05-01T08:30:07"),
        ("2023-05-01T08:30:07Z", "2023-05-01T16:30:07"),
        ("2023-05-01 08:30:07-0400", "2023-05-01T20:30:07"),
        ("2024-02", "2024-02"),
    ],
)
def test_a_date_means_no_more_than_it_says(written: str, read: str) -> None:
    span = read_span(written)
    assert span is not None
    assert span.text == read
    assert read_span(read) == span


@pytest.mark.parametrize(
    "written",
    ["2023-13", "2023-02-30", "1899-01-01", "2200", "x", "2023-05-", "2023-05-01T25:00", "12-05-2023", "202305"],
)
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (the calendar words its own reasons)
        read_span(written)


def test_nothing_known_means_any_time() -> None:
    assert window(None, None) == (MOST, LEAST)
    assert read_span("  ") is None
