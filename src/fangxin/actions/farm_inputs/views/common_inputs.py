"""What the views of amounts and packages share."""

from fangxin.kernel.screens.pages import Request

FIRST_YEAR = 2015


def asked_year(request: Request, today_year: int) -> int:
    """The year named in the address, if it is one that can be asked for."""
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= today_year else today_year
