"""How closely a lot is looked at, told anew whenever something about it changes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q

from fangxin.actions.imported_food import rules
from fangxin.actions.imported_food.models import AlertMatch, Consignment, CreditRecord, ImportPaper, LabelCheck
from fangxin.engines import import_risk as risk
from fangxin.kernel.ledger import api as ledger

_TESTED = Q(lot__tests__sureness__in=("stated", "scanned"))


def rescore(rows: Iterable[Consignment]) -> int:
    """Look at the papers, the label and the notices of some lots, and write what the rules come to. In a fixed number
    of questions, however many lots there are."""
    lots = list(rows)
    if not lots:
        return 0
    today = ledger.clock.today()
    papers, labels, alerts = _papers(lots), _labels(lots), _alerts(lots)
    tests, credits_ = _tests(lots, today), _credits(lots)
    for row in lots:
        lacking = rules.missing_papers(row, papers.get(row.pk, ()))
        row.papers_missing, row.key_paper_missing = len(lacking), any(duty.key for duty in lacking)
        row.label = labels.get(row.pk, "")
        row.keep_until = rules.retention(row).until
        credit = rules.credit_of(credits_.get(row.trader_id, ()), today)
        facts = _facts(row, credit, alerts.get(row.pk, (0, 0)), tests)
        _write(row, risk.score_lot(facts, history=rules.history(today), rules=rules.score_rules(today), on=today))
        row.scored_on = today
    Consignment.objects.bulk_update(
        lots,
        [
            "papers_missing",
            "key_paper_missing",
            "label",
            "keep_until",
            "band",
            "points",
            "reasons",
            "look_for",
            "scored_on",
        ],
        batch_size=200,
    )
    return len(lots)


def _write(row: Consignment, score: risk.Score) -> None:
    row.points, row.band = min(score.points, 999), score.band.value
    row.reasons = [{"token": r.token, "points": r.points, **r.figures} for r in score.reasons]
    row.look_for = [[group, round(share, 3)] for group, share in score.look_for if group != risk.UNKNOWN][:3]


def _facts(row: Consignment, credit: risk.Credit, alerts: tuple[int, int], tests: Mapping[Any, Any]) -> risk.LotFacts:
    tested, failed = tests.get((row.origin, row.food_class), (0, 0)) if row.origin and row.food_class else (0, 0)
    return risk.LotFacts(
        origin=row.origin, food_class=row.food_class, storage=row.storage,
        vulnerable=bool(rules.VULNERABLE & set(row.products)),
        credit=(credit.scheme, credit.grade) if credit.state is risk.CreditState.KNOWN else None,
        papers_missing=row.papers_missing, key_paper_missing=row.key_paper_missing, label=row.label,
        temperature_known=row.temperature_known, tested=tested, failed=failed, best_before_on=row.lot.best_before_on,
        sure_alerts=alerts[0], asked_alerts=alerts[1], failed_itself=row.pk in tests.get("failed", ()),
    )  # fmt: skip


def _papers(lots: Sequence[Consignment]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = ImportPaper.objects.filter(consignment__in=lots, undone_at=None).values_list("consignment_id", "code")
    for pk, code in rows:
        found.setdefault(pk, set()).add(code)
    return found


def _labels(lots: Sequence[Consignment]) -> dict[int, str]:
    """The last check of each."""
    rows = LabelCheck.objects.filter(consignment__in=lots).order_by("recorded_at", "pk")
    return dict(rows.values_list("consignment_id", "outcome"))


def _alerts(lots: Sequence[Consignment]) -> dict[int, tuple[int, int]]:
    """Notices that surely concern each lot, and those still asked."""
    rows = AlertMatch.objects.filter(consignment__in=lots).exclude(state=AlertMatch.State.DISMISSED).order_by()
    sure = Count("pk", filter=Q(state=AlertMatch.State.CONFIRMED) | Q(certainty="sure"))
    asked = Count("pk", filter=Q(state=AlertMatch.State.ASKED, certainty="ask"))
    return {
        pk: (a, b)
        for pk, a, b in rows.values("consignment").annotate(a=sure, b=asked).values_list("consignment", "a", "b")
    }


def _tests(lots: Sequence[Consignment], today: Any) -> dict[Any, Any]:
    """Samples tested and failed by country and class within the months that count; and lots that failed themselves."""
    since = today.replace(year=today.year - rules.score_rules(today).past_months // 12, day=1)
    county = {row.division_code[:6] for row in lots}
    rows = Consignment.objects.filter(_TESTED, lot__tests__sampled_on__gte=since).order_by()
    rows = rows.filter(division_code__startswith=min(county)) if len(county) == 1 else rows
    samples: dict[tuple[str, str], dict[str, bool]] = {}
    own: set[int] = set()
    values = rows.values_list("pk", "origin", "food_class", "lot__tests__sample_number", "lot__tests__outcome")
    for pk, origin, food_class, sample, outcome in values:
        group = samples.setdefault((origin, food_class), {})
        group[sample] = group.get(sample, False) or outcome == "nonconforming"
        if outcome == "nonconforming":
            own.add(pk)
    found: dict[Any, Any] = {key: (len(group), sum(group.values())) for key, group in samples.items()}
    return {**found, "failed": own}


def _credits(lots: Sequence[Consignment]) -> dict[int, list[CreditRecord]]:
    found: dict[int, list[CreditRecord]] = {}
    for record in CreditRecord.objects.filter(trader__in={row.trader_id for row in lots}).order_by("valid_from", "pk"):
        found.setdefault(record.trader_id, []).append(record)
    return found
