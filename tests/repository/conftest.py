import pytest
from tests.county import county_of_a_file


@pytest.fixture(scope="module")
def small_county(tmp_path_factory):
    with county_of_a_file(tmp_path_factory) as county:
        yield county
