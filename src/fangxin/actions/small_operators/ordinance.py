"""From the reviewed files in standards/small_operators to values, and from values to verdicts. No database."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from fangxin.actions.small_operators.data import (
    Ban,
    Criterion,
    Document,
    KindRules,
    Level,
    Ordinance,
    Path,
    ProductVerdict,
    Route,
    SiteRules,
)
from fangxin.engines import penalties
from fangxin.engines.deadlines import Clock, load_clocks

ORDINANCE = "ordinance-"


@cache
def documents(folder: FilePath) -> tuple[Mapping[str, Any], ...]:
    """Every file of the folder, read once."""
    return tuple(tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml")))


@cache
def ordinances(folder: FilePath) -> tuple[Ordinance, ...]:
    return tuple(read_ordinance(values) for values in documents(folder) if values["code"].startswith(ORDINANCE))


def ordinance_in_force(found: Iterable[Ordinance], division_code: str, on: date) -> Ordinance | None:
    """The edition that holds in a place on a day; a finer division goes before a wider one."""
    holding = [
        (len(prefix), ordinance)
        for ordinance in found
        for prefix in ordinance.divisions
        if division_code.startswith(prefix) and ordinance.in_force_from <= on <= ordinance.in_force_to
    ]
    return max(holding, key=lambda pair: pair[0])[1] if holding else None


def edition_of(folder: FilePath, code: str, on: date) -> Mapping[str, Any] | None:
    """The file of another rule of this folder in force on a day."""
    for values in documents(folder):
        if values["code"] == code and values["in_force_from"] <= on <= values.get("in_force_to", date.max):
            return values
    return None


@cache
def clocks(folder: FilePath) -> tuple[Clock, ...]:
    """The legal clocks of all files of standards/clocks."""
    return tuple(clock for path in sorted(folder.glob("*.toml")) for clock in load_clocks(path.read_text("utf-8")))


@cache
def statutes(folder: FilePath) -> tuple[penalties.Statute, ...]:
    """The penal statutes of standards/statutes: the files that hold provisions."""
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("*.toml"))]
    return tuple(penalties.load_statute(text) for text in texts if "provision" in tomllib.loads(text))


@cache
def offences(folder: FilePath) -> Mapping[str, str]:
    """What people did, in words."""
    names: Mapping[str, str] = tomllib.loads((folder / "offences.toml").read_text("utf-8"))["offences"]
    return names


def read_ordinance(values: Mapping[str, Any]) -> Ordinance:
    return Ordinance(
        code=values["code"],
        name=values["name"],
        edition=values["edition"],
        divisions=tuple(values["divisions"]),
        in_force_from=values["in_force_from"],
        in_force_to=values.get("in_force_to", date.max),
        source=values["source"],
        confidence=values["confidence"],
        company_route=values["company_route"],
        late_renewal_route=values["late_renewal_route"],
        kinds={row["kind"]: _kind(row) for row in values["kind"]},
        bans=tuple(_ban(row) for row in values["ban"]),
    )


def _kind(row: Mapping[str, Any]) -> KindRules:
    plain = {key: value for key, value in row.items() if key not in ("document", "holders")}
    return KindRules(
        **plain, holders=frozenset(row["holders"]), documents=tuple(Document(**paper) for paper in row["document"])
    )


def _ban(row: Mapping[str, Any]) -> Ban:
    lists = {key: tuple(value) for key, value in row.items() if isinstance(value, list) and key != "kinds"}
    return Ban(**{**row, **lists, "kinds": frozenset(row["kinds"])})


def read_site_rules(values: Mapping[str, Any]) -> SiteRules:
    return SiteRules(
        edition=values["edition"],
        levels={row["code"]: Level(**row) for row in values["level"]},
        criteria=tuple(Criterion(**row) for row in values["criterion"]),
    )


def read_paths(values: Mapping[str, Any]) -> dict[str, Path]:
    items = [(row["code"], row["label"], frozenset(row["kinds"])) for row in values["item"]]
    return {
        row["kind"]: Path(
            row["kind"],
            tuple(row["becomes"]),
            row["credential"],
            tuple((code, label) for code, label, kinds in items if row["kind"] in kinds),
        )
        for row in values["path"]
    }


def read_routes(values: Mapping[str, Any]) -> dict[str, Route]:
    return {
        row["code"]: Route(**{**row, "owners": tuple(row["owners"]), "cooperating": tuple(row["cooperating"])})
        for row in values["finding"]
    }


def plain_text(text: str) -> str:
    """Half width, small letters, no blanks: how words are compared."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def screen_product(ordinance: Ordinance, kind: str, product: str) -> ProductVerdict:
    """Whether a kind may make or sell a product, by the words of its name. A word cannot settle everything: where it
    may be part of another product's name, or where the manner of making decides, a person looks at it."""
    for ban in ordinance.bans:
        if kind in ban.kinds and (found := _look(ban, plain_text(product))):
            outcome, word = found
            return ProductVerdict(product.strip(), outcome, ban.label, ban.clause, word)
    return ProductVerdict(product.strip(), "ok")


def _look(ban: Ban, text: str) -> tuple[str, str] | None:
    for phrase in ban.plain:
        text = text.replace(plain_text(phrase), "　")
    outright = _first(ban.outright, text)
    word = outright or _first(ban.words, text)
    if word:
        doubtful = _first(ban.doubt, text.replace(plain_text(word), "　"))
        outcome = "rejected" if outright else ban.outcome
        return ("review" if doubtful else outcome), word
    word = _first(ban.review, text)
    return ("review", word) if word else None


def _first(words: Iterable[str], text: str) -> str:
    return next((word for word in words if plain_text(word) in text), "")
