"""The concrete papers: what each must say, whatever else it says."""

import doctest
import importlib
import pkgutil
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document

from fangxin.engines import papers
from fangxin.engines.papers import (
    BoardFigure,
    Bulletin,
    Comparison,
    Contact,
    Dispatch,
    DueItem,
    FindingToRectify,
    Form,
    Interview,
    LineChart,
    MatterBalance,
    PaperError,
    Practice,
    Progress,
    Rectification,
    Remedies,
    Reminder,
    Series,
    Shortcoming,
    Supervision,
    Table,
    Target,
    WorkReport,
    bulletin,
    interview_notice,
    rectification_order,
    reminder_letter,
    render,
    supervision_letter,
    work_report,
)

DAY = date(2024, 9, 25)
OFFICE = Dispatch(
    agency="青禾县食品安全委员会办公室",
    date=date(2024, 6, 27),
    document_number="青食安办函〔2024〕9号",
    contact=Contact("李某", "0000-1234567"),
    copy_to=("县政府督查室",),
)
ITEM = DueItem(
    subject="第二季度工作总结报送",
    number="2024-0117",
    basis="《青禾县攻坚行动工作方案》第四部分",
    due=date(2024, 6, 25),
    state="未报",
    overdue_workdays=2,
    reminded_on=(date(2024, 6, 4), date(2024, 6, 20)),
    missing="指标数据。",
)
FIGURES = (
    BoardFigure("量化分级评定率", DAY, Decimal(41), Decimal(50), target=Target(Comparison.ABOVE, Decimal(80))),
    BoardFigure("合格证开具率", DAY, Decimal(40), Decimal(50), target=Target(Comparison.ABOVE, Decimal(80))),
    BoardFigure("冷链备案率", DAY, Decimal(0), Decimal(0), target=Target(Comparison.EQUAL, Decimal(100))),
)
BULLETIN = Bulletin(
    subject="食品安全攻坚行动",
    period="2024年第三季度",
    as_of=DAY,
    recipients=("各乡镇人民政府",),
    figures=FIGURES,
    charts=(LineChart("趋势", ("1月",), (Series("率", (Decimal(80),)),)),),
    balance=MatterBalance(12, 20, 25, 1, due=24, closed_in_time=22),
    practices=(Practice("东岭镇", "一席一档", "提前上门指导。"),),
    problems=(Shortcoming("视频离线", "2所学校连续5日无信号。", ("县教育体育局",), date(2024, 10, 15)),),
    next_steps=("加强抽检。", "逐项督办"),
)


def read_text(paper):
    """All words of the rendered file, tables included, in reading order."""
    document = Document(BytesIO(render(paper)))
    return "\n".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))


def words(paper):
    return read_text(paper).replace("\n", "")


def test_reminder_of_one_item_names_it_in_prose():
    paper = reminder_letter(OFFICE, Reminder("县农业农村局", (ITEM,), date(2024, 6, 20)))
    text = words(paper)
    assert paper.form is Form.LETTER
    assert "“第二季度工作总结报送”（编号：2024-0117）由你单位承办，办理时限为2024年6月25日" in text
    assert "截至2024年6月20日，该事项登记状态为“未报”" in text
    assert "（联系人：李某，联系电话：0000-1234567）" in text
    assert not any(isinstance(block, Table) for block in paper.body)


def test_reminder_of_several_items_lists_them():
    items = (ITEM, replace(ITEM, subject="土壤采样", number="2024-0120"))
    paper = reminder_letter(OFFICE, Reminder("县农业农村局", items, date(2024, 6, 20)))
    table = next(block for block in paper.body if isinstance(block, Table))
    assert paper.title == "关于按时办理2项食品安全工作的提醒函"
    assert [row[1] for row in table.rows] == ["第二季度工作总结报送", "土壤采样"]


def test_supervision_letter_says_how_late_what_is_missing_and_by_when_to_answer():
    paper = supervision_letter(
        OFFICE, Supervision("县农业农村局", (ITEM,), date(2024, 6, 27), ("立即补报。",), date(2024, 7, 4))
    )
    text = words(paper)
    assert (
        "办理时限：2024年6月25日；已逾期2个工作日；已于2024年6月4日、2024年6月20日提醒；登记状态：未报；尚缺：指标数据。"
        in text
    )
    assert "请于2024年7月4日前书面反馈办理结果" in text


def test_unknown_lateness_is_not_printed_as_a_number():
    item = replace(ITEM, overdue_workdays=None, reminded_on=(), missing="")
    paper = supervision_letter(OFFICE, Supervision("县农业农村局", (item,), DAY, ("补报",), DAY))
    assert "个工作日" not in words(paper)


def test_interview_notice_names_reason_basis_time_and_place():
    interview = Interview(
        recipient="青禾县某某食品有限公司",
        interviewee="法定代表人",
        reasons=("进货查验记录不全",),
        basis=("《中华人民共和国食品安全法》第一百一十四条",),
        held_on=date(2024, 7, 3),
        held_at=time(9, 30),
        place="县市场监督管理局会议室",
        host="副局长",
        attendees=("食品安全总监",),
        feedback_by=date(2024, 7, 12),
    )
    text = words(interview_notice(OFFICE, interview))
    for part in (
        "进货查验记录不全。",
        "《中华人民共和国食品安全法》第一百一十四条。",
        "时间：2024年7月3日9时30分。",
        "地点：县市场监督管理局会议室。",
        "法定代表人、食品安全总监。",
        "请于2024年7月12日前",
        "可以陈述情况、提出意见和提交证据",
    ):
        assert part in text
    with pytest.raises(PaperError):
        interview_notice(OFFICE, replace(interview, basis=()))


def test_rectification_order_ties_each_finding_to_its_clause_measure_and_day():
    finding = FindingToRectify("留样冰箱11℃", "某规定第四十条", "调整温度", date(2024, 7, 1), "照片2张")
    order = Rectification(
        recipient="青禾县某某小学",
        inspected_on=date(2024, 6, 26),
        inspected_by="东岭市场监管所",
        findings=(finding,),
        basis=("某办法第二条",),
        remedies=Remedies("青禾县人民政府", 60, "青禾县人民法院", 6),
    )
    text = words(rectification_order(OFFICE, order))
    assert "留样冰箱11℃。不符合：某规定第四十条；证据：照片2张；整改要求：调整温度；整改期限：2024年7月1日前。" in text
    assert "60日内向青禾县人民政府申请行政复议" in text
    assert "行政复议" not in words(rectification_order(OFFICE, replace(order, remedies=None)))


def test_bulletin_counts_every_figure_and_names_the_missed_and_the_unknown():
    text = words(bulletin(replace(OFFICE, document_number="青食安办〔2024〕31号"), BULLETIN))
    assert "共统计指标3项，其中已达到目标1项、未达到目标1项、因暂无数据无法判定1项。" in text
    assert "未达到目标的指标：合格证开具率80.00%（40/50，目标>80%，未达到，截至2024年9月25日）。" in text
    assert "无法判定的指标：冷链备案率暂无数据（分母为零）" in text
    assert "期末未办结8件" in text
    assert "按期整改率91.67%（22/24，截至2024年9月25日）" in text
    assert "请于2024年10月15日前整改到位" in text


def test_bulletin_without_records_claims_nothing():
    empty = replace(BULLETIN, figures=(), charts=(), balance=None, practices=(), problems=(), next_steps=())
    text = words(bulletin(OFFICE, empty))
    assert "没有数据不代表工作已经完成" in text
    assert "没有记录不等于没有问题" in text
    assert "100%" not in text


def test_period_with_nothing_due_has_no_rate():
    text = words(bulletin(OFFICE, replace(BULLETIN, balance=MatterBalance(0, 0, 0, 0, due=0, closed_in_time=0))))
    assert "按期整改率暂无数据（分母为零）" in text


def test_work_report_goes_upward_and_shows_typed_beside_computed():
    report = WorkReport(
        action="校园食品安全守护行动",
        period="2024年第三季度",
        as_of=DAY,
        recipient="县食品安全委员会办公室",
        signer="赵某某",
        progress=(Progress("检查全覆盖", "逐一检查。\n\n登记问题。"),),
        figures=(replace(FIGURES[1], stated=Decimal(82)),),
    )
    paper = work_report(replace(OFFICE, document_number="青教体〔2024〕40号"), report)
    text = words(paper)
    assert (paper.form, paper.signer) == (Form.DOCUMENT, "赵某某")
    assert paper.agency_mark == "青禾县食品安全委员会办公室文件"
    assert "签发人：赵某某" in text
    assert "部门填报82%" in text
    assert "（一）检查全覆盖逐一检查。登记问题。" in text


@pytest.mark.parametrize("module", [m.name for m in pkgutil.iter_modules(papers.__path__, "fangxin.engines.papers.")])
def test_examples_in_the_documentation_run(module):
    assert doctest.testmod(importlib.import_module(module)).failed == 0


def test_example_of_the_package_runs():
    result = doctest.testmod(papers)
    assert (result.attempted > 0, result.failed) == (True, 0)
