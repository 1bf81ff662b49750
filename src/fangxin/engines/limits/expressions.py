"""How results are written: a closed list. Anything else is unreadable, with what it probably meant, never a pass."""

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from fangxin.engines.limits.units import EXACT, Unit, find_unit

_LONGEST = 120
_TOO_LONG = re.compile(r"\d{25}")  # no instrument reports so many digits, and arithmetic would round them
_LARGEST_EXPONENT = 30
_SUPERSCRIPTS = {ord(a): b for a, b in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True)}
_SUPERSCRIPT_RUN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")


class Form(StrEnum):
    """What kind of statement a result is."""

    NUMBER = "number"
    NOT_DETECTED = "not_detected"
    DETECTED = "detected"
    BELOW = "below"
    ABOVE = "above"
    RANGE = "range"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Reading:
    """A result as read. The true value lies between `low` and `high`; a number has both the same.

    `why` says why it cannot be read (a code); `probable` is what the writer may have meant, for a person to confirm.
    """

    form: Form
    low: Decimal | None = None
    high: Decimal | None = None
    unit: Unit | None = None
    lod: Decimal | None = None
    inclusive: bool = True
    why: str = ""
    probable: Decimal | None = None


_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)"
_POWER = r"(?:\s*[x×✕*·]\s*10\s*(?:\^|\*\*)\s*\(?([-+]?\d{1,3})\)?|e([-+]?\d{1,3}))?"
_PLAIN = re.compile(rf"({_NUMBER}){_POWER}", re.IGNORECASE)
_SIGNS = {"<": Form.BELOW, "≤": Form.BELOW, "<=": Form.BELOW, ">": Form.ABOVE, "≥": Form.ABOVE, ">=": Form.ABOVE}
_SIGNED = re.compile(r"(<=|>=|[<>≤≥])\s*(.+)")
_WORDED_SIGNS = (
    ("小于等于", "≤"),
    ("不大于", "≤"),
    ("大于等于", "≥"),
    ("不小于", "≥"),
    ("小于", "<"),
    ("低于", "<"),
    ("大于", ">"),
    ("高于", ">"),
)
_ABSENT = (
    "未检出",
    "未检测出",
    "未测出",
    "没有检出",
    "阴性",
    "notdetected",
    "n.d.",
    "n.d",
    "nd",
    "negative",
    "bdl",
    "<lod",
    "<检出限",
    "<方法检出限",
    "<mdl",
)
_PRESENT = ("检出", "阳性", "positive", "detected", "+", "(+)", "有检出")
_ABSENT_WITH_LOD = re.compile(
    r"(?:未检出|未检测出|nd|n\.d\.?)[(\[,;:、]*(?:(?:方法)?检出限|lod|mdl)?[为是:=]?\s*[<≤]?\s*(.+?)[)\]]*",
    re.IGNORECASE,
)
_PORTION = re.compile(r"(.*?)(/\s*(?:25|100)\s*(?:g|ml|克|毫升)(?:\(ml\))?)", re.IGNORECASE)
_SLASHED = re.compile(r"(\d+)/(\d+)(?:[x×*](\d+))?")
_TIMES = re.compile(rf"({_NUMBER})[x×*](10+)", re.IGNORECASE)
_LOST_POWER = re.compile(rf"({_NUMBER})?[x×*]10([1-9]\d?)", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_DATE = re.compile(
    r"(?:[a-z]{3}[-/]\d{1,4}|\d{1,4}[-/][a-z]{3}|\d{1,2}月\d{1,2}日?|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}.*)", re.IGNORECASE
)
_SPAN = re.compile(rf"({_NUMBER})\s*(?:~|-{{1,2}}|—+|–|至|到)\s*({_NUMBER})")
_UNSURE = re.compile(rf"({_NUMBER})\s*(?:±|\+/-)\s*{_NUMBER}%?")


def read_expression(text: str | Decimal | None, *, how: str | None = None) -> Reading:
    """What a written result says. `how` is the expression column: a sign, "ND", "decimal_comma", "total" …

    >>> read_expression("＜０．０１ mg/kg").form.name, read_expression("1.2×10³ CFU/g").low
    ('BELOW', Decimal('1.2E+3'))
    >>> slashed = read_expression("1/58μg/kg"); slashed.form.name, slashed.why, slashed.probable
    ('UNREADABLE', 'slash_decimal', Decimal('1.58'))
    >>> read_expression("0,05").why, read_expression("0,05", how="decimal_comma").low
    ('decimal_comma', Decimal('0.05'))
    """
    if isinstance(text, Decimal):
        text = str(text)
    written = _folded(text or "")
    told = _folded(how or "")
    if len(written) > _LONGEST or len(told) > _LONGEST or _TOO_LONG.search(written):
        return Reading(Form.UNREADABLE, why="unreadable")
    told = _SIGN_WORDS.get(told, told)
    if told in _COMMA_WORDS:
        written, told = written.replace(",", "."), ""
    if told in _PLAIN_WORDS or _EXPRESSED_AS.search(told):
        told = ""
    if told in _SIGNS and written and not _SIGNED.match(written):
        return _read(told + written)
    if not told:
        return _read(written)
    return _together(written, told)


_SIGN_WORDS = {
    "lt": "<", "less_than": "<", "lessthan": "<", "below": "<", "le": "≤", "gt": ">", "greater_than": ">", "above": ">", "ge": "≥",
    "小于": "<", "大于": ">", "below_lod": "nd", "<lod": "nd", "nondetect": "nd", "non_detect": "nd",
}  # fmt: skip
_COMMA_WORDS = ("decimal_comma", "decimalcomma", "小数逗号", "逗号小数")
_PLAIN_WORDS = (
    "number",
    "numeric",
    "value",
    "数值",
    "=",
    "实测值",
    "measured",
    "quantified",
    "text",
    "count",
    "计数",
    "scientific",
    "exact",
    "raw",
)
_EXPRESSED_AS = re.compile(r"计$|之和|总量|^total|^sum|^as[_ ]|^以|residue|component|parent|wet|湿重|鲜重|as.?is")


_NOTHING = ("", "-", "--", "—", "——", "/", "不适用", "未检", "未检测", "不合格", "合格", "n/a", "na", "null", "none")
_WORDS = (
    dict.fromkeys(_NOTHING, Reading(Form.UNREADABLE, why="no_value"))
    | dict.fromkeys(_ABSENT, Reading(Form.NOT_DETECTED))
    | dict.fromkeys(_PRESENT, Reading(Form.DETECTED))
    | dict.fromkeys(("<loq", "<定量限"), Reading(Form.BELOW, Decimal(0), None, why="loq"))
)


def _together(written: str, told: str) -> Reading:
    """Value and expression both say something: they may add to each other, never contradict."""
    word = _read(told)
    if word.form is Form.UNREADABLE:
        return Reading(Form.UNREADABLE, why="expression_unknown")
    if not written:
        return word
    number = _read(written)
    if number.form is Form.UNREADABLE or number.form is word.form:
        return number
    if word.form is Form.NOT_DETECTED:
        # "ND" beside a number: the number is the detection limit where it is zero or marked so, else they disagree.
        return word if number.form is Form.BELOW or number.high == 0 else Reading(Form.UNREADABLE, why="contradiction")
    if word.form is Form.DETECTED and number.form is Form.NUMBER:
        return number
    return Reading(Form.UNREADABLE, why="contradiction")


def _folded(text: str) -> str:
    """Full-width to plain, superscript powers to ^, one minus, one micro sign, no blanks."""
    text = _SUPERSCRIPT_RUN.sub(lambda m: "^" + m.group().translate(_SUPERSCRIPTS), text)
    text = unicodedata.normalize("NFKC", text.replace("µ", "μ")).replace("≦", "≤").replace("≧", "≥")
    text = text.replace("−", "-").replace("˂", "<").replace("﹤", "<").replace("〈", "<").replace("〉", ">")
    return re.sub(r"\s+", "", text).strip("'\"‘’“”").lower()


def _read(text: str) -> Reading:
    for word, sign in _WORDED_SIGNS:
        if text.startswith(word):
            text = sign + text[len(word) :]
    if text in _WORDS:
        return _WORDS[text]
    if portion := _PORTION.fullmatch(text):
        return _in_portion(portion.group(1), portion.group(2))
    if absent := _ABSENT_WITH_LOD.fullmatch(text):
        return _absent(absent.group(1))
    if signed := _SIGNED.fullmatch(text):
        return _bounded(signed.group(1), signed.group(2))
    return _amount(text)


def _in_portion(head: str, tail: str) -> Reading:
    unit = find_unit(tail)
    inner = _read(head) if head else Reading(Form.UNREADABLE, why="no_value")
    return replace(inner, unit=unit) if unit is not None else Reading(Form.UNREADABLE, why="unreadable")


def _absent(lod: str) -> Reading:
    number = _amount(lod)
    if number.form is not Form.NUMBER:
        return Reading(Form.UNREADABLE, why="unreadable")
    return Reading(Form.NOT_DETECTED, lod=number.low, unit=number.unit)


def _bounded(sign: str, rest: str) -> Reading:
    number = _amount(rest)
    if number.form is not Form.NUMBER or number.low is None:
        return number if number.form is Form.UNREADABLE else Reading(Form.UNREADABLE, why="unreadable")
    inclusive = sign not in ("<", ">")
    if _SIGNS[sign] is Form.BELOW:
        return Reading(Form.BELOW, Decimal(0), number.low, number.unit, inclusive=inclusive)
    return Reading(Form.ABOVE, number.low, None, number.unit, inclusive=inclusive)


def _amount(text: str) -> Reading:
    """A number, a span or a number with its uncertainty, and the unit behind it."""
    body, unit = (text, None) if _PLAIN.fullmatch(text) else _split_unit(text)
    if plain := _PLAIN.fullmatch(body):
        return _number(plain, unit)
    if times := _TIMES.fullmatch(body):
        number = EXACT.multiply(_decimal(times.group(1)), _decimal(times.group(2)))
        return Reading(Form.NUMBER, number, number, unit)
    if unsure := _UNSURE.fullmatch(body):
        number = _decimal(unsure.group(1))
        return Reading(Form.NUMBER, number, number, unit)
    if _DATE.fullmatch(body):
        return Reading(Form.UNREADABLE, unit=unit, why="date_like")
    if span := _SPAN.fullmatch(body):
        low, high = _decimal(span.group(1)), _decimal(span.group(2))
        if low <= high and low >= 0:
            return Reading(Form.RANGE, low, high, unit)
    return _defect(body, unit)


def _defect(body: str, unit: Unit | None) -> Reading:
    """Known damage of published tables: told with its probable meaning, and left to a person."""
    if slashed := _SLASHED.fullmatch(body):
        probable = Decimal(f"{slashed.group(1)}.{slashed.group(2)}") * Decimal(slashed.group(3) or 1)
        return Reading(Form.UNREADABLE, unit=unit, why="slash_decimal", probable=probable)
    if lost := _LOST_POWER.fullmatch(body):
        # A superscript that fell to the line: ×10³ became ×103.
        probable = _decimal(lost.group(1) or "1").scaleb(min(int(lost.group(2)), _LARGEST_EXPONENT), EXACT)
        return Reading(Form.UNREADABLE, unit=unit, why="lost_power", probable=probable)
    if _DECIMAL_COMMA.fullmatch(body):
        return Reading(Form.UNREADABLE, unit=unit, why="decimal_comma", probable=Decimal(body.replace(",", ".")))
    return Reading(Form.UNREADABLE, unit=unit, why="unreadable")


def _number(plain: re.Match[str], unit: Unit | None) -> Reading:
    text = plain.group(1)
    if re.match(r"[-+]?0\d*,", text):
        return Reading(
            Form.UNREADABLE,
            unit=unit,
            why="decimal_comma",
            probable=Decimal(text.replace(",", ".", 1).replace(",", "")),
        )
    number = _decimal(text)
    power = int(plain.group(2) or plain.group(3) or 0)
    if abs(power) > _LARGEST_EXPONENT:
        return Reading(Form.UNREADABLE, unit=unit, why="unreadable")
    number = number.scaleb(power, EXACT) if power else number
    if number < 0:
        return Reading(Form.UNREADABLE, unit=unit, why="negative")
    return Reading(Form.NUMBER, number, number, unit)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:  # more digits than any context holds
        return Decimal(0)


def _split_unit(text: str) -> tuple[str, Unit | None]:
    """The number part and the unit that ends the text, longest unit first; brackets around the unit go."""
    for start in range(1, len(text)):
        if text[start] in "x×*":
            continue
        if text[start - 1].isdigit() or text[start - 1] in ".)":
            unit = find_unit(text[start:])
            if unit is not None and text[start:].strip("()") != "25g":
                return text[:start].rstrip("("), unit
    return text, None


def read_values(text: str) -> tuple[Reading, ...]:
    """Several results in one cell, as reports print the units of a microbiological sample: "50;80;120;90;30".

    >>> [str(one.low) for one in read_values("50；80；<10")]
    ['50', '80', '0']
    """
    inner = text.strip().removeprefix("[").removesuffix("]")
    sign = r"[;；、|\n]|,\s|，" if re.search(r"[;；、|\n]|,\s|，", inner) else ","
    return tuple(read_expression(part) for part in re.split(sign, inner) if part.strip())
