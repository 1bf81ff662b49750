"""Words by which a foreign notice and a label in a shop say the same thing.

What the vocabulary does not know stays unknown: no name is guessed from its spelling.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Product:
    """A product that notices name: code, code of its class, Chinese names, words of other languages."""

    code: str
    food_class: str
    names: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoodClass:
    """A class of food as notices file it; `laboratory` is the class under which it is sampled, where one is known."""

    code: str
    name: str
    words: tuple[str, ...]
    laboratory: str = ""


@dataclass(frozen=True, slots=True)
class HazardGroup:
    """A group of hazards, and parts of words that name them."""

    code: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """Countries (ISO 3166-1 code → names, the first Chinese), products, classes, groups of hazards."""

    edition: str
    countries: Mapping[str, tuple[str, ...]]
    products: tuple[Product, ...]
    classes: tuple[FoodClass, ...]
    hazards: tuple[HazardGroup, ...]

    def country_name(self, code: str) -> str:
        return self.countries.get(code, (code,))[0]

    def class_name(self, code: str) -> str:
        return next((row.name for row in self.classes if row.code == code), code)

    def product_name(self, code: str) -> str:
        return next((row.names[0] for row in self.products if row.code == code), code)

    def hazard_name(self, code: str) -> str:
        return next((row.name for row in self.hazards if row.code == code), code)

    @cached_property
    def _country_words(self) -> tuple[tuple[str, str], ...]:
        return _longest_first((word, code) for code, words in self.countries.items() for word in words)

    @cached_property
    def _product_words(self) -> tuple[tuple[str, str], ...]:
        return _longest_first((word, row.code) for row in self.products for word in (*row.names, *row.words))

    @cached_property
    def _class_of_product(self) -> Mapping[str, str]:
        return {row.code: row.food_class for row in self.products}

    @cached_property
    def _class_of_word(self) -> Mapping[str, str]:
        return {plain(word): row.code for row in self.classes for word in (row.name, row.code, *row.words)}

    def find_countries(self, text: str) -> tuple[str, ...]:
        """Codes of the countries that a text names, in the order of their codes.

        A text that is itself a known code counts: ``"DE"``. ``"New Zealand"`` is not Zealand, nor ``"Niger"`` Nigeria.
        """
        if text.strip().upper() in self.countries:
            return (text.strip().upper(),)
        return tuple(sorted(_found(plain(text), self._country_words)))

    def find_products(self, text: str) -> tuple[str, ...]:
        """Codes of the products that a text names; a longer name hides a shorter one inside it (olive oil, olives)."""
        return tuple(sorted(_found(plain(text), self._product_words)))

    def class_of(self, category: str, products: Iterable[str] = ()) -> str:
        """The class by the category's own name, else by the products where they all lie in one; else nothing."""
        known = self._class_of_word.get(plain(category))
        if known:
            return known
        classes = {self._class_of_product[code] for code in products if code in self._class_of_product}
        return classes.pop() if len(classes) == 1 else ""

    def find_hazards(self, text: str) -> tuple[str, ...]:
        """Codes of the groups of hazards that a text names, in the order of the vocabulary."""
        low = f" {plain(text)} "
        return tuple(row.code for row in self.hazards if any(word.lower() in low for word in row.words))

    def hazard_of(self, text: str) -> str:
        """The one group of a single named hazard: the first that fits; nothing where none does."""
        return next(iter(self.find_hazards(text)), "")


def plain(text: str) -> str:
    """Lower case, blanks as one space."""
    return " ".join(text.lower().split())


def _longest_first(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(((plain(word), code) for word, code in pairs), key=lambda pair: (-len(pair[0]), pair)))


def _found(text: str, words: Iterable[tuple[str, str]]) -> set[str]:
    found = set()
    for word, code in words:
        start = _place(text, word)
        while start >= 0:
            found.add(code)
            text = text[:start] + "\x00" * len(word) + text[start + len(word) :]  # inside a longer name no shorter one
            start = _place(text, word)
    return found


def _place(text: str, word: str) -> int:
    """Where a word stands; Latin words as whole words, with or without the s of the plural."""
    if word not in text:
        return -1
    if not word.isascii():
        return text.find(word)
    match = re.search(rf"(?<![a-z0-9]){re.escape(word)}s?(?![a-z0-9])", text)
    return match.start() if match else -1


def load_vocabulary(text: str) -> Vocabulary:
    """Read the reviewed file. Raises `ValueError` for a product of an unknown class or a code given twice."""
    values = tomllib.loads(text)
    classes = tuple(
        FoodClass(row["code"], row["name"], tuple(row["words"]), row["laboratory"]) for row in values["class"]
    )
    products = tuple(
        Product(row["code"], row["class"], tuple(row["names"]), tuple(row["words"])) for row in values["product"]
    )
    known = {row.code for row in classes}
    for product in products:
        if product.food_class not in known:
            raise ValueError(f"{product.code} lies in the unknown class {product.food_class}")
    if len({row.code for row in products}) != len(products):
        raise ValueError("a product is given twice")
    return Vocabulary(
        edition=values["edition"],
        countries={row["code"]: (*row["names"], *row["words"]) for row in values["country"]},
        products=products,
        classes=classes,
        hazards=tuple(HazardGroup(row["code"], row["name"], tuple(row["words"])) for row in values["hazard"]),
    )
