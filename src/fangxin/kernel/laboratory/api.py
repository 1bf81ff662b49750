"""The door of sampling and laboratory."""

from fangxin.kernel.laboratory.models import RapidTest
from fangxin.kernel.laboratory.selectors import list_samples
from fangxin.kernel.laboratory.selectors_results import list_rapid_tests, public_test, public_tests, results_of
from fangxin.kernel.laboratory.services.rapid import ask_for_sample, load_rapid_tests, record_rapid_test
from fangxin.kernel.laboratory.services.tasks import add_task

__all__ = [
    "RapidTest",
    "add_task",
    "ask_for_sample",
    "list_rapid_tests",
    "list_samples",
    "load_rapid_tests",
    "public_test",
    "public_tests",
    "record_rapid_test",
    "results_of",
]
