"""Tables of links as columns of text, by Polars: Parquet, and text files too big for one row at a time."""

from pathlib import Path
from typing import IO

import polars as pl
import polars.selectors as cs

from fangxin.engines.traceability.reading import HEADERS, Unreadable, clean_cell

_CLOCK_NAME = "Asia/Shanghai"


def parquet_frame(source: Path | IO[bytes]) -> pl.DataFrame:
    """The known columns as text, empty where there is nothing. Raises Unreadable.

    A time stamp with a zone becomes the platform's clock, one without is taken as it stands.
    """
    try:
        names = pl.read_parquet_schema(source)
        frame = pl.read_parquet(source, columns=[name for name in names if clean_cell(name).lower() in HEADERS])
        zoned = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime) and kind.time_zone]
        frame = frame.with_columns(pl.col(zoned).dt.convert_time_zone(_CLOCK_NAME).dt.replace_time_zone(None))
        return frame.select(cs.all().cast(pl.String).fill_null(""))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Unreadable(f"the Parquet file cannot be read: {error}") from error


def csv_frame(source: Path | bytes, *, separator: str) -> pl.DataFrame:
    """All columns as text. The source is UTF-8. Raises Unreadable."""
    try:
        return pl.read_csv(source, separator=separator, infer_schema=False, truncate_ragged_lines=True)
    except pl.exceptions.PolarsError as error:
        raise Unreadable(f"the table cannot be read: {error}") from error
