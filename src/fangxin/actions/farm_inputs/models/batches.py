from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.farm_inputs.models.farms import Farm
from fangxin.actions.farm_inputs.models.fields import KEPT_YEARS, amount
from fangxin.actions.farm_inputs.models.products import LabelUse
from fangxin.kernel.ledger.api import append_only, editable


class Batch(models.Model):
    """What grows together and will be harvested together: a crop on its parcels, a herd, a pond."""

    declared = editable(kept_years=KEPT_YEARS)

    class Unit(models.TextChoices):
        KILOGRAM = "kg", _("千克（公斤）")
        HEAD = "head", _("头（只、羽）")

    number = models.CharField(_("批次号"), max_length=24, unique=True)
    farm = models.ForeignKey(Farm, models.PROTECT, related_name="batches", verbose_name=_("农场"))
    division_code = models.CharField(_("区划"), max_length=12)
    # The crop or the animal, in the farmer's word.
    food = models.CharField(_("作物（动物）"), max_length=40)
    produce = models.CharField(_("收获物"), max_length=6, choices=LabelUse.Produce.choices)
    parcels = models.ManyToManyField(
        "registry.Parcel", blank=True, related_name="farm_batches", verbose_name=_("地块（池塘、圈舍）")
    )
    area_mu = models.DecimalField(_("面积（亩）"), max_digits=9, decimal_places=2, null=True, blank=True)
    animals = models.PositiveIntegerField(_("数量（头、只、羽、尾）"), null=True, blank=True)
    started_on = models.DateField(_("播种（进栏、投苗）日期"))
    planned_on = models.DateField(_("计划采收（出栏）日期"), null=True, blank=True)
    expected = amount(_("预计产量"), null=True, blank=True)
    unit = models.CharField(_("产量单位"), max_length=6, choices=Unit.choices, default=Unit.KILOGRAM)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    # Computed anew with every record, since lists filter by them. `lock_open`: some interval has no known end.
    locked_until = models.DateField(_("最早采收日期"), null=True, blank=True, editable=False)
    lock_open = models.BooleanField(_("间隔期不能确定"), default=False, editable=False)
    entered_at = models.DateTimeField(_("建立时间"))
    entered_by = models.CharField(_("建立人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("生产批次")
        verbose_name_plural = _("生产批次")
        ordering = ["-started_on", "number"]
        indexes = [
            models.Index(fields=["division_code", "ended_on", "locked_until"], name="farm_batch_list"),
            models.Index(fields=["farm", "ended_on"], name="farm_batch_farm"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="farm_batch_span_forward",
                violation_error_message=_("结束日期早于开始日期，请核对。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.food} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("farm_inputs:batch", args=[self.pk])


class Harvest(models.Model):
    """What was harvested, slaughtered or milked, with the lock as it stood on that day."""

    declared = append_only(kept_years=KEPT_YEARS)

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="harvests", verbose_name=_("批次"))
    division_code = models.CharField(_("区划"), max_length=12)
    on = models.DateField(_("采收（出栏）日期"))
    quantity = amount(_("数量"))
    unit = models.CharField(_("单位"), max_length=6, choices=Batch.Unit.choices)
    earliest_on = models.DateField(_("当时的最早采收日期"), null=True, blank=True)
    # Harvested although the lock stood: recorded, never hidden.
    within_lock = models.BooleanField(_("间隔期内采收"), default=False)
    # Neither within nor free: nobody could say when the interval ends.
    lock_unknown = models.BooleanField(_("间隔期不能确定"), default=False)
    lock_reason = models.CharField(_("依据"), max_length=300, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("更正哪一条")
    )
    replaces_why = models.CharField(_("更正原因"), max_length=200, blank=True)
    void = models.BooleanField(_("作废"), default=False)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)
    recorded_for = models.BooleanField(_("代记"), default=False)

    class Meta:
        verbose_name = _("采收记录")
        verbose_name_plural = _("采收记录")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["division_code", "on"], name="farm_harvest_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaces=None, void=False) | Q(replaces__isnull=False), name="farm_harvest_void_replaces"
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.on}"
