from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.declarations import Personal, editable
from fangxin.kernel.registry.models.subjects import Premises
from fangxin.kernel.registry.rules import code_validator


class CensusSurvey(models.Model):
    """A field survey of everything that operates in a division: the denominator that includes the unregistered."""

    declared = editable()

    name = models.CharField(_("名称"), max_length=100)
    division_code = models.CharField(_("范围"), max_length=12, validators=[code_validator])
    started_on = models.DateField(_("开始日期"))
    finished_on = models.DateField(_("结束日期"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("普查")
        verbose_name_plural = _("普查")
        ordering = ["-started_on", "-pk"]
        indexes = [models.Index(fields=["division_code", "started_on"], name="survey_scope")]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "division_code"],
                name="survey_name_once",
                violation_error_message=_("这个范围内已有同名普查，请换一个名称。"),
            ),
            models.CheckConstraint(
                condition=Q(finished_on=None) | Q(finished_on__gte=F("started_on")),
                name="survey_span_forward",
                violation_error_message=_("结束日期早于开始日期，请核对。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CensusEntry(models.Model):
    """What somebody saw operating, or shut, at a place on a day; matched to the register or known not to be in it."""

    declared = editable(personal={"phone_seen": Personal.CONTACT}, kept_years=5)

    class Match(models.TextChoices):
        UNMATCHED = "unmatched", _("待比对")
        MATCHED = "matched", _("已在底册")
        NOT_REGISTERED = "not_registered", _("未登记在营")
        OUT_OF_SCOPE = "out_of_scope", _("不属统计范围")

    survey = models.ForeignKey(
        CensusSurvey, models.PROTECT, db_index=False, related_name="entries", verbose_name=_("普查")
    )
    division_code = models.CharField(_("区划"), max_length=12, validators=[code_validator])
    name_seen = models.CharField(_("所见名称"), max_length=120)
    address_seen = models.CharField(_("所见地址"), max_length=200, blank=True)
    phone_seen = models.CharField(_("所见电话"), max_length=30, blank=True)
    kind_seen = models.CharField(_("所见类别"), max_length=20, choices=Premises.Kind.choices)
    latitude = models.FloatField(_("纬度（WGS-84）"), null=True, blank=True)
    longitude = models.FloatField(_("经度（WGS-84）"), null=True, blank=True)
    operating = models.BooleanField(_("在营"), default=True)
    seen_on = models.DateField(_("查看日期"))
    seen_by = models.CharField(_("查看人"), max_length=150, blank=True)
    match = models.CharField(_("比对结果"), max_length=16, choices=Match.choices, default=Match.UNMATCHED)
    premises = models.ForeignKey(
        Premises, models.PROTECT, null=True, blank=True, related_name="sightings", verbose_name=_("底册场所")
    )
    match_score = models.DecimalField(_("相似度"), max_digits=4, decimal_places=3, null=True, blank=True)
    match_reasons = models.JSONField(_("比对依据"), default=list, blank=True)
    matched_at = models.DateTimeField(_("比对时间"), null=True, blank=True)
    matched_by = models.CharField(_("比对人"), max_length=150, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("普查记录")
        verbose_name_plural = _("普查记录")
        ordering = ["division_code", "name_seen", "pk"]
        indexes = [
            models.Index(fields=["division_code", "name_seen", "id"], name="census_list"),
            models.Index(fields=["survey", "match", "division_code"], name="census_survey"),
            models.Index(fields=["survey", "division_code", "name_seen", "id"], name="census_survey_list"),
            models.Index(fields=["match", "division_code"], name="census_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(match="matched") & ~Q(premises=None)) | (~Q(match="matched") & Q(premises=None)),
                name="census_match_has_premises",
            ),
            models.CheckConstraint(
                condition=Q(match="unmatched", matched_at=None) | (~Q(match="unmatched") & ~Q(matched_at=None)),
                name="census_matched_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.name_seen
