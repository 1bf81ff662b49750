"""Recalls of the synthetic county's last weeks: a drill that ended in time, a recall that ended, one that is running."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply.models import Lot, Recall
from fangxin.kernel.supply.scenario import MARKETS
from fangxin.kernel.supply.services import recalls

DRILL, ENDED, RUNNING = timedelta(days=40), timedelta(days=20), timedelta(days=2)


def live(stage: Any) -> None:
    course = _Course(stage)
    for name, back, hour in (("drill", DRILL, 9), ("ended", ENDED, 9), ("running", RUNNING, 15)):
        day = stage.ends - back
        stage.at(datetime.combine(day, time(hour)), lambda n=name: course.start(n))
        if name == "running":
            stage.at(datetime.combine(day, time(hour + 1, 10)), lambda n=name: course.tell(n, share=2))
            stage.at(datetime.combine(day, time(hour + 2)), lambda n=name: course.answer(n, share=3))
            continue
        stage.at(datetime.combine(day, time(hour, 40)), lambda n=name: course.tell(n, share=1))
        stage.at(datetime.combine(day, time(hour + 1, 30)), lambda n=name: course.answer(n, share=1))
        stage.at(datetime.combine(day, time(hour + 2)), lambda n=name: course.end(n))


class _Course:
    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.made: dict[str, Recall] = {}

    def _lot(self) -> Lot | None:
        """A market's lot of the last fortnight that went to several buyers."""
        today = ledger.clock.today()
        taken = [recall.lot_id for recall in self.made.values()]
        rows = Lot.objects.filter(
            division_code__startswith=self.stage.division_code, state="open", premises__kind__in=MARKETS,
            began_on__lte=today, began_on__gt=today - timedelta(days=60),
        )  # fmt: skip
        return (
            rows.exclude(pk__in=taken).annotate(n=Count("out_links")).filter(n__gte=2).order_by("-n", "-began_on", "number").first()
        )  # fmt: skip

    def start(self, name: str) -> None:
        lot = self._lot()
        if lot is None:
            return
        drill = name == "drill"
        reason = "演练：假定检出农药残留超标" if drill else "抽检农药残留不合格，责令召回"
        self.made[name] = recalls.start_recall(
            lot=lot, level="first", reason=reason, drill=drill, by=self.stage.user("market")
        )

    def _places(self, name: str, share: int) -> Any:
        if name not in self.made:
            return []
        rows = list(self.made[name].places.select_related("recall").order_by("tier", "name"))
        return rows[: -(-len(rows) // share)]

    def tell(self, name: str, share: int) -> None:
        for row in self._places(name, share):
            recalls.tell(place=row, how="电话", by=self.stage.user("market"))

    def answer(self, name: str, share: int) -> None:
        for row in self._places(name, share):
            recalls.answer(place=row, by=self.stage.user("market"))
            for held in row.lots.select_related("lot", "place__recall"):
                left = held.most if held.most is not None else Decimal(1)
                if left > 0 and not row.recall.drill:
                    recalls.report_return(held=held, fate="destroyed", quantity=left, by=self.stage.user("market"))

    def end(self, name: str) -> None:
        if name not in self.made:
            return
        recall = Recall.objects.get(pk=self.made[name].pk)
        user = self.stage.user("market")
        recalls.draw_checks(recall=recall, by=user)
        for row in recall.places.filter(chosen=True).select_related("recall").order_by("tier", "name"):
            recalls.record_check(place=row, acted=True, note="", by=user)
        recalls.finish_count(recall=recall, by=user)
        recalls.close_recall(recall=recall, note="", by=user)
