"""EPCIS events: `fangxin bench epcis [--events 20000] [--peers 20000]`.

One generated JSON-LD document (70 % ObjectEvent, 30 % TransformationEvent, every identifier its own). The event hash
beside the public Python generator (epcis-event-hash-generator), whose values must be the same; validation beside PyPI
`jsonschema` with the same schema; conversion both ways. The slow peers may be given fewer events by `--peers`. Everything is
timed in one run, from bytes, in processor seconds of one core (nothing here waits); ends with 1 when a value differs.
"""

import argparse
import json
import logging
import random
import sys
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import jsonschema
from epcis_event_hash_generator import hash_generator, json_to_py

from benchmarks.tables import print_table
from fangxin.engines.epcis import convert, event_hash, open_document, read_document, validate
from fangxin.engines.epcis.building import kind_of
from fangxin.engines.epcis.schema import event_schema

SEED = 7


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--peers", type=int, default=20_000)
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    data = json.dumps(make_document(args.events)).encode()
    few = json.dumps(make_document(args.peers)).encode()
    rows: list[tuple[str, int, float]] = []

    def timed(name: str, number: int, work: Callable[[], Any]) -> Any:
        began = time.process_time()
        found = work()
        rows.append((name, number, time.process_time() - began))
        return found

    ours = timed("hash, fangxin", args.events, lambda: hashes(data))
    theirs = timed("hash, epcis-event-hash-generator", args.peers, lambda: generator_hashes(few))
    faults = timed("validate, fangxin (schema and rules)", args.events, lambda: validate(data))
    refused = timed("validate, jsonschema (same schema only)", args.peers, lambda: peer_faults(few))
    xml = timed("convert JSON-LD to XML", args.events, lambda: converted(data, "xml"))
    again = timed("convert XML to JSON-LD", args.events, lambda: converted(xml, "json"))
    rates = {name: number / seconds for name, number, seconds in rows}
    print_table(
        f"EPCIS: {args.events} events, {len(data) / 1e6:.1f} MB of JSON-LD, {len(xml) / 1e6:.1f} MB of XML",
        ("work", "events", "seconds", "events/s"),
        [(name, number, f"{seconds:.2f}", f"{number / seconds:,.0f}") for name, number, seconds in rows],
    )
    hashing = rates["hash, fangxin"] / rates["hash, epcis-event-hash-generator"]
    validating = rates["validate, fangxin (schema and rules)"] / rates["validate, jsonschema (same schema only)"]
    print(f"\nhash {hashing:.0f} times the generator, validation {validating:.0f} times jsonschema")
    same = theirs == hashes(few) and hashes(again) == ours and not faults and not refused
    print("all values are the same" if same else "VALUES DIFFER")
    return 0 if same else 1


def hashes(data: bytes) -> list[str]:
    return [event_hash(event) for event in read_document(data)]


def generator_hashes(data: bytes) -> list[str]:
    found: list[str] = hash_generator.epcis_hashes_from_events(json_to_py.event_list_from_epcis_document_str(data))
    return found


def peer_faults(data: bytes) -> int:
    validators = {}
    faults = 0
    for event in json.loads(data)["epcisBody"]["eventList"]:
        kind = kind_of(event)
        if kind not in validators:
            validators[kind] = jsonschema.Draft7Validator(event_schema(kind))
        faults += not validators[kind].is_valid(event)
    return faults


def converted(data: bytes, to: str) -> bytes:
    out = BytesIO()
    convert(data, out, to=to)
    assert open_document(out.getvalue()).form == to
    return out.getvalue()


def make_document(number: int) -> dict[str, Any]:
    rng = random.Random(SEED)
    return {
        "@context": [
            "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            {"example": "https://ns.example.com/epcis/"},
        ],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2023-03-15T09:00:00Z",
        "epcisBody": {"eventList": [make_event(rng) for _ in range(number)]},
    }


def make_event(rng: random.Random) -> dict[str, Any]:
    day = f"2023-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    event: dict[str, Any] = {
        "eventTime": f"{day}T{rng.randrange(24):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}.5+08:00",
        "eventTimeZoneOffset": "+08:00",
        "eventID": f"urn:uuid:{rng.getrandbits(128):032x}",
        "bizStep": rng.choice(["shipping", "receiving", "commissioning", "packing"]),
        "disposition": rng.choice(["in_transit", "active", "in_progress"]),
        "readPoint": {"id": f"urn:epc:id:sgln:4012345.{rng.randrange(10**5):05d}.{rng.randrange(50)}"},
        "bizLocation": {"id": f"https://id.gs1.org/414/4012345{rng.randrange(10**6):06d}"},
        "example:batch": f"B{rng.randrange(10**5)}",
    }
    if rng.random() < 0.7:
        order = {"type": "po", "bizTransaction": f"urn:epcglobal:cbv:bt:4012345000009:{rng.randrange(10**6)}"}
        return event | {
            "type": "ObjectEvent",
            "action": "OBSERVE",
            "epcList": [_epc(rng) for _ in range(rng.randint(1, 5))],
            "quantityList": [_quantity(rng)],
            "bizTransactionList": [order],
        }
    return event | {
        "type": "TransformationEvent",
        "inputQuantityList": [_quantity(rng) for _ in range(rng.randint(1, 4))],
        "outputEPCList": [_epc(rng)],
        "outputQuantityList": [_quantity(rng)],
        "ilmd": {"example:lot": f"L{rng.randrange(10**6)}"},
    }


def _epc(rng: random.Random) -> str:
    return f"urn:epc:id:sgtin:4012345.{rng.randrange(10**6):06d}.{rng.randrange(10**12)}"


def _quantity(rng: random.Random) -> dict[str, Any]:
    epc_class = f"urn:epc:class:lgtin:4012345.{rng.randrange(10**6):06d}.L{rng.randrange(10**6)}"
    return {"epcClass": epc_class, "quantity": round(rng.uniform(1, 500), 2), "uom": "KGM"}


if __name__ == "__main__":
    sys.exit(main())
