"""The time rule by brute force: every second is tried on every walk, over a short stretch of time."""

from collections.abc import Iterable

from hypothesis import strategies as st

from fangxin.engines.traceability.spans import Span
from fangxin.engines.traceability.values import Link

FIRST, LAST = 1000, 1009
SECONDS = range(FIRST, LAST + 1)
LOTS = "abcdefg"


def spans() -> st.SearchStrategy[Span | None]:
    ends = st.tuples(st.integers(FIRST, LAST), st.integers(FIRST, LAST))
    return st.none() | ends.map(lambda pair: Span(min(pair), max(pair)))


def links(lots: str = LOTS) -> st.SearchStrategy[Link]:
    """Any link: also to the lot itself, without dates, with dates that contradict each other, twice the same."""
    return st.builds(
        Link,
        st.sampled_from(lots),
        st.sampled_from(lots),
        spans(),
        spans(),
        premises=st.sampled_from(["", "P"]),
    )


def networks() -> st.SearchStrategy[list[Link]]:
    return st.lists(links(), min_size=1, max_size=14)


def possible_seconds(link: Link) -> set[tuple[int, int]]:
    """All pairs (left, arrived) that the dates of a link allow."""
    sent = link.sent or Span(FIRST, LAST)
    received = link.received or Span(FIRST, LAST)
    if sent.first > received.last:
        sent = received = Span(received.first, sent.last)
    return {
        (left, came)
        for left in range(sent.first, sent.last + 1)
        for came in range(received.first, received.last + 1)
        if left <= came
    }


def slow_forward(network: Iterable[Link], start: str) -> tuple[dict[str, int], dict[str, int]]:
    """Per lot reached: the least second at which goods can be there, and the fewest links that lead to it."""
    pairs = [(link, possible_seconds(link)) for link in network]
    states = {(start, FIRST)}
    hops, steps = {start: 0}, 0
    while True:
        steps += 1
        new = {
            (link.to_lot, came)
            for link, allowed in pairs
            for lot, at in states
            if lot == link.from_lot
            for left, came in allowed
            if left >= at
        } - states
        if not new:
            break
        states |= new
        for lot, _ in new:
            hops.setdefault(lot, steps)
    return {lot: min(at for other, at in states if other == lot) for lot, _ in states}, hops


def mirrored(link: Link) -> Link:
    """The link with the clock running backwards: what came from here went there."""
    turn = lambda span: span and Span(FIRST + LAST - span.last, FIRST + LAST - span.first)  # noqa: E731
    return Link(link.to_lot, link.from_lot, turn(link.received), turn(link.sent), premises=link.premises)
