"""Codes on packs of veterinary drugs: listed, in, out, and looked at on the market."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs.models import Dealer, DrugPack, PackScan, Product
from fangxin.actions.farm_inputs.services.findings_inputs import find
from fangxin.engines.identifiers import find_drug_code
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, who

Outcome, State = PackScan.Outcome, DrugPack.State
MOST_CODES = 5000


def judge_code(read: str, *, kind: str, dealer: Dealer, on: date) -> tuple[str, DrugPack | None]:
    """What a code read at a dealer's is worth: its form, whether it is known, and whether this pack can be here."""
    if not read.strip():
        return Outcome.NO_CODE, None
    code = find_drug_code(read)
    if code is None:
        return Outcome.MALFORMED, None
    pack = DrugPack.objects.filter(code=code).first()
    if pack is None:
        return Outcome.UNKNOWN, None
    if not _may_be_here(pack, kind, dealer):
        return Outcome.DUPLICATE, pack
    if pack.expires_on is not None and pack.expires_on < on:
        return Outcome.EXPIRED, pack
    return Outcome.VALID, pack


def _may_be_here(pack: DrugPack, kind: str, dealer: Dealer) -> bool:
    """A pack comes in once and goes out once; seen again elsewhere, its code has been copied."""
    if kind == PackScan.Kind.IN:
        return bool(pack.state == State.LISTED)
    here = pack.state == State.STOCKED and pack.dealer_id == dealer.pk
    return here or (kind == PackScan.Kind.CHECK and pack.state == State.LISTED)


@transaction.atomic
def scan(
    *,
    dealer: Dealer,
    kind: str,
    read: str,
    on: date | None = None,
    farm: Any = None,
    other_party: str = "",
    note: str = "",
    by: Any,
) -> PackScan:
    """Keep what was read, move the pack where the code is good, and tell what is wrong."""
    today = ledger.clock.today()
    day = on or today
    if day > today:
        raise ledger.Refused({"on": _("日期还没有到，请核对。")})
    if not dealer.sells(Product.Kind.VETERINARY):
        raise ledger.Refused(_("这家店不经营兽药。"))
    outcome, pack = judge_code(read, kind=kind, dealer=dealer, on=day)
    if outcome == Outcome.VALID and pack is not None and kind != PackScan.Kind.CHECK:
        outcome = _move(pack, kind, dealer)
    row: PackScan = insert(
        PackScan(
            dealer=dealer,
            division_code=dealer.division_code,
            kind=kind,
            on=day,
            read=read.strip()[:200],
            pack=pack,
            outcome=outcome,
            farm=farm,
            other_party=other_party.strip(),
            note=note.strip(),
            recorded_at=ledger.clock.now(),
            recorded_by=who(by),
        )
    )
    ledger.record("farm_inputs.pack.scanned", of=row, by=by, data={"kind": kind, "outcome": outcome})
    if outcome != Outcome.VALID:
        _tell(row, by=by)
    return row


def _move(pack: DrugPack, kind: str, dealer: Dealer) -> str:
    """The database says who was first: a code taken in twice at the same moment is a duplicate the second time."""
    if kind == PackScan.Kind.IN:
        moved = DrugPack.objects.filter(pk=pack.pk, state=State.LISTED).update(state=State.STOCKED, dealer=dealer)
    else:
        here = DrugPack.objects.filter(pk=pack.pk, state=State.STOCKED, dealer=dealer)
        moved = here.update(state=State.SOLD)
    pack.refresh_from_db()
    return Outcome.VALID if moved == 1 else Outcome.DUPLICATE


def _tell(row: PackScan, *, by: Any) -> None:
    text = _("%(dealer)s %(day)s %(kind)s：%(what)s %(read)s") % {
        "dealer": row.dealer.name, "day": row.on, "kind": row.get_kind_display(), "what": row.get_outcome_display(),
        "read": row.read,
    }  # fmt: skip
    key = f"drug_code:{row.dealer.number}:{row.outcome}:{row.on:%Y-%m}"
    find(code="drug_code", key=key, text=text, division_code=row.division_code, dealer=row.dealer, by=by)


@transaction.atomic
def list_packs(
    *,
    codes: Iterable[str],
    division_code: str,
    product_name: str,
    batch_no: str = "",
    expires_on: date | None = None,
    product: Any = None,
    by: Any,
) -> int:
    """Take over codes that the national system knows; those listed already are left as they are."""
    wanted = list(dict.fromkeys(codes))
    if len(wanted) > MOST_CODES:
        raise ledger.Refused({"codes": _("一次最多 %(most)s 个码，请分次列入。") % {"most": MOST_CODES}})
    bad = [code for code in wanted if find_drug_code(code) != code]
    if bad or not wanted:
        raise ledger.Refused(
            {"codes": _("每行一个 24 位数字的码；不合规的：%(bad)s") % {"bad": "、".join(bad[:5]) or "—"}}
        )
    known = set(DrugPack.objects.filter(code__in=wanted).values_list("code", flat=True))
    rows = [
        DrugPack(
            code=code, division_code=division_code, product=product, product_name=product_name.strip(),
            batch_no=batch_no.strip(), expires_on=expires_on, listed_at=ledger.clock.now(), listed_by=who(by),
        )
        for code in wanted
        if code not in known
    ]  # fmt: skip
    DrugPack.objects.bulk_create(rows, batch_size=500)
    ledger.record(
        "farm_inputs.packs.listed", of=None, by=by, division_code=division_code,
        data={"listed": len(rows), "known": len(known), "product": product_name},
    )  # fmt: skip
    return len(rows)
