from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.menu(
    _("农村食品治理"), "board:rural_food", order=50, ability="board.view", group="actions", icon="building-store"
)
contribute.attribute(
    "rural_food.standard_shop",
    _("规范化农村食品经营店评定"),
    clause="三（五）",
    premises_kinds=("small_shop", "food_sales"),
    choices={
        "passed": _("达标"),
        "failed": _("未达标"),
        "vetoed": _("一票否决"),
    },
)
