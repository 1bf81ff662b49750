from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.event("ledger.evidence.stored", _("存入证据文件"), counted=False)
contribute.event("ledger.checkpoint.signed", _("签发台账检查点"), counted=False)
contribute.event("ledger.verified", _("校验台账"), counted=False)
contribute.ability("ledger.view", _("查看留痕记录"), roles=("office", "administrator"))
contribute.schedule("ledger.seal", _("补齐台账链节"), task="fangxin.kernel.ledger.tasks.seal", cron="*/5 * * * *")
contribute.schedule(
    "ledger.checkpoint", _("签发台账检查点"), task="fangxin.kernel.ledger.tasks.sign_checkpoint", cron="10 0 * * *"
)
