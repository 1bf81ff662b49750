from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import Personal, editable, told_together


class Draw(models.Model):
    """A draw of whom to check and by whom. The seed is bound by a commitment in the ledger before anything is drawn;
    afterwards the published file lets anybody draw again."""

    declared = editable(personal={"seed": Personal.SECRET})

    class State(models.TextChoices):
        COMMITTED = "committed", _("已封存种子，待抽取")
        DRAWN = "drawn", _("已抽取")
        PUBLISHED = "published", _("已公开")
        WITHDRAWN = "withdrawn", _("已作废")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    title = models.CharField(_("名称"), max_length=120)
    year = models.PositiveSmallIntegerField(_("年度"))
    division_code = models.CharField(_("区划"), max_length=12)
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("组织单位"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.COMMITTED)
    # The engine's plan in canonical form: who can be drawn, quotas, exclusions. Fixed with the commitment.
    plan = models.TextField(_("抽取方案"))
    plan_digest = models.CharField(_("方案摘要"), max_length=128)
    commitment = models.CharField(_("种子承诺"), max_length=128)
    seed = models.CharField(_("种子"), max_length=200, blank=True)
    public_value = models.CharField(_("公开随机数"), max_length=200, blank=True)
    public_value_source = models.CharField(_("公开随机数的出处"), max_length=200, blank=True)
    committed_at = models.DateTimeField(_("封存时间"))
    committed_by = models.CharField(_("封存人"), max_length=150)
    drawn_at = models.DateTimeField(_("抽取时间"), null=True, blank=True)
    drawn_by = models.CharField(_("抽取人"), max_length=150, blank=True)
    published_at = models.DateTimeField(_("公开时间"), null=True, blank=True)
    published_by = models.CharField(_("公开人"), max_length=150, blank=True)
    withdrawn_reason = models.CharField(_("作废原因"), max_length=200, blank=True)
    result = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("抽取结果")
    )

    class Meta:
        verbose_name = _("双随机抽取")
        verbose_name_plural = _("双随机抽取")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division_code", "-id"], name="draw_list")]
        constraints = [
            told_together("drawn_at", "drawn_by", "draw_drawn_told"),
            told_together("published_at", "published_by", "draw_published_told"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
