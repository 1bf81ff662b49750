from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.declarations import Personal, editable
from fangxin.kernel.registry.rules import code_validator


class ImportBatch(models.Model):
    """One uploaded table: read, checked row by row, applied as a whole, undone as a whole."""

    declared = editable(kept_years=3)

    class Kind(models.TextChoices):
        PREMISES = "premises", _("经营场所及证件")
        STAFF = "staff", _("人员及证明")
        CENSUS = "census", _("普查记录")
        FACTS = "facts", _("事实")

    class State(models.TextChoices):
        CHECKED = "checked", _("已检查，待导入")
        APPLYING = "applying", _("正在导入")
        APPLIED = "applied", _("已导入")
        UNDONE = "undone", _("已撤销")
        DISCARDED = "discarded", _("已放弃")

    kind = models.CharField(_("内容"), max_length=10, choices=Kind.choices)
    file_name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(_("文件摘要"), max_length=64)
    division_code = models.CharField(_("范围"), max_length=12, validators=[code_validator])
    survey = models.ForeignKey(
        "registry.CensusSurvey", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("普查")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.CHECKED)
    total = models.PositiveIntegerField(_("行数"), default=0)
    faulty = models.PositiveIntegerField(_("有误行数"), default=0)
    to_create = models.PositiveIntegerField(_("新增行数"), default=0)
    to_update = models.PositiveIntegerField(_("更新行数"), default=0)
    ignored_columns = models.JSONField(_("未用的列"), default=list)
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("上传人"))
    applied_at = models.DateTimeField(_("导入时间"), null=True, blank=True)
    applied_by = models.CharField(_("导入人"), max_length=150, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.CharField(_("撤销人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        ordering = ["-uploaded_at", "-pk"]
        indexes = [models.Index(fields=["division_code", "uploaded_at"], name="import_list")]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row of the table: what it said, what is wrong with it, what became of it."""

    declared = editable(personal={"cells": Personal.CONTACT, "before": Personal.CONTACT}, kept_years=1)

    class Action(models.TextChoices):
        CREATE = "create", _("新增")
        UPDATE = "update", _("更新")
        SAME = "same", _("无变化")
        FAULTY = "faulty", _("有误")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", verbose_name=_("导入"))
    number = models.PositiveIntegerField(_("行号"))
    cells = models.JSONField(_("内容"))
    # [{"column": …, "what": …, "advice": …}, …] in the words shown to the person.
    problems = models.JSONField(_("问题"), default=list)
    action = models.CharField(_("处理"), max_length=8, choices=Action.choices)
    # Rows written by this line: [[model, pk], …]; values overwritten by it: [[model, pk, {field: [old, new]}], …].
    made = models.JSONField(_("写入的记录"), default=list)
    before = models.JSONField(_("更新前"), default=list)

    class Meta:
        verbose_name = _("导入行")
        verbose_name_plural = _("导入行")
        ordering = ["batch_id", "number"]
        indexes = [models.Index(fields=["batch", "action", "number"], name="import_row_action")]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]

    def __str__(self) -> str:
        return str(self.number)
