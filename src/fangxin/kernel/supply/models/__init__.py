from fangxin.kernel.supply.models.certificates import (
    Certificate,
    CertificateKey,
    CertificateSource,
    CertifiedBatch,
    Collection,
    CopyClue,
    Scan,
)
from fangxin.kernel.supply.models.events import CaptureJob, Event, EventCode, Place, TradeUnit
from fangxin.kernel.supply.models.interfaces import ApiToken, NamedQuery
from fangxin.kernel.supply.models.kinds import How, Source, Sureness
from fangxin.kernel.supply.models.lots import Link, Lot, LotTest, Product
from fangxin.kernel.supply.models.recalls import Recall, RecallLot, RecallPlace, RecallReturn
from fangxin.kernel.supply.models.receipts import Dispatch, Outflow, Receipt, ReceiptFile, Upload

__all__ = [
    "ApiToken",
    "CaptureJob",
    "Certificate",
    "CertificateKey",
    "CertificateSource",
    "CertifiedBatch",
    "Collection",
    "CopyClue",
    "Dispatch",
    "Event",
    "EventCode",
    "How",
    "Link",
    "Lot",
    "LotTest",
    "NamedQuery",
    "Outflow",
    "Place",
    "Product",
    "Recall",
    "RecallLot",
    "RecallPlace",
    "RecallReturn",
    "Receipt",
    "ReceiptFile",
    "Scan",
    "Source",
    "Sureness",
    "TradeUnit",
    "Upload",
]
