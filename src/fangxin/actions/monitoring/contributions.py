from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.menu(
    _("标准与风险监测"), "board:monitoring", order=10, ability="board.view", group="actions", icon="microscope"
)
contribute.attribute(
    "monitoring.reporting",
    _("食源性疾病监测报告"),
    clause="三（一）",
    premises_kinds=("health_institution",),
    choices={
        "reporting": _("已开通且当期有报告或零报告"),
        "silent": _("已开通但当期无报告"),
        "no_account": _("未开通账号"),
    },
)
