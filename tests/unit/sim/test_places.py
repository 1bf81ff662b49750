"""The reader of a county's divisions refuses what cannot be relied upon."""

from datetime import date
from pathlib import Path

import pytest

from fangxin.engines.places import PlacesError, load_places

FOLDER = Path(__file__).parents[3] / "standards/places"
ABOVE = """
source = "invented"
division = [
  {code = "99", name = "云岭省", kind = "province"},
  {code = "9901", name = "云安市", kind = "prefecture"},
  {code = "990101", name = "云桥县", kind = "county"},
  %s
]
"""


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_reviewed_file_can_be_read_and_speaks_of_its_own_county(path: Path) -> None:
    places = load_places(path.read_text(encoding="utf-8"))
    assert [place.code for place in places if place.level == 2] == [path.stem]
    assert all(place.source and place.confidence for place in places)


def test_a_street_that_came_later_has_its_first_day() -> None:
    places = load_places((FOLDER / "411224.toml").read_text(encoding="utf-8"))
    assert {p.name: p.valid_from for p in places if p.kind == "street"} == {"兴贤里街道": date(2020, 6, 1)}
    assert sum(place.level == 3 for place in places) == 20


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{code = "990101100", name = "石门镇", kind = "village"}', "cannot be a village"),
        ('{code = "99010", name = "石门镇", kind = "town"}', "cannot be a town"),
        ('{code = "990102100", name = "石门镇", kind = "town"}', "990102 is missing"),
        ('{code = "990101", name = "云桥市", kind = "county"}', "two names for the same time"),
        ('{code = "990101100", name = "石门镇", kind = "town", mayor = "x"}', "mayor"),
        ('{code = "990101100", name = "石门镇"', "not readable"),
    ],
)
def test_a_file_with_a_mistake_is_refused_with_its_place(line: str, why: str) -> None:
    with pytest.raises(PlacesError, match=why):
        load_places(ABOVE % line)


def test_two_names_one_after_the_other_are_two_spans() -> None:
    earlier = '{code = "990101100", name = "磨石乡", kind = "township", valid_to = 2015-01-01},'
    later = '{code = "990101100", name = "石门镇", kind = "town", valid_from = 2015-01-01},'
    assert [p.name for p in load_places(ABOVE % (earlier + later)) if p.level == 3] == ["磨石乡", "石门镇"]


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(PlacesError, match="no division"):
        load_places('source = "x"')
