from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxin.actions.produce_markets.models.entries import Entry
from fangxin.actions.produce_markets.models.fields import KEPT_YEARS
from fangxin.actions.produce_markets.models.markets import Market, Stall
from fangxin.kernel.ledger.api import append_only, editable, told_together


class RoomTest(models.Model):
    """A line of a market's rapid-test room: whose goods a rapid test was made of. The test is the laboratory's."""

    declared = append_only(kept_years=KEPT_YEARS)

    market = models.ForeignKey(
        Market, models.PROTECT, db_index=False, related_name="room_tests", verbose_name=_("市场")
    )
    stall = models.ForeignKey(
        Stall, models.PROTECT, null=True, blank=True, related_name="room_tests", verbose_name=_("摊位")
    )
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="room_tests", verbose_name=_("入场货物")
    )
    rapid_test = models.OneToOneField(
        "laboratory.RapidTest", models.PROTECT, related_name="room_test", verbose_name=_("快检记录")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    tested_on = models.DateField(_("检测日期"))

    class Meta:
        verbose_name = _("快检室台账")
        verbose_name_plural = _("快检室台账")
        ordering = ["-tested_on", "-pk"]
        indexes = [
            models.Index(fields=["market", "-tested_on", "-id"], name="market_room_day"),
            models.Index(fields=["division_code", "-tested_on", "-id"], name="market_room_list"),
        ]

    def __str__(self) -> str:
        return str(self.rapid_test)


class SelfCheck(models.Model):
    """A market's own look at its food safety for one day, week or month, item by item."""

    declared = append_only(kept_years=KEPT_YEARS)

    market = models.ForeignKey(
        Market, models.PROTECT, db_index=False, related_name="self_checks", verbose_name=_("市场")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    cadence = models.CharField(_("自查"), max_length=10)
    # The first day of the day, week or month it was for.
    period = models.DateField(_("所属期"))
    answers = models.JSONField(_("各项结果"))
    problems = models.CharField(_("发现的问题和整改"), max_length=800, blank=True)
    edition = models.CharField(_("清单版本"), max_length=20)
    file = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("照片")
    )
    late = models.BooleanField(_("补登"), default=False)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("市场自查")
        verbose_name_plural = _("市场自查")
        ordering = ["-period", "-pk"]
        indexes = [models.Index(fields=["division_code", "-period"], name="market_selfcheck_list")]
        constraints = [
            models.UniqueConstraint(
                fields=["market", "cadence", "period"], name="market_selfcheck_once",
                violation_error_message=_("这一期的自查已经登记过。"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.market} {self.period}"


class SlaughterCheck(models.Model):
    """Meat looked at before sale: two certificates, two stamps (两证两章), and clenbuterol-like drugs (“瘦肉精”)."""

    declared = append_only(kept_years=KEPT_YEARS)

    class Animal(models.TextChoices):
        PIG = "pig", _("猪")
        CATTLE = "cattle", _("牛")
        SHEEP = "sheep", _("羊")
        POULTRY = "poultry", _("禽")

    class Drug(models.TextChoices):
        NEGATIVE = "negative", _("阴性")
        POSITIVE = "positive", _("阳性")
        NOT_DONE = "not_done", _("没有检测记录")

    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, blank=True, related_name="slaughter_check", verbose_name=_("入场货物")
    )
    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, related_name="+", verbose_name=_("查验场所"),
        help_text=_("市场，或者屠宰场点。"),
    )  # fmt: skip
    division_code = models.CharField(_("区划"), max_length=12)
    slaughterer = models.CharField(_("屠宰企业"), max_length=120)
    animal = models.CharField(_("畜禽"), max_length=8, choices=Animal.choices)
    carcasses = models.PositiveIntegerField(_("数量（头、只、片）"), validators=[MaxValueValidator(100_000)])
    quarantine_no = models.CharField(_("动物检疫合格证明编号"), max_length=60, blank=True)
    quality_no = models.CharField(_("肉品品质检验合格证编号"), max_length=60, blank=True)
    quarantine_stamp = models.BooleanField(_("有检疫验讫印章"), default=False)
    quality_stamp = models.BooleanField(_("有肉品品质检验合格验讫章"), default=False)
    drug = models.CharField(_("“瘦肉精”检测"), max_length=8, choices=Drug.choices)
    # What was missing or wrong, by code; empty means that the meat may be sold.
    faults = models.JSONField(_("不符合项"), default=list, blank=True)
    edition = models.CharField(_("规则版本"), max_length=20)
    checked_on = models.DateField(_("查验日期"))
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("屠宰和肉品查验")
        verbose_name_plural = _("屠宰和肉品查验")
        ordering = ["-checked_on", "-pk"]
        indexes = [models.Index(fields=["division_code", "-checked_on"], name="market_slaughter_list")]

    def __str__(self) -> str:
        return f"{self.slaughterer} {self.get_animal_display()} {self.checked_on}"


class GradeSheet(models.Model):
    """How the dynamic points of a market's yearly risk grade came about: figure, share and points, line by line."""

    declared = append_only(kept_years=KEPT_YEARS)

    market = models.ForeignKey(Market, models.PROTECT, related_name="grade_sheets", verbose_name=_("市场"))
    grade = models.OneToOneField(
        "fieldwork.PremisesGrade", models.PROTECT, related_name="market_sheet", verbose_name=_("等级评定")
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    factors = models.JSONField(_("静态因素"))
    lines = models.JSONField(_("动态因素"))
    edition = models.CharField(_("评分表版本"), max_length=20)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("市场风险评分表")
        verbose_name_plural = _("市场风险评分表")
        ordering = ["-year", "-pk"]

    def __str__(self) -> str:
        return f"{self.market} {self.year}"


class StallCheck(models.Model):
    """A stall asked to show by what its goods came in (抽查索证): the numerator and denominator of the check rate."""

    declared = append_only(kept_years=KEPT_YEARS)

    stall = models.ForeignKey(Stall, models.PROTECT, related_name="proof_checks", verbose_name=_("摊位"))
    market = models.ForeignKey(Market, models.PROTECT, related_name="proof_checks", verbose_name=_("市场"))
    division_code = models.CharField(_("区划"), max_length=12)
    food = models.CharField(_("抽查品种"), max_length=60)
    shown = models.BooleanField(_("能出示有效凭证"))
    purchase_book = models.BooleanField(_("有进货记录"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    checked_on = models.DateField(_("抽查日期"))
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("摊位索证抽查")
        verbose_name_plural = _("摊位索证抽查")
        ordering = ["-checked_on", "-pk"]
        indexes = [models.Index(fields=["division_code", "-checked_on"], name="market_stallcheck_list")]

    def __str__(self) -> str:
        return f"{self.stall} {self.food}"


class Referral(models.Model):
    """From a test to supervision to the police (检监联动、行刑衔接): told, taken up, made a case or ended, each with its clock."""

    declared = editable(kept_years=KEPT_YEARS)

    class Source(models.TextChoices):
        RAPID = "rapid", _("快检阳性")
        SAMPLE = "sample", _("抽检不合格")
        SLAUGHTER = "slaughter", _("肉品查验不符合")
        PROOF = "proof", _("凭证可疑")
        OVERSOLD = "oversold", _("售出多于入场")

    class State(models.TextChoices):
        REPORTED = "reported", _("已报告，待受理")
        TAKEN = "taken", _("监管核查中")
        CASE = "case", _("已转处罚案件")
        ENDED = "ended", _("核查结束，不立案")

    number = models.CharField(_("编号"), max_length=40, unique=True)
    # What it was made of, so that the same thing is never reported twice.
    key = models.CharField(_("来源"), max_length=120, unique=True)
    market = models.ForeignKey(Market, models.PROTECT, related_name="referrals", verbose_name=_("市场"))
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="referrals", verbose_name=_("入场货物")
    )
    division_code = models.CharField(_("区划"), max_length=12)
    source = models.CharField(_("线索"), max_length=10, choices=Source.choices)
    text = models.CharField(_("情况"), max_length=500)
    # The law asks for the police where the facts look like a crime: meat without quarantine, forbidden drugs.
    crime = models.BooleanField(_("可能涉嫌犯罪"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.REPORTED)
    found_at = models.DateTimeField(_("发现时间"))
    report_by = models.DateTimeField(_("应报告时间"), null=True, blank=True)
    reported_at = models.DateTimeField(_("报告时间"))
    reported_by = models.CharField(_("报告人"), max_length=150, blank=True)
    take_by = models.DateField(_("应受理日期"), null=True, blank=True)
    taken_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    taken_by = models.CharField(_("受理人"), max_length=150, blank=True)
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    ended_by = models.CharField(_("办结人"), max_length=150, blank=True)
    conclusion = models.CharField(_("核查结论"), max_length=500, blank=True)
    matter = models.ForeignKey(
        "casework.Matter", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("问题事项")
    )
    case = models.ForeignKey(
        "casework.Case", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("处罚案件")
    )

    class Meta:
        verbose_name = _("检监联动线索")
        verbose_name_plural = _("检监联动线索")
        ordering = ["-reported_at", "-pk"]
        indexes = [models.Index(fields=["division_code", "state", "take_by"], name="market_referral_list")]
        constraints = [
            told_together("taken_at", "taken_by", "market_referral_taken"),
            told_together("ended_at", "ended_by", "market_referral_ended"),
            models.CheckConstraint(condition=~Q(state="case") | Q(case__isnull=False), name="market_referral_case"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_source_display()}"

    def get_absolute_url(self) -> str:
        return reverse("produce_markets:referral", args=[self.pk])
