from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import append_only, editable


class AlarmBudget(models.Model):
    """How many alarms a month a county wants to look at; over all its series together."""

    declared = editable()

    division_code = models.CharField(_("区划"), max_length=12, unique=True)
    alarms_per_month = models.DecimalField(
        _("每月预警条数"), max_digits=5, decimal_places=1, validators=[MinValueValidator(0.1), MaxValueValidator(300)]
    )
    set_at = models.DateTimeField(_("设定时间"))
    set_by = models.CharField(_("设定人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("预警数量设定")
        verbose_name_plural = _("预警数量设定")

    def __str__(self) -> str:
        return f"{self.division_code} {self.alarms_per_month}"


class DetectionRun(models.Model):
    """One look through all series, kept whole: data are revised later, what was seen that day is not."""

    declared = append_only()

    number = models.CharField(_("编号"), max_length=20, unique=True)
    division_code = models.CharField(_("区划"), max_length=12)
    as_of = models.DateField(_("数据截至"))
    parameters = models.JSONField(_("参数"))
    inputs = models.JSONField(_("输入"))
    inputs_digest = models.CharField(_("输入摘要"), max_length=64)
    results = models.JSONField(_("结果"), default=list, blank=True)
    series = models.PositiveIntegerField(_("序列数"))
    alarms = models.PositiveIntegerField(_("预警数"))
    ran_at = models.DateTimeField(_("运行时间"))
    ran_by = models.CharField(_("运行人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("预警运行")
        verbose_name_plural = _("预警运行")
        ordering = ["-number"]
        indexes = [models.Index(fields=["division_code", "as_of"], name="monitoring_detection_list")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("monitoring:detection_run", args=[self.pk])


class OutbreakSignal(models.Model):
    """Something in the streams of cases that a person should verify: a question, not a finding."""

    declared = editable()

    class Kind(models.TextChoices):
        WEEKLY = "weekly", _("周数高于预期")
        DAILY = "daily", _("日数高于前几日")
        SPACE_TIME = "space_time", _("时间和地点聚集")
        SCHOOL = "school", _("学校规则")
        HOSPITAL = "hospital", _("医院聚集规则")
        SINGLE = "single", _("单例预警")
        REPORTED = "reported", _("人工提出")

    class State(models.TextChoices):
        RAISED = "raised", _("待核实")
        VERIFYING = "verifying", _("核实中")
        EXCLUDED = "excluded", _("已排除")
        CLUSTER = "cluster", _("确认聚集，已转调查")

    class Urgency(models.IntegerChoices):
        NOW = 1, _("立即")
        TODAY = 2, _("当日")
        USUAL = 3, _("常规")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.RAISED)
    urgency = models.PositiveSmallIntegerField(_("紧急程度"), choices=Urgency.choices, default=Urgency.USUAL)
    # Where the same thing goes on, the same signal speaks of it: while it is open no second one is raised.
    key = models.CharField(_("识别码"), max_length=120)
    division_code = models.CharField(_("区划"), max_length=12)
    stream = models.CharField(_("数据来源"), max_length=20)
    unit = models.CharField(_("地点"), max_length=120, blank=True)
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("涉及单位")
    )
    text = models.CharField(_("理由"), max_length=1000)
    facts = models.JSONField(_("依据"), default=dict, blank=True)
    cases = models.JSONField(_("病例编号"), default=list, blank=True)
    last_case_on = models.DateField(_("最近病例日期"))
    run = models.ForeignKey(
        DetectionRun, models.PROTECT, null=True, blank=True, related_name="signals", verbose_name=_("预警运行")
    )
    raised_at = models.DateTimeField(_("发出时间"))
    raised_by = models.CharField(_("发出人"), max_length=150, blank=True)
    due_at = models.DateTimeField(_("核实时限"))
    began_at = models.DateTimeField(_("开始核实时间"), null=True, blank=True)
    began_by = models.CharField(_("核实人"), max_length=150, blank=True)
    settled_at = models.DateTimeField(_("核实完成时间"), null=True, blank=True)
    settled_by = models.CharField(_("核实完成人"), max_length=150, blank=True)
    finding = models.CharField(_("核实情况"), max_length=1000, blank=True)
    investigation = models.ForeignKey(
        "monitoring.Investigation", models.PROTECT, null=True, blank=True, related_name="signals",
        verbose_name=_("调查"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("聚集信号")
        verbose_name_plural = _("聚集信号")
        ordering = ["urgency", "-number"]
        indexes = [models.Index(fields=["division_code", "state", "urgency"], name="monitoring_outsignal_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state__in=["raised", "verifying"]), name="monitoring_outsignal_once",
                violation_error_message=_("同一情况的信号还没有核实完，没有重复发出。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["raised", "verifying"], settled_at=None)
                | (Q(state__in=["excluded", "cluster"], settled_at__isnull=False) & ~Q(finding="")),
                name="monitoring_outsignal_settled_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="cluster") | Q(investigation__isnull=False), name="monitoring_outsignal_cluster"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("monitoring:outbreak_signal", args=[self.pk])
