"""The board says what the rows say: after any change, for any day, in the county and in each township."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.integration.board.registers import COUNTY, OTHER_TOWN, TODAY, TOWN, load_shops

from fangxin.engines.indicators import Kind
from fangxin.kernel.casework import api as casework
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.registry.data import NewCredential
from fangxin.oversight.board import api as board
from fangxin.oversight.board import cells
from fangxin.oversight.board.definitions import definitions
from fangxin.oversight.board.models import Cell, CellState
from fangxin.oversight.board.proofs import count_rows, read_rows
from fangxin.oversight.board.subjects import countable, rows_of

pytestmark = pytest.mark.django_db

PLACES = (COUNTY, TOWN, OTHER_TOWN)
DAYS = (TODAY, date(2022, 12, 31), TODAY - timedelta(days=1))


def by_rows(as_of: date) -> dict[tuple[str, str], Any]:
    """Every figure counted by the engine over the rows themselves."""
    found = list(definitions(as_of).values())
    rows = read_rows(found, COUNTY, as_of)
    return {key: tallied.figure for key, tallied in count_rows(found, rows, PLACES).items()}


def by_board(as_of: date) -> dict[tuple[str, str], Any]:
    return {
        (figure.code, place): figure.figure
        for place in PLACES
        for figure in board.figures(place, as_of)
        if figure.definition.kind is Kind.COMPUTED
    }


def assert_exact() -> None:
    for day in DAYS:
        assert by_board(day) == by_rows(day), day


class Life:
    """Random acts of the registry in two townships."""

    def __init__(self, seed: int, shops: dict[str, int], by: Any) -> None:
        self.random = random.Random(seed)
        self.by = by
        self.survey = registry.open_survey(name="排查", division_code=COUNTY, started_on=date(2022, 6, 1), by=by)
        self.serial = 0

    def town(self) -> str:
        return self.random.choice([TOWN, OTHER_TOWN])

    def day(self) -> date:
        return TODAY - timedelta(days=self.random.randrange(0, 300))

    def premises(self) -> Any:
        return self.random.choice(list(registry.Premises.objects.filter(closed_on=None)))

    def step(self) -> None:
        acts: list[Callable[[], Any]] = [
            self.register, self.record, self.record, self.certify, self.employ, self.close, self.move, self.sight,
            self.match, self.help_village, self.find_fault,
        ]  # fmt: skip
        self.random.choice(acts)()

    def register(self) -> None:
        self.serial += 1
        owner = registry.register_operator(
            name=f"业主{self.serial}", kind="individual", division_code=self.town(), by=self.by
        )
        kind = self.random.choice(["restaurant", "small_shop", "school_canteen", "produce_market", "grain_depot"])
        registry.register_premises(
            operator=owner, name=f"场所{self.serial}", kind=kind, division_code=self.town(), rural=True,
            area_m2=self.random.choice([80, 900]), opened_on=date(2021, 3, self.random.randrange(1, 28)), by=self.by,
        )  # fmt: skip

    def record(self) -> None:
        name, value = self.random.choice(
            [
                ("rural_food.standard_shop", "passed"),
                ("rural_food.standard_shop", "vetoed"),
                ("catering.open_kitchen", "active"),
                ("school_meals.exam_app", "in_use"),
                ("grain.capacity", "120.5"),
                ("grain.low_temperature_capacity", "30.25"),
            ]
        )
        kinds = {"rural_food": "small_shop", "school_meals": "school_canteen", "catering": "restaurant",
                 "grain": "grain_depot"}  # fmt: skip
        places = list(registry.Premises.objects.filter(kind=kinds[name.partition(".")[0]]))
        if places:
            registry.record_fact(
                premises=self.random.choice(places), name=name, value=value, valid_from=self.day(), by=self.by
            )

    def certify(self) -> None:
        registry.load(
            by=self.by,
            credentials=[
                NewCredential(
                    premises=self.premises().pk, kind="small_shop_registration", issued_on=self.day(),
                    expires_on=self.random.choice([TODAY, TODAY + timedelta(days=90)]),
                )
            ],
        )  # fmt: skip

    def employ(self) -> None:
        person = registry.add_staff(
            name="某人", role="employee", joined_on=self.day(), premises=self.premises(), by=self.by
        )
        if self.random.random() < 0.5:
            registry.record_certificate(staff=person, kind="training_exam", passed_on=self.day(), by=self.by)

    def help_village(self) -> None:
        village = self.random.choice(["990101100201", "990101200201"])
        person = registry.add_staff(
            name="某人", role="village_helper", joined_on=self.day(), division_code=village, by=self.by
        )
        registry.record_certificate(staff=person, kind="helper_training", passed_on=self.day(), by=self.by)

    def close(self) -> None:
        premises = self.premises()
        registry.close_premises(
            premises=premises, closed_on=self.random.choice([TODAY, TODAY - timedelta(7)]), by=self.by
        )

    def move(self) -> None:
        registry.change_premises(premises=self.premises(), division_code=self.town(), by=self.by)

    def sight(self) -> None:
        self.serial += 1
        registry.record_census_entry(
            survey=self.survey, name_seen=f"所见{self.serial}", kind_seen="small_shop",
            division_code=self.town(), seen_on=TODAY - timedelta(days=self.random.randrange(0, 100)), by=self.by,
        )  # fmt: skip

    def find_fault(self) -> None:
        premises = self.premises()
        casework.open_matter(
            origin="inspection", hazard="过期食品", subject_type="registry.premises", subject_id=str(premises.pk),
            subject_name=premises.name, division_code=premises.division_code, severity="minor",
            owner=people.Agency.objects.get(short_name="市场监管局"), by=self.by,
        )  # fmt: skip

    def match(self) -> None:
        """A sighting may belong to a place of the other township: its figure then hangs on records over there."""
        entry = registry.CensusEntry.objects.filter(match="unmatched").first()
        if entry is not None:
            registry.decide_match(entry=entry, match="matched", premises=self.premises(), by=self.by)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_random_acts_the_board_equals_the_rows(seed: int, shops: dict[str, int], office: Any) -> None:
    life = Life(seed, shops, office)
    for _round in range(4):
        for _step in range(6):
            life.step()
        assert_exact()


def test_every_indicator_of_the_tree_that_is_computed_has_its_fact_table(rules: None) -> None:
    found = definitions(TODAY)
    able = {d.code for group in countable(found.values()).values() for d in group}
    assert {d.code for d in found.values() if d.kind is Kind.COMPUTED} - able == set()


def test_the_records_behind_a_figure_are_as_many_as_the_figure_says(shops: dict[str, int]) -> None:
    definition = definitions(TODAY)["M05-1"]
    counts = {
        part: rows_of(definition, part, COUNTY, TODAY).count() for part in ("denominator", "numerator", "failing")
    }
    figure = board.figures(COUNTY, TODAY, ["M05-1"])[0]
    assert counts == {"denominator": 5, "numerator": 4, "failing": 1}
    assert (figure.numerator, figure.denominator) == (4, 5)


def test_eighty_per_cent_does_not_exceed_eighty(shops: dict[str, int], office: Any) -> None:
    assert board.figures(COUNTY, TODAY, ["M05-1"])[0].status == "not_met"
    load_shops(1, town=TOWN, passed=1, prefix="t", by=office)
    figure = board.figures(COUNTY, TODAY, ["M05-1"])[0]
    assert (figure.numerator, figure.denominator, figure.status) == (5, 6, "met")


def test_nothing_to_count_is_neither_reached_nor_missed(rules: None, county: str) -> None:
    figure = board.figures(COUNTY, TODAY, ["M07-1"])[0]
    assert (figure.value, figure.status) == (None, "no_subjects")


def test_a_fact_recorded_late_changes_the_day_it_speaks_of(shops: dict[str, int], office: Any) -> None:
    earlier = date(2022, 10, 1)
    assert board.figures(COUNTY, earlier, ["M05-1"])[0].numerator == 4
    failed = next(pk for key, pk in shops.items() if key.endswith("3"))
    registry.record_fact(
        premises=registry.Premises.objects.get(pk=failed), name="rural_food.standard_shop", value="passed",
        valid_from=date(2022, 9, 15), by=office,
    )  # fmt: skip
    assert board.figures(COUNTY, earlier, ["M05-1"])[0].numerator == 5


def test_only_the_township_where_something_changed_is_counted_again(shops: dict[str, int], office: Any) -> None:
    board.figures(COUNTY, TODAY)
    kept = set(Cell.objects.filter(division_code=OTHER_TOWN, code="M05-1").values_list("pk", flat=True))
    load_shops(1, town=TOWN, passed=0, prefix="u", by=office)
    board.figures(COUNTY, TODAY)
    assert set(Cell.objects.filter(division_code=OTHER_TOWN, code="M05-1").values_list("pk", flat=True)) == kept


def test_an_older_count_does_not_overwrite_a_newer_one(shops: dict[str, int], office: Any) -> None:
    """Two readers at once: the one who looked first and writes last steps back."""
    found = definitions(TODAY)
    board.figures(COUNTY, TODAY)
    state = CellState.objects.get(as_of=TODAY)
    stale = [(place, d, (Decimal(0), Decimal(0), 0)) for place, d, _n in cells.count(found, TODAY, {TOWN})]
    written = cells._replace(
        TODAY, stale, {TOWN}, wide=[], formulas=state.formulas, since=state.through_seq - 1, through=state.through_seq
    )
    assert written
    assert board.figures(COUNTY, TODAY, ["M05-1"])[0].denominator == 5


def test_a_count_from_a_state_that_is_gone_is_taken_again(shops: dict[str, int]) -> None:
    board.figures(COUNTY, TODAY)
    formulas = CellState.objects.get(as_of=TODAY).formulas
    CellState.objects.all().delete()
    assert not cells._replace(TODAY, [], {TOWN}, wide=[], formulas=formulas, since=5, through=9)


def test_before_the_plan_there_are_no_indicators(shops: dict[str, int]) -> None:
    assert board.figures(COUNTY, date(2022, 5, 18)) == []


def test_forgotten_cells_are_counted_again(shops: dict[str, int]) -> None:
    old = TODAY - timedelta(days=60)
    before = board.figures(COUNTY, old, ["M05-1"])[0]
    assert cells.forget_old(TODAY) == 1
    assert not Cell.objects.filter(as_of=old).exists()
    assert board.figures(COUNTY, old, ["M05-1"])[0] == before


def test_trend_counts_each_day_by_itself(shops: dict[str, int]) -> None:
    days = [date(2022, 5, 1), date(2022, 8, 1), TODAY]
    points = board.trend("M05-1", COUNTY, days)
    assert [(day, figure and figure.numerator) for day, figure in points] == [(days[0], None), (days[1], 0), (TODAY, 4)]


def test_a_sighting_matched_to_a_place_of_another_township_follows_that_places_papers(
    shops: dict[str, int], office: Any
) -> None:
    survey = registry.open_survey(name="排查", division_code=COUNTY, started_on=date(2022, 6, 1), by=office)
    seen = registry.record_census_entry(
        survey=survey, name_seen="小店", kind_seen="small_shop", division_code=OTHER_TOWN, seen_on=TODAY, by=office
    )
    place = registry.Premises.objects.filter(division_code__startswith=TOWN).first()
    registry.decide_match(entry=seen, match="matched", premises=place, by=office)
    assert board.figures(OTHER_TOWN, TODAY, ["M08-1"])[0].numerator == 0
    paper = NewCredential(premises=place.pk, kind="small_shop_registration", issued_on=TODAY - timedelta(days=1))
    registry.load(by=office, credentials=[paper])
    figure = board.figures(OTHER_TOWN, TODAY, ["M08-1"])[0]
    assert (figure.numerator, figure.denominator) == (1, 1)
