from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.ledger import clock
from fangxin.kernel.ledger.declarations import Personal, editable
from fangxin.kernel.people.roles import ROLES, Reach

if TYPE_CHECKING:
    from fangxin.kernel.people.models.agencies import Post


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. What the person may do follows from the posts held today."""

    declared = editable(
        personal={"name": Personal.NAME, "phone": Personal.CONTACT, "password": Personal.SECRET}, kept_years=3
    )

    username = models.CharField(_("账号"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("手机"), max_length=30, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, blank=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def posts_today(self) -> list["Post"]:
        return list(self.posts_on(clock.today()))

    def posts_on(self, day: date) -> "models.QuerySet[Post]":
        held = Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))
        return self.posts.filter(held).select_related("agency").order_by("pk")

    def can(self, ability: str, division_code: str = "") -> bool:
        """Whether some post of today gives the ability, for the division if one is named."""
        return any(
            ability in ROLES[post.role].abilities and division_code.startswith(post.division_code)
            if division_code
            else ability in ROLES[post.role].abilities
            for post in self.posts_today
        )

    def prefixes(self, ability: str) -> list[str]:
        """Division prefixes in which the person has the ability over everything (not only their own agency)."""
        found = {
            post.division_code
            for post in self.posts_today
            if ability in ROLES[post.role].abilities and ROLES[post.role].reach is Reach.DIVISION
        }
        return sorted(p for p in found if not any(p != q and p.startswith(q) for q in found))

    def own_agencies(self, ability: str) -> list[int]:
        """Agencies whose own records the person may reach with this ability."""
        return sorted({post.agency_id for post in self.posts_today if ability in ROLES[post.role].abilities})
