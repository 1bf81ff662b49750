from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.event("people.signed_in", _("登录"), counted=False)
contribute.event("people.signed_out", _("退出"), counted=False)
contribute.event("people.sign_in_refused", _("登录被拒绝"), counted=False)
contribute.event("people.locked_out", _("账号暂时锁定"), counted=False)
contribute.event("people.division.added", _("新增区划"))
contribute.event("people.division.loaded", _("载入区划"))
contribute.event("people.division.ended", _("停用区划"))
contribute.event("people.agency.created", _("新增机构"))
contribute.event("people.agency.changed", _("修改机构"))
contribute.event("people.agency.named", _("登记机构别名"))
contribute.event("people.user.created", _("新增账号"), counted=False)
contribute.event("people.user.changed", _("修改账号"), counted=False)
contribute.event("people.password.set", _("设置密码"), counted=False)
contribute.event("people.second_factor.set", _("启用动态口令"), counted=False)
contribute.event("people.second_factor.removed", _("停用动态口令"), counted=False)
contribute.event("people.post.given", _("安排岗位"))
contribute.event("people.post.ended", _("结束岗位"))
contribute.event("people.personal_data.viewed", _("查看个人信息"), counted=False)

contribute.ability("people.manage", _("管理账号与岗位"), roles=("administrator",))
contribute.ability("people.divisions", _("管理区划与机构"), roles=("administrator", "office"))

contribute.menu(_("账号与岗位"), "people:users", order=10, ability="people.manage", group="system", icon="users")
contribute.menu(_("机构"), "people:agencies", order=20, ability="people.divisions", group="system", icon="building")
contribute.menu(_("行政区划"), "people:divisions", order=30, ability="people.divisions", group="system", icon="map-pin")
