from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.api import append_only, editable
from fangxin.oversight.assessment.models.fields import by_with_at, evidence, person, two_persons
from fangxin.oversight.assessment.models.rounds import Participant, Round, Score


class SelfCheck(models.Model):
    """What an agency says of its own figures. A comment: it changes no figure."""

    declared = append_only()

    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="self_checks", verbose_name=_("被考核单位")
    )
    text = models.TextField(_("自查意见"), max_length=5000)
    evidence = evidence(_("证明材料"))
    said_at = models.DateTimeField(_("提交时间"))
    said_by = person(_("提交人"))

    class Meta:
        verbose_name = _("自查意见")
        verbose_name_plural = _("自查意见")
        ordering = ["participant", "pk"]
        constraints = [by_with_at("self_check_said", "said")]

    def __str__(self) -> str:
        return f"{self.participant} {self.said_at:%Y-%m-%d}"


class Adjustment(models.Model):
    """Points, a veto or a decision on an indicator, with its proof: proposed by one person, approved by another."""

    declared = editable()

    class Kind(models.TextChoices):
        BONUS = "bonus", _("加分")
        DEDUCTION = "deduction", _("减分")
        VETO = "veto", _("一票否决")
        NOT_APPLICABLE = "not_applicable", _("指标不适用")
        STATED = "stated", _("补充核定数")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待审批")
        APPROVED = "approved", _("已同意")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤销")

    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="adjustments", verbose_name=_("被考核单位")
    )
    kind = models.CharField(_("类别"), max_length=14, choices=Kind.choices)
    # A rule of the frozen edition: of an adjustment for points and vetoes, of an indicator for the other two.
    code = models.CharField(_("规则条目"), max_length=60)
    title = models.CharField(_("事项"), max_length=200)
    reason = models.TextField(_("事实和理由"), max_length=2000)
    evidence = evidence(_("证据"), needed=True)
    numerator = models.DecimalField(_("分子"), max_digits=16, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(_("分母"), max_digits=16, decimal_places=4, null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField(_("提出时间"))
    proposed_by = person(_("提出人"))
    decision = models.CharField(_("审批意见"), max_length=1000, blank=True)
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    decided_by = person(_("审批人"))
    withdrawal = models.CharField(_("撤销原因"), max_length=1000, blank=True)
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    withdrawn_by = person(_("撤销人"))

    class Meta:
        verbose_name = _("考核加减分")
        verbose_name_plural = _("考核加减分")
        ordering = ["-pk"]
        constraints = [
            by_with_at("adjustment_proposed", "proposed"),
            by_with_at("adjustment_decided", "decided"),
            by_with_at("adjustment_withdrawn", "withdrawn"),
            two_persons("adjustment_two_persons", "proposed_by", "decided_by"),
            two_persons("adjustment_withdrawn_by_another", "decided_by", "withdrawn_by"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at=None) | (~Q(state="proposed") & Q(decided_at__isnull=False)),
                name="adjustment_decided_when",
            ),
            models.CheckConstraint(
                condition=~Q(kind="stated") | Q(numerator__gte=0, denominator__gt=0, numerator__lte=F("denominator")),
                name="adjustment_stated_is_a_share",
            ),
            models.UniqueConstraint(
                fields=["participant", "code"],
                condition=Q(kind__in=["not_applicable", "stated"], state__in=["proposed", "approved"]),
                name="adjustment_one_ruling",
                violation_error_message=_("这个单位的这项指标已经有一条待审批或已同意的核定，请先处理它。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:adjustment", args=[self.pk])


class Review(models.Model):
    """The second look at a scored round, by a person of the office who did not score it."""

    declared = append_only()

    round = models.ForeignKey(Round, models.PROTECT, related_name="reviews", verbose_name=_("考核"))
    approved = models.BooleanField(_("通过"))
    text = models.TextField(_("复核意见"), max_length=2000, blank=True)
    reviewed_at = models.DateTimeField(_("复核时间"))
    reviewed_by = person(_("复核人"))

    class Meta:
        verbose_name = _("考核复核")
        verbose_name_plural = _("考核复核")
        ordering = ["round", "pk"]
        constraints = [by_with_at("review_reviewed", "reviewed")]

    def __str__(self) -> str:
        outcome = _("通过") if self.approved else _("退回")
        return f"{self.round} {outcome}"


class Appeal(models.Model):
    """An agency's objection to its published result, decided by somebody else; the scores before and after stay."""

    declared = editable()

    class State(models.TextChoices):
        LODGED = "lodged", _("待处理")
        UPHELD = "upheld", _("申诉成立")
        REJECTED = "rejected", _("申诉不成立")

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="appeals", verbose_name=_("申诉单位"))
    text = models.TextField(_("申诉内容"), max_length=5000)
    evidence = evidence(_("证明材料"))
    state = models.CharField(_("结果"), max_length=10, choices=State.choices, default=State.LODGED)
    score_before = models.ForeignKey(Score, models.PROTECT, related_name="+", verbose_name=_("申诉时的评分"))
    score_after = models.ForeignKey(
        Score, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("处理后的评分")
    )
    lodged_at = models.DateTimeField(_("申诉时间"))
    lodged_by = person(_("申诉人"))
    decision = models.TextField(_("处理意见"), max_length=5000, blank=True)
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    decided_by = person(_("处理人"))

    class Meta:
        verbose_name = _("考核申诉")
        verbose_name_plural = _("考核申诉")
        ordering = ["-pk"]
        constraints = [
            by_with_at("appeal_lodged", "lodged"),
            by_with_at("appeal_decided", "decided"),
            two_persons("appeal_two_persons", "lodged_by", "decided_by"),
            models.CheckConstraint(
                condition=Q(state="lodged", decided_at=None) | (~Q(state="lodged") & Q(decided_at__isnull=False)),
                name="appeal_decided_when",
            ),
            models.UniqueConstraint(
                fields=["participant"], condition=Q(state="lodged"), name="appeal_one_open",
                violation_error_message=_("贵单位已有一件申诉正在处理，请等处理结果。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.participant} {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:appeal", args=[self.pk])
