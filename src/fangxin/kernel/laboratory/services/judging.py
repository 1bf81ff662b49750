"""The judge asked, its answers frozen, a sample concluded on, and what follows at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines import limits
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.laboratory import rules_results as rules
from fangxin.kernel.laboratory.data_results import Change, TestedValue
from fangxin.kernel.laboratory.models import NameChoice, Result, Sample, SampleVerdict, Test, Verdict, Whole
from fangxin.kernel.laboratory.rules import Refused
from fangxin.kernel.laboratory.selectors_results import (
    name_choices,
    standing_conclusion,
    standing_results,
    standing_verdicts,
    tested_values,
)
from fangxin.kernel.laboratory.services import following
from fangxin.kernel.laboratory.services.steps import insert, named, need_text
from fangxin.kernel.ledger import api as ledger

Line = tuple[Test, Sequence[Result]]


def judge_digest(judge: Any) -> str:
    """Which set of tables spoke."""
    return str(getattr(judge, "digest", ""))[:64]


@transaction.atomic
def judge_samples(*, samples: Sequence[Sample], why: str, by: Any) -> int:
    """Judge everything verified in these samples anew; write a verdict only where it is the first or says otherwise."""
    judge = catalog.the_judge()
    lines = verified_lines(samples)
    before = standing_verdicts([test for test, _results in lines])
    made = [
        _verdict(test, result, columns, before.get(test.pk), why, judge_digest(judge), by)
        for (test, result, columns) in ask(judge, lines)
        if test.pk not in before or _stale(before[test.pk], result) or rules.differs(before[test.pk], columns)
    ]
    Verdict.objects.bulk_create(made, batch_size=500)
    if made:
        _record(made, by)
    for sample in samples:
        conclude(sample, by=by)
    return len(made)


def _stale(verdict: Verdict, result: Result) -> bool:
    """Whether it was said of a result that has been corrected since."""
    return verdict.result_id != result.pk


def verified_lines(samples: Iterable[Sample]) -> list[Line]:
    """The verified tests of the samples with the results that stand."""
    tests = list(
        Test.objects.filter(sample__in=[s.pk for s in samples], state=Test.State.VERIFIED)
        .select_related("sample")
        .order_by("pk")
    )
    results = standing_results(tests)
    return [(test, results[test.pk]) for test in tests if results.get(test.pk)]


def ask(judge: Any, lines: Sequence[Line]) -> list[tuple[Test, Result, dict[str, Any]]]:
    """What the judge says of each test: the result that decides, and the columns of a verdict."""
    chosen = name_choices({test.sample_id for test, _results in lines})
    rows: list[limits.Measured] = []
    for test, results in lines:
        names = chosen.get(test.sample_id, {})
        food = names.get(("food", test.sample.food), test.sample.food)
        analyte = names.get(("analyte", test.analyte), test.analyte)
        rows += [rules.measured(test.sample, r, food=food, food_class="", analyte=analyte) for r in results]
    verdicts = judge.judge_batch(rows)
    answers = []
    place = 0
    for test, results in lines:
        own = verdicts[place : place + len(results)]
        which = rules.gravest(own)
        columns = rules.columns_of(own[which])
        columns["given"] = _given(rows[place + which])
        answers.append((test, results[which], columns))
        place += len(results)
    return answers


def _given(row: limits.Measured) -> dict[str, str]:
    """What was handed over, in text."""
    names = ("food", "analyte", "value", "unit", "lod", "loq", "expression", "moisture", "dry_basis", "sampled_on",
             "production_on", "replicate")  # fmt: skip
    return {name: str(getattr(row, name)) for name in names if getattr(row, name) not in (None, "")}


def _verdict(
    test: Test, result: Result, columns: Mapping[str, Any], before: Verdict | None, why: str, digest: str, by: Any
) -> Verdict:
    actual = Verdict.Why.FIRST if before is None else why if why != Verdict.Why.FIRST else Verdict.Why.CORRECTED
    return Verdict(
        test=test, result=result, replaces=before, why=actual, judge_digest=digest, judged_at=ledger.clock.now(),
        judged_by=ledger.Actor.of(by).username, **columns,
    )  # fmt: skip


def _record(made: Sequence[Verdict], by: Any) -> None:
    counts: dict[int, dict[str, int]] = {}
    samples = {verdict.test.sample_id: verdict.test.sample for verdict in made}
    for verdict in made:
        count = counts.setdefault(verdict.test.sample_id, {})
        count[verdict.outcome] = count.get(verdict.outcome, 0) + 1
    ledger.record_many(
        [ledger.build_entry("laboratory.verdicts.made", of=samples[pk], by=by, data=counts[pk]) for pk in counts]
    )


# --- the whole sample -------------------------------------------------------------------------------------------------


def conclude(sample: Sample, *, by: Any) -> SampleVerdict | None:
    """When every item is verified, say what follows for the sample; again only where it says something else."""
    tests = list(Test.objects.filter(sample=sample).exclude(state=Test.State.CANCELLED).order_by("pk"))
    if not tests or any(test.state != Test.State.VERIFIED for test in tests):
        return None
    verdicts = standing_verdicts(tests)
    if len(verdicts) != len(tests):
        return None
    outcome, failed = rules.whole_of((test, verdicts[test.pk]) for test in tests)
    before = standing_conclusion(sample)
    told = [failed_line(test, verdicts[test.pk]) for test in failed]
    if before is not None and (before.why == SampleVerdict.Why.RETEST or _same(before, outcome, told)):
        return before
    conclusion = write_conclusion(
        sample, outcome, told, verdicts=[verdicts[t.pk] for t in failed], before=before,
        why=SampleVerdict.Why.FIRST if before is None else SampleVerdict.Why.AGAIN, by=by,
    )  # fmt: skip
    tell_values(sample, by=by)
    return conclusion


def _same(before: SampleVerdict, outcome: str, told: Sequence[Mapping[str, str]]) -> bool:
    return before.outcome == outcome and before.failed == list(told)


def failed_line(test: Test, verdict: Verdict) -> dict[str, str]:
    """A failing item as it is told to people."""
    return {
        "item": test.analyte,
        "result": rules.shown(verdict.result),
        "limit": f"{verdict.limit} {verdict.limit_unit}".strip(),
        "basis": " ".join(part for part in (verdict.standard, verdict.edition, verdict.clause) if part),
        "comparison": verdict.comparison,
    }


def write_conclusion(
    sample: Sample, outcome: str, told: Sequence[Mapping[str, str]], *, verdicts: Sequence[Verdict],
    before: SampleVerdict | None, why: str, by: Any,
) -> SampleVerdict:  # fmt: skip
    items = [line["item"] for line in told]
    on = sample.sampled_on
    conclusion: SampleVerdict = insert(
        SampleVerdict(
            sample=sample,
            division_code=sample.division_code,
            outcome=outcome,
            failed=list(told),
            micro_only=bool(items) and all(rules.is_micro(item, on) for item in items),
            serious=outcome == Whole.NONCONFORMING and rules.is_serious(items, verdicts, on),
            why=why,
            made_at=ledger.clock.now(),
            made_on=ledger.clock.today(),
            made_by=ledger.Actor.of(by).username,
            replaces=before,
        )
    )
    ledger.record("laboratory.sample.concluded", of=sample, by=by, data={"outcome": outcome, "items": items})
    following.follow(conclusion, by=by)
    return conclusion


def tell_values(sample: Sample, *, by: Any) -> None:
    """Tell whoever listens what each item came to; actions keep their own account of it."""
    for one in tested_values(Test.objects.filter(sample=sample)):
        contribute.announce(_announcement(sample, one), by=by)


def _announcement(sample: Sample, one: TestedValue) -> Announcement:
    place = sample.premises_id
    return Announcement(
        name="verdict.told",
        subject_type="registry.premises" if place else "laboratory.sample",
        subject_id=str(place or sample.pk),
        subject_name=sample.subject_name,
        division_code=sample.division_code,
        text=f"{sample.number} {one.analyte}",
        facts={name: getattr(one, name) for name in TestedValue.__slots__ if not name.startswith("__")},
    )


# --- names ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def choose_name(*, sample: Sample, what: str, raw: str, chosen: str, by: Any) -> NameChoice:
    """Somebody says which known food or item is meant; what was written on the sample stays."""
    chosen = need_text(chosen, "chosen", _("请选择名称。"), most=200)
    if not name_known(what, chosen):
        raise Refused({"chosen": _("标准库里没有“%(name)s”，请从候选名称里选择。") % {"name": chosen}})
    choice: NameChoice = insert(
        NameChoice(sample=sample, what=what, raw=raw, chosen=chosen, at=ledger.clock.now(), by=named(by))
    )
    ledger.record("laboratory.name.chosen", of=sample, by=by, data={"what": what, "raw": raw, "chosen": chosen})
    judge_samples(samples=[sample], why=Verdict.Why.NAMED, by=by)
    return choice


def name_known(what: str, name: str) -> bool:
    judge = catalog.the_judge()
    found = judge.match_food(name) if what == NameChoice.What.FOOD else judge.match_analyte(name)
    return bool(found.sure)


def candidates(what: str, raw: str) -> tuple[str, ...]:
    """The names that a doubtful one may mean, for a person to choose from."""
    judge = catalog.the_judge()
    found = judge.match_food(raw) if what == NameChoice.What.FOOD else judge.match_analyte(raw)
    return () if found.sure else tuple(found.asked)


# --- another edition --------------------------------------------------------------------------------------------------


def changes(samples: Sequence[Sample]) -> list[Change]:
    """What judging again today would say otherwise. Nothing is written: a verdict is what was said on its day."""
    lines = verified_lines(samples)
    before = standing_verdicts([test for test, _results in lines])
    return [
        Change(
            sample_id=test.sample_id, sample_no=test.sample.number, food=test.sample.food, analyte=test.analyte,
            text=rules.shown(result), before=str(before[test.pk].get_outcome_display()),
            before_basis=_basis(_columns(before[test.pk])), now=str(Verdict(outcome=columns["outcome"]).get_outcome_display()),
            now_basis=_basis(columns),
        )
        for test, result, columns in ask(catalog.the_judge(), lines)
        if test.pk in before and rules.differs(before[test.pk], columns)
    ]  # fmt: skip


def _columns(verdict: Verdict) -> dict[str, Any]:
    return {name: getattr(verdict, name) for name in rules.SAYS}


def _basis(columns: Mapping[str, Any]) -> str:
    limit = f"{columns['limit']} {columns['limit_unit']}".strip()
    return " ".join(part for part in (columns["standard"], columns["edition"], limit) if part)
