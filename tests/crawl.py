"""Walking through the pages as a person does: link by link, a few examples of each kind."""

from collections import Counter, deque
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from tests.county import County, Form, Page

MOST_REQUESTS = 400


@dataclass
class Walk:
    username: str
    pages: dict[str, Page] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    found_on: dict[str, str] = field(default_factory=dict)

    def refused(self) -> list[tuple[str, int, str]]:
        """Pages that did not open: address, status, the page with the link."""
        bad = ((a, p.status) for a, p in self.pages.items() if p.status not in (200, 302))
        return [(address, status, self.found_on.get(address, "")) for address, status in bad]

    def objects(self) -> list[str]:
        """Addresses that name one thing."""
        return [address for address in self.pages if "?" not in address and name_and_key(address)[1]]

    def forms(self, method: str) -> list[Form]:
        """Forms of the pages' own, one for each address (not the search box, the language, the way out)."""
        everywhere = {"/search/", "/i18n/setlang/", "/people/sign-out/"}
        found: dict[str, Form] = {}
        for page in self.pages.values():
            for form in page.forms() if page.is_html else []:
                if form.method == method and form.action not in everywhere:
                    found.setdefault(form.action.split("?")[0], form)
        return list(found.values())


def walk(county: County, username: str, *, examples: int = 1) -> Walk:
    """All kinds of pages a person can reach by links. Each walk is made once for a county."""
    key = (county.base, username, examples)
    if key not in _WALKS:
        _WALKS[key] = _walk(county, username, examples)
    return _WALKS[key]


_WALKS: dict[tuple[str, str, int], Walk] = {}


def _walk(county: County, username: str, examples: int) -> Walk:
    visitor, taken = county.visitor(username), Walk(username)
    waiting, seen, asked = deque(["/"]), Counter[str](), {"/"}
    while waiting and len(taken.pages) < MOST_REQUESTS:
        address = waiting.popleft()
        kind = _kind(address)
        if kind is None:
            taken.broken.append(address)
        if kind is None or seen[kind] >= (1 if "?" in address else examples):
            continue
        seen[kind] += 1
        page = taken.pages[address] = visitor.get(address)
        for link in page.links() if page.is_html else []:
            if link not in asked and not link.startswith("/static/"):
                asked.add(link)
                taken.found_on[link] = address
                waiting.append(link)
    return taken


def _kind(address: str) -> str | None:
    path, _mark, query = address.partition("?")
    try:
        name = resolve(path).view_name
    except Resolver404:
        return None
    return f"{name} export" if "_export" in query else f"{name} ?" if query else name


def name_and_key(address: str) -> tuple[str, dict[str, Any]]:
    """The name of the page, and what of its address names a thing (not what a route states for itself)."""
    match = resolve(address.partition("?")[0])
    return match.view_name, match.captured_kwargs or {}


@dataclass(frozen=True)
class Route:
    name: str
    path: str
    has_arguments: bool
    view: Any

    @property
    def ability(self) -> str | None:
        """What the view asks for; "" is any signed-in person, None is a view that says nothing."""
        view = getattr(self.view, "view_class", self.view)
        stated = getattr(view, "ability", getattr(self.view, "ability", None))
        return stated if isinstance(stated, str) else None


@cache
def routes() -> tuple[Route, ...]:
    """Every address of the installation, with an example where it takes arguments."""
    return tuple(_routes(get_resolver(), "/", ""))


def _routes(resolver: URLResolver, prefix: str, space: str) -> Any:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry, route, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            example = route
            for name, converter in entry.pattern.converters.items():
                kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
                example = example.replace(f"<{kind}:{name}>", "1")
            yield Route(f"{space}{entry.name}", example, bool(entry.pattern.converters), entry.callback)
