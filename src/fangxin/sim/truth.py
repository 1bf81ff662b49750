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
    "outdated_grade": "风险等级超过 12 个月没有重新评定",
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
