"""What is due when: dates before which something must be handed in or done, once or every year."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from .actions import ActionDraft, split_sentences
from .manuscript import Manuscript, Piece
from .markers import FIELD, read_marker
from .numerals import DAY, MONTH, YEAR, make_date, month_end, read_number, read_year
from .paragraphs import Paragraph
from .values import DeadlineKind, Period

_BEFORE = r"(?:之?前|以前|截止)"
_HAND_IN = re.compile(
    r"报送|上报|报告|呈报|提交|报(?=[\u4e00-\u9fff])|送|反馈|汇总|备案|完成|制[定订]|印发|出台|建立|召开|总结|建成|形成|开展|启动"
)
_DATE = re.compile(
    rf"(?:(?P<y>{YEAR}|今|本|当|次|第二|下一|翌|每)年(?:的)?)?(?P<m>{MONTH})月(?:(?P<d>{DAY})[日号]|份?(?P<end>底|末))"
)
_YEAR_END = re.compile(rf"(?P<y>{YEAR}|今|本|当|每)?年(?:度)?(?:年)?(?:底|末){_BEFORE}")
_QUARTER = re.compile(
    rf"每(?:个)?季度?(?:(?P<last>(?:的)?(?:末月|末|最后一个月|最后1个月|第三个月|末位月))(?:的)?|(?P<next>(?:结束)?(?:后|次月|下一?季度?首月|后的?次月)(?:首月)?(?:的)?)|(?P<first>(?:的)?(?:首月|第一个月|初)(?:的)?))?(?:(?P<d>{DAY})[日号]|(?P<n>{DAY})(?:日|天)内|(?P<end>底|末|结束)?)"
)
_HALF = re.compile(rf"每半年(?:的)?(?:度)?(?:末|末月|最后一个月|结束前)?(?:的)?(?P<d>{DAY})[日号]")
_MONTH = re.compile(rf"每(?:个)?月(?:的)?(?:(?P<d>{DAY})[日号]|(?P<end>底|末))")
_MONTHS = re.compile(
    rf"每年(?:的)?(?P<ms>(?:{MONTH}(?:月份?)?[、和及，]){{1,11}}{MONTH})月份?(?:的|各)?(?P<d>{DAY})[日号]"
)
_RELATIVE = re.compile(
    rf"(?:方案|通知|文件)?(?:印发|下发|发布)(?:之日)?(?:起)?(?:后)?(?P<n>{DAY}|\d{{1,3}})(?:个)?(?P<work>工作)?[日天](?:之?内|以?内)"
)
_HANDED_IN = re.compile(
    rf"(?:[、和及与]|{MONTH}月{DAY}[日号]){{0,12}}(?:向[^，。；]{{2,24}}?)?(?:将[^，。；]{{2,30}})?(?:报送|上报|提交|报[\u4e00-\u9fff])"
)
_YEARLY = re.compile(r"每年|逐年|各年度")
_BY_PERIOD = re.compile(r"年度|半年|全年|年终|季度|月度|本年|当年|年报")
_RECIPIENT_ONLY = re.compile(
    r"(?:上?报|报送|送|提交|反馈)(?:至|到|给)?[^，。；]{2,24}?(?:办|局|委|室|组|府|中心|科)(?:备案|审核|汇总)?"
)
_DOCUMENT_BEFORE = re.compile(
    r"(?:制定|制订|编制|形成|将|把|做好)(?P<doc>[^，。；]{0,30}?(?:方案|计划|总结|清单|报告|材料|台账|情况|信息|报表|细则))(?:，[^，。；]{2,30})?[，并]*(?:于|在)?$"
)
_NOT_DUE = re.compile(r"(?:自|从|起|以来|实施|施行|公布|修订|生效|同期|截至目前|成立)$")
_JOINED = re.compile(r"[、和及与，或]|以及|之?前|以前|分别|，?(?:和|及)")
_LONGEST = 400


@dataclass(slots=True)
class DeadlineDraft:
    """A deadline with the span of its date and its sentence."""

    kind: DeadlineKind
    what: Piece
    who: Piece | None
    sentence: Piece
    at: tuple[int, int]
    date: date | None = None
    month_day: str | None = None


@dataclass(frozen=True, slots=True)
class _When:
    """A printed date, or several from one phrase, each once or every year."""

    span: tuple[int, int]
    dates: tuple[date, ...] = ()
    month_days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a date without a year leans on."""

    issued_on: date | None
    period: Period

    @property
    def only_year(self) -> int | None:
        """The year of a plan that covers one year only."""
        years = {part[:4] for part in (self.period.start, self.period.end) if part}
        return int(years.pop()) if len(years) == 1 else None


def read_deadlines(
    m: Manuscript,
    paragraphs: tuple[Paragraph, ...],
    actions: list[ActionDraft],
    goals: tuple[int, int] | None,
    *,
    body: int,
    issued_on: date | None,
    period: Period,
) -> list[DeadlineDraft]:
    """Every deadline of the text outside its head and its goals, in reading order."""
    plan = _Plan(issued_on, period)
    drafts: list[DeadlineDraft] = []
    last_who: Piece | None = None
    in_order = sorted(actions, key=lambda a: a.start)
    starts = [a.start for a in in_order]
    for p in paragraphs:
        if p.start < body or p.row or (goals and goals[0] <= p.start < goals[1]):
            continue
        at = bisect_right(starts, p.start) - 1
        action = in_order[at] if at >= 0 and p.start < in_order[at].end else None
        leader = action.units.lead if action else None
        last_who = leader
        if action and (limit := FIELD.match(m.text, p.start, p.end)):
            drafts += _time_limit(m, action, m.piece(limit.end(), p.end), plan)
            continue
        marker = read_marker(m, p.start, p.end)
        for sentence in split_sentences(m, marker.end if marker else p.start, p.end):
            if len(sentence.text) > _LONGEST:
                continue
            found = list(_in_sentence(m, sentence, plan, last_who))
            if found:
                last_who = found[-1].who or last_who
            elif named := _subjects(m, sentence.start, sentence.end):
                last_who = named[0] if action is None else leader
            drafts += found
    return drafts


def _time_limit(m: Manuscript, action: ActionDraft, words: Piece, plan: _Plan) -> Iterator[DeadlineDraft]:
    """「完成时限：2024年10月底前」 under an action: the action itself is due."""
    for found in _DATE.finditer(m.text, words.start, words.end):
        if not _NOT_DUE.search(m.text[words.start : found.start()][-4:]):
            yield from _drafts(_dated(m, words, found, plan), action.title, action.units.lead, words)


def _in_sentence(m: Manuscript, sentence: Piece, plan: _Plan, before: Piece | None) -> Iterator[DeadlineDraft]:
    printed = [when for when in _whens(m, sentence, plan) if when.dates or when.month_days]
    whens = sorted(printed, key=lambda when: when.span)
    for group in _groups(m, whens):
        start, end = group[0].span[0], group[-1].span[1]
        stop = _next_start(group, whens, sentence.end)
        named = _subjects(m, _clause_start(m, sentence, start, whens), start)
        if follower := re.compile(rf"{_BEFORE}?[，、）]*").match(m.text, end, stop):
            named += [s for s in _subjects(m, follower.end(), stop) if s.start <= follower.end() + 1]
            end = named[-1].end if named and named[-1].end > end else end
        what = _what(m, end, stop, sentence, start)
        if what is None:
            continue
        who = named[-1] if named else before
        before = who
        for when in group:
            yield from _drafts(when, what, who, sentence)


def _drafts(when: _When, what: Piece, who: Piece | None, sentence: Piece) -> Iterator[DeadlineDraft]:
    for day in when.dates:
        yield DeadlineDraft(DeadlineKind.ONE_OFF, what, who, sentence, when.span, date=day)
    for month_day in when.month_days:
        yield DeadlineDraft(DeadlineKind.YEARLY, what, who, sentence, when.span, month_day=month_day)


def _whens(m: Manuscript, sentence: Piece, plan: _Plan) -> Iterator[_When]:
    """The dates of a sentence that something must happen before, each with its span."""
    text, start = m.text, sentence.start
    taken: list[tuple[int, int]] = []
    for pattern, reader in ((_QUARTER, _quarter), (_HALF, _half), (_MONTHS, _in_months), (_MONTH, _monthly)):
        for found in pattern.finditer(text, start, sentence.end):
            due = _before_follows(m, found.end(), sentence.end) or _HANDED_IN.match(text, found.end(), sentence.end)
            if due and (days := reader(found)):
                taken.append(found.span())
                yield _When(found.span(), month_days=days)
    for found in _DATE.finditer(text, start, sentence.end):
        known = any(a < found.end() <= b for a, b in taken)
        if known or (found["y"] != "每" and _NOT_DUE.search(text[start : found.start()][-4:])):
            continue
        if _before_follows(m, found.end(), sentence.end) or _handed_in_on(m, found, sentence):
            yield _dated(m, sentence, found, plan)
    for found in _YEAR_END.finditer(text, start, sentence.end):
        yield _year_end(found, plan, yearly=_said_yearly(m, sentence, found.start()))
    for found in _RELATIVE.finditer(text, start, sentence.end):
        if plan.issued_on and not found["work"]:
            yield _When(found.span(), dates=(plan.issued_on + timedelta(days=read_number(found["n"])),))


def _said_yearly(m: Manuscript, sentence: Piece, at: int) -> bool:
    """「每年」 holds for the dates after it, until a year is printed."""
    said = [x.start() for x in _YEARLY.finditer(m.text, sentence.start, at + 2)]
    years = [x.start() for x in re.finditer(rf"{YEAR}年", m.text[sentence.start : at])]
    return bool(said) and (not years or said[-1] > sentence.start + years[-1])


def _before_follows(m: Manuscript, at: int, end: int) -> bool:
    """「前」 follows, at once or after further dates: 「3月25日、6月25日和11月30日之前」."""
    chain = re.compile(
        rf"(?:[、和及与，]|以及|分别|(?:{YEAR}年)?{MONTH}月(?:{DAY}[日号]|份?[底末])|{DAY}[日号]){{0,24}}{_BEFORE}"
    )
    return bool(chain.match(m.text, at, end))


def _handed_in_on(m: Manuscript, found: re.Match[str], sentence: Piece) -> bool:
    """「分别于6月15日、12月10日报送」: a date without 前 that something is handed in on."""
    opening = m.text[max(sentence.start, found.start() - 30) : found.start()]
    follow = _HANDED_IN.match(m.text, found.end(), sentence.end)
    return bool(follow and re.search(r"(?:于|在|每年)[^，。；]*$", opening))


def _dated(m: Manuscript, sentence: Piece, found: re.Match[str], plan: _Plan) -> _When:
    month = read_number(found["m"])
    printed = (found["y"] or "").startswith(("2", "二"))
    yearly = (not printed and _said_yearly(m, sentence, found.start())) or found["y"] in (
        "每",
        "次",
        "第二",
        "下一",
        "翌",
    )
    year = None if yearly else _year_of(m, sentence, found, plan)
    if year is None:
        day = read_number(found["d"]) if found["d"] else month_end(2023, month).day
        return _When(found.span(), month_days=(f"{month:02d}-{day:02d}",))
    day_of = make_date(year, month, read_number(found["d"])) if found["d"] else month_end(year, month)
    return _When(found.span(), dates=(day_of,) if day_of else ())


def _year_of(m: Manuscript, sentence: Piece, found: re.Match[str], plan: _Plan) -> int | None:
    """The year printed with the date, earlier in its sentence, the only one the plan covers, or that of issue.

    What is handed in by the year or quarter is due in every year; None says so.
    """
    spoken = found["y"] or ""
    if spoken.startswith(("2", "二")):
        return read_year(spoken)
    if spoken in ("今", "本", "当"):
        return plan.issued_on.year if plan.issued_on else None
    earlier = re.findall(rf"({YEAR})年", m.text[sentence.start : found.start()])
    if earlier or plan.only_year:
        return read_year(earlier[-1]) if earlier else plan.only_year
    clause = re.compile(r"(?:之?前)?，?[^，；。]*").match(m.text, found.end())
    opening = re.search(r"[^，；。]*$", m.text[sentence.start : found.start()])
    said = (opening.group() if opening else "") + (clause.group() if clause else "")
    if plan.issued_on is None or _BY_PERIOD.search(said):
        return None
    issued = plan.issued_on
    day = make_date(issued.year, read_number(found["m"]), read_number(found["d"] or "28"))
    return issued.year if day and day >= issued else None


def _year_end(found: re.Match[str], plan: _Plan, *, yearly: bool) -> _When:
    spoken = found["y"] or ""
    year = read_year(spoken) if spoken.startswith(("2", "二")) else plan.only_year
    if year is None or spoken == "每" or (yearly and not spoken.startswith(("2", "二"))):
        return _When(found.span(), month_days=("12-31",))
    return _When(found.span(), dates=(date(year, 12, 31),))


def _quarter(found: re.Match[str]) -> tuple[str, ...]:
    if found["next"] or found["n"] or found["first"]:
        day = found["d"] or found["n"]
        return tuple(f"{month:02d}-{read_number(day):02d}" for month in (1, 4, 7, 10)) if day else ()
    if found["d"]:
        return tuple(f"{month:02d}-{read_number(found['d']):02d}" for month in (3, 6, 9, 12))
    return ("03-31", "06-30", "09-30", "12-31") if found["last"] or found["end"] else ()


def _half(found: re.Match[str]) -> tuple[str, ...]:
    day = read_number(found["d"])
    return (f"06-{day:02d}", f"12-{day:02d}")


def _in_months(found: re.Match[str]) -> tuple[str, ...]:
    """「每年3月、6月、9月、12月的20日」."""
    months = re.findall(MONTH, found["ms"])
    return tuple(f"{read_number(month):02d}-{read_number(found['d']):02d}" for month in months)


def _monthly(found: re.Match[str]) -> tuple[str, ...]:
    if found["end"]:
        return tuple(f"{month:02d}-{month_end(2023, month).day:02d}" for month in range(1, 13))
    return tuple(f"{month:02d}-{read_number(found['d']):02d}" for month in range(1, 13))


def _groups(m: Manuscript, whens: list[_When]) -> Iterator[list[_When]]:
    """Dates that share one duty: only separators stand between them."""
    group: list[_When] = []
    for when in whens:
        if group and _JOINED.sub("", m.text[group[-1].span[1] : when.span[0]]).strip() != "":
            yield group
            group = []
        group.append(when)
    if group:
        yield group


def _next_start(group: list[_When], whens: list[_When], end: int) -> int:
    return next((w.span[0] for w in whens if w.span[0] >= group[-1].span[1]), end)


def _what(m: Manuscript, start: int, stop: int, sentence: Piece, dated: int) -> Piece | None:
    """What is due: the words after 「前」 without the recipient, or before it where the date comes last."""
    found = re.compile(rf"{_BEFORE}?[，、）]*(?P<w>[^。；]+?)(?:，?(?:并|同时|且)?(?:分别)?[于在])?(?=[。；]|$)").match(
        m.text, start, stop
    )
    if not found or not _HAND_IN.search(found["w"]):
        return None
    first, last = found.span("w")
    clause = re.compile(r"[^，]+(?:，(?:并|将|把|对|报)[^，]+)*").match(m.text, first, last)
    last = clause.end() if clause and _HAND_IN.search(clause.group()) else last
    document = re.compile(
        r"(?:分别|要|应|需|须)?(?:将|把)(?P<doc>[^，。；]{2,60}?)(?:以[^，。；]{0,10}形式)?(?:汇总)?(?:后)?(?:及时)?(?:统一)?(?:书面)?(?:分别)?(?:(?:上?报(?!告|表)|报送|送|提交|反馈)[^，。；]*)$"
        r"|(?:研究|抓紧|及时)?(?:制定|制订|编制)(?:出)?(?P<doc3>[^，。；]{2,40}?)(?:，)?(?:并|及时)?(?:上?报|报送)[^，。；]*$"
        r"|(?:分别)?(?:向[^，。；]{2,24}?)?(?:报送|上报|提交|呈报|反馈|书面报告)(?!至|到|县|市|区|省)(?P<doc2>[^，。；]{2,60})$"
    ).match(m.text, first, last)
    if document is None and _RECIPIENT_ONLY.fullmatch(m.text, first, last):
        before = _DOCUMENT_BEFORE.search(m.text, sentence.start, dated)
        return m.piece(*before.span("doc")) if before else _without_tail(m, sentence.start, sentence.end)
    if document is None and last - first < 6 and re.search(r"\d", m.text[first:last]):
        return _without_tail(m, sentence.start, sentence.end)
    if document:
        return _without_tail(m, *document.span(document.lastgroup or 0))
    return _without_tail(m, first, last)


def _without_tail(m: Manuscript, first: int, last: int) -> Piece | None:
    while last > first and m.text[last - 1] in "，、：；。（":
        last -= 1
    return m.piece(first, last) if last - first >= 2 else None


def _clause_start(m: Manuscript, sentence: Piece, at: int, whens: list[_When]) -> int:
    earlier = [w.span[1] for w in whens if w.span[1] <= at]
    return earlier[-1] if earlier else sentence.start


_SUBJECT = re.compile(
    r"(?:[一二三四五六七八九十]是|同时|此外|另外|，|请)*(?P<s>(?:各|县|市|区|省|全|乡|镇|牵头|有关|相关|责任|州|旗|成员)[^，。；：]{0,40}?(?:单位|部门|政府|办事处|街道|乡镇|局|委|办|学校|机关|管委会|（[^（）]{1,20}）|委员会|办公室))"
    r"(?=$|应|要|须|需|于|在|每|分别|务必|请|将|按|认真|根据|结合|对|组织|会同|牵头|书面|统一|负责|及时|，|\d|明确|制定)"
)


def _subjects(m: Manuscript, start: int, end: int) -> list[Piece]:
    """Who must act: the units named at the head of a sentence or clause, in reading order."""
    heads = [start, *(i + 1 for i in range(start, end) if m.text[i] in "。；，")]
    found = [_SUBJECT.match(m.text, first, end) for first in heads]
    return [m.piece(*x.span("s")) for x in found if x]
