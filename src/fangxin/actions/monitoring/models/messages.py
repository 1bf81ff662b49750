"""What the county tells people about risks, and what it hears said."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import editable, told_together


class Message(models.Model):
    """Something to be told: written by one person, released by another, only where the county may publish it."""

    declared = editable(kept_years=5)

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审核")
        RELEASED = "released", _("已公布")
        WITHDRAWN = "withdrawn", _("已撤下")

    class Audience(models.TextChoices):
        PUBLIC = "public", _("公众")
        OPERATORS = "operators", _("食品生产经营者")
        SCHOOLS = "schools", _("学校和家长")
        MEDIA = "media", _("新闻媒体")
        PROFESSION = "profession", _("行业协会和技术机构")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    # A code of the publishing rules in force on the day.
    kind = models.CharField(_("信息种类"), max_length=30)
    topic = models.CharField(_("标题"), max_length=100)
    text = models.TextField(_("内容"), max_length=5000)
    audience = models.CharField(_("对象"), max_length=10, choices=Audience.choices, default=Audience.PUBLIC)
    channel = models.CharField(_("发布渠道"), max_length=100, blank=True)
    # By which an authority of a higher level decided that it is published.
    authority = models.CharField(_("授权文号"), max_length=100, blank=True)
    authority_file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("授权文件")
    )
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.DRAFT)
    written_at = models.DateTimeField(_("起草时间"))
    written_by = models.CharField(_("起草人"), max_length=150)
    released_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    released_by = models.CharField(_("审核公布人"), max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)
    withdrawn_by = models.CharField(_("撤下人"), max_length=150, blank=True)
    withdrawn_why = models.CharField(_("撤下原因"), max_length=200, blank=True)
    reach = models.PositiveIntegerField(_("受众人数"), null=True, blank=True)
    feedback = models.TextField(_("反馈"), max_length=1000, blank=True)
    division_code = models.CharField(_("区划"), max_length=12)

    class Meta:
        verbose_name = _("风险交流信息")
        verbose_name_plural = _("风险交流信息")
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["division_code", "-written_at"], name="monitoring_message_list")]
        constraints = [
            told_together("released_at", "released_by", "monitoring_message_released_told"),
            told_together("withdrawn_at", "withdrawn_by", "monitoring_message_withdrawn_told"),
            models.CheckConstraint(
                condition=~Q(state__in=["released", "withdrawn"]) | Q(released_at__isnull=False),
                name="monitoring_message_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.topic}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:message", args=[self.pk])


class Rumour(models.Model):
    """Something that is said about food in the county: looked into, and answered where it is not so."""

    declared = editable(kept_years=3)

    class State(models.TextChoices):
        OPEN = "open", _("核实中")
        REFUTED = "refuted", _("不属实")
        CONFIRMED = "confirmed", _("属实")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    text = models.CharField(_("说法"), max_length=500)
    source = models.CharField(_("出处"), max_length=200)
    heard_on = models.DateField(_("发现日期"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.OPEN)
    finding = models.CharField(_("核实情况"), max_length=500, blank=True)
    settled_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    settled_by = models.CharField(_("核实人"), max_length=150, blank=True)
    answer = models.ForeignKey(
        Message, models.SET_NULL, null=True, blank=True, related_name="answers", verbose_name=_("澄清信息")
    )
    heard_by = models.CharField(_("登记人"), max_length=150)
    division_code = models.CharField(_("区划"), max_length=12)

    class Meta:
        verbose_name = _("传闻")
        verbose_name_plural = _("传闻")
        ordering = ["-heard_on", "-pk"]
        indexes = [models.Index(fields=["division_code", "-heard_on"], name="monitoring_rumour_list")]
        constraints = [told_together("settled_at", "settled_by", "monitoring_rumour_settled_told")]

    def __str__(self) -> str:
        return f"{self.number} {self.text[:30]}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:rumour", args=[self.pk])
