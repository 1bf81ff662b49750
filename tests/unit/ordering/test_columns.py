import pytest
from tests.unit.ordering.tables import HEADER, inspections, table, task

from fangxin.engines.ordering import Refusal, Refused, Role, Table, choose_columns


def chosen(train, score, **options):
    return choose_columns(train, score, target="found", key="Inspection_ID", **options)


def test_every_column_gets_the_role_its_values_deserve():
    train, score, _ = task()
    assert chosen(train, score).roles == {
        "found": Role.TARGET,
        "Inspection_ID": Role.KEY,
        "visited": Role.WHEN,
        "licence": Role.ENTITY,
        "trade": Role.CATEGORY,
        "staff": Role.NUMBER,
        "warmth": Role.DAY,
        "Inspector_Name": Role.PERSON,
        "remarks": Role.ONCE,
        "defects": Role.OUTCOME,
    }


@pytest.mark.parametrize("name", ["Inspector_Assigned", "INSPECTOR", "检查人员", "执法人员1", "food officer"])
def test_who_inspects_is_left_out_in_both_languages(name):
    rows = inspections()
    header = [name if column == "Inspector_Name" else column for column in HEADER]
    train = Table.of(header, rows)
    assert chosen(train, train).roles[name] is Role.PERSON


def test_further_columns_are_left_out_on_request():
    train, score, _ = task()
    assert chosen(train, score, exclude=["^trade$"]).roles["trade"] is Role.PERSON


def test_a_finer_entity_column_gives_way_to_the_coarser():
    rows = [[*row, f"{row[2]}-{row[1][:7]}"] for row in inspections(2000, premises=60)]
    train = Table.of([*HEADER, "term"], rows)
    roles = chosen(train, train).roles
    assert (roles["licence"], roles["term"]) == (Role.ENTITY, Role.FINER)


def test_other_dates_are_measures_and_the_latest_is_the_visit():
    rows = [[*row, "2019-05-01" if n % 2 else "2018-03-02"] for n, row in enumerate(inspections())]
    train = Table.of([*HEADER, "opened"], rows)
    roles = chosen(train, train).roles
    assert (roles["visited"], roles["opened"]) == (Role.WHEN, Role.DATE)


def test_a_few_unreadable_values_do_not_turn_a_measure_into_words():
    rows = inspections()
    rows[7][HEADER.index("staff")] = "about ten"
    assert chosen(table(rows), table(rows)).roles["staff"] is Role.NUMBER


def broken(**changes):
    rows = inspections()
    for row in rows:
        for name, value in changes.items():
            row[HEADER.index(name)] = value
    return table(rows)


@pytest.mark.parametrize(
    ("train", "reason"),
    [
        (table([]), Refusal.EMPTY),
        (table(inspections(), without=["found"]), Refusal.NO_TARGET),
        (table(inspections(), without=["Inspection_ID"]), Refusal.NO_KEY),
        (broken(found="2"), Refusal.NOT_BINARY),
        (broken(found=""), Refusal.NOT_BINARY),
        (broken(found="0"), Refusal.ONE_CLASS),
        (table(inspections(30)), Refusal.TOO_FEW),
    ],
)
def test_a_table_that_teaches_nothing_is_refused_with_the_reason(train, reason):
    with pytest.raises(Refused) as refused:
        chosen(train, table(inspections(60)))
    assert refused.value.reason is reason


def test_a_named_date_must_be_one_in_every_row():
    train, score, _ = task()
    with pytest.raises(Refused) as refused:
        chosen(train, score, when="trade")
    assert refused.value.reason is Refusal.NOT_A_DATE


def test_files_with_nothing_in_common_are_refused():
    train, score, _ = task()
    with pytest.raises(Refused) as refused:
        chosen(train, Table({"Inspection_ID": score.columns["Inspection_ID"]}))
    assert refused.value.reason is Refusal.NOTHING_USABLE
