"""Where a row of a table lies: by code or by the names of township and village, inside the uploader's divisions."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from fangxin.kernel.people import api as people
from fangxin.kernel.registry.importing.cells import BadCell

TOWNSHIP_LENGTH = 9


class Places:
    def __init__(self, user: Any, ability: str) -> None:
        self.prefixes = user.prefixes(ability)
        self.names: dict[str, str] = {}
        for prefix in self.prefixes:
            county = prefix[:TOWNSHIP_LENGTH] if len(prefix) > TOWNSHIP_LENGTH else prefix
            self.names.update(people.list_divisions(county).values_list("code", "name"))
        self.by_name: dict[tuple[str, str], list[str]] = {}
        for code, name in self.names.items():
            above = code[:TOWNSHIP_LENGTH] if len(code) > TOWNSHIP_LENGTH else ""
            if len(code) >= TOWNSHIP_LENGTH:
                self.by_name.setdefault((above, name), []).append(code)

    def find(self, values: Mapping[str, Any]) -> str:
        """The finest code that the row tells. Raises `BadCell`."""
        code = values.get("division_code") or self._by_names(values)
        if not any(code.startswith(prefix) for prefix in self.prefixes):
            raise BadCell(_("区划 %(code)s 不在您的管辖范围内") % {"code": code}, _("请删去这一行，由当地导入。"))
        if code not in self.names:
            raise BadCell(_("没有区划 %(code)s") % {"code": code}, _("请对照“行政区划”清单填写 9 位或 12 位代码。"))
        if len(code) < TOWNSHIP_LENGTH:
            raise BadCell(_("区划 %(code)s 太宽") % {"code": code}, _("请填到乡镇（9 位）或村（12 位）。"))
        return str(code)

    def _by_names(self, values: Mapping[str, Any]) -> str:
        township, village = values.get("township"), values.get("village")
        if not township:
            raise BadCell(_("没有写明在哪个乡镇"), _("请填“区划代码”，或填“乡镇”和“村”。"))
        code = self._one("", township)
        return self._one(code, village) if village else code

    def _one(self, above: str, name: str) -> str:
        forms = [name, *(name + suffix for suffix in ("镇", "乡", "街道", "村", "社区", "村委会", "居委会"))]
        found = next((codes for form in forms if (codes := self.by_name.get((above, form)))), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise BadCell(_("有几个地方都叫“%(name)s”") % {"name": name}, _("请改填区划代码。"))
        raise BadCell(_("没有找到“%(name)s”") % {"name": name}, _("请核对名称，或改填区划代码。"))
