from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.laboratory.models.kinds import Part, Purpose, Regime, Stage, Storage
from fangxin.kernel.laboratory.models.plans import PlanLine, SamplingTask
from fangxin.kernel.ledger.api import Personal, append_only, editable, told_together


class Sample(models.Model):
    """What was taken, from whom, how; the form both sides sign. The laboratory's tests and verdicts hang on it."""

    declared = editable(
        personal={"subject_signer": Personal.NAME, "sampler_name": Personal.NAME, "second_sampler_name": Personal.NAME},
        kept_years=6,
    )

    class State(models.TextChoices):
        TAKEN = "taken", _("已抽样，待送检")
        SENT = "sent", _("送检途中")
        RECEIVED = "received", _("已接收，待检验")
        TESTING = "testing", _("检验中")
        REPORTED = "reported", _("已出报告")
        REFUSED = "refused", _("检验机构拒收")
        CANCELLED = "cancelled", _("已作废")

    number = models.CharField(_("抽样编号"), max_length=24, unique=True)
    task = models.OneToOneField(
        SamplingTask, models.PROTECT, null=True, blank=True, related_name="sample", verbose_name=_("抽样任务")
    )
    plan_line = models.ForeignKey(
        PlanLine, models.PROTECT, null=True, blank=True, related_name="samples", verbose_name=_("计划格")
    )
    purpose = models.CharField(_("任务类别"), max_length=16, choices=Purpose.choices)
    regime = models.CharField(_("适用规则"), max_length=12, choices=Regime.choices, default=Regime.MARKET)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.TAKEN)
    # --- from whom and where ---
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="samples", verbose_name=_("抽样对象")
    )
    parcel = models.ForeignKey(
        "registry.Parcel",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="samples",
        verbose_name=_("地块、塘、圈舍"),
    )
    # As it was called on the day.
    subject_name = models.CharField(_("被抽样单位"), max_length=120)
    stage = models.CharField(_("环节"), max_length=12, choices=Stage.choices)
    division_code = models.CharField(_("区划"), max_length=12)
    place = models.CharField(_("抽样地点"), max_length=120, blank=True)
    latitude = models.FloatField(
        _("纬度"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("经度"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    # --- of what ---
    food = models.CharField(_("食品名称"), max_length=80)
    # The plan's class (食品大类); the class by which a limit is found is chosen at the verdict.
    food_class = models.CharField(_("食品大类"), max_length=40)
    brand = models.CharField(_("商标"), max_length=60, blank=True)
    specification = models.CharField(_("规格型号"), max_length=60, blank=True)
    batch = models.CharField(_("批号"), max_length=60, blank=True)
    production_on = models.DateField(_("生产（购进）日期"), null=True, blank=True)
    best_before_on = models.DateField(_("保质期至"), null=True, blank=True)
    producer = models.CharField(_("标称生产者"), max_length=120, blank=True)
    storage = models.CharField(_("储存条件"), max_length=8, choices=Storage.choices, default=Storage.NORMAL)
    # --- how much, and paid ---
    quantity = models.DecimalField(_("抽样数量"), max_digits=10, decimal_places=3, validators=[MinValueValidator(0)])
    quantity_unit = models.CharField(_("计量单位"), max_length=10)
    # Risk monitoring needs no duplicate; everything else needs one, or a reason that is looked at.
    no_duplicate_reason = models.CharField(_("没有备样的原因"), max_length=200, blank=True)
    # What is on sale of the batch when it is sampled.
    stock = models.DecimalField(
        _("抽样基数"), max_digits=12, decimal_places=3, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    unit_price = models.DecimalField(
        _("单价（元）"), max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    price_paid = models.DecimalField(
        _("实付金额（元）"), max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    temperature = models.DecimalField(_("抽样时温度（℃）"), max_digits=5, decimal_places=1, null=True, blank=True)
    # --- by whom, and signed ---
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("组织单位"))
    sampler = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("抽样人员"))
    second_sampler = models.ForeignKey("people.User", models.PROTECT, related_name="+", verbose_name=_("同行抽样人员"))
    sampler_name = models.CharField(_("抽样人姓名"), max_length=60)
    second_sampler_name = models.CharField(_("同行人姓名"), max_length=60)
    sampled_on = models.DateField(_("抽样日期"))
    sampled_at = models.DateTimeField(_("抽样时间"))
    subject_signer = models.CharField(_("被抽样单位签字人"), max_length=60, blank=True)
    subject_signature = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签名")
    )
    refusal_reason = models.CharField(_("拒签情况"), max_length=300, blank=True)
    witness = models.CharField(_("见证人"), max_length=60, blank=True)
    # --- to which laboratory ---
    laboratory = models.ForeignKey(
        "people.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承检机构")
    )
    blind = models.BooleanField(_("盲样"), default=False)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)
    cancelled_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    cancelled_by = models.CharField(_("作废人"), max_length=150, blank=True)
    cancelled_reason = models.CharField(_("作废原因"), max_length=200, blank=True)
    note = models.CharField(_("备注"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("样品")
        verbose_name_plural = _("样品")
        ordering = ["-sampled_on", "-number"]
        indexes = [
            models.Index(fields=["division_code", "-sampled_on", "-number"], name="sample_list"),
            models.Index(fields=["laboratory", "state", "sampled_on"], name="sample_laboratory"),
            models.Index(fields=["premises", "-sampled_on"], name="sample_premises"),
        ]
        constraints = [
            told_together("cancelled_at", "cancelled_by", "sample_cancelled_told"),
            models.CheckConstraint(
                condition=Q(state="cancelled") & ~Q(cancelled_reason="")
                | ~Q(state="cancelled") & Q(cancelled_reason=""),
                name="sample_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(sampler=F("second_sampler")),
                name="sample_two_samplers",
                violation_error_message=_("抽样人员不少于两名，请选择另一名同行人员。"),
            ),
            models.CheckConstraint(
                condition=Q(production_on=None) | Q(production_on__lte=F("sampled_on")),
                name="sample_made_before_taken",
                violation_error_message=_("生产日期晚于抽样日期，请核对。"),
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="sample_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.food}"

    def get_absolute_url(self) -> str:
        return reverse("laboratory:sample", args=[self.pk])


class OnlinePurchase(models.Model):
    """How a sample was bought on the network: who bought, from which shop, with which order; opened on camera."""

    declared = editable(
        personal={"buyer": Personal.NAME, "account": Personal.CONTACT, "delivered_to": Personal.CONTACT}, kept_years=6
    )

    sample = models.OneToOneField(Sample, models.CASCADE, related_name="online", verbose_name=_("样品"))
    platform = models.CharField(_("平台"), max_length=60)
    shop_name = models.CharField(_("网店名称"), max_length=100)
    shop_url = models.CharField(_("网店地址"), max_length=300, blank=True)
    buyer = models.CharField(_("买样人员"), max_length=60)
    account = models.CharField(_("买样账户"), max_length=60)
    delivered_to = models.CharField(_("收货地址"), max_length=200)
    order_number = models.CharField(_("订单号"), max_length=60)
    paid_by = models.CharField(_("付款方式"), max_length=60, blank=True)
    unpacked_at = models.DateTimeField(_("拆封时间"))

    class Meta:
        verbose_name = _("网络购样")
        verbose_name_plural = _("网络购样")

    def __str__(self) -> str:
        return self.order_number


class Seal(models.Model):
    """A seal on one part of a sample."""

    declared = append_only()

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="seals", verbose_name=_("样品"))
    part = models.CharField(_("份"), max_length=10, choices=Part.choices)
    number = models.CharField(
        _("封条编号"), max_length=40, unique=True, error_messages={"unique": _("这个封条编号已经用过，请核对封条。")}
    )
    sealed_at = models.DateTimeField(_("加封时间"))

    class Meta:
        verbose_name = _("封条")
        verbose_name_plural = _("封条")
        ordering = ["sample", "part", "pk"]

    def __str__(self) -> str:
        return self.number


class Duplicate(models.Model):
    """The part that is kept for a re-test: how much, where, until when, and its end."""

    declared = editable()

    class State(models.TextChoices):
        KEPT = "kept", _("保存中")
        HANDED_OVER = "handed_over", _("已移交复检")
        DESTROYED = "destroyed", _("已处置")

    sample = models.OneToOneField(Sample, models.PROTECT, related_name="duplicate", verbose_name=_("样品"))
    quantity = models.DecimalField(_("备样数量"), max_digits=10, decimal_places=3, validators=[MinValueValidator(0)])
    quantity_unit = models.CharField(_("计量单位"), max_length=10)
    holder = models.ForeignKey(
        "people.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("保存单位")
    )
    place = models.CharField(_("存放位置"), max_length=100, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.KEPT)
    # Known with the result: conforming three months, nonconforming six, never beyond the shelf life.
    keep_until = models.DateField(_("保存至"), null=True, blank=True)
    keep_basis = models.CharField(_("保存期限依据"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("移交或处置时间"), null=True, blank=True)
    ended_by = models.CharField(_("移交或处置人"), max_length=150, blank=True)
    ended_note = models.CharField(_("移交或处置说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("备份样品")
        verbose_name_plural = _("备份样品")
        ordering = ["keep_until", "pk"]
        indexes = [models.Index(fields=["state", "keep_until"], name="duplicate_keeping")]
        constraints = [
            told_together("ended_at", "ended_by", "duplicate_ended_told"),
            models.CheckConstraint(
                condition=Q(state="kept", ended_at=None) | ~Q(state="kept") & Q(ended_at__isnull=False),
                name="duplicate_ended_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample} {self.get_state_display()}"


class SamplePhoto(models.Model):
    """A picture of the sampling, or a screenshot of the network shop."""

    declared = append_only()

    class Kind(models.TextChoices):
        PLACE = "place", _("现场")
        PRODUCT = "product", _("样品和标签")
        SEAL = "seal", _("封条")
        RECEIPT = "receipt", _("购样票据")
        SCREENSHOT = "screenshot", _("网页截图")
        UNPACKING = "unpacking", _("拆封")

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="photos", verbose_name=_("样品"))
    kind = models.CharField(_("内容"), max_length=12, choices=Kind.choices)
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("文件"))
    added_at = models.DateTimeField(_("上传时间"))
    added_by = models.CharField(_("上传人"), max_length=150)

    class Meta:
        verbose_name = _("抽样照片")
        verbose_name_plural = _("抽样照片")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class Irregularity(models.Model):
    """Something in the taking or receiving of a sample that the rules do not allow, noticed by the platform."""

    declared = editable()

    class Kind(models.TextChoices):
        UNPAID = "unpaid", _("没有付费购买样品")
        NO_DUPLICATE = "no_duplicate", _("没有备份样品")
        BROKEN_SEAL = "broken_seal", _("封条破损仍接收")
        LATE_RECEIPT = "late_receipt", _("超过时限才送达检验机构")

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="irregularities", verbose_name=_("样品"))
    kind = models.CharField(_("情形"), max_length=14, choices=Kind.choices)
    text = models.CharField(_("说明"), max_length=300)
    clause = models.CharField(_("依据"), max_length=200)
    noticed_at = models.DateTimeField(_("发现时间"))
    matter_key = models.CharField(_("问题标识"), max_length=120, blank=True, db_index=True)
    closed_at = models.DateTimeField(_("整改时间"), null=True, blank=True)
    closed_by = models.CharField(_("确认人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("抽样不规范情形")
        verbose_name_plural = _("抽样不规范情形")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "kind"], name="irregularity_once"),
            told_together("closed_at", "closed_by", "irregularity_closed_told"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
