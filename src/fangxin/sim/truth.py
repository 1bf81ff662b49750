"""What was planted, written down, so that every check can be held against it."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from fangxin.sim.values import Fault

KINDS = {
    "unregistered": "普查见到在营、底册中没有的经营者",
    "near_duplicate": "普查所记名称与底册相近、实为同一家",
    "expired_credential": "证件已过期、仍在经营",
    "closed_still_operating": "底册已注销、普查时仍在经营",
    "uncertified_staff": "从未通过培训考核的餐饮从业人员",
    "closed_without_look_back": "已销号、回头看到期未做",
    "rebound": "回头看发现反弹",
    "late_return": "工作总结迟报",
    "missing_return": "工作总结未报",
    "late_special_plan": "专项方案迟报",
    "inflated_figure": "填报数高于平台数",
    "always_hundred": "每期都填报 100% 的单位",
    "late_first_visit": "新登记的“三小”超过时限没有首次检查",
    "stall_outside_zone": "在划定区域以外经营的摊点",
    "late_publication": "检查结果超过时限才公开",
    "missing_visit": "两年多没有检查过的在营场所",
    "refused_signature": "被检查方拒绝签字的检查",
    "rising_hazard": "含量持续上升、尚未超过限量的危害物",
    "township_above": "超过参照限量比例明显高于全县的乡镇",
    "outdated_grade": "风险等级超过 12 个月没有重新评定",
    "late_sample_receipt": "抽样后超过五个工作日才送达检验机构的样品",
    "broken_seal_accepted": "封条破损仍被检验机构接收的样品",
    "sample_without_duplicate": "没有留备样的监督抽检样品",
    "unpaid_sample": "没有付款记录的样品",
    "overdue_follow_up": "超过时限没有办结的不合格食品核查处置",
    "unbalanced_goods": "核查处置中购进与去向数量不平",
    "late_test_report": "超过时限才出具的检验报告",
    "positive_not_followed": "没有安排法定检验的快检阳性",
    "harvested_within_interval": "安全间隔期内采收的批次",
    "banned_use": "在禁用的作物上用药的批次",
    "over_uses": "超过标签最多使用次数的批次",
    "banned_input_sold": "禁用之后仍售出的农药",
    "restricted_not_at_point": "非定点店售出的限制使用农药",
    "oversold_input": "售出多于购进的农资店",
    "unrecorded_use": "卖给农场、农场没有记录使用的农药",
    "copied_drug_code": "在两家店出现的兽药追溯码",
    "fish_records_missing": "三项记录不完整的水产养殖场",
    "edible_on_strict": "严格管控类耕地种着食用农产品、没有管控措施",
    "safe_use_without_measure": "安全利用类耕地没有已实施的措施",
    "parcel_produce_above": "农产品重金属超标的地块",
    "soil_without_ph": "没有 pH、不能判定的土壤结果",
    "soil_worse": "土壤逐年变差的评价单元",
    "metal_unchecked": "当年没有检查的涉重金属企业",
    "metal_unmonitored": "一年以上没有自行监测土壤的涉重金属企业",
    "metal_overdue": "整治逾期的涉重金属企业",
    "metal_discharge_crime": "重金属超标三倍以上、应考虑移送公安的企业",
    "irrigation_exceeded": "灌溉取水断面水质未达目标的月份",
    "leak_unrepaired": "超过时限没有修复的泄漏点",
    "ldar_late": "超期没有泄漏检测的企业",
    "market_entry_without_proof": "没有凭证、没有检测就在市场销售的货物",
    "market_positive_on_sale": "快检阳性、仍在市场销售的货物",
    "market_withdrawal_overdue": "停止销售后超过时限没有处置的货物",
    "market_oversold": "售出多于入场的货物",
    "market_not_graded": "当年没有评定风险等级的市场",
    "market_project_stalled": "停滞的市场升级改造项目",
    "copied_certificate": "在两地同时被扫的合格证",
    "forged_certificate": "被假码冒用编号的合格证",
    "revoked_certificate": "买家已收货、后来撤销的合格证",
    "supply_oversold": "售出多于购进的批次",
    "receipt_without_supplier": "没有供货者、没有合格证的进货",
    "output_before_input": "原料到货以前就做成的产品",
    "import_no_certificate": "没有入境货物检验检疫证明、仍在架的进口食品批次",
    "import_label_wrong": "中文标签不符合规定、仍在架的进口食品批次",
    "import_expired_on_shelf": "超过保质期仍在架的进口食品批次",
    "import_alert_unhandled": "风险通报涉及、超过时限没有停止销售的批次",
    "import_clue_not_handed_over": "批准后超过时限没有移送的走私线索",
    "case_cluster": "同一餐次、同一医院的一组病例",
    "late_duty": "聚集事件中超过时限没有报告的事项",
}


@dataclass(frozen=True, slots=True)
class Truth:
    """All planted faults of one built county. `subject` names the row as the platform does."""

    seed: int
    scale: float
    world: str
    faults: tuple[Fault, ...]

    def of(self, kind: str) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.kind == kind)


def write(truth: Truth, path: Path) -> None:
    """As JSON, readable without the platform."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "seed": truth.seed,
        "scale": truth.scale,
        "world": truth.world,
        "kinds": KINDS,
        "faults": [asdict(fault) for fault in _ordered(truth.faults)],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")


def read(path: Path) -> Truth:
    document = json.loads(path.read_text(encoding="utf-8"))
    faults = tuple(Fault(**row) for row in document["faults"])
    return Truth(document["seed"], document["scale"], document["world"], faults)


def _ordered(faults: Iterable[Fault]) -> list[Fault]:
    order = list(KINDS)
    return sorted(faults, key=lambda fault: (order.index(fault.kind), fault.subject))
