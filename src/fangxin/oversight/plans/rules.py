"""From what a plan says to what the platform keeps: pure functions over values."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from fangxin.oversight.plans.models import PlanDeadline

# Words that tell which of the twelve kinds an action is; the longest match decides.
TITLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "monitoring": ("风险监测", "标准制", "食品安全标准", "食源性疾病"),
    "origin": ("产地环境", "土壤", "耕地"),
    "farm_inputs": ("农药", "兽药", "投入品"),
    "health_food": ("保健食品", "保健品"),
    "rural_food": ("农村假冒", "农村食品", "农村市场"),
    "catering": ("餐饮质量", "餐饮服务", "餐饮业", "餐饮"),
    "produce_markets": ("食用农产品市场", "农产品批发市场", "农贸市场", "农产品市场"),
    "small_operators": ("“三小”", "三小", "小作坊", "小摊点"),
    "online_food": ("网络食品", "净网", "网络餐饮", "网络订餐"),
    "school_meals": ("校园食品", "校园", "学校食堂", "学生餐"),
    "grain": ("优质粮食", "粮食"),
    "imported_food": ("进口食品", "国门"),
}

REPORT_WORDS = ("总结", "进展", "报告", "情况")
SCHEME_WORDS = ("方案", "计划")
SEVERAL_A_YEAR = 4
CLOSE_ENOUGH, VERY_CLOSE = 0.22, 0.5


def guess_code(title: str) -> str:
    """The kind of action a title speaks of; empty when no word or two kinds' words of the same length occur."""
    longest = {code: max((len(w) for w in words if w in title), default=0) for code, words in TITLE_WORDS.items()}
    best = max(longest.values())
    found = [code for code, length in longest.items() if length == best]
    return found[0] if best and len(found) == 1 else ""


def guess_purpose(kind: str, what: str) -> str:
    """What a deadline is for: one-off schemes, recurring summaries, or something else."""
    if any(word in what for word in REPORT_WORDS):
        return PlanDeadline.Purpose.RETURN
    if kind == PlanDeadline.Kind.ONE_OFF and any(word in what for word in SCHEME_WORDS):
        return PlanDeadline.Purpose.SPECIAL_PLAN
    return PlanDeadline.Purpose.OTHER


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    code: str
    year: int
    opens_on: date
    due_on: date


def list_periods(
    month_days: Iterable[str], single_days: Iterable[date], *, years: Sequence[int], issued_on: date
) -> list[PeriodFacts]:
    """The reporting dates of a plan: yearly dates times years, then single dates; none before the plan was issued.

    A date in January reports on the year before. The last date of a year is the annual one when it lies in the
    last quarter or is the only one; others are named by their quarter, or by month when a quarter has several.
    """
    days = sorted({_month_day(text) for text in month_days})
    found = [fact for year in years for fact in _year_of(days, year) if fact[2] > issued_on]
    finals = [day for day in sorted(set(single_days)) if day > issued_on]
    found += [(f"{day.year}-FINAL" if len(finals) == 1 else f"{day:%Y-D%m%d}", day.year, day) for day in finals]
    opens, periods = issued_on, []
    for code, year, due_on in sorted(found, key=lambda item: item[2]):
        periods.append(PeriodFacts(code, year, min(opens, due_on), due_on))
        opens = due_on + timedelta(days=1)
    return periods


def _month_day(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    date(2023, int(month), int(day))  # ValueError for a day no ordinary year has
    return int(month), int(day)


def _year_of(days: Sequence[tuple[int, int]], year: int) -> list[tuple[str, int, date]]:
    ordered = sorted(days, key=lambda md: (md[0] == 1, md))
    quarters = [_quarter(month) for month, _ in ordered]
    by_month = len(set(quarters)) < len(quarters) and len(ordered) > SEVERAL_A_YEAR
    found = []
    for index, (month, day) in enumerate(ordered):
        last = index == len(ordered) - 1
        due_on = date(year + 1 if month == 1 else year, month, day)
        if last and (quarters[index] == SEVERAL_A_YEAR or len(ordered) == 1):
            kind = "ANNUAL"
        elif by_month or quarters.count(quarters[index]) > 1:
            kind = f"M{month:02d}{day:02d}"
        else:
            kind = f"Q{quarters[index]}"
        found.append((f"{year}-{kind}", year, due_on))
    return found


def _quarter(month: int) -> int:
    return SEVERAL_A_YEAR if month == 1 else (month + 2) // 3


def task_dues(years: Sequence[int], *, due: date | None, ends_on: date, yearly: bool) -> list[tuple[int, date]]:
    """(year, due date) of the tasks a goal or measure makes: one a year up to its own date, or one at the end."""
    last = min(due or ends_on, ends_on)
    if not yearly:
        return [(last.year, last)]
    return [(year, min(date(year, 12, 31), last)) for year in years if year <= last.year]


def likeness(words: str, name: str) -> float:
    """How many pairs of neighbouring characters two texts share, 0 to 1, whatever the order of their parts.

    The mean of three shares: of the words, of the shorter text, of both together.

    >>> likeness("食品安全管理人员和餐饮从业人员培训率", "餐饮从业人员与食品安全管理人员培训率") > 0.8
    True
    """
    a, b = _pairs(words), _pairs(name)
    if not a or not b:
        return 0.0
    shared = len(a & b)
    return (shared / len(a) + shared / min(len(a), len(b)) + 2 * shared / (len(a) + len(b))) / 3


def _pairs(text: str) -> set[str]:
    plain = [c for c in text if c.isalnum()]
    return {a + b for a, b in pairwise(plain)}


def match_indicators(
    wanted: Mapping[int, tuple[str, Collection[str]]], names: Mapping[str, str], *, at_least: float = CLOSE_ENOUGH
) -> dict[int, str]:
    """Goal → indicator, nearest pairs first, each indicator once. `wanted`: goal → (words, codes it may have)."""
    scored = [(likeness(words, names[code]), goal, code) for goal, (words, codes) in wanted.items() for code in codes]
    found: dict[int, str] = {}
    for score, goal, code in sorted(scored, key=lambda item: (-item[0], item[1], item[2])):
        if score >= at_least and goal not in found and code not in found.values():
            found[goal] = code
    return found


def agency_kind(name: str) -> str:
    """The kind a newly made agency most likely is, from its name."""
    if "食安办" in name or "食品安全委员会" in name:
        return "office"
    if name.endswith(("乡", "镇", "街道", "乡政府", "镇政府", "街道办事处", "乡人民政府", "镇人民政府")):
        return "township"
    if name.endswith("所"):
        return "station"
    return "department"
