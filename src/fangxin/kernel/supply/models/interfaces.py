from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import Personal, editable, told_together


class ApiToken(models.Model):
    """Lets a firm's own system speak for an agency. Only the hash of the secret is kept."""

    declared = editable(personal={"secret_hash": Personal.SECRET})

    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("单位"))
    division_code = models.CharField(_("区划"), max_length=12, db_index=True)
    # A post's reach: an operator's system sees its own, a department's system its division.
    user = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("以谁的名义"))
    name = models.CharField(_("用途"), max_length=60)
    beginning = models.CharField(_("开头几位"), max_length=8)
    secret_hash = models.CharField(_("密钥摘要"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("生成时间"))
    created_by = models.CharField(_("生成人"), max_length=150)
    last_used_on = models.DateField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    revoked_by = models.CharField(_("停用人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("接口密钥")
        verbose_name_plural = _("接口密钥")
        ordering = ["-created_at", "-pk"]
        constraints = [told_together("revoked_at", "revoked_by", "token_revoked_told")]

    def __str__(self) -> str:
        return self.name


class NamedQuery(models.Model):
    """A question asked of the events again and again."""

    declared = editable()

    name = models.CharField(_("名称"), max_length=100)
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("单位"))
    user = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("以谁的名义"))
    query = models.JSONField(_("条件"), default=dict)
    created_at = models.DateTimeField(_("建立时间"))

    class Meta:
        verbose_name = _("查询")
        verbose_name_plural = _("查询")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="query_name_once")]

    def __str__(self) -> str:
        return self.name
