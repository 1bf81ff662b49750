"""Who works in the invented county: agencies named after the place, persons invented, one login for each role."""

from collections.abc import Iterator, Sequence
from random import Random

from fangxin.sim import names
from fangxin.sim.places import Land
from fangxin.sim.values import AgencyValue, PersonValue, Register

# key, full name, short name, the names by which documents call it. `{c}` county, `{b}` its bare name, `{p}` prefecture.
DEPARTMENTS: Sequence[tuple[str, str, str, tuple[str, ...]]] = (
    ("market", "{c}市场监督管理局", "市场监管局", ("县市场监管局", "市场监督管理局")),
    ("health", "{c}卫生健康委员会", "卫健委", ("县卫健委", "卫生健康委")),
    ("agriculture", "{c}农业农村局", "农业农村局", ("县农业农村局",)),
    ("development", "{c}发展和改革委员会", "发改委", ("县发改委", "发展改革委")),
    ("environment", "{p}生态环境局{b}分局", "生态环境分局", ("生态环境局{b}分局", "县生态环境分局", "生态环境局")),
    ("education", "{c}教育体育局", "教体局", ("县教体局", "县教育体育局")),
    ("police", "{c}公安局", "公安局", ("县公安局",)),
    ("civil_affairs", "{c}民政局", "民政局", ("县民政局",)),
    ("commerce", "{c}商务局", "商务局", ("县商务局",)),
    ("culture", "{c}文化广电和旅游局", "文广旅局", ("县文广旅局",)),
    ("publicity", "中共{c}委宣传部", "县委宣传部", ("宣传部",)),
    ("industry", "{c}工业信息化和科技局", "工信科技局", ("县工信科技局",)),
    ("city", "{c}城市管理局", "城市管理局", ("县城市管理局",)),
    ("supply_coop", "{c}供销合作社联合社", "供销社", ("县供销社",)),
    ("finance", "{c}财政局", "财政局", ("县财政局",)),
)
# Testing laboratories: key, full name, short name, the first part of their people's account names.
LABORATORIES = (
    ("laboratory", "{c}食品检验检测中心", "食品检测中心", "lab"),
    ("farm_laboratory", "{c}农产品质量安全检测中心", "农产品检测中心", "lab_farm"),
)
LEADS = ("market", "health", "agriculture", "development", "environment")
SHOPS_WITH_LOGIN = 6
FARMS_WITH_LOGIN = 3


def make_cast(land: Land, register: Register, *, seed: str) -> tuple[tuple[AgencyValue, ...], tuple[PersonValue, ...]]:
    rng = Random(f"{seed}:cast")
    agencies = tuple(_agencies(land, register))
    return agencies, tuple(_people(land, agencies, rng))


def _agencies(land: Land, register: Register) -> Iterator[AgencyValue]:
    code, county, bare = land.code, land.county.name, land.bare_name
    prefecture = next((place.name for place in land.superiors if place.level == 1), "")
    yield AgencyValue(
        "office", f"{county}人民政府食品安全委员会办公室", "食安办", "office", code, "", ("县政府食安办", "县食安办")
    )
    for key, full, short, others in DEPARTMENTS:
        said = [text.format(c=county, b=bare, p=prefecture) for text in (full, *others)]
        yield AgencyValue(key, said[0], short, "department", code, "", tuple(said[1:]))
    for township in land.townships:
        government = f"{township.name}{'办事处' if township.kind == 'street' else '人民政府'}"
        yield AgencyValue(f"town:{township.code}", f"{county}{government}", township.name, "township", township.code)
        stem = township.name.removesuffix("街道").rstrip("镇乡")
        yield AgencyValue(
            f"station:{township.code}",
            f"{county}市场监督管理局{stem}监管所",
            f"{stem}监管所",
            "station",
            township.code,
            "market",
        )
    yield from _institutions(register)
    for key, full, short, _account in LABORATORIES:
        yield AgencyValue(key, full.format(c=county), short, "laboratory", code)
    yield AgencyValue("cdc", f"{county}疾病预防控制中心", "疾控中心", "institution", code)


def _institutions(register: Register) -> Iterator[AgencyValue]:
    shops = farms = markets = 0
    for premises in register.premises.values():
        here = premises.division_code[:9]
        if premises.kind in ("school_canteen", "health_institution"):
            name = premises.name.removesuffix("食堂")
            yield AgencyValue(f"operator:{premises.key}", f"{name}{names.MARK}", name[:30], "institution", here)
        elif premises.kind == "restaurant" and premises.closed_on is None and shops < SHOPS_WITH_LOGIN:
            shops += 1
            yield AgencyValue(
                f"operator:{premises.key}", f"{premises.name}{names.MARK}", premises.name[:30], "operator", here
            )
        elif premises.kind == "produce_market" and premises.closed_on is None and markets < 1:
            markets += 1
            yield AgencyValue(
                f"operator:{premises.key}", f"{premises.name}{names.MARK}", premises.name[:30], "operator", here
            )
            yield AgencyValue("stall_holder", f"{premises.name}一号摊{names.MARK}", "一号摊", "operator", here)
        elif premises.kind == "farm" and premises.closed_on is None and farms < FARMS_WITH_LOGIN:
            farms += 1
            yield AgencyValue(
                f"operator:{premises.key}", f"{premises.name}{names.MARK}", premises.name[:30], "operator", here
            )


def _people(land: Land, agencies: Sequence[AgencyValue], rng: Random) -> Iterator[PersonValue]:
    code = land.code
    seat = max(land.townships, key=lambda place: place.weight).code

    def one(username: str, agency: str, role: str, division: str, title: str) -> PersonValue:
        return PersonValue(username, names.person(rng), agency, role, division, title)

    yield one("office", "office", "office", code, "食安办主任")
    yield one("office2", "office", "office", code, "食安办科员")
    yield one("reader", "office", "reader", code, "查阅员")
    yield one("admin", "office", "administrator", code, "系统管理员")
    for key, *_rest in DEPARTMENTS:
        yield one(key, key, "department", code, "股室负责人" if key in LEADS else "联络员")
        if key in LEADS:
            yield one(f"{key}2", key, "department", code, "分管领导")
    for township in land.townships:
        short = "" if township.code == seat else township.code[-3:]
        yield one(f"town{short}", f"town:{township.code}", "township", township.code, "食安办专干")
        yield one(f"inspector{short}", f"station:{township.code}", "inspector", township.code, "监管所所长")
    for role, kind, username, title in (
        ("institution", "school_canteen", "school", "食品安全总监"),
        ("operator", "restaurant", "shop", "店主"),
        ("operator", "farm", "farmer", "户主"),
        ("operator", "produce_market", "keeper", "市场办主任"),
        ("operator", "stall_holder", "holder", "摊主"),
    ):
        agency = next((a for a in agencies if a.kind == role and kind in a.key), None)
        agency = agency or next(
            (a for a in agencies if a.kind == role and kind in ("restaurant", "school_canteen")), None
        )
        if agency is not None:
            yield one(username, agency.key, role, agency.division_code, title)
    for key, _full, _short, account in LABORATORIES:
        yield one(account, key, "laboratory", code, "收样和质量负责人")
        yield one(f"{account}2", key, "laboratory", code, "检验员")
    yield one("cdc", "cdc", "epidemiologist", code, "流调员")
    hospital = next((a for a in agencies if a.kind == "institution" and "health_institution" in a.key), None)
    if hospital is not None:
        yield one("doctor", hospital.key, "institution", hospital.division_code, "防保科医生")
