"""Check characters against numbers that others published.

Credit codes: registered companies' codes as printed on their sites, and the worked examples of
GB 32100-2015 and GB 11714-1997. Licences: product pages and shop footers in public source files, read once;
typing errors of their authors are part of the set on purpose. GTIN: GS1's own examples.
ISO 7064 MOD 11,10: the standard's worked example 0794 → 5.
"""

import pytest

from fangxin.engines.identifiers import (
    Problem,
    check_business_licence,
    check_credit_code,
    check_gtin,
    check_organisation_code,
    check_production_licence,
)
from fangxin.engines.identifiers.licences import check_digit

CREDIT_CODES = [
    "91350100M000100Y43",
    "91110105771583283D",
    "91110000802100433B",
    "91110108740084270C",
    "91440300708461136T",
    "91110108551385082Q",
    "91350104315308392G",
    "911101083303521997",
]

PRODUCTION_LICENCES = """
    SC11435078213641 SC12744040400094 SC11453010306856 SC12744030500626 SC10633019702613 SC10633042101885
    SC11432010400101 SC11464010500015 SC10437052300320 SC10443061200101 SC10441019300064 SC10435062700051
    SC10432128200992 SC11861043103206 SC11834010705158 SC11837048101233 SC11833018501652 SC11834020305037
    SC10744030704994 SC12442011202449 SC11453282248002 SC10811310111839 SC12437010500152 SC12441112200063
"""

BUSINESS_LICENCES = """
    JY11113080533669 JY13501040006708 JY11117051464030 JY11105300065940 JY11408020030619 JY11407020031943
    JY11108071215650 JY23506230105266 JY13301080111719
"""


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_published_credit_codes_hold(code):
    assert check_credit_code(code).valid


@pytest.mark.parametrize("code", ["91350200M000000510", "91350128M00000019A"])
def test_made_up_credit_codes_on_the_web_do_not_hold(code):
    assert check_credit_code(code).problem is Problem.CHECK_CHARACTER


def test_the_worked_example_of_the_organisation_code_holds():
    assert check_organisation_code("D2143569-X").valid


def test_the_worked_example_of_the_hybrid_check_holds():
    assert check_digit("0794") == "5"


@pytest.mark.parametrize(
    ("numbers", "check", "holding"),
    [(PRODUCTION_LICENCES, check_production_licence, 19), (BUSINESS_LICENCES, check_business_licence, 5)],
)
def test_most_published_licences_carry_the_check_digit(numbers, check, holding):
    # One in ten would hold by chance: 2.4 and 0.9. The rest are misprints, or an office with its own habit.
    answers = [check(number) for number in numbers.split()]
    assert {answer.problem for answer in answers} == {None, Problem.CHECK_CHARACTER}
    assert sum(answer.valid for answer in answers) == holding


def test_a_published_licence_opens_into_its_parts():
    licence = check_production_licence("SC11834020305037")
    assert dict(licence.parts) == {"category": "118", "division": "340203", "serial": "0503", "check": "7"}
    business = check_business_licence("JY23506230105266")
    assert dict(business.parts) == {"business": "2", "division": "350623", "serial": "010526", "check": "6"}


@pytest.mark.parametrize("number", ["6291041500213", "614141999996", "10614141000415", "73513537", "9780306406157"])
def test_published_trade_item_numbers_hold(number):
    assert check_gtin(number).valid
