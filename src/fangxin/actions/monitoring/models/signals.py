from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import editable


class Signal(models.Model):
    """Something in the monitoring results that people should look at: a question, not a finding."""

    declared = editable()

    class Kind(models.TextChoices):
        CONCENTRATION = "concentration", _("含量上升")
        RATE = "rate", _("超限量比例上升")
        TOWNSHIP = "township", _("乡镇比例偏高")
        EXPOSURE = "exposure", _("暴露接近或超过参考值")
        SAMPLE = "sample", _("监测样品超过限量")
        REPORTED = "reported", _("人工提出")

    class State(models.TextChoices):
        RAISED = "raised", _("待核实")
        CONFIRMED = "confirmed", _("已核实，待处置")
        ACTED = "acted", _("已采取措施")
        DISMISSED = "dismissed", _("已排除")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    kind = models.CharField(_("类型"), max_length=14, choices=Kind.choices)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.RAISED)
    # Where the same thing goes on, the same signal speaks of it: while it is open no second one is raised.
    key = models.CharField(_("识别码"), max_length=120)
    division_code = models.CharField(_("区划"), max_length=12)
    hazard = models.CharField(_("危害物"), max_length=40)
    food_group = models.CharField(_("膳食分组"), max_length=20, blank=True)
    text = models.TextField(_("情况"), max_length=1000)
    facts = models.JSONField(_("依据"), default=dict, blank=True)
    raised_at = models.DateTimeField(_("发出时间"))
    raised_by = models.CharField(_("发出人"), max_length=150, blank=True)
    raised_on = models.DateField(_("发出日期"))
    due_on = models.DateField(_("核实时限"))
    sampled_on = models.DateField(_("触发样品的采样日期"), null=True, blank=True)
    settled_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    settled_by = models.CharField(_("核实人"), max_length=150, blank=True)
    settled_on = models.DateField(_("核实日期"), null=True, blank=True)
    finding = models.CharField(_("核实情况"), max_length=1000, blank=True)
    acted_on = models.DateField(_("采取措施日期"), null=True, blank=True)
    consultation = models.ForeignKey(
        "monitoring.Consultation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="signals",
        verbose_name=_("会商"),
    )

    class Meta:
        verbose_name = _("风险信号")
        verbose_name_plural = _("风险信号")
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["division_code", "state", "due_on"], name="monitoring_signal_list"),
            models.Index(fields=["division_code", "raised_on"], name="monitoring_signal_raised"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state__in=["raised", "confirmed"]), name="monitoring_signal_once",
                violation_error_message=_("同一情况的信号还没有处理完，没有重复发出。"),
            ),
            models.CheckConstraint(
                condition=Q(state="raised", settled_at=None, settled_on=None, finding="")
                | (~Q(state="raised") & Q(settled_at__isnull=False, settled_on__isnull=False) & ~Q(finding="")),
                name="monitoring_signal_settled_whole",
            ),
            models.CheckConstraint(
                condition=Q(acted_on=None) | Q(state="acted"), name="monitoring_signal_acted_when_acted"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("monitoring:signal", args=[self.pk])
