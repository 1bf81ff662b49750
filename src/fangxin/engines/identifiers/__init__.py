"""Numbers that carry their own proof: credit codes, licences, trade item numbers; and telephone shapes.

`check_…` never changes or rejects anything: it says what is wrong and leaves the decision to the caller.
`make_…` builds numbers that pass the checks, for invented registers only.
"""

from fangxin.engines.identifiers.credit_code import (
    check_credit_code,
    check_organisation_code,
    make_credit_code,
    make_organisation_code,
)
from fangxin.engines.identifiers.drug_codes import check_drug_code, find_drug_code
from fangxin.engines.identifiers.gtin import check_gtin, make_gtin
from fangxin.engines.identifiers.licences import (
    check_business_licence,
    check_production_licence,
    make_business_licence,
    make_production_licence,
)
from fangxin.engines.identifiers.personal import find_personal_numbers
from fangxin.engines.identifiers.phones import check_phone
from fangxin.engines.identifiers.results import Checked, Problem, normalize

__all__ = [
    "Checked",
    "Problem",
    "check_business_licence",
    "check_credit_code",
    "check_drug_code",
    "check_gtin",
    "check_organisation_code",
    "check_phone",
    "check_production_licence",
    "find_drug_code",
    "find_personal_numbers",
    "make_business_licence",
    "make_credit_code",
    "make_gtin",
    "make_organisation_code",
    "make_production_licence",
    "normalize",
]
