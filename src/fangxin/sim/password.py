"""The one password of all invented accounts. It is printed and known to everybody; real accounts never get it."""

PASSWORD = "Fangxin-2024"  # noqa: S105
