from fangxin.kernel.registry.models.census import CensusEntry, CensusSurvey
from fangxin.kernel.registry.models.changes import ChangeRequest, Merge, NotDuplicate
from fangxin.kernel.registry.models.credentials import Credential
from fangxin.kernel.registry.models.imports import ImportBatch, ImportRow
from fangxin.kernel.registry.models.parcels import Parcel
from fangxin.kernel.registry.models.staff import Staff, StaffCertificate
from fangxin.kernel.registry.models.subjects import Operator, Premises, PremisesFact

__all__ = [
    "CensusEntry",
    "CensusSurvey",
    "ChangeRequest",
    "Credential",
    "ImportBatch",
    "ImportRow",
    "Merge",
    "NotDuplicate",
    "Operator",
    "Parcel",
    "Premises",
    "PremisesFact",
    "Staff",
    "StaffCertificate",
]
