"""What may follow what in a penalty case, which clocks it starts and ends, and who may do it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from fangxin.engines.penalties import Answer
from fangxin.kernel.casework.models import Case, CaseClock, CaseScreening, CaseStep
from fangxin.kernel.casework.rules import Refused

State = Case.State
Action = CaseStep.Action
Code = CaseClock.Code

# Where the investigation can still change anything.
UNDECIDED = (
    State.INVESTIGATING, State.REVIEWING, State.REVIEWED, State.NOTIFIED, State.HEARING, State.HEARD,
)  # fmt: skip
WITH_POLICE = (
    State.TRANSFER_REVIEW,
    State.TRANSFER_APPROVED,
    State.TRANSFERRED,
    State.POLICE_REFUSED,
    State.POLICE_FILED,
)
OPEN_STATES = (
    State.CLUE, *UNDECIDED, State.TOLD, State.SENT_UP, State.DECIDED, State.NO_PENALTY, State.SERVED, *WITH_POLICE,
)  # fmt: skip
ENDED_STATES = (State.NOT_FILED, State.CLOSED, State.WITHDRAWN, State.ANNULLED)
DECIDED_STATES = (State.DECIDED, State.SERVED, State.CLOSED)
# Divisions with so many digits or fewer are above the county.
CITY_DIGITS = 4
FEWEST_OFFICERS = 2
_ALL_CLOCKS = tuple(Code)
_POLICE_CLOCKS = (Code.TRANSFER, Code.HAND_OVER, Code.SUPPLEMENT, Code.POLICE, Code.RECONSIDER, Code.ANSWER,
                  Code.PROCURATORATE, Code.GOODS)  # fmt: skip
# What stops when a case ends; what the public still reads goes on.
_LASTING = (Code.PUBLIC, Code.PUBLIC_SHORT, Code.RETRACT, Code.PUBLISH, Code.PUSH, Code.REPORTER, Code.SEIZURE,
            Code.REGISTERED)  # fmt: skip
_CASE_CLOCKS = tuple(code for code in _ALL_CLOCKS if code not in _LASTING)


@dataclass(frozen=True, slots=True)
class CaseMove:
    """From which states an action is possible, the state after it (None: as it was), the clocks it starts and ends."""

    before: tuple[str, ...]
    after: str | None = None
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


MOVES: Mapping[str, CaseMove] = {
    Action.OFFICERS_NAMED: CaseMove((State.CLUE, *UNDECIDED)),
    Action.CLUE_EXTENDED: CaseMove((State.CLUE,)),
    Action.FILED: CaseMove((State.CLUE,), State.INVESTIGATING, (Code.CASE,), (Code.CLUE,)),
    Action.NOT_FILED: CaseMove((State.CLUE,), State.NOT_FILED, (), (Code.CLUE,)),
    Action.REPORTER_TOLD: CaseMove((*OPEN_STATES, *ENDED_STATES), None, (), (Code.REPORTER,)),
    Action.FACTS_RECORDED: CaseMove((State.CLUE, State.INVESTIGATING)),
    Action.SCREENED: CaseMove((State.CLUE, State.INVESTIGATING)),
    Action.GOODS_TAKEN: CaseMove((State.CLUE, State.INVESTIGATING)),
    Action.SEIZURE_EXTENDED: CaseMove((State.CLUE, *UNDECIDED)),
    Action.GOODS_HANDLED: CaseMove((*OPEN_STATES, *ENDED_STATES)),
    Action.PAUSED: CaseMove(UNDECIDED),
    Action.UNPAUSED: CaseMove((*UNDECIDED, State.SENT_UP)),
    Action.CASE_EXTENDED: CaseMove((*UNDECIDED, State.SENT_UP)),
    Action.REVIEW_ASKED: CaseMove((State.INVESTIGATING,), State.REVIEWING, (Code.REVIEW,)),
    Action.REVIEW_PASSED: CaseMove((State.REVIEWING,), State.REVIEWED, (), (Code.REVIEW,)),
    Action.REVIEW_RETURNED: CaseMove((State.REVIEWING,), State.INVESTIGATING, (), (Code.REVIEW,)),
    Action.NOTIFIED: CaseMove((State.REVIEWED,), State.NOTIFIED, (Code.STATEMENT,)),
    Action.STATEMENT_HEARD: CaseMove((State.NOTIFIED,)),
    Action.HEARING_CALLED: CaseMove((State.NOTIFIED,), State.HEARING, (), (Code.STATEMENT,)),
    Action.HEARING_HELD: CaseMove((State.HEARING,), State.HEARD),
    Action.REINVESTIGATED: CaseMove(
        (State.REVIEWED, State.NOTIFIED, State.HEARD, State.SENT_UP), State.INVESTIGATING, (), (Code.STATEMENT,)
    ),
    Action.SENT_UP: CaseMove((State.NOTIFIED, State.HEARD), State.SENT_UP, (), (Code.STATEMENT,)),
    Action.TOLD_ON_SPOT: CaseMove((State.CLUE,), State.TOLD, (), (Code.CLUE,)),
    Action.DECIDED: CaseMove(
        (State.NOTIFIED, State.HEARD, State.SENT_UP), State.DECIDED, (Code.SERVE,), (Code.CASE, Code.STATEMENT)
    ),
    Action.DECIDED_ON_SPOT: CaseMove((State.TOLD,), State.DECIDED, (Code.SERVE,)),
    Action.SPARED: CaseMove(
        (State.REVIEWED, State.NOTIFIED, State.HEARD), State.NO_PENALTY, (), (Code.CASE, Code.STATEMENT)
    ),
    Action.SERVED: CaseMove((State.DECIDED,), State.SERVED, (), (Code.SERVE,)),
    Action.PUBLISHED: CaseMove(DECIDED_STATES, None, (), (Code.PUBLISH, Code.PUSH)),
    Action.UNPUBLISHED: CaseMove((*DECIDED_STATES, State.ANNULLED, *WITH_POLICE), None, (),
                                 (Code.PUBLIC, Code.PUBLIC_SHORT, Code.RETRACT)),
    Action.PAID: CaseMove((State.SERVED,), None, (), (Code.PAY,)),
    Action.ENFORCED: CaseMove((State.SERVED,)),
    Action.ANNULLED: CaseMove(
        DECIDED_STATES, State.ANNULLED, (), (Code.SERVE, Code.PAY, Code.PUBLISH, Code.PUSH)
    ),
    Action.CLOSED: CaseMove((State.SERVED, State.NO_PENALTY, State.POLICE_FILED), State.CLOSED, (), _CASE_CLOCKS),
    Action.WITHDRAWN: CaseMove(UNDECIDED, State.WITHDRAWN, (), _CASE_CLOCKS),
    Action.CRIME_REPORTED: CaseMove(
        (State.CLUE, *UNDECIDED, State.DECIDED, State.SERVED), State.TRANSFER_REVIEW, (Code.TRANSFER,)
    ),
    Action.TRANSFER_REFUSED: CaseMove((State.TRANSFER_REVIEW,), None, (), (Code.TRANSFER,)),
    Action.TRANSFER_APPROVED: CaseMove(
        (State.TRANSFER_REVIEW,), State.TRANSFER_APPROVED, (Code.HAND_OVER,), (Code.TRANSFER,)
    ),
    Action.HANDED_OVER: CaseMove(
        (State.TRANSFER_APPROVED,), State.TRANSFERRED, (Code.POLICE,),
        (Code.HAND_OVER, Code.CLUE, Code.REVIEW, Code.STATEMENT),
    ),
    Action.POLICE_ASKED_MORE: CaseMove((State.TRANSFERRED,), None, (Code.SUPPLEMENT,)),
    Action.SUPPLEMENTED: CaseMove((State.TRANSFERRED,), None, (), (Code.SUPPLEMENT,)),
    Action.POLICE_FILED: CaseMove(
        (State.TRANSFERRED, State.POLICE_REFUSED), State.POLICE_FILED, (Code.GOODS,),
        (Code.POLICE, Code.SUPPLEMENT, Code.RECONSIDER, Code.ANSWER, Code.PROCURATORATE),
    ),
    Action.GOODS_HANDED_OVER: CaseMove((State.POLICE_FILED,), None, (), (Code.GOODS,)),
    Action.POLICE_REFUSED: CaseMove(
        (State.TRANSFERRED,), State.POLICE_REFUSED, (Code.RECONSIDER,), (Code.POLICE, Code.SUPPLEMENT)
    ),
    Action.RECONSIDERATION_ASKED: CaseMove((State.POLICE_REFUSED,), None, (Code.ANSWER,), (Code.RECONSIDER,)),
    Action.POLICE_UPHELD: CaseMove((State.POLICE_REFUSED,), None, (Code.PROCURATORATE,), (Code.ANSWER,)),
    Action.PROCURATORATE_ASKED: CaseMove((State.POLICE_REFUSED,), None, (), (Code.PROCURATORATE,)),
    Action.RESUMED: CaseMove((State.POLICE_REFUSED, State.POLICE_FILED), State.INVESTIGATING, (), _POLICE_CLOCKS),
    Action.PAPER_ISSUED: CaseMove((*OPEN_STATES, *ENDED_STATES)),
    Action.CLOCK_LAPSED: CaseMove((*OPEN_STATES, *ENDED_STATES)),
}  # fmt: skip


def check_move(case: Case, action: str) -> CaseMove:
    move = MOVES[action]
    if case.state not in move.before:
        raise Refused(
            _("案件%(number)s现在是“%(state)s”，不能办理“%(action)s”。请刷新页面，按现在的状态办理。")
            % {"number": case.number, "state": case.get_state_display(), "action": Action(action).label}
        )
    return move


def check_officers(case: Case) -> None:
    if case.officers.count() < FEWEST_OFFICERS:
        raise Refused(_("办案人员不得少于两人。请先指定办案人员，再办理这一步。"))


def check_no_officer(case: Case, username: str) -> None:
    """Who investigates neither reviews nor decides."""
    if not username:
        raise Refused(_("这一步必须由具体人员办理，系统不能代办。"))
    if case.officers.filter(username=username).exists():
        raise Refused(_("您是本案办案人员，审核和决定须由另外的人员办理。"))


def latest_screening(case: Case) -> CaseScreening | None:
    return case.screenings.last()


def check_transfer_settled(case: Case) -> CaseScreening:
    """A penalty never replaces a transfer: what fires is first decided by the head of the authority."""
    screening = latest_screening(case)
    if screening is None or not _fits(case):
        raise Refused(_("案情登记或者变更后还没有做“情节和移送研判”。请先研判，再办理这一步。"))
    if screening.answer == Answer.FIRES and not _settled(case):
        raise Refused(
            _("本案达到涉嫌犯罪的移送审查情形，不得以罚代刑。请先办理“涉嫌犯罪，报告负责人”，由负责人决定是否移送。")
        )
    return screening


def _fits(case: Case) -> bool:
    """Whether the last screening saw the facts as they stand now."""
    seen = (Action.FACTS_RECORDED, Action.SCREENED)
    last = case.steps.filter(action__in=seen).order_by("-pk").values_list("action", flat=True).first()
    return last == Action.SCREENED


def _settled(case: Case) -> bool:
    """Whether the head has refused, or the police have sent back, what the last screening found."""
    said = (Action.SCREENED, Action.TRANSFER_REFUSED, Action.RESUMED)
    last = case.steps.filter(action__in=said).order_by("-pk").values_list("action", flat=True).first()
    return last != Action.SCREENED


def reaches_city(user: Any, case: Case) -> bool:
    """Whether the person decides for an authority above the county."""
    prefixes = user.prefixes("case.decide") if hasattr(user, "prefixes") else []
    return any(len(prefix) <= CITY_DIGITS and case.division_code.startswith(prefix) for prefix in prefixes)


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """How a person stands to one case."""

    investigates: bool  # a named officer
    works: bool  # an officer, or a colleague of the handling agency
    reviews: bool
    decides: bool


def standing(user: Any, case: Case) -> CaseStanding:
    officer = any(one.pk == user.pk for one in case.officers.all())
    own_work = case.agency_id in user.own_agencies("case.work")
    above = reaches_city(user, case)
    return CaseStanding(
        investigates=officer and user.can("case.work"),
        works=user.can("case.work") and (officer or own_work or case.opened_by == user.username),
        reviews=not officer and case.agency_id in user.own_agencies("case.review"),
        decides=not officer
        and user.username != case.reviewed_by
        and (above or case.agency_id in user.own_agencies("case.decide")),
    )


# What each act asks of the person: officer, colleague, reviewer, or whoever decides.
_BY_OFFICER = ("facts_recorded", "screened", "goods_taken", "review_asked", "decided_on_spot", "crime_reported")
_BY_WORKER = (
    "officers_named", "reporter_told", "goods_handled", "paused", "unpaused", "notified", "statement_heard",
    "hearing_called", "reinvestigated", "served", "published", "unpublished", "paid", "enforced", "handed_over",
    "police_asked_more", "supplemented", "police_filed", "goods_handed_over", "police_refused",
    "reconsideration_asked", "police_upheld", "procuratorate_asked", "resumed", "evidence_added", "paper_issued",
)  # fmt: skip
_BY_REVIEWER = ("review_passed", "review_returned", "hearing_held")
_BY_DECIDER = (
    "filed", "not_filed", "clue_extended", "case_extended", "seizure_extended", "decided", "spared", "sent_up", "annulled",
    "closed", "withdrawn", "transfer_approved", "transfer_refused",
)  # fmt: skip
# In the order of the work.
ORDER = (
    "filed", "not_filed", "facts_recorded", "screened", "review_asked", "review_passed", "review_returned", "notified",
    "statement_heard", "hearing_called", "hearing_held", "decided", "sent_up", "spared", "served", "paid", "published",
    "transfer_approved", "transfer_refused", "handed_over", "police_filed", "police_refused", "police_asked_more",
    "supplemented", "goods_handed_over", "reconsideration_asked", "police_upheld", "procuratorate_asked", "resumed",
    "crime_reported", "goods_taken", "goods_handled", "seizure_extended", "closed", "officers_named", "decided_on_spot",
    "evidence_added", "reporter_told", "unpaused", "paused", "clue_extended", "case_extended", "reinvestigated",
    "enforced", "unpublished", "annulled", "withdrawn",
)  # fmt: skip


def allowed_actions(user: Any, case: Case) -> list[str]:
    """What this person may do with the case now."""
    person = standing(user, case)
    rights = {
        **dict.fromkeys(_BY_OFFICER, person.investigates),
        **dict.fromkeys(_BY_WORKER, person.works),
        **dict.fromkeys(_BY_REVIEWER, person.reviews),
        **dict.fromkeys(_BY_DECIDER, person.decides),
    }
    running = {clock.code for clock in case.clocks.all() if clock.ended_at is None}
    order = sorted(ORDER, key=lambda name: name != _next_of_investigation(case))
    return [
        name for name in order if rights[name] and case.state in _states_for(name) and _fits_clocks(name, case, running)
    ]


def _next_of_investigation(case: Case) -> str:
    """What an investigation lacks most; the page offers it first."""
    if case.state not in (State.CLUE, State.INVESTIGATING) or (case.state == State.CLUE and case.filed_by == ""):
        return ""
    if case.ended_on is None:
        return "facts_recorded"
    screening = latest_screening(case)
    if screening is None or not _fits(case):
        return "screened"
    return "crime_reported" if screening.answer == Answer.FIRES and not _settled(case) else "review_asked"


def _states_for(name: str) -> tuple[str, ...]:
    if name == "evidence_added":
        return (*OPEN_STATES, *ENDED_STATES)
    if name == "decided_on_spot":
        return (State.CLUE,)
    return MOVES[name].before


def _fits_clocks(name: str, case: Case, running: set[str]) -> bool:
    """Acts that end a clock of their own are offered while it runs."""
    pausing = case.pauses.filter(ended_on=None).exists() if name in ("paused", "unpaused") else False
    needs: dict[str, bool] = {
        "reporter_told": Code.REPORTER in running,
        "goods_handled": bool(running & {Code.SEIZURE, Code.REGISTERED}),
        "seizure_extended": Code.SEIZURE in running,
        "paused": not pausing,
        "unpaused": pausing,
        "published": case.published_on is None and case.publicity in (Case.Publicity.LONG, Case.Publicity.SHORT),
        "annulled": case.fine is not None,
        "unpublished": case.published_on is not None and case.unpublished_on is None,
        "paid": case.paid_on is None and Code.PAY in running,
        "enforced": case.paid_on is None and bool(case.fine),
        "supplemented": Code.SUPPLEMENT in running,
        "police_asked_more": Code.SUPPLEMENT not in running,
        "goods_handed_over": Code.GOODS in running,
        "reconsideration_asked": Code.RECONSIDER in running,
        "police_upheld": Code.ANSWER in running,
        "procuratorate_asked": Code.PROCURATORATE in running,
    }
    return needs.get(name, True)
