"""Lists and searches behave the same on a register too long to count for every page."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.registry import selectors
from fangxin.kernel.registry.data import NewOperator, NewPremises
from fangxin.kernel.registry.models import Operator, Premises
from fangxin.kernel.screens import lists

NAMES = ("丙记面馆", "甲记面馆", "丁记小吃", "乙记小吃")
ADDRESSES = ("四号", "三号", "二号", "一号")


@pytest.fixture
def places(county, office):
    code = "990101100201"
    registry.load(
        operators=[NewOperator(key=n, name=n, kind="individual", division_code=code) for n in NAMES],
        premises=[
            NewPremises(key=n, operator=n, name=n, kind="restaurant", division_code=code, address=a)
            for n, a in zip(NAMES, ADDRESSES, strict=True)
        ],
        by=office,
    )


@pytest.fixture
def long_from_three(monkeypatch):
    monkeypatch.setattr(lists, "MOST_LISTED", 2)


@pytest.fixture
def listed(client_for, office):
    def get(**query):
        return client_for(office).get(reverse("registry:premises_list"), query)

    return get


def names(response):
    return [row.record.name for row in response.context["table"].paginated_rows]


def test_a_long_list_says_that_it_is_longer_and_counts_all_when_asked(places, long_from_three, listed):
    page = listed()
    assert "超过 2 条" in page.content.decode()
    assert page.context["table"].paginator.count == 2
    assert "共 4 条" in listed(_count="all").content.decode()


def test_a_list_of_just_the_most_is_counted_and_sorted_as_any_other(places, monkeypatch, listed):
    monkeypatch.setattr(lists, "MOST_LISTED", 4)
    page = listed(sort="address")
    assert "共 4 条" in page.content.decode()
    assert names(page) == [n for _a, n in sorted(zip(ADDRESSES, NAMES, strict=True))]


def test_a_long_list_sorts_by_indexed_columns_only(places, long_from_three, listed):
    columns = listed().context["table"].columns
    assert [c.name for c in columns if c.orderable] == ["township"]
    assert names(listed(sort="address")) == names(listed())


def test_narrowed_below_the_most_every_column_sorts_again(places, long_from_three, listed):
    assert names(listed(text="小吃", sort="-address")) == ["丁记小吃", "乙记小吃"]


def test_the_export_of_a_long_list_is_whole(places, long_from_three, listed):
    sheet = load_workbook(BytesIO(listed(_export="xlsx").content)).active
    assert sheet.max_row == 1 + len(NAMES)


def test_above_the_counties_a_county_is_chosen(places, agencies, client_for):
    clerk = people.User.objects.create(username="above", name="省办 程远")
    people.give_post(
        user=clerk, agency=agencies["office"], role="office", division_code="99", starts_on=date(2022, 1, 1), by=None
    )
    page = client_for(clerk).get(reverse("registry:premises_list"), {"township": "990102"})
    assert [code for code, _name in page.context["filter"].form.fields["township"].choices if code] == [
        "990101", "990102",
    ]  # fmt: skip
    assert names(page) == []


@pytest.mark.parametrize("most", [1, 100])
def test_a_part_of_a_name_finds_the_same_however_many_there_are(places, monkeypatch, most):
    monkeypatch.setattr(selectors, "MOST_LOOKED_UP", most)
    found = selectors.find_premises(Premises.objects.all(), "面馆")
    assert set(found.values_list("name", flat=True)) == {"丙记面馆", "甲记面馆"}


def test_an_operator_is_found_by_code_and_by_a_part_of_the_name(places, operator):
    every = Operator.objects.all()
    assert list(selectors.find_operators(every, f" {operator.uscc.lower()} ")) == [operator]
    assert selectors.find_operators(every, "甲记").get().name == "甲记面馆"


def test_an_export_reads_each_column_as_the_table_shows_it(places, listed):
    table = listed().context["table"]
    for column in table.columns:
        read = lists.cell_reader(table, column.name)
        for row in table.paginated_rows:
            assert read(row) == row.get_cell_value(column.name), column.name
