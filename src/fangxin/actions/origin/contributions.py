from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.menu(_("产地环境净化"), "board:origin", order=20, ability="board.view", group="actions", icon="leaf")
contribute.attribute(
    "origin.heavy_metal",
    _("涉镉等重金属企业清单"),
    clause="三（二）",
    premises_kinds=("monitored_enterprise",),
    choices={
        "listed": _("列入清单"),
        "not_listed": _("未列入"),
    },
)
contribute.attribute(
    "origin.heavy_metal_check",
    _("涉重金属企业年度检查"),
    clause="三（二）",
    premises_kinds=("monitored_enterprise",),
    choices={
        "no_problem": _("已检查，无问题"),
        "rectified": _("有问题，已按期整改"),
        "unrectified": _("有问题，未按期整改"),
    },
)
contribute.attribute(
    "origin.voc",
    _("挥发性有机物治理核查"),
    clause="三（二）",
    premises_kinds=("monitored_enterprise",),
    choices={
        "met": _("收集与治理均符合"),
        "not_met": _("不符合"),
    },
)
