from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.declarations import editable

# Province, prefecture, county, township, village: the code's length is the level.
LEVEL_LENGTHS = (2, 4, 6, 9, 12)
code_validator = RegexValidator(r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$", _("区划代码应为 2、4、6、9 或 12 位数字。"))


class Division(models.Model):
    """An administrative division as it was called in a span of time. The code is the significant prefix of the
    12-digit statistical code, so that jurisdiction is a prefix match."""

    declared = editable()

    class Kind(models.TextChoices):
        PROVINCE = "province", _("省")
        PREFECTURE = "prefecture", _("市")
        COUNTY = "county", _("县（市、区）")
        STREET = "street", _("街道")
        TOWN = "town", _("镇")
        TOWNSHIP = "township", _("乡")
        VILLAGE = "village", _("村")
        COMMUNITY = "community", _("社区")

    code = models.CharField(_("区划代码"), max_length=12, validators=[code_validator], db_index=True)
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    valid_from = models.DateField(_("启用日期"), null=True, blank=True)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    population = models.PositiveIntegerField(_("人口"), null=True, blank=True)
    population_basis = models.CharField(_("人口口径"), max_length=60, blank=True)
    latitude = models.FloatField(_("纬度（WGS-84）"), null=True, blank=True)
    longitude = models.FloatField(_("经度（WGS-84）"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    confidence = models.CharField(_("可信程度"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("行政区划")
        verbose_name_plural = _("行政区划")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="division_code_span_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None)
                | models.Q(valid_from=None)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="division_span_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def level(self) -> int:
        return LEVEL_LENGTHS.index(len(self.code))
