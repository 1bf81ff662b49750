"""Officials who answer for operators: who holds whom, visits, and changes that ask for another official."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import Personal, append_only, editable, told_together


class Cadre(models.Model):
    """An official of a tier with the three lists and the promise (三清单一承诺)."""

    declared = editable(personal={"name": Personal.NAME}, kept_years=3)

    class Tier(models.TextChoices):
        """Not the risk grade and not the catering grade: A is held by the city's leaders, D in the village."""

        A = "A", _("A级（市级领导包保）")
        B = "B", _("B级（县级领导包保）")
        C = "C", _("C级（乡镇领导包保）")
        D = "D", _("D级（村社区干部包保）")

    division_code = models.CharField(_("区划"), max_length=12)
    tier = models.CharField(_("包保层级"), max_length=1, choices=Tier.choices)
    name = models.CharField(_("姓名"), max_length=60)
    title = models.CharField(_("职务"), max_length=80)
    user = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登录账号")
    )
    duties = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任清单")
    )
    tasks = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("任务清单")
    )
    supervision = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("督查清单")
    )
    promise = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承诺书")
    )
    made_at = models.DateTimeField(_("登记时间"))
    made_by = models.CharField(_("登记人"), max_length=150)
    left_on = models.DateField(_("离任日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("包保干部")
        verbose_name_plural = _("包保干部")
        ordering = ["tier", "division_code", "pk"]
        indexes = [models.Index(fields=["division_code", "tier", "id"], name="cadre_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(left_on=None, user__isnull=False),
                name="cadre_user_once",
                violation_error_message=_("这个账号已经登记为在任包保干部。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.get_tier_display()}）"


class Guarantee(models.Model):
    """A place held by an official, from when to when."""

    declared = editable(kept_years=3)

    premises = models.ForeignKey("registry.Premises", models.PROTECT, related_name="+", verbose_name=_("包保对象"))
    division_code = models.CharField(_("区划"), max_length=12)
    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="guarantees", verbose_name=_("包保干部"))
    tier = models.CharField(_("包保层级"), max_length=1, choices=Cadre.Tier.choices)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止（不含）"), null=True, blank=True)
    made_at = models.DateTimeField(_("登记时间"))
    made_by = models.CharField(_("登记人"), max_length=150)

    class Meta:
        verbose_name = _("包保关系")
        verbose_name_plural = _("包保关系")
        ordering = ["division_code", "pk"]
        indexes = [models.Index(fields=["division_code", "tier", "id"], name="guarantee_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["premises"],
                condition=Q(ends_on=None),
                name="guarantee_one_at_a_time",
                violation_error_message=_("这个对象已有包保干部，请先调整。"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="guarantee_span_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.tier}"


class GuaranteeVisit(models.Model):
    """A visit of the official who holds the place (督导)."""

    declared = append_only(kept_years=3)

    class Mode(models.TextChoices):
        ON_SITE = "on_site", _("现场")
        VIDEO = "video", _("视频")

    guarantee = models.ForeignKey(Guarantee, models.PROTECT, related_name="visits", verbose_name=_("包保关系"))
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, db_index=False, related_name="+", verbose_name=_("包保对象")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    visited_on = models.DateField(_("督导日期"))
    mode = models.CharField(_("方式"), max_length=8, choices=Mode.choices)
    # What the place's own checks looked like to the visitor.
    seen = models.CharField(_("督导情况"), max_length=500)
    client_key = models.CharField(_("提交编号"), max_length=36, unique=True)
    made_at = models.DateTimeField(_("登记时间"))
    made_by = models.CharField(_("登记人"), max_length=150)

    class Meta:
        verbose_name = _("包保督导")
        verbose_name_plural = _("包保督导")
        ordering = ["-visited_on", "-pk"]
        indexes = [
            models.Index(fields=["division_code", "-visited_on", "-id"], name="guarantee_visit_list"),
            models.Index(fields=["premises", "visited_on"], name="guarantee_visit_of"),
        ]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.visited_on}"


class GuaranteeProblem(models.Model):
    """What a visit found; its putting right is a matter, with an owner and a date."""

    declared = append_only(kept_years=3)

    visit = models.ForeignKey(GuaranteeVisit, models.PROTECT, related_name="problems", verbose_name=_("督导"))
    text = models.CharField(_("问题"), max_length=300)
    owner = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    due_on = models.DateField(_("整改期限"))

    class Meta:
        verbose_name = _("包保督导发现问题")
        verbose_name_plural = _("包保督导发现问题")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:60]


class StatusChange(models.Model):
    """A place opened, closed or moved: reported by a day, and another official named by a later one."""

    declared = editable()

    class Kind(models.TextChoices):
        OPENED = "opened", _("新增")
        CLOSED = "closed", _("注销")
        SUSPENDED = "suspended", _("停业")
        MOVED = "moved", _("迁移")
        TIER = "tier", _("层级变化")

    premises = models.ForeignKey("registry.Premises", models.PROTECT, related_name="+", verbose_name=_("对象"))
    division_code = models.CharField(_("区划"), max_length=12)
    kind = models.CharField(_("变更"), max_length=10, choices=Kind.choices)
    changed_on = models.DateField(_("变更日期"))
    report_due_on = models.DateField(_("报告时限"))
    reported_at = models.DateTimeField(_("报告时间"), null=True, blank=True)
    reported_by = models.CharField(_("报告人"), max_length=150, blank=True)
    reassign_due_on = models.DateField(_("调整时限"), null=True, blank=True)
    reassigned_at = models.DateTimeField(_("调整时间"), null=True, blank=True)
    reassigned_by = models.CharField(_("调整人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("包保对象变更")
        verbose_name_plural = _("包保对象变更")
        ordering = ["report_due_on", "pk"]
        indexes = [models.Index(fields=["division_code", "report_due_on"], name="status_change_list")]
        constraints = [
            models.UniqueConstraint(fields=["premises", "kind", "changed_on"], name="status_change_once"),
            models.CheckConstraint(
                condition=Q(reported_at=None, reassign_due_on=None)
                | Q(reported_at__isnull=False, reassign_due_on__isnull=False),
                name="status_change_clock_runs",
            ),
            told_together("reported_at", "reported_by", "status_change_reported_told"),
            told_together("reassigned_at", "reassigned_by", "status_change_reassigned_told"),
        ]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.kind} {self.changed_on}"
