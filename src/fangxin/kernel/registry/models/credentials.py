from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.declarations import Personal, editable
from fangxin.kernel.registry.rules import code_validator, new_token


class Credential(models.Model):
    """A licence, registration or record-filing of premises. A renewal is a new row that points to the old one."""

    declared = editable(personal={"token": Personal.SECRET}, kept_years=5)

    class Kind(models.TextChoices):
        PRODUCTION_LICENCE = "production_licence", _("食品生产许可证")
        BUSINESS_LICENCE = "business_licence", _("食品经营许可证")
        SMALL_WORKSHOP_REGISTRATION = "small_workshop_registration", _("食品小作坊登记证")
        SMALL_SHOP_REGISTRATION = "small_shop_registration", _("食品小经营店登记证")
        STALL_CARD = "stall_card", _("食品小摊点备案卡")
        PREPACKAGED_FILING = "prepackaged_filing", _("仅销售预包装食品备案")
        PLATFORM_FILING = "platform_filing", _("网络平台（自建网站）备案")
        IMPORTER_FILING = "importer_filing", _("进口食品收货人备案")
        COLD_STORE_FILING = "cold_store_filing", _("贮存服务提供者备案")
        MARKET_REPORT = "market_report", _("集中交易市场开办报告")

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, db_index=False, related_name="credentials", verbose_name=_("经营场所")
    )
    # Copied from the premises, so that a jurisdiction's list is one range of one index.
    division_code = models.CharField(_("区划"), max_length=12, validators=[code_validator])
    kind = models.CharField(_("证件"), max_length=30, choices=Kind.choices)
    number = models.CharField(_("编号"), max_length=60, blank=True)
    seen_on_paper = models.BooleanField(_("编号已与原件核对"), default=False)
    scope = models.CharField(_("范围"), max_length=300, blank=True)
    issuer = models.CharField(_("发证（备案）机关"), max_length=100, blank=True)
    issued_on = models.DateField(_("发证日期"))
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    revoked_on = models.DateField(_("失效日期"), null=True, blank=True)
    revoke_reason = models.CharField(_("失效原因"), max_length=200, blank=True)
    renews = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="renewed_by", verbose_name=_("延续自")
    )
    token = models.CharField(_("查验码"), max_length=40, unique=True, default=new_token, editable=False)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("证件")
        verbose_name_plural = _("证件")
        ordering = ["division_code", "expires_on", "pk"]
        indexes = [
            models.Index(fields=["division_code", "expires_on", "id"], name="credential_list"),
            models.Index(fields=["number"], name="credential_number"),
            models.Index(fields=["premises", "expires_on"], name="credential_premises"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number", "issued_on"],
                condition=~Q(number=""),
                name="credential_once",
                violation_error_message=_("同一编号、同一发证日期的证件已在底册中。"),
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
                name="credential_span_forward",
                violation_error_message=_("有效期早于发证日期，请核对。"),
            ),
            models.CheckConstraint(
                condition=Q(revoked_on=None, revoke_reason="") | (Q(revoked_on__isnull=False) & ~Q(revoke_reason="")),
                name="credential_revoked_with_reason",
                violation_error_message=_("证件失效须写明日期和原因。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()
