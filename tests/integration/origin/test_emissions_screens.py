"""The pages of enterprises, water and volatile organic compounds: who sees what, forms, sheets, constant questions."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from fangxin.actions.origin import offers_emissions
from fangxin.actions.origin.models import IrrigationNotice, Leak, MetalEnterprise, VocFirm, WaterMonth, WaterSection
from fangxin.actions.origin.services import voc, water
from fangxin.kernel.contributing.waiting import counted

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FOUL = {"NH3-N": "0.62", "COD": "18"}


def sheet(rows: list[list[Any]], name: str = "list.xlsx") -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())


@pytest.fixture
def everything(
    metal: Callable[..., Any],
    problem: Callable[..., Any],
    section: Callable[..., Any],
    firm: Callable[..., Any],
    environment: Any,
    agriculture: Any,
) -> dict[str, Any]:
    row, place, works = metal(), section(irrigates="990101200"), firm()
    problem(row)
    month = water.record_month(
        section=place, month=date(2023, 3, 1), sampled_on=date(2023, 3, 6), readings=FOUL, by=environment
    )
    voc.record_check(firm=works, checked_on=date(2023, 3, 1), by=environment, initial_rate=Decimal(5))
    leak = voc.report_leak(
        firm=works, tag="P-1", medium="other", reading=Decimal(3000), found_on=date(2023, 3, 1), by=environment
    )
    return {
        "metal": row, "section": place, "water_month": month, "voc_firm": works, "leak": leak,
        "notice": IrrigationNotice.objects.get(),
    }  # fmt: skip


LISTS = ("emissions", "metals", "metal_problems", "sections", "water_months", "notices", "voc_firms", "leaks", "basins")
PAGES = ("metal", "section", "water_month", "voc_firm", "notice")


def test_pages_open_for_those_at_work_there_and_not_for_the_county_next_door(
    everything: dict[str, Any], client_for: Callable[..., Any], environment: Any, reader: Any, outsider: Any
) -> None:
    for name in LISTS:
        assert client_for(reader).get(reverse(f"origin:{name}")).status_code == 200
    for name in PAGES:
        url = reverse(f"origin:{name}", args=[everything[name].pk])
        assert client_for(environment).get(url).status_code == 200
        assert client_for(reader).get(url).status_code == 200
        assert client_for(outsider).get(url).status_code == 404
        assert client_for(environment).get(reverse(f"origin:{name}", args=[10**30])).status_code == 404


def test_a_township_sees_its_own_and_is_told_of_the_water_its_fields_drink(
    everything: dict[str, Any],
    client_for: Callable[..., Any],
    township_clerk: Any,
    other_township_clerk: Any,
) -> None:
    url = reverse("origin:section", args=[everything["section"].pk])
    assert client_for(township_clerk).get(url).status_code == 200
    assert client_for(other_township_clerk).get(url).status_code == 404
    notice = reverse("origin:notice", args=[everything["notice"].pk])
    assert client_for(other_township_clerk).get(notice).status_code == 200
    assert client_for(township_clerk).get(notice).status_code == 404


def test_a_reader_writes_nothing(everything: dict[str, Any], client_for: Callable[..., Any], reader: Any) -> None:
    client = client_for(reader)
    urls = [
        reverse("origin:metal_new"), reverse("origin:section_new"), reverse("origin:voc_new"),
        reverse("origin:metal_import"), reverse("origin:water_import"),
        reverse("origin:month_new", args=[everything["section"].pk]),
        reverse("origin:metal_act", args=[everything["metal"].pk, "problem"]),
        reverse("origin:leak_act", args=[everything["leak"].pk, "repair"]),
        reverse("origin:water_correct", args=[everything["water_month"].pk]),
    ]  # fmt: skip
    assert {client.post(url, {}).status_code for url in urls} == {403}


def test_an_enterprise_goes_its_way_through_the_forms(client_for: Callable[..., Any], environment: Any) -> None:
    client = client_for(environment)
    values = {
        "name": "云桥冶炼厂", "uscc": "91990101MA0000001X", "division_code": "990101100", "industry": "smelting",
        "running": "producing", "metals": ["Cd"], "outlets": ["gas"],
    }  # fmt: skip
    assert client.post(reverse("origin:metal_new"), values | {"metals": []}).status_code == 200
    assert client.post(reverse("origin:metal_new"), values | {"latitude": "34"}).status_code == 200
    assert MetalEnterprise.objects.count() == 0
    client.post(reverse("origin:metal_new"), values)
    row = MetalEnterprise.objects.get()

    def do(name: str, **told: Any) -> int:
        return int(client.post(reverse("origin:metal_act", args=[row.pk, name]), told).status_code)

    assert do("check", checked_on="2023-03-14", result="problems") == 403
    assert do("list") == 302
    assert do("check", checked_on="2023-03-14", result="problems") == 302
    told = {"kind": "tailings", "text": "坝体渗漏", "measure": "加固", "responsible_person": "厂长"}
    assert do("problem", **told, due_on="2023-03-01", found_on="2023-03-14") == 200
    assert do("problem", **told, due_on="2023-05-01", found_on="2023-03-14") == 302
    report = SimpleUploadedFile("监测.pdf", PDF, content_type="application/pdf")
    monitored = {"kind": "own", "medium": "soil", "monitored_on": "2023-03-10"}
    assert do("monitoring", **monitored, file=report) == 302
    bad = SimpleUploadedFile("a.exe", b"MZ\x00")
    assert do("monitoring", **monitored, file=bad) == 200
    row.refresh_from_db()
    assert (row.state, row.problems.count(), row.monitorings.count()) == ("rectifying", 1, 1)
    assert do("nonsense") == 404
    evidence = reverse("console:evidence", args=[row.monitorings.get().report_id])
    assert client.get(evidence).status_code == 200


def test_a_month_is_entered_corrected_and_signed_for(
    everything: dict[str, Any], client_for: Callable[..., Any], environment: Any, agriculture: Any
) -> None:
    section, notice = everything["section"], everything["notice"]
    url = reverse("origin:month_new", args=[section.pk])
    client = client_for(environment)
    page = client.get(url).content.decode()
    assert "目标Ⅱ类：≤ 0.5" in page
    bad = client.post(url, {"sampled_on": "2023-02-06", "source": "manual", "reading:NH3-N": "未检出"})
    assert "请写出检出限" in bad.content.decode()
    client.post(url, {"sampled_on": "2023-02-06", "source": "manual", "reading:NH3-N": "0.025L", "reading:COD": "12"})
    made = WaterMonth.objects.get(month=date(2023, 2, 1))
    assert (made.water_class, made.meets_target) == (1, True)
    correct = reverse("origin:water_correct", args=[made.pk])
    client.post(correct, {"sampled_on": "2023-02-06", "why": "漏填", "reading:NH3-N": "0.3"})
    made.refresh_from_db()
    assert made.replaced_by.water_class == 2
    sign = reverse("origin:notice", args=[notice.pk])
    assert client.post(sign, {"measures": "不归我签"}).status_code == 200
    notice.refresh_from_db()
    assert notice.acknowledged_at is None
    client_for(agriculture).post(sign, {"measures": "已通知停止取水"})
    notice.refresh_from_db()
    assert notice.acknowledged_by == "agriculture"


def test_a_leak_is_repaired_through_its_form(
    everything: dict[str, Any], client_for: Callable[..., Any], environment: Any
) -> None:
    url = reverse("origin:leak_act", args=[everything["leak"].pk, "repair"])
    client = client_for(environment)
    assert client.post(url, {"tried_on": "2023-02-01", "reading_after": "10"}).status_code == 200
    assert client.post(url, {"tried_on": "2023-03-10", "reading_after": "10"}).status_code == 302
    assert Leak.objects.get().repaired_on == date(2023, 3, 10)


# --- sheets -------------------------------------------------------------------------------------------------------

HEAD = [
    "企业名称",
    "统一社会信用代码",
    "乡镇",
    "行业",
    "生产状态",
    "重点金属",
    "排放途径",
    "存在问题",
    "整治措施",
    "完成时限",
    "责任人",
]


def test_a_list_of_enterprises_comes_in_whole_or_not_at_all(client_for: Callable[..., Any], environment: Any) -> None:
    client, url = client_for(environment), reverse("origin:metal_import")
    good = [
        "云桥铅锌矿",
        "91990101MA0000001X",
        "石门镇",
        "重有色金属矿采选",
        "在产",
        "镉、铅",
        "废水",
        "堆场无防渗",
        "建防渗",
        "2023-06-30",
        "厂长",
    ]
    legacy = ["老矿渣堆", "", "青杨乡", "其他", "历史遗留", "砷", "", "", "", "", ""]
    bad = [
        ["没有金属厂", "91990101MA0000002X", "石门镇", "电镀", "在产", "金", "", "", "", "", ""],
        ["别县的厂", "91990101MA0000003X", "东渡镇", "电镀", "在产", "铬", "", "", "", "", ""],
        ["半个问题", "91990101MA0000004X", "石门镇", "电镀", "在产", "铬", "", "有问题", "", "", ""],
    ]  # fmt: skip
    page = client.post(url, {"file": sheet([HEAD, good, legacy, *bad])}).content.decode()
    assert MetalEnterprise.objects.count() == 0
    assert all(text in page for text in ("有 3 处要改", "第 4 行", "第 5 行", "第 6 行", "“金”不在可选范围内"))
    assert client.post(url, {"file": sheet([HEAD, good, legacy])}).status_code == 302
    states = dict(MetalEnterprise.objects.values_list("name", "state"))
    assert states == {"云桥铅锌矿": "rectifying", "老矿渣堆": "listed"}


def test_monthly_values_come_in_whole_or_not_at_all(
    section: Callable[..., Any], client_for: Callable[..., Any], environment: Any
) -> None:
    place = section()
    client, url = client_for(environment), reverse("origin:water_import")
    head = ["断面编号", "采样日期", "氨氮", "化学需氧量", "镉", "备注"]
    rows = [[place.number, f"2023-0{m}-06", "0.2", 10 + m, "0.0001L", ""] for m in (1, 2)]
    bad = [
        [place.number, "2023-02-20", "0.2", 10, "", ""], ["不知道", "2023-01-06", "0.2", 10, "", ""],
        [place.number, "昨天", "0.2", 10, "", ""], [place.number, "2022-12-06", "ND", 10, "", ""],
    ]  # fmt: skip
    page = client.post(url, {"file": sheet([head, *rows, *bad]), "source": "manual"}).content.decode()
    assert WaterMonth.objects.count() == 0
    assert "有 4 处要改" in page
    assert client.post(url, {"file": sheet([head, *rows]), "source": "automatic"}).status_code == 302
    assert WaterMonth.objects.filter(source="automatic", readings__Cd="<0.0001").count() == 2
    again = client.post(url, {"file": sheet([head, *rows]), "source": "manual"}).content.decode()
    assert "已有数据" in again


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\x00\x01", "无关,的表\n1,2".encode()])
@pytest.mark.parametrize("name", ["metal_import", "water_import"])
def test_a_file_that_is_no_such_sheet_is_refused_in_words(
    client_for: Callable[..., Any], environment: Any, content: bytes, name: str
) -> None:
    upload = SimpleUploadedFile("x.csv", content)
    page = client_for(environment).post(reverse(f"origin:{name}"), {"file": upload, "source": "manual"})
    assert page.status_code == 200


# --- elsewhere ----------------------------------------------------------------------------------------------------


def test_ten_more_rows_add_no_question(
    everything: dict[str, Any], metal: Callable[..., Any], section: Callable[..., Any], firm: Callable[..., Any],
    client_for: Callable[..., Any], environment: Any,
) -> None:  # fmt: skip
    client = client_for(environment)

    def asked(name: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as questions:
            assert client.get(reverse(f"origin:{name}")).status_code == 200
        return len(questions)

    names = ("metals", "sections", "voc_firms", "water_months", "emissions")
    asked("emissions")  # a person's first page asks once more
    before = [asked(name) for name in names]
    for n in range(10):
        metal(name=f"矿{n}")
        firm(name=f"厂{n}")
        place = section(name=f"断面{n}")
        water.record_month(
            section=place, month=date(2023, 3, 1), sampled_on=date(2023, 3, 6), readings={"COD": "5"}, by=environment
        )
    assert [asked(name) for name in names] == before


def test_what_waits_is_work_of_today_and_found_by_the_search(
    everything: dict[str, Any], environment: Any, agriculture: Any, reader: Any
) -> None:
    lines = {line.url: line.count for line in counted(offers_emissions.work(agriculture))}
    assert lines[reverse("origin:notices") + "?when=open"] == 1
    assert offers_emissions.work(reader) == []
    kinds = {str(hit.kind) for hit in offers_emissions.search(environment, "云桥", 5)}
    assert kinds == {"涉重金属企业", "挥发性有机物企业"}
    life = offers_emissions.timeline(environment, "origin.metalenterprise", str(everything["metal"].pk))
    assert [str(moment.kind) for moment in life][-1] == "排查涉重金属企业"
    assert offers_emissions.timeline(environment, "origin.metalenterprise", "x") == []


def test_lists_filter_and_export(everything: dict[str, Any], client_for: Callable[..., Any], environment: Any) -> None:
    client = client_for(environment)
    queries = {
        "metals": ("state=rectifying", "when=monitoring", "township=990101100"), "sections": ("when=missed", "when=no_month"),
        "metal_problems": ("when=late", "when=police"), "water_months": ("meets_target=no", "year=2023", "water_class=3"),
        "notices": ("when=late",), "voc_firms": ("when=ldar", "outcome=unknown"), "leaks": ("when=postponed", "when=late"),
    }  # fmt: skip
    for name, found in queries.items():
        for query in (*found, "_export=xlsx", "township=1", "year=x&when=y"):
            assert client.get(f"{reverse(f'origin:{name}')}?{query}").status_code == 200
    assert client.get(reverse("origin:basins") + "?year=x").status_code == 200
    assert (WaterSection.objects.count(), VocFirm.objects.count()) == (1, 1)
