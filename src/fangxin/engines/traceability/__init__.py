"""Lots and the links between them: what a lot came from, what it went into, how much of that the records can tell.

Import from the modules; this file stays empty of imports, so that a single trace starts without the numerical libraries:
`values` (Link, Network, Trace), `closure` (trace_lot), `reading` (links from files), `inference` (mixing inside premises),
`index`, `index_build`, `index_file`, `many` (big networks in a mapped file), `sql` (the same rule in a database).
"""
