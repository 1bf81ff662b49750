from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import append_only, editable


class Investigation(models.Model):
    """A cluster that is looked into, from its opening to its closing assessment."""

    declared = editable()

    class State(models.TextChoices):
        INVESTIGATING = "investigating", _("流调中")
        NOT_FOOD = "not_food", _("非食品原因")
        OUTBREAK = "outbreak", _("确认暴发，待分级")
        GRADED = "graded", _("已分级，待响应")
        RESPONDING = "responding", _("应急响应中")
        HANDLED = "handled", _("处置完毕，待流调报告")
        REPORTED = "reported", _("已交流调报告，待结案")
        CLOSED = "closed", _("已结案")

    class Setting(models.TextChoices):
        SCHOOL = "school", _("学校、托幼机构")
        SITE = "construction_site", _("建筑工地")
        EVENT = "major_event", _("重大活动")
        CANTEEN = "canteen", _("其他集体食堂")
        RESTAURANT = "restaurant", _("餐饮单位")
        BANQUET = "banquet", _("农村宴席")
        HOME = "home", _("家庭")
        OTHER = "other", _("其他或不明")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    title = models.CharField(_("调查名称"), max_length=120)
    division_code = models.CharField(_("区划"), max_length=12)
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("承办单位"))
    state = models.CharField(_("状态"), max_length=14, choices=State.choices, default=State.INVESTIGATING)
    setting = models.CharField(_("场所类型"), max_length=20, choices=Setting.choices, default=Setting.OTHER)
    place = models.CharField(_("场所"), max_length=120, blank=True)
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("涉及单位")
    )
    meal_at = models.DateTimeField(_("可疑餐次时间"), null=True, blank=True)
    exposed = models.PositiveIntegerField(_("暴露人数"), null=True, blank=True)
    ill = models.PositiveIntegerField(_("发病人数"), default=0)
    hospitalised = models.PositiveIntegerField(_("住院人数"), default=0)
    died = models.PositiveIntegerField(_("死亡人数"), default=0)
    townships = models.PositiveSmallIntegerField(_("涉及乡镇数"), default=1)
    counties = models.PositiveSmallIntegerField(_("涉及县数"), default=1)
    agent = models.CharField(_("病原或毒物"), max_length=60, blank=True)
    food = models.CharField(_("可疑食品"), max_length=60, blank=True)
    factor = models.CharField(_("引发因素"), max_length=120, blank=True)
    grade = models.CharField(_("事故分级"), max_length=20, blank=True)
    grade_basis = models.JSONField(_("分级依据"), default=dict, blank=True)
    conclusion = models.TextField(_("结论"), max_length=4000, blank=True)
    assessment = models.TextField(_("结案评估"), max_length=4000, blank=True)
    opened_at = models.DateTimeField(_("立项时间"))
    opened_by = models.CharField(_("立项人"), max_length=150, blank=True)
    due_at = models.DateTimeField(_("本步骤时限"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结案时间"), null=True, blank=True)
    closed_by = models.CharField(_("结案人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("流行病学调查")
        verbose_name_plural = _("流行病学调查")
        ordering = ["-number"]
        indexes = [models.Index(fields=["division_code", "state", "due_at"], name="monitoring_invest_list")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="closed", closed_at__isnull=False) & ~Q(assessment=""))
                | (~Q(state="closed") & Q(closed_at=None)),
                name="monitoring_invest_closed_whole",
            ),
            models.CheckConstraint(
                condition=Q(exposed=None) | Q(exposed__gte=models.F("ill")), name="monitoring_invest_exposed",
                violation_error_message=_("暴露人数不能少于发病人数。"),
            ),
            models.CheckConstraint(
                condition=Q(ill__gte=models.F("died")) & Q(ill__gte=models.F("hospitalised")),
                name="monitoring_invest_ill", violation_error_message=_("住院、死亡人数不能多于发病人数。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:investigation", args=[self.pk])


class InvestigationStep(models.Model):
    """A step of the chain: from where to where, when, by whom. An undone step stays, with the step that undid it."""

    declared = append_only()

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="steps", verbose_name=_("调查"))
    serial = models.PositiveSmallIntegerField(_("序号"))
    before = models.CharField(_("之前"), max_length=14, blank=True)
    after = models.CharField(_("之后"), max_length=14)
    undoes = models.PositiveSmallIntegerField(_("撤回的步骤"), null=True, blank=True)
    text = models.CharField(_("说明"), max_length=1000, blank=True)
    # What the step replaced, so that undoing it brings back the deadline, the grade and the words of before.
    replaced = models.JSONField(_("步骤之前"), default=dict, blank=True)
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("办理人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("调查步骤")
        verbose_name_plural = _("调查步骤")
        ordering = ["investigation", "serial"]
        constraints = [models.UniqueConstraint(fields=["investigation", "serial"], name="monitoring_step_once")]

    def __str__(self) -> str:
        return f"{self.investigation.number}-{self.serial}"


class Share(models.Model):
    """An agency that sees an investigation without identities."""

    declared = editable()

    investigation = models.ForeignKey(Investigation, models.CASCADE, related_name="shares", verbose_name=_("调查"))
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("单位"))
    shared_at = models.DateTimeField(_("共享时间"))
    shared_by = models.CharField(_("共享人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("调查共享")
        verbose_name_plural = _("调查共享")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["investigation", "agency"], name="monitoring_share_once",
                violation_error_message=_("已经与这个单位共享。"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.agency)


class Duty(models.Model):
    """Somebody who must be told by a moment, and that they were, and that they know."""

    declared = editable()

    class State(models.TextChoices):
        WAITING = "waiting", _("待报告")
        TOLD = "told", _("已报告，待确认收到")
        ACKNOWLEDGED = "acknowledged", _("对方已确认收到")
        CANCELLED = "cancelled", _("已撤回")

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="duties", verbose_name=_("调查"))
    # The step that started the clock; undoing that step takes the duty back while nobody was told.
    step = models.PositiveSmallIntegerField(_("触发步骤"))
    rule = models.CharField(_("规则"), max_length=20)
    text = models.CharField(_("报告事项"), max_length=300)
    recipient = models.CharField(_("报告对象"), max_length=100)
    agency = models.ForeignKey(
        "people.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("接收单位")
    )
    clause = models.CharField(_("依据"), max_length=300)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.WAITING)
    started_at = models.DateTimeField(_("起算时间"))
    due_at = models.DateTimeField(_("时限"))
    told_at = models.DateTimeField(_("报告时间"), null=True, blank=True)
    told_by = models.CharField(_("报告人"), max_length=150, blank=True)
    how = models.CharField(_("报告方式"), max_length=200, blank=True)
    acknowledged_at = models.DateTimeField(_("确认收到时间"), null=True, blank=True)
    acknowledged_by = models.CharField(_("确认人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("报告责任")
        verbose_name_plural = _("报告责任")
        ordering = ["due_at", "rule", "recipient"]
        indexes = [models.Index(fields=["state", "due_at"], name="monitoring_duty_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["investigation", "rule", "recipient"], condition=~Q(state="cancelled"),
                name="monitoring_duty_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "cancelled"], told_at=None)
                | Q(state__in=["told", "acknowledged"], told_at__isnull=False),
                name="monitoring_duty_told_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="acknowledged", acknowledged_at__isnull=False)
                | (~Q(state="acknowledged") & Q(acknowledged_at=None)),
                name="monitoring_duty_known_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return f"{self.investigation.get_absolute_url()}#duties"


class CaseDefinition(models.Model):
    """Who counts as a case. A new version is a new row; the line list is classed by the last."""

    declared = append_only()

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="definitions", verbose_name=_("调查"))
    version = models.PositiveSmallIntegerField(_("版本"))
    text = models.TextField(_("病例定义"), max_length=2000)
    criteria = models.JSONField(_("条件"))
    made_at = models.DateTimeField(_("制定时间"))
    made_by = models.CharField(_("制定人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("病例定义")
        verbose_name_plural = _("病例定义")
        ordering = ["investigation", "-version"]
        constraints = [models.UniqueConstraint(fields=["investigation", "version"], name="monitoring_definition_once")]

    def __str__(self) -> str:
        return f"{self.investigation.number} {self.version}"


class LineList(models.Model):
    """The line list as saved once: cells as typed, so that nothing is lost. Undo is a new version, too."""

    declared = append_only()

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="line_lists", verbose_name=_("调查"))
    version = models.PositiveSmallIntegerField(_("版本"))
    foods = models.JSONField(_("询问的食品"), default=list, blank=True)
    rows = models.JSONField(_("名单"), default=list, blank=True)
    # The version whose content stands here after an undo or a redo; none for what was typed.
    restores = models.PositiveSmallIntegerField(_("恢复的版本"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("保存时间"))
    made_by = models.CharField(_("保存人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("个案一览表")
        verbose_name_plural = _("个案一览表")
        ordering = ["investigation", "-version"]
        constraints = [models.UniqueConstraint(fields=["investigation", "version"], name="monitoring_linelist_once")]

    def __str__(self) -> str:
        return f"{self.investigation.number} {self.version}"


class SourceRun(models.Model):
    """One run from cases to lots, kept whole."""

    declared = append_only()

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="source_runs", verbose_name=_("调查"))
    serial = models.PositiveSmallIntegerField(_("序号"))
    inputs = models.JSONField(_("输入概况"))
    inputs_digest = models.CharField(_("输入摘要"), max_length=64)
    result = models.JSONField(_("结果"))
    ran_at = models.DateTimeField(_("运行时间"))
    ran_by = models.CharField(_("运行人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("来源推断")
        verbose_name_plural = _("来源推断")
        ordering = ["investigation", "-serial"]
        constraints = [models.UniqueConstraint(fields=["investigation", "serial"], name="monitoring_sourcerun_once")]

    def __str__(self) -> str:
        return f"{self.investigation.number}-{self.serial}"


class Measure(models.Model):
    """What should be done next: drafted from a run or by hand; nothing happens before a person confirms it."""

    declared = editable()

    class Kind(models.TextChoices):
        HOLD = "hold", _("暂停销售、封存")
        RECALL = "recall", _("召回")
        SAMPLE = "sample", _("采样检验")
        INTERVIEW = "interview", _("补充询问")
        CONTROL = "control", _("现场控制")

    class State(models.TextChoices):
        DRAFT = "draft", _("拟稿，待确认")
        CONFIRMED = "confirmed", _("已确认，已交办")
        DROPPED = "dropped", _("不采取")

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="measures", verbose_name=_("调查"))
    kind = models.CharField(_("措施"), max_length=10, choices=Kind.choices)
    text = models.CharField(_("内容"), max_length=1000)
    lot = models.ForeignKey(
        "supply.Lot", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批次")
    )
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    why = models.CharField(_("不采取的原因"), max_length=300, blank=True)
    matter = models.ForeignKey(
        "casework.Matter", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("问题事项")
    )
    drafted_at = models.DateTimeField(_("拟稿时间"))
    drafted_by = models.CharField(_("拟稿人"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    decided_by = models.CharField(_("确认人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("控制措施")
        verbose_name_plural = _("控制措施")
        ordering = ["investigation", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", decided_at=None) | (~Q(state="draft") & Q(decided_at__isnull=False)),
                name="monitoring_measure_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(matter__isnull=False), name="monitoring_measure_matter"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return f"{self.investigation.get_absolute_url()}#measures"


class OutbreakPaper(models.Model):
    """A paper made from an investigation; a later one of the same kind does not replace it."""

    declared = append_only()

    class Kind(models.TextChoices):
        VERIFICATION = "verification", _("信号核实记录")
        PLAN = "plan", _("流行病学调查方案")
        PRELIMINARY = "preliminary", _("初步流行病学调查报告")
        FINAL = "final", _("流行病学调查报告")
        NOTICE = "notice", _("食源性疾病信息通报")
        CLOSING = "closing", _("结案评估报告")

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="papers", verbose_name=_("调查"))
    kind = models.CharField(_("种类"), max_length=12, choices=Kind.choices)
    file = models.ForeignKey("ledger.EvidenceFile", models.PROTECT, related_name="+", verbose_name=_("文件"))
    made_at = models.DateTimeField(_("制作时间"))
    made_by = models.CharField(_("制作人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("调查文书")
        verbose_name_plural = _("调查文书")
        ordering = ["investigation", "-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.investigation.number} {self.get_kind_display()}"
