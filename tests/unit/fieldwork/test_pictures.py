"""What a camera writes into a picture, and what becomes of broken notes."""

from datetime import datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from fangxin.engines.pictures import Picture, read_picture

TAKEN = "2023:03:15 08:45:10"


def picture(endian: str = "<", *, latitude: tuple[int, int, int] = (34, 3, 36), west: bool = False) -> bytes:
    exif = Image.Exif()
    exif.endian = endian
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = TAKEN
    exif.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: latitude,
            GPS.GPSLongitudeRef: "W" if west else "E", GPS.GPSLongitude: (111, 0, 36),
        }
    )  # fmt: skip
    content = BytesIO()
    Image.new("RGB", (2, 2)).save(content, "JPEG", exif=exif)
    return content.getvalue()


WHOLE = picture()


def test_time_and_place_are_read_in_either_order_of_bytes() -> None:
    for order in "<>":
        found = read_picture(picture(order))
        assert found.taken_at == datetime.fromisoformat("2023-03-15T08:45:10")
        assert (found.latitude, found.longitude) == (pytest.approx(34.06), pytest.approx(111.01))


def test_west_is_negative_and_no_place_lies_beyond_the_pole() -> None:
    assert read_picture(picture(west=True)).longitude == pytest.approx(-111.01)
    assert read_picture(picture(latitude=(91, 0, 0))) == Picture(datetime.fromisoformat("2023-03-15T08:45:10"))


def test_a_picture_without_notes_tells_nothing() -> None:
    assert read_picture(b"\xff\xd8\xff\xda\0\2") == Picture()
    assert read_picture(b"") == Picture()


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 220), st.binary(min_size=1, max_size=8), st.integers(0, 230))
def test_broken_notes_are_no_error(at: int, change: bytes, length: int) -> None:
    assert isinstance(read_picture(WHOLE[:at] + change + WHOLE[at + len(change) :]), Picture)
    assert isinstance(read_picture(WHOLE[:length]), Picture)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_no_error(content: bytes) -> None:
    assert isinstance(read_picture(b"\xff\xd8\xff\xe1" + content), Picture)
