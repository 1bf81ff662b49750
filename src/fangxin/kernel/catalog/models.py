from datetime import date

from django.db import models
from django.db.models import F, Q
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


def trusted(confidence: str) -> bool:
    """Read in the text (V…, high, verified) or remembered with high confidence.

    >>> trusted("V:plan"), trusted("M-high"), trusted("M-med"), trusted("DESIGN"), trusted("")
    (True, True, False, False, False)
    """
    return confidence.startswith(("V", "high", "verified")) or confidence == "M-high"
