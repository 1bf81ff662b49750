"""The scan itself."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from fangxin.engines.outbreak.scan.expected import (
    Strata,
    check_cases_expected,
    permutation_expected,
    poisson_expected,
    without_trend,
)
from fangxin.engines.outbreak.scan.intervals import Numbers, days_of, edges_of, interval_numbers, windows_of
from fangxin.engines.outbreak.scan.kernels import Search
from fangxin.engines.outbreak.scan.replicates import compare, drawing, p_values
from fangxin.engines.outbreak.scan.selection import Found, found_in, select
from fangxin.engines.outbreak.scan.values import (
    Analysis,
    Cluster,
    Count,
    Expected,
    Fault,
    Model,
    Place,
    Population,
    ScanRefused,
    Settings,
    Trend,
)
from fangxin.engines.outbreak.scan.zones import Sites, circles_of, sites_of

# Without replicates nothing tells which clusters say something.
MOST_WITHOUT_REPLICATES = 10
# What a table of numbers may take: about a gigabyte. Every case of a permutation is dealt by itself.
MOST_CELLS = 100_000_000
MOST_CASES = 50_000_000
MOST_PEOPLE = 10**15
# More cannot be drawn from exactly.
MOST_CONTROLS = 999_999_999


def scan(
    cases: Sequence[Count],
    places: Sequence[Place],
    *,
    model: Model,
    start: date,
    end: date,
    seed: int,
    settings: Settings | None = None,
    population: Sequence[Population] = (),
    controls: Sequence[Count] = (),
    expected: Sequence[Expected] = (),
) -> tuple[Cluster, ...]:
    """Clusters of cases, the most likely first; empty when no window has more (or fewer) cases than expected.

    The order of the rows says nothing; the same seed gives the same p values. Raises ScanRefused.

    >>> places = [Place(id, (34.0, longitude)) for id, longitude in zip("abcd", (111.0, 111.1, 111.4, 111.9))]
    >>> spring = [Count(place.id, 1, date(2024, 5, day)) for place in places for day in range(2, 14)]
    >>> best, *_ = scan([*spring, Count("b", 5, date(2024, 5, 14))], places, model=Model.PERMUTATION,
    ...                 start=date(2024, 5, 1), end=date(2024, 5, 14), seed=1)
    >>> best.places, best.start.isoformat(), best.observed, round(best.expected, 2), best.p_value
    (('b',), '2024-05-14', 5, 1.6, 0.009)
    """
    settings = settings or Settings()
    _check_settings(settings, model)
    study = _study_of(cases, places, start, end, settings)
    exposed = _exposed(study, cases, model, settings, population, controls, expected)
    search = Search(
        circles_of(study.sites, exposed.sum(axis=1), most_share=settings.most_share, most_radius=settings.most_radius),
        windows_of(study.edges, settings),
        exposed,
        model=model,
        rates=settings.rates,
        least_cases=settings.least_cases,
        cases=study.cases,
        entire=settings.also_temporal and settings.analysis is not Analysis.SPATIAL,
        over=settings.also_spatial and settings.analysis is not Analysis.SPATIAL,
    )
    found = select(
        found_in(search.best_of_each(study.counts), search.circles, study.sites), study.sites, settings.overlap
    )
    return _told(found, study, search, settings, seed) if found else ()


@dataclass(frozen=True, slots=True)
class _Study:
    """The data as tables: sites x intervals, for each stratum."""

    sites: Sites
    edges: tuple[date, ...]
    by_stratum: Mapping[Strata, Numbers]

    @property
    def counts(self) -> Numbers:
        return np.asarray(sum(self.by_stratum.values()))

    @property
    def cases(self) -> int:
        return int(self.counts.sum())


def _check_settings(settings: Settings, model: Model) -> None:
    spatial = settings.analysis is Analysis.SPATIAL
    radius, longest, share = settings.most_radius, settings.longest, settings.most_share
    checks = (
        (0 < share <= 1, "the largest circle must hold a share of more than 0 and at most 1 of those at risk"),
        (radius is None or radius > 0, "the largest radius must be more than 0"),
        (settings.length >= 1, "an interval must be at least one unit long"),
        (settings.shortest >= 1, "the shortest window must be at least one unit long"),
        (longest is None or longest >= 1, "the longest window must be at least one unit long"),
        (0 < settings.longest_share <= 1, "the longest window must be a share of more than 0 and at most 1 of the period"),
        (settings.replicates >= 0, "the number of replicates must not be negative"),
        (settings.least_cases >= 1, "a cluster must have at least one case"),
        (settings.trend_percent > -100, "the yearly trend must lie above -100 %"),
        (
            model is not Model.PERMUTATION or not (spatial or settings.also_spatial or settings.also_temporal),
            "permutation compares places over time; it has no purely spatial and no purely temporal windows",
        ),
        (
            model is Model.POISSON or settings.trend is Trend.NONE,
            "a time trend is taken out with the Poisson model only",
        ),
    )  # fmt: skip
    for fine, text in checks:
        if not fine:
            raise ScanRefused(Fault.SETTING, text)


def _study_of(cases: Sequence[Count], places: Sequence[Place], start: date, end: date, settings: Settings) -> _Study:
    sites = sites_of(places, cartesian=settings.cartesian)
    edges = edges_of(start, end, unit=settings.unit, length=settings.length)
    if settings.analysis is Analysis.SPATIAL:
        edges = edges[0], edges[-1]
    if sites.count * len(edges) > MOST_CELLS:
        raise ScanRefused(
            Fault.TOO_MUCH, f"{sites.count:,} places x {len(edges) - 1:,} intervals are too many; take longer intervals"
        )
    by_stratum = {
        strata: _table(rows, sites, edges, settings, "cases")
        for strata, rows in sorted(_grouped(cases).items(), key=lambda item: item[0])
    }
    study = _Study(sites, edges, {strata: table for strata, table in by_stratum.items() if table.sum()})
    if not study.by_stratum:
        raise ScanRefused(Fault.NO_CASES, "there are no cases", table="cases")
    if study.cases > MOST_CASES:
        raise ScanRefused(Fault.TOO_MUCH, f"{study.cases:,} cases are more than {MOST_CASES:,}", table="cases")
    return study


def _grouped(rows: Sequence[Count]) -> dict[Strata, list[tuple[int, Count]]]:
    groups: dict[Strata, list[tuple[int, Count]]] = {}
    for number, row in enumerate(rows):
        groups.setdefault(row.strata, []).append((number, row))
    return groups


def _table(
    rows: Iterable[tuple[int, Count]], sites: Sites, edges: tuple[date, ...], settings: Settings, name: str
) -> Numbers:
    """Counts of sites x intervals. Every row is checked."""
    site_of = sites.number_of()
    summed: Counter[tuple[int, date]] = Counter()
    for number, row in rows:
        _check_place(row.place, site_of, name, number)
        if row.count < 0:
            raise ScanRefused(Fault.NEGATIVE, f"{row.place} has the negative count {row.count}", table=name, row=number)
        if row.count > MOST_CASES:
            raise ScanRefused(Fault.TOO_MUCH, f"{row.count:,} is more than {MOST_CASES:,}", table=name, row=number)
        summed[site_of[row.place], _day(row.on, edges, settings, name, number)] += row.count
    table = np.zeros((sites.count, len(edges) - 1), dtype=np.int64)
    places, days = [key[0] for key in summed], [key[1] for key in summed]
    np.add.at(table, (np.array(places, dtype=np.int64), interval_numbers(days, edges)), list(summed.values()))
    return table


def _check_place(place: str, site_of: Mapping[str, int], name: str, number: int) -> None:
    if place not in site_of:
        raise ScanRefused(Fault.UNKNOWN_PLACE, f"the place {place} has no coordinates", table=name, row=number)


def _day(on: date | None, edges: tuple[date, ...], settings: Settings, name: str, number: int) -> date:
    if on is None:
        if settings.analysis is not Analysis.SPATIAL:
            raise ScanRefused(Fault.NO_DATE, "an analysis in time needs a date in every row", table=name, row=number)
        return edges[0]
    if not edges[0] <= on < edges[-1]:
        last = edges[-1] - timedelta(days=1)
        raise ScanRefused(
            Fault.OUTSIDE_PERIOD, f"{on} lies outside the period {edges[0]} to {last}", table=name, row=number
        )
    return on


def _exposed(
    study: _Study,
    cases: Sequence[Count],
    model: Model,
    settings: Settings,
    population: Sequence[Population],
    controls: Sequence[Count],
    expected: Sequence[Expected],
) -> Numbers:
    if model is Model.PERMUTATION:
        return permutation_expected(list(study.by_stratum.values()))
    if model is Model.BERNOULLI:
        return _people(study, settings, controls)
    if model is Model.EXPECTATION:
        made = _given(study, settings, expected)
    else:
        made = _poisson(study, cases, population)
        made = without_trend(made, study.counts, settings)
    check_cases_expected(study.counts, made, study.sites.ids, study.edges)
    # The statistic compares with all cases; rounding must not make the whole area look unusual.
    return made if model is Model.EXPECTATION else made * (study.cases / made.sum())


def _people(study: _Study, settings: Settings, controls: Sequence[Count]) -> Numbers:
    if any(strata for strata in study.by_stratum):
        raise ScanRefused(Fault.SETTING, "the Bernoulli model has no covariates", table="cases")
    table = _table(enumerate(controls), study.sites, study.edges, settings, "controls")
    if not table.sum():
        raise ScanRefused(Fault.NO_CONTROLS, "the Bernoulli model needs controls", table="controls")
    people = table + study.counts
    if people.sum() > MOST_CONTROLS:
        raise ScanRefused(
            Fault.TOO_MUCH, f"{people.sum():,} cases and controls are more than {MOST_CONTROLS:,}", table="controls"
        )
    return people.astype(float)


def _given(study: _Study, settings: Settings, expected: Sequence[Expected]) -> Numbers:
    site_of = study.sites.number_of()
    table = np.zeros(study.counts.shape)
    for number, row in enumerate(expected):
        _check_place(row.place, site_of, "expected", number)
        if not 0 <= row.cases <= MOST_CASES:
            raise ScanRefused(Fault.NEGATIVE, f"{row.place} expects {row.cases} cases", table="expected", row=number)
        day = _day(row.on, study.edges, settings, "expected", number)
        table[site_of[row.place], interval_numbers([day], study.edges)[0]] += row.cases
    if not table.sum():
        raise ScanRefused(Fault.NO_EXPECTED, "this model needs expected cases", table="expected")
    return table


def _poisson(study: _Study, cases: Sequence[Count], population: Sequence[Population]) -> Numbers:
    site_of = study.sites.number_of()
    if not population:
        raise ScanRefused(Fault.NO_POPULATION, "the Poisson model needs a population", table="population")
    for number, row in enumerate(population):
        _check_place(row.place, site_of, "population", number)
        if not 0 <= row.people <= MOST_PEOPLE:
            raise ScanRefused(
                Fault.NEGATIVE, f"{row.place} has the population {row.people}", table="population", row=number
            )
    known = {row.strata for row in population}
    for number, case in enumerate(cases):
        if case.strata not in known and case.count:
            told = " ".join(case.strata) or "none"
            raise ScanRefused(
                Fault.UNKNOWN_STRATUM,
                f"no population has the covariates of the case: {told}",
                table="cases",
                row=number,
            )
    cases_of = {strata: int(table.sum()) for strata, table in study.by_stratum.items()}
    return poisson_expected(population, cases_of, site_of, study.edges)


def _told(found: Sequence[Found], study: _Study, search: Search, settings: Settings, seed: int) -> tuple[Cluster, ...]:
    """With p values. A less likely cluster that no replicate fell below says nothing and is left out, as SaTScan does, unless
    the run stopped early: then too few were run to tell."""
    observed = [one.ratio for one in found]
    draw = drawing(search.model, search.exposed, list(study.by_stratum.values()))
    compared = compare(observed, search.best_of_all, draw, settings, seed)
    run = len(compared.best)
    values = p_values(observed, compared, settings)
    told = [
        _cluster(one, study, search, settings, value, run)
        for number, (one, value, at_least) in enumerate(zip(found, values, compared.at_least, strict=True))
        if number == 0 or at_least < run or compared.stopped or not run
    ]
    return tuple(told if run else told[:MOST_WITHOUT_REPLICATES])


def _cluster(one: Found, study: _Study, search: Search, settings: Settings, p_value: float | None, run: int) -> Cluster:
    sites = study.sites
    rate = study.cases / search.exposed.sum() if search.model is Model.BERNOULLI else 1.0
    recurrence = None
    if p_value and settings.analysis is Analysis.PROSPECTIVE:
        recurrence = max(1.0, days_of(settings.unit, settings.length) / p_value)
    return Cluster(
        places=tuple(place for site in one.sites for place in sites.ids[site]),
        centre=None if one.centre is None else sites.ids[one.centre][0],
        at=None if one.centre is None else sites.at[one.centre],
        radius=None if one.centre is None else one.radius,
        start=study.edges[one.since],
        end=study.edges[one.until] - timedelta(days=1),
        statistic=one.ratio,
        observed=one.cases,
        expected=float(one.exposed * rate),
        high=bool(one.cases > one.exposed * rate),
        p_value=p_value,
        recurrence_days=recurrence,
        replicates=run,
    )
