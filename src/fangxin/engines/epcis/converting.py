"""Documents of one format as documents of the other."""

from typing import IO

from fangxin.engines.epcis.errors import EpcisError
from fangxin.engines.epcis.json_writing import write_json
from fangxin.engines.epcis.reading import JSON, XML, open_document
from fangxin.engines.epcis.xml_writing import write_xml

_WRITERS = {JSON: write_json, XML: write_xml}


def convert(source: bytes | IO[bytes], out: IO[bytes], *, to: str, media_type: str = "") -> None:
    """Write the document as EPCIS 2.0 in the format `to` (`json` or `xml`), event by event.

    A bare event stays a bare event. Raises EpcisError where the document cannot be read or holds what the other format
    cannot; part of the output may have been written by then.
    """
    if to not in _WRITERS:
        raise EpcisError(f"{to!r} is not a format; json and xml are")
    document = open_document(source, media_type)
    _WRITERS[to](document.head, document.events, out)
