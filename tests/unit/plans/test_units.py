"""Who answers for an action, in the wordings that occur."""

from __future__ import annotations

import pytest

from fangxin.engines.plans.manuscript import repair
from fangxin.engines.plans.paragraphs import build_paragraphs
from fangxin.engines.plans.units import is_lower_government, read_units

WORDINGS = [
    (
        "加强监管。（责任单位：县卫健委、发改委、农业农村局。排名第一的为牵头单位，下同）",
        "县卫健委",
        ["发改委", "农业农村局"],
        False,
    ),
    (
        "加强监管。（责任单位：三门市生态环境局青石分局、农业农村局，各乡镇政府）",
        "三门市生态环境局青石分局",
        ["农业农村局"],
        True,
    ),
    (
        "加强监管。（牵头单位：县市场监管局；配合单位：县公安局、县商务局）",
        "县市场监管局",
        ["县公安局", "县商务局"],
        False,
    ),
    (
        "加强监管。（牵头部门：县市场监管局，责任部门：县公安局、县商务局）",
        "县市场监管局",
        ["县公安局", "县商务局"],
        False,
    ),
    ("加强监管。（县市场监管局牵头，县公安局、县商务局配合）", "县市场监管局", ["县公安局", "县商务局"], False),
    ("加强监管。（由县市场监管局牵头负责，县公安局、各乡镇配合）", "县市场监管局", ["县公安局"], True),
    ("加强监管。（县市场监管局、县公安局等按职责分工负责）", "县市场监管局", ["县公安局"], False),
    ("加强监管。（县市场监管局、县公安局等有关部门按照职责分工负责）", "县市场监管局", ["县公安局"], False),
    ("加强监管。（县市场监管局、县公安局，各县（市、区）人民政府按职责分工负责）", "县市场监管局", ["县公安局"], True),
    ("加强监管。（县市场监管局负责）", "县市场监管局", [], False),
    ("加强监管。（县市场监管局、县公安局）", "县市场监管局", ["县公安局"], False),
    ("加强监管。责任单位：县市场监管局、县公安局，各乡镇人民政府（街道办事处）。", "县市场监管局", ["县公安局"], True),
    ("加强监管。责任单位:县市场监管局;县公安局;县商务局", "县市场监管局", ["县公安局", "县商务局"], False),
    ("加强监管。责任单位：县市场监管局 县公安局 县商务局", "县市场监管局", ["县公安局", "县商务局"], False),
    ("加强监管。牵头单位：县市场监管局、县教育局 配合单位：县公安局", "县市场监管局", ["县教育局", "县公安局"], False),
    ("加强监管。由县市场监管局牵头，县公安局、县商务局配合。", "县市场监管局", ["县公安局", "县商务局"], False),
    (
        "加强监管。【责任单位：县发展和改革委员会、县住房和城乡建设局】",
        "县发展和改革委员会",
        ["县住房和城乡建设局"],
        False,
    ),
    (
        "加强监管。（责任单位：县委宣传部、县文化和旅游局和县融媒体中心）",
        "县委宣传部",
        ["县文化和旅游局", "县融媒体中心"],
        False,
    ),
    ("加强监管。（责任单位：县农业农村局（县畜牧局）、县林业局）", "县农业农村局（县畜牧局）", ["县林业局"], False),
    ("加强监管。（责任单位：县市场监管局，各县、市、区人民政府，开发区管委会）", "县市场监管局", [], True),
    (
        "加强监管。（责任单位：市市场监管局，各县（市、区）人民政府，城乡一体化示范区、经济技术开发区管委会）",
        "市市场监管局",
        [],
        True,
    ),
    ("加强监管。（责任单位：各乡镇政府，县市场监管局）", "县市场监管局", [], True),
    ("加强监管。（责任单位：各乡镇人民政府）", "各乡镇人民政府", [], True),
    ("加强监管。（责任单位：县市场监管局、县公安局、县市场监管局）", "县市场监管局", ["县公安局"], False),
    ("加强监管。（县教育局会同县市场监管局、县卫健委落实）", "县教育局", ["县市场监管局", "县卫健委"], False),
    (
        "加强监管。（主办单位：县商务局；协办单位：县供销社、县邮政分公司）",
        "县商务局",
        ["县供销社", "县邮政分公司"],
        False,
    ),
    ("加强监管。（责任单位：县食安办，各成员单位）", "县食安办", ["各成员单位"], False),
    ("加强监管。（责任单位：区市场监管局、各镇街、园区）", "区市场监管局", [], True),
    ("加强监管。（责任单位：县纪委监委、团县委、县妇联、县残联）", "县纪委监委", ["团县委", "县妇联", "县残联"], False),
    ("规范小作坊（含小餐饮）经营，压实校长（园长）负责制。", None, [], False),
    ("乡镇卫生院（社区卫生服务中心）全部纳入。", None, [], False),
    ("严格落实学校负责制，由主管部门依法处理。", None, [], False),
]


@pytest.mark.parametrize(
    ("text", "lead", "cooperating", "lower"), WORDINGS, ids=lambda v: v[:40] if isinstance(v, str) else None
)
def test_units_are_read_from_the_wording(text: str, lead: str | None, cooperating: list[str], lower: bool) -> None:
    m, _ = build_paragraphs(repair(text))
    units = read_units(m, 0, len(m.text), own="青石县人民政府办公室")
    assert units.lead is None if lead is None else units.lead is not None and units.lead.text == lead
    assert [p.text for p in units.cooperating] == cooperating
    assert bool(units.lower) == lower


@pytest.mark.parametrize(
    "name",
    [
        "各乡镇",
        "各乡镇政府",
        "各乡（镇）人民政府",
        "各镇街",
        "各镇（街道）",
        "各街道办事处",
        "各乡镇人民政府（街道办事处）",
        "各县（市、区）人民政府",
        "各县区政府",
        "各县（市、区）",
        "开发区管委会",
        "高新区管委会",
        "城关镇人民政府",
        "河东区人民政府",
        "属地政府",
        "各村（社区）",
    ],
)
def test_lower_governments_of_any_kind_are_told_from_agencies(name: str) -> None:
    assert is_lower_government(name)


@pytest.mark.parametrize(
    "name",
    [
        "县农业农村局",
        "县政府",
        "县政府办公室",
        "各乡镇市场监管所",
        "县城市管理局",
        "县供销社",
        "市人民政府",
        "县委宣传部",
        "县",
        "各学校",
        "各乡镇卫生院",
        "县社区矫正局",
        "各县（市、区）市场监管局",
    ],
)
def test_agencies_are_no_lower_governments(name: str) -> None:
    assert not is_lower_government(name)


def test_the_issuing_government_is_nobodys_lower_government() -> None:
    assert is_lower_government("青石县人民政府")
    assert not is_lower_government("青石县人民政府", own="青石县人民政府办公室")
