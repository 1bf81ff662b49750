"""A penalty case up to its legal review: the clue, the officers, the facts, the goods, what the rules make of them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines.penalties import Answer, FineCheck
from fangxin.kernel.casework import judging_cases as judging
from fangxin.kernel.casework import rules_cases as rules
from fangxin.kernel.casework.models import (
    Case,
    CaseClock,
    CaseEvidence,
    CaseItem,
    CaseScreening,
    CaseStep,
    Matter,
)
from fangxin.kernel.casework.rules import Refused
from fangxin.kernel.casework.services.cases_steps import (
    end_clocks,
    extend_clock,
    move,
    named,
    pause_clocks,
    start_clock,
    unpause_clocks,
    write_step,
)
from fangxin.kernel.casework.services.steps import need_text
from fangxin.kernel.ledger import api as ledger

Action = CaseStep.Action
Code = CaseClock.Code
SERIES = "casework.case"


@transaction.atomic
def open_case(
    *,
    source: str,
    party_kind: str,
    party_name: str,
    subject_kind: str,
    division_code: str,
    agency: Any,
    offence: str,
    facts: str,
    clue_on: date,
    officers: Iterable[Any] = (),
    source_note: str = "",
    reporter_named: bool = False,
    elsewhere: bool = False,
    subject_type: str = "",
    subject_id: str = "",
    matter: Matter | None = None,
    by: Any,
) -> Case:
    """Write down a clue. From its day the authority has fifteen working days to decide whether to open a case."""
    today = ledger.clock.today()
    if clue_on > today:
        raise Refused({"clue_on": _("发现线索的日期不能晚于今天。")})
    case = Case(
        number=f"案{today.year}-{ledger.next_number(SERIES, today.year):06}",
        source=source,
        source_note=source_note.strip(),
        reporter_named=reporter_named,
        matter=matter,
        party_kind=party_kind,
        party_name=party_name.strip(),
        subject_type=subject_type,
        subject_id=str(subject_id),
        subject_kind=subject_kind,
        elsewhere=elsewhere,
        division_code=division_code,
        agency=agency,
        offence=offence,
        facts=facts.strip(),
        clue_on=clue_on,
        opened_at=ledger.clock.now(),
        opened_by=ledger.Actor.of(by).username,
    )
    judging.choose_article(case)
    case.clean_fields()
    case.save(force_insert=True)
    case.officers.set(officers)
    write_step(case, Action.OPENED, by=by, from_state="")
    start_clock(case, Code.CLUE, at=_end_of(clue_on) if clue_on < today else None)
    ledger.record("casework.case.opened", of=case, by=by, data={"source": source})
    return case


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), tzinfo=ledger.clock.LOCAL)


@transaction.atomic
def name_officers(*, case: Case, officers: Iterable[Any], by: Any) -> Case:
    chosen = list(officers)
    if len(chosen) < rules.FEWEST_OFFICERS:
        raise Refused({"officers": _("办案人员不得少于两人。")})
    if {case.filed_by, case.reviewed_by} & {officer.username for officer in chosen}:
        raise Refused({"officers": _("批准立案和负责审核的人员不能再当本案办案人员，请另选。")})
    move(case, Action.OFFICERS_NAMED, by=by, text="、".join(officer.name for officer in chosen))
    case.officers.set(chosen)
    return case


@transaction.atomic
def extend_clue(*, case: Case, text: str, by: Any) -> Case:
    text = need_text(text, "text", _("请写明需要延长核查的原因。"))
    rules.check_no_officer(case, named(by))
    move(case, Action.CLUE_EXTENDED, by=by, text=text)
    extend_clock(case, Code.CLUE)
    return case


@transaction.atomic
def file_case(*, case: Case, text: str = "", by: Any) -> Case:
    """Open the case formally: decided by somebody who will not investigate it."""
    rules.check_move(case, Action.FILED)
    rules.check_officers(case)
    rules.check_no_officer(case, named(by))
    _check_limitation(case)
    move(case, Action.FILED, by=by, text=text, filed_at=ledger.clock.now(), filed_by=named(by))
    if case.reporter_named:
        start_clock(case, Code.REPORTER)
    return case


def _check_limitation(case: Case) -> None:
    limit = judging.limitation_of(case)
    if limit is not None and limit.passed(case.clue_on):
        raise Refused(
            _(
                "违法行为终了于%(ended)s，追究期限到%(last)s（%(article)s），发现线索时已超过，不再给予行政处罚。请办理“不予立案”并写明理由。"
            )
            % {"ended": case.ended_on, "last": limit.last_day, "article": limit.article}
        )


@transaction.atomic
def not_file(*, case: Case, text: str, by: Any) -> Case:
    text = need_text(text, "text", _("请写明不予立案的理由。"))
    rules.check_no_officer(case, named(by))
    move(case, Action.NOT_FILED, by=by, text=text)
    if case.reporter_named:
        start_clock(case, Code.REPORTER)
    return case


@transaction.atomic
def tell_reporter(*, case: Case, text: str, by: Any) -> Case:
    return move(case, Action.REPORTER_TOLD, by=by, text=need_text(text, "text", _("请写明怎样告知的。")))


FACTS = (
    "offence", "facts", "began_on", "ended_on", "goods_value", "illegal_gain", "life_or_health", "refused_correction",
    "subject_kind", "party_kind",
)  # fmt: skip


@transaction.atomic
def record_facts(*, case: Case, by: Any, **facts: Any) -> Case:
    """What was found. The article follows from the offence, the subject and the day; circumstances are judged anew."""
    rules.check_move(case, Action.FACTS_RECORDED)
    changes = {name: facts[name] for name in FACTS if name in facts}
    began, ended = changes.get("began_on"), changes.get("ended_on")
    if ended and ended > ledger.clock.today():
        raise Refused({"ended_on": _("违法行为终了日不能晚于今天；仍在继续的写今天。")})
    if began and ended and ended < began:
        raise Refused({"ended_on": _("违法行为终了日不能早于开始日。")})
    for name, value in changes.items():
        setattr(case, name, value)
    chosen = judging.choose_article(case)
    article = {name: getattr(case, name) for name in ("statute_code", "statute_edition", "article_code")}
    return move(case, Action.FACTS_RECORDED, by=by, text=judging.told_choice(chosen), **changes, **article)


@transaction.atomic
def screen(*, case: Case, facts: Mapping[str, Any], by: Any) -> CaseScreening:
    """Put the facts to the rules: seriousness, leniency, and whether the police must be told."""
    rules.check_move(case, Action.SCREENED)
    actor = ledger.Actor.of(by)
    found = judging.screen(case, facts)
    screening = CaseScreening(case=case, at=ledger.clock.now(), by=actor.username, by_name=actor.name, **found)
    screening.clean_fields()
    screening.save(force_insert=True)
    move(case, Action.SCREENED, by=by, text=judging.told_screening(screening))
    return screening


@transaction.atomic
def take_goods(*, case: Case, kind: str, goods: str, place: str, by: Any) -> CaseItem:
    """Register, seal or seize. Registered evidence is decided on in seven working days, a seizure ends in thirty days."""
    rules.check_officers(case)
    item = CaseItem(
        case=case, kind=kind, goods=need_text(goods, "goods", _("请写明物品，一行一种。")), place=place.strip(),
        taken_at=ledger.clock.now(), taken_by=named(by),
    )  # fmt: skip
    item.full_clean()
    item.save(force_insert=True)
    move(case, Action.GOODS_TAKEN, by=by, text=f"{item.get_kind_display()}：{item.goods}")
    start_clock(case, Code.REGISTERED if kind == CaseItem.Kind.REGISTERED else Code.SEIZURE, item=item)
    return item


@transaction.atomic
def handle_goods(*, case: Case, item: CaseItem, handling: str, by: Any) -> CaseItem:
    handling = need_text(handling, "handling", _("请写明怎样处理：退还、移送、没收、销毁，或者转为查封扣押。"))
    done = {"handled_at": ledger.clock.now(), "handled_by": named(by), "handling": handling}
    for name, value in done.items():
        setattr(item, name, value)
    item.clean_fields()
    if CaseItem.objects.filter(pk=item.pk, case=case, handled_at=None).update(**done) != 1:
        raise Refused(_("这批物品已经处理过了，请刷新页面查看。"))
    move(case, Action.GOODS_HANDLED, by=by, text=f"{item.get_kind_display()}：{handling}")
    end_clocks(case, (Code.SEIZURE, Code.REGISTERED), item=item)
    return item


@transaction.atomic
def extend_seizure(*, case: Case, item: CaseItem, text: str, by: Any) -> Case:
    text = need_text(text, "text", _("请写明情况复杂、需要延长的原因。"))
    rules.check_no_officer(case, named(by))
    move(case, Action.SEIZURE_EXTENDED, by=by, text=text)
    extend_clock(case, Code.SEIZURE, item=item)
    return case


@transaction.atomic
def pause(*, case: Case, reason: str, text: str = "", by: Any) -> Case:
    move(case, Action.PAUSED, by=by, text=text)
    pause_clocks(case, reason)
    return case


@transaction.atomic
def unpause(*, case: Case, text: str = "", by: Any) -> Case:
    move(case, Action.UNPAUSED, by=by, text=text)
    if unpause_clocks(case) is None:
        raise Refused(_("期限没有暂停，无需恢复。"))
    return case


@transaction.atomic
def extend_case(*, case: Case, text: str, by: Any) -> Case:
    text = need_text(text, "text", _("请写明案情复杂、需要延长的原因。"))
    rules.check_no_officer(case, named(by))
    move(case, Action.CASE_EXTENDED, by=by, text=text)
    extend_clock(case, Code.CASE)
    return case


@transaction.atomic
def ask_review(*, case: Case, proposed_fine: Decimal, proposed_penalty: str, fine_reason: str, by: Any) -> Case:
    """Send the case to legal review with the penalty proposed."""
    rules.check_move(case, Action.REVIEW_ASKED)
    rules.check_officers(case)
    rules.check_transfer_settled(case)
    if case.ended_on is None:
        raise Refused(_("还没有登记违法行为终了日，无法判断追究期限。请先登记案情。"))
    _check_limitation(case)
    check_amount(case, proposed_fine, fine_reason)
    if not proposed_fine and not proposed_penalty.strip():
        raise Refused({"proposed_penalty": _("请写明拟作出的处罚；拟不予处罚的写“不予处罚”。")})
    return move(
        case,
        Action.REVIEW_ASKED,
        by=by,
        text=_("拟罚款%(fine)s元。%(more)s") % {"fine": proposed_fine, "more": proposed_penalty},
        proposed_fine=proposed_fine,
        proposed_penalty=proposed_penalty.strip(),
        fine_reason=fine_reason.strip(),
        reviewed_at=None,
        reviewed_by="",
    )


def check_amount(case: Case, fine: Decimal, reason: str, *, field: str = "fine_reason") -> None:
    """A fine above the article is never lawful; below it, or with nothing to compare with, the reason is put on file."""
    allowed = judging.fine_range_of(case)
    checked = judging.check(fine, allowed)
    if checked is FineCheck.ABOVE:
        raise Refused(
            _("拟罚款%(fine)s元超出法定幅度。%(range)s") % {"fine": fine, "range": judging.told_range(allowed)}
        )
    if checked is not FineCheck.WITHIN and not reason.strip():
        raise Refused({field: _("%(range)s请写明裁量理由和依据。") % {"range": judging.told_range(allowed)}})


@transaction.atomic
def pass_review(*, case: Case, text: str, by: Any) -> Case:
    """Another person has read the file. Where the rules could not say whether it is a crime, the reviewer does."""
    rules.check_move(case, Action.REVIEW_PASSED)
    username = named(by)
    rules.check_no_officer(case, username)
    screening = rules.check_transfer_settled(case)
    what = _("请写明审核意见。")
    if screening.answer == Answer.MANUAL:
        what = _("研判事实不足以判断是否涉嫌犯罪，请写明人工判断的结论和理由。")
    text = need_text(text, "text", what)
    return move(case, Action.REVIEW_PASSED, by=by, text=text, reviewed_at=ledger.clock.now(), reviewed_by=username)


@transaction.atomic
def return_review(*, case: Case, text: str, by: Any) -> Case:
    text = need_text(text, "text", _("请写明退回的原因。"))
    rules.check_no_officer(case, named(by))
    return move(case, Action.REVIEW_RETURNED, by=by, text=text)


@transaction.atomic
def add_evidence(*, case: Case, kind: str, name: str, content: bytes, note: str = "", by: Any) -> CaseEvidence:
    """Keep a file in the case. The same file of the same kind is kept once."""
    file = ledger.store_evidence(name=name, content=content, by=by)
    existing = CaseEvidence.objects.filter(case=case, kind=kind, file=file).first()
    if existing is not None:
        return existing
    actor = ledger.Actor.of(by)
    evidence = CaseEvidence(
        case=case, file=file, name=name[:200], kind=kind, note=note.strip(), added_at=ledger.clock.now(),
        added_by=actor.username, added_by_name=actor.name,
    )  # fmt: skip
    evidence.clean_fields()
    evidence.save(force_insert=True)
    ledger.record("casework.case.evidence_added", of=case, by=by, data={"kind": kind, "digest": file.digest})
    return evidence
