"""Limits from a sheet: every fault with its row, nothing used before a second person has read it, and two editions compared."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from fangxin.engines.limits import Change, Measured
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.catalog import limit_tables, services_limits
from fangxin.kernel.catalog.models import LimitTable
from fangxin.kernel.screens.sheets import Unreadable

HEADERS = ("检测项目", "食品", "最大残留限量", "单位", "条款", "可信程度")
FACTS: dict[str, Any] = {
    "kind": "pesticide", "standard": "GB 2763", "edition": "2021", "name": "补充限量", "extends": "gb2763-2021",
    "in_force_from": date(2023, 1, 1), "in_force_to": None, "source": "GB 2763-2021 原文",
}  # fmt: skip


@pytest.fixture(autouse=True)
def evidence_dir(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


def sheet(*rows: tuple[Any, ...], headers: tuple[str, ...] = HEADERS) -> bytes:
    book = Workbook()
    book.active.append(headers)
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


GOOD = sheet(("腐霉利", "韭菜", 3, "mg/kg", "4.1", "V"), ("乙螨唑", "韭菜", "0.5", "mg/kg", "4.2", "V"))


def upload(by: Any, content: bytes = GOOD, **facts: Any) -> LimitTable:
    return services_limits.upload(content=content, file_name="限量.xlsx", by=by, **{**FACTS, **facts})


def verdict(analyte: str, value: str, on: str) -> Any:
    row = Measured(sample_id="1", food="韭菜", analyte=analyte, value=value, unit="mg/kg", sampled_on=on)
    return catalog.the_judge().judge(row)


class TestUploading:
    def test_nothing_is_judged_by_it_before_a_second_person_has_read_it(self, office: Any, department: Any) -> None:
        before = verdict("腐霉利", "4", "2024-05-01")
        table = upload(office)
        assert verdict("腐霉利", "4", "2024-05-01") == before
        services_limits.approve(table=table, by=department)
        after = verdict("腐霉利", "4", "2024-05-01")
        assert (str(before.outcome), str(after.outcome)) == ("conforming", "nonconforming")
        assert (after.limit, after.clause, after.edition) == (3, "4.1", "2021")
        # A result from before the rows hold is judged as it was.
        assert str(verdict("腐霉利", "4", "2022-05-01").outcome) == "conforming"

    def test_nobody_reviews_the_own_sheet(self, office: Any) -> None:
        with pytest.raises(ValidationError, match="另一名人员"):
            services_limits.approve(table=upload(office), by=office)

    def test_every_fault_is_told_with_its_row_and_column_and_nothing_is_kept(self, office: Any) -> None:
        bad = sheet(
            ("没有这种药", "韭菜", 1, "mg/kg", "", "V"),
            ("腐霉利", "月亮菜", 1, "mg/kg", "", "V"),
            ("腐霉利", "韭菜", "约3", "mg/kg", "", "V"),
            ("腐霉利", "韭菜", 3, "斗", "", "V"),
            ("腐霉利", "韭菜", 3, "mg/kg", "", ""),
        )
        with pytest.raises(services_limits.SheetFaulty) as refused:
            upload(office, bad)
        said = "".join(refused.value.messages)
        for place in ("第 2 行“检测项目”", "第 3 行“食品”", "第 4 行“限量”", "第 5 行“单位”", "第 6 行“可信程度”"):
            assert place in said
        assert not LimitTable.objects.exists()

    def test_the_same_case_twice_is_refused(self, office: Any) -> None:
        twice = sheet(("乙螨唑", "韭菜", 3, "mg/kg", "", "V"), ("乙螨唑", "韭菜", 5, "mg/kg", "", "V"))
        with pytest.raises(services_limits.SheetFaulty, match="两个限量"):
            upload(office, twice)

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no book", sheet(), sheet(("a",), headers=("别的",))])
    def test_what_is_no_sheet_of_limits_is_said_so(self, office: Any, content: bytes) -> None:
        with pytest.raises(Unreadable):
            upload(office, content)

    def test_a_formula_is_no_limit(self, office: Any) -> None:
        with pytest.raises(Unreadable, match="公式"):
            upload(office, sheet(("腐霉利", "韭菜", "=1+2", "mg/kg", "", "V")))

    def test_the_same_sheet_is_taken_once(self, office: Any) -> None:
        upload(office)
        with pytest.raises(ValidationError, match="已经上传过"):
            upload(office)


class TestEditions:
    def test_a_new_edition_ends_the_one_before(self, office: Any, department: Any) -> None:
        table = upload(office, edition="2030", extends="", in_force_from=date(2030, 1, 1))
        services_limits.approve(table=table, by=department)
        assert str(verdict("腐霉利", "4", "2029-12-31").outcome) == "conforming"
        late = verdict("腐霉利", "4", "2030-01-01")
        assert (str(late.outcome), late.edition) == ("nonconforming", "2030")

    def test_new_names_come_first_then_their_limits(self, office: Any, department: Any) -> None:
        names = sheet(("月亮菜", "叶菜类蔬菜"), headers=("名称", "上级类别"))
        facts = {"kind": "foods", "extends": "", "standard": "食品名称", "edition": "1"}
        services_limits.approve(table=upload(office, names, **facts), by=department)
        table = upload(office, sheet(("乙螨唑", "月亮菜", 1, "mg/kg", "", "V")))
        services_limits.approve(table=table, by=department)
        with pytest.raises(ValidationError, match="别的限量表要用到"):
            services_limits.withdraw(table=LimitTable.objects.get(kind="foods"), reason="重填", by=office)

    def test_taken_back_it_is_used_no_more(self, office: Any, department: Any) -> None:
        table = services_limits.approve(table=upload(office), by=department)
        with pytest.raises(ValidationError, match="理由"):
            services_limits.withdraw(table=table, reason=" ", by=office)
        services_limits.withdraw(table=table, reason="录入有误", by=office)
        assert str(verdict("腐霉利", "4", "2024-05-01").outcome) == "conforming"
        with pytest.raises(ValidationError, match="刚刚"):
            services_limits.withdraw(table=table, reason="再来一次", by=office)

    def test_the_differences_name_what_changes(self, office: Any) -> None:
        found = {(one.analyte, one.change): one for one in limit_tables.differences_of(upload(office))}
        changed = found["腐霉利", Change.CHANGED]
        assert changed.before is not None
        assert changed.after is not None
        assert (changed.before.limit, changed.after.limit) == ("5", "3")
        assert ("乙螨唑", Change.ADDED) in found

    @pytest.mark.django_db
    def test_two_editions_are_compared(self) -> None:
        found = limit_tables.compare_editions("gb2763-2019", "gb2763-2021")
        assert {one.change for one in found} >= {Change.CHANGED, Change.SAME, Change.ADDED}
        for one in found:
            assert (one.before is None) == (one.change is Change.ADDED)
            assert (one.after is None) == (one.change is Change.REMOVED)


class TestPages:
    def test_from_the_template_to_use(self, office: Any, department: Any, client_for: Any) -> None:
        client = client_for(office)
        template = client.get(reverse("catalog:limit_table_template", args=["pesticide"])).content
        assert load_workbook(BytesIO(template)).active["A1"].value == "检测项目"
        facts = {**FACTS, "in_force_from": "2023-01-01", "in_force_to": ""}
        answer = client.post(
            reverse("catalog:limit_table_new"), {**facts, "file": SimpleUploadedFile("限量.xlsx", GOOD)}
        )
        table = LimitTable.objects.get()
        assert answer.url == table.get_absolute_url()
        page = client.get(table.get_absolute_url()).content.decode()
        assert "等上传人以外" in page
        assert "5 mg/kg" in page
        client_for(department).post(reverse("catalog:limit_table_approve", args=[table.pk]))
        table.refresh_from_db()
        assert table.state == "in_use"

    def test_faults_stand_on_the_form(self, office: Any, client_for: Any) -> None:
        facts = {**FACTS, "in_force_from": "2023-01-01", "in_force_to": ""}
        file = SimpleUploadedFile("x.xlsx", sheet(("没有这种药", "韭菜", 1, "mg/kg", "", "V")))
        page = client_for(office).post(reverse("catalog:limit_table_new"), {**facts, "file": file}).content.decode()
        assert "第 2 行“检测项目”" in page
        assert "没有这种药" in page

    def test_comparing_pages_and_exports(self, office: Any, client_for: Any) -> None:
        address = reverse("catalog:limits_compare") + "?one=gb2763-2019&other=gb2763-2021"
        client = client_for(office)
        assert "改变" in client.get(address).content.decode()
        assert client.get(address + "&change=same&page=99").status_code == 200
        book = load_workbook(BytesIO(client.get(address + "&export=1").content))
        assert book.active.max_row > 10
        assert client.get(reverse("catalog:limits_compare") + "?one=x&other=y").status_code == 200

    def test_only_who_keeps_the_limits_may_change_them(
        self, office: Any, reader: Any, vendor: Any, client_for: Any
    ) -> None:
        table = upload(office)
        for person in (reader, vendor):
            client = client_for(person)
            assert client.get(reverse("catalog:limit_table_new")).status_code == 403
            assert client.post(reverse("catalog:limit_table_approve", args=[table.pk])).status_code == 403
        assert LimitTable.objects.get().state == "waiting"
