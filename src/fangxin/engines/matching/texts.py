"""Names, addresses and telephone numbers brought into a form that can be compared."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

# Words at the end of a name that many shops share: they tell the trade, not the shop.
_TRADES = {
    "meals": (
        "餐饮管理", "餐饮服务", "餐饮店", "小吃店", "快餐店", "早餐店", "火锅店", "烧烤店", "面食店", "羊肉馆",
        "烩面馆", "小吃", "餐饮", "快餐", "早餐", "火锅", "烧烤", "烩面", "面馆", "饭店", "饭馆", "饭庄", "餐馆",
        "餐厅", "酒楼", "酒店", "食府", "大排档",
    ),
    "sales": (
        "生活超市", "购物超市", "购物中心", "购物广场", "便利店", "便民店", "小卖部", "批发部", "门市部", "副食店",
        "食品店", "粮油店", "水果店", "调料店", "百货", "超市", "商店", "商行", "商场", "商贸", "副食", "批发", "购物",
        "卖场",
    ),
    "making": ("加工厂", "食品厂", "加工坊", "小作坊", "作坊", "酒坊", "油坊", "豆腐坊"),
    "canteen": ("学生食堂", "职工食堂", "食堂"),
}  # fmt: skip
_FORMS = (
    "农民专业合作社", "有限责任公司", "股份有限公司", "有限公司", "个体工商户", "专业合作社", "合作社", "分公司",
    "总公司", "公司", "经营部", "经营店", "服务部", "分店", "总店", "厂", "店", "部", "馆", "坊",
)  # fmt: skip
TRADE_OF = {word: trade for trade, words in _TRADES.items() for word in words}
_WEAK_WORDS = tuple(sorted({*TRADE_OF, *_FORMS}, key=lambda word: (-len(word), word)))

_BRACKETED = re.compile(r"[(\[{<【〔《][^)\]}>】〕》]*[)\]}>】〕》]?")
_NOT_TEXT = re.compile(r"[^0-9A-Z〇\u3400-\u9fff]+")
_COUNTED = re.compile(r"[〇零一二三四五六七八九十百]+(?=号|组|层|楼|栋|幢|单元|队|排|间|室)")
_NUMERALS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"〇": 0}
_AREA_CODE = re.compile(r"^(?:010|02\d|0[3-9]\d{2})(?=[2-9]\d{6,7}$)")
_COUNTRY_CODE = re.compile(r"^(?:0086|86(?=1\d{10}$)|86(?=0\d{9,11}$))")


@dataclass(frozen=True, slots=True)
class NameForm:
    """A name taken apart: what tells this shop from others, and the weaker words that do not."""

    core: str
    weak: tuple[str, ...]

    @property
    def full(self) -> str:
        """Core and weak words together."""
        return self.core + "".join(self.weak)

    @property
    def trades(self) -> frozenset[str]:
        """The trades its weak words tell: meals, sales, making, canteen."""
        return frozenset(TRADE_OF[word] for word in self.weak if word in TRADE_OF)


def normalize_name(name: str, *, strip: Sequence[str] = ()) -> NameForm:
    """Take a name apart: simplified characters, half width, no brackets, no `strip` words in front.

    `strip` are the division names that the caller wants gone, such as county and township. A name made
    of nothing but weak words keeps the first of them as its core.

    >>> normalize_name("某某縣 好又多超市有限公司（个体工商户）", strip=["某某县"])
    NameForm(core='好又多', weak=('超市', '有限公司'))
    """
    plain = _plain(name)
    text = _NOT_TEXT.sub("", _BRACKETED.sub("", plain)) or _NOT_TEXT.sub("", plain)
    core = _without_prefixes(text, strip)
    weak: list[str] = []
    while core not in _WEAK_WORDS and (word := next(filter(core.endswith, _WEAK_WORDS), "")):
        weak.insert(0, word)
        core = core[: -len(word)]
    return NameForm(core, tuple(weak))


def normalize_address(address: str, *, strip: Sequence[str] = ()) -> str:
    """An address without division names in front, punctuation and width; counted numerals as digits.

    >>> normalize_address("某某县城关镇解放路十二号二楼", strip=["某某县", "城关镇"])
    '解放路12号2楼'
    """
    text = _without_prefixes(_NOT_TEXT.sub("", _plain(address)), strip)
    return _COUNTED.sub(lambda found: _digits_of(found[0]), text)


def normalize_phone(phone: str) -> str:
    """The comparable digits of one telephone number: no country or area code; empty if too few are left.

    >>> normalize_phone("0398-787 0000"), normalize_phone("＋86 13800000000"), normalize_phone("138****0000")
    ('7870000', '13800000000', '')
    """
    typed = unicodedata.normalize("NFKC", phone)
    if "*" in typed:
        return ""
    digits = _COUNTRY_CODE.sub("", re.sub(r"\D", "", typed))
    digits = _AREA_CODE.sub("", digits)
    return digits if 7 <= len(digits) <= 11 else ""


def _plain(text: str) -> str:
    return "".join(map(_simplified, unicodedata.normalize("NFKC", text).upper()))


@cache
def _simplified(character: str) -> str:
    simplified: str = _converter().convert(character)
    return simplified


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _without_prefixes(text: str, prefixes: Sequence[str]) -> str:
    ordered = sorted(filter(None, prefixes), key=lambda prefix: (-len(prefix), prefix))
    while found := next((p for p in ordered if text.startswith(p) and text != p), ""):
        text = text[len(found) :]
    return text


def _digits_of(numeral: str) -> str:
    if "十" not in numeral and "百" not in numeral:
        return "".join(str(_NUMERALS[character]) for character in numeral)
    total, current = 0, 0
    for character in numeral:
        if character in _NUMERALS:
            current = _NUMERALS[character]
        else:
            total += (current or 1) * (10 if character == "十" else 100)
            current = 0
    return str(total + current)
