"""The sentences of a verdict, in the language of the papers it is printed in."""

from collections.abc import Mapping

_SENTENCES = {
    "": "",
    # comparisons
    "exceeds": "结果 %(value)s %(unit)s 超过限量 %(limit)s %(unit)s。",
    "within": "结果 %(value)s %(unit)s 未超过限量 %(limit)s %(unit)s。",
    "below_loq": "结果低于定量限 %(loq)s %(unit)s。",
    "not_detected": "未检出（检出限或上界 %(bound)s %(unit)s），不超过限量 %(limit)s %(unit)s。",
    "method_not_fit": "未检出，但方法的检出限（上界）%(bound)s %(unit)s 高于限量 %(limit)s %(unit)s，方法不适用，不能判定。",
    "straddles": "结果的范围跨过限量 %(limit)s %(unit)s，不能判定。",
    "number_needed": "只报告检出，没有数值，不能与限量比较。",
    "absent": "规定不得检出，结果未检出。",
    "found": "规定不得检出，结果检出。",
    "found_value": "规定不得检出，结果检出 %(value)s %(unit)s。",
    "carry_over": "定性前须排除带入和本底。",
    "official_level": "报告没有检出限；结果不低于 %(floor)s %(unit)s（官方方法 %(method)s 可定量的水平），按检出处理。",
    # samples
    "plan_failed": "%(over)s 个样品超过 m=%(m)s %(unit)s（允许 %(c)s 个），%(worst)s 个超过 M。",
    "plan_kept": "%(over)s 个样品超过 m=%(m)s %(unit)s，允许 %(c)s 个。",
    "replicates": "采样方案要求 %(n)s 个样品的结果，现有 %(have)s 个，不能判定。",
    "shares_exceed": "%(names)s 同为一类功能，用量各占其限量的比例之和 %(total)s 超过 1。",
    "shares_kept": "同类功能添加剂的比例之和 %(total)s 未超过 1。",
    "components_missing": "残留物定义还包括 %(names)s，没有报告，已报告部分未超限，不能判定。",
    "species_told": "总量超过形态限量，按已测的形态判定：%(comparison)s。",
    "speciation": "总量超过限量，须测%(species)s后判定。",
    "total_missing": "限量按总量规定，只报告了其中一种形态，不能判定。",
    # conversions
    "dry_matter": "结果按水分 %(moisture)s％ 折算为干重。",
    "wet_matter": "结果按水分 %(moisture)s％ 由干基折算为鲜重。",
    "dehydrated": "干制品按脱水率折算限量：折算倍数 %(factor)s（干品水分 %(moisture)s％，鲜品水分 %(fresh)s％）。",
    "dry_meets_fresh": "干品结果已符合鲜品限量，不必折算。",
    "moisture_missing": "须按水分折算，没有水分数据，不能判定。",
    # rules
    "provisional": "超过的是临时限量，不单独作为不合格依据。",
    "condition": "该限量%(condition)s，请确认产品是否属于此范围。",
    "unlawful": "另：该物质禁止使用（%(basis)s）。",
    "not_regulated": "现行已载入的标准没有规定%(food)s中%(analyte)s的限量，只作监测记录，不等于合格。",
    "no_edition": "没有载入 %(day)s 有效的标准版本，不能判定。",
    "no_edition_loaded": "没有载入当日有效的标准版本，不能判定。",
    "rows_ambiguous": "同时适用几条不同的限量（%(names)s），请指定食品类别。",
    "animal_missing": "请填写动物种类。",
    "tissue_missing": "请填写组织部位（肌肉、肝、肾等）。",
    # reading
    "analyte_asked": "检测项目“%(raw)s”不能确定%(asked)s，请选定。",
    "food_unknown": "食品“%(raw)s”不在食品目录中，请指定食品类别。",
    "food_near": "食品“%(raw)s”不在食品目录中，名称相近的有：%(asked)s，请选定或指定食品类别。",
    "food_asked": "食品“%(raw)s”可能是：%(asked)s，限量不同，请选定。",
    "food_either": "食品可能是%(names)s，限量相同。",
    "day_missing": "没有采样日期或生产日期，不能确定适用的标准版本。",
    "day_unreadable": "日期“%(raw)s”读不出来，请核对。",
    "no_value": "没有可用的检测结果（“%(raw)s”）。",
    "unreadable": "检测结果“%(raw)s”读不出来，请核对原始记录。",
    "slash_decimal": "检测结果“%(raw)s”的小数点写成斜杠，可能是 %(probable)s，请核对后重填。",
    "lost_power": "检测结果“%(raw)s”的指数可能丢失，可能是 %(probable)s，请核对后重填。",
    "decimal_comma": "检测结果“%(raw)s”的逗号含义不明，可能是 %(probable)s，请核对后重填。",
    "date_like": "检测结果“%(raw)s”像是被表格改成了日期，请核对原始记录。",
    "negative": "检测结果“%(raw)s”是负数，请核对。",
    "contradiction": "检测结果“%(raw)s”与表述方式矛盾，请核对。",
    "expression_unknown": "检测结果“%(raw)s”的表述方式不认识，请核对。",
    "loq": "低于定量限，但没有给出定量限。",
    "number_unreadable": "“%(raw)s”不是可用的数，请核对。",
    "unit_missing": "没有计量单位，不能判定。",
    "unit_unknown": "计量单位“%(unit)s”不认识，请核对。",
    "unit_contradiction": "计量单位互相矛盾：%(one)s 与 %(other)s，请核对。",
    "unit_mismatch": "计量单位 %(unit)s 不能折算为限量的单位 %(limit)s。",
    "unit_unfit": "计量单位不能折算为限量的单位。",
    "lod_missing": "没有检出限，不能判定。",
    # soil and water
    "soil_low": "不超过筛选值 %(screening)s mg/kg，风险低。",
    "soil_between": "超过筛选值 %(screening)s mg/kg，未超过管制值（%(control)s），可能存在风险。",
    "soil_above": "超过管制值 %(control)s mg/kg（筛选值 %(screening)s mg/kg），风险高，原则上严格管控。",
    "soil_method": "方法的检出限高于限值，不能判定。",
    "ph_missing": "没有 pH，不能确定筛选值。",
    "land_use_unknown": "土地利用方式不认识，请填水田、旱地、果园或其他。",
    "water_kept": "该项达到%(found)s类，符合%(target)s类目标。",
    "water_failed": "该项为%(found)s类（6 表示劣Ⅴ类），不符合%(target)s类目标。",
    "water_class_unknown": "目标水质类别不认识，请填 1 至 5。",
    # sheets
    "row_unreadable": "这一行读不出来：%(what)s。",
}


def sentence(code: str, values: Mapping[str, str]) -> str:
    """The sentence of a reason; a code without one is shown as it is, so that nothing is lost."""
    try:
        return _SENTENCES[code] % values
    except KeyError:
        return code
