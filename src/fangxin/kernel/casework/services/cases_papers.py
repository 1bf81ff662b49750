"""Papers of a penalty case: laid out, numbered, kept as they left the house."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fangxin.engines import papers
from fangxin.engines.papers import CaseFacts, Dispatch, Paper, PenaltyTerms
from fangxin.engines.penalties import Answer, Trigger
from fangxin.kernel.casework import judging_cases as judging
from fangxin.kernel.casework import rules_cases as rules
from fangxin.kernel.casework.models import Case, CaseItem, CasePaper, CaseStep
from fangxin.kernel.casework.rules import Refused
from fangxin.kernel.casework.services.cases_steps import move
from fangxin.kernel.casework.services.papers import next_document_number, one_line, to_dispatch, written
from fangxin.kernel.casework.standards_cases import offences, procedure
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

Kind = CasePaper.Kind
State = Case.State
Action = CaseStep.Action
STATEMENT_DAYS = 5
PAY_DAYS = 15
RECONSIDERATION_DAYS = 60
COURT_MONTHS = 6

# In which states a paper has something to say.
STATES: Mapping[str, tuple[str, ...]] = {
    Kind.FILING: (State.CLUE, *rules.UNDECIDED),
    Kind.NOTICE: (State.REVIEWED, State.NOTIFIED),
    Kind.HEARING: (State.HEARING,),
    Kind.DECISION: (State.DECIDED, State.SERVED),
    Kind.RECEIPT: rules.OPEN_STATES,
    Kind.GOODS: rules.OPEN_STATES,
    Kind.TRANSFER: (State.TRANSFER_APPROVED, State.TRANSFERRED),
    Kind.CLOSING: (State.SERVED, State.NO_PENALTY, State.POLICE_FILED, State.CLOSED),
}


def offered(case: Case) -> list[str]:
    """The papers that can be written now."""
    kinds = [kind for kind, states in STATES.items() if case.state in states]
    if not case.items.exists():
        kinds = [kind for kind in kinds if kind != Kind.GOODS]
    if not case.papers.exists():
        kinds = [kind for kind in kinds if kind != Kind.RECEIPT]
    return kinds


@transaction.atomic
def issue_paper(*, case: Case, kind: str, mark: str, by: Any, **facts: Any) -> CasePaper:
    """Write a paper of the case under the agency's mark, keep it as evidence, and say so in the case's life."""
    if kind not in STATES or case.state not in STATES[kind]:
        raise Refused(_("案件现在是“%(state)s”，不能制作这种文书。") % {"state": case.get_state_display()})
    today = ledger.clock.today()
    number = next_document_number(mark, case.agency, today)
    with translation.override(settings.LANGUAGE_CODE):
        paper = written(
            lambda dispatch: WRITERS[kind](dispatch, case, facts), to_dispatch(case.agency, number, today, by)
        )
    kept = CasePaper(
        case=case,
        kind=kind,
        document_number=number,
        title=one_line(paper.title, 300),
        sender=case.agency,
        file=ledger.store_evidence(
            name=f"{number} {one_line(paper.title, 60)}.docx".replace("/", "-"), content=papers.render(paper), by=by
        ),
        issued_at=ledger.clock.now(),
        issued_by=ledger.Actor.of(by).username,
    )
    kept.clean_fields()
    kept.save(force_insert=True)
    move(case, Action.PAPER_ISSUED, by=by, text=f"{kept.get_kind_display()} {number}")
    return kept


def _facts(case: Case) -> CaseFacts:
    note = f"（{one_line(case.source_note, 100)}）" if case.source_note else ""
    return CaseFacts(
        number=case.number,
        party=case.party_name,
        offence=offences().get(case.offence, case.offence),
        facts=case.facts,
        source=f"{case.get_source_display()}{note}",
        officers=tuple(officer.name for officer in case.officers.order_by("pk")),
        place=people.division_path(case.division_code),
        clue_on=case.clue_on,
        goods_value=case.goods_value,
        illegal_gain=case.illegal_gain,
        basis=_basis(case),
        evidence=tuple(
            one_line(f"{row.get_kind_display()}：{row.note or row.name}", 200) for row in case.evidence.all()
        ),
    )


def _basis(case: Case) -> str:
    article = judging.told_article(case)
    return article or one_line(case.fine_reason, 300)


def _filing(dispatch: Dispatch, case: Case, facts: Mapping[str, Any]) -> Paper:
    return papers.filing_form(dispatch, _facts(case), opinion=facts.get("opinion", ""))


def _notice(dispatch: Dispatch, case: Case, facts: Mapping[str, Any]) -> Paper:
    terms = PenaltyTerms(case.proposed_fine or Decimal(0), case.proposed_penalty, case.fine_reason)
    return papers.penalty_notice(
        dispatch, _facts(case), terms, days=STATEMENT_DAYS, hearing=facts["hearing"], place=facts["place"]
    )


def _hearing(dispatch: Dispatch, case: Case, facts: Mapping[str, Any]) -> Paper:
    if case.hearing_at is None:
        raise Refused(_("还没有登记听证时间。"))
    held_at = case.hearing_at.astimezone(ledger.clock.LOCAL)
    return papers.hearing_notice(dispatch, _facts(case), papers.HearingFacts(held_at, facts["place"], facts["host"]))


def _decision(dispatch: Dispatch, case: Case, facts: Mapping[str, Any]) -> Paper:
    remedies = papers.Remedies(facts["reconsideration"], RECONSIDERATION_DAYS, facts["court"], COURT_MONTHS)
    return papers.penalty_decision(
        dispatch,
        _facts(case),
        _decided(case),
        opinions=facts["opinions"],
        payment=facts["payment"],
        pay_days=PAY_DAYS,
        late_percent=procedure().late_daily_percent,
        remedies=remedies,
    )


def _decided(case: Case) -> PenaltyTerms:
    return PenaltyTerms(case.fine or Decimal(0), case.penalty, case.fine_reason)


def default_opinions(case: Case) -> str:
    """What the party said so far, for the decision."""
    heard = case.steps.filter(action__in=[Action.STATEMENT_HEARD, Action.HEARING_HELD, Action.TOLD_ON_SPOT])
    texts = list(heard.values_list("text", flat=True))
    return "\n".join(texts) or _("当事人在规定期限内没有提出陈述、申辩意见，也没有要求听证。")


def _receipt(dispatch: Dispatch, case: Case, facts: Mapping[str, Any]) -> Paper:
    served = facts["paper"]
    service = papers.Service(served.title, served.document_number, facts["receiver"], facts.get("address", ""))
    return papers.service_receipt(dispatch, _facts(case), service)


def _goods(dispatch: Dispatch, case: Case, facts: Mapping[str, Any]) -> Paper:
    item: CaseItem = facts["item"]
    goods = [papers.ListedGoods(one_line(line, 200)) for line in item.goods.splitlines() if line.strip()]
    return papers.goods_list(
        dispatch,
        _facts(case),
        goods,
        measure=str(item.get_kind_display()),
        place=item.place,
        taken_at=item.taken_at.astimezone(ledger.clock.LOCAL),
    )


def _transfer(dispatch: Dispatch, case: Case, facts: Mapping[str, Any]) -> Paper:
    approved = case.steps.filter(action=Action.TRANSFER_APPROVED).order_by("-pk").first()
    reported = case.steps.filter(action=Action.CRIME_REPORTED).order_by("-pk").first()
    if approved is None or reported is None:
        raise Refused(_("负责人还没有批准移送。"))
    return papers.transfer_letter(
        dispatch,
        _facts(case),
        police=facts["police"],
        triggers=_triggers(case) or [one_line(reported.text, 500)],
        approved_at=approved.at.astimezone(ledger.clock.LOCAL),
        packet=[line.strip() for line in facts["packet"].splitlines() if line.strip()],
    )


def _triggers(case: Case) -> Sequence[str]:
    screening = case.screenings.last()
    rows = screening.triggers if screening else []
    return [str(judging.TRIGGERS[Trigger(row["trigger"])]) for row in rows if row["answer"] == Answer.FIRES]


def _closing(dispatch: Dispatch, case: Case, facts: Mapping[str, Any]) -> Paper:
    course = [
        (f"{step.at.astimezone(ledger.clock.LOCAL):%Y-%m-%d}", str(step.get_action_display()))
        for step in case.steps.exclude(action__in=[Action.PAPER_ISSUED, Action.CLOCK_LAPSED])
    ]
    terms = _decided(case) if case.fine is not None else None
    return papers.closing_report(dispatch, _facts(case), terms, course=course, outcome=facts["outcome"])


WRITERS: Mapping[str, Callable[[Dispatch, Case, Mapping[str, Any]], Paper]] = {
    Kind.FILING: _filing,
    Kind.NOTICE: _notice,
    Kind.HEARING: _hearing,
    Kind.DECISION: _decision,
    Kind.RECEIPT: _receipt,
    Kind.GOODS: _goods,
    Kind.TRANSFER: _transfer,
    Kind.CLOSING: _closing,
}
