from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import Personal, editable, told_together


class Recusal(models.Model):
    """A person who may not inspect a place, for kinship or another interest (Measures, article 23)."""

    declared = editable(personal={"reason": Personal.SENSITIVE}, kept_years=3)

    user = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("检查人员"))
    premises = models.ForeignKey("registry.Premises", models.PROTECT, related_name="+", verbose_name=_("回避对象"))
    division_code = models.CharField(_("区划"), max_length=12)
    reason = models.CharField(_("回避原因"), max_length=200)
    declared_at = models.DateTimeField(_("登记时间"))
    declared_by = models.CharField(_("登记人"), max_length=150)
    ended_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    ended_by = models.CharField(_("解除人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("回避登记")
        verbose_name_plural = _("回避登记")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division_code", "-id"], name="recusal_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "premises"],
                condition=Q(ended_at=None),
                name="recusal_once",
                violation_error_message=_("这名人员对这个对象的回避已经登记过。"),
            ),
            told_together("ended_at", "ended_by", "recusal_ended_told"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.premises_id}"
