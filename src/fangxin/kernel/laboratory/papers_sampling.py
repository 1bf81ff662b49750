"""The sampling form (抽样单) as a paper."""

from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from fangxin.engines import papers
from fangxin.kernel.laboratory import standards
from fangxin.kernel.laboratory.models import Part, Sample
from fangxin.kernel.laboratory.rules import Refused
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people


def reason_labels(codes: Iterable[str]) -> list[str]:
    """What the codes of a refusal say, in the order of the file."""
    wanted = set(codes)
    return [one.label for one in standards.refusal_reasons(ledger.clock.today()) if one.code in wanted]


# An official paper is Chinese, whatever language its writer reads the screens in.
@translation.override(settings.LANGUAGE_CODE)
def sampling_form(sample: Sample) -> bytes:
    """Both sides sign it; one copy stays with the subject, one goes with the sample."""
    blocks: tuple[papers.Block, ...] = (
        papers.Table(("项目", "内容"), tuple(_lines(sample)), widths=(1, 3)),
        papers.Paragraph(
            "被抽样单位对抽样过程有异议的，可以自抽样完成之日起七个工作日内提出。抽样已付费，未向被抽样单位收取检验费。"
        ),
        papers.Table(
            ("抽样人员", "被抽样单位", "见证人"),
            ((f"{sample.sampler_name}、{sample.second_sampler_name}", _signed(sample), _line(sample.witness) or "—"),),
            widths=(1, 1, 1),
        ),
    )
    dispatch = papers.Dispatch(sample.agency.name, sample.sampled_on)
    title = f"食品安全抽样单（{sample.number}）"
    try:
        return papers.render(
            papers.dispatch_paper(dispatch, form=papers.Form.DOCUMENT, title=title, recipients=(), body=blocks)
        )
    except papers.PaperError as error:
        raise Refused(
            _("抽样单中有不能打印的内容（%(detail)s），请修改后再打印。") % {"detail": error.detail or error.problem}
        ) from error


def _lines(sample: Sample) -> list[tuple[str, str]]:
    duplicate = getattr(sample, "duplicate", None)
    kept = _amount(duplicate.quantity, duplicate.quantity_unit) if duplicate else _line(sample.no_duplicate_reason)
    rows = [
        ("任务类别", f"{sample.get_purpose_display()}（{sample.get_stage_display()}环节）"),
        ("被抽样单位", sample.subject_name),
        ("地点", f"{people.division_path(sample.division_code)} {sample.place}"),
        ("样品名称", f"{sample.food}（{sample.food_class}）"),
        ("商标、规格", "，".join(part for part in (sample.brand, sample.specification) if part)),
        ("批号", sample.batch),
        ("生产（购进）日期", sample.production_on.isoformat() if sample.production_on else ""),
        ("保质期至", sample.best_before_on.isoformat() if sample.best_before_on else ""),
        ("标称生产者", sample.producer),
        ("储存条件", _storage(sample)),
        ("抽样数量", _amount(sample.quantity, sample.quantity_unit)),
        ("其中备样", kept or "无"),
        ("抽样基数", _amount(sample.stock, sample.quantity_unit) if sample.stock is not None else ""),
        ("购样费用", f"{sample.price_paid}元" if sample.price_paid is not None else ""),
        ("检样封条", _seals(sample, Part.TEST)),
        ("备样封条", _seals(sample, Part.DUPLICATE)),
        ("抽样时间", sample.sampled_at.astimezone(ledger.clock.LOCAL).strftime("%Y-%m-%d %H:%M")),
        ("承检机构", sample.laboratory.name if sample.laboratory else ""),
        ("备注", sample.note),
    ]
    return [(label, _line(text) or "—") for label, text in rows]


def _storage(sample: Sample) -> str:
    degrees = f"，抽样时{sample.temperature}℃" if sample.temperature is not None else ""
    return f"{sample.get_storage_display()}{degrees}"


def _seals(sample: Sample, part: str) -> str:
    return "、".join(seal.number for seal in sample.seals.all() if seal.part == part)


def _amount(value: Decimal, unit: str) -> str:
    return f"{value.normalize():f} {unit}"


def _signed(sample: Sample) -> str:
    if sample.subject_signature_id:
        return _line(sample.subject_signer)
    return f"拒绝签字：{_line(sample.refusal_reason)}" if sample.refusal_reason else "—"


def _line(text: str) -> str:
    return " ".join(str(text).split())
