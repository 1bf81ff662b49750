from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import editable, told_together


class RapidTest(models.Model):
    """A rapid test (快检): it screens. A positive is followed by a statutory sample, a dispute by a test that is none."""

    declared = editable(kept_years=3)

    class Result(models.TextChoices):
        NEGATIVE = "negative", _("阴性")
        POSITIVE = "positive", _("阳性")
        INVALID = "invalid", _("无效")

    class State(models.TextChoices):
        DONE = "done", _("已办结")
        FOLLOWED = "followed", _("待法定检验")
        DISPUTED = "disputed", _("有异议，待复测")

    number = models.CharField(_("快检编号"), max_length=40, unique=True)
    division_code = models.CharField(_("区划"), max_length=12)
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经营场所")
    )
    place = models.CharField(_("地点、摊位"), max_length=120, blank=True)
    food = models.CharField(_("样品名称"), max_length=120)
    item = models.CharField(_("快检项目"), max_length=120)
    method = models.CharField(_("快检方法"), max_length=120)
    result = models.CharField(_("结果"), max_length=8, choices=Result.choices)
    reading = models.CharField(_("读数"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DONE)
    tested_at = models.DateTimeField(_("检测时间"))
    tested_by = models.CharField(_("检测人"), max_length=150)
    # When the result was handed to the tested party; the four hours count from it.
    told_at = models.DateTimeField(_("告知时间"), null=True, blank=True)
    told_by = models.CharField(_("告知人"), max_length=150, blank=True)
    dispute_until = models.DateTimeField(_("异议截止"), null=True, blank=True)
    disputed_at = models.DateTimeField(_("提出异议时间"), null=True, blank=True)
    dispute = models.CharField(_("异议"), max_length=300, blank=True)
    retest_method = models.CharField(_("复测方法"), max_length=120, blank=True)
    retest_result = models.CharField(_("复测结果"), max_length=8, choices=Result.choices, blank=True)
    retested_on = models.DateField(_("复测日期"), null=True, blank=True)
    handled = models.CharField(_("阳性处理"), max_length=300, blank=True)
    sample = models.ForeignKey(
        "laboratory.Sample",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rapid_tests",
        verbose_name=_("法定检验的样品"),
    )

    class Meta:
        verbose_name = _("快检记录")
        verbose_name_plural = _("快检记录")
        ordering = ["-tested_at", "-pk"]
        indexes = [
            models.Index(fields=["division_code", "-tested_at", "-id"], name="rapid_list"),
            models.Index(fields=["division_code", "state"], condition=~Q(state="done"), name="rapid_open"),
        ]
        constraints = [told_together("told_at", "told_by", "rapid_told_told")]

    def __str__(self) -> str:
        return f"{self.food} {self.item} {self.get_result_display()}"

    def get_absolute_url(self) -> str:
        return reverse("laboratory:rapid_test", args=[self.pk])
