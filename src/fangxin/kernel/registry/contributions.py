from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Subject
from fangxin.kernel.people.roles import EVERYBODY, STAFF
from fangxin.kernel.registry import asof, offers

EDITORS = ("office", "department", "inspector")

contribute.ability("registry.view", _("查看底册"), roles=EVERYBODY)
contribute.ability("registry.edit", _("维护底册、审核变更"), roles=EDITORS)
contribute.ability("registry.propose", _("申请变更底册"), roles=(*STAFF, "institution", "operator"))
contribute.ability("registry.census", _("记录和比对普查"), roles=STAFF)
contribute.ability("registry.lists", _("查看底册清单"), roles=(*STAFF, "reader"))
contribute.ability("registry.import", _("导入底册"), roles=EDITORS)
contribute.ability("parcel.edit", _("登记和修改地块"), roles=("office", "department", "township"))
contribute.ability("registry.personal", _("查看底册中的个人信息"), roles=STAFF)

contribute.menu(
    _("经营场所"), "registry:premises_list", order=10, ability="registry.view", group="registry", icon="building-store"
)
contribute.menu(
    _("经营主体"), "registry:operators", order=20, ability="registry.view", group="registry", icon="id-badge-2"
)
contribute.menu(
    _("证件"), "registry:credentials", order=30, ability="registry.view", group="registry", icon="certificate"
)
contribute.menu(
    _("人员"), "registry:staff_list", order=40, ability="registry.view", group="registry", icon="users-group"
)
contribute.menu(_("地块"), "registry:parcels", order=45, ability="registry.view", group="registry", icon="polygon")
contribute.menu(_("普查"), "registry:surveys", order=50, ability="registry.lists", group="registry", icon="map-search")
contribute.menu(_("变更申请"), "registry:changes", order=60, ability="registry.propose", group="registry", icon="edit")
contribute.menu(_("疑似重复"), "registry:duplicates", order=70, ability="registry.edit", group="registry", icon="copy")
contribute.menu(
    _("导入"), "registry:imports", order=80, ability="registry.import", group="registry", icon="file-import"
)

for name, label in {
    "registry.operator.registered": _("登记经营主体"),
    "registry.operator.changed": _("变更经营主体"),
    "registry.premises.registered": _("登记经营场所"),
    "registry.premises.changed": _("变更经营场所"),
    "registry.premises.moved": _("经营场所迁出本区划"),
    "registry.premises.closed": _("注销经营场所"),
    "registry.premises.reopened": _("恢复经营场所"),
    "registry.premises.merged": _("合并重复场所"),
    "registry.premises.unmerged": _("撤销合并"),
    "registry.premises.distinct": _("认定不是重复场所"),
    "registry.fact.recorded": _("登记事实"),
    "registry.credential.issued": _("登记证件"),
    "registry.credential.renewed": _("延续证件"),
    "registry.credential.revoked": _("证件失效"),
    "registry.staff.added": _("登记人员"),
    "registry.staff.ended": _("人员离岗"),
    "registry.certificate.recorded": _("登记人员证明"),
    "registry.survey.opened": _("开始普查"),
    "registry.survey.closed": _("结束普查"),
    "registry.census.recorded": _("记录普查所见"),
    "registry.census.matched": _("比对普查记录"),
    "registry.change.requested": _("申请变更底册"),
    "registry.change.applied": _("采纳变更申请"),
    "registry.change.refused": _("未采纳变更申请"),
    "registry.change.withdrawn": _("撤回变更申请"),
    "registry.parcel.added": _("登记地块"),
    "registry.parcel.changed": _("修改地块"),
    "registry.parcel.closed": _("停用地块"),
    "registry.parcel.reopened": _("恢复地块"),
    "registry.loaded": _("成批载入底册"),
    "registry.import.checked": _("检查导入文件"),
    "registry.import.applied": _("导入底册"),
    "registry.import.undone": _("撤销导入"),
    "registry.import.discarded": _("放弃导入"),
}.items():
    contribute.event(name, label)

# Offered as it is, not through `contribute.subject`: a copy of the fields made now would lack the attributes to come.
contribute.subjects.add(
    "premises",
    Subject("premises", _("经营场所"), asof.premises_rows, offers.PremisesFields(), list_url="registry:premises_list"),
)
contribute.subject(
    "staff",
    _("人员"),
    rows=asof.staff_rows,
    fields={
        "role": _("岗位"),
        "premises_kind": _("场所类别"),
        "premises_size_class": _("场所规模"),
        "premises_operating": _("场所在营"),
        "on_payroll": _("在岗"),
        "certified": _("培训考核在有效期内"),
    },
    list_url="registry:staff_list",
)
contribute.subject(
    "census",
    _("普查记录"),
    rows=asof.census_rows,
    fields={
        "kind_seen": _("所见类别"),
        "operating": _("在营"),
        "match": _("比对结果"),
        "registered": _("有有效证件"),
    },
    list_url="registry:surveys",
)
contribute.subject(
    "village",
    _("村（社区）"),
    rows=asof.village_rows,
    fields={"kind": _("类别"), "has_trained_helper": _("有经培训的协管员")},
    key="code",
)
contribute.subject(
    "credential",
    _("证件"),
    rows=asof.credential_rows,
    fields={
        "kind": _("证件"),
        "valid": _("有效"),
        "expired": _("已过期"),
        "premises_operating": _("场所在营"),
        "premises_kind": _("场所类别"),
    },
    list_url="registry:credentials",
)

contribute.work("registry", offers.work)
contribute.search("registry", offers.search)
contribute.timeline("registry", offers.timeline)
