"""What the kinds of premises look like: how many, where, who answers for them, which papers they hold."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of premises in a county of ordinary size."""

    kind: str
    count: int
    operator_kind: str
    credential: str = ""
    licence_digits: str = ""  # business digit of a JY number, category of an SC number
    term_years: int | None = None
    staff: Sequence[str] = ()
    employees: tuple[int, int] = (0, 0)
    rural: float = 0.6  # share that lies in villages
    area: tuple[int, int] | None = None
    seats: tuple[int, int] | None = None
    large: float = 0.0  # share of catering above the large size
    each_township: bool = False
    surveyed: bool = True
    lead: str = "market"  # the department that answers for matters found here


_HEAD = ("principal",)
_KITCHEN = ("principal", "safety_officer")
_DIRECTED = ("principal", "safety_director")
_JY = "business_licence"
_FIRM, _OWN, _UNIT = "enterprise", "self_employed", "institution"

SHAPES: Sequence[Shape] = (
    Shape("food_producer", 30, _FIRM, "production_licence", "101", 5, (*_DIRECTED, "safety_officer"), (2, 6), 0.4),
    Shape("small_workshop", 320, _OWN, "small_workshop_registration", "", 3, _HEAD, (0, 1), 0.8),
    Shape("small_shop", 2150, _OWN, "small_shop_registration", "", 3, _HEAD, (0, 0), 0.75),
    Shape("stall", 620, "individual", "stall_card", "", None, _HEAD, (0, 0), 0.4),
    Shape("food_sales", 1240, _OWN, _JY, "1", 5, _HEAD, (0, 1), 0.55, (20, 400)),
    Shape("restaurant", 900, _OWN, _JY, "2", 5, _HEAD, (0, 2), 0.4, (20, 300), (12, 140), large=0.045),
    Shape("canteen", 70, _UNIT, _JY, "3", 5, _KITCHEN, (1, 4), 0.1, (40, 400), (30, 200)),
    Shape("school_canteen", 130, _UNIT, _JY, "3", 5, _KITCHEN, (2, 6), 0.7, (60, 800), (60, 600)),
    Shape("group_meal", 3, _FIRM, _JY, "2", 5, _DIRECTED, (6, 14), 0.0, (400, 1200)),
    Shape("central_kitchen", 2, _FIRM, _JY, "2", 5, _DIRECTED, (6, 14), 0.0, (400, 1200)),
    Shape("off_campus_supplier", 4, _FIRM, _JY, "2", 5, _DIRECTED, (4, 10), 0.0, (200, 800)),
    Shape("produce_market", 22, _FIRM, "market_report", "", None, _HEAD, (0, 2), 0.5, (300, 5000), each_township=True),
    Shape("health_food_shop", 90, _OWN, _JY, "1", 5, _HEAD, (0, 1), 0.2, (15, 120)),
    Shape("importer", 12, _FIRM, "importer_filing", "", None, _HEAD, (0, 1), 0.0),
    Shape("online_platform", 8, _FIRM, "platform_filing", "", None, _HEAD, (0, 1), 0.0),
    Shape("farm", 330, "cooperative", "", "", None, (), (0, 0), 1.0, surveyed=False, lead="agriculture"),
    Shape("health_institution", 27, _UNIT, "", "", None, (), (0, 0), 0.3, each_township=True, surveyed=False, lead="health"),
    Shape("grain_depot", 14, _FIRM, "", "", None, (), (0, 0), 0.5, surveyed=False, lead="development"),
    Shape("monitored_enterprise", 28, _FIRM, "", "", None, (), (0, 0), 0.8, surveyed=False, lead="environment"),
)  # fmt: skip
BY_KIND = {shape.kind: shape for shape in SHAPES}
CATERING = frozenset(
    {"restaurant", "canteen", "school_canteen", "group_meal", "central_kitchen", "off_campus_supplier"}
)
THREE_SMALL = frozenset({"small_workshop", "small_shop", "stall"})
