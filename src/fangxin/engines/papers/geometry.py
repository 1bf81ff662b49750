"""The page of GB/T 9704-2012, clauses 5 and 7, in millimetres and in Word's units.

Word counts lengths in twips (1/20 pt), border widths in eighths of a point, character pitch as a
difference from the font size in 1/4096 pt, and drawings in EMU (1/914400 inch).
"""

from __future__ import annotations

from math import floor

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210, 297
TOP_MM, LEFT_MM = 37, 28
TEXT_WIDTH_MM, TEXT_HEIGHT_MM = 156, 225
LINES, CHARACTERS = 22, 28
MARK_TOP_MM = 35  # the agency mark's upper edge below the top of the type area (7.2.4)
NUMBER_TO_LINE_MM = 4  # the red line below the document number (7.2.7)
PAGE_NUMBER_DROP_MM = 7  # the dashes of the page number below the type area (7.5)
LETTER_MARK_TOP_MM, LETTER_LINE_MM, LETTER_FOOT_MM = 30, 170, 20  # clause 10.1

SIZE_2, SIZE_3, SIZE_4, SIZE_5 = 22.0, 16.0, 14.0, 10.5  # 2号, 3号, 4号, 5号 in points
RULE_THICK, RULE_THIN = 8, 6  # 0.35 mm and 0.25 mm in eighths of a point (7.4.1)
RED = "FF0000"


def twips(millimetres: float) -> int:
    """Convert millimetres to twips, rounded.

    >>> twips(25.4)
    1440
    """
    return round(millimetres * 1440 / 25.4)


def emu(millimetres: float) -> int:
    """Convert millimetres to the unit of drawings.

    >>> emu(25.4)
    914400
    """
    return round(millimetres * 36000)


PAGE_WIDTH, PAGE_HEIGHT = twips(PAGE_WIDTH_MM), twips(PAGE_HEIGHT_MM)
TOP, LEFT = twips(TOP_MM), twips(LEFT_MM)
TEXT_WIDTH, TEXT_HEIGHT = twips(TEXT_WIDTH_MM), twips(TEXT_HEIGHT_MM)
RIGHT = PAGE_WIDTH - LEFT - TEXT_WIDTH
BOTTOM = PAGE_HEIGHT - TOP - TEXT_HEIGHT

# Rounded down, so that 22 lines and 28 characters always fit.
LINE_PITCH = floor(TEXT_HEIGHT / LINES)
CHARACTER_SPACE = floor((TEXT_WIDTH / 20 / CHARACTERS - SIZE_3) * 4096)
TIGHTENING = floor(TEXT_WIDTH / CHARACTERS - SIZE_3 * 20)  # between characters of the text, in twips


def characters(count: float, size: float = SIZE_3) -> int:
    """Give the width of some characters in twips; 3号 characters stand on the 28-character grid.

    >>> characters(28) == TEXT_WIDTH
    True
    """
    pitch = TEXT_WIDTH / CHARACTERS if size == SIZE_3 else size * 20
    return round(count * pitch)


def fit_mark(width: float, *, limit_mm: float = TEXT_WIDTH_MM) -> tuple[float, int]:
    """Choose size (pt) and horizontal scale (%) of an agency mark of ``width`` characters.

    The standard asks for a striking mark within the type area and names no size; tall, slightly
    narrowed characters are the custom.

    >>> fit_mark(4), fit_mark(12)
    ((52.0, 100), (50.0, 72))
    """
    limit = limit_mm / 25.4 * 72 - 8
    size = min(52.0, floor(limit / (0.72 * width) * 2) / 2)
    size = max(SIZE_2, size)
    return size, max(33, min(100, floor(100 * limit / (width * size))))
