from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxin.engines.identifiers import check_credit_code
from fangxin.kernel.ledger.declarations import Personal, append_only, editable
from fangxin.kernel.registry.rules import RestaurantSize, code_validator, require_credit_code


class Operator(models.Model):
    """Who answers for premises: a firm, a self-employed person, an institution, or a person without a code."""

    declared = editable(personal={"legal_representative": Personal.NAME, "phone": Personal.CONTACT}, kept_years=5)

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业")
        SELF_EMPLOYED = "self_employed", _("个体工商户")
        COOPERATIVE = "cooperative", _("农民专业合作社")
        INSTITUTION = "institution", _("机关、学校、医院等单位")
        INDIVIDUAL = "individual", _("个人（摊点等）")

    class IdentityKind(models.TextChoices):
        CREDIT_CODE = "credit_code", _("统一社会信用代码")
        NONE = "none", _("尚无代码")

    name = models.CharField(_("名称"), max_length=120)
    identity_kind = models.CharField(
        _("身份依据"), max_length=12, choices=IdentityKind.choices, default=IdentityKind.CREDIT_CODE
    )
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, validators=[require_credit_code])
    kind = models.CharField(_("类型"), max_length=14, choices=Kind.choices)
    legal_representative = models.CharField(_("法定代表人（负责人）"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    agency = models.ForeignKey(
        "people.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登录用机构")
    )
    division_code = models.CharField(_("区划"), max_length=12, validators=[code_validator])
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("经营主体")
        verbose_name_plural = _("经营主体")
        ordering = ["division_code", "name", "pk"]
        indexes = [models.Index(fields=["division_code", "name", "id"], name="operator_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~Q(uscc=""),
                name="operator_uscc_once",
                violation_error_message=_("这个统一社会信用代码已在底册中，请查到原有主体后直接使用。"),
            ),
            models.CheckConstraint(
                condition=(Q(identity_kind="none", uscc="") | (Q(identity_kind="credit_code") & ~Q(uscc=""))),
                name="operator_identity_fits",
                violation_error_message=_("有统一社会信用代码的请填写代码；没有的请把身份依据选为“尚无代码”。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.uscc:
            self.uscc = check_credit_code(self.uscc).normalized


class Premises(models.Model):
    """Where food is made, stored, sold or served. The row says what holds now; dated facts say what held when."""

    declared = editable(personal={"phone": Personal.CONTACT}, kept_years=5)

    class Kind(models.TextChoices):
        FOOD_PRODUCER = "food_producer", _("食品生产企业")
        SMALL_WORKSHOP = "small_workshop", _("食品小作坊")
        SMALL_SHOP = "small_shop", _("食品小经营店")
        STALL = "stall", _("食品小摊点")
        FOOD_SALES = "food_sales", _("食品销售")
        RESTAURANT = "restaurant", _("餐饮服务")
        CANTEEN = "canteen", _("单位食堂")
        SCHOOL_CANTEEN = "school_canteen", _("学校（含托幼）食堂")
        GROUP_MEAL = "group_meal", _("集体用餐配送单位")
        CENTRAL_KITCHEN = "central_kitchen", _("中央厨房")
        OFF_CAMPUS_SUPPLIER = "off_campus_supplier", _("校外供餐单位")
        PRODUCE_MARKET = "produce_market", _("食用农产品集中交易市场")
        HEALTH_FOOD_SHOP = "health_food_shop", _("保健食品经营")
        IMPORTER = "importer", _("进口食品经营")
        ONLINE_PLATFORM = "online_platform", _("网络平台及分支、代理")
        FARM = "farm", _("种植养殖主体")
        HEALTH_INSTITUTION = "health_institution", _("医疗卫生机构")
        GRAIN_DEPOT = "grain_depot", _("粮食库点")
        MONITORED_ENTERPRISE = "monitored_enterprise", _("重点监测企业")

    class Status(models.TextChoices):
        OPERATING = "operating", _("在营")
        SUSPENDED = "suspended", _("停业")
        LOST = "lost", _("失联")
        CLOSED = "closed", _("注销")

    operator = models.ForeignKey(
        Operator, models.PROTECT, db_index=False, related_name="premises", verbose_name=_("经营主体")
    )
    number = models.CharField(_("底册编号"), max_length=20, unique=True)
    name = models.CharField(_("名称（招牌）"), max_length=120)
    kind = models.CharField(_("类别"), max_length=20, choices=Kind.choices)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    division_code = models.CharField(_("区划"), max_length=12, validators=[code_validator])
    rural = models.BooleanField(_("农村"), default=False)
    latitude = models.FloatField(
        _("纬度（WGS-84）"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("经度（WGS-84）"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    area_m2 = models.DecimalField(
        _("使用面积（平方米）"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    seats = models.PositiveIntegerField(_("餐位数"), null=True, blank=True, validators=[MaxValueValidator(100_000)])
    size_class = models.CharField(_("餐饮规模"), max_length=12, choices=RestaurantSize.choices, blank=True)
    status = models.CharField(_("状态"), max_length=12, choices=Status.choices, default=Status.OPERATING)
    opened_on = models.DateField(_("开业日期"), null=True, blank=True)
    closed_on = models.DateField(_("注销日期"), null=True, blank=True)
    # Whether dated facts tell an earlier kind, place in the country, size or status than the row does.
    has_history = models.BooleanField(_("有变更"), default=False, editable=False)
    # Without an index of its own: nearly every row is empty here, and SQLite would take that index for the best one.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="merged_from",
        verbose_name=_("并入"),
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("经营场所")
        verbose_name_plural = _("经营场所")
        ordering = ["division_code", "name", "pk"]
        indexes = [
            # The list of a jurisdiction in its order, counted from the index alone.
            models.Index(fields=["division_code", "name", "id"], condition=Q(merged_into=None), name="premises_list"),
            models.Index(
                fields=["kind", "division_code", "name", "id"], condition=Q(merged_into=None), name="premises_kind"
            ),
            models.Index(
                fields=["status", "division_code", "name", "id"], condition=Q(merged_into=None), name="premises_status"
            ),
            models.Index(fields=["operator", "id"], name="premises_operator"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="premises_merged"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(status="closed") & Q(closed_on__isnull=False))
                | (~Q(status="closed") & Q(closed_on__isnull=True)),
                name="premises_closed_dated",
                violation_error_message=_("已注销的须有注销日期，未注销的不能有注销日期。"),
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(opened_on=None) | Q(closed_on__gte=F("opened_on")),
                name="premises_span_forward",
                violation_error_message=_("注销日期早于开业日期，请核对。"),
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="premises_point_whole",
                violation_error_message=_("经度和纬度须同时填写。"),
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="premises_not_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PremisesFact(models.Model):
    """A dated value about premises. In force on a day: the row with the greatest (valid_from, id) that covers it.

    A new value is a new row; a row with an empty value withdraws what stood from that day. Names without a dot in
    front belong to the registry itself; the others are attributes that actions offer.
    """

    declared = append_only(kept_years=5)

    premises = models.ForeignKey(
        Premises, models.PROTECT, db_index=False, related_name="facts", verbose_name=_("经营场所")
    )
    name = models.CharField(_("事项"), max_length=80)
    value = models.CharField(_("取值"), max_length=200, blank=True)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)
    evidence = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("证据")
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("事实")
        verbose_name_plural = _("事实")
        ordering = ["-valid_from", "-pk"]
        indexes = [models.Index(fields=["premises", "name", "valid_from"], name="fact_in_force")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="fact_span_forward",
                violation_error_message=_("截止日期应晚于起始日期。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"
