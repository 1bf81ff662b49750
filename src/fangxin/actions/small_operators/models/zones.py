from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.small_operators.models.fields import place_validator
from fangxin.kernel.ledger.api import editable


class Zone(models.Model):
    """Where and when stalls may stand: a circle or a polygon, hours, and room for so many."""

    declared = editable()

    name = models.CharField(_("名称"), max_length=60)
    division_code = models.CharField(_("乡镇（街道）"), max_length=12, validators=[place_validator])
    latitude = models.FloatField(_("中心纬度（WGS-84）"), validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField(_("中心经度（WGS-84）"), validators=[MinValueValidator(-180), MaxValueValidator(180)])
    radius_m = models.PositiveIntegerField(
        _("半径（米）"), default=100, validators=[MinValueValidator(5), MaxValueValidator(2000)]
    )
    # [[latitude, longitude], …]; without corners the circle counts.
    corners = models.JSONField(_("边界点"), default=list, blank=True)
    opens_at = models.TimeField(_("开始时间"), null=True, blank=True)
    closes_at = models.TimeField(_("结束时间"), null=True, blank=True)
    capacity = models.PositiveIntegerField(_("可容纳摊位"), validators=[MinValueValidator(1), MaxValueValidator(2000)])
    # How many stand in it now: the database lets it rise to the capacity and no further.
    taken = models.PositiveIntegerField(_("已安排"), default=0, editable=False)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)
    drawn_at = models.DateTimeField(_("划定时间"))
    drawn_by = models.CharField(_("划定人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("摊点区域")
        verbose_name_plural = _("摊点区域")
        ordering = ["division_code", "name", "pk"]
        indexes = [models.Index(fields=["division_code", "name"], name="small_zone_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["division_code", "name"],
                name="small_zone_once",
                violation_error_message=_("这个乡镇已有同名区域，请换一个名称。"),
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")),
                name="small_zone_not_overfull",
                violation_error_message=_("可容纳数不能少于已安排的摊位数。"),
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None, closes_at=None) | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="small_zone_hours_whole",
                violation_error_message=_("开始和结束时间须同时填写，或者都不填（全天）。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("small_operators:zone", args=[self.pk])

    @property
    def free(self) -> int:
        return self.capacity - self.taken


class Placement(models.Model):
    """A stall's place in a zone, from a day to a day."""

    declared = editable(kept_years=5)

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="placements", verbose_name=_("摊点区域"))
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, related_name="small_placements", verbose_name=_("摊点")
    )
    spot = models.CharField(_("摊位号"), max_length=20, blank=True)
    since = models.DateField(_("自"))
    until = models.DateField(_("至"), null=True, blank=True)
    ended_why = models.CharField(_("离开原因"), max_length=200, blank=True)
    placed_at = models.DateTimeField(_("安排时间"))
    placed_by = models.CharField(_("安排人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("摊位安排")
        verbose_name_plural = _("摊位安排")
        ordering = ["zone", "spot", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["premises"],
                condition=Q(until=None),
                name="small_placement_one_zone",
                violation_error_message=_("这个摊点已安排在别的区域，请先让它离开原区域。"),
            ),
            models.UniqueConstraint(
                fields=["zone", "spot"],
                condition=Q(until=None) & ~Q(spot=""),
                name="small_placement_one_spot",
                violation_error_message=_("这个摊位号已有人，请换一个。"),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="small_placement_span_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.premises} · {self.zone}"
