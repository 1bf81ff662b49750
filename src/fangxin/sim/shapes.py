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


_KITCHEN = ("principal", "safety_officer")

SHAPES: Sequence[Shape] = (
    Shape("food_producer", 30, "enterprise", "production_licence", "101", 5, ("principal", "safety_director", "safety_officer"), (2, 6), 0.4),
    Shape("small_workshop", 320, "self_employed", "small_workshop_registration", "", 3, ("principal",), (0, 1), 0.8),
    Shape("small_shop", 2150, "self_employed", "small_shop_registration", "", 3, ("principal",), (0, 0), 0.75),
    Shape("stall", 620, "individual", "stall_card", "", None, ("principal",), (0, 0), 0.4),
    Shape("food_sales", 1240, "self_employed", "business_licence", "1", 5, ("principal",), (0, 1), 0.55, (20, 400)),
    Shape("restaurant", 900, "self_employed", "business_licence", "2", 5, ("principal",), (0, 2), 0.4, (20, 300), (12, 140), 0.045),
    Shape("canteen", 70, "institution", "business_licence", "3", 5, _KITCHEN, (1, 4), 0.1, (40, 400), (30, 200)),
    Shape("school_canteen", 130, "institution", "business_licence", "3", 5, _KITCHEN, (2, 6), 0.7, (60, 800), (60, 600)),
    Shape("group_meal", 3, "enterprise", "business_licence", "2", 5, ("principal", "safety_director"), (6, 14), 0.0, (400, 1200)),
    Shape("central_kitchen", 2, "enterprise", "business_licence", "2", 5, ("principal", "safety_director"), (6, 14), 0.0, (400, 1200)),
    Shape("off_campus_supplier", 4, "enterprise", "business_licence", "2", 5, ("principal", "safety_director"), (4, 10), 0.0, (200, 800)),
    Shape("produce_market", 22, "enterprise", "market_report", "", None, ("principal",), (0, 2), 0.5, (300, 5000), None, 0.0, True),
    Shape("health_food_shop", 90, "self_employed", "business_licence", "1", 5, ("principal",), (0, 1), 0.2, (15, 120)),
    Shape("importer", 12, "enterprise", "importer_filing", "", None, ("principal",), (0, 1), 0.0),
    Shape("online_platform", 8, "enterprise", "platform_filing", "", None, ("principal",), (0, 1), 0.0),
    Shape("farm", 330, "cooperative", "", "", None, (), (0, 0), 1.0, None, None, 0.0, False, False, "agriculture"),
    Shape("health_institution", 27, "institution", "", "", None, (), (0, 0), 0.3, None, None, 0.0, True, False, "health"),
    Shape("grain_depot", 14, "enterprise", "", "", None, (), (0, 0), 0.5, None, None, 0.0, False, False, "development"),
    Shape("monitored_enterprise", 28, "enterprise", "", "", None, (), (0, 0), 0.8, None, None, 0.0, False, False, "environment"),
)  # fmt: skip
BY_KIND = {shape.kind: shape for shape in SHAPES}
CATERING = frozenset(
    {"restaurant", "canteen", "school_canteen", "group_meal", "central_kitchen", "off_campus_supplier"}
)
THREE_SMALL = frozenset({"small_workshop", "small_shop", "stall"})
