"""GS1 EPCIS 2.0: events as values, both formats read and written, the event hash, identifiers, and what is valid.

See README.md in this folder for how the parts fit.
"""

from fangxin.engines.epcis.building import from_json
from fangxin.engines.epcis.checking import validate
from fangxin.engines.epcis.converting import convert
from fangxin.engines.epcis.errors import EpcisError, Fault
from fangxin.engines.epcis.hashing import event_hash, prehash
from fangxin.engines.epcis.identifiers import canonical, to_digital_link, to_urn
from fangxin.engines.epcis.json_writing import to_json, write_json
from fangxin.engines.epcis.reading import Document, open_document, read_document
from fangxin.engines.epcis.values import (
    Action,
    ErrorDeclaration,
    Event,
    EventKind,
    Extension,
    Head,
    PersistentDisposition,
    Place,
    Quantity,
    SensorElement,
    SensorMetadata,
    SensorReport,
    Typed,
)
from fangxin.engines.epcis.xml_writing import to_xml, write_xml

__all__ = [
    "Action",
    "Document",
    "EpcisError",
    "ErrorDeclaration",
    "Event",
    "EventKind",
    "Extension",
    "Fault",
    "Head",
    "PersistentDisposition",
    "Place",
    "Quantity",
    "SensorElement",
    "SensorMetadata",
    "SensorReport",
    "Typed",
    "canonical",
    "convert",
    "event_hash",
    "from_json",
    "open_document",
    "prehash",
    "read_document",
    "to_digital_link",
    "to_json",
    "to_urn",
    "to_xml",
    "validate",
    "write_json",
    "write_xml",
]
