import shutil

import pytest

from tests.county import built_county, served


@pytest.fixture(scope="module")
def small_county(tmp_path_factory):
    """A copy of the small county behind a real server, for one file of tests."""
    # Workers lie side by side under the folder of the run; a run without workers is its own.
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder = tmp_path_factory.mktemp("county") / "data"
    shutil.copytree(built_county(shared), folder)
    with served(folder) as county:
        yield county
