from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.menu(_("进口食品守护"), "board:imported_food", order=120, ability="board.view", group="actions", icon="ship")
contribute.attribute(
    "imported_food.purchase_check",
    _("进口食品进货查验年度检查"),
    clause="三（十二）",
    premises_kinds=("importer", "food_sales"),
    choices={
        "compliant": _("合规"),
        "problems": _("有问题"),
    },
)
