from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.roles import EVERYONE_AT_WORK
from fangxin.oversight.board import scenario, worklist

contribute.event("board.figure.typed", _("填报指标数"), counted=False)
contribute.event("board.figure.verified", _("认可填报数"), counted=False)
contribute.event("board.figure.refused", _("不认可填报数"), counted=False)
contribute.event("board.snapshot.taken", _("冻结数据快照"), counted=False)
contribute.event("board.snapshot.corrected", _("更正数据快照"), counted=False)
contribute.event("board.proof.downloaded", _("下载证明文件"), counted=False)
contribute.event("board.exported", _("导出看板"), counted=False)

contribute.ability("board.view", _("查看目标看板"), roles=EVERYONE_AT_WORK)
contribute.ability("board.type", _("填报指标数"), roles=("office", "department", "township"))
contribute.ability("board.verify", _("核实填报数"), roles=("office",))
contribute.ability("board.freeze", _("冻结数据快照"), roles=("office",))
contribute.ability("board.proof", _("下载证明文件"), roles=("office", "reader"))

contribute.menu(_("目标看板"), "board:home", order=10, ability="board.view", group="plan", icon="chart-bar")
contribute.menu(_("填报与核实"), "board:typed", order=60, ability="board.view", group="plan", icon="signature")
contribute.menu(_("数据快照"), "board:snapshots", order=70, ability="board.view", group="plan", icon="camera")

contribute.work("board", worklist.lines)
contribute.search("board", worklist.search)
contribute.schedule(
    "board.nightly", _("预先计算次日看板"), task="fangxin.oversight.board.tasks.nightly", cron="30 0 * * *"
)
contribute.schedule("board.monthly", _("冻结月末看板"), task="fangxin.oversight.board.tasks.monthly", cron="0 1 1 * *")
contribute.scenario("board", order=30, live=scenario.live)
