"""The door of the catalogue: which edition of a rule was in force on a day."""

from fangxin.kernel.catalog.data import EditionFacts, LoadReport
from fangxin.kernel.catalog.limit_tables import the_judge
from fangxin.kernel.catalog.models import Edition, trusted
from fangxin.kernel.catalog.selectors import edition_in_force, editions
from fangxin.kernel.catalog.services import EditionRefused, confirm_edition, load_directory, mark_used

__all__ = [
    "Edition",
    "EditionFacts",
    "EditionRefused",
    "LoadReport",
    "confirm_edition",
    "edition_in_force",
    "editions",
    "load_directory",
    "mark_used",
    "the_judge",
    "trusted",
]
