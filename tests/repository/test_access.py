"""Who gets in where. The table is made from what the views say of themselves, and checked on a running server."""

import pytest
from tests.county import NEIGHBOUR
from tests.crawl import name_and_key, routes, walk

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.roles import ROLES

# Open to everybody.
WITHOUT_SIGN_IN = {
    "people:sign_in", "portal:verify_form", "portal:verify", "portal:small_operators",
    "portal:results", "portal:tests", "portal:results_of", "portal:draws", "portal:draw", "portal:draw_file", "farm_inputs:public_forecasts",
    "produce_markets:public_board", "portal:messages", "portal:message",
}  # fmt: skip
WITHOUT_SIGN_IN |= {
    "portal:certificate", "portal:certificate_of_label", "portal:certificate_find", "portal:certificate_place",
    "portal:certificate_check", "portal:certificate_check_file", "portal:certificate_keys",
}  # fmt: skip
# The phone's shell, which holds nobody's data, and what asks for the phone's own token instead of a session.
WITHOUT_SIGN_IN |= {
    "field:phone", "field:worker", "field:manifest", "field:who", "field:standing", "field:wiped",
    "field:sync", "field:snapshot", "field:upload",
}  # fmt: skip
# Systems of firms ask with a key of their own and are refused with 401 without it.
WITHOUT_SIGN_IN |= {f"epcis:{name}" for name in (
    "capture", "job", "events", "event", "queries", "query", "query_events", "subscriptions",
    *(kind + part for kind in ("eventTypes", "epcs", "bizLocations", "bizSteps", "readPoints", "dispositions")
      for part in ("", "_one", "_events")),
)}  # fmt: skip
# Django's own view, which writes nothing but a cookie.
OF_THE_FRAMEWORK = {"set_language"}
# For every signed-in person, whatever the post.
FOR_ANY_PERSON = {
    "console:today", "console:search", "console:help",
    "people:account", "people:change_password", "people:second_factor", "people:sign_out",
    "people:set_second_factor", "people:remove_second_factor",
}  # fmt: skip
# One account of each role, by the demonstration's names.
PEOPLE = {
    "office": "office", "market": "department", "town": "township", "inspector": "inspector",
    "school": "institution", "shop": "operator", "lab": "laboratory", "reader": "reader", "admin": "administrator",
    "cdc": "epidemiologist", "doctor": "institution",
}  # fmt: skip
# Where one's partners in trade stand: lots and what came of them, the market's ledgers, and a place's own life.
OF_GOODS = {"supply", "produce_markets", "imported_food"}
LIFE_OF_A_PLACE = "registry:premises"
# Pages with an argument that stands for no county's record: rules, the twelve actions, empty forms.
OF_NO_COUNTY = {"catalog:detail", "registry:import_template", "board:indicator", "board:rows", "board:type",
                "catalog:confirm", "fieldwork:edition", "small_operators:application_new", "farm_inputs:product"}  # fmt: skip


@pytest.fixture(scope="module")
def office_walk(small_county):
    return walk(small_county, "office", examples=2)


@pytest.fixture(scope="module")
def town_walk(small_county):
    return walk(small_county, "town", examples=2)


def test_every_view_states_what_it_asks_for():
    silent = [r.name for r in routes() if r.ability is None and r.name not in WITHOUT_SIGN_IN | OF_THE_FRAMEWORK]
    assert not silent, f"these views state no ability: {silent}"


def test_only_the_short_list_is_open_to_any_account():
    assert {r.name for r in routes() if r.ability == ""} == FOR_ANY_PERSON


def test_every_stated_ability_is_offered():
    offered = {ability.name for ability in contribute.abilities}
    assert {r.ability for r in routes() if r.ability} <= offered


def test_a_stranger_is_sent_to_sign_in(small_county):
    stranger = small_county.visitor("")
    let_in = []
    for route in routes():
        page = stranger.get(route.path)
        sent = page.status == 302 and page.headers["Location"].startswith("/people/sign-in/")
        if sent == (route.name in WITHOUT_SIGN_IN):
            let_in.append((route.name, page.status))
    assert not let_in


@pytest.mark.parametrize("username", PEOPLE)
def test_a_page_opens_exactly_to_the_roles_that_have_its_ability(small_county, username):
    visitor, abilities = small_county.visitor(username), ROLES[PEOPLE[username]].abilities
    wrong = []
    for route in routes():
        if route.has_arguments or route.ability is None or route.name in FOR_ANY_PERSON:
            continue
        page, may = visitor.get(route.path), route.ability in abilities
        if page.status == 405 and not may:
            page = visitor.post(route.path)
        expected = {200, 302, 405} if may else {403}
        if page.status not in expected:
            wrong.append((route.name, route.ability, page.status))
    assert not wrong


def test_every_page_the_office_can_reach_is_whole(office_walk):
    assert len(office_walk.pages) > 100
    assert not office_walk.broken
    assert not office_walk.refused()
    pages = [(address, page) for address, page in office_walk.pages.items() if page.is_html and page.status == 200]
    assert not [(address, lack) for address, page in pages for lack in _lacks(page)]


@pytest.mark.parametrize("username", ["market", "town", "inspector", "school", "shop", "reader", "admin"])
def test_no_page_offers_a_link_that_its_reader_may_not_follow(small_county, username):
    assert not walk(small_county, username).refused()


def _lacks(page):
    """What a page must have for those who listen to it or find it again in a tab."""
    tree = page.tree
    title, headings = tree.findtext(".//title") or "", tree.xpath("//h1")
    if title.strip().startswith("·"):
        yield "no title"
    if len(headings) != 1 or not headings[0].text_content().strip():
        yield f"{len(headings)} first headings"
    if not tree.xpath("/html/@lang"):
        yield "no language"


def _reached(small_county, username, addresses):
    visitor = small_county.visitor(username)
    return [(address, page.status) for address in addresses if (page := visitor.get(address)).status not in (403, 404)]


def test_another_countys_office_reaches_nothing(small_county, office_walk):
    addresses = [a for a in office_walk.objects() if name_and_key(a)[0] not in OF_NO_COUNTY]
    assert len({name_and_key(a)[0] for a in addresses}) > 40
    assert not _reached(small_county, "neighbour", addresses)


def test_another_countys_office_reads_no_name_of_this_county(small_county):
    agencies = small_county.rows("SELECT name FROM people_agency WHERE division_code <> ?", NEIGHBOUR[-1])
    names = {name for (name,) in agencies} | {name for name, *_rest in _premises(small_county)}
    assert len(names) > 100
    assert not _told(walk(small_county, "neighbour"), names)


def test_another_townships_clerk_reaches_nothing_of_this_one(small_county, town_walk):
    other = _other_clerk(small_county)
    addresses = [a for a in town_walk.objects() if name_and_key(a)[0].split(":")[0] in ("registry", "casework")]
    addresses = [a for a in addresses if not _is_county_wide(a)]
    assert len(addresses) > 10
    assert not _reached(small_county, other, addresses)


def test_a_clerk_reads_no_premises_of_another_township(small_county, town_walk):
    home = _division_of(small_county, "town")
    # Shops of one name stand in several townships, and names contain each other.
    own = " ".join(name for name, code, _agency in _premises(small_county) if code.startswith(home))
    others = {name for name, _code, _agency in _premises(small_county) if name not in own}
    assert len(others) > 20
    assert not _told(town_walk, others, _partners(small_county, lambda code, _agency: code.startswith(home)))


@pytest.mark.parametrize("username", ["school", "shop"])
def test_a_business_reads_no_other_business(small_county, username):
    own = small_county.one(
        "SELECT p.agency_id FROM people_post p JOIN people_user u ON u.id = p.user_id WHERE u.username = ?", username
    )
    mine = {name for name, _code, agency in _premises(small_county) if agency == own}
    others = {name for name, _code, agency in _premises(small_county) if agency != own} - mine
    assert mine
    assert len(others) > 50
    partners = _partners(small_county, lambda _code, agency: agency == own)
    assert not _told(walk(small_county, username), others, partners)


@pytest.mark.parametrize("username", ["school", "shop"])
def test_a_business_reaches_nothing_beside_its_own(small_county, office_walk, username):
    own = walk(small_county, username).objects()
    addresses = [
        a for a in office_walk.objects() if name_and_key(a)[0].split(":")[0] in ("registry", "casework", "plans")
    ]
    assert not _reached(small_county, username, [a for a in addresses if a not in own])


def test_the_administrator_reaches_no_business(small_county, office_walk):
    business = [
        a for a in office_walk.objects() if name_and_key(a)[0].split(":")[0] not in ("people", "jobs", "portal")
    ]
    assert not _reached(small_county, "admin", business)


@pytest.mark.parametrize("username", ["neighbour", "other clerk", "shop", "admin"])
def test_a_form_sent_by_somebody_else_changes_nothing(small_county, office_walk, town_walk, username):
    # The office's forms may lie in the other clerk's own township; the first clerk's never do.
    name, taken = (_other_clerk(small_county), town_walk) if username == "other clerk" else (username, office_walk)
    own = {a.split("?")[0] for a in walk(small_county, name).pages}
    forms = [f for f in taken.forms("post") if name_and_key(f.action)[1] and f.action.split("?")[0] not in own]
    forms = [f for f in forms if not _is_county_wide(f.action)]
    if username == "admin":
        forms = [f for f in forms if not f.action.startswith(("/people/", "/jobs/"))]
    assert len(forms) > 5
    visitor, before = small_county.visitor(name), small_county.ledger_length()
    answers = [(f.action, visitor.post(f.action, f.fields).status) for f in forms]
    assert not [answer for answer in answers if answer[1] not in (403, 404)]
    assert small_county.ledger_length() == before


def test_a_form_without_its_token_is_refused(small_county, office_walk):
    before = small_county.ledger_length()
    for form in office_walk.forms("post")[:5]:
        assert small_county.visitor("office").post(form.action, form.fields, csrf=False).status == 403
    assert small_county.ledger_length() == before


def _premises(county):
    """Name, division and agency of all premises; names short enough to be a word of their own are left out."""
    rows = county.rows(
        "SELECT p.name, p.division_code, o.agency_id FROM registry_premises p "
        "JOIN registry_operator o ON o.id = p.operator_id"
    )
    return [row for row in rows if len(row[0]) > 3]


def _told(taken, names, partners=frozenset()):
    """Names that stand on pages where they must not; what is published for everybody may name what it publishes, and
    pages of goods name those with whom goods were traded."""
    closed = {a: page.text for a, page in taken.pages.items() if name_and_key(a)[0] not in WITHOUT_SIGN_IN}
    for address in filter(_is_of_goods, closed):
        # Names contain each other: the longest first.
        for partner in sorted(partners, key=len, reverse=True):
            closed[address] = closed[address].replace(partner, "")
    return [(address, name) for address, text in closed.items() for name in names if name in text]


def _is_of_goods(address):
    name = name_and_key(address)[0]
    return name == LIFE_OF_A_PLACE or name.split(":")[0] in OF_GOODS


def _partners(county, is_own):
    """Who one's own places bought from and sold to: both sides of a trade know each other's name."""
    trades = county.rows(
        "SELECT s.name, s.division_code, so.agency_id, r.name, r.division_code, ro.agency_id FROM supply_link l "
        "JOIN supply_lot a ON a.id = l.from_lot_id JOIN supply_lot b ON b.id = l.to_lot_id "
        "JOIN registry_premises s ON s.id = a.premises_id JOIN registry_operator so ON so.id = s.operator_id "
        "JOIN registry_premises r ON r.id = b.premises_id JOIN registry_operator ro ON ro.id = r.operator_id"
    )
    # Who made it stands on the label of what came in, however many hands it went through.
    made = county.rows(
        "SELECT l.maker_name, r.division_code, o.agency_id FROM supply_lot l JOIN registry_premises r "
        "ON r.id = l.premises_id JOIN registry_operator o ON o.id = r.operator_id WHERE l.maker_name <> ''"
    )
    # Whom one's own receipts name is known too, though the seller's side of the link may be missing.
    named = county.rows(
        "SELECT c.supplier_name, r.division_code, o.agency_id FROM supply_receipt c JOIN registry_premises r "
        "ON r.id = c.premises_id JOIN registry_operator o ON o.id = r.operator_id WHERE c.supplier_name <> ''"
    )
    known = {name for name, code, agency in (*made, *named) if is_own(code, agency)}
    for seller, sold_in, selling, buyer, bought_in, buying in trades:
        if is_own(sold_in, selling) or is_own(bought_in, buying):
            known |= {seller, buyer}
    return known


def _division_of(county, username):
    return county.one(
        "SELECT p.division_code FROM people_post p JOIN people_user u ON u.id = p.user_id WHERE u.username = ?",
        username,
    )


def _other_clerk(county):
    return county.one(
        "SELECT u.username FROM people_user u JOIN people_post p ON p.user_id = u.id "
        "WHERE p.role = 'township' AND u.username <> 'town' ORDER BY u.id LIMIT 1"
    )


def _is_county_wide(address):
    """Surveys are the county's; every township writes into them. A rule's template is everybody's."""
    return name_and_key(address)[0] in {"registry:survey", "registry:entry_new", "registry:match_exact", *OF_NO_COUNTY}
