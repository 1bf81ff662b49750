from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.declarations import Personal, editable
from fangxin.kernel.registry.rules import code_validator


class ChangeRequest(models.Model):
    """Somebody asks that the register be corrected; somebody else decides."""

    declared = editable(personal={"changes": Personal.CONTACT}, kept_years=5)

    class State(models.TextChoices):
        OPEN = "open", _("待审核")
        APPLIED = "applied", _("已采纳")
        REFUSED = "refused", _("未采纳")
        WITHDRAWN = "withdrawn", _("已撤回")

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, related_name="change_requests", verbose_name=_("经营场所")
    )
    division_code = models.CharField(_("区划"), max_length=12, validators=[code_validator])
    # {field: [value when asked, value wanted]}, both as text of the form.
    changes = models.JSONField(_("变更内容"))
    effective_on = models.DateField(_("自何日起"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=300)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField(_("提出时间"))
    asked_by = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("提出人"))
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审核人")
    )
    decision_note = models.CharField(_("审核意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("变更申请")
        verbose_name_plural = _("变更申请")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["state", "division_code", "asked_at"], name="change_request_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decided_by=None)
                | (~Q(state="open") & ~Q(decided_at=None) & ~Q(decided_by=None)),
                name="change_request_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(state="withdrawn") | ~Q(decided_by=F("asked_by")),
                name="change_request_second_person",
                violation_error_message=_("提出人不能审核自己的申请，请由他人审核。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.premises} · {self.get_state_display()}"


class Merge(models.Model):
    """Two rows of the register that were one place. What was moved is kept, so that it can be moved back."""

    declared = editable()

    survivor = models.ForeignKey("registry.Premises", models.PROTECT, related_name="merges", verbose_name=_("保留"))
    merged = models.ForeignKey("registry.Premises", models.PROTECT, related_name="merged_by", verbose_name=_("并入"))
    reason = models.CharField(_("理由"), max_length=300)
    # {"credentials": [pk, …], "staff": […], "sightings": […], "change_requests": […], "facts": [copied pk, …]}
    moved = models.JSONField(_("移动的记录"), default=dict)
    merged_at = models.DateTimeField(_("合并时间"))
    merged_by = models.CharField(_("合并人"), max_length=150, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.CharField(_("撤销人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("合并")
        verbose_name_plural = _("合并")
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_at=None), name="premises_merged_once"),
            models.CheckConstraint(condition=~Q(survivor=F("merged")), name="merge_two_rows"),
        ]

    def __str__(self) -> str:
        return f"{self.merged} → {self.survivor}"


class NotDuplicate(models.Model):
    """Two premises that look alike and were found to be two; they are not proposed again."""

    declared = editable()

    first = models.ForeignKey("registry.Premises", models.CASCADE, related_name="+", verbose_name=_("甲"))
    second = models.ForeignKey("registry.Premises", models.CASCADE, related_name="+", verbose_name=_("乙"))
    decided_at = models.DateTimeField(_("认定时间"))
    decided_by = models.CharField(_("认定人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("非重复认定")
        verbose_name_plural = _("非重复认定")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_duplicate_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="not_duplicate_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"
