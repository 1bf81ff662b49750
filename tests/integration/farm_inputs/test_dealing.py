"""A dealer's book: what may be sold to whom, what stock is left, what becomes a matter, and sheets that are looked at first."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from fangxin.actions.farm_inputs import facts_inputs, selectors_inputs
from fangxin.actions.farm_inputs.models import (
    Dealer,
    InputFinding,
    LedgerLine,
    LedgerSheet,
    Product,
    RefusedSale,
    Stock,
)
from fangxin.actions.farm_inputs.services import dealers, dealing, products, sheets
from fangxin.actions.farm_inputs.services.dealing import Entry
from fangxin.engines.identifiers import make_credit_code
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

TODAY = date(2023, 3, 15)
TOWN, OTHER_TOWN, COUNTY = "990101100", "990101200", "990101"


@pytest.fixture
def shelf(county):
    products.load_products(by=None)
    return {product.name.split()[0]: product for product in Product.objects.all()}


def credit_code(number):
    return make_credit_code(division="410101", serial=number)


def dealer_in(town, number, agency=None, **more):
    operator = registry.register_operator(
        name=f"农资店{number}", kind="self_employed", division_code=town, by=None, agency=agency,
        uscc=credit_code(number),
    )  # fmt: skip
    return dealers.add_dealer(
        operator=operator, division_code=town, name=f"农资店{number}", deals="both", licence_no=f"农药经许{number}",
        by=None, **more,
    )  # fmt: skip


@pytest.fixture
def dealer(shelf, agencies):
    """The vendor's shop, no fixed sale point."""
    return dealer_in(TOWN, 1, agencies["shop"])


@pytest.fixture
def sale_point(shelf):
    return dealer_in(TOWN, 2, sale_point_from=date(2022, 1, 1))


def line(kind, product, amount="1", unit="kg", on=TODAY, **more):
    return Entry(kind=kind, product=product, on=on, amount=Decimal(amount), unit=unit, **more)


def enter(dealer, *given, by=None, **more):
    return dealing.enter(dealer=dealer, entry=line(*given, **more), by=by)


BUYER = {"buyer_name": "农户甲", "buyer_identity": "99010119700101001x", "purpose": "小麦蚜虫"}


# --- stock ------------------------------------------------------------------------------------------------------------


def test_stock_follows_the_book_in_the_unit_of_the_product(dealer, shelf):
    enter(dealer, "purchase", shelf["吡虫啉"], "10", "kg", supplier="批发站")
    enter(dealer, "sale", shelf["吡虫啉"], "250", "g")
    assert dealing.stock_of(dealer, shelf["吡虫啉"]) == Decimal("9.75")
    enter(dealer, "purchase", shelf["毒死蜱"], "1080", "g", supplier="批发站")  # density 1.08: one litre
    assert dealing.stock_of(dealer, shelf["毒死蜱"]) == 1
    assert LedgerLine.objects.get(product=shelf["毒死蜱"]).active_g == Decimal("432")  # 40 % of 1080 g


def test_more_than_is_there_is_refused_and_writes_nothing(dealer, shelf):
    enter(dealer, "purchase", shelf["吡虫啉"], "1", supplier="批发站")
    with pytest.raises(ValidationError, match="库存只有 1"):
        enter(dealer, "sale", shelf["吡虫啉"], "2")
    assert LedgerLine.objects.count() == 1
    assert dealing.stock_of(dealer, shelf["吡虫啉"]) == 1


def test_what_was_sold_all_the_same_is_written_and_becomes_one_matter(dealer, shelf):
    enter(dealer, "purchase", shelf["吡虫啉"], "1", supplier="批发站")
    sold = enter(dealer, "sale", shelf["吡虫啉"], "3", happened=True).line
    assert sold.uncovered == 2
    assert sold.problems == ["oversold"]
    assert dealing.stock_of(dealer, shelf["吡虫啉"]) == 0
    enter(dealer, "sale", shelf["吡虫啉"], "1", happened=True)
    found = InputFinding.objects.get()
    assert found.code == "oversold"
    assert found.matter.owner.name == "云桥县农业农村局"
    assert "农资店1" in found.matter.hazard


def test_stock_never_falls_below_zero_in_the_database(dealer, shelf):
    stock = Stock.objects.create(dealer=dealer, product=shelf["吡虫啉"], quantity=1)
    with pytest.raises(Exception, match=r"farm_stock_not_negative|CHECK"):
        Stock.objects.filter(pk=stock.pk).update(quantity=-1)


def test_a_line_is_taken_back_by_another_and_only_once(dealer, shelf):
    enter(dealer, "purchase", shelf["吡虫啉"], "5", supplier="批发站")
    sold = enter(dealer, "sale", shelf["吡虫啉"], "2").line
    dealing.take_back(line=sold, why="记错了产品", by=None)
    assert dealing.stock_of(dealer, shelf["吡虫啉"]) == 5
    assert [row.kind for row in selectors_inputs.standing(LedgerLine.objects.all())] == ["purchase"]
    with pytest.raises(ValidationError, match="已经撤回"):
        dealing.take_back(line=sold, why="再来一次", by=None)
    with pytest.raises(ValidationError, match="为什么"):
        dealing.take_back(line=LedgerLine.objects.get(kind="purchase"), why=" ", by=None)


def test_a_purchase_already_sold_is_not_taken_back(dealer, shelf):
    bought = enter(dealer, "purchase", shelf["吡虫啉"], "5", supplier="批发站").line
    enter(dealer, "sale", shelf["吡虫啉"], "2")
    with pytest.raises(ValidationError, match="先撤回有关的售出"):
        dealing.take_back(line=bought, why="退货", by=None)


def test_lines_are_never_changed(dealer, shelf):
    bought = enter(dealer, "purchase", shelf["吡虫啉"], "5", supplier="批发站").line
    with pytest.raises(Exception, match=r"append-only|只能追加|refuse|不"):
        LedgerLine.objects.filter(pk=bought.pk).update(amount=6)


# --- what may be sold to whom -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "sold"), [(date(2024, 8, 31), True), (date(2024, 9, 1), False)])
def test_a_ban_begins_on_its_day(agencies, sale_point, on, sold):
    """Phorate: neither sold nor used from 2024-09-01 (notice 536)."""
    phorate = products.add_product(
        kind="pesticide", registration_no="PD虚构9001", name="甲拌磷颗粒剂", form="solid", source="测试",
        ingredients=[{"name": "甲拌磷", "content": "5", "unit": "%"}], by=None,
    )  # fmt: skip
    with ledger.clock.held_at(datetime(2024, 9, 20, 9, tzinfo=ledger.clock.LOCAL)):
        enter(sale_point, "purchase", phorate, "9", on=date(2024, 8, 1), supplier="批发站")
        outcome = enter(sale_point, "sale", phorate, "1", on=on, **BUYER)
    assert (outcome.line is not None) == sold
    if not sold:
        assert outcome.refused.code == "banned_sale"
        assert "536" in outcome.refused.clause
        assert InputFinding.objects.get().code == "banned_attempt"
        assert LedgerLine.objects.filter(kind="sale").count() == 0


def test_a_banned_substance_is_not_bought_either(dealer):
    paraquat = products.add_product(
        kind="pesticide", registration_no="PD虚构9002", name="百草枯水剂", form="liquid", source="测试",
        ingredients=[{"name": "百草枯", "content": "200", "unit": "g/L"}], by=None,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="不能购进"):
        enter(dealer, "purchase", paraquat, "9", "L", supplier="批发站")
    outcome = enter(dealer, "sale", paraquat, "1", "L", happened=True)
    assert outcome.line.problems == ["banned_sale", "oversold"]
    assert InputFinding.objects.get(code="banned_sale").matter.severity == "critical"


def test_restricted_pesticides_are_sold_at_fixed_points_to_named_buyers_only(dealer, sale_point, shelf):
    carbofuran = shelf["克百威"]
    for shop in (dealer, sale_point):
        enter(shop, "purchase", carbofuran, "10", supplier="批发站")
    outcome = enter(dealer, "sale", carbofuran, **BUYER)
    assert (outcome.line, outcome.refused.code) == (None, "not_sale_point")
    outcome = enter(sale_point, "sale", carbofuran, buyer_name="农户甲")
    assert outcome.refused.code == "no_real_name"
    assert "身份证件号码、用途" in outcome.refused.text
    sold = enter(sale_point, "sale", carbofuran, **BUYER).line
    assert sold.restricted
    assert sold.buyer_identity == "99010119700101001X"
    assert RefusedSale.objects.count() == 2
    assert not InputFinding.objects.exists()  # refused in time: no matter


def test_a_sale_point_is_one_only_in_its_time(sale_point, shelf):
    dealers.change_dealer(dealer=sale_point, sale_point_until=date(2023, 3, 14), by=None)
    enter(sale_point, "purchase", shelf["克百威"], "10", supplier="批发站")
    assert enter(sale_point, "sale", shelf["克百威"], **BUYER).refused.code == "not_sale_point"
    assert enter(sale_point, "sale", shelf["克百威"], on=date(2023, 3, 14), **BUYER).line is not None


def test_an_expired_licence_is_told_but_does_not_hide_the_sale(dealer, shelf):
    dealers.change_dealer(dealer=dealer, licence_until=date(2023, 3, 14), by=None)
    enter(dealer, "purchase", shelf["吡虫啉"], "5", supplier="批发站")
    assert enter(dealer, "sale", shelf["吡虫啉"]).line.problems == ["licence_expired"]
    assert InputFinding.objects.get().code == "licence_expired"


def test_days_that_cannot_be_are_refused(dealer, shelf):
    for on in (TODAY + timedelta(days=1), date(2019, 1, 1)):
        with pytest.raises(ValidationError, match=r"日期"):
            enter(dealer, "purchase", shelf["吡虫啉"], on=on, supplier="批发站")
    dealers.close_dealer(dealer=dealer, closed_on=date(2023, 3, 1), by=None)
    with pytest.raises(ValidationError, match="停业"):
        enter(Dealer.objects.get(pk=dealer.pk), "purchase", shelf["吡虫啉"], supplier="批发站")


# --- sheets -----------------------------------------------------------------------------------------------------------

HEADER = ["日期", "类别", "农药登记证号", "数量", "单位", "件数", "供应商", "购买人", "身份证号", "用途"]


def workbook(*rows, header=HEADER):
    book = Workbook()
    book.active.append(["石门镇农资台账"])
    book.active.append(header)
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_is_looked_at_first_and_booked_as_a_whole(dealer, shelf):
    number = shelf["吡虫啉"].registration_no
    content = workbook(
        [date(2023, 3, 5), "售出", number, 1, "千克（公斤）", 2, "", "农户甲", "", "小麦"],
        [date(2023, 3, 1), "购进", number, "１０", "千克", 20, "批发站"],
        [date(2023, 3, 6), "售出", number, 30, "千克（公斤）", 9],
        [date(2023, 3, 7), "售出", "没有这个证", 1, "千克（公斤）"],
        ["昨天", "售出", number, -1, "斗"],
    )
    sheet = sheets.hand_in(dealer=dealer, name="台账.xlsx", content=content, by=None)
    rows = sheets.preview(sheet)
    assert [row.entry is not None for row in rows] == [True, True, True, False, False] or sheet.faults >= 2
    assert LedgerLine.objects.count() == 0
    sheets.take_over(sheet=sheet, by=None)
    assert LedgerLine.objects.count() == sheet.lines
    assert InputFinding.objects.filter(code="oversold").count() == 1
    assert dealing.stock_of(dealer, shelf["吡虫啉"]) >= 0
    with pytest.raises(ValidationError, match="已经办理"):
        sheets.take_over(sheet=sheet, by=None)
    again = sheets.hand_in(dealer=dealer, name="台账.xlsx", content=content, by=None)
    assert again.lines == 0
    with pytest.raises(ValidationError, match="没有可以入账"):
        sheets.take_over(sheet=again, by=None)
    assert LedgerSheet.objects.get(pk=again.pk).state == "read"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空"),
        (b"\x00\x01\x02", "文字表格"),
        (b"PK\x03\x04broken", "打不开"),
        ("甲,乙\n1,2\n".encode(), "表头"),
        ("日期,类别,数量,单位\n2023-03-01,购进,1,千克\n".encode(), "登记证号"),
    ],
)
def test_sheets_that_cannot_be_read_say_why(dealer, content, why):
    with pytest.raises(ValidationError, match=why):
        sheets.hand_in(dealer=dealer, name="台账.csv", content=content, by=None)
    assert LedgerSheet.objects.count() == 0


def test_the_template_is_read_back(dealer):
    headers, rows = sheets.template_rows()
    content = workbook(*rows, header=headers)
    read = sheets.read_lines(dealer, "模板.xlsx", content)
    assert [row.faults[0] for row in read] == ["登记证号“PD00000001”不在产品目录，请先登记产品。"] * 2


# --- who sees and does what -------------------------------------------------------------------------------------------


def test_the_vendor_keeps_its_own_book_on_the_phone_and_no_other(client_for, vendor, dealer, sale_point, shelf):
    client = client_for(vendor)
    assert client.get(reverse("farm_inputs:my_shop")).url == dealer.get_absolute_url()
    url = reverse("farm_inputs:enter", args=[dealer.pk, "purchase"])
    answer = client.post(
        url, {"product": shelf["吡虫啉"].pk, "on": "2023-03-15", "amount": "10", "unit": "kg", "supplier": "批发站"}
    )
    assert answer.url == dealer.get_absolute_url()
    page = client.get(dealer.get_absolute_url()).content.decode()
    assert "10 kg" in page
    for name, args in (("dealer", [sale_point.pk]), ("enter", [sale_point.pk, "sale"]), ("scan", [sale_point.pk])):
        assert client.get(reverse(f"farm_inputs:{name}", args=args)).status_code == 404
    assert client.get(reverse("farm_inputs:lines")).status_code == 403


def test_others_do_not_learn_that_a_dealer_exists(client_for, outsider, other_township_clerk, dealer, shelf):
    bought = enter(dealer, "purchase", shelf["吡虫啉"], "5", supplier="批发站").line
    sheet = sheets.hand_in(
        dealer=dealer, name="a.csv", by=None,
        content=f"日期,类别,登记证号,数量,单位\n2023-03-02,购进,{shelf['吡虫啉'].registration_no},1,千克（公斤）\n".encode(),
    )  # fmt: skip
    for user in (outsider, other_township_clerk):
        client = client_for(user)
        for name, args in (
            ("dealer", [dealer.pk]), ("enter", [dealer.pk, "sale"]), ("take_back", [bought.pk]), ("sheet", [sheet.pk]),
            ("scan", [dealer.pk]), ("sheet_new", [dealer.pk]),
        ):  # fmt: skip
            assert client.get(reverse(f"farm_inputs:{name}", args=args)).status_code == 404, name
        assert client.post(reverse("farm_inputs:sheet_act", args=[sheet.pk, "load"])).status_code == 404
        assert "农资店1" not in client.get(reverse("farm_inputs:lines")).content.decode()


def test_the_reader_reads_and_never_writes(client_for, reader, dealer):
    client = client_for(reader)
    page = client.get(dealer.get_absolute_url())
    assert page.status_code == 200
    assert reverse("farm_inputs:enter", args=[dealer.pk, "sale"]) not in page.content.decode()
    assert client.get(reverse("farm_inputs:enter", args=[dealer.pk, "sale"])).status_code == 404
    assert client.get(reverse("farm_inputs:dealer_new")).status_code == 403


def test_a_buyer_is_masked_and_shown_only_to_who_says_what_for(
    client_for, farm_department, township_clerk, sale_point, shelf
):
    enter(sale_point, "purchase", shelf["克百威"], "10", supplier="批发站")
    sold = enter(sale_point, "sale", shelf["克百威"], **BUYER).line
    client = client_for(farm_department)
    page = client.get(sale_point.get_absolute_url()).content.decode()
    assert "农户甲" not in page
    assert BUYER["buyer_identity"].upper() not in page
    url = reverse("farm_inputs:buyer", args=[sold.pk])
    assert "农户甲" not in client.post(url, {"purpose": ""}).content.decode()
    assert "农户甲" in client.post(url, {"purpose": "核查限制使用农药去向"}).content.decode()
    assert [entry.event for entry in ledger.entries_of("farm_inputs.ledgerline", str(sold.pk))][:1] == [
        "people.personal_data.viewed"
    ]
    assert client_for(township_clerk).get(url).status_code == 403
    for content in (client.get(reverse("farm_inputs:lines") + "?_export=xlsx").content, page.encode()):
        assert "农户甲".encode() not in content


def test_the_department_registers_dealers(client_for, farm_department):
    client = client_for(farm_department)
    values = {
        "name": "石门农资", "operator_name": "石门农资经营部", "uscc": credit_code(99),
        "division_code": TOWN, "deals": "pesticide",
    }  # fmt: skip
    answer = client.post(reverse("farm_inputs:dealer_new"), values)
    dealer = Dealer.objects.get()
    assert answer.url == dealer.get_absolute_url()
    assert client.post(reverse("farm_inputs:dealer_new"), values | {"uscc": "123"}).status_code == 200
    changed = {"name": "石门农资店", "deals": "both", "licence_until": "2024-01-01"}
    assert client.post(reverse("farm_inputs:dealer_edit", args=[dealer.pk]), changed).status_code == 302
    dealer.refresh_from_db()
    assert (dealer.name, dealer.deals) == ("石门农资店", "both")


def test_a_sheet_goes_through_the_pages(client_for, vendor, dealer, shelf):
    client = client_for(vendor)
    content = workbook([date(2023, 3, 1), "购进", shelf["吡虫啉"].registration_no, 10, "千克（公斤）", 20, "批发站"])
    file = SimpleUploadedFile("台账.xlsx", content)
    page = client.post(reverse("farm_inputs:sheet_new", args=[dealer.pk]), {"file": file}, follow=True)
    assert "入账 1 行" in page.content.decode()
    sheet = LedgerSheet.objects.get()
    client.post(reverse("farm_inputs:sheet_act", args=[sheet.pk, "load"]))
    assert dealing.stock_of(dealer, shelf["吡虫啉"]) == 10
    assert client.get(reverse("farm_inputs:sheet_template")).status_code == 200


def test_a_list_asks_no_more_for_ten_more_lines(client_for, farm_department, dealer, shelf):
    client = client_for(farm_department)
    url = reverse("farm_inputs:lines")

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    enter(dealer, "purchase", shelf["吡虫啉"], "50", supplier="批发站")
    asked()
    before = asked()
    for _number in range(10):
        enter(dealer, "sale", shelf["吡虫啉"])
    assert asked() == before


# --- facts ------------------------------------------------------------------------------------------------------------


def test_sales_count_in_tonnes_and_taken_back_ones_do_not(dealer, shelf):
    enter(dealer, "purchase", shelf["吡虫啉"], "5000", supplier="批发站")
    enter(dealer, "sale", shelf["吡虫啉"], "1000")
    wrong = enter(dealer, "sale", shelf["吡虫啉"], "2000").line
    dealing.take_back(line=wrong, why="记错", by=None)
    rows = facts_inputs.pesticide_sale_rows(TODAY)
    assert [row.active_t for row in rows] == [Decimal("0.1")]  # 10 % of a tonne
    assert not facts_inputs.pesticide_sale_rows(date(2022, 12, 31)).exists()


def test_dealers_count_by_licence_and_upload(dealer, sale_point):
    rows = {row.pk: row for row in facts_inputs.dealer_rows(TODAY)}
    assert rows[dealer.pk].licensed
    assert not rows[dealer.pk].uploading
    assert not rows[dealer.pk].sale_point
    assert rows[sale_point.pk].sale_point
