from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.small_operators.models.fields import Kind, place_validator
from fangxin.kernel.ledger.api import Personal, append_only, editable, told_together


class Application(models.Model):
    """Somebody asks for a registration or a card, for its renewal, its change or its end."""

    declared = editable(personal={"principal": Personal.NAME, "phone": Personal.CONTACT}, kept_years=5)

    class Purpose(models.TextChoices):
        NEW = "new", _("新办")
        RENEWAL = "renewal", _("延续")
        CHANGE = "change", _("变更")
        CANCELLATION = "cancellation", _("注销")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("已提交，待核材料")
        INCOMPLETE = "incomplete", _("待补材料")
        ACCEPTED = "accepted", _("已受理")
        REVIEWED = "reviewed", _("已审查，待决定")
        ISSUED = "issued", _("已办结")
        REFUSED = "refused", _("不予办理")
        WITHDRAWN = "withdrawn", _("已撤回")

    class HolderKind(models.TextChoices):
        SELF_EMPLOYED = "self_employed", _("个体工商户")
        INDIVIDUAL = "individual", _("个人（摊点等）")
        ENTERPRISE = "enterprise", _("公司等企业")
        COOPERATIVE = "cooperative", _("农民专业合作社")

    class Water(models.TextChoices):
        PUBLIC = "public", _("自来水（集中供水）")
        WELL_TESTED = "well_tested", _("自备井，有水质检测报告")
        WELL_UNTESTED = "well_untested", _("自备井，没有检测")
        OTHER = "other", _("其他")

    class Opinion(models.TextChoices):
        GRANT = "grant", _("符合条件，建议办理")
        REFUSE = "refuse", _("不符合条件，建议不予办理")

    number = models.CharField(_("申请编号"), max_length=24, unique=True)
    purpose = models.CharField(_("事项"), max_length=12, choices=Purpose.choices)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.DRAFT)
    division_code = models.CharField(_("区划"), max_length=12, validators=[place_validator])
    # The login of the shop that applies for itself; empty for an application on paper, entered by a clerk.
    agency = models.ForeignKey(
        "people.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("申请单位")
    )
    premises = models.ForeignKey(
        "registry.Premises",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="small_applications",
        verbose_name=_("经营场所"),
    )
    # What is to be renewed, changed or ended.
    credential = models.ForeignKey(
        "registry.Credential", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("原证件")
    )
    issued = models.OneToOneField(
        "registry.Credential",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="small_application",
        verbose_name=_("所发证件"),
    )

    holder_name = models.CharField(_("经营者名称"), max_length=120, help_text=_("营业执照上的名称；摊点写常用名称。"))
    operator_kind = models.CharField(_("经营者类型"), max_length=14, choices=HolderKind.choices)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    principal = models.CharField(_("负责人"), max_length=60, blank=True)
    phone = models.CharField(_("手机"), max_length=30, blank=True)
    sign_name = models.CharField(_("招牌名称"), max_length=120)
    address = models.CharField(_("地址（摊位位置）"), max_length=200, blank=True)
    latitude = models.FloatField(
        _("纬度（WGS-84）"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("经度（WGS-84）"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    products = models.TextField(_("食品品种"), max_length=2000, blank=True, help_text=_("一行一种，例如：手工粉条"))
    ready_to_eat = models.BooleanField(_("有人直接接触入口食品"), default=True)
    water = models.CharField(_("用水来源"), max_length=14, choices=Water.choices, blank=True)
    zone_wish = models.ForeignKey(
        "small_operators.Zone",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("希望摆摊的区域"),
    )
    hours_from = models.TimeField(_("营业时间从"), null=True, blank=True)
    hours_to = models.TimeField(_("到"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    # A cancellation may also say that the place has shut.
    shuts = models.BooleanField(_("同时停止经营"), default=False)

    # What the ordinance said of the products, and which edition of it, on the day of submission.
    screening = models.JSONField(_("品种核对"), default=list, blank=True)
    edition = models.CharField(_("适用条例"), max_length=200, blank=True)
    entered_at = models.DateTimeField(_("填写时间"))
    entered_by = models.CharField(_("填写人"), max_length=150, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    submitted_by = models.CharField(_("提交人"), max_length=150, blank=True)
    submitted_on = models.DateField(_("提交日期"), null=True, blank=True)
    # Told once, all at once: what is not on this list may not be asked for later.
    missing = models.JSONField(_("需补材料"), default=list, blank=True)
    missing_note = models.CharField(_("补正说明"), max_length=500, blank=True)
    missing_told_at = models.DateTimeField(_("一次告知时间"), null=True, blank=True)
    missing_told_by = models.CharField(_("告知人"), max_length=150, blank=True)
    complete_on = models.DateField(_("材料齐全日期"), null=True, blank=True)
    due_on = models.DateField(_("办结时限"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    accepted_by = models.CharField(_("受理人"), max_length=150, blank=True)
    reviewed_at = models.DateTimeField(_("审查时间"), null=True, blank=True)
    reviewed_by = models.CharField(_("审查人"), max_length=150, blank=True)
    opinion = models.CharField(_("审查意见"), max_length=8, choices=Opinion.choices, blank=True)
    opinion_note = models.CharField(_("审查说明"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by = models.CharField(_("决定人"), max_length=150, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    on_the_spot = models.BooleanField(_("当场办结"), default=False)
    refusal_reason = models.CharField(_("不予办理的理由"), max_length=500, blank=True)
    refusal_route = models.CharField(_("可走的途径"), max_length=500, blank=True)
    # The township has read that a card was given in it.
    received_at = models.DateTimeField(_("乡镇签收时间"), null=True, blank=True)
    received_by = models.CharField(_("签收人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("“三小”申请")
        verbose_name_plural = _("“三小”申请")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["division_code", "state", "due_on"], name="small_application_list"),
            models.Index(fields=["agency", "state"], name="small_application_own"),
            models.Index(fields=["division_code", "decided_on"], name="small_application_decided"),
        ]
        constraints = [
            told_together("submitted_at", "submitted_by", "small_application_submitted"),
            told_together("missing_told_at", "missing_told_by", "small_application_told"),
            told_together("accepted_at", "accepted_by", "small_application_accepted"),
            told_together("reviewed_at", "reviewed_by", "small_application_reviewed"),
            told_together("decided_at", "decided_by", "small_application_decided_told"),
            told_together("received_at", "received_by", "small_application_received"),
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "refused"]) | Q(decided_at__isnull=False, decided_on__isnull=False),
                name="small_application_ended_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refusal_reason=""), name="small_application_refused_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(on_the_spot=True) | ~Q(decided_by=F("reviewed_by")),
                name="small_application_second_person",
            ),
            models.CheckConstraint(
                condition=Q(purpose="new", credential=None) | (~Q(purpose="new") & Q(credential__isnull=False)),
                name="small_application_about_credential",
            ),
            # One open application of a purpose for a paper: two would decide the same thing twice.
            models.UniqueConstraint(
                fields=["credential", "purpose"],
                condition=Q(state__in=["draft", "submitted", "incomplete", "accepted", "reviewed"]),
                name="small_application_open_once",
                violation_error_message=_("这个证件的同一事项已有一份申请正在办理，请继续办理那一份。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sign_name}（{self.get_purpose_display()}）"

    def get_absolute_url(self) -> str:
        return reverse("small_operators:application", args=[self.pk])


class Paper(models.Model):
    """A paper handed in with an application. A newer one of the same kind takes the place of the older."""

    declared = append_only(personal={"name": Personal.SENSITIVE}, kept_years=5)

    application = models.ForeignKey(Application, models.PROTECT, related_name="papers", verbose_name=_("申请"))
    document = models.CharField(_("材料"), max_length=30)
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("文件"))
    name = models.CharField(_("文件名"), max_length=200)
    added_at = models.DateTimeField(_("上传时间"))
    added_by = models.CharField(_("上传人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("申请材料")
        verbose_name_plural = _("申请材料")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
