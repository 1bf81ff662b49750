"""The door of supply."""

from fangxin.kernel.supply.access import get_lot, get_receipt
from fangxin.kernel.supply.data_certificates import PublicCertificate, ScannedCode
from fangxin.kernel.supply.models import Lot, Outflow, Receipt
from fangxin.kernel.supply.public_certificates import certificate_keys, scan_code, tell_place
from fangxin.kernel.supply.selectors import (
    coming_to,
    list_events,
    list_jobs,
    list_lots,
    list_outflows,
    list_receipts,
)
from fangxin.kernel.supply.selectors_certificates import (
    list_certificates,
    list_collections,
    public_certificate,
    standing_of_batches,
)
from fangxin.kernel.supply.selectors_events import BadQuery, NotOffered, find_event, find_events, values_of
from fangxin.kernel.supply.selectors_stock import left_of, lefts_of, lots_at, receipts_of
from fangxin.kernel.supply.selectors_trace import trace
from fangxin.kernel.supply.services.capturing import capture, capture_file, sender_of
from fangxin.kernel.supply.services.certificates import collect as collect_certificate
from fangxin.kernel.supply.services.deriving import derive_waiting, said
from fangxin.kernel.supply.services.grouping import capture_one
from fangxin.kernel.supply.services.loading import load
from fangxin.kernel.supply.services.lots import add_lot, add_product, release_lot, stop_lot
from fangxin.kernel.supply.services.queries import drop_query, list_queries, name_query
from fangxin.kernel.supply.services.receipts import (
    record_dispatch,
    record_outflow,
    record_receipt,
    record_transformation,
    undo_dispatch,
    undo_receipt,
)
from fangxin.kernel.supply.services.scans import look_up as look_up_certificate
from fangxin.kernel.supply.services.tokens import holder_of
from fangxin.kernel.supply.standards_certificates import rules_on as certificate_rules
from fangxin.kernel.supply.standards_recall import RecallTerm, recall_rules

__all__ = [
    "BadQuery",
    "Lot",
    "NotOffered",
    "Outflow",
    "PublicCertificate",
    "RecallTerm",
    "Receipt",
    "ScannedCode",
    "add_lot",
    "add_product",
    "capture",
    "capture_file",
    "capture_one",
    "certificate_keys",
    "certificate_rules",
    "collect_certificate",
    "coming_to",
    "derive_waiting",
    "drop_query",
    "find_event",
    "find_events",
    "get_lot",
    "get_receipt",
    "holder_of",
    "left_of",
    "lefts_of",
    "list_certificates",
    "list_collections",
    "list_events",
    "list_jobs",
    "list_lots",
    "list_outflows",
    "list_queries",
    "list_receipts",
    "load",
    "look_up_certificate",
    "lots_at",
    "name_query",
    "public_certificate",
    "recall_rules",
    "receipts_of",
    "record_dispatch",
    "record_outflow",
    "record_receipt",
    "record_transformation",
    "release_lot",
    "said",
    "scan_code",
    "sender_of",
    "standing_of_batches",
    "stop_lot",
    "tell_place",
    "trace",
    "undo_dispatch",
    "undo_receipt",
    "values_of",
]
