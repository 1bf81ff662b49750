"""Facts carried to the engines and back: dated rules, clocks, what a notice or a lot says in the vocabulary."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fangxin.actions.imported_food.data import Route
from fangxin.actions.imported_food.models import Alert, Consignment, CreditRecord
from fangxin.engines import import_risk as risk
from fangxin.engines.deadlines import Clock, Deadline, Unit, clock_in_force, due, load_clocks, national_calendar
from fangxin.engines.penalties import keep_until, load_retention
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger

HERE = "CN"
_NO_WORKDAYS = national_calendar(())
# Groups of people for whom the same food weighs more.
VULNERABLE = frozenset({"infant_formula"})


@cache
def _texts(folder: Path) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Each reviewed file as text and as values, read once."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        found.append((text, tomllib.loads(text)))
    return tuple(found)


def _folder() -> Path:
    return Path(settings.STANDARDS_DIR) / "imported_food"


def _text(code: str, on: date) -> str:
    for text, values in _texts(_folder()):
        if values["code"] == code and values["in_force_from"] <= on <= values.get("in_force_to", date.max):
            return text
    raise ledger.Refused(_("%(day)s 没有施行中的规则“%(code)s”，请管理员先录入。") % {"day": on, "code": code})


def edition_of(code: str, on: date) -> Mapping[str, Any]:
    return _parsed(_text(code, on))


@cache
def _parsed(text: str) -> Mapping[str, Any]:
    return tomllib.loads(text)


# --- vocabulary, history, points --------------------------------------------------------------------------------------


@cache
def _vocabulary(text: str) -> risk.Vocabulary:
    return risk.load_vocabulary(text)


def vocabulary(on: date) -> risk.Vocabulary:
    return _vocabulary(_text("import-vocabulary", on))


@cache
def _history(head: str, folder: Path) -> risk.History:
    values = tomllib.loads(head)
    cells = risk.load_cells((folder / values["table"]).read_text(encoding="utf-8"))
    months = risk.months_between(values["first_day"], values["last_day"])
    words = vocabulary(values["last_day"])
    return risk.fit_history(cells, months=months, classes=[row.code for row in words.classes], origins=words.countries)


def history(on: date) -> risk.History:
    return _history(_text("alert-history", on), _folder())


def history_span(on: date) -> tuple[date, date]:
    values = edition_of("alert-history", on)
    return values["first_day"], values["last_day"]


@cache
def _score_rules(text: str) -> risk.ScoreRules:
    return risk.load_score_rules(text)


def score_rules(on: date) -> risk.ScoreRules:
    return _score_rules(_text("import-lot-risk", on))


# --- duties -------------------------------------------------------------------------------------------------------------


@cache
def _duties(text: str, table: str) -> tuple[risk.Duty, ...]:
    return risk.load_duties(text, table)


def paper_duties(on: date) -> tuple[risk.Duty, ...]:
    return _duties(_text("import-papers", on), "paper")


def field_duties(on: date) -> tuple[risk.Duty, ...]:
    return _duties(_text("import-papers", on), "field")


def label_items(on: date) -> tuple[tuple[risk.Duty, ...], str]:
    """The items of the list in force, and its edition."""
    text = _text("import-label", on)
    return _duties(text, "item"), str(_parsed(text)["edition"])


def came_on(row: Consignment) -> date:
    """The day by which the duties are chosen: entry into the country, else arrival at the trader."""
    return row.entered_on or row.lot.began_on


def kind_of(row: Consignment) -> risk.LotKind:
    return risk.LotKind(row.trader.role, row.storage, row.food_class, tuple(row.products), came_on(row))


def missing_papers(row: Consignment, codes: Iterable[str]) -> tuple[risk.Duty, ...]:
    kind = kind_of(row)
    return risk.missing(paper_duties(kind.on), kind, codes)


def missing_fields(row: Consignment) -> tuple[risk.Duty, ...]:
    """Fields of the import or purchase record that were not filled in."""
    lot, kind = row.lot, kind_of(row)
    told = {
        "name": lot.food, "specification": row.specification, "quantity": lot.quantity,
        "lot": lot.made_on or lot.code, "best_before": lot.best_before_on, "received_on": lot.began_on,
        "supplier": row.supplier, "origin": row.origin, "maker_number": row.maker_number,
    }  # fmt: skip
    return risk.missing(field_duties(kind.on), kind, [code for code, value in told.items() if value])


def label_verdict(row: Consignment, answers: Mapping[str, str], on: date) -> risk.LabelVerdict:
    items, edition = label_items(on)
    return risk.judge_label(items, kind_of(row), answers, edition=edition)


@cache
def _retention(path: Path) -> Any:
    return load_retention(path.read_text(encoding="utf-8"))


def retention(row: Consignment) -> Any:
    """Until when the record must be there, with the articles: `FSL` 53 for sellers, 98 for importers."""
    importer = row.trader.role == "importer"
    return keep_until(
        _retention(Path(settings.STANDARDS_DIR) / "statutes" / "retention.toml"),
        record="import" if importer else "purchase",
        subject_kind="importer",
        division_code=row.division_code,
        event_on=row.lot.began_on,
        shelf_life_ends=row.lot.best_before_on,
    )


# --- credit -------------------------------------------------------------------------------------------------------------


@cache
def _scheme(text: str) -> risk.CreditScheme:
    return risk.load_scheme(text)


def schemes() -> tuple[risk.CreditScheme, ...]:
    found = [_scheme(text) for text, values in _texts(_folder()) if values["code"] == "customs-credit"]
    return tuple(sorted(found, key=lambda scheme: scheme.in_force_from))


def scheme_name(code: str) -> str:
    """Said by the day it began; the letter or word of a grade means nothing without it."""
    found = next((s for s in schemes() if s.scheme == code), None)
    return (
        _("%(year)s年%(month)s月起的等级") % {"year": found.in_force_from.year, "month": found.in_force_from.month}
        if found
        else code
    )


def grade_name(scheme: str, grade: str) -> str:
    found = next((s.grade(grade) for s in schemes() if s.scheme == scheme), None)
    return found.name if found else grade


def grade_choices() -> list[tuple[str, str]]:
    """All grades of all schemes: value "scheme:grade", the newest scheme first."""
    return [
        (f"{s.scheme}:{g.code}", f"{scheme_name(s.scheme)}：{g.name}") for s in reversed(schemes()) for g in s.grades
    ]


def credit_of(records: Sequence[CreditRecord], on: date) -> risk.Credit:
    entries = [risk.CreditEntry(r.scheme, r.grade, r.valid_from, r.valid_to) for r in records]
    return risk.credit_on(entries, schemes(), on)


# --- routing and clocks -------------------------------------------------------------------------------------------------


def route(finding: str, on: date) -> Route:
    for row in edition_of("import-routing", on)["finding"]:
        if row["code"] == finding:
            return Route(row["label"], row["clause"], tuple(row["owners"]), tuple(row["cooperating"]), row["severity"])
    raise ledger.Refused(_("问题“%(code)s”没有责任单位规则，请管理员先录入。") % {"code": finding})


@cache
def _clocks(folder: Path) -> tuple[Clock, ...]:
    return tuple(
        clock
        for name in ("clocks.toml", "imported-food.toml")
        for clock in load_clocks((folder / name).read_text(encoding="utf-8"))
    )


def deadline(code: str, start: datetime | date) -> Deadline:
    """When a clock that starts at a moment runs out."""
    day = start.date() if isinstance(start, datetime) else start
    clock = clock_in_force(_clocks(Path(settings.STANDARDS_DIR) / "clocks"), code, day)
    if clock.unit is not Unit.WORKDAY and not clock.roll:
        return due(clock, start, calendar=_NO_WORKDAYS)
    with casework.known_years():
        return due(clock, start, calendar=casework.calendar())


# --- notices and lots in one language -----------------------------------------------------------------------------------


def shelf_lot(row: Consignment) -> risk.ShelfLot:
    lot = row.lot
    return risk.ShelfLot(
        key=lot.number, name=f"{lot.food} {row.original_name}", origin=row.origin, food_class=row.food_class,
        products=tuple(row.products), maker=lot.maker_name or row.brand, maker_number=row.maker_number,
        lot=lot.code, gtin=row.gtin, made_on=lot.made_on, best_before_on=lot.best_before_on,
    )  # fmt: skip


def notice_of(alert: Alert) -> risk.Notice:
    return risk.Notice(
        source=alert.source, reference=alert.reference, published_on=alert.published_on, text=alert.text,
        food_class=alert.food_class, products=tuple(alert.products), origins=tuple(alert.origins),
        hazards=tuple(alert.hazards), hazard_text=alert.hazard_text, serious=alert.serious,
        distributed_to=tuple(alert.distributed_to), maker=alert.maker, maker_number=alert.maker_number,
        lots=tuple(alert.lots), gtins=tuple(alert.gtins), made_on=alert.made_on, best_before_on=alert.best_before_on,
    )  # fmt: skip


def country_choices(on: date) -> list[tuple[str, str]]:
    words = vocabulary(on)
    return sorted(((code, words.country_name(code)) for code in words.countries if code != HERE), key=lambda p: p[1])


def class_choices(on: date) -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in vocabulary(on).classes]


def country_name(code: str, on: date) -> str:
    return vocabulary(on).country_name(code) if code else ""
