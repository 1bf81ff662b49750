"""A typed figure stands beside the computed one, never over it, and counts only when a second person has seen it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from tests.integration.board.registers import COUNTY, TODAY

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Lead
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.board import api as board
from fangxin.oversight.board.models import TypedFigure
from fangxin.oversight.board.selectors import differing, list_typed, waiting_typed
from fangxin.oversight.board.worklist import lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(office: Any) -> Any:
    return ledger.store_evidence(name="盖章报表.txt", content="监测点位 20 个".encode(), by=office)


@pytest.fixture
def sign(rules: None, agencies: Any, department: Any) -> Any:
    def make(code: str, **facts: Any) -> TypedFigure:
        values = {"division_code": COUNTY, "as_of": TODAY, "agency": agencies["market"], "by": department, **facts}
        return board.record_typed_figure(code=code, **values)

    return make


def figure(code: str) -> Any:
    return board.figures(COUNTY, TODAY, [code])[0]


def test_a_signed_figure_is_unverified_until_a_second_person_accepts_it(sign: Any, office: Any, paper: Any) -> None:
    typed = sign("X-2", numerator=Decimal(20), denominator=Decimal(20), evidence=paper)
    assert (figure("X-2").shown, figure("X-2").status) == (Decimal("100.00"), "unverified")
    board.verify_figure(figure=typed, accepted=True, by=office)
    assert figure("X-2").status == "met"


def test_nobody_verifies_their_own_figure(sign: Any, department: Any, paper: Any) -> None:
    typed = sign("X-2", numerator=Decimal(19), denominator=Decimal(20), evidence=paper)
    with pytest.raises(ValidationError, match="另一位"):
        board.verify_figure(figure=typed, accepted=True, by=department)


def test_without_evidence_a_figure_is_not_accepted(sign: Any, office: Any) -> None:
    typed = sign("X-2", numerator=Decimal(19), denominator=Decimal(20))
    with pytest.raises(ValidationError, match="没有证据"):
        board.verify_figure(figure=typed, accepted=True, by=office)


def test_a_figure_is_verified_once(sign: Any, office: Any, second_office: Any, paper: Any) -> None:
    typed = sign("X-2", numerator=Decimal(19), denominator=Decimal(20), evidence=paper)
    board.verify_figure(figure=typed, accepted=True, by=office)
    with pytest.raises(ValidationError, match="已有人核实"):
        board.verify_figure(figure=typed, accepted=False, note="数不对", by=second_office)


def test_a_refused_figure_leaves_the_one_before_it_standing(sign: Any, office: Any, paper: Any) -> None:
    first = sign("X-2", numerator=Decimal(19), denominator=Decimal(20), evidence=paper)
    board.verify_figure(figure=first, accepted=True, by=office)
    second = sign("X-2", numerator=Decimal(20), denominator=Decimal(20), evidence=paper)
    board.verify_figure(figure=second, accepted=False, note="与系统不符", by=office)
    assert figure("X-2").typed.pk == first.pk


def test_a_typed_figure_never_takes_the_computed_ones_place(sign: Any, shops: Any, office: Any, paper: Any) -> None:
    typed = sign("M05-1", numerator=Decimal(5), denominator=Decimal(5), evidence=paper)
    board.verify_figure(figure=typed, accepted=True, by=office)
    shown = figure("M05-1")
    assert (shown.numerator, shown.denominator, shown.status, shown.differs) == (4, 5, "not_met", True)
    assert (typed.computed_numerator, typed.computed_denominator) == (4, 5)
    assert list(differing(list_typed(office))) == [typed]


def test_the_same_figure_is_no_difference(sign: Any, shops: Any, office: Any) -> None:
    sign("M05-1", numerator=Decimal(4), denominator=Decimal(5))
    assert not figure("M05-1").differs
    assert not differing(list_typed(office)).exists()


def test_a_percentage_without_its_parts_is_shown_and_never_judged(sign: Any) -> None:
    sign("X-2", value=Decimal("98.5"))
    shown = figure("X-2")
    assert (shown.typed.value, shown.value, shown.status) == (Decimal("98.5"), None, "unknown")


def test_a_decline_needs_its_base_year(sign: Any, office: Any, paper: Any) -> None:
    now = sign("F09", numerator=Decimal("80.5"), evidence=paper)
    board.verify_figure(figure=now, accepted=True, by=office)
    assert figure("F09").status == "no_base"
    base = sign("F09", numerator=Decimal("92"), evidence=paper, base_year=2021)
    assert figure("F09").status == "no_base"  # nobody has verified the base yet
    board.verify_figure(figure=base, accepted=True, by=office)
    assert figure("F09").status == "met"


def test_a_milestone_is_reached_with_evidence(sign: Any, office: Any, paper: Any) -> None:
    typed = sign("G06-1", numerator=Decimal(1), text="收运体系验收通过", evidence=paper)
    assert figure("G06-1").status == "unverified"
    board.verify_figure(figure=typed, accepted=True, by=office)
    assert figure("G06-1").status == "met"


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("X-2", {"numerator": Decimal(21), "denominator": Decimal(20)}),
        ("X-2", {"numerator": Decimal(21)}),
        ("X-2", {"numerator": Decimal(-1), "denominator": Decimal(20)}),
        ("X-2", {}),
        ("X-2", {"numerator": Decimal(1), "denominator": Decimal(2), "as_of": date(2030, 1, 1)}),
        ("X-2", {"numerator": Decimal(1), "denominator": Decimal(2), "as_of": date(2020, 1, 1)}),
        ("X-2", {"numerator": Decimal(1), "denominator": Decimal(2), "base_year": 2021}),
        ("G06-1", {"numerator": Decimal(2)}),
        ("G06-1", {"numerator": Decimal(1), "denominator": Decimal(1)}),
        ("F09", {"numerator": Decimal(1), "denominator": Decimal(1)}),
        ("NONE", {"numerator": Decimal(1)}),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(sign: Any, code: str, facts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        sign(code, **facts)
    assert not TypedFigure.objects.exists()


def test_the_database_refuses_to_change_a_typed_figure(sign: Any) -> None:
    sign("X-2", numerator=Decimal(19), denominator=Decimal(20))
    for statement in ("UPDATE board_typedfigure SET numerator = 20", "DELETE FROM board_typedfigure"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_office_is_told_what_waits_for_it(sign: Any, office: Any, second_office: Any, paper: Any) -> None:
    sign("X-2", numerator=Decimal(19), denominator=Decimal(20), evidence=paper)
    assert [line.count for line in contribute.counted(lines(office))] == [1]
    sign("X-3", numerator=Decimal(1), denominator=Decimal(1), evidence=paper, by=office)
    assert waiting_typed(office).count() == 1
    assert waiting_typed(second_office).count() == 2


def test_a_county_sees_nothing_of_its_neighbour(sign: Any, outsider: Any, department: Any) -> None:
    sign("X-2", numerator=Decimal(19), denominator=Decimal(20))
    assert not list_typed(outsider).exists()
    assert list_typed(department).count() == 1


def test_a_lead_department_is_told_which_signed_figures_are_due(
    rules: None, agencies: Any, department: Any, health_department: Any, paper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = Lead("grain", agencies["health"].pk, "卫健委")
    monkeypatch.setattr(contribute, "lead_lists", [lambda _division: [lead]])
    assert not lines(department)
    (line,) = lines(health_department)
    assert line.count == 5
    board.record_typed_figure(
        code="F19", division_code=COUNTY, as_of=TODAY, agency=agencies["health"], numerator=Decimal(19),
        denominator=Decimal(20), evidence=paper, by=health_department,
    )  # fmt: skip
    assert lines(health_department)[0].count == 4
