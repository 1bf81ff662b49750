"""A slow, obviously right judge: every row of the tables is looked at for every result, with fractions, by plain loops.

It knows maxima for foods, numbers, not-detected results and unit conversion by a table of its own; the tests draw only such
cases for it.
"""

from fractions import Fraction

PER_MG_KG = {"mg/kg": Fraction(1), "μg/kg": Fraction(1, 1000), "g/kg": Fraction(1000), "mg/100g": Fraction(10)}


def steps_up(tables, food, to):
    """The least number of steps from a food to a kind above it, or None."""
    if food == to:
        return 0
    ways = [steps_up(tables, parent, to) for parent in tables.foods.foods[food].parents]
    known = [way for way in ways if way is not None]
    return min(known) + 1 if known else None


def row_that_holds(tables, analyte, food, day):
    """The nearest row in force; None without one."""
    best = None
    for row in tables.rows:
        if row.analyte != analyte or row.component or row.animal >= 0:
            continue
        if not row.start <= day <= row.end:
            continue
        steps = steps_up(tables, food, row.food)
        if steps is None or any(steps_up(tables, food, out) is not None for out in row.excluded):
            continue
        if best is None or steps < best[0]:
            best = (steps, row)
    return best[1] if best else None


def may_not_be_used(tables, analyte, food, day):
    """Whether a prohibition of a pesticide holds for the food on the day."""
    return any(
        ban.analyte == analyte
        and ban.prohibits
        and ban.kind == "banned_pesticide"
        and ban.start <= day <= ban.end
        and (ban.everything or any(steps_up(tables, food, to) is not None for to in ban.foods))
        for ban in tables.bans
    )


def decide(row, *, value, unit, lod):
    """conforming, nonconforming or undetermined, by the table of section 4.5: the detection limit first."""
    if row.unit.name not in PER_MG_KG:
        return "undetermined"  # a limit by the litre says nothing of a kilogram
    limit = Fraction(row.limit) * PER_MG_KG[row.unit.name]
    factor = PER_MG_KG[unit]
    bound = None if lod is None else Fraction(lod) * factor
    if value is None:
        if bound is None:
            return "undetermined"
        return "conforming" if bound <= limit else "undetermined"
    exact = Fraction(value) * factor
    if bound is not None and exact < bound:
        return "conforming" if bound <= limit else "undetermined"
    return "nonconforming" if exact > limit else "conforming"
