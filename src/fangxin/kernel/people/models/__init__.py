from fangxin.kernel.people.models.agencies import Agency, AgencyName, Post
from fangxin.kernel.people.models.divisions import Division
from fangxin.kernel.people.models.users import User

__all__ = ["Agency", "AgencyName", "Division", "Post", "User"]
