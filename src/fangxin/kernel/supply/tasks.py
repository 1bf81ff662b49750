"""Work of supply that comes round by itself."""

from fangxin.kernel.supply.services import deriving, impossible


def derive() -> int:
    """Links of events that were captured and not yet derived: large batches, and what a crash left."""
    return deriving.derive_waiting()


def tell_impossible() -> int:
    """Goods that cannot be, among the lots of the last weeks."""
    return impossible.tell_impossible()
