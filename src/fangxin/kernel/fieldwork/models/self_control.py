"""What operators check by themselves: days, weeks, months, and who answers for it at the place."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import Personal, append_only, editable, told_together


class Appointment(models.Model):
    """Who answers for food safety at a place, from when to when."""

    declared = editable(personal={"name": Personal.NAME}, kept_years=3)

    class Role(models.TextChoices):
        PRINCIPAL = "principal", _("主要负责人")
        SAFETY_DIRECTOR = "safety_director", _("食品安全总监")
        SAFETY_OFFICER = "safety_officer", _("食品安全员")

    premises = models.ForeignKey("registry.Premises", models.PROTECT, related_name="+", verbose_name=_("经营场所"))
    division_code = models.CharField(_("区划"), max_length=12)
    role = models.CharField(_("岗位"), max_length=16, choices=Role.choices)
    staff = models.ForeignKey(
        "registry.Staff", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("底册人员")
    )
    name = models.CharField(_("姓名"), max_length=60)
    starts_on = models.DateField(_("任命日期"))
    ends_on = models.DateField(_("免职日期"), null=True, blank=True)
    made_at = models.DateTimeField(_("登记时间"))
    made_by = models.CharField(_("登记人"), max_length=150)

    class Meta:
        verbose_name = _("食品安全管理人员任命")
        verbose_name_plural = _("食品安全管理人员任命")
        ordering = ["role", "pk"]
        indexes = [models.Index(fields=["division_code", "role", "-id"], name="appointment_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["premises", "role"],
                condition=Q(ends_on=None) & ~Q(role="safety_officer"),
                name="appointment_one_at_a_time",
                violation_error_message=_("这个岗位已有人在任，请先免去原任命。"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="appointment_span_forward",
                violation_error_message=_("免职日期早于任命日期，请核对。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_role_display())


class ClosedDay(models.Model):
    """A day on which the place does not operate, declared no later than on the day itself."""

    declared = editable()

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, db_index=False, related_name="+", verbose_name=_("经营场所")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    day = models.DateField(_("日期"))
    reason = models.CharField(_("停业原因"), max_length=100)
    declared_at = models.DateTimeField(_("申报时间"))
    declared_by = models.CharField(_("申报人"), max_length=150)

    class Meta:
        verbose_name = _("停业日")
        verbose_name_plural = _("停业日")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["premises", "day"], name="closed_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"


class DailyRecord(models.Model):
    """《每日食品安全检查记录》: one a day, also when nothing was found."""

    declared = append_only(kept_years=2)

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, db_index=False, related_name="+", verbose_name=_("经营场所")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    day = models.DateField(_("检查日期"))
    # Made after the day: kept, shown as late, and never counted as made on the day.
    late = models.BooleanField(_("补记"))
    list_edition = models.CharField(_("管控清单版本"), max_length=60)
    items = models.PositiveSmallIntegerField(_("检查项数"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("记录时间"))
    made_by = models.CharField(_("记录人"), max_length=150)

    class Meta:
        verbose_name = _("每日食品安全检查记录")
        verbose_name_plural = _("每日食品安全检查记录")
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["premises", "late", "day"], name="daily_record_count")]
        constraints = [
            models.UniqueConstraint(
                fields=["premises", "day"],
                name="daily_record_once",
                violation_error_message=_("这一天已经有检查记录。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.day}"


class ControlProblem(models.Model):
    """Something a daily check found; the operator puts it right, and above that stands a deadline."""

    declared = editable(kept_years=2)

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, db_index=False, related_name="+", verbose_name=_("经营场所")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    record = models.ForeignKey(DailyRecord, models.PROTECT, related_name="found", verbose_name=_("检查记录"))
    code = models.CharField(_("管控项目"), max_length=30)
    item = models.CharField(_("检查内容"), max_length=200)
    text = models.CharField(_("问题"), max_length=300)
    found_on = models.DateField(_("发现日期"))
    remedy = models.CharField(_("整改情况"), max_length=300, blank=True)
    closed_at = models.DateTimeField(_("整改完成时间"), null=True, blank=True)
    closed_by = models.CharField(_("整改确认人"), max_length=150, blank=True)
    # The matter it became when it stayed open, under the key by which it was announced.
    matter_key = models.CharField(_("问题事项"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("自查发现问题")
        verbose_name_plural = _("自查发现问题")
        ordering = ["found_on", "pk"]
        indexes = [
            models.Index(fields=["premises", "found_on"], name="control_problem_of"),
            models.Index(
                fields=["division_code", "found_on"], condition=Q(closed_at=None), name="control_problem_open"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["record", "code"], name="control_problem_once"),
            told_together("closed_at", "closed_by", "control_problem_closed_told"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.text}"[:80]


class WeeklyReport(models.Model):
    """《每周食品安全排查治理报告》: the ISO week that begins on `monday`."""

    declared = append_only(kept_years=2)

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, db_index=False, related_name="+", verbose_name=_("经营场所")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    monday = models.DateField(_("本周一"))
    late = models.BooleanField(_("补记"))
    # What the platform counted when the report was made, so that the paper can be printed again as it was.
    operating_days = models.PositiveSmallIntegerField(_("营业天数"))
    recorded_days = models.PositiveSmallIntegerField(_("当日记录天数"))
    found = models.PositiveSmallIntegerField(_("本周发现问题数"))
    # [{"problem": key, "text": what is done about it}], every problem that may not be left out among them.
    carried = models.JSONField(_("结转问题"), default=list, blank=True)
    measures = models.CharField(_("排查治理情况"), max_length=1000)
    made_at = models.DateTimeField(_("记录时间"))
    made_by = models.CharField(_("记录人"), max_length=150)

    class Meta:
        verbose_name = _("每周食品安全排查治理报告")
        verbose_name_plural = _("每周食品安全排查治理报告")
        ordering = ["-monday"]
        constraints = [
            models.UniqueConstraint(
                fields=["premises", "monday"], name="weekly_report_once",
                violation_error_message=_("这一周已经有排查报告。"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.premises_id} {self.monday}"


class MonthlyMeeting(models.Model):
    """《每月食品安全调度会议纪要》."""

    declared = append_only(personal={"chair": Personal.NAME, "attendees": Personal.NAME}, kept_years=2)

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, db_index=False, related_name="+", verbose_name=_("经营场所")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    month = models.DateField(_("月份"))
    late = models.BooleanField(_("补记"))
    held_on = models.DateField(_("会议日期"))
    chair = models.CharField(_("主持人"), max_length=60)
    attendees = models.CharField(_("参加人员"), max_length=300)
    summary = models.CharField(_("本月情况"), max_length=1000)
    decisions = models.CharField(_("下月安排"), max_length=1000)
    made_at = models.DateTimeField(_("记录时间"))
    made_by = models.CharField(_("记录人"), max_length=150)

    class Meta:
        verbose_name = _("每月食品安全调度会议纪要")
        verbose_name_plural = _("每月食品安全调度会议纪要")
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["premises", "month"], name="monthly_meeting_once",
                violation_error_message=_("这个月已经有调度会议纪要。"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.premises_id} {self.month:%Y-%m}"


class ManagerExam(models.Model):
    """A spot exam of a manager by the authority: free of charge, its result published (Measures, article 29)."""

    declared = append_only(kept_years=3)

    appointment = models.ForeignKey(
        Appointment, models.PROTECT, related_name="exams", verbose_name=_("被考核人员")
    )  # fmt: skip
    premises = models.ForeignKey("registry.Premises", models.PROTECT, related_name="+", verbose_name=_("经营场所"))
    division_code = models.CharField(_("区划"), max_length=12)
    examined_on = models.DateField(_("考核日期"))
    score = models.DecimalField(_("成绩"), max_digits=5, decimal_places=1)
    passed = models.BooleanField(_("合格"))
    reexam_on = models.DateField(_("补考期限"), null=True, blank=True)
    made_at = models.DateTimeField(_("登记时间"))
    made_by = models.CharField(_("登记人"), max_length=150)

    class Meta:
        verbose_name = _("管理人员抽查考核")
        verbose_name_plural = _("管理人员抽查考核")
        ordering = ["-examined_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(passed=True, reexam_on=None) | Q(passed=False, reexam_on__isnull=False),
                name="manager_exam_failed_again",
                violation_error_message=_("不合格的须有补考期限，合格的不填。"),
            ),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="manager_exam_score"),
        ]

    def __str__(self) -> str:
        return f"{self.appointment} {self.examined_on}"
