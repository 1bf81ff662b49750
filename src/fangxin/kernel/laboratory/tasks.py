"""Work of sampling that comes round by itself."""

from fangxin.kernel.laboratory.services import noticing


def daily() -> int:
    """Look at what was sampled and received, and note what the rules do not allow."""
    return noticing.notice_all()
