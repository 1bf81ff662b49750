"""The figures of action 12 open down to the rows of this action."""

from datetime import date
from pathlib import Path

import pytest

from fangxin.actions.imported_food.services import alerts, disposals
from fangxin.engines.indicators import load_definitions
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger

FILE = Path(__file__).parents[3] / "standards" / "indicators" / "12-imported-food.toml"


def test_every_computed_figure_counts_a_subject_that_is_offered(shop, lot, department):
    disposals.open_disposal(consignment=lot(shop), cause="label", text="没有中文标签", by=department)
    alerts.record_alert(source="other", said={"text": "开心果检出黄曲霉毒素"}, division_code="990101", by=department)
    definitions = {d.code: d for d in load_definitions(FILE.read_text(encoding="utf-8")) if d.kind.value == "computed"}
    assert set(definitions) == {"M12-1", "M12-2", "M12-3", "M12-4"}
    for code in ("M12-2", "M12-3", "M12-4"):
        subject = contribute.subjects.get(definitions[code].subject)
        rows = subject.rows(ledger.clock.today()).values(subject.key, "division_code", *subject.fields)
        assert rows.count() == 1, code


@pytest.mark.parametrize(("day", "counted"), [(date(2023, 3, 14), 0), (date(2023, 3, 15), 1)])
def test_what_was_not_yet_known_does_not_count(shop, lot, department, day, counted):
    disposals.open_disposal(consignment=lot(shop), cause="label", text="没有中文标签", by=department)
    assert contribute.subjects.get("import_disposal").rows(day).count() == counted
