from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.casework.models.matters import Matter
from fangxin.kernel.ledger.api import Personal, append_only, editable, told_together


class Interview(models.Model):
    """A responsibility interview (约谈) about a matter, from proposal to file."""

    declared = editable(
        personal={
            "interviewee": Personal.NAME,
            "host": Personal.NAME,
            "attendees": Personal.NAME,
            "approved_by_name": Personal.NAME,
        }
    )

    class State(models.TextChoices):
        PROPOSED = "proposed", _("已提出")
        APPROVED = "approved", _("已批准")
        DELIVERED = "delivered", _("已送达")
        HELD = "held", _("已约谈")
        RECTIFIED = "rectified", _("已反馈整改")
        ASSESSED = "assessed", _("已评估")
        ARCHIVED = "archived", _("已归档")

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="interviews", verbose_name=_("事项"))
    number = models.CharField(_("编号"), max_length=20, unique=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PROPOSED)
    target = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("约谈单位"))
    interviewee = models.CharField(_("被约谈人"), max_length=100)
    reason = models.TextField(_("约谈事由"), max_length=2000)
    basis = models.CharField(_("约谈依据"), max_length=500)
    planned_on = models.DateField(_("约谈日期"))
    planned_time = models.TimeField(_("约谈时间"))
    place = models.CharField(_("地点"), max_length=200)
    host = models.CharField(_("主持人"), max_length=100)
    attendees = models.CharField(_("参加人员"), max_length=500, blank=True)
    minutes = models.TextField(_("约谈记录"), max_length=5000, blank=True)
    requirements = models.TextField(_("整改要求"), max_length=2000, blank=True)
    deadline = models.DateField(_("反馈时限"), null=True, blank=True)
    feedback = models.TextField(_("整改反馈"), max_length=2000, blank=True)
    assessment = models.TextField(_("评估意见"), max_length=2000, blank=True)
    proposed_at = models.DateTimeField(_("提出时间"))
    proposed_by = models.CharField(_("提出人"), max_length=150)
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    approved_by = models.CharField(_("批准人"), max_length=150, blank=True)
    approved_by_name = models.CharField(_("批准人姓名"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("约谈")
        verbose_name_plural = _("约谈")
        ordering = ["-pk"]
        constraints = [
            told_together("approved_at", "approved_by", "interview_approved_told"),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("proposed_by")), name="interview_approved_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(approved_at__isnull=False), name="interview_needs_approval"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.target}"

    def get_absolute_url(self) -> str:
        return reverse("casework:interview", args=[self.pk])


class MatterPaper(models.Model):
    """An official paper sent about a matter, as it left the house."""

    declared = append_only()

    class Kind(models.TextChoices):
        REMINDER = "reminder", _("提醒函")
        SUPERVISION = "supervision", _("督办函")
        INTERVIEW_NOTICE = "interview_notice", _("约谈通知书")

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="papers", verbose_name=_("事项"))
    kind = models.CharField(_("文种"), max_length=16, choices=Kind.choices)
    document_number = models.CharField(_("发文字号"), max_length=60)
    title = models.CharField(_("标题"), max_length=300)
    sender = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("发文机关"))
    recipient = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("主送机关"))
    interview = models.ForeignKey(
        Interview, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("约谈")
    )
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("文件"))
    issued_at = models.DateTimeField(_("制发时间"))
    issued_by = models.CharField(_("制发人"), max_length=150)

    class Meta:
        verbose_name = _("公文")
        verbose_name_plural = _("公文")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["sender", "document_number"], name="matter_paper_number_once")]

    def __str__(self) -> str:
        return f"{self.document_number} {self.title}"
