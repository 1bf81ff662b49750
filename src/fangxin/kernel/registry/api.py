"""The door of the registry."""

from datetime import date

from fangxin.kernel.registry.access import get_parcel, get_premises
from fangxin.kernel.registry.asof import (
    attribute_column,
    census_rows,
    credential_rows,
    premises_rows,
    staff_rows,
    village_rows,
)
from fangxin.kernel.registry.asof import coverage as _coverage
from fangxin.kernel.registry.data import Coverage
from fangxin.kernel.registry.models import (
    CensusEntry,
    CensusSurvey,
    Credential,
    Operator,
    Parcel,
    Premises,
    Staff,
    StaffCertificate,
)
from fangxin.kernel.registry.public import public_credential, public_credentials_by_number
from fangxin.kernel.registry.rules import RestaurantSize, restaurant_size, usual_expiry
from fangxin.kernel.registry.selectors import (
    credential_status,
    facts_on,
    find_premises,
    list_census_entries,
    list_credentials,
    list_parcels,
    list_premises,
    list_staff,
)
from fangxin.kernel.registry.services import (
    add_parcel,
    add_staff,
    change_parcel,
    change_premises,
    close_parcel,
    close_premises,
    close_survey,
    decide_change,
    decide_match,
    end_staff,
    issue_credential,
    load,
    load_parcels,
    match_survey,
    merge_premises,
    open_survey,
    record_census_entry,
    record_certificate,
    record_fact,
    register_operator,
    register_premises,
    renew_credential,
    reopen_parcel,
    reopen_premises,
    request_change,
    revoke_credential,
    undo_merge,
)


def coverage(prefix: str, as_of: date) -> Coverage:
    """The census of a division: how many places operate, how many of them are registered."""
    return Coverage(**_coverage(prefix, as_of))


__all__ = [
    "CensusEntry",
    "CensusSurvey",
    "Credential",
    "Operator",
    "Parcel",
    "Premises",
    "RestaurantSize",
    "Staff",
    "StaffCertificate",
    "add_parcel",
    "add_staff",
    "attribute_column",
    "census_rows",
    "change_parcel",
    "change_premises",
    "close_parcel",
    "close_premises",
    "close_survey",
    "coverage",
    "credential_rows",
    "credential_status",
    "decide_change",
    "decide_match",
    "end_staff",
    "facts_on",
    "find_premises",
    "get_parcel",
    "get_premises",
    "issue_credential",
    "list_census_entries",
    "list_credentials",
    "list_parcels",
    "list_premises",
    "list_staff",
    "load",
    "load_parcels",
    "match_survey",
    "merge_premises",
    "open_survey",
    "premises_rows",
    "public_credential",
    "public_credentials_by_number",
    "record_census_entry",
    "record_certificate",
    "record_fact",
    "register_operator",
    "register_premises",
    "renew_credential",
    "reopen_parcel",
    "reopen_premises",
    "request_change",
    "restaurant_size",
    "revoke_credential",
    "staff_rows",
    "undo_merge",
    "usual_expiry",
    "village_rows",
]
