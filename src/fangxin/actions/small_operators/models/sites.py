from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import Personal, append_only, editable, told_together


class Site(models.Model):
    """A place put forward as a demonstration site or pace-setter, and what became of it."""

    declared = editable(kept_years=5)

    class Level(models.TextChoices):
        DEMONSTRATION = "demonstration", _("示范点")
        PACE_SETTER = "pace_setter", _("标杆点")

    class State(models.TextChoices):
        NOMINATED = "nominated", _("已推荐")
        VISITED = "visited", _("已评分")
        LISTED = "listed", _("已列入名单")
        REFUSED = "refused", _("未列入")
        REMOVED = "removed", _("已移出名单")

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, related_name="small_sites", verbose_name=_("经营场所")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    level = models.CharField(_("等次"), max_length=14, choices=Level.choices)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.NOMINATED)
    reason = models.CharField(_("推荐理由"), max_length=500)
    nominated_at = models.DateTimeField(_("推荐时间"))
    nominated_by = models.CharField(_("推荐人"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by = models.CharField(_("决定人"), max_length=150, blank=True)
    decision_note = models.CharField(_("决定说明"), max_length=500, blank=True)
    listed_on = models.DateField(_("列入日期"), null=True, blank=True)
    listed_until = models.DateField(_("有效期至"), null=True, blank=True)
    removed_at = models.DateTimeField(_("移出时间"), null=True, blank=True)
    removed_by = models.CharField(_("移出人"), max_length=150, blank=True)
    removed_why = models.CharField(_("移出原因"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("示范点、标杆点")
        verbose_name_plural = _("示范点、标杆点")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division_code", "state"], name="small_site_list")]
        constraints = [
            told_together("decided_at", "decided_by", "small_site_decided"),
            told_together("removed_at", "removed_by", "small_site_removed"),
            models.UniqueConstraint(
                fields=["premises", "level"],
                condition=Q(state__in=["nominated", "visited", "listed"]),
                name="small_site_once",
                violation_error_message=_("这一家已在评选或者名单之中，不必再次推荐。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="listed") | Q(listed_on__isnull=False, decided_at__isnull=False),
                name="small_site_listed_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.premises}（{self.get_level_display()}）"

    def get_absolute_url(self) -> str:
        return reverse("small_operators:site", args=[self.pk])


class SiteVisit(models.Model):
    """One scored visit, by two persons, under one edition of the criteria."""

    declared = append_only(personal={"with_whom": Personal.NAME}, kept_years=5)

    site = models.ForeignKey(Site, models.PROTECT, related_name="visits", verbose_name=_("示范点"))
    visited_on = models.DateField(_("评分日期"))
    edition = models.CharField(_("条件版本"), max_length=60)
    scores = models.JSONField(_("各项得分"))
    total = models.PositiveIntegerField(_("总分"))
    failed_keys = models.JSONField(_("未达标的关键项"), default=list, blank=True)
    passed = models.BooleanField(_("达到分数线"))
    with_whom = models.CharField(_("同行人"), max_length=60)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("评分走访")
        verbose_name_plural = _("评分走访")
        ordering = ["visited_on", "pk"]

    def __str__(self) -> str:
        return f"{self.visited_on} {self.total}"
