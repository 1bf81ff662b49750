"""Standards in use: opinions on them, training about them, what enterprises filed for themselves."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import editable, told_together


class Questionnaire(models.Model):
    """One question to one respondent about one standard: sent out, returned, looked through, reported upward."""

    declared = editable(kept_years=5)

    class State(models.TextChoices):
        ASSIGNED = "assigned", _("已下达")
        RETURNED = "returned", _("已收回，待审核")
        VALID = "valid", _("有效")
        INVALID = "invalid", _("无效，待重填")
        REPORTED = "reported", _("已上报")

    class Respondent(models.TextChoices):
        PRODUCER = "producer", _("生产经营单位")
        LABORATORY = "laboratory", _("检验机构")
        REGULATOR = "regulator", _("监管部门")
        CONSUMER = "consumer", _("消费者组织")

    class Problem(models.TextChoices):
        NONE = "none", _("没有问题")
        BASIS = "basis", _("科学性")
        COORDINATION = "coordination", _("与其他标准不协调")
        OPERABILITY = "operability", _("不便执行")
        METHOD = "method", _("检验方法")
        LABEL = "label", _("标签标识")

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", _("采纳")
        DECLINED = "declined", _("未采纳")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    standard_number = models.CharField(_("标准号"), max_length=40)
    standard_name = models.CharField(_("标准名称"), max_length=120)
    respondent = models.CharField(_("答复单位"), max_length=120)
    respondent_kind = models.CharField(_("单位类别"), max_length=10, choices=Respondent.choices)
    due_on = models.DateField(_("收回期限"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ASSIGNED)
    product = models.CharField(_("涉及产品"), max_length=100, blank=True)
    clause = models.CharField(_("条款"), max_length=60, blank=True)
    problem = models.CharField(_("问题类型"), max_length=12, choices=Problem.choices, blank=True)
    evidence = models.TextField(_("情况和依据"), max_length=2000, blank=True)
    proposal = models.TextField(_("建议"), max_length=2000, blank=True)
    assigned_on = models.DateField(_("下达日期"))
    assigned_by = models.CharField(_("下达人"), max_length=150)
    returned_on = models.DateField(_("收回日期"), null=True, blank=True)
    reviewed_on = models.DateField(_("审核日期"), null=True, blank=True)
    reviewed_by = models.CharField(_("审核人"), max_length=150, blank=True)
    review_note = models.CharField(_("审核说明"), max_length=200, blank=True)
    reported_on = models.DateField(_("上报日期"), null=True, blank=True)
    outcome = models.CharField(_("采纳情况"), max_length=8, choices=Outcome.choices, blank=True)
    outcome_note = models.CharField(_("采纳说明"), max_length=200, blank=True)
    division_code = models.CharField(_("区划"), max_length=12)

    class Meta:
        verbose_name = _("标准跟踪评价问卷")
        verbose_name_plural = _("标准跟踪评价问卷")
        ordering = ["-assigned_on", "number"]
        indexes = [models.Index(fields=["division_code", "-assigned_on"], name="monitoring_question_list")]
        constraints = [
            told_together("reviewed_on", "reviewed_by", "monitoring_question_reviewed_told"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("assigned_on")), name="monitoring_question_due",
                violation_error_message=_("收回期限早于下达日期，请核对。"),
            ),
            models.CheckConstraint(
                condition=Q(state="assigned") | Q(returned_on__isnull=False), name="monitoring_question_state"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(reported_on__isnull=False), name="monitoring_question_outcome"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.standard_number}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:questionnaire", args=[self.pk])


class Training(models.Model):
    """A training about standards or monitoring that was held."""

    declared = editable(kept_years=5)

    class Topic(models.TextChoices):
        STANDARDS = "standards", _("食品安全标准")
        MONITORING = "monitoring", _("风险监测和食源性疾病")

    topic = models.CharField(_("内容"), max_length=10, choices=Topic.choices)
    title = models.CharField(_("培训名称"), max_length=100)
    held_on = models.DateField(_("日期"))
    audience = models.CharField(_("对象"), max_length=100)
    people = models.PositiveIntegerField(_("人数"))
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=1)
    passed = models.PositiveIntegerField(_("考核合格人数"), null=True, blank=True)
    file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签到或考核材料")
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.CharField(_("撤销人"), max_length=150, blank=True)
    undone_why = models.CharField(_("撤销原因"), max_length=200, blank=True)
    division_code = models.CharField(_("区划"), max_length=12)

    class Meta:
        verbose_name = _("标准和监测培训")
        verbose_name_plural = _("标准和监测培训")
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["division_code", "-held_on"], name="monitoring_training_list")]
        constraints = [
            told_together("undone_at", "undone_by", "monitoring_training_undone_told"),
            models.CheckConstraint(
                condition=Q(passed=None) | Q(passed__lte=F("people")), name="monitoring_training_passed",
                violation_error_message=_("合格人数不能多于参加人数。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("monitoring:training", args=[self.pk])


class EnterpriseStandard(models.Model):
    """A standard that an enterprise made for itself, stricter than the national one, and filed with the province."""

    declared = editable(kept_years=5)

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, related_name="enterprise_standards", verbose_name=_("生产场所")
    )
    number = models.CharField(_("企业标准号"), max_length=60, unique=True)
    name = models.CharField(_("标准名称"), max_length=120)
    filing_number = models.CharField(_("备案号"), max_length=60)
    filed_on = models.DateField(_("备案日期"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    stricter = models.TextField(_("严于国家或地方标准的内容"), max_length=1000)
    withdrawn_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    withdrawn_by = models.CharField(_("停用人"), max_length=150, blank=True)
    withdrawn_why = models.CharField(_("停用原因"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150)
    division_code = models.CharField(_("区划"), max_length=12)

    class Meta:
        verbose_name = _("企业标准")
        verbose_name_plural = _("企业标准")
        ordering = ["-filed_on", "-pk"]
        indexes = [models.Index(fields=["division_code", "-filed_on"], name="monitoring_own_standard_list")]
        constraints = [
            told_together("withdrawn_at", "withdrawn_by", "monitoring_own_standard_withdrawn"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("filed_on")), name="monitoring_own_standard_span",
                violation_error_message=_("有效期早于备案日期，请核对。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:own_standard", args=[self.pk])
