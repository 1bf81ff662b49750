from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.roles import EVERYONE_AT_WORK

contribute.event("catalog.edition.loaded", _("载入规则版本"))
contribute.event("catalog.edition.replaced", _("更正尚未使用的规则版本"))
contribute.event("catalog.edition.confirmed", _("确认规则版本"))
contribute.ability("catalog.view", _("查看规则版本"), roles=EVERYONE_AT_WORK)
contribute.ability("catalog.confirm", _("确认规则版本"), roles=("office",))
contribute.menu(_("规则与版本"), "catalog:list", order=50, ability="catalog.view", group="system", icon="books")
