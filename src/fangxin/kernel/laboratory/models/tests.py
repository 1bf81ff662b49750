from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.laboratory.models.fields import decimal_text
from fangxin.kernel.ledger.api import append_only, editable, told_together


class Test(models.Model):
    """One item to be measured in a sample."""

    __test__ = False  # a test of food, not of code
    declared = editable(kept_years=6)

    class State(models.TextChoices):
        ORDERED = "ordered", _("待检")
        ENTERED = "entered", _("待复核")
        VERIFIED = "verified", _("已复核")
        CANCELLED = "cancelled", _("已取消")

    sample = models.ForeignKey(
        "laboratory.Sample", models.PROTECT, related_name="tests", db_index=False, verbose_name=_("样品")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    laboratory = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("检验机构"))
    analyte = models.CharField(_("检验项目"), max_length=120)
    method = models.CharField(_("检验方法"), max_length=120, blank=True)
    replicates = models.PositiveSmallIntegerField(_("平行样数"), default=1)
    # A reference item (参考项) never makes a sample fail by itself.
    reference_only = models.BooleanField(_("参考项目"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.ORDERED)
    run = models.ForeignKey(
        "laboratory.AnalyticalRun",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tests",
        verbose_name=_("分析批"),
    )
    ordered_at = models.DateTimeField(_("下达时间"))
    ordered_by = models.CharField(_("下达人"), max_length=150)
    cancelled_reason = models.CharField(_("取消原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("检验项目")
        verbose_name_plural = _("检验项目")
        ordering = ["sample", "pk"]
        indexes = [
            models.Index(fields=["sample", "state"], name="test_of_sample"),
            models.Index(fields=["division_code", "state", "-id"], name="test_list"),
            models.Index(fields=["laboratory", "state", "-id"], name="test_of_laboratory"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sample", "analyte", "method"],
                condition=~Q(state="cancelled"),
                name="test_once",
                violation_error_message=_("这份样品已有相同项目和方法。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_reason=""), name="test_cancelled_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.analyte

    def get_absolute_url(self) -> str:
        return reverse("laboratory:results", args=[self.sample_id])


class ResultFile(models.Model):
    """A sheet of results as it came, from upload to its whole writing or refusal."""

    declared = editable(kept_years=6)

    class State(models.TextChoices):
        CHECKED = "checked", _("已检查，待写入")
        APPLYING = "applying", _("正在写入")
        APPLIED = "applied", _("已写入")
        DISCARDED = "discarded", _("已放弃")

    laboratory = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("检验机构"))
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("文件"))
    file_name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(_("文件摘要"), max_length=64, db_index=True)
    instrument = models.BooleanField(_("仪器导出"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.CHECKED)
    total = models.PositiveIntegerField(_("行数"))
    faulty = models.PositiveIntegerField(_("有误行数"))
    # The first rows and the first faults, for the preview; the file itself is kept whole.
    preview = models.JSONField(_("预览"), default=list, blank=True)
    faults = models.JSONField(_("错误"), default=list, blank=True)
    ignored_columns = models.JSONField(_("没有用到的列"), default=list, blank=True)
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by = models.CharField(_("上传人"), max_length=150)
    applied_at = models.DateTimeField(_("写入时间"), null=True, blank=True)
    applied_by = models.CharField(_("写入人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("结果文件")
        verbose_name_plural = _("结果文件")
        ordering = ["-pk"]
        constraints = [
            told_together("applied_at", "applied_by", "result_file_applied_told"),
            models.UniqueConstraint(
                fields=["laboratory", "digest"],
                condition=Q(state__in=["applying", "applied"]),
                name="result_file_once",
                violation_error_message=_("这个文件已经导入过。"),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("laboratory:result_file", args=[self.pk])


class Result(models.Model):
    """What was measured, as it was typed. A correction is a new row that points to the old one."""

    declared = append_only(kept_years=6)

    class Source(models.TextChoices):
        TYPED = "typed", _("手工录入")
        FILE = "file", _("表格导入")
        INSTRUMENT = "instrument", _("仪器导出")

    test = models.ForeignKey(Test, models.PROTECT, related_name="results", verbose_name=_("检验项目"))
    replicate = models.PositiveSmallIntegerField(_("平行号"), default=1)
    text = models.CharField(_("原始结果"), max_length=60)
    # The plain number in the text; empty where there is none, such as 未检出, which is not zero.
    number = decimal_text(_("数值"))
    unit = models.CharField(_("单位"), max_length=30, blank=True)
    lod = decimal_text(_("检出限"))
    loq = decimal_text(_("定量限"))
    expression = models.CharField(_("结果表示"), max_length=60, blank=True)
    dry_basis = models.BooleanField(_("以干重计"), null=True, blank=True)
    moisture = decimal_text(_("水分（%）"))
    source = models.CharField(_("来源"), max_length=10, choices=Source.choices, default=Source.TYPED)
    result_file = models.ForeignKey(
        ResultFile, models.PROTECT, null=True, blank=True, related_name="results", verbose_name=_("结果文件")
    )
    entered_at = models.DateTimeField(_("录入时间"))
    entered_by = models.CharField(_("录入人"), max_length=150)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("更正的结果")
    )
    reason = models.CharField(_("更正原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("检验结果")
        verbose_name_plural = _("检验结果")
        ordering = ["test", "replicate", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["test", "replicate"],
                condition=Q(replaces=None),
                name="result_once",
                violation_error_message=_("这个项目已有结果；需要修改的，请办理更正。"),
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(reason=""),
                name="result_corrected_with_reason",
                violation_error_message=_("请写明更正原因。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} {self.unit}".strip()


class Verification(models.Model):
    """A second person has checked the results of a test against the raw records."""

    declared = append_only(kept_years=6)

    test = models.ForeignKey(Test, models.PROTECT, related_name="verifications", verbose_name=_("检验项目"))
    # The newest result that was looked at: what comes later is not covered.
    newest = models.ForeignKey(Result, models.PROTECT, related_name="+", verbose_name=_("最新结果"))
    analyst = models.CharField(_("录入人"), max_length=150)
    verified_at = models.DateTimeField(_("复核时间"))
    verified_by = models.CharField(_("复核人"), max_length=150)

    class Meta:
        verbose_name = _("结果复核")
        verbose_name_plural = _("结果复核")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verified_by=F("analyst")),
                name="verification_second_person",
                violation_error_message=_("录入人不能复核自己的结果，请由另一名人员复核。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.test} {self.verified_by}"
