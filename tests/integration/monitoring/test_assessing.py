"""Assessments: kept as they were, stated with what they rest on, and never a verdict."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from fangxin.actions.monitoring import describing, ranking, reading, rules
from fangxin.actions.monitoring.models import Assessment, Signal
from fangxin.actions.monitoring.services import assessing
from fangxin.engines.exposure import Mode

pytestmark = pytest.mark.django_db
COUNTY = "990101"
CD = "Cd:PTMI:JECFA73rd2010"
# The reference vector: 12 quantified results and 8 not detected at 0.002 mg/kg, 240 g of rice, 60 kg.
SEEN = ["0.021", "0.034", "0.055", "0.012", "0.088", "0.14", "0.047", "0.063", "0.019", "0.102", "0.076", "0.031"]


def ask(hazard="Cd", point=CD, **more):
    values = {
        "division_code": COUNTY, "hazard": hazard, "people": "general", "since": date(2023, 1, 1),
        "until": date(2023, 3, 15), "mode": Mode.CHRONIC, "reference_point": point,
    } | more  # fmt: skip
    return assessing.Question(**values)


@pytest.fixture
def rice(load, line):
    rows = [line(f"S{i}", value) for i, value in enumerate(SEEN)]
    return load(rows + [line(f"N{i}", "未检出") for i in range(8)])


def test_the_reference_vector_through_the_platform(rice, diet, health_department):
    row = assessing.assess(question=ask(), by=health_department)
    bounds = row.results["bounds"]
    assert bounds["middle"]["exposure"] == pytest.approx(0.1392, abs=6e-5)
    assert bounds["middle"]["share"] == pytest.approx(0.167, abs=5e-4)
    assert bounds["lower"]["exposure"] < bounds["middle"]["exposure"] < bounds["upper"]["exposure"]
    assert row.concern is False
    assert row.results["without_results"] == ["vegetables"]
    assert (
        row.results["foods"][0]["estimates"]["likelihood"]["low"]
        < 0.0348
        < row.results["foods"][0]["estimates"]["likelihood"]["high"]
    )
    assert "蔬菜" in "".join(describing.caveats(row))


def test_the_same_inputs_give_the_same_run(rice, diet, health_department):
    one, two = (assessing.assess(question=ask(), by=health_department) for _ in range(2))
    assert one.inputs_digest == two.inputs_digest
    assert one.results == two.results
    assert one.number != two.number


def test_a_run_stays_as_it_was(rice, diet, health_department, office):
    from fangxin.actions.monitoring.services import importing

    row = assessing.assess(question=ask(), by=health_department)
    importing.withdraw_batch(batch=rice, why="重做", by=health_department)
    assert Assessment.objects.get(pk=row.pk).results == row.results
    with pytest.raises(DatabaseError), transaction.atomic():
        Assessment.objects.update(burden=0)
    with pytest.raises(rules.Refused, match="没有可用于评估的结果"):
        assessing.assess(question=ask(), by=health_department)


def test_without_a_survey_a_placeholder_is_said_to_be_one(rice, health_department):
    row = assessing.assess(question=ask(), by=health_department)
    assert row.results["placeholder"] is True
    assert "占位值" in "".join(describing.caveats(row))
    with pytest.raises(rules.Refused, match="先导入并确认"):
        assessing.assess(question=ask(people="pregnant"), by=health_department)


def test_a_whole_element_is_not_set_beside_its_form(load, line, diet, health_department):
    load([line("S1", "0.1", analyte="总砷", hazard="As")])
    with pytest.raises(rules.Refused, match="无机砷"):
        assessing.assess(question=ask("As", "iAs:BMDL01:EFSA2009"), by=health_department)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"reference_point": "DON:ARfD:JECFA2010"}, "参考值"),
        ({"reference_point": "Pb:PTWI:JECFA"}, "撤销"),
        ({"hazard": "无此物"}, "危害物"),
        ({"mode": Mode.ACUTE}, "急性参考剂量"),
        ({"since": date(2023, 3, 16)}, "早于"),
        ({"division_code": "990102"}, "没有可用于评估"),
    ],
)
def test_what_makes_no_assessment_is_refused_in_words(rice, diet, health_department, more, message):
    with pytest.raises(rules.Refused, match=message):
        assessing.assess(question=ask(**more), by=health_department)
    assert not Assessment.objects.exists()


def test_withdrawn_values_are_never_offered_and_a_table_with_one_is_refused(tmp_path, settings):
    for hazard in ("Pb", "iAs"):
        assert not [p for p in rules.points_for(hazard) if p.point.kind == "PTWI"]
    source = rules.folder()
    for name in ("reference-points.toml", "hazards.toml", "diets.toml"):
        (tmp_path / name).write_bytes((source / name).read_bytes())
    table = (source / "reference-points.csv").read_text("utf-8")
    (tmp_path / "reference-points.csv").write_text(
        table + "Pb:PTWI:JECFA,Pb,铅,PTWI,25,μg,week,guidance,,JECFA 53rd 1999,,high\n", encoding="utf-8"
    )
    with pytest.raises(reading.WithdrawnValue):
        reading.reference_points(tmp_path)


def test_only_the_upper_bound_above_the_value_decides_nothing(load, line, diet, health_department):
    load([line(f"N{i}", "未检出", lod="0.5", loq="1.5") for i in range(30)])
    row = assessing.assess(question=ask(), by=health_department)
    assert row.concern is None
    assert row.results["treatment"] == "range_only"
    assert all(not part["percentiles"] for part in row.results["simulated"].values())
    assert "不能定论" in describing.statement(row)


def test_a_margin_of_exposure_is_said_as_one_and_asks_for_a_look(load, line, health_department, diet):
    load([line(f"S{i}", "0.001", analyte="黄曲霉毒素B1", hazard="AFB1", lod="0.0001", loq="0.0003") for i in range(25)])
    row = assessing.assess(question=ask("AFB1", "AFB1:BMDL10:EFSA2020"), by=health_department)
    assert row.concern is True
    assert row.burden == pytest.approx(10_000 / (0.4 / (0.001 * 240 / 60)))
    signal = Signal.objects.get()
    assert (signal.kind, signal.hazard) == ("exposure", "AFB1")
    assert "暴露边界 100" in signal.text


def test_short_term_intake_by_large_portions(load, line, diet, health_department):
    load([line(f"S{i}", "0.9", analyte="DON", hazard="DON") for i in range(6)])
    row = assessing.assess(question=ask("DON", "DON:ARfD:JECFA2010", mode=Mode.ACUTE), by=health_department)
    (meal,) = row.results["acute"]
    assert (meal["case"], meal["intake"]) == ("1", pytest.approx(6.0))
    assert row.burden == pytest.approx(0.75)


def test_methods_that_see_too_little_can_be_left_out(load, line, diet, health_department):
    load([line("S1", "0.05"), line("S2", "0.05"), line("N1", "未检出", lod="0.5", loq="1.5")])
    row = assessing.assess(question=ask(loq_at_most=0.01), by=health_department)
    assert (row.results["unfit"], row.results["count"]) == (1, 2)
    assert "剔除" in "".join(describing.caveats(row))


def test_hazards_are_ranked_with_reasons_and_the_unknown_stays_in_sight(
    rice, load, line, diet, health_department, held
):
    assessing.assess(question=ask(), by=health_department)
    load([line("X1", "0.3", analyte="丙烯酰胺", hazard="acrylamide", over_limit="")], name="另一份.xlsx")
    lines = ranking.rank(COUNTY, held.date())
    by_hazard = {x.ranked.hazard: x for x in lines}
    assert by_hazard["acrylamide"].ranked.provisional
    assert by_hazard["acrylamide"].over.value is None
    assert by_hazard["Cd"].censored_share == pytest.approx(0.4)
    assert all(describing.factor(r) for x in lines for r in x.ranked.reasons)
