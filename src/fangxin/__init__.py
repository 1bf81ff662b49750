"""fangxin (放心): the open platform on which a county runs its food safety."""
