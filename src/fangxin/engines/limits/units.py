"""Units of results and limits, as a closed table of exact decimal factors. What cannot be converted exactly is refused."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache

# Wide enough that a factor never rounds a reported number.
EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its family, how many of the family's base it is, and its usual spelling."""

    family: str
    factor: Decimal
    name: str


def _family(family: str, units: dict[str, str]) -> dict[str, Unit]:
    return {name: Unit(family, Decimal(factor), name) for name, factor in units.items()}


# Bases: mg/kg, mg/L, colony-forming units per gram or millilitre, most probable number per gram or millilitre.
# A detection in a portion (/25 g) is a family of its own: a count per gram says nothing about 25 g.
UNITS = (
    _family("mass", {
        "mg/kg": "1", "μg/kg": "0.001", "g/kg": "1000", "ng/kg": "0.000001", "%": "10000", "mg/100g": "10",
        "g/100g": "10000", "μg/100g": "0.01", "mg/g": "1000", "μg/g": "1", "ng/g": "0.001", "ppm": "1", "ppb": "0.001",
        "pg/g": "0.000001", "μg/mg": "1000",
    })
    | _family("volume", {
        "mg/L": "1", "μg/L": "0.001", "g/L": "1000", "ng/L": "0.000001", "mg/mL": "1000", "μg/mL": "1",
        "ng/mL": "0.001", "mg/100mL": "10", "g/100mL": "10000", "mg/dL": "10",
    })
    | _family("cfu/g", {"CFU/g": "1", "CFU/100g": "0.01", "CFU/kg": "0.001"})
    | _family("cfu/mL", {"CFU/mL": "1", "CFU/100mL": "0.01", "CFU/L": "0.001", "CFU/250mL": "0.004"})
    | _family("cfu", {"CFU/g(mL)": "1"})
    | _family("mpn/g", {"MPN/g": "1", "MPN/100g": "0.01"})
    | _family("mpn/mL", {"MPN/mL": "1", "MPN/100mL": "0.01", "MPN/L": "0.001"})
    | _family("mpn", {"MPN/g(mL)": "1"})
    | _family("portion", {"/25g": "1", "/25mL": "1", "/25g(mL)": "1"})
    | _family("portion100", {"/100g": "1", "/100mL": "1"})
    | _family("count/L", {"个/L": "1"})
    | _family("none", {"-": "1"})
    | _family("degree-day", {"℃·d": "1"})
)  # fmt: skip

_OTHER_SPELLINGS = {
    "cfu/g或ml": "CFU/g(mL)", "cfu/ml或g": "CFU/g(mL)", "cfu/g/ml": "CFU/g(mL)", "个/g": "CFU/g", "个/ml": "CFU/mL",
    "无量纲": "-", "ph": "-", "度日": "℃·d", "degree-days": "℃·d", "degreedays": "℃·d", "°c·d": "℃·d", "mg/l": "mg/L",
    "千克": "g/kg", "毫克/千克": "mg/kg", "微克/千克": "μg/kg", "毫克/公斤": "mg/kg", "微克/公斤": "μg/kg", "克/千克": "g/kg",
    "毫克/升": "mg/L", "微克/升": "μg/L", "mcg/kg": "μg/kg", "mgkg-1": "mg/kg", "mg·kg-1": "mg/kg", "μg·kg-1": "μg/kg",
    "mg·l-1": "mg/L", "/25克": "/25g", "25g": "/25g", "cfu/250ml": "CFU/250mL", "个/l": "个/L", "g/100g(%)": "%",
    "cfu": "CFU/g(mL)", "mg/dm3": "mg/L",
}  # fmt: skip
_PARTNERS = {
    "cfu": ("cfu/g", "cfu/mL"), "mpn": ("mpn/g", "mpn/mL"), "cfu/g": ("cfu",), "cfu/mL": ("cfu",), "mpn/g": ("mpn",),
    "mpn/mL": ("mpn",),
}  # fmt: skip


_TIMES = re.compile(r"[x×](10+)\(?(.+?)\)?")


def _key(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text.replace("µ", "μ")).replace("µ", "μ")
    folded = re.sub(r"\s+", "", folded).lower()
    return re.sub(r"^(u|μ)g", "μg", folded.replace("/ug", "/μg")).strip(",，;；()")


_BY_KEY = {_key(name): unit for name, unit in UNITS.items()}
_BY_KEY |= {_key(other): UNITS[name] for other, name in _OTHER_SPELLINGS.items() if name in UNITS}


@lru_cache(maxsize=4096)
def find_unit(text: str | None) -> Unit | None:
    """The unit that a text names, or nothing.

    >>> find_unit("ug/Kg").name, find_unit("ＣＦＵ／ｇ").name, find_unit("bushel")
    ('μg/kg', 'CFU/g', None)
    """
    if not text:
        return None
    key = _key(text)
    if times := _TIMES.fullmatch(key):
        # A column headed "×100 μg/kg": the unit carries its multiplier.
        unit = _BY_KEY.get(times.group(2))
        return Unit(unit.family, unit.factor * int(times.group(1)), f"×{times.group(1)} {unit.name}") if unit else None
    return _BY_KEY.get(key)


def convert(value: Decimal, unit: Unit, to: Unit) -> Decimal | None:
    """`value` in another unit, exactly; nothing where the two do not measure the same thing.

    >>> convert(Decimal("248"), UNITS["μg/kg"], UNITS["mg/kg"])
    Decimal('0.248')
    >>> convert(Decimal(1), UNITS["mg/L"], UNITS["mg/kg"]) is None
    True
    """
    if unit == to:
        return value
    if unit.family != to.family and to.family not in _PARTNERS.get(unit.family, ()):
        return None
    product = EXACT.multiply(value, unit.factor)
    exact = EXACT.divide(product, to.factor)
    return exact if EXACT.multiply(exact, to.factor) == product else None
