"""What the platform knows of phones: which there are, what they sent, and what a person must decide."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import Personal, append_only, editable, told_together


class Device(models.Model):
    """A phone with a person's work on it."""

    declared = editable(personal={"token_digest": Personal.SECRET, "recovery": Personal.SECRET}, kept_years=3)

    class State(models.TextChoices):
        ACTIVE = "active", _("在用")
        SIGNED_OUT = "signed_out", _("已注销，待清除")
        WIPED = "wiped", _("已清除")

    uuid = models.UUIDField(_("设备编号"), unique=True, default=uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="devices", verbose_name=_("使用人"))
    # Where its conflicts belong: the division of the person's post at enrolment.
    division_code = models.CharField(_("区划"), max_length=12)
    name = models.CharField(_("设备名称"), max_length=80)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.ACTIVE)
    # SHA-256 of 256 random bits: nothing to guess, so no slow hash.
    token_digest = models.CharField(_("令牌摘要"), max_length=64, unique=True)
    # The server's half of the second way to the data key; removed when the phone is signed out.
    recovery = models.CharField(_("恢复密钥"), max_length=64, blank=True)
    enrolled_at = models.DateTimeField(_("启用时间"))
    contact_at = models.DateTimeField(_("最近联系"), null=True, blank=True)
    # As the phone told at its last contact.
    pending = models.PositiveIntegerField(_("未同步条数"), null=True, blank=True)
    clock_offset_s = models.IntegerField(_("时钟偏差（秒）"), null=True, blank=True)
    signed_out_at = models.DateTimeField(_("注销时间"), null=True, blank=True)
    signed_out_by = models.CharField(_("注销人"), max_length=150, blank=True)
    signed_out_reason = models.CharField(_("注销原因"), max_length=200, blank=True)
    # The phone asked and was told to wipe; and it said that it did.
    wipe_told_at = models.DateTimeField(_("清除指令送达"), null=True, blank=True)
    wiped_at = models.DateTimeField(_("手机报告已清除"), null=True, blank=True)

    class Meta:
        verbose_name = _("外勤设备")
        verbose_name_plural = _("外勤设备")
        ordering = ["-enrolled_at", "-pk"]
        indexes = [models.Index(fields=["division_code", "-enrolled_at", "-id"], name="device_list")]
        constraints = [
            told_together("signed_out_at", "signed_out_by", "device_signed_out_told"),
            models.CheckConstraint(
                condition=Q(state="active", signed_out_at=None) | Q(signed_out_at__isnull=False, recovery=""),
                name="device_signed_out_keeps_no_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.user}）"


class Upload(models.Model):
    """A picture that arrived whole. The same picture is kept once, whichever phone sends it."""

    declared = append_only()

    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    device = models.ForeignKey(Device, models.PROTECT, related_name="uploads", verbose_name=_("设备"))
    # Nothing, when the bytes are no picture: whatever refers to it waits for a person then.
    file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, related_name="+", verbose_name=_("证据文件")
    )
    size = models.PositiveIntegerField(_("大小"))
    refused = models.CharField(_("不能接收的原因"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("收到时间"))

    class Meta:
        verbose_name = _("外勤照片")
        verbose_name_plural = _("外勤照片")

    def __str__(self) -> str:
        return self.digest[:12]


class SyncedOperation(models.Model):
    """One thing done on a phone, whole, with what became of it: written in the transaction of its effect."""

    declared = append_only(personal={"payload": Personal.SENSITIVE}, kept_years=5)

    class Outcome(models.TextChoices):
        APPLIED = "applied", _("已采用")
        CONFLICT = "conflict", _("有冲突")
        REFUSED = "refused", _("不能采用")

    uuid = models.UUIDField(_("操作编号"), unique=True)
    device = models.ForeignKey(
        Device, models.PROTECT, db_index=False, related_name="operations", verbose_name=_("设备")
    )
    # Nothing where the phone gave a number twice.
    sequence = models.BigIntegerField(_("序号"), null=True)
    told_sequence = models.BigIntegerField(_("手机所报序号"))
    kind = models.CharField(_("操作"), max_length=40)
    subject = models.CharField(_("对象"), max_length=64)
    payload = models.JSONField(_("内容"))
    files = models.JSONField(_("照片"), default=list)
    fingerprint = models.CharField(_("内容摘要"), max_length=64)
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome.choices)
    reason = models.CharField(_("说明"), max_length=500, blank=True)
    made_at_device = models.DateTimeField(_("手机时间"))
    made_at = models.DateTimeField(_("校正时间"))
    time_doubtful = models.BooleanField(_("时间存疑"), default=False)
    received_at = models.DateTimeField(_("收到时间"))

    class Meta:
        verbose_name = _("同步操作")
        verbose_name_plural = _("同步操作")
        constraints = [models.UniqueConstraint(fields=["device", "sequence"], name="operation_number_once")]
        indexes = [models.Index(fields=["device", "subject", "sequence"], name="operation_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Conflict(models.Model):
    """An operation that did not take effect, until a person decides about it."""

    declared = editable()

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        PHONE = "phone", _("采用手机的")
        SERVER = "server", _("保留平台的")

    operation = models.OneToOneField(
        SyncedOperation, models.PROTECT, related_name="conflict", verbose_name=_("同步操作")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    # In words, for whoever decides; the subject's name as it was known then.
    about = models.CharField(_("检查对象"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("发生时间"))
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    decided_by = models.CharField(_("处理人"), max_length=150, blank=True)
    decision_reason = models.CharField(_("处理理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("手机同步冲突")
        verbose_name_plural = _("手机同步冲突")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["division_code", "state", "-opened_at", "-id"], name="conflict_list")]
        constraints = [
            told_together("decided_at", "decided_by", "conflict_decided_told"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | (~Q(state="open") & Q(decided_at__isnull=False) & ~Q(decision_reason="")),
                name="conflict_decided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.about}"

    def get_absolute_url(self) -> str:
        return reverse("field:conflict", args=[self.pk])
