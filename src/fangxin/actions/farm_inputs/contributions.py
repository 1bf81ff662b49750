from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.menu(_("农药兽药减量"), "board:farm_inputs", order=30, ability="board.view", group="actions", icon="plant")
contribute.attribute(
    "farm_inputs.farm_type",
    _("养殖种植类型"),
    clause="三（三）",
    premises_kinds=("farm",),
    choices={
        "crop": _("种植"),
        "livestock": _("畜禽养殖"),
        "aquatic": _("水产养殖"),
    },
)
contribute.attribute(
    "farm_inputs.aquatic_records",
    _("水产养殖三项记录"),
    clause="三（三）",
    premises_kinds=("farm",),
    choices={
        "complete": _("三项齐全"),
        "incomplete": _("不齐全"),
    },
)
