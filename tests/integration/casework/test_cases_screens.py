"""The pages of penalty cases: who reads and does what, what is refused in plain words."""

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.integration.casework.cases_world import CLEAN
from tests.integration.casework.conftest import PNG

from fangxin.kernel.casework import offers_cases
from fangxin.kernel.casework.models import Case
from fangxin.kernel.casework.services import cases, cases_papers
from fangxin.kernel.contributing import api as contribute

pytestmark = pytest.mark.django_db


def do(client, case, action, **data):
    return client.post(reverse("casework:act_case", args=[case.pk, action]), data)


def test_a_case_is_led_through_its_pages(case_world, client_for):
    officer, head, reviewer = (client_for(u) for u in (case_world.officer, case_world.head, case_world.reviewer))
    page = officer.get(reverse("casework:new_case"))
    assert page.status_code == 200
    sent = officer.post(reverse("casework:new_case"), {
        "party_name": "石门饭店", "party_kind": "organization", "subject_kind": "restaurant", "division_code": "990101100",
        "offence": "expired_food", "facts": "过期牛奶", "source": "inspection", "clue_on": "2023-03-15",
        "agency": case_world.agencies["market"].pk, "officers": [case_world.officer.pk, case_world.second.pk],
    })  # fmt: skip
    case = Case.objects.get()
    assert sent.headers["Location"] == case.get_absolute_url()
    assert do(officer, case, "filed").status_code == 403
    assert do(head, case, "filed", text="").status_code == 302
    assert do(officer, case, "facts_recorded", offence="expired_food", facts="查明", subject_kind="restaurant",
              party_kind="organization", began_on="2023-03-01", ended_on="2023-03-10", goods_value="60",
              illegal_gain="20").status_code == 302  # fmt: skip
    told = {True: "yes", False: "no"}
    answers = {name: told[value] if isinstance(value, bool) else value for name, value in CLEAN.items()}
    assert do(officer, case, "screened", **answers).status_code == 302
    assert case.screenings.get().answer == "silent"
    refused = do(officer, case, "review_asked", proposed_fine="100001", proposed_penalty="没收")
    assert "超出法定幅度" in refused.content.decode()
    assert do(officer, case, "review_asked", proposed_fine="50000", proposed_penalty="没收").status_code == 302
    assert do(officer, case, "review_passed", text="同意").status_code == 403
    assert do(reviewer, case, "review_passed", text="同意").status_code == 302
    assert do(officer, case, "notified", text="当面送达").status_code == 302
    assert do(officer, case, "statement_heard", text="无异议", waived="on").status_code == 302
    assert do(reviewer, case, "decided", fine="50000", penalty="没收", publicity="long").status_code == 403
    assert do(head, case, "decided", fine="50000", penalty="没收", publicity="long").status_code == 302
    page = officer.get(case.get_absolute_url()).content.decode()
    assert "第一百二十四条" in page
    assert "公示处罚信息" in page
    assert "2023-03-15" in page


def test_unanswered_questions_are_kept_as_unclear(case_world, client_for):
    case = case_world.filed()
    do(client_for(case_world.officer), case, "screened", toxic_material="no", injured="")
    screening = case.screenings.get()
    assert screening.answer == "manual"
    assert (screening.facts["toxic_material"], screening.facts["meat"], screening.facts["injured"]) == (
        False,
        None,
        None,
    )
    form = client_for(case_world.officer).get(reverse("casework:act_case", args=[case.pk, "screened"]))
    assert form.context["form"].initial["toxic_material"] == "no"


def test_files_and_papers_come_back_to_those_who_may_read_the_case(case_world, client_for, outsider, vendor):
    case = case_world.filed()
    officer = client_for(case_world.officer)
    from django.core.files.uploadedfile import SimpleUploadedFile

    do(officer, case, "evidence_added", kind="photo", uploads=SimpleUploadedFile("a.png", PNG), text="过期牛奶")
    url = reverse("casework:issue_case_paper", args=[case.pk, "filing"])
    assert officer.post(url, {"mark": "云市监立", "opinion": "建议立案"}).status_code == 302
    addresses = [
        reverse("casework:case_evidence", args=[case.evidence.get().pk]),
        reverse("casework:case_paper", args=[case.papers.get().pk]),
        case.get_absolute_url(),
    ]
    for address in addresses:
        assert officer.get(address).status_code == 200
        assert client_for(outsider).get(address).status_code == 404
        assert client_for(vendor).get(address).status_code == 403


def test_another_township_another_county_and_the_shop_see_nothing(
    case_world,
    client_for,
    other_township_clerk,
    outsider,
    vendor,
    principal,
    reader,
    administrator,
    township_clerk,
    office,
):
    case = case_world.filed()
    for user in (other_township_clerk, outsider):
        client = client_for(user)
        assert case.party_name not in client.get(reverse("casework:cases")).content.decode()
        assert client.get(case.get_absolute_url()).status_code == 404
        assert do(client, case, "withdrawn", text="x").status_code == 404
    for user in (vendor, principal, reader, administrator):
        assert client_for(user).get(reverse("casework:cases")).status_code == 403
        assert client_for(user).get(case.get_absolute_url()).status_code == 403
    for user in (township_clerk, office):
        assert client_for(user).get(case.get_absolute_url()).status_code == 200
        assert do(client_for(user), case, "withdrawn", text="x").status_code == 403


def test_another_department_reads_but_does_not_act(case_world, client_for, health_department):
    case = case_world.filed()
    assert client_for(health_department).get(case.get_absolute_url()).status_code == 200
    assert do(client_for(health_department), case, "withdrawn", text="x").status_code == 403
    url = reverse("casework:issue_case_paper", args=[case.pk, "filing"])
    assert client_for(health_department).get(url).status_code == 403


@pytest.mark.parametrize("query", ["state=x", "town=990102", "clock=late", "clock=soon", "group=police", "mine=1", "waiting=review",
                                   "waiting=decide", "q=%00", "offence=%F0", "_export=xlsx"])  # fmt: skip
def test_the_list_filters_and_survives_nonsense(case_world, client_for, query):
    case_world.filed()
    assert client_for(case_world.officer).get(reverse("casework:cases") + "?" + query).status_code == 200


@pytest.mark.parametrize("address", ["casework:case", "casework:case_evidence", "casework:case_paper"])
def test_numbers_no_database_holds_are_not_found(case_world, client_for, address):
    assert client_for(case_world.officer).get(reverse(address, args=[10**30])).status_code == 404


@pytest.mark.parametrize(("action", "data"), [
    ("facts_recorded", {"offence": "x\0", "facts": "", "goods_value": "-1", "ended_on": "2023-13-40"}),
    ("facts_recorded", {"offence": "expired_food", "facts": "x", "subject_kind": "restaurant", "party_kind": "person",
                        "ended_on": "2033-01-01"}),
    ("goods_handled", {"item": "9" * 40, "text": "x"}),
    ("officers_named", {"officers": ["9" * 40]}),
    ("screened", {"injured": "9" * 40, "toxic_material": "maybe"}),
    ("review_asked", {"proposed_fine": "NaN"}),
])  # fmt: skip
def test_bad_input_is_answered_in_the_form(case_world, client_for, action, data):
    case = case_world.filed()
    if action == "goods_handled":
        cases.take_goods(case=case, kind="seized", goods="牛奶", place="库房", by=case_world.officer)
    before = case.steps.count()
    page = do(client_for(case_world.officer), case, action, **data)
    assert page.status_code == 200
    assert case.steps.count() == before


def test_a_subject_and_a_matter_lead_to_the_clue(case_world, client_for, open_matter):
    matter = open_matter()
    page = client_for(case_world.officer).get(matter.get_absolute_url()).content.decode()
    address = reverse("casework:new_case") + f"?matter={matter.pk}"
    assert address in page
    form = client_for(case_world.officer).get(address).context["form"]
    assert form.initial["facts"] == matter.hazard
    case = case_world.clue(matter=matter)
    assert case.number in client_for(case_world.officer).get(matter.get_absolute_url()).content.decode()
    assert matter.number in client_for(case_world.officer).get(case.get_absolute_url()).content.decode()


def test_ten_more_cases_add_no_query(case_world, client_for, django_assert_max_num_queries):
    from django.db import connection

    client, address = client_for(case_world.head), reverse("casework:cases")
    case_world.clue()
    client.get(address)
    with CaptureQueriesContext(connection) as first:
        client.get(address)
    for _n in range(10):
        case_world.clue()
    with CaptureQueriesContext(connection) as second:
        client.get(address)
    assert len(second) == len(first)


def test_work_of_the_day_tells_each_what_waits(case_world, office):
    clue = case_world.clue()
    case = case_world.investigated()
    from decimal import Decimal

    cases.ask_review(
        case=case, proposed_fine=Decimal(50_000), proposed_penalty="", fine_reason="", by=case_world.officer
    )
    assert counts(case_world.head) == {"waiting=review": 1, "waiting=decide": 1}
    assert counts(case_world.officer) == {}
    assert counts(office) == {}
    clue.clocks.update(due_at="2023-03-14T00:00:00+08:00")
    assert counts(case_world.officer) == {"mine=1&clock=late": 1}


def counts(user):
    from fangxin.kernel.contributing.waiting import counted

    return {item.url.split("?")[1]: item.count for item in counted(offers_cases.work(user))}


def test_search_and_timeline_find_the_case(case_world, outsider):
    case = case_world.filed()
    assert [hit.url for hit in offers_cases.search(case_world.officer, "石门饭", 5)] == [case.get_absolute_url()]
    assert not offers_cases.search(outsider, "石门饭", 5)
    moments = offers_cases.timeline(case_world.officer, "registry.premises", "7")
    assert ["批准立案" in str(moment.text) for moment in moments] == [True]
    assert not offers_cases.timeline(outsider, "registry.premises", "7")


def test_every_act_has_a_form_and_every_step_a_word(case_world):
    from fangxin.kernel.casework.models import CaseStep
    from fangxin.kernel.casework.rules_cases import ORDER
    from fangxin.kernel.casework.views.cases_acts import ACTS, PAPER_FORMS

    assert set(ORDER) == set(ACTS)
    assert set(PAPER_FORMS) == set(cases_papers.WRITERS) == set(cases_papers.STATES)
    offered = {event.name for event in contribute.events}
    assert {f"casework.case.{action}" for action in CaseStep.Action.values} <= offered
