from django.utils.translation import gettext_lazy as _

from fangxin.kernel.contributing import api as contribute

contribute.event("screens.exported", _("导出清单"), counted=False)
