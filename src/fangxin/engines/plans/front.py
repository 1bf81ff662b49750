"""The head and foot of a plan: title, number, issuer, date, period, the documents it follows."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import date

from .manuscript import Gap, Manuscript, Piece
from .numerals import DAY, DOTTED_DATE, FULL_DATE, MONTH, YEAR, date_of, make_date, month_end, read_number, read_year
from .paragraphs import Paragraph
from .values import Period

_KIND = r"(?:工作方案|实施方案|行动方案|行动计划|工作计划|实施意见|工作安排|工作要点|方案|计划|意见|安排|要点)"
_TAIL = r"(?:（[^（）]{1,30}）){0,2}"
_NOTICE = re.compile(
    rf"(?P<who>[^：。，；《》]{{0,80}}?)关于印发(?P<t>《?[^。；：]{{4,120}}?{_KIND}》?{_TAIL}》?)的?通知"
)
_OWN_TITLE = re.compile(rf"[^。；：，]{{4,120}}?{_KIND}{_TAIL}(?=$)")
# A notice may itself be the plan.
_CALL = re.compile(
    r"[^。；：，《》]{0,40}关于(?:深入|组织|集中|全面|扎实|联合|进一步)*(?:开展|实施|推进|做好)[^。；：]{4,60}?(?:行动|整治|治理|工程|攻坚)(?:工作)?的通知"
)
_NUMBER = re.compile(r"(?P<n>[\u4e00-\u9fff]{1,14}(?:字)?〔20\d\d〕第?\d{1,4}号)")
_BODY = (
    "(?:"
    + "|".join(
        (
            "人民政府办公室|人民政府办公厅|人民政府|管理委员会|管委会办公室|管委会",
            "食品安全委员会办公室|食品安全委员会|食品安全工作委员会办公室",
            "食品安全工作领导小组办公室|食品安全工作领导小组|领导小组办公室|领导小组",
            "市场监督管理局|市场监管局|食品药品监督管理局|委员会办公室|委员会|指挥部|办公室|局|委|院",
        )
    )
    + ")"
)
_ISSUER = re.compile(rf"[\u4e00-\u9fff（）]{{2,40}}?{_BODY}(?=$|文件)")
_SIGNED = re.compile(
    rf"(?P<who>(?:[\u4e00-\u9fff（）]{{1,40}}?(?:府|室|厅|会|局|组|部|委|院))?){FULL_DATE.pattern}(?P<printed>印发|印)?"
)
_BEFORE_DATE = re.compile(r"(?:之|以)?前|、|，|起|至|—")
_HEAD_LIMIT = 4000


@dataclass(slots=True)
class Front:
    """What stands around the plan proper; every piece knows its place."""

    title: Piece | None = None
    title_text: str = ""
    number: Piece | None = None
    issuer: Piece | None = None
    issued: Piece | None = None
    issued_on: date | None = None
    body: int = 0


def read_front(m: Manuscript, paragraphs: tuple[Paragraph, ...], first_action: int) -> Front:
    """Read title, number, issuer and date from the notice, the plan's head and the foot."""
    front = Front()
    limit = min(first_action, _HEAD_LIMIT)
    notice = _own_notice(m, limit)
    _read_title(m, paragraphs, limit, notice, front)
    _read_number(m, paragraphs, limit, front)
    _read_signature(m, paragraphs, front)
    _read_issuer(m, paragraphs, limit, notice, front)
    return front


def _own_notice(m: Manuscript, limit: int) -> re.Match[str] | None:
    """「…关于印发…的通知」 as this paper's own heading, not one cited in 《》 or after 「根据」."""
    for found in _NOTICE.finditer(m.text, 0, limit):
        before = m.text[: found.start()]
        if before.count("《") <= before.count("》") and not _FOLLOWS.search(found["who"]):
            return found
    return None


def _read_title(
    m: Manuscript, paragraphs: tuple[Paragraph, ...], limit: int, notice: re.Match[str] | None, front: Front
) -> None:
    named = _bare(m, notice.start("t"), notice.end("t")) if notice else None
    after = notice.end() if notice else 0
    own = _printed_again(m, named, after, limit) if named else None
    title = own or _standing_title(m, paragraphs, limit, after) or named
    if title is None:
        return
    front.title, front.title_text = title, _tidy_title(title.text)
    front.body = title.end


def _bare(m: Manuscript, start: int, end: int) -> Piece:
    """The title inside 「关于印发《…》的通知」, without the marks."""
    text = m.text[start:end]
    if text.startswith("《"):
        start += 1
        text = text[1:]
    closing = text.rfind("》")
    if closing >= 0 and text.count("《") < text.count("》"):
        rest = text[closing + 1 :]
        end = start + closing if not rest else end
    return m.piece(start, end)


def _printed_again(m: Manuscript, named: Piece, after: int, limit: int) -> Piece | None:
    """The plan's own title after the notice: the same words, not inside 《》."""
    at = after
    while (at := m.text.find(named.text, at, limit)) >= 0:
        end = at + len(named.text)
        if m.text[at - 1] != "《" and not m.text.startswith("》", end):
            return m.piece(at, end)
        at = end
    return None


def _standing_title(m: Manuscript, paragraphs: tuple[Paragraph, ...], limit: int, after: int) -> Piece | None:
    """A title on lines of its own before the first action."""
    heads = [p for p in paragraphs if after <= p.start < limit and p.end - p.start <= 110]
    for form in (_OWN_TITLE, _CALL):
        for p in heads:
            text = m.text[p.start : p.end]
            if form.fullmatch(text) and not text.startswith(("附件", "根据", "现将", "《")):
                return m.piece(p.start + _before_title(text), p.end)
    return None


def _before_title(text: str) -> int:
    """Length of a document number or header that a lost line break has put before the title."""
    header = re.match(r".{2,40}?(?:文件|号)(?=[\u4e00-\u9fff])", text)
    return header.end() if header and re.search(r"文件$|〕第?\d{1,4}号$", header.group()) else 0


def _tidy_title(text: str) -> str:
    """One dash between years, however many the printer set.

    >>> _tidy_title("某县方案（2022——2024年）")
    '某县方案（2022—2024年）'
    """
    text = re.sub(r"(?<=\d)(年?)[—–\-~～至]{1,2}(?=20\d\d)", r"\1—", text)
    return text.removeprefix("《").removesuffix("》") if text.count("《") == text.count("》") == 1 else text


def _read_number(m: Manuscript, paragraphs: tuple[Paragraph, ...], limit: int, front: Front) -> None:
    """The document's own number: before the text, not one cited in brackets after a 《title》."""
    # 「（某政办〔2022〕1号）」 on a line of its own below the title is no citation.
    opens = {p.start for p in paragraphs if m.text[p.start] == "（"}
    for found in _NUMBER.finditer(m.text, 0, limit):
        start = _number_start(m, found)
        cited = m.text[max(0, start - 1) : start] in ("（", "》") or m.text.startswith("）", found.end())
        if cited and start - 1 not in opens:
            continue
        if re.search(r"(?:根据|按照|落实|依据)", m.text[max(0, start - 6) : found.end()]):
            continue
        front.number = m.piece(start, found.end())
        return


def _number_start(m: Manuscript, found: re.Match[str]) -> int:
    """The agency's short name begins after a header, a blank or a line break."""
    bracket = m.text.index("〔", found.start(), found.end())
    start = found.start()
    cut = m.text.rfind("文件", start, bracket)
    if cut >= 0:
        start = cut + 2
    blanks = [i for i in range(start + 1, bracket) if m.gaps[i] >= Gap.LINE]
    # A line break inside the short name leaves a stump of one or two signs; a real beginning is longer.
    whole = [i for i in blanks if bracket - i >= 3]
    return whole[-1] if whole else start


def _read_signature(m: Manuscript, paragraphs: tuple[Paragraph, ...], front: Front) -> None:
    """The signing date; the printing date at the foot only where there is no other."""
    fallback: tuple[Piece, date] | None = None
    for p in paragraphs:
        if p.end - p.start > 70:
            continue
        found = (
            _SIGNED.fullmatch(m.text, p.start, p.end)
            or _bracketed_date(m, p)
            or DOTTED_DATE.fullmatch(m.text, p.start, p.end)
        )
        if not found or not (day := date_of(found)) or _BEFORE_DATE.match(m.text, p.end):
            continue
        piece = m.piece(found.start("y"), _date_end(m, found))
        if found.groupdict().get("printed"):
            fallback = fallback or (piece, day)
        else:
            front.issued, front.issued_on = piece, day
            _keep_signer(m, found, front)
            return
    if fallback:
        front.issued, front.issued_on = fallback


def _bracketed_date(m: Manuscript, p: Paragraph) -> re.Match[str] | None:
    return re.compile(rf"（(?:{_NUMBER.pattern}[，、]?)?{FULL_DATE.pattern}(?:印发|发布)?）").fullmatch(
        m.text, p.start, p.end
    )


def _date_end(m: Manuscript, found: re.Match[str]) -> int:
    return min(found.end(), found.end("d") + 1)


def _keep_signer(m: Manuscript, found: re.Match[str], front: Front) -> None:
    if "who" in found.groupdict() and found["who"] and _ISSUER.fullmatch(found["who"]):
        front.issuer = m.piece(found.start("who"), found.end("who"))


def _read_issuer(
    m: Manuscript, paragraphs: tuple[Paragraph, ...], limit: int, notice: re.Match[str] | None, front: Front
) -> None:
    """The issuer: whoever signs before the date, else the notice's subject, the red header, the foot."""
    front.issuer = (
        front.issuer
        or _signer(m, paragraphs, front)
        or _notice_subject(m, notice)
        or _header(m, paragraphs, limit)
        or _foot(m, paragraphs)
    )


def _signer(m: Manuscript, paragraphs: tuple[Paragraph, ...], front: Front) -> Piece | None:
    if front.issued is None:
        return None
    for before, p in itertools.pairwise(paragraphs):
        if p.start <= front.issued.start < p.end and (found := _ISSUER.fullmatch(m.text, before.start, before.end)):
            return _joint(m, *found.span())
    return None


def _joint(m: Manuscript, start: int, end: int) -> Piece:
    """Several bodies that sign side by side, parted by blanks or lines, are named one after the other."""
    names, first = [], start
    for at in range(start + 4, end + 1):
        if (at == end or m.gaps[at] in (Gap.BLANK, Gap.LINE)) and _ISSUER.fullmatch(m.text, first, at):
            names.append(m.text[first:at])
            first = at
    return Piece("、".join(names) if first == end else m.text[start:end], start, end)


def _notice_subject(m: Manuscript, notice: re.Match[str] | None) -> Piece | None:
    if notice is None or not notice["who"]:
        return None
    start = notice.start("who")
    number = list(re.finditer(r"(?:号|文件)", notice["who"]))
    if number:
        start += number[-1].end()
    found = re.compile(rf"[\u4e00-\u9fff（）]{{2,40}}?{_BODY}").fullmatch(m.text, start, notice.end("who"))
    return m.piece(*found.span()) if found else None


def _header(m: Manuscript, paragraphs: tuple[Paragraph, ...], limit: int) -> Piece | None:
    for p in paragraphs:
        if p.start >= limit:
            break
        found = _ISSUER.match(m.text, p.start, p.end)
        if found and (found.end() == p.end or m.text.startswith("文件", found.end())):
            return m.piece(*found.span())
    return None


def _foot(m: Manuscript, paragraphs: tuple[Paragraph, ...]) -> Piece | None:
    for p in reversed(paragraphs[-8:]):
        found = _SIGNED.fullmatch(m.text, p.start, p.end)
        if found and found["who"] and _ISSUER.fullmatch(found["who"]):
            return m.piece(found.start("who"), found.end("who"))
        if p.end - p.start <= 40 and (bare := _ISSUER.fullmatch(m.text, p.start, p.end)):
            return m.piece(*bare.span())
    return None


_TITLE_SPAN = re.compile(rf"(?P<a>{YEAR})年?[—\-–~至到]{{1,2}}(?P<b>{YEAR})年?")
_TITLE_YEAR = re.compile(rf"(?P<a>{YEAR})年")
_EXACT = re.compile(
    rf"(?:自|从)?(?P<a>{YEAR})年(?P<am>{MONTH})月(?:(?P<ad>{DAY})[日号])?(?:起|开始)?(?:，)?(?:[—\-–~]{{1,2}}|至|到|，?到)(?:(?P<b>{YEAR})年)?(?P<bm>{MONTH})月(?:(?P<bd>{DAY})[日号]|底|末)?"
)
_FROM_NOW = re.compile(
    rf"(?:自|从)?(?:即日|印发之日|本方案印发之日|发文之日|现在)起?(?:，)?(?:至|到|—|-)(?P<b>{YEAR})年(?:(?P<bm>{MONTH})月(?:(?P<bd>{DAY})[日号]|底|末)?|(?:年)?底|(?:年)?末)?"
)
_THREE_YEARS = re.compile(
    rf"(?:从|自)(?P<a>{YEAR})年(?:起|开始)?，?(?:力争)?(?:利?用|通过|为期)(?P<n>[一二三四五]|\d)年"
)


def read_period(m: Manuscript, front: Front, end: int) -> tuple[Period, tuple[int, int] | None]:
    """The period: years in the title, else exact dates in the text, else a single year in the title."""
    title = front.title or Piece("", 0, 0)
    if found := _TITLE_SPAN.search(m.text, title.start, title.end):
        return Period(str(read_year(found["a"])), str(read_year(found["b"]))), found.span()
    for reader in (_exact_period, _period_from_now):
        if answer := reader(m, front, end):
            return answer
    if found := _TITLE_YEAR.search(m.text, title.start, title.end):
        year = str(read_year(found["a"]))
        return Period(year, year), found.span("a")
    return _period_in_text(m, title.end, end)


def _exact_period(m: Manuscript, front: Front, end: int) -> tuple[Period, tuple[int, int]] | None:
    for found in _EXACT.finditer(m.text, front.body, len(m.text)):
        before = m.text[max(0, found.start() - 14) : found.start()]
        labelled = re.search(r"(?:时间|期限|周期)[^。]{0,3}$", before)
        # A time in brackets after a heading is that stage's, not the plan's.
        if not labelled and re.search(r"（$|阶段[：，]?$|阶段[^。]{0,10}：$|步：$|同期|生产日期", before):
            continue
        start = _bound(found["a"], found["am"], found["ad"], last=False)
        stop = _bound(found["b"] or found["a"], found["bm"], found["bd"], last=True)
        said = labelled or re.search(r"自|从|为期|定于|决定", before + found.group()[:1]) or found.start() < end
        if start and stop and start <= stop and said:
            return Period(start.isoformat(), stop.isoformat()), found.span()
    return None


def _bound(year: str, month: str, day: str | None, *, last: bool) -> date | None:
    if day:
        return make_date(read_year(year), read_number(month), read_number(day))
    if last:
        return month_end(read_year(year), read_number(month))
    return make_date(read_year(year), read_number(month), 1)


def _period_from_now(m: Manuscript, front: Front, end: int) -> tuple[Period, tuple[int, int]] | None:
    found = _FROM_NOW.search(m.text, front.body)
    if not found:
        return None
    stop = _bound(found["b"], found["bm"] or "12", found["bd"], last=True)
    start = front.issued_on.isoformat() if front.issued_on else None
    return (Period(start, stop.isoformat()), found.span()) if stop else None


def _period_in_text(m: Manuscript, start: int, end: int) -> tuple[Period, tuple[int, int] | None]:
    if found := _THREE_YEARS.search(m.text, start):
        first = read_year(found["a"])
        return Period(str(first), str(first + read_number(found["n"]) - 1)), found.span()
    for found in _TITLE_SPAN.finditer(m.text, start, end):
        # The years in a cited document's title are that document's.
        before = m.text[max(start, found.start() - 120) : found.start()]
        if before.count("《") <= before.count("》"):
            return Period(str(read_year(found["a"])), str(read_year(found["b"]))), found.span()
    return Period(), None


_FOLLOWS = re.compile(r"根据|按照|依据|依照|遵照|(?:深入|全面|切实|认真|扎实)?(?:贯彻|落实)+|对照")
_AIM = re.compile(
    r"(?:制定|制订|拟定|形成|编制)(?:了)?(?:本|如下|以下|此|我[县市区])|特?制[定订]|结合[^，。]{0,12}实际|现制定|提出如下"
)
_CITED = re.compile(r"《(?P<t>(?:[^《》]|《[^《》]*》){2,160})》(?:（(?P<n>[^（）]{2,40}?号)[^（）]{0,12}）)?")
_BARE_CITED = re.compile(
    r"(?<![（》\u4e00-\u9fff])?(?P<n>[\u4e00-\u9fff]{1,10}〔20\d\d〕\d{1,4}号)(?=文件|精神|要求|通知)"
)


def read_basis(m: Manuscript, paragraphs: tuple[Paragraph, ...], front: Front, first_action: int) -> list[Piece]:
    """The documents the plan says it follows: those named from 「根据」 to 「要求」 where it is drawn up."""
    sentences = [
        span
        for p in paragraphs
        if p.start < first_action and not p.row
        for span in _sentence_spans(m, p)
        if span[0] >= front.body or front.title is None
    ]
    chosen = [s for s in sentences if _FOLLOWS.search(m.text, *s) and _CITED.search(m.text, *s)]
    drawn_up = [s for s in chosen if _AIM.search(m.text, *s)]
    if not drawn_up:
        drawn_up = chosen[:1] or _in_notice(m, paragraphs, front)
    pieces: list[Piece] = []
    for start, end in drawn_up[:1]:
        begin = _FOLLOWS.search(m.text, start, end)
        pieces += _cited(m, begin.start() if begin else start, end)
    return pieces


def _in_notice(m: Manuscript, paragraphs: tuple[Paragraph, ...], front: Front) -> list[tuple[int, int]]:
    """The notice above the plan may name what it follows."""
    spans = [s for p in paragraphs if p.start < front.body for s in _sentence_spans(m, p)]
    return [s for s in spans if re.search(r"根据|按照|依据", m.text[slice(*s)]) and _CITED.search(m.text, *s)][:1]


def _sentence_spans(m: Manuscript, p: Paragraph) -> list[tuple[int, int]]:
    spans, start, depth = [], p.start, 0
    for at in range(p.start, p.end):
        char = m.text[at]
        if char in "《（":
            depth += 1
        elif char in "》）":
            depth = max(0, depth - 1)
        elif char == "。" and (depth == 0 or at - start > 600):
            spans.append((start, at + 1))
            start, depth = at + 1, 0
    return [*spans, (start, p.end)] if start < p.end else spans


def _cited(m: Manuscript, start: int, end: int) -> list[Piece]:
    pieces = []
    for found in _CITED.finditer(m.text, start, end):
        before = m.text[start : found.start()]
        # The plan's own name, or a document that only serves as an example, is not what it follows.
        if (
            re.search(r"(?:修订|印发|起草|实施好|以下简称)$", before)
            or re.match(r"(?:，)?以下简称", m.text[found.end() : found.end() + 5])
        ) and re.search(r"以下简称$", before):
            continue
        text = found.group() if found["n"] is None else f"《{found['t']}》（{found['n']}）"
        pieces.append(Piece(text, *found.span()))
    if not pieces:
        pieces = [m.piece(*found.span("n")) for found in _BARE_CITED.finditer(m.text, start, end)]
    return pieces
