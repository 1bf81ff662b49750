"""The judge: results in, verdicts out, in the same order. Everything it knows is in the tables it was given."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from fangxin.engines.limits.data import AnalyteMatch, FoodMatch, LawfulUse, Measured, Verdict
from fangxin.engines.limits.one_sample import Sample
from fangxin.engines.limits.preparing import Case, prepare
from fangxin.engines.limits.resolving import Resolver, Subject
from fangxin.engines.limits.tables import Tables


class Judge:
    """Judges results by the tables. Stateless but for its look-ups: the same rows give the same verdicts, always."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.resolver = Resolver(tables)

    @property
    def digest(self) -> str:
        """Which set of tables speaks."""
        return self.tables.digest

    def judge(self, row: Measured) -> Verdict:
        """The verdict on one result by itself; replicates and components belong into `judge_batch`."""
        return self.judge_batch([row])[0]

    def judge_batch(self, rows: Iterable[Measured]) -> list[Verdict]:
        """One verdict per row, in order. Rows of one `sample_id` are read together: replicates, sums, same functions."""
        cases = [prepare(row, self.tables) for row in rows]
        verdicts: list[Verdict | None] = [None] * len(cases)
        for numbers in _by_sample(cases).values():
            sample = Sample(self.tables, self.resolver, [cases[number] for number in numbers])
            for number, verdict in zip(numbers, sample.verdicts(), strict=True):
                verdicts[number] = verdict
        return [verdict for verdict in verdicts if verdict is not None]

    def lawful_use(
        self, substance: str, *, crop: str | None = None, animal: str | None = None, on: date
    ) -> tuple[LawfulUse, str]:
        """Whether a substance may be used on a crop or animal on a day, and the notice that forbids it.

        Lawful means that no ban is known; whether the label names the crop is another question. Not applicable where the
        substance or the crop is not known, since nothing can be said.
        """
        analyte = self.tables.analytes.match(substance)
        food = self.tables.foods.find(crop or "", "")
        if not analyte.sure or self.tables.analytes[analyte.name].family not in ("pesticide", "veterinary"):
            return LawfulUse.NOT_APPLICABLE, ""
        if crop and not food.sure and not animal:
            return self._on_all(self._number(analyte.name), food.nodes, on)
        subject = Subject(food.nodes[0] if food.sure else None, animal or "")
        return self.resolver.lawful_use(self._number(analyte.name), subject, on)

    def _on_all(self, analyte: int, nodes: tuple[int, ...], on: date) -> tuple[LawfulUse, str]:
        answers = {self.resolver.lawful_use(analyte, Subject(node), on) for node in nodes}
        anywhere = self.resolver.lawful_use(analyte, Subject(), on)
        if anywhere[0] is LawfulUse.UNLAWFUL:
            return anywhere
        return answers.pop() if len(answers) == 1 else (LawfulUse.NOT_APPLICABLE, "")

    def match_food(self, name: str, food_class: str | None = None) -> FoodMatch:
        """The food a name means; not sure: the names to ask."""
        return self.tables.foods.match(name, food_class)

    def match_analyte(self, name: str) -> AnalyteMatch:
        """The analyte a name means; not sure: the names to ask."""
        return self.tables.analytes.match(name)

    def _number(self, name: str) -> int:
        return self.tables.analytes.numbers[name]


def _by_sample(cases: Sequence[Case]) -> dict[object, list[int]]:
    """Row numbers by sample; a row without a sample number is a sample of its own."""
    found: dict[object, list[int]] = defaultdict(list)
    for number, case in enumerate(cases):
        found[case.row.sample_id.strip() or (number,)].append(number)
    return found
