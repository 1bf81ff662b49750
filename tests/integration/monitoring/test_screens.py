"""Pages of risk monitoring: who sees what, what is typed, what goes wrong in words."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fangxin.actions.monitoring import offers
from fangxin.actions.monitoring.models import Assessment, Batch, Consultation, Signal, Survey
from fangxin.actions.monitoring.services import consulting, detecting, dossier, signals
from fangxin.kernel.contributing.waiting import counted

pytestmark = pytest.mark.django_db
COUNTY = "990101"
GOOD = ["S1", "大米", "谷类", "镉", "0.052", "mg/kg", "0.002", "0.006", "2023-03-01", "石门镇"]
PAGES = (
    "home", "measurements", "batches", "surveys", "hazards", "assessments", "signals", "consultations", "decisions",
)  # fmt: skip
WRITING = ("import", "survey_new", "assess", "signal_new", "consultation_new")


@pytest.fixture
def filled(load, rising, diet, health_department, office, agencies):
    """Everything once: results, an assessment near its value, a signal, a consultation with a decision."""
    from fangxin.actions.monitoring.services import assessing
    from fangxin.engines.exposure import Mode

    load(rising(times=12.0))
    question = assessing.Question(
        COUNTY, "Cd", "general", date(2022, 1, 1), date(2023, 3, 15), Mode.CHRONIC, "Cd:TWI:EFSA20092011"
    )
    assessed = assessing.assess(question=question, by=health_department)
    detecting.detect(division_code=COUNTY, by=health_department)
    talk = consulting.arrange(
        title="稻米镉会商", division_code=COUNTY, planned_on=date(2023, 3, 15), convened_by=agencies["office"],
        agencies=[agencies["farm"]], by=office,
    )  # fmt: skip
    signal = Signal.objects.get(kind="concentration")
    signals.confirm(signal=signal, finding="属实", by=office)
    consulting.put_on_agenda(consultation=talk, signal=signal, by=office)
    consulting.add_assessments(consultation=talk, assessments=[assessed], by=office)
    consulting.hold(consultation=talk, held_on=date(2023, 3, 15), chair="主任", by=office)
    decision = consulting.decide(
        consultation=talk, text="排查", owner=agencies["farm"], due_on=date(2023, 4, 1), by=office
    )
    dossier.make_dossier(consultation=talk, by=office)
    return {"batch": Batch.objects.get(), "survey": Survey.objects.get(), "assessment": assessed, "signal": signal,
            "consultation": talk, "check": decision}  # fmt: skip


def test_every_page_opens_for_those_who_consult(filled, office, reader, client_for):
    for name in PAGES:
        for person in (office, reader):
            assert client_for(person).get(reverse(f"monitoring:{name}")).status_code == 200, name
    for name in WRITING:
        assert client_for(office).get(reverse(f"monitoring:{name}")).status_code == 200, name
        assert client_for(reader).get(reverse(f"monitoring:{name}")).status_code == 403, name
    for name, row in filled.items():
        assert client_for(office).get(reverse(f"monitoring:{name}", args=[row.pk])).status_code == 200, name


@pytest.mark.parametrize("who", ["township_clerk", "inspector", "principal", "vendor", "administrator"])
def test_others_have_no_pages_here(who, request, client_for):
    client = client_for(request.getfixturevalue(who))
    assert {client.get(reverse(f"monitoring:{name}")).status_code for name in (*PAGES, *WRITING)} == {403}


def test_the_next_county_sees_nothing_of_it(filled, outsider, client_for):
    client = client_for(outsider)
    for name, row in filled.items():
        assert client.get(reverse(f"monitoring:{name}", args=[row.pk])).status_code == 404, name
    talk = filled["consultation"]
    assert client.get(reverse("monitoring:dossier", args=[talk.pk])).status_code == 404
    for name in ("hold", "decide", "cancel"):
        assert client.post(reverse("monitoring:consultation_act", args=[talk.pk, name])).status_code == 404
    assert "镉" not in client.get(reverse("monitoring:measurements")).content.decode().split("<tbody")[1]
    assert filled["signal"].number not in client.get(reverse("monitoring:signals")).content.decode()
    assert not offers.may_see_evidence(outsider, talk.dossier_id)


@pytest.mark.parametrize("name", ["batch", "survey", "assessment", "signal", "consultation", "check"])
def test_keys_that_name_nothing_are_not_found(name, office, client_for):
    for key in (999_999, 10**30):
        assert client_for(office).get(reverse(f"monitoring:{name}", args=[key])).status_code == 404


def test_a_sheet_goes_in_by_the_page_and_a_bad_one_says_which_row(sheet, health_department, client_for):
    client = client_for(health_department)

    def send(*rows):
        file = SimpleUploadedFile("监测.xlsx", sheet(*rows))
        return client.post(
            reverse("monitoring:import"), {"division_code": COUNTY, "source": "疾控中心", "file": file}, follow=True
        )

    refused = send(GOOD, [*GOOD[:4], "大约一点", *GOOD[5:]]).content.decode()
    assert "第 3 行" in refused
    assert not Batch.objects.exists()
    assert "已导入 1 条" in send(GOOD).content.decode()
    batch = Batch.objects.get()
    client.post(reverse("monitoring:batch_act", args=[batch.pk, "withdraw"]), {"why": "重报"})
    batch.refresh_from_db()
    assert batch.withdrawn_why == "重报"


def test_an_assessment_by_the_page_says_it_is_no_verdict(filled, health_department, client_for):
    client = client_for(health_department)
    page = client.get(reverse("monitoring:assess_hazard", args=["Cd"])).content.decode()
    assert "PTMI" in page
    values = {
        "division_code": COUNTY, "people": "general", "mode": "chronic", "since": "2022-01-01", "until": "2023-03-15",
        "reference_point": "Cd:PTMI:JECFA73rd2010",
    }  # fmt: skip
    done = client.post(reverse("monitoring:assess_hazard", args=["Cd"]), values, follow=True).content.decode()
    assert "不是对任何食品或者经营者的判定" in done
    assert Assessment.objects.count() == 2
    wrong = client.post(
        reverse("monitoring:assess_hazard", args=["Cd"]), values | {"since": "昨天", "reference_point": "Pb:PTWI"}
    )
    assert wrong.status_code == 200
    assert Assessment.objects.count() == 2


def test_a_township_may_not_choose_another_county(filled, health_department, client_for):
    values = {
        "division_code": "990102", "people": "general", "mode": "chronic", "since": "2022-01-01", "until": "2023-03-15",
        "reference_point": "Cd:PTMI:JECFA73rd2010",
    }  # fmt: skip
    client_for(health_department).post(reverse("monitoring:assess_hazard", args=["Cd"]), values)
    assert Assessment.objects.count() == 1


def test_a_consultation_from_arranging_to_the_look_at_its_effect(filled, office, agencies, client_for):
    client, page = client_for(office), lambda name, **kw: reverse(f"monitoring:{name}", **kw)
    client.post(
        page("consultation_new"),
        {"division_code": COUNTY, "title": "第二次会商", "planned_on": "2023-03-15", "convened_by": agencies["office"].pk,
         "agencies": [agencies["health"].pk]},
    )  # fmt: skip
    talk = Consultation.objects.get(title="第二次会商")
    waiting = Signal.objects.get(kind="exposure")

    def act(name, **values):
        return client.post(page("consultation_act", args=[talk.pk, name]), values, follow=True).content.decode()

    assert waiting.number in act("signals", signals=[waiting.pk])
    client.post(page("signal_act", args=[waiting.pk, "confirm"]), {"finding": "属实"})
    participant = talk.participants.order_by("pk").last()
    client.post(page("opinion", args=[talk.pk, participant.pk]), {"came": "on", "who_came": "", "opinion": "同意"})
    act("hold", held_on="2023-03-15", chair="主任", place="")
    assert "决定会立为问题事项" in client.get(page("consultation_act", args=[talk.pk, "decide"])).content.decode()
    act("decide", text="调整种植", owner=agencies["farm"].pk, due_on="2023-05-01", check_on="")
    assert "已形成结论" in act("conclude", level="high", conclusion="须处置")
    waiting.refresh_from_db()
    assert waiting.state == "acted"
    decision = talk.decisions.get()
    client.post(page("check", args=[decision.pk]), {"outcome": "effective", "text": "新季下降"})
    decision.refresh_from_db()
    assert decision.outcome == "effective"
    assert client.post(page("consultation_act", args=[talk.pk, "decide"])).status_code == 403
    assert client.get(page("consultation_act", args=[talk.pk, "dossier"])).status_code == 302


@pytest.mark.parametrize("key", ["1" + "0" * 30, "-1", "x", "1\0"])
def test_agencies_that_cannot_be_are_a_word_on_the_form(office, client_for, key):
    values = {
        "division_code": COUNTY,
        "title": "会商",
        "planned_on": "2023-03-15",
        "convened_by": key,
        "agencies": [key],
    }
    response = client_for(office).post(reverse("monitoring:consultation_new"), values)
    assert response.status_code == 200
    assert not Consultation.objects.exists()


def test_what_a_person_sees_of_censored_results(filled, load, line, office, client_for):
    load([line(f"N{i}", "未检出", analyte="铅", hazard="Pb") for i in range(10)], name="铅.xlsx")
    page = client_for(office).get(reverse("monitoring:measurements") + "?hazard=Pb").content.decode()
    assert "筛选出 10 条结果，其中未定量 10 条（100%）" in page
    assert "不给百分位数" in page


@pytest.mark.parametrize(
    "query", ["?since=昨天", "?hazard=x&page=zzz", "?sort=-nothing", "?township=1%00", "?when=never"]
)
@pytest.mark.parametrize("name", ["measurements", "signals", "consultations", "decisions", "assessments", "hazards"])
def test_bad_questions_get_a_page(name, query, office, client_for):
    assert client_for(office).get(reverse(f"monitoring:{name}") + query).status_code == 200


@pytest.mark.parametrize(
    "name", ["measurements", "signals", "consultations", "decisions", "assessments", "hazards", "batches", "surveys"]
)
def test_lists_go_out_as_sheets(name, filled, office, client_for):
    response = client_for(office).get(reverse(f"monitoring:{name}") + "?_export=xlsx")
    assert response.status_code == 200
    assert response.content[:2] == b"PK"


def test_ten_more_rows_ask_the_database_nothing_more(load, line, health_department, office, client_for):
    client = client_for(office)

    def ask(name):
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(reverse(f"monitoring:{name}"))
        return len(found)

    def more(first):
        for n in range(first, first + 10):
            load([line(f"S{n}")], name=f"{n}.xlsx")
            hazard = ("Cd", "Pb", "iAs", "DON", "ZEN", "OTA", "FB", "PAT", "Ni", "Al")[n % 10]
            food = "cereals" if n < 20 else "meat"
            signals.report(hazard=hazard, food_group=food, division_code=COUNTY, text="发现", by=health_department)

    more(10)
    names = ("measurements", "signals", "batches", "hazards", "home")
    [ask(name) for name in names]
    before = [ask(name) for name in names]
    more(20)
    assert [ask(name) for name in names] == before


def test_the_work_of_today_leads_to_its_rows(filled, office, health_department, client_for):
    lines = {w.url: w for w in counted(iter(offers.work(office)))}
    assert all(client_for(office).get(url).status_code == 200 for url in lines)
    assert sum(w.count for w in lines.values()) >= 1


def test_the_search_finds_signals_samples_and_consultations(filled, office, outsider):
    assert [h.label for h in offers.search(office, "镉", 10)]
    assert [h.label for h in offers.search(office, "稻米镉", 10)]
    assert [h.label for h in offers.search(office, "R00", 10)]
    assert not offers.search(outsider, "R00", 10)
