"""When and where a picture was taken, as the camera wrote into it (Exif 2.3).

What a picture says of itself can be changed by anybody and proves nothing; it is worth a look when it contradicts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base


@dataclass(frozen=True, slots=True)
class Picture:
    """`taken_at` has no zone, as cameras write it. Degrees are WGS-84, north and east positive."""

    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def read_picture(content: bytes) -> Picture:
    """Read what a JPEG tells of itself, without unpacking it; nothing where it tells nothing, or not in a form that holds.

    >>> read_picture(b"not a picture")
    Picture(taken_at=None, latitude=None, longitude=None)
    """
    try:
        with Image.open(BytesIO(content), formats=("JPEG",)) as image:
            exif = image.getexif()
            return _told(exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo))
    except Exception:  # noqa: BLE001  broken notes break the reader in many ways, and all of them mean the same
        return Picture()


def _told(camera: Mapping[int, Any], place: Mapping[int, Any]) -> Picture:
    latitude = _degrees(place.get(GPS.GPSLatitude), place.get(GPS.GPSLatitudeRef) == "S", 90)
    longitude = _degrees(place.get(GPS.GPSLongitude), place.get(GPS.GPSLongitudeRef) == "W", 180)
    whole = latitude is not None and longitude is not None
    taken_at = _moment(camera.get(Base.DateTimeOriginal))
    return Picture(taken_at, latitude if whole else None, longitude if whole else None)


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  cameras write no zone
    except (TypeError, ValueError):
        return None  # a camera whose clock was never set writes zeros or blanks


def _degrees(parts: Any, negative: bool, most: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not 0 <= value <= most:  # also where a part is no number
        return None
    return -value if negative else value
