"""Identifiers as EPC URN and Digital Link, both ways."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.epcis import EpcisError, canonical, to_digital_link, to_urn
from fangxin.engines.epcis.identifiers import check_digit

SERIAL = st.text("ABCxyz0189-._", min_size=1, max_size=16).filter(lambda text: not text.startswith("."))


def _urn(scheme, total, length, digits, serial):
    body = digits.zfill(total)[:total]
    return f"urn:epc:{scheme}:{body[:length]}.{body[length:]}" + (f".{serial}" if serial is not None else "")


@given(
    st.sampled_from(
        [("id:sgtin", 13), ("class:lgtin", 13), ("id:sgln", 12), ("id:grai", 12), ("id:gdti", 12), ("id:upui", 13)]
    ),
    st.integers(6, 11),
    st.integers(0, 10**13 - 1),
    SERIAL,
)
@settings(max_examples=80, deadline=None)
def test_a_urn_with_serial_comes_back_from_its_link(scheme, length, digits, serial):
    urn = _urn(scheme[0], scheme[1], length, str(digits), serial)
    assert to_urn(to_digital_link(urn), company_prefix_length=length) == urn


@given(
    st.sampled_from([("id:sscc", 17), ("id:gsrn", 17), ("id:gsrnp", 17), ("id:gsin", 16), ("id:pgln", 12)]),
    st.integers(6, 11),
    st.integers(0, 10**17 - 1),
)
@settings(max_examples=60, deadline=None)
def test_a_urn_without_serial_comes_back_from_its_link(scheme, length, digits):
    urn = _urn(scheme[0], scheme[1], length, str(digits), None)
    link = to_digital_link(urn)
    assert canonical(link) == link
    assert to_urn(link, company_prefix_length=length) == urn


@pytest.mark.parametrize(
    "urn",
    ["urn:epc:id:giai:4012345.ABC345", "urn:epc:id:ginc:0614141.xyz47%2F11", "urn:epc:id:sgcn:4012345.67890.04711"],
)
def test_other_keys_come_back_too(urn):
    assert to_urn(to_digital_link(urn), company_prefix_length=7) == urn


def test_the_last_digit_of_published_keys():
    # GTIN-13 of the GS1 General Specifications, figure 7.9.1-1, and the SSCC beside it.
    assert check_digit("629104150021") == "3"
    assert check_digit("37610425002123456") == "9"


def test_a_wrong_last_digit_is_refused():
    with pytest.raises(EpcisError, match="check digit"):
        to_urn("https://id.gs1.org/01/04012345111119/21/1", company_prefix_length=7)


@pytest.mark.parametrize("length", [5, 13])
def test_a_company_prefix_has_six_to_twelve_digits(length):
    with pytest.raises(EpcisError, match="6 to 12"):
        to_urn("https://id.gs1.org/01/04012345111118/21/1", company_prefix_length=length)


@pytest.mark.parametrize(
    "text", ["urn:epc:id:sgtin:4012345.011111", "urn:isbn:3", "https://example.org/01/x", "", "01"]
)
def test_what_is_no_gs1_identifier_says_so(text):
    assert canonical(text) is None
    with pytest.raises(EpcisError):
        to_digital_link(text)


def test_a_link_of_another_house_in_another_spelling_is_the_same_thing():
    forms = (
        "https://example.com/shop/gtin/9780345418913/lot/7?x=1",
        "http://id.gs1.org/01/09780345418913/10/7",
        "https://id.gs1.org/01/09780345418913/22/A/10/7/",
        "https://example.com/01/09780345418913/10/7#here",
    )
    assert {canonical(form) for form in forms} == {"https://id.gs1.org/01/09780345418913/10/7"}


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_any_text_is_answered(text):
    for form in (text, "urn:epc:id:" + text, "https://id.gs1.org/01/" + text):
        found = canonical(form)
        assert found is None or canonical(found) == found
