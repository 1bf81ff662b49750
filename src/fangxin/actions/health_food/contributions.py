from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.menu(
    _("保健食品整治"), "board:health_food", order=40, ability="board.view", group="actions", icon="heart-plus"
)
contribute.attribute(
    "health_food.inspection",
    _("保健食品经营者年度检查"),
    clause="三（四）",
    premises_kinds=("health_food_shop",),
    choices={
        "compliant": _("已检查，合规"),
        "problems": _("已检查，有问题"),
    },
)
