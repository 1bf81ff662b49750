"""Lots of imported food: recorded, their papers and labels, found wanting, sent to be sampled."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.imported_food import rules
from fangxin.actions.imported_food.data import NewConsignment
from fangxin.actions.imported_food.models import Consignment, ImportPaper, LabelCheck, Trader
from fangxin.actions.imported_food.services import disposals, scoring
from fangxin.actions.imported_food.services.steps import open_matter
from fangxin.engines.identifiers import check_gtin
from fangxin.kernel.laboratory import api as laboratory
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, move, require, who
from fangxin.kernel.supply import api as supply

State = Consignment.State


@transaction.atomic
def record_consignment(
    *, trader: Trader, new: NewConsignment, evidence: Iterable[Any] = (), by: Any, score: bool = True
) -> Consignment:
    """The lot goes to supply, like all food that arrives; here stays what only imported food has."""
    today = ledger.clock.today()
    words = rules.vocabulary(today)
    if new.entered_on is not None and new.entered_on > today:
        raise ledger.Refused({"entered_on": _("进境日期不能晚于今天。")})
    if new.made_on is not None and new.made_on > today:
        raise ledger.Refused({"made_on": _("生产日期不能晚于今天。")})
    gtin = _gtin(new.gtin)
    products = words.find_products(f"{new.food} {new.original_name}")
    lot = supply.record_receipt(
        premises=trader.premises, food=new.food.strip(), quantity=new.quantity, unit=new.unit,
        received_at=new.received_at, how="typed", supplier_name=new.supplier[:120], from_lot=_sent_here(trader, new.lot_code),
        evidence=list(evidence), code=new.lot_code, maker_name=new.maker, made_on=new.made_on,
        best_before_on=new.best_before_on, by=by,
    )  # fmt: skip
    row: Consignment = insert(
        Consignment(
            trader=trader, lot=lot, original_name=new.original_name.strip(), brand=new.brand.strip(),
            specification=new.specification.strip(), food_class=new.food_class or words.class_of("", products),
            products=list(products), origin=new.origin, maker_number=new.maker_number.strip(), gtin=gtin,
            supplier=new.supplier.strip(), port=new.port.strip(), declaration_no=new.declaration_no.strip(),
            entered_on=new.entered_on, storage=new.storage, temperature_known=new.temperature_known,
            division_code=trader.division_code, recorded_at=ledger.clock.now(), recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record("imported_food.consignment.recorded", of=row, by=by, data={"lot": lot.number, "origin": row.origin})
    for code, number in new.papers.items():
        add_paper(consignment=row, code=code, number=number, by=by, score=False)
    if score:
        scoring.rescore([row])
    return row


def _sent_here(trader: Trader, code: str) -> Any:
    """The lot that a trader of the county said to have sent here under this number; nothing where several did."""
    if not code.strip():
        return None
    sent = Consignment.objects.filter(
        lot__code=code.strip(), lot__dispatches__to_premises=trader.premises, lot__dispatches__state="sent"
    )
    found = list(sent.select_related("lot").distinct()[:2])
    return found[0].lot if len(found) == 1 else None


def _gtin(text: str) -> str:
    if not text.strip():
        return ""
    checked = check_gtin(text.strip())
    if not checked.valid:
        raise ledger.Refused({"gtin": _("商品条码的校验位或位数不对，请对照包装逐位核对。")})
    return checked.normalized


@transaction.atomic
def undo_consignment(*, consignment: Consignment, reason: str, by: Any) -> Consignment:
    """Recorded in error, and nothing of it went on: the receipt is taken back with it."""
    reason = require(reason, "reason", _("请写明撤销原因。"))
    if consignment.disposals.exists() or consignment.matches.exclude(state="dismissed").exists():
        raise ledger.Refused(_("这个批次已有处置或者涉及风险通报，不能撤销登记。"))
    supply.undo_receipt(receipt=consignment.lot.receipt, reason=reason, by=by)
    undone: Consignment = move(consignment, [State.ON_SHELF], State.UNDONE, "imported_food.consignment.undone", by=by)
    return undone


@transaction.atomic
def sold_out(*, consignment: Consignment, by: Any) -> Consignment:
    gone: Consignment = move(consignment, [State.ON_SHELF], State.SOLD_OUT, "imported_food.consignment.sold_out", by=by)
    return gone


@transaction.atomic
def back_on_shelf(*, consignment: Consignment, by: Any) -> Consignment:
    """Ticked as sold out in error."""
    back: Consignment = move(consignment, [State.SOLD_OUT], State.ON_SHELF, "imported_food.consignment.back", by=by)
    scoring.rescore([back])
    return back


# --- papers -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_paper(
    *, consignment: Consignment, code: str, number: str, issued_on: date | None = None, evidence: Any = None, by: Any,
    score: bool = True,
) -> ImportPaper:  # fmt: skip
    if code not in {duty.code for duty in rules.paper_duties(rules.came_on(consignment))}:
        raise ledger.Refused({"code": _("请选择单证种类。")})
    if issued_on is not None and issued_on > ledger.clock.today():
        raise ledger.Refused({"issued_on": _("签发日期不能晚于今天。")})
    number = require(number, "number", _("请填写单证编号。"))
    paper: ImportPaper = insert(
        ImportPaper(
            consignment=consignment, code=code, number=number, issued_on=issued_on, evidence=evidence,
            recorded_at=ledger.clock.now(), recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record("imported_food.paper.added", of=consignment, by=by, data={"paper": code})
    if score:
        scoring.rescore([consignment])
    return paper


@transaction.atomic
def undo_paper(*, paper: ImportPaper, by: Any) -> ImportPaper:
    fresh = ImportPaper.objects.filter(pk=paper.pk, undone_at=None)
    if fresh.update(undone_at=ledger.clock.now(), undone_by=who(by)) != 1:
        raise ledger.MovedOn(_("这份单证刚刚已撤回，请刷新后查看。"))
    paper.refresh_from_db()
    ledger.record("imported_food.paper.undone", of=paper.consignment, by=by, data={"paper": paper.code})
    scoring.rescore([paper.consignment])
    return paper


# --- labels -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def check_label(
    *, consignment: Consignment, answers: Mapping[str, str], note: str = "", evidence: Any = None, by: Any,
    score: bool = True,
) -> LabelCheck:  # fmt: skip
    """Kept whole, with the edition in force today; a nonconforming label is a disposal to be opened by a person."""
    today = ledger.clock.today()
    if consignment.state not in (State.ON_SHELF, State.STOPPED):
        raise ledger.Refused(_("这个批次已经不在店内，不能再核对标签。"))
    verdict = rules.label_verdict(consignment, answers, today)
    check: LabelCheck = insert(
        LabelCheck(
            consignment=consignment, edition=verdict.edition, answers=dict(answers), outcome=verdict.outcome.value,
            wrong=[item.code for item in verdict.wrong], note=note.strip(), evidence=evidence, checked_on=today,
            recorded_at=ledger.clock.now(), recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record("imported_food.label.checked", of=consignment, by=by, data={"outcome": check.outcome})
    if score:
        scoring.rescore([consignment])
    return check


# --- what the rules find ------------------------------------------------------------------------------------------------


@transaction.atomic
def find_faults(*, consignment: Consignment, by: Any) -> int:
    """Open what follows from the papers, the label and the shelf life of a lot on the shelf; each once."""
    today, row, opened = ledger.clock.today(), consignment, 0
    if row.state != State.ON_SHELF:
        return 0
    last = row.lot.best_before_on
    for cause, found, text in (
        ("expired", last is not None and last < today, _("%(lot)s 的保质期到 %(day)s") % {"lot": row.lot, "day": last}),
        ("label", row.label == "nonconforming", _("%(lot)s 的中文标签：%(wrong)s") % {"lot": row.lot, "wrong": wrong_items(row)}),
        ("papers", _papers_overdue(row, today), _("%(lot)s 没有入境货物检验检疫证明") % {"lot": row.lot}),
    ):  # fmt: skip
        if found and not _acted_on(row, cause):
            disposals.open_disposal(consignment=row, cause=cause, text=text, by=by)
            opened += 1
    return opened


def _acted_on(row: Consignment, cause: str) -> bool:
    """Whether a disposal for this was opened before; for a label, since it was last looked at."""
    earlier = row.disposals.filter(cause=cause)
    check = row.label_checks.first() if cause == "label" else None
    return earlier.filter(found_at__gte=check.recorded_at).exists() if check is not None else earlier.exists()


def _papers_overdue(row: Consignment, today: date) -> bool:
    """The trader has some days to bring the key paper; after that the lot is one without a known source."""
    if not row.key_paper_missing:
        return False
    return today > rules.deadline("IF04", row.recorded_at.astimezone(ledger.clock.LOCAL).date()).last_day


def wrong_items(row: Consignment) -> str:
    check = row.label_checks.first()
    if check is None:
        return ""
    names = {item.code: item.name for item in rules.label_items(check.checked_on)[0]}
    return "；".join(names.get(code, code) for code in check.wrong)


def report_record(*, consignment: Consignment, by: Any) -> Any:
    """Fields of the record that lack while it must be kept: a matter for the station, once."""
    lacking = rules.missing_fields(consignment)
    held = consignment.keep_until is not None and consignment.keep_until >= ledger.clock.today()
    if not lacking or not held:
        raise ledger.Refused(_("记录要素齐全，或者已过保存期，不用立账。"))
    text = _("%(trader)s 的 %(lot)s 缺：%(what)s（保存至 %(day)s）") % {
        "trader": consignment.trader, "lot": consignment.lot, "what": "、".join(duty.name for duty in lacking),
        "day": consignment.keep_until,
    }  # fmt: skip
    return open_matter(
        "record_missing", text=text, division_code=consignment.division_code, subject=consignment,
        key=f"record:{consignment.number}", by=by,
    )  # fmt: skip


# --- sampling -----------------------------------------------------------------------------------------------------------


def sampling_key(row: Consignment) -> str:
    return f"imported_food.lot:{row.number}"


@transaction.atomic
def ask_sampling(*, consignment: Consignment, agency: Any, food_class: str, due_on: date, by: Any) -> Any:
    """Hand the lot to sampling, with what to look for in its basis. The same lot is asked for once."""
    words = rules.vocabulary(ledger.clock.today())
    look_for = "、".join(words.hazard_name(group) for group, _share in consignment.look_for) or _("按抽检细则")
    task = laboratory.add_task(
        reason="special", purpose="supervision", regime="market", stage="circulation",
        division_code=consignment.division_code, food_class=food_class, food=consignment.lot.food[:80],
        premises=consignment.trader.premises, agency=agency, due_on=due_on,
        basis=_("进口食品批次 %(lot)s，建议检验：%(items)s") % {"lot": consignment.number, "items": look_for},
        asked_from=sampling_key(consignment), by=by,
    )  # fmt: skip
    ledger.record("imported_food.sampling.asked", of=consignment, by=by)
    return task
