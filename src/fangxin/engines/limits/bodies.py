"""Animals and tissues as sheets call them, and as the tables do."""

# The only tissue that is eaten of an animal.
ONLY_TISSUES = {"鱼": "皮+肉", "虾": "肌肉", "蜜蜂": "蜂蜜"}
_TISSUES = {
    "肉": "肌肉", "瘦肉": "肌肉", "肌肉组织": "肌肉", "muscle": "肌肉", "肝脏": "肝", "liver": "肝", "肾脏": "肾", "kidney": "肾",
    "乳": "奶", "牛奶": "奶", "milk": "奶", "鸡蛋": "蛋", "禽蛋": "蛋", "egg": "蛋", "eggs": "蛋", "fat": "脂肪", "皮+脂肪": "皮+脂",
    "皮脂": "皮+脂", "skin+fat": "皮+脂", "skin and fat": "皮+脂", "肌肉+皮": "皮+肉", "肉+皮": "皮+肉", "皮肉": "皮+肉",
    "muscle+skin": "皮+肉", "muscle and skin": "皮+肉", "honey": "蜂蜜", "可食用组织": "可食组织", "edible": "可食组织",
    "皮＋肉": "皮+肉", "皮＋脂": "皮+脂",
}  # fmt: skip
_ANIMALS = {
    "pig": "猪", "swine": "猪", "cattle": "牛", "sheep": "羊", "goat": "羊", "chicken": "鸡", "poultry": "家禽", "duck": "鸭",
    "fish": "鱼", "shrimp": "虾", "bee": "蜜蜂", "honeybee": "蜜蜂", "goose": "鹅", "rabbit": "兔", "horse": "马", "鱼类": "鱼",
    "虾类": "虾", "禽": "家禽", "laying hen": "鸡",
}  # fmt: skip


def tissue_name(told: str | None) -> str:
    """The tissue as the tables call it: 肝脏, liver → 肝."""
    text = (told or "").strip().lower()
    return _TISSUES.get(text, text)


def animal_name(told: str) -> str:
    """The animal as the tables call it: pig → 猪."""
    return _ANIMALS.get(told.lower(), told)
