"""Where a title breaks into lines: balanced, never inside a number, never before a closing mark."""

from __future__ import annotations

from functools import cache
from math import ceil

from fangxin.engines.papers.chinese import width_in_characters

_NEVER_FIRST = set("、，。；：？！）》〉」』】〕”’%")
_NEVER_LAST = set("（《〈「『【〔“‘")
_GOOD_LAST = set("、，的》）”和及")
_GOOD_FIRST = set("《（“")
# Words that stand in the titles of this field and must not be torn; a break at their edge is welcome.
_WORDS = (
    "关于", "印发", "开展", "做好", "加强", "进一步", "按时", "办理", "逾期", "报送", "落实", "推进",
    "食品安全", "攻坚", "行动", "工作", "情况", "进展", "方案", "总结", "通知", "通报", "报告", "年度",
    "季度", "整改", "督办", "监督", "管理", "检查", "抽检", "专项", "校园", "学校", "食堂", "农村",
    "餐饮", "市场", "保健", "进口", "农产品", "风险", "监测", "土壤", "粮食", "网络", "评议", "考核",
    "问题", "事项", "责任", "培训",
)  # fmt: skip
_TORN, _UNKNOWN = 40.0, 9.0  # compared with the square of the lines' unevenness in characters


def title_lines(title: str, *, width: float = 19.0) -> tuple[str, ...]:
    """Break a title into lines of at most ``width`` characters, as even as sense allows (7.3.1).

    A break given by the writer (a new line) is kept and nothing else is decided.

    >>> title_lines("关于2022年第二季度食品安全工作情况的通报")
    ('关于2022年第二季度', '食品安全工作情况的通报')
    """
    if "\n" in title:
        return tuple(line.strip() for line in title.split("\n") if line.strip())
    total = width_in_characters(title)
    if total <= width:
        return (title,)
    for lines in range(ceil(total / width), ceil(total / width) + 2):
        found = _best_breaks(title, lines, total / lines, width)
        if found is not None:
            return found
    return (title,)


def _best_breaks(title: str, lines: int, aim: float, width: float) -> tuple[str, ...] | None:
    @cache
    def best(start: int, left: int) -> tuple[float, tuple[str, ...]] | None:
        rest = title[start:]
        if left == 1:
            size = width_in_characters(rest)
            return ((size - aim) ** 2, (rest,)) if size <= width else None
        options = []
        for end in range(start + 1, len(title)):
            size = width_in_characters(title[start:end])
            if size > width:
                break
            tail = best(end, left - 1) if _may_break(title, end) else None
            if tail is not None:
                cost = (size - aim) ** 2 + _break_cost(title, end) + tail[0]
                options.append((cost, (title[start:end], *tail[1])))
        return min(options, default=None)

    found = best(0, lines)
    return found[1] if found else None


def _may_break(title: str, at: int) -> bool:
    before, after = title[at - 1], title[at]
    inside_word = before.isascii() and after.isascii()
    after_number = before.isdigit() and after in "年月日季项次号"
    return not (inside_word or after_number or before in _NEVER_LAST or after in _NEVER_FIRST)


def _break_cost(title: str, at: int) -> float:
    # 的 stays with what it qualifies: it may end a line, it never opens one.
    if title[at] == "的" or _tears_word(title, at):
        return _TORN
    edge = title[:at].endswith(_WORDS) or title[at:].startswith(_WORDS)
    return 0.0 if edge or title[at - 1] in _GOOD_LAST or title[at] in _GOOD_FIRST else _UNKNOWN


def _tears_word(title: str, at: int) -> bool:
    return any(title.startswith(word, at - taken) for word in _WORDS for taken in range(1, len(word)) if taken <= at)
