from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.declarations import Personal, editable
from fangxin.kernel.people.models.divisions import code_validator
from fangxin.kernel.people.roles import ROLE_CHOICES


class Agency(models.Model):
    """A department, township, institution or operator that owns work."""

    declared = editable(personal={"phone": Personal.CONTACT})

    class Kind(models.TextChoices):
        OFFICE = "office", _("食安办")
        DEPARTMENT = "department", _("部门")
        TOWNSHIP = "township", _("乡镇（街道）")
        STATION = "station", _("监管所")
        INSTITUTION = "institution", _("学校、医院等单位")
        OPERATOR = "operator", _("生产经营者")
        LABORATORY = "laboratory", _("检验机构")

    name = models.CharField(_("名称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=30)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    division_code = models.CharField(_("区划"), max_length=12, validators=[code_validator], db_index=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("上级机构"))
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("机构")
        verbose_name_plural = _("机构")
        ordering = ["kind", "pk"]
        constraints = [models.UniqueConstraint(fields=["name", "division_code"], name="agency_name_once")]

    def __str__(self) -> str:
        return self.short_name


class AgencyName(models.Model):
    """Another name by which documents call an agency."""

    declared = editable()

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="other_names", verbose_name=_("机构"))
    name = models.CharField(_("别名"), max_length=100)

    class Meta:
        verbose_name = _("机构别名")
        verbose_name_plural = _("机构别名")
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="agency_other_name_once")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """Ties a user to an agency with a role and a jurisdiction, for a span of time."""

    declared = editable()

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", verbose_name=_("人员"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="posts", verbose_name=_("机构"))
    role = models.CharField(_("角色"), max_length=20, choices=ROLE_CHOICES)
    division_code = models.CharField(_("管辖区划"), max_length=12, validators=[code_validator])
    title = models.CharField(_("职务"), max_length=60, blank=True)
    starts_on = models.DateField(_("起始日期"))
    ends_on = models.DateField(_("截止日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = _("岗位")
        indexes = [models.Index(fields=["user", "starts_on"], name="post_user")]

    def __str__(self) -> str:
        return f"{self.user} · {self.agency} · {self.get_role_display()}"
