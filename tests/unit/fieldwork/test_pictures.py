"""What a camera writes into a picture, and what becomes of broken notes."""

import struct
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.pictures import Picture, read_picture

TAKEN = b"2023:03:15 08:45:10\0"


def picture(order: str = "<", *, latitude: tuple[int, int, int] = (34, 3, 36), west: bool = False) -> bytes:
    """A JPEG that holds nothing but its notes: one Exif and one GPS directory."""
    exif_at, gps_at, data_at = 8 + 2 + 2 * 12 + 4, 8 + 2 + 2 * 12 + 4 + 18, 8 + 2 + 2 * 12 + 4 + 18 + 2 + 4 * 12 + 4

    def directory(*entries: bytes) -> bytes:
        return struct.pack(f"{order}H", len(entries)) + b"".join(entries) + struct.pack(f"{order}L", 0)

    def entry(tag: int, kind: int, count: int, value: int) -> bytes:
        return struct.pack(f"{order}HHLL", tag, kind, count, value)

    def letter(tag: int, text: bytes) -> bytes:
        return struct.pack(f"{order}HHL", tag, 2, 2) + text + b"\0\0\0"

    def ratios(values: tuple[int, int, int]) -> bytes:
        return b"".join(struct.pack(f"{order}LL", value, 1) for value in values)

    first = directory(entry(0x8769, 4, 1, exif_at), entry(0x8825, 4, 1, gps_at))
    exif = directory(entry(0x9003, 2, len(TAKEN), data_at))
    gps = directory(
        letter(1, b"N"),
        entry(2, 5, 3, data_at + len(TAKEN)),
        letter(3, b"W" if west else b"E"),
        entry(4, 5, 3, data_at + len(TAKEN) + 24),
    )
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}L", 8)
    tiff = head + first + exif + gps + TAKEN + ratios(latitude) + ratios((111, 0, 36))
    body = b"Exif\0\0" + tiff
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(body) + 2) + body + b"\xff\xd9"


def test_time_and_place_are_read_in_either_order_of_bytes() -> None:
    for order in "<>":
        found = read_picture(picture(order))
        assert found.taken_at == datetime.fromisoformat("2023-03-15T08:45:10")
        assert (found.latitude, found.longitude) == (pytest.approx(34.06), pytest.approx(111.01))


def test_west_is_negative_and_no_place_lies_beyond_the_pole() -> None:
    assert read_picture(picture(west=True)).longitude == pytest.approx(-111.01)
    assert read_picture(picture(latitude=(91, 0, 0))).latitude is None


def test_a_picture_without_notes_tells_nothing() -> None:
    assert read_picture(b"\xff\xd8\xff\xda\0\2") == Picture()
    assert read_picture(b"") == Picture()


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 220), st.binary(min_size=1, max_size=8), st.integers(0, 230))
def test_broken_notes_are_no_error(at: int, change: bytes, length: int) -> None:
    whole = picture()
    assert isinstance(read_picture(whole[:at] + change + whole[at + len(change) :]), Picture)
    assert isinstance(read_picture(whole[:length]), Picture)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_no_error(content: bytes) -> None:
    assert isinstance(read_picture(b"\xff\xd8\xff\xe1" + content), Picture)
