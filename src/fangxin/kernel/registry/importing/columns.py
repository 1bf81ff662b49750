"""What the tables hold: one column a field, with the headers it goes by and a word for the template."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing.data import Words
from fangxin.kernel.registry.models import (
    Credential,
    ImportBatch,
    Operator,
    Premises,
    Staff,
    StaffCertificate,
)


@dataclass(frozen=True, slots=True)
class Column:
    """`reads` says how a cell is understood: text, date, number, whole, flag, choice."""

    field: str
    header: str
    other_headers: tuple[str, ...] = ()
    note: Words = ""
    required: bool = False
    reads: str = "text"
    choices: Callable[[], Mapping[str, Words]] = dict
    most: int = 200


def in_tables(label: Words) -> str:
    """As tables say it: they pass from office to office, so their words do not follow the reader's language."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(label)


def _labels(choices: Any) -> Callable[[], dict[str, Words]]:
    return lambda: {value: in_tables(label) for value, label in choices}


PLACE = (
    Column(
        "division_code",
        "区划代码",
        ("行政区划代码",),
        _("9 位乡镇或 12 位村代码；不填则按后面两列的名称查找。"),
        most=12,
    ),
    Column("township", "乡镇", ("街道", "乡镇街道", "所属乡镇"), _("与区划代码二选一。")),
    Column("village", "村", ("社区", "村社区", "行政村"), _("可不填。")),
)
POINT = (
    Column("longitude", "经度", (), _("WGS-84，小数，与纬度同时填写。"), reads="number"),
    Column("latitude", "纬度", (), _("WGS-84，小数。"), reads="number"),
)
POINTER = (
    Column("number", "底册编号", ("编号",), _("底册中的编号；或填写证件编号；或填写场所名称和乡镇。"), most=20),
    Column("credential_number", "证件编号", ("许可证编号", "证号"), most=60),
    Column("name", "场所名称", ("名称", "单位名称", "店名"), most=120),
)

PREMISES = (
    Column("number", "底册编号", (), _("更新已有场所时填写；新场所留空。"), most=20),
    Column(
        "operator_name",
        "主体名称",
        ("经营者名称", "单位名称", "企业名称"),
        _("营业执照上的名称。"),
        required=True,
        most=120,
    ),
    Column(
        "uscc",
        "统一社会信用代码",
        ("信用代码", "社会信用代码"),
        _("18 位；没有的留空。请把该列设为文本格式。"),
        most=40,
    ),
    Column("operator_kind", "主体类型", (), reads="choice", choices=_labels(Operator.Kind.choices)),
    Column("legal_representative", "法定代表人", ("负责人", "法人", "法定代表人负责人"), most=60),
    Column("name", "场所名称", ("门店名称", "店名", "名称"), _("招牌上的名称；不填则与主体名称相同。"), most=120),
    Column("kind", "类别", ("场所类别", "业态"), required=True, reads="choice", choices=_labels(Premises.Kind.choices)),
    Column("address", "地址", ("经营地址", "经营场所地址")),
    Column("phone", "电话", ("联系电话", "手机"), most=30),
    *PLACE,
    Column("rural", "农村", ("是否农村",), _("填“是”或“否”。"), reads="flag"),
    *POINT,
    Column("area_m2", "使用面积", ("面积",), _("平方米。"), reads="number"),
    Column("seats", "餐位数", ("座位数",), reads="whole"),
    Column("opened_on", "开业日期", ("成立日期",), reads="date"),
    Column(
        "credential_kind", "证件", ("证件类型", "许可类型"), reads="choice", choices=_labels(Credential.Kind.choices)
    ),
    Column("credential_number", "证件编号", ("许可证编号", "证号"), _("请把该列设为文本格式。"), most=60),
    Column("seen_on_paper", "已核对原件", (), _("校验位不符但原件如此时填“是”。"), reads="flag"),
    Column("issued_on", "发证日期", ("签发日期", "登记日期"), reads="date"),
    Column("expires_on", "有效期至", ("有效期止", "到期日期"), _("不填则按该类证件的法定期限推算。"), reads="date"),
    Column("scope", "范围", ("经营范围", "经营项目", "主体业态"), most=300),
    Column("issuer", "发证机关", ("登记机关",), most=100),
)
STAFF = (
    Column("person", "姓名", (), required=True, most=60),
    Column("role", "岗位", ("职务",), required=True, reads="choice", choices=_labels(Staff.Role.choices)),
    Column("phone", "电话", ("联系电话", "手机"), most=30),
    Column("joined_on", "到岗日期", ("入职日期",), required=True, reads="date"),
    Column("left_on", "离岗日期", ("离职日期",), reads="date"),
    *POINTER,
    *PLACE,
    Column("certificate_kind", "证明", ("证明类型",), reads="choice", choices=_labels(StaffCertificate.Kind.choices)),
    Column("passed_on", "取得日期", ("合格日期", "考核日期"), reads="date"),
    Column("expires_on", "有效期至", (), _("不填则按惯例推算。"), reads="date"),
    Column("score", "成绩", (), reads="number"),
    Column("channel", "渠道", ("考核方式",), most=60),
    Column("certificate_number", "证明编号", (), most=60),
)
CENSUS = (
    Column("name", "名称", ("所见名称", "场所名称", "店名"), required=True, most=120),
    Column(
        "kind",
        "类别",
        ("所见类别", "业态"),
        required=True,
        reads="choice",
        choices=_labels(Premises.Kind.choices),
    ),
    Column("address", "地址", ("所见地址",)),
    Column("phone", "电话", ("所见电话", "联系电话"), most=30),
    *PLACE,
    *POINT,
    Column("operating", "在营", ("是否在营",), _("填“是”或“否”，不填为“是”。"), reads="flag"),
    Column("seen_on", "查看日期", ("普查日期",), required=True, reads="date"),
)
FACTS = (
    *POINTER,
    *PLACE,
    Column("attribute", "事项", (), _("与平台上的事项名称一致。"), required=True, most=80),
    Column("value", "取值", ("值",), _("与平台上的选项一致；留空表示撤销原值。")),
    Column("valid_from", "自", ("起始日期", "生效日期"), required=True, reads="date"),
    Column("valid_to", "至", ("截止日期",), _("不填为长期；当日不再有效。"), reads="date"),
    Column("note", "说明", ("备注",)),
)

SHEETS: dict[str, tuple[Column, ...]] = {
    ImportBatch.Kind.PREMISES: PREMISES,
    ImportBatch.Kind.STAFF: STAFF,
    ImportBatch.Kind.CENSUS: CENSUS,
    ImportBatch.Kind.FACTS: FACTS,
}


def column_map(kind: str, headers: list[str]) -> dict[int, Column]:
    """Which column of the sheet holds which field; the first of two columns for a field wins."""
    known: dict[str, Column] = {}
    for column in SHEETS[kind]:
        for header in (column.header, *column.other_headers):
            known.setdefault(header, column)
    # A header that is a field's first name beats another field's second name.
    known.update({column.header: column for column in SHEETS[kind]})
    found: dict[int, Column] = {}
    taken: set[str] = set()
    for place, header in enumerate(headers):
        meant = known.get(header)
        if meant is not None and meant.field not in taken:
            found[place] = meant
            taken.add(meant.field)
    return found


def is_header(kind: str, headers: list[str]) -> bool:
    """A header row names at least three known columns."""
    return len(column_map(kind, headers)) >= min(3, len(SHEETS[kind]))
