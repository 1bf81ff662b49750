"""A filed case against a producer speaks against its certificates; a mere clue is not let out."""

from typing import Any

import pytest

from fangxin.kernel.casework.models import Case
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import BatchFacts
from fangxin.kernel.ledger import api as ledger


@pytest.mark.parametrize(
    ("state", "blocked"),
    [("clue", False), ("investigating", True), ("served", True), ("closed", False), ("withdrawn", False)],
)
def test_a_filed_case_blocks_until_it_ends(agencies: Any, state: str, blocked: bool) -> None:
    today = ledger.clock.today()
    Case.objects.create(
        number="AJ-1", source="inspection", party_kind="organization", party_name="柳沟菜园", subject_kind="farm",
        subject_type="registry.premises", subject_id="7", division_code="990101100", agency=agencies["market"],
        offence="x", facts="x", clue_on=today, opened_at=ledger.clock.now(), opened_by="x", state=state,
    )  # fmt: skip
    facts = BatchFacts("registry.premises", "7", "韭菜", "990101100201", today, premises_id=7)
    assert bool(contribute.blockers_of(facts)) is blocked
    other = BatchFacts("registry.premises", "8", "韭菜", "990101100201", today, premises_id=8)
    assert contribute.blockers_of(other) == []
