from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.menu(
    _("食用农产品市场"), "board:produce_markets", order=70, ability="board.view", group="actions", icon="basket"
)
contribute.attribute(
    "produce_markets.risk_grade",
    _("市场年度风险等级"),
    clause="三（七）",
    premises_kinds=("produce_market",),
    choices={
        "A": _("风险最低"),
        "B": _("风险较低"),
        "C": _("风险较高"),
        "D": _("风险最高"),
    },
)
