"""Roles as classes. A role is what a post lets a person do; where, the post's division says.

Abilities are offered by the apps that ask for them (`contribute.ability(..., roles=…)`), so a role's list of
abilities is never written twice.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute


class Reach(StrEnum):
    """How far a role sees inside its post's division."""

    DIVISION = "division"  # everything in the division
    AGENCY = "agency"  # only what belongs to the post's own agency
    NOTHING = "nothing"  # no business records at all


@dataclass(frozen=True, slots=True)
class Role:
    name: str
    label: Promise
    reach: Reach

    @property
    def abilities(self) -> frozenset[str]:
        return frozenset(a.name for a in contribute.abilities if self.name in a.roles)


OFFICE = Role("office", _("食安办"), Reach.DIVISION)
DEPARTMENT = Role("department", _("部门"), Reach.DIVISION)
TOWNSHIP = Role("township", _("乡镇（街道）"), Reach.DIVISION)
INSPECTOR = Role("inspector", _("监管所人员"), Reach.DIVISION)
INSTITUTION = Role("institution", _("学校、医院等单位"), Reach.AGENCY)
OPERATOR = Role("operator", _("生产经营者"), Reach.AGENCY)
# A testing laboratory: sees what was sent to it, nothing of the county's registers.
LABORATORY = Role("laboratory", _("检验机构"), Reach.AGENCY)
# The county's centre for disease control: cases, signals, investigations; sees where food came from and what was found in it.
EPIDEMIOLOGIST = Role("epidemiologist", _("疾控流调人员"), Reach.DIVISION)
READER = Role("reader", _("查阅"), Reach.DIVISION)
ADMINISTRATOR = Role("administrator", _("系统管理员"), Reach.NOTHING)

ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        OFFICE, DEPARTMENT, TOWNSHIP, INSPECTOR, INSTITUTION, OPERATOR, LABORATORY, EPIDEMIOLOGIST, READER, ADMINISTRATOR,
    )
}  # fmt: skip
ROLE_CHOICES = [(role.name, role.label) for role in ROLES.values()]

STAFF = ("office", "department", "township", "inspector")
EVERYONE_AT_WORK = (*STAFF, "reader")
EVERYBODY = (*EVERYONE_AT_WORK, "epidemiologist", "institution", "operator")
