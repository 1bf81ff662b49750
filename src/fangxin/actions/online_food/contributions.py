from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.menu(
    _("网络食品净网"), "board:online_food", order=90, ability="board.view", group="actions", icon="world-search"
)
contribute.attribute(
    "online_food.licence_match",
    _("网店证照一致性监测"),
    clause="三（九）",
    premises_kinds=("restaurant", "small_shop", "food_sales", "central_kitchen", "group_meal"),
    choices={
        "match": _("证照、地址、范围一致"),
        "mismatch": _("不一致"),
        "unlicensed": _("线下无证"),
    },
)
