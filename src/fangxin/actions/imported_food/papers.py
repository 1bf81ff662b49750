"""Papers of imported food. Their sentences are of the paper, not of the screen."""

from datetime import date

from django.utils.translation import override

from fangxin.actions.imported_food import rules
from fangxin.actions.imported_food.models import Clue
from fangxin.engines.papers import Heading, Paper, Paragraph, format_date_zh, render
from fangxin.kernel.people import api as people


def transfer_letter(clue: Clue, text: str, on: date) -> bytes:
    """The letter that goes with a clue to the police or the anti-smuggling office, as .docx."""
    with override("zh-hans"):
        return render(_letter(clue, text, on))


def _letter(clue: Clue, text: str, on: date) -> Paper:
    agency = _agency(clue)
    amount = f"，估计货值{clue.amount_yuan:.2f}元" if clue.amount_yuan is not None else ""
    place = people.division_path(clue.division_code)
    body = [
        Paragraph(f"我单位在工作中发现进口食品涉嫌走私（来源不明）线索，编号{clue.number}，现移送你单位依法处理。"),
        Heading(1, "线索情况"),
        Paragraph(f"{format_date_zh(clue.found_on)}，{place}{_line(clue.place)}{amount}。{_line(clue.facts)}"),
        *_lot(clue),
        Heading(1, "研判意见"),
        Paragraph(_line(clue.assessment)),
        Heading(1, "移送材料"),
        Paragraph(_line(text)),
        Paragraph("请在规定时限内将是否立案的决定书面告知我单位，并抄送同级人民检察院。"),
    ]
    return Paper(
        agency_mark=agency, title=f"关于移送进口食品涉嫌走私线索（{clue.number}）的函", body=tuple(body),
        signature=agency, date=on, recipients=(str(clue.get_receiver_display()),), sealed=True,
    )  # fmt: skip


def _lot(clue: Clue) -> list[Paragraph]:
    row = clue.consignment
    if row is None:
        return []
    country = rules.country_name(row.origin, clue.found_on) or "不明"
    code = row.lot.code or "无"
    return [Paragraph(f"涉及批次：{row.lot.food}，平台批次{row.number}，生产批号{code}，标称原产地{country}。")]


def _line(text: str) -> str:
    return " ".join(text.split())


def _agency(clue: Clue) -> str:
    found = rules.route("clue_late", clue.found_on).owners
    agency = people.first_agency(found, clue.division_code)
    return str(agency.name) if agency is not None else str(people.division_name(clue.division_code[:6]))
