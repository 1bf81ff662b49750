"""What the views of this action share."""

from fangxin.kernel.people import lists


class AreaFilter(lists.AreaFilter):
    ability = "origin.view"
