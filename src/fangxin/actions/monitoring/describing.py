"""Figures and reasons in words: what pages and papers say of an assessment and of the order of hazards."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.monitoring import rules
from fangxin.actions.monitoring.models import Assessment
from fangxin.engines.exposure import Factor, Reason, Treatment, Why

NOT_A_VERDICT = gettext_lazy("本结果是风险评估，不是对任何食品或者经营者的判定；风险监测样品不作为处罚依据。")
TREATMENTS = {
    Treatment.ONE_ESTIMATE.value: gettext_lazy("未定量的不超过 60%，可以用中值作为一个估计值。"),
    Treatment.LOWER_AND_UPPER.value: gettext_lazy("未定量的超过 60%，中值不可靠，请同时看下限和上限。"),
    Treatment.RANGE_ONLY.value: gettext_lazy("至少一种食品未定量的超过 80%，只能给出平均暴露的范围，不给百分位数。"),
}
BOUNDS = {
    "lower": gettext_lazy("下限（未检出按 0）"),
    "middle": gettext_lazy("中值（未检出按检出限的一半）"),
    "upper": gettext_lazy("上限（未检出按检出限）"),
}
FACTORS = {
    Factor.SEVERITY: gettext_lazy("严重程度"),
    Factor.LIKELIHOOD: gettext_lazy("可能性"),
    Factor.TREND: gettext_lazy("趋势"),
}


def figure(value: float | None, digits: int = 3) -> str:
    """A number to three digits that count, without a power of ten."""
    if value is None:
        return "—"
    if value == 0:
        return "0"
    text = f"{value:.{digits}g}"
    return f"{float(text):.10f}".rstrip("0").rstrip(".") if "e" in text else text


def percent(value: float | None) -> str:
    return "—" if value is None else f"{figure(100 * value)}%"


def meaning(part: dict[str, Any]) -> str:
    """A share of the guidance value, or a margin of exposure."""
    if part["margin"] is not None:
        return _("暴露边界 %(n)s") % {"n": round(part["margin"]) if part["margin"] >= 10 else figure(part["margin"])}
    if part["share"] is not None:
        return _("参考值的 %(n)s") % {"n": percent(part["share"])}
    return _("没有检出，算不出边界")


def span(found: dict[str, Any]) -> str:
    """From the lower to the upper bound, in one phrase."""
    low, high = found["bounds"]["lower"], found["bounds"]["upper"]
    if high["share"] is not None and low["share"] is not None:
        return _("为参考值的 %(low)s—%(high)s") % {"low": percent(low["share"]), "high": percent(high["share"])}
    return _("%(low)s（下限）至%(high)s（上限）") % {"low": meaning(low), "high": meaning(high)}


def statement(row: Assessment) -> str:
    """The result in one sentence, with what the data allow."""
    said = {"who": rules.people_name(row.people), "span": span(row.results)}
    if row.results["acute"]:
        said["span"] += _("；单一食物的短期摄入最高为急性参考剂量的 %(n)s") % {"n": percent(row.burden)}
    if row.concern is None:
        return (
            _("“%(who)s”的暴露按上限需要关注、按下限不需要：%(span)s。现有数据不能定论，需要更灵敏的检测方法。") % said
        )
    if row.concern:
        return _("“%(who)s”的暴露需要关注：%(span)s。") % said
    return _("“%(who)s”的暴露低于关注水平：%(span)s。") % said


def caveats(row: Assessment) -> list[str]:
    """What a reader must know before using the figures."""
    found = row.results
    lines = [str(TREATMENTS[found["treatment"]])]
    if found["placeholder"]:
        lines.append(_("摄入量和体重是占位值，可信度低：结果只能用于排序和提示，须以本地膳食调查重新评估。"))
    if found["without_results"]:
        names = rules.joined(rules.food_name(food) for food in found["without_results"])
        lines.append(_("这些食物有人吃、没有检测结果，没有计入，总暴露可能偏低：%(names)s。") % {"names": names})
    for food, count in found["without_intake"]:
        name = rules.food_name(food) if food else _("没有归入膳食分组的食品")
        lines.append(_("%(name)s的 %(n)s 条结果没有摄入量可用，没有计入。") % {"name": name, "n": count})
    if found["unfit"]:
        lines.append(_("%(n)s 条结果的方法定量限过高，按设定剔除。") % {"n": found["unfit"]})
    offered = rules.point(row.reference_point)
    if offered.confidence not in ("high", "high-verified"):
        lines.append(_("所选参考值的可信程度为“%(level)s”，请核对原文后再使用。") % {"level": offered.confidence})
    return lines


def reason(item: Reason) -> str:
    """Why a factor has its score."""
    value = item.value
    texts = {
        Why.SEVERITY_STATED: _("按毒理终点分级"),
        Why.SEVERITY_UNKNOWN: _("没有资料，按中等计"),
        Why.ABOVE_LIMIT: _("超过参照限量的比例可能高达 %(n)s") % {"n": percent(value)},
        Why.SHARE_OF_GUIDANCE: _("暴露上限为参考值的 %(n)s") % {"n": percent(value)},
        Why.MARGIN_OF_EXPOSURE: _("暴露边界为所需边界的 %(n)s 倍") % {"n": figure(value)},
        Why.NOT_ENOUGH: _("结果只有 %(n)s 条或者没有可比较的，按中等计") % {"n": round(value or 0)},
        Why.RISEN: _("近期含量持续上升"),
        Why.STEADY: _("近期含量平稳"),
        Why.FALLEN: _("近期含量下降"),
        Why.TREND_UNKNOWN: _("数据不足，看不出趋势"),
    }
    return texts[item.why]


def factor(item: Reason) -> str:
    """A factor with its score and why."""
    return f"{FACTORS[item.factor]} {figure(item.score)}（{reason(item)}）"
