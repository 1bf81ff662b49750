"""One sample: its rows are looked up, converted, compared, and read together where the rules ask for it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from fangxin.engines.limits.analytes import Analyte
from fangxin.engines.limits.bodies import ONLY_TISSUES, animal_name, tissue_name
from fangxin.engines.limits.data import LawfulUse, Outcome, Reason, Verdict
from fangxin.engines.limits.deciding import Decision, judge_value, say
from fangxin.engines.limits.environment import judge_soil, judge_water
from fangxin.engines.limits.expressions import Form, Reading, read_values
from fangxin.engines.limits.preparing import Case
from fangxin.engines.limits.resolving import Answer, Resolver, Subject, cite
from fangxin.engines.limits.samples import Part, Sum, judge_plan, sum_parts
from fangxin.engines.limits.tables import Ban, Row, Rule, Tables
from fangxin.engines.limits.together import settle_species, share_functions
from fangxin.engines.limits.turning import official_level, on_basis, reading_in, single, times, turned_into
from fangxin.engines.limits.units import EXACT, UNITS, Unit, find_unit

_HUNDRED = Decimal(100)
_AS_REPORTED = (Decimal(1), Decimal(1))
_SPECIES_STEP = ("inorganic", "methylmercury")


class Sample:
    """The rows of one sample, judged together."""

    def __init__(self, tables: Tables, resolver: Resolver, cases: list[Case]) -> None:
        self.tables, self.resolver, self.cases = tables, resolver, cases

    def verdicts(self) -> list[Verdict]:
        found = [self._verdict(case) for case in self.cases]
        return share_functions(self.cases, settle_species(self.cases, found), self.tables.analytes)

    def _verdict(self, case: Case) -> Verdict:
        if case.row.land_use:
            return judge_soil(case, self.tables)
        if case.row.water_class not in (None, ""):
            return judge_water(case, self.tables)
        stopped = self._stopped(case)
        if stopped is not None:
            return stopped
        subjects = self._subjects(case)
        verdicts = [self._by_subject(case, subject) for subject in subjects]
        return self._agreed(case, verdicts)

    def _stopped(self, case: Case) -> Verdict | None:
        """Names and days without which no row can be looked up."""
        if not case.analyte.sure:
            return _open(
                case, Reason.of("analyte_asked", raw=case.row.analyte, asked="、".join(case.analyte.asked)), "analyte"
            )
        if (case.food.near or not case.food.nodes) and not self._told_animal(case):
            asked = "、".join(self.tables.foods.names[node] for node in case.food.nodes)
            code = "food_near" if asked else "food_unknown"
            return _open(case, Reason.of(code, raw=case.row.food, asked=asked), "food_class")
        if case.day is None:
            faults = [fault for fault in case.faults if fault[0].code == "day_unreadable"]
            reason, column = faults[0] if faults else (Reason.of("day_missing"), "sampled_on")
            return _open(case, reason, column)
        return None

    def _subjects(self, case: Case) -> list[Subject]:
        known = case.food.nodes if not case.food.near else ()
        nodes: tuple[int | None, ...] = known or (None,)
        return [self._subject(case, node) for node in nodes]

    def _told_animal(self, case: Case) -> str:
        """The animal of the column, or of a food that is told as an animal: 猪, with its tissue beside it."""
        told = animal_name((case.row.animal or "").strip())
        return told or (
            case.row.food.strip() if case.row.tissue and self.tables.foods.animal(case.row.food.strip()) else ""
        )

    def _subject(self, case: Case, node: int | None) -> Subject:
        animal, tissue = self.tables.foods.body(node) if node is not None else ("", "")
        told = self._told_animal(case)
        return Subject(node, told or animal, tissue_name(case.row.tissue) or tissue or ONLY_TISSUES.get(told, ""))

    def _agreed(self, case: Case, verdicts: list[Verdict]) -> Verdict:
        """Several foods may be meant: where all give the same rule, the doubt does not matter; else it is asked."""
        first = verdicts[0]
        if len(verdicts) == 1:
            return first
        same = {(v.outcome, v.limit, v.limit_unit, v.standard, v.edition, v.lawful_use) for v in verdicts}
        names = "、".join(self.tables.foods.names[node] for node in case.food.nodes)
        if len(same) == 1 and first.outcome is not Outcome.NOT_REGULATED:
            return replace(first, notes=(*first.notes, Reason.of("food_either", names=names)))
        return _open(case, Reason.of("food_asked", raw=case.row.food, asked=names), "food_class")

    # --- one subject ----------------------------------------------------------------------------------------------

    def _by_subject(self, case: Case, subject: Subject) -> Verdict:
        analyte = self.tables.analytes[case.analyte.name]
        number = self.tables.analytes.numbers[analyte.name]
        day = case.day or 1
        answer = self._row_for(case, number, subject, day)
        ban = self.resolver.ban_on(number, subject, day)
        if answer.row is not None:
            verdict = self._by_row(case, analyte, answer.row, answer, subject)
        elif ban is not None:
            verdict = self._by_ban(case, analyte, ban, subject)
        else:
            verdict = self._without_row(case, answer, subject)
        return self._with_lawful_use(case, analyte, answer.row, ban, verdict)

    def _row_for(self, case: Case, number: int, subject: Subject, day: int) -> Answer:
        answer = self.resolver.resolve(
            number, subject, day, component=case.analyte.component, species=case.analyte.species
        )
        if answer.row is not None and case.food.dried and answer.row.kind not in ("contaminant", "mycotoxin"):
            # A limit for the fresh food does not hold for the dried one, and is never borrowed.
            return Answer(why="no_row")
        return answer

    def _without_row(self, case: Case, answer: Answer, subject: Subject) -> Verdict:
        path = self.tables.foods.path(subject.food) if subject.food is not None else ()
        match answer.why:
            case "no_edition":
                return _open(case, Reason.of("no_edition", day=date.fromordinal(case.day or 1)), case.ruled_by, path)
            case "ambiguous":
                names = "、".join(self._target(row) for row in answer.others)
                return _open(case, Reason.of("rows_ambiguous", names=names), "food_class", path)
            case "animal_missing" | "tissue_missing":
                return _open(case, Reason.of(answer.why), answer.why.removesuffix("_missing"), path)
        reason = Reason.of("not_regulated", food=path[0] if path else subject.animal, analyte=case.analyte.name)
        return Verdict(Outcome.NOT_REGULATED, match_path=path, reason=reason, ruled_by=case.ruled_by)

    def _target(self, row: Row) -> str:
        return self.tables.foods.names[row.food if row.food >= 0 else row.animal].removeprefix("动物:")

    def _with_lawful_use(
        self, case: Case, analyte: Analyte, row: Row | None, ban: Ban | None, verdict: Verdict
    ) -> Verdict:
        """The second verdict, apart from the residue: only a finding shows a use."""
        if row is not None and row.rule is Rule.NOT_USED and verdict.outcome is Outcome.NONCONFORMING:
            return replace(verdict, lawful_use=LawfulUse.UNLAWFUL, lawful_basis=f"{verdict.standard} {row.clause}")
        if (
            analyte.family not in ("pesticide", "veterinary")
            or not case.detected
            or verdict.reason.code == "lod_missing"
        ):
            return verdict
        if ban is None:
            return replace(verdict, lawful_use=LawfulUse.LAWFUL)
        note = Reason.of("unlawful", basis=cite(ban))
        return replace(verdict, lawful_use=LawfulUse.UNLAWFUL, lawful_basis=cite(ban), notes=(*verdict.notes, note))

    def _by_ban(self, case: Case, analyte: Analyte, ban: Ban, subject: Subject) -> Verdict:
        """Banned and without a limit of its own: what is found fails by the ban."""
        path = self.tables.foods.path(subject.food) if subject.food is not None else (subject.animal,)
        head = Verdict(
            Outcome.UNDETERMINED, standard=ban.clause, clause=ban.scope, match_path=path, ruled_by=case.ruled_by
        )
        unit = find_unit(analyte.official_unit) or case.unit or UNITS["mg/kg"]
        return self._decided(case, head, analyte, None, unit)

    def _by_row(self, case: Case, analyte: Analyte, row: Row, answer: Answer, subject: Subject) -> Verdict:
        edition = self.tables.editions[row.edition]
        head = Verdict(
            Outcome.UNDETERMINED,
            limit=row.limit,
            limit_unit=row.unit.name if row.limit is not None else "",
            standard=_standard(row, edition.standard),
            edition=edition.edition,
            clause=row.clause,
            match_path=answer.path,
            ruled_by=case.ruled_by,
        )
        if row.rule is Rule.PLAN:
            return self._by_plan(case, head, row)
        if row.condition and not self._holds(case, row):
            return self._conditional(case, head, analyte, row, subject)
        return self._limited(case, head, analyte, row, subject)

    def _limited(self, case: Case, head: Verdict, analyte: Analyte, row: Row, subject: Subject) -> Verdict:
        species = case.analyte.species
        if row.species in _SPECIES_STEP and species != row.species:
            return self._by_total(case, head, analyte, row, subject)
        verdict = self._converted(case, head, analyte, row, subject)
        if species and not row.species and verdict.outcome is Outcome.CONFORMING:
            return _open(case, Reason.of("total_missing"), "analyte", head.match_path, head)
        if row.provisional and verdict.outcome is Outcome.NONCONFORMING:
            return replace(verdict, outcome=Outcome.UNDETERMINED, provisional=True, reason=Reason.of("provisional"))
        return replace(verdict, provisional=row.provisional)

    def _by_total(self, case: Case, head: Verdict, analyte: Analyte, row: Row, subject: Subject) -> Verdict:
        """Total first: where it does not exceed the species' limit, the species cannot; else the species is measured."""
        verdict = self._converted(case, head, analyte, row, subject)
        if verdict.outcome is Outcome.NONCONFORMING:
            reason = Reason.of("speciation", species=_SPECIES_WORDS[row.species])
            return replace(verdict, outcome=Outcome.PENDING_SPECIATION, reason=reason, missing=(row.species,))
        return verdict

    def _holds(self, case: Case, row: Row) -> bool:
        told = f"{case.row.food or ''}{case.row.food_class or ''}"
        return any(word in told for word in row.words)

    def _conditional(self, case: Case, head: Verdict, analyte: Analyte, row: Row, subject: Subject) -> Verdict:
        """A row for some products only: within it all is well; above it someone must say whether it holds."""
        verdict = self._limited(case, head, analyte, row, subject)
        if verdict.outcome is not Outcome.NONCONFORMING:
            return verdict
        return replace(
            verdict,
            outcome=Outcome.UNDETERMINED,
            reason=Reason.of("condition", condition=row.condition),
            missing=("food_class",),
        )

    # --- conversions ----------------------------------------------------------------------------------------------

    def _converted(self, case: Case, head: Verdict, analyte: Analyte, row: Row, subject: Subject) -> Verdict:
        """Dry weight turns the result, dehydration turns the limit; then the comparison."""
        limit, dried = row.limit, case.food.dried and subject.food is not None and not row.dry_weight
        if limit is None or not (row.dry_weight or dried or case.dry_basis):
            return self._decided(case, head, analyte, row, row.unit)
        as_is = self._decided(case, head, analyte, row, row.unit)
        if row.dry_weight:
            return as_is if case.dry_basis else self._on_dry_matter(case, head, analyte, row, as_is)
        if case.dry_basis and not dried:
            return self._on_fresh_weight(case, head, analyte, row, as_is)
        return self._dehydrated(case, head, analyte, row, subject, as_is)

    def _on_dry_matter(self, case: Case, head: Verdict, analyte: Analyte, row: Row, as_is: Verdict) -> Verdict:
        if case.moisture is None:
            # On dry matter the figure only grows: what exceeds as it is exceeds all the more.
            settled = as_is.outcome is Outcome.NONCONFORMING or as_is.value is None
            return as_is if settled else _open(case, Reason.of("moisture_missing"), "moisture", head.match_path, head)
        basis = (_HUNDRED, EXACT.subtract(_HUNDRED, case.moisture))
        verdict = self._decided(case, head, analyte, row, row.unit, basis)
        return replace(verdict, notes=(*verdict.notes, Reason.of("dry_matter", moisture=case.moisture)))

    def _on_fresh_weight(self, case: Case, head: Verdict, analyte: Analyte, row: Row, as_is: Verdict) -> Verdict:
        if case.moisture is None:
            settled = as_is.outcome is Outcome.CONFORMING
            return as_is if settled else _open(case, Reason.of("moisture_missing"), "moisture", head.match_path, head)
        basis = (EXACT.subtract(_HUNDRED, case.moisture), _HUNDRED)
        verdict = self._decided(case, head, analyte, row, row.unit, basis)
        return replace(verdict, notes=(*verdict.notes, Reason.of("wet_matter", moisture=case.moisture)))

    def _dehydrated(
        self, case: Case, head: Verdict, analyte: Analyte, row: Row, subject: Subject, as_is: Verdict
    ) -> Verdict:
        """GB 2762, 3.5: the fresh limit times (100 - w_dry) / (100 - w_fresh); no need where the dry result meets it."""
        if as_is.outcome is Outcome.CONFORMING:
            return replace(as_is, notes=(*as_is.notes, Reason.of("dry_meets_fresh")))
        fresh = self.tables.foods.moisture(subject.food) if subject.food is not None else None
        if case.moisture is None or fresh is None:
            return _open(case, Reason.of("moisture_missing"), "moisture", head.match_path, head)
        factor = EXACT.divide(EXACT.subtract(_HUNDRED, case.moisture), EXACT.subtract(_HUNDRED, fresh))
        limit = EXACT.multiply(row.limit or Decimal(0), factor).normalize()
        turned = replace(head, limit=limit)
        verdict = self._decided(case, turned, analyte, row, row.unit)
        note = Reason.of("dehydrated", factor=say(factor.normalize()), moisture=case.moisture, fresh=fresh)
        return replace(verdict, notes=(*verdict.notes, note))

    # --- the comparison -------------------------------------------------------------------------------------------

    def _decided(
        self,
        case: Case,
        head: Verdict,
        analyte: Analyte,
        row: Row | None,
        unit: Unit,
        basis: tuple[Decimal, Decimal] = _AS_REPORTED,
    ) -> Verdict:
        """The comparison with the limit of `head`, or by a ban where there is no row.

        `basis` is the ratio that turns the reported figures to the basis of the limit.
        """
        total = self._sum(case, analyte, unit, alone=bool(row and row.component))
        if isinstance(total, Verdict):
            return _kept(total, head)
        loq = turned_into(case.loq, case.unit, unit)
        if basis != _AS_REPORTED:
            total, loq = on_basis(total, basis), times(loq, basis)
        decision = judge_value(
            total.reading,
            rule=row.rule if row else Rule.NOT_DETECTED,
            limit=head.limit,
            unit=unit.name,
            lod=total.lod,
            loq=loq,
            official_level=official_level(analyte, unit),
            official_method=analyte.official_method,
            interval=row.interval if row else None,
        )
        if decision.outcome is Outcome.CONFORMING and total.missing:
            names = "、".join(total.missing)
            return _open(case, Reason.of("components_missing", names=names), "analyte", head.match_path, head)
        return _with(head, decision, total.reading.low if total.reading.form is Form.NUMBER else None)

    def _sum(self, case: Case, analyte: Analyte, unit: Unit, *, alone: bool) -> Sum | Verdict:
        """The reading to compare, in the limit's unit: the row's own, or the sum with its sample's other components."""
        family = [case] if alone else self._family(case, analyte)
        parts: list[Part] = []
        for one in family:
            if one.faults:
                reason, column = one.faults[0]
                return _open(one, reason, column)
            if one.unit is None and one.reading.form not in (Form.NOT_DETECTED, Form.DETECTED):
                return _open(one, Reason.of("unit_missing"), "unit")
            reading = reading_in(one.reading, one.unit, unit)
            if reading is None:
                return _open(
                    one, Reason.of("unit_mismatch", unit=one.unit.name if one.unit else "", limit=unit.name), "unit"
                )
            parts.append(Part(one.analyte.component, reading, turned_into(one.lod, one.unit, unit), one.analyte.factor))
        if len(parts) == 1 and (alone or not parts[0].component or analyte.alone == "yes"):
            return single(parts[0])
        found = sum_parts(parts, analyte)
        return found if found is not None else _open(case, Reason.of("number_needed"), "value")

    def _family(self, case: Case, analyte: Analyte) -> list[Case]:
        """The rows that belong into one residue sum with this row; a row told as a total stands by itself."""
        if not analyte.components or self._is_total(case):
            return [case]
        same = [
            one
            for one in self.cases
            if one.analyte.name == analyte.name
            and one.row.food == case.row.food
            and one.row.replicate == case.row.replicate
        ]
        totals = [one for one in same if self._is_total(one)]
        names = [one.analyte.component for one in same]
        if totals or len(set(names)) != len(names):
            return [totals[0]] if totals else [case]
        return same

    def _is_total(self, case: Case) -> bool:
        told = f"{case.row.expression or ''}{case.row.analyte}".lower()
        return not case.analyte.component and any(word in told for word in ("之和", "总量", "total", "sum"))

    # --- the sample -----------------------------------------------------------------------------------------------

    def _by_plan(self, case: Case, head: Verdict, row: Row) -> Verdict:
        same = [one for one in self.cases if one.analyte.name == case.analyte.name and one.row.food == case.row.food]
        readings: list[Reading] = []
        for one in same:
            several = read_values(str(one.row.value or ""))
            together = len(several) == row.n > 1 and all(reading.form is not Form.UNREADABLE for reading in several)
            if one.faults and not together:
                return _open(one, *one.faults[0], head.match_path, head)
            for reading in several if together else (one.reading,):
                turned = reading_in(reading, reading.unit or one.unit, row.unit)
                if turned is None:
                    unit = one.unit.name if one.unit else ""
                    reason = Reason.of("unit_mismatch", unit=unit, limit=row.unit.name)
                    return _open(case, reason, "unit", head.match_path, head)
                readings.append(turned)
        return _with(head, judge_plan(readings, n=row.n, c=row.c, m=row.m, most=row.most, unit=row.unit.name), None)


_SPECIES_WORDS = {"inorganic": "无机砷", "methylmercury": "甲基汞"}


def _standard(row: Row, standard: str) -> str:
    """A row of a collection names its own standard; else the edition's."""
    return row.clause if standard in ("产品标准", "抽检实施细则") else standard


def _open(case: Case, reason: Reason, column: str, path: tuple[str, ...] = (), head: Verdict | None = None) -> Verdict:
    """Undetermined: why, and what would settle it."""
    bare = head or Verdict(Outcome.UNDETERMINED, match_path=path, ruled_by=case.ruled_by)
    return replace(bare, outcome=Outcome.UNDETERMINED, reason=reason, missing=(column,))


def _kept(verdict: Verdict, head: Verdict) -> Verdict:
    """An open verdict that still cites the row it stumbled over."""
    return replace(head, outcome=verdict.outcome, reason=verdict.reason, missing=verdict.missing)


def _with(head: Verdict, decision: Decision, value: Decimal | None) -> Verdict:
    return replace(
        head,
        outcome=decision.outcome,
        comparison=decision.comparison,
        reason=decision.reason,
        notes=(*head.notes, *decision.notes),
        near_limit=decision.near,
        missing=decision.missing,
        value=value,
    )
