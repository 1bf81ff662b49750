from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.laboratory.models.kinds import Purpose, Regime, Stage
from fangxin.kernel.ledger.api import Personal, editable, told_together


class SamplingPlan(models.Model):
    """A year of samples of one organiser: how many of which food, at which stage, in which township."""

    declared = editable()

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        APPROVED = "approved", _("已批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    year = models.PositiveSmallIntegerField(_("年度"))
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("组织单位"))
    division_code = models.CharField(_("区划"), max_length=12, db_index=True)
    name = models.CharField(_("名称"), max_length=120)
    purpose = models.CharField(_("任务类别"), max_length=16, choices=Purpose.choices, default=Purpose.SUPERVISION)
    regime = models.CharField(_("适用规则"), max_length=12, choices=Regime.choices, default=Regime.MARKET)
    total = models.PositiveIntegerField(_("计划总批次"), validators=[MaxValueValidator(100_000)])
    # Floors of coverage, whatever the risk: of every class at every stage, and in every township.
    floor = models.PositiveSmallIntegerField(_("每类每环节最少批次"), default=1)
    township_floor = models.PositiveSmallIntegerField(_("每乡镇最少批次"), default=1)
    # 0 means by risk alone, 1 by what is to be learned alone.
    information_share = models.DecimalField(_("信息增益占比"), max_digits=3, decimal_places=2)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    # What the numbers were proposed from, so that the proposal can be computed again.
    proposal_digest = models.CharField(_("测算输入摘要"), max_length=80, blank=True)
    made_at = models.DateTimeField(_("编制时间"))
    made_by = models.CharField(_("编制人"), max_length=150)
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    approved_by = models.CharField(_("批准人"), max_length=150, blank=True)
    withdrawn_reason = models.CharField(_("撤回原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("年度抽检计划")
        verbose_name_plural = _("年度抽检计划")
        ordering = ["-year", "division_code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "agency", "division_code", "purpose"],
                condition=~Q(state="withdrawn"),
                name="sampling_plan_once",
                violation_error_message=_("这个单位本年度已有同类抽检计划，请在原计划上修改或者先撤回。"),
            ),
            models.CheckConstraint(condition=Q(total__gte=1), name="sampling_plan_total"),
            told_together("approved_at", "approved_by", "sampling_plan_approved_told"),
        ]

    def __str__(self) -> str:
        return self.name


class PlanLine(models.Model):
    """One cell of a plan. What was computed stays beside what a person decided."""

    declared = editable()

    plan = models.ForeignKey(SamplingPlan, models.CASCADE, related_name="lines", verbose_name=_("计划"))
    food_class = models.CharField(_("食品大类"), max_length=40)
    stage = models.CharField(_("环节"), max_length=12, choices=Stage.choices)
    division_code = models.CharField(_("乡镇（街道）"), max_length=12)
    # Places of this stage in the township on the day of the proposal, registered or not.
    listed = models.PositiveIntegerField(_("场所数"), default=0)
    past_tested = models.PositiveIntegerField(_("既往检验批次"), default=0)
    past_failed = models.PositiveIntegerField(_("既往不合格批次"), default=0)
    # Posterior mean of the failure rate from the past results.
    expected_rate = models.DecimalField(_("预计不合格率"), max_digits=7, decimal_places=5, default=0)
    proposed = models.PositiveIntegerField(_("测算批次"), default=0)
    planned = models.PositiveIntegerField(_("计划批次"), default=0)
    reason = models.CharField(_("调整理由"), max_length=200, blank=True)
    changed_by = models.CharField(_("调整人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("计划格")
        verbose_name_plural = _("计划格")
        ordering = ["food_class", "stage", "division_code"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "food_class", "stage", "division_code"], name="plan_line_once"),
            models.CheckConstraint(
                condition=Q(planned=F("proposed")) | ~Q(reason=""),
                name="plan_line_changed_with_reason",
                violation_error_message=_("计划批次与测算不同的，须写明理由。"),
            ),
            models.CheckConstraint(condition=Q(past_failed__lte=F("past_tested")), name="plan_line_past"),
        ]

    def __str__(self) -> str:
        return f"{self.food_class} {self.get_stage_display()}"


class SamplingDraw(models.Model):
    """A draw of the places where samples of one food class are taken: sealed first, drawn with a public value."""

    declared = editable(personal={"seed": Personal.SECRET})

    class State(models.TextChoices):
        COMMITTED = "committed", _("已封存种子，待抽取")
        DRAWN = "drawn", _("已抽取")
        WITHDRAWN = "withdrawn", _("已作废")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    plan = models.ForeignKey(SamplingPlan, models.PROTECT, related_name="draws", verbose_name=_("抽检计划"))
    food_class = models.CharField(_("食品大类"), max_length=40)
    stage = models.CharField(_("环节"), max_length=12, choices=Stage.choices)
    division_code = models.CharField(_("区划"), max_length=12, db_index=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.COMMITTED)
    # The engine's plan in canonical form, fixed with the commitment.
    body = models.TextField(_("抽取方案"))
    plan_digest = models.CharField(_("方案摘要"), max_length=128)
    commitment = models.CharField(_("种子承诺"), max_length=128)
    seed = models.CharField(_("种子"), max_length=200)
    public_value_source = models.CharField(_("公开随机数的出处"), max_length=200)
    public_value = models.CharField(_("公开随机数"), max_length=200, blank=True)
    due_on = models.DateField(_("最迟抽样日期"))
    committed_at = models.DateTimeField(_("封存时间"))
    committed_by = models.CharField(_("封存人"), max_length=150)
    drawn_at = models.DateTimeField(_("抽取时间"), null=True, blank=True)
    drawn_by = models.CharField(_("抽取人"), max_length=150, blank=True)
    withdrawn_reason = models.CharField(_("作废原因"), max_length=200, blank=True)
    result = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("抽取结果")
    )

    class Meta:
        verbose_name = _("抽样对象抽取")
        verbose_name_plural = _("抽样对象抽取")
        ordering = ["-pk"]
        constraints = [told_together("drawn_at", "drawn_by", "sampling_draw_drawn_told")]

    def __str__(self) -> str:
        return self.number


class SamplingTask(models.Model):
    """One sample that is to be taken: why, of what, where, by whom, by when."""

    declared = editable()

    class Reason(models.TextChoices):
        PLAN = "plan", _("年度计划")
        COMPLAINT = "complaint", _("投诉举报")
        SPECIAL = "special", _("专项")
        RAPID_POSITIVE = "rapid_positive", _("快检阳性")
        RESAMPLE = "resample", _("拒收后重抽")
        FOLLOW_UP = "follow_up", _("不合格跟踪")

    class State(models.TextChoices):
        OPEN = "open", _("待抽样")
        TAKEN = "taken", _("已抽样")
        CANCELLED = "cancelled", _("已取消")

    plan_line = models.ForeignKey(
        PlanLine, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("计划格")
    )
    draw = models.ForeignKey(
        SamplingDraw, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("抽取")
    )
    reason = models.CharField(_("缘由"), max_length=16, choices=Reason.choices)
    purpose = models.CharField(_("任务类别"), max_length=16, choices=Purpose.choices)
    regime = models.CharField(_("适用规则"), max_length=12, choices=Regime.choices, default=Regime.MARKET)
    # What asked for it, named once: the same thing never asks for two samples.
    asked_from = models.CharField(_("来自"), max_length=200, unique=True, null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="sampling_tasks",
        verbose_name=_("抽样对象"),
    )  # fmt: skip
    parcel = models.ForeignKey(
        "registry.Parcel", models.PROTECT, null=True, blank=True, related_name="sampling_tasks",
        verbose_name=_("地块、塘、圈舍"),
    )  # fmt: skip
    stage = models.CharField(_("环节"), max_length=12, choices=Stage.choices)
    division_code = models.CharField(_("区划"), max_length=12)
    food_class = models.CharField(_("食品大类"), max_length=40)
    food = models.CharField(_("食品名称"), max_length=80, blank=True)
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("组织单位"))
    laboratory = models.ForeignKey(
        "people.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承检机构")
    )
    # The laboratory does not learn from whom the sample comes.
    blind = models.BooleanField(_("盲样"), default=False)
    samplers = models.ManyToManyField("people.User", related_name="+", blank=True, verbose_name=_("抽样人员"))
    due_on = models.DateField(_("最迟抽样日期"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    cancelled_reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("列入时间"))
    made_by = models.CharField(_("列入人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("抽样任务")
        verbose_name_plural = _("抽样任务")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["division_code", "state", "due_on", "id"], name="sampling_task_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="cancelled") & ~Q(cancelled_reason="")
                | ~Q(state="cancelled") & Q(cancelled_reason=""),
                name="sampling_task_cancelled_with_reason",
                violation_error_message=_("取消任务须写明原因。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.food or self.food_class} {self.get_stage_display()}"
