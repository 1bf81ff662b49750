"""One door for documents of either format, from bytes or from a file that can be rewound."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from fangxin.engines.epcis import json_reading, xml_reading
from fangxin.engines.epcis.errors import EpcisError
from fangxin.engines.epcis.values import Event, Head

JSON = "json"
XML = "xml"


@dataclass(frozen=True, slots=True)
class Document:
    """A document being read: its head is known, its events come one by one and once only."""

    head: Head
    events: Iterator[Event]
    form: str


def open_document(source: bytes | IO[bytes], media_type: str = "") -> Document:
    """Begin to read a document, a query result or a bare event of EPCIS 2.0 (JSON-LD, XML) or 1.2 (XML).

    `media_type` is asked first (anything with `json` or `xml` in it), the first byte else. A file must be seekable; its
    events are made as they are asked for, so that a document of any size needs the memory of one event. Raises
    EpcisError, here or while the events are taken, where the document cannot be read.
    """
    file: IO[bytes] = BytesIO(source) if isinstance(source, bytes | bytearray | memoryview) else source
    form = form_of(file, media_type)
    head, events = (json_reading if form == JSON else xml_reading).read(file)
    return Document(head, events, form)


def read_document(source: bytes | IO[bytes], media_type: str = "") -> Iterator[Event]:
    """The events of a document in order; see `open_document`.

    >>> text = b'{"@context": [], "type": "ObjectEvent", "eventTime": "2023-03-15T09:00:00Z", "action": "ADD"}'
    >>> [event.kind.value for event in read_document(text)]
    ['ObjectEvent']
    """
    return open_document(source, media_type).events


def form_of(file: IO[bytes], media_type: str = "") -> str:
    """Which format a document has."""
    said = media_type.lower()
    if "json" in said:
        return JSON
    if "xml" in said:
        return XML
    start = file.read(256)
    file.seek(0)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in (b"{", b"["):
        return JSON
    if text[:1] == b"<" or start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return XML
    raise EpcisError("the document is neither JSON nor XML")
