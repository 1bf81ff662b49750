from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import Personal, editable


class Consultation(models.Model):
    """Departments sit together over risks (会商研判): who came, what they said, what was decided."""

    declared = editable(personal={"chair": Personal.NAME})

    class State(models.TextChoices):
        PLANNED = "planned", _("已安排")
        HELD = "held", _("已召开，待形成结论")
        CONCLUDED = "concluded", _("已形成结论")
        CANCELLED = "cancelled", _("已取消")

    class Level(models.TextChoices):
        LOW = "low", _("低")
        MODERATE = "moderate", _("中")
        HIGH = "high", _("高")
        UNKNOWN = "unknown", _("资料不足，不能判断")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    title = models.CharField(_("会商事项"), max_length=120)
    division_code = models.CharField(_("区划"), max_length=12)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PLANNED)
    planned_on = models.DateField(_("计划日期"))
    convened_by = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("召集单位"))
    background = models.TextField(_("背景"), max_length=3000, blank=True)
    assessments = models.ManyToManyField(
        "monitoring.Assessment", related_name="consultations", blank=True, verbose_name=_("暴露评估")
    )
    held_on = models.DateField(_("召开日期"), null=True, blank=True)
    place = models.CharField(_("地点或方式"), max_length=100, blank=True)
    chair = models.CharField(_("主持人"), max_length=60, blank=True)
    level = models.CharField(_("风险研判"), max_length=10, choices=Level.choices, blank=True)
    conclusion = models.TextField(_("结论"), max_length=4000, blank=True)
    concluded_at = models.DateTimeField(_("结论时间"), null=True, blank=True)
    concluded_by = models.CharField(_("结论记录人"), max_length=150, blank=True)
    dossier = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("会商材料")
    )
    cancelled_why = models.CharField(_("取消原因"), max_length=200, blank=True)
    arranged_at = models.DateTimeField(_("安排时间"))
    arranged_by = models.CharField(_("安排人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("会商研判")
        verbose_name_plural = _("会商研判")
        ordering = ["-number"]
        indexes = [models.Index(fields=["division_code", "planned_on"], name="monitoring_consult_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled"]) | (Q(held_on__isnull=False) & ~Q(chair="")),
                name="monitoring_consult_held_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="concluded") | (Q(concluded_at__isnull=False) & ~Q(conclusion="") & ~Q(level="")),
                name="monitoring_consult_concluded_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_why=""), name="monitoring_consult_cancelled_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:consultation", args=[self.pk])


class Participant(models.Model):
    """An agency at the table, and what it said."""

    declared = editable(personal={"who": Personal.NAME})

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="participants", verbose_name=_("会商"))
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("单位"))
    who = models.CharField(_("参加人员"), max_length=120, blank=True)
    came = models.BooleanField(_("已到会"), default=False)
    opinion = models.TextField(_("意见"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("参加单位")
        verbose_name_plural = _("参加单位")
        ordering = ["consultation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "agency"], name="monitoring_participant_once",
                violation_error_message=_("这个单位已在参加名单中。"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.agency)


class Decision(models.Model):
    """What a consultation decided: a matter with an owner and a day, and later a look whether it worked."""

    declared = editable()

    class Outcome(models.TextChoices):
        EFFECTIVE = "effective", _("有效，风险下降")
        INEFFECTIVE = "ineffective", _("没有见效")
        UNCLEAR = "unclear", _("数据不足，继续观察")

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="decisions", verbose_name=_("会商"))
    text = models.TextField(_("决定事项"), max_length=1000)
    owner = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    due_on = models.DateField(_("完成时限"))
    check_on = models.DateField(_("效果回看日期"))
    matter = models.OneToOneField("casework.Matter", models.PROTECT, related_name="+", verbose_name=_("问题事项"))
    decided_at = models.DateTimeField(_("决定时间"))
    decided_by = models.CharField(_("记录人"), max_length=150, blank=True)
    outcome = models.CharField(_("效果"), max_length=12, choices=Outcome.choices, blank=True)
    outcome_text = models.CharField(_("效果依据"), max_length=1000, blank=True)
    checked_at = models.DateTimeField(_("回看时间"), null=True, blank=True)
    checked_by = models.CharField(_("回看人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("会商决定")
        verbose_name_plural = _("会商决定")
        ordering = ["consultation", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", checked_at=None) | (~Q(outcome="") & Q(checked_at__isnull=False)),
                name="monitoring_decision_checked_whole",
            ),
            models.CheckConstraint(
                condition=Q(check_on__gte=models.F("due_on")), name="monitoring_decision_check_after_due",
                violation_error_message=_("效果回看日期不能早于完成时限。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text[:60]
