"""A file that is no food-safety action plan gets a refusal, not a guess; and nothing else is ever raised."""

from __future__ import annotations

import contextlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.plans.damage import damage
from tests.unit.plans.samples import CITY, CLEAN, DIVIDED_DUTY, SAMPLES, Sample

from fangxin.engines.plans import NotAPlan, Refusal, read_plan, to_json

OTHERS = {
    "空文件": ("", Refusal.EMPTY),
    "只有空白": (" \n\u3000\n", Refusal.EMPTY),
    "网页": ("<!DOCTYPE html><html><body>" + CLEAN.text + "</body></html>", Refusal.MARKUP),
    "新闻报道": (
        (
            "我县部署食品安全攻坚行动\n\n会议印发了《食品安全攻坚行动工作方案》，"
            "明确由县市场监管局牵头，县公安局配合，开展校园守护行动、餐饮提升行动等行动。\n\n会议要求提高认识，压实责任。"
        ),
        Refusal.NO_PLAN_TITLE,
    ),
    "案件通报": (
        (
            "关于食品安全典型案例的通报\n\n各乡镇人民政府：\n\n现将食品安全放心工程攻坚行动中查处的典型案例通报如下：\n\n"
            "一、某超市销售过期食品案\n县市场监管局依法查处，罚款五千元。\n二、某餐馆使用过期原料案\n县市场监管局依法查处。\n三、某小作坊无证生产案\n县市场监管局会同县公安局查处。\n\n青石县食品安全委员会办公室\n2022年9月1日"
        ),
        Refusal.OTHER_DOCUMENT,
    ),
    "条例": (
        "某省食品小作坊管理条例\n\n"
        + "\n".join(
            f"第{n}条　县级人民政府应当加强食品安全监督管理，市场监管部门负责，农业农村部门配合。"
            for n in "一二三四五六七八"
        ),
        Refusal.OTHER_DOCUMENT,
    ),
    "学校通知": (
        (
            "青石县第二小学食品安全工作实施方案\n\n为保障我校师生饮食安全，制定本方案。\n\n一、工作目标\n全校师生满意度达到95%。\n\n二、主要任务\n"
            "（一）实施食堂提升行动。加强采购管理。（责任单位：总务处、食堂）\n（二）实施培训行动。各班级开展教育。（责任单位：教导处、德育处）\n"
            "（三）实施守护行动。我校落实陪餐。（责任单位：办公室、总务处）\n"
        ),
        Refusal.INSIDE_ONE_INSTITUTION,
    ),
    "会议纪要": (
        "青石县食品安全委员会全体会议纪要\n\n2022年6月1日，副县长主持召开会议。会议审议了攻坚行动工作方案。\n一、会议认为，工作成效明显。\n二、会议明确，由县市场监管局牵头。\n三、会议要求，各单位抓好落实。",
        Refusal.OTHER_DOCUMENT,
    ),
    "日常检查计划": (
        "青石县市场监督管理局2023年食品生产监督检查计划\n\n为加强食品生产监管，制定本计划。\n\n一、检查对象\n全县食品生产企业。\n二、检查内容\n生产环境、进货查验、出厂检验。\n三、检查频次\n高风险企业每年不少于两次。\n四、工作要求\n各科室要认真组织。\n",
        Refusal.OTHER_DOCUMENT,
    ),
    "防汛方案": (
        CLEAN.text.replace("食品安全放心工程建设", "防汛抗旱能力建设")
        .replace("食品安全", "防汛安全")
        .replace("食品", "物资"),
        Refusal.OTHER_SUBJECT,
    ),
    "消防方案": (
        (
            "青石县消防安全专项整治三年行动实施方案（2022—2024年）\n\n为加强消防安全，制定本方案。\n\n一、主要任务\n"
            "（一）实施高层建筑整治行动。排查隐患。（责任单位：县消防救援大队、县住建局）\n（二）实施餐饮场所整治行动。检查燃气。（责任单位：县城管局、县市场监管局）\n"
        ),
        Refusal.OTHER_SUBJECT,
    ),
    "工作总结": (
        "青石县2022年食品安全攻坚行动工作总结\n\n一、主要任务完成情况\n（一）实施校园守护行动。已检查食堂120家。（责任单位：县市场监管局、县教体局）\n（二）实施餐饮提升行动。已完成培训。（责任单位：县市场监管局、县商务局）\n",
        Refusal.OTHER_DOCUMENT,
    ),
    "应急预案": (
        "青石县食品安全突发事件应急预案\n\n一、总则\n为规范应急处置，制定本预案。\n二、组织体系\n县市场监管局牵头。\n三、应急响应\n县卫健委、县公安局配合。\n",
        Refusal.OTHER_DOCUMENT,
    ),
    "带编号的新闻": (
        (
            "我市出台食品安全攻坚行动计划\n\n近日，市政府办公室印发《江平市食品安全攻坚行动计划》。\n\n"
            "一、实施农产品提升行动。（责任单位：市农业农村局、市市场监管局）\n二、实施校园守护行动。（责任单位：市教育局、市市场监管局）\n"
            "来源：江平日报\n"
        ),
        Refusal.OTHER_DOCUMENT,
    ),
    "宣传周活动方案": (
        (
            "青石县2023年食品安全宣传周活动方案\n\n为做好宣传，制定本方案。\n\n一、活动内容\n（一）启动仪式。（责任单位：县食安办、县市场监管局）\n"
            "（二）进校园活动。（责任单位：县教育局、县市场监管局）\n"
        ),
        Refusal.OTHER_DOCUMENT,
    ),
    "推进会通知": (
        (
            "关于召开全县食品安全放心工程攻坚行动推进会的通知\n\n各乡镇人民政府：\n定于2022年6月1日召开推进会。\n一、参会人员\n县市场监管局、县公安局。\n"
            "二、会议内容\n（一）通报攻坚行动进展。\n（二）安排攻坚行动任务。\n"
        ),
        Refusal.NO_PLAN_TITLE,
    ),
    "只有标题": ("青石县食品安全放心工程建设攻坚行动工作方案\n\n为加强食品安全，制定本方案。\n", Refusal.NO_ACTIONS),
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_kind_of_text_is_refused_with_the_reason(name: str) -> None:
    text, reason = OTHERS[name]
    with pytest.raises(NotAPlan) as caught:
        read_plan(text)
    assert caught.value.reason is reason


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.name)
def test_contact_details_of_persons_appear_nowhere(sample: Sample) -> None:
    contact = "联系人：赵某某，联系电话：0398-7651234，手机：13912345678，邮箱：zhao@example.com"
    text = sample.text + "\n" + contact + "\n"
    text = text.replace("。\n\n青石县人民政府办公室", f"（{contact}）。\n\n青石县人民政府办公室")
    said = str(to_json(read_plan(text)))
    for private in ("赵某某", "7651234", "13912345678", "zhao@"):
        assert private not in said


fragments = st.lists(
    st.sampled_from(
        [
            "食品安全攻坚行动工作方案",
            "一、主要任务",
            "（一）",
            "实施净网行动",
            "责任单位：",
            "县市场监管局",
            "、",
            "，",
            "。",
            "；",
            "（",
            "）",
            "《",
            "》",
            "到2024年底",
            "达到",
            "100%",
            "以上",
            "每年",
            "3月25日",
            "前",
            "报送总结",
            "\n",
            " ",
            "\t",
            "〔2022〕1号",
            "根据",
            "“",
            "2022年13月45日",
            "\x0c",
            "序号\t行动\t牵头单位",
        ]
    ),
    max_size=80,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), fragments, fragments.map(lambda f: "某县食品安全攻坚行动方案\n" + f)))
def test_any_text_is_read_or_refused_and_never_fails_otherwise(text: str) -> None:
    try:
        reading = read_plan(text)
    except NotAPlan:
        return
    for source in reading.sources.values():
        assert text[source.offset : source.offset + len(source.quote)] == source.quote


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([CLEAN.text, CITY.text, DIVIDED_DUTY.text]))
def test_a_plan_cut_and_shuffled_is_read_or_refused(seed: int, text: str) -> None:
    rng = random.Random(seed)
    lines = damage(text, seed).split("\n")
    rng.shuffle(lines)
    with contextlib.suppress(NotAPlan):
        read_plan("\n".join(lines[: rng.randint(1, len(lines))]))
