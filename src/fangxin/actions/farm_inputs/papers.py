"""The farm's whole book as a file for an inspection. Its sentences are of the paper, not of the screen."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import override

from fangxin.actions.farm_inputs.models import Farm, Harvest
from fangxin.actions.farm_inputs.services import judging
from fangxin.engines.papers import Heading, Paper, Paragraph, Table, format_date_zh, render
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.export import to_xlsx

HIDDEN = "＊＊＊"
HEADERS = ("日期", "批次", "作物（动物）", "事项", "内容", "用量", "操作人", "更正情况")


def as_paper(farm: Farm, on: date, *, names: bool) -> bytes:
    """The file as .docx. Persons are named only where `names` says that the reader may know them."""
    with override("zh-hans"):
        return render(_paper(farm, on, names))


def _paper(farm: Farm, on: date, names: bool) -> Paper:
    place = people.division_path(farm.division_code)
    body: list[Any] = [
        Paragraph(
            f"{farm}，{place}，{farm.get_kind_display()}。自{format_date_zh(farm.since)}起记录，截至{format_date_zh(on)}。"
        ),
        Heading(1, "生产批次和最早采收日期"),
        *_batches(farm, on),
        Heading(1, "生产、用药、采收记录"),
    ]
    rows = tuple(tuple(str(cell) for cell in row) for row in lines(farm, names=names))
    body.append(Table(HEADERS, rows, widths=(3, 4, 2, 2, 5, 2, 2, 3)) if rows else Paragraph("没有记录。"))
    return Paper(
        agency_mark=str(farm), title="农产品生产记录", body=tuple(body), signature=str(farm), date=on, sealed=False
    )


def _batches(farm: Farm, on: date) -> list[Any]:
    batches = list(farm.batches.select_related("farm__premises").order_by("started_on", "number"))
    if not batches:
        return [Paragraph("没有批次。")]
    told = judging.told_of_all(batches, on)
    rows = tuple(
        (b.number, b.food, str(b.started_on), str(b.ended_on or "在种在养"), told[b.pk].sentence) for b in batches
    )
    return [Table(("批次", "作物（动物）", "开始", "结束", "间隔期情况"), rows, widths=(4, 3, 3, 3, 6))]


def as_sheet(farm: Farm, on: date, *, names: bool) -> bytes:
    """All records as they were written, the corrected ones too."""
    with override("zh-hans"):
        note = f"{farm}，截至{on}"
        return to_xlsx(HEADERS, lines(farm, names=names), title="生产记录", note=note)


def lines(farm: Farm, *, names: bool) -> list[tuple[Any, ...]]:
    """Every record in the order of its day; what was corrected stands beside what took its place."""
    found = [*_uses(farm, names), *_diary(farm, names), *_harvests(farm)]
    return sorted(found, key=lambda row: (str(row[0]), str(row[1]), str(row[3]), str(row[4])))


def _uses(farm: Farm, names: bool) -> Iterator[tuple[Any, ...]]:
    rows = farm.applications.select_related("batch", "product", "replaced_by")
    for row in rows:
        number = row.product.registration_no if row.product is not None else row.registration_seen
        what = f"{judging.name_of(row)} {number}".strip() + (f"，防治{row.against}" if row.against else "")
        dose = f"{row.dose.normalize():f} {row.dose_unit}" if row.dose is not None else ""
        who = (row.operated_by if names else HIDDEN) if row.operated_by else ""
        yield row.last_on, row.batch.number, row.batch.food, "用药", what, dose, who, _state(row)


def _diary(farm: Farm, names: bool) -> Iterator[tuple[Any, ...]]:
    for row in farm.diary.select_related("batch", "replaced_by"):
        water = [f"水温{row.water_c}℃"] if row.water_c is not None else []
        water += [f"溶解氧{row.oxygen_mg_l}毫克/升"] if row.oxygen_mg_l is not None else []
        water += [f"pH{row.ph}"] if row.ph is not None else []
        party = [row.other_party if names else HIDDEN] if row.other_party else []
        what = "，".join(part for part in (row.what, *water, *party, row.paper_no) if part)
        quantity = f"{row.quantity.normalize():f} {row.unit}" if row.quantity is not None else ""
        yield row.on, row.batch.number, row.batch.food, row.get_kind_display(), what, quantity, "", _state(row)


def _harvests(farm: Farm) -> Iterator[tuple[Any, ...]]:
    for row in Harvest.objects.filter(batch__farm=farm).select_related("batch", "replaced_by"):
        what = "采收（出栏）" + ("，间隔期内" if row.within_lock else "")
        quantity = f"{row.quantity.normalize():f} {row.get_unit_display()}"
        yield row.on, row.batch.number, row.batch.food, "采收", what, quantity, "", _state(row)


def _state(row: Any) -> str:
    later = getattr(row, "replaced_by", None)
    if later is not None:
        return "已作废" if later.void else "已更正"
    if row.void:
        return f"作废：{row.replaces_why}" if row.replaces_why else "作废"
    return f"更正：{row.replaces_why}" if row.replaces_id and row.replaces_why else ("更正" if row.replaces_id else "")
