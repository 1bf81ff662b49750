"""What others may ask of risk monitoring."""

from fangxin.actions.monitoring.publishing import kind_label
from fangxin.actions.monitoring.selectors import public_messages

__all__ = ["kind_label", "public_messages"]
