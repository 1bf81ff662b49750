from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger.declarations import Personal, editable
from fangxin.kernel.registry.rules import code_validator


class Staff(models.Model):
    """A person who answers for food at premises, or helps a village."""

    declared = editable(personal={"name": Personal.NAME, "phone": Personal.CONTACT}, kept_years=3)

    class Role(models.TextChoices):
        PRINCIPAL = "principal", _("主要负责人")
        SAFETY_DIRECTOR = "safety_director", _("食品安全总监")
        SAFETY_OFFICER = "safety_officer", _("食品安全员")
        EMPLOYEE = "employee", _("从业人员")
        VILLAGE_HELPER = "village_helper", _("协管员")

    premises = models.ForeignKey(
        "registry.Premises", models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("经营场所")
    )
    division_code = models.CharField(_("区划"), max_length=12, validators=[code_validator])
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    role = models.CharField(_("岗位"), max_length=16, choices=Role.choices)
    joined_on = models.DateField(_("到岗日期"))
    left_on = models.DateField(_("离岗日期"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")
        ordering = ["division_code", "premises_id", "pk"]
        indexes = [
            models.Index(fields=["division_code", "premises", "id"], name="staff_list"),
            models.Index(fields=["role", "division_code"], name="staff_role"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                name="staff_span_forward",
                violation_error_message=_("离岗日期早于到岗日期，请核对。"),
            ),
            models.CheckConstraint(
                condition=Q(role="village_helper", premises=None) | (~Q(role="village_helper") & ~Q(premises=None)),
                name="staff_belongs_somewhere",
                violation_error_message=_("协管员属于村（社区），不填经营场所；其他人员须填经营场所。"),
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class StaffCertificate(models.Model):
    """An exam passed, a health card, a helper's training. A new one is a new row."""

    declared = editable(kept_years=3)

    class Kind(models.TextChoices):
        TRAINING_EXAM = "training_exam", _("培训考核合格")
        HEALTH_CARD = "health_card", _("健康证明")
        HELPER_TRAINING = "helper_training", _("协管员培训")

    staff = models.ForeignKey(
        Staff, models.CASCADE, db_index=False, related_name="certificates", verbose_name=_("人员")
    )
    kind = models.CharField(_("证明"), max_length=16, choices=Kind.choices)
    number = models.CharField(_("编号"), max_length=60, blank=True)
    passed_on = models.DateField(_("取得日期"))
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    score = models.DecimalField(_("成绩"), max_digits=5, decimal_places=1, null=True, blank=True)
    channel = models.CharField(_("渠道"), max_length=60, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.CharField(_("登记人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("人员证明")
        verbose_name_plural = _("人员证明")
        ordering = ["-passed_on", "-pk"]
        indexes = [models.Index(fields=["staff", "kind", "passed_on"], name="certificate_staff")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("passed_on")),
                name="certificate_span_forward",
                violation_error_message=_("有效期早于取得日期，请核对。"),
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
