from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import editable
from fangxin.oversight.assessment.models.fields import by_with_at, evidence, person, two_persons


class Bulletin(models.Model):
    """The office's notice to all units. Figures are taken once and stay; the words around them may be edited."""

    declared = editable()

    class State(models.TextChoices):
        DRAFT = "draft", _("起草")
        IN_CHECK = "in_check", _("待核稿")
        CHECKED = "checked", _("已核稿，待印发")
        ISSUED = "issued", _("已印发")

    division_code = models.CharField(_("区划"), max_length=12)
    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="+", verbose_name=_("方案"))
    period_name = models.CharField(_("通报时段"), max_length=60)
    since = models.DateField(_("时段起"))
    as_of = models.DateField(_("数据截至"))
    # The frozen board of a report date; without one the figures were computed on the day of drafting.
    snapshot = models.ForeignKey(
        "board.Snapshot", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("数据快照")
    )
    subject = models.CharField(_("通报事项"), max_length=100)
    summary = models.TextField(_("总体情况"), max_length=10000, blank=True)
    next_steps = models.TextField(_("下一步工作"), max_length=10000, blank=True)
    figures = models.JSONField(_("指标数据"), default=list, blank=True)
    timeliness = models.JSONField(_("报送情况"), default=dict, blank=True)
    balance = models.JSONField(_("整改台账"), default=dict, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    returned_reason = models.CharField(_("退改意见"), max_length=1000, blank=True)
    drafted_at = models.DateTimeField(_("起草时间"))
    drafted_by = person(_("起草人"))
    # Everybody who has written in it; none of them may check it.
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name=_("执笔人"))
    checked_at = models.DateTimeField(_("核稿时间"), null=True, blank=True)
    checked_by = person(_("核稿人"))
    issued_at = models.DateTimeField(_("印发时间"), null=True, blank=True)
    issued_by = person(_("印发人"))
    document_number = models.CharField(_("发文字号"), max_length=60, blank=True)
    sender = models.ForeignKey(
        "people.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发文机关")
    )
    file = evidence(_("正文"))

    class Meta:
        verbose_name = _("通报")
        verbose_name_plural = _("通报")
        ordering = ["-as_of", "-pk"]
        indexes = [models.Index(fields=["division_code", "-as_of", "-id"], name="bulletin_scope")]
        constraints = [
            by_with_at("bulletin_drafted", "drafted"),
            by_with_at("bulletin_checked", "checked"),
            by_with_at("bulletin_issued", "issued"),
            two_persons("bulletin_two_persons", "drafted_by", "checked_by"),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | (~Q(document_number="") & Q(issued_at__isnull=False, checked_at__isnull=False, file__isnull=False)),
                name="bulletin_issued_when",
            ),
            models.UniqueConstraint(
                fields=["sender", "document_number"], condition=~Q(document_number=""), name="bulletin_number_once"
            ),
        ]

    def __str__(self) -> str:
        return str(_("%(period)s%(subject)s情况通报") % {"period": self.period_name, "subject": self.subject})

    def get_absolute_url(self) -> str:
        return reverse("assessment:bulletin", args=[self.pk])


class BulletinItem(models.Model):
    """Good practice or a problem that a bulletin names, with the record it was drawn from."""

    declared = editable()

    class Kind(models.TextChoices):
        PRACTICE = "practice", _("典型做法")
        PROBLEM = "problem", _("存在问题")

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="items", verbose_name=_("通报"))
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    title = models.CharField(_("标题"), max_length=100)
    text = models.TextField(_("内容"), max_length=5000)
    agencies = models.CharField(_("涉及单位"), max_length=500, blank=True)
    due_on = models.DateField(_("整改期限"), null=True, blank=True)
    included = models.BooleanField(_("写入通报"), default=True)
    # Where it comes from, to be opened beside the text; empty for what the office added by hand.
    source = models.CharField(_("来源"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("通报条目")
        verbose_name_plural = _("通报条目")
        ordering = ["bulletin", "kind", "order", "pk"]

    def __str__(self) -> str:
        return self.title


class BulletinRead(models.Model):
    """That a bulletin was sent to an agency, and when somebody there has read it."""

    declared = editable()

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="reads", verbose_name=_("通报"))
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("收文单位"))
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)
    read_by = person(_("阅读人"))

    class Meta:
        verbose_name = _("通报收阅")
        verbose_name_plural = _("通报收阅")
        ordering = ["bulletin", "agency"]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "agency"], name="bulletin_read_once"),
            by_with_at("bulletin_read_by", "read"),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin} {self.agency}"
