"""Synthetic inspections with a known truth, by seed: risky places stay risky, a strict inspector finds more."""

import random
from datetime import date, timedelta

from fangxin.engines.ordering import Table

FIRST = date(2021, 1, 4)
HEADER = [
    "Inspection_ID",
    "visited",
    "licence",
    "trade",
    "staff",
    "warmth",
    "Inspector_Name",
    "remarks",
    "found",
    "defects",
]


def inspections(rows=900, *, seed=1, premises=150, days=360, start=FIRST, first_id=1):
    """Visits in the order of their dates; `found` depends on the place and the trade, never on the row."""
    rng = random.Random(seed)
    risk = {n: random.Random(f"place {n}").random() for n in range(premises)}
    made = []
    for n in range(rows):
        place, day = rng.randrange(premises), start + timedelta(days=n * days // rows)
        trade = ("canteen", "shop", "stall")[place % 3]
        chance = 0.05 + 0.5 * (risk[place] > 0.7) + 0.15 * (trade == "stall")
        found = int(rng.random() < chance)
        staff = "" if rng.random() < 0.1 else str(1 + place % 9)
        made.append([
            f"V{first_id + n}", day.isoformat(), f"JY{place:05d}", trade, staff, str(day.toordinal() % 17),
            rng.choice(["Li", "Wang"]), f"note {n}", str(found), str(found * rng.randrange(1, 4)),
        ])  # fmt: skip
    return made


def table(rows, *, without=()):
    keep = [i for i, name in enumerate(HEADER) if name not in without]
    return Table.of([HEADER[i] for i in keep], [[row[i] for i in keep] for row in rows])


OUTCOMES = ("found", "defects")


def task(**options):
    """A year to learn from and the two months after it, with the truth of those months."""
    later = inspections(200, seed=99, days=60, start=FIRST + timedelta(days=360), first_id=5001)
    truth = [int(row[HEADER.index("found")]) for row in later]
    return table(inspections(**options)), table(later, without=OUTCOMES), truth
