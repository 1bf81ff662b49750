"""What people type about a draw: from whom, how many of each group, by what public number."""

from collections import Counter
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.engines.sampling import LastVisit, Quota, StratumKey
from fangxin.kernel.fieldwork import standards
from fangxin.kernel.fieldwork.forms.common import divisions_of
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.fields import DayField

GROUPS = {
    StratumKey.ALL: gettext_lazy("不分组"),
    StratumKey.GRADE: gettext_lazy("按风险等级"),
    StratumKey.TOWNSHIP: gettext_lazy("按乡镇（街道）"),
    StratumKey.KIND: gettext_lazy("按类别"),
}
LAST_VISIT = {
    LastVisit.ONE_NEW: gettext_lazy("至少换一人"),
    LastVisit.ALL_NEW: gettext_lazy("上次去过的都不去"),
    LastVisit.ANY: gettext_lazy("不限"),
}
# Until somebody types another number, so much of each group.
_USUAL_SHARE = 20


class ScopeForm(forms.Form):
    """From whom is drawn, and how the list is grouped."""

    division_code = forms.ChoiceField(label=gettext_lazy("范围"))
    year = forms.TypedChoiceField(label=gettext_lazy("年度"), coerce=int)
    by = forms.ChoiceField(
        label=gettext_lazy("怎么分组"), choices=[(key.value, label) for key, label in GROUPS.items()]
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("类别（不选就是全部）"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        today = ledger.clock.today()
        self.fields["division_code"].choices = divisions_of(user.prefixes("draw.run"))  # type: ignore[attr-defined]
        self.fields["year"].choices = [(year, str(year)) for year in (today.year, today.year + 1)]  # type: ignore[attr-defined]
        names = dict(registry.Premises.Kind.choices)
        self.fields["kinds"].choices = [(kind, names[kind]) for kind in sorted(standards.codes_by_kind(today))]  # type: ignore[attr-defined]


class QuotaForm(forms.Form):
    """How many of each group, and what binds everybody."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    public_source = forms.CharField(
        label=gettext_lazy("公开随机数的出处"), max_length=200,
        help_text=gettext_lazy("现在就写明，封存以后才会公布的数，例如某月某日某期彩票的开奖号码"),
    )  # fmt: skip
    exploration = forms.IntegerField(
        label=gettext_lazy("不看风险、机会均等的比例（百分数）"), min_value=1, max_value=100, initial=20,
        help_text=gettext_lazy("其余按风险大小分配机会，每户都有被抽中的机会"),
    )  # fmt: skip
    max_visits = forms.IntegerField(
        label=gettext_lazy("每名检查人员最多几次"), min_value=1, max_value=10_000, initial=50
    )
    last_visit = forms.ChoiceField(
        label=gettext_lazy("与上次检查人员"), choices=[(key.value, label) for key, label in LAST_VISIT.items()]
    )
    avoid_own_township = forms.BooleanField(label=gettext_lazy("检查人员不查本乡镇"), required=False)

    def __init__(self, *args: Any, strata: list[tuple[str, str, int]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.strata = strata
        for key, name, listed in strata:
            self.fields[_field(key)] = forms.IntegerField(
                label=_("%(name)s（共%(n)s户）抽几户") % {"name": name, "n": listed},
                min_value=0, max_value=listed, initial=-(-listed // _USUAL_SHARE),
            )  # fmt: skip
        self.order_fields(["title", *(_field(key) for key, _name, _listed in strata)])

    def quota(self, by: StratumKey) -> Quota:
        return Quota(by, counts={key: self.cleaned_data[_field(key)] for key, _name, _listed in self.strata})

    def planned(self) -> dict[str, Any]:
        """As the service takes it."""
        given = self.cleaned_data
        return {
            "title": given["title"],
            "public_source": given["public_source"],
            "exploration": Decimal(given["exploration"]) / 100,
            "max_visits": given["max_visits"],
            "last_visit": LastVisit(given["last_visit"]),
            "avoid_own_township": given["avoid_own_township"],
        }


def _field(key: str) -> str:
    return f"count_{key}"


def strata_of(targets: Any, by: StratumKey, names: dict[str, str]) -> list[tuple[str, str, int]]:
    """(key, name, listed) of every group that has somebody in it."""
    sizes = Counter(target.stratum(by) for target in targets)
    return [(key, names.get(key, key), listed) for key, listed in sorted(sizes.items())]


class RunForm(forms.Form):
    public_value = forms.CharField(
        label=gettext_lazy("公开随机数"), max_length=200,
        help_text=gettext_lazy("照公布的原样填写，多一个空格也不行；填写以后不能更改"),
    )  # fmt: skip
    public_value_source = forms.CharField(
        label=gettext_lazy("在哪里公布的"), max_length=200, required=False,
        help_text=gettext_lazy("网址、报纸日期或者公证书号；不填时用封存时写的出处"),
    )  # fmt: skip
    due_on = DayField(label=gettext_lazy("检查最迟日期"), required=False, help_text=gettext_lazy("不填时到年底"))

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day is not None and day < ledger.clock.today():
            raise forms.ValidationError(_("最迟日期不能早于今天。"))
        return day
