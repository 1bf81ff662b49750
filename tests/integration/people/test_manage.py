import pytest
from tests.conftest import COUNTY, OTHER_COUNTY, TOWN

from fangxin.kernel.people import api as people

pytestmark = pytest.mark.django_db


def test_the_administrator_makes_an_account_and_gives_it_a_post(administrator, agencies, client_for):
    client = client_for(administrator)
    client.post("/people/users/new/", {"username": "li.mu", "name": "李木", "phone": "", "password": "Mulberry-23"})
    person = people.User.objects.get(username="li.mu")
    data = {
        "agency": agencies["town"].pk, "role": "township", "division_code": TOWN, "title": "",
        "starts_on": "2023-03-01", "ends_on": "",
    }  # fmt: skip
    assert client.post(f"/people/users/{person.pk}/posts/new/", data).status_code == 302
    assert people.User.objects.get(pk=person.pk).can("console.use", TOWN)


def test_a_post_outside_the_administrators_divisions_is_refused(administrator, agencies, client_for, township_clerk):
    data = {
        "agency": agencies["town"].pk, "role": "township", "division_code": OTHER_COUNTY, "title": "",
        "starts_on": "2023-03-01", "ends_on": "",
    }  # fmt: skip
    answer = client_for(administrator).post(f"/people/users/{township_clerk.pk}/posts/new/", data)
    assert "只能安排您管理范围内的区划" in answer.content.decode()


@pytest.mark.parametrize("path", ["/people/users/", "/people/agencies/", "/people/divisions/"])
def test_clerks_do_not_manage(township_clerk, client_for, path):
    assert client_for(township_clerk).get(path).status_code == 403


def test_accounts_of_another_county_are_not_there(administrator, outsider, client_for):
    client = client_for(administrator)
    assert "outsider" not in client.get("/people/users/").content.decode()
    assert client.get(f"/people/users/{outsider.pk}/").status_code == 404


def test_ten_more_accounts_add_no_query(administrator, agencies, client_for, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_for(administrator)
    client.get("/people/users/")
    with CaptureQueriesContext(connection) as before:
        client.get("/people/users/")
    for n in range(10):
        people.create_user(username=f"extra.{n}", name=f"另 {n}", by=None)
    with django_assert_num_queries(len(before)):
        client.get("/people/users/")


def test_an_agency_keeps_the_names_documents_give_it(administrator, agencies, client_for):
    agency = agencies["market"]
    data = {
        "name": agency.name, "short_name": agency.short_name, "kind": agency.kind, "division_code": COUNTY,
        "phone": "", "active": "on", "other_names": "市监局\n县市监局",
    }  # fmt: skip
    assert client_for(administrator).post(f"/people/agencies/{agency.pk}/", data).status_code == 302
    assert people.find_agency("市监局", COUNTY) == agency


@pytest.mark.parametrize("pk", ["0", str(10**30)])
def test_impossible_numbers_are_not_found(administrator, client_for, pk):
    assert client_for(administrator).get(f"/people/users/{pk}/").status_code == 404
