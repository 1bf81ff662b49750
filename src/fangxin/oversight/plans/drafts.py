"""The department's draft: how it starts, what a form sends, how two versions differ."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.plans.models import Return, ReturnVersion, Task

SECTIONS = ("progress", "problems", "practice", "next_steps")
MOST_LISTED = 12


def prefilled(item: Return) -> dict[str, Any]:
    """The saved draft, else the last version, else what the platform knows of the period."""
    if item.draft:
        return {**dict.fromkeys(SECTIONS, ""), "typed": {}, **item.draft}
    last = item.versions.order_by("-number").first()
    if last is not None:
        typed = {str(f["goal"]): f.get("typed") or {} for f in last.figures}
        return {name: getattr(last, name) for name in SECTIONS} | {"typed": typed}
    return {"progress": _progress(item), "problems": _problems(item), "practice": "", "next_steps": "", "typed": {}}


def _progress(item: Return) -> str:
    """Tasks finished since the period opened, as lines to start from."""
    start, end = item.period.opens_on, item.period.due_on
    done = Task.objects.filter(action_id=item.action_id, done_at__date__gte=start, done_at__date__lte=end)
    lines = [f"{task.title}：{task.progress}" for task in done.order_by("done_at")[:MOST_LISTED]]
    if not lines:
        return ""
    return _("本期完成任务%(count)s项：") % {"count": done.count()} + "\n" + "\n".join(lines)


def _problems(item: Return) -> str:
    today = ledger.clock.today()
    late = Task.objects.filter(Q(state=Task.State.OPEN), action_id=item.action_id, due_on__lt=today).count()
    return _("有%(count)s项任务逾期未完成。") % {"count": late} if late else ""


def typed_from(post: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """`typed-<goal>-numerator` and its like out of a form, as they were typed."""
    typed: dict[str, dict[str, str]] = {}
    for name, value in post.items():
        parts = name.split("-")
        if len(parts) == 3 and parts[0] == "typed" and parts[2] in ("numerator", "denominator", "note"):
            text = str(value).replace("\x00", "").strip()[:500]
            if text and parts[1].isdecimal() and len(typed) < 200:
                typed.setdefault(parts[1], {})[parts[2]] = text
    return typed


def compare_versions(old: ReturnVersion, new: ReturnVersion) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Section → lines with their mark: same, removed, added."""
    fields = ReturnVersion._meta
    found = [
        (fields.get_field(name).verbose_name, list(_lines(getattr(old, name), getattr(new, name)))) for name in SECTIONS
    ]
    found.append((fields.get_field("figures").verbose_name, list(_lines(_figure_text(old), _figure_text(new)))))
    return found


def _lines(old: str, new: str) -> Iterator[tuple[str, str]]:
    before, after = old.splitlines(), new.splitlines()
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (("same", line) for line in before[a:b])
        else:
            yield from (("removed", line) for line in before[a:b])
            yield from (("added", line) for line in after[c:d])


def _figure_text(version: ReturnVersion) -> str:
    return "\n".join(
        f"{f['name']}：{f.get('numerator', '—')}/{f.get('denominator', '—')}"
        f"；{_('填报')}{(f.get('typed') or {}).get('numerator', '—')}/{(f.get('typed') or {}).get('denominator', '—')}"
        for f in version.figures
    )
