"""Ordinals that begin a numbered paragraph, and the words official papers use for headings and labels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from .manuscript import Gap, Manuscript
from .numerals import CHINESE_NUMBER, read_number


class Style(StrEnum):
    """The form of an ordinal."""

    PART = "part"
    CHINESE = "chinese"
    CHINESE_BRACKET = "chinese_bracket"
    ARABIC = "arabic"
    ARABIC_HALF_BRACKET = "arabic_half_bracket"
    ARABIC_BRACKET = "arabic_bracket"
    CIRCLE = "circle"
    NAMED = "named"
    FIRST = "first"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Marker:
    """An ordinal: its form, its number, where the words after it begin."""

    style: Style
    number: int
    end: int


_N = rf"(?P<n>{CHINESE_NUMBER}|\d{{1,2}})"
_FORMS: tuple[tuple[Style, re.Pattern[str]], ...] = tuple(
    (style, re.compile(pattern))
    for style, pattern in (
        (Style.PART, rf"第{_N}(?:部分|章|节|编)[、：]?"),
        (Style.FIRST, rf"第{_N}[，、：](?!第)"),
        (Style.NAMED, rf"(?:专项|重点|攻坚|整治|提升|主要|核心)?(?:行动|任务|工程){_N}[：、.，\-—]"),
        (Style.CHINESE_BRACKET, rf"（?(?P<n>{CHINESE_NUMBER})）[、.，：]?"),
        (Style.CHINESE, rf"(?P<n>{CHINESE_NUMBER})[、.：](?!{CHINESE_NUMBER}[、级类线]|[级类线]|产业)"),
        (Style.ARABIC_BRACKET, r"（(?P<n>\d{1,2})）[、.]?"),
        (Style.ARABIC_HALF_BRACKET, r"(?P<n>\d{1,2})）[、.]?"),
        (Style.ARABIC, r"(?P<n>\d{1,2})(?:[.、]|．)(?!\d)"),
    )
)
_ENCLOSED = {
    Style.CIRCLE: "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    Style.CHINESE_BRACKET: "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩",
    Style.ARABIC_BRACKET: "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    Style.ARABIC: "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
}
_MAY_OPEN = re.compile(rf"[第（0-9一二三四五六七八九十百专重攻整提主核行任工{''.join(_ENCLOSED.values())}]")
_BLANK_AFTER = re.compile(rf"(?P<n>{CHINESE_NUMBER}|\d{{1,2}})")

LABEL = re.compile(
    r"(?:牵头|主要|第一|主体)?(?:及|和)?(?:责任|牵头|主责|主办|承办|负责|落实|配合|协办|协同|协作|协助|参与|参加|参加|支持|成员|共同)"
    r"(?:落实|负责|责任|配合)?(?:单位|部门|机构|主体|处室|科室)(?:及(?:配合|责任|协作|参与)(?:单位|部门))?"
)
FIELD = re.compile(
    r"(?:(?:完成|办结|整改|工作|责任|实施|推进)?(?:时限|期限)|(?:完成|办结|整改)时间|时间要求|时间节点|进度安排|责任人|责任领导|牵头领导|分管领导|包保领导|联系领导|备注)[：:]"
)
LABEL_COLON = re.compile(rf"(?:责任分工|职责分工|任务分工|{LABEL.pattern})[：:]")

GOAL_HEADING = re.compile(
    r"(?:总体|工作|主要|行动|具体|年度|预期|整治|建设|攻坚|阶段|治理|提升|总)?目标(?:要求)?|(?:工作|主要|总体|行动)?目标(?:和|与|及)?任务|总体要求(?:和|与|及)(?:工作|主要|总体)?目标|目标(?:和|与|及)?(?:要求|指标)"
)
TASK_HEADING = re.compile(
    r"(?:[^，。；：]{0,10}?)(?:任务|行动|工作内容|主要内容|整治内容|行动内容|整治重点|重点内容|重点工作|工作重点|重点整治|重点举措|工程内容|专项整治|职责分工|任务分工|责任分工|工作分工)"
    r"(?:(?:及|和|与)?(?:责任|任务|职责|部门)?(?:分工|措施|安排|清单|内容|分解|单位)?)"
)
OTHER_HEADING = re.compile(
    r"(?:[^，。；：]{0,6}?)(?:总体要求|指导思想|总体思路|基本原则|工作原则|工作措施|保障措施|保障机制|工作保障|组织保障|组织领导|组织实施|工作要求|有关要求|相关要求|几点要求|具体要求"
    r"|实施步骤|工作步骤|行动步骤|步骤安排|时间安排|时间步骤|进度安排|阶段安排|方法步骤|实施阶段|工作安排|时间要求|工作机制|长效机制|督导考核|督促检查|监督检查|考核评价|监督考核"
    r"|适用范围|编制依据|工作背景|基本情况|组织机构|领导机构|领导小组|信息报送|报送要求|附则|其他|其他事项|其他要求|整治范围|行动时间|工作时间|整治时间|实施时间)(?:和[^，。；：]{0,8}|与[^，。；：]{0,8}|及[^，。；：]{0,8})?"
)
PLAIN_TASK_HEADING = re.compile(
    r"(?:主要|重点|工作|具体|攻坚|专项|整治|治理|行动|提升|目标)+(?:任务|行动|内容|工作)(?:及分工|和分工)?"
)
ACTION_END = re.compile(r"(?:行动|专项整治|专项治理|集中整治|工程)$")


def read_marker(m: Manuscript, start: int, end: int) -> Marker | None:
    """The ordinal a paragraph begins with, if any."""
    head = m.text[start : min(end, start + 16)]
    if not head or not _MAY_OPEN.match(head):
        return None
    for style, chars in _ENCLOSED.items():
        if head[0] in chars:
            return Marker(style, chars.index(head[0]) + 1, start + 1)
    for style, pattern in _FORMS:
        if found := pattern.match(head):
            return Marker(style, read_number(found["n"]), start + found.end())
    return _marker_before_blank(m, head, start, end)


def _marker_before_blank(m: Manuscript, head: str, start: int, end: int) -> Marker | None:
    """「一 总体要求」, the ordinal set off by a blank only; a full sentence is no such heading."""
    found = _BLANK_AFTER.match(head)
    after = start + found.end() if found else end
    if not found or after >= end or m.gaps[after] != Gap.BLANK or end - start > 40:
        return None
    if m.text[after].isdigit() or m.text[after] in "年月日时点%":
        return None
    style = Style.ARABIC if found["n"].isdigit() else Style.CHINESE
    return Marker(style, read_number(found["n"]), after)
