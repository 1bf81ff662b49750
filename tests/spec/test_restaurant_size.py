"""Size classes of catering units: the larger of area and seats decides (county market-supervision practice, V:web)."""

from decimal import Decimal

from fangxin.kernel.registry import api as registry

title = "餐饮服务单位的规模"


def test_the_larger_of_area_and_seats_decides(spec):
    rows = spec("""
        面积      | 餐位 | 规模
        480       | 260  | 大型
        500       | 250  | 中型
        3000      | 1000 | 大型
        3001      | 10   | 特大型
        10        | 1001 | 特大型
        150       | 75   | 小型
        150.01    | 75   | 中型
        150       | 76   | 中型
        500.01    | 1    | 大型
                  | 300  | 大型
        80        |      | 小型
        0         | 0    | 小型
    """)
    for row in rows:
        area = Decimal(row["面积"]) if row["面积"] else None
        seats = int(row["餐位"]) if row["餐位"] else None
        size = registry.restaurant_size(area, seats)
        assert registry.RestaurantSize(size).label == row["规模"], row


def test_unknown_area_and_seats_give_no_class():
    assert registry.restaurant_size(None, None) == ""
