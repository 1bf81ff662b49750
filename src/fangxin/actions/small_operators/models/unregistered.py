from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.small_operators.models.fields import Kind, place_validator
from fangxin.kernel.ledger.api import Personal, append_only, editable, told_together


class Unregistered(models.Model):
    """A place that operates without its paper, followed until it has one, has shut, or turns out not to need one."""

    declared = editable(personal={"phone_seen": Personal.CONTACT}, kept_years=5)

    class Source(models.TextChoices):
        CENSUS = "census", _("普查")
        COMPLAINT = "complaint", _("投诉举报")
        INSPECTION = "inspection", _("检查发现")
        DELIVERY = "delivery", _("外卖平台名单")
        OTHER_LIST = "other_list", _("其他名单比对")

    class State(models.TextChoices):
        FOUND = "found", _("新发现")
        GUIDED = "guided", _("已告知、帮办")
        ORDERED = "ordered", _("已责令限期办理")
        REGISTERED = "registered", _("已登记备案")
        SHUT = "shut", _("已停止经营")
        OUT_OF_SCOPE = "out_of_scope", _("不属“三小”")

    source = models.CharField(_("发现途径"), max_length=12, choices=Source.choices)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.FOUND)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    division_code = models.CharField(_("区划"), max_length=12, validators=[place_validator])
    name_seen = models.CharField(_("名称"), max_length=120)
    address_seen = models.CharField(_("地址"), max_length=200, blank=True)
    phone_seen = models.CharField(_("电话"), max_length=30, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    found_on = models.DateField(_("发现日期"))
    census_entry = models.OneToOneField(
        "registry.CensusEntry",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="small_unregistered",
        verbose_name=_("普查记录"),
    )
    application = models.ForeignKey(
        "small_operators.Application",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("申请"),
    )
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("底册场所")
    )
    # Look again by this day.
    next_on = models.DateField(_("下次跟进"), null=True, blank=True)
    opened_at = models.DateTimeField(_("立项时间"))
    opened_by = models.CharField(_("立项人"), max_length=150, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    ended_by = models.CharField(_("结束人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("未登记经营者")
        verbose_name_plural = _("未登记经营者")
        ordering = ["next_on", "pk"]
        indexes = [models.Index(fields=["division_code", "state", "next_on"], name="small_unregistered_list")]
        constraints = [
            told_together("ended_at", "ended_by", "small_unregistered_ended"),
            models.CheckConstraint(
                condition=(Q(state__in=["registered", "shut", "out_of_scope"]) & Q(ended_at__isnull=False))
                | (~Q(state__in=["registered", "shut", "out_of_scope"]) & Q(ended_at=None)),
                name="small_unregistered_open_or_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="registered") | Q(premises__isnull=False),
                name="small_unregistered_has_premises",
            ),
            # The ordinance has no order and no fine for a stall that has only not filed.
            models.CheckConstraint(
                condition=~Q(state="ordered") | ~Q(kind="stall"), name="small_unregistered_stall_guided"
            ),
        ]

    def __str__(self) -> str:
        return self.name_seen

    def get_absolute_url(self) -> str:
        return reverse("small_operators:unregistered", args=[self.pk])


class UnregisteredStep(models.Model):
    """What was done about it, step by step."""

    declared = append_only(kept_years=5)

    unregistered = models.ForeignKey(Unregistered, models.PROTECT, related_name="steps", verbose_name=_("未登记经营者"))
    state = models.CharField(_("之后的状态"), max_length=12, choices=Unregistered.State.choices)
    text = models.CharField(_("情况"), max_length=500)
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("人员"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("跟进记录")
        verbose_name_plural = _("跟进记录")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Upgrade(models.Model):
    """A small operator on its way to a full licence."""

    declared = editable(kept_years=5)

    class State(models.TextChoices):
        PREPARING = "preparing", _("准备中")
        APPLIED = "applied", _("已申请许可")
        LICENSED = "licensed", _("已取得许可")
        GIVEN_UP = "given_up", _("不再升级")

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, related_name="small_upgrades", verbose_name=_("经营场所")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    kind = models.CharField(_("原类别"), max_length=16, choices=Kind.choices)
    becomes = models.CharField(_("升级为"), max_length=20)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PREPARING)
    licence = models.ForeignKey(
        "registry.Credential", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("许可证")
    )
    note = models.CharField(_("说明"), max_length=500, blank=True)
    begun_at = models.DateTimeField(_("开始时间"))
    begun_by = models.CharField(_("开始人"), max_length=150, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    ended_by = models.CharField(_("结束人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("升级许可")
        verbose_name_plural = _("升级许可")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division_code", "state"], name="small_upgrade_list")]
        constraints = [
            told_together("ended_at", "ended_by", "small_upgrade_ended"),
            models.UniqueConstraint(
                fields=["premises"],
                condition=Q(state__in=["preparing", "applied"]),
                name="small_upgrade_once",
                violation_error_message=_("这一家已在升级之中。"),
            ),
            models.CheckConstraint(
                condition=~Q(state="licensed") | Q(licence__isnull=False), name="small_upgrade_has_licence"
            ),
        ]

    def __str__(self) -> str:
        return str(self.premises)

    def get_absolute_url(self) -> str:
        return reverse("small_operators:upgrade", args=[self.pk])


class UpgradeItem(models.Model):
    """One line of the checklist, as it was last looked at."""

    declared = editable(kept_years=5)

    upgrade = models.ForeignKey(Upgrade, models.PROTECT, related_name="items", verbose_name=_("升级许可"))
    code = models.CharField(_("条件"), max_length=30)
    met = models.BooleanField(_("已具备"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    checked_at = models.DateTimeField(_("核对时间"))
    checked_by = models.CharField(_("核对人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("升级条件")
        verbose_name_plural = _("升级条件")
        ordering = ["upgrade", "pk"]
        constraints = [models.UniqueConstraint(fields=["upgrade", "code"], name="small_upgrade_item_once")]

    def __str__(self) -> str:
        return self.code
