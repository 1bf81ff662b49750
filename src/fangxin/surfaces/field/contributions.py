"""What the phone's surface offers to the rest of the house."""

from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.api import STAFF
from fangxin.surfaces.field import offers

contribute.ability("field.use", _("使用手机外勤"), roles=("inspector", "department", "township"))
contribute.ability("field.view", _("查看外勤设备和同步冲突"), roles=STAFF)
contribute.ability("field.devices", _("管理外勤设备、处理同步冲突"), roles=("office", "department"))

contribute.menu(_("外勤检查"), "field:phone", order=30, ability="field.use", group="today", icon="device-mobile")
contribute.menu(_("外勤设备"), "field:devices", order=45, ability="field.view", group="system", icon="devices")
contribute.menu(_("手机同步冲突"), "field:conflicts", order=46, ability="field.view", group="system", icon="git-merge")

contribute.event("field.device.enrolled", _("启用外勤设备"), counted=False)
contribute.event("field.device.recovered", _("重设外勤设备口令"), counted=False)
contribute.event("field.device.signed_out", _("注销外勤设备"), counted=False)
contribute.event("field.device.wipe_told", _("清除指令送达外勤设备"), counted=False)
contribute.event("field.device.wiped", _("外勤设备报告已清除"), counted=False)
contribute.event("field.conflict.opened", _("手机记录未自动采用"), counted=False)
contribute.event("field.conflict.decided", _("处理手机同步冲突"), counted=False)

contribute.work("field.conflicts", offers.work)
contribute.evidence("field.conflicts", offers.may_see)
contribute.schedule(
    "field.parts", _("清理没有传完的照片"), task="fangxin.surfaces.field.services.pictures.drop_forgotten",
    cron="10 4 * * *",
)  # fmt: skip
