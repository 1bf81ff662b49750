from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import editable
from fangxin.oversight.plans.data import ACTION_CODES, Duty
from fangxin.oversight.plans.models.documents import Plan


class Action(models.Model):
    """One action of a plan: who leads it, who cooperates, what is to be done."""

    declared = editable()

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="actions", verbose_name=_("方案"))
    position = models.PositiveSmallIntegerField(_("原文次序"), null=True, blank=True)
    number = models.PositiveSmallIntegerField(_("序号"), validators=[MinValueValidator(1), MaxValueValidator(999)])
    title = models.CharField(_("行动名称"), max_length=200)
    code = models.CharField(_("业务类别"), max_length=20, choices=ACTION_CODES, blank=True)
    lead_printed = models.CharField(_("牵头单位（原文）"), max_length=100, blank=True)
    lead = models.ForeignKey(
        "people.Agency", models.PROTECT, null=True, blank=True, related_name="led_actions", verbose_name=_("牵头单位")
    )
    townships = models.BooleanField(_("各乡镇（街道）负责"), default=False)

    class Meta:
        verbose_name = _("行动")
        verbose_name_plural = _("行动")
        ordering = ["plan", "number", "pk"]

    def __str__(self) -> str:
        return self.title


class ActionAgency(models.Model):
    """A cooperating agency's part in an action. The lead stands on the action itself: there is only one."""

    declared = editable()

    action = models.ForeignKey(Action, models.CASCADE, related_name="agencies", verbose_name=_("行动"))
    position = models.PositiveSmallIntegerField(_("原文次序"), null=True, blank=True)
    printed = models.CharField(_("单位（原文）"), max_length=100, blank=True)
    agency = models.ForeignKey(
        "people.Agency", models.PROTECT, null=True, blank=True, related_name="action_duties", verbose_name=_("单位")
    )
    duty = models.CharField(_("职责"), max_length=1, choices=Duty.choices, default=Duty.COOPERATE)
    part = models.CharField(_("承担的具体任务"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("行动参与单位")
        verbose_name_plural = _("行动参与单位")
        ordering = ["action", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["action", "agency"], name="action_agency_once"),
            models.CheckConstraint(condition=models.Q(duty__in=["R", "C", "I"]), name="action_agency_not_lead"),
            models.CheckConstraint(
                condition=~models.Q(printed="") | models.Q(agency__isnull=False), name="action_agency_named"
            ),
        ]

    def __str__(self) -> str:
        return self.printed or str(self.agency)


class Measure(models.Model):
    """One sentence of what an action shall do."""

    declared = editable()

    action = models.ForeignKey(Action, models.CASCADE, related_name="measures", verbose_name=_("行动"))
    order = models.PositiveSmallIntegerField(_("次序"))
    text = models.TextField(_("措施"))

    class Meta:
        verbose_name = _("措施")
        verbose_name_plural = _("措施")
        ordering = ["action", "order", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class Goal(models.Model):
    """One goal: a measurable one names its bound, a milestone is reached by acceptance."""

    declared = editable()

    class Comparison(models.TextChoices):
        ABOVE = ">", _("大于")
        AT_LEAST = ">=", _("不低于")
        EQUAL = "=", _("等于")
        BELOW = "<", _("小于")
        AT_MOST = "<=", _("不高于")
        DECLINE = "decline", _("下降")
        MILESTONE = "milestone", _("里程碑")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="goals", verbose_name=_("方案"))
    action = models.ForeignKey(
        Action, models.SET_NULL, null=True, blank=True, related_name="goals", verbose_name=_("行动")
    )
    order = models.PositiveSmallIntegerField(_("次序"))
    position = models.PositiveSmallIntegerField(_("原文次序"), null=True, blank=True)
    text = models.TextField(_("目标"))
    metric = models.CharField(_("指标名称"), max_length=200, blank=True)
    comparison = models.CharField(
        _("比较方式"), max_length=10, choices=Comparison.choices, default=Comparison.MILESTONE
    )
    value = models.DecimalField(_("目标值"), max_digits=14, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=30, blank=True)
    due = models.DateField(_("完成期限"), null=True, blank=True)
    indicator_code = models.CharField(_("计算指标"), max_length=30, blank=True)
    base_year = models.PositiveSmallIntegerField(
        _("基年"), null=True, blank=True, validators=[MinValueValidator(1949), MaxValueValidator(2100)]
    )
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("目标")
        verbose_name_plural = _("目标")
        ordering = ["plan", "order", "pk"]

    def __str__(self) -> str:
        return self.metric or self.text[:60]

    @property
    def is_measurable(self) -> bool:
        return self.comparison != self.Comparison.MILESTONE

    @property
    def shown_value(self) -> str:
        return "" if self.value is None else plain(self.value)

    @property
    def bound(self) -> Any:
        """The target in words: what is compared, how, with what."""
        if self.comparison == self.Comparison.MILESTONE:
            return _("达到里程碑")
        if self.value is None:
            return self.get_comparison_display()
        return f"{self.get_comparison_display()}{plain(self.value)}{self.unit}"


def plain(number: Decimal) -> str:
    """A number without zeros that say nothing."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
