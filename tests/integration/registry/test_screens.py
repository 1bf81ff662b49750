from datetime import date

import pytest
from django.urls import reverse

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.registry.models import ChangeRequest

TODAY = date(2023, 3, 15)
LISTS = ["premises_list", "operators", "credentials", "staff_list", "surveys", "changes", "imports", "duplicates"]


@pytest.fixture
def survey(office, county):
    return registry.open_survey(name="三小普查", division_code=county, started_on=date(2023, 3, 1), by=office)


@pytest.fixture
def entry(survey, restaurant, township_clerk):
    return registry.record_census_entry(
        survey=survey, name_seen="老魏烩面", kind_seen="restaurant", division_code="990101100201",
        address_seen="石门镇解放路12号", phone_seen="13800000001", seen_on=date(2023, 3, 10), by=township_clerk,
    )  # fmt: skip


@pytest.fixture
def person(restaurant, office):
    return registry.add_staff(
        premises=restaurant, name="赵小明", phone="13700000009", role="employee", joined_on=TODAY, by=office
    )


def url(name, *args):
    return reverse(f"registry:{name}", args=args)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_and_exports(name, office, restaurant, licence, person, entry, client_for):
    client = client_for(office)
    assert client.get(url(name)).status_code == 200
    if name != "duplicates":
        assert client.get(url(name), {"_export": "xlsx"}).status_code == 200


@pytest.fixture
def objects(restaurant, operator, licence, person, survey, entry, township_clerk):
    asked = registry.request_change(
        premises=restaurant, changes={"name": "老魏大烩面馆"}, reason="招牌已换", by=township_clerk
    )
    return {
        "premises": restaurant.pk, "premises_edit": restaurant.pk, "premises_close": restaurant.pk,
        "premises_reopen": restaurant.pk, "credential_new": restaurant.pk, "staff_new": restaurant.pk,
        "operator": operator.pk, "operator_edit": operator.pk, "premises_new": operator.pk,
        "credential": licence.pk, "credential_renew": licence.pk, "credential_revoke": licence.pk,
        "staff_end": person.pk, "certificate_new": person.pk, "matching_one": entry.pk, "change": asked.pk,
    }  # fmt: skip


def test_every_page_opens_for_the_office(office, objects, survey, client_for):
    client = client_for(office)
    for name, pk in objects.items():
        assert client.get(url(name, pk)).status_code == 200, name
    for path in (url("survey", survey.pk), url("entry_new", survey.pk), url("survey_close", survey.pk),
                 url("survey_new"), url("operator_new"), url("helper_new"), url("matching"), url("import_new"),
                 url("fact_new", objects["premises"], "catering.open_kitchen"),
                 url("personal", "premises", objects["premises"])):  # fmt: skip
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("who", ["outsider", "other_township_clerk"])
def test_other_places_see_nothing_of_it(who, request, objects, client_for):
    client = client_for(request.getfixturevalue(who))
    for name, pk in objects.items():
        assert client.get(url(name, pk)).status_code in {403, 404}, name
    for kind in ("premises", "operator", "staff", "census"):
        assert client.get(url("personal", kind, objects["premises"])).status_code == 404, kind
    assert "老魏" not in client.get(url("premises_list")).content.decode()


def test_the_administrator_has_no_business_here(administrator, objects, client_for):
    client = client_for(administrator)
    for name in LISTS:
        assert client.get(url(name)).status_code == 403, name
    for name, pk in objects.items():
        assert client.get(url(name, pk)).status_code == 403, name


def test_a_reader_reads_and_changes_nothing(reader, objects, client_for):
    client = client_for(reader)
    assert client.get(url("premises", objects["premises"])).status_code == 200
    for name in ("premises_edit", "premises_close", "credential_new", "staff_end", "matching_one"):
        assert client.get(url(name, objects[name])).status_code == 403, name
    assert client.get(url("personal", "premises", objects["premises"])).status_code == 403


def test_an_operator_sees_only_its_own_and_may_ask(vendor, restaurant, shop, client_for):
    client = client_for(vendor)
    page = client.get(url("premises_list")).content.decode()
    assert "老魏烩面馆" in page
    assert "青杨便民店" not in page
    assert client.get(url("premises", restaurant.pk)).status_code == 200
    assert client.get(url("premises", shop.pk)).status_code == 404
    form = {"name": "老魏羊肉烩面馆", "kind": "restaurant", "address": restaurant.address, "reason": "换招牌",
            "area_m2": "120.00", "seats": "60", "status": "operating", "effective_on": "2023-03-15",
            "phone": ""}  # fmt: skip
    answer = client.post(url("change_new", restaurant.pk), form)
    assert answer.status_code == 302
    assert ChangeRequest.objects.get().changes == {"name": ["老魏烩面馆", "老魏羊肉烩面馆"]}
    assert client.get(url("change_new", shop.pk)).status_code == 404
    assert client.get(answer.url).status_code == 200


def test_another_school_does_not_see_the_operators_places(principal, restaurant, client_for):
    client = client_for(principal)
    assert client.get(url("premises", restaurant.pk)).status_code == 404


def test_registering_from_operator_to_credential(office, county, client_for):
    client = client_for(office)
    form = {"name": "新来饭店", "kind": "self_employed", "uscc": "", "division_code": "990101100"}
    answer = client.post(url("operator_new"), form)
    assert answer.status_code == 302
    place = {"name": "新来饭店", "kind": "restaurant", "division_code": "990101100201", "seats": "80",
             "address": "街口", "opened_on": "2023-03-01"}  # fmt: skip
    answer = client.post(answer.url, place)
    premises = registry.Premises.objects.get(name="新来饭店")
    assert answer.url == url("premises", premises.pk)
    assert premises.size_class == "medium"
    paper = {"kind": "small_shop_registration", "number": "甲001", "issued_on": "2023-03-10"}
    assert client.post(url("credential_new", premises.pk), paper).status_code == 302
    assert premises.credentials.get().expires_on == date(2026, 3, 9)


def test_editing_says_from_which_day_and_leaves_the_hidden_phone(office, restaurant, client_for):
    client = client_for(office)
    form = {"name": restaurant.name, "kind": "canteen", "division_code": restaurant.division_code, "phone": "",
            "address": restaurant.address, "area_m2": "120.00", "seats": "60", "opened_on": "2021-05-01",
            "status": "operating", "effective_on": "2023-03-01"}  # fmt: skip
    page = client.get(url("premises_edit", restaurant.pk)).content.decode()
    assert "13800000001" not in page
    assert client.post(url("premises_edit", restaurant.pk), form).status_code == 302
    restaurant.refresh_from_db()
    assert (restaurant.kind, restaurant.phone, restaurant.has_history) == ("canteen", "13800000001", True)


def test_a_services_reason_stands_on_the_form(office, restaurant, client_for):
    client = client_for(office)
    answer = client.post(url("premises_close", restaurant.pk), {"closed_on": "2023-04-01", "reason": "歇业"})
    assert answer.status_code == 200
    assert "日期还没有到" in answer.content.decode()


def test_personal_data_are_masked_until_a_purpose_is_given(inspector, restaurant, operator, person, client_for):
    client = client_for(inspector)
    for path in (url("premises", restaurant.pk), url("operator", operator.pk), url("staff_list")):
        page = client.get(path).content.decode()
        for secret in ("13800000001", "13700000009", "魏某", "赵小明"):
            assert secret not in page, (path, secret)
    path = url("personal", "staff", person.pk)
    assert "赵小明" not in client.get(path).content.decode()
    assert "13700000009" not in client.post(path, {"purpose": "inspection", "text": ""}).content.decode()
    answer = client.post(path, {"purpose": "inspection", "text": "3 月 15 日检查"})
    assert "13700000009" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    told = ledger.entries_of("registry.staff", str(person.pk)).filter(event="people.personal_data.viewed").get()
    assert "检查" in told.data


def test_the_export_of_people_holds_no_names_or_phones(office, person, client_for):
    from io import BytesIO

    from openpyxl import load_workbook

    content = client_for(office).get(url("staff_list"), {"_export": "xlsx"}).content
    cells = [str(c) for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True) for c in row]
    assert not {"赵小明", "13700000009"} & set(cells)


@pytest.mark.parametrize(
    ("name", "parameter", "bad"),
    [
        ("premises_list", "text", "\x00'--"), ("premises_list", "township", "abc"), ("premises_list", "page", "x"),
        ("premises_list", "page", "99999999999999999999"), ("premises_list", "sort", "nothing"),
        ("premises_list", "text", "长" * 5000), ("credentials", "state", "?"), ("staff_list", "certified", "??"),
        ("duplicates", "township", "9" * 30), ("surveys", "sort", "-seen"),
    ],
)  # fmt: skip
def test_bad_questions_get_a_page(name, parameter, bad, office, restaurant, client_for):
    assert client_for(office).get(url(name), {parameter: bad}).status_code == 200


def test_numbers_beyond_the_database_are_not_found(office, county, client_for):
    client = client_for(office)
    for name in ("premises", "operator", "credential", "survey", "change", "import", "matching_one"):
        assert client.get(url(name, 10**30)).status_code == 404, name
        assert client.get(url(name, 0)).status_code == 404, name
    assert client.get(url("personal", "nobody", 1)).status_code == 404
    assert client.get(url("import_template", "nothing")).status_code == 404


def test_writing_asks_for_post(office, entry, survey, client_for):
    client = client_for(office)
    for path in (url("decide", entry.pk), url("reconsider", entry.pk), url("match_exact", survey.pk)):
        assert client.get(path).status_code == 405


def test_search_by_name_number_code_and_licence(office, restaurant, licence, shop, operator, client_for):
    client = client_for(office)
    for text in ("烩面", restaurant.number, operator.uscc[:10], licence.number[:9].lower()):
        page = client.get(url("premises_list"), {"text": text}).content.decode()
        assert "老魏烩面馆" in page, text
        assert "青杨便民店" not in page, text


def test_filters_by_paper(office, restaurant, licence, shop, client_for):
    client = client_for(office)
    page = client.get(url("premises_list"), {"paper": "none"}).content.decode()
    assert "青杨便民店" in page
    assert "老魏烩面馆" not in page
    with ledger.clock.held_at(date(2026, 4, 1)):
        assert "老魏烩面馆" in client.get(url("premises_list"), {"paper": "expiring"}).content.decode()
    with ledger.clock.held_at(date(2026, 6, 1)):
        assert "老魏烩面馆" in client.get(url("premises_list"), {"paper": "expired"}).content.decode()


@pytest.mark.parametrize("name", ["premises_list", "credentials", "staff_list", "operators"])
def test_ten_more_rows_add_no_query(
    name, office, restaurant, licence, person, client_for, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_for(office)
    client.get(url(name))
    with CaptureQueriesContext(connection) as few:
        client.get(url(name))
    for number in range(10):
        operator = registry.register_operator(
            name=f"另一家{number}", kind="individual", division_code="990101100", by=office
        )
        place = registry.register_premises(
            operator=operator, name=f"店{number}", kind="small_shop", division_code="990101100", by=office
        )
        registry.issue_credential(premises=place, kind="stall_card", issued_on=TODAY, by=office)
        registry.add_staff(premises=place, name="某", role="employee", joined_on=TODAY, by=office)
    with CaptureQueriesContext(connection) as many:
        client.get(url(name))
    assert len(many) == len(few)


def test_work_of_today_names_what_waits(office, township_clerk, vendor, restaurant, licence, entry, client_for):
    from fangxin.kernel.contributing import api as contribute
    from fangxin.kernel.registry import offers

    registry.request_change(premises=restaurant, changes={"name": "新名"}, reason="更正", by=township_clerk)
    assert [line.kind for line in contribute.counted(offers.work(office))] == ["new", "new"]
    assert [line.count for line in contribute.counted(offers.work(township_clerk))] == [1]
    with ledger.clock.held_at(date(2026, 5, 1)):
        assert "30 日内到期" in str([line.label for line in contribute.counted(offers.work(office))])
        assert "30 日内到期" in str([line.label for line in contribute.counted(offers.work(vendor))])
    with ledger.clock.held_at(date(2026, 6, 1)):
        assert [line.kind for line in contribute.counted(offers.work(vendor))] == ["overdue"]


def test_the_life_of_premises_is_told_to_those_who_may_see_it(office, outsider, restaurant, licence):
    from fangxin.kernel.registry import offers

    registry.change_premises(premises=restaurant, name="老魏老店", effective_on=TODAY, by=office)
    told = offers.timeline(office, "registry.premises", str(restaurant.pk))
    assert "老魏烩面馆 → 老魏老店" in " ".join(str(moment.text) for moment in told)
    assert {"登记证件", "登记经营场所"} <= {str(moment.kind) for moment in told}
    assert offers.timeline(outsider, "registry.premises", str(restaurant.pk)) == []
    assert offers.timeline(office, "registry.premises", "x") == []
    assert offers.search(outsider, "老魏", 5) == []
    assert offers.search(office, "老魏", 5)


def test_anybody_can_verify_a_credential_without_signing_in(client, licence, restaurant, office):
    page = client.get(reverse("portal:verify", args=[licence.token]))
    text = page.content.decode()
    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "有效" in text
    assert "魏某" not in text
    assert "13800000001" not in text
    registry.revoke_credential(credential=licence, on=TODAY, reason="注销", by=office)
    assert "已失效" in client.get(reverse("portal:verify", args=[licence.token])).content.decode()
    assert "查不到" in client.get(reverse("portal:verify", args=["x" * 22])).content.decode()


def test_verifying_by_number_needs_the_whole_number(client, licence):
    form = reverse("portal:verify_form")
    assert client.get(form).status_code == 200
    assert licence.premises.name in client.get(form, {"number": licence.number}).content.decode()
    for text in (licence.number[:-1], licence.number[:10], "%", "______", "\x00" * 8, "长" * 400):
        page = client.get(form, {"number": text})
        assert page.status_code in {200, 404}, text
        assert licence.premises.name not in page.content.decode(), text


def test_the_printed_credential_carries_its_code(office, licence, client_for):
    page = client_for(office).get(url("credential", licence.pk)).content.decode()
    assert "<svg" in page
    assert licence.token in page
