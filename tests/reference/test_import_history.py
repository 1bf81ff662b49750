"""The table of notices is what the European notifications say; what was learnt from 2024 held in 2025.

Source: RASFF notifications 2024 and 2025 (European Commission), read in place. The figures are those of this run; the
tolerances say what docs/methods/import-risk.md promises.
"""

import gzip
from datetime import date
from math import log
from pathlib import Path

import pytest

from fangxin.engines import import_risk as risk

STANDARDS = Path(__file__).parents[2] / "standards" / "imported_food"
MONTHS_2025 = risk.months_between(date(2025, 1, 1), date(2025, 8, 8))


@pytest.fixture(scope="module")
def words():
    return risk.load_vocabulary((STANDARDS / "vocabulary.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def table():
    return risk.load_cells((STANDARDS / "alert-history.csv").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def learnt(table, words):
    return risk.fit_history(
        [cell for cell in table if cell.year == 2024],
        months=12,
        classes=[c.code for c in words.classes],
        origins=words.countries,
    )


@pytest.fixture(scope="module")
def pairs(table, learnt):
    """(probability told from 2024, whether a notice came in 2025) for every country and class."""
    came = {(cell.origin, cell.food_class) for cell in table if cell.year == 2025 and not cell.hazard}
    return [
        (learnt.chance(o, c, months=MONTHS_2025).probability, (o, c) in came)
        for o in sorted(learnt.origins) for c in sorted(learnt.classes)
    ]  # fmt: skip


def test_the_table_is_what_the_notices_say(reference_data, table, words):
    path = reference_data / "import-refusals" / "rasff_notifications.csv.gz"
    if not path.exists():
        pytest.skip(f"{path.name} is not among the reference data")
    reading = risk.read_notices(gzip.decompress(path.read_bytes()), source="rasff", vocabulary=words)
    assert (len(reading.notices), reading.faults, reading.not_food) == (5125, (), 484)
    assert risk.count_notices(reading.notices) == table
    unknown = sum(1 for notice in reading.notices if not notice.hazards) / len(reading.notices)
    assert unknown < 0.10


def test_recalls_of_another_system_are_read_too(reference_data, words):
    path = reference_data / "import-refusals" / "fda_food_recalls_2024_2025.csv.gz"
    if not path.exists():
        pytest.skip(f"{path.name} is not among the reference data")
    reading = risk.read_notices(gzip.decompress(path.read_bytes()), source="fda", vocabulary=words)
    assert (len(reading.notices), reading.faults) == (1891, ())
    assert sum(1 for notice in reading.notices if notice.gtins) > 550
    assert all(notice.published_on for notice in reading.notices)


def test_probabilities_told_from_one_year_held_in_the_next(pairs):
    """In each band the observed share lies within 0.09 of the mean probability told."""
    for low, high in ((0, 0.05), (0.05, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 0.7), (0.7, 0.9), (0.9, 1.01)):
        band = [pair for pair in pairs if low <= pair[0] < high]
        told, seen = (sum(values) / len(band) for values in zip(*band, strict=True))
        assert len(band) > 80
        assert abs(told - seen) < 0.09, (low, told, seen)


def test_they_are_sharper_than_the_plain_share(pairs):
    share = sum(came for _told, came in pairs) / len(pairs)
    brier = sum((told - came) ** 2 for told, came in pairs) / len(pairs)
    assert brier < 0.62 * share * (1 - share)


def test_hazards_of_the_pair_tell_more_than_those_of_the_class(table, learnt):
    own = of_class = count = 0.0
    for cell in table:
        if cell.year != 2025 or cell.hazard in ("", risk.UNKNOWN) or cell.food_class not in learnt.hazard_classes:
            continue
        own -= cell.count * log(dict(learnt.hazards(cell.origin, cell.food_class))[cell.hazard])
        of_class -= cell.count * log(learnt.hazard_classes[cell.food_class][cell.hazard])
        count += cell.count
    assert own / count < of_class / count - 0.15
