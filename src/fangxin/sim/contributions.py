from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.event("sim.county.invented", _("生成模拟县（全部数据为虚构）"))
contribute.event("sim.month.begun", _("模拟县：开始新的一月"))
contribute.event("sim.county.finished", _("模拟县：生成完毕"))
