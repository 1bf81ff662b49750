"""From a file, from pasted text, from a reviewed plan: the same draft."""

import os
from pathlib import Path

import pytest

from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.plans import api as plans
from fangxin.oversight.plans.services import reading
from fangxin.oversight.plans.services.naming import list_names

pytestmark = pytest.mark.django_db
PLAN_FOLDER = (
    Path(os.environ.get("FANGXIN_REFERENCE_DATA", Path(__file__).parents[4] / "shared" / "data")).parent / "plan"
)

TEXT = """云桥县人民政府办公室文件

云政办〔2022〕21号

云桥县食品安全放心工程建设攻坚行动工作方案（2022—2024年）

根据《云岭省食品安全放心工程建设攻坚行动工作方案》（云岭办〔2022〕3号）要求，制定本方案。

一、总体要求

坚持问题导向，守住食品安全底线。

二、工作目标

到2024年底，农村食品经营店规范化建设达标率超过80%。重点餐饮单位明厨亮灶实施率达100%以上。

三、主要任务

（一）实施农村假冒伪劣食品治理行动。加强农村食品经营店监督检查。组织村级协管员培训。（责任单位：县市场监管局、农业农村局，各乡镇政府）

（二）实施餐饮质量安全提升行动。推进明厨亮灶。（责任单位：县市场监管局、卫健委）

四、工作措施

（一）加强跟踪评估。各牵头单位于2022年5月31日前向县政府食安办报送专项行动工作方案。每年的3月25日、6月25日、9月25日和11月30日之前报送工作总结。

2022年5月19日
"""


def test_a_text_becomes_a_draft_that_points_into_the_text(agencies, office):
    plan = reading.read_upload(name="plan.txt", content=TEXT.encode(), division_code="990101", by=office)
    assert (plan.document_number, plan.years, plan.source_text) == ("云政办〔2022〕21号", [2022, 2023, 2024], TEXT)
    assert [(a.title, a.townships) for a in plan.actions.all()] == [
        ("实施农村假冒伪劣食品治理行动", True),
        ("实施餐饮质量安全提升行动", False),
    ]
    for place in plan.reading["sources"].values():
        assert TEXT[place["offset"] :].startswith(place["quote"])
    assert ledger.read_evidence(plan.source_file) == TEXT.encode()
    assert {n.printed: n.proposed for n in list_names(plan)}["县市场监管局"] == agencies["market"]


def test_a_file_that_is_no_text_is_refused_in_words(office):
    with pytest.raises(plans.PlanError, match="没有建立任何记录"):
        reading.read_upload(name="plan.docx", content=b"PK\x03\x04 broken", division_code="990101", by=office)


def test_every_reviewed_plan_can_be_confirmed_as_it_is(agencies, office):
    found = reading.list_reviewed()
    assert found
    for name, title in found:
        draft = reading.draft_from_reviewed(name=name, division_code="990101", by=office)
        assert draft.title == title
    with pytest.raises(plans.PlanError):
        reading.draft_from_reviewed(name="../settings", division_code="990101", by=office)


def test_the_reviewed_county_plan_has_twelve_actions_of_five_leads(county, agencies, office):
    text = (reading._reviewed_folder() / "lushi-2022.toml").read_text("utf-8")
    plan = plans.load_confirmed_plan(text, division_code="990101", by=office)
    actions = list(plan.actions.select_related("lead"))
    assert len(actions) == 12
    assert len({action.lead for action in actions}) == 5
    assert len({action.code for action in actions}) == 12
    assert plans.returns_of(plan=plan).count() == 11 * 12
    assert [a.number for a in actions if a.townships] == [2, 3, 4, 5, 7, 8, 10]


def test_the_document_itself_reads_to_the_same_actions(agencies, office):
    path = PLAN_FOLDER / "lushi-2022-21.txt"
    if not path.is_file():
        pytest.skip(f"the plan's text is not here ({path}); set FANGXIN_REFERENCE_DATA")
    plan = reading.read_upload(name=path.name, content=path.read_bytes(), division_code="990101", by=office)
    reviewed = reading.draft_from_reviewed(name="lushi-2022", division_code="990101", by=office)
    facts = ("number", "title", "lead_printed", "townships", "code")
    assert list(plan.actions.values_list(*facts)) == list(reviewed.actions.values_list(*facts))


def test_measurable_goals_of_the_county_plan_find_their_indicators(indicators, agencies, office):
    plan = reading.draft_from_reviewed(name="lushi-2022", division_code="990101", by=office)
    found = dict(plan.goals.exclude(comparison="milestone").values_list("metric", "indicator_code"))
    assert set(found.values()) >= {"M05-1", "M05-2", "M06-1", "M06-2", "M07-1", "M08-1", "I17", "I18"}
    assert "" not in found.values()
