"""From a test to supervision to the police (检监联动、行刑衔接). The case itself and its transfer are casework's."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.produce_markets import standards
from fangxin.actions.produce_markets.models import Entry, Market, Referral
from fangxin.actions.produce_markets.services import routing
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, move, require, who

State, Source = Referral.State, Referral.Source
SERIES = "market-referrals"
FINDINGS = {
    Source.RAPID: "rapid_positive", Source.SAMPLE: "rapid_positive", Source.SLAUGHTER: "meat_unfit",
    Source.PROOF: "oversold", Source.OVERSOLD: "oversold",
}  # fmt: skip
# What it is in the words of the penalty statutes.
OFFENCES = {
    Source.RAPID: "over_limit", Source.SAMPLE: "over_limit", Source.SLAUGHTER: "bad_meat",
    Source.PROOF: "records_missing", Source.OVERSOLD: "records_missing",
}  # fmt: skip


@transaction.atomic
def report(
    *, source: str, text: str, key: str, entry: Entry | None = None, market: Market | None = None, crime: bool = False,
    found_at: datetime | None = None, matter_key: str = "", by: Any,
) -> Referral:  # fmt: skip
    """Tell the supervision; the same thing is told once. A matter for the owner by the routing rules comes with it,
    or the one that others opened under `matter_key`."""
    standing = Referral.objects.filter(key=key[:120]).first()
    if standing is not None:
        return standing
    place = market or (entry.market if entry is not None else None)
    if place is None:
        raise ValueError("a referral belongs to a market")
    now = ledger.clock.now()
    at = found_at or now
    matter = routing.open_matter(
        FINDINGS[Source(source)], hazard=f"{place.premises.name}：{text}", premises=place.premises,
        key=matter_key or f"produce_markets.referral:{key}", by=by, origin="sampling" if source == Source.SAMPLE else "inspection",
    )  # fmt: skip
    year = ledger.clock.today().year
    row: Referral = insert(
        Referral(
            number=f"JJ{year}-{ledger.next_number(SERIES, year):05d}", key=key[:120], market=place, entry=entry,
            division_code=place.division_code, source=source, text=text[:500], crime=crime, found_at=at,
            report_by=standards.due_at(standards.REPORT, at), reported_at=now, reported_by=who(by) or "-",
            take_by=standards.due_on(standards.TAKE_UP, ledger.clock.today()), matter=matter,
        )
    )  # fmt: skip
    ledger.record("produce_markets.referral.reported", of=row, by=by, data={"source": source, "crime": crime})
    return row


@transaction.atomic
def take_up(*, row: Referral, by: Any) -> Referral:
    done: Referral = move(
        row, (State.REPORTED,), State.TAKEN, "produce_markets.referral.taken", by=by, taken_at=ledger.clock.now(),
        taken_by=who(by),
    )  # fmt: skip
    return done


@transaction.atomic
def make_case(*, row: Referral, text: str, by: Any) -> Referral:
    """Enough for a penalty case, or for the police by way of one: reported, decided and handed over there."""
    text = require(text, "text", _("请写明核查到的事实。"))
    holder = row.entry.tenancy if row.entry is not None else None
    party = holder.operator.name if holder is not None else row.market.premises.operator.name
    case = casework.open_case(
        source="sampling" if row.source in (Source.SAMPLE, Source.RAPID) else "inspection",
        party_kind="person" if holder is not None and holder.operator.kind == "individual" else "organization",
        party_name=party, subject_kind="food_sales" if holder is not None else "produce_market",
        division_code=row.division_code, agency=routing.market_regulator(row.division_code),
        offence=OFFENCES[Source(row.source)], facts=f"{row.text}\n{text}", clue_on=ledger.clock.today(),
        source_note=row.number, subject_type="registry.premises", subject_id=str(row.market.premises_id),
        matter=row.matter, by=by,
    )  # fmt: skip
    done: Referral = move(
        row, (State.TAKEN,), State.CASE, "produce_markets.referral.made_case", by=by, case=case, conclusion=text[:500],
        ended_at=ledger.clock.now(), ended_by=who(by),
    )  # fmt: skip
    return done


@transaction.atomic
def end(*, row: Referral, conclusion: str, by: Any) -> Referral:
    conclusion = require(conclusion, "conclusion", _("请写明核查结论和不立案的理由。"))
    done: Referral = move(
        row, (State.TAKEN,), State.ENDED, "produce_markets.referral.ended", by=by, conclusion=conclusion[:500],
        ended_at=ledger.clock.now(), ended_by=who(by),
    )  # fmt: skip
    return done
