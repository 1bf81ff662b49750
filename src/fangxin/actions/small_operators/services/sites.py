"""Demonstration sites and pace-setters: put forward, looked at, listed by somebody else, taken off again."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.small_operators import rules
from fangxin.actions.small_operators.data import Level
from fangxin.actions.small_operators.models import Site, SiteVisit
from fangxin.engines.deadlines import add_months
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, move, require, who
from fangxin.kernel.registry import api as registry

State = Site.State


@transaction.atomic
def nominate(*, premises: Any, level: str, reason: str, by: Any) -> Site:
    """Put a place forward. It must have held its paper for as long as the level asks."""
    today = ledger.clock.today()
    if premises.kind not in rules.KINDS:
        raise ledger.Refused({"premises": _("只有小作坊、小经营店、小摊点可以推荐。")})
    found = rules.site_rules(today).levels.get(level)
    if found is None:
        raise ledger.Refused({"level": _("请选择等次。")})
    since = held_since(premises, today)
    if since is None or add_months(since, found.months) > today:
        raise ledger.Refused(
            {"premises": _("须持有效证件连续满 %(n)s 个月才能推荐，这一家还不满。") % {"n": found.months}}
        )
    site: Site = insert(
        Site(
            premises=premises,
            division_code=premises.division_code,
            level=level,
            reason=reason.strip(),
            nominated_at=ledger.clock.now(),
            nominated_by=who(by),
        )
    )
    ledger.record("small_operators.site.nominated", of=site, by=by, data={"level": level, "premises": premises.pk})
    return site


def held_since(premises: Any, day: date) -> date | None:
    """From when on the place has held valid papers without a gap; None when it holds none today."""
    spans = registry.Credential.objects.filter(premises=premises, kind__in=rules.CREDENTIALS, issued_on__lte=day)
    since: date | None = None
    for paper in spans.order_by("-issued_on", "-pk"):
        last = min(paper.expires_on or date.max, (paper.revoked_on or date.max) - timedelta(days=1))
        if since is None and last < day:
            return None
        if since is not None and last < since - timedelta(days=1):
            break
        since = paper.issued_on
    return since


@transaction.atomic
def score(
    *, site: Site, visited_on: date, scores: Mapping[str, int], with_whom: str, note: str = "", by: Any
) -> SiteVisit:
    """One visit, scored item by item under the criteria in force on its day."""
    if not site.nominated_at.astimezone(ledger.clock.LOCAL).date() <= visited_on <= ledger.clock.today():
        raise ledger.Refused({"visited_on": _("评分日期应在推荐之后、今天以前。")})
    criteria = rules.site_rules(visited_on)
    rules.check_scores(criteria, scores)
    total, failed = sum(scores.values()), rules.failed_keys(criteria, scores)
    visit: SiteVisit = insert(
        SiteVisit(
            site=site,
            visited_on=visited_on,
            edition=criteria.edition,
            scores=dict(scores),
            total=total,
            failed_keys=failed,
            passed=not failed and total >= criteria.levels[site.level].pass_score,
            with_whom=require(with_whom, "with_whom", _("评分须两人同行，请写明同行人。")),
            note=note.strip(),
            recorded_at=ledger.clock.now(),
            recorded_by=who(by),
        )
    )
    move(
        site, (State.NOMINATED, State.VISITED), State.VISITED, "small_operators.site.scored", by=by,
        data={"total": total, "passed": visit.passed},
    )  # fmt: skip
    return visit


def standing(site: Site, level: Level) -> tuple[int, int]:
    """Passed visits in a row up to the latest, and how many the level asks for."""
    passed = 0
    for visit in site.visits.order_by("-visited_on", "-pk"):
        if not visit.passed:
            break
        passed += 1
    return passed, level.visits


@transaction.atomic
def decide(*, site: Site, accept: bool, note: str = "", by: Any) -> Site:
    """List it or not, by somebody who did not score it."""
    today = ledger.clock.today()
    if site.visits.filter(recorded_by=who(by)).exists():
        raise ledger.Refused(_("评分的人不能决定是否列入，请由另一位同事办理。"))
    if not accept:
        note = require(note, "note", _("不列入时请写明理由。"))
        return move(  # type: ignore[no-any-return]
            site, (State.NOMINATED, State.VISITED), State.REFUSED, "small_operators.site.refused", by=by,
            decided_at=ledger.clock.now(), decided_by=who(by), decision_note=note[:500],
        )  # fmt: skip
    level = rules.site_rules(today).levels[site.level]
    passed, asked = standing(site, level)
    if passed < asked:
        raise ledger.Refused(
            _("还不能列入：要求连续 %(asked)s 次评分达标，现有 %(passed)s 次。") % {"asked": asked, "passed": passed}
        )
    return move(  # type: ignore[no-any-return]
        site, (State.VISITED,), State.LISTED, "small_operators.site.listed", by=by, data={"level": site.level},
        decided_at=ledger.clock.now(), decided_by=who(by), decision_note=note.strip()[:500], listed_on=today,
        listed_until=add_months(today, 12 * level.holds_years) - timedelta(days=1),
    )  # fmt: skip


@transaction.atomic
def remove(*, site: Site, why: str, by: Any) -> Site:
    """Take a site off the list; the list's history stays."""
    why = require(why, "why", _("请写明移出名单的原因。"))
    return move(  # type: ignore[no-any-return]
        site, (State.LISTED,), State.REMOVED, "small_operators.site.removed", by=by, data={"why": why[:200]},
        removed_at=ledger.clock.now(), removed_by=who(by), removed_why=why[:500],
    )  # fmt: skip
