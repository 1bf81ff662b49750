"""The rule set of a round: read from its frozen edition, and nothing else."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from fangxin.engines.assessment import IndicatorRule, RuleSet, load_rule_set
from fangxin.engines.evidence import digest
from fangxin.kernel.catalog import api as catalog
from fangxin.oversight.assessment.data import Refused
from fangxin.oversight.assessment.models import Round

KIND = "assessment"
APPEAL_WORKDAYS = 5


def last_day(year: int) -> date:
    return date(year, 12, 31)


def editions_for(year: int) -> list[catalog.Edition]:
    """The rules in force on the year's last day: by these the year is assessed."""
    return list(catalog.editions(KIND, on=last_day(year)))


def rules_in(edition: catalog.Edition) -> RuleSet:
    try:
        return _parsed(edition.digest, edition.body)
    except ValueError as error:
        raise Refused(
            _("考核规则“%(name)s”的文件有误，不能用来考核：%(why)s。请更正规则文件并重新载入。")
            % {"name": edition.name, "why": error}
        ) from error


def rules_of(round_: Round) -> RuleSet:
    """The rules as they were when the round began; a text that has changed since is not used."""
    edition = round_.edition
    if digest(edition.body.encode()) != round_.rule_digest:
        raise Refused(_("考核规则的内容与启动时不一致，已停止计算。请联系管理员核对规则文件。"))
    return rules_in(edition)


@lru_cache(maxsize=16)
def _parsed(_digest: str, body: str) -> RuleSet:
    return load_rule_set(body)


def titles(rules: RuleSet) -> dict[str, str]:
    """What each code of the edition is called."""
    return {rule.code: rule.title for rule in (*rules.indicators, *rules.adjustments)}


def formula_words(rule: IndicatorRule) -> str:
    """How the points of an indicator follow from its percentage."""
    if rule.bands:
        steps = [
            _("达到 %(from)s%% 得 %(points)s 分")
            % {"from": plain(band.at_least), "points": plain(rule.weight * band.share / 100)}
            for band in rule.bands
        ]
        return "；".join(steps) + "；" + _("以下不得分")
    return _("%(floor)s%% 及以下不得分，%(target)s%% 及以上得满分 %(weight)s 分，其间按比例") % {
        "floor": plain(rule.floor), "target": plain(rule.target), "weight": plain(rule.weight)
    }  # fmt: skip


def plain(number: Any) -> str:
    """A number without zeros that say nothing."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
