"""Is this text a food-safety action plan at all? A refusal is better than a guess."""

from __future__ import annotations

import re

from .actions import ActionDraft
from .front import Front
from .manuscript import Manuscript
from .markers import ACTION_END
from .paragraphs import Paragraph
from .values import NotAPlan, Refusal

_MARKUP = re.compile(r"\s*(?:<!DOCTYPE\s+html|<html|<\?xml|<head|<body|\{\\rtf|%PDF)", re.IGNORECASE)
_SUBJECT = re.compile(r"食品|食安|餐饮|农产品质量安全|舌尖|餐桌|食用农产品|“三小”|食堂")
_PLAN_TITLE = re.compile(
    r"(?:方案|计划|意见|安排|要点|(?:行动|整治|治理|工程|攻坚)(?:工作)?的通知)(?:（[^（）]{1,30}）)*$"
)
_OTHER_KIND = re.compile(
    r"通报|公报|公告|公示|简报|快报|简讯|新闻|纪要|总结|汇报|报告|解读|案例|问答|讲话|条例|办法|规定|细则|预案|批复|答复|函$|情况说明|倡议书|承诺书|责任书|通告|评价表"
)
_ROUTINE = re.compile(
    r"(?:抽检|抽样|抽查|监督检查|检查|监测|培训|应急|演练|考核|评议|宣传周|宣传|执法)(?:(?!行动).){0,12}(?:计划|方案|安排)(?:（[^（）]{1,30}）)*$"
)
# A headline says that somebody issued a plan; a plan's title does not.
_REPORTED = re.compile(r"[^《》]{0,20}?(?<!关于)(?:出台|印发|发布|部署|启动)(?!的)")
_CAMPAIGN = re.compile(r"行动|整治|放心|提升|守护|工程|创建|攻坚|治理|示范")
_INSTITUTION = re.compile(
    r"^(?!.{0,30}(?:人民政府|食品安全委员会|食安委|管理局|监管局))[\u4e00-\u9fff]{2,16}(?:小学|中学|学校|幼儿园|学院|大学|医院|公司|超市|酒店|饭店|敬老院|养老院)(?!食品安全|校园|食堂|及|和|、|周边|供餐)"
)
_SCHOOL_NAME = re.compile(
    r"^[\u4e00-\u9fff]{2,16}(?:第[一二三四五六七八九十]{1,2}|实验|中心|初级|高级|职业|希望)(?:小学|中学|学校|幼儿园)|^[\u4e00-\u9fff]{2,14}(?:医院|有限公司|大学)"
)
_OUR_HOUSE = re.compile(r"我校|本校|我园|本园|我院|本院|我公司|本公司|全校师生|各班级|各年级")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百]{1,4}条")
_GOVERNMENT = re.compile(r"人民政府|食品安全委员会|食安委|食安办|政府办公室|管委会")


def refuse_before_reading(text: str) -> None:
    """Refuse what can be told at a glance: nothing, or markup."""
    if not text.strip():
        raise NotAPlan(Refusal.EMPTY)
    if _MARKUP.match(text[:400]):
        raise NotAPlan(Refusal.MARKUP)


def refuse_by_head(m: Manuscript, paragraphs: tuple[Paragraph, ...], front: Front) -> None:
    """Refuse by title and kind of document."""
    first = next((m.text[p.start : p.end] for p in paragraphs if p.end - p.start >= 4), "")
    title = front.title_text
    if front.title is None or not title:
        raise NotAPlan(Refusal.OTHER_DOCUMENT if _OTHER_KIND.search(first[:60]) else Refusal.NO_PLAN_TITLE)
    if len(first) <= 60 and _OTHER_KIND.search(first) and not _is_head_line(first, title):
        raise NotAPlan(Refusal.OTHER_DOCUMENT)
    bare = re.sub(r"（[^（）]*）$", "", title)
    if _REPORTED.match(title):
        raise NotAPlan(Refusal.OTHER_DOCUMENT)
    if _OTHER_KIND.search(bare[-6:]) or not _PLAN_TITLE.search(title):
        raise NotAPlan(Refusal.OTHER_DOCUMENT)
    if sum(bool(_ARTICLE.match(m.text, p.start)) for p in paragraphs) >= 5:
        raise NotAPlan(Refusal.OTHER_DOCUMENT)
    if not _SUBJECT.search(title) or "食品" not in m.text:
        raise NotAPlan(Refusal.OTHER_SUBJECT)
    if _ROUTINE.search(title) and not _CAMPAIGN.search(title):
        raise NotAPlan(Refusal.OTHER_DOCUMENT)
    if _within_one_house(m, title):
        raise NotAPlan(Refusal.INSIDE_ONE_INSTITUTION)


def _is_head_line(first: str, title: str) -> bool:
    """A red header, a number or the notice's own title may stand before the plan."""
    return first.endswith(("文件", "号")) or "关于印发" in first or title in first or first in title


def _within_one_house(m: Manuscript, title: str) -> bool:
    named = bool(_SCHOOL_NAME.search(title) or _INSTITUTION.search(title))
    inside = len(_OUR_HOUSE.findall(m.text))
    outside = len(_GOVERNMENT.findall(m.text))
    return (named and outside < 3) or (inside >= 2 and inside > outside)


def refuse_by_actions(drafts: list[ActionDraft]) -> None:
    """Refuse a text without actions that someone answers for."""
    if len(drafts) < 2:
        raise NotAPlan(Refusal.NO_ACTIONS)
    agencies = {p.text for d in drafts for p in ([d.units.lead] if d.units.lead else []) + d.units.cooperating}
    answered = sum(d.units.named for d in drafts) / len(drafts)
    named = sum(bool(ACTION_END.search(d.title.text)) for d in drafts) / len(drafts)
    if answered >= 0.4 and len(agencies) >= 2:
        return
    if len(drafts) >= 3 and named >= 0.6:
        return
    raise NotAPlan(Refusal.NO_ACTIONS)
