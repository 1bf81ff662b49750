import io
import zipfile
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from fangxin.engines.identifiers import make_business_licence, make_credit_code
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.registry.importing.batches import apply_batch, ask_to_apply, check_file, discard
from fangxin.kernel.registry.importing.templates import template
from fangxin.kernel.registry.importing.undoing import undo
from fangxin.kernel.registry.models import ImportBatch, Operator, Premises, PremisesFact
from fangxin.kernel.screens.sheets import Unreadable

TODAY = date(2023, 3, 15)
HEAD = ["主体名称*", "统一社会信用代码", "场所名称", "类别*", "乡镇", "村", "地址", "联系电话", "证件编号", "发证日期"]


def code(serial):
    return make_credit_code(division="410101", serial=serial)


def licence_number(serial):
    return make_business_licence(business="2", division="410101", serial=serial)


def row(serial, **changes):
    values = {
        "主体名称*": f"导入{serial}号店", "统一社会信用代码": code(serial), "场所名称": "", "类别*": "餐饮服务",
        "乡镇": "石门镇", "村": "柳沟", "地址": f"柳沟村{serial}号", "联系电话": "13600000000",
        "证件编号": licence_number(serial), "发证日期": "2022年1月5日",
    }  # fmt: skip
    return [{**values, **changes}[header] for header in HEAD]


def xlsx(*rows, head=HEAD, title=None):
    book = Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(head))
    for line in ([head] if head else []) + list(rows):
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def check(content, by, kind="premises", name="底册.xlsx", **more):
    return check_file(kind=kind, name=name, content=content, by=by, **more)


def problems(batch):
    return {row.number: " ".join(p["what"] for p in row.problems) for row in batch.rows.filter(action="faulty")}


def test_checking_writes_nothing_and_applying_writes_all(office, county):
    batch = check(xlsx(row(1), row(2), title="云桥县餐饮单位底册"), office)
    assert (batch.total, batch.to_create, batch.faulty, Premises.objects.count()) == (2, 2, 0, 0)
    ask_to_apply(batch=batch, by=office)
    assert batch.state == "applied"
    first = Premises.objects.get(name="导入1号店")
    assert (first.division_code, first.operator.uscc, first.operator.kind) == ("990101100201", code(1), "self_employed")
    assert first.credentials.get().expires_on == date(2027, 1, 4)


def test_every_wrong_cell_is_named_with_its_row_and_what_to_do(office, county):
    wrong = [
        row(1, 统一社会信用代码="91410101MA00000000"),
        row(2, **{"类别*": "火锅"}),
        row(3, 乡镇="没有镇"),
        row(4, 发证日期="去年"),
        row(5, **{"主体名称*": ""}),
        row(6, 证件编号="JY123"),
        row(7, 发证日期=""),
        row(8, 发证日期="2033-01-01"),
        row(9, 村="别村"),
        row(10),
        row(10),
        row(11, 证件编号=licence_number(10)),
        row(12, 地址="长" * 300),
    ]
    batch = check(xlsx(*wrong), office)
    said = problems(batch)
    words = {2: "校验位", 3: "可选范围", 4: "没有找到", 5: "不是日期", 6: "没有填写", 7: "位数", 8: "发证日期",
             9: "还没有到", 10: "没有找到", 12: "第 11 行", 13: "证件编号相同", 14: "过长"}  # fmt: skip
    for number, word in words.items():
        assert word in said[number], (number, said.get(number))
    assert batch.rows.get(number=11).action == "create"
    assert all(p["advice"] for r in batch.rows.filter(number__in=(3, 4, 5)) for p in r.problems)
    with pytest.raises(ValidationError, match="行有误"):
        ask_to_apply(batch=batch, by=office)
    assert Premises.objects.count() == 0


def test_places_outside_the_jurisdiction_are_refused(inspector, shop):
    batch = check(xlsx(row(1, 乡镇="青杨乡", 村="松坪村")), inspector)
    assert "没有找到" in problems(batch)[2]
    head = [*HEAD, "区划代码"]
    batch = check(xlsx([*row(1), "990101200"], head=head), inspector)
    assert "管辖范围" in problems(batch)[2]
    head = ["底册编号", "主体名称", "类别", "地址"]
    batch = check(xlsx([shop.number, "青杨便民店", "食品小经营店", "新地址"], head=head), inspector)
    assert "不在您的管辖范围" in problems(batch)[2]


def test_a_second_import_updates_and_a_third_changes_nothing(office, county):
    ask_to_apply(batch=check(xlsx(row(1)), office), by=office)
    batch = check(xlsx(row(1, 地址="柳沟村新址", 联系电话="13600000001")), office)
    assert (batch.to_create, batch.to_update) == (0, 1)
    ask_to_apply(batch=batch, by=office)
    premises = Premises.objects.get()
    assert (premises.address, premises.phone, premises.credentials.count()) == ("柳沟村新址", "13600000001", 1)
    again = check(xlsx(row(1, 地址="柳沟村新址", 联系电话="13600000001")), office)
    assert again.rows.get().action == "same"


def test_one_holder_with_two_shops_in_one_table(office, county):
    batch = check(
        xlsx(row(1, 场所名称="一店"), row(1, 场所名称="二店", 地址="别处", 证件编号=licence_number(2))), office
    )
    ask_to_apply(batch=batch, by=office)
    assert (Operator.objects.count(), Premises.objects.count()) == (1, 2)


def test_undo_removes_what_was_made_and_restores_what_was_changed(office, restaurant):
    number = restaurant.number
    head = ["底册编号", "主体名称", "类别", "地址", "餐位数", "乡镇"]
    rows = [
        [number, "老魏小吃店", "餐饮服务", "新街1号", 300, ""],
        ["", "全新店", "食品小经营店", "某处", "", "石门镇"],
    ]
    batch = check(xlsx(*rows, head=head), office)
    ask_to_apply(batch=batch, by=office)
    restaurant.refresh_from_db()
    assert (restaurant.address, restaurant.size_class, Premises.objects.count()) == ("新街1号", "large", 2)
    undo(batch=batch, by=office)
    restaurant.refresh_from_db()
    assert (restaurant.address, restaurant.size_class, Premises.objects.count()) == ("石门镇解放路12号", "small", 1)
    assert registry.premises_rows(TODAY, only={"size_class"}).get(pk=restaurant.pk)["size_class"] == "small"
    assert not Operator.objects.filter(name="全新店").exists()
    told = ledger.entries_of("registry.importbatch", str(batch.pk)).filter(event="registry.import.undone")
    assert [entry.division_code for entry in told] == ["990101100"]
    with pytest.raises(ValidationError):
        undo(batch=batch, by=office)


def test_undo_says_what_was_built_on_the_import(office, county):
    batch = check(xlsx(row(1), row(2)), office)
    ask_to_apply(batch=batch, by=office)
    first, second = Premises.objects.order_by("pk")
    registry.add_staff(premises=first, name="赵某", role="employee", joined_on=TODAY, by=office)
    registry.change_premises(premises=second, name="改过名", by=office)
    with pytest.raises(ValidationError) as refused:
        undo(batch=batch, by=office)
    said = " ".join(refused.value.messages)
    assert "导入1号店已有“人员”" in said
    assert "改过名之后又有“变更经营场所”" in said
    assert Premises.objects.count() == 2


def test_undo_after_a_later_edit_of_an_updated_row_is_refused(office, restaurant):
    head = ["底册编号", "主体名称", "类别", "地址"]
    batch = check(xlsx([restaurant.number, "老魏小吃店", "餐饮服务", "新街1号"], head=head), office)
    ask_to_apply(batch=batch, by=office)
    restaurant.refresh_from_db()
    registry.change_premises(premises=restaurant, address="又改", by=office)
    with pytest.raises(ValidationError, match="导入后又被修改"):
        undo(batch=batch, by=office)


def test_a_table_is_applied_once(office, county):
    batch = check(xlsx(row(1)), office)
    same = ImportBatch.objects.get(pk=batch.pk)
    ask_to_apply(batch=batch, by=office)
    with pytest.raises(ValidationError, match="刚刚已被处理"):
        ask_to_apply(batch=same, by=office)
    with pytest.raises(ValidationError):
        discard(batch=batch, by=office)
    assert Premises.objects.count() == 1


def test_a_register_changed_since_the_check_stops_the_whole_table(office, county):
    batch = check(xlsx(row(1), row(2)), office)
    owner = registry.register_operator(name="别家", kind="individual", division_code=county, by=office)
    other = registry.register_premises(
        operator=owner, name="别家", kind="restaurant", division_code="990101200", by=office
    )
    registry.issue_credential(
        premises=other, kind="business_licence", number=licence_number(2), issued_on=date(2022, 1, 5), by=office
    )
    with pytest.raises(ValidationError, match="第 3 行现在不能导入：这个证件已登记在另一个场所"):
        apply_batch(batch=batch, by=office)
    batch.refresh_from_db()
    assert (batch.state, Premises.objects.filter(name__startswith="导入").count()) == ("checked", 0)


def test_a_long_table_goes_to_a_worker(office, county, monkeypatch):
    from fangxin.kernel.registry import tasks
    from fangxin.kernel.registry.importing import batches

    asked = []
    monkeypatch.setattr(batches, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(batches.jobs, "enqueue", lambda task, **more: asked.append((task, more["arguments"])))
    batch = ask_to_apply(batch=check(xlsx(row(1), row(2)), office), by=office)
    assert (batch.state, Premises.objects.count()) == ("applying", 0)

    class Progress:
        told = []

        def tell(self, done, total, message=""):
            self.told.append((done, total))

    for _ in range(2):
        tasks.apply_import(Progress(), **asked[0][1])
    assert Premises.objects.count() == 2
    assert Progress.told == [(0, 2), (2, 2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_the_encodings_of_chinese_desktops(encoding, office, county):
    text = "主体名称,类别,乡镇,电话\r\n甲店,食品小经营店,石门镇,13600000000\r\n"
    assert check(text.encode(encoding), office, name="表.csv").to_create == 1


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (60 * 1024 * 1024))
    return out.getvalue()


def with_entity():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(row(1)))) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            text = old.read(info)
            if info.filename == "xl/workbook.xml":
                text = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + text
            new.writestr(info.filename, text)
    return out.getvalue()


def merged_below():
    book = load_workbook(io.BytesIO(xlsx(row(1), row(2))))
    book.active.merge_cells("E2:E3")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("空.xlsx", b"", "空的"),
        ("空表.xlsx", xlsx(head=None), "没有内容"),
        ("只有表头.xlsx", xlsx(), "没有数据行"),
        ("别的表.xlsx", xlsx(["甲", "乙", "丙"], head=["一", "二", "三"]), "没有找到表头"),
        ("缺列.xlsx", xlsx(["x", "y", "z"], head=["场所名称", "地址", "电话"]), "缺少这些列"),
        ("旧.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "另存为"),
        ("坏.xlsx", b"PK\x03\x04 broken", "打不开"),
        ("假.xlsx", b"plain text", "不是表格"),
        ("乱码.csv", b"\x81\x30\xff\xff" * 20, "编码"),
        ("二进制.csv", "主体名称,类别\x00,乡镇".encode(), "不是文字表格"),
        ("炸弹.xlsx", bomb(), "过大"),
        ("实体.xlsx", with_entity(), "异常"),
        ("合并.xlsx", merged_below(), "合并单元格"),
    ],
)
def test_unusable_files_are_answered_in_plain_words(name, content, word, office, county, client_for):
    with pytest.raises(Unreadable, match=word):
        check(content, office, name=name)
    upload = SimpleUploadedFile(name, content)
    page = client_for(office).post(reverse("registry:import_new"), {"kind": "premises", "file": upload})
    assert page.status_code == 200
    assert ImportBatch.objects.count() == 0


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(office, county, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    with pytest.raises(Unreadable, match="超过"):
        check(xlsx(row(1)), office)


def test_a_formula_is_not_a_value(office, county):
    batch = check(xlsx(row(1, 地址='=HYPERLINK("http://a")')), office)
    assert "公式" in problems(batch)[2]


def test_a_number_that_a_spreadsheet_rounded_is_noticed(office, county):
    batch = check(xlsx(row(1, 统一社会信用代码=924101010000000783000)), office)
    assert "统一社会信用代码" in problems(batch)[2]


def test_staff_with_certificates_by_licence_number_and_helpers_by_village(office, restaurant, licence):
    head = ["姓名", "岗位", "到岗日期", "证件编号", "乡镇", "村", "证明", "取得日期"]
    rows = [
        ["赵某", "从业人员", "2022-01-01", licence.number, "", "", "培训考核合格", "2022-03-01"],
        ["钱某", "协管员", "2022-01-01", "", "石门镇", "柳沟村", "协管员培训", "2022-03-01"],
        ["孙某", "从业人员", "2022-01-01", "JY99", "", "", "", ""],
    ]
    batch = check(xlsx(*rows, head=head), office, kind="staff")
    assert problems(batch) == {4: "底册中没有找到这个场所"}
    batch = check(xlsx(*rows[:2], head=head), office, kind="staff")
    ask_to_apply(batch=batch, by=office)
    assert registry.staff_rows(date(2022, 6, 1)).filter(certified=True).count() == 1
    assert registry.village_rows(TODAY).filter(has_trained_helper=True).count() == 1
    again = check(xlsx(*rows[:2], head=head), office, kind="staff")
    assert set(again.rows.values_list("action", flat=True)) == {"same"}
    undo(batch=batch, by=office)
    assert registry.Staff.objects.count() == 0


def test_census_entries_into_their_survey(office, county):
    survey = registry.open_survey(name="普查", division_code=county, started_on=date(2023, 1, 1), by=office)
    head = ["名称", "类别", "乡镇", "是否在营", "查看日期"]
    rows = [["甲", "小经营店", "石门镇", "是", "2023-02-01"], ["乙", "食品小经营店", "青杨", "否", "2022-12-31"]]
    with pytest.raises(ValidationError, match="哪次普查"):
        check(xlsx(*rows, head=head), office, kind="census")
    batch = check(xlsx(*rows, head=head), office, kind="census", survey=survey)
    assert set(problems(batch)) == {2, 3}
    rows[0][1], rows[1][4] = "食品小经营店", "2023-02-02"
    batch = check(xlsx(*rows, head=head), office, kind="census", survey=survey)
    ask_to_apply(batch=batch, by=office)
    assert list(survey.entries.order_by("pk").values_list("name_seen", "operating")) == [("甲", True), ("乙", False)]
    undo(batch=batch, by=office)
    assert survey.entries.count() == 0


def test_facts_by_their_labels_and_withdrawn_on_undo(office, restaurant):
    attribute = contribute.attributes.get("catering.open_kitchen")
    head = ["底册编号", "事项", "取值", "自"]
    good = [restaurant.number, str(attribute.label), str(attribute.choices["active"]), "2023-01-01"]
    batch = check(xlsx(good, [restaurant.number, "没有的事项", "是", "2023-01-01"], head=head), office, kind="facts")
    assert "没有“没有的事项”" in problems(batch)[3]
    batch = check(xlsx(good, head=head), office, kind="facts")
    ask_to_apply(batch=batch, by=office)
    value = lambda: registry.premises_rows(TODAY, only={"catering_open_kitchen"}).get()["catering_open_kitchen"]  # noqa: E731
    assert value() == "active"
    undo(batch=batch, by=office)
    assert value() is None
    assert PremisesFact.objects.filter(name=attribute.name).count() == 2


@pytest.mark.parametrize("kind", ImportBatch.Kind.values)
def test_a_template_comes_back_as_a_table(kind, office, county, client_for):
    survey = registry.open_survey(name="普查", division_code=county, started_on=date(2023, 1, 1), by=office)
    answer = client_for(office).get(reverse("registry:import_template", args=[kind]))
    assert answer.status_code == 200
    with pytest.raises(Unreadable, match="没有数据行"):
        check(template(kind), office, kind=kind, survey=survey)


def test_from_upload_to_undo_on_the_screen(office, county, client_for):
    client = client_for(office)
    upload = SimpleUploadedFile("底册.xlsx", xlsx(row(1)))
    answer = client.post(reverse("registry:import_new"), {"kind": "premises", "file": upload})
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "新增 1" in page
    assert "13600000000" not in page
    batch = ImportBatch.objects.get()
    for name, state in (("import_apply", "applied"), ("import_undo", "undone")):
        assert client.post(reverse(f"registry:{name}", args=[batch.pk])).status_code == 302
        batch.refresh_from_db()
        assert batch.state == state


def test_imports_belong_to_their_county(office, outsider, township_clerk, county, client_for):
    batch = check(xlsx(row(1)), office)
    path = reverse("registry:import", args=[batch.pk])
    assert client_for(outsider).get(path).status_code == 404
    assert client_for(township_clerk).get(path).status_code == 403
    assert client_for(outsider).post(reverse("registry:import_apply", args=[batch.pk])).status_code == 404
