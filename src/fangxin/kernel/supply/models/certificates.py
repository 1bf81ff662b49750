from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import Personal, append_only, editable, told_together

# Quantities are compared and summed as whole thousandths: both databases agree on whole numbers.
THOUSAND = 1000
MOST_QUANTITY = Decimal(1_000_000)


def thousandths(quantity: Decimal) -> int:
    return int(quantity * THOUSAND)


def from_thousandths(count: int) -> Decimal:
    return (Decimal(count) / THOUSAND).quantize(Decimal("0.001"))


class CertificateKey(models.Model):
    """A public key by which labels can be checked without the platform, and when it signed."""

    declared = editable()

    key_id = models.CharField(_("密钥编号"), max_length=16, unique=True)
    public_pem = models.TextField(_("公钥"), max_length=500)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("合格证签名公钥")
        verbose_name_plural = _("合格证签名公钥")
        ordering = ["valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="certificate_key_span_forward"
            )
        ]

    def __str__(self) -> str:
        return self.key_id


class CertifiedBatch(models.Model):
    """How much of a batch has been certified: the database refuses what would go beyond the harvest."""

    declared = editable(kept_years=3)

    subject_type = models.CharField(_("批次类型"), max_length=100)
    subject_id = models.CharField(_("批次编号"), max_length=64)
    certified = models.PositiveBigIntegerField(_("已开证数量（千分之一）"), default=0)

    class Meta:
        verbose_name = _("批次开证累计")
        verbose_name_plural = _("批次开证累计")
        constraints = [models.UniqueConstraint(fields=["subject_type", "subject_id"], name="certified_batch_once")]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"


class Certificate(models.Model):
    """A certificate of compliance: who promises what for how much of which food."""

    declared = editable(personal={"contact": Personal.CONTACT}, kept_years=3)

    class State(models.TextChoices):
        ISSUED = "issued", _("有效")
        WITHDRAWN = "withdrawn", _("已撤回")
        REVOKED = "revoked", _("已撤销")

    class Made(models.TextChoices):
        ORIGIN = "origin", _("产地开具")
        AGAIN = "again", _("混装分装后重新开具")

    class Unit(models.TextChoices):
        KILOGRAM = "kg", _("千克")
        HEAD = "head", _("头（只、羽）")
        PIECE = "piece", _("件")

    number = models.CharField(_("合格证编号"), max_length=24, unique=True)
    # The signed code of the label; empty while the platform has no key to sign with.
    code = models.TextField(_("防伪码"), blank=True, max_length=600)
    key_id = models.CharField(_("密钥编号"), max_length=16, blank=True)
    digest = models.CharField(_("内容摘要"), max_length=24)
    made = models.CharField(_("开具方式"), max_length=6, choices=Made.choices, default=Made.ORIGIN)
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, related_name="certificates", db_index=False, verbose_name=_("开具主体")
    )
    lot = models.OneToOneField(
        "supply.Lot", models.PROTECT, null=True, blank=True, related_name="certificate", verbose_name=_("批次")
    )
    # The batch of a farm's own records, where it keeps them here.
    subject_type = models.CharField(_("批次类型"), max_length=100, blank=True)
    subject_id = models.CharField(_("批次记录"), max_length=64, blank=True)
    parcels = models.ManyToManyField("registry.Parcel", blank=True, related_name="+", verbose_name=_("地块"))
    food = models.CharField(_("产品名称"), max_length=30)
    food_class = models.CharField(_("食品类别"), max_length=40, blank=True)
    quantity = models.DecimalField(
        _("数量（重量）"),
        max_digits=12,
        decimal_places=3,
        validators=[MinValueValidator(Decimal("0.001")), MaxValueValidator(MOST_QUANTITY)],
    )
    unit = models.CharField(_("单位"), max_length=6, choices=Unit.choices, default=Unit.KILOGRAM)
    # What buyers took over and what went into later certificates of the same issuer.
    taken = models.PositiveBigIntegerField(_("已交付数量（千分之一）"), default=0)
    harvested_on = models.DateField(_("采收（出栏）日期"), null=True, blank=True)
    division_code = models.CharField(_("开具地区划"), max_length=12)
    # Where it grew; for a mixture the division that holds every origin.
    origin_code = models.CharField(_("产地区划"), max_length=12)
    origin = models.CharField(_("产地"), max_length=120)
    producer = models.CharField(_("开具主体名称"), max_length=30)
    contact = models.CharField(_("联系方式"), max_length=30, blank=True)
    commitments = models.JSONField(_("承诺内容"), default=list)
    bases = models.JSONField(_("承诺依据"), default=list)
    basis_note = models.CharField(_("检测报告或记录"), max_length=120, blank=True)
    edition = models.CharField(_("适用规定版本"), max_length=40)
    issued_on = models.DateField(_("开具日期"))
    issued_at = models.DateTimeField(_("开具时间"))
    issued_by = models.CharField(_("开具人"), max_length=150)
    issued_for = models.BooleanField(_("代开"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.ISSUED)
    ended_at = models.DateTimeField(_("撤回（撤销）时间"), null=True, blank=True)
    ended_by = models.CharField(_("撤回（撤销）人"), max_length=150, blank=True)
    ended_reason = models.CharField(_("撤回（撤销）原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("承诺达标合格证")
        verbose_name_plural = _("承诺达标合格证")
        ordering = ["-issued_on", "-number"]
        indexes = [
            models.Index(fields=["division_code", "-issued_on", "-number"], name="certificate_list"),
            models.Index(fields=["premises", "-issued_on", "-number"], name="certificate_premises"),
            models.Index(fields=["subject_type", "subject_id"], name="certificate_subject"),
        ]
        constraints = [
            told_together("ended_at", "ended_by", "certificate_ended_told"),
            models.CheckConstraint(
                condition=Q(state="issued", ended_at=None) | (~Q(state="issued") & Q(ended_at__isnull=False)),
                name="certificate_state",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="certificate_quantity",
                violation_error_message=_("数量应大于 0。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.food} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("supply:certificate", args=[self.pk])

    @property
    def left(self) -> Decimal:
        return max(Decimal(0), from_thousandths(thousandths(self.quantity) - self.taken))


class CertificateSource(models.Model):
    """Out of which certificates a later one was made, and how much of each."""

    declared = append_only(kept_years=3)

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="sources", verbose_name=_("重新开具的合格证")
    )
    source = models.ForeignKey(Certificate, models.PROTECT, related_name="used_in", verbose_name=_("原合格证"))
    quantity = models.DecimalField(_("数量"), max_digits=12, decimal_places=3)

    class Meta:
        verbose_name = _("原合格证")
        verbose_name_plural = _("原合格证")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "source"], name="certificate_source_once"),
            models.CheckConstraint(condition=~Q(certificate=F("source")), name="certificate_not_from_itself"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="certificate_source_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.certificate}"


class Collection(models.Model):
    """A buyer took goods over with their certificate: the duty to ask for it and to keep it."""

    declared = editable(kept_years=3)

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="collections", verbose_name=_("合格证"))
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, related_name="collected_certificates", verbose_name=_("收取场所")
    )
    receipt = models.OneToOneField(
        "supply.Receipt", models.PROTECT, null=True, blank=True, related_name="collection", verbose_name=_("进货记录")
    )
    quantity = models.DecimalField(_("数量"), max_digits=12, decimal_places=3)
    # How much of it the buyer has put under certificates of its own.
    used = models.PositiveBigIntegerField(_("已重新开证数量（千分之一）"), default=0)
    division_code = models.CharField(_("区划"), max_length=12)
    collected_at = models.DateTimeField(_("收取时间"))
    collected_by = models.CharField(_("收取人"), max_length=150)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.CharField(_("撤销人"), max_length=150, blank=True)
    # Set when a certificate it rests on is revoked; the buyer says what was done.
    told_at = models.DateTimeField(_("通知撤销时间"), null=True, blank=True)
    heeded_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    heeded_by = models.CharField(_("处理人"), max_length=150, blank=True)
    heeded_note = models.CharField(_("处理情况"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("收取合格证")
        verbose_name_plural = _("收取合格证")
        ordering = ["-collected_at", "-pk"]
        indexes = [
            models.Index(fields=["division_code", "-collected_at"], name="collection_list"),
            models.Index(fields=["told_at"], condition=Q(told_at__isnull=False), name="collection_told"),
        ]
        constraints = [
            told_together("undone_at", "undone_by", "collection_undone_told"),
            told_together("heeded_at", "heeded_by", "collection_heeded_told"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="collection_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.premises} {self.certificate}"

    @property
    def left(self) -> Decimal:
        return max(Decimal(0), from_thousandths(thousandths(self.quantity) - self.used))


class Scan(models.Model):
    """A code was looked at: when, and about where if the person allowed it. Nothing about the person."""

    declared = editable(kept_years=1)

    class Outcome(models.TextChoices):
        GENUINE = "genuine", _("真")
        UNSIGNED = "unsigned", _("按编号查到")
        REVOKED = "revoked", _("已撤销")
        WITHDRAWN = "withdrawn", _("已撤回")
        FORGED = "forged", _("假码")
        UNKNOWN = "unknown", _("查不到")

    certificate = models.ForeignKey(
        Certificate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="scans",
        db_index=False,
        verbose_name=_("合格证"),
    )
    # What a code claimed that is none of ours.
    claimed = models.CharField(_("码上编号"), max_length=24, blank=True)
    outcome = models.CharField(_("查验结果"), max_length=10, choices=Outcome.choices)
    at = models.DateTimeField(_("时间"))
    # Rounded to a hundredth of a degree, about a kilometre.
    longitude = models.FloatField(
        _("大致经度"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    latitude = models.FloatField(
        _("大致纬度"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("场所")
    )

    class Meta:
        verbose_name = _("扫码记录")
        verbose_name_plural = _("扫码记录")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["certificate", "-at"], name="scan_of_certificate"),
            models.Index(fields=["-at"], condition=Q(outcome__in=["forged", "unknown"]), name="scan_false"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="scan_point_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.claimed or self.certificate_id} {self.at:%Y-%m-%d %H:%M}"


class CopyClue(models.Model):
    """A sign that a code was copied or made up; market supervision looks into it."""

    declared = editable(kept_years=3)

    class Kind(models.TextChoices):
        FAR_APART = "far_apart", _("两地同时出现")
        TOO_MANY = "too_many", _("查看次数超过货量")
        OVER_TAKEN = "over_taken", _("数量用完后又被收取")
        FORGED = "forged", _("假码冒用编号")

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="clues", verbose_name=_("合格证"))
    kind = models.CharField(_("情形"), max_length=10, choices=Kind.choices)
    text = models.CharField(_("说明"), max_length=300)
    first = models.ForeignKey(
        Scan, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("第一次扫码")
    )
    second = models.ForeignKey(
        Scan, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("第二次扫码")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    matter_key = models.CharField(_("问题线索"), max_length=100, unique=True)
    found_at = models.DateTimeField(_("发现时间"))
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    closed_by = models.CharField(_("办结人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("合格证复制线索")
        verbose_name_plural = _("合格证复制线索")
        ordering = ["-found_at", "-pk"]
        indexes = [models.Index(fields=["division_code", "-found_at"], name="copy_clue_list")]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "kind"], name="copy_clue_once"),
            told_together("closed_at", "closed_by", "copy_clue_closed_told"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.certificate.number}"
