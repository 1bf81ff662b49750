from datetime import date, timedelta

import numpy as np
import pytest
from tests.unit.ordering.tables import OUTCOMES, inspections, table, task

from fangxin.engines.ordering import (
    Encoder,
    Table,
    area_under_curve,
    choose_columns,
    days_of,
    fit,
    outcomes,
    rolling_windows,
)


def learnt(train, score):
    columns = choose_columns(train, score, target="found", key="Inspection_ID")
    return columns, fit(train, columns, length_days=30)


@pytest.fixture(scope="module")
def world():
    train, score, truth = task()
    return train, score, truth, *learnt(train, score)


def test_what_the_places_did_before_orders_what_they_do_next(world):
    _, score, truth, _, model = world
    assert area_under_curve(truth, model.score(score)) > 0.7


def test_validation_lies_after_what_each_model_saw(world):
    train, _, _, _, model = world
    assert model.out_of_time
    starts = [min(part.dates) for part in model.parts]
    assert starts == sorted(starts)
    assert max(model.parts[-1].dates) == date.fromisoformat(train.columns["visited"][-1])


def test_probabilities_agree_with_the_shares_found(world):
    _, score, truth, _, model = world
    assert sum(model.score(score)) / len(truth) == pytest.approx(sum(truth) / len(truth), abs=0.08)
    later = [(p, y) for part in model.parts[1:] for p, y in zip(part.probabilities, part.found, strict=True)]
    share = sum(y for _, y in later) / len(later)
    assert sum((p - y) ** 2 for p, y in later) < sum((share - y) ** 2 for _, y in later)


def test_the_same_tables_give_the_same_scores(world):
    train, score, _, columns, model = world
    assert fit(train, columns, length_days=30).score(score) == model.score(score)


def test_scores_do_not_depend_on_the_company_of_the_row(world):
    _, score, _, _, model = world
    whole = model.score(score)
    assert model.score(score.take([5, 3])) == pytest.approx((whole[5], whole[3]), abs=1e-9)


def test_the_inspector_changes_no_score(world):
    train, score, _, _, model = world
    other = Table(
        {**train.columns, "Inspector_Name": tuple("Zhao" if f == "1" else "Qian" for f in train.columns["found"])}
    )
    assert learnt(other, score)[1].score(score) == model.score(score)


def test_without_dates_folds_stand_in_and_no_history_is_used():
    train, score, _ = task(rows=300)
    dateless = [Table({k: v for k, v in t.columns.items() if k != "visited"}) for t in (train, score)]
    columns, model = learnt(*dateless)
    assert not model.out_of_time
    assert model.encoder.pasts == ()
    assert sum(len(part.found) for part in model.parts) == 300
    assert columns.when is None


def test_history_is_the_shrunk_mean_of_strictly_earlier_visits():
    rows = inspections(400, premises=60)
    train = table(rows)
    columns = choose_columns(train, table(rows, without=OUTCOMES), target="found", key="Inspection_ID")
    found = outcomes(train, "found")
    encoder = Encoder.learn(train, columns, found)
    past = encoder.encode(train)[:, encoder.names.index("past of licence")]
    mean = sum(found) / len(found)
    for i in (10, 123, 399):
        earlier = [found[j] - mean for j, row in enumerate(rows) if row[2] == rows[i][2] and row[1] < rows[i][1]]
        assert past[i] == pytest.approx(sum(earlier) / (len(earlier) + 1))


def test_a_gap_is_counted_and_a_strange_level_is_no_level():
    train, score, _ = task()
    columns = choose_columns(train, score, target="found", key="Inspection_ID")
    encoder = Encoder.learn(train, columns, outcomes(train, "found"))
    assert "staff missing" in encoder.names
    strange = Table({**score.columns, "trade": ("spaceport",) * len(score)})
    trades = [i for i, name in enumerate(encoder.names) if name.startswith("trade")]
    assert not encoder.encode(strange)[:, trades].any()


def test_windows_keep_their_distance_and_never_see_ahead():
    days = days_of(table(inspections(900)), "visited")
    found = np.array(outcomes(table(inspections(900)), "found"))
    windows = rolling_windows(days, found, length_days=30, gap_days=20)
    assert len(windows) == 6
    for seen, unseen in windows:
        assert days[seen].max() < days[unseen].min() - 20 + 1
        assert days[unseen].max() - days[unseen].min() < 30
    assert days[windows[-1][1]].max() == (date(2021, 1, 4) + timedelta(days=359)).toordinal()
