"""When and where a picture was taken, as the camera wrote into it (Exif 2.3: JPEG segment APP1, TIFF tags).

What a picture says of itself can be changed by anybody and proves nothing; it is worth a look when it contradicts.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

_EXIF, _GPS, _TAKEN = 0x8769, 0x8825, 0x9003
_LATITUDE, _LONGITUDE = (1, 2), (3, 4)
_TEXT, _SHORT, _LONG, _RATIO = 2, 3, 4, 5
_SIZES = {_TEXT: 1, _SHORT: 2, _LONG: 4, _RATIO: 8}
# Far more than any camera writes; a file that claims more is not followed.
_MOST_TAGS = 500


@dataclass(frozen=True, slots=True)
class Picture:
    """`taken_at` has no zone, as cameras write it. Degrees are WGS-84, north and east positive."""

    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def read_picture(content: bytes) -> Picture:
    """Read what a JPEG tells of itself; nothing where it tells nothing, or not in a form that holds.

    >>> read_picture(b"not a picture")
    Picture(taken_at=None, latitude=None, longitude=None)
    """
    try:
        return _read(_tiff_of(content))
    except (struct.error, ValueError, ZeroDivisionError, LookupError, UnicodeDecodeError):
        return Picture()


def _tiff_of(content: bytes) -> bytes:
    """The Exif part of a JPEG. Raises ValueError where there is none."""
    if content[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    at = 2
    while content[at] == 0xFF and content[at + 1] not in (0xDA, 0xD9):
        size = int(struct.unpack_from(">H", content, at + 2)[0])
        if content[at + 1] == 0xE1 and content[at + 4 : at + 10] == b"Exif\0\0":
            return content[at + 10 : at + 2 + size]
        at += 2 + size
    raise ValueError("no Exif")


def _read(tiff: bytes) -> Picture:
    order = {b"II": "<", b"MM": ">"}[tiff[:2]]
    first = dict(_tags(tiff, order, int(struct.unpack_from(f"{order}L", tiff, 4)[0])))
    taken = dict(_tags(tiff, order, _offset(first[_EXIF]))).get(_TAKEN) if _EXIF in first else None
    place = dict(_tags(tiff, order, _offset(first[_GPS]))) if _GPS in first else {}
    latitude, longitude = _degrees(place, _LATITUDE, "S", 90), _degrees(place, _LONGITUDE, "W", 180)
    whole = latitude is not None and longitude is not None
    return Picture(_moment(taken), latitude if whole else None, longitude if whole else None)


def _tags(tiff: bytes, order: str, at: int) -> Iterator[tuple[int, tuple[object, ...]]]:
    count = int(struct.unpack_from(f"{order}H", tiff, at)[0])
    for number in range(min(count, _MOST_TAGS)):
        tag, kind, length = struct.unpack_from(f"{order}HHL", tiff, at + 2 + 12 * number)
        if kind not in _SIZES or length > len(tiff):
            continue
        start = at + 10 + 12 * number
        if _SIZES[kind] * length > 4:
            start = int(struct.unpack_from(f"{order}L", tiff, start)[0])
        yield tag, _values(tiff, order, start, kind, length)


def _offset(values: tuple[object, ...]) -> int:
    if not isinstance(values[0], int):
        raise ValueError("no offset")
    return values[0]


def _values(tiff: bytes, order: str, start: int, kind: int, length: int) -> tuple[object, ...]:
    if kind == _TEXT:
        return (tiff[start : start + length].split(b"\0")[0].decode("ascii"),)
    if kind == _RATIO:
        parts = struct.unpack_from(f"{order}{2 * length}L", tiff, start)
        return tuple(zip(parts[::2], parts[1::2], strict=True))
    return struct.unpack_from(f"{order}{length}{'H' if kind == _SHORT else 'L'}", tiff, start)


def _moment(values: tuple[object, ...] | None) -> datetime | None:
    if not values:
        return None
    try:
        return datetime.strptime(str(values[0]), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  cameras write no zone
    except ValueError:
        return None  # a camera whose clock was never set writes zeros or blanks


def _degrees(place: dict[int, tuple[object, ...]], tags: tuple[int, int], negative: str, most: int) -> float | None:
    if tags[0] not in place or tags[1] not in place:
        return None
    parts = [_ratio(part) for part in place[tags[1]]]
    value: float = sum(part / 60.0**power for power, part in enumerate(parts[:3]))
    if len(parts) < 3 or value > most:
        return None
    return -value if place[tags[0]][0] == negative else value


def _ratio(value: object) -> float:
    if not isinstance(value, tuple):
        raise ValueError("no ratio")
    return float(value[0] / value[1])
