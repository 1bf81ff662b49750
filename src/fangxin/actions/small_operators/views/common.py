"""What the views of this action share."""

from fangxin.kernel.people import lists
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request


class Listing(ListScreen):
    request: Request


class AreaFilter(lists.AreaFilter):
    ability = "small.view"
