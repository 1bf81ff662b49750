"""Tables pass from office to office in Chinese, also through the hands of someone who reads the screens in English."""

import io

from django.utils import translation
from openpyxl import Workbook, load_workbook

from fangxin.engines.identifiers import make_credit_code
from fangxin.kernel.registry.importing.batches import check_file
from fangxin.kernel.registry.importing.templates import template
from fangxin.kernel.registry.models import Premises


def table_of(*lines):
    book, out = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(out)
    return out.getvalue()


def test_a_chinese_table_is_read_on_english_screens(office, county):
    code = make_credit_code(division="410101", serial=1)
    head = ["主体名称*", "统一社会信用代码", "类别*", "乡镇", "村", "地址"]
    content = table_of(head, ["老魏小吃店", code, "餐饮服务", "石门镇", "柳沟", "柳沟村1号"])
    with translation.override("en"):
        assert str(Premises.Kind.RESTAURANT.label) == "Catering"
        batch = check_file(kind="premises", name="t.xlsx", content=content, by=office)
    assert (batch.to_create, batch.faulty) == (1, 0)


def test_a_table_of_facts_is_read_on_english_screens(office, restaurant):
    content = table_of(
        ["底册编号", "事项", "取值", "自"], [restaurant.number, "互联网+明厨亮灶", "在线可查看", "2023-01-01"]
    )
    with translation.override("en"):
        batch = check_file(kind="facts", name="t.xlsx", content=content, by=office)
    assert batch.faulty == 0, [row.problems for row in batch.rows.all()]


def test_the_template_offers_what_is_understood():
    with translation.override("en"):
        book = load_workbook(io.BytesIO(template("premises")))
    offered = [rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation]
    assert any("个体工商户" in choices for choices in offered)
