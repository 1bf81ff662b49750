"""Figures of a board as a paper prints them: denominator, target, status and as-of date, or the reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from fangxin.engines.papers.charts import NO_DATA
from fangxin.engines.papers.chinese import format_date_zh
from fangxin.engines.papers.values import Align, BarChart, PaperError, Problem, Series, Table, check_text

_DIGITS, _MOST_DIGITS = 2, 6


class Comparison(StrEnum):
    """How a value is compared with its target."""

    ABOVE = ">"
    AT_LEAST = ">="
    EQUAL = "="
    BELOW = "<"
    AT_MOST = "<="


class Status(StrEnum):
    """Where a figure stands against its target."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    UNKNOWN = "unknown"
    NO_TARGET = "no_target"


STATUS_ZH = {
    Status.REACHED: "已达到",
    Status.NOT_REACHED: "未达到",
    Status.UNKNOWN: "无法判定",
    Status.NO_TARGET: "未设目标",
}
_COMPARISON_ZH = {
    Comparison.ABOVE: ">",
    Comparison.AT_LEAST: "≥",
    Comparison.EQUAL: "=",
    Comparison.BELOW: "<",
    Comparison.AT_MOST: "≤",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A target in the figure's own unit (per cent for shares)."""

    comparison: Comparison
    value: Decimal


@dataclass(frozen=True, slots=True)
class BoardFigure:
    """One figure as of a day. A share has a denominator; a count has none and says so with ``counted``.

    The value is numerator × ``per`` ÷ denominator: 100 for per cent, 1000 for samples per thousand residents.
    ``absent`` says why nothing is known and is required when numerator or denominator is missing;
    ``stated`` is what a department typed, printed beside the computed value, never over it.
    """

    name: str
    as_of: date
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    unit: str = "%"
    per: int = 100
    counted: bool = False
    target: Target | None = None
    absent: str = ""
    stated: Decimal | None = None

    def __post_init__(self) -> None:
        check_text(self.name, "figure", required=True)
        check_text(self.unit, "figure")
        check_text(self.absent, "figure")
        for number in (self.numerator, self.denominator, self.stated):
            if number is not None and not number.is_finite():
                raise PaperError(Problem.NUMBER, "figure", self.name)
        if self.denominator is not None and self.denominator < 0:
            raise PaperError(Problem.NUMBER, "figure", self.name)
        missing = self.numerator is None or (self.denominator is None and not self.counted)
        if missing and not self.absent:
            raise PaperError(Problem.REASON_MISSING, "figure", self.name)

    @property
    def value(self) -> Decimal | None:
        """The share or the count, in the figure's unit; None where nothing is known, a denominator of zero included."""
        if self.numerator is None:
            return None
        if self.counted:
            return self.numerator
        return self.numerator * self.per / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A goal reached by evidence, not by a number (such as "基本建成")."""

    name: str
    as_of: date
    status: Status
    evidence: str

    def __post_init__(self) -> None:
        check_text(self.name, "milestone", required=True)
        check_text(self.evidence, "milestone", required=True)


def judge_figure(figure: BoardFigure) -> Status:
    """Compare a figure with its target, exactly: 40 of 50 is not above 80 %.

    >>> strict = Target(Comparison.ABOVE, Decimal(80))
    >>> forty = BoardFigure("x", date(2024, 9, 25), Decimal(40), Decimal(50), target=strict)
    >>> judge_figure(forty).value
    'not_reached'
    """
    if figure.target is None:
        return Status.NO_TARGET
    if figure.value is None or figure.numerator is None:
        return Status.UNKNOWN
    if figure.counted:
        reached = _holds(figure.numerator, figure.target.comparison, figure.target.value)
    else:
        # Multiplied out rather than divided, so that no rounding of a quotient decides.
        right = figure.target.value * (figure.denominator or 0)
        reached = _holds(figure.numerator * figure.per, figure.target.comparison, right)
    return Status.REACHED if reached else Status.NOT_REACHED


def _holds(left: Decimal, comparison: Comparison, right: Decimal) -> bool:
    match comparison:
        case Comparison.ABOVE:
            return left > right
        case Comparison.AT_LEAST:
            return left >= right
        case Comparison.EQUAL:
            return left == right
        case Comparison.BELOW:
            return left < right
        case Comparison.AT_MOST:
            return left <= right


def format_number(number: Decimal) -> str:
    """Print a number without exponent and without zeros that say nothing.

    >>> format_number(Decimal("120.50")), format_number(Decimal("1E+2"))
    ('120.5', '100')
    """
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_value(figure: BoardFigure) -> str:
    """Print a value with its unit, rounded half up to two places, or "暂无数据（原因）".

    Rounding may not tell another story than the comparison: a share just below its target or just
    below 100 % gets as many places (at most six) as it needs to stay there.

    >>> format_value(BoardFigure("x", date(2022, 6, 25), Decimal(11), Decimal(12)))
    '91.67%'
    >>> format_value(BoardFigure("x", date(2022, 6, 25), Decimal(99999), Decimal(100000)))
    '99.999%'
    >>> format_value(BoardFigure("x", date(2022, 6, 25), Decimal(0), Decimal(0)))
    '暂无数据（分母为零）'
    """
    value = figure.value
    if value is None:
        return f"{NO_DATA}（{figure.absent or '分母为零'}）"
    if figure.counted:
        return f"{format_number(value)}{figure.unit}"
    bounds = [
        Decimal(0),
        *([Decimal(100)] if figure.unit == "%" else []),
        *([figure.target.value] if figure.target else []),
    ]
    for places in range(_DIGITS, _MOST_DIGITS + 1):
        shown = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if all((shown > bound) == (value > bound) and (shown < bound) == (value < bound) for bound in bounds):
            break
    return f"{format_number(shown) if places > _DIGITS else shown}{figure.unit}"


def format_target(target: Target | None, unit: str) -> str:
    """Print a target.

    >>> format_target(Target(Comparison.AT_LEAST, Decimal(95)), "%")
    '≥95%'
    """
    return "—" if target is None else f"{_COMPARISON_ZH[target.comparison]}{format_number(target.value)}{unit}"


def describe_figure(figure: BoardFigure) -> str:
    """Say a figure in one clause, with numerator, denominator, target and as-of date.

    >>> describe_figure(BoardFigure("按期整改率", date(2022, 6, 25), Decimal(22), Decimal(24)))
    '按期整改率91.67%（22/24，截至2022年6月25日）'
    """
    facts = [] if figure.value is None or figure.counted else [_ratio(figure)]
    if figure.target is not None:
        facts.append(f"目标{format_target(figure.target, figure.unit)}，{STATUS_ZH[judge_figure(figure)]}")
    if figure.stated is not None:
        facts.append(f"部门填报{format_number(figure.stated)}{figure.unit}")
    facts.append(f"截至{format_date_zh(figure.as_of)}")
    return f"{figure.name}{format_value(figure)}（{'，'.join(facts)}）"


def _ratio(figure: BoardFigure) -> str:
    return f"{_part(figure.numerator)}/{_part(figure.denominator)}"


def _part(number: Decimal | None) -> str:
    return "—" if number is None else format_number(number)


def figures_table(figures: Sequence[BoardFigure | Milestone], *, title: str = "") -> Table:
    """Set figures out as a table; the column of typed values appears when a department typed one."""
    stated = any(isinstance(figure, BoardFigure) and figure.stated is not None for figure in figures)
    header = ["序号", "指标", "目标", "分子", "分母", "结果", "状态", "截至日期"]
    widths = [6, 21, 11, 9, 9, 16, 14, 17]
    align = [Align.CENTER, Align.LEFT, *[Align.CENTER] * 6]
    if stated:
        header.insert(6, "部门填报")
        widths.insert(6, 11)
        align.append(Align.CENTER)
    rows = tuple(_row(number, figure, stated=stated) for number, figure in enumerate(figures, start=1))
    return Table(tuple(header), rows, title=title, widths=tuple(widths), align=tuple(align))


def _row(number: int, figure: BoardFigure | Milestone, *, stated: bool) -> tuple[str, ...]:
    day = f"{figure.as_of.year}.{figure.as_of.month}.{figure.as_of.day}"
    if isinstance(figure, Milestone):
        typed = ("—",) if stated else ()
        return (str(number), figure.name, "完成", "—", "—", figure.evidence, *typed, STATUS_ZH[figure.status], day)
    typed = (("—" if figure.stated is None else f"{format_number(figure.stated)}{figure.unit}"),) if stated else ()
    return (
        str(number),
        figure.name,
        format_target(figure.target, figure.unit),
        _part(figure.numerator),
        "—" if figure.counted else _part(figure.denominator),
        format_value(figure),
        *typed,
        STATUS_ZH[judge_figure(figure)],
        day,
    )


def figures_chart(figures: Sequence[BoardFigure], *, title: str) -> BarChart:
    """Draw shares beside their targets; an unknown share has no bar and its label says so."""
    shown = [figure for figure in figures if figure.unit == "%" and not figure.counted]
    values = tuple(None if f.value is None else f.value.quantize(Decimal("0.01"), ROUND_HALF_UP) for f in shown)
    series = [Series("结果", values)]
    if any(figure.target is not None for figure in shown):
        # Without a result a lone target bar would look like one.
        targets = (f.target.value if f.target and f.value is not None else None for f in shown)
        series.append(Series("目标", tuple(targets)))
    return BarChart(title, tuple(figure.name for figure in shown), tuple(series), unit="%")


def count_statuses(figures: Sequence[BoardFigure | Milestone]) -> dict[Status, int]:
    """Count figures by status; every status is present."""
    found = [figure.status if isinstance(figure, Milestone) else judge_figure(figure) for figure in figures]
    return {status: found.count(status) for status in Status}


@dataclass(frozen=True, slots=True)
class MatterBalance:
    """The rectification ledger over a period; open = opening + new − closed + reopened.

    >>> MatterBalance(12, 20, 25, 1, due=24, closed_in_time=22).open
    8
    """

    opening: int
    new: int
    closed: int
    reopened: int
    due: int
    closed_in_time: int

    def __post_init__(self) -> None:
        numbers = (self.opening, self.new, self.closed, self.reopened, self.due, self.closed_in_time)
        if min(numbers) < 0 or self.open < 0 or self.closed_in_time > self.due:
            raise PaperError(Problem.NUMBER, "balance", str(numbers))

    @property
    def open(self) -> int:
        """Matters still open at the end of the period."""
        return self.opening + self.new - self.closed + self.reopened
