from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.menu(
    _("餐饮质量安全"), "board:catering", order=60, ability="board.view", group="actions", icon="tools-kitchen-2"
)
contribute.attribute(
    "catering.open_kitchen",
    _("互联网+明厨亮灶"),
    clause="三（六）、三（十）",
    premises_kinds=("restaurant", "group_meal", "central_kitchen", "canteen", "school_canteen", "off_campus_supplier"),
    choices={
        "active": _("在线可查看"),
        "fault": _("已建，离线或故障"),
        "none": _("未建"),
    },
)
contribute.attribute(
    "catering.waste_zone",
    _("餐厨废弃物收运范围"),
    clause="三（六）",
    premises_kinds=("restaurant", "canteen", "school_canteen", "group_meal", "central_kitchen"),
    choices={
        "inside": _("在范围内"),
        "outside": _("在范围外"),
    },
)
contribute.attribute(
    "catering.waste_contract",
    _("餐厨废弃物收运合同"),
    clause="三（六）",
    premises_kinds=("restaurant", "canteen", "school_canteen", "group_meal", "central_kitchen"),
    choices={
        "valid": _("有效"),
        "none": _("无"),
    },
)
contribute.attribute(
    "catering.waste_ledger",
    _("餐厨废弃物收运台账"),
    clause="三（六）",
    premises_kinds=("restaurant", "canteen", "school_canteen", "group_meal", "central_kitchen"),
    choices={
        "current": _("近 7 日有记录"),
        "lapsed": _("近 7 日无记录"),
    },
)
contribute.attribute(
    "catering.hygiene_grade",
    _("量化等级（卫生状况）"),
    clause="三（六）",
    premises_kinds=("restaurant", "canteen", "school_canteen", "group_meal", "central_kitchen"),
    choices={
        "A": _("优秀"),
        "B": _("良好"),
        "C": _("一般"),
    },
)
