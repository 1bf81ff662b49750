"""Which line of a label holds for a crop or an animal."""

from collections.abc import Iterable, Mapping

from fangxin.engines.withholding.values import LabelLine, Produce


def match_label(
    name: str, produce: Produce, lines: Iterable[LabelLine], groups: Mapping[str, tuple[str, ...]]
) -> LabelLine | None:
    """The line that names the crop or animal itself, else its nearest group; None when the label names neither.

    `groups` leads from a name to its groups, the nearest first: 韭菜 → (鳞茎类蔬菜, 蔬菜).

    >>> lines = [LabelLine("蔬菜", Produce.CROP), LabelLine("叶菜类蔬菜", Produce.CROP)]
    >>> match_label("菠菜", Produce.CROP, lines, {"菠菜": ("叶菜类蔬菜", "蔬菜")}).target
    '叶菜类蔬菜'
    >>> match_label("番茄", Produce.CROP, lines[1:], {"番茄": ("茄果类蔬菜", "蔬菜")}) is None
    True
    """
    of_produce = {line.target: line for line in lines if line.produce is produce}
    return next((of_produce[word] for word in (name, *groups.get(name, ())) if word in of_produce), None)
