"""Names of fields that the standard does not define: prefix, namespace, local name, and compact URIs in values."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
# What the standard's own context declares, so that documents need not. CBV master data attributes have this namespace
# without a colon at its end in XML documents, so that a name is the same name in both formats.
GIVEN: Final[Mapping[str, str]] = {
    "cbvmda": "urn:epcglobal:cbv:mda",
    "cbv": "https://ref.gs1.org/cbv/",
    "gs1": "https://gs1.org/voc/",
    "epcis": "https://ref.gs1.org/epcis/",
    "rdfs": RDFS,
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
EXPANDED: Final = ("cbv", "gs1", "epcis")  # prefixes that stand for a URI in a value even where nobody declares them
WHOLE: Final = ("urn:", "http://", "https://")  # however prefixes are called, these are whole
XML_NAMESPACE: Final = "http://www.w3.org/XML/1998/namespace"
COMMENTS: Final = frozenset(("comment", f"{{{RDFS}}}comment"))


def qualified(key: str, namespaces: Mapping[str, str]) -> tuple[str, str]:
    """`{namespace}local` and the prefix of a JSON key.

    >>> qualified("ext:lot", {"ext": "https://ns.example.com/"})
    ('{https://ns.example.com/}lot', 'ext')
    >>> qualified("https://ns.example.com/lot", {})
    ('{https://ns.example.com/}lot', '')
    """
    prefix, colon, local = key.partition(":")
    if not colon:
        term = namespaces.get(key)
        return (_split(term), "") if term and term[-1].isalnum() else (key, "")
    namespace = namespaces.get(prefix) if not local.startswith("//") else None
    if namespace is None and not local.startswith("//"):
        namespace = GIVEN.get(prefix)
    if namespace is not None:
        return f"{{{namespace}}}{local}", prefix
    return _split(key), ""


@lru_cache(maxsize=4096)
def _split(iri: str) -> str:
    """A whole IRI as namespace and local name: what follows the last `#`, `/` or `:` is local."""
    place = max(iri.rfind(mark) for mark in "#/:") + 1
    return f"{{{iri[:place]}}}{iri[place:]}"


def expanded(text: str, namespaces: Mapping[str, str]) -> str:
    """A compact URI as whole URI; any other text as it is (CBV 2.0 §8.9.2 rule 15).

    >>> expanded("gs1:Temperature", {}), expanded("https://example.org/1", {"https": "https://ns.example.com/"})
    ('https://gs1.org/voc/Temperature', 'https://example.org/1')
    """
    if text.startswith(WHOLE):
        return text
    prefix, colon, local = text.partition(":")
    if not colon or local.startswith("//"):
        return text
    namespace = namespaces.get(prefix)
    if namespace is None:
        if prefix not in EXPANDED:
            return text
        namespace = GIVEN[prefix]
    return namespace + local


def local_name(name: str) -> str:
    """The name without its namespace."""
    return name.rpartition("}")[2]


def namespace_of(name: str) -> str:
    """The namespace of `{namespace}local`; empty where there is none."""
    return name[1:].partition("}")[0] if name.startswith("{") else ""


def declared(contexts: object) -> dict[str, str]:
    """Prefixes that a JSON-LD `@context` declares itself. Contexts named by address are not fetched."""
    found: dict[str, str] = {}
    for context in contexts if isinstance(contexts, list) else [contexts]:
        for prefix, meaning in context.items() if isinstance(context, dict) else ():
            whole = meaning.get("@id") if isinstance(meaning, dict) else meaning
            if isinstance(whole, str) and isinstance(prefix, str) and not prefix.startswith("@"):
                found[prefix] = whole
    return found


class Prefixes:
    """Hands out one prefix per namespace while a document is written: the one it had, unless another owns that."""

    def __init__(self, given: Iterable[tuple[str, str]] = (), *, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self.of: dict[str, str] = {}
        for prefix, namespace in given:
            self.prefix(namespace, prefix)

    def avoid(self, texts: Iterable[str | None]) -> None:
        """Keep free what stands before the colon of values that abbreviate nothing, lest they come to mean something."""
        self._taken.update(text.partition(":")[0] for text in texts if text and ":" in text)

    def prefix(self, namespace: str, wished: str = "") -> str:
        """The prefix of a namespace, found once and then kept."""
        found = self.of.get(namespace)
        if found is None:
            found = wished if wished and wished not in self._taken else self._free()
            self._taken.add(found)
            self.of[namespace] = found
        return found

    def _free(self) -> str:
        number = 1
        while f"ns{number}" in self._taken:
            number += 1
        return f"ns{number}"
