"""The tables as shipped and a small set of invented ones, for the tests of limits."""

from functools import cache
from pathlib import Path

from fangxin.engines.limits import Judge, Measured, Tables, Verdict, read_tables

FOLDER = Path(__file__).parents[3] / "standards" / "limits"


@cache
def shipped_files():
    return {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in (".toml", ".csv")}


@cache
def shipped_tables() -> Tables:
    return read_tables(shipped_files())


@cache
def shipped_judge() -> Judge:
    return Judge(shipped_tables())


def judged(**fields) -> Verdict:
    """One row judged by the shipped tables, in mg/kg in the autumn of 2023 unless told otherwise."""
    return shipped_judge().judge(Measured(**{"unit": "mg/kg", "sampled_on": "2023-09-05", **fields}))


HEAD = """
id = "{id}"
name = "invented"
standard = "{standard}"
edition = "{edition}"
kind = "{kind}"
in_force_from = {start}
{more}
source = "invented"
confidence = "V"
entered_by = "tests"
checked_by = "tests"
table = "{table}"
"""


def head(name, *, kind, table, start="2020-01-01", standard="T 1", edition="1", more=""):
    text = HEAD.format(id=name, kind=kind, table=table, start=start, standard=standard, edition=edition, more=more)
    return {f"{name}.toml": text.encode()}


FOODS = b"""name,parents,synonyms,processed,animal,tissue,fresh_moisture
crop,,,,,,
leaf,crop,,,,,
spinach,leaf,,,,,
root,crop,,,,,
flour,,,yes,,,
"""
ANALYTES = b"""name,family,synonyms,components,function,alone
lead,element,Pb,,,
chlor,pesticide,,,,
"""
LIMITS = "analyte,food,limit,unit,confidence\n"


def invented(limits=LIMITS + "lead,crop,0.1,mg/kg,V\n", **more):
    """A small set of files with one table of contaminants."""
    files = head("foods", kind="foods", table="foods.csv") | head("analytes", kind="analytes", table="analytes.csv")
    files |= head("t1", kind="contaminant", table="t1.csv")
    files |= {"foods.csv": FOODS, "analytes.csv": ANALYTES, "t1.csv": limits.encode()}
    return files | more
