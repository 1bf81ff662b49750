"""Which place of the register a location code means."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply.derivation import site
from fangxin.kernel.supply.models import Lot, Place, Source


@transaction.atomic
def name_place(*, code: str, premises: Any, by: Any) -> Place:
    """From now on, and for the lots that are there already."""
    code = site(code.strip())
    if ":" not in code:
        raise ValidationError({"code": _("场所标识应是网址或者 urn 开头的编码，请从企业系统里复制。")})
    place, _made = Place.objects.update_or_create(
        code=code, defaults={"premises": premises, "name": premises.name, "division_code": premises.division_code}
    )
    Lot.objects.filter(source=Source.EPCIS, place=code).update(
        premises=premises, place_name=premises.name[:120], division_code=premises.division_code
    )
    ledger.record("supply.place.named", of=place, by=by, data={"code": code, "number": premises.number})
    return place
