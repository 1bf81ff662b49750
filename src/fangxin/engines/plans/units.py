"""Who answers for an action: leading and cooperating agencies, and lower governments."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .manuscript import Gap, Manuscript, Piece
from .markers import FIELD, LABEL, LABEL_COLON, read_marker


@dataclass(slots=True)
class Units:
    """The agencies of one action as printed, and the spans that named them."""

    lead: Piece | None = None
    cooperating: list[Piece] = field(default_factory=list)
    lower: list[Piece] = field(default_factory=list)
    further_leads: list[Piece] = field(default_factory=list)
    repeated: list[Piece] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)

    @property
    def named(self) -> bool:
        """Does the action name anyone?"""
        return self.lead is not None or bool(self.lower)


@dataclass(slots=True)
class _Named:
    """Names sorted by what is said of them: they lead, they are listed, they join in."""

    lead: list[Piece] = field(default_factory=list)
    listed: list[Piece] = field(default_factory=list)
    join: list[Piece] = field(default_factory=list)

    def all(self) -> list[Piece]:
        return [*self.lead, *self.listed, *self.join]

    def repeated(self) -> list[Piece]:
        """Names that one clause says twice."""
        seen: set[str] = set()
        twice = []
        for piece in self.all():
            if piece.text in seen:
                twice.append(piece)
            seen.add(piece.text)
        return twice

    @classmethod
    def merged(cls, groups: list[_Named]) -> _Named:
        return cls(*([p for g in groups for p in getattr(g, role)] for role in ("lead", "listed", "join")))


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch that names units: its whole span and the span of its content."""

    start: int
    end: int
    first: int
    last: int
    loose: bool = False


_AGENCY_END = (
    r"(?:局|委|办|部|社|院|会|处|厅|署|队|所|站|中心|公司|集团|银行|支行|分行|海关|联|协|政府|机关|台|企业|学校|学院|大学|组|法院|监狱|总站|院校|园区|单位|部门"
    r"|供电|邮政|烟草|盐业|运营商|平台)"
)
_AGENCY = re.compile(
    rf"[\u4e00-\u9fffA-Za-z0-9“”·]{{1,28}}(?:（[^（）]{{1,20}}）)?{_AGENCY_END}(?:（[^（）]{{1,24}}）)?"
)
_BROKEN_OFF = frozenset(("县委", "市委", "区委", "省委", "州委", "旗委", "党委", "县政府", "市政府", "区政府"))
_AGENCY_TAIL = re.compile(rf"{_AGENCY_END}(?:（[^（）]{{1,24}}）)?$")
_LEADS = re.compile(r"牵头|主办|主责|第一责任")
_JOINS = re.compile(r"配合|协办|协同|协作|协助|参与|参加|支持|成员|共同")
_DUTY_END = re.compile(
    r"(?:负责|落实|配合|参与|参加|牵头|协同|协作|协助|协办|实施|分工)(?:[，；。]?(?:以下简称|下同|排).*)?$"
)
_DUTY = r"(?:牵头|负责|落实|组织实施|承担|承办)"
# Who answers may be the whole sentence or its opening, before what is to be done.
_SENTENCE = re.compile(
    r"(?:^|(?<=[。；]))(?:(?:此|该|本)项?(?:工作|行动|任务))?由?"
    rf"(?P<c>[^。；]{{2,100}}?(?:{_DUTY}+|配合|参与)(?:[，、；][^。；，]{{2,120}}?(?:{_DUTY}+|配合|参与|协助|协同)){{0,2}})(?:[。；，]|$)"
)
_RANK_NOTE = re.compile(
    r"[，。；、（]?(?:其中|注：)?(?:排名|排在|排|列|名列|位列|位于|居)(?:在)?(?:第一|首|前|最前)[^（）]*$|[，。；、]?第一个?(?:单位|部门)?为[^（）]*$|[，。；、](?:以?下同|下略)[^（）]*$"
)
_LED = re.compile(r"牵头(?:负责|落实|组织|实施|总抓|抓总|承办|推进|协调)*")
_SEPARATOR = re.compile(r"[、，；,;。：:/／\n]")
_LINK = re.compile(r"(?:以及|和|与|及|或)")
_FILLER = re.compile(
    r"(?:等(?:有关|相关|各|各有关|各相关|市直|县直|区直|职能|成员|责任)*(?:部门|单位|职能部门|成员单位)?(?=$|按|根据|依|共同|分|各|负|配|参|协|落|具|联))?"
    r"(?:(?:按|按照|根据|依据|依|照)(?:各自|法定|有关|相关)*(?:的)?(?:职责|职能|分工|责任)[^、，]*|(?:分别|共同|具体|联合|密切|积极|协同|各负其责|分工|全面|组织|统筹|主要)*(?:(?:牵头|负责|配合|参与|参加|落实|协助)[^、，]*|(?:协作|协同|协办|实施|承担|推进|承办)$)|等|分工|各司其职[^、，]*|各负其责[^、，]*|为(?:牵头|责任|配合)[^、，]*|等(?:有关|相关|各)*(?:部门|单位|职能部门)+)?$"
)
_GENERIC = re.compile(
    r"(?:各|全|县|市|区|省|直|级|政府|有关|相关|职能|责任|监管|涉及|其他|其它|行业|主管|及其|所属|驻[县市区])*(?:部门|单位|职能部门|责任单位|机构)(?:和单位)?|政府|办事处|街道办事处|街道办|管委会|人民政府|无|/|—|-|暂无|同上"
)
_LOWER = re.compile(
    r"(?:全[县市区]|[县市区]属|本辖区|辖区|所辖|属地|有关|相关|所在地|当地|所有)*(?P<each>各)?(?P<name>[\u4e00-\u9fff]{0,16}?)"
    r"(?P<kind>乡镇街道|镇乡街道|乡镇街|乡镇办|镇街道|镇乡办|乡镇|镇乡|镇街|街镇|镇办|街乡|乡街|乡|镇|街道|街|县区|区县|县市区|市县区|区市县|县区市|市区|区市|县市|县|区|市|旗|州|盟"
    r"|开发区|示范区|高新区|经开区|新区|园区|集聚区|功能区|管理区|景区|度假区|试验区|合作区|林场|农场|社区|村社区|村居|村|属地)"
    r"(?P<organ>党委|党工委|党政|和|及|与|人民政府|政府|街道办事处|办事处|街道办|管理委员会|管委会|管委|村民委员会|村委会|居委会|委会|两委)*"
)
_SPELT_OUT = re.compile(r"各(?:[县市区旗乡镇](?:、|和))+(?:[县市区旗乡镇]|街道)(?![\u4e00-\u9fff]{0,12}局)")
_OWN = re.compile(r"[县市区省州旗盟]?(?:委)?(?:人民)?政府")


def is_lower_government(name: str, own: str = "", *, plain: bool = False) -> bool:
    """Is this a lower government of any kind, or the committee that governs a development zone?

    `own` is the issuing government's name, which is nobody's lower government; `plain` asks for 「各…」 or
    an organ's name, so that the first half of a broken name is not taken for a place.

    >>> [is_lower_government(x) for x in ("各乡镇政府", "各县（市、区）人民政府", "开发区管委会")]
    [True, True, True]
    >>> [is_lower_government(x) for x in ("县农业农村局", "县政府")]
    [False, False]
    """
    core = re.sub(r"（[^（）]*）|[（）、]", "", name)
    if _OWN.fullmatch(core) or not core:
        return False
    found = _LOWER.fullmatch(core)
    if not found:
        return False
    if own and not found["each"] and own.startswith(re.sub(r"(?:人民)?政府$", "", core)):
        return False
    # A bare 「…市」 or 「…区」 without 各 and without an organ could be anything but a short place name.
    if core in ("乡", "镇", "村"):
        return not plain
    if plain or len(core) == 1:
        return bool(found["each"] or found["organ"])
    return bool(found["each"] or found["organ"] or len(core) <= 6 or core.endswith(("开发区", "示范区", "集聚区")))


def read_units(m: Manuscript, start: int, end: int, *, own: str = "", paragraphs: tuple[int, ...] = ()) -> Units:
    """The units named in a span, e.g. an action with its text. `paragraphs` are the starts of its paragraphs."""
    units = Units()
    groups: list[_Named] = []
    spoken = False
    for clause in _clauses(m, start, end, paragraphs):
        roles = list(_roles(m, clause))
        if clause.loose and not _all_agencies(m, roles):
            continue
        units.spans.append((clause.start, clause.end))
        named = _Named()
        for role, first, last in roles:
            getattr(named, role).extend(_tokens(m, first, last))
        groups.append(named)
        units.repeated += named.repeated()
        spoken = clause.loose
    if len(groups) > 1 and spoken and groups[0].lead + groups[0].listed:
        # Numbered points with a unit each: whoever answers for the first point comes first.
        groups = [_Named(listed=group.all()) for group in groups]
    _settle(units, _Named.merged(groups), own)
    return units


def read_cell(m: Manuscript, start: int, end: int) -> list[Piece]:
    """The units named in one table cell."""
    return _tokens(m, start, end)


def settle_lists(strong: list[Piece], named: list[Piece], joined: list[Piece], own: str) -> Units:
    """Units from lists already sorted into leading, responsible and cooperating."""
    units = Units()
    found = _Named(strong, named, joined)
    units.repeated = found.repeated()
    _settle(units, found, own)
    return units


def _settle(units: Units, found: _Named, own: str) -> None:
    """The first named agency leads; whoever else is named cooperates; lower governments stand apart."""
    everyone = found.all()
    units.lower = [p for p in everyone if is_lower_government(p.text, own)]
    agencies = [p for p in everyone if not is_lower_government(p.text, own)]
    leading = [p for p in found.lead if not is_lower_government(p.text, own)]
    units.further_leads = leading[1:]
    if (found.lead and not leading) or (not agencies and units.lower):
        units.lead = units.lower[0]
    elif agencies:
        units.lead = agencies.pop(0)
    seen = {units.lead.text} if units.lead else set()
    for piece in agencies:
        if piece.text not in seen:
            units.cooperating.append(piece)
        seen.add(piece.text)


def _clauses(m: Manuscript, start: int, end: int, paragraphs: tuple[int, ...]) -> Iterator[Clause]:
    found = [*_bracketed(m, start, end)]
    found += _labelled(m, start, end, found, paragraphs)
    if not found:
        found = [*_sentences(m, start, end)]
    yield from sorted(found, key=lambda clause: clause.start)


def _bracketed(m: Manuscript, start: int, end: int) -> Iterator[Clause]:
    for first, last in _top_brackets(m.text, start, end):
        content = m.text[first + 1 : last]
        after_stop = first == start or m.text[first - 1] in "。；！”"
        if LABEL.match(content) or LABEL_COLON.search(content):
            yield Clause(first, last + 1, first + 1, last)
        elif (_DUTY_END.search(_RANK_NOTE.sub("", content)) and len(content) >= 5) or (
            after_stop and len(content) >= 3
        ):
            yield Clause(first, last + 1, first + 1, last, loose=True)


def _top_brackets(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Outermost bracket pairs; an opening that never closes is passed over."""
    stack: list[int] = []
    pairs: list[tuple[int, int]] = []
    for found in re.compile("[（）]").finditer(text, start, end):
        if found.group() == "（":
            stack.append(found.start())
        elif stack:
            first = stack.pop()
            while pairs and pairs[-1][0] > first:
                pairs.pop()
            pairs.append((first, found.start()))
    yield from pairs


def _labelled(m: Manuscript, start: int, end: int, taken: list[Clause], paragraphs: tuple[int, ...]) -> list[Clause]:
    """「责任单位：…」 without brackets, up to the end of its sentence or paragraph; or below such a heading."""
    clauses: list[Clause] = []
    for (a, b), (_, after) in itertools.pairwise(itertools.pairwise((*paragraphs, end))):
        marker = read_marker(m, a, b)
        first = marker.end if marker else a
        if LABEL.fullmatch(m.text[first:b].rstrip("。：")):
            clauses.append(Clause(a, after, first, after))
    taken = [*taken, *clauses]
    at = start
    pattern = re.compile(rf"{LABEL_COLON.pattern}|(?<![\u4e00-\u9fff]){LABEL.pattern}(?:为|是)")
    while found := pattern.search(m.text, at, end):
        inside = next((c for c in taken if c.start <= found.start() < c.end), None)
        if inside:
            at = inside.end
            continue
        stop = next((p for p in paragraphs if p > found.start()), end)
        full_stop = m.text.find("。", found.end(), stop)
        last = full_stop if full_stop >= 0 else stop
        if field_label := FIELD.search(m.text, found.end(), last):
            last = field_label.start()
        first = found.start()
        if first > start and m.text[first - 1] == "（":
            first -= 1
        clauses.append(Clause(first, min(last + 1, stop), found.start(), last))
        at = max(last, found.end())
    return clauses


def _sentences(m: Manuscript, start: int, end: int) -> Iterator[Clause]:
    """「由…牵头，…配合。」 as a sentence of the text; only where it names agencies."""
    for found in _SENTENCE.finditer(m.text[start:end]):
        first, last = start + found.start("c"), start + found.end("c")
        yield Clause(start + found.start(), start + found.end(), first, last, loose=True)


def _roles(m: Manuscript, clause: Clause) -> Iterator[tuple[str, int, int]]:
    """The parts of a clause with their role: lead (said so), list (first leads), join (cooperates)."""
    content = m.text[clause.first : clause.last]
    ends = [x.start() for x in (_RANK_NOTE.search(content), FIELD.search(content)) if x and x.start()]
    last = clause.first + min(ends) if ends else clause.last
    labels = list(
        re.compile(rf"(?:{LABEL.pattern}|责任分工|职责分工)(?:[：:]|为|是|(?=[\u4e00-\u9fff]))").finditer(
            m.text, clause.first, last
        )
    )
    labels = [x for i, x in enumerate(labels) if x.group()[-1] in "：:" or (i == 0 and x.start() == clause.first)]
    if not labels:
        yield from _spoken_roles(m, clause.first, last)
        return
    if labels[0].start() > clause.first:
        yield from _spoken_roles(m, clause.first, labels[0].start())
    for label, follower in zip(labels, [*labels[1:], None], strict=True):
        stop = follower.start() if follower else last
        role = "lead" if _LEADS.search(label.group()) else "join" if _JOINS.search(label.group()) else "listed"
        if role == "listed":
            yield from _spoken_roles(m, label.end(), stop)
        else:
            yield role, label.end(), stop


def _spoken_roles(m: Manuscript, first: int, last: int) -> Iterator[tuple[str, int, int]]:
    """「A牵头，B、C配合」, 「A会同B负责」, 「A负责甲事，B负责乙事」, or a plain list."""
    text = m.text[first:last]
    led = _LED.search(text)
    if marked := re.search(r"(?:^|[、，；])(?P<name>[^、，；（）]+)（牵头(?:单位|部门)?）", text):
        yield "lead", first + marked.start("name"), first + marked.end("name")
        yield "join", first, first + marked.start("name")
        yield "join", first + marked.end(), last
    elif led and led.start():
        yield "lead", first, first + led.start()
        yield from _rest(m, first + led.end(), last)
    elif (joint := re.search("会同|联合", text)) and joint.start():
        yield "lead", first, first + joint.start()
        yield "join", first + joint.end(), last
    elif len(re.findall(r"(?:负责|承担)[^，；、]", text)) >= 2:
        for part in re.finditer(r"[^，；]+", text):
            if duty := re.search(r"负责|承担", part.group()):
                yield "listed", first + part.start(), first + part.start() + duty.start()
    elif helped := re.search(r"[，；](?=[^，；]*(?:配合|协助|参与|协同)[^，；、]*$)", text):
        yield "listed", first, first + helped.start()
        yield "join", first + helped.end(), last
    else:
        yield "listed", first, last


def _rest(m: Manuscript, first: int, last: int) -> Iterator[tuple[str, int, int]]:
    """What follows 「牵头」: mostly those who cooperate, sometimes another pair of lead and helpers."""
    text = m.text[first:last]
    again = _LED.search(text)
    if again and again.start():
        cut = max(text.rfind("；", 0, again.start()), text.rfind("，", 0, again.start())) + 1
        yield "join", first, first + cut
        yield "lead", first + cut, first + again.start()
        yield from _rest(m, first + again.end(), last)
    else:
        yield "join", first, last


def _all_agencies(m: Manuscript, roles: list[tuple[str, int, int]]) -> bool:
    """A bracket or sentence without a label counts only if it names agencies and nothing else."""
    tokens = [token for _, first, last in roles for token in _tokens(m, first, last)]
    return bool(tokens) and all(_AGENCY.fullmatch(t.text) or is_lower_government(t.text) for t in tokens)


def _tokens(m: Manuscript, first: int, last: int) -> list[Piece]:
    """The names in a list, cleaned of separators and of what is said about them."""
    pieces = []
    for start, end in _split(m, first, last):
        token = _clean(m, start, end)
        if token and not _GENERIC.fullmatch(token.text):
            pieces.append(token)
    return pieces


def _split(m: Manuscript, first: int, last: int) -> Iterator[tuple[int, int]]:
    depth, start, at = 0, first, first
    while at < last:
        char = m.text[at]
        if char in "（）":
            depth = max(0, depth + (1 if char == "（" else -1))
        elif depth == 0:
            width = _separator_width(m, start, at, last)
            if width is not None:
                yield start, at
                start = at + width
                at += max(width, 1)
                continue
        at += 1
    yield start, last


def _separator_width(m: Manuscript, start: int, at: int, last: int) -> int | None:
    """How many characters separate two names here; 0 for a blank, None where nothing does."""
    if _SEPARATOR.match(m.text[at]):
        return None if _SPELT_OUT.match(m.text, start, last) and _inside_spelt_out(m, start, at, last) else 1
    if at == start:
        return None
    left = m.text[start:at]
    if link := _LINK.match(m.text, at, last):
        right = m.text[link.end() : min(last, link.end() + 30)]
        whole = _AGENCY_TAIL.search(left) or is_lower_government(left, plain=True)
        names = _AGENCY.match(right) or right.startswith("各") or re.match(r"[县市区]?(?:有关|相关)", right)
        return link.end() - link.start() if whole and names else None
    if m.gaps[at] == Gap.BLANK or m.gaps[at] in (Gap.LINE, Gap.EMPTY_LINE):
        return _blank_separates(m, left, at, last)
    return None


def _inside_spelt_out(m: Manuscript, start: int, at: int, last: int) -> bool:
    """「各县、市、区人民政府」 is one name although it holds separators."""
    found = _SPELT_OUT.match(m.text, start, last)
    return bool(found) and start < at < (found.end() if found else start)


def _blank_separates(m: Manuscript, left: str, at: int, last: int) -> int | None:
    right = re.split(r"[、，；：。（]", m.text[at : min(last, at + 30)])[0]
    if right.startswith("各") and _AGENCY_TAIL.search(left):
        return 0
    if not (_AGENCY_TAIL.search(left) or is_lower_government(left, plain=True)) or left in _BROKEN_OFF:
        return None
    if m.gaps[at] != Gap.BLANK and not right.startswith(("县", "市", "区", "各", "省", "州")):
        return None
    if not (_AGENCY.match(right) or right.startswith(("县", "市", "区", "各", "省"))):
        return None
    if re.search(r"(?:分局|大队|支队|中队|派出所)$", right) or len(right) < 3:
        return None
    return 0


def _clean(m: Manuscript, start: int, end: int) -> Piece | None:
    text = m.text[start:end]
    lead_in = re.match(r"[（：:\s]*(?:由|会同|以及|牵头单位|责任单位)?(?:(?<=由)[：:])?", text)
    offset = lead_in.end() if lead_in else 0
    text = text[offset:]
    text = _FILLER.sub("", text, count=1) if text else text
    text = text.rstrip("。；，、：:")
    if text.count("（") != text.count("）"):
        text = text.rstrip("（）") if text.endswith(("（", "）")) else text
    return Piece(text, start + offset, start + offset + len(text)) if text else None
