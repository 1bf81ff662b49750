"""Facts carried to the ordinance and back: which edition, which papers, which products, which day, which statute."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path as FilePath

from django.conf import settings
from django.utils.translation import gettext as _

from fangxin.actions.small_operators import ordinance as reading
from fangxin.actions.small_operators.data import (
    Document,
    KindRules,
    Ordinance,
    Path,
    Penalty,
    ProductVerdict,
    RenewalWindow,
    Route,
    SiteRules,
)
from fangxin.engines import penalties
from fangxin.engines.deadlines import ClockMissing, Unit, add_months, clock_in_force, due, national_calendar
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger

KINDS = ("small_workshop", "small_shop", "stall")
CREDENTIALS = ("small_workshop_registration", "small_shop_registration", "stall_card")
MOST_PRODUCTS = 100
_SEPARATORS = re.compile(r"[\n\r,，、;；]+")
# Months and days on the calendar need no working days, so a long list asks the database for none.
_NO_WORKDAYS = national_calendar(())
_OUTCOMES = ("ok", "review", "rejected")


def folder() -> FilePath:
    return FilePath(settings.STANDARDS_DIR) / "small_operators"


def ordinance_for(division_code: str, on: date) -> Ordinance:
    """The ordinance of the place on the day; refused where none has been entered, never borrowed from a neighbour."""
    found = reading.ordinance_in_force(reading.ordinances(folder()), division_code, on)
    if found is None:
        raise ledger.Refused(
            _("这个地方在 %(day)s 适用的“三小”条例还没有录入平台，暂不能办理。请管理员在规则文件中补录后再办。")
            % {"day": on}
        )
    return found


def kind_rules(kind: str, division_code: str, on: date) -> KindRules:
    rules = ordinance_for(division_code, on).kinds.get(kind)
    if rules is None:
        raise ledger.Refused(_("这一类经营者不按“三小”条例登记备案。"))
    return rules


def check_holder(kind: str, operator_kind: str, *, division_code: str, on: date) -> None:
    """A company cannot be a small operator; it is shown the way to a licence."""
    if operator_kind not in kind_rules(kind, division_code, on).holders:
        route = ordinance_for(division_code, on).company_route
        raise ledger.Refused({"operator_kind": route})


def documents_needed(kind: str, *, division_code: str, on: date, ready_to_eat: bool) -> tuple[Document, ...]:
    return tuple(
        paper
        for paper in kind_rules(kind, division_code, on).documents
        if paper.needed == "always" or (paper.needed == "ready_to_eat" and ready_to_eat)
    )


def split_products(text: str) -> list[str]:
    """The products of a text, one a line or parted by commas; each once, in the order given."""
    return list(dict.fromkeys(part.strip() for part in _SEPARATORS.split(text) if part.strip()))


def screen_products(kind: str, products: Iterable[str], *, division_code: str, on: date) -> list[ProductVerdict]:
    rules = ordinance_for(division_code, on)
    return [reading.screen_product(rules, kind, product) for product in products]


def worst(verdicts: Iterable[ProductVerdict]) -> str:
    """The gravest outcome of all; ok when there are none."""
    return max((v.outcome for v in verdicts), key=_OUTCOMES.index, default="ok")


def _counted(code: str, day: date) -> date:
    clocks = reading.clocks(FilePath(settings.STANDARDS_DIR) / "clocks")
    try:
        clock = clock_in_force(clocks, code, day)
    except ClockMissing:
        raise ledger.Refused(
            _("%(day)s 没有适用的办理时限（%(code)s），请管理员补录。") % {"day": day, "code": code}
        ) from None
    if clock.unit is not Unit.WORKDAY and not clock.roll:
        return due(clock, day, calendar=_NO_WORKDAYS).last_day
    with casework.known_years():
        return due(clock, day, calendar=casework.calendar()).last_day


def decision_due(kind: str, complete_on: date, *, division_code: str) -> date:
    """The last day to decide, counted from the day the application was complete."""
    return _counted(kind_rules(kind, division_code, complete_on).decision_clock, complete_on)


def first_visit_due(kind: str, issued_on: date, *, division_code: str) -> date:
    return _counted(kind_rules(kind, division_code, issued_on).first_visit_clock, issued_on)


def expiry(kind: KindRules, issued_on: date) -> date | None:
    """The last day of a paper; None where the ordinance states no term."""
    if kind.validity_years is None:
        return None
    return add_months(issued_on, 12 * kind.validity_years) - timedelta(days=1)


def renewal_window(kind: str, expires_on: date | None, *, division_code: str) -> RenewalWindow | None:
    """None where the paper has no end, or where no ordinance says how it is renewed."""
    found = reading.ordinance_in_force(reading.ordinances(folder()), division_code, expires_on or date.max)
    rules = found.kinds.get(kind) if found is not None else None
    if expires_on is None or rules is None or not rules.renewal_clock:
        return None
    opens = expires_on - timedelta(days=rules.renewal_opens_days)
    return RenewalWindow(opens, _counted(rules.renewal_clock, expires_on), expires_on)


def statute_for(kind: str, offence: str, on: date, *, division_code: str) -> Penalty | None:
    """What a subject's kind makes an offence cost on the day of the deed: for the small kinds by the ordinance of
    their province, never by the national law. None: no article punishes it, people are shown the way instead."""
    statute = penalties.choose_statute(_statutes(), subject_kind=kind, division_code=division_code, on=on).statute
    row = statute and penalties.find_provision(statute, subject_kind=kind, offence=offence)
    return _penalty(statute, row, {offence}) if statute and row else None


def penalties_for(kind: str, on: date, *, division_code: str) -> list[Penalty]:
    """Every article that speaks of a kind, in the order of the statute."""
    statute = penalties.choose_statute(_statutes(), subject_kind=kind, division_code=division_code, on=on).statute
    if statute is None:
        return []
    return [_penalty(statute, row, row.offences) for row in statute.provisions if kind in row.subjects]


def _statutes() -> tuple[penalties.Statute, ...]:
    return reading.statutes(FilePath(settings.STANDARDS_DIR) / "statutes")


def _penalty(statute: penalties.Statute, row: penalties.Provision, offences: Collection[str]) -> Penalty:
    names = reading.offences(FilePath(settings.STANDARDS_DIR) / "statutes")
    band = next((band for band in row.bands if not band.serious and not band.times), None)
    return Penalty(
        law=row.law,
        edition=statute.edition,
        article=row.article,
        label="、".join(names.get(code, code) for code in sorted(offences)),
        measures=row.measures,
        low=band.low if band else None,
        high=band.high if band else None,
        only_after_refusal=row.only_after_refusal,
    )


def site_rules(on: date) -> SiteRules:
    values = reading.edition_of(folder(), "demonstration-sites", on)
    if values is None:
        raise ledger.Refused(_("%(day)s 没有施行中的示范点评选条件，请先录入。") % {"day": on})
    return reading.read_site_rules(values)


def upgrade_path(kind: str, on: date) -> Path:
    values = reading.edition_of(folder(), "upgrade-path", on)
    paths = reading.read_paths(values) if values is not None else {}
    if kind not in paths:
        raise ledger.Refused(_("这一类经营者没有升级许可的条件清单，请先录入。"))
    return paths[kind]


def route_of(finding: str, on: date) -> Route:
    values = reading.edition_of(folder(), "small-operator-routing", on)
    routes = reading.read_routes(values) if values is not None else {}
    if finding not in routes:
        raise ledger.Refused(_("%(day)s 没有施行中的责任单位规则，请先录入。") % {"day": on})
    return routes[finding]


def check_scores(rules: SiteRules, scores: Mapping[str, int]) -> None:
    """Each criterion has its points, within what it is worth."""
    wrong = [
        criterion.label
        for criterion in rules.criteria
        if not isinstance(scores.get(criterion.code), int) or not 0 <= scores[criterion.code] <= criterion.points
    ]
    if wrong or set(scores) - {criterion.code for criterion in rules.criteria}:
        raise ledger.Refused(_("请给每一项打分，且不超过该项满分：%(items)s") % {"items": "；".join(wrong)})


def failed_keys(rules: SiteRules, scores: Mapping[str, int]) -> list[str]:
    """Key items below their full points."""
    return [c.code for c in rules.criteria if c.key and scores.get(c.code, 0) < c.points]


def labels_of(papers: Iterable[Document], codes: Collection[str]) -> str:
    return "、".join(paper.label for paper in papers if paper.code in codes)
