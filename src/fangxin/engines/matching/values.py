"""What is compared."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fangxin.engines.matching.texts import NameForm, normalize_address, normalize_name, normalize_phone

# Several numbers in one field.
_SEVERAL = re.compile(r"[/、,，;；\n]+|(?<=\d)\s+(?=1[3-9]\d{9})")
_HOUSE_NUMBER = re.compile(r"\d+(?=号)")
_TOWNSHIP_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Premises:
    """One place as a list or the register tells it; whatever is unknown stays empty.

    `division` is a statistical code of any length; nine digits name a township. Coordinates are degrees,
    both lists in the same system (WGS-84 or GCJ-02, never mixed).
    """

    key: str
    name: str
    address: str = ""
    phone: str = ""
    division: str = ""
    latitude: float | None = None
    longitude: float | None = None
    credit_code: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Premises in comparable form, made once and compared many times."""

    key: str
    name: NameForm
    full_name: str
    trades: frozenset[str]
    address: str
    house_numbers: frozenset[str]
    phones: frozenset[str]
    township: str
    point: tuple[float, float] | None
    credit_code: str
    licence: str


def prepare(premises: Premises, strip: Sequence[str] = ()) -> Prepared:
    """Normalize everything that will be compared."""
    name = normalize_name(premises.name, strip=strip)
    address = normalize_address(premises.address, strip=strip)
    phones = (normalize_phone(part) for part in _SEVERAL.split(premises.phone))
    point = None
    if premises.latitude is not None and premises.longitude is not None:
        point = (premises.latitude, premises.longitude)
    return Prepared(
        key=premises.key,
        name=name,
        full_name=name.full,
        trades=name.trades,
        address=address,
        house_numbers=frozenset(_HOUSE_NUMBER.findall(address)),
        phones=frozenset(filter(None, phones)),
        township=premises.division[:_TOWNSHIP_DIGITS],
        point=point,
        credit_code=premises.credit_code.strip().upper(),
        licence=premises.licence.strip().upper(),
    )
