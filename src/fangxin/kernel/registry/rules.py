"""Facts carried to rules and back: numbers with check characters, terms of credentials, size of a restaurant."""

import secrets
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxin.engines.deadlines import add_months
from fangxin.engines.identifiers import (
    Checked,
    Problem,
    check_business_licence,
    check_credit_code,
    check_production_licence,
)

code_validator = RegexValidator(r"\A(\d{6}|\d{9}|\d{12})\Z", _("区划代码应为 6、9 或 12 位数字。"))
parcel_place_validator = RegexValidator(r"\A(\d{9}|\d{12})\Z", _("请选择乡镇（街道）或者村（社区）。"))

PROBLEMS = {
    Problem.EMPTY: _("没有填写。"),
    Problem.PREFIX: _("开头的字母不对：食品生产许可证以 SC 开头，食品经营许可证以 JY 开头。"),
    Problem.LENGTH: _("位数不对，请对照原件补齐。"),
    Problem.CHARACTER: _("含有这种编号里不会出现的字符，常见的是把 0 写成 O、把 1 写成 I。"),
    Problem.KIND: _("类别位不对，请对照原件。"),
    Problem.DIVISION: _("其中的行政区划不存在，请对照原件。"),
    Problem.CHECK_CHARACTER: _("校验位不符，多半有一位抄错，请对照原件逐位核对。"),
    Problem.EMBEDDED_CODE: _("其中的组织机构代码校验位不符，请对照原件逐位核对。"),
    Problem.SHAPE: _("格式不对，请核对。"),
}

SHAPE_PROBLEMS = {
    "not_json": _("文件不是有效的 GeoJSON 文字，可能没有存完整。请从制图软件重新导出。"),
    "not_geojson": _("不是 GeoJSON。请导出为 FeatureCollection，坐标用 WGS-84。"),
    "too_many_shapes": _("图形太多，一次最多 5000 个。请按乡镇拆成几个文件。"),
    "no_shapes": _("文件里没有图形。"),
    "kind": _("只收点、面和多面（Point、Polygon、MultiPolygon）。"),
    "position": _("坐标应为两个数：经度、纬度。"),
    "range": _("经纬度超出范围，可能是用了平面坐标，或者经纬度写反了。请导出为 WGS-84 经纬度。"),
    "too_many_vertices": _("边界点太多。请在制图软件中简化边界后再导出。"),
    "ring_open": _("边界没有闭合：最后一点应与第一点相同。"),
    "ring_short": _("边界至少要有三个不同的点。"),
    "ring_crosses": _("边界线自己相交了，请检查点的先后次序。"),
    "ring_empty": _("边界是空的。"),
}


class RestaurantSize(models.TextChoices):
    EXTRA_LARGE = "extra_large", _("特大型")
    LARGE = "large", _("大型")
    MEDIUM = "medium", _("中型")
    SMALL = "small", _("小型")


SIZED_KINDS = frozenset({"restaurant", "canteen", "school_canteen"})


def new_token() -> str:
    """For the QR code of a credential: 128 random bits, so that nobody comes upon one by counting."""
    return secrets.token_urlsafe(16)


def column(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    """A model's own column by name."""
    return next(field for field in model._meta.fields if field.name == name)


def require_credit_code(text: str) -> None:
    found = check_credit_code(text)
    if found.problem is not None:
        raise ValidationError(_("统一社会信用代码有误：%(why)s") % {"why": PROBLEMS[found.problem]})


def check_licence_number(kind: str, number: str) -> Checked | None:
    """Licences carry a check digit; registrations and filings are numbered as each county likes."""
    check = {"production_licence": check_production_licence, "business_licence": check_business_licence}.get(kind)
    return check(number) if check else None


def require_licence_number(kind: str, number: str, *, seen_on_paper: bool) -> str:
    """The number in plain form. Some licences were printed with a wrong check digit, so the paper may overrule it."""
    found = check_licence_number(kind, number)
    if found is None:
        return number.strip()
    if found.problem is Problem.CHECK_CHARACTER and seen_on_paper:
        return found.normalized
    if found.problem is not None:
        advice = _("如原件就是这样印的，请勾选“编号已与原件核对”。") if found.problem is Problem.CHECK_CHARACTER else ""
        text = _("证件编号有误：%(why)s%(advice)s") % {"why": PROBLEMS[found.problem], "advice": advice}
        raise ValidationError({"number": text})
    return found.normalized


@cache
def _standard(name: str) -> dict[str, Any]:
    return tomllib.loads((settings.STANDARDS_DIR / "registry" / name).read_text(encoding="utf-8"))


def usual_expiry(kind: str, issued_on: date) -> date | None:
    """The last day on which a credential or certificate of this kind holds; None where no term is fixed."""
    for line in _standard("credentials.toml")["validity"]:
        if line["kind"] == kind:
            return add_months(issued_on, 12 * line["years"]) - timedelta(days=1)
    return None


def restaurant_size(area_m2: Decimal | None, seats: int | None) -> str:
    """The size class; the larger one where area and seats disagree; empty when neither is known."""
    if area_m2 is None and seats is None:
        return ""
    for line in _standard("restaurant-size.toml")["class"]:
        if (area_m2 or 0) > line["above_m2"] or (seats or 0) > line["above_seats"]:
            return str(line["size"])
    return RestaurantSize.SMALL.value


def size_of(kind: str, area_m2: Decimal | None, seats: int | None) -> str:
    return restaurant_size(area_m2, seats) if kind in SIZED_KINDS else ""
