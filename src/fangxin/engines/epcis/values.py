"""The events of EPCIS 2.0 as frozen values, the same whether they came as JSON-LD or as XML.

Standard vocabulary (business step, disposition, types) is held as full URI (`https://ref.gs1.org/cbv/BizStep-shipping`),
identifiers and times as they were written: `identifiers.canonical` and `Event.at` give their comparable forms.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from fangxin.engines.epcis.errors import EpcisError

Scalar = str | int | float | bool | None


class EventKind(StrEnum):
    """The five event types, by the name they have in both formats."""

    OBJECT = "ObjectEvent"
    AGGREGATION = "AggregationEvent"
    TRANSACTION = "TransactionEvent"
    TRANSFORMATION = "TransformationEvent"
    ASSOCIATION = "AssociationEvent"


class Action(StrEnum):
    """What an event says of its objects' life, or of their bond to parent or transaction."""

    ADD = "ADD"
    OBSERVE = "OBSERVE"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class Extension:
    """A field that the standard does not define, kept as it came.

    `name` is `{namespace}local`, or the bare name where there is no namespace; `value` is None where there is no text.
    `attributes` exist in XML only. `listed` remembers that JSON had an array, `prefix` how the namespace was called,
    `whole` the URI that `value` abbreviates, where its prefix is declared.
    """

    name: str
    value: Scalar = None
    children: tuple["Extension", ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    listed: bool = field(default=False, compare=False)
    prefix: str = field(default="", compare=False)
    whole: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of a class: of the unit `uom` (UN/CEFACT code), or pieces where `uom` is None. None: not stated."""

    epc_class: str
    quantity: Decimal | None = None
    uom: str | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """A business transaction, source or destination: an identifier and what it is to the event."""

    id: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A read point or business location."""

    id: str
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class PersistentDisposition:
    """Conditions that last beyond the event: newly true, no longer true."""

    set: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ErrorDeclaration:
    """Says that an earlier event, alike in all else, was wrong."""

    declaration_time: str
    reason: str | None = None
    corrective_event_ids: tuple[str, ...] = ()
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class SensorMetadata:
    """What holds for all reports of one sensor element."""

    time: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    device_id: str | None = None
    device_metadata: str | None = None
    raw_data: str | None = None
    data_processing_method: str | None = None
    biz_rules: str | None = None
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class SensorReport:
    """One reading; `uom` is the unit of `value`, `min_value`, `max_value`, `mean_value`, `s_dev` and `perc_value`."""

    type: str | None = None
    exception: str | None = None
    device_id: str | None = None
    device_metadata: str | None = None
    raw_data: str | None = None
    data_processing_method: str | None = None
    biz_rules: str | None = None
    time: str | None = None
    microorganism: str | None = None
    chemical_substance: str | None = None
    value: Decimal | None = None
    component: str | None = None
    string_value: str | None = None
    boolean_value: bool | None = None
    hex_binary_value: str | None = None
    uri_value: str | None = None
    min_value: Decimal | None = None
    max_value: Decimal | None = None
    mean_value: Decimal | None = None
    s_dev: Decimal | None = None
    perc_rank: Decimal | None = None
    perc_value: Decimal | None = None
    uom: str | None = None
    coordinate_reference_system: str | None = None
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class SensorElement:
    """Readings taken together."""

    metadata: SensorMetadata | None = None
    reports: tuple[SensorReport, ...] = ()
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One event of any of the five types; fields that its type does not have are empty.

    `ilmd` is the master data of the instance or lot that the event brings into being.
    """

    kind: EventKind
    event_time: str
    event_time_zone_offset: str = ""
    record_time: str | None = None
    event_id: str | None = None
    error_declaration: ErrorDeclaration | None = None
    certification_info: tuple[str, ...] = ()
    parent_id: str | None = None
    epcs: tuple[str, ...] = ()
    child_epcs: tuple[str, ...] = ()
    input_epcs: tuple[str, ...] = ()
    output_epcs: tuple[str, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    child_quantities: tuple[Quantity, ...] = ()
    input_quantities: tuple[Quantity, ...] = ()
    output_quantities: tuple[Quantity, ...] = ()
    transformation_id: str | None = None
    action: Action | None = None
    biz_step: str | None = None
    disposition: str | None = None
    persistent_disposition: PersistentDisposition | None = None
    read_point: Place | None = None
    biz_location: Place | None = None
    biz_transactions: tuple[Typed, ...] = ()
    sources: tuple[Typed, ...] = ()
    destinations: tuple[Typed, ...] = ()
    sensor_elements: tuple[SensorElement, ...] = ()
    ilmd: tuple[Extension, ...] = ()
    extensions: tuple[Extension, ...] = ()

    @property
    def at(self) -> datetime:
        """When it happened, with its zone.

        Raises EpcisError where `event_time` is not a date and time with a zone.

        >>> Event(EventKind.OBJECT, "2023-03-15T09:00:00+08:00").at.isoformat()
        '2023-03-15T09:00:00+08:00'
        """
        return instant(self.event_time)

    def words(self) -> list[str | None]:
        """All values from vocabularies, standard or not: where documents abbreviate URIs."""
        listed = [*self.biz_transactions, *self.sources, *self.destinations]
        found = [self.biz_step, self.disposition, *(each.type for each in listed)]
        for element in self.sensor_elements:
            for report in element.reports:
                found += [report.type, report.exception, report.component]
        return found


def instant(text: str) -> datetime:
    """A time of the standard's form as a datetime with zone, cut to microseconds.

    Raises EpcisError where it is none.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise EpcisError(f"{text!r} is not a date and time") from error
    if found.tzinfo is None:
        raise EpcisError(f"{text!r} has no time zone")
    return found


@dataclass(frozen=True, slots=True)
class Head:
    """What a document says beside its events.

    `root` is EPCISDocument, EPCISQueryDocument or the type of a bare event. `namespaces` maps prefixes to namespaces as
    declared. `ignored` are the extension names that a query result asks to leave out of the hash, `ignored_under` the
    name under which it does. `master_data` is the vocabulary list of the header in the form it has in JSON.
    """

    root: str = "EPCISDocument"
    schema_version: str = "2.0"
    creation_date: str = ""
    namespaces: tuple[tuple[str, str], ...] = ()
    query_name: str | None = None
    subscription_id: str | None = None
    ignored: frozenset[str] = frozenset()
    ignored_under: str = ""
    id: str | None = None
    master_data: tuple[dict[str, object], ...] = ()
