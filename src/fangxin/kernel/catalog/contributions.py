from django.utils.translation import gettext_lazy as _

from fangxin.kernel.catalog import selectors
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.roles import EVERYONE_AT_WORK

contribute.event("catalog.edition.loaded", _("载入规则版本"))
contribute.event("catalog.edition.replaced", _("更正尚未使用的规则版本"))
contribute.event("catalog.edition.confirmed", _("确认规则版本"))
contribute.event("catalog.limits.uploaded", _("上传限量表"))
contribute.event("catalog.limits.approved", _("启用限量表"))
contribute.event("catalog.limits.refused", _("限量表未通过复核"))
contribute.event("catalog.limits.withdrawn", _("停用限量表"))
contribute.ability("catalog.view", _("查看规则版本"), roles=EVERYONE_AT_WORK)
contribute.ability("catalog.confirm", _("确认规则版本"), roles=("office",))
contribute.ability("catalog.limits", _("导入和复核限量表"), roles=("office", "department"))
contribute.menu(
    _("限量表导入"), "catalog:limit_tables", order=51, ability="catalog.limits", group="system", icon="table-import"
)
contribute.evidence("catalog.limits", selectors.may_see_sheet)
contribute.menu(_("规则与版本"), "catalog:list", order=50, ability="catalog.view", group="system", icon="books")
