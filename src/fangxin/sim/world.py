"""One seed, one county: everything that will be loaded and lived, as frozen values."""

from collections.abc import Sequence
from hashlib import sha256

from fangxin.engines.places import Place
from fangxin.sim.cast import make_cast
from fangxin.sim.matters import make_stories
from fangxin.sim.places import settle
from fangxin.sim.register import make_register
from fangxin.sim.surveys import make_surveys
from fangxin.sim.values import World


def make_world(places: Sequence[Place], *, seed: int, scale: float = 1) -> World:
    """The county of a list of divisions as the seed makes it; a scale below 1 makes fewer premises and matters."""
    land = settle(places, seed=str(seed), scale=scale)
    register = make_register(land, seed=str(seed), scale=min(1, scale))
    surveys, census_faults = make_surveys(register, seed=str(seed), scale=scale)
    agencies, people = make_cast(land, register, seed=str(seed))
    stories, matter_faults = make_stories(register, land, seed=str(seed), scale=scale)
    return World(
        seed=seed,
        scale=scale,
        land=land,
        agencies=agencies,
        people=people,
        register=register,
        surveys=surveys,
        stories=stories,
        faults=(*register.faults, *census_faults, *matter_faults),
    )


def digest(world: World) -> str:
    """The same seed gives the same digest on every machine."""
    return sha256(repr(world).encode()).hexdigest()
