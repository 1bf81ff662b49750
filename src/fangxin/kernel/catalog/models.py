from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger import api as ledger


class Edition(models.Model):
    """One version of a rule as it was loaded from a reviewed file, with the days on which it is in force."""

    declared = ledger.editable()

    kind = models.CharField(_("规则类别"), max_length=40)
    code = models.CharField(_("规则编号"), max_length=80)
    name = models.CharField(_("名称"), max_length=200)
    edition = models.CharField(_("版本"), max_length=60)
    # Empty: as far back as anybody remembers, and until further notice. The last day is in force too.
    in_force_from = models.DateField(_("施行日期"), null=True, blank=True)
    in_force_to = models.DateField(_("废止前最后一日"), null=True, blank=True)
    article = models.CharField(_("条款"), max_length=200, blank=True)
    source = models.CharField(_("来源"), max_length=500, blank=True)
    confidence = models.CharField(_("可信程度"), max_length=20, blank=True)
    entered_by = models.CharField(_("录入"), max_length=100, blank=True)
    checked_by = models.CharField(_("核对"), max_length=100, blank=True)
    next_review = models.DateField(_("下次复核"), null=True, blank=True)
    file = models.CharField(_("文件"), max_length=200)
    body = models.TextField(_("内容"))
    digest = models.CharField(_("摘要"), max_length=128)
    loaded_at = models.DateTimeField(_("载入时间"))
    loaded_by = models.CharField(_("载入人"), max_length=150, blank=True)
    # Set once, when the first judgement or published figure rests on it: from then on the text may not change.
    used_at = models.DateTimeField(_("首次使用"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmed_by = models.CharField(_("确认人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("规则版本")
        verbose_name_plural = _("规则版本")
        ordering = ["kind", "code", "in_force_from"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "edition"], name="edition_once"),
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_from=None) | Q(in_force_to__gte=F("in_force_from")),
                name="edition_span_forward",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by="") | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
                name="edition_confirmed_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["kind", "in_force_from"], name="edition_kind_from")]

    def __str__(self) -> str:
        return f"{self.name}（{self.edition}）"

    def in_force_on(self, day: date) -> bool:
        return (self.in_force_from or date.min) <= day <= (self.in_force_to or date.max)

    @property
    def needs_confirmation(self) -> bool:
        """Facts from memory and our own readings wait for a person; what was read in the text does not."""
        return self.confirmed_at is None and not trusted(self.confidence)


class LimitTable(models.Model):
    """Limits taken from a sheet: read and compared when it comes in, in use once a second person has checked it.

    The rows stand as they will be read by the judge; a verdict keeps its own copy, so taking a table back changes none.
    """

    declared = ledger.editable()

    class Kind(models.TextChoices):
        PESTICIDE = "pesticide", _("农药残留限量")
        VETERINARY = "veterinary", _("兽药残留限量")
        CONTAMINANT = "contaminant", _("污染物限量")
        MYCOTOXIN = "mycotoxin", _("真菌毒素限量")
        ADDITIVE = "additive", _("食品添加剂限量")
        MICROBIOLOGY = "microbiology", _("微生物限量")
        BANNED_PESTICIDE = "banned_pesticide", _("禁限用农药")
        BANNED_VETERINARY = "banned_veterinary", _("禁用兽药和化合物")
        FOODS = "foods", _("食品名称")
        ANALYTES = "analytes", _("检测项目名称")

    class State(models.TextChoices):
        WAITING = "waiting", _("待复核")
        IN_USE = "in_use", _("已启用")
        REFUSED = "refused", _("未通过复核")
        WITHDRAWN = "withdrawn", _("已停用")

    kind = models.CharField(_("类别"), max_length=20, choices=Kind.choices)
    standard = models.CharField(_("标准号"), max_length=60, help_text=_("例如 GB 2763"))
    edition = models.CharField(_("版本"), max_length=40, help_text=_("例如 2021"))
    name = models.CharField(_("名称"), max_length=200)
    in_force_from = models.DateField(_("施行日期"))
    in_force_to = models.DateField(_("废止前最后一日"), null=True, blank=True)
    # The id of the edition to which these rows are added, a row of the same case taking the older one's place; or, with
    # none, an edition of its own that ends the one before.
    extends = models.CharField(_("补入哪个版本"), max_length=80, blank=True)
    source = models.CharField(_("来源"), max_length=500)
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("原表"))
    body = models.TextField(_("内容"))
    total = models.PositiveIntegerField(_("行数"))
    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    uploaded_at = models.DateTimeField(_("上传时间"))
    uploaded_by = models.CharField(_("上传人"), max_length=150)
    decided_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    decided_by = models.CharField(_("复核人"), max_length=150, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("限量表")
        verbose_name_plural = _("限量表")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gte=F("in_force_from")),
                name="limit_table_span_forward",
                violation_error_message=_("最后一日早于施行日期，请核对。"),
            ),
            ledger.told_together("decided_at", "decided_by", "limit_table_decided_told"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None) | ~Q(state="waiting") & Q(decided_at__isnull=False),
                name="limit_table_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard}-{self.edition} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("catalog:limit_table", args=[self.pk])


def trusted(confidence: str) -> bool:
    """Read in the text (V…, high, verified) or remembered with high confidence.

    >>> trusted("V:plan"), trusted("M-high"), trusted("M-med"), trusted("DESIGN"), trusted("")
    (True, True, False, False, False)
    """
    return confidence.startswith(("V", "high", "verified")) or confidence == "M-high"
