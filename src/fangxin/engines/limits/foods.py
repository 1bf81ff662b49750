"""The food tree: which food a market name means, and what it is a kind of. A doubtful name is asked, never guessed."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache

from fangxin.engines.limits.data import FoodMatch

_MOST_ASKED = 5
_LONGEST = 80
ANIMALS = "动物:"
_TAIL = re.compile(
    r"(?:\d+(?:\.\d+)?(?:枚|只|个|g|克|kg|ml|斤|袋|盒|包|罐|头|条|粒|支|瓶)?装?|特级|[一二三四]级|[abc]级|优级|精品|礼盒|散装|称重|长特级|罐装|袋装|盒装|清香|浓香|初加工|净菜|\*)+$"
)
_DRY_WORDS = ("干", "干制", "干品", "烘干", "晒干", "脱水", "干货")
_DRY_HEAD = re.compile(r"^(?:干制|烘干|晒干|脱水|干)(.+)$")
_DRY_CLASSES = ("干制食用菌", "干制食用菌制品", "干食用菌", "食用菌(干)", "干制水产品(鱼)")
# Words of preparation: what stands behind them is no longer the raw food of that name.
_PREPARED = re.compile(
    r"卤|酱|烤|熏|炸|焗|烧|腊|腌|糟|泡|麻辣|五香|香辣|手撕|即食|冻干|糖渍|蜜饯|盐水|红烧|炒|蒸|煮|熟|味$"
)
# A name that ends in one of these is that thing, whatever stands before it.
_HEADS_OF_ALL = ("蜂蜜", "蜂蜜类")


@dataclass(frozen=True, slots=True)
class Food:
    """One node of the tree."""

    name: str
    parents: tuple[int, ...]
    processed: bool = False
    animal: str = ""
    tissue: str = ""
    fresh_moisture: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Nodes that a name may mean; one and `sure`, or several to choose from. `dried`: a dried form of the node.

    `near`: no table knows the name; the nodes are only spelled alike and are never taken for it.
    """

    nodes: tuple[int, ...] = ()
    sure: bool = False
    dried: bool = False
    near: bool = False


class FoodTree:
    """The foods of all tables with their market names. Build once; it is never changed."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        rows = list(rows)
        self.names = tuple(row["name"] for row in rows)
        self._index = {name: number for number, name in enumerate(self.names)}
        if len(self._index) != len(rows):
            raise ValueError("a food stands twice in the tree")
        self.foods = tuple(self._food(row) for row in rows)
        self._by_key: dict[str, tuple[int, ...]] = {}
        for number, row in enumerate(rows):
            own = [row["name"]] if not row["name"].startswith(ANIMALS) else []
            for name in own + parts(row.get("synonyms", "")):
                key = fold(name)
                if number not in self._by_key.get(key, ()):
                    self._by_key[key] = (*self._by_key.get(key, ()), number)
        self._refuse_loops()
        self._longest = max(map(len, self._by_key), default=0)
        self.above = lru_cache(maxsize=4096)(self._above)
        self.find = lru_cache(maxsize=8192)(self._find)

    def _food(self, row: Mapping[str, str]) -> Food:
        unknown = [name for name in parts(row.get("parents", "")) if name not in self._index]
        if unknown:
            raise ValueError(f"{row['name']}: the parent {unknown[0]} is no food of the tree")
        moisture = row.get("fresh_moisture", "")
        return Food(
            row["name"],
            tuple(self._index[name] for name in parts(row.get("parents", ""))),
            row.get("processed", "") == "yes",
            row.get("animal", ""),
            row.get("tissue", ""),
            Decimal(moisture) if moisture else None,
        )

    def _refuse_loops(self) -> None:
        for number in range(len(self.foods)):
            if number in {up for parent in self.foods[number].parents for up in self._above(parent)}:
                raise ValueError(f"{self.names[number]} is a kind of itself")

    def _above(self, node: int) -> dict[int, int]:
        """Every node that `node` is a kind of, itself first, with the least number of steps up."""
        found, border, steps = {node: 0}, [node], 0
        while border:
            steps += 1
            border = [up for one in border for up in self.foods[one].parents if up not in found]
            found.update(dict.fromkeys(border, steps))
        return found

    def number(self, name: str) -> int | None:
        """The node a table names: exactly, by a synonym that is no other's, or without its "及其制品"."""
        if name in self._index:
            return self._index[name]
        nodes = self._by_key.get(fold(name), ())
        if not nodes and name.endswith("及其制品"):
            return self.number(name.removesuffix("及其制品"))
        return nodes[0] if len(nodes) == 1 else None

    def animal(self, name: str) -> int | None:
        """The node of an animal: 猪, 家禽, 所有食品动物 …"""
        if name in ("所有食品动物", "食品动物"):
            return self._index.get("食品动物")
        return self._index.get(
            ANIMALS
            + {
                "水产动物": "鱼",
                "鱼类": "鱼",
                "禽": "家禽",
                "产蛋鸡": "鸡",
                "蛋鸡": "鸡",
                "奶牛": "牛",
                "生猪": "猪",
                "肉鸡": "鸡",
                "肉鸭": "鸭",
                "虾类": "虾",
            }.get(name, name)
        )

    def path(self, node: int, to: int | None = None) -> tuple[str, ...]:
        """Names from a node up to `to`, by the shortest way, else up to the root by first parents."""
        steps = [node]
        while steps[-1] != to and self.foods[steps[-1]].parents:
            ups = self.foods[steps[-1]].parents
            steps.append(ups[0] if to is None else min(ups, key=lambda up: self.above(up).get(to, 99)))
        return tuple(self.names[step] for step in steps)

    def is_processed(self, node: int) -> bool:
        """Whether its production day rules, and not the day it was sampled."""
        return any(self.foods[up].processed for up in self.above(node))

    def body(self, node: int) -> tuple[str, str]:
        """Animal and tissue that a food is, by itself or by the nearest kind above it; empty where it is neither."""
        for up in sorted(self.above(node).items(), key=lambda item: item[1]):
            if self.foods[up[0]].animal:
                return self.foods[up[0]].animal, self.foods[up[0]].tissue
        return "", ""

    def moisture(self, node: int) -> Decimal | None:
        """The usual water content of the fresh food, per cent, where the tables know it."""
        return next((self.foods[up].fresh_moisture for up in self.above(node) if self.foods[up].fresh_moisture), None)

    def match(self, name: str, food_class: str | None = None) -> FoodMatch:
        """The public answer: the path of a sure match, or the names to ask."""
        found = self.find(name, food_class or "")
        if found.sure:
            return FoodMatch(name, self.path(found.nodes[0]), sure=True)
        return FoodMatch(name, (), sure=False, asked=tuple(self.names[node] for node in found.nodes))

    def _find(self, name: str, food_class: str = "") -> Found:
        found = self._of_name(fold(name))
        if not food_class.strip():
            return found
        if fold(food_class) in _DRY_CLASSES:
            return Found(found.nodes, found.sure, dried=True)
        kind = self._of_name(fold(food_class))
        return self._within(found, kind) if kind.sure else found

    def _within(self, found: Found, kind: Found) -> Found:
        """A class narrows several, stands in for an unknown name, and asks where it contradicts a known one."""
        anchor = kind.nodes[0]
        under = tuple(node for node in found.nodes if anchor in self.above(node))
        if len(under) == 1:
            return Found(under, sure=True, dried=found.dried)
        if found.sure and found.nodes[0] in self.above(anchor):
            return kind
        if found.sure:
            return Found((*found.nodes, anchor), sure=False, dried=found.dried)
        return Found(under) if under and not found.near else kind

    def _of_name(self, text: str) -> Found:
        if not text or len(text) > _LONGEST:
            return Found()
        if text in self._by_key:
            return self._known(self._by_key[text])
        bracket = re.fullmatch(r"(.*?)\(([^()]*)\)(.*)", text)
        if bracket:
            return self._bracketed(bracket.group(1) + bracket.group(3), bracket.group(2))
        return self._plain(text)

    def _known(self, nodes: tuple[int, ...], *, dried: bool = False) -> Found:
        return Found(nodes, sure=len(nodes) == 1, dried=dried)

    def _bracketed(self, outer: str, inner: str) -> Found:
        if inner in _DRY_WORDS:
            return self._dried(outer)
        first, second = self._plain(outer), self._plain(inner)
        if first.near or second.near or second == first:
            return second if first.near else first
        for one, other in ((first, second), (second, first)):
            finer = tuple(node for node in one.nodes if any(up in self.above(node) for up in other.nodes))
            if len(finer) == 1:
                return Found(finer, sure=True, dried=first.dried or second.dried)
        return Found(tuple(dict.fromkeys(first.nodes + second.nodes)))

    def _dried(self, name: str) -> Found:
        for key in (f"{name}(干)", f"{name}干", f"干{name}"):
            if key in self._by_key:
                return self._known(self._by_key[key])
        fresh = self._plain(name)
        if not fresh.sure:
            return fresh
        for kind, dry in (("新鲜蔬菜", "干制蔬菜"), ("新鲜水果", "水果干类")):
            if self._index.get(kind) in self.above(fresh.nodes[0]) and dry in self._index:
                return Found((self._index[dry],), sure=True)
        return Found(fresh.nodes, sure=True, dried=True)

    def _plain(self, text: str) -> Found:
        if text in self._by_key:
            return self._known(self._by_key[text])
        bare = _TAIL.sub("", text)
        if bare in self._by_key:
            return self._known(self._by_key[bare])
        if dry := _DRY_HEAD.match(bare):
            found = self._dried(dry.group(1))
            if found.sure:
                return found
        return self._by_ending(bare) or Found(self._near(bare), near=True)

    def _by_ending(self, text: str) -> Found | None:
        """Chinese names end in what the thing is: 精品西芹 is 西芹. Doubtful where the front is itself a food."""
        for start in range(max(1, len(text) - self._longest), len(text)):
            nodes = self._by_key.get(text[start:])
            if nodes:
                if _PREPARED.search(text[:start]) and not all(self.is_processed(node) for node in nodes):
                    return Found(nodes, near=True)
                front = self._by_key.get(text[:start], ())
                clear = not front or text[start:] in _HEADS_OF_ALL or self._related(front, nodes)
                return self._known(nodes) if clear else Found(tuple(dict.fromkeys(nodes + front)))
        return None

    def _related(self, front: tuple[int, ...], nodes: tuple[int, ...]) -> bool:
        return any(a in self.above(b) or b in self.above(a) for a in front for b in nodes)

    def _near(self, text: str) -> tuple[int, ...]:
        keys = get_close_matches(text, self._by_key, n=_MOST_ASKED, cutoff=0.6)
        return tuple(dict.fromkeys(node for key in keys for node in self._by_key[key]))[:_MOST_ASKED]


def fold(name: str) -> str:
    """One spelling for comparing: full-width to plain, no blanks, quotes or brand dots, small letters."""
    text = unicodedata.normalize("NFKC", name)
    return re.sub(r"[\s“”\"'‘’·•?？、，,。.®™*]+", "", text).lower()


def parts(cell: str) -> list[str]:
    """The entries of a list cell; ； parts them, since names hold 、 and commas."""
    return [part.strip() for part in cell.split("；") if part.strip()]


def split_names(cell: str) -> list[str]:
    """A printed enumeration, cut at 、 outside brackets: 双孢菇、平菇(鲜、冻).

    >>> split_names("大米(粉)、玉米糁(渣、片)")
    ['大米(粉)', '玉米糁(渣、片)']
    """
    found, depth, start = [], 0, 0
    for place, sign in enumerate(cell):
        depth += (sign == "(") - (sign == ")")
        if sign == "、" and depth == 0:
            found.append(cell[start:place])
            start = place + 1
    return [name.strip() for name in [*found, cell[start:]] if name.strip()]


def read_targets(cell: str) -> list[tuple[str, tuple[str, ...]]]:
    """The foods of a limit row, each with what is left out of it, from "新鲜蔬菜(芹菜、姜除外)".

    >>> read_targets("稻谷、新鲜蔬菜(芹菜、姜除外)")
    [('稻谷', ()), ('新鲜蔬菜', ('芹菜', '姜'))]
    """
    return [_target(name) for name in split_names(cell)]


def _target(name: str) -> tuple[str, tuple[str, ...]]:
    if not name.endswith("除外)"):
        return name, ()
    depth = 0
    for place in range(len(name) - 1, -1, -1):
        depth += (name[place] == ")") - (name[place] == "(")
        if depth == 0:
            return name[:place], tuple(split_names(name[place + 1 : -len("除外)")]))
    raise ValueError(f"brackets do not close in {name}")
