from fangxin.kernel.registry.services.census import (
    close_survey,
    decide_match,
    match_survey,
    open_survey,
    record_census_entry,
)
from fangxin.kernel.registry.services.changes import decide_change, request_change, withdraw_change
from fangxin.kernel.registry.services.credentials import issue_credential, renew_credential, revoke_credential
from fangxin.kernel.registry.services.loading import load
from fangxin.kernel.registry.services.merging import declare_distinct, merge_premises, undo_merge
from fangxin.kernel.registry.services.parcels import (
    add_parcel,
    change_parcel,
    close_parcel,
    load_parcels,
    reopen_parcel,
)
from fangxin.kernel.registry.services.staff import add_staff, end_staff, record_certificate
from fangxin.kernel.registry.services.subjects import (
    change_operator,
    change_premises,
    close_premises,
    record_fact,
    register_operator,
    register_premises,
    reopen_premises,
)

__all__ = [
    "add_parcel",
    "add_staff",
    "change_operator",
    "change_parcel",
    "change_premises",
    "close_parcel",
    "close_premises",
    "close_survey",
    "decide_change",
    "decide_match",
    "declare_distinct",
    "end_staff",
    "issue_credential",
    "load",
    "load_parcels",
    "match_survey",
    "merge_premises",
    "open_survey",
    "record_census_entry",
    "record_certificate",
    "record_fact",
    "register_operator",
    "register_premises",
    "renew_credential",
    "reopen_parcel",
    "reopen_premises",
    "request_change",
    "revoke_credential",
    "undo_merge",
    "withdraw_change",
]
