"""From onsets to the meal and the agent: exposure window, and agents ranked by how long people took to fall ill.

Times to onset after a known meal are log-normal (Sartwell 1950). An agent's law is taken from its shortest, median and longest
time: mu = ln(median), sigma = ln(longest / shortest) / (2 * 1.96).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, log, pi, sqrt
from statistics import median

_Z = 1.96
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Agent:
    """Hours from the meal to the onset. `symptoms`: chance of each named symptom in a patient, where it is known."""

    code: str
    name: str
    shortest: float
    median: float
    longest: float
    symptoms: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 < self.shortest <= self.median <= self.longest or self.shortest == self.longest:
            raise ValueError(f"{self.code}: hours must rise from the shortest over the median to the longest")

    @property
    def sigma(self) -> float:
        return log(self.longest / self.shortest) / (2 * _Z)


@dataclass(frozen=True, slots=True)
class Ranked:
    agent: Agent
    log_likelihood: float
    share: float  # of all agents ranked, each as likely as the others before


def rank_agents(
    agents: Sequence[Agent], hours: Sequence[float], symptoms: Mapping[str, tuple[int, int]] | None = None
) -> tuple[Ranked, ...]:
    """Most likely first.

    hours      from the meal to the onset, above zero, one a patient
    symptoms   name to (patients with it, patients asked); used for agents that know its chance
    """
    if any(h <= 0 for h in hours):
        raise ValueError("a patient cannot fall ill before the meal: hours must be above zero")
    scored = [(_time(agent, hours) + _profile(agent, symptoms or {}), agent) for agent in agents]
    if not scored:
        return ()
    best = max(score for score, _agent in scored)
    total = sum(exp(score - best) for score, _agent in scored)
    found = [Ranked(agent, score, exp(score - best) / total) for score, agent in scored]
    return tuple(sorted(found, key=lambda row: (-row.share, -row.log_likelihood, row.agent.code)))


def _time(agent: Agent, hours: Sequence[float]) -> float:
    mu, sigma = log(agent.median), agent.sigma
    return sum(-log(h * sigma * sqrt(2 * pi)) - (log(h) - mu) ** 2 / (2 * sigma**2) for h in hours)


def _profile(agent: Agent, symptoms: Mapping[str, tuple[int, int]]) -> float:
    total = 0.0
    for name, (having, asked) in symptoms.items():
        chance = agent.symptoms.get(name)
        if chance is not None:
            chance = min(max(chance, 0.01), 0.99)
            total += having * log(chance) + (asked - having) * log(1 - chance)
    return total


@dataclass(frozen=True, slots=True)
class Window:
    """When a common meal may have been, if there was one."""

    first: datetime
    last: datetime
    likeliest: datetime


def exposure_window(agent: Agent, onsets: Sequence[datetime]) -> Window:
    """From the last onset less the longest time to the first onset less the shortest; likeliest at the medians.

    Where the onsets lie further apart than the agent allows, `first` comes after `last`: no single meal explains them.
    """
    if not onsets:
        raise ValueError("there are no onsets")
    middle = datetime.fromtimestamp(median(at.timestamp() for at in onsets), tz=onsets[0].tzinfo)
    return Window(
        max(onsets) - agent.longest * _HOUR, min(onsets) - agent.shortest * _HOUR, middle - agent.median * _HOUR
    )
