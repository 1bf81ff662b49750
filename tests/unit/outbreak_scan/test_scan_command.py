import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fangxin.surfaces.cli import main

PLACES = "a 34.00 111.00\nb 34.00 111.10\nc 34.10 111.40\nd 34.50 111.90\n"
CASES = "".join(f"{place} 1 2024/5/{day}\n" for place in "abcd" for day in range(1, 14)) + "b 6 2024/5/14\n"
PARAMETERS = {
    "StartDate": "2024/5/1", "EndDate": "2024/5/14", "PrecisionCaseTimes": 3, "TimeAggregationUnits": 3,
    "AnalysisType": 4, "ModelType": 2, "CoordinatesType": 1, "PValueReportType": 1, "MonteCarloReps": 99,
}  # fmt: skip


class Folder:
    """Files of one scan, which a test may change."""

    def __init__(self, path):
        self.path = path
        self.texts = {"cases": CASES, "locations": PLACES}
        self.parameters = dict(PARAMETERS)

    def words(self, *more):
        (self.path / "params.json").write_text(json.dumps(self.parameters))
        words = ["scan", "--params", str(self.path / "params.json")]
        for name, text in self.texts.items():
            path = self.path / name
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            words += [f"--{name}", str(path)]
        return [*words, *more]


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def told(capsys, words):
    code = main(words)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_answer_has_the_keys_of_the_contract(folder, capsys):
    code, out, err = told(capsys, folder.words("--json"))
    assert (code, err) == (0, "")
    best = json.loads(out)["clusters"][0]
    assert list(best) == [
        "location_ids", "center", "radius_km", "start", "end", "test_stat", "p_value", "recurrence_interval", "observed",
        "expected",
    ]  # fmt: skip
    assert (best["location_ids"], best["center"], best["radius_km"]) == (["b"], [34.0, 111.1], 0.0)
    assert (best["start"], best["end"], best["observed"]) == ("2024-05-14", "2024-05-14", 6)
    assert (best["p_value"], best["recurrence_interval"]) == (0.01, 100.0)


def test_people_read_the_same_as_text(folder, capsys):
    code, out, _ = told(capsys, folder.words())
    assert code == 0
    assert "1. 0.00 km around b: 1 location, 2024-05-14 to 2024-05-14" in out
    assert "p 0.01 (99 replicates), by chance once in 100 days" in out


def test_the_same_seed_gives_the_same_bytes_and_gz_files_are_read(folder, capsys):
    first = told(capsys, folder.words("--json", "--seed", "3"))
    folder.texts["cases"] = gzip.compress(CASES.encode())
    assert told(capsys, folder.words("--json", "--seed", "3")) == first


def test_no_cluster_is_an_answer(folder, capsys):
    folder.texts["cases"] = "".join(f"{place} 1 2024/5/{day}\n" for place in "abcd" for day in range(1, 15))
    code, out, _ = told(capsys, folder.words("--json"))
    assert (code, json.loads(out)) == (0, {"clusters": []})
    assert "No window holds more cases than expected." in told(capsys, folder.words())[1]


def test_without_replicates_there_is_no_p_value(folder, capsys):
    folder.parameters["MonteCarloReps"] = 0
    best = json.loads(told(capsys, folder.words("--json"))[1])["clusters"][0]
    assert (best["p_value"], best["recurrence_interval"]) == (None, None)


def test_bernoulli_takes_controls_and_poisson_a_population(folder, capsys):
    folder.parameters |= {"ModelType": 1, "AnalysisType": 3}
    folder.texts["controls"] = "".join(f"{place} 5 2024/5/{day}\n" for place in "abcd" for day in range(1, 15))
    best = json.loads(told(capsys, folder.words("--json"))[1])["clusters"][0]
    assert (best["location_ids"], best["observed"], best["recurrence_interval"]) == (["b"], 6, None)
    del folder.texts["controls"]
    folder.parameters["ModelType"] = 0
    folder.texts["population"] = "".join(f"{place} 2024 1000\n" for place in "abcd")
    assert json.loads(told(capsys, folder.words("--json"))[1])["clusters"][0]["location_ids"] == ["b"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cases": "x 1 2024/5/1\n"}, "cases, line 1: the place x is not in the coordinates file"),
        ({"cases": "\na -1 2024/5/1\n"}, "cases, line 2: the count -1 is negative"),
        ({"cases": "a 1 2024/6/1\n"}, "cases, line 1: 2024/6/1 lies outside the study period"),
        ({"cases": "a 0 2024/5/1\n"}, "cases: there are no cases"),
        ({"locations": "a 34 111\nb 99 111\n", "cases": "a 1 2024/5/1\n"}, "locations, line 2: the place b needs a latitude"),
        ({"locations": "a 34\n"}, "locations, line 1: a place needs its name and two coordinates"),
        ({"locations": ""}, "there are no places"),
        ({"cases": b"\xff\xfe\x00\xff\xff"}, "neither UTF-8 nor GB 18030"),
        ({"cases": b"\x1f\x8bbroken"}, "damaged .gz file"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_and_line(folder, capsys, change, message):
    folder.texts |= change
    code, out, err = told(capsys, folder.words("--json"))
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_cases_where_nobody_lives_are_told(folder, capsys):
    folder.parameters["ModelType"] = 0
    folder.texts["population"] = "a 2024 10\nb 2024 0\nc 2024 10\nd 2024 10\n"
    code, _, err = told(capsys, folder.words("--json"))
    assert code == 2
    assert "b has cases (1) in the interval that starts on 2024-05-01, where none can be expected" in err


def test_cases_of_a_stratum_that_nobody_has_are_told_with_their_line(folder, capsys):
    folder.parameters["ModelType"] = 0
    folder.texts |= {"population": "a 2024 10 f\n", "cases": "a 1 2024/5/1 f\na 1 2024/5/1 m\n"}
    code, _, err = told(capsys, folder.words("--json"))
    assert code == 2
    assert "cases, line 2: no population has the covariates of the case: m" in err


@pytest.mark.parametrize(("model", "option"), [(0, "--population"), (1, "--controls")])
def test_a_model_says_which_file_it_needs(folder, capsys, model, option):
    folder.parameters["ModelType"] = model
    code, _, err = told(capsys, folder.words("--json"))
    assert code == 2
    assert option in err


def test_a_file_that_is_not_used_is_named(folder, capsys):
    folder.texts["population"] = "a 2024 10\n"
    code, _, err = told(capsys, folder.words("--json"))
    assert code == 0
    assert "--population is not used by the model permutation" in err


@pytest.mark.parametrize("text", ["[]", "{", '{"StartDate": "2024/5/1"}', '{"ModelType": {}}'])
def test_parameters_that_are_none_are_refused(folder, capsys, text):
    words = folder.words("--json")
    (folder.path / "params.json").write_text(text)
    assert told(capsys, words)[0] == 2


def test_a_missing_file_is_misuse(folder, capsys):
    words = folder.words("--json")
    (folder.path / "cases").unlink()
    assert told(capsys, words)[0] == 2


WORDS = st.sampled_from(
    ["a", "b", "c", "x", '"a', '"b"', "0", "1", "-1", "1e400", "nan", "9" * 30, "2024/5/1", "5/14/2024", "2024/5", "24", "2024/2/31",
     "34.0", "111.1", "-200", "unspecified", "//", "\u00b2", "\x00"]
)  # fmt: skip
LINES = st.lists(st.lists(WORDS, max_size=5).map(" ".join), max_size=6).map("\n".join)
VALUES = st.sampled_from(
    ["0", "1", "2", "3", "4", "5", "7", "50", "100", "y", "n", "", "2024/5/1", "x", "-1", "1e400", 3, 2.5, None, []]
)
NAMES = st.sampled_from(
    ["ModelType", "AnalysisType", "ScanAreas", "TimeAggregationUnits", "TimeAggregationLength", "MaxTemporalSize", "MaxTemporalSizeInterpretation",
     "MinimumTemporalClusterSize", "CoordinatesType", "PrecisionCaseTimes", "TimeTrendAdjustmentType", "TimeTrendPercentage", "IncludePurelyTemporal",
     "IncludePurelySpatial", "MaxSpatialSizeInPopulationAtRisk", "UseDistanceFromCenterOption", "PValueReportType", "MonteCarloReps", "EndDate",
     "GeographicalCoordinatesCheckType", "StudyPeriodCheckType", "CriteriaForReportingSecondaryClusters", "Nonsense"]
)  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(["cases", "locations", "population", "controls"]), LINES, max_size=3),
    st.dictionaries(NAMES, VALUES, max_size=3),
)
def test_whatever_is_in_the_files_the_answer_is_clusters_or_a_sentence(tmp_path, capsys, texts, parameters):
    folder = Folder(tmp_path)
    whole = {
        "population": "".join(f"{place} 2024 1000\n" for place in "abcd"),
        "controls": "".join(f"{place} 5 2024/5/{day}\n" for place in "abcd" for day in range(1, 15)),
    }
    folder.texts |= whole | texts
    folder.parameters |= {"MonteCarloReps": 9} | parameters
    code, out, err = told(capsys, folder.words("--json"))
    assert code in (0, 2)
    assert bool(out) == (code == 0)
    assert code == 0 or err.startswith("fangxin scan: ")
