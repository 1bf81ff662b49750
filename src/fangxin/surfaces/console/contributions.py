from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people import api as people

contribute.ability(
    "console.use", _("使用工作台"), roles=(*people.EVERYBODY, people.LABORATORY.name, people.ADMINISTRATOR.name)
)
contribute.menu(_("今天"), "console:today", order=10, ability="console.use", group="today", icon="sun")
contribute.menu(_("使用帮助"), "console:help", order=90, ability="console.use", group="system", icon="help")
contribute.menu(_("留痕记录"), "console:audit", order=50, ability="ledger.view", group="system", icon="history")
contribute.event("console.evidence.opened", _("打开证据文件"), counted=False)
