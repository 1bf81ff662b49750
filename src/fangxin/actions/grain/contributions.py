from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.menu(_("优质粮食工程"), "board:grain", order=110, ability="board.view", group="actions", icon="wheat")
contribute.attribute(
    "grain.capacity",
    _("有效仓容"),
    clause="三（十一）",
    premises_kinds=("grain_depot",),
    kind="number",
    unit=_("吨"),
)
contribute.attribute(
    "grain.low_temperature_capacity",
    _("低温、准低温仓容"),
    clause="三（十一）",
    premises_kinds=("grain_depot",),
    kind="number",
    unit=_("吨"),
)
contribute.attribute(
    "grain.online_monitoring",
    _("粮情在线监测"),
    clause="三（十一）",
    premises_kinds=("grain_depot",),
    choices={
        "on_time": _("在线且按时上传"),
        "late": _("在线但不按时"),
        "none": _("未接入"),
    },
)
