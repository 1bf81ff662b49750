"""What engines answer in tokens, said to people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.imported_food import rules
from fangxin.actions.imported_food.models import Alert, Consignment
from fangxin.engines.import_risk import Credit, CreditState
from fangxin.kernel.ledger import api as ledger

NOT_A_PROBABILITY = gettext_lazy("分值只用来排先后，不是不合格的概率；分值低不等于安全。")


def reason(said: Mapping[str, Any]) -> str:
    """One reason of a score as a sentence; the points stand beside it."""
    words = {
        "history": _(
            "近年境外系统通报过 %(seen)s 次（%(seen_months)s 个月）；今后 %(months)s 个月再有通报的可能性 %(share)s"
        ),
        "history_unknown": _("原产国或者类别不明，没有通报历史可看"),
        "expired": _("超过保质期（%(day)s）仍在架"),
        "alert_sure": _("有 %(n)s 条风险通报确认涉及这个批次"),
        "alert_asked": _("有 %(n)s 条风险通报可能涉及，待确认"),
        "failed_itself": _("这个批次抽检不合格"),
        "key_paper_missing": _("缺入境货物检验检疫证明"),
        "papers_missing": _("缺其他单证 %(n)s 种"),
        "label_unchecked": _("中文标签没有核对（完）"),
        "label_flaw": _("中文标签有瑕疵"),
        "label_wrong": _("中文标签不符合规定"),
        "chilled": _("冷藏、冷冻食品"),
        "temperature_unknown": _("没有温度记录"),
        "vulnerable": _("供婴幼儿食用"),
        "never_tested": _("同国同类食品两年内本县没有抽检过"),
        "past_failed": _("同国同类食品两年内抽检 %(tested)s 批，不合格 %(failed)s 批"),
        "soon_expired": _("保质期到 %(day)s"),
        "credit_unknown": _("海关信用等级不明"),
        "credit": _("海关信用：%(scheme_name)s，%(grade_name)s"),
    }
    figures = dict(said)
    if "chance" in figures:
        figures["share"] = share(float(figures["chance"]))
    if "scheme" in figures:
        figures["scheme_name"] = rules.scheme_name(str(figures["scheme"]))
        figures["grade_name"] = rules.grade_name(str(figures["scheme"]), str(figures["grade"]))
    return words.get(str(said["token"]), "%(token)s") % figures


def share(value: float) -> str:
    """A share without false exactness: never 0 % or 100 %."""
    if value >= 0.99:
        return _("99%以上")
    return _("1%以下") if value < 0.01 else f"{value:.0%}"


def match_token(token: str) -> str:
    return {
        "lot": _("批号"), "gtin": _("商品条码"), "maker_number": _("境外生产企业注册编号"), "maker": _("生产企业名称"),
        "product": _("品种"), "food_class": _("类别"), "origin": _("原产国"), "made_on": _("生产日期"),
        "best_before": _("保质期"), "distributed_here": _("通报称销往我国"), "after_notice": _("通报以后才生产"),
    }.get(token, token)  # fmt: skip


def tokens(found: list[str]) -> str:
    return "、".join(match_token(token) for token in found) or "—"


def credit(found: Credit) -> tuple[str, str]:
    """Words and tone. A grade stands only beside its scheme."""
    if found.state is CreditState.KNOWN:
        tone = {"advanced": "good", "dishonest": "bad", "seriously_dishonest": "bad"}.get(found.grade, "plain")
        return f"{rules.scheme_name(found.scheme)}：{rules.grade_name(found.scheme, found.grade)}", tone
    if found.state is CreditState.UNMATCHED:
        words = {"scheme": rules.scheme_name(found.scheme), "grade": rules.grade_name(found.scheme, found.grade)}
        return _("待对应（%(scheme)s：%(grade)s，新等级尚未录入）") % words, "warn"
    return _("没有录入"), "plain"


def alert_says(alert: Alert) -> list[tuple[str, str]]:
    """What the notice was understood to say, line by line; what it does not say is said to be unsaid."""
    words = rules.vocabulary(ledger.clock.today())
    unsaid = _("没有写明（或者词表里没有）")
    lines = [
        (_("食品类别"), words.class_name(alert.food_class) if alert.food_class else ""),
        (_("品种"), "、".join(words.product_name(code) for code in alert.products)),
        (_("原产国（地区）"), "、".join(words.country_name(code) for code in alert.origins)),
        (_("危害"), "、".join(words.hazard_name(code) for code in alert.hazards)),
        (_("危害说明"), alert.hazard_text),
        (_("境外生产企业"), " ".join(part for part in (alert.maker, alert.maker_number) if part)),
        (_("批号"), "、".join(alert.lots)),
        (_("商品条码"), "、".join(alert.gtins)),
        (_("销往"), "、".join(words.country_name(code) for code in alert.distributed_to)),
    ]
    return [(label, value or unsaid) for label, value in lines]


def look_for(row: Consignment) -> list[tuple[str, str]]:
    """Groups of hazards to test for, with their expected share among notices."""
    words = rules.vocabulary(ledger.clock.today())
    return [(words.hazard_name(group), share(part)) for group, part in row.look_for]


def history_note() -> str:
    first, last = rules.history_span(ledger.clock.today())
    return _("通报历史取自欧盟 RASFF %(first)s 至 %(last)s，反映的是欧盟的进口和查验，不是我国的。") % {
        "first": first,
        "last": last,
    }
