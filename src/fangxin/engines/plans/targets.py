"""One clause of a goal: what is measured, how it compares, with which value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from .manuscript import Manuscript, Piece
from .numerals import read_decimal
from .values import Comparison, DefectKind

_CN = "[一二三四五六七八九十百零〇两]"
_UNIT = (
    r"批次/(?:每)?千人(?:·?年)?|份/千人|批次每千人|个百分点|%"
    r"|批次|[户家人场件]次|万亩|万吨|万元|亩|吨|公斤|家|个|所|处|户|次|起|件|项|条|座|套|人|名|辆|批|份|分"
)
_NUMBER = re.compile(
    rf"百分之(?P<cn>百|{_CN}{{1,5}}(?:点{_CN}{{1,3}})?)"
    r"|(?P<tenths>[一二三四五六七八九](?:点[一二三四五六七八九])?)成(?P<half>五?)(?![立果效员为功本熟长型份])"
    rf"|(?<![\d.])(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{1,7}}(?:\.\d{{1,4}})?)(?P<u>{_UNIT})"
)
# By art. 1259 of the Civil Code 以上、以下、以内 include the number itself; 超过、以外、不满 do not.
_BEFORE: tuple[tuple[Comparison, str], ...] = (
    (Comparison.AT_LEAST, r"≥|≧|不低于|不少于|不小于|至少|不得低于|不得少于|达到或超过"),
    (Comparison.AT_MOST, r"≤|≦|不超过|不高于|不大于|不多于|不得超过|不得高于"),
    (Comparison.ABOVE, r">|超过|高于|大于|多于|超出|超|突破"),
    (Comparison.BELOW, r"<|低于|小于|少于|不满|不足|不到"),
    (Comparison.AT_MOST, r"控制在|下降到|下降至|降低到|降低至|降至|降到|压减到|压减至|减少到|减少至"),
    (
        Comparison.AT_LEAST,
        r"达到并(?:保持|稳定)在|达到|达|保持在|稳定在|维持在|提高到|提高至|提升到|提升至|增加到|增加至|扩大到|扩大至|上升到|上升至|巩固在",
    ),
    (Comparison.DECLINE, r"下降|降低|减少|压减|削减|递减|下调"),
    (Comparison.AT_LEAST, r"提高|提升|增长|增加|上升"),
    (Comparison.EQUAL, r"为|是|等于"),
)
_VERBS = "|".join(f"(?:{words})" for _, words in _BEFORE)
_LEADING_VERB = re.compile(rf"(?:{_VERBS})(?:了|了约|约)?$")
# 「由82%提高到95%」: where it started is no target.
_FROM = re.compile(
    r"[由从][^，；。]{0,12}?\d+(?:\.\d+)?(?:%|个|家|件|起)?(?=(?:提升|提高|增加|上升|扩大|增长|下降|降低|减少|压减|降)[到至为])"
)
_AFTER = re.compile(r"(?:（含）)?(?P<up>(?:及)?以上|或以上)|(?P<down>(?:及)?以下|(?:之|以)?内)|(?P<about>左右|上下)")
_FULL = re.compile(
    r"(?:(?:做到|实现|达到)[省市县区乡镇村街道两三级]{1,4})?(?:做到|实现|达到|达|基本|力争)*(?:的)?(?:100%|百分之百|百分百)?(?:全(?:面|部)?覆盖|全域覆盖)"
)
_ALL = re.compile(r"(?:均|都|要|应)?全部(?!门|分)")
_DECLINE = re.compile(
    r"(?:持续|逐步|逐年|逐渐|稳步|不断|明显|显著|进一步|大幅|大幅度|有效|有所|得到|总体|稳中|实现|保持|呈|年均|每年)*(?:的)?(?:下降|减少|降低|递减|负增长|零增长|减量)(?:趋势|态势)?(?=$|[，。；、])"
)
BASE_YEAR = re.compile(
    r"(?:较|比|与|同|以)(?:20\d\d年(?:度|底|末)?|上年度?|上一年度?|去年|前一年|同期|“?十[三四]五”?(?:期?末|期间)?|基期|基准年)|同比|在20\d\d年(?:的)?基础上|年均|每年|逐年(?=下降\d)"
)
_ACHIEVED = re.compile(
    r"得到|趋于|基本|全面|显著|明显|有效|大幅|持续|不断|进一步|更加|初步|实现|稳中|保持|普遍|逐步|形成|建成|建立|健全|完善|提升|提高|增强|改善|遏制|落实|防控|管控|规范|好转|稳定|消除|杜绝|符合|突破|常态化|制度化|加强|推进|完成|巩固|构建|达到|不发生|零发生|优化|强化|扭转|治理|向好|打造|培育|创建|解决|降低|满意|做到|确保|取得|防止|守住"
)
_PREDICATE = re.compile(
    r"(?:得到|趋于|基本|全面|显著|明显|有效|大幅度?|持续|不断|进一步|更加|初步|实现|稳中|保持|普遍|逐步|形成|建成|建立|严格|切实|稳步|有力|(?:总体|整体)(?!水平|能力|状况|形势)|达到|不断|逐年|日益|充分|日趋|符合|零发生|不发生|坚决|防止|杜绝|守住|得以|落实|取得|制度化|常态化|标准化|做到|确保)"
)
_LEAD_IN = re.compile(
    r"(?:确保|力争|努力|争取|使|要|应|并|且|同时|其中|逐步|全面|努力实现|实现|做到|推动|推进|促进|到时|届时|即|以及|和)+(?=[^，]{4})"
)
_SUBJECT_TAIL = re.compile(
    r"(?:(?:(?:达到|达)?每千人|、?20\d\d年(?:底|末)?(?=、|20|$|分别|均|依次)|、(?=20)|均|都|分别|要|应|须|全部|全面|力争|确保|总体|稳定|持续|基本|实现|做到|每年|保持|平均|各|原则上|合计|必须|也|需|得|能够|就|将|努力|已|逐步|累计|至少|年均|同比|："
    r"|(?:较|比|与|在|以)(?:20\d\d年(?:度|底|末)?|上年度?|上一年度?|去年|同期)(?:的)?(?:相比|基础上|为基数)?)|，)+$"
)
_WHO = re.compile(r"(?:我|全|本|各)?(?:国|省|市|县|区|州|旗|乡|镇|地)|全县上下|各地|各部门")
_PRODUCE = re.compile(
    r"(?:(?:新|改|扩|累计|年内|全[县市区]|我[县市区]|各地|每[个]?[县市区乡镇])*(?:建设|建成|建立|创建|打造|培育|新增|完成|开展|改造|新建|评选|选树|培树|发展|扶持|推广|组织))+"
)

_PRODUCED = re.compile(
    r"(?:(?:[我全本]|每个?)[国省市县区乡镇])?(?:累计|新)?(?:建成|创建|打造|培育|新增|新建|评选|选树|培树)(?=[^，]{3})"
)


@dataclass(frozen=True, slots=True)
class Target:
    """What one clause asks for; `span` covers the clause, `at` the value."""

    metric: Piece
    comparison: Comparison
    value: Decimal | None = None
    unit: str | None = None
    at: tuple[int, int] | None = None
    defects: tuple[DefectKind, ...] = ()


def has_number(text: str) -> bool:
    """Does a clause state a value, or a full coverage?"""
    return bool(_NUMBER.search(text) or _FULL.search(text) or re.search(r"100%|百分之百|百分百", text))


def states_rate(text: str) -> bool:
    """Does a sentence of an action's text state a measurable rate: a percentage or samples per thousand people?"""
    return any(
        not found["u"] or found["u"] == "%" or "千人" in found["u"] or found["u"] == "个百分点"
        for found in _NUMBER.finditer(text)
    ) or bool(re.search(r"每千人", text) and _NUMBER.search(text))


def is_achievement(text: str) -> bool:
    """Does a clause say that something is to be reached, so that it is a goal by itself?"""
    return bool(_ACHIEVED.search(text) or _DECLINE.search(text) or _ALL.search(text) or has_number(text))


def read_targets(m: Manuscript, start: int, end: int, before: Piece | None = None) -> list[Target]:
    """The targets of one clause; `before` is the metric of the clause before, for clauses that go on about it."""
    text = m.text[start:end]
    origins = list(_FROM.finditer(text))
    numbers = [
        n
        for n in _NUMBER.finditer(text)
        if not _is_side_remark(text, n) and not any(x.start() < n.start() < x.end() for x in origins)
    ]
    if numbers:
        return _numeric(m, start, text, numbers, before)
    if full := _FULL.search(text):
        return [_whole(m, start, end, full, before)]
    if every := _ALL.search(text):
        return [_whole(m, start, end, every, before)]
    if decline := _DECLINE.search(text):
        return [_decline(m, start, text, decline, before)]
    return [Target(_milestone_metric(m, start, end), Comparison.MILESTONE)]


def _is_side_remark(text: str, number: re.Match[str]) -> bool:
    """「“三小”50个」 counts, but a number inside a bracketed explanation or a slogan's quotes does not."""
    return any(text.count(a, 0, number.start()) > text.count(b, 0, number.start()) for a, b in ("（）", "“”"))


def _numeric(m: Manuscript, start: int, text: str, numbers: list[re.Match[str]], before: Piece | None) -> list[Target]:
    targets: list[Target] = []
    edge, said = 0, None
    for position, number in enumerate(numbers):
        verb = _LEADING_VERB.search(text, edge, number.start())
        subject_end = verb.start() if verb else number.start()
        if origin := next((x for x in _FROM.finditer(text, edge) if x.end() == subject_end), None):
            subject_end = origin.start()
        follow = _AFTER.match(text, number.end())
        stop = follow.end() if follow else number.end()
        metric = _subject(m, start + edge, start + subject_end)
        if metric is None and position == 0:
            metric = _object(m, start, text, number, stop) or before
        elif metric is None:
            metric = targets[-1].metric
        metric = metric or m.piece(start, start + len(text))
        if verb is None and targets and set(text[edge : number.start()]) <= set("、，和及与"):
            verb = said  # 「分别下降3%、2%」: one verb for both
        said = verb
        targets.append(_bounded(text, number, verb=verb, follow=follow, metric=metric, start=start))
        edge = stop
        while edge < len(text) and text[edge] in "、，和及与":
            edge += 1
    return _share_out(m, targets)


def _bounded(
    text: str,
    number: re.Match[str],
    *,
    verb: re.Match[str] | None,
    follow: re.Match[str] | None,
    metric: Piece,
    start: int,
) -> Target:
    value, unit = _value(number)
    if unit == "批次" and "每千人" in text[: number.start()]:
        unit = "批次/千人"
    comparison, defects = _comparison(verb.group() if verb else "", follow, unit)
    if comparison is Comparison.DECLINE and not BASE_YEAR.search(text):
        defects.append(DefectKind.DECLINE_WITHOUT_BASE_YEAR)
    if unit == "%" and comparison is not Comparison.DECLINE:
        beyond = value > 100 or (value == 100 and (comparison is Comparison.ABOVE or bool(follow and follow["up"])))
        if beyond and not re.search("增长|提高|提升|增加", verb.group() if verb else ""):
            defects.append(DefectKind.PERCENT_ABOVE_HUNDRED)
    span = (start + number.start(), start + number.end())
    return Target(metric, comparison, value, unit, span, tuple(defects))


def _value(number: re.Match[str]) -> tuple[Decimal, str]:
    if number["cn"]:
        return (Decimal(100) if number["cn"] == "百" else read_decimal(number["cn"])), "%"
    if number["tenths"]:
        return read_decimal(number["tenths"]) * 10 + (5 if number["half"] else 0), "%"
    unit = number["u"].replace("批次/每千人", "批次/千人").replace("批次每千人", "批次/千人")
    return Decimal(number["n"].replace(",", "")), unit


def _comparison(verb: str, follow: re.Match[str] | None, unit: str) -> tuple[Comparison, list[DefectKind]]:
    """The words before and after the number together; bounds that contradict each other are said to."""
    said = next((c for c, words in _BEFORE if re.fullmatch(rf"(?:{words})(?:了|了约|约)?", verb)), None)
    defects: list[DefectKind] = []
    if follow and follow["about"]:
        defects.append(DefectKind.APPROXIMATE_VALUE)
        return Comparison.EQUAL, defects
    after = (
        Comparison.AT_LEAST if follow and follow["up"] else Comparison.AT_MOST if follow and follow["down"] else None
    )
    if said is Comparison.DECLINE:
        return said, defects
    if after is None:
        counted = unit not in ("%", "个百分点")
        return said or (Comparison.AT_LEAST if counted else Comparison.EQUAL), defects
    if said in (Comparison.ABOVE, Comparison.BELOW) or (said is Comparison.AT_MOST and after is Comparison.AT_LEAST):
        defects.append(DefectKind.CONTRADICTORY_BOUND)
        return said, defects
    return after, defects


def _whole(m: Manuscript, start: int, end: int, words: re.Match[str], before: Piece | None) -> Target:
    """「全覆盖」 and 「全部…」 mean every one: equal to 100 %."""
    metric = _subject(m, start, start + words.start())
    if metric is None:
        metric = _subject(m, start + words.end(), end) or before or m.piece(start, end)
    return Target(metric, Comparison.EQUAL, Decimal(100), "%", (start + words.start(), start + words.end()))


def _decline(m: Manuscript, start: int, text: str, words: re.Match[str], before: Piece | None) -> Target:
    metric = _subject(m, start, start + words.start()) or before or m.piece(start, start + len(text))
    defects = () if BASE_YEAR.search(text) else (DefectKind.DECLINE_WITHOUT_BASE_YEAR,)
    return Target(metric, Comparison.DECLINE, defects=defects)


def _subject(m: Manuscript, start: int, end: int) -> Piece | None:
    """The measured name before the verb, without adverbs and openings; None where there is no name."""
    text = m.text[start:end]
    tail = _SUBJECT_TAIL.search(text)
    if tail:
        text = text[: tail.start()]
    comma = max(text.rfind("，"), text.rfind("："))
    first = comma + 1 if 0 <= comma < len(text) - 2 else 0
    for opening in (_LEAD_IN, _PRODUCED):
        if found := opening.match(text, first):
            first = found.end()
    while first < len(text) and text[first] in "，、：":
        first += 1
    name = text[first:]
    if len(name) < 2 or _WHO.fullmatch(name) or _PRODUCE.fullmatch(name):
        return None
    return Piece(name, start + first, start + first + len(name))


def _object(m: Manuscript, start: int, text: str, number: re.Match[str], stop: int) -> Piece | None:
    """「建成示范店」 in 「建成30家示范店」: the thing counted stands behind the number."""
    name = re.match(r"(?:的)?([^，。；、]{2,40})", text[stop:])
    return m.piece(start + stop + name.start(1), start + stop + name.end(1)) if name else None


def _share_out(m: Manuscript, targets: list[Target]) -> list[Target]:
    """「A率、B率分别达到95%、98%」 and 「A率、B率均达到98%」: each name gets its value."""
    first = targets[0]
    names = _enumerated_rates(m, first.metric)
    if len(names) < 2:
        return targets
    if len(targets) == 1:
        return [_renamed(first, name) for name in names]
    if len(targets) == len(names) and all(t.metric == first.metric for t in targets):
        strict = _shared_bound(targets)
        return [_renamed(t, name, strict) for t, name in zip(targets, names, strict=True)]
    return targets


def _shared_bound(targets: list[Target]) -> Comparison | None:
    """In 「分别达到95%、98%以上」 one 以上 serves all the values."""
    return targets[0].comparison if targets[0].comparison is not Comparison.EQUAL else targets[-1].comparison


def _renamed(target: Target, name: Piece, comparison: Comparison | None = None) -> Target:
    return Target(name, comparison or target.comparison, target.value, target.unit, target.at, target.defects)


_SHARED_END = re.compile(
    r"(?P<names>[\u4e00-\u9fff]{2,6}(?:[、和及][\u4e00-\u9fff]{2,6})+)(?P<end>使用量|使用强度|施用量|发生率|发病率)"
)


def _enumerated_rates(m: Manuscript, metric: Piece) -> list[Piece]:
    if shared := _SHARED_END.fullmatch(metric.text):
        return [
            Piece(x.group() + shared["end"], metric.start + x.start(), metric.start + x.end())
            for x in re.finditer(r"[^、和及]+", shared["names"])
        ]
    parts = list(re.finditer(r"[^、和及]+(?:[和及](?![^、和及]*率)[^、和及]+)*", metric.text))
    names = [x for x in parts if x.group().endswith(("率", "数", "量", "度"))]
    if len(names) < 2 or len(names) != len(parts):
        return []
    return [m.piece(metric.start + x.start(), metric.start + x.end()) for x in names]


def _milestone_metric(m: Manuscript, start: int, end: int) -> Piece:
    """What a milestone is about: its subject, or its object where the subject is only 「我县」."""
    text = m.text[start:end].rstrip("。；，")
    for found in _PREDICATE.finditer(text):
        subject = _subject(m, start, start + found.start())
        if subject is not None and len(subject.text) >= 4:
            return subject
        rest = re.compile(rf"(?:{_PREDICATE.pattern}|提升|提高|增强|发生|了|的|构建|完善|健全|打造|加强|落实)+").match(
            text, found.start()
        )
        if rest and len(text) - rest.end() >= 4:
            return m.piece(start + rest.end(), start + len(text))
    return m.piece(start, start + len(text))
