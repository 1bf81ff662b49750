"""Facts of a case carried to the penalty engine and back, and its answers in plain Chinese."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.engines import penalties
from fangxin.engines.penalties import (
    Answer,
    BreachFacts,
    CrimeFacts,
    FineCheck,
    FineOutcome,
    FineRange,
    Ground,
    Lenience,
    LeniencyFacts,
    Limitation,
    PastPenalty,
    Provision,
    Statute,
    StatuteChoice,
    Trigger,
)
from fangxin.kernel.casework.models import Case, CaseScreening
from fangxin.kernel.casework.rules import Refused
from fangxin.kernel.casework.standards_cases import offences, procedure, statutes, transfer_rules
from fangxin.kernel.ledger import api as ledger

SMALL_KINDS = ("small_workshop", "small_shop", "stall")

TRIGGERS = {
    Trigger.UNSAFE_FOOD: gettext_lazy("生产、销售不符合安全标准的食品，足以造成严重危害"),
    Trigger.HARM: gettext_lazy("造成人身伤害或者多人严重食源性疾病"),
    Trigger.AMOUNT: gettext_lazy("生产、销售金额达到数额界限"),
    Trigger.TOXIC_MATERIAL: gettext_lazy("掺入有毒、有害的非食品原料"),
    Trigger.ILLEGAL_BUSINESS: gettext_lazy("非法经营（禁用物质、私设屠宰等）"),
    Trigger.HEALTH_FOOD_FRAUD: gettext_lazy("利用保健食品虚假宣传或者诈骗"),
    Trigger.RELABELLED: gettext_lazy("更换标签销售过期、召回食品"),
}
ANSWERS = {
    Answer.FIRES: gettext_lazy("达到移送审查情形"),
    Answer.MANUAL: gettext_lazy("事实不足，须人工判断"),
    Answer.SILENT: gettext_lazy("未达到"),
}
GROUNDS = {
    Ground.GOODS_VALUE: gettext_lazy("货值金额较大"),
    Ground.DURATION: gettext_lazy("持续时间较长"),
    Ground.DEATH: gettext_lazy("造成死亡"),
    Ground.ILLNESS: gettext_lazy("造成多人食源性疾病"),
    Ground.CONCEALMENT: gettext_lazy("提供虚假情况或者隐瞒"),
    Ground.REFUSAL: gettext_lazy("拒绝、逃避检查"),
    Ground.REPEATED: gettext_lazy("受处罚后一年内又实施同类违法行为"),
    Ground.AFTER_CRIME: gettext_lazy("因食品安全犯罪受刑事处罚后又违法"),
}
LENIENCE = {
    Lenience.NO_PENALTY: gettext_lazy("轻微并及时改正、没有危害后果：不予处罚"),
    Lenience.MAY_BE_NONE: gettext_lazy("初次违法、危害后果轻微并及时改正：可以不予处罚"),
    Lenience.MAY_BE_EXEMPT: gettext_lazy("履行了进货查验、不知情并说明来源：可以免予处罚，食品仍应没收"),
}
_LENIENCY_FACTS = (
    "minor", "corrected", "harmed", "harm_minor", "first_time", "checked_goods", "names_source", "unaware",
)  # fmt: skip
_CRIME_FACTS = (
    "over_limit", "over_limit_seriously", "meat", "banned_food", "infant_nutrition", "injured", "minor_injury",
    "seriously_ill", "large_quantity", "special_food", "vulnerable_place", "prior_crime", "toxic_material",
    "illegal_business", "health_food_fraud", "relabelled",
)  # fmt: skip
_BREACH_FACTS = ("deaths", "ill", "concealed", "refused_inspection", "after_criminal_penalty")


def act_day(case: Case) -> date:
    """The day whose law judges the breach: its end, or the clue while that is not known."""
    return case.ended_on or case.clue_on


def choose_article(case: Case) -> StatuteChoice:
    """Put on the case which statute and article its offence falls under; nothing where none is known."""
    if case.offence not in offences():
        raise Refused({"offence": _("请从列表中选择违法行为。")})
    choice = penalties.choose_statute(
        statutes(), subject_kind=case.subject_kind, division_code=case.division_code, on=act_day(case)
    )
    provision = None
    if choice.statute is not None:
        provision = penalties.find_provision(choice.statute, subject_kind=case.subject_kind, offence=case.offence)
    case.statute_code = choice.statute.code if choice.statute else ""
    case.statute_edition = choice.statute.edition if choice.statute else ""
    case.article_code = provision.code if provision else ""
    return choice


def article_of(case: Case) -> tuple[Statute, Provision] | None:
    """The statute and article put on the case."""
    for statute in statutes():
        if (statute.code, statute.edition) == (case.statute_code, case.statute_edition):
            provision = statute.provision(case.article_code)
            return (statute, provision) if provision is not None else None
    return None


def told_article(case: Case) -> str:
    found = article_of(case)
    return f"{found[1].law}{found[1].article}" if found else ""


def told_choice(choice: StatuteChoice) -> str:
    if choice.statute is not None:
        return _("适用%(law)s（%(edition)s年版）") % {"law": choice.statute.law, "edition": choice.statute.edition}
    if choice.reason is penalties.NoStatute.NO_ORDINANCE:
        return _("法律规定这类主体由省级条例处罚，本平台还没有录入所在省的条例。请食安办补充，或者由办案人员写明依据。")
    return _("违法行为发生时没有已录入的现行罚则，请由办案人员写明依据。")


def fine_range_of(case: Case) -> FineRange | None:
    found = article_of(case)
    if found is None:
        return None
    screening = case.screenings.last()
    return penalties.fine_range(
        *found,
        case.goods_value,
        procedure=procedure(),
        serious=screening is not None and screening.serious is True,
        refused=case.refused_correction,
    )


def check(fine: Decimal, allowed: FineRange | None) -> FineCheck:
    return penalties.check_fine(fine, allowed)


def told_range(allowed: FineRange | None) -> str:
    if allowed is None:
        return _("没有已录入的罚则条款可以核对幅度。")
    where = f"{allowed.law}{allowed.article}"
    if allowed.outcome is FineOutcome.VALUE_NEEDED:
        return _("%(where)s按货值金额确定罚款，货值金额还没有登记。") % {"where": where}
    if allowed.outcome is FineOutcome.NO_FINE:
        return _("%(where)s没有设定罚款。") % {"where": where}
    span = f"{allowed.low:,}–{allowed.high:,}"
    if allowed.outcome is FineOutcome.AFTER_REFUSAL:
        return _("%(where)s规定先责令改正或者警告，拒不改正的才处%(span)s元罚款。") % {"where": where, "span": span}
    return _("%(where)s规定的罚款幅度为%(span)s元。") % {"where": where, "span": span}


def limitation_of(case: Case) -> Limitation | None:
    if case.ended_on is None:
        return None
    return penalties.limitation(case.ended_on, procedure(), life_or_health=case.life_or_health)


def _past(case: Case) -> list[tuple[date, str, bool]]:
    """Earlier penalties of the same subject that still stand: day, offence, whether it was a shutdown or worse."""
    if not case.subject_id:
        return []
    rows = Case.objects.filter(
        subject_type=case.subject_type, subject_id=case.subject_id, decided_on__isnull=False, fine__isnull=False
    )
    rows = rows.exclude(state=Case.State.ANNULLED).exclude(pk=case.pk)
    rows = rows.order_by("decided_on")
    return [(case.decided_on, case.offence, case.closing) for case in rows if case.decided_on is not None]


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


def screen(case: Case, facts: Mapping[str, Any]) -> dict[str, Any]:
    """All rules on the facts given and those of the case, as columns of a screening."""
    today, past = ledger.clock.today(), _past(case)
    rules = procedure()
    same = [day for day, offence, _closing in past if offence == case.offence]
    breach = BreachFacts(
        goods_value=case.goods_value,
        began=case.began_on,
        ended=case.ended_on,
        same_breach_penalized_on=_latest(facts.get("same_breach_penalized_on"), *same),
        **{name: facts.get(name) for name in _BREACH_FACTS},
    )
    crime = CrimeFacts(
        on=today,
        amount=case.goods_value,
        gain=case.illegal_gain,
        began=case.began_on,
        ended=case.ended_on,
        penalized_on=_latest(facts.get("penalized_on"), *(day for day, _offence, _closing in past)),
        **{name: facts.get(name) for name in _CRIME_FACTS},
    )
    seriousness = penalties.judge_seriousness(breach, rules)
    leniency = penalties.judge_leniency(
        LeniencyFacts(**{name: facts.get(name) for name in _LENIENCY_FACTS}),
        rules,
        small_operator=case.subject_kind in SMALL_KINDS,
    )
    review = penalties.review_transfer(crime, transfer_rules())
    return {
        "facts": {name: _plain(value) for name, value in facts.items()}
        | {"amount": _plain(case.goods_value), "gain": _plain(case.illegal_gain)},
        "answer": review.answer.value,
        "triggers": [
            {
                "trigger": found.trigger.value,
                "answer": found.answer.value,
                "comparison": found.comparison,
                "grounds": list(found.grounds),
                "unknown": list(found.unknown),
            }
            for found in review.results
        ],
        "serious": seriousness.serious,
        "grounds": [ground.value for ground in seriousness.grounds],
        "leniency": [[grant.value, article] for grant, article in leniency.grants],
        "edition": f"{review.edition}/{seriousness.edition}",
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)


def told_screening(screening: CaseScreening) -> str:
    lines = [_("移送研判：%(answer)s") % {"answer": ANSWERS[Answer(screening.answer)]}]
    lines += [
        f"{row['trigger']} {TRIGGERS[Trigger(row['trigger'])]}：{ANSWERS[Answer(row['answer'])]}"
        for row in screening.triggers
        if row["answer"] != Answer.SILENT
    ]
    lines.append(_("情节严重：%(answer)s") % {"answer": told_serious(screening)})
    return "\n".join(lines)


def told_serious(screening: CaseScreening) -> str:
    if screening.serious is None:
        return _("事实不足，不能判断")
    if not screening.serious:
        return _("否")
    return _("是") + "（" + "、".join(str(GROUNDS[Ground(name)]) for name in screening.grounds) + "）"


def escalation_of(case: Case) -> penalties.Escalation:
    """Whether the subject's penalties of the past year, this one included, call for a shutdown."""
    today = ledger.clock.today()
    rows = [PastPenalty(day, closing) for day, _offence, closing in _past(case)]
    return penalties.judge_escalation(
        [*rows, PastPenalty(case.decided_on or today)], case.decided_on or today, procedure()
    )
