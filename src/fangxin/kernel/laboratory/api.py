"""The door of sampling and laboratory."""

from fangxin.kernel.laboratory.selectors import list_samples
from fangxin.kernel.laboratory.selectors_results import public_test, public_tests, results_of
from fangxin.kernel.laboratory.services.tasks import add_task

__all__ = ["add_task", "list_samples", "public_test", "public_tests", "results_of"]
