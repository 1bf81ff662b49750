from django.utils.translation import gettext_lazy as _

from fangxin.actions.farm_inputs import facts_inputs, offers, offers_inputs, scenario_farms, scenario_inputs, selectors
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.api import EVERYONE_AT_WORK, STAFF

contribute.ability("farm.view", _("查看农场生产记录"), roles=(*EVERYONE_AT_WORK, "operator"))
contribute.ability("farm.lists", _("查看农药兽药减量清单和地图"), roles=(*STAFF, "reader"))
contribute.ability("farm.own", _("记录自己农场的生产和用药"), roles=("operator",))
contribute.ability("farm.record", _("建立农场档案、代农户记录"), roles=("department", "township"))
contribute.ability("farm.products", _("维护农药兽药产品目录"), roles=("department",))

contribute.menu(_("农药兽药减量"), "farm_inputs:home", order=30, ability="farm.lists", group="actions", icon="plant")
contribute.attribute(
    "farm_inputs.farm_type",
    _("养殖种植类型"),
    clause="三（三）",
    premises_kinds=("farm",),
    choices={
        "crop": _("种植"),
        "livestock": _("畜禽养殖"),
        "aquatic": _("水产养殖"),
    },
)

# --- farms, records, locks ---------------------------------------------------------------------------------------------

contribute.menu(_("我的农场"), "farm_inputs:mine", order=31, ability="farm.own", group="actions", icon="plant")
for name, label in {
    "farm_inputs.farm.opened": _("建立农场档案"),
    "farm_inputs.farm.changed": _("修改农场档案"),
    "farm_inputs.farms.loaded": _("成批载入农场生产记录"),
    "farm_inputs.batch.opened": _("建立生产批次"),
    "farm_inputs.batch.ended": _("结束生产批次"),
    "farm_inputs.application.recorded": _("登记用药"),
    "farm_inputs.application.corrected": _("更正用药记录"),
    "farm_inputs.diary.recorded": _("登记生产记录"),
    "farm_inputs.diary.corrected": _("更正生产记录"),
    "farm_inputs.harvest.recorded": _("登记采收（出栏）"),
    "farm_inputs.harvest.corrected": _("更正采收（出栏）记录"),
    "farm_inputs.problem.found": _("发现用药问题"),
    "farm_inputs.product.added": _("录入农药兽药产品"),
    "farm_inputs.products.loaded": _("载入农药兽药产品目录"),
    "farm_inputs.label_use.entered": _("录入产品标签用法"),
}.items():
    contribute.event(name, label)
contribute.event("farm_inputs.file.exported", _("导出农场生产记录"), counted=False)
contribute.work("farm_inputs", offers.work)
contribute.search("farm_inputs", offers.search)
contribute.timeline("farm_inputs", offers.timeline)
contribute.certificate_blocker("farm_inputs", offers.blockers)
contribute.batch_source("farm_inputs", offers.source_batches)
contribute.schedule(
    "farm_inputs.books",
    _("核对水产三项记录和休药期"),
    task="fangxin.actions.farm_inputs.tasks.daily",
    cron="50 6 * * *",
)
contribute.subject(
    "farm",
    _("种植养殖主体"),
    rows=selectors.farm_rows,
    fields={
        "operating": _("在营"),
        "farm_inputs_farm_type": _("类型"),
        "has_file": _("有农场档案"),
        "production_kept": _("有生产记录"),
        "drugs_kept": _("有用药记录"),
        "sales_kept": _("有销售记录"),
        "records_complete": _("三项记录完整"),
    },
    list_url="farm_inputs:farms",
)
contribute.subject(
    "harvest",
    _("采收（出栏）"),
    rows=selectors.harvest_rows,
    fields={
        "produce": _("收获物"),
        "farm_kind": _("农场类型"),
        "within_lock": _("间隔期内采收"),
        "lock_unknown": _("间隔期不能确定"),
        "certifiable": _("应附合格证的产品"),
        "obliged": _("必须开具合格证的主体"),
        "certified": _("已开合格证"),
    },
    list_url="farm_inputs:harvests",
)
contribute.scenario("farm_inputs", order=25, live=scenario_farms.live)

# --- dealers, packages, reduction, forecasts ----------------------------------------------------------------------------

contribute.ability("inputs.view", _("查看农资店和台账"), roles=(*EVERYONE_AT_WORK, "operator"))
contribute.ability("inputs.lists", _("查看农资台账、减量和核对清单"), roles=(*STAFF, "reader"))
contribute.ability("inputs.own", _("记自己农资店的台账"), roles=("operator",))
contribute.ability("inputs.record", _("代记台账、抽查追溯码、登记包装回收"), roles=("department", "township"))
contribute.ability("inputs.dealers", _("登记农资店、列入追溯码、把矛盾转为问题"), roles=("department",))
contribute.ability("inputs.figures", _("登记播种、防治面积和统计使用量"), roles=("department", "township"))
contribute.ability("inputs.personal", _("查看限制使用农药的购买人"), roles=("department",))
contribute.ability("forecast.view", _("查看病虫害预报"), roles=(*EVERYONE_AT_WORK, "operator"))
contribute.ability("forecast.issue", _("起草、发布、回查病虫害预报"), roles=("department",))

contribute.menu(
    _("我的农资店"), "farm_inputs:my_shop", order=32, ability="inputs.own", group="actions", icon="building-store"
)

for name, label in {
    "farm_inputs.dealer.added": _("登记农资店"),
    "farm_inputs.dealer.changed": _("修改农资店"),
    "farm_inputs.dealer.closed": _("登记农资店停业"),
    "farm_inputs.ledger.entered": _("记农资台账"),
    "farm_inputs.ledger.taken_back": _("撤回一笔农资台账"),
    "farm_inputs.ledger.loaded": _("成批入账农资台账"),
    "farm_inputs.sale.refused": _("拒绝售出农药"),
    "farm_inputs.sheet.handed_in": _("上传农资台账表格"),
    "farm_inputs.sheet.dropped": _("放弃农资台账表格"),
    "farm_inputs.input.found": _("发现农资问题"),
    "farm_inputs.pack.scanned": _("扫兽药追溯码"),
    "farm_inputs.packs.listed": _("列入兽药追溯码"),
    "farm_inputs.point.opened": _("设立包装回收点"),
    "farm_inputs.packages.moved": _("登记包装回收、转运"),
    "farm_inputs.area.stated": _("登记播种和绿色防控面积"),
    "farm_inputs.usage.stated": _("登记统计使用量"),
    "farm_inputs.control.recorded": _("登记防治面积"),
    "farm_inputs.forecast.drafted": _("起草病虫害预报"),
    "farm_inputs.forecast.changed": _("修改病虫害预报"),
    "farm_inputs.forecast.issued": _("发布病虫害预报"),
    "farm_inputs.forecast.withdrawn": _("撤回病虫害预报"),
    "farm_inputs.forecast.read": _("确认收到病虫害预报"),
    "farm_inputs.forecast.checked": _("回查病虫害预报"),
    "farm_inputs.notices.loaded": _("成批载入预报送达"),
}.items():
    contribute.event(name, label)

contribute.work("farm_inputs.dealing", offers_inputs.work)
contribute.search("farm_inputs.dealing", offers_inputs.search)
contribute.timeline("farm_inputs.dealing", offers_inputs.timeline)
contribute.evidence("farm_inputs.dealing", offers_inputs.may_see_evidence)
contribute.scenario("farm_inputs.dealing", order=44, live=scenario_inputs.live)

contribute.subject(
    "crop_area",
    _("作物面积"),
    rows=facts_inputs.crop_area_rows,
    list_url="farm_inputs:areas",
    fields={
        "year": _("年度"),
        "crop": _("作物"),
        "main_crop": _("主要农作物"),
        "area_mu": _("播种面积（亩）"),
        "green_mu": _("绿色防控面积（亩）"),
    },
)
contribute.subject(
    "control_area",
    _("防治面积"),
    rows=facts_inputs.control_rows,
    list_url="farm_inputs:controls",
    fields={
        "crop": _("作物"),
        "professional": _("专业化统防统治"),
        "green": _("绿色防控"),
        "treated_mu": _("防治面积（亩次）"),
    },
)
contribute.subject(
    "pesticide_sale",
    _("农药售出"),
    rows=facts_inputs.pesticide_sale_rows,
    list_url="farm_inputs:lines",
    fields={
        "crop": _("用于作物"),
        "restricted": _("限制使用农药"),
        "converted": _("能折算"),
        "active_t": _("折百量（吨）"),
    },
)
contribute.subject(
    "drug_pack_check",
    _("兽药包装抽查"),
    rows=facts_inputs.pack_check_rows,
    list_url="farm_inputs:scans",
    fields={"outcome": _("结果"), "on": _("日期")},
)
contribute.subject(
    "forecast_notice",
    _("预报送达"),
    rows=facts_inputs.notice_rows,
    list_url="farm_inputs:forecasts",
    fields={"kind": _("类别"), "read": _("确认收到"), "in_time": _("按时收到")},
)
contribute.subject(
    "forecast_check",
    _("预报回查"),
    rows=facts_inputs.forecast_check_rows,
    list_url="farm_inputs:forecasts",
    fields={"outcome": _("评定"), "hit": _("准确")},
)
contribute.subject(
    "input_dealer",
    _("农资店"),
    rows=facts_inputs.dealer_rows,
    list_url="farm_inputs:dealers",
    fields={
        "deals": _("经营"),
        "licensed": _("许可证有效"),
        "sale_point": _("限制使用农药定点店"),
        "veterinary": _("经营兽药"),
        "uploading": _("一个月内有扫码记录"),
    },
)
