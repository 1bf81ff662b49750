from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import append_only, editable


class Trader(models.Model):
    """A place that brings imported food in or sells it, and where it stands with the customs' credit system."""

    declared = editable(kept_years=3)

    class Role(models.TextChoices):
        IMPORTER = "importer", _("进口商")
        SELLER = "seller", _("销售者")

    class Coaching(models.TextChoices):
        KNOWN = "known", _("已掌握")
        RECOMMENDED = "recommended", _("已推荐")
        COACHING = "coaching", _("海关培育中")
        CERTIFIED = "certified", _("已认证")
        DECLINED = "declined", _("未通过或者不参加")

    premises = models.OneToOneField(
        "registry.Premises", models.PROTECT, related_name="import_trader", verbose_name=_("经营场所")
    )
    role = models.CharField(_("身份"), max_length=8, choices=Role.choices)
    filing_number = models.CharField(_("海关收货人备案号"), max_length=40, blank=True)
    division_code = models.CharField(_("区划"), max_length=12)
    coaching = models.CharField(_("信用培育"), max_length=11, choices=Coaching.choices, default=Coaching.KNOWN)
    coaching_note = models.CharField(_("培育情况"), max_length=300, blank=True)
    since = models.DateField(_("登记日期"))
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)

    class Meta:
        verbose_name = _("进口食品经营者")
        verbose_name_plural = _("进口食品经营者")
        ordering = ["division_code", "pk"]
        indexes = [models.Index(fields=["division_code", "role", "id"], name="trader_list")]

    def __str__(self) -> str:
        return str(self.premises.name)

    def get_absolute_url(self) -> str:
        return reverse("imported_food:trader", args=[self.pk])


class CreditRecord(models.Model):
    """What customs decided about a trader: scheme and grade together, with the paper that says so. A new decision is a
    new row."""

    declared = append_only(kept_years=5)

    trader = models.ForeignKey(Trader, models.PROTECT, related_name="credit_records", verbose_name=_("经营者"))
    scheme = models.CharField(_("等级体系"), max_length=20)
    grade = models.CharField(_("等级"), max_length=24)
    valid_from = models.DateField(_("认定日期"))
    valid_to = models.DateField(_("截止日期"), null=True, blank=True)
    source_text = models.CharField(_("认定文书或者查询来源"), max_length=200)
    evidence = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("文书")
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)

    class Meta:
        verbose_name = _("海关信用等级")
        verbose_name_plural = _("海关信用等级")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="import_credit_span_forward",
                violation_error_message=_("截止日期早于认定日期，请核对。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.grade}"
