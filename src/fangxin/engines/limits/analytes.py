"""Names of what is measured: synonyms, residue definitions with their molar factors, groups and additive functions."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import lru_cache

from fangxin.engines.limits.data import AnalyteMatch
from fangxin.engines.limits.foods import parts
from fangxin.engines.limits.units import EXACT, find_unit

FAMILIES = ("element", "contaminant", "mycotoxin", "micro", "quality", "additive", "pesticide", "veterinary")
_UNIT = r"(?:m|μ|u|n)?g/(?:kg|l|100g|g|ml)|g/kg|%|cfu/\w+|mpn/\w+"
_NOISE = re.compile(
    rf"[(\[]?(?:{_UNIT})[)\]]?$|^[(\[](?:{_UNIT})[)\]]|(?:残留量|残留|含量|限量|计数)$|[(\[](?:[^()\[\]]*以[^()\[\]]*计[^()\[\]]*|总量|和?总?残留量?|[a-z]{{1,2}})[)\]]$|[(,]以.*计\)?$|[,;:、]$"
)
_SUFFIX_UNIT = re.compile(rf"[(\[,/]?({_UNIT})[)\]]?$")


@dataclass(frozen=True, slots=True)
class Analyte:
    """One analyte of the tables. `components` are further parts of its residue definition, with their factors.

    `alone`: "yes" where each part is judged also by itself, "all" where the sum needs every part, else the parent rules.
    `official_level` is what the least sensitive official method can quantify, in `official_unit`.
    """

    name: str
    family: str
    components: tuple[tuple[str, Decimal], ...] = ()
    function: str = ""
    alone: str = ""
    official_level: Decimal | None = None
    official_unit: str = ""
    official_method: str = ""


class Analytes:
    """All analytes with their names. Build once; it is never changed."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        rows = list(rows)
        self._by_key: dict[str, AnalyteMatch] = {}
        self.all: dict[str, Analyte] = {}
        for row in rows:
            if not row.get("member_of"):
                self._add(_analyte(row), parts(row.get("synonyms", "")))
        for row in rows:
            if row.get("member_of"):
                self._add_species(row)
            for salt in parts(row.get("salts", "")):
                name, factor = _factored(salt)
                self._offer(name, AnalyteMatch("", row["name"], sure=True, factor=factor), replace=True)
        self.numbers = {name: number for number, name in enumerate(self.all)}
        self.match = lru_cache(maxsize=8192)(self._match)

    def _add(self, analyte: Analyte, synonyms: list[str]) -> None:
        if analyte.name in self.all:
            raise ValueError(f"{analyte.name} stands twice")
        self.all[analyte.name] = analyte
        for name in [analyte.name, *synonyms]:
            self._offer(name, AnalyteMatch("", analyte.name, sure=True))
        for name, factor in analyte.components:
            self._offer(name, AnalyteMatch("", analyte.name, sure=True, component=name, factor=factor))

    def _add_species(self, row: Mapping[str, str]) -> None:
        if row["member_of"] not in self.all:
            raise ValueError(f"{row['name']}: {row['member_of']} is no analyte")
        for name in [row["name"], *parts(row.get("synonyms", ""))]:
            self._offer(name, AnalyteMatch("", row["member_of"], sure=True, species=row["species"]), replace=True)

    def _offer(self, name: str, match: AnalyteMatch, *, replace: bool = False) -> None:
        key = fold(name)
        old = self._by_key.get(key)
        if old is not None and not replace and old.name != match.name:
            raise ValueError(f"{name} means both {old.name} and {match.name}")
        if old is None or replace:
            self._by_key[key] = match

    def __getitem__(self, name: str) -> Analyte:
        return self.all[name]

    def _match(self, raw: str) -> AnalyteMatch:
        key = fold(raw)
        unit = _SUFFIX_UNIT.search(key)
        named = find_unit(unit.group(1)) if unit else None
        seen = {""}
        while key not in seen:
            if key in self._by_key:
                hit = self._by_key[key]
                return AnalyteMatch(
                    raw, hit.name, True, (), hit.component, hit.factor, named.name if named else "", hit.species
                )
            seen.add(key)
            key = _NOISE.sub("", key)
        close = get_close_matches(key, self._by_key, n=5, cutoff=0.7) if key else []
        return AnalyteMatch(raw, "", False, tuple(dict.fromkeys(self._by_key[one].name for one in close)))


def _analyte(row: Mapping[str, str]) -> Analyte:
    if row.get("family") not in FAMILIES:
        raise ValueError(f"{row['name']}: {row.get('family')} is no family of analytes")
    level = row.get("official_level", "")
    return Analyte(
        row["name"],
        row["family"],
        tuple(_factored(part) for part in parts(row.get("components", ""))),
        row.get("function", ""),
        row.get("alone", ""),
        Decimal(level) if level else None,
        row.get("official_unit", ""),
        row.get("official_method", ""),
    )


def _factored(text: str) -> tuple[str, Decimal]:
    """A name and its molar factor, written as the masses it comes from: 3-羟基克百威*221.25/237.25."""
    name, _, ratio = text.partition("*")
    try:
        over, _, under = ratio.partition("/")
        return name, EXACT.divide(Decimal(over or 1), Decimal(under or 1))
    except (InvalidOperation, ZeroDivisionError):
        raise ValueError(f"{text}: the factor cannot be read") from None


def fold(name: str) -> str:
    """One spelling for comparing: full-width to plain, no blanks, small letters, one form of prime and dash."""
    text = unicodedata.normalize("NFKC", name).replace("′", "'").replace("’", "'").replace("`", "'").replace("µ", "μ")
    text = text.replace("【", "(").replace("】", ")").replace("－", "-").replace("—", "-").replace("–", "-")
    return re.sub(r"[\s“”\"·•*]+", "", text).lower()
