from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.laboratory.models.fields import Finding, Whole
from fangxin.kernel.ledger.api import append_only, editable, told_together


class NameChoice(models.Model):
    """Somebody said which known food or item a doubtful name means; the raw name stays on the sample and the test."""

    declared = append_only(kept_years=6)

    class What(models.TextChoices):
        FOOD = "food", _("食品名称")
        ANALYTE = "analyte", _("项目名称")

    sample = models.ForeignKey("laboratory.Sample", models.PROTECT, related_name="name_choices", verbose_name=_("样品"))
    what = models.CharField(_("名称种类"), max_length=8, choices=What.choices)
    raw = models.CharField(_("原名称"), max_length=120)
    chosen = models.CharField(_("选定的名称"), max_length=200)
    at = models.DateTimeField(_("选定时间"))
    by = models.CharField(_("选定人"), max_length=150)

    class Meta:
        verbose_name = _("名称认定")
        verbose_name_plural = _("名称认定")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.raw} → {self.chosen}"


class Verdict(models.Model):
    """What the judge said of one test, with everything it stood on. Nobody edits it; a later one points to it."""

    declared = append_only(kept_years=6)

    class Why(models.TextChoices):
        FIRST = "first", _("首次判定")
        CORRECTED = "corrected", _("结果更正后重判")
        NAMED = "named", _("名称认定后重判")
        EDITION = "edition", _("按新标准重判")

    class LawfulUse(models.TextChoices):
        LAWFUL = "lawful", _("允许使用")
        UNLAWFUL = "unlawful", _("禁止使用")
        NOT_APPLICABLE = "not_applicable", _("不涉及")

    test = models.ForeignKey("laboratory.Test", models.PROTECT, related_name="verdicts", verbose_name=_("检验项目"))
    result = models.ForeignKey("laboratory.Result", models.PROTECT, related_name="+", verbose_name=_("检验结果"))
    outcome = models.CharField(_("判定"), max_length=20, choices=Finding.choices)
    lawful_use = models.CharField(
        _("用药用料"), max_length=16, choices=LawfulUse.choices, default=LawfulUse.NOT_APPLICABLE
    )
    # Copied, so that a later edition never rewrites an old report.
    limit = models.CharField(_("限量"), max_length=60, blank=True)
    limit_unit = models.CharField(_("限量单位"), max_length=30, blank=True)
    standard = models.CharField(_("标准"), max_length=120, blank=True)
    edition = models.CharField(_("版本"), max_length=60, blank=True)
    clause = models.CharField(_("条款"), max_length=200, blank=True)
    match_path = models.JSONField(_("食品匹配路径"), default=list, blank=True)
    comparison = models.CharField(_("比较过程"), max_length=400, blank=True)
    reason_code = models.CharField(_("原因代码"), max_length=60, blank=True)
    reason = models.CharField(_("原因"), max_length=600, blank=True)
    missing = models.JSONField(_("缺少的内容"), default=list, blank=True)
    near_limit = models.BooleanField(_("接近限量"), default=False)
    provisional = models.BooleanField(_("临时限量"), default=False)
    # What was handed to the judge, and which judge.
    given = models.JSONField(_("判定输入"), default=dict, blank=True)
    judge_digest = models.CharField(_("标准库摘要"), max_length=64, blank=True)
    why = models.CharField(_("判定缘由"), max_length=10, choices=Why.choices, default=Why.FIRST)
    judged_at = models.DateTimeField(_("判定时间"))
    judged_by = models.CharField(_("判定触发人"), max_length=150, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("替代的判定")
    )

    class Meta:
        verbose_name = _("项目判定")
        verbose_name_plural = _("项目判定")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["test"], condition=Q(replaces=None), name="verdict_first_once"),
        ]

    def __str__(self) -> str:
        return f"{self.test} {self.get_outcome_display()}"


class SampleVerdict(models.Model):
    """The conclusion on a whole sample."""

    declared = append_only(kept_years=6)

    class Why(models.TextChoices):
        FIRST = "first", _("首次判定")
        AGAIN = "again", _("项目重判后重判")
        RETEST = "retest", _("复检结论")

    sample = models.ForeignKey("laboratory.Sample", models.PROTECT, related_name="conclusions", verbose_name=_("样品"))
    division_code = models.CharField(_("区划"), max_length=12)
    outcome = models.CharField(_("结论"), max_length=16, choices=Whole.choices)
    # Item, result, limit and comparison of what failed, as told.
    failed = models.JSONField(_("不合格项目"), default=list, blank=True)
    # All items that failed are microbiological: no re-test.
    micro_only = models.BooleanField(_("均为微生物项目"), default=False)
    serious = models.BooleanField(_("严重危害"), default=False)
    why = models.CharField(_("缘由"), max_length=8, choices=Why.choices, default=Why.FIRST)
    made_at = models.DateTimeField(_("作出时间"))
    made_on = models.DateField(_("作出日期"))
    made_by = models.CharField(_("触发人"), max_length=150, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("替代的结论")
    )

    class Meta:
        verbose_name = _("样品结论")
        verbose_name_plural = _("样品结论")
        ordering = ["pk"]
        indexes = [models.Index(fields=["division_code", "-made_on", "-id"], name="conclusion_list")]
        constraints = [
            models.UniqueConstraint(fields=["sample"], condition=Q(replaces=None), name="conclusion_first_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_outcome_display())


class Report(models.Model):
    """The test report (检验报告): drawn up, issued by a signatory, sent to the organiser, published."""

    declared = editable(kept_years=6)

    class State(models.TextChoices):
        DRAFTED = "drafted", _("待签发")
        ISSUED = "issued", _("已签发")
        WITHDRAWN = "withdrawn", _("已收回")

    sample = models.ForeignKey("laboratory.Sample", models.PROTECT, related_name="reports", verbose_name=_("样品"))
    division_code = models.CharField(_("区划"), max_length=12)
    laboratory = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("检验机构"))
    conclusion = models.ForeignKey(SampleVerdict, models.PROTECT, related_name="reports", verbose_name=_("结论"))
    number = models.CharField(_("报告编号"), max_length=40, unique=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFTED)
    file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("报告文件")
    )
    due_on = models.DateField(_("出具时限"), null=True, blank=True)
    drafted_at = models.DateTimeField(_("编制时间"))
    drafted_by = models.CharField(_("编制人"), max_length=150)
    issued_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    issued_by = models.CharField(_("签发人"), max_length=150, blank=True)
    issued_on = models.DateField(_("签发日期"), null=True, blank=True)
    send_due_on = models.DateField(_("报送时限"), null=True, blank=True)
    sent_at = models.DateTimeField(_("报送时间"), null=True, blank=True)
    sent_by = models.CharField(_("报送人"), max_length=150, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    published_by = models.CharField(_("公布人"), max_length=150, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("检验报告")
        verbose_name_plural = _("检验报告")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["division_code", "state", "-id"], name="report_list"),
            models.Index(fields=["-published_at"], condition=Q(published_at__isnull=False), name="report_published"),
        ]
        constraints = [
            told_together("issued_at", "issued_by", "report_issued_told"),
            told_together("sent_at", "sent_by", "report_sent_told"),
            told_together("published_at", "published_by", "report_published_told"),
            models.CheckConstraint(
                condition=Q(issued_at=None) | ~Q(issued_by=F("drafted_by")),
                name="report_second_person",
                violation_error_message=_("编制人不能签发自己编制的报告，请由授权签字人签发。"),
            ),
            models.UniqueConstraint(
                fields=["sample"],
                condition=Q(state__in=["drafted", "issued"]),
                name="report_once",
                violation_error_message=_("这份样品已有报告。需要改发的，请先收回原报告。"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("laboratory:results", args=[self.sample_id])
