"""A model from the bytes of a file, whatever form it has, and back."""

import zlib

from fangxin.engines.traceability.foodchain.converting import convert
from fangxin.engines.traceability.foodchain.json_files import read_json, write_json
from fangxin.engines.traceability.foodchain.sheets import read_sheets, write_sheets
from fangxin.engines.traceability.foodchain.values import Form, Model, ModelFault

MOST_BYTES = 2_000_000_000


def read_model(content: bytes) -> Model:
    """The model in a file: JSON of either form or a workbook, plain or gzipped; told by its first bytes. Raises ModelFault."""
    if content[:2] == b"\x1f\x8b":
        content = _unpack(content)
    return read_sheets(content) if content[:2] == b"PK" else read_json(content)


def write_model(model: Model, form: Form | None = None) -> bytes:
    """The model as a file in its own form or another."""
    converted = convert(model, form or model.form)
    return write_sheets(converted) if converted.form is Form.SHEETS else write_json(converted).encode()


def _unpack(content: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        data = unpacker.decompress(content, MOST_BYTES)
    except zlib.error as error:
        raise ModelFault(f"the gzip file is damaged: {error}") from None
    if unpacker.unconsumed_tail:
        raise ModelFault("the file unpacks to more than two gigabytes")
    return data
