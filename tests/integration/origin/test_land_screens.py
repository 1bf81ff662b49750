"""Pages of soil and land: who sees them, what a sheet brings in, what a form refuses, how many questions a list asks."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from fangxin.actions.origin.models import ClassDecision, LandUnit, SoilMeasure, SoilPoint, SoilSample
from fangxin.actions.origin.services import classes, measures, soil
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

TOWN, OTHER_TOWN = "990101100", "990101200"
pytestmark = pytest.mark.django_db
ClientFor = Callable[[people.User], Client]


@pytest.fixture
def field(agriculture: people.User) -> Callable[..., Any]:
    def make(division_code: str = TOWN, **more: Any) -> Any:
        values = {"name": "河东一号地", "kind": "field", "area_mu": Decimal(10), "crop": "玉米", "land_use": "dry"}
        return registry.add_parcel(division_code=division_code, by=agriculture, **values | more)

    return make


@pytest.fixture
def point(field: Any, agriculture: people.User) -> SoilPoint:
    parcel = field()
    made = soil.add_point(code="TR-1", division_code=TOWN, land_use="dry", parcel=parcel, by=agriculture)
    value = soil.NewSample(point=made, sampled_on=date(2022, 7, 1), readings={"Cd": "0.52"}, ph=Decimal(7))
    soil.record_sample(value=value, by=agriculture)
    return made


@pytest.fixture
def decision(point: SoilPoint, field: Any, agriculture: people.User) -> ClassDecision:
    unit = classes.add_unit(name="河东片", division_code=TOWN, parcels=[point.parcel], by=agriculture)
    return classes.propose(unit=unit, by=agriculture)


@pytest.fixture
def measure(point: SoilPoint, agriculture: people.User) -> SoilMeasure:
    return measures.plan(
        parcel=point.parcel, kind="liming", starts_on=date(2023, 3, 1), ends_on=date(2023, 9, 1), by=agriculture
    )


LISTS = ("home", "map", "parcels", "contradictions", "produce", "safe_use", "points", "samples", "units", "decisions",
         "balance", "measures")  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_pages_open_for_those_at_work_and_are_refused_to_others(
    name: str, decision: ClassDecision, measure: SoilMeasure, client_for: ClientFor, agriculture: Any,
    township_clerk: Any, reader: Any, vendor: Any, administrator: Any, outsider: Any,
) -> None:  # fmt: skip
    url = reverse(f"origin:{name}")
    for person in (agriculture, township_clerk, reader, outsider):
        assert client_for(person).get(url).status_code == 200
    for person in (vendor, administrator):
        assert client_for(person).get(url).status_code == 403


def test_things_of_another_place_are_not_there(
    decision: ClassDecision, measure: SoilMeasure, point: SoilPoint, client_for: ClientFor, outsider: Any,
    other_township_clerk: Any, agriculture: Any,
) -> None:  # fmt: skip
    urls = [row.get_absolute_url() for row in (decision, measure, point, decision.unit)]
    urls.append(reverse("origin:parcel", args=[point.parcel_id]))
    for url in urls:
        assert client_for(agriculture).get(url).status_code == 200
        for person in (outsider, other_township_clerk):
            assert client_for(person).get(url).status_code == 404
    for person in (outsider, other_township_clerk):
        page = client_for(person).get(reverse("origin:points")).content.decode()
        assert point.code not in page


def test_a_number_that_names_nothing_is_not_found(client_for: ClientFor, agriculture: Any) -> None:
    client = client_for(agriculture)
    for name in ("parcel", "point", "unit", "decision", "measure"):
        for pk in (999999, 10**30):
            assert client.get(reverse(f"origin:{name}", args=[pk])).status_code == 404
    assert client.get(reverse("origin:balance") + "?year=１２").status_code == 200
    assert client.get(reverse("origin:balance") + "?year=99999999999").status_code == 200


def test_a_class_is_carried_through_on_its_pages(
    decision: ClassDecision, client_for: ClientFor, agriculture: Any, environment: Any
) -> None:
    one, other = client_for(agriculture), client_for(environment)

    def act(client: Client, name: str, **values: Any) -> int:
        return client.post(reverse("origin:decision_act", args=[decision.pk, name]), values).status_code

    assert act(one, "confirm", decided="safe_use") == 403  # not yet
    assert act(one, "consult", consultation="", participants="三部门") == 200  # says what lacks
    assert act(one, "consult", consultation="同意", participants="三部门") == 302
    assert act(one, "confirm", decided="safe_use", why_other="x") == 403  # not by who proposed
    page = other.get(reverse("origin:decision_act", args=[decision.pk, "confirm"])).content.decode()
    assert "姓名记录在案" in page
    assert act(other, "confirm", decided="safe_use") == 200  # nothing was proposed for one point: a reason is asked
    assert act(other, "confirm", decided="safe_use", why_other="结合历年") == 302
    assert act(one, "submit", submitted_on="2023-03-14") == 302
    assert act(one, "in_force", approval_number="1号", effective_on="2023-13-45") == 200
    proof = SimpleUploadedFile("批复.pdf", b"%PDF-1.4\n%%EOF\n")
    assert act(one, "in_force", approval_number="1号", effective_on="2023-03-15", file=proof) == 302
    assert LandUnit.objects.get().soil_class == "safe_use"
    assert "1号" in one.get(decision.get_absolute_url()).content.decode()


def test_a_measure_is_planned_approved_and_shown_on_its_pages(
    point: SoilPoint, client_for: ClientFor, township_clerk: Any, agriculture: Any
) -> None:
    clerk, boss = client_for(township_clerk), client_for(agriculture)
    new = reverse("origin:measure_new", args=[point.parcel_id])
    assert "没有这种措施" not in clerk.get(new).content.decode()
    assert clerk.post(new, {"kind": "x", "starts_on": "2023-03-01", "ends_on": "2023-02-01"}).status_code == 200
    assert clerk.post(new, {"kind": "liming", "starts_on": "2023-03-01", "ends_on": "2023-02-01"}).status_code == 200
    assert clerk.post(new, {"kind": "liming", "starts_on": "2023-03-01", "ends_on": "2023-09-01"}).status_code == 302
    row = SoilMeasure.objects.get()

    def act(client: Client, name: str, **values: Any) -> int:
        return client.post(reverse("origin:measure_act", args=[row.pk, name]), values).status_code

    assert act(clerk, "approve") == 403
    assert act(boss, "approve") == 302
    assert act(clerk, "carry_out", executed_on="2023-03-10") == 200  # the proof is missing
    photo = SimpleUploadedFile("清单.txt", "农户领取清单".encode())
    assert act(clerk, "carry_out", executed_on="2023-03-10", file=photo) == 302
    row.refresh_from_db()
    assert row.state == "executed"


def sheet(*rows: list[Any]) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile("结果.xlsx", out.getvalue())


HEADER = ["点位编号", "采样日期", "pH", "土地利用", "乡镇", "镉", "总汞", "铅(mg/kg)"]


def test_a_sheet_brings_results_and_new_points(point: SoilPoint, client_for: ClientFor, township_clerk: Any) -> None:
    client, url = client_for(township_clerk), reverse("origin:soil_upload")
    good = sheet(
        HEADER,
        ["TR-1", "2023年3月1日", 6.9, "", "", "０.３１", "<0.01", 21],
        ["TR-9", date(2023, 3, 1), "", "水田", "石门镇", 0.9, "", "—"],
    )
    assert client.post(url, {"file": good}).status_code == 302
    first = SoilSample.objects.get(point=point, sampled_on=date(2023, 3, 1))
    assert (first.readings, first.zone) == ({"Cd": "0.31", "Hg": "<0.01", "Pb": "21"}, "between")
    added = SoilPoint.objects.get(code="TR-9")
    assert (added.land_use, added.division_code, added.zone) == ("paddy", TOWN, "undetermined")


def test_one_bad_row_keeps_the_whole_sheet_out_and_every_fault_is_told(
    point: SoilPoint, client_for: ClientFor, township_clerk: Any
) -> None:
    bad = sheet(
        HEADER,
        ["TR-1", "2023-03-02", 6.9, "", "", "0.2", "", ""],
        ["TR-1", "2023-03-03", 69, "", "", "0.2", "", ""],
        ["TR-1", "2022-07-01", 6.9, "", "", "0.2", "", ""],
        ["TR-8", "2023-03-02", 6.9, "", "石门镇", "0.2", "", ""],
        ["TR-7", "2023-03-02", 6.9, "旱地", "青杨乡", "0.2", "", ""],
        ["TR-1", "2023-03-04", 6.9, "", "", "0,05x", "", ""],
        ["TR-1", "2023-03-05", 6.9, "", "", "", "", ""],
        ["TR-1", "2029-03-05", 6.9, "", "", "0.2", "", ""],
    )
    before = SoilSample.objects.count()
    answer = client_for(township_clerk).post(reverse("origin:soil_upload"), {"file": bad})
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in (
        "7 处要改",
        "pH 应在 0 至 14 之间",
        "结果已有",
        "新点位须填",
        "青杨乡",
        "不是测定值",
        "没有任何元素",
        "还没有到",
    ):
        assert words in page
    assert SoilSample.objects.count() == before


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04broken", "甲,乙\n1,2\n".encode()])
def test_a_file_that_is_no_sheet_is_refused_in_words(content: bytes, client_for: ClientFor, agriculture: Any) -> None:
    file = SimpleUploadedFile("结果.xlsx", content)
    assert client_for(agriculture).post(reverse("origin:soil_upload"), {"file": file}).status_code == 200


def test_a_result_is_entered_and_corrected_on_the_screen(
    point: SoilPoint, client_for: ClientFor, township_clerk: Any
) -> None:
    client = client_for(township_clerk)
    new = reverse("origin:sample_new", args=[point.pk])
    assert client.post(new, {"sampled_on": "2023-03-01", "depth": "0-20", "ph": "15"}).status_code == 200
    assert (
        client.post(new, {"sampled_on": "2023-03-01", "depth": "0-20", "ph": "7", "element_Cd": "高"}).status_code
        == 200
    )
    assert (
        client.post(new, {"sampled_on": "2023-03-01", "depth": "0-20", "ph": "7", "element_Cd": "0.2"}).status_code
        == 302
    )
    row = SoilSample.objects.get(sampled_on=date(2023, 3, 1))
    correct = reverse("origin:sample_correct", args=[row.pk])
    assert "0.2" in client.get(correct).content.decode()
    values = {"sampled_on": "2023-03-01", "depth": "0-20", "ph": "7", "element_Cd": "0.4", "reason": "抄错"}
    assert client.post(correct, values).status_code == 302
    page = client.get(point.get_absolute_url()).content.decode()
    assert "已更正" in page
    assert "抄错" in page
    assert client.get(correct).status_code == 404  # the replaced one cannot be corrected again


@pytest.mark.usefixtures("decision", "measure")
def test_ten_more_rows_ask_no_more_questions(field: Any, client_for: ClientFor, agriculture: Any) -> None:
    client = client_for(agriculture)

    def asked(name: str) -> int:
        url = reverse(f"origin:{name}")
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    names = ("parcels", "points", "samples", "units", "measures", "contradictions", "home", "map")
    before = {name: asked(name) for name in names}
    for n in range(10):
        parcel = field(name=f"{n}号地", longitude=111.0, latitude=34.0)
        made = soil.add_point(division_code=TOWN, land_use="dry", parcel=parcel, by=agriculture)
        value = soil.NewSample(point=made, sampled_on=date(2022, 8, 1), readings={"Cd": "0.1"}, ph=Decimal(7))
        soil.record_sample(value=value, by=agriculture)
        classes.add_unit(name=f"{n}片", division_code=TOWN, parcels=[parcel], by=agriculture)
        measures.plan(
            parcel=parcel, kind="liming", starts_on=date(2023, 3, 1), ends_on=date(2023, 9, 1), by=agriculture
        )
    assert {name: asked(name) for name in names} == before


def test_work_of_today_leads_to_what_waits(decision: ClassDecision, measure: SoilMeasure, environment: Any) -> None:
    classes.consult(decision=decision, consultation="同意", participants="三部门", by=environment)
    lines = {str(line.label): line.url for line in contribute.work_of(environment) if "/origin/" in line.url}
    assert lines["1 个耕地类别待确认"].endswith("?state=consulted")
    assert lines["1 项耕地管控措施待批准"].endswith("?state=planned")


def test_search_and_a_parcels_life_know_the_land(
    decision: ClassDecision, measure: SoilMeasure, point: SoilPoint, client_for: ClientFor, agriculture: Any,
    outsider: Any,
) -> None:  # fmt: skip
    page = client_for(agriculture).get(reverse("registry:parcel", args=[point.parcel_id])).content.decode()
    for words in ("登记地块", "登记土壤点位", "提出耕地类别建议", "登记耕地管控措施"):
        assert words in page
    assert point.get_absolute_url() in client_for(agriculture).get("/search/?q=TR-1").content.decode()
    assert point.get_absolute_url() not in client_for(outsider).get("/search/?q=TR-1").content.decode()


def test_lists_leave_as_tables(point: SoilPoint, client_for: ClientFor, agriculture: Any) -> None:
    answer = client_for(agriculture).get(reverse("origin:parcels") + "?_export=xlsx")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0][:2] == ("地块编号", "名称")
    assert rows[1][1] == "河东一号地"
    template = client_for(agriculture).get(reverse("origin:soil_template"))
    assert "镉" in str(list(load_workbook(BytesIO(template.content)).active.iter_rows(values_only=True)))  # type: ignore[union-attr]
    assert json.loads(client_for(agriculture).get(reverse("registry:parcel_shapes")).content)["features"] == []
