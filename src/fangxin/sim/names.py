"""Invented names. Every operator's name carries the mark, so that nobody takes one for a real firm or person."""

import re
from collections.abc import Mapping, Sequence
from random import Random

MARK = "（虚构）"
SOURCE = "合成数据，虚构"

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹喻柏窦章云苏潘葛范彭鲁韦马苗方俞任袁柳史唐薛雷贺倪汤罗毕安常于傅皮齐康伍余顾孟黄穆萧尹"
_GIVEN = (
    "安",
    "柏",
    "川",
    "丹",
    "恩",
    "芳",
    "岗",
    "禾",
    "惠",
    "佳",
    "静",
    "凯",
    "兰",
    "朗",
    "梅",
    "敏",
    "宁",
    "朋",
    "清",
    "荣",
    "山",
    "舒",
    "涛",
    "文",
    "霞",
    "晓",
    "燕",
    "义",
    "远",
    "月",
    "云",
    "泽",
)
_FIRST = (
    "柳",
    "松",
    "杏",
    "梨",
    "桐",
    "槐",
    "枫",
    "竹",
    "桂",
    "榆",
    "清",
    "白",
    "青",
    "黑",
    "红",
    "长",
    "大",
    "上",
    "下",
    "前",
    "后",
    "东",
    "西",
    "南",
    "北",
    "石",
    "沙",
    "金",
    "银",
    "龙",
    "鹿",
    "鹤",
)
_LAST = ("沟", "坪", "湾", "岭", "坡", "洼", "塬", "泉", "庄", "寨", "店", "营", "峪", "滩", "崖", "垣")
_LUCK = (
    "云禾",
    "麦香",
    "禾丰",
    "谷满",
    "乐邻",
    "暖灶",
    "山月",
    "溪谷",
    "朝禾",
    "稻源",
    "邻里",
    "青禾",
    "福麦",
    "田间",
    "晨露",
    "百穗",
    "和顺",
    "喜禾",
    "泉边",
    "柿子红",
    "核桃树",
    "老槐",
    "石磨",
    "炊烟",
    "小满",
    "谷雨",
    "立秋",
    "冬藏",
    "春耕",
    "秋实",
    "南坡",
    "北岭",
    "东篱",
    "西窗",
    "半山",
    "大院",
    "老井",
    "新麦",
    "金穗",
    "丰年",
)
_ROADS = ("云栖", "望禾", "石桥", "柳荫", "麦浪", "清溪", "松涛", "晴川", "老街", "新市", "槐荫", "桐花")

# What hangs over the door, by kind of premises. `{v}` the village or town, `{p}` a surname, `{l}` a lucky word.
_SIGNS: Mapping[str, Sequence[str]] = {
    "food_producer": ("{l}食品厂", "{l}粮油加工厂", "{l}饮品厂", "{l}食用菌制品厂"),
    "small_workshop": ("{p}家粉条作坊", "{p}家豆腐坊", "{l}石磨油坊", "{p}记馍坊", "{l}挂面作坊"),
    "small_shop": ("{l}便利店", "{v}{p}家商店", "{l}食品店", "{l}小吃店", "{p}家早餐店", "{l}副食店"),
    "stall": ("{p}家凉皮摊", "{p}家煎饼摊", "{l}水果摊", "{p}家卤味摊", "{p}家胡辣汤摊"),
    "food_sales": ("{l}超市", "{l}生活超市", "{l}粮油店", "{l}副食批发部", "{l}烟酒副食店"),
    "restaurant": ("{l}饭店", "{l}面馆", "{l}农家乐", "{p}记菜馆", "{l}烩面馆", "{l}酒楼"),
    "canteen": ("{l}公司食堂", "{v}机关食堂", "{l}敬老院食堂"),
    "school_canteen": ("{v}{l}小学食堂", "{v}{l}中学食堂", "{v}{l}幼儿园食堂"),
    "group_meal": ("{l}团餐配送中心",),
    "central_kitchen": ("{l}中央厨房",),
    "off_campus_supplier": ("{l}学生餐配送点",),
    "produce_market": ("{v}{l}农贸市场", "{v}集贸市场"),
    "health_food_shop": ("{l}保健品店", "{l}营养品店"),
    "importer": ("{l}进口食品店", "{l}进出口商行"),
    "online_platform": ("{l}外卖配送站", "{l}网购代理点"),
    "farm": ("{l}种植园", "{l}养殖场", "{l}果园", "{l}渔场"),
    "health_institution": ("{v}卫生院", "{v}社区卫生服务中心"),
    "grain_depot": ("{v}{l}粮库",),
    "monitored_enterprise": ("{l}矿业选厂", "{l}涂装厂", "{l}化工厂"),
}
_FORMS: Mapping[str, str] = {
    "enterprise": "有限公司",
    "self_employed": "经营部",
    "cooperative": "农民专业合作社",
    "institution": "",
    "individual": "",
}
_LOOKALIKES = (
    ("食品店", "食品商店"),
    ("便利店", "便民店"),
    ("商店", "小卖部"),
    ("超市", "购物超市"),
    ("饭店", "饭庄"),
    ("面馆", "面庄"),
    ("小吃店", "小吃"),
    ("作坊", "坊"),
    ("摊", "小摊"),
)
_ORDINALS = re.compile(r"[一二三四五六七八九十]+店$")


def person(rng: Random) -> str:
    return rng.choice(_SURNAMES) + "".join(rng.choice(_GIVEN) for _ in range(rng.choice((1, 2, 2))))


def phone(rng: Random) -> str:
    """A number in the 154 range, which no carrier has been given, so that nobody is called."""
    return f"154{rng.randrange(10**8):08d}"


def village_stems(rng: Random) -> list[str]:
    """All two-character stems in an order of the seed's own; a county takes as many as it has villages."""
    stems = [first + last for first in _FIRST for last in _LAST]
    rng.shuffle(stems)
    return stems


def sign(kind: str, place: str, rng: Random) -> str:
    return rng.choice(_SIGNS[kind]).format(v=place, p=rng.choice(_SURNAMES), l=rng.choice(_LUCK))


def operator(premises_name: str, operator_kind: str) -> str:
    base = premises_name.removesuffix("食堂") if operator_kind == "institution" else premises_name
    return f"{base}{_FORMS[operator_kind]}{MARK}"


def address(place: str, rng: Random) -> str:
    return f"{place}{rng.choice(_ROADS)}路{rng.randrange(1, 200)}号{MARK}"


def lookalike(name: str) -> str:
    """How a surveyor may have written a sign down."""
    for printed, heard in _LOOKALIKES:
        if name.endswith(printed):
            return name.removesuffix(printed) + heard
    return f"{_ORDINALS.sub('', name)}（分店）"
