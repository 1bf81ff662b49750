from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.event("jobs.asked", _("提交后台任务"), counted=False)
contribute.event("jobs.asked_again", _("重做后台任务"), counted=False)
contribute.ability("jobs.view", _("查看后台任务"), roles=("office", "department", "administrator"))
contribute.menu(_("后台任务"), "jobs:list", order=40, ability="jobs.view", group="system", icon="clock-play")
