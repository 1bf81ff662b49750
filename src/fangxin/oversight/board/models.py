from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxin.engines.indicators import Status
from fangxin.kernel.ledger import api as ledger

STATUSES = {
    Status.MET: _("已达成"),
    Status.NOT_MET: _("未达成"),
    Status.NO_TARGET: _("跟踪"),
    Status.NO_SUBJECTS: _("无对象"),
    Status.NO_BASE: _("缺基期"),
    Status.UNVERIFIED: _("未核实"),
    Status.UNKNOWN: _("无数据"),
}


def amount(label: object, **options: object) -> models.DecimalField:
    return models.DecimalField(label, max_digits=24, decimal_places=6, **options)


class Cell(models.Model):
    """One indicator on one day in one township, counted from the rows, or the sum of a county's townships. Can be thrown
    away and counted again."""

    declared = ledger.editable()

    as_of = models.DateField(_("截至日期"))
    # Nine digits; a record that lies in no township counts under its own shorter code.
    division_code = models.CharField(_("区划"), max_length=9)
    rolled = models.BooleanField(_("县合计"), default=False)
    code = models.CharField(_("指标"), max_length=20)
    formula_version = models.CharField(_("公式版本"), max_length=12)
    numerator = amount(_("分子"))
    denominator = amount(_("分母"))
    missing = models.PositiveIntegerField(_("缺数的行"), default=0)
    computed_at = models.DateTimeField(_("计算时间"))

    class Meta:
        verbose_name = _("看板数格")
        verbose_name_plural = _("看板数格")
        constraints = [models.UniqueConstraint(fields=["as_of", "rolled", "division_code", "code"], name="cell_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.division_code} {self.as_of}"


class CellState(models.Model):
    """How far the cells of a day have followed the ledger. Its row is held while they are counted anew."""

    declared = ledger.editable()

    as_of = models.DateField(_("截至日期"), unique=True)
    through_seq = models.BigIntegerField(_("台账序号"), default=-1)
    formulas = models.CharField(_("公式摘要"), max_length=64, blank=True)
    computed_at = models.DateTimeField(_("计算时间"), null=True)

    class Meta:
        verbose_name = _("看板进度")
        verbose_name_plural = _("看板进度")

    def __str__(self) -> str:
        return f"{self.as_of} → {self.through_seq}"


class TypedFigure(models.Model):
    """A figure an agency signs for, with its evidence. It stands beside the computed one, never in its place."""

    declared = ledger.append_only()

    code = models.CharField(_("指标"), max_length=20)
    division_code = models.CharField(_("区划"), max_length=12)
    as_of = models.DateField(_("截至日期"))
    base_year = models.PositiveSmallIntegerField(_("基期年份"), null=True, blank=True)
    period = models.CharField(_("报送期"), max_length=40, blank=True)
    numerator = amount(_("分子（或数量）"), null=True, blank=True)
    denominator = amount(_("分母"), null=True, blank=True)
    # Typed without its two parts, as some reports do; shown, and never taken as verified.
    value = amount(_("只报的数值"), null=True, blank=True)
    text = models.CharField(_("说明"), max_length=1000, blank=True)
    evidence = models.ForeignKey(
        "ledger.EvidenceFile", models.PROTECT, null=True, blank=True, verbose_name=_("证据"), related_name="+"
    )
    agency = models.ForeignKey("people.Agency", models.PROTECT, verbose_name=_("填报单位"), related_name="+")
    entered_at = models.DateTimeField(_("填报时间"))
    entered_by = models.CharField(_("填报人"), max_length=150)
    # What the platform itself counted at that moment, where it can count.
    computed_numerator = amount(_("平台分子"), null=True, blank=True)
    computed_denominator = amount(_("平台分母"), null=True, blank=True)
    formula_version = models.CharField(_("公式版本"), max_length=12)

    class Meta:
        verbose_name = _("填报数")
        verbose_name_plural = _("填报数")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division_code", "code", "as_of"], name="typed_place")]
        constraints = [
            models.CheckConstraint(condition=Q(numerator=None) | Q(numerator__gte=0), name="typed_numerator_from_zero"),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(denominator__gte=0), name="typed_denominator_from_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.as_of}"


class FigureVerification(models.Model):
    """What a second person found when looking at a typed figure and its evidence."""

    declared = ledger.append_only()

    figure = models.OneToOneField(TypedFigure, models.PROTECT, related_name="verification", verbose_name=_("填报数"))
    accepted = models.BooleanField(_("认可"))
    note = models.CharField(_("意见"), max_length=500, blank=True)
    verified_at = models.DateTimeField(_("核实时间"))
    verified_by = models.CharField(_("核实人"), max_length=150)

    class Meta:
        verbose_name = _("填报数核实")
        verbose_name_plural = _("填报数核实")

    def __str__(self) -> str:
        return str(self.figure)


class Snapshot(models.Model):
    """The board as it stood on a day, frozen. A correction is a new snapshot that points to the old one."""

    declared = ledger.append_only()

    class Kind(models.TextChoices):
        REPORT = "report", _("报送日")
        MONTH = "month", _("月末")
        ASKED = "asked", _("临时")

    label = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    as_of = models.DateField(_("截至日期"))
    division_code = models.CharField(_("区划"), max_length=12, db_index=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("更正对象")
    )
    reason = models.CharField(_("更正原因"), max_length=300, blank=True)
    ledger_id = models.CharField(_("台账"), max_length=64)
    ledger_seq = models.BigIntegerField(_("台账序号"))
    ledger_digest = models.CharField(_("台账摘要"), max_length=128)
    taken_at = models.DateTimeField(_("冻结时间"))
    taken_by = models.CharField(_("冻结人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("数据快照")
        verbose_name_plural = _("数据快照")
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["division_code", "label"], condition=Q(corrects=None), name="snapshot_label_once"
            )
        ]

    def __str__(self) -> str:
        return self.label


class SnapshotFigure(models.Model):
    """One indicator in one division as frozen: enough to find the rows, the formula and the ledger of that day."""

    declared = ledger.append_only()

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="figures", verbose_name=_("快照"))
    code = models.CharField(_("指标"), max_length=20)
    division_code = models.CharField(_("区划"), max_length=12)
    numerator = amount(_("分子"), null=True)
    denominator = amount(_("分母"), null=True)
    verified = models.BooleanField(_("可采信"), default=True)
    status = models.CharField(_("状态"), max_length=12, choices=[(s.value, label) for s, label in STATUSES.items()])
    formula_version = models.CharField(_("公式版本"), max_length=12)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    inputs_hash = models.CharField(_("数据摘要"), max_length=128, blank=True)
    typed = models.ForeignKey(TypedFigure, models.PROTECT, null=True, related_name="+", verbose_name=_("填报数"))

    class Meta:
        verbose_name = _("快照数")
        verbose_name_plural = _("快照数")
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "division_code", "code"], name="snapshot_figure_once")
        ]
        indexes = [models.Index(fields=["division_code", "code", "snapshot"], name="snapshot_figure_trend")]

    def __str__(self) -> str:
        return f"{self.code} {self.division_code}"


class SnapshotProof(models.Model):
    """The proof file written when the snapshot was taken: later corrections of facts cannot change what it shows."""

    declared = ledger.append_only()

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="proof", verbose_name=_("快照"))
    content = models.BinaryField(_("内容"))
    digest = models.CharField(_("摘要"), max_length=128)
    signed = models.BooleanField(_("已签名"))

    class Meta:
        verbose_name = _("证明文件")
        verbose_name_plural = _("证明文件")

    def __str__(self) -> str:
        return str(self.snapshot)
