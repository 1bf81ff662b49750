from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import append_only, editable
from fangxin.oversight.assessment.models.fields import by_with_at, person, two_persons


def points(label: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=6, decimal_places=2)


class Round(models.Model):
    """One year's assessment of a division's lead departments and townships, under one frozen edition of the rules."""

    declared = editable()

    class State(models.TextChoices):
        DRAFT = "draft", _("起草")
        SELF_CHECK = "department_self_check", _("单位自查")
        SCORED = "scored", _("已评分，待复核")
        REVIEWED = "reviewed", _("已复核，待公布")
        PUBLISHED = "published", _("已公布")
        APPEALING = "appealing", _("申诉处理中")
        FINAL = "final", _("已定案")
        CANCELLED = "cancelled", _("已撤销")

    division_code = models.CharField(_("区划"), max_length=12)
    year = models.PositiveSmallIntegerField(_("考核年度"))
    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="+", verbose_name=_("方案"))
    edition = models.ForeignKey("catalog.Edition", models.PROTECT, related_name="+", verbose_name=_("考核规则"))
    # The text the year is judged by; the edition may not change once it is used, and this shows that it did not.
    rule_code = models.CharField(_("规则编号"), max_length=80)
    rule_digest = models.CharField(_("规则摘要"), max_length=128)
    starts_on = models.DateField(_("考核期起"))
    ends_on = models.DateField(_("考核期止"))
    state = models.CharField(_("状态"), max_length=24, choices=State.choices, default=State.DRAFT)
    started_at = models.DateTimeField(_("启动时间"))
    started_by = person(_("启动人"))
    self_check_until = models.DateField(_("自查截止"), null=True, blank=True)
    scored_at = models.DateTimeField(_("评分时间"), null=True, blank=True)
    scored_by = person(_("评分人"))
    reviewed_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    reviewed_by = person(_("复核人"))
    notice = models.TextField(_("公布说明"), max_length=5000, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    published_by = person(_("公布人"))
    appeal_until = models.DateField(_("申诉截止"), null=True, blank=True)
    finished_at = models.DateTimeField(_("定案时间"), null=True, blank=True)
    finished_by = person(_("定案人"))
    cancel_reason = models.CharField(_("撤销原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("考核")
        verbose_name_plural = _("考核")
        ordering = ["-year", "-pk"]
        indexes = [models.Index(fields=["division_code", "year"], name="round_scope")]
        constraints = [
            models.UniqueConstraint(
                fields=["division_code", "year"], condition=~Q(state="cancelled"), name="round_once",
                violation_error_message=_("这个年度的考核已经启动。请在考核列表里打开它；确需重来，先撤销原来的一轮。"),
            ),
            by_with_at("round_started", "started"),
            by_with_at("round_scored", "scored"),
            by_with_at("round_reviewed", "reviewed"),
            by_with_at("round_published", "published"),
            by_with_at("round_finished", "finished"),
            two_persons("round_two_persons", "scored_by", "reviewed_by"),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "appealing", "final"])
                | Q(published_at__isnull=False, reviewed_at__isnull=False, appeal_until__isnull=False),
                name="round_published_when",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(_("%(year)s年度考核") % {"year": self.year})

    def get_absolute_url(self) -> str:
        return reverse("assessment:round", args=[self.pk])

    @property
    def is_public(self) -> bool:
        """Whether the ranking has been made known."""
        return self.state in PUBLIC


PUBLIC = (Round.State.PUBLISHED, Round.State.APPEALING, Round.State.FINAL)


class Participant(models.Model):
    """An agency of a round, in the group in which it is ranked; fixed when the round begins."""

    declared = append_only()

    class Group(models.TextChoices):
        LEAD = "lead", _("牵头部门")
        TOWNSHIP = "township", _("乡镇（街道）")

    round = models.ForeignKey(Round, models.PROTECT, related_name="participants", verbose_name=_("考核"))
    agency = models.ForeignKey("people.Agency", models.PROTECT, related_name="+", verbose_name=_("被考核单位"))
    group = models.CharField(_("组别"), max_length=10, choices=Group.choices)

    class Meta:
        verbose_name = _("被考核单位")
        verbose_name_plural = _("被考核单位")
        ordering = ["round", "group", "agency"]
        constraints = [models.UniqueConstraint(fields=["round", "agency"], name="participant_once")]

    def __str__(self) -> str:
        return f"{self.agency} {self.round}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:participant", args=[self.pk])


class Score(models.Model):
    """What an agency's records came to under the frozen rules. Computed again, it is a new row that points to the old."""

    declared = append_only()

    round = models.ForeignKey(Round, models.PROTECT, related_name="scores", verbose_name=_("考核"))
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="scores", verbose_name=_("被考核单位"))
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="next", verbose_name=_("上一次评分")
    )
    as_of = models.DateField(_("数据截至"))
    # Each indicator's numerator and denominator with the records that made them; then what the rules made of it.
    readings = models.JSONField(_("读数"), default=list)
    items = models.JSONField(_("得分"), default=list)
    events = models.JSONField(_("加减分"), default=list)
    base = points(_("基础分"))
    bonus = points(_("加分"))
    deduction = points(_("减分"))
    total = points(_("总分"))
    total_at_best = points(_("最高可能总分"))
    rank = models.PositiveSmallIntegerField(_("名次"))
    of = models.PositiveSmallIntegerField(_("本组单位数"))
    scale = models.CharField(_("等次体系"), max_length=40)
    grade = models.CharField(_("等次"), max_length=4, blank=True)
    vetoed = models.BooleanField(_("一票否决"), default=False)
    provisional = models.BooleanField(_("暂定"), default=False)
    undetermined = models.JSONField(_("不能判定的指标"), default=list, blank=True)
    rule_digest = models.CharField(_("规则摘要"), max_length=128)
    computed_at = models.DateTimeField(_("计算时间"))
    computed_by = person(_("计算人"))

    class Meta:
        verbose_name = _("评分")
        verbose_name_plural = _("评分")
        ordering = ["round", "participant", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["participant"], condition=Q(previous=None), name="score_first_once"),
            models.CheckConstraint(condition=~Q(vetoed=True) | ~Q(grade=""), name="score_veto_has_grade"),
            by_with_at("score_computed", "computed"),
        ]

    def __str__(self) -> str:
        return f"{self.participant} {self.total}"
