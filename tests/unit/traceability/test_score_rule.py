"""The rule of the scores against an obviously right version, on generated models with loops, mixing and missing dates."""

import json
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.traceability.closure import trace_lot
from fangxin.engines.traceability.foodchain import (
    ALL,
    DateRule,
    Delivery,
    Evidence,
    Form,
    Model,
    ModelFault,
    Network,
    Relation,
    Settings,
    Station,
    Tracer,
    convert,
    read_model,
    score,
    score_evidence,
    settings_in,
    settings_of,
    write_model,
)
from fangxin.engines.traceability.foodchain.limits import day_number, stated_limits
from fangxin.engines.traceability.foodchain.values import check_model
from fangxin.engines.traceability.values import Direction, Link
from fangxin.engines.traceability.values import Network as Lots

NAMES = ("A", "B", "C", "D")
days = st.one_of(st.none(), st.sampled_from(["2023-05-01", "2023-05-02", "03.05.2023", "05/2023", "2023-02-30"]))


@st.composite
def models(draw, most=8):
    ends = draw(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), days, days), max_size=most))
    deliveries = tuple(Delivery(f"d{n}", *entry) for n, entry in enumerate(ends))
    meeting = [(a.id, b.id) for a in deliveries for b in deliveries if a.target == b.source]
    chosen = draw(st.lists(st.sampled_from(meeting), max_size=10)) if meeting else []
    stations = tuple(Station(name) for name in NAMES)
    return Model(stations, deliveries, check_model(stations, deliveries, [Relation(a, b) for a, b in chosen]))


@st.composite
def asked(draw):
    some = st.sets(st.sampled_from(NAMES))
    return Settings(
        outbreak_stations=tuple(draw(some)), cross_stations=draw(st.one_of(st.just(ALL), some)),
        kill_stations=draw(st.sets(st.sampled_from(NAMES), max_size=1)),
        rule=draw(st.sampled_from([DateRule.EXPLICIT, DateRule.IGNORE])),
    )  # fmt: skip


def slow_score(model, asked_for):
    """Straight from the words of the rule, by recursion over sets."""
    limits = stated_limits([d.sent for d in model.deliveries], [d.received for d in model.deliveries])
    number = {delivery.id: n for n, delivery in enumerate(model.deliveries)}
    related = {(relation.source, relation.target) for relation in model.relations}
    cross = {s.id for s in model.stations} if asked_for.cross_stations == ALL else set(asked_for.cross_stations)

    def leads_to(into, out):
        if into.target != out.source or out.source in asked_for.kill_stations:
            return False
        mixes = out.source in cross and (
            asked_for.rule is DateRule.IGNORE or limits.in_first[number[into.id]] <= limits.out_last[number[out.id]]
        )
        return (into.id, out.id) in related or mixes

    found = dict.fromkeys(NAMES, 0)
    for outbreak in set(asked_for.outbreak_stations):
        reached, front = set(), [d for d in model.deliveries if d.target == outbreak]
        while front:
            out = front.pop()
            if out.id not in reached:
                reached.add(out.id)
                front += [into for into in model.deliveries if leads_to(into, out)]
        sources = {model.deliveries[number[name]].source for name in reached} - set(asked_for.kill_stations)
        for station in sources | {outbreak}:
            found[station] += 1
    total = len(set(asked_for.outbreak_stations))
    return {station: count / total for station, count in found.items() if count}


@settings(max_examples=200, deadline=None)
@given(models(), asked())
def test_scores_agree_with_the_words_of_the_rule(model, asked_for):
    assert score(Network(model), asked_for).stations == slow_score(model, asked_for)


@settings(max_examples=100, deadline=None)
@given(models(), asked(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(model, asked_for, random):
    deliveries, relations = list(model.deliveries), list(model.relations)
    random.shuffle(deliveries)
    random.shuffle(relations)
    shuffled = Model(model.stations, tuple(deliveries), tuple(relations))
    assert score(Network(shuffled), asked_for) == score(Network(model), asked_for)


@settings(max_examples=100, deadline=None)
@given(models(), st.sets(st.sampled_from(NAMES), min_size=1))
def test_equal_weights_give_the_share_of_the_outbreak(model, outbreak):
    """The desktop program's rule and the web client's meet where all weights are 1 and nothing mixes."""
    weighted = score_evidence(model, Evidence(dict.fromkeys(outbreak, 1.0))).stations
    plain = score(Network(model), Settings(outbreak_stations=tuple(outbreak), rule=DateRule.IGNORE)).stations
    assert {name: value.combined for name, value in weighted.items() if value.combined} == pytest.approx(plain)


@settings(max_examples=100, deadline=None)
@given(models(), asked())
def test_a_station_scores_for_an_outbreak_it_leads_to(model, asked_for):
    """Forward from a station and backward from the outbreak are two ways to ask the same, where nothing is killed."""
    asked_for = replace(asked_for, kill_stations=())
    network = Network(model)
    tracer = Tracer(network, asked_for)
    scores = score(network, asked_for).stations
    for station in NAMES:
        reached = {*tracer.trace(station).forward_stations, station} & set(asked_for.outbreak_stations)
        assert scores.get(station, 0.0) == pytest.approx(len(reached) / max(1, len(set(asked_for.outbreak_stations))))


def model(*deliveries, relations=()):
    names = sorted({end for delivery in deliveries for end in delivery[1:3]})
    stations = tuple(Station(name) for name in names)
    rows = tuple(Delivery(*delivery) for delivery in deliveries)
    return Model(stations, rows, check_model(stations, rows, [Relation(*pair) for pair in relations]))


def test_the_same_day_is_early_enough():
    chain = model(("in", "farm", "shop", "2023-05-02", "2023-05-02"), ("out", "shop", "home", "2023-05-02"))
    asked_for = Settings(("home",), cross_stations=ALL, rule=DateRule.EXPLICIT)
    assert score(Network(chain), asked_for).stations == {"farm": 1.0, "home": 1.0, "shop": 1.0}


def test_a_date_is_inferred_through_the_chain():
    """The flour has no date, but bread of it left on the 3rd: it cannot have come after. Pie that left on the 1st is older
    than the flour of a mill that milled on the 2nd."""
    chain = model(
        ("grain", "farm", "mill", "2023-05-02", "2023-05-02"), ("flour", "mill", "bakery"),
        ("pie", "bakery", "home", "2023-05-01"), ("bread", "bakery", "shop", "2023-05-03"),
        relations=[("grain", "flour"), ("flour", "bread")],
    )  # fmt: skip
    by_rule = {
        rule: "mill" in score(Network(chain), Settings(("home",), cross_stations={"bakery"}, rule=rule)).stations
        for rule in DateRule
    }
    assert by_rule == {DateRule.EXPLICIT: True, DateRule.INFERRED: False, DateRule.IGNORE: True}


def test_an_outbreak_may_be_a_delivery_and_a_kill_step_stops_it():
    chain = model(("a", "farm", "mill"), ("b", "mill", "shop"), relations=[("a", "b")])
    network = Network(chain)
    assert score(network, Settings(outbreak_deliveries=("b",))).stations == {"farm": 1.0, "mill": 1.0}
    assert score(network, Settings(outbreak_deliveries=("b",), kill_stations=("mill",))).stations == {}
    assert score(network, Settings(outbreak_deliveries=("b",), kill_deliveries=("a",))).stations == {"mill": 1.0}
    assert score(network, Settings(outbreak_stations=("shop",), outbreak_deliveries=("a",))).stations["farm"] == 1.0


def test_without_an_outbreak_there_is_no_score():
    assert score(Network(model(("a", "farm", "mill"))), Settings()).stations == {}


def memoised_forward(onward, order):
    """The traversal of the desktop program, with its memory of finished deliveries filled before it descends, as a port
    must to survive a loop at all."""
    known = {}

    def forward(delivery):
        if delivery not in known:
            known[delivery] = found = set()
            for following in onward.get(delivery, ()):
                found.add(following)
                found |= forward(following)
        return known[delivery]

    for delivery in order:
        forward(delivery)
    return {delivery: frozenset(known[delivery]) for delivery in sorted(known)}


def test_on_a_loop_the_visiting_order_decides_there_and_not_here():
    """1 → 2 → 3, rework 3 → 2, and 3 → 4: asked for 3 first, the memory of 2 is half filled, and 1 loses 4."""
    onward = {"1": ["2"], "2": ["3"], "3": ["2", "4"]}
    answers = {memoised_forward(onward, order)["1"] for order in permutations("1234")}
    assert answers == {frozenset("23"), frozenset("234")}
    links = [Link(a, b) for a, bs in onward.items() for b in bs]
    ours = {trace_lot(Lots(rows), "1", Direction.FORWARD).lots for rows in permutations(links)}
    assert ours == {("1", "2", "3", "4")}


@pytest.mark.parametrize(
    ("text", "day"),
    [("2023-05-01", True), ("01.05.2023", True), ("1.5.2023", False), ("2023-5-1", False), ("2023-02-30", False),
     ("２０２３-05-01", False), ("", False), (None, False), ("0000-01-01", False)],
)  # fmt: skip
def test_only_two_writings_are_a_day(text, day):
    assert (day_number(text) is not None) is day


# --- files ------------------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=4), inner, max_size=2)),
    max_leaves=4,
)
unknown = st.dictionaries(st.text(min_size=1, max_size=6).map(lambda key: f"x{key}"), json_values, max_size=3)


@settings(max_examples=60, deadline=None)
@given(unknown, unknown, unknown)
def test_unknown_fields_survive_reading_and_writing(of_file, of_station, of_delivery):
    flat = {
        "stations": [{"id": "S", **of_station}], "deliveriesRelations": [{"source": "d", "target": "e", "id": "0"}],
        "deliveries": [{"id": "d", "source": "S", "target": "S", **of_delivery}], **of_file,
    }  # fmt: skip
    read = read_model(json.dumps(flat).encode())
    assert json.loads(write_model(read)) == flat
    tables = convert(read, Form.TABLES)
    assert read_model(write_model(tables)) == tables
    assert [station.row for station in convert(tables, Form.FLAT).stations] == flat["stations"]
    assert {key: value for key, value in tables.rest.items() if key in of_file} == of_file


def test_a_relation_that_does_not_hold_is_kept_in_the_file_and_left_out_of_the_trace():
    flat = {
        "stations": [{"id": "A"}, {"id": "B"}, {"id": "C"}],
        "deliveries": [{"id": "d", "source": "A", "target": "B"}, {"id": "e", "source": "C", "target": "A"}],
        "deliveriesRelations": [{"source": "d", "target": "e"}, {"source": "d", "target": "nowhere"}, {"source": "e", "target": "d"}],
    }  # fmt: skip
    read = read_model(json.dumps(flat).encode())
    assert [(relation.source, relation.target) for relation in read.dropped] == [("d", "e"), ("d", "nowhere")]
    assert json.loads(write_model(read)) == flat
    scores = score(Network(read), Settings(("B",)))
    assert (scores.stations, scores.dropped) == ({"A": 1.0, "B": 1.0, "C": 1.0}, 2)


def test_the_marks_of_a_file_are_its_settings_in_every_form():
    flat = {
        "stations": [{"id": "A", "killContamination": True}, {"id": "B", "weight": 2, "crossContamination": True}],
        "deliveries": [{"id": "d", "source": "A", "target": "B", "killContamination": True, "weight": 1}],
        "deliveriesRelations": [],
    }  # fmt: skip
    read = read_model(json.dumps(flat).encode())
    asked_for = settings_in(read)
    assert (asked_for.outbreak_stations, asked_for.outbreak_deliveries) == (("B",), ("d",))
    assert (asked_for.cross_stations, asked_for.kill_stations, asked_for.kill_deliveries) == (("B",), ("A",), ("d",))
    for form in (Form.TABLES, Form.FLAT):
        assert settings_in(read_model(write_model(read, form))) == asked_for


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'{"data": {}}', b'{"data": {"stations": {"data": [1]}}}', b"PK\x03\x04broken", b"\x1f\x8bno",
     b'{"stations": [{}], "deliveries": [], "deliveriesRelations": []}', b"\xff\xfe\x00", b"[" * 100_000,
     b'{"stations": [{"id": "A"}, {"id": "A"}], "deliveries": [], "deliveriesRelations": []}', b'{"stations": NaN}',
     b'{"stations": [{"id": "A"}], "deliveries": [{"id": "d", "source": "A", "target": "B"}], "deliveriesRelations": []}',
     b'{"stations": [1], "deliveries": [], "deliveriesRelations": []}',
     b'{"data": {"stations": {"data": []}, "deliveries": {"data": []}, "deliveryRelations": {"data": []}}, "tracing": 3}'],
)  # fmt: skip
def test_what_is_no_model_is_refused_with_a_reason(content):
    with pytest.raises(ModelFault, match=r"\w+"):
        read_model(content)


@pytest.mark.parametrize(
    "value",
    [[], {"outbreakStations": "S"}, {"outbreakStations": [None]}, {"crossContaminationDateRule": "sometimes"},
     {"killContaminationStations": {"a": 1}}],
)  # fmt: skip
def test_an_input_that_cannot_be_meant_is_refused(value):
    with pytest.raises(ModelFault, match=r"\w+"):
        settings_of(value)


def test_an_unknown_station_is_refused_rather_than_left_out():
    with pytest.raises(ModelFault, match="no station 'X'"):
        score(Network(model(("a", "farm", "mill"))), Settings(("X",)))
