from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.menu(
    _("校园食品安全"), "board:school_meals", order=100, ability="board.view", group="actions", icon="school"
)
contribute.attribute(
    "school_meals.stage",
    _("学段"),
    clause="三（十）",
    premises_kinds=("school_canteen",),
    choices={
        "kindergarten": _("幼儿园"),
        "compulsory": _("义务教育"),
        "senior": _("高中阶段"),
        "other": _("其他"),
    },
)
contribute.attribute(
    "school_meals.exam_app",
    _("考核应用安装使用"),
    clause="三（十）",
    premises_kinds=("school_canteen",),
    choices={
        "in_use": _("已安装且当期有学习或考核记录"),
        "installed": _("已安装未使用"),
        "none": _("未安装"),
    },
)
contribute.attribute(
    "school_meals.procurement",
    _("大宗食品采购方式"),
    clause="三（十）",
    premises_kinds=("school_canteen",),
    choices={
        "tender": _("公开招标"),
        "fixed_point": _("集中定点采购"),
        "none": _("未实行"),
    },
)
contribute.attribute(
    "school_meals.self_run",
    _("食堂经营方式"),
    clause="三（十）",
    premises_kinds=("school_canteen",),
    choices={
        "self_run": _("自主经营"),
        "contracted": _("委托承包"),
    },
)
contribute.attribute(
    "school_meals.principal_duty",
    _("校长（园长）责任书"),
    clause="三（十）",
    premises_kinds=("school_canteen",),
    choices={
        "signed": _("当年已签订"),
        "missing": _("未签订"),
    },
)
