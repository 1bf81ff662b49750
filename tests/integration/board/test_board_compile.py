"""A condition holds on the same rows whether the engine looks at them or the database does, missing values included."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import BooleanField, Case, CharField, DecimalField, F, Q, QuerySet, Value, When
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fangxin.engines.indicators import evaluate, parse
from fangxin.kernel.people.api import Division
from fangxin.oversight.board.compile import fails, holds

pytestmark = pytest.mark.django_db

FIELDS = ("kind", "size", "other", "day", "flag", "share")
SIZES, KINDS, DAYS = (None, 0, 1, 2), (None, "A", "B"), (None, date(2022, 5, 19), date(2024, 12, 31))


@pytest.fixture
def table(db: None) -> "QuerySet[Division]":
    """Columns of every kind, each missing in some rows: text, two numbers, a day, a flag, a decimal."""
    made = [
        Division(
            code=f"99010{n}", name=str(n), kind="county", note=kind or "", population=size, valid_from=day,
            latitude=None if n % 3 == 0 else n % 2,
        )
        for n, (kind, size, day) in enumerate((k, s, d) for k in KINDS for s in SIZES for d in DAYS)
    ]  # fmt: skip
    Division.objects.bulk_create(made)
    second = Case(When(latitude=0, then=Value(0)), When(latitude=1, then=Value(1)))
    flag = Case(
        When(population__lt=1, then=Value(True)), When(population__gte=1, then=Value(False)),
        output_field=BooleanField(null=True),
    )  # fmt: skip
    share = Case(When(population__gte=1, then=Value(Decimal("8.5"))), output_field=DecimalField(null=True))
    kind = Case(When(~Q(note=""), then=F("note")), output_field=CharField(null=True))
    return Division.objects.values("pk").annotate(
        kind=kind, size=F("population"), other=second, day=F("valid_from"), flag=flag, share=share
    )


leaves = st.sampled_from(
    [
        "size == 1", "size != 1", "size < 2", "size >= 1", "size == other", "size != other", "size <= other",
        'kind == "A"', 'kind != "A"', 'kind in ["A", "B"]', 'kind not in ["A"]', "size in [0, 2]", "size not in [1]",
        'day <= "2023-01-01"', 'day == "2022-05-19"', 'day != "2022-05-19"', "flag", "flag == False", "flag != True",
        "kind == None", "kind != None", "size == None", "flag == None", "share > 8.4", "share != 8.5", "True", "False",
    ]
)  # fmt: skip
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(lambda a: f"not ({a})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}) and ({p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}) or ({p[1]})"),
    ),
    max_leaves=6,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conditions)
def test_database_and_engine_agree_on_every_row(table: "QuerySet[Division]", text: str) -> None:
    condition = parse(text)
    records = list(table.values("pk", *FIELDS))
    expected = {record["pk"] for record in records if evaluate(condition, record)}
    assert {row["pk"] for row in table.filter(holds(condition))} == expected
    assert {row["pk"] for row in table.filter(fails(condition))} == {r["pk"] for r in records} - expected
