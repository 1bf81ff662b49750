"""What scanning, copying and careless typing do to a text, by seed, without changing what it says."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from opencc import OpenCC

_TO_TRADITIONAL = OpenCC("s2t")
_NO_BREAK = "。；：！？、，\n "
_CHINESE = "一二三四五六七八九十"


def _is_inside(text: str, at: int) -> bool:
    """A place in the middle of a long line of text, away from stops and ordinals."""
    line_start = text.rfind("\n", 0, at) + 1
    line_end = text.find("\n", at)
    line_end = len(text) if line_end < 0 else line_end
    near = text[at - 2 : at + 2]
    return line_end - line_start > 45 and at - line_start > 12 and line_end - at > 3 and not set(near) & set(_NO_BREAK)


def _insert(text: str, rng: random.Random, what: Callable[[int], str], every: int) -> str:
    places = [at for at in range(3, len(text) - 3) if _is_inside(text, at)]
    chosen = sorted(rng.sample(places, min(len(places), max(1, len(text) // every))))
    pieces, start = [], 0
    for count, at in enumerate(chosen, 1):
        pieces += [text[start:at], what(count)]
        start = at
    return "".join([*pieces, text[start:]])


def break_lines(text: str, rng: random.Random) -> str:
    return _insert(text, rng, lambda _: "\n", 60)


def break_pages(text: str, rng: random.Random) -> str:
    forms = ["\n\n— {} —\n\n", "\n- {} -\n", "\n\n{}\n\n", "\n\f", "\n第{}页\n", "\n\n"]
    return _insert(text, rng, lambda n: rng.choice(forms).format(n), 400)


def sprinkle_blanks(text: str, rng: random.Random) -> str:
    return _insert(text, rng, lambda _: rng.choice([" ", "\u3000", "\u200b"]), 80)


def mix_traditional(text: str, rng: random.Random) -> str:
    return "".join(_TO_TRADITIONAL.convert(c) if c not in "后里着于台" and rng.random() < 0.3 else c for c in text)


def change_widths(text: str, rng: random.Random) -> str:
    def change(c: str) -> str:
        if rng.random() > 0.4:
            return c
        if c.isascii() and (c.isdigit() or c.isalpha() or c == "%"):
            return chr(ord(c) + 0xFEE0)
        return {"（": "(", "）": ")", "：": ":", "；": ";"}.get(c, c)

    return "".join(change(c) for c in text)


def change_commas(text: str, rng: random.Random) -> str:
    return re.sub(r"(?<!\d)，(?!\d)", lambda _: rng.choice("，,"), text)


def change_brackets(text: str, rng: random.Random) -> str:
    left, right = rng.choice(["[]", "【】", "()", "（）", "﹝﹞"])
    return re.sub(r"〔(\d{4})〕", rf"{left}\1{right}", text)


def bracket_units(text: str, rng: random.Random) -> str:
    left, right = rng.choice(["[]", "【】", "〔〕", "()"])
    return re.sub(r"（(责任单位：(?:[^（）]|（[^（）]*）)*)）", rf"{left}\1{right}", text)


def renumber(text: str, rng: random.Random) -> str:
    """Number the second level another way."""
    form = rng.choice(["({})", "{n}.", "{n}、", "（{}）、", "㈠"])

    def other(found: re.Match[str]) -> str:
        number = _number(found[1])
        if form == "㈠":
            return chr(0x3220 + number - 1) if number <= 10 else found.group()
        return form.format(found[1], n=number)

    if re.search(r"(?m)^\d+\.", text):
        return text  # a deeper level is numbered so already
    if form == "㈠" and re.search("（十[一二]）", text):
        return text
    return re.sub(r"(?m)^（([一二三四五六七八九十]{1,3})）", other, text)


def _number(text: str) -> int:
    if text.startswith("十"):
        return 10 + (_CHINESE.index(text[1]) + 1 if len(text) > 1 else 0)
    return _CHINESE.index(text) + 1


def swap_separators(text: str, rng: random.Random) -> str:
    """Lists of units split by another sign; commas before lower governments are signs too."""

    def swap(found: re.Match[str]) -> str:
        return re.sub(r"[、，]", lambda _: rng.choice("、，；"), found.group())

    return re.sub(r"责任单位：[^。）】\n]*", swap, text)


ALL = (
    break_lines,
    break_pages,
    sprinkle_blanks,
    mix_traditional,
    change_widths,
    change_commas,
    change_brackets,
    bracket_units,
    renumber,
    swap_separators,
)


def damage(text: str, seed: int) -> str:
    """Two to five kinds of damage, chosen and placed by the seed."""
    rng = random.Random(seed)
    chosen = rng.sample(ALL, rng.randint(2, 5))
    # Structure first, noise last, so that one kind of damage does not hide the text from another.
    for kind in sorted(chosen, key=ALL[::-1].index):
        text = kind(text, rng)
    return text
