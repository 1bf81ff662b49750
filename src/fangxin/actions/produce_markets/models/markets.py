from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.produce_markets.models.fields import KEPT_YEARS, Goods
from fangxin.kernel.ledger.api import Personal, append_only, editable, told_together


class Market(models.Model):
    """The archive of a market: who opened it, what it has. Name, place and opener are those of the register."""

    declared = editable(kept_years=KEPT_YEARS)

    class Kind(models.TextChoices):
        WHOLESALE = "wholesale", _("批发市场")
        RETAIL = "retail", _("零售市场（农贸市场、菜市场）")

    class Room(models.TextChoices):
        OWN = "own", _("自建快检室")
        CONTRACT = "contract", _("委托检验")
        NONE = "none", _("没有")

    premises = models.OneToOneField("registry.Premises", models.PROTECT, related_name="market", verbose_name=_("市场"))
    division_code = models.CharField(_("区划"), max_length=12)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices, default=Kind.RETAIL)
    reported_on = models.DateField(_("开办报告日期"), null=True, blank=True)
    room = models.CharField(_("快检能力"), max_length=10, choices=Room.choices, default=Room.NONE)
    laboratory = models.CharField(_("受托检验机构"), max_length=120, blank=True)
    testers = models.PositiveSmallIntegerField(_("检测人员（人）"), default=0, validators=[MaxValueValidator(200)])
    tests_per_day = models.PositiveSmallIntegerField(
        _("每个营业日应检（批）"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    rest_weekday = models.PositiveSmallIntegerField(
        _("每周休市"), null=True, blank=True,
        choices=[(n, label) for n, label in enumerate((_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日")))],
    )  # fmt: skip
    since = models.DateField(_("建档日期"))
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("市场档案")
        verbose_name_plural = _("市场档案")
        ordering = ["division_code", "pk"]
        indexes = [models.Index(fields=["division_code", "id"], name="market_list")]

    def __str__(self) -> str:
        return self.premises.name

    def get_absolute_url(self) -> str:
        return reverse("produce_markets:market", args=[self.pk])


class Stall(models.Model):
    """A place inside a market. Who trades there is told by its tenancies."""

    declared = editable(kept_years=KEPT_YEARS)

    market = models.ForeignKey(Market, models.PROTECT, db_index=False, related_name="stalls", verbose_name=_("市场"))
    code = models.CharField(_("摊位号"), max_length=20)
    area = models.CharField(_("交易区"), max_length=40, blank=True)
    goods = models.CharField(_("经营品种"), max_length=10, choices=Goods.choices)
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("摊位")
        verbose_name_plural = _("摊位")
        ordering = ["market", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["market", "code"], name="market_stall_once", violation_error_message=_("这个摊位号已经有了。")
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}号"

    def get_absolute_url(self) -> str:
        return reverse("produce_markets:stall", args=[self.pk])


class Tenancy(models.Model):
    """Who trades at a stall from when to when, by which agreement, and what was checked of the person at the entry."""

    declared = editable(kept_years=KEPT_YEARS)

    stall = models.ForeignKey(Stall, models.PROTECT, db_index=False, related_name="tenancies", verbose_name=_("摊位"))
    operator = models.ForeignKey(
        "registry.Operator", models.PROTECT, related_name="stall_tenancies", verbose_name=_("入场销售者")
    )
    # The holder's own place in the register, where there is one; goods then arrive there, else at the market.
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="stall_tenancies", verbose_name=_("底册中的经营场所")
    )  # fmt: skip
    agreement = models.CharField(_("协议编号"), max_length=60, blank=True)
    signed_on = models.DateField(_("签订日期"), null=True, blank=True)
    starts_on = models.DateField(_("入场日期"))
    expires_on = models.DateField(_("协议到期"), null=True, blank=True)
    ended_on = models.DateField(_("退场日期"), null=True, blank=True)
    ended_why = models.CharField(_("退场原因"), max_length=200, blank=True)
    identity_checked_on = models.DateField(_("核验证照身份"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("入场协议")
        verbose_name_plural = _("入场协议")
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["stall", "-starts_on"], name="stall_tenancy_life")]
        constraints = [
            models.UniqueConstraint(
                fields=["stall"], condition=Q(ended_on=None), name="stall_one_holder",
                violation_error_message=_("这个摊位还有人经营，请先登记退场。"),
            ),
            models.CheckConstraint(
                condition=(Q(ended_on=None) | Q(ended_on__gte=F("starts_on")))
                & (Q(expires_on=None) | Q(expires_on__gte=F("starts_on"))),
                name="stall_tenancy_forward",
                violation_error_message=_("到期、退场日期早于入场日期，请核对。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.operator.name

    def get_absolute_url(self) -> str:
        return reverse("produce_markets:stall", args=[self.stall_id])


class HolderPaper(models.Model):
    """An entry document of somebody who trades at a stall. A newer one of the same kind stands in front."""

    declared = append_only(kept_years=KEPT_YEARS)

    class Kind(models.TextChoices):
        LICENCE = "licence", _("营业执照或身份证明")
        AGREEMENT = "agreement", _("入场（食品安全）协议")
        HEALTH_CARD = "health_card", _("健康证明")
        PROMISE = "promise", _("食品安全承诺书")

    tenancy = models.ForeignKey(Tenancy, models.PROTECT, related_name="papers", verbose_name=_("入场协议"))
    kind = models.CharField(_("材料"), max_length=12, choices=Kind.choices)
    file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("文件")
    )
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("入场材料")
        verbose_name_plural = _("入场材料")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Publication(models.Model):
    """Something the market put on its board. What stands is the latest of its item."""

    declared = append_only(personal={"text": Personal.CONTACT}, kept_years=KEPT_YEARS)

    market = models.ForeignKey(
        Market, models.PROTECT, db_index=False, related_name="publications", verbose_name=_("市场")
    )
    item = models.CharField(_("公示事项"), max_length=30)
    text = models.CharField(_("公示内容"), max_length=500)
    file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("照片")
    )
    published_on = models.DateField(_("公示日期"))
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("公示")
        verbose_name_plural = _("公示")
        ordering = ["-published_on", "-pk"]
        indexes = [models.Index(fields=["market", "item", "-published_on"], name="market_publication")]

    def __str__(self) -> str:
        return self.text[:60]


class Project(models.Model):
    """The upgrading of a market (升级改造): planned, built, handed in, accepted by somebody else."""

    declared = editable(kept_years=KEPT_YEARS)

    class Kind(models.TextChoices):
        DEMONSTRATION = "demonstration", _("培树典型")
        REBUILD = "rebuild", _("原地重建")
        RENOVATE = "renovate", _("翻新改造")
        ADJUST = "adjust", _("调整布局")
        CLOSE = "close", _("关闭")

    class State(models.TextChoices):
        RUNNING = "running", _("进行中")
        SUBMITTED = "submitted", _("待验收")
        ACCEPTED = "accepted", _("已验收")
        STOPPED = "stopped", _("已终止")

    market = models.ForeignKey(Market, models.PROTECT, related_name="projects", verbose_name=_("市场"))
    division_code = models.CharField(_("区划"), max_length=12)
    kind = models.CharField(_("方式"), max_length=14, choices=Kind.choices)
    title = models.CharField(_("项目名称"), max_length=120)
    budget = models.DecimalField(
        _("投资（万元）"), max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    starts_on = models.DateField(_("开始日期"))
    due_on = models.DateField(_("计划完成"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.RUNNING)
    submitted_at = models.DateTimeField(_("提请验收时间"), null=True, blank=True)
    submitted_by = models.CharField(_("提请人"), max_length=150, blank=True)
    accepted_at = models.DateTimeField(_("验收时间"), null=True, blank=True)
    accepted_by = models.CharField(_("验收人"), max_length=150, blank=True)
    opinion = models.CharField(_("验收意见、终止原因"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("立项登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("升级改造项目")
        verbose_name_plural = _("升级改造项目")
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["division_code", "state", "due_on"], name="market_project_list")]
        constraints = [
            told_together("submitted_at", "submitted_by", "market_project_submitted"),
            told_together("accepted_at", "accepted_by", "market_project_accepted"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")), name="market_project_forward",
                violation_error_message=_("计划完成日期早于开始日期，请核对。"),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | ~Q(accepted_by=F("submitted_by")), name="market_project_second",
                violation_error_message=_("提请验收的人不能自己验收，请由另一名人员办理。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("produce_markets:project", args=[self.pk])


class Milestone(models.Model):
    """One step of an upgrading, reached with evidence or late."""

    declared = editable(kept_years=KEPT_YEARS)

    project = models.ForeignKey(Project, models.PROTECT, related_name="milestones", verbose_name=_("项目"))
    name = models.CharField(_("节点"), max_length=80)
    due_on = models.DateField(_("应完成"))
    reached_on = models.DateField(_("完成日期"), null=True, blank=True)
    file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("证据")
    )
    note = models.CharField(_("说明"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("登记完成时间"), null=True, blank=True)
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("项目节点")
        verbose_name_plural = _("项目节点")
        ordering = ["due_on", "pk"]
        constraints = [told_together("recorded_at", "recorded_by", "market_milestone_told")]

    def __str__(self) -> str:
        return self.name
