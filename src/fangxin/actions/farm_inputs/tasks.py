"""Work that comes round by itself."""

from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs.models import Batch, Farm
from fangxin.actions.farm_inputs.selectors import incomplete_books
from fangxin.actions.farm_inputs.services import judging, routing
from fangxin.kernel.ledger import api as ledger

# The platform itself looks through the books; its name stands where a person's account would.
PLATFORM = ledger.Actor("platform", "平台")
LACKS = {
    "production_kept": lambda: _("生产（投苗、饲料、水质）"),
    "drugs_kept": lambda: _("用药（或者“没有用药”）"),
    "sales_kept": lambda: _("销售"),
}


def daily() -> int:
    """Water that was measured, or not, moves locks in degree-days; books with gaps become a matter once a quarter."""
    waiting = Batch.objects.filter(ended_on=None, produce="fish", lock_open=True).select_related("farm__premises")
    for batch in waiting:
        judging.refresh(batch, by=PLATFORM)
    return len(waiting) + check_books()


def check_books() -> int:
    day = ledger.clock.today()
    found = 0
    for farm in incomplete_books(Farm.objects.select_related("premises"), day):
        lacking = "、".join(word() for name, word in LACKS.items() if not getattr(farm, name))
        quarter = f"{day.year}Q{(day.month + 2) // 3}"
        routing.open_matter(
            "records_missing", hazard=_("%(farm)s：水产养殖三项记录缺少%(what)s记录。") % {"farm": farm, "what": lacking},
            division_code=farm.division_code, subject=farm.premises, subject_name=farm.premises.name,
            key=f"farm_inputs.books:{farm.pk}:{quarter}", by=PLATFORM,
        )  # fmt: skip
        found += 1
    return found
