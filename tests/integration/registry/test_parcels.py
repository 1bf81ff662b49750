"""Fields, ponds and herd houses: entry, files in and out, and who may."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.registry.data import NewParcel

TOWN, OTHER_TOWN, VILLAGE = "990101100", "990101200", "990101100201"
SQUARE = [[111.0, 34.0], [111.002, 34.0], [111.002, 34.002], [111.0, 34.002], [111.0, 34.0]]
POLYGON = {"type": "Polygon", "coordinates": [SQUARE]}
pytestmark = pytest.mark.django_db
ClientFor = Callable[[people.User], Client]


def add(by: Any, **more: Any) -> Any:
    values: dict[str, Any] = {"name": "一号地", "kind": "field", "division_code": TOWN, "area_mu": Decimal(10)}
    return registry.add_parcel(by=by, **values | more)


def test_area_and_place_come_from_the_shape_where_nobody_gave_them(office: Any) -> None:
    drawn = add(office, area_mu=None, geometry=POLYGON)
    assert drawn.area_mu == Decimal("61.50")
    assert (drawn.longitude, drawn.latitude) == (111.001, 34.001)
    measured = add(office, area_mu=Decimal("60.2"), geometry=POLYGON)
    assert measured.area_mu == Decimal("60.20")
    assert drawn.number == "DK990101000001"
    assert measured.number == "DK990101000002"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"area_mu": None}, "0.01"),
        ({"geometry": {"type": "Polygon", "coordinates": [SQUARE[:4]]}}, "没有闭合"),
        ({"geometry": {"type": "Point", "coordinates": [34.0, 111.0]}}, "超出范围"),
        ({"longitude": 111.0}, "同时填写"),
        ({"division_code": "990101"}, "乡镇"),
        ({"kind": "moon"}, "moon"),
    ],
)
def test_a_parcel_that_cannot_be_is_refused(office: Any, more: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        add(office, **more)
    assert words in "".join(refused.value.messages)


def test_many_are_loaded_at_once_and_known_numbers_are_updated(office: Any) -> None:
    first = add(office, number="A-1", crop="玉米")
    rows = registry.load_parcels(
        [
            NewParcel(
                name="改了名", kind="orchard", division_code=TOWN, area_mu=Decimal(12), number="A-1", crop="苹果"
            ),
            NewParcel(name="二号地", kind="pond", division_code=OTHER_TOWN, geometry=POLYGON),
        ],
        by=office,
    )
    first.refresh_from_db()
    assert (first.name, first.kind, first.crop) == ("改了名", "orchard", "苹果")
    assert rows[1].number.startswith("DK990101")
    with pytest.raises(ValidationError, match="不止一次"):
        registry.load_parcels(
            [NewParcel(name="x", kind="field", division_code=TOWN, area_mu=Decimal(1), number="B")] * 2, by=office
        )


def test_a_closed_parcel_is_not_changed_until_it_is_used_again(office: Any) -> None:
    parcel = add(office)
    registry.close_parcel(parcel=parcel, closed_on=date(2023, 3, 1), by=office, reason="征收")
    with pytest.raises(ValidationError, match="已停用"):
        registry.change_parcel(parcel=parcel, crop="麦", by=office)
    with pytest.raises(ValidationError, match="刚刚"):
        registry.close_parcel(parcel=parcel, closed_on=date(2023, 3, 1), by=office)
    registry.reopen_parcel(parcel=parcel, by=office)
    assert registry.change_parcel(parcel=parcel, crop="小麦", by=office).crop == "小麦"


def test_what_lies_elsewhere_is_not_there(
    office: Any, client_for: ClientFor, township_clerk: Any, other_township_clerk: Any, outsider: Any, vendor: Any
) -> None:
    parcel = add(office)
    for person, status in ((township_clerk, 200), (other_township_clerk, 404), (outsider, 404), (vendor, 404)):
        assert client_for(person).get(parcel.get_absolute_url()).status_code == status
    assert client_for(township_clerk).get(reverse("registry:parcel", args=[10**30])).status_code == 404
    for person in (other_township_clerk, outsider):
        assert parcel.number not in client_for(person).get(reverse("registry:parcels")).content.decode()
        edit = reverse("registry:parcel_edit", args=[parcel.pk])
        assert client_for(person).post(edit, {"name": "x"}).status_code in (403, 404)


def test_a_parcel_is_entered_changed_closed_and_used_again_on_the_screen(
    client_for: ClientFor, township_clerk: Any, county: str
) -> None:
    client = client_for(township_clerk)
    values = {"name": "柳沟大田", "kind": "field", "division_code": VILLAGE, "area_mu": "12.5", "crop": "玉米",
              "land_use": "dry", "operator": ""}  # fmt: skip
    assert client.post(reverse("registry:parcel_new"), {**values, "operator": "没有这个人"}).status_code == 200
    assert client.post(reverse("registry:parcel_new"), {**values, "geometry": "{"}).status_code == 200
    assert client.post(reverse("registry:parcel_new"), {**values, "division_code": OTHER_TOWN}).status_code == 200
    assert client.post(reverse("registry:parcel_new"), values).status_code == 302
    parcel = registry.Parcel.objects.get()
    edit = reverse("registry:parcel_edit", args=[parcel.pk])
    assert client.post(edit, {**values, "crop": "大豆"}).status_code == 302
    assert (
        client.post(
            reverse("registry:parcel_close", args=[parcel.pk]), {"closed_on": "2023-03-10", "reason": "退耕"}
        ).status_code
        == 302
    )
    assert client.post(edit, {**values, "crop": "麦"}).status_code == 200
    assert client.post(reverse("registry:parcel_reopen", args=[parcel.pk])).status_code == 302
    page = client.get(parcel.get_absolute_url()).content.decode()
    assert "作物（养殖品种）：玉米 → 大豆" in page


def collection(*features: tuple[Any, dict[str, Any]]) -> SimpleUploadedFile:
    rows = [{"type": "Feature", "geometry": g, "properties": p} for g, p in features]
    text = json.dumps({"type": "FeatureCollection", "features": rows}, ensure_ascii=False)
    return SimpleUploadedFile("地块.geojson", text.encode())


def test_shapes_go_out_and_come_in_again(client_for: ClientFor, office: Any, township_clerk: Any) -> None:
    add(office, number="A-1", geometry=POLYGON, crop="玉米", land_use="paddy")
    client = client_for(township_clerk)
    out = client.get(reverse("registry:parcel_shapes")).content
    back = SimpleUploadedFile("回.geojson", out)
    page = client.post(reverse("registry:parcel_upload"), {"file": back}).content.decode()
    assert "要更新原有地块" in page
    back.seek(0)
    assert client.post(reverse("registry:parcel_upload"), {"file": back, "update": "on"}).status_code == 302
    parcel = registry.Parcel.objects.get()
    assert (parcel.geometry, parcel.crop, parcel.land_use, parcel.area_mu) == (POLYGON, "玉米", "paddy", Decimal(10))


def test_one_bad_shape_keeps_the_file_out_and_the_faults_are_told(
    client_for: ClientFor, township_clerk: Any, office: Any
) -> None:
    add(office, number="B-1", division_code=OTHER_TOWN)
    client, url = client_for(township_clerk), reverse("registry:parcel_upload")
    good = {"名称": "一", "类别": "大田", "乡镇": "石门镇"}
    broken = collection((POLYGON, good), ({"type": "Polygon", "coordinates": [SQUARE[:4]]}, good))
    assert "第 2 个图形" in client.post(url, {"file": broken}).content.decode()
    wrong = collection(
        (POLYGON, {**good, "类别": "菜园子"}),
        (POLYGON, {**good, "乡镇": "青杨乡"}),
        (POLYGON, {**good, "地块编号": "B-1"}),
        (POLYGON, {**good, "经营主体": "没有这家"}),
        ({"type": "Point", "coordinates": [111.0, 34.0]}, good),
        (POLYGON, {**good, "面积": -3}),
    )
    page = client.post(url, {"file": wrong}).content.decode()
    for words in (
        "6 处要改",
        "不在可选范围内",
        "没有找到“青杨乡”",
        "已由其他地方使用",
        "没有这家",
        "没有面积",
        "面积不合理",
    ):
        assert words in page
    assert registry.Parcel.objects.count() == 1


def test_a_sheet_brings_parcels_too(client_for: ClientFor, office: Any) -> None:
    text = "名称,类别,乡镇,村,面积（亩）,作物,经度,纬度\n一号地,大田,石门镇,柳沟村,１２.5,玉米,111.01,34.02\n"
    file = SimpleUploadedFile("地块.csv", text.encode("gb18030"))
    assert client_for(office).post(reverse("registry:parcel_upload"), {"file": file}).status_code == 302
    parcel = registry.Parcel.objects.get()
    assert (parcel.division_code, parcel.area_mu, parcel.longitude) == (VILLAGE, Decimal("12.50"), 111.01)


def test_a_shape_far_from_its_township_is_taken_with_a_word_of_doubt(
    client_for: ClientFor, office: Any, county: str
) -> None:
    people.Division.objects.filter(code=TOWN).update(latitude=34.0, longitude=111.0)
    far = {"type": "Point", "coordinates": [113.0, 34.0]}
    file = collection((far, {"名称": "远地", "类别": "大田", "乡镇": "石门镇", "面积": 3}))
    page = client_for(office).post(reverse("registry:parcel_upload"), {"file": file}, follow=True).content.decode()
    assert "可能不在本县" in page
    assert registry.Parcel.objects.count() == 1


@pytest.mark.parametrize(
    "content", [b"{", b"{}", b'{"type":"FeatureCollection","features":[]}', b"\xff{", b"[" * 10000]
)
def test_a_file_without_shapes_is_refused_in_words(content: bytes, client_for: ClientFor, office: Any) -> None:
    file = SimpleUploadedFile("x.geojson", content)
    assert client_for(office).post(reverse("registry:parcel_upload"), {"file": file}).status_code == 200


def test_ten_more_parcels_ask_no_more_questions(client_for: ClientFor, office: Any) -> None:
    client, url = client_for(office), reverse("registry:parcels")

    def asked() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    add(office)
    before = asked()
    for _ in range(10):
        add(office)
    assert asked() == before
