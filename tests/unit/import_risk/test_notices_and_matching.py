"""Notices of several systems in one form; which lots they may mean."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines import import_risk as risk

STANDARDS = Path(__file__).parents[3] / "standards" / "imported_food"
WORDS = risk.load_vocabulary((STANDARDS / "vocabulary.toml").read_text(encoding="utf-8"))
LOT = risk.ShelfLot(
    "1", "原味开心果 Roasted pistachios", "TR", "nuts", ("pistachio",), "Anadolu Kuru Gida", "TR-01", "L23-A7", "08690000000012",
    date(2023, 1, 5),
)  # fmt: skip


def notice(**more):
    said = {
        "text": "Aflatoxins in pistachios from Türkiye",
        "published_on": "2023-03-12",
        "hazard": "aflatoxin total",
    } | more
    return risk.understand(said, source="rasff", vocabulary=WORDS)


@pytest.mark.parametrize(
    ("text", "countries"),
    [("from Türkiye, via the Netherlands", ("NL", "TR")), ("Guinea pig from Niger", ()), ("New Zealand lamb", ("NZ",)),
     ("原产于越南的腰果", ("VN",)), ("de", ("DE",)), ("Romania", ("RO",)), ("Indian ocean", ())],
)  # fmt: skip
def test_countries_are_read_as_whole_words(text, countries):
    assert WORDS.find_countries(text) == countries


@pytest.mark.parametrize(
    ("text", "products"),
    [("extra virgin olive oil", ("olive_oil",)), ("green olives", ("olives",)), ("peanut butter", ("peanut_butter",)),
     ("特级初榨橄榄油", ("olive_oil",)), ("price of licorice", ()), ("frozen prawns", ("shrimp",)), ("葡萄酒", ("wine",)),
     ("almonds and walnuts", ("almond", "walnut"))],
)  # fmt: skip
def test_a_longer_name_hides_the_shorter_one_inside_it(text, products):
    assert WORDS.find_products(text) == products


def test_each_named_hazard_counts_for_its_group():
    found = notice(hazard="chlorpyrifos  unauthorised substance,Salmonella spp.,cadmium,glurb")
    assert found.hazards == ("pathogen", "metal", "pesticide")


@pytest.mark.parametrize(
    ("text", "serious"),
    [("serious", True), ("not serious", False), ("potentially serious", True), ("potential risk", None), ("no risk", False),
     ("Class I", True), ("Class II", False), ("Class III", False), ("严重", True), ("不严重", False), ("", None), ("?", None)],
)  # fmt: skip
def test_how_serious_is_what_the_source_said(text, serious):
    assert risk.read_seriousness(text) is serious


@pytest.mark.parametrize(
    ("text", "day"),
    [("2024-01-02 10:21:09.000000", date(2024, 1, 2)), ("12/29/2025", date(2025, 12, 29)), ("2024/5/6", date(2024, 5, 6)),
     ("2024年5月6日", date(2024, 5, 6)), ("2025-08-08T16:53:46", date(2025, 8, 8)), ("13/13/2024", None), ("", None), ("1024-01-01", None)],
)  # fmt: skip
def test_days_of_all_sources(text, day):
    assert risk.read_day(text) == day


def test_numbers_in_the_text_are_found():
    found = notice(text="Candy, LOT 24A-118 and Lot No: B77, UPC 805219643846, batch number 2023-05. A lot of rice.")
    assert found.lots == ("202305", "24A118", "B77")
    assert found.gtins == ("805219643846",)


@pytest.mark.parametrize(
    ("content", "token"),
    [(b"\xff\xfe\x00a\x00", "encoding"), (b"{", "json"), (b"[1]", "json"), (b"a,b\n1,2\n", "headers"), (b"[" * 5000, "json"), (b"", "headers"),
     (b"x" * 20_000_001, "too_big"), (b"subject\n" + b"x\n" * 20_001, "too_many")],
)  # fmt: skip
def test_what_is_no_list_is_refused_by_name(content, token):
    with pytest.raises(risk.Unreadable, match=token):
        risk.read_notices(content, source="other", vocabulary=WORDS)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(str.encode)
    | st.recursive(st.none() | st.text(max_size=9), st.lists).map(lambda x: json.dumps(x).encode())
)
def test_no_bytes_break_the_reader(content):
    try:
        reading = risk.read_notices(content, source="other", vocabulary=WORDS)
    except risk.Unreadable:
        return
    assert all(found.text for found in reading.notices)


def test_csv_and_json_say_the_same():
    rows = [
        {
            "reference": "1",
            "subject": "Salmonella in sesame from India",
            "date": "2024-01-02",
            "origin": "India",
            "hazards": "Salmonella",
        }
    ]
    header = ",".join(rows[0])
    text = header + "\n" + ",".join(rows[0].values()) + "\n"
    read = [
        risk.read_notices(c, source="rasff", vocabulary=WORDS).notices
        for c in (text.encode(), json.dumps(rows).encode())
    ]
    assert read[0] == read[1]
    assert read[0][0].origins == ("IN",)


# --- matching -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "certainty"),
    [
        ({}, "ask"),  # product and country
        ({"lots": "L23 A7"}, "sure"),  # and the number
        ({"lots": "L23-A7", "text": "Aflatoxins in nuts", "category": "nuts, nut products and seeds"}, "ask"),  # a number alone
        ({"lots": "L23-A7", "text": "Aflatoxins in cashews from Türkiye"}, "ask"),  # another product
        ({"lots": "L23-A7", "origin": "Iran"}, "ask"),  # the number, but another country
        ({"lots": "B-99"}, "none"),  # other numbers only
        ({"gtin": "8690000000012"}, "sure"),
        ({"gtin": "8690000000029"}, "none"),
        ({"gtin": "8690000000012", "lots": "B-99"}, "ask"),  # the article, another lot of it
        ({"origin": "Iran", "text": "Aflatoxins in pistachios"}, "none"),
        ({"text": "Salmonella in cashews from Türkiye"}, "none"),
        ({"distribution": "Germany"}, "watch"),
        ({"distribution": "Germany, China"}, "ask"),
        ({"text": "Aflatoxins in pistachios"}, "watch"),  # no country said
        ({"maker_number": "TR 01"}, "ask"),
        ({"maker": "ANADOLU KURU GIDA A.S.", "text": "Glass in jars", "origin": "Türkiye"}, "ask"),
        ({"published_on": "2023-01-04"}, "watch"),  # made after the notice
    ],
)  # fmt: skip
def test_only_numbers_decide_and_likeness_asks(more, certainty):
    assert risk.match_lot(notice(**more), LOT, here="CN").certainty == certainty


@given(st.permutations(range(6)))
def test_the_order_of_the_shelf_does_not_matter(order):
    lots = [
        risk.ShelfLot(str(n), "x", "TR", "nuts", ("pistachio",) if n % 2 else (), lot="L23A7" if n == 3 else "")
        for n in range(6)
    ]
    found = risk.match_lots(notice(lots="L23A7"), [lots[n] for n in order], here="CN")
    assert [match.key for match in found] == [m.key for m in risk.match_lots(notice(lots="L23A7"), lots, here="CN")]
    assert (found[0].key, found[0].certainty) == ("3", "sure")


@given(st.sampled_from(["lot", "gtin", "maker_number", "origin"]))
def test_what_is_not_known_never_makes_a_match_surer(field):
    said = notice(lots="L23-A7", gtin="8690000000012", maker_number="TR-01")
    blank = {name: getattr(LOT, name) for name in LOT.__slots__} | {field: ""}
    order = ["none", "watch", "ask", "sure"]
    full = risk.match_lot(said, LOT, here="CN")
    less = risk.match_lot(said, risk.ShelfLot(**blank), here="CN")
    assert order.index(less.certainty) <= order.index(full.certainty)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(
        [
            "pistachios from Türkiye",
            "pistachios",
            "cashews from Türkiye",
            "pistachios from Iran",
            "nuts",
            "Anadolu Kuru Gida",
        ]
    ),
    st.sampled_from(["", "L23-A7", "B-9"]),
    st.sampled_from(["", "TR", "IR"]),
    st.sampled_from([(), ("pistachio",), ("cashew",)]),
)
def test_a_list_of_lots_finds_what_each_lot_alone_does(text, printed, origin, products):
    said = notice(text=text, lots=printed)
    lot = risk.ShelfLot("1", "x", origin, "nuts", products, "Anadolu Kuru Gida", lot="L23-A7")
    alone = risk.match_lot(said, lot, here="CN")
    assert risk.match_lots(said, [lot], here="CN") == ((alone,) if alone.certainty != "none" else ())
