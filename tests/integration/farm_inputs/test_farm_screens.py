"""The pages: the farmer's phone, the clerk who helps, the lists of the staff, and who may not see."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from fangxin.actions.farm_inputs.models import Application, Farm, Finding, Harvest, Product
from fangxin.actions.farm_inputs.services import farms, records

TODAY = date(2023, 3, 15)


def url(name, *args):
    return reverse(f"farm_inputs:{name}", args=args)


def test_three_taps_write_a_spraying_down(client_for, farmer, spinach, labels):
    client = client_for(farmer)
    home = client.get(url("mine")).content.decode()
    first = url("choose", spinach.pk)
    assert first in home
    assert "现在可以采收" in home
    second = url("quick", spinach.pk, labels["高效氯氟氰菊酯 2.5% 乳油"].pk)
    assert second in client.get(first).content.decode()
    page = client.get(second)
    # What follows is said before the third tap, and nothing has to be typed for it.
    assert "最早 3月22日 可以采收" in page.content.decode()
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    after = client.post(second, sent, follow=True).content.decode()
    assert "已记下。最早 3月22日 可以采收" in after
    row = Application.objects.get()
    assert (row.dose, row.dose_unit, row.recorded_for, row.last_on) == (Decimal(20), "mL/亩", False, TODAY)


def test_a_ban_is_said_before_the_tap(client_for, farmer, farm, farm_department, labels):
    leek = farms.open_batch(farm=farm, food="韭菜", produce="crop", started_on=TODAY, by=farm_department)
    page = client_for(farmer).get(url("quick", leek.pk, labels["毒死蜱 40% 乳油"].pk)).content.decode()
    assert "禁止使用" in page
    assert "标签只登记了：水稻、苹果" in page


def test_the_clerk_writes_for_a_household(client_for, township_clerk, spinach, labels):
    client = client_for(township_clerk)
    product = labels["溴氰菊酯 2.5% 乳油"]
    data = {"product_text": str(product), "began_on": "2023-03-14", "dose": "30", "dose_unit": "mL/亩"}
    assert client.post(url("application_new", spinach.pk), data).status_code == 302
    row = Application.objects.get()
    assert (row.product, row.recorded_for, row.recorded_by) == (product, True, "town")


def test_an_unlisted_product_is_written_as_the_bag_says(client_for, farmer, spinach):
    data = {
        "product_text": "某某灵", "began_on": "2023-03-14", "label_interval": "5", "label_interval_unit": "days",
    }  # fmt: skip
    assert client_for(farmer).post(url("application_new", spinach.pk), data).status_code == 302
    assert Application.objects.get().product_seen == "某某灵"


@pytest.mark.parametrize(
    ("field", "value"),
    [("began_on", "2023-13-40"), ("began_on", "2024-01-01"), ("dose", "x"), ("dose", "1e30"), ("product_text", "a\x00b"),
     ("product_text", ""), ("label_interval", "7"), ("dose_unit", "长" * 40)],
)  # fmt: skip
def test_wrong_input_comes_back_with_the_form(client_for, farmer, spinach, field, value):
    data = {"product_text": "某某灵", "began_on": "2023-03-14", field: value}
    assert client_for(farmer).post(url("application_new", spinach.pk), data).status_code == 200
    assert not Application.objects.exists()


def test_an_early_harvest_is_refused_and_then_believed(client_for, farmer, spinach, labels):
    records.record_application(batch=spinach, product=labels["高效氯氟氰菊酯 2.5% 乳油"], began_on=TODAY, by=farmer)
    client, page = client_for(farmer), url("harvest_new", spinach.pk)
    data = {"on": "2023-03-15", "quantity": "100"}
    assert "还不能采收" in client.post(page, data).content.decode()
    assert not Harvest.objects.exists()
    said = client.post(page, data | {"all_the_same": "on"}, follow=True).content.decode()
    assert "照实登记" in said
    assert Finding.objects.get().matter_id


def test_corrections_keep_what_stood(client_for, farmer, spinach, labels):
    row = records.record_application(batch=spinach, product=labels["溴氰菊酯 2.5% 乳油"], began_on=TODAY, by=farmer)
    client = client_for(farmer)
    page = url("application_correct", row.pk)
    assert str(row.product) in client.get(page).content.decode()
    data = {"product_text": str(row.product), "began_on": "2023-03-13", "why": "记错日子"}
    assert client.post(page, data).status_code == 302
    shown = client.get(spinach.get_absolute_url()).content.decode()
    assert "更正过的记录" in shown
    assert "记错日子" in shown


@pytest.mark.parametrize("kind", ["stocking", "feed", "water", "no_drug", "sale", "work"])
def test_the_diary_takes_every_kind(client_for, farm_department, pond, kind):
    data = {"on": "2023-03-14", "what": "草鱼", "quantity": "10", "unit": "kg", "water_c": "18.5"}
    client = client_for(farm_department)
    assert client.get(url("diary_new", pond.pk, kind)).status_code == 200
    assert client.post(url("diary_new", pond.pk, kind), data).status_code == 302
    row = pond.diary.get()
    assert row.kind == kind
    assert client.post(url("diary_correct", row.pk), data | {"on": "2023-03-13"}).status_code == 302
    assert pond.diary.count() == 2


def test_water_without_a_measurement_is_refused(client_for, farm_department, pond):
    page = client_for(farm_department).post(url("diary_new", pond.pk, "water"), {"on": "2023-03-14"})
    assert "请至少填水温" in page.content.decode()


def test_the_forecast_says_what_would_lower_it(client_for, farmer, spinach, labels):
    for name, dose in (("阿维菌素 1.8% 乳油", 40), ("高效氯氟氰菊酯 2.5% 乳油", 30), ("毒死蜱 40% 乳油", None)):
        records.record_application(
            batch=spinach, product=labels[name], began_on=TODAY, dose=dose and Decimal(dose), dose_unit="mL/亩" if dose else "",
            by=farmer,
        )  # fmt: skip
    page = client_for(farmer).get(spinach.get_absolute_url() + "?on=2023-03-17")
    found = {one.substance: one for one in page.context["forecasts"]}
    # 40 mL × 0.90 g/mL × 1.8 % × 15 mu = 9.72 g/ha; 0.03 mg/kg each; two days are 4/3 half-lives of 1.5 days.
    assert found["阿维菌素"].median == pytest.approx(9.72 * 0.03 * 0.5 ** (4 / 3), rel=1e-6)
    assert found["阿维菌素"].limit == Decimal("0.05")
    assert found["阿维菌素"].probability > 0.5
    assert found["阿维菌素"].wait_until > date(2023, 3, 20)
    assert found["高效氯氟氰菊酯"].probability < 0.05
    assert "每亩用量" in found["毒死蜱"].why_not
    text = page.content.decode()
    for words in ("阿维菌素残留超过限量的可能性约", "再采收", "这是概率，不是判定", "布赖尔分 0.123"):
        assert words in text
    for nonsense in ("", "x", "9999-99-99", "0001-01-01"):
        assert client_for(farmer).get(spinach.get_absolute_url(), {"on": nonsense}).status_code == 200


def test_the_file_of_a_farm_hides_names_from_readers(client_for, farmer, reader, spinach, labels):
    row = records.record_application(
        batch=spinach, product=labels["溴氰菊酯 2.5% 乳油"], began_on=TODAY, operated_by="老耿本人", by=farmer
    )
    records.correct_application(row=row, why="记错地块", void=True, by=farmer)
    for person, seen in ((farmer, True), (reader, False)):
        client = client_for(person)
        book = load_workbook(BytesIO(client.get(url("farm_file", spinach.farm_id, "xlsx")).content))
        cells = [str(cell.value) for line in book.active.iter_rows() for cell in line]
        assert ("老耿本人" in cells) == seen
        assert {"已作废", "作废：记错地块"} <= set(cells)
        text = Document(BytesIO(client.get(url("farm_file", spinach.farm_id, "docx")).content))
        assert any("农产品生产记录" in paragraph.text for paragraph in text.paragraphs)
    assert client_for(farmer).get(url("farm_file", spinach.farm_id, "exe")).status_code == 404


def test_the_department_opens_farms_from_the_register_and_households(client_for, farm_department, farm, labels):
    client = client_for(farm_department)
    wrong = client.post(url("farm_new"), {"number": farm.premises.number, "kind": "crop", "since": "2023-03-01"})
    assert "已有农场档案" in wrong.content.decode()
    assert "没有这个编号" in client.post(url("farm_new"), {"number": "x", "kind": "crop"}).content.decode()
    data = {"name": "老宋家", "village": "990101100201", "kind": "aquatic"}
    assert client.post(url("household_new"), data).status_code == 302
    made = Farm.objects.get(premises__name="老宋家")
    batch = {"food": "鲤鱼", "produce": "fish", "started_on": "2023-03-01", "unit": "kg"}
    assert client.post(url("batch_new", made.pk), batch).status_code == 302
    assert client.post(url("farm_edit", made.pk), {"household": "on", "sown_area_mu": "3"}).status_code == 302


def test_products_are_entered_by_their_label(client_for, farm_department, inspector):
    client = client_for(farm_department)
    assert client.post(url("products_load")).status_code == 302
    assert Product.objects.count() > 30
    data = {
        "kind": "pesticide", "registration_no": "PD1", "name": "甲", "form": "solid", "source": "标签",
        "ingredients_text": "吡虫啉 10%\n噻虫嗪 25 %",
    }  # fmt: skip
    made = client.post(url("product_new"), data)
    product = Product.objects.get(registration_no="PD1")
    assert made.url == url("label_use_new", product.pk)
    assert [one["content"] for one in product.ingredients] == ["10", "25"]
    use = {"target": "韭菜", "produce": "crop", "interval": "7", "interval_unit": "days", "most_uses": "2"}
    assert client.post(made.url, use).status_code == 302
    assert "韭菜" in client.get(product.get_absolute_url()).content.decode()
    assert "读不出来" in client.post(url("product_new"), data | {"ingredients_text": "一些"}).content.decode()
    assert client_for(inspector).get(url("product_new")).status_code == 403


def test_every_page_opens_for_the_staff(client_for, office, spinach, pond, labels, farmer):
    records.record_application(batch=spinach, product=labels["百菌清 75% 可湿性粉剂"], began_on=TODAY, by=farmer)
    records.record_harvest(batch=spinach, on=TODAY, quantity=Decimal(3), all_the_same=True, by=farmer)
    client = client_for(office)
    for name in ("home", "farms", "batches", "applications", "harvests", "findings", "products"):
        assert client.get(url(name)).status_code == 200, name
        assert name == "home" or client.get(url(name) + "?_export=xlsx").status_code == 200, name
    for name in ("locked", "unknown", "soon", "open", "ended"):
        assert client.get(url("batches") + f"?when={name}&text=菠菜").status_code == 200
    assert "石门渔场" in client.get(url("farms") + "?books=incomplete").content.decode()
    assert "百菌清" in client.get(url("applications") + "?text=百菌清").content.decode()
    assert client.get(pond.farm.get_absolute_url()).status_code == 200
    assert client.get(reverse("console:today")).status_code == 200
    assert "老耿家庭农场" in client.get(reverse("console:search") + "?q=老耿").content.decode()


def test_a_farm_is_seen_by_its_own_and_its_officials_only(
    client_for, spinach, pond, farmer, vendor, outsider, other_township_clerk, administrator, reader, township_clerk
):
    pages = [spinach.get_absolute_url(), spinach.farm.get_absolute_url(), url("farm_file", spinach.farm_id, "xlsx")]
    for person, status in (
        (farmer, 200), (township_clerk, 200), (reader, 200), (vendor, 404), (outsider, 404), (other_township_clerk, 404),
        (administrator, 403),
    ):  # fmt: skip
        for page in pages:
            assert client_for(person).get(page).status_code == status, (person, page)
    assert client_for(farmer).get(pond.get_absolute_url()).status_code == 404
    assert client_for(reader).post(url("batch_end", spinach.pk), {"on": "2023-03-15"}).status_code == 403
    assert client_for(farmer).get(url("batch", 10**18 * 5)).status_code == 404
    spinach.refresh_from_db()
    assert spinach.ended_on is None


def test_ten_more_batches_ask_no_more_questions(client_for, farmer, office, farm, spinach, farm_department, labels):
    def asked(client, page):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(page)
        return len(queries)

    def spray(batch):
        records.record_application(batch=batch, product=labels["溴氰菊酯 2.5% 乳油"], began_on=TODAY, by=farmer)

    pages = [
        (client_for(farmer), url("mine")),
        (client_for(office), url("batches")),
        (client_for(office), farm.get_absolute_url()),
    ]
    spray(spinach)
    for client, page in pages:
        client.get(page)
    before = [asked(client, page) for client, page in pages]
    for number in range(10):
        spray(farms.open_batch(farm=farm, food=f"菠菜{number}", produce="crop", started_on=TODAY, by=farm_department))
    assert [asked(client, page) for client, page in pages] == before
