from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.menu(
    _("“三小”治理"), "board:small_operators", order=80, ability="board.view", group="actions", icon="home-cog"
)
contribute.attribute(
    "small_operators.inspection",
    _("“三小”年度监督检查"),
    clause="三（八）",
    premises_kinds=("small_workshop", "small_shop", "stall"),
    choices={
        "compliant": _("已检查，合规"),
        "problems": _("已检查，有问题"),
    },
)
