"""A recall and its drill: which lots to pull from whom, who was told, what came back, what a check found."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.engines.traceability.recall import Fate as PulledFate
from fangxin.kernel.ledger.api import editable, told_together
from fangxin.kernel.supply.models.kinds import quantity
from fangxin.kernel.supply.models.lots import Lot


class Recall(models.Model):
    """A recall of what one lot went into; a drill is the same without stopping any goods."""

    declared = editable(kept_years=5)

    class Level(models.TextChoices):
        FIRST = "first", _("一级召回")
        SECOND = "second", _("二级召回")
        THIRD = "third", _("三级召回")

    class State(models.TextChoices):
        OPEN = "open", _("进行中")
        CLOSED = "closed", _("已结束")
        CANCELLED = "cancelled", _("已取消")

    number = models.CharField(_("召回编号"), max_length=24, unique=True)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="recalls", verbose_name=_("源头批次"))
    drill = models.BooleanField(_("演练"), default=False)
    level = models.CharField(_("级别"), max_length=6, choices=Level.choices)
    reason = models.CharField(_("召回原因"), max_length=200)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.OPEN)
    started_at = models.DateTimeField(_("启动时间"))
    started_by = models.CharField(_("启动人"), max_length=150)
    # How long the first tier and each further one may take to be told; by when all is to be done.
    tell_hours = models.PositiveSmallIntegerField(_("通知时限（小时）"))
    finish_by = models.DateField(_("完成期限"))
    listed_at = models.DateTimeField(_("清单时间"))
    counted_at = models.DateTimeField(_("清点完毕时间"), null=True, blank=True)
    counted_by = models.CharField(_("清点人"), max_length=150, blank=True)
    checks_seed = models.CharField(_("抽查种子"), max_length=100, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    ended_by = models.CharField(_("结束人"), max_length=150, blank=True)
    ended_note = models.CharField(_("结束说明"), max_length=300, blank=True)
    division_code = models.CharField(_("区划"), max_length=12)

    class Meta:
        verbose_name = _("召回")
        verbose_name_plural = _("召回")
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["division_code", "-started_at"], name="supply_recall_list")]
        constraints = [
            told_together("counted_at", "counted_by", "supply_recall_counted_told"),
            told_together("ended_at", "ended_by", "supply_recall_ended_told"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="supply_recall_state",
            ),
            models.UniqueConstraint(
                fields=["lot", "drill"], condition=Q(state="open"), name="supply_recall_once",
                violation_error_message=_("这个批次已经有一次召回（演练）在进行，请在原来的里面办理。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.lot.food}"

    def get_absolute_url(self) -> str:
        return reverse("supply:recall", args=[self.pk])


class RecallPlace(models.Model):
    """One place of a recall: by when it must be told, when it was, what it answered, what a check found."""

    declared = editable(kept_years=5)

    recall = models.ForeignKey(Recall, models.CASCADE, related_name="places", verbose_name=_("召回"))
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="recalls_here", verbose_name=_("场所")
    )
    # How the place is called; the only thing known of a place that is not in the register.
    name = models.CharField(_("场所名称"), max_length=120)
    tier = models.PositiveSmallIntegerField(_("第几级"))
    tell_by = models.DateTimeField(_("最迟通知时间"))
    told_at = models.DateTimeField(_("通知时间"), null=True, blank=True)
    told_by = models.CharField(_("通知人"), max_length=150, blank=True)
    told_how = models.CharField(_("通知方式"), max_length=60, blank=True)
    answered_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    answered_by = models.CharField(_("确认人"), max_length=150, blank=True)
    chosen = models.BooleanField(_("抽中核查"), default=False)
    checked_at = models.DateTimeField(_("核查时间"), null=True, blank=True)
    checked_by = models.CharField(_("核查人"), max_length=150, blank=True)
    acted = models.BooleanField(_("已通知且已下架"), null=True, blank=True)
    check_note = models.CharField(_("核查情况"), max_length=300, blank=True)
    division_code = models.CharField(_("区划"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("召回场所")
        verbose_name_plural = _("召回场所")
        ordering = ["tier", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["recall", "premises", "name"], name="supply_recall_place_once"),
            told_together("told_at", "told_by", "supply_recall_place_told"),
            told_together("answered_at", "answered_by", "supply_recall_place_answered"),
            told_together("checked_at", "checked_by", "supply_recall_place_checked"),
            models.CheckConstraint(
                condition=Q(checked_at=None, acted=None) | Q(checked_at__isnull=False, acted__isnull=False),
                name="supply_recall_place_check_says",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("supply:recall_place", args=[self.pk])


class RecallLot(models.Model):
    """A lot to pull at a place. What may be left lies between two bounds; without an upper one nobody can say."""

    declared = editable(kept_years=5)

    place = models.ForeignKey(RecallPlace, models.CASCADE, related_name="lots", verbose_name=_("召回场所"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", verbose_name=_("批次"))
    tier = models.PositiveSmallIntegerField(_("第几级"))
    least = quantity(_("至少还剩"))
    most = quantity(_("至多还剩"))
    unit = models.CharField(_("计量单位"), max_length=10, blank=True)
    # Only inferred links lead here: hold it and look before it is destroyed.
    sure = models.BooleanField(_("有记录相连"))
    # Whether this recall stopped it; what was stopped before stays stopped when the recall is cancelled.
    stopped = models.BooleanField(_("由本次召回停售"), default=False)

    class Meta:
        verbose_name = _("召回批次")
        verbose_name_plural = _("召回批次")
        ordering = ["tier", "pk"]
        constraints = [models.UniqueConstraint(fields=["place", "lot"], name="supply_recall_lot_once")]

    def __str__(self) -> str:
        return str(self.lot)


class RecallReturn(models.Model):
    """What a place reported of a lot: back, destroyed, sealed, or sold and eaten. A slip is taken back, with its reason."""

    declared = editable(kept_years=5)

    class Fate(models.TextChoices):
        RETURNED = PulledFate.RETURNED.value, _("退回")
        DESTROYED = PulledFate.DESTROYED.value, _("销毁")
        SEALED = PulledFate.SEALED.value, _("封存")
        EATEN = PulledFate.EATEN.value, _("已售出或食用")

    held = models.ForeignKey(RecallLot, models.PROTECT, related_name="returns", verbose_name=_("召回批次"))
    fate = models.CharField(_("去处"), max_length=9, choices=Fate.choices)
    # None: the place cannot say how much.
    quantity = quantity(_("数量"))
    unit = models.CharField(_("计量单位"), max_length=10, blank=True)
    reported_at = models.DateTimeField(_("报告时间"))
    reported_by = models.CharField(_("报告人"), max_length=150)
    undone_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    undone_by = models.CharField(_("撤回人"), max_length=150, blank=True)
    undone_reason = models.CharField(_("撤回原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("召回数量")
        verbose_name_plural = _("召回数量")
        ordering = ["reported_at", "pk"]
        constraints = [
            told_together("undone_at", "undone_by", "supply_recall_return_undone_told"),
            models.CheckConstraint(
                condition=Q(quantity=None) | Q(quantity__gt=0), name="supply_recall_return_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_fate_display()} {self.held}"
